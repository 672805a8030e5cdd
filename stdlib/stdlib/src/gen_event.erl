%%% Event managers: a process that passes every event to the handlers installed in it, the newest
%%% first. A handler that fails is removed; the manager and the other handlers go on.
-module(gen_event).

-import(swerl_report_text, [control/1]).
-export([start/0, start/1, start/2, start_link/0, start_link/1, start_link/2, start_monitor/0,
         start_monitor/1, start_monitor/2, stop/1, stop/3, notify/2, sync_notify/2, add_handler/3,
         add_sup_handler/3, delete_handler/3, swap_handler/3, swap_sup_handler/3,
         which_handlers/1, call/3, call/4, send_request/3, send_request/5, wait_response/2,
         wait_response/3, receive_response/2, receive_response/3, check_response/2,
         check_response/3, reqids_new/0, reqids_size/1, reqids_add/3, reqids_to_list/1]).
-export([init_it/6, awake/1, wake_hib/5, system_continue/3, system_terminate/4, system_code_change/4,
         system_get_state/1, system_replace_state/2, format_status/2, format_log/1, format_log/2]).

-export_type([handler/0, handler_args/0, add_handler_ret/0, del_handler_ret/0, request_id/0,
              request_id_collection/0, format_status/0]).

-type handler() :: atom() | {atom(), term()}.
-type handler_args() :: term().
-type add_handler_ret() :: ok | term() | {'EXIT', term()}.
-type del_handler_ret() :: ok | term() | {'EXIT', term()}.
-type request_id() :: reference().
-type request_id_collection() :: map().
-type format_status() :: map().

-callback init(InitArgs :: term()) ->
    {ok, State :: term()} | {ok, State :: term(), hibernate} | {error, Reason :: term()}.
-callback handle_event(Event :: term(), State :: term()) ->
    {ok, NewState :: term()} | {ok, NewState :: term(), hibernate}
    | {swap_handler, term(), term(), handler(), term()} | remove_handler.
-callback handle_call(Request :: term(), State :: term()) ->
    {ok, Reply :: term(), NewState :: term()} | {ok, term(), term(), hibernate}
    | {swap_handler, term(), term(), term(), handler(), term()} | {remove_handler, term()}.
-callback handle_info(Info :: term(), State :: term()) ->
    {ok, NewState :: term()} | {ok, NewState :: term(), hibernate}
    | {swap_handler, term(), term(), handler(), term()} | remove_handler.
-callback terminate(Args :: term(), State :: term()) -> term().
-callback code_change(OldVsn :: term(), State :: term(), Extra :: term()) -> {ok, term()}.
-callback format_status(Status :: map()) -> map().
-callback format_status(Opt :: normal | terminate, StatusData :: [term()]) -> term().

-optional_callbacks([handle_info/2, terminate/2, code_change/3, format_status/1, format_status/2]).

-record(handler, {module, id = false, state, supervised = false}).

%% What stays the same while the manager runs.
-record(manager, {parent, name, hibernate_after}).

%% What stands for the callback module in the arguments that gen is given.
-define(NO_MODULE, 'no callback module').

%% Starting and stopping.

%% @doc Starts a manager.
start() -> gen:start(?MODULE, nolink, ?NO_MODULE, [], []).

%% @doc Starts a manager with a name or with options.
start(Name) when is_tuple(Name) -> start(Name, []);
start(Options) when is_list(Options) -> gen:start(?MODULE, nolink, ?NO_MODULE, [], Options).

%% @doc Starts a manager with a name and options.
start(Name, Options) -> gen:start(?MODULE, nolink, Name, ?NO_MODULE, [], Options).

%% @doc Starts a manager linked to the caller.
start_link() -> gen:start(?MODULE, link, ?NO_MODULE, [], []).

%% @doc Starts a manager with a name or with options, linked to the caller.
start_link(Name) when is_tuple(Name) -> start_link(Name, []);
start_link(Options) when is_list(Options) -> gen:start(?MODULE, link, ?NO_MODULE, [], Options).

%% @doc Starts a manager with a name and options, linked to the caller.
start_link(Name, Options) -> gen:start(?MODULE, link, Name, ?NO_MODULE, [], Options).

