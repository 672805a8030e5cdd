%% Integers of fixed sizes in bit strings: built alone and behind others, and read at any bit.
-module(bs_fixed_sizes).
-export([main/0]).
main() ->
    Vs = [0,1,-1,5,127,128,255,256,65535,-32768,16#123456789ab,-16#123456789ab, (1 bsl 59)-1, -(1 bsl 59), 1 bsl 60, 1 bsl 70],
    Pre = [<<>>, <<1:1>>, <<5:3>>, <<1,2,3>>, <<7:5,9>>, list_to_binary(lists:duplicate(70, 7)), <<(list_to_binary(lists:duplicate(70, 7)))/binary, 3:3>>],
    H = lists:foldl(fun(T, A) -> erlang:phash2({A, T}) end, 0, [ {V, c(V), catch a(P, V), m(<<P/bits, V:64, V:64/little, V:64>>)} || V <- Vs, P <- Pre]),
    io:format("~w~n", [H]),
    io:format("~w~n", [[a(P, V) || V <- [0, -1, 16#12345678], P <- Pre]]),
    io:format("~w~n", [[m(<<P/bits, V:64, V:64/little, V:64>>) || V <- [0, -1, 16#123456789abcdef], P <- Pre]]),
    io:format("~w~n", [[u(B) || B <- [<<"aé€😀">>, <<200>>, <<16#e2,130>>, <<1:1, "é€"/utf8, 0:7>>, <<>>]]]),
    io:format("~w~n", [grow(<<>>, 3, 200)]),
    io:format("~w~n", [erlang:md5(term_to_binary([grow(<<>>, N, 300) || N <- lists:seq(1, 64)]))]).
c(V) -> {<<V>>, <<V:16>>, <<V:16/little>>, <<V:24, V:8>>, <<V:64>>, <<V:64/little>>, <<V:7, V:9>>, <<V:5>>, <<V:32/little, V:32>>, <<V:8/unit:2>>, <<V:60, V:4>>}.
a(P, V) -> {<<P/bits, V>>, <<P/bits, V:5>>, <<P/bits, V:5, V:3>>, <<P/bits, V:16/little, V:32>>, <<P/bits, V:64>>, <<P/bits, V:57>>, <<P/bits, V:56/little>>, <<P/bits, V:1>>,
  begin X = <<P/bits, V:5>>, Y = <<X/bits, V:11>>, Z = <<X/bits, V:3>>, {X, Y, Z} end}.
m(B) -> [ try f(N, B) catch C:_ -> C end || N <- lists:seq(1, 22)].
f(1, <<A:5, B:3, R/bits>>) -> {A, B, byte_size(R)};
f(2, <<A:5/signed, B:3/signed, R/bits>>) -> {A, B, bit_size(R)};
f(3, <<A:16/little, _/bits>>) -> A;
f(4, <<A:16/little-signed, _/bits>>) -> A;
f(5, <<A:13/little-signed, _/bits>>) -> A;
f(6, <<A:13/little, B:3, C/signed, _/bits>>) -> {A,B,C};
f(7, <<_:3, A:56, _/bits>>) -> A;
f(8, <<_:3, A:56/little, _/bits>>) -> A;
f(9, <<_:3, A:56/little-signed, _/bits>>) -> A;
f(10, <<_:3, A:57/little-signed, _/bits>>) -> A;
f(11, <<A:64/signed, _/bits>>) -> A;
f(12, <<_:7, A:64/little, _/bits>>) -> A;
f(13, <<_:1, A:24, _/bits>>) -> A;
f(14, <<A:24, B:24/little, _/bits>>) -> {A, B};
f(15, <<A:0, B:8, _/bits>>) -> {A, B};
f(16, <<A:32/signed, B:32/little-signed, _/bits>>) -> {A, B};
f(17, <<N:3, A:N, _/bits>>) -> {N, A};
f(18, <<N:3, A:N/signed, _/bits>>) -> {N, A};
f(19, <<N:3, A:N/signed-little, _/bits>>) -> {N, A};
f(20, <<_:20, A:3/unit:8, _/bits>>) -> A;
f(21, <<A/utf8, _/bits>>) -> A;
f(22, <<A/utf16, B/utf32, _/bits>>) -> {A, B}.
u(<<C/utf8, R/bits>>) -> [C | u(R)];
u(<<_:1, R/bits>>) -> [x | u(R)];
u(R) -> [R].
grow(B, _, 0) -> B;
grow(B, N, K) -> grow(<<B/bits, K:N>>, N, K - 1).
