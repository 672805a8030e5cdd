%%% user_drv: the owner of the terminal while there are shells.
%%%
%%% It keeps the list of jobs, each a `group` with a shell. One job is current:
%%% it gets the lines that are typed. A shell that dies is replaced by a new one.
-module(user_drv).

-export([start/0, interfaces/1]).
-export([server/1, prepare/0]).

%%   jobs      [{Number, Group, Shell}], oldest first
%%   current   number of the job that reads
%%   reading   the read that the terminal is busy with: {Group, Ref} | none
%%   waiting   reads of other jobs, [{Group, Ref, Prompt}]
%%   stopping  who is to be told that nothing is being evaluated: {Pid, Ref} | none
-record(drv, {jobs = [], next = 1, current = 0, reading = none, waiting = [], stopping = none}).

-define(SHELL, {shell, start, [init]}).

%% Starts a shell on the terminal; returns when it is on its way.
start() ->
    Starter = self(),
    Pid = spawn(?MODULE, server, [Starter]),
    Monitor = erlang:monitor(process, Pid),
    receive
        {Pid, started} -> erlang:demonitor(Monitor, [flush]), Pid;
        {'DOWN', Monitor, process, Pid, Reason} -> exit(Reason)
    end.

server(Starter) ->
    register(user_drv, self()),
    process_flag(trap_exit, true),
    swerl_tty:start(self()),
    user ! {driver, self()},
    banner(),
    Starter ! {self(), started},
    _ = spawn(?MODULE, prepare, []),
    loop(add_job(?SHELL, #drv{})).

%% What the report of a first crash needs is loaded while the user types.
prepare() ->
    process_flag(priority, low),
    _ = [code:ensure_loaded(Module) || Module <- [logger, logger_filters, logger_formatter, logger_std_h, calendar,
                                                  io_lib_format, io_lib_pretty, application_master]],
    application:get_env(kernel, error_logger_format_depth).

%% The group that gets what is typed.
-spec interfaces(pid()) -> [{current_group, pid()}].
interfaces(Driver) -> group:noted(Driver, [current_group]).

%% A terminal is told which system this is; in a pipe the first line would be
%% in the way.
banner() ->
    case swerl_tty:is_terminal() of
        true -> say([erlang:system_info(system_version), $\n]);
        false -> ok
    end.

say(Chars) ->
    swerl_tty:put_chars(unicode:characters_to_binary(Chars, unicode)).

loop(State) ->
    note_current(State),
    receive
        {get_line, Group, Ref, Prompt} ->
            loop(get_line(Group, Ref, Prompt, State));
        {stopping, Pid, Ref} ->
            loop(tell_idle(State#drv{stopping = {Pid, Ref}}));
        {swerl_tty, interrupt} ->
            loop(interrupt(State));
        {swerl_tty, switch} ->
            loop(switch(State));
        {swerl_tty, {expand, Before}} ->
            expand(Before, State),
            loop(State);
        {swerl_tty, Answer} ->
            loop(answer(Answer, State));
        {'EXIT', Pid, Reason} ->
            loop(died(Pid, Reason, State));
        _ ->
            loop(State)
    end.

%%% Lines for the jobs.

get_line(Group, Ref, Prompt, #drv{reading = none} = State) ->
    case is_current(Group, State) orelse Group =:= whereis(user) of
        true ->
            swerl_tty:get_line(Prompt),
            tell_idle(State#drv{reading = {Group, Ref}});
        false ->
            put_off(Group, Ref, Prompt, State)
    end;
get_line(Group, Ref, Prompt, State) ->
    put_off(Group, Ref, Prompt, State).

%% A shell that reads from a terminal is idle. One that reads from a pipe has
%% its next line at once, and ends the system itself when there is none.
tell_idle(#drv{stopping = {Pid, Ref}, reading = {_, _}} = State) ->
    case swerl_tty:is_terminal() of
        true ->
            Pid ! {Ref, stopped},
            State#drv{stopping = none};
        false ->
            State
    end;
tell_idle(State) ->
    State.

put_off(Group, Ref, Prompt, #drv{waiting = Waiting} = State) ->
    State#drv{waiting = Waiting ++ [{Group, Ref, Prompt}]}.

answer(Answer, #drv{reading = {Group, Ref}} = State) ->
    Group ! {Ref, Answer},
    read_next(State#drv{reading = none});
answer(_Answer, State) ->
    State.

%% Serve a read that had to wait, if one may be served now.
read_next(#drv{waiting = Waiting} = State) ->
    case [W || {Group, _, _} = W <- Waiting,
               is_current(Group, State) orelse Group =:= whereis(user)] of
        [{Group, Ref, Prompt} = First | _] ->
            get_line(Group, Ref, Prompt, State#drv{waiting = lists:delete(First, Waiting)});
        [] ->
            State
    end.

%% Ctrl-C: ends the line that is being typed, or what the shell is evaluating.
interrupt(#drv{reading = {Group, Ref}} = State) ->
    Group ! {Ref, interrupt},
    read_next(State#drv{reading = none});
interrupt(#drv{} = State) ->
    case current_job(State) of
        {_, Group, _} -> Group ! interrupt;
        false -> ok
    end,
    State.

%% The Tab key: whoever reads the line knows what may come next.
expand(Before, #drv{reading = {Group, _}}) -> Group ! {expand, Before};
expand(_, _) -> swerl_tty:expanded({<<>>, []}).

%%% Jobs.

add_job(Shell, #drv{jobs = Jobs, next = N} = State) ->
    Group = group:start(self(), Shell),
    State#drv{jobs = Jobs ++ [{N, Group, Shell}], next = N + 1, current = N}.

note_current(State) ->
    case current_job(State) of
        {_, Group, _} -> put(current_group, Group);
        false -> erase(current_group)
    end.

current_job(#drv{jobs = Jobs, current = N}) -> lists:keyfind(N, 1, Jobs).

is_current(Group, State) ->
    case current_job(State) of
        {_, Group, _} -> true;
        _ -> false
    end.

died(Pid, Reason, #drv{jobs = Jobs, current = Current} = State) ->
    case lists:keyfind(Pid, 2, Jobs) of
        {N, Pid, Shell} ->
            Left = forget(Pid, State#drv{jobs = lists:keydelete(N, 1, Jobs)}),
            case N of
                Current -> restart(Shell, Reason, Left);
                _ -> Left
            end;
        false ->
            State
    end.

restart(Shell, Reason, State) ->
    case Reason of
        normal -> ok;
        shutdown -> ok;
        _ -> say("*** ERROR: Shell process terminated! ***\n")
    end,
    add_job(Shell, State).

%% The reads of a dead job are nobody's; a line already asked for is dropped
%% when it comes.
forget(Group, #drv{reading = Reading, waiting = Waiting} = State) ->
    Left = [W || {G, _, _} = W <- Waiting, G =/= Group],
    Now = case Reading of {Group, _} -> none; _ -> Reading end,
    State#drv{reading = Now, waiting = Left}.

%%% The job control menu.

switch(State) ->
    say("\nUser switch command\n"),
    menu(State).

menu(State) ->
    swerl_tty:get_line(<<" --> ">>),
    receive
        {swerl_tty, {line, Line}} -> command(words(binary_to_list(Line)), State);
        {swerl_tty, eof} -> State;
        {swerl_tty, interrupt} -> menu(State)
    end.

words(Line) -> string:lexemes(Line, " \t\n").

command([], State) ->
    menu(State);
command(["c" | Args], State) ->
    case job_number(Args, State) of
        {ok, N} -> resume(State#drv{current = N});
        unknown -> unknown_job(State)
    end;
command(["i" | Args], State) ->
    case job_number(Args, State) of
        {ok, N} ->
            {N, Group, _} = lists:keyfind(N, 1, State#drv.jobs),
            Group ! interrupt,
            menu(State);
        unknown -> unknown_job(State)
    end;
command(["k" | Args], State) ->
    case job_number(Args, State) of
        {ok, N} -> kill_job(N, State);
        unknown -> unknown_job(State)
    end;
command(["j"], #drv{jobs = Jobs, current = Current} = State) ->
    _ = [say(io_lib:format("~4w~c ~w~n", [N, mark(N, Current), Shell])) || {N, _, Shell} <- Jobs],
    menu(State);
command(["s"], State) ->
    menu(add_job(?SHELL, State));
command(["s", Module], State) ->
    menu(add_job({list_to_atom(Module), start, []}, State));
command(["q"], _State) ->
    erlang:halt(0);
command([Help], State) when Help =:= "h"; Help =:= "?" ->
    help(),
    menu(State);
command(_, State) ->
    say("Unknown command\n"),
    menu(State).

mark(N, N) -> $*;
mark(_, _) -> $\s.

unknown_job(State) ->
    say("Unknown job\n"),
    menu(State).

job_number([], State) ->
    case current_job(State) of
        {N, _, _} -> {ok, N};
        false -> unknown
    end;
job_number([Arg | _], #drv{jobs = Jobs}) ->
    try list_to_integer(Arg) of
        N ->
            case lists:keymember(N, 1, Jobs) of
                true -> {ok, N};
                false -> unknown
            end
    catch
        error:badarg -> unknown
    end.

kill_job(N, #drv{jobs = Jobs} = State) ->
    {N, Group, _} = lists:keyfind(N, 1, Jobs),
    unlink(Group),
    exit(Group, kill),
    menu(forget(Group, State#drv{jobs = lists:keydelete(N, 1, Jobs)})).

%% Back to work: the line that was being read is asked for once more.
resume(#drv{reading = {Group, Ref}} = State) ->
    case is_current(Group, State) of
        true ->
            swerl_tty:get_line(<<>>),
            State;
        false ->
            read_next(put_off(Group, Ref, <<>>, State#drv{reading = none}))
    end;
resume(State) ->
    read_next(State).

help() ->
    say(["  c [nn]            - connect to job\n",
         "  i [nn]            - interrupt job\n",
         "  k [nn]            - kill job\n",
         "  j                 - list all jobs\n",
         "  s [shell]         - start local shell\n",
         "  q                 - quit erlang\n",
         "  ? | h             - this message\n"]).
