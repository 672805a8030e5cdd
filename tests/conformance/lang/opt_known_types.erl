%% What is known of values beforehand: results of functions, floats, lists, records and tuples of known shape.
-module(opt_known_types).
-export([main/0, exported/1]).

-record(r, {a = 1, b = 2.5, c = []}).

main() ->
    p(pair(1)), p(pair(x)), p(use_pair(2)), p(use_pair(y)),
    p(catch exported(oops)), p(exported({ok, 1})), p(exported({ok, 1, 2})), p(exported([])),
    p(floats(1, 2.0)), p(floats(3.5, 2)), p(catch floats(a, 2.0)), p(catch floats(1.0e308, 10.0)),
    p(chain(1.5, 10)), p(catch chain(0.0, 3)), p(catch half(a)), p(half(7)), p(negate(2.5)), p(negate(-0.0)),
    p(mixed(1.0, 1 bsl 70)), p(catch mixed(1.0, 1 bsl 2000)),
    p(record(#r{})), p(catch record(#r{a = z})), p(catch record({r, 1})), p(is_it(#r{})), p(is_it({r, 1, 2})),
    p(is_it(r)), p([is_big({r, 1, 2, 3}), is_big({q, 1, 2, 3}), is_big({r, 1}), is_big(5)]),
    p(bools(true)), p(bools(false)), p(catch bools(maybe)), p(forever(3)), p(tags([a, {b, 1}, {c, 1, 2}, "d"])),
    p(in_handler(fun() -> 1.0 end)), p(in_handler(fun() -> throw(2) end)), p(in_handler(fun() -> a end)),
    p(heads([1, 2])), p(catch heads([])), p(equal(nothing)), p(equal(just)).

p({'EXIT', {Reason, _}}) -> io:format("exit ~p~n", [Reason]);
p(X) -> io:format("~p~n", [X]).

pair(X) when is_integer(X) -> {ok, X + 1};
pair(X) -> {error, X}.

use_pair(X) ->
    {Tag, Value} = pair(X),
    case Tag of
        ok -> {yes, Value};
        error -> {no, Value}
    end.

exported({ok, X}) -> {one, X};
exported(X) when is_tuple(X), tuple_size(X) =:= 3 -> {two, element(2, X), element(3, X)};
exported(X) when is_list(X) -> list;
exported(X) -> {A, _} = X, A.

floats(A, B) when is_float(A); is_float(B) -> C = A * B + 1, D = C - A / B, {C, D, C * D};
floats(A, B) when is_float(B) -> {never, A, B};
floats(A, B) -> A * B * 2.0.

chain(X, N) -> chain(X, N, 0.0).
chain(_, 0, Sum) -> Sum;
chain(X, N, Sum) -> chain(X, N - 1, Sum + 1 / (X * N) - X * 0.5).

half(X) -> X / 2.
negate(X) when is_float(X) -> {-X, -X * 2.0, X}.
mixed(F, I) when is_float(F) -> F + I * 2 - F * I.

record(#r{b = B} = R) when is_float(B) ->
    R1 = R#r{c = [R#r.a + 1 | R#r.c]},
    {R1#r.a, R1#r.b * 2, hd(R1#r.c), tl(R1#r.c)}.

is_it(X) -> {is_record(X, r), is_record(X, r, 3), is_tuple(X) andalso element(1, X) =:= r}.
is_big(X) when is_record(X, r, 4) -> {big, element(4, X)};
is_big(X) when is_tuple(X), element(1, X) =:= q orelse tuple_size(X) < 3 -> {tuple, tuple_size(X)};
is_big(_) -> other.

bools(X) when is_boolean(X) ->
    A = not X,
    B = case X of true -> 1; false -> 0 end,
    C = if A -> no; X -> yes end,
    {A, B, C, X andalso A, A orelse X};
bools(X) -> X andalso true.

forever(0) -> {done, []};
forever(N) -> {done, L} = forever(N - 1), {done, [N | L]}.

tags(L) -> [tag(X) || X <- L].
tag(X) when is_tuple(X) ->
    case X of
        {b, N} -> {pair, N};
        {c, _, N} -> {triple, N};
        _ -> tuple
    end;
tag(X) when is_atom(X) -> atom;
tag([_ | _] = X) -> length(X).

in_handler(F) ->
    X = try F() of V when is_float(V) -> {float, V * 2.0}; V -> {other, V} catch throw:T -> {thrown, T} end,
    {_, Y} = X,
    {Y, X}.

heads(L) -> {A, B} = {hd(L), tl(L)}, [A | B] =:= L.
equal(X) -> Y = wrap(X), {Y =:= {nothing}, Y =/= {just}, Y == {X}}.
wrap(X) -> {X}.
