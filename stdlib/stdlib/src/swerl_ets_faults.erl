%%% What was wrong with the arguments of functions of the module ets.
-module(swerl_ets_faults).

-export([faults/3]).

%% The faults of the arguments in order; the cause is what the native function gave.
-spec faults(atom(), [term()], term()) -> [unicode:chardata()].
faults(F, [_], _)
  when F =:= match; F =:= match_object; F =:= select; F =:= select_reverse ->
    ["invalid continuation"];
faults(match_spec_compile, [_], _) ->
    ["not a valid match specification"];
faults(whereis, [_], _) ->
    ["invalid table name (must be an atom)"];
faults(new, [Name, Options], Cause) ->
    case [swerl_argument_fault:atom(Name), swerl_argument_fault:list(Options)] of
        ["", ""] when Cause =:= already_exists -> ["table name already exists"];
        ["", ""] -> ["", "invalid options"];
        Faults -> Faults
    end;
faults(rename, [_, Name] = As, Cause) ->
    NameFault = if is_atom(Name) -> ""; true -> "invalid table name (must be an atom)" end,
    case [table(As, Cause), NameFault] of
        ["", ""] -> ["", "table name already exists"];
        Faults -> Faults
    end;
faults(delete_object, [_, Object] = As, Cause) ->
    [table(As, Cause), tuple(Object)];
faults(F, [_, Objects] = As, Cause) when F =:= insert; F =:= insert_new ->
    %% A table in the place of an object: nothing is said of the first argument.
    [case is_table(Objects) of true -> ""; false -> table(As, Cause) end, objects(Objects)];
faults(give_away, [_, _, _] = As, owner) ->
    [table(As, owner), "the process is already the owner of the table"];
faults(give_away, [_, _, _] = As, not_owner) ->
    [table(As, not_owner), "the current process is not the owner"];
faults(give_away, [_, Pid, _] = As, Cause) ->
    TableFault = table(As, Cause),
    PidFault = if not is_pid(Pid) -> "not a pid";
                  TableFault =:= "" -> "the pid refers to a terminated process";
                  true -> ""
               end,
    [TableFault, PidFault];
faults(lookup_element, [_, _, Pos] = As, Cause) ->
    case [table(As, Cause), swerl_argument_fault:pos_int(Pos)] of
        [TableFault, PosFault] when Cause =:= badkey ->
            [TableFault, "not a key that exists in the table", PosFault];
        ["", ""] -> ["", "", "position is greater than the size of the object"];
        [TableFault, PosFault] -> [TableFault, "", PosFault]
    end;
faults(F, [_, _, Limit] = As, Cause) when F =:= match; F =:= match_object ->
    [table(As, Cause), "", swerl_argument_fault:pos_int(Limit)];
faults(F, [_, Spec, Limit] = As, Cause)
  when F =:= select; F =:= select_reverse; F =:= select_count ->
    SpecFault = case is_match_spec(Spec) of
                    true -> "";
                    false -> "not a valid match specification"
                end,
    [table(As, Cause), SpecFault, swerl_argument_fault:pos_int(Limit)];
faults(F, [_, _] = As, Cause)
  when F =:= select; F =:= select_reverse; F =:= select_count; F =:= internal_select_delete;
       F =:= select_replace ->
    otherwise(As, Cause, "not a valid match specification");
faults(F, [_, _] = As, Cause) when F =:= next; F =:= prev ->
    otherwise(As, Cause, "not a key that exists in the table");
faults(match_spec_run_r, _, _) ->
    [];
faults(info, [_, _] = As, Cause) ->
    otherwise(As, Cause, "not a valid info item");
faults(safe_fixtable, As, Cause) ->
    otherwise(As, Cause, "not a boolean value");
faults(setopts, As, Cause) ->
    otherwise(As, Cause, "invalid options");
faults(slot, As, Cause) ->
    otherwise(As, Cause, "out of range");
