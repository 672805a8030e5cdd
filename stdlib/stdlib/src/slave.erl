%%% slave: nodes that are started by, and end with, a master node.
%%%
%%% A slave is an emulator of its own, started by a command, that connects to its master. Its `user' is a relay to
%%% the master's, so what it prints appears there.
-module(slave).

-export([start/1, start/2, start/3, start_link/1, start_link/2, start_link/3, stop/1, pseudo/1, pseudo/2, relay/1]).

%% How long a new node may take to connect, and how often that is looked at.
-define(START_LIMIT, 32000).
-define(LOOK_EVERY, 100).

%% @doc Starts a node of the master's name on a host.
start(Host) -> start(Host, own_name()).

%% @doc Starts a node of a name on a host.
start(Host, Name) -> start(Host, Name, []).

%% @doc As start/2, with arguments for the command line.
start(Host, Name, Args) -> start(Host, Name, Args, no_link, program()).

%% @doc As start/1; the node ends with the caller.
start_link(Host) -> start_link(Host, own_name()).

%% @doc As start/2; the node ends with the caller.
start_link(Host, Name) -> start_link(Host, Name, []).

%% @doc As start/3; the node ends with the caller.
start_link(Host, Name, Args) -> start(Host, Name, Args, self(), program()).

own_name() -> list_to_atom(hd(string:split(atom_to_list(node()), "@"))).

start(Host0, Name, Args, Linked, Program) ->
    is_alive() orelse exit(not_alive),
    Host = host_text(Host0),
    Node = list_to_atom(lists:concat([Name, "@", Host])),
    case net_adm:ping(Node) of
        pong -> {error, {already_running, Node}};
        pang -> start_node(Host, Name, Node, Args, Linked, Program)
    end.

host_text(Host) when is_atom(Host) -> atom_to_list(Host);
host_text(Host) -> Host.

start_node(Host, Name, Node, Args, Linked, Program) ->
    Option = case net_kernel:longnames() of
                 true -> "-name";
                 false -> "-sname"
             end,
    Words = [Program, "-detached", "-noinput", "-master", atom_to_list(node()), Option, lists:concat([Name, "@", Host]),
             "-setcookie", atom_to_list(erlang:get_cookie()), Args],
    Command = lists:flatten(lists:join($\s, Words)),
    Here = hd(tl(string:split(atom_to_list(node()), "@"))),
    case command(Host, Here, Command) of
        {ok, Line} ->
            _ = open_port({spawn, Line}, [stream, in, hide]),
            await(Node, Linked, ?START_LIMIT);
        {error, _} = Error ->
            Error
    end.

program() ->
    case init:get_argument(progname) of
        {ok, [[Program | _] | _]} -> Program;
        _ -> "erl"
    end.

%% The command as it is, or by the remote shell of the flag -rsh.
command(Here, Here, Command) -> {ok, Command};
command(Host, _, Command) ->
    Shell = case init:get_argument(rsh) of
                {ok, [[Name | _] | _]} -> Name;
                _ -> "ssh"
            end,
    case os:find_executable(Shell) of
        false -> {error, no_rsh};
        Path -> {ok, lists:append([Path, " -n ", Host, " ", Command])}
    end.

await(_, _, Left) when Left =< 0 ->
    {error, timeout};
await(Node, Linked, Left) ->
    case net_adm:ping(Node) of
        pong ->
            _ = [spawn(fun() -> watch(Node, Linked) end) || is_pid(Linked)],
            {ok, Node};
        pang ->
            receive after ?LOOK_EVERY -> ok end,
            await(Node, Linked, Left - ?LOOK_EVERY)
    end.

watch(Node, Linked) ->
    Ref = monitor(process, Linked),
    receive {'DOWN', Ref, process, _, _} -> stop(Node) end.

%% @doc Ends a node.
stop(Node) ->
    _ = rpc:call(Node, erlang, halt, []),
    ok.

%% @doc Calls pseudo(Master, Names) with the arguments of a command line.
pseudo([Master | Names]) -> pseudo(Master, Names);
pseudo(_) -> error_logger:error_msg("No master node given to slave:pseudo/1~n", []).

%% @doc Registers, for each name that is free here, a relay to the process of that name at the master.
pseudo(Master, Names) ->
    _ = [register(Name, spawn(?MODULE, relay, [rpc:call(Master, erlang, whereis, [Name])]))
         || Name <- Names, whereis(Name) =:= undefined],
    ok.

%% @doc Sends on to a process all that comes.
relay({badrpc, Reason}) ->
    error_logger:error_msg(" ** exiting relay server ~w :~tw  **~n", [self(), Reason]),
    exit(Reason);
relay(undefined) ->
    error_logger:error_msg(" ** exiting relay server ~w  **~n", [self()]),
    exit(undefined);
relay(Pid) when is_pid(Pid) ->
    receive Message -> Pid ! Message end,
    relay(Pid).
