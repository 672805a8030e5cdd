-module(bif_clash_options).
%%! erlc +{nowarn_bif_clash,[{self,0},{min,2}]}
-export([f/0]).
-compile({nowarn_bif_clash, [{abs, 1}]}).
-import(somewhere, [max/2]).

f() -> {abs(1), self(), min(1, 2), max(1, 2), floor(1.0), node()}.

abs(X) -> X.
self() -> me.
min(X, _) -> X.
floor(X) -> X.
node() -> here.
