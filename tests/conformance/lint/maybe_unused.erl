%%% Which variables count as unused around `maybe`.
%%! erlc -enable-feature maybe_expr
-module(maybe_unused).
-feature(maybe_expr, enable).
-export([f/1, g/2, h/1, i/1, j/2, k/1]).

f(A) ->
    case A of
        V ->
            case true of
                _ -> maybe false end
            end
    end.

g(A, B) ->
    X = 1,
    case A of
        1 -> R = maybe {ok, Y} ?= A, Z = 1, Y else Q -> ok end;
        _ -> R = 2
    end,
    {B, R}.

h(A) ->
    case A of 1 -> B = 1; 2 -> C = 2 end,
    case A of 2 -> maybe C end; _ -> C end,
    C.

i(A) ->
    case A of 1 -> B = 1; 2 -> B = 2 end,
    case A of 2 -> maybe B end; _ -> ok end,
    B.

j(A, D) ->
    X = 1,
    F = fun(V) -> case A of 1 -> maybe ok end; 2 -> ok end end,
    [maybe ok else E -> 1 end || _ <- A].

k(A) ->
    case A of
        a -> a;
        [V | W] -> W
    end,
    fun(X) -> #{b => case a of a -> maybe X end end};
       (_) -> a
    end.
