%%% Which variables count as used or exported where another mistake, a fun, a comprehension or `maybe` stands around
%%% their uses.
%%! erlc -enable-feature maybe_expr
-module(unused_beside_mistakes).
-feature(maybe_expr, enable).
-export([a/1, b/1, c/2, d/1, e/2, g/1, h/1, i/2, j/1, k/2, l/1, m/2, n/1, o/2]).

-record(r, {x, y}).

a(A) ->
    V = 1,
    case A of 1 -> W = V; _ -> #nothing{a = V} end,
    W.

b(A) ->
    fun(X, X) -> Z end(A, A),
    Y = 2,
    [Y || Q <- A, Unbound].

c(A, B) ->
    {V, #{V := _}} = A,
    {W, <<W:W>>, _} = B,
    ok.

d(A) ->
    V = 1,
    #r{x = V, z = W} = A,
    #r{nothing = V}.

e(A, B) ->
    if A -> V = 1; true -> V = 2 end,
    {V, fun() -> V end, begin V end},
    case B of 1 -> V; _ -> fun() -> V end end,
    V.

g(A) ->
    case A of 1 -> V = 1; 2 -> W = 2 end,
    F = fun() -> V end,
    G = [W || _ <- A],
    {V, W, F, G}.

h(A) ->
    maybe
        {ok, V} ?= A,
        W = V,
        X = 1,
        W
    else
        Y -> V = Y
    end.

i(A, B) ->
    try V = A, W = B, V of
        X -> W
    catch
        _:V -> ok;
        _:_:W -> W
    after
        Z = V
    end.

j(A) ->
    V = 1,
    F = fun G(0) -> V = 2, G; G(V) -> H = V, ok end,
    [V || V <- A, V <- V].

k(A, B) ->
    case A of
        1 -> V = 1, maybe V ?= B, W = V end;
        _ -> V = 2
    end,
    {A, V, W}.

l(A) ->
    V = begin case A of 1 -> W = 1; _ -> W = 2 end, W end,
    {W, W, V}.

m(A, B) ->
    case A of _ when B -> V = 1; _ when Nothing -> V = 2 end,
    X = (V andalso (Y = B)),
    {V, Y}.

n(A) ->
    (catch V = A),
    [V || V <- [W]],
    _X = 1,
    _X = A.

o(A, B) ->
    receive {A, V} -> V; W -> V = W after B -> X = 1, V = X end,
    #{V => V, A => (Y = 1), Y => Y},
    V#{A := Y}.
