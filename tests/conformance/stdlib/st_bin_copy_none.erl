%% no copies of bits that are no bytes; the length of what is no text
-module(st_bin_copy_none).
-export([main/0]).

main() ->
    [io:format("~p ~p~n", [N, try binary:copy(Bits, N) catch Class:Reason -> {Class, Reason} end])
     || Bits <- [<<1:1>>, <<1, 2, 1:3>>, <<1, 2>>, <<>>, a, "x"], N <- [0, 1, 2, -1, x]],
    [io:format("~p~n", [try string:length(Text) catch Class:Reason -> {Class, Reason} end])
     || Text <- [[-1.0], [1.5], [-3], [300.5], [-1.0, 97], [a]]].
