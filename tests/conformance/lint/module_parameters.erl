-module(module_parameters, [A]).
-export([f/1]).
f(X) -> <<Y:Y>> = X, A.
