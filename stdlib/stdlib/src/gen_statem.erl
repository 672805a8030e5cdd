%%% State machines: a process whose handling of events depends on its state.
%%%
%%% Events wait in three places: the mailbox, the queue of events to handle before anything more is
%%% received, and the list of postponed events, which go to the queue when the state changes.
-module(gen_statem).

-export([start/3, start/4, start_link/3, start_link/4, start_monitor/3, start_monitor/4, stop/1,
         stop/3, cast/2, call/2, call/3, send_request/2, send_request/4, wait_response/1,
         wait_response/2, wait_response/3, receive_response/1, receive_response/2,
         receive_response/3, check_response/2, check_response/3, reqids_new/0, reqids_size/1,
         reqids_add/3, reqids_to_list/1, reply/1, reply/2, enter_loop/4, enter_loop/5,
         enter_loop/6]).
-export([init_it/6, wakeup_from_hibernate/2, system_continue/3, system_terminate/4,
         system_code_change/4, system_get_state/1, system_replace_state/2, format_status/2,
         format_log/1, format_log/2]).

-export_type([event_type/0, from/0, reply_tag/0, callback_mode_result/0, init_result/1,
              init_result/2, state_enter_result/1, state_enter_result/2, event_handler_result/1,
              event_handler_result/2, reply_action/0, enter_action/0, action/0, action/1,
              server_name/0, server_ref/0, start_opt/0, enter_loop_opt/0, start_ret/0,
              start_mon_ret/0, request_id/0, request_id_collection/0, format_status/0]).

-type from() :: {To :: pid(), Tag :: reply_tag()}.
-type reply_tag() :: term().
-type server_name() :: {local, atom()} | {global, term()} | {via, module(), term()}.
-type server_ref() :: pid() | atom() | {atom(), node()} | {global, term()} | {via, module(), term()}.
-type start_opt() :: {atom(), term()}.
-type enter_loop_opt() :: {atom(), term()}.
-type start_ret() :: {ok, pid()} | ignore | {error, term()}.
-type start_mon_ret() :: {ok, {pid(), reference()}} | ignore | {error, term()}.
-type request_id() :: reference().
-type request_id_collection() :: map().
-type format_status() :: map().
-type event_type() :: {call, from()} | cast | info | timeout | {timeout, term()} | state_timeout
                    | internal.
-type callback_mode_result() :: atom() | [atom()].
-type reply_action() :: {reply, from(), term()}.
-type enter_action() :: hibernate | {hibernate, boolean()} | tuple() | reply_action().
-type action() :: postpone | {postpone, boolean()} | {next_event, event_type(), term()}
                | enter_action() | tuple() | pop_callback_module.
-type action(_Data) :: action().
-type init_result(State, Data) :: {ok, State, Data} | {ok, State, Data, [action()] | action()}
                                | ignore | {stop, term()}.
-type init_result(State) :: init_result(State, term()).
-type state_enter_result(State, Data) :: {next_state, State, Data} | term().
-type state_enter_result(State) :: state_enter_result(State, term()).
-type event_handler_result(State, Data) :: {next_state, State, Data} | term().
-type event_handler_result(State) :: event_handler_result(State, term()).

-callback init(Args :: term()) -> init_result(term(), term()).
-callback callback_mode() -> callback_mode_result().
-callback handle_event(event_type() | enter, Content :: term(), State :: term(), Data :: term()) ->
    term().
-callback terminate(Reason :: term(), State :: term(), Data :: term()) -> any().
-callback code_change(OldVsn :: term(), OldState :: term(), OldData :: term(), Extra :: term()) ->
    {ok, NewState :: term(), NewData :: term()} | (Reason :: term()).
-callback format_status(format_status()) -> format_status().
-callback format_status(Opt :: normal | terminate, StatusData :: [term()]) -> term().

-optional_callbacks([handle_event/4, terminate/3, code_change/4, format_status/1, format_status/2]).

%% The machine. Modules is the stack of callback modules; timers a map from the kinds of time-outs
%% to {Timer, Content}; zeros the kinds of time-outs that have run out at once, the last first.
-record(machine, {parent, name, modules, mode, enter = false, state, data, before = none, postponed = [],
                  timers = #{}, zeros = [], hibernate = false, hibernate_after = infinity,
                  debug = []}).

%% The event that a machine begins with; no state callback sees it.
-define(INIT_STATE, {internal, init_state}).

%% What the actions after an event ask for.
-record(wanted, {postpone = false, hibernate = false, next_events = [], timeouts = []}).

%% Starting and stopping.

%% @doc Starts a machine.
start(Module, Args, Options) -> gen:start(?MODULE, nolink, Module, Args, Options).

%% @doc Starts a machine with a name.
start(Name, Module, Args, Options) -> gen:start(?MODULE, nolink, Name, Module, Args, Options).

%% @doc Starts a machine linked to the caller.
start_link(Module, Args, Options) -> gen:start(?MODULE, link, Module, Args, Options).

%% @doc Starts a machine with a name, linked to the caller.
start_link(Name, Module, Args, Options) -> gen:start(?MODULE, link, Name, Module, Args, Options).

%% @doc Starts a machine monitored by the caller.
start_monitor(Module, Args, Options) -> gen:start(?MODULE, monitor, Module, Args, Options).

%% @doc Starts a machine with a name, monitored by the caller.
start_monitor(Name, Module, Args, Options) -> gen:start(?MODULE, monitor, Name, Module, Args, Options).

%% @doc Stops a machine.
stop(Server) -> gen:stop(Server).

%% @doc Stops a machine for a reason, within a time.
stop(Server, Reason, Timeout) -> gen:stop(Server, Reason, Timeout).

