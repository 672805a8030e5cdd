-module(syntax_faults).
-export([main/0]).
main() -> try 1 of 1 -> a after b end, try 1 end.
f() -> receive end.
g() -> case 1 of end.
h() -> if end.
i() -> fun end.
j() -> begin end.
k() -> [|a].
l() -> {,}.
m() -> <<,>>.
n() -> #{a}.
o() -> #{a => }.
p() -> f(a,).
q() -> a:.
r() -> X = .
s() -> 1 + .
t() -> -> a.
u() when -> a.
v( -> a.
