%% module_info and its like for modules of native functions.
-module(native_module_info).
-export([main/0]).

main() ->
    Modules = [erlang, atomics, counters, persistent_term, erts_internal, prim_file],
    [p(M, [M:module_info(module), M:module_info(attributes) =:= proplists:get_value(attributes, M:module_info()),
           erlang:get_module_info(M, module), byte_size(M:module_info(md5)), erlang:module_loaded(M),
           lists:member(M, erlang:loaded()), lists:member(M, erlang:pre_loaded()), code:is_loaded(M), code:which(M)])
     || M <- Modules],
    p(keys, [K || {K, _} <- erlang:module_info()]),
    p(counters, lists:sort(counters:module_info(exports))),
    p(atomics, lists:sort(atomics:module_info(exports))),
    p(persistent_term, lists:sort(persistent_term:module_info(exports)) -- [{put_new, 2}]),
    Exports = erlang:module_info(exports),
    p(erlang, [lists:member(F, Exports) || F <- [{self, 0}, {'+', 2}, {spawn, 1}, {trace, 3}, {no_such, 0}]]),
    p(all_exported, [MFA || M <- [erlang, counters], {F, A} = MFA <- M:module_info(exports),
                            not erlang:function_exported(M, F, A)]),
    [p(Item, catch_reason(fun() -> erlang:module_info(Item) end)) || Item <- [nifs, nothing, 1, "exports"]].

catch_reason(F) -> try F() catch Class:Reason -> {Class, Reason} end.

p(What, Term) -> io:format("~w: ~p~n", [What, Term]).
