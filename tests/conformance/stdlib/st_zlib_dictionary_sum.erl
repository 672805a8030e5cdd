-module(st_zlib_dictionary_sum).
-export([main/0]).

%% The checksum of a dictionary is a signed number wherever it is told; positions in tuples are small integers.
main() ->
    D = binary:copy(<<255>>, 300),
    Z = zlib:open(),
    ok = zlib:deflateInit(Z),
    io:format("~p ~p~n", [zlib:deflateSetDictionary(Z, D), erlang:adler32(D)]),
    C = zlib:deflate(Z, D, finish),
    io:format("~p~n", [zlib:safeInflate(inflating(), C)]),
    io:format("~p~n", [try zlib:inflate(inflating(), C) catch error:Reason -> Reason end]),
    I = inflating(),
    io:format("~p~n", [zlib:inflate(I, C, [{exception_on_need_dict, false}])]),
    io:format("~p~n", [zlib:inflateSetDictionary(I, D)]),
    io:format("~p~n", [zlib:inflate(I, <<>>) =:= [D]]),
    io:format("~p~n", [[try lists:F(k, N, []) catch error:E -> E end
                        || F <- [keysearch, keyfind, keymember], N <- [1 bsl 58, 1 bsl 59, 1 bsl 70]]]).

inflating() ->
    Z = zlib:open(),
    ok = zlib:inflateInit(Z),
    Z.