%% What clients do.

%% @doc Sends an event of the type cast.
cast({global, Name}, Event) ->
    _ = (catch global:send(Name, {'$gen_cast', Event})),
    ok;
cast({via, Module, Name}, Event) ->
    _ = (catch Module:send(Name, {'$gen_cast', Event})),
    ok;
cast({Name, Node} = Server, Event) when is_atom(Name), is_atom(Node) -> send_cast(Server, Event);
cast(Server, Event) when is_atom(Server); is_pid(Server) -> send_cast(Server, Event).

send_cast(Server, Event) ->
    _ = (catch erlang:send(Server, {'$gen_cast', Event}, [noconnect])),
    ok.

%% @doc Sends an event of the type {call, From} and waits for the reply.
call(Server, Request) -> call(Server, Request, infinity).

%% @doc As call/2, within a time: milliseconds, {clean_timeout, T} or {dirty_timeout, T}.
call(Server, Request, Timeout) ->
    case Timeout of
        {Kind, Time} when Kind =:= clean_timeout; Kind =:= dirty_timeout ->
            call_dirty(Server, Request, Timeout, Time);
        {_, _} ->
            erlang:error(badarg, [Server, Request, Timeout]);
        _ ->
            call_dirty(Server, Request, Timeout, Timeout)
    end.

%% What a report shows of a waiting client has this function by name and arity, as in OTP.
call_dirty(Server, Request, Timeout, Time) ->
    try gen:call(Server, '$gen_call', Request, Time) of
        {ok, Reply} -> Reply
    catch
        exit:Reason:Stack ->
            erlang:raise(exit, {Reason, {?MODULE, call, [Server, Request, Timeout]}}, Stack)
    end.

%% @doc Sends an event of the type {call, From}; the reply is fetched later.
send_request(Server, Request) -> gen:send_request(Server, '$gen_call', Request).

%% @doc As send_request/2, the request kept in a collection under a label.
send_request(Server, Request, Label, Collection) ->
    gen:send_request(Server, '$gen_call', Request, Label, Collection).

%% @doc Waits for the reply to a request.
wait_response(Id) -> gen:wait_response(Id, infinity).

%% @doc Waits for the reply to a request, within a time.
wait_response(Id, Timeout) ->
    try gen:wait_response(Id, Timeout) catch error:badarg -> error(badarg, [Id, Timeout]) end.

%% @doc Waits for a reply to a collection of requests.
wait_response(Collection, Timeout, Delete) ->
    try gen:wait_response(Collection, Timeout, Delete) catch error:badarg -> error(badarg, [Collection, Timeout, Delete]) end.

%% @doc Waits for the reply to a request.
receive_response(Id) -> gen:receive_response(Id, infinity).

%% @doc Waits for the reply to a request, which is given up after the time.
receive_response(Id, Timeout) ->
    try gen:receive_response(Id, Timeout) catch error:badarg -> error(badarg, [Id, Timeout]) end.

%% @doc Waits for a reply to a collection of requests, which are given up after the time.
receive_response(Collection, Timeout, Delete) ->
    try gen:receive_response(Collection, Timeout, Delete) catch error:badarg -> error(badarg, [Collection, Timeout, Delete]) end.

%% @doc Whether a message is the reply to a request.
check_response(Message, Id) ->
    try gen:check_response(Message, Id) catch error:badarg -> error(badarg, [Message, Id]) end.

%% @doc Whether a message is a reply to a collection of requests.
check_response(Message, Collection, Delete) ->
    try gen:check_response(Message, Collection, Delete) catch error:badarg -> error(badarg, [Message, Collection, Delete]) end.

%% @doc An empty collection of requests.
reqids_new() -> gen:reqids_new().

%% @doc The number of requests in a collection.
reqids_size(Collection) ->
    try gen:reqids_size(Collection) catch error:badarg -> error(badarg, [Collection]) end.

%% @doc A collection with one more request.
reqids_add(Id, Label, Collection) ->
    try gen:reqids_add(Id, Label, Collection) catch error:badarg -> error(badarg, [Id, Label, Collection]) end.

%% @doc The requests of a collection with their labels.
reqids_to_list(Collection) ->
    try gen:reqids_to_list(Collection) catch error:badarg -> error(badarg, [Collection]) end.

%% @doc Sends replies to callers.
reply({reply, From, Reply}) -> reply(From, Reply);
reply(Replies) when is_list(Replies) -> replies(Replies).

replies([{reply, From, Reply} | Replies]) ->
    reply(From, Reply),
    replies(Replies);
replies([]) ->
    ok.

%% @doc Sends a reply to a caller.
reply(From, Reply) -> gen:reply(From, Reply).

%% The process.

%% @doc Makes the calling process a machine.
enter_loop(Module, Options, State, Data) -> enter_loop(Module, Options, State, Data, self()).

%% @doc As enter_loop/4, with a name or with actions.
enter_loop(Module, Options, State, Data, {Scope, _} = Name) when Scope =:= local; Scope =:= global ->
    enter_loop(Module, Options, State, Data, Name, []);
enter_loop(Module, Options, State, Data, {via, _, _} = Name) ->
    enter_loop(Module, Options, State, Data, Name, []);
enter_loop(Module, Options, State, Data, Name) when is_pid(Name) ->
    enter_loop(Module, Options, State, Data, Name, []);
enter_loop(Module, Options, State, Data, Actions) ->
    enter_loop(Module, Options, State, Data, self(), Actions).

