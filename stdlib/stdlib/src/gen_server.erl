%%% gen_server: the server behaviour.
%%%
%%% A server is a loop around a callback module and its state. The loop knows
%%% its parent, answers the messages of `sys`, and reports why it ends.
-module(gen_server).

-export([start/3, start/4, start_link/3, start_link/4, start_monitor/3, start_monitor/4,
         stop/1, stop/3, call/2, call/3, cast/2, reply/2,
         abcast/2, abcast/3, multi_call/2, multi_call/3, multi_call/4,
         send_request/2, send_request/4, wait_response/2, wait_response/3,
         receive_response/2, receive_response/3, check_response/2, check_response/3,
         reqids_new/0, reqids_size/1, reqids_add/3, reqids_to_list/1,
         enter_loop/3, enter_loop/4, enter_loop/5]).
-export([init_it/6, wake_hib/6,
         system_continue/3, system_terminate/4, system_code_change/4,
         system_get_state/1, system_replace_state/2,
         format_status/2, format_log/1, format_log/2]).

-export_type([from/0, reply_tag/0, request_id/0, request_id_collection/0, server_ref/0,
              server_name/0, start_opt/0, enter_loop_opt/0, start_ret/0, start_mon_ret/0,
              format_status/0, response_timeout/0]).

-type server_name() :: {local, atom()} | {global, term()} | {via, module(), term()}.
-type server_ref() :: pid() | atom() | {atom(), node()} | {global, term()} | {via, module(), term()}.
-type reply_tag() :: term().
-type from() :: {Client :: pid(), Tag :: reply_tag()}.
-type request_id() :: reference().
-type request_id_collection() :: map().
-type response_timeout() :: timeout() | {abs, integer()}.
-type enter_loop_opt() :: {hibernate_after, timeout()} | {debug, [term()]}.
-type start_opt() :: {timeout, timeout()} | {spawn_opt, [term()]} | enter_loop_opt().
-type start_ret() :: {ok, pid()} | ignore | {error, term()}.
-type start_mon_ret() :: {ok, {pid(), reference()}} | ignore | {error, term()}.
-type format_status() :: #{state => term(), message => term(), reason => term(), log => [term()]}.

%% What a server may wait for, or do, before its next message.
-define(IS_ACTION(Action),
        (Action =:= infinity orelse is_integer(Action) andalso Action >= 0 orelse Action =:= hibernate
         orelse is_tuple(Action) andalso tuple_size(Action) =:= 2 andalso element(1, Action) =:= continue)).

-callback init(Args :: term()) ->
    {ok, State :: term()}
        | {ok, State :: term(), timeout() | hibernate | {continue, Continue :: term()}}
        | {stop, Reason :: term()} | ignore.
-callback handle_call(Request :: term(), From :: from(), State :: term()) ->
    {reply, Reply :: term(), NewState :: term()}
        | {reply, Reply :: term(), NewState :: term(),
           timeout() | hibernate | {continue, Continue :: term()}}
        | {noreply, NewState :: term()}
        | {noreply, NewState :: term(), timeout() | hibernate | {continue, Continue :: term()}}
        | {stop, Reason :: term(), Reply :: term(), NewState :: term()}
        | {stop, Reason :: term(), NewState :: term()}.
-callback handle_cast(Request :: term(), State :: term()) ->
    {noreply, NewState :: term()}
        | {noreply, NewState :: term(), timeout() | hibernate | {continue, Continue :: term()}}
        | {stop, Reason :: term(), NewState :: term()}.
-callback handle_info(Info :: timeout | term(), State :: term()) ->
    {noreply, NewState :: term()}
        | {noreply, NewState :: term(), timeout() | hibernate | {continue, Continue :: term()}}
        | {stop, Reason :: term(), NewState :: term()}.
-callback handle_continue(Info :: term(), State :: term()) ->
    {noreply, NewState :: term()}
        | {noreply, NewState :: term(), timeout() | hibernate | {continue, Continue :: term()}}
        | {stop, Reason :: term(), NewState :: term()}.
-callback terminate(Reason :: normal | shutdown | {shutdown, term()} | term(), State :: term()) ->
    term().
-callback code_change(OldVsn :: term() | {down, term()}, State :: term(), Extra :: term()) ->
    {ok, NewState :: term()} | {error, Reason :: term()}.
-callback format_status(Opt :: normal | terminate, StatusData :: [term()]) -> Status :: term().
-callback format_status(Status :: format_status()) -> NewStatus :: format_status().

-optional_callbacks([handle_info/2, handle_continue/2, terminate/2, code_change/3,
                     format_status/1, format_status/2]).

%%% Starting and stopping.

