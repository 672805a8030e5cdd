%%% A mistake: a variable that is to change.
-module(changed_variable).
-export([count/0]).

count() ->
    N = 0,
    N = N + 1,
    N.
