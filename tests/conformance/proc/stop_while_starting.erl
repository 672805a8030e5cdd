%% The system stops although what it stops has only begun to start: whoever asks init then gets an answer.
-module(stop_while_starting).
-export([main/0]).

main() ->
    spawn(fun() -> [application:get_env(kernel, error_logger) || _ <- lists:seq(1, 50)] end),
    io:format("stopping~n"),
    ok = init:stop(),
    receive after 5000 -> io:format("still here~n") end.
