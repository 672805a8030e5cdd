%%% Nodes started by this one and controlled through a connection that needs no distribution.
%%%
%%% The process that start gives is the origin's end. It starts the other system as a program, which connects
%%% back to it (the word in the environment tells that the right one came), and then both exchange terms:
%%% calls and their outcomes, messages, and what is printed there. With the option `connection` set to
%%% `standard_io` or to a port that is all; systems with names need distribution.
-module(peer).
-behaviour(gen_server).

-export([start/0, start/1, start_link/0, start_link/1, stop/1, get_state/1, random_name/0, random_name/1,
         call/4, call/5, cast/4, send/3]).
-export([init/1, handle_call/3, handle_cast/2, handle_info/2, terminate/2]).
-export([serve/1]).

-export_type([server_ref/0, start_options/0, peer_state/0, exec/0, disconnect_timeout/0]).

-type server_ref() :: pid().
-type peer_state() :: booting | running | {down, Reason :: term()}.
-type disconnect_timeout() :: 1000..4294967295 | infinity.
-type exec() :: file:name() | {file:name(), [string()]}.
-type start_options() :: #{name => atom() | string(), longnames => boolean(), host => string(),
                           peer_down => stop | continue | crash,
                           connection => standard_io | 0..65535 | {inet:ip_address(), 0..65535},
                           exec => exec(), detached => boolean(), args => [string()],
                           env => [{string(), string()}], post_process_args => fun(([string()]) -> [string()]),
                           wait_boot => timeout() | {pid(), term()} | false,
                           shutdown => close | halt | {halt, disconnect_timeout()} | disconnect_timeout()}.

%% Milliseconds that a system may take to start.
-define(BOOT_TIME, 15000).

%% Milliseconds that a system may take to stop.
-define(STOP_TIME, 5000).

%% The variable that tells a started system where to connect to.
-define(PLACE, "SWERL_PEER").

