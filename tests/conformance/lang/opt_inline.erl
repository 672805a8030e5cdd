%% Functions that are written out where they are called: results, errors, order of effects, recursion.
-module(opt_inline).
-export([main/0, add/2]).
-compile({inline, [{add, 2}, {pick, 1}, {twice, 1}, {fact, 1}, {even, 1}, {odd, 1}, {swap, 1}, {guarded, 2}]}).
-compile({inline, [say/2, caught/1]}).
-compile({inline, {none, 0}}).

main() ->
    p(add(1, 2)), p(catch add(a, 2)), p(pick({ok, 3})), p(pick(other)), p(catch pick(nothing)),
    p(twice(twice(5))), p(fact(10)), p({even(10), odd(7), even(3)}), p(tail(4)), p(catch tail(x)),
    p([swap(T) || T <- [{1, 2}, {a, b}]]), p(catch swap([])), p(guarded(3, fun(X) -> X * 2 end)),
    p(guarded(-3, none)), p(say(a, say(b, c))), p(caught(fun() -> pick(nothing) end)), p(caught(fun() -> swap({x, y}) end)),
    p(body({ok, 1})), p(body(q)), p(catch body(nothing)), p(none()), p(try pick(nothing) catch error:E -> {E, swap({1, 2})} end),
    p((fun(A) -> add(A, A) end)(21)), p(in_guard(4)), p(bits(<<1, 2, 3>>)).

p({'EXIT', {Reason, _}}) -> io:format("exit ~p~n", [Reason]);
p(X) -> io:format("~p~n", [X]).

add(A, B) -> A + B.

pick({ok, X}) -> X;
pick(X) when X =/= nothing -> {not_ok, X}.

twice(X) -> add(X, X).

fact(0) -> 1;
fact(N) -> N * fact(N - 1).

even(0) -> true;
even(N) -> odd(N - 1).
odd(0) -> false;
odd(N) -> even(N - 1).

tail(X) -> twice(X).

swap({A, B}) -> {B, A}.

guarded(N, F) when N > 0 -> F(N);
guarded(N, _) -> case N of -1 -> minus; _ -> [N | fact(3)] end.

say(A, B) -> io:format("say ~p~n", [A]), {A, B}.

caught(F) -> try F() of X -> {value, X} catch C:R -> {C, R} end.

body(X) ->
    A = pick(X),
    B = {A, pick(X)},
    case pick(X) of
        {not_ok, q} -> {q, B};
        Other -> {Other, swap(B)}
    end.

none() -> [].

in_guard(X) ->
    Y = twice(X),
    if Y > 7, Y rem 2 =:= 0 -> {big, Y}; true -> {small, Y} end.

bits(<<X, R/binary>>) -> [add(X, 1) | bits(R)];
bits(<<>>) -> none().
