%% Floats that are used on several ways after they were made, with tests, calls and failures between.
-module(float_across_tests).
-export([main/0]).

main() ->
    Values = [{A, B} || A <- [0.0, -1.5, 2.0, 1.0e200, 3], B <- [0.5, -2.0, 1.0e150, 7]],
    [io:format("~w ~w ~w~n", [A, B, [try F(A, B) catch C:R -> {C, R} end || F <- funs()]]) || {A, B} <- Values],
    [io:format("~w~n", [try loop(X, Y, 0, []) catch error:R -> R end]) || {X, Y} <- [{0.1, 0.2}, {1.1, 0.9}, {3.0, -2.0}, {0.3, 0.0}]],
    io:format("~w~n", [many(1.25, 2.5, 3.75)]).

funs() ->
    [fun one/2, fun two/2, fun three/2, fun four/2, fun five/2, fun six/2].

one(A, B) when is_float(A), is_float(B) ->
    X = A * A,
    Y = B * B,
    if X + Y > 100.0 -> {big, X - Y, X, Y};
       X > Y -> {first, X / (Y + 1.0), X - Y};
       true -> {second, Y - X, Y, X, A + B}
    end;
one(A, B) -> {other, A * 1.0 + B}.

two(A, B) ->
    X = A + 0.5,
    Y = case X > B of
            true -> X - B;
            false -> B - X
        end,
    Z = id(X) + Y,
    {X, Y, Z, X * Y * Z}.

three(A, B) ->
    X = A * 2.0,
    R = try X * B * 1.0e100 of V -> V + X catch error:badarith -> X end,
    {R, X + B, X - B}.

four(A, B) ->
    X = A * 1.5,
    case {X, B} of
        {P, Q} when P < Q -> P + Q;
        {P, _} when P > 10.0; P < -10.0 -> {P * 2.0, X};
        {P, Q} -> [P, Q, P - Q, X + 1.0]
    end.

five(A, B) ->
    X = A - 0.25,
    self() ! {X, B},
    receive {V, W} when V == X -> V * X + W end.

six(A, B) ->
    X = A * 0.5,
    Y = X + B,
    {X1, Y1} = if is_float(B), Y > 0.0 -> {X + Y, X - Y}; true -> {Y, X} end,
    Z = X1 * Y1,
    if Z < 0.0 -> {-Z, X, Y}; Z == 0.0 -> zero; true -> Z + X + Y + X1 + Y1 end.

id(X) -> X.

loop(_, _, 12, Acc) -> lists:reverse(Acc);
loop(X, Y, N, Acc) ->
    X2 = X * X,
    Y2 = Y * Y,
    if
        X2 + Y2 > 4.0, N rem 2 =:= 0 -> loop(X2 / Y2, Y / 2.0, N + 1, [X2 | Acc]);
        X2 + Y2 > 4.0 -> loop(X / 3.0, Y2 / X2, N + 1, [Y2, X | Acc]);
        true -> loop(X2 - Y2 + 0.5 + X, 2.0 * X * Y + 0.25 + Y, N + 1, [X2 + Y2 | Acc])
    end.

%% More floats than there are registers.
many(A, B, C) ->
    V1 = A * B, V2 = B * C, V3 = A * C, V4 = V1 + V2, V5 = V2 + V3, V6 = V1 - V3, V7 = V4 * V5, V8 = V5 - V6, V9 = V7 / V8,
    W1 = if V9 > 1.0 -> V1 + V9; true -> V2 - V9 end,
    W2 = if W1 > V4 -> V3 * W1; true -> V4 - W1 end,
    W3 = if W2 > V5 -> V5 * W2; true -> V6 - W2 end,
    U1 = W1 * V1 + V2, U2 = W2 * V2 + V3, U3 = W3 * V3 + V4, U4 = U1 * V4 - V5, U5 = U2 * V5 - V6, U6 = U3 * V6 - V7,
    T1 = U1 + U2 * U3 - U4, T2 = U4 * U5 + U6, T3 = U6 - U5 * U4, T4 = T1 + T2 * T3, T5 = T4 - T1 / T2,
    S = if T5 > T4 -> T5 - V1 + V2 - V3; T5 < T1 -> T1 + V4 - V5 + V6; true -> T2 * V7 - V8 end,
    R = case S of X when X > 0.0 -> S + V9 + W1 + W2; _ -> S - W3 - U1 - U2 end,
    {V1, V2, V3, V4, V5, V6, V7, V8, V9, W1, W2, W3, U1, U2, U3, U4, U5, U6, T1, T2, T3, T4, T5, S, R}.
