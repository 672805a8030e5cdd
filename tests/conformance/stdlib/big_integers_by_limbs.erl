%% Arithmetic on integers around the borders of machine words, all operators on all pairs.
-module(big_integers_by_limbs).
-export([main/0]).

main() ->
    Near = [(Sign * (1 bsl Bits)) + D || Bits <- [0, 31, 58, 59, 60, 61, 63, 64, 65, 127, 128, 191, 192, 640],
                                         Sign <- [1, -1], D <- [-1, 0, 1]],
    Mixed = [-(16#ffffffffffffffff0000000000000000ffffffffffffffff), 16#80000000000000000000000000000000fffffffe],
    Numbers = lists:usort([0 | Near ++ Mixed]),
    Operators = ['+', '-', '*', 'div', 'rem', 'band', 'bor', 'bxor'],
    [io:format("~w ~w~n", [Operator, sum([result(Operator, A, B) || A <- Numbers, B <- Numbers])])
     || Operator <- Operators],
    Shifts = [0, 1, 3, 59, 60, 61, 63, 64, 65, 128, 700, -1, -64, -65, -700],
    io:format("bsl ~w~n", [sum([A bsl S || A <- Numbers, S <- Shifts])]),
    io:format("bsr ~w~n", [sum([A bsr S || A <- Numbers, S <- Shifts])]),
    [io:format("~w ~w ~w ~w ~w~n", [A, -A, abs(A), bnot A, A * A =:= abs(A) * abs(A)]) || A <- Numbers],
    [io:format("~s ~s ~s~n", [integer_to_list(A), integer_to_list(A, 16), integer_to_list(A, 36)])
     || A <- Numbers],
    true = lists:all(fun(A) -> list_to_integer(integer_to_list(A)) =:= A end, Numbers),
    Long = factorial(900),
    io:format("~w~n~w~n~w~n", [Long, Long div factorial(890), (Long + 1) rem factorial(450)]),
    true = all(fun(A, B) -> B =:= 0 orelse (A div B) * B + A rem B =:= A end, [Long | Numbers]),
    true = all(fun(A, B) -> (A bxor B) =:= ((A bor B) - (A band B)) end, [Long, -Long | Numbers]),
    ok.

result(Operator, A, B) ->
    try erlang:Operator(A, B) catch error:Reason -> length(atom_to_list(Reason)) end.

%% One number that depends on all of them and on their order.
sum(Numbers) ->
    lists:foldl(fun(N, Sum) -> (Sum * 31 + N) rem ((1 bsl 521) - 1) end, 7, Numbers).

all(Test, Numbers) ->
    lists:all(fun(A) -> lists:all(fun(B) -> Test(A, B) end, Numbers) end, Numbers).

factorial(0) -> 1;
factorial(N) -> N * factorial(N - 1).
