-module(warn_filters).
-export([f/1]).
f(X) ->
    [[Y || Y <- X, false], [Y || Y <- X, 1 > 2], [Y || Y <- X, foo], [Y || Y <- X, begin 1 end],
     [Y || Y <- X, X = 1], [Y || Y <- X, not true], [Y || Y <- X, {a}], << <<Y>> || Y <- X, is_atom(1) >>].
