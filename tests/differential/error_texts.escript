#!/usr/bin/env escript
%%! -kernel logger_level none
%%% Wrong arguments: what OTP and swerl say of them, as the shell shows it.
%%%
%%%     escript error_texts.escript PATH_OF_SWERL [-count N] [-seed N] [-each N] [Module ...]
%%%
%%% The functions that OTP's modules below export are called N times each with arguments of all
%%% sorts, which come from the seed and the name: the same on both machines. What is compared is whether there is a
%%% value, and otherwise the whole text of the exception, `*** argument 1: not a list' lines included.
-mode(compile).

%% The modules whose natives explain their errors.
-define(MODULES, [erlang, lists, maps, binary, ets, math, re, unicode, io, persistent_term, atomics, counters, code, os,
                  file]).
%% Of so many functions of a module a difference is shown.
-define(SHOWN, 60).

main(["-dump", File, Module, Seed, Count]) ->
    Folder = File ++ ".d",
    ok = file:make_dir(Folder),
    {ok, Functions} = file:consult(File),
    Texts = texts(list_to_atom(Module), Functions, list_to_integer(Seed), list_to_integer(Count), Folder),
    ok = file:write_file(File, term_to_binary(Texts));
main([Swerl | Args]) -> compare(Swerl, Args, #{count => 40, seed => 1, each => 1, modules => []}).

%% ---- the comparison -----------------------------------------------------------------------------------------

compare(Swerl, ["-count", N | Rest], How) -> compare(Swerl, Rest, How#{count := N});
compare(Swerl, ["-seed", N | Rest], How) -> compare(Swerl, Rest, How#{seed := N});
compare(Swerl, ["-each", N | Rest], How) -> compare(Swerl, Rest, How#{each := list_to_integer(N)});
compare(Swerl, [Module | Rest], #{modules := Modules} = How) ->
    compare(Swerl, Rest, How#{modules := Modules ++ [list_to_atom(Module)]});
compare(Swerl, [], #{count := Count, seed := Seed, each := Each, modules := Chosen}) ->
    Modules = case Chosen of [] -> ?MODULES; _ -> Chosen end,
    Results = [compare_module(Swerl, Module, lists:concat([Seed]), lists:concat([Count]), Each) || Module <- Modules],
    {Calls, Different} = lists:unzip(Results),
    io:format("~w calls in ~w modules, ~w different~n", [lists:sum(Calls), length(Modules), lists:sum(Different)]),
    halt(case lists:sum(Different) of 0 -> 0; _ -> 1 end).

compare_module(Swerl, Module, Seed, Count, Each) ->
    Functions = [F || {Name, _} = F <- lists:sort(Module:module_info(exports)), Name =/= module_info,
                      not lists:member(Name, left_out(Module))],
    [Theirs, Ours] = [machine(Command, Module, Functions, Seed, Count) || Command <- ["escript", Swerl ++ " escript"]],
    Different = [{Call, A, B} || {{Call, A}, {Call, B}} <- lists:zip(Theirs, Ours), A =/= B],
    _ = [io:format("~ts~n  OTP   ~ts~n  SWERL ~ts~n", [Call, A, B]) || {Call, A, B} <- first_of_each(Each, Different)],
    io:format("~w: ~w of ~w different~n", [Module, length(Different), length(Theirs)]),
    {length(Theirs), length(Different)}.

%% Of each function the first calls, up to a number of all.
first_of_each(Each, Different) ->
    ByFunction = maps:groups_from_list(fun({Call, _, _}) -> hd(string:split(Call, "(")) end, Different),
    lists:sublist([D || Calls <- maps:values(ByFunction), D <- lists:sublist(Calls, Each)], Each * ?SHOWN).

machine(Command, Module, Functions, Seed, Count) ->
    File = filename:absname("error_texts." ++ os:getpid() ++ ".bin"),
    ok = file:write_file(File, [io_lib:format("~tp.~n", [F]) || F <- Functions]),
    io:put_chars(os:cmd(lists:join(" ", [Command, escript:script_name(), "-dump", File, atom_to_list(Module), Seed, Count]))),
    {ok, Bytes} = file:read_file(File),
    ok = file:delete(File),
    ok = file:del_dir_r(File ++ ".d"),
    binary_to_term(Bytes).

%% ---- one machine --------------------------------------------------------------------------------------------

%% Functions that would end or change the machine or wait, or whose errors tell of the machine.
left_out(erlang) ->
    %% Not documented, or for other builds of OTP.
    [alloc_info, alloc_sizes, delay_trap, dist_get_stat, dmonitor_node, dt_append_vm_tag_data, dt_prepend_vm_tag_data, dt_put_tag,
     dt_restore_tag, dt_spread_tag, exit_signal, format_cpu_topology, gather_gc_info_result, process_display, set_cpu_topology, setnode,
     seq_trace, seq_trace_info, seq_trace_print, finish_after_on_load, call_on_load_function, module_info, spawn_init, crasher,
     prepare_loading, finish_loading, get_module_info, set_cookie, cast, display, display_nl, display_string,
     halt, hibernate, send_after, start_timer, group_leader, set_cookie, system_flag, trace, trace_pattern, trace_info,
     suspend_process, resume_process, delete_module, purge_module, check_process_code, load_module, load_nif, nif_error,
     open_port, disconnect_node, monitor_node, process_flag, system_monitor, system_profile, register, unregister, yield,
     spawn, spawn_link, spawn_monitor, spawn_opt, spawn_request, exit, raise, processes, memory, system_info, statistics, garbage_collect, error, throw,
     trace_delivered, dist_ctrl_get_data, dist_ctrl_get_opt, dist_ctrl_input_handler, dist_ctrl_put_data,
     dist_ctrl_set_opt, dist_ctrl_get_data_notification, list_to_atom, binary_to_atom, get_cookie, read_timer, cancel_timer, apply];
left_out(unicode) -> [characters_to_binary_int, characters_to_list_int];
left_out(code) -> [get_chunk, is_module_native, load_native_partial, load_native_sticky, make_stub_module, module_md5, set_primary_archive, module_status, modified_modules, rehash, purge, soft_purge, delete, del_path, set_path, add_path, add_patha, add_pathz, add_pathsa, add_pathsz, add_paths,
                   replace_path, load_abs, load_file, load_binary, ensure_loaded, atomic_load, stick_dir, unstick_dir, all_loaded,
                   all_available, clash, prepare_loading, finish_loading, ensure_modules_loaded, get_path];
left_out(os) -> [cmd, set_signal, putenv, unsetenv];
left_out(file) -> [set_cwd, copy_opened, ipread_s32bu_p32bu_int, raw_read_file_info, raw_write_file_info, sendfile];
left_out(ets) -> [init_table, repair_continuation, internal_delete_all, internal_select_delete, give_away, i, file2tab, tab2file, test_ms, table];
left_out(re) -> [internal_run, grun, ucompile, urun, loopexec];
left_out(lists) -> [rkeymerge, rmerge, rmerge3, rukeymerge, rumerge, rumerge3, umerge3, keymerge, merge3, ukeymerge];
left_out(io) -> [get_chars, get_line, get_password, read, scan_erl_exprs, scan_erl_form, parse_erl_exprs, parse_erl_form, fread, setopts, getopts, columns, rows];
left_out(_) -> [].

texts(Module, Functions, Seed, Count, Folder) ->
    {ok, Cwd} = file:get_cwd(),
    ok = file:set_cwd(Folder),
    Texts = [text(Module, F, Arity, Seed, I) || {F, Arity} <- Functions, Arity > 0, I <- lists:seq(1, Count)],
    ok = file:set_cwd(Cwd),
    Texts.

text(Module, F, Arity, Seed, I) ->
    Self = self(),
    {Pid, Ref} = spawn_monitor(fun() ->
        rand:seed(exsss, {Seed, I, erlang:phash2({Module, F, Arity})}),
        Args = [value() || _ <- lists:seq(1, Arity)],
        Call = lists:flatten(io_lib:format("~w:~w(~ts)", [Module, F, lists:join(", ", [io_lib:format("~0tp", [A]) || A <- Args])])),
        Self ! {self(), plain(Call), outcome(Module, F, Args)}
    end),
    receive
        {Pid, Call, Outcome} -> demonitor(Ref, [flush]), {Call, Outcome};
        {'DOWN', Ref, _, _, _} -> {lists:concat([Module, ":", F]), "ended"}
    after 3000 -> exit(Pid, kill), demonitor(Ref, [flush]), {lists:concat([Module, ":", F]), "waits"}
    end.

outcome(Module, F, Args) ->
    try apply(Module, F, Args) of
        _ -> "value"
    catch
        Class:Reason:Stack ->
            %% The frame that the user called: what the library calls inside is its own matter.
            case Stack of
                [{Module, F, _, _} = Frame | _] -> plain(erl_error:format_exception(Class, Reason, [Frame], #{column => 1}));
                _ -> plain(io_lib:format("~w: ~0tp", [Class, Reason]))
            end
    end.

%% Without what is private to a machine: numbers of processes and of lines, and where lines are broken for them.
plain(Text0) ->
    Text = unicode:characters_to_binary(Text0),
    lists:foldl(fun({Regex, With}, T) -> re:replace(T, Regex, With, [global, {return, binary}, unicode]) end, Text,
                [{"<\\d+\\.\\d+\\.\\d+>", "<pid>"}, {"#Ref<[0-9.]+>", "#Ref"}, {"#Port<[0-9.]+>", "#Port"}, {"#Fun<[^>]+>", "#Fun"},
                 {"error_texts_escript__[a-z_0-9]+", "script"},
                 {"\\([^ ()]+\\.erl, line \\d+\\)", ""},
                 {"\\s+", ""}]).

one(List) -> lists:nth(rand:uniform(length(List)), List).

value() ->
    case rand:uniform(34) of
        1 -> a; 2 -> 1; 3 -> -1; 4 -> 1.5; 5 -> <<1:3>>; 6 -> "text"; 7 -> [a | b]; 8 -> {}; 9 -> #{}; 10 -> fun(X) -> X end;
        11 -> self(); 12 -> make_ref(); 13 -> 1 bsl 70; 14 -> []; 15 -> <<>>; 16 -> <<"bytes">>; 17 -> {a, 1}; 18 -> [1, 2, 3];
        19 -> 0; 20 -> 2; 21 -> #{a => 1}; 22 -> fun(X, Y) -> {X, Y} end; 23 -> [{a, 1}, {b, 2}]; 24 -> true; 25 -> utf8;
        26 -> ets:new(one([t, u]), [one([set, ordered_set, bag]), one([public, private])]); 27 -> "[a-z]"; 28 -> [{'$1', [], ['$1']}];
        29 -> atomics:new(2, []); 30 -> counters:new(2, []); 31 -> [<<"a">>, "b"]; 32 -> {a, b, c}; 33 -> [a, 1.0, "x"]; 34 -> 300
    end.
