-module(mac_if_bits).
-export([main/0]).

%% Bit strings in the conditions of -if.

-define(N, 2).
-if(<<1:8>> =:= <<1>>).
a() -> yes.
-else.
a() -> no.
-endif.
-if(byte_size(<<1, 2, "abc", ?N:16>>) == 7).
b() -> yes.
-else.
b() -> no.
-endif.
-if(binary_part(<<1, 2>>, 0, 1) =:= <<1>> andalso is_bitstring(<<1:?N>>) andalso not is_binary(<<1:?N>>)).
c() -> yes.
-else.
c() -> no.
-endif.
-if(bit_size(<<<<1, 2>>/binary, 1.0:64/float, 5:?N/little-unit:4>>) =:= 88).
d() -> yes.
-else.
d() -> no.
-endif.
-if(<<a>> =:= <<a>>).
e() -> yes.
-elif(<<"é"/utf8>> =:= <<195, 169>>).
e() -> elif.
-else.
e() -> no.
-endif.
-if(<<X:8>> =:= <<1>>).
f() -> yes.
-else.
f() -> no.
-endif.
-if(<<1:(-1)>> =:= <<>>).
g() -> yes.
-else.
g() -> no.
-endif.

main() -> io:format("~p~n", [[a(), b(), c(), d(), e(), f(), g()]]).
