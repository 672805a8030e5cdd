-module(segment_faults).
-export([main/0]).
main() -> <<1:8/foo>>, <<1/integer-float>>, <<a/utf8:3>>, <<1:3/utf8>>, <<1/binary>>, <<"a"/float>>, <<X:8, X/integer-unit:300>>, <<1/unit:8>>, <<(1):(a)>>, <<1:1.5>>.