%% @doc As enter_loop/4, with a name and with actions.
enter_loop(Module, Options, State, Data, ServerName, Actions) ->
    is_atom(Module) orelse error({atom, Module}),
    Parent = gen:get_parent(),
    Name = gen:get_proc_name(ServerName),
    enter(Module, Options, State, Data, Name, Parent, Actions, gen:debug_options(Name, Options)).

%% @doc The body of the process, after gen has given it its name.
init_it(Starter, self, Name, Module, Args, Options) ->
    init_it(Starter, self(), Name, Module, Args, Options);
init_it(Starter, Parent, FullName, Module, Args, Options) ->
    Name = gen:name(FullName),
    Debug = gen:debug_options(Name, Options),
    try Module:init(Args) of
        Result -> init_result(Result, Starter, Parent, FullName, Name, Module, Options, Debug)
    catch
        throw:Result -> init_result(Result, Starter, Parent, FullName, Name, Module, Options, Debug);
        Class:Reason:Stack ->
            init_failed(Starter, FullName, {error, Reason}),
            report(Class, Reason, Stack, [], not_yet(Parent, Name, Module, Debug)),
            erlang:raise(Class, Reason, Stack)
    end.

init_result(Result, Starter, Parent, FullName, Name, Module, Options, Debug) ->
    case Result of
        {ok, State, Data} ->
            proc_lib:init_ack(Starter, {ok, self()}),
            enter(Module, Options, State, Data, Name, Parent, [], Debug);
        {ok, State, Data, Actions} ->
            proc_lib:init_ack(Starter, {ok, self()}),
            enter(Module, Options, State, Data, Name, Parent, Actions, Debug);
        {stop, Reason} ->
            init_failed(Starter, FullName, {error, Reason}),
            exit(Reason);
        ignore ->
            init_failed(Starter, FullName, ignore),
            exit(normal);
        _ ->
            Error = {bad_return_from_init, Result},
            init_failed(Starter, FullName, {error, Error}),
            report(error, Error, stack(), [], not_yet(Parent, Name, Module, Debug)),
            exit(Error)
    end.

%% A machine whose callback module has not been asked for anything but the first state.
not_yet(Parent, Name, Module, Debug) ->
    #machine{parent = Parent, name = Name, modules = [Module], mode = state_functions, debug = Debug}.

init_failed(Starter, FullName, Answer) ->
    gen:unregister_name(FullName),
    proc_lib:init_ack(Starter, Answer).

enter(Module, Options, State, Data, Name, Parent, Actions, Debug) ->
    Machine0 = #machine{parent = Parent, name = Name, modules = [Module], mode = state_functions, state = State,
                        data = Data, before = {State, Data},
                        hibernate_after = gen:hibernate_after(Options),
                        debug = Debug},
    Machine = debugged({enter, Module}, with_callback_mode(get_callback_mode(Machine0, [Module]), Machine0)),
    after_callback(true, State, as_list(Actions) ++ [{postpone, false}], ?INIT_STATE, [], Machine).

with_callback_mode({ok, Machine}, _) -> Machine;
with_callback_mode({Class, Reason, Stack}, Machine) -> terminate(Class, Reason, Stack, [?INIT_STATE], Machine).

%% Asks the callback module how it wants to be called: {ok, Machine}, or why it cannot be.
get_callback_mode(Machine, [Module | _] = Modules) ->
    try Module:callback_mode() of
        Result -> callback_mode_result(Result, Machine, Modules, as_list(Result), [], false)
    catch
        throw:Result -> callback_mode_result(Result, Machine, Modules, as_list(Result), [], false);
        Class:Reason:Stack -> {Class, Reason, Stack}
    end.

%% Reports show this function by name and arity.
callback_mode_result(Result, Machine, Modules, [state_enter | Items], Modes, _) ->
    callback_mode_result(Result, Machine, Modules, Items, Modes, true);
callback_mode_result(Result, Machine, Modules, [Mode | Items], _, Enter)
  when Mode =:= state_functions; Mode =:= handle_event_function ->
    callback_mode_result(Result, Machine, Modules, Items, [Mode], Enter);