%% @doc Starts a manager monitored by the caller.
start_monitor() -> gen:start(?MODULE, monitor, ?NO_MODULE, [], []).

%% @doc Starts a manager with a name or with options, monitored by the caller.
start_monitor(Name) when is_tuple(Name) -> start_monitor(Name, []);
start_monitor(Options) when is_list(Options) -> gen:start(?MODULE, monitor, ?NO_MODULE, [], Options).

%% @doc Starts a manager with a name and options, monitored by the caller.
start_monitor(Name, Options) -> gen:start(?MODULE, monitor, Name, ?NO_MODULE, [], Options).

%% @doc Stops a manager.
stop(Manager) -> gen:stop(Manager).

%% @doc Stops a manager for a reason, within a time.
stop(Manager, Reason, Timeout) -> gen:stop(Manager, Reason, Timeout).

%% What clients do.

%% @doc Sends an event to all handlers.
notify(Manager, Event) -> send(Manager, {notify, Event}).

%% @doc Sends an event to all handlers and waits until they have handled it.
sync_notify(Manager, Event) -> ask(Manager, {sync_notify, Event}).

%% @doc Installs a handler.
add_handler(Manager, Handler, Args) -> ask(Manager, {add_handler, Handler, Args}).

%% @doc Installs a handler that goes when the caller exits, and tells the caller when it goes.
add_sup_handler(Manager, Handler, Args) -> ask(Manager, {add_sup_handler, Handler, Args, self()}).

%% @doc Removes a handler and gives what its terminate returned.
delete_handler(Manager, Handler, Args) -> ask(Manager, {delete_handler, Handler, Args}).

%% @doc Replaces a handler by another, which gets what the first one's terminate returned.
swap_handler(Manager, {Old, Args1}, {New, Args2}) ->
    ask(Manager, {swap_handler, Old, Args1, New, Args2}).

%% @doc As swap_handler/3, the new handler supervised by the caller.
swap_sup_handler(Manager, {Old, Args1}, {New, Args2}) ->
    ask(Manager, {swap_sup_handler, Old, Args1, New, Args2, self()}).

%% @doc The installed handlers, the newest first.
which_handlers(Manager) -> ask(Manager, which_handlers).

%% @doc Calls one handler.
call(Manager, Handler, Query) -> call1(Manager, Handler, Query).

%% @doc Calls one handler and waits so long for the answer.
call(Manager, Handler, Query, Timeout) -> call1(Manager, Handler, Query, Timeout).

%% Those who wait too long see these functions by name and arity.
call1(Manager, Handler, Query) ->
    try gen:call(Manager, self(), {call, Handler, Query}) of
        {ok, Reply} -> Reply
    catch
        exit:Reason -> exit({Reason, {?MODULE, call, [Manager, Handler, Query]}})
    end.

call1(Manager, Handler, Query, Timeout) ->
    try gen:call(Manager, self(), {call, Handler, Query}, Timeout) of
        {ok, Reply} -> Reply
    catch
        exit:Reason -> exit({Reason, {?MODULE, call, [Manager, Handler, Query, Timeout]}})
    end.

ask(Manager, Request) ->
    {ok, Reply} = gen:call(Manager, self(), Request, infinity),
    Reply.

send({global, Name}, Message) ->
    _ = (catch global:send(Name, Message)),
    ok;
send({via, Module, Name}, Message) ->
    _ = (catch Module:send(Name, Message)),
    ok;
send(Manager, Message) ->
    Manager ! Message,
    ok.

%% @doc Calls one handler; the answer is fetched later.
send_request(Manager, Handler, Query) -> gen:send_request(Manager, self(), {call, Handler, Query}).

%% @doc As send_request/3, the request kept in a collection under a label.
send_request(Manager, Handler, Query, Label, Collection) ->
    gen:send_request(Manager, self(), {call, Handler, Query}, Label, Collection).

%% @doc Waits for the answer of a request.
wait_response(Id, Timeout) ->
    try answer(gen:wait_response(Id, Timeout)) catch error:badarg -> error(badarg, [Id, Timeout]) end.

%% @doc Waits for an answer of a collection of requests.
wait_response(Collection, Timeout, Delete) ->
    try answer(gen:wait_response(Collection, Timeout, Delete)) catch error:badarg -> error(badarg, [Collection, Timeout, Delete]) end.

