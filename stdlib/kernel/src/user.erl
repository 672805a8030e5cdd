%%% user: the input and output server of the system as a whole.
%%%
%%% It owns standard input and standard output of a program without a shell;
%%% beside a shell it remains the place where messages of the system appear.
-module(user).

-export([start/1, start_error/0, interfaces/1]).

%% Starts the process and gives it its name. Linked to the caller.
start(InputMode) ->
    start(user, fun() -> group:user(InputMode) end).

%% The same for the process that writes to standard error.
start_error() ->
    start(standard_error, fun() -> group:standard_error() end).

start(Name, Body) ->
    Starter = self(),
    Pid = spawn_link(fun() ->
                             register(Name, self()),
                             Starter ! {self(), registered},
                             Body()
                     end),
    receive {Pid, registered} -> Pid end.

%% The shell that this process serves, when there is one.
interfaces(User) -> group:noted(User, [shell]).
