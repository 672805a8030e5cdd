%% The program itself asks for places without columns; what is foreseen twice on a line is told once.
-module(lines_asked_for).
-compile({error_location, line}).
-export([f/1, g/1, h/2, k/1]).
f(1) -> a; f(_) -> b; f(1) -> c; f(2) -> d.
g(1) -> a; g(2) -> x; g(1) -> b; g(2) -> c; g(X) -> X.
h(X, Y) -> case X of {a, _} -> a; {a, 1} -> b; {a, 2} -> d; _ -> Y end.
k(X) -> case X of 1 -> a; Y -> Y; 1 -> b; 2 -> d end.