%% @doc Waits for the answer of a request, which is given up after the time.
receive_response(Id, Timeout) ->
    try answer(gen:receive_response(Id, Timeout)) catch error:badarg -> error(badarg, [Id, Timeout]) end.

%% @doc Waits for an answer of a collection of requests, which are given up after the time.
receive_response(Collection, Timeout, Delete) ->
    try answer(gen:receive_response(Collection, Timeout, Delete)) catch error:badarg -> error(badarg, [Collection, Timeout, Delete]) end.

%% @doc Whether a message is the answer of a request.
check_response(Message, Id) ->
    try answer(gen:check_response(Message, Id)) catch error:badarg -> error(badarg, [Message, Id]) end.

%% @doc Whether a message is an answer of a collection of requests.
check_response(Message, Collection, Delete) ->
    try answer(gen:check_response(Message, Collection, Delete)) catch error:badarg -> error(badarg, [Message, Collection, Delete]) end.

%% The fault of a handler is an error of the request.
answer({reply, {error, _} = Error}) -> Error;
answer({{reply, {error, _} = Error}, Label, Collection}) -> {Error, Label, Collection};
answer(Other) -> Other.

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

%% The manager.

%% @doc The body of the process, after gen has given it its name.
init_it(Starter, self, Name, Mod, Args, Options) ->
    init_it(Starter, self(), Name, Mod, Args, Options);
init_it(Starter, Parent, FullName, _, _, Options) ->
    process_flag(trap_exit, true),
    Name = gen:name(FullName),
    Debug = gen:debug_options(Name, Options),
    proc_lib:init_ack(Starter, {ok, self()}),
    Manager = #manager{parent = Parent, name = Name, hibernate_after = gen:hibernate_after(Options)},
    loop(Manager, [], Debug, false).