%% @doc Starts a server with a callback module, the argument of its init/1 and options; gives {ok, Pid}, ignore or
%% {error, Reason}. Options: debug, timeout, spawn_opt and hibernate_after.
start(Mod, Args, Options) -> gen:start(?MODULE, nolink, Mod, Args, Options).

%% @doc As start/3, under a name: {local, Name}, {global, Name} or {via, Module, Name}. Gives
%% {error, {already_started, Pid}} if the name is taken.
start(Name, Mod, Args, Options) -> gen:start(?MODULE, nolink, Name, Mod, Args, Options).

%% @doc As start/3, with a link to the caller.
start_link(Mod, Args, Options) -> gen:start(?MODULE, link, Mod, Args, Options).

%% @doc As start/4, with a link to the caller.
start_link(Name, Mod, Args, Options) -> gen:start(?MODULE, link, Name, Mod, Args, Options).

%% @doc As start/3, with a monitor of the server: {ok, {Pid, Monitor}}.
start_monitor(Mod, Args, Options) -> gen:start(?MODULE, monitor, Mod, Args, Options).

%% @doc As start/4, with a monitor of the server: {ok, {Pid, Monitor}}.
start_monitor(Name, Mod, Args, Options) -> gen:start(?MODULE, monitor, Name, Mod, Args, Options).

%% @doc Ends a server with the reason normal and waits until it is gone.
stop(Server) -> gen:stop(Server).

%% @doc Ends a server with a reason and waits until it is gone, at most that long. Exits with noproc, timeout, or the
%% reason for which it ended if that is another.
stop(Server, Reason, Timeout) -> gen:stop(Server, Reason, Timeout).

%%% What clients do.

%% @doc Sends a request to a server and waits five seconds for the reply.
call(Server, Request) ->
    try gen:call(Server, '$gen_call', Request) of
        {ok, Reply} -> Reply
    catch
        Class:Reason:Trace ->
            exit({exit_reason(Class, Reason, Trace), {?MODULE, call, [Server, Request]}})
    end.

%% @doc The same, waiting at most so many milliseconds, or infinity. Exits with {Reason, Call} if the server is not
%% there, ends, or gives no reply in time.
call(Server, Request, Timeout) ->
    try gen:call(Server, '$gen_call', Request, Timeout) of
        {ok, Reply} -> Reply
    catch
        Class:Reason:Trace ->
            exit({exit_reason(Class, Reason, Trace), {?MODULE, call, [Server, Request, Timeout]}})
    end.

%% @doc Sends a request that has no reply; ok at once, whether there is such a server or not.
cast({global, Name}, Request) ->
    _ = (catch global:send(Name, {'$gen_cast', Request})),
    ok;
cast({via, Module, Name}, Request) ->
    _ = (catch Module:send(Name, {'$gen_cast', Request})),
    ok;
cast({Name, Node} = Server, Request) when is_atom(Name), is_atom(Node) ->
    send_cast(Server, Request);
cast(Server, Request) when is_atom(Server); is_pid(Server) ->
    send_cast(Server, Request).

send_cast(Server, Request) -> send_message(Server, {'$gen_cast', Request}).

send_message(Server, Message) ->
    _ = (catch erlang:send(Server, Message, [noconnect])),
    ok.

%% @doc Replies to a client from anywhere; takes the From that handle_call/3 was called with.
reply(Client, Reply) -> gen:reply(Client, Reply).

%% @doc Casts a request to the servers of a name on this node and on all connected ones.
abcast(Name, Request) when is_atom(Name) -> abcast([node() | nodes()], Name, Request).

%% @doc Casts a request to the servers of a name on a list of nodes; abcast at once.
abcast(Nodes, Name, Request) when is_list(Nodes), is_atom(Name) ->
    do_abcast(Nodes, Name, {'$gen_cast', Request}).

do_abcast([Node | Nodes], Name, Message) when is_atom(Node) ->
    send_message({Name, Node}, Message),
    do_abcast(Nodes, Name, Message);
do_abcast([], _Name, _Message) ->
    abcast.

%% @doc Calls the servers of a name on this node and on all connected ones.
multi_call(Name, Request) when is_atom(Name) -> multi_call([node() | nodes()], Name, Request).

%% @doc Calls the servers of a name on nodes: {Replies, BadNodes}, where a reply is {Node, Reply}.
multi_call(Nodes, Name, Request) when is_list(Nodes), is_atom(Name) ->
    multi_call(Nodes, Name, Request, infinity).

