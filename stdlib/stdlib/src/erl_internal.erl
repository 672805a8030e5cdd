%%% What the language itself knows of functions and operators: which functions of the module
%%% `erlang' are called without naming it, which may stand in guards, what kind each operator is.
%%%
%%% Reference: the Erlang reference manual, "Expressions", and the module `erlang', OTP 25.
-module(erl_internal).

-export([bif/2, bif/3, guard_bif/2, type_test/2, new_type_test/2, old_type_test/2, old_bif/2,
         add_predefined_functions/1, arith_op/2, bool_op/2, comp_op/2, list_op/2, send_op/2, op_type/2, is_type/2]).

%% @doc Functions of `erlang' that are called without a module.
-spec bif(atom(), arity()) -> boolean().
bif(abs, 1) -> true; bif(alias, 0) -> true; bif(alias, 1) -> true; bif(apply, 2) -> true;
bif(apply, 3) -> true; bif(atom_to_binary, 1) -> true; bif(atom_to_binary, 2) -> true;
bif(atom_to_list, 1) -> true; bif(binary_part, 2) -> true; bif(binary_part, 3) -> true;
bif(binary_to_atom, 1) -> true; bif(binary_to_atom, 2) -> true;
bif(binary_to_existing_atom, 1) -> true; bif(binary_to_existing_atom, 2) -> true;
bif(binary_to_float, 1) -> true; bif(binary_to_integer, 1) -> true;
bif(binary_to_integer, 2) -> true; bif(binary_to_list, 1) -> true; bif(binary_to_list, 3) -> true;
bif(binary_to_term, 1) -> true; bif(binary_to_term, 2) -> true; bif(bit_size, 1) -> true;
bif(bitstring_to_list, 1) -> true; bif(byte_size, 1) -> true; bif(ceil, 1) -> true;
bif(check_old_code, 1) -> true; bif(check_process_code, 2) -> true;
bif(check_process_code, 3) -> true; bif(date, 0) -> true; bif(delete_module, 1) -> true;
bif(demonitor, 1) -> true; bif(demonitor, 2) -> true; bif(disconnect_node, 1) -> true;
bif(element, 2) -> true; bif(erase, 0) -> true; bif(erase, 1) -> true; bif(error, 1) -> true;
bif(error, 2) -> true; bif(error, 3) -> true; bif(exit, 1) -> true; bif(exit, 2) -> true;
bif(float, 1) -> true; bif(float_to_binary, 1) -> true; bif(float_to_binary, 2) -> true;
bif(float_to_list, 1) -> true; bif(float_to_list, 2) -> true; bif(floor, 1) -> true;
bif(garbage_collect, 0) -> true; bif(garbage_collect, 1) -> true; bif(garbage_collect, 2) -> true;
bif(get, 0) -> true; bif(get, 1) -> true; bif(get_keys, 0) -> true; bif(get_keys, 1) -> true;
bif(group_leader, 0) -> true; bif(group_leader, 2) -> true; bif(halt, 0) -> true;
bif(halt, 1) -> true; bif(halt, 2) -> true; bif(hd, 1) -> true; bif(integer_to_binary, 1) -> true;
bif(integer_to_binary, 2) -> true; bif(integer_to_list, 1) -> true; bif(integer_to_list, 2) -> true;
bif(iolist_size, 1) -> true; bif(iolist_to_binary, 1) -> true; bif(is_alive, 0) -> true;
bif(is_atom, 1) -> true; bif(is_binary, 1) -> true; bif(is_bitstring, 1) -> true;
bif(is_boolean, 1) -> true; bif(is_float, 1) -> true; bif(is_function, 1) -> true;
bif(is_function, 2) -> true; bif(is_integer, 1) -> true; bif(is_list, 1) -> true;
bif(is_map, 1) -> true; bif(is_map_key, 2) -> true; bif(is_number, 1) -> true;
bif(is_pid, 1) -> true; bif(is_port, 1) -> true; bif(is_process_alive, 1) -> true;
bif(is_record, 2) -> true; bif(is_record, 3) -> true; bif(is_reference, 1) -> true;
bif(is_tuple, 1) -> true; bif(length, 1) -> true; bif(link, 1) -> true;
bif(list_to_atom, 1) -> true; bif(list_to_binary, 1) -> true; bif(list_to_bitstring, 1) -> true;
bif(list_to_existing_atom, 1) -> true; bif(list_to_float, 1) -> true;
bif(list_to_integer, 1) -> true; bif(list_to_integer, 2) -> true; bif(list_to_pid, 1) -> true;
bif(list_to_port, 1) -> true; bif(list_to_ref, 1) -> true; bif(list_to_tuple, 1) -> true;
bif(load_module, 2) -> true; bif(make_ref, 0) -> true; bif(map_get, 2) -> true;
bif(map_size, 1) -> true; bif(max, 2) -> true; bif(min, 2) -> true; bif(module_loaded, 1) -> true;
bif(monitor, 2) -> true; bif(monitor, 3) -> true; bif(monitor_node, 2) -> true;
bif(node, 0) -> true; bif(node, 1) -> true; bif(nodes, 0) -> true; bif(nodes, 1) -> true;
bif(nodes, 2) -> true; bif(now, 0) -> true; bif(open_port, 2) -> true; bif(pid_to_list, 1) -> true;
bif(port_close, 1) -> true; bif(port_command, 2) -> true; bif(port_command, 3) -> true;
bif(port_connect, 2) -> true; bif(port_control, 3) -> true; bif(port_to_list, 1) -> true;
bif(pre_loaded, 0) -> true; bif(process_flag, 2) -> true; bif(process_flag, 3) -> true;
bif(process_info, 1) -> true; bif(process_info, 2) -> true; bif(processes, 0) -> true;
bif(purge_module, 1) -> true; bif(put, 2) -> true; bif(ref_to_list, 1) -> true;
bif(register, 2) -> true; bif(registered, 0) -> true; bif(round, 1) -> true; bif(self, 0) -> true;
bif(setelement, 3) -> true; bif(size, 1) -> true; bif(spawn, 1) -> true; bif(spawn, 2) -> true;
bif(spawn, 3) -> true; bif(spawn, 4) -> true; bif(spawn_link, 1) -> true;
bif(spawn_link, 2) -> true; bif(spawn_link, 3) -> true; bif(spawn_link, 4) -> true;
bif(spawn_monitor, 1) -> true; bif(spawn_monitor, 2) -> true; bif(spawn_monitor, 3) -> true;
bif(spawn_monitor, 4) -> true; bif(spawn_opt, 2) -> true; bif(spawn_opt, 3) -> true;
bif(spawn_opt, 4) -> true; bif(spawn_opt, 5) -> true; bif(spawn_request, 1) -> true;
bif(spawn_request, 2) -> true; bif(spawn_request, 3) -> true; bif(spawn_request, 4) -> true;
bif(spawn_request, 5) -> true; bif(spawn_request_abandon, 1) -> true; bif(split_binary, 2) -> true;
bif(statistics, 1) -> true; bif(term_to_binary, 1) -> true; bif(term_to_binary, 2) -> true;
bif(term_to_iovec, 1) -> true; bif(term_to_iovec, 2) -> true; bif(throw, 1) -> true;
bif(time, 0) -> true; bif(tl, 1) -> true; bif(trunc, 1) -> true; bif(tuple_size, 1) -> true;
bif(tuple_to_list, 1) -> true; bif(unalias, 1) -> true; bif(unlink, 1) -> true;
bif(unregister, 1) -> true; bif(whereis, 1) -> true;
bif(Name, Arity) when is_atom(Name), is_integer(Arity) -> false.

%% @doc As bif/2, for a function of a module: false for all but `erlang'.
-spec bif(module(), atom(), arity()) -> boolean().
bif(erlang, Name, Arity) -> bif(Name, Arity);
bif(_, _, _) -> false.

