%%% Calls what is in `live.S` and prints what comes of it.
-module(live_main).
-export([main/0]).

main() ->
    Each = fun(F) -> L = [F(N, list_to_binary([N rem 256, 2, 3, 4, 5])) || N <- lists:seq(1, 3000)], io:format("~w ~w~n", [hd(L), erlang:phash2(L)]) end,
    Each(fun(N, B) -> live:part({N}, B) end),
    Each(fun(N, B) -> live:build({N}, [N], B) end).