%% @doc The same, waiting at most so many milliseconds; nodes with no reply by then are bad ones.
multi_call(Nodes, Name, Request, Timeout)
  when is_list(Nodes), is_atom(Name), Timeout =:= infinity orelse is_integer(Timeout) andalso Timeout >= 0 ->
    Deadline = case Timeout of
                   infinity -> infinity;
                   _ -> {abs, erlang:monotonic_time(millisecond) + Timeout}
               end,
    Requests = [{Node, gen:send_request({Name, Node}, '$gen_call', Request)} || Node <- Nodes, is_atom(Node)],
    gather(Requests, Deadline, [], []).

gather([{Node, Id} | Requests], Deadline, Replies, Bad) ->
    case gen:receive_response(Id, Deadline) of
        {reply, Reply} -> gather(Requests, Deadline, [{Node, Reply} | Replies], Bad);
        _ -> gather(Requests, Deadline, Replies, [Node | Bad])
    end;
gather([], _Deadline, Replies, Bad) ->
    {lists:reverse(Replies), lists:reverse(Bad)}.

%% @doc Sends a request whose reply is fetched later; gives its identifier.
send_request(Server, Request) -> gen:send_request(Server, '$gen_call', Request).

%% @doc The same, with a label; gives the collection with the request added.
send_request(Server, Request, Label, Collection) ->
    gen:send_request(Server, '$gen_call', Request, Label, Collection).

%% @doc Waits for the reply to a request: {reply, Reply}, {error, {Reason, Server}}, or timeout, after which it can be
%% waited for again. Takes milliseconds, infinity or {abs, Time}.
wait_response(Id, Timeout) ->
    try gen:wait_response(Id, Timeout) catch error:badarg -> error(badarg, [Id, Timeout]) end.

%% @doc Waits for the reply to any request of a collection: {Response, Label, Collection}, timeout or no_request.
%% If the last argument is true, the request is taken out of the collection.
wait_response(Collection, Timeout, Delete) ->
    try gen:wait_response(Collection, Timeout, Delete) catch error:badarg -> error(badarg, [Collection, Timeout, Delete]) end.

%% @doc As wait_response/2, but a request whose time is over is given up: a reply that comes later is lost.
receive_response(Id, Timeout) ->
    try gen:receive_response(Id, Timeout) catch error:badarg -> error(badarg, [Id, Timeout]) end.

%% @doc As wait_response/3, but if the time is over all requests of the collection are given up.
receive_response(Collection, Timeout, Delete) ->
    try gen:receive_response(Collection, Timeout, Delete) catch error:badarg -> error(badarg, [Collection, Timeout, Delete]) end.

%% @doc Whether a message is the reply to a request: {reply, Reply}, {error, {Reason, Server}} or no_reply.
check_response(Message, Id) ->
    try gen:check_response(Message, Id) catch error:badarg -> error(badarg, [Message, Id]) end.

%% @doc Whether a message is the reply to a request of a collection: {Response, Label, Collection}, no_reply or
%% no_request. If the last argument is true, the request is taken out of the collection.
check_response(Message, Collection, Delete) ->
    try gen:check_response(Message, Collection, Delete) catch error:badarg -> error(badarg, [Message, Collection, Delete]) end.

%% @doc A collection without requests.
reqids_new() -> gen:reqids_new().

%% @doc The number of requests in a collection.
reqids_size(Collection) ->
    try gen:reqids_size(Collection) catch error:badarg -> error(badarg, [Collection]) end.

%% @doc The collection with a request and its label; fails with badarg if it is in there already.
reqids_add(Id, Label, Collection) ->
    try gen:reqids_add(Id, Label, Collection) catch error:badarg -> error(badarg, [Id, Label, Collection]) end.

%% @doc The requests of a collection with their labels: [{Request, Label}].
reqids_to_list(Collection) ->
    try gen:reqids_to_list(Collection) catch error:badarg -> error(badarg, [Collection]) end.

%%% The server process.

%% @doc Makes the calling process, which proc_lib has started, a server with a callback module, options and a state.
enter_loop(Mod, Options, State) when is_atom(Mod), is_list(Options) ->
    started(Mod, Options, State, self(), infinity).

%% @doc The same, with a name that the process has registered, or with a timeout, hibernate or {continue, Term}.
enter_loop(Mod, Options, State, {Scope, _} = Name)
  when is_atom(Mod), is_list(Options), Scope =:= local orelse Scope =:= global ->
    started(Mod, Options, State, Name, infinity);
enter_loop(Mod, Options, State, {via, _, _} = Name) when is_atom(Mod), is_list(Options) ->
    started(Mod, Options, State, Name, infinity);
enter_loop(Mod, Options, State, {continue, _} = Continue) when is_atom(Mod), is_list(Options) ->
    started(Mod, Options, State, self(), Continue);
