%% What init says when a function that the command line starts fails: nothing was printed before, so that
%% all that is needed to print a term is loaded then.
-module(start_fails).
-export([main/0]).

main() ->
    exit({no_way, 'An atom', [1, 2], "text"}).
