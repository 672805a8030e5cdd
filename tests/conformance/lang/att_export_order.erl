%% The functions that the compiler adds stand behind those of the module, those of a behaviour first.
-module(att_export_order).
-export([z/0, a/1, main/0]).
-callback cb(integer()) -> ok.
-callback cc() -> ok.
-optional_callbacks([cc/0]).
z() -> ok.
a(_) -> b().
b() -> ok.
main() ->
    io:format("~p~n", [?MODULE:module_info(exports)]),
    io:format("~p ~p~n", [?MODULE:behaviour_info(callbacks), ?MODULE:behaviour_info(optional_callbacks)]).