enter_loop(Mod, Options, State, Timeout)
  when is_atom(Mod), is_list(Options), Timeout =:= infinity orelse Timeout =:= hibernate
       orelse is_integer(Timeout) andalso Timeout >= 0 ->
    started(Mod, Options, State, self(), Timeout).

%% @doc The same, with both.
enter_loop(Mod, Options, State, ServerName, Timeout)
  when is_atom(Mod), is_list(Options), Timeout =:= infinity orelse Timeout =:= hibernate
       orelse is_integer(Timeout) andalso Timeout >= 0 ->
    started(Mod, Options, State, ServerName, Timeout);
enter_loop(Mod, Options, State, ServerName, {continue, _} = Continue) when is_atom(Mod), is_list(Options) ->
    started(Mod, Options, State, ServerName, Continue).

started(Mod, Options, State, ServerName, Timeout) ->
    Name = gen:get_proc_name(ServerName),
    Parent = gen:get_parent(),
    Debug = gen:debug_options(Name, Options),
    loop(Parent, Name, State, Mod, Timeout, gen:hibernate_after(Options), Debug).

init_it(Starter, self, Name, Mod, Args, Options) ->
    init_it(Starter, self(), Name, Mod, Args, Options);
init_it(Starter, Parent, FullName, Mod, Args, Options) ->
    Name = gen:name(FullName),
    Debug = gen:debug_options(Name, Options),
    HibernateAfter = gen:hibernate_after(Options),
    case init_it(Mod, Args) of
        {ok, {ok, State}} ->
            proc_lib:init_ack(Starter, {ok, self()}),
            loop(Parent, Name, State, Mod, infinity, HibernateAfter, Debug);
        {ok, {ok, State, Action}} when ?IS_ACTION(Action) ->
            proc_lib:init_ack(Starter, {ok, self()}),
            loop(Parent, Name, State, Mod, Action, HibernateAfter, Debug);
        {ok, {stop, Reason}} ->
            init_failed(Starter, FullName, {error, Reason}),
            exit(Reason);
        {ok, ignore} ->
            init_failed(Starter, FullName, ignore),
            exit(normal);
        {ok, Else} ->
            init_failed(Starter, FullName, {error, {bad_return_value, Else}}),
            exit({bad_return_value, Else});
        {'EXIT', Class, Reason, Trace} ->
            init_failed(Starter, FullName, {error, exit_reason(Class, Reason, Trace)}),
            erlang:raise(Class, Reason, Trace)
    end.

init_it(Mod, Args) ->
    try
        {ok, Mod:init(Args)}
    catch
        throw:Value -> {ok, Value};
        Class:Reason:Trace -> {'EXIT', Class, Reason, Trace}
    end.

%% The name is free again before the starter hears of the failure.
init_failed(Starter, FullName, Answer) ->
    gen:unregister_name(FullName),
    proc_lib:init_ack(Starter, Answer).

exit_reason(error, Reason, Trace) -> {Reason, Trace};
exit_reason(_Class, Reason, _Trace) -> Reason.

loop(Parent, Name, State, Mod, {continue, Continue} = Msg, HibernateAfter, Debug) ->
    Result = try_dispatch(Mod, handle_continue, Continue, State),
    case Debug of
        [] ->
            handle_common_reply(Result, Parent, Name, undefined, Msg, Mod, HibernateAfter, State);
        _ ->
            Debug1 = sys:handle_debug(Debug, fun print_event/3, Name, Msg),
            handle_common_reply(Result, Parent, Name, undefined, Msg, Mod, HibernateAfter, State,
                                Debug1)
    end;
loop(Parent, Name, State, Mod, hibernate, HibernateAfter, Debug) ->
    proc_lib:hibernate(?MODULE, wake_hib, [Parent, Name, State, Mod, HibernateAfter, Debug]);
loop(Parent, Name, State, Mod, infinity, HibernateAfter, Debug) ->
    receive
        Msg -> decode_msg(Msg, Parent, Name, State, Mod, infinity, HibernateAfter, Debug, false)
    after HibernateAfter ->
            loop(Parent, Name, State, Mod, hibernate, HibernateAfter, Debug)
    end;
loop(Parent, Name, State, Mod, Time, HibernateAfter, Debug) ->
    Msg = receive Input -> Input after Time -> timeout end,
    decode_msg(Msg, Parent, Name, State, Mod, Time, HibernateAfter, Debug, false).

wake_hib(Parent, Name, State, Mod, HibernateAfter, Debug) ->
    Msg = receive Input -> Input end,
    decode_msg(Msg, Parent, Name, State, Mod, hibernate, HibernateAfter, Debug, true).