loop(Manager, Handlers, Debug, true) ->
    proc_lib:hibernate(?MODULE, wake_hib, [Manager#manager.parent, Manager, Handlers, Debug, wake]);
loop(#manager{hibernate_after = HibernateAfter} = Manager, Handlers, Debug, false) ->
    receive
        Message -> message(Message, Manager, Handlers, Debug, false)
    after HibernateAfter ->
        loop(Manager, Handlers, Debug, true)
    end.

%% @doc The process has its name already and becomes an event manager without handlers.
awake(Name) ->
    loop(#manager{parent = gen:get_parent(), name = Name, hibernate_after = infinity}, [], [], false).

%% @doc Where the process goes on after hibernation.
wake_hib(_, Manager, Handlers, Debug, _) ->
    receive
        Message -> message(Message, Manager, Handlers, Debug, true)
    end.

message({system, From, Request}, #manager{parent = Parent} = Manager, Handlers, Debug, Hibernated) ->
    sys:handle_system_msg(Request, From, Parent, ?MODULE, Debug, [Manager, Handlers], Hibernated);
message({'EXIT', Parent, Reason}, #manager{parent = Parent} = Manager, Handlers, _, _) ->
    terminate_server(Reason, Manager, Handlers);
message(Message, Manager, Handlers, [], _) ->
    handle_msg(Message, Manager, Handlers, [], Manager#manager.parent, Manager#manager.name);
message(Message, #manager{name = Name} = Manager, Handlers, Debug, _) ->
    handle_msg(Message, Manager, Handlers, sys:handle_debug(Debug, fun print_event/3, Name, {in, Message}),
               Manager#manager.parent, Name).

%% Reports of crashes show the functions that call handlers by name and arity, as those of OTP do.
handle_msg({notify, Event}, Manager, Handlers, Debug, _, _) ->
    {Hibernate, Handlers1} = server_notify(Handlers, handle_event, Event, Manager),
    loop(Manager, Handlers1, Debug, Hibernate);
handle_msg({_, Tag, {sync_notify, Event}}, Manager, Handlers, Debug, _, _) ->
    {Hibernate, Handlers1} = server_notify(Handlers, handle_event, Event, Manager),
    gen:reply(Tag, ok),
    loop(Manager, Handlers1, Debug, Hibernate);
handle_msg({'EXIT', From, Reason} = Message, Manager, Handlers, Debug, _, _) ->
    %% The handlers supervised by the process go; the others are told.
    {Gone, Kept} = lists:partition(fun(#handler{supervised = Owner}) -> Owner =:= From end, Handlers),
    [remove(Handler, {stop, Reason}, Message, Manager, shutdown) || Handler <- Gone],
    {Hibernate, Handlers1} = server_notify(Kept, handle_info, Message, Manager),
    loop(Manager, Handlers1, Debug, Hibernate);
handle_msg({_, Tag, {call, Handler, Query}}, Manager, Handlers, Debug, _, _) ->
    {Hibernate, Reply, Handlers1} = server_call(Handler, Query, Handlers, Manager),
    gen:reply(Tag, Reply),
    loop(Manager, Handlers1, Debug, Hibernate);
handle_msg({_, Tag, {add_handler, Handler, Args}}, Manager, Handlers, Debug, _, _) ->
    {Hibernate, Reply, Handlers1} = server_add_handler(named(Handler), Args, Handlers, false),
    gen:reply(Tag, Reply),
    loop(Manager, Handlers1, Debug, Hibernate);
handle_msg({_, Tag, {add_sup_handler, Handler, Args, Owner}}, Manager, Handlers, Debug, _, _) ->
    link(Owner),
    {Hibernate, Reply, Handlers1} = server_add_handler(named(Handler), Args, Handlers, Owner),
    gen:reply(Tag, Reply),
    loop(Manager, Handlers1, Debug, Hibernate);
handle_msg({_, Tag, {delete_handler, Handler, Args}}, Manager, Handlers, Debug, _, _) ->
    {Reply, Handlers1} =
        case take(Handler, Handlers) of
            {Found, Rest} -> {remove(Found, Args, delete, Manager, normal), Rest};
            none -> {{error, module_not_found}, Handlers}
        end,
    gen:reply(Tag, Reply),
    loop(Manager, Handlers1, Debug, false);
handle_msg({_, Tag, {swap_handler, Old, Args1, New, Args2}}, Manager, Handlers, Debug, _, _) ->
    {Hibernate, Reply, Handlers1} = swap(Old, Args1, New, Args2, keep, Handlers, Manager),
    gen:reply(Tag, Reply),
    loop(Manager, Handlers1, Debug, Hibernate);
handle_msg({_, Tag, {swap_sup_handler, Old, Args1, New, Args2, Owner}}, Manager, Handlers, Debug, _, _) ->
    link(Owner),
    {Hibernate, Reply, Handlers1} = swap(Old, Args1, New, Args2, Owner, Handlers, Manager),
    gen:reply(Tag, Reply),
    loop(Manager, Handlers1, Debug, Hibernate);
handle_msg({_, Tag, which_handlers}, Manager, Handlers, Debug, _, _) ->
    gen:reply(Tag, [spec(Handler) || Handler <- Handlers]),
    loop(Manager, Handlers, Debug, false);
handle_msg(Message, Manager, Handlers, Debug, _, _) ->
    {Hibernate, Handlers1} = server_notify(Handlers, handle_info, Message, Manager),
    loop(Manager, Handlers1, Debug, Hibernate).

%% Handlers.

named({Module, Id}) -> #handler{module = Module, id = Id};
named(Module) -> #handler{module = Module}.

spec(#handler{module = Module, id = false}) -> Module;
spec(#handler{module = Module, id = Id}) -> {Module, Id}.

take(Spec, Handlers) ->
    case lists:splitwith(fun(Handler) -> spec(Handler) =/= Spec end, Handlers) of
        {Before, [Found | After]} -> {Found, Before ++ After};
        {_, []} -> none
    end.

server_add_handler(#handler{module = Module} = Handler, Args, Handlers, Owner) ->
    case catch Module:init(Args) of
        {ok, State} -> {false, ok, [Handler#handler{state = State, supervised = Owner} | Handlers]};
        {ok, State, hibernate} -> {true, ok, [Handler#handler{state = State, supervised = Owner} | Handlers]};
        Other -> {false, Other, Handlers}
    end.

%% Each handler handles the event; {AnyHibernates, HandlersLeft}.
server_notify([Handler | Handlers], Function, Event, Manager) ->
    case server_update(Handler, Function, Event, Manager) of
        {Hibernate, Handler1} ->
            {Hibernate1, Handlers1} = server_notify(Handlers, Function, Event, Manager),
            {Hibernate orelse Hibernate1, [Handler1 | Handlers1]};
        gone ->
            server_notify(Handlers, Function, Event, Manager)
    end;
server_notify([], _, _, _) ->
    {false, []}.

server_update(#handler{module = Module, state = State} = Handler, Function, Event, Manager) ->
    case catch Module:Function(Event, State) of
        {ok, State1} ->
            {false, Handler#handler{state = State1}};
        {ok, State1, hibernate} ->
            {true, Handler#handler{state = State1}};
        {swap_handler, Args1, State1, New, Args2} ->
            case swap_found(Handler#handler{state = State1}, Args1, New, Args2, keep, Manager) of
                {Hibernate, ok, Handler1} -> {Hibernate, Handler1};
                {_, Error, gone} ->
                    swap_failed(New, Handler, Error, Manager),
                    gone
            end;
        remove_handler ->
            remove(Handler, remove_handler, remove, Manager, normal),
            gone;
        {'EXIT', {undef, [{Module, handle_info, [_, _], _} | _]}} ->
            log(warning, #{label => {gen_event, no_handle_info}, module => Module, message => Event},
                warning_msg),
            {false, Handler};
        Other ->
            remove(Handler, {error, Other}, Event, Manager, crash),
            gone
    end.

server_call(Spec, Query, Handlers, Manager) ->
    case lists:splitwith(fun(Handler) -> spec(Handler) =/= Spec end, Handlers) of
        {_, []} ->
            {false, {error, bad_module}, Handlers};
        {Before, [Handler | After]} ->
            case server_call_update(Handler, Query, Manager) of
                {Hibernate, Reply, gone} -> {Hibernate, Reply, Before ++ After};
                {Hibernate, Reply, Handler1} -> {Hibernate, Reply, Before ++ [Handler1 | After]}
            end
    end.

server_call_update(#handler{module = Module, state = State} = Handler, Query, Manager) ->
    case catch Module:handle_call(Query, State) of
        {ok, Reply, State1} ->
            {false, Reply, Handler#handler{state = State1}};
        {ok, Reply, State1, hibernate} ->
            {true, Reply, Handler#handler{state = State1}};
        {swap_handler, Reply, Args1, State1, New, Args2} ->
            {Hibernate, Result, Handler1} =
                swap_found(Handler#handler{state = State1}, Args1, New, Args2, keep, Manager),
            Handler1 =:= gone andalso swap_failed(New, Handler, Result, Manager),
            {Hibernate, Reply, Handler1};
        {remove_handler, Reply} ->
            remove(Handler, remove_handler, remove, Manager, normal),
            {false, Reply, gone};
        Other ->
            remove(Handler, {error, Other}, Query, Manager, crash),
            {false, {error, Other}, gone}
    end.

swap(Old, Args1, New, Args2, Owner, Handlers, Manager) ->
    case take(Old, Handlers) of
        {Found, Rest} ->
            case swap_found(Found, Args1, New, Args2, Owner, Manager) of
                {Hibernate, Reply, gone} -> {Hibernate, Reply, Rest};
                {Hibernate, Reply, Handler} -> {Hibernate, Reply, [Handler | Rest]}
            end;
        none ->
            NewOwner = case Owner of keep -> false; _ -> Owner end,
            case server_add_handler(named(New), {Args2, error}, Handlers, NewOwner) of
                {Hibernate, ok, Handlers1} -> {Hibernate, ok, Handlers1};
                {Hibernate, Fault, Handlers1} -> {Hibernate, {error, Fault}, Handlers1}
            end
    end.

swap_found(#handler{supervised = OldOwner} = Old, Args1, New, Args2, Owner0, Manager) ->
    Owner = case Owner0 of
                keep -> OldOwner;
                _ -> Owner0
            end,
    Ended = remove(Old, Args1, swapped, Manager, {swapped, New, Owner}),
    #handler{module = Module} = Handler = (named(New))#handler{supervised = Owner},
    case catch Module:init({Args2, Ended}) of
        {ok, State} -> {false, ok, Handler#handler{state = State}};
        {ok, State, hibernate} -> {true, ok, Handler#handler{state = State}};
        Other -> {false, {error, Other}, gone}
    end.

%% A handler that gave its place to one that does not start: its owner has lost both. Whoever asks for a swap is told.
swap_failed(New, #handler{supervised = Owner}, {error, Fault}, Manager) ->
    report_crash(named(New), crash_reason(Fault), undefined, swapped, Manager),
    tell_owner(named(New), Owner, crash).

%% Ends a handler and gives what its terminate returned. How is crash, or the reason that the owner
%% is told.
remove(#handler{module = Module, state = State} = Handler, Args, LastEvent, Manager, How) ->
    Result = case erlang:function_exported(Module, terminate, 2) of
                 true -> catch Module:terminate(Args, State);
                 false -> ok
             end,
    Reason = case {How, Args} of
                 {crash, {error, Why}} -> Why;
                 _ -> How
             end,
    tell(Handler, Reason, State, LastEvent, Manager),
    Result.

%% The state as the handler wants it shown; an old format_status/2 gives nothing else.
shown(#{'$status' := Old}) -> Old;
shown(#{state := State}) -> State.

crash_reason({error, Reason}) -> Reason;
crash_reason(Reason) -> Reason.

tell(#handler{supervised = Owner} = Handler, Reason, State, LastEvent, Manager) ->
    case Reason of
        normal -> ok;
        shutdown -> ok;
        {swapped, _, _} -> ok;
        _ -> report_crash(Handler, Reason, State, LastEvent, Manager)
    end,
    tell_owner(Handler, Owner, Reason).

report_crash(Handler, Reason, State, LastEvent, #manager{name = Name}) ->
    Status = gen:format_status(Handler#handler.module, terminate,
                               #{state => State, message => LastEvent, reason => Reason, log => []},
                               [get(), State]),
    log(error, #{label => {gen_event, terminate}, handler => spec(Handler), name => Name,
                 last_message => maps:get(message, Status), state => shown(Status),
                 reason => maps:get(reason, Status)}, error).

tell_owner(_, false, _) -> ok;
tell_owner(Handler, Owner, Reason) -> Owner ! {gen_event_EXIT, spec(Handler), Reason}, ok.

terminate_server(Reason, Manager, Handlers) ->
    [begin
         remove(Handler, stop, stop, Manager, shutdown),
         case Handler#handler.supervised of
             false -> ok;
             Owner when Owner =:= Manager#manager.parent -> ok;
             Owner -> unlink(Owner)
         end
     end || Handler <- Handlers],
    exit(Reason).

%% For sys.

print_event(Device, {in, {notify, Event}}, Name) ->
    io:format(Device, "*DBG* ~tp got event ~tp~n", [Name, Event]);
print_event(Device, {in, {_, _, {call, Handler, Query}}}, Name) ->
    io:format(Device, "*DBG* ~tp(~tp) got call ~tp~n", [Name, Handler, Query]);
print_event(Device, {in, Message}, Name) ->
    io:format(Device, "*DBG* ~tp got ~tp~n", [Name, Message]);
print_event(Device, Event, Name) ->
    io:format(Device, "*DBG* ~tp dbg  ~tp~n", [Name, Event]).

%% @doc Goes on after sys has held the process.
system_continue(_, Debug, [Manager, Handlers]) ->
    loop(Manager, Handlers, Debug, false).

%% @doc Stops because sys says so.
system_terminate(Reason, _, _, [Manager, Handlers]) ->
    terminate_server(Reason, Manager, Handlers).

%% @doc Lets the handlers of a module change their state for new code.
system_code_change([Manager, Handlers], Module, OldVsn, Extra) ->
    Handlers1 = [case Handler of
                     #handler{module = Module, state = State} ->
                         {ok, State1} = Module:code_change(OldVsn, State, Extra),
                         Handler#handler{state = State1};
                     _ -> Handler
                 end || Handler <- Handlers],
    {ok, [Manager, Handlers1]}.

%% @doc The states of the handlers.
system_get_state([_, Handlers]) ->
    {ok, [{Module, Id, State} || #handler{module = Module, id = Id, state = State} <- Handlers]}.

%% @doc Replaces the states of the handlers; one for which the function fails keeps its own.
system_replace_state(Replace, [Manager, Handlers]) ->
    Changed = [replaced(Replace, Handler) || Handler <- Handlers],
    {ok, [{Module, Id, State} || #handler{module = Module, id = Id, state = State} <- Changed],
     [Manager, Changed]}.

replaced(Replace, #handler{module = Module, id = Id, state = State} = Handler) ->
    try Replace({Module, Id, State}) of
        {Module, Id, State1} -> Handler#handler{state = State1};
        _ -> Handler
    catch
        _:_ -> Handler
    end.

%% @doc What sys:get_status/1 shows.
format_status(Option, [PDict, SysState, Parent, Debug, [#manager{name = Name}, Handlers]]) ->
    Header = gen:format_status_header("Status for event handler", Name),
    Shown = [begin
                 Status = gen:format_status(Module, Option, #{state => State}, [PDict, State]),
                 Handler#handler{state = shown(Status)}
             end || #handler{module = Module, state = State} = Handler <- Handlers],
    [{header, Header},
     {data, [{"Status", SysState}, {"Logged Events", sys:get_log(Debug)}, {"Parent", Parent}]},
     {items, {"Installed handlers", Shown}}].

%% Reports.

log(Level, Report, Tag) ->
    Place = case Level of warning -> {?MODULE, server_update, 4}; error -> {?MODULE, report_error, 5} end,
    logger:log(Level, Report,
               #{mfa => Place, file => ?FILE, line => ?LINE, domain => [otp], report_cb => fun ?MODULE:format_log/2,
                 error_logger => #{tag => Tag, report_cb => fun ?MODULE:format_log/1}}).

%% @doc The format and arguments of a report, for error_logger.
format_log(Report) ->
    log_format(Report, #{single_line => false, depth => error_logger:get_format_depth(),
                         encoding => utf8}).

%% @doc The text of a report.
format_log(Report, Options0) ->
    Options = maps:merge(#{chars_limit => unlimited, depth => unlimited, single_line => false,
                           encoding => utf8}, Options0),
    Limits = case Options of
                 #{chars_limit := unlimited} -> [];
                 #{chars_limit := Limit} -> [{chars_limit, Limit}]
             end,
    {Format, Args} = log_format(Report, Options),
    io_lib:format(Format, Args, Limits).

log_format(#{label := {gen_event, terminate}, handler := Handler, name := Name,
             last_message := LastEvent, state := State, reason := Reason}, Options) ->
    P = control(Options),
    Values = [Handler, Name, LastEvent, State, missing_code(Reason)],
    Texts = case Options of
                #{single_line := true} ->
                    ["Generic event handler ", " crashed. Installed: ", ". Last event: ",
                     ". State: ", ". Reason: ", "."];
                _ ->
                    ["** gen_event handler ", " crashed.\n** Was installed in ",
                     "\n** Last event was: ", "\n** When handler state == ", "\n** Reason == ",
                     "\n"]
            end,
    {lists:append(lists:join(P, Texts)), args(Values, Options)};
log_format(#{label := {gen_event, no_handle_info}, module := Module, message := Message}, Options) ->
    P = control(Options),
    case Options of
        #{single_line := true} ->
            {"Undefined handle_info in ~p. Unhandled message: " ++ P ++ ".", [Module | args([Message], Options)]};
        _ ->
            {"** Undefined handle_info in ~p\n** Unhandled message: " ++ P ++ "\n",
             [Module | args([Message], Options)]}
    end.

%% Says so where a function was not found because its module could not be loaded.
missing_code({'EXIT', Reason}) ->
    missing_code(Reason);
missing_code({undef, [{M, F, A, _} | _] = Stack} = Reason) ->
    Arity = if is_list(A) -> length(A); true -> A end,
    case code:is_loaded(M) of
        false -> {'module could not be loaded', Stack};
        _ ->
            case erlang:function_exported(M, F, Arity) of
                true -> Reason;
                false -> {'function not exported', Stack}
            end
    end;
missing_code(Reason) ->
    Reason.

args(Values, #{depth := unlimited}) -> Values;
args(Values, #{depth := Depth}) -> lists:append([[Value, Depth] || Value <- Values]).
