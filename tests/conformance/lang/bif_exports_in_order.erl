%% The order of module_info(exports): functions that constants name stand behind all others.
-module(bif_exports_in_order).
-export([a/0, b/0, c/0, d/0, e/0, main/0, f/0, g/0]).

a() -> fun bif_exports_in_order:e/0.
b() -> bif_exports_in_order:d().
c() -> ?MODULE:g(), [fun bif_exports_in_order:f/0, fun bif_exports_in_order:a/0, fun bif_exports_in_order:none/3].
d() -> {x, fun lists:map/2}.
e() -> ok.
f() -> ok.
g() -> ok.

main() ->
    io:format("~p~n", [?MODULE:module_info(exports)]),
    io:format("~p~n", [lists:sort(?MODULE:module_info(functions))]).