decode_msg(Msg, Parent, Name, State, Mod, Time, HibernateAfter, Debug, Hibernated) ->
    case Msg of
        {system, From, Request} ->
            sys:handle_system_msg(Request, From, Parent, ?MODULE, Debug,
                                  [Name, State, Mod, Time, HibernateAfter], Hibernated);
        {'EXIT', Parent, Reason} ->
            terminate(stop, Reason, stacktrace(), Name, undefined, Msg, Mod, State, Debug);
        _ when Debug =:= [] ->
            handle_msg(Msg, Parent, Name, State, Mod, HibernateAfter);
        _ ->
            Debug1 = sys:handle_debug(Debug, fun print_event/3, Name, {in, Msg}),
            handle_msg(Msg, Parent, Name, State, Mod, HibernateAfter, Debug1)
    end.

%%% Messages, without and with debugging.

handle_msg({'$gen_call', From, Msg}, Parent, Name, State, Mod, HibernateAfter) ->
    Result = try_handle_call(Mod, Msg, From, State),
    case Result of
        {ok, {reply, Reply, NewState}} ->
            reply(From, Reply),
            loop(Parent, Name, NewState, Mod, infinity, HibernateAfter, []);
        {ok, {reply, Reply, NewState, Action}} when ?IS_ACTION(Action) ->
            reply(From, Reply),
            loop(Parent, Name, NewState, Mod, Action, HibernateAfter, []);
        {ok, {stop, Reason, Reply, NewState}} ->
            %% The caller gets its reply after terminate/2 has run.
            try
                terminate(stop, Reason, stacktrace(), Name, From, Msg, Mod, NewState, [])
            after
                reply(Name, From, Reply, NewState, [])
            end;
        Other ->
            handle_common_reply(Other, Parent, Name, From, Msg, Mod, HibernateAfter, State)
    end;
handle_msg(Msg, Parent, Name, State, Mod, HibernateAfter) ->
    Result = try_dispatch(Msg, Mod, State),
    handle_common_reply(Result, Parent, Name, undefined, Msg, Mod, HibernateAfter, State).

handle_msg({'$gen_call', From, Msg}, Parent, Name, State, Mod, HibernateAfter, Debug) ->
    Result = try_handle_call(Mod, Msg, From, State),
    case Result of
        {ok, {reply, Reply, NewState}} ->
            Debug1 = reply(Name, From, Reply, NewState, Debug),
            loop(Parent, Name, NewState, Mod, infinity, HibernateAfter, Debug1);
        {ok, {reply, Reply, NewState, Action}} when ?IS_ACTION(Action) ->
            Debug1 = reply(Name, From, Reply, NewState, Debug),
            loop(Parent, Name, NewState, Mod, Action, HibernateAfter, Debug1);
        {ok, {stop, Reason, Reply, NewState}} ->
            %% The caller gets its reply after terminate/2 has run.
            try
                terminate(stop, Reason, stacktrace(), Name, From, Msg, Mod, NewState, Debug)
            after
                reply(Name, From, Reply, NewState, Debug)
            end;
        Other ->
            handle_common_reply(Other, Parent, Name, From, Msg, Mod, HibernateAfter, State, Debug)
    end;
handle_msg(Msg, Parent, Name, State, Mod, HibernateAfter, Debug) ->
    Result = try_dispatch(Msg, Mod, State),
    handle_common_reply(Result, Parent, Name, undefined, Msg, Mod, HibernateAfter, State, Debug).

handle_common_reply(Result, Parent, Name, From, Msg, Mod, HibernateAfter, State) ->
    case Result of
        {ok, {noreply, NewState}} ->
            loop(Parent, Name, NewState, Mod, infinity, HibernateAfter, []);
        {ok, {noreply, NewState, Action}} when ?IS_ACTION(Action) ->
            loop(Parent, Name, NewState, Mod, Action, HibernateAfter, []);
        {ok, {stop, Reason, NewState}} ->
            terminate(stop, Reason, stacktrace(), Name, From, Msg, Mod, NewState, []);
        {'EXIT', Class, Reason, Trace} ->
            terminate(Class, Reason, Trace, Name, From, Msg, Mod, State, []);
        {ok, Bad} ->
            terminate(stop, {bad_return_value, Bad}, stacktrace(), Name, From, Msg, Mod, State, [])
    end.

