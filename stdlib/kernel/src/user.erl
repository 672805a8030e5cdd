%%% user: the input and output server of the system as a whole.
%%%
%%% It owns standard input and standard output of a program without a shell;
%%% beside a shell it remains the place where messages of the system appear.
-module(user).

-export([start/1]).

%% Starts the process and gives it its name. Linked to the caller.
start(InputMode) ->
    Starter = self(),
    Pid = spawn_link(fun() ->
                             register(user, self()),
                             Starter ! {self(), registered},
                             group:user(InputMode)
                     end),
    receive {Pid, registered} -> Pid end.