%% waiting: the calls that have no answer yet, by their number.
-record(peer, {options, port, listener, socket, word, state = booting, starter, next = 0, waiting = #{}}).

%% Starting.

%% @doc Starts a system with a random name.
-spec start() -> {ok, pid(), node()} | {error, term()}.
start() -> start(#{name => random_name()}).

%% @doc Starts a system. `{ok, Pid, Node}` comes when it runs, `{ok, Pid}` at once if it is not to be waited for.
-spec start(start_options()) -> {ok, pid()} | {ok, pid(), node()} | {error, term()}.
start(Options) -> start(Options, fun gen_server:start/3).

%% @doc As start/0; the controlling process is linked to the caller.
-spec start_link() -> {ok, pid(), node()} | {error, term()}.
start_link() -> start_link(#{name => random_name()}).

%% @doc As start/1; the controlling process is linked to the caller.
-spec start_link(start_options()) -> {ok, pid()} | {ok, pid(), node()} | {error, term()}.
start_link(Options) -> start(Options, fun gen_server:start_link/3).

start(Options, Start) ->
    ok = check(Options),
    case maps:get(wait_boot, Options, ?BOOT_TIME) of
        {Receiver, _} when is_pid(Receiver) -> Start(?MODULE, [Options, Options], []);
        false -> Start(?MODULE, [Options, Options], []);
        Time ->
            Ref = make_ref(),
            case Start(?MODULE, [Options, Options#{wait_boot => {self(), Ref}}], []) of
                {ok, Pid} -> await_start(Pid, Ref, Time);
                Error -> Error
            end
    end.

await_start(Pid, Ref, Time) ->
    Monitor = erlang:monitor(process, Pid),
    receive
        {Ref, {started, Node, Pid}} ->
            erlang:demonitor(Monitor, [flush]),
            {ok, Pid, Node};
        {Ref, {boot_failed, Reason, Pid}} ->
            erlang:demonitor(Monitor, [flush]),
            exit(Reason);
        {'DOWN', Monitor, process, Pid, Reason} ->
            exit(Reason)
    after Time ->
        unlink(Pid),
        exit(Pid, kill),
        erlang:demonitor(Monitor, [flush]),
        exit(timeout)
    end.

%% A system without a connection of its own is reached by its name.
check(Options) ->
    Args = maps:get(args, Options, []),
    is_list(Args) orelse error({invalid_arg, Args}),
    _ = [error({invalid_arg, Arg}) || Arg <- Args, not io_lib:printable_unicode_list(Arg)],
    case maps:is_key(connection, Options) orelse is_alive() of
        true -> ok;
        false -> error(not_alive)
    end.

%% @doc A name that no other peer has.
-spec random_name() -> string().
random_name() -> random_name(?MODULE).

%% @doc A name that begins so and that no other peer has.
-spec random_name(string() | atom()) -> string().
random_name(Prefix) ->
    lists:concat([Prefix, "-", erlang:unique_integer([positive]), "-", os:getpid()]).

%% What is asked of a system.

%% @doc Stops the system.
-spec stop(server_ref()) -> ok.
stop(Peer) -> gen_server:stop(Peer).

%% @doc Whether the system starts, runs, or why it is gone.
-spec get_state(server_ref()) -> peer_state().
get_state(Peer) -> gen_server:call(Peer, get_state).

%% @doc Calls a function there and gives or raises what it does.
-spec call(server_ref(), module(), atom(), [term()]) -> term().
call(Peer, Module, Function, Args) -> call(Peer, Module, Function, Args, 5000).

%% @doc As call/4, with a limit of time.
-spec call(server_ref(), module(), atom(), [term()], timeout()) -> term().
call(Peer, Module, Function, Args, Timeout) ->
    case gen_server:call(Peer, {call, Module, Function, Args}, Timeout) of
        {ok, Result} -> Result;
        {throw, Thrown, _} -> throw(Thrown);
        {Class, Reason, Stack} -> erlang:raise(Class, Reason, Stack)
    end.

%% @doc Calls a function there; nobody waits for what comes of it.
-spec cast(server_ref(), module(), atom(), [term()]) -> ok.
cast(Peer, Module, Function, Args) -> gen_server:cast(Peer, {cast, Module, Function, Args}).

%% @doc Sends a message to a process there.
-spec send(server_ref(), pid() | atom(), term()) -> ok.
send(Peer, To, Message) -> gen_server:cast(Peer, {send, To, Message}).

%% The origin's end.

init([Options, #{wait_boot := {Starter, Tag}}]) -> connect(Options, {Starter, Tag});
init([Options, _]) -> connect(Options, none).

connect(Options, Starter) ->
    process_flag(trap_exit, true),
    {Address, Number} = case maps:get(connection, Options, standard_io) of
                            {Ip, N} -> {Ip, N};
                            N when is_integer(N) -> {{127, 0, 0, 1}, N};
                            standard_io -> {{127, 0, 0, 1}, 0}
                        end,
    {ok, Listener} = gen_tcp:listen(Number, [binary, {ip, Address}, {packet, 4}, {active, false}, {reuseaddr, true}]),
    {ok, Used} = inet:port(Listener),
    {Secret, _} = rand:uniform_s(1 bsl 62, rand:seed_s(exsss)),
    Word = integer_to_list(Secret, 36),
    Place = lists:concat([inet:ntoa(Address), " ", Used, " ", Word]),
    {Program, Args} = command(Options),
    Port = open_port({spawn_executable, Program},
                     [{args, Args}, {env, [{?PLACE, Place} | maps:get(env, Options, [])]}, hide, binary, exit_status]),
    Self = self(),
    spawn_link(fun() -> accept(Listener, Word, Self) end),
    {ok, #peer{options = Options, port = Port, listener = Listener, word = Word, starter = Starter}}.

%% The program and its arguments: the same one that runs this system unless another is named.
command(Options) ->
    {Program, First} = case Options of
                           #{exec := {Name, Before}} -> {found(Name), Before};
                           #{exec := Name} -> {found(Name), []};
                           #{} -> own_program()
                       end,
    Args = ["-noinput", "-s", "peer", "serve", ?PLACE | maps:get(args, Options, [])],
    {Program, First ++ (maps:get(post_process_args, Options, fun(As) -> As end))(Args)}.

found(Name) ->
    case os:find_executable(Name) of
        false -> Name;
        File -> File
    end.

own_program() ->
    case file:read_link("/proc/self/exe") of
        {ok, Program} -> {Program, ["erl"]};
        {error, _} ->
            {ok, [[Name]]} = init:get_argument(progname),
            {found(Name), []}
    end.

%% Takes the connection of the one that knows the word.
accept(Listener, Word, Owner) ->
    {ok, Socket} = gen_tcp:accept(Listener),
    Said = list_to_binary(Word),
    case gen_tcp:recv(Socket, 0, ?BOOT_TIME) of
        {ok, Said} ->
            ok = gen_tcp:controlling_process(Socket, Owner),
            Owner ! {connected, Socket};
        _ ->
            gen_tcp:close(Socket),
            accept(Listener, Word, Owner)
    end.

handle_call({call, _, _, _} = Call, From, #peer{state = running, next = Number, waiting = Waiting} = Peer) ->
    say(Peer, {Number, Call}),
    {noreply, Peer#peer{next = Number + 1, waiting = Waiting#{Number => From}}};
handle_call({call, _, _, _}, _, #peer{state = State} = Peer) ->
    {reply, {exit, case State of {down, _} -> noconnection; _ -> State end, []}, Peer};
handle_call(get_state, _, #peer{state = State} = Peer) ->
    {reply, State, Peer}.

handle_cast(Request, #peer{state = running} = Peer) ->
    say(Peer, Request),
    {noreply, Peer};
handle_cast(_, Peer) ->
    {noreply, Peer}.

handle_info({connected, Socket}, #peer{} = Peer) ->
    ok = inet:setopts(Socket, [{active, true}]),
    {noreply, Peer#peer{socket = Socket}};
handle_info({tcp, Socket, Data}, #peer{socket = Socket} = Peer) ->
    {noreply, heard(binary_to_term(Data), Peer)};
handle_info({Port, {data, Data}}, #peer{port = Port} = Peer) ->
    io:put_chars(Data),
    {noreply, Peer};
handle_info({Port, {exit_status, Status}}, #peer{port = Port} = Peer) ->
    gone({exit_status, Status}, Peer#peer{port = undefined});
handle_info({tcp_closed, Socket}, #peer{socket = Socket, port = Port} = Peer) when is_port(Port) ->
    %% The status of the program follows.
    {noreply, Peer#peer{socket = undefined}};
handle_info(_, Peer) ->
    {noreply, Peer}.

heard({started, Node}, #peer{starter = Starter} = Peer) ->
    tell(Starter, {started, Node, self()}),
    Peer#peer{state = running};
heard({result, Number, Result}, #peer{waiting = Waiting} = Peer) ->
    {From, Rest} = maps:take(Number, Waiting),
    gen_server:reply(From, Result),
    Peer#peer{waiting = Rest};
heard({message, To, Message}, Peer) ->
    catch To ! Message,
    Peer;
heard({print, Chars}, Peer) ->
    io:put_chars(Chars),
    Peer.

gone(Reason, #peer{state = booting, starter = Starter} = Peer) ->
    tell(Starter, {boot_failed, Reason, self()}),
    {stop, {shutdown, Reason}, Peer#peer{state = {down, Reason}}};
gone(Reason, #peer{options = Options, waiting = Waiting} = Peer) ->
    _ = [gen_server:reply(From, {exit, noconnection, []}) || From <- maps:values(Waiting)],
    Down = Peer#peer{state = {down, Reason}, waiting = #{}},
    case maps:get(peer_down, Options, stop) of
        continue -> {noreply, Down};
        crash -> {stop, Reason, Down};
        stop -> {stop, normal, Down}
    end.

tell(none, _) -> ok;
tell({Pid, Tag}, What) -> Pid ! {Tag, What}, ok.

terminate(_, #peer{state = {down, _}}) ->
    ok;
terminate(_, #peer{port = Port, socket = Socket} = Peer) ->
    _ = case Socket of
            undefined -> ok;
            _ -> catch say(Peer, stop)
        end,
    receive
        {Port, {exit_status, _}} -> ok
    after ?STOP_TIME ->
        case erlang:port_info(Port, os_pid) of
            {os_pid, Pid} -> os:cmd(lists:concat(["kill -9 ", Pid]));
            undefined -> ok
        end
    end,
    ok.

say(#peer{socket = Socket}, What) ->
    ok = gen_tcp:send(Socket, term_to_binary(What)).

%% The end in the started system.

%% @private
%% Connects to the origin that the environment names and does what it says.
serve([_]) ->
    [Ip, Number, Word] = string:lexemes(os:getenv(?PLACE), " "),
    {ok, Address} = inet:parse_address(Ip),
    {ok, Socket} = gen_tcp:connect(Address, list_to_integer(Number), [binary, {packet, 4}, {active, false}]),
    ok = gen_tcp:send(Socket, Word),
    Server = spawn(fun() -> receive go -> served(Socket) end end),
    ok = gen_tcp:controlling_process(Socket, Server),
    Server ! go,
    ok.

served(Socket) ->
    catch register(?MODULE, self()),
    Self = self(),
    Printer = spawn_link(fun() -> printer(Self) end),
    ok = inet:setopts(Socket, [{active, true}]),
    answer(Socket, {started, node()}),
    served(Socket, Printer).

served(Socket, Printer) ->
    receive
        {tcp, Socket, Data} ->
            obey(binary_to_term(Data), Printer),
            served(Socket, Printer);
        {tcp_closed, Socket} ->
            halt();
        {answer, What} ->
            answer(Socket, What),
            served(Socket, Printer);
        _ ->
            served(Socket, Printer)
    end.

answer(Socket, What) -> gen_tcp:send(Socket, term_to_binary(What)).

obey({Number, {call, Module, Function, Args}}, Printer) ->
    Server = self(),
    spawn(fun() ->
                  group_leader(Printer, self()),
                  Result = try {ok, apply(Module, Function, Args)}
                           catch Class:Reason:Stack -> {Class, Reason, Stack}
                           end,
                  Server ! {answer, {result, Number, Result}}
          end);
obey({cast, Module, Function, Args}, Printer) ->
    spawn(fun() -> group_leader(Printer, self()), apply(Module, Function, Args) end);
obey({send, To, Message}, _) ->
    catch To ! Message;
obey(stop, _) ->
    init:stop().

%% The group leader of what is called: what it prints appears at the origin, in the order of events.
printer(Server) ->
    receive
        {io_request, From, ReplyAs, Request} ->
            From ! {io_reply, ReplyAs, printed(Request, Server)},
            printer(Server);
        _ ->
            printer(Server)
    end.

printed({put_chars, _, Chars}, Server) ->
    Server ! {answer, {print, Chars}},
    ok;
printed({put_chars, Encoding, Module, Function, Args}, Server) ->
    try apply(Module, Function, Args) of
        Chars -> printed({put_chars, Encoding, Chars}, Server)
    catch
        _:_ -> {error, Function}
    end;
printed({requests, Requests}, Server) ->
    lists:foldl(fun(Request, ok) -> printed(Request, Server); (_, Error) -> Error end, ok, Requests);
printed(getopts, _) -> [{encoding, unicode}];
printed(_, _) -> {error, enotsup}.