handle_common_reply(Result, Parent, Name, From, Msg, Mod, HibernateAfter, State, Debug) ->
    case Result of
        {ok, {noreply, NewState}} ->
            Debug1 = sys:handle_debug(Debug, fun print_event/3, Name, {noreply, NewState}),
            loop(Parent, Name, NewState, Mod, infinity, HibernateAfter, Debug1);
        {ok, {noreply, NewState, Action}} when ?IS_ACTION(Action) ->
            Debug1 = sys:handle_debug(Debug, fun print_event/3, Name, {noreply, NewState}),
            loop(Parent, Name, NewState, Mod, Action, HibernateAfter, Debug1);
        {ok, {stop, Reason, NewState}} ->
            terminate(stop, Reason, stacktrace(), Name, From, Msg, Mod, NewState, Debug);
        {'EXIT', Class, Reason, Trace} ->
            terminate(Class, Reason, Trace, Name, From, Msg, Mod, State, Debug);
        {ok, Bad} ->
            terminate(stop, {bad_return_value, Bad}, stacktrace(), Name, From, Msg, Mod, State,
                      Debug)
    end.

%% The trace of the caller.
stacktrace() ->
    {current_stacktrace, Trace} = process_info(self(), current_stacktrace),
    [Frame || {M, F, _, _} = Frame <- Trace, {M, F} =/= {?MODULE, stacktrace},
              {M, F} =/= {erlang, process_info}].

reply(Name, From, Reply, State, []) ->
    _ = {Name, State},
    reply(From, Reply),
    [];
reply(Name, From, Reply, State, Debug) ->
    reply(From, Reply),
    sys:handle_debug(Debug, fun print_event/3, Name, {out, Reply, From, State}).

try_handle_call(Mod, Msg, From, State) ->
    try
        {ok, Mod:handle_call(Msg, From, State)}
    catch
        throw:Value -> {ok, Value};
        Class:Reason:Trace -> {'EXIT', Class, Reason, Trace}
    end.

try_dispatch({'$gen_cast', Msg}, Mod, State) ->
    try_dispatch(Mod, handle_cast, Msg, State);
try_dispatch(Info, Mod, State) ->
    try_dispatch(Mod, handle_info, Info, State).

try_dispatch(Mod, Function, Msg, State) ->
    try
        {ok, Mod:Function(Msg, State)}
    catch
        throw:Value ->
            {ok, Value};
        error:undef:Trace when Function =:= handle_info ->
            case erlang:function_exported(Mod, handle_info, 2) of
                false ->
                    report_unhandled(Mod, Msg),
                    {ok, {noreply, State}};
                true ->
                    {'EXIT', error, undef, Trace}
            end;
        Class:Reason:Trace ->
            {'EXIT', Class, Reason, Trace}
    end.

