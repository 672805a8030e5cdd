%%% Bit strings matched by fixed sizes: the source of `later.S`.
-module(later).
-export([header/1, pair/2, pick/1, units/1, big/1, tail/1, string/1, walk/2, bits/1]).
header(<<4:4, Length:4, _:8, Total:16, 17:8, Rest/binary>>) -> {udp, Length, Total, Rest};
header(<<4:4, Length:4, _:8, Total:16, Kind:8, Rest/binary>>) -> {Kind, Length, Total, Rest};
header(<<6:4, _:28, Rest/binary>>) -> {six, Rest};
header(<<Version:4, _/bits>>) -> {version, Version};
header(<<>>) -> empty;
header(Other) -> {other, Other}.
pair(A, <<B:2/binary, C:3/binary-unit:4, _/bits>>) -> {A, B, C};
pair(_, _) -> none.
pick(<<1, X:16/signed-little>>) -> {one, X};
pick(<<2, X:24/signed>>) -> {two, X};
pick(<<2, X:8>>) -> {short, X};
pick(_) -> none.
units(<<_:3, Rest/binary>>) -> {bytes, Rest};
units(<<_:3, Rest/bits>>) -> {bits, Rest}.
big(<<A:128, B:72/little-signed>>) -> {A, B};
big(<<A:128>>) -> A;
big(_) -> no.
tail(<<_:5, Rest/bits>>) -> Rest;
tail(B) -> B.
string(<<"content-length: ", N/binary>>) -> {length, N};
string(<<"content", N/binary>>) -> {content, N};
string(B) -> B.
walk(<<0:1, X:7, Rest/binary>>, Sum) -> walk(Rest, Sum + X);
walk(<<1:1, X:15, Rest/binary>>, Sum) -> walk(Rest, Sum + X);
walk(<<>>, Sum) -> {done, Sum};
walk(Rest, Sum) -> {Rest, Sum}.
bits(<<A:1, B:1, C:1, D:13/little>>) -> {A, B, C, D};
bits(<<A:1, B:7/bits>>) -> {A, B};
bits(_) -> no.