faults(update_counter, [_, _, Operation | Default] = As, Cause) ->
    DefaultFault = [tuple(D) || D <- Default],
    case table(As, Cause) of
        TableFault when TableFault =/= "", Default =/= [] -> [TableFault];
        "" when DefaultFault =/= [], DefaultFault =/= [""] -> ["", "", operation(Operation)] ++ DefaultFault;
        TableFault -> [TableFault | counter_faults(Operation, Cause)] ++ DefaultFault
    end;
faults(update_element, [_, _, Spec] = As, Cause) ->
    TableFault = table(As, Cause),
    SpecFault = case is_element_spec(Spec) of
                    _ when Cause =:= keypos -> "the position is the same as the key position";
                    true when TableFault =:= "" -> "out of range";
                    true -> "";
                    false -> "is not a valid element specification"
                end,
    [TableFault, "", SpecFault];
faults(_, As, Cause) ->
    [table(As, Cause)].

is_table(Term) when is_reference(Term) ->
    try ets:info(Term, type) =/= undefined
    catch error:badarg -> false
    end;
is_table(_) ->
    false.

%% The fault of the table, or else this one of the second argument.
otherwise(As, Cause, Fault) ->
    case table(As, Cause) of
        "" -> ["", Fault];
        TableFault -> [TableFault]
    end.

table([Table | _], _) when not is_atom(Table), not is_reference(Table) ->
    "not an atom or a table identifier";
table([Table | _], type) when is_reference(Table) ->
    "not a valid table identifier";
table(_, type) ->
    "not an atom or a table identifier";
table(_, id) ->
    "the table identifier does not refer to an existing ETS table";
table(_, access) ->
    "the table identifier refers to an ETS table with insufficient access rights";
table(_, table_type) ->
    "the table identifier refers to an ETS table of a type not supported by this operation";
table(_, _) ->
    "".

tuple(V) when is_tuple(V), tuple_size(V) > 0 -> "";
tuple(V) when is_tuple(V) -> "is an empty tuple";
tuple(_) -> "not a tuple".

objects(V) when is_list(V) ->
    try lists:all(fun(T) -> tuple_size(T) > 0 end, V) of
        true -> "";
        false -> "not a non-empty tuple or a list of non-empty tuples"
    catch
        error:_ -> "not a non-empty tuple or a list of non-empty tuples"
    end;
objects(V) -> tuple(V).

counter_faults(Operation, badkey) ->
    ["not a key that exists in the table", operation(Operation)];
counter_faults(_, keypos) ->
    ["", "the position is the same as the key position"];
counter_faults(_, position) ->
    ["", "the position in the update operation is out of range"];
counter_faults(Operation, none) ->
    case operation(Operation) of
        "" -> ["", "the value in the given position, in the object, is not an integer"];
        Fault -> ["", Fault]
    end;
counter_faults(Operation, _) ->
    ["", operation(Operation)].

operation(Operations) when is_list(Operations) ->
    case lists:all(fun is_operation/1, Operations) of
        true -> "";
        false -> "not a valid update operation"
    end;
operation(Operation) ->
    operation([Operation]).

is_operation({Pos, Step}) -> is_integer(Pos) andalso is_integer(Step);
is_operation({Pos, Step, Threshold, Value}) ->
    lists:all(fun erlang:is_integer/1, [Pos, Step, Threshold, Value]);
is_operation(Step) -> is_integer(Step).

is_element_spec(Specs) when is_list(Specs) -> lists:all(fun is_element/1, Specs);
is_element_spec(Spec) -> is_element(Spec).

is_element({Pos, _}) -> is_integer(Pos) andalso Pos > 0;
is_element(_) -> false.

is_match_spec(Spec) ->
    ets:is_compiled_ms(Spec) orelse
        try ets:match_spec_compile(Spec) of
            _ -> true
        catch
            error:_ -> false
        end.
