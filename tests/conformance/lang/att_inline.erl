%% The option inline without a list: small functions are written out where they are called, and nothing else changes.
-module(att_inline).
-compile([inline, {inline_size, 60}]).
-export([main/0, exported/1]).

main() ->
    p(area({square, 3})),
    p([area(S) || S <- [{square, 2}, {rect, 2, 5}, {circle, 0}]]),
    p(catch_it(fun() -> area(17) end)),
    p(catch_it(fun() -> first([]) end)),
    p(first([a, b])),
    p(swap(swap({1, 2}))),
    p(fact(20)),
    p({even(10), even(7), odd(3)}),
    p(exported(5)),
    p(twice(fun(X) -> X * 3 end, 7)),
    p(guarded(3)), p(guarded(-3)), p(guarded(x)),
    p(binary(<<1, 2, 3>>)),
    p(sum([1, 2, 3])),
    p(nested(4)),
    p(order()),
    p(tried(0)), p(tried(2)),
    p(received()).

p(Term) -> io:format("~p~n", [Term]).

area({square, A}) -> A * A;
area({rect, A, B}) -> A * B;
area({circle, R}) -> 3 * R * R.

catch_it(F) ->
    try F() catch Class:Reason -> {Class, Reason} end.

first([H | _]) -> H.

swap({A, B}) -> {B, A}.

fact(0) -> 1;
fact(N) -> N * fact(N - 1).

even(0) -> true;
even(N) -> odd(N - 1).

odd(0) -> false;
odd(N) -> even(N - 1).

exported(X) -> add(X, one()).

add(A, B) -> A + B.

one() -> 1.

twice(F, X) -> F(F(X)).

guarded(X) when is_integer(X), X > 0 -> positive;
guarded(X) when is_integer(X) -> other;
guarded(_) -> none.

binary(<<A, Rest/binary>>) -> {A, tail(Rest)}.

tail(<<_, Rest/binary>>) -> Rest.

sum(L) -> sum(L, 0).

sum([H | T], S) -> sum(T, add(H, S));
sum([], S) -> S.

nested(X) ->
    Y = case X of
            4 -> add(X, add(X, add(X, 1)));
            _ -> one()
        end,
    {Y, add(Y, Y)}.

order() -> add(say(1), say(2)).

say(X) -> io:format("say ~p~n", [X]), X.

tried(X) ->
    try divide(10, X) of
        Y -> {ok, add(Y, 1)}
    catch
        error:badarith -> failed
    after
        say(done)
    end.

divide(A, B) -> A div B.

received() ->
    self() ! {get, 1},
    wait() + one().

wait() -> receive {get, X} -> X after 0 -> none end.
