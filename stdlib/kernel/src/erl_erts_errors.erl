%%% Why a native function refused its arguments: the texts under `called as' in the shell.
%%%
%%% The functions are asked by `erl_error' for the exceptions whose stack trace names this module.
%%% Reference: EEP 54; the wording is that of OTP 25.
-module(erl_erts_errors).

-export([format_error/2, format_bs_fail/2]).

-import(swerl_argument_fault, [atom/1, boolean/1, binary/1, binary/2, tuple/1, fun_/1, ref/1, float_/1,
                         iodata/1, list/1, list/2, option_list/1, option_list_after/2, int/1,
                         int/3, non_neg_int/1, pos_int/1, base/1, pid/1, local_pid/1, local_pid/2,
                         local_port/1, time_unit/1]).

-define(BAD_OPTION, "invalid option in list").
-define(DEAD, "the pid does not refer to an existing process").
-define(RANGE, "out of range").

%% The faults of the arguments, by their numbers.
-spec format_error(term(), erlang:stacktrace()) -> #{pos_integer() => unicode:chardata()}.
format_error(system_limit, [{erlang, _, _, _} | _]) ->
    #{};
format_error(Reason, [{M, F, As, Info} | _]) ->
    Cause = maps:get(cause, proplists:get_value(error_info, Info, #{}), none),
    Faults = case M of
                 erlang -> erlang_faults(F, As, Cause);
                 atomics -> array_faults(atomics, F, As, Reason, Cause);
                 counters -> array_faults(counters, F, As, Reason, Cause);
                 persistent_term -> ["no persistent term stored with this key"];
                 _ -> []
             end,
    swerl_argument_fault:map(Faults).

%%% Functions of one argument that is of the wrong kind, whatever it is.

erlang_faults(F, [V], Cause) ->
    case single(F) of
        none -> one(F, V, Cause);
        Text -> [Text]
    end;
erlang_faults(F, As, Cause) ->
    many(F, As, Cause).

single(abs) -> "not a number";
single(ceil) -> "not a number";
single(float) -> "not a number";
single(floor) -> "not a number";
single(round) -> "not a number";
single(trunc) -> "not a number";
single(atom_to_binary) -> "not an atom";
single(atom_to_list) -> "not an atom";
single(check_old_code) -> "not an atom";
single(delete_module) -> "not an atom";
single(module_loaded) -> "not an atom";
single(whereis) -> "not an atom";
single(adler32) -> "not an iodata term";
single(crc32) -> "not an iodata term";
single(iolist_size) -> "not an iodata term";
single(iolist_to_binary) -> "not an iodata term";
single(iolist_to_iovec) -> "not an iodata term";
single(md5) -> "not an iodata term";
single(binary_to_list) -> "not a binary";
single(bit_size) -> "not a bitstring";
single(bitstring_to_list) -> "not a bitstring";
single(byte_size) -> "not a bitstring";
single(cancel_timer) -> "not a reference";
single(demonitor) -> "not a reference";
single(read_timer) -> "not a reference";
single(ref_to_list) -> "not a reference";
single(spawn_request_abandon) -> "not a reference";
single(unalias) -> "not a reference";
single(display_string) -> "not a list of characters";
single(float_to_binary) -> "not a float";
single(float_to_list) -> "not a float";
single(fun_info) -> "not a fun";
single(fun_info_mfa) -> "not a fun";
single(fun_to_list) -> "not a fun";
single(spawn) -> "not a fun";
single(spawn_link) -> "not a fun";
single(spawn_monitor) -> "not a fun";
single(spawn_request) -> "not a fun";
single(halt) -> "invalid status";
single(hd) -> "not a nonempty list";
single(tl) -> "not a nonempty list";
single(integer_to_binary) -> "not an integer";
single(integer_to_list) -> "not an integer";
single(posixtime_to_universaltime) -> "not an integer";
single(is_process_alive) -> "not a pid";
single(node) -> "not a pid";
single(pid_to_list) -> "not a pid";
single(unlink) -> "not a pid";
single(unregister) -> "not a pid";
single(length) -> "not a list";
single(list_to_tuple) -> "not a list";
single(list_to_binary) -> "not an iolist term";
single(list_to_bitstring) -> "not a bitstring list";
single(map_size) -> "not a map";
single(tuple_size) -> "not a tuple";
single(tuple_to_list) -> "not a tuple";
single(port_to_list) -> "not a port";
single(size) -> "not tuple or binary";
single(monotonic_time) -> "invalid time unit";
single(system_time) -> "invalid time unit";
single(time_offset) -> "invalid time unit";
single(system_info) -> "invalid system info item";
single(system_monitor) -> "invalid system monitor item";
single(statistics) -> "invalid statistics item";
single(universaltime_to_localtime) -> "not a valid universal time";
single(universaltime_to_posixtime) -> "not a valid universal time";
single(_) -> none.

%%% Functions of one argument where its value tells what is wrong.

one(alias, V, _) -> [option_list(V)];
one(binary_to_atom, V, Cause) -> many(binary_to_atom, [V, utf8], Cause);
one(binary_to_existing_atom, V, Cause) -> many(binary_to_existing_atom, [V, utf8], Cause);
one(binary_to_float, V, _) -> [binary(V, not_text("a float"))];
one(binary_to_integer, V, _) -> [binary(V, not_text("an integer"))];
one(binary_to_term, V, _) -> [binary(V, "invalid external representation of a term")];
one(bump_reductions, V, _) -> [non_neg_int(V)];
one(garbage_collect, V, _) -> [local_pid(V)];
one(get_cookie, V, _) -> [atom(V)];
one(set_cookie, V, _) -> [atom(V)];
one(purge_module, V, _) -> [atom(V)];
one(link, V, _) when is_pid(V) -> [?DEAD];
one(link, _, _) -> ["not a pid"];
one(list_to_atom, V, _) -> [list(V, "not a list of characters")];
one(list_to_existing_atom, V, _) ->
    case is_list(V) andalso io_lib:char_list(V) of
        true -> ["not an already existing atom"];
        false -> [list(V, "not a list of characters")]
    end;
one(list_to_float, V, _) -> [text_list(V, "a float")];
one(list_to_integer, V, _) -> [text_list(V, "an integer")];
one(list_to_pid, V, _) -> [text_list(V, "a pid")];
one(list_to_port, V, _) -> [text_list(V, "a port")];
one(list_to_ref, V, _) -> [text_list(V, "a reference")];
one(localtime_to_universaltime, V, _) -> [local_time(V)];
one(md5_final, V, _) -> [md5_context(V)];
one(memory, V, _) when is_atom(V), V =/= [] -> ["invalid memory type option"];
one(memory, V, _) ->
    case list(V) of
        "" -> [?BAD_OPTION];
        _ -> ["not an atom or a list of atoms"]
    end;
one(nodes, V, _) -> [node_type(V)];
one(port_close, V, _) -> [local_port(V)];
one(port_info, V, _) -> [local_port(V)];
one(process_info, V, _) -> [local_pid(V)];
one(resume_process, V, _) -> [local_pid(V, "process is not suspended or is not alive")];
one(suspend_process, V, _) -> [not_self(V)];
one(trace_delivered, V, _) when is_pid(V) -> ["not a local pid"];
one(trace_delivered, _, _) -> ["not a pid or 'all'"];
one(unique_integer, V, _) -> [list(V, "invalid modifier")];
one(_, _, _) -> [].

not_text(What) -> "not a textual representation of " ++ What.

text_list(V, What) ->
    case list(V) of
        "" -> not_text(What);
        _ -> "not a list"
    end.

local_time(V) ->
    try erlang:localtime_to_universaltime(V) of
        _ -> ""
    catch
        error:_ -> "not a valid local time"
    end.

md5_context(V) when is_binary(V), byte_size(V) =:= 88 -> "";
md5_context(V) -> binary(V, "invalid MD5 context").

node_type(V) when is_atom(V), V =/= [] -> "not a valid node type";
node_type(V) when is_list(V) -> "not a list of valid node types";
node_type(_) -> "not a valid node type or list of valid node types".

not_self(V) when V =:= self() -> "the pid refers to the current process";
not_self(V) -> local_pid(V, ?DEAD).

%%% Functions of several arguments.

many('++', _, _) -> [];
many(F, [A, B], _) when F =:= adler32; F =:= crc32 -> [checksum(A), iodata(B)];
many(F, [A, B, Size], _) when F =:= adler32_combine; F =:= crc32_combine ->
    [checksum(A), checksum(B), int(Size, 0, infinity)];
many(append, [_, _], _) -> ["not a list"];
many(append_element, [_, _], _) -> ["not a tuple"];
many(F, [M, Name, As], _) when F =:= apply; F =:= hibernate -> mf_args(M, Name, As);
many(atom_to_binary, [A, Encoding], _) ->
    [if not is_atom(A) -> "not an atom";
        Encoding =:= latin1 -> "contains a character not expressible in latin1";
        true -> ""
     end,
     case lists:member(Encoding, [latin1, unicode, utf8]) of
         true -> "";
         false -> "is an invalid encoding option"
     end];
many(binary_part, [Bin, {Pos, Len}], Cause) when is_integer(Pos), is_integer(Len) ->
    case many(binary_part, [Bin, Pos, Len], Cause) of
        [Fault, "", ""] -> [Fault];
        [Fault | _] -> [Fault, ?RANGE]
    end;
many(binary_part, [Bin, _], _) -> [binary(Bin), "not a valid {Pos,Length} tuple"];
many(binary_part, [Bin, Pos, Len], _) ->
    case [binary(Bin), non_neg_int(Pos), int(Len)] of
        ["", "", ""] when Pos > byte_size(Bin) -> ["", ?RANGE];
        ["", "", ""] -> ["", "", ?RANGE];
        Faults -> Faults
    end;
many(binary_to_atom, [Bin, Encoding], _) -> atom_text(Bin, Encoding, "");
many(binary_to_existing_atom, [Bin, Encoding], _) ->
    atom_text(Bin, Encoding, "not an already existing atom");
many(binary_to_integer, [Bin, Base], _) -> in_base(fun swerl_argument_fault:binary/2, Bin, Base);
many(list_to_integer, [List, Base], _) -> in_base(fun swerl_argument_fault:list/2, List, Base);
many(binary_to_list, [Bin, Start, Stop], _) ->
    case [binary(Bin), pos_int(Start), pos_int(Stop)] of
        ["", "", ""] when Start > Stop -> ["", "start position greater than stop position"];
        ["", "", ""] -> ["", int(Start, 1, byte_size(Bin)), int(Stop, 1, byte_size(Bin))];
        Faults -> Faults
    end;
many(binary_to_term, [Bin, Options], Cause) ->
    OptionFault = case Cause of
                      badopt -> option_list(Options);
                      _ -> ""
                  end,
    case [binary(Bin), OptionFault] of
        ["", ""] ->
            case lists:member(safe, Options) of
                true -> ["invalid or unsafe external representation of a term"];
                false -> ["invalid external representation of a term"]
            end;
        Faults -> Faults
    end;
many(F, [Ref, Options], _) when F =:= cancel_timer; F =:= demonitor; F =:= read_timer ->
    [ref(Ref), option_list_after(ref(Ref), Options)];
many(check_process_code, [Pid, Module | Options], Cause) ->
    [local_pid(Pid), atom(Module)] ++ [bad_option(Cause) || _ <- Options];
many(convert_time_unit, [Time, From, To], _) -> [int(Time), time_unit(From), time_unit(To)];
many(decode_packet, [Packet, Bin, Options], _) ->
    Known = [raw, 0, 1, 2, 4, asn1, cdr, sunrm, fcgi, tpkt, ssl_tls, line, http, http_bin, httph, httph_bin],
    Type = case lists:member(Packet, Known) of
               false -> "invalid packet type";
               true -> ""
           end,
    [Type, binary(Bin), option_list_after(binary(Bin), Options)];
many(F, [Index, Tuple | _], _)
  when F =:= element; F =:= setelement; F =:= delete_element; F =:= insert_element ->
    [index(Index, Tuple), tuple(Tuple)];
many(F, [_, _], _) when F =:= exit; F =:= exit_signal -> ["not a pid"];
many(F, [_, Options], _)
  when F =:= external_size; F =:= term_to_binary; F =:= term_to_iovec ->
    ["", option_list(Options)];
many(F, [Float, Options], _) when F =:= float_to_binary; F =:= float_to_list ->
    [float_(Float), option_list_after(float_(Float), Options)];
many(function_exported, [M, F, A], _) -> [atom(M), atom(F), non_neg_int(A)];
many(is_builtin, [M, F, A], _) -> [atom(M), atom(F), non_neg_int(A)];
many(make_fun, [M, F, A], _) -> [atom(M), atom(F), non_neg_int(A)];
many(fun_info, [Fun, _], _) when is_function(Fun) -> ["", "invalid item"];
many(fun_info, [_, _], _) -> ["not a fun"];
many(garbage_collect, [Pid, _], Cause) -> [local_pid(Pid), bad_option(Cause)];
many(group_leader, [A, B], _) -> [pid(A), pid(B)];
many(halt, [_, Options], badopt) -> ["", option_list(Options)];
many(halt, [_, _], _) -> ["invalid status"];
many(F, [Int, Base], _) when F =:= integer_to_binary; F =:= integer_to_list ->
    [int(Int), base(Base)];
many(is_function, [_, Arity], _) -> ["", int(Arity, 1, 0)];
many(is_map_key, [_, _], _) -> ["", "not a map"];
many(is_record, [_, _], _) -> ["not an atom"];
many(is_record, [_, Tag, Size], _) -> ["", atom(Tag), int(Size)];
many(F, [Module, Code], _) when F =:= load_module; F =:= prepare_loading ->
    [atom(Module), binary(Code)];
many(load_nif, [_, _], _) -> ["not a valid path name"];
many(localtime_to_universaltime, [Time, IsDst], _) ->
    [local_time(Time),
     case lists:member(IsDst, [true, false, undefined]) of
         true -> "";
         false -> "not 'true', 'false', or 'undefined'"
     end];
many(make_tuple, [_, _], _) -> [?RANGE];
many(make_tuple, [Arity, _, Init], _) ->
    [non_neg_int(Arity), "", option_list_after(non_neg_int(Arity), Init)];
many(map_get, [_, Map], _) when is_map(Map) -> ["not present in map"];
many(map_get, [_, _], _) -> ["", "not a map"];
many(match_spec_test, [_, _, trace], _) -> ["not a list"];
many(match_spec_test, [_, _, table], _) -> ["not a tuple"];
many(match_spec_test, [_, _, _], _) -> ["", "", "invalid type for match spec"];
many(md5_update, [Context, Data], _) -> [md5_context(Context), iodata(Data)];
many(monitor, [_, _ | _], badtype) -> ["invalid monitor type"];
many(monitor, [Type, Item], _) -> ["", monitored(Type, Item)];
many(monitor, [Type, Item, Options], badopt) ->
    ["", monitored(Type, Item), option_list(Options)];
many(monitor, [Type, Item, _], _) -> ["", monitored(Type, Item)];
many(monitor_node, [Node, Flag], _) -> [atom(Node), boolean(Flag)];
many(monitor_node, [Node, Flag, Options], Cause) ->
    [atom(Node), boolean(Flag), list(Options, if Cause =:= badopt -> ?BAD_OPTION; true -> "" end)];
many(nodes, [Types, Options], _) ->
    Valid = [this, connected, visible, hidden, known],
    AllValid = lists:all(fun(T) -> lists:member(T, Valid) end,
                         if is_list(Types) -> Types; true -> [Types] end),
    [if AllValid -> ""; true -> node_type(Types) end,
     if is_map(Options) ->
             Good = fun({K, V}) -> lists:member(K, [connection_id, node_type]) andalso is_boolean(V) end,
             case lists:all(Good, maps:to_list(Options)) of
                 true -> "";
                 false -> "invalid options in map"
             end;
        true -> "not a map"
     end];
many(open_port, [Name, _], badopt) -> [tuple(Name), ?BAD_OPTION];
many(open_port, [Name, Settings], _) when is_tuple(Name) ->
    case is_list(Settings) andalso lists:keymember(args, 1, Settings)
        andalso element(1, Name) =/= spawn_executable of
        true -> ["must be spawn_executable"];
        false -> ["invalid port name"]
    end;
many(open_port, [_, _], _) -> ["not a tuple"];
many(phash, [_, N], _) -> [pos_int(N)];
many(phash2, [_, N], _) -> [pos_int(N)];
many(port_call, [Port, Operation, _], _) -> [local_port(Port), operation(Operation)];
many(port_command, [Port, Data, Options], _) ->
    OptionFault = case is_list(Options) of
                      true -> options(Options, fun(Option) -> Option =:= force orelse Option =:= nosuspend end);
                      false -> "not a list"
                  end,
    [local_port(Port), iodata(Data), OptionFault];
many(port_command, [Port, Data | _], _) -> [local_port(Port), iodata(Data)];
many(port_connect, [Port, Pid], _) -> [local_port(Port), local_pid(Pid)];
many(port_control, [Port, Operation, Data], _) ->
    [local_port(Port), operation(Operation), iodata(Data)];
many(port_info, [Port, _], badtype) -> [local_port(Port)];
many(port_info, [Port, _], _) ->
    case local_port(Port) of
        "" -> ["", ?BAD_OPTION];
        Fault -> [Fault]
    end;
many(process_display, [Pid, _], badopt) -> [local_pid(Pid), "invalid value"];
many(process_display, [Pid, _], _) -> [local_pid(Pid, ?DEAD)];
many(process_flag, [_, _], badopt) -> ["invalid process flag"];
many(process_flag, [_, _], _) -> ["", "invalid value for this process flag"];
many(process_flag, [Pid, Flag, _], Cause) ->
    FlagFault = case Flag of
                    save_calls -> "";
                    _ -> "invalid process flag"
                end,
    case [local_pid(Pid), FlagFault] of
        _ when Cause =:= badtype -> [local_pid(Pid, ?DEAD), FlagFault];
        ["", ""] -> ["", "", "invalid value for process flag 'save_calls'"];
        Faults -> Faults
    end;
many(process_info, [Pid, _], _) ->
    case local_pid(Pid) of
        "" -> ["", "invalid item or item list"];
        Fault -> [Fault]
    end;
many(register, [_, _], registered_name) -> ["", "this process or port already has a name"];
many(register, [_, _], notalive) -> ["", ?DEAD];
many(register, [Name, Item], _) ->
    NameFault = case Name of
                    undefined -> "'undefined' is not a valid name";
                    _ -> atom(Name)
                end,
    ItemFault = if is_pid(Item) -> local_pid(Item);
                   is_port(Item) -> local_port(Item);
                   true -> "not a pid or port"
                end,
    case [NameFault, ItemFault] of
        ["", ""] -> ["name is in use"];
        Faults -> Faults
    end;
many(F, [_, _, Options], badopt) when F =:= send; F =:= send_nosuspend ->
    ["", "", option_list(Options)];
many(F, [_, _ | _], _) when F =:= send; F =:= send_nosuspend -> ["invalid destination"];
many(F, [Time, Process, _ | Options], Cause) when F =:= start_timer; F =:= send_after ->
    TimeFault = case non_neg_int(Time) of
                    "" when Cause =:= time -> "exceeds the maximum supported time value";
                    Fault -> Fault
                end,
    ProcessFault = if is_pid(Process) -> local_pid(Process);
                      is_atom(Process) -> "";
                      true -> "not a pid or an atom"
                   end,
    %% The options are the fourth argument; OTP counts them as the third.
    [TimeFault, ProcessFault | [timer_options(O, Cause, TimeFault) || O <- Options]];
many(set_cookie, [nonode@nohost, Cookie], _) ->
    ["the node name is not part of a distributed system", atom(Cookie)];
many(set_cookie, [Node, Cookie], _) -> [atom(Node), atom(Cookie)];
many(F, [Node, Fun], _) when F =:= spawn; F =:= spawn_link; F =:= spawn_monitor ->
    [atom(Node), fun_(Fun)];
many(F, [M, Name, As], _) when F =:= spawn; F =:= spawn_link; F =:= spawn_monitor ->
    mf_args(M, Name, As);
many(F, [Node, M, Name, As], _) when F =:= spawn; F =:= spawn_link; F =:= spawn_monitor ->
    [atom(Node) | mf_args(M, Name, As)];
many(spawn_opt, [Fun, Options], Cause) -> [fun_(Fun), spawn_options(Options, Cause)];
many(spawn_opt, [Node, Fun, Options], Cause) ->
    [atom(Node), fun_(Fun), spawn_options(Options, Cause)];
many(spawn_opt, [M, F, As, Options], Cause) ->
    mf_args(M, F, As) ++ [spawn_options(Options, Cause)];
many(spawn_opt, [Node, M, F, As, Options], Cause) ->
    [atom(Node) | mf_args(M, F, As)] ++ [spawn_options(Options, Cause)];
many(spawn_request, As, Cause) -> request_faults(As, Cause);
many(split_binary, [Bin, Pos], _) ->
    case [binary(Bin), non_neg_int(Pos)] of
        ["", ""] -> ["", int(Pos, 0, byte_size(Bin))];
        Faults -> Faults
    end;
many(subtract, [A, B], _) -> [list(A), list(B)];
many(suspend_process, [Pid, Options], badopt) -> [local_pid(Pid), option_list(Options)];
many(suspend_process, [Pid, _], _) -> [not_self(Pid)];
many(system_flag, [_, _], badopt) -> ["invalid system flag"];
many(system_flag, [_, _], _) -> ["", "invalid value for this system flag"];
many(system_monitor, [Pid, Options], _) ->
    case local_pid(Pid) of
        "" -> ["", list(Options, "invalid system monitor option")];
        Fault -> [Fault, list(Options)]
    end;
many(trace, [_, How, Flags], Cause) ->
    FlagFault = case Cause of
                    badopt -> option_list(Flags);
                    _ -> list(Flags)
                end,
    or_first([boolean(How), FlagFault], "invalid spec for pid or port");
many(trace_pattern, [_, Spec], _) ->
    or_first([trace_spec(Spec)], "invalid MFA specification");
many(trace_pattern, [_, Spec, Flags], Cause) ->
    FlagFault = case Cause of
                    badopt -> option_list(Flags);
                    _ -> list(Flags)
                end,
    or_first([trace_spec(Spec), FlagFault], "invalid MFA specification");
many(trace_info, [Whom, _], _) ->
    case trace_item(Whom) of
        true -> ["", "invalid trace item"];
        false -> ["not a valid tracee specification"]
    end;
many(_, _, _) -> [].

checksum(V) -> int(V, 0, 16#ffffffff).

operation(V) -> int(V, 0, 16#ffffffff).

mf_args(M, F, As) -> [atom(M), atom(F), list(As)].

bad_option(bad_option) -> ?BAD_OPTION;
bad_option(_) -> "".

spawn_options(Options, badopt) -> list(Options, "invalid spawn option");
spawn_options(_, _) -> "".

request_faults([Fun, _], badopt) when is_function(Fun) -> ["", ?BAD_OPTION];
request_faults([Fun, _], _) when is_function(Fun) -> [];
request_faults([_, Fun], _) when is_function(Fun) -> ["not an atom"];
request_faults([Node, _], _) when is_atom(Node) -> ["", "not a fun"];
request_faults([_, _], _) -> ["not a fun or an atom"];
request_faults([Node, Fun, Options], Cause) when is_function(Fun) ->
    [atom(Node), "", list(Options, if Cause =:= badopt -> ?BAD_OPTION; true -> "" end)];
request_faults([M, F, As], _) -> mf_args(M, F, As);
request_faults([Node, M, F, As], _) when is_atom(F) -> [atom(Node) | mf_args(M, F, As)];
request_faults([M, F, As, _], Cause) -> mf_args(M, F, As) ++ [badopt(Cause)];
request_faults([Node, M, F, As, _], Cause) ->
    [atom(Node) | mf_args(M, F, As)] ++ [badopt(Cause)];
request_faults(_, _) -> [].

badopt(badopt) -> ?BAD_OPTION;
badopt(_) -> "".

index(Index, _) when not is_integer(Index) -> "not an integer";
index(Index, Tuple) when is_tuple(Tuple), Index >= 1, Index =< tuple_size(Tuple) -> "";
index(Index, Tuple) when not is_tuple(Tuple), Index >= 1 -> "";
index(_, _) -> ?RANGE.

monitored(port, Item) -> local_port(Item);
monitored(process, Item) -> pid(Item);
monitored(_, _) -> "".

in_base(Check, Text, Base) ->
    case base(Base) of
        "" -> [Check(Text, not_text("an integer"))];
        Fault -> [Check(Text, ""), Fault]
    end.

atom_text(Bin, Encoding, Otherwise) when Encoding =:= utf8; Encoding =:= unicode ->
    case is_binary(Bin) andalso unicode:characters_to_list(Bin) of
        false -> ["not a binary"];
        Chars when is_list(Chars) ->
            [if Otherwise =:= "" -> "not an already existing atom"; true -> Otherwise end];
        _ -> ["invalid UTF8 encoding"]
    end;
atom_text(Bin, latin1, Otherwise) ->
    [binary(Bin, Otherwise)];
atom_text(Bin, _, _) ->
    [binary(Bin), "not one of the atoms: latin1, utf8, or unicode"].

timer_options(Options, badopt, _) -> option_list(Options);
timer_options(Options, _, "") -> list(Options);
timer_options(Options, _, _) -> option_list(Options).

trace_item(Whom) when is_pid(Whom); is_port(Whom); is_tuple(Whom) -> true;
trace_item(Whom) ->
    lists:member(Whom, [new, new_processes, new_ports, send, 'receive', on_load]).

%% Is this something that calls can be traced by?
trace_spec(Spec) when Spec =:= true; Spec =:= false; Spec =:= []; Spec =:= restart; Spec =:= pause ->
    "";
trace_spec(Spec) ->
    try erlang:match_spec_test([], Spec, trace) of
        {ok, _, _, _} -> "";
        _ -> "invalid match specification"
    catch
        error:_ -> "invalid match specification"
    end.

%% The first argument is to blame if no other is.
or_first([_ | _] = Faults, Text) ->
    case lists:all(fun(Fault) -> Fault =:= "" end, Faults) of
        true -> [Text];
        false -> ["" | Faults]
    end.

%%% Arrays of numbers.

array_faults(Kind, new, [_, Options], system_limit, _) ->
    [atom_to_list(Kind) ++ " array size reached a system limit", list(Options)];
array_faults(Kind, new, [Size, Options], _, _) ->
    [pos_int(Size), array_options(Kind, Options)];
array_faults(_, info, [_], _, _) ->
    [bad_array()];
array_faults(Kind, get, [Ref, Index], _, _) ->
    array_operation(Kind, Ref, Index, [0]);
array_faults(Kind, _, [Ref, Index | Values], _, _) ->
    array_operation(Kind, Ref, Index, Values);
array_faults(_, _, _, _, _) ->
    [].

array_options(atomics, Options) when is_list(Options) ->
    options(Options, fun({signed, Signed}) -> is_boolean(Signed); (_) -> false end);
array_options(counters, Options) when is_list(Options) ->
    options(Options, fun(Option) -> Option =:= atomics orelse Option =:= write_concurrency end);
array_options(_, Options) -> list(Options).

options(Options, IsValid) ->
    try length(Options) of
        _ ->
            case lists:all(IsValid, Options) of
                true -> "";
                false -> "invalid option in list"
            end
    catch
        error:_ -> "not a proper list"
    end.

%% Arrays of `atomics' are references, those of `counters' tuples around one. Of a counter, the index is looked at
%% first, and the value only where that is right.
array_operation(atomics, Ref, Index, Values) ->
    try is_reference(Ref) andalso atomics:info(Ref) of
        #{size := Size, min := Min, max := Max} -> ["", int(Index, 1, Size) | [int(V, Min, Max) || V <- Values]];
        false -> [bad_array(), pos_int(Index) | [int(V) || V <- Values]]
    catch
        error:_ -> [bad_array(), pos_int(Index) | [int(V) || V <- Values]]
    end;
array_operation(counters, Ref, Index, Values) ->
    try is_tuple(Ref) andalso counters:info(Ref) of
        #{size := Size} ->
            case int(Index, 1, Size) of
                "" -> ["", "" | [int(V, -(1 bsl 63), (1 bsl 64) - 1) || V <- Values]];
                Fault -> ["", Fault]
            end;
        false -> [bad_array(), pos_int(Index) | [int(V) || V <- Values]]
    catch
        error:_ -> [bad_array(), pos_int(Index) | [int(V) || V <- Values]]
    end.

bad_array() -> "invalid atomics reference".

%%% Construction of binaries.

%% What is wrong with a segment.
-spec format_bs_fail(term(), erlang:stacktrace()) ->
          #{general | reason => unicode:chardata()}.
format_bs_fail(Reason, [{_, _, _, Info} | _]) ->
    ErrorInfo = proplists:get_value(error_info, Info, #{}),
    case maps:find(cause, ErrorInfo) of
        {ok, {Number0, Type, What, Value}} ->
            Number = maps:get(override_segment_position, ErrorInfo, Number0),
            Show = maps:get(pretty_printer, ErrorInfo, fun show/1),
            Text = io_lib:format("segment ~p of type '~ts': ~ts",
                                 [Number, Type, segment_fault(Reason, Type, What, Value, Show)]),
            #{general => unicode:characters_to_binary(Text),
              reason => <<"construction of binary failed">>};
        _ ->
            #{}
    end.

segment_fault(system_limit, binary, binary, size, _Show) ->
    io_lib:format("the size of the binary/bitstring is too large (exceeding ~p bits)",
                  [(1 bsl 31) - 1]);
segment_fault(system_limit, _Type, size, Value, _Show) ->
    io_lib:format("the size ~p is too large", [Value]);
segment_fault(_, float, invalid, Value, _Show) ->
    io_lib:format("expected one of the supported sizes 16, 32, or 64 but got: ~p", [Value]);
segment_fault(_, float, no_float, Value, Show) ->
    ["the value ", Show(Value), " is outside the range expressible as a float"];
segment_fault(_, binary, unit, Value, Show) ->
    ["the size of the value ", Show(Value), " is not a multiple of the unit for the segment"];
segment_fault(_, _Type, short, Value, Show) ->
    ["the value ", Show(Value), " is shorter than the size of the segment"];
segment_fault(_, _Type, size, Value, Show) ->
    ["expected a non-negative integer as size but got: ", Show(Value)];
segment_fault(_, Type, type, Value, Show) ->
    ["expected ", expected(Type), " but got: ", Show(Value)].

expected(binary) -> "a binary";
expected(float) -> "a float or an integer";
expected(integer) -> "an integer";
expected(Type) -> io_lib:format("a non-negative integer encodable as ~s", [Type]).

%% A value, without its middle where it is long.
show(Int) when is_integer(Int) ->
    Digits = integer_to_list(Int),
    case length(Digits) of
        N when N < 48 -> Digits;
        N -> [lists:sublist(Digits, 12), "...", lists:nthtail(N - 12, Digits)]
    end;
show(Bits) when is_bitstring(Bits), byte_size(Bits) >= 16 ->
    Bytes = bitstring_to_list(Bits),
    First = io_lib:format("~w", [list_to_binary(lists:sublist(Bytes, 8))]),
    Last = io_lib:format("~w", [list_to_bitstring(lists:nthtail(length(Bytes) - 2, Bytes))]),
    [lists:droplast(lists:droplast(lists:flatten(First))), "...,",
     lists:nthtail(2, lists:flatten(Last))];
show(Bits) when is_bitstring(Bits) ->
    io_lib:format("~p", [Bits]);
show(Value) ->
    io_lib:format("~P", [Value, 20]).