report_unhandled(Mod, Msg) ->
    logger:log(warning,
               #{label => {?MODULE, no_handle_info}, module => Mod, message => Msg},
               #{mfa => {?MODULE, try_dispatch, 4}, file => ?FILE, line => ?LINE,
                 domain => [otp], report_cb => fun ?MODULE:format_log/2,
                 error_logger => #{tag => warning_msg, report_cb => fun ?MODULE:format_log/1}}).

%%% The end.

%% Class is that of the exception which ended a callback, or `stop` if the server
%% ends for a reason that was given.
terminate(Class, Reason, Trace, Name, From, Msg, Mod, State, Debug) ->
    terminate(Class, Reason, Trace, exit_reason(Class, Reason, Trace), Name, From, Msg, Mod, State, Debug).

terminate(Class, Reason, Trace, ExitReason, Name, From, Msg, Mod, State, Debug) ->
    case try_terminate(Mod, ExitReason, State) of
        ok ->
            maybe_report(Class, Reason, Trace, Name, From, Msg, Mod, State, Debug),
            leave(Class, Reason, Trace);
        {'EXIT', C, R, T} ->
            maybe_report(C, R, T, Name, From, Msg, Mod, State, Debug),
            leave(C, R, T)
    end.

try_terminate(Mod, Reason, State) ->
    case erlang:function_exported(Mod, terminate, 2) of
        true ->
            try
                _ = Mod:terminate(Reason, State),
                ok
            catch
                throw:_ -> ok;
                C:R:T -> {'EXIT', C, R, T}
            end;
        false ->
            ok
    end.

leave(stop, Reason, Trace) -> leave(exit, Reason, Trace);
leave(exit, Reason, []) -> exit(Reason);
leave(Class, Reason, Trace) -> erlang:raise(Class, Reason, Trace).

maybe_report(Class, normal, _, _, _, _, _, _, _) when Class =/= error -> ok;
maybe_report(Class, shutdown, _, _, _, _, _, _, _) when Class =/= error -> ok;
maybe_report(Class, {shutdown, _}, _, _, _, _, _, _, _) when Class =/= error -> ok;
maybe_report(Class, Reason, Trace, Name, From, Msg, Mod, State, Debug) ->
    Shown = #{state => State, message => Msg, reason => shown_reason(Class, Reason, Trace),
              log => sys:get_log(Debug)},
    Status = gen:format_status(Mod, terminate, Shown, [get(), State]),
    Report = #{label => {?MODULE, terminate},
               name => Name,
               last_message => maps:get(message, Status),
               state => shown_state(Status),
               log => maps:get(log, Status),
               reason => maps:get(reason, Status),
               client_info => client_info(From)},
    logger:log(error, Report,
               #{mfa => {?MODULE, error_info, 8}, file => ?FILE, line => ?LINE,
                 domain => [otp], report_cb => fun ?MODULE:format_log/2,
                 error_logger => #{tag => error, report_cb => fun ?MODULE:format_log/1}}).

%% A callback that ended with an exception shows where.
shown_reason(stop, Reason, _Trace) -> Reason;
shown_reason(_Class, Reason, Trace) -> {Reason, Trace}.

shown_state(Status) ->
    case Status of
        #{'EXIT' := Text} -> Text;
        #{'$status' := Shown} -> Shown;
        #{state := State} -> State
    end.

client_info(undefined) ->
    undefined;
client_info({From, _Tag}) ->
    client_info(From);
client_info(Pid) when is_pid(Pid), node(Pid) =:= node() ->
    case process_info(Pid, [current_stacktrace, registered_name]) of
        undefined ->
            {Pid, dead};
        [{current_stacktrace, Trace}, {registered_name, []}] ->
            {Pid, {Pid, Trace}};
        [{current_stacktrace, Trace}, {registered_name, Name}] ->
            {Pid, {Name, Trace}}
    end;
client_info(Pid) when is_pid(Pid) ->
    {Pid, remote}.

%%% Messages of sys.

system_continue(Parent, Debug, [Name, State, Mod, Time, HibernateAfter]) ->
    loop(Parent, Name, State, Mod, Time, HibernateAfter, Debug).

%% @doc Ends the server for a reason; called by sys.
system_terminate(Reason, _Parent, Debug, [Name, State, Mod, _Time, _HibernateAfter]) ->
    terminate(stop, Reason, stacktrace(), Name, undefined, [], Mod, State, Debug).

system_code_change([Name, State, Mod, Time, HibernateAfter], _Module, OldVsn, Extra) ->
    case catch Mod:code_change(OldVsn, State, Extra) of
        {ok, NewState} -> {ok, [Name, NewState, Mod, Time, HibernateAfter]};
        Else -> Else
    end.

system_get_state([_Name, State, _Mod, _Time, _HibernateAfter]) ->
    {ok, State}.

system_replace_state(Fun, [Name, State, Mod, Time, HibernateAfter]) ->
    NewState = Fun(State),
    {ok, NewState, [Name, NewState, Mod, Time, HibernateAfter]}.

format_status(Opt, [Dictionary, SysState, Parent, Debug,
                    [Name, State, Mod, _Time, _HibernateAfter]]) ->
    Header = gen:format_status_header("Status for generic server", Name),
    Log = sys:get_log(Debug),
    Status = gen:format_status(Mod, Opt, #{state => State, log => Log}, [Dictionary, State]),
    Specific = case Status of
                   #{'EXIT' := Text} -> [{data, [{"State", Text}]}];
                   #{'$status' := Shown} when is_list(Shown) -> Shown;
                   #{'$status' := Shown} -> [Shown];
                   #{state := NewState} -> [{data, [{"State", NewState}]}]
               end,
    [{header, Header},
     {data, [{"Status", SysState}, {"Parent", Parent},
             {"Logged events", maps:get(log, Status, Log)}]}
     | Specific].

print_event(Device, Event, Name) ->
    case Event of
        {in, {'$gen_call', {From, _Tag}, Call}} ->
            io:format(Device, "*DBG* ~tp got call ~tp from ~tw~n", [Name, Call, From]);
        {in, {'$gen_cast', Cast}} ->
            io:format(Device, "*DBG* ~tp got cast ~tp~n", [Name, Cast]);
        {in, Msg} ->
            io:format(Device, "*DBG* ~tp got ~tp~n", [Name, Msg]);
        {out, Msg, {To, _Tag}, State} ->
            io:format(Device, "*DBG* ~tp sent ~tp to ~tw, new state ~tp~n", [Name, Msg, To, State]);
        {noreply, State} ->
            io:format(Device, "*DBG* ~tp new state ~tp~n", [Name, State]);
        _ ->
            io:format(Device, "*DBG* ~tp dbg  ~tp~n", [Name, Event])
    end.

%%% Text of the reports.

format_log(Report) ->
    Depth = error_logger:get_format_depth(),
    text(Report, #{depth => Depth, single_line => false, encoding => utf8}).

format_log(Report, Extra) ->
    Options = maps:merge(#{depth => unlimited, chars_limit => unlimited, single_line => false,
                           encoding => utf8}, Extra),
    {Format, Args} = text(Report, Options),
    case Options of
        #{chars_limit := unlimited} -> io_lib:format(Format, Args);
        #{chars_limit := Limit} -> io_lib:format(Format, Args, [{chars_limit, Limit}])
    end.

text(#{label := {?MODULE, terminate}} = Report, #{single_line := true} = Options) ->
    #{name := Name, last_message := Last, state := State, log := Log, reason := Reason,
      client_info := Client} = Report,
    sentences(Options,
              [{"Generic server ~p terminating. Reason: ~p. Last message: ~p. State: ~p.",
                [Name, explain(Reason), Last, State]}]
              ++ [{" Log: ~p", [Log]} || Log =/= []] ++ client_sentence(Client));
text(#{label := {?MODULE, no_handle_info}, module := Mod, message := Msg}, #{single_line := true} = Options) ->
    sentences(Options, [{"Undefined handle_info in ~p. Unhandled message: ~p.", [Mod, Msg]}]);
text(#{label := {?MODULE, terminate}} = Report, Options) ->
    #{name := Name, last_message := Last, state := State, log := Log, reason := Reason,
      client_info := Client} = Report,
    lines(Options,
          [{"Generic server ~p terminating ", [Name]},
           {"Last message in was ~p", [Last]},
           {"When Server state == ~p", [State]},
           {"Reason for termination ==", []},
           {"~p", [explain(Reason)]}
           | log_lines(Log) ++ client_lines(Client)]);
text(#{label := {?MODULE, no_handle_info}, module := Mod, message := Msg}, Options) ->
    lines(Options, [{"Undefined handle_info in ~p", [Mod]}, {"Unhandled message: ~p", [Msg]}]).

client_lines(undefined) -> [];
client_lines({Pid, dead}) -> [{"Client ~p is dead", [Pid]}];
client_lines({Pid, remote}) -> [{"Client ~p is remote on node ~p", [Pid, node(Pid)]}];
client_lines({_Pid, {Name, Trace}}) -> [{"Client ~p stacktrace", [Name]}, {"~p", [Trace]}].

log_lines([]) -> [];
log_lines(Log) -> [{"Log ==", []}, {"[" ++ lists:append(lists:join(",~n    ", ["~p" || _ <- Log])) ++ "]", Log}].

client_sentence(undefined) -> [];
client_sentence({Pid, dead}) -> [{" Client ~p is dead.", [Pid]}];
client_sentence({Pid, remote}) -> [{" Client ~p is remote on node ~p.", [Pid, node(Pid)]}];
client_sentence({_Pid, {Name, Trace}}) -> [{" Client ~p stacktrace: ~p.", [Name, Trace]}].

sentences(Options, Parts) ->
    {lists:append([convert(Format, Options) || {Format, _} <- Parts]),
     lists:append([arguments(Args, Options) || {_, Args} <- Parts])}.

%% Each line is a format with plain ~p; the depth and the encoding are put in.
lines(Options, Lines) ->
    {lists:append(["** " ++ convert(Format, Options) ++ "~n" || {Format, _} <- Lines]),
     lists:append([arguments(Args, Options) || {_, Args} <- Lines])}.

convert("~p" ++ Rest, #{depth := Depth} = Options) ->
    Width = case Options of #{single_line := true} -> "0"; _ -> "" end,
    Unicode = case Options of #{encoding := latin1} -> ""; _ -> "t" end,
    Letter = case Depth of unlimited -> "p"; _ -> "P" end,
    "~" ++ Width ++ Unicode ++ Letter ++ convert(Rest, Options);
convert([C | Rest], Options) ->
    [C | convert(Rest, Options)];
convert([], _Options) ->
    [].

arguments(Args, #{depth := unlimited}) -> Args;
arguments(Args, #{depth := Depth}) -> [A || Arg <- Args, A <- [Arg, Depth]].

%% An undef error says more about what is missing.
explain({undef, [{M, F, A, L} | Frames]} = Reason) ->
    case code:is_loaded(M) of
        false ->
            {'module could not be loaded', [{M, F, A, L} | Frames]};
        _ ->
            Arity = if is_list(A) -> length(A); is_integer(A) -> A end,
            case erlang:function_exported(M, F, Arity) of
                true -> Reason;
                false -> {'function not exported', [{M, F, A, L} | Frames]}
            end
    end;
explain(Reason) ->
    Reason.
