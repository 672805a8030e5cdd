%%% Calls what is in `later.S` and prints what comes of it.
-module(later_main).
-export([main/0]).

main() ->
    [show(later, F, A) || {F, A} <- [
        {header, [<<16#45, 0, 20:16, 17, "rest">>]}, {header, [<<16#45, 0, 20:16, 6, "rest">>]}, {header, [<<16#60, 0, 0, 0, 1, 2>>]},
        {header, [<<16#60, 0>>]}, {header, [<<16#71>>]}, {header, [<<>>]}, {header, [<<1:3>>]}, {header, [<<16#45, 0, 20:16, 17, 1:1>>]}, {header, [x]},
        {pair, [a, <<1, 2, 3, 4, 5>>]}, {pair, [a, <<1, 2, 3>>]}, {pair, [{b}, <<1, 2, 3, 15:4>>]}, {pair, [a, list_to_binary(lists:seq(1, 100))]},
        {pick, [<<1, 255, 255>>]}, {pick, [<<2, 255, 0, 1>>]}, {pick, [<<2, 9>>]}, {pick, [<<2>>]}, {pick, [<<1, 2>>]}, {pick, [<<2, 0, 0, 1, 1>>]},
        {units, [<<1:3, 5, 6>>]}, {units, [<<1:3, 5, 1:2>>]}, {units, [<<1, 2>>]}, {units, [<<1:2>>]},
        {big, [<<-1:128, -2:72/little>>]}, {big, [<<1:1, 5:127>>]}, {big, [<<5:72>>]},
        {tail, [<<1, 2, 3>>]}, {tail, [<<1:4>>]}, {tail, [<<9:5>>]},
        {string, [<<"content-length: 12">>]}, {string, [<<"content-type">>]}, {string, [<<"contents">>]}, {string, [<<"conten">>]}, {string, [<<>>]},
        {walk, [<<1, 2, 255, 255, 3>>, 0]}, {walk, [<<1, 128>>, 0]}, {walk, [<<1, 1:7>>, 0]}, {walk, [binary:copy(<<127, 255, 255>>, 1000), 0]},
        {bits, [<<5:3, 1:8, 2:5>>]}, {bits, [<<200>>]}, {bits, [<<1:7>>]}
    ]].

show(Module, F, A) ->
    io:format("~w ~w~n", [F, try apply(Module, F, A) catch Class:Reason -> {Class, Reason} end]).
