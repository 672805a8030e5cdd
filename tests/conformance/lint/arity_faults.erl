-module(arity_faults).
-export([f/1,f/2,g/0,h/0,i/0,j/0,k/0]).
f(X) -> g(X). f(X, Y) -> h(X, Y), erlang:h(X). g() -> fun g/1. h() -> fun ?MODULE:h/1. i() -> ?MODULE:nope(1). j() -> apply(?MODULE, nope, []). k() -> spawn(fun l/0), spawn(?MODULE, nope, []), lists:map(fun f/3, []).
