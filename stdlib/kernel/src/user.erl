%%% user: the input and output server of the system as a whole.
%%%
%%% It owns standard input and standard output of a program without a shell;
%%% beside a shell it remains the place where messages of the system appear. The process is
%%% started by `init', and `group' is what it runs.
-module(user).

-export([interfaces/1]).

%% The shell that this process serves, when there is one.
interfaces(User) -> group:noted(User, [shell]).
