%%! erlc +{error_location,line}
-module(foreseen_by_line).
-export([f/0, g/1]).

%% What is foreseen twice in one line is told once, what the linter finds twice is told twice.
f() -> {a}, [1], "abc", fun(X) -> X end, fun(Y) -> 1 end, fun(Y) -> 2 end, 1 == 2, ok.

g(L) -> [X || X <- L, foo], [X || X <- a], hd([]), element(3, {1}), hd([]), L.
