%%% What the functions of code say of wrong arguments, of modules that are not there and of those that will not load.
-module(code_wrong_arguments).
-export([main/0]).
-define(T(E), t(??E, fun() -> E end)).

t(Text, Fun) ->
    Result = try Fun() catch Class:Reason:Stack -> {Class, Reason, function(hd(Stack))} end,
    io:format("~s ~0p~n", [Text, Result]).

function({M, F, A, _}) when is_list(A) -> {M, F, length(A)};
function({M, F, A, _}) -> {M, F, A}.

code(M, V) ->
    {ok, M, Beam} = compile:forms([{attribute, 1, module, M}, {attribute, 2, export, [{v, 0}]},
                                   {function, 3, v, 0, [{clause, 3, [], [], [{integer, 3, V}]}]}], []),
    Beam.

on_load(M, Expr) ->
    {ok, M, Beam} = compile:forms([{attribute, 1, module, M}, {attribute, 2, on_load, {init, 0}},
                                   {function, 3, init, 0, [{clause, 3, [], [], [Expr]}]}], []),
    Beam.

main() ->
    logger:set_primary_config(level, none),
    B1 = code(m1, 1), B2 = code(m1, 2), C = code(m2, 1),
    ?T(code:load_binary(m1, "m1.beam", B1)), ?T(code:load_binary(m2, "f", B1)), ?T(code:load_binary(m2, "f", <<>>)),
    ?T(code:load_binary("m2", "f", C)), ?T(code:load_binary(m2, f, C)), ?T(code:load_binary(m2, [x], C)),
    ?T(code:load_binary(m2, "f", foo)),
    ?T(code:ensure_modules_loaded([m1, no_such_module, other_module, no_such_module])),
    ?T(code:ensure_modules_loaded([])), ?T(code:ensure_modules_loaded(foo)), ?T(code:ensure_modules_loaded([1])),
    ?T(code:atomic_load([no_such_module, {m1, "f", B2}])), ?T(m1:v()),
    ?T(code:atomic_load([{m1, "f", B2}, {m2, "f", C}])), ?T(m1:v()),
    ?T(code:atomic_load([{m1, "f", B1}, {m1, "f", B2}])), ?T(code:atomic_load([{m1, "f", C}])),
    ?T(code:atomic_load([1])), ?T(code:atomic_load([{m1, 2}])), ?T(code:atomic_load([])),
    ?T(code:prepare_loading([no_such_module])), ?T(code:finish_loading(foo)),
    Call = fun(F, A) -> {call, 1, {remote, 1, {atom, 1, erlang}, {atom, 1, F}}, [{atom, 1, A}]} end,
    [?T({M, code:load_binary(M, "o", on_load(M, Expr)), code:is_loaded(M)})
     || {M, Expr} <- [{ol1, {atom, 1, ok}}, {ol2, {atom, 1, foo}}, {ol3, Call(error, bad)}, {ol4, Call(exit, normal)},
                      {ol5, {tuple, 1, [{atom, 1, error}, {atom, 1, why}]}}, {ol6, Call(throw, x)}]],
    ?T(code:atomic_load([{ol1, "o", on_load(ol1, {atom, 1, ok})}])),
    ?T(code:where_is_file("string", "no_such_file")), ?T(code:where_is_file(["dir", "other"], "no_such_file")),
    ?T(code:stick_dir("/no_such_dir")), ?T(code:stick_dir(foo)),
    ?T(code:add_path("/no_such_dir")), ?T(code:add_patha("/no_such_dir")), ?T(code:add_pathz(foo)), ?T(code:add_path(1)),
    ?T(code:set_path(["/no_such_dir"])), ?T(code:set_path(foo)), ?T(code:del_path("/no_such_dir")), ?T(code:del_path(1)),
    ?T(code:lib_dir(no_such_lib)), ?T(code:lib_dir(no_such_lib, ebin)), ?T(code:priv_dir(no_such_lib)),
    ?T(code:delete(no_such_module)), ?T(code:purge(no_such_module)), ?T(code:which(no_such_module)),
    ?T(code:get_object_code(no_such_module)), ?T(code:load_abs("no_such_file")), ?T(code:load_file(no_such_module)).
