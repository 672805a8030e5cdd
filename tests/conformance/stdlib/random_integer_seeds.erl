%% random: seeds that are one integer
-module(random_integer_seeds).
-compile(nowarn_deprecated_function).
-export([main/0]).

main() ->
    Seeds = [0, 1, 2, 30268, -1, -2, -65536, 123456789012345678, -123456789012345678901234567890]
        ++ [1 bsl Bit || Bit <- lists:seq(15, 70, 5)] ++ [(1 bsl Bit) - 1 || Bit <- lists:seq(16, 70, 9)],
    [begin
         random:seed(Seed),
         State = get(random_seed),
         io:format("~w: ~w ~w ~w~n", [Seed, State, random:uniform(1000000), random:uniform()])
     end || Seed <- Seeds],
    io:format("~0p ~0p~n", [random:seed(5) =/= undefined, catch element(1, catch random:seed(a))]).
