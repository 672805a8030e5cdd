%%% Exported and unsafe variables are reported wherever they stand in a pattern; sizes see their own bit string only.
-module(patterns_repeated_faults).
-export([f/1, g/1, h/1, i/0, j/1, k/1, a/2, b/2, c/3, d/1, e/2]).

-record(r1, {}).
-record(r2, {x = #r1{}}).
-record(r3, {x = #r2{}}).
-record(r4, {x}).
-record(r5, {x = #r4{x = 1}}).

f(X) ->
    case X of 1 -> A = 1; 2 -> B = 2, A = 3 end,
    case X of {A, A} -> ok; {[A | A], #{a := A}} -> ok; <<A, A>> -> 1; {<<A>>, <<A>>} -> ok; _ -> B end.

g(X) ->
    case X of 1 -> A = 1; 2 -> B = 2 end,
    case X of {A, A} -> ok; {[A | A], #{a := A}} -> ok; _ -> B end.

h(X) ->
    case X of 1 -> A = 1; 2 -> B = 2 end,
    case X of <<A, A, B:A>> -> 1 end.

i() ->
    if true -> V = a end,
    case #{a => V} of
        W ->
            case fun() -> a end of
                V -> V
            end,
            case a of V -> W end
    end.

j(L) -> [a || X <- L, X <- X].

k(#r5{x = X}) -> X.

a(V, <<A:V, B:V, C:(V + 1), D:(V + 1), _/bits>>) -> {A, B, C, D}.
b((V = 3), [{W = 1, <<V, W, A:V/bits, B:(W + 1)>>}]) -> {A, B}.
c(X, [<<A, B:A, C:(A + B)>>, <<D:A, E:(B + 1)>>], Y) -> {C, D, E, X, Y}.
d(L) -> [A || <<A, B:A, C:B>> <- L, <<C:Q>> <= A].
e(V, L) -> [V || <<V:V, W:V>> <= L].