%% @doc The same, before any was renamed.
-spec old_bif(atom(), arity()) -> boolean().
old_bif(Name, Arity) -> bif(Name, Arity) andalso not lists:member({Name, Arity}, newer_bifs()).

%% Those that came after the old ones, in OTP's account.
newer_bifs() ->
    [{alias, 0}, {alias, 1}, {atom_to_binary, 1}, {binary_part, 2}, {binary_part, 3}, {binary_to_atom, 1},
     {binary_to_existing_atom, 1}, {binary_to_float, 1}, {binary_to_integer, 1}, {binary_to_integer, 2}, {binary_to_term, 2},
     {ceil, 1}, {check_old_code, 1}, {check_process_code, 3}, {demonitor, 1}, {demonitor, 2}, {error, 1}, {error, 2},
     {error, 3}, {float_to_binary, 1}, {float_to_binary, 2}, {float_to_list, 2}, {floor, 1}, {garbage_collect, 2},
     {get_keys, 0}, {halt, 2}, {integer_to_binary, 1}, {integer_to_binary, 2}, {integer_to_list, 2}, {is_map, 1},
     {is_map_key, 2}, {list_to_integer, 2}, {list_to_port, 1}, {list_to_ref, 1}, {map_get, 2}, {map_size, 1}, {max, 2},
     {min, 2}, {monitor, 2}, {monitor, 3}, {nodes, 2}, {port_command, 3}, {port_to_list, 1}, {ref_to_list, 1},
     {spawn_monitor, 2}, {spawn_monitor, 4}, {spawn_request, 1}, {spawn_request, 2}, {spawn_request, 3}, {spawn_request, 4},
     {spawn_request, 5}, {spawn_request_abandon, 1}, {term_to_iovec, 1}, {term_to_iovec, 2}, {unalias, 1}].

