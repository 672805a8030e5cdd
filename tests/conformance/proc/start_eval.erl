%%! erl -eval io:put_chars([$e,10]) -eval io:put_chars([$f,10]),ok. -eval X=10,io:put_chars([$g,X])
%%% Expressions on the command line, with a full stop and without.
-module(start_eval).
-export([main/0]).

main() ->
    io:format("~p~n", [proplists:get_all_values(eval, init:get_arguments())]).
