%%% Bit strings built in all ways: the source of `former.S`.
-module(former).
-export([byte/1, mixed/2, append/3, each/1, halves/1, characters/2, floats/1, odd/1, part/2, record/3, guard/2, long/2]).
byte(X) -> <<X>>.
mixed(X, Y) -> <<X:16, Y:8/signed-little, "abc">>.
append(B, X, N) -> <<B/binary, X:N>>.
each(L) -> << <<X:8>> || X <- L >>.
halves(B) -> << <<X:8>> || <<X:4>> <= B >>.
characters(C, D) -> <<C/utf8, D/utf16-little, C/utf32>>.
floats(F) -> <<F/float, F:32/float-little>>.
odd(B) -> <<1:3, B/bitstring, 2:5>>.
part(B, N) -> <<B:N/binary-unit:4, 1:1>>.
record(B, Size, X) -> {<<Size:32, B:Size/binary, X:(Size*3)/unit:2>>, [Size | X]}.
guard(X, N) when <<X:N>> =:= <<1:3>> -> yes;
guard(_, _) -> no.
long(B, N) -> {x, <<B/binary, N:1024>>, [N]}.
