%% qlc: queries from text, their plans, answers and mistakes
-module(qlc_strings).
-export([main/0]).

main() ->
    ets:new(e, [named_table]),
    ets:new(o, [named_table, ordered_set]),
    ets:insert(e, [{I, I rem 3} || I <- lists:seq(1, 6)]),
    ets:insert(o, [{I, I * I} || I <- lists:seq(1, 6)]),
    Known = [{'L', [{1, a}, {2, b}]}, {'K', 2}, {'F', fun(X) -> X > 1 end}],
    lists:foldl(fun(Text, N) -> said(N, Text, Known), N + 1 end, 1, texts()),
    said(unique, "[X || X <- [1, 2, 1]].", [unique], []),
    said(lookup, "[X || {X, _} <- ets:table(e), X =:= 1].", [{lookup, false}], []),
    said(join, "[{X, Y} || {X, _} <- ets:table(e), {Y, _} <- ets:table(e), X =:= Y].", {join, nested_loop}, []),
    ok.

texts() ->
    ["[X || X <- [3, 1, 2]].",
     "[{X} || X <- [3, 1, 2], X > 1].",
     "[{X, K} || {X, _} <- L].",
     "[X || {X, _} <- L, F(X)].",
     "[{X, Y} || {X, _} <- L, {Y, _} <- ets:table(e), X =:= Y].",
     "[{X, Y} || {X, _} <- ets:table(o), {Y, _} <- ets:table(o), X == Y].",
     "[{X, Y} || {X, A} <- ets:table(e), {Y, B} <- ets:table(o), A =:= B, X > 2].",
     "[V || {X, V} <- ets:table(e), X =:= K].",
     "[V || {X, V} <- ets:table(e), X =:= K orelse X =:= 1].",
     "[V || {X, V} <- ets:table(e), X =:= K, V > 1].",
     "[V || {X, V} <- ets:table(o), X =:= K].",
     "[V || {2, V} <- ets:table(o)].",
     "[X || X <- qlc:sort([c, a, b])].",
     "[{X, Y} || X <- qlc:q([A || {A, _} <- L]), Y <- qlc:append([[1], [2], []])].",
     "[{X, Y} || X <- [1, 2], begin Y = X * 2, Y > 2 end].",
     "[X || {X, Y} <- [{1, 2}, {2, 1}], X > Y].",
     "[Y || {X, _} <- L, Y <- [X]].",
     "[X || <<X>> <= <<1, 2>>].",
     "[X || X <- Unknown].",
     "[f(X) || X <- L].",
     "[X || X <- L]",
     "[X || X <- ].",
     "foo.",
     "qlc:q([X || X <- L]).",
     "[X || X <- L]. more.",
     "[X || X <- \"a", "'"].

said(Name, Text, Bindings) -> said(Name, Text, [], Bindings).

said(Name, Text, Options, Bindings) ->
    io:format("~w: ", [Name]),
    case qlc:string_to_handle(Text, Options, Bindings) of
        {error, Module, _} = Error ->
            io:format("~p~n   ~ts", [Error, Module:format_error(Error)]), io:nl();
        Handle ->
            io:format("~ts~n   = ~p~n", [qlc:info(Handle), qlc:e(Handle)])
    end.
