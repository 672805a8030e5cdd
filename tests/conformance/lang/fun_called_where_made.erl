%% Funs called where they are made: whose frames stack traces show, and scopes
-module(fun_called_where_made).
-export([main/0, plain/1, last/1, two/2, caught/1]).

plain(Y) -> (fun(X) -> error(X) end)(Y), ok.
last(Y) -> (fun() -> case Y of true -> ok; X -> error({a, X}) end end)().
two(A, B) -> {(fun(A) -> A * 2 end)(B), A, (fun(_, C) -> C end)(A, B)}.
caught(Y) ->
    X = 1,
    {(fun(X) -> try error(X) catch error:E -> {caught, E} end end)(Y),
     (fun() -> receive {never, Z} -> Z after 0 -> X end end)(),
     [(fun(Z) -> Z + N end)(10) || N <- [1, 2, 3]]}.

show(F, Args) ->
    try apply(?MODULE, F, Args) of
        Value -> io:format("~p: ~p~n", [F, Value])
    catch
        error:Reason:Stack ->
            Own = [{N, if is_list(A) -> length(A); true -> A end, proplists:get_value(line, L)}
                   || {?MODULE, N, A, L} <- Stack, N =/= show, N =/= main],
            io:format("~p: ~p ~p~n", [F, Reason, Own])
    end.

main() ->
    show(plain, [1]),
    show(last, [2]),
    show(last, [true]),
    show(two, [a, 4]),
    show(caught, [6]).