%% @doc Functions that may be called in guards.
-spec guard_bif(atom(), arity()) -> boolean().
guard_bif(abs, 1) -> true; guard_bif(binary_part, 2) -> true;
guard_bif(binary_part, 3) -> true; guard_bif(bit_size, 1) -> true;
guard_bif(byte_size, 1) -> true; guard_bif(ceil, 1) -> true;
guard_bif(element, 2) -> true; guard_bif(float, 1) -> true;
guard_bif(floor, 1) -> true; guard_bif(hd, 1) -> true;
guard_bif(is_map_key, 2) -> true; guard_bif(length, 1) -> true;
guard_bif(map_get, 2) -> true; guard_bif(map_size, 1) -> true;
guard_bif(node, 0) -> true; guard_bif(node, 1) -> true; guard_bif(round, 1) -> true;
guard_bif(self, 0) -> true; guard_bif(size, 1) -> true; guard_bif(tl, 1) -> true;
guard_bif(trunc, 1) -> true; guard_bif(tuple_size, 1) -> true;
guard_bif(Name, Arity) -> new_type_test(Name, Arity).

%% @doc Type tests by either name.
-spec type_test(atom(), arity()) -> boolean().
type_test(Name, Arity) ->
    new_type_test(Name, Arity) orelse old_type_test(Name, Arity).

%% @doc Type tests by their names of today: is_atom and the like.
-spec new_type_test(atom(), arity()) -> boolean().
new_type_test(is_atom, 1) -> true; new_type_test(is_binary, 1) -> true;
new_type_test(is_bitstring, 1) -> true; new_type_test(is_boolean, 1) -> true;
new_type_test(is_float, 1) -> true; new_type_test(is_function, 1) -> true;
new_type_test(is_function, 2) -> true; new_type_test(is_integer, 1) -> true;
new_type_test(is_list, 1) -> true; new_type_test(is_map, 1) -> true;
new_type_test(is_number, 1) -> true; new_type_test(is_pid, 1) -> true;
new_type_test(is_port, 1) -> true; new_type_test(is_record, 2) -> true;
new_type_test(is_record, 3) -> true; new_type_test(is_reference, 1) -> true;
new_type_test(is_tuple, 1) -> true;
new_type_test(Name, Arity) when is_atom(Name), is_integer(Arity) -> false.

%% @doc Type tests by the names they had before R5; still allowed in guards.
-spec old_type_test(atom(), arity()) -> boolean().
old_type_test(atom, 1) -> true; old_type_test(integer, 1) -> true; old_type_test(list, 1) -> true;
old_type_test(tuple, 1) -> true; old_type_test(float, 1) -> true;
old_type_test(function, 1) -> true; old_type_test(binary, 1) -> true; old_type_test(pid, 1) -> true;
old_type_test(port, 1) -> true; old_type_test(reference, 1) -> true;
old_type_test(number, 1) -> true; old_type_test(record, 2) -> true;
old_type_test(Name, Arity) when is_atom(Name), is_integer(Arity) -> false.

%% @doc Whether an operator with so many operands is arithmetic.
-spec arith_op(atom(), 1 | 2) -> boolean().
arith_op(Op, 1) when is_atom(Op) -> lists:member(Op, ['+', '-', 'bnot']);
arith_op(Op, 2) when is_atom(Op) ->
    lists:member(Op, ['+', '-', '*', '/', 'div', 'rem', 'band', 'bor', 'bxor', 'bsl', 'bsr']);
arith_op(Name, Arity) when is_atom(Name), is_integer(Arity) -> false.

