%%! erl -boot start_sasl -eval
%% The boot file that starts sasl as well, and an -eval that has nothing to evaluate.
-module(boot_with_sasl).
-export([main/0]).

main() ->
    io:format("~p~n", [lists:sort([Name || {Name, _, _} <- application:which_applications()])]),
    io:format("~p~n", [filename:basename(init:script_name())]),
    io:format("~p~n", [is_pid(whereis(sasl_sup))]).
