%%% How many frames a stack trace has, whoever failed.
-module(stk_depth).
-export([main/0, a/2, b/2, id/1]).

main() ->
    [try
         ?MODULE:a(20, F)
     catch
         _:_:S -> io:format("~p ~p ~0p~n", [I, length(S), [N || {_, N, _, _} <- S, N =/= '-main/0-fun-0-', hd(atom_to_list(N)) =/= $-]])
     end || Depth <- [8, 3, 1, 0, 20, 8], _ <- [erlang:system_flag(backtrace_depth, Depth)],
            {I, F} <- [{native, fun(X) -> [list_to_integer(X)] end}, {operator, fun(X) -> [X + 1] end}, {match, fun(X) -> 1 = X end},
                       {undef, fun(X) -> [nomod:foo(X)] end}, {error, fun(X) -> error(X) end}, {error2, fun(X) -> error(X, [1]) end},
                       {throw, fun(X) -> throw(X) end}, {guard, fun(X) -> [hd(X)] end}, {lists, fun(X) -> [lists:keyfind(X, 0, X)] end},
                       {raise, fun(X) -> erlang:raise(error, X, []) end}, {tail, fun(X) -> list_to_integer(X) end},
                       {ets, fun(X) -> [ets:lookup(X, 1)] end}]].

a(0, F) -> Y = F(?MODULE:id(foo)), [Y];
a(N, F) -> X = ?MODULE:b(N - 1, F), [X].

b(0, F) -> Y = F(?MODULE:id(foo)), [Y];
b(N, F) -> X = ?MODULE:a(N - 1, F), [X].

id(X) -> X.
