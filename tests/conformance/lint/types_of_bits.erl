%% Types of bit strings that are written otherwise.
-module(types_of_bits).
-spec f3() -> <<_:X>>.
f3() -> 1.
-spec f5() -> <<X:1>>.
f5() -> 1.
-spec f6() -> <<_:8,_:8>>.
f6() -> 1.
-spec f7() -> <<_:_*8,_:8>>.
f7() -> 1.
-spec f8() -> <<_:_*8,_:_*8>>.
f8() -> 1.
-spec f9() -> <<_:X*8>>.
f9() -> 1.
-spec fa() -> <<_:8,X:_*8>>.
fa() -> 1.
-spec fb() -> <<_:8*8>>.
fb() -> 1.
-spec fc() -> <<_:8*_>>.
fc() -> 1.
-spec fd() -> <<_:8,_:_*8,_:3>>.
fd() -> 1.
