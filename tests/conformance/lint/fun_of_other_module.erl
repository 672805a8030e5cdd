-module(fun_of_other_module).
-export([a/0,b/0,c/1,d/0,e/0,f/1,g/0,h/0,i/0]).
a() -> (fun erlang:atom_to_list/1)(1).
b() -> F = fun erlang:atom_to_list/1, F(1).
c(X) -> F = fun erlang:atom_to_list/1, F(X), F(X).
d() -> F = fun erlang:atom_to_list/1, {F(1), F(1, 2)}.
e() -> F = fun erlang:length/1, 1 + F([a]) + F(a).
f(X) -> F = fun lists:nope/1, F(X), F([a]).
g() -> F = fun erlang:self/0, F(), F(1), ok.
h() -> F = fun erlang:'+'/2, F(1, a), F(1, 2), ok.
i() -> F = fun lists:reverse/1, F(a), F([1]), ok.