callback_mode_result(_, Machine, Modules, [], [Mode], Enter) ->
    {ok, Machine#machine{modules = Modules, mode = Mode, enter = Enter}};
callback_mode_result(Result, _, _, _, _, _) ->
    {error, {bad_return_from_callback_mode, Result}, stack()}.

as_list(List) when is_list(List) -> List;
as_list(Item) -> [Item].

stack() ->
    {current_stacktrace, [_ | Stack]} = process_info(self(), current_stacktrace),
    Stack.

%% Receiving.

loop(#machine{hibernate = true} = Machine) ->
    proc_lib:hibernate(?MODULE, wakeup_from_hibernate, [Machine#machine.parent, Machine]);
loop(#machine{hibernate_after = Time} = Machine) ->
    receive
        Message -> message(Message, Machine, false)
    after Time ->
        loop(Machine#machine{hibernate = true})
    end.

%% @doc Where the process goes on after hibernation.
wakeup_from_hibernate(_, Machine) ->
    receive
        Message -> message(Message, Machine#machine{hibernate = false}, true)
    end.

message({system, From, Request}, #machine{parent = Parent, debug = Debug} = Machine, Hibernated) ->
    sys:handle_system_msg(Request, From, Parent, ?MODULE, Debug, Machine, Hibernated);
message({'EXIT', Parent, Reason} = Message, #machine{parent = Parent} = Machine, _) ->
    terminate(exit, Reason, stack(), [{info, Message}], Machine);
message({timeout, Timer, Kind} = Message, #machine{timers = Timers} = Machine, _) ->
    case maps:find(Kind, Timers) of
        {ok, {Timer, Content}} ->
            received({Kind, Content}, [], Machine#machine{timers = maps:remove(Kind, Timers)});
        _ ->
            received({info, Message}, [], Machine)
    end;
message({'$gen_call', From, Request}, Machine, _) ->
    received({{call, From}, Request}, [], Machine);
message({'$gen_cast', Event}, Machine, _) ->
    received({cast, Event}, [], Machine);
message(Message, Machine, _) ->
    received({info, Message}, [], Machine).

received(Event, Queue, Machine) ->
    handle(Event, Queue, debugged({in, Event}, Machine)).

%% Handling. Queue has the events to handle after this one.

handle({Type, _} = Event, Queue, Machine0) ->
    %% Any other event is the end of an event time-out.
    Machine = case Type of
                  timeout -> Machine0;
                  _ -> cancel(timeout, Machine0)
              end,
    call_state(Event, event, none, none, Event, Queue, Machine).

%% Calls the state callback with {Type, Content}. Phase says what its result is for.
call_state({Type, Content}, Phase, OldState, Wanted, Event, Queue,
           #machine{mode = Mode, modules = [Module | _], state = State, data = Data} = Machine) ->
    case Mode of
        state_functions ->
            loop_state_callback(Phase, OldState, Wanted, Event, Queue, Machine, Module, State, Type, Content, Data);
        _ ->
            loop_state_callback(Phase, OldState, Wanted, Event, Queue, Machine, Module, {handle_event, State},
                                Type, Content, Data)
    end.

%% Reports of crashes show this function by name and arity, as those of OTP do.
loop_state_callback(Phase, OldState, Wanted, Event, Queue, Machine, Module, Callback, Type, Content, Data) ->
    try
        case Callback of
            {handle_event, State} -> Module:handle_event(Type, Content, State, Data);
            State -> Module:State(Type, Content, Data)
        end
    of
        Result ->
            #machine{state = Now, debug = Debug} = Machine,
            loop_state_callback_result(Phase, OldState, Wanted, Event, Queue, Machine, Now, Data, Module, Debug, Result)
    catch
        throw:Result ->
            #machine{state = Now, debug = Debug} = Machine,
            loop_state_callback_result(Phase, OldState, Wanted, Event, Queue, Machine, Now, Data, Module, Debug, Result);
        Class:Reason:Stack when Phase =:= enter ->
            %% The state that cannot be entered is not the machine's.
            {State0, Data0} = Machine#machine.before,
            terminate(Class, Reason, Stack, [Event | Queue], Machine#machine{state = State0, data = Data0});
        Class:Reason:Stack ->
            terminate(Class, Reason, Stack, [Event | Queue], Machine)
    end.

%% Goes on with what a state callback returned, for an event or for the entering of a state. Reports of
%% stops show this function by name and arity, too.
loop_state_callback_result(event, _, _, Event, Queue, Machine, State, Data, _, _, Result) ->
    case Result of
        {next_state, State1, Data1} -> next(State1, Data1, [], false, Event, Queue, Machine);
        {next_state, State1, Data1, Actions} -> next(State1, Data1, Actions, false, Event, Queue, Machine);
        {keep_state, Data1} -> next(State, Data1, [], false, Event, Queue, Machine);
        {keep_state, Data1, Actions} -> next(State, Data1, Actions, false, Event, Queue, Machine);
        keep_state_and_data -> next(State, Data, [], false, Event, Queue, Machine);
        {keep_state_and_data, Actions} -> next(State, Data, Actions, false, Event, Queue, Machine);
        {repeat_state, Data1} -> next(State, Data1, [], true, Event, Queue, Machine);
        {repeat_state, Data1, Actions} -> next(State, Data1, Actions, true, Event, Queue, Machine);
        repeat_state_and_data -> next(State, Data, [], true, Event, Queue, Machine);
        {repeat_state_and_data, Actions} -> next(State, Data, Actions, true, Event, Queue, Machine);
        _ -> stop_result(Result, stack(), [Event | Queue], Machine)
    end;
loop_state_callback_result(enter, OldState, Wanted, Event, Queue, Machine, State, Data, _, _, Result) ->
    case Result of
        {next_state, State, Data1} -> entered(false, Data1, [], OldState, Wanted, Event, Queue, Machine);
        {next_state, State, Data1, Actions} ->
            entered(false, Data1, Actions, OldState, Wanted, Event, Queue, Machine);
        {keep_state, Data1} -> entered(false, Data1, [], OldState, Wanted, Event, Queue, Machine);
        {keep_state, Data1, Actions} ->
            entered(false, Data1, Actions, OldState, Wanted, Event, Queue, Machine);
        keep_state_and_data -> entered(false, Data, [], OldState, Wanted, Event, Queue, Machine);
        {keep_state_and_data, Actions} ->
            entered(false, Data, Actions, OldState, Wanted, Event, Queue, Machine);
        {repeat_state, Data1} -> entered(true, Data1, [], OldState, Wanted, Event, Queue, Machine);
        {repeat_state, Data1, Actions} ->
            entered(true, Data1, Actions, OldState, Wanted, Event, Queue, Machine);
        repeat_state_and_data -> entered(true, Data, [], OldState, Wanted, Event, Queue, Machine);
        {repeat_state_and_data, Actions} ->
            entered(true, Data, Actions, OldState, Wanted, Event, Queue, Machine);
        _ when element(1, Result) =:= next_state ->
            terminate(error, {bad_state_enter_return_from_state_function, Result}, stack(), [Event | Queue],
                      Machine);
        _ -> stop_result(Result, stack(), [Event | Queue], Machine)
    end.

stop_result(Result, Stack, Queue, Machine) ->
    case Result of
        stop -> terminate(exit, normal, Stack, Queue, Machine);
        {stop, Reason} -> terminate(exit, Reason, Stack, Queue, Machine);
        {stop, Reason, Data} -> terminate(exit, Reason, Stack, Queue, Machine#machine{data = Data});
        {stop_and_reply, Reason, Replies} ->
            reply_and_stop(Reason, Stack, as_list(Replies), Queue, Machine);
        {stop_and_reply, Reason, Replies, Data} ->
            reply_and_stop(Reason, Stack, as_list(Replies), Queue, Machine#machine{data = Data});
        _ ->
            terminate(error, {bad_return_from_state_function, Result}, Stack, Queue, Machine)
    end.

reply_and_stop(Reason, Stack, [{reply, {_, _} = From, Reply} | Replies], Queue, Machine) ->
    reply(From, Reply),
    reply_and_stop(Reason, Stack, Replies, Queue, debugged({out, Reply, From}, Machine));
reply_and_stop(Reason, Stack, [], Queue, Machine) ->
    terminate(exit, Reason, Stack, Queue, Machine);
reply_and_stop(Reason, Stack, [Other | Replies], Queue, #machine{state = State, data = Data} = Machine) ->
    do_reply_then_terminate(Machine, Reason, Stack, Queue, Other, Replies, State, Data).

%% Reports show this function by name and arity.
do_reply_then_terminate(Machine, _, _, Queue, Other, _, _, _) ->
    terminate(error, {bad_reply_action_from_state_function, Other}, stack(), Queue, Machine).

next(State1, Data1, Actions, Repeat, Event, Queue, #machine{state = State, data = Data} = Machine) ->
    after_callback(Repeat, State, as_list(Actions), Event, Queue,
                   Machine#machine{state = State1, data = Data1, before = {State, Data}}).

%% After a state callback, or at the start: the actions, the state enter call, and what the two ask for.
%% OldState is the state before.
after_callback(Repeat, OldState, Actions, Event, Queue, Machine) ->
    act(Actions, #wanted{}, event, Repeat, OldState, Event, Queue, Machine).

acted(event, Repeat, OldState, Wanted, Event, Queue, Machine) ->
    Entered = Repeat orelse Machine#machine.state =/= OldState,
    case Entered andalso Machine#machine.enter of
        true -> enter_call(OldState, Wanted, Event, Queue, Machine);
        false -> transition(OldState, Wanted, Event, Queue, Machine)
    end;
acted(enter, true, OldState, Wanted, Event, Queue, Machine) ->
    enter_call(OldState, Wanted, Event, Queue, Machine);
acted(enter, false, OldState, Wanted, Event, Queue, Machine) ->
    transition(OldState, Wanted, Event, Queue, Machine).

enter_call(OldState, Wanted, Event, Queue, Machine) ->
    call_state({enter, OldState}, enter, OldState, Wanted, Event, Queue, Machine).

entered(Repeat, Data, Actions, OldState, Wanted, Event, Queue, Machine) ->
    act(as_list(Actions), Wanted, enter, Repeat, OldState, Event, Queue, Machine#machine{data = Data}).

is_enter_action(postpone) -> false;
is_enter_action({postpone, Postpone}) -> not Postpone;
is_enter_action({next_event, _, _}) -> false;
is_enter_action({change_callback_module, _}) -> false;
is_enter_action({push_callback_module, _}) -> false;
is_enter_action(pop_callback_module) -> false;
is_enter_action(_) -> true.

%% Actions, one after the other; then acted/7. Reports of bad actions show the function that reads them
%% by name and arity, as those of OTP do.
act(Actions, #wanted{postpone = Postpone, hibernate = Hibernate, next_events = Events, timeouts = Timeouts},
    Phase, Repeat, OldState, Event, Queue, #machine{debug = Debug, modules = Modules} = Machine) ->
    loop_actions_list(Machine, Debug, Modules, [Event | Queue], Event, Events, Hibernate, Timeouts, Postpone,
                      {Phase, Repeat}, OldState, Queue, Actions).

loop_actions_list(Machine, _, _, _, Event, Events, Hibernate, Timeouts, Postpone, {Phase, Repeat}, OldState, Queue, []) ->
    acted(Phase, Repeat, OldState,
          #wanted{postpone = Postpone, hibernate = Hibernate, next_events = Events, timeouts = Timeouts},
          Event, Queue, Machine);
loop_actions_list(Machine, _, _, Whole, Event, Events, Hibernate, Timeouts, Postpone, {Phase, Repeat}, OldState, Queue,
                  [Action | Actions]) ->
    Wanted = #wanted{postpone = Postpone, hibernate = Hibernate, next_events = Events, timeouts = Timeouts},
    case Phase =:= event orelse is_enter_action(Action) of
        true ->
            case action(Action, Wanted, Machine) of
                {#wanted{} = Wanted1, Machine1} ->
                    act(Actions, Wanted1, Phase, Repeat, OldState, Event, Queue, Machine1);
                {modules, Modules} ->
                    loop_actions_list(Machine, Wanted, Whole, Phase, Repeat, OldState, Event, Queue, Actions, Action,
                                      Hibernate, Modules);
                bad ->
                    case Action of
                        {reply, _, _} ->
                            loop_actions_reply(Machine, Wanted, Whole, Phase, Repeat, OldState, Event, Queue, Actions,
                                               Action, Hibernate, Timeouts, Postpone, Events);
                        {next_event, _, _} ->
                            loop_actions_next_event_bad(Machine, Wanted, Whole, Phase, OldState, Event, Queue, Actions,
                                                        Action);
                        _ ->
                            terminate(error, {bad_action_from_state_function, Action}, stack(), Whole, Machine)
                    end
            end;
        false when element(1, Action) =:= next_event ->
            loop_actions_next_event_bad(Machine, Wanted, Whole, Phase, OldState, Event, Queue, Actions, Action);
        false ->
            loop_actions_list(Machine, Wanted, Whole, Phase, Repeat, OldState, Event, Queue, Actions, Action, Hibernate,
                              not_when_entering)
    end.

%% An action that is none when a state is entered, or a new callback module, which says how it wants to be called.
loop_actions_list(Machine, _, Whole, _, _, _, _, _, _, Action, _, not_when_entering) ->
    terminate(error, {bad_state_enter_action_from_state_function, Action}, stack(), Whole, Machine);
loop_actions_list(Machine, Wanted, Whole, Phase, Repeat, OldState, Event, Queue, Actions, _, _, [Module | _] = Modules) ->
    case get_callback_mode(Machine, Modules) of
        {ok, Machine1} ->
            act(Actions, Wanted, Phase, Repeat, OldState, Event, Queue, debugged({module, Module}, Machine1));
        {Class, Reason, Stack} ->
            terminate(Class, Reason, Stack, Whole, Machine)
    end.

%% What these say is wrong is told by name and arity, too.
loop_actions_reply(Machine, _, Whole, _, _, _, _, _, _, Action, _, _, _, _) ->
    terminate(error, {bad_action_from_state_function, Action}, stack(), Whole, Machine).

loop_actions_next_event_bad(Machine, _, Whole, enter, _, _, _, _, Action) ->
    terminate(error, {bad_state_enter_action_from_state_function, Action}, stack(), Whole, Machine);
loop_actions_next_event_bad(Machine, _, Whole, event, _, _, _, _, Action) ->
    terminate(error, {bad_action_from_state_function, Action}, stack(), Whole, Machine).

%% What one action asks for, and the machine after it; or the callback modules that it wants.
action(postpone, Wanted, Machine) ->
    {Wanted#wanted{postpone = true}, Machine};
action({postpone, Postpone}, Wanted, Machine) when is_boolean(Postpone) ->
    {Wanted#wanted{postpone = Postpone}, Machine};
action(hibernate, Wanted, Machine) ->
    {Wanted#wanted{hibernate = true}, Machine};
action({hibernate, Hibernate}, Wanted, Machine) when is_boolean(Hibernate) ->
    {Wanted#wanted{hibernate = Hibernate}, Machine};
action({reply, {_, _} = From, Reply}, Wanted, Machine) ->
    reply(From, Reply),
    {Wanted, debugged({out, Reply, From}, Machine)};
action({next_event, Type, Content}, #wanted{next_events = Events} = Wanted, Machine) ->
    case is_event_type(Type) of
        true ->
            Event = {Type, Content},
            {Wanted#wanted{next_events = [Event | Events]}, debugged({in, Event}, Machine)};
        false ->
            bad
    end;
action({change_callback_module, Module}, _, #machine{modules = [_ | Modules]}) when is_atom(Module) ->
    {modules, [Module | Modules]};
action({push_callback_module, Module}, _, #machine{modules = Modules}) when is_atom(Module) ->
    {modules, [Module | Modules]};
action(pop_callback_module, _, #machine{modules = [_, _ | _] = Modules}) ->
    {modules, tl(Modules)};
action(Action, #wanted{timeouts = Timeouts} = Wanted, Machine) ->
    case timeout_action(Action) of
        bad -> bad;
        Timeout -> {Wanted#wanted{timeouts = [Timeout | Timeouts]}, Machine}
    end.

is_event_type({call, {_, _}}) -> true;
is_event_type({timeout, _}) -> true;
is_event_type(Type) -> lists:member(Type, [cast, info, timeout, state_timeout, internal]).

%% {Kind, Time, Content, Options}, {Kind, cancel} or {Kind, update, Content}.
timeout_action(infinity) -> {timeout, cancel};
timeout_action(Time) when is_integer(Time), Time >= 0 -> {timeout, Time, Time, []};
timeout_action({Kind, cancel}) -> if_kind(Kind, {Kind, cancel});
timeout_action({Kind, update, Content}) -> if_kind(Kind, {Kind, update, Content});
timeout_action({Kind, Time, Content}) -> timeout_action({Kind, Time, Content, []});
timeout_action({Kind, infinity, _, _}) -> if_kind(Kind, {Kind, cancel});
timeout_action({Kind, Time, Content, Options}) when is_integer(Time) ->
    case absolute(as_list(Options), false) of
        bad -> bad;
        Absolute when Absolute; Time >= 0 -> if_kind(Kind, {Kind, Time, Content, [{abs, true} || Absolute]});
        _ -> bad
    end;
timeout_action(_) -> bad.

%% Whether a time is an absolute one.
absolute([{abs, Absolute} | Options], Known) when is_boolean(Absolute) -> absolute(Options, Known orelse Absolute);
absolute([], Absolute) -> Absolute;
absolute(_, _) -> bad.

if_kind(timeout, Timeout) -> Timeout;
if_kind(state_timeout, Timeout) -> Timeout;
if_kind({timeout, _}, Timeout) -> Timeout;
if_kind(_, _) -> bad.

%% The transition: time-outs, postponed events, and the events to come.
transition(OldState, Wanted, Event, Queue, #machine{state = State, postponed = Postponed0} = Machine0) ->
    Changed = State =/= OldState,
    Postponed1 = case Wanted#wanted.postpone of
                     true -> [Event | Postponed0];
                     false -> Postponed0
                 end,
    {Retried, Postponed} = case Changed of
                               true -> {lists:reverse(Postponed1), []};
                               false -> {[], Postponed1}
                           end,
    Machine1 = consumed(Event, Wanted, OldState,
                        Machine0#machine{postponed = Postponed, hibernate = Wanted#wanted.hibernate}),
    Machine2 = case Changed of
                   true -> cancel(state_timeout, Machine1);
                   false -> Machine1
               end,
    Machine3 = lists:foldl(fun set_timeout/2, Machine2, last_of_each(Wanted#wanted.timeouts, [])),
    go_on(lists:reverse(Wanted#wanted.next_events, Retried ++ Queue), Machine3).

%% Of a kind of time-out, the last action counts. The actions stand in reverse.
last_of_each([Timeout | Timeouts], Kept) ->
    case lists:keymember(element(1, Timeout), 1, Kept) of
        true -> last_of_each(Timeouts, Kept);
        false -> last_of_each(Timeouts, [Timeout | Kept])
    end;
last_of_each([], Kept) ->
    Kept.

consumed(Event, #wanted{postpone = true}, OldState, Machine) ->
    debugged({postpone, Event, OldState}, Machine);
consumed(Event, _, OldState, Machine) ->
    debugged({consume, Event, OldState}, Machine).

go_on([Event | Queue], Machine) ->
    handle(Event, Queue, Machine#machine{hibernate = false});
go_on([], #machine{zeros = []} = Machine) ->
    loop(Machine);
go_on([], #machine{zeros = Zeros, timers = Timers} = Machine) ->
    %% Time-outs of no time come after all events of the queue.
    [Kind | Rest] = lists:reverse(Zeros),
    {zero, Content} = maps:get(Kind, Timers),
    received({Kind, Content}, [],
             Machine#machine{zeros = lists:reverse(Rest), timers = maps:remove(Kind, Timers),
                             hibernate = false}).

set_timeout({Kind, cancel}, Machine) ->
    cancel(Kind, Machine);
set_timeout({Kind, update, Content}, #machine{timers = Timers} = Machine) ->
    case maps:find(Kind, Timers) of
        {ok, {Timer, _}} -> Machine#machine{timers = Timers#{Kind => {Timer, Content}}};
        error -> set_timeout({Kind, 0, Content, []}, Machine)
    end;
set_timeout({Kind, Time, Content, Options} = Timeout, Machine0) ->
    #machine{timers = Timers, zeros = Zeros} = Machine = debugged({start_timer, Timeout}, cancel(Kind, Machine0)),
    case Time =:= 0 andalso not lists:member({abs, true}, Options) of
        true -> Machine#machine{timers = Timers#{Kind => {zero, Content}}, zeros = [Kind | Zeros]};
        false ->
            Timer = erlang:start_timer(Time, self(), Kind, Options),
            Machine#machine{timers = Timers#{Kind => {Timer, Content}}}
    end.

cancel(Kind, #machine{timers = Timers, zeros = Zeros} = Machine) ->
    case maps:find(Kind, Timers) of
        {ok, {zero, _}} ->
            Machine#machine{timers = maps:remove(Kind, Timers), zeros = lists:delete(Kind, Zeros)};
        {ok, {Timer, _}} ->
            _ = erlang:cancel_timer(Timer),
            receive
                {timeout, Timer, Kind} -> ok
            after 0 -> ok
            end,
            Machine#machine{timers = maps:remove(Kind, Timers)};
        error ->
            Machine
    end.

%% The end.

terminate(Class, Reason, Stack, Queue, #machine{state = State, data = Data} = Machine) ->
    terminate(Class, Reason, Stack, Queue, Machine, State, Data).

terminate(Class, Reason, Stack, Queue, #machine{modules = [Module | _]} = Machine0, State, Data) ->
    case erlang:function_exported(Module, terminate, 3) of
        true ->
            try Module:terminate(Reason, State, Data)
            catch
                throw:_ -> ok;
                Class1:Reason1:Stack1 ->
                    report(Class1, Reason1, Stack1, Queue, Machine0),
                    erlang:raise(Class1, Reason1, Stack1)
            end;
        false ->
            ok
    end,
    _ = case is_orderly(Class, Reason) of
            true -> debugged({terminate, Reason}, Machine0);
            false -> report(Class, Reason, Stack, Queue, Machine0)
        end,
    case Stack of
        [] -> erlang:Class(Reason);
        _ -> erlang:raise(Class, Reason, Stack)
    end.

is_orderly(exit, normal) -> true;
is_orderly(exit, shutdown) -> true;
is_orderly(exit, {shutdown, _}) -> true;
is_orderly(_, _) -> false.

%% For sys.

%% What goes on, for those who asked to see it. The state of the machine, the one after the event, comes last.
debugged(_, #machine{debug = []} = Machine) -> Machine;
debugged({out, _, _} = Event, Machine) -> debugged_as(Event, Machine);
debugged(Event, #machine{state = State} = Machine) -> debugged_as(erlang:append_element(Event, State), Machine).

debugged_as(Event, #machine{debug = Debug, name = Name} = Machine) ->
    Machine#machine{debug = sys:handle_debug(Debug, fun print_event/3, Name, Event)}.

print_event(Device, Event, Name) ->
    {Format, Args} =
        case Event of
            {in, Received, State} -> {"receive ~ts in state ~tp", [event_text(Received), State]};
            {out, Reply, {To, _}} -> {"send ~tp to ~tw", [Reply, To]};
            {Action, Handled, State, State} -> {"~tw ~ts in state ~tp", [Action, event_text(Handled), State]};
            {Action, Handled, State, NextState} ->
                {"~tw ~ts in state ~tp => ~tp", [Action, event_text(Handled), State, NextState]};
            {Action, About, State} -> {"~tw ~tp in state ~tp", [Action, About, State]}
        end,
    io:format(Device, "*DBG* ~tp " ++ Format ++ "~n", [Name | Args]).

event_text({{call, {Pid, _}}, Request}) -> io_lib:format("call ~tp from ~tw", [Request, Pid]);
event_text({Type, Content}) -> io_lib:format("~tw ~tp", [Type, Content]).

%% @doc Goes on after sys has held the process.
system_continue(Parent, Debug, Machine) ->
    loop(Machine#machine{parent = Parent, debug = Debug}).

%% @doc Stops because sys says so.
system_terminate(Reason, Parent, Debug, Machine) ->
    terminate(exit, Reason, stack(), [], Machine#machine{parent = Parent, debug = Debug}).

%% @doc Lets the callback module change state and data for new code.
system_code_change(#machine{modules = [Module | _], state = State, data = Data} = Machine, _, OldVsn, Extra) ->
    Result = case erlang:function_exported(Module, code_change, 4) of
                 true ->
                     try
                         Module:code_change(OldVsn, State, Data, Extra)
                     catch
                         throw:Thrown -> Thrown
                     end;
                 false -> {ok, State, Data}
             end,
    case Result of
        {ok, State1, Data1} ->
            Changed = Machine#machine{state = State1, data = Data1},
            {ok, with_callback_mode(get_callback_mode(Changed, Changed#machine.modules), Changed)};
        Error -> Error
    end.

%% @doc {State, Data}.
system_get_state(#machine{state = State, data = Data}) -> {ok, {State, Data}}.

%% @doc Replaces {State, Data}.
system_replace_state(Replace, #machine{state = State, data = Data} = Machine) ->
    {State1, Data1} = Result = Replace({State, Data}),
    {ok, Result, Machine#machine{state = State1, data = Data1}}.

%% @doc What sys:get_status/1 shows.
format_status(Option, [PDict, SysState, Parent, Debug, #machine{modules = [Module | _] = Modules} = Machine]) ->
    #machine{name = Name, state = State, data = Data, postponed = Postponed} = Machine,
    Log = sys:get_log(Debug),
    Status = gen:format_status(Module, Option,
                               #{state => State, data => Data, postponed => Postponed,
                                 timeouts => timeouts(Machine), log => Log},
                               [PDict, State, Data]),
    Shown = case Status of
                #{'EXIT' := Fault} -> [{data, [{"State", {State, Fault}}]}];
                #{'$status' := Old} -> as_list(Old);
                _ -> [{data, [{"State", {maps:get(state, Status), maps:get(data, Status)}}]}]
            end,
    [{header, gen:format_status_header("Status for state machine", Name)},
     {data, [{"Status", SysState}, {"Parent", Parent}, {"Modules", Modules},
             {"Time-outs", {map_size(Machine#machine.timers), maps:get(timeouts, Status)}},
             {"Logged Events", maps:get(log, Status)}, {"Postponed", maps:get(postponed, Status)}]}
     | Shown].

timeouts(#machine{timers = Timers}) ->
    [{Kind, Content} || {Kind, {_, Content}} <- maps:to_list(Timers)].

%% Reports.

report(Class, Reason, Stack, Queue,
       #machine{name = Name, modules = [Module | _] = Modules, mode = Mode, enter = Enter, state = State,
                data = Data, postponed = Postponed, debug = Debug} = Machine) ->
    Status = gen:format_status(Module, terminate,
                               #{reason => Reason, state => State, data => Data, queue => Queue,
                                 postponed => Postponed, timeouts => timeouts(Machine),
                                 log => sys:get_log(Debug)},
                               [get(), State, Data]),
    Shown = case maps:find('$status', Status) of
                {ok, Old} -> Old;
                error -> {maps:get(state, Status), maps:get(data, Status)}
            end,
    logger:log(error,
               #{label => {gen_statem, terminate}, name => Name, queue => maps:get(queue, Status),
                 postponed => maps:get(postponed, Status), modules => Modules,
                 callback_mode => Mode, state_enter => Enter, state => Shown,
                 timeouts => {map_size(Machine#machine.timers), maps:get(timeouts, Status)},
                 log => maps:get(log, Status),
                 reason => {Class, maps:get(reason, Status), Stack}, client_info => client(Queue)},
               #{mfa => {?MODULE, error_info, 7}, file => ?FILE, line => ?LINE,
                 domain => [otp], report_cb => fun ?MODULE:format_log/2,
                 error_logger => #{tag => error, report_cb => fun ?MODULE:format_log/1}}).

%% Who waits for the reply to the event that ended the machine.
client([{{call, {Pid, _}}, _} | _]) when node(Pid) =:= node() ->
    case process_info(Pid, [current_stacktrace, registered_name]) of
        undefined -> {Pid, dead};
        [{_, Stack}, {_, []}] -> {Pid, {Pid, Stack}};
        [{_, Stack}, {_, Name}] -> {Pid, {Name, Stack}}
    end;
client([{{call, {Pid, _}}, _} | _]) -> {Pid, remote};
client(_) -> undefined.

%% @doc The format and arguments of a report, for error_logger.
format_log(Report) ->
    swerl_statem_text:log_format(Report, #{single_line => false, depth => error_logger:get_format_depth(),
                         encoding => utf8}).

%% @doc The text of a report.
format_log(Report, Options0) ->
    Options = maps:merge(#{chars_limit => unlimited, depth => unlimited, single_line => false,
                           encoding => utf8}, Options0),
    Limits = [{chars_limit, Limit} || Limit <- [maps:get(chars_limit, Options)], Limit =/= unlimited],
    {Format, Args} = swerl_statem_text:log_format(Report, Options),
    io_lib:format(Format, Args, Limits).
