-module(warn_size_all).
-export([f/1, g/1]).

f(B) -> <<B:all>>.

g(B) when <<B:all>> =:= B -> <<B:all/binary, 1:foo>>.

record_info(a, b) -> c.