%% @doc Whether an operator with so many operands is a Boolean one; andalso and orelse are none.
-spec bool_op(atom(), 1 | 2) -> boolean().
bool_op(Op, 1) when is_atom(Op) -> Op =:= 'not';
bool_op(Op, 2) when is_atom(Op) -> lists:member(Op, ['and', 'or', 'xor']);
bool_op(Name, Arity) when is_atom(Name), is_integer(Arity) -> false.

%% @doc Whether an operator with so many operands compares.
-spec comp_op(atom(), 1 | 2) -> boolean().
comp_op(Op, 2) when is_atom(Op) -> lists:member(Op, ['==', '/=', '=<', '<', '>=', '>', '=:=', '=/=']);
comp_op(Name, Arity) when is_atom(Name), is_integer(Arity) -> false.

%% @doc Whether an operator with so many operands takes lists: ++ and --.
-spec list_op(atom(), 1 | 2) -> boolean().
list_op(Op, 2) when is_atom(Op) -> Op =:= '++' orelse Op =:= '--';
list_op(Name, Arity) when is_atom(Name), is_integer(Arity) -> false.

%% @doc Whether an operator with so many operands is that of sending.
-spec send_op(atom(), 1 | 2) -> boolean().
send_op(Op, Arity) when is_atom(Op), is_integer(Arity) -> Op =:= '!' andalso Arity =:= 2.

%% @doc The kind of an operator: arith, bool, comp, list or send. Fails for what is none.
-spec op_type(atom(), 1 | 2) -> arith | bool | comp | list | send.
op_type(Op, Arity) ->
    Kinds = [{arith, fun arith_op/2}, {bool, fun bool_op/2}, {comp, fun comp_op/2},
             {list, fun list_op/2}, {send, fun send_op/2}],
    case [Kind || {Kind, Is} <- Kinds, Is(Op, Arity)] of
        [Kind | _] -> Kind;
        [] -> erlang:error(function_clause, [Op, Arity])
    end.

%% @doc Whether there is a built-in type of this name with so many parameters.
-spec is_type(atom(), arity()) -> boolean().
is_type(Name, 0) ->
    lists:member(Name, [any, arity, atom, binary, bitstring, bool, boolean, byte, char, float,
                        function, identifier, integer, iodata, iolist, list, map,
                        maybe_improper_list, mfa, module, neg_integer, nil, no_return, node,
                        non_neg_integer, none, nonempty_binary, nonempty_bitstring,
                        nonempty_improper_list, nonempty_list, nonempty_maybe_improper_list,
                        nonempty_string, number, pid, port, pos_integer, reference, string, term,
                        timeout, tuple]);
is_type(Name, 1) ->
    lists:member(Name, [list, nonempty_list]);
is_type(Name, 2) ->
    lists:member(Name, [maybe_improper_list, nonempty_improper_list,
                        nonempty_maybe_improper_list]);
is_type(_, _) ->
    false.

%%% What the compiler adds to a module.

%% @doc The forms of a module with the functions that every module has, and their export.
-spec add_predefined_functions(Forms) -> Forms when Forms :: [erl_parse:abstract_form() | erl_parse:form_info()].
add_predefined_functions(Forms) ->
    A = erl_anno:new(0),
    [Module | _] = [Name || {attribute, _, module, Name} <- Forms],
    Added = behaviour_info(A, Forms) ++ [module_info(A, Module, []), module_info(A, Module, [{var, A, 'X'}])],
    Export = {attribute, A, export, [{Name, Arity} || {function, _, Name, Arity, _} <- Added]},
    Forms ++ [Export | Added].

%% The callbacks that a behaviour asks for.
behaviour_info(A, Forms) ->
    case [Function || {attribute, _, callback, {Function, _}} <- Forms] of
        [] ->
            [];
        Callbacks ->
            Optional = lists:append([Functions || {attribute, _, optional_callbacks, Functions} <- Forms]),
            Answers = [{clause, A, [{atom, A, Question}], [], [erl_parse:abstract(Answer)]}
                       || {Question, Answer} <- [{callbacks, Callbacks}, {optional_callbacks, Optional}]],
            [{function, A, behaviour_info, 1, Answers}]
    end.

module_info(A, Name, Parameters) ->
    Answer = {remote, A, {atom, A, erlang}, {atom, A, get_module_info}},
    Body = {call, A, Answer, [{atom, A, Name} | Parameters]},
    {function, A, module_info, length(Parameters), [{clause, A, Parameters, [], [Body]}]}.
