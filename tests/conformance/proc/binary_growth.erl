%% Bit strings that grow where they lie: what was taken from them before stays as it was.
-module(binary_growth).
-export([main/0]).

main() ->
    io:format("parts ~p~n", [parts(<<>>, 0, [])]),
    io:format("bits ~p~n", [bits(<<>>, 0, [])]),
    io:format("twice ~p~n", [twice()]),
    io:format("sent ~p~n", [sent()]),
    io:format("table ~p~n", [table()]),
    io:format("own ~p~n", [own()]),
    io:format("tail ~p~n", [tail()]),
    io:format("size ~p~n", [sizes(<<>>, 1)]).

%% Every so often the string so far, and a part of it, is kept.
parts(B, 400000, Kept) ->
    [{byte_size(K), erlang:crc32(K)} || K <- lists:reverse([B | Kept])];
parts(B, N, Kept) when N rem 50000 =:= 7 ->
    <<_:3/binary, Part:(byte_size(B) div 2)/binary, _/binary>> = B,
    parts(<<B/binary, N:64, (N * 3):32>>, N + 1, [B, Part | Kept]);
parts(B, N, Kept) ->
    parts(<<B/binary, N:64, (N * 3):32>>, N + 1, Kept).

bits(B, 300000, Kept) ->
    [{bit_size(K), erlang:crc32(<<K/bits, 0:(-bit_size(K) band 7)>>)} || K <- lists:reverse([B | Kept])];
bits(B, N, Kept) when N rem 60000 =:= 11 ->
    <<_:5, Part:(bit_size(B) div 3)/bits, _/bits>> = B,
    bits(<<B/bits, N:13>>, N + 1, [B, Part | Kept]);
bits(B, N, Kept) ->
    bits(<<B/bits, N:13>>, N + 1, Kept).

fill(B, 0) -> B;
fill(B, N) -> fill(<<B/binary, N:32>>, N - 1).

%% Two strings with the same beginning, both go on growing.
twice() ->
    B = fill(<<>>, 100000),
    L = fill(<<B/binary, "left">>, 200000),
    R = fill(<<B/binary, "right">>, 150000),
    {erlang:crc32(B), erlang:crc32(L), erlang:crc32(R)}.

%% Another process has a part while the string grows.
sent() ->
    Self = self(),
    Reader = spawn_link(fun() ->
        receive {take, Part} -> Before = erlang:crc32(Part) end,
        Self ! taken,
        receive look -> ok end,
        Self ! {Before =:= erlang:crc32(Part), byte_size(Part), Before}
    end),
    B = fill(<<>>, 90000),
    <<_:100/binary, Part:200000/binary, _/binary>> = B,
    Reader ! {take, Part},
    receive taken -> ok end,
    C = fill(B, 500000),
    Reader ! look,
    receive Answer -> {Answer, byte_size(C), erlang:crc32(C)} end.

table() ->
    T = ets:new(t, []),
    B = fill(<<>>, 80000),
    ets:insert(T, {b, B}),
    C = fill(B, 400000),
    [{b, D}] = ets:lookup(T, b),
    {D =:= B, erlang:crc32(D), erlang:crc32(C)}.

%% A string appended to itself.
own() ->
    B = fill(<<>>, 1000),
    C = lists:foldl(fun(_, X) -> <<X/binary, X/binary>> end, B, lists:seq(1, 10)),
    {byte_size(C), erlang:crc32(C), erlang:crc32(B)}.

%% The end of a string that does not grow.
tail() ->
    B = binary:copy(<<"abcdefgh">>, 1000),
    <<_:10/binary, Rest/binary>> = B,
    C = fill(Rest, 300000),
    {byte_size(B), erlang:crc32(B), byte_size(Rest), erlang:crc32(C), lit(<<"z">>)}.

lit(End) ->
    L = <<"a literal of more than sixty-four bytes, that others may read while it is appended to: 0123456789">>,
    <<_:4/binary, Rest/binary>> = L,
    C = fill(<<Rest/binary, End/binary>>, 300000),
    {byte_size(L), byte_size(C), erlang:crc32(L), erlang:crc32(C)}.

%% What is appended grows too.
sizes(B, N) when N > 3000000 -> {byte_size(B), erlang:crc32(B)};
sizes(B, N) -> sizes(<<B/binary, (binary:copy(<<N:16>>, N))/binary>>, N * 3).
