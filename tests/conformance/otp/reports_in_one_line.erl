%% What a handler of one's own gets to see of the reports of behaviours: where they come from, and their text in one line.
-module(reports_in_one_line).
-behaviour(gen_server).
-export([main/0, log/2, init/1, handle_call/3, handle_cast/2, terminate/2, start/2, stop/1, start_link/1, odd/1,
         callback_mode/0, working/3, handle_event/2]).

main() ->
    ok = logger:set_primary_config(level, all),
    ok = logger:add_handler(shown, ?MODULE, #{level => all}),
    ok = logger:remove_handler(default),
    process_flag(trap_exit, true),
    register(main_process, self()),
    [begin Reports(), settled() end
     || Reports <- [fun servers/0, fun machines/0, fun handlers/0, fun supervisors/0, fun bridges/0, fun applications/0]],
    ok.

%% Whatever is still being told is told.
settled() -> receive reported -> settled() after 100 -> ok end.

%% The reports, in one line and not; crash reports by their first lines.
log(#{msg := {report, #{label := Label} = Report}, meta := #{report_cb := Text} = Meta}, _) ->
    #{mfa := Place, file := File, line := Line} = Meta,
    io:format("~p ~p ~p~n", [Label, Place, {is_list(File), is_integer(Line)}]),
    Options = [#{single_line => true, depth => 12, chars_limit => unlimited},
               #{single_line => false, depth => 6, chars_limit => unlimited}],
    [io:format("~ts~n", [first(Label, lists:flatten(Text(Report, Option)))]) || Option <- Options],
    main_process ! reported;
log(#{msg := {Format, _}, meta := #{mfa := Place}}, _) ->
    io:format("~p ~p~n", [Place, Format]),
    main_process ! reported.

first({proc_lib, crash}, Text) -> hd(string:split(Text, ["ancestors"]));
first(_, Text) -> Text.

%% Waits for so many reports.
reports(0) -> ok;
reports(N) -> receive reported -> reports(N - 1) after 5000 -> io:format("no report~n") end.

servers() ->
    [begin
         {ok, Server} = gen_server:start(?MODULE, {state, "text", [1, 2]}, []),
         gen_server:cast(Server, How),
         reports(2)
     end || How <- [fail, exit, throw, wrong, stop]],
    {ok, Server} = gen_server:start({local, the_server}, ?MODULE, [], [{debug, [log]}]),
    Server ! unknown,
    reports(1),
    gen_server:cast(Server, fail),
    reports(2).

machines() ->
    [begin
         {ok, Machine} = gen_statem:start(?MODULE, machine, [{debug, Debug}]),
         gen_statem:cast(Machine, How),
         reports(2)
     end || {How, Debug} <- [{fail, []}, {stop, []}, {wrong, [log]}]].

handlers() ->
    {ok, Manager} = gen_event:start({local, the_manager}),
    ok = gen_event:add_handler(Manager, ?MODULE, handler),
    Manager ! unknown,
    reports(1),
    gen_event:notify(Manager, fail),
    reports(1).

supervisors() ->
    Child = #{id => a, start => {?MODULE, start_link, [server]}},
    {ok, Supervisor} = supervisor:start_link(?MODULE, {supervisor, #{intensity => 1}, [Child]}),
    reports(1),
    [{a, Pid, _, _}] = supervisor:which_children(Supervisor),
    exit(Pid, kill),
    reports(2),
    [{a, Next, _, _}] = supervisor:which_children(Supervisor),
    exit(Next, kill),
    reports(2),
    {error, _} = supervisor:start_link(?MODULE, {supervisor, #{}, [Child#{start := {?MODULE, odd, [failing]}}]}),
    reports(1),
    simple().

%% Children that end in the same odd way are told of together.
simple() ->
    Flags = #{strategy => simple_one_for_one},
    {ok, Supervisor} = supervisor:start_link(?MODULE, {supervisor, Flags, [#{id => a, start => {?MODULE, odd, []}}]}),
    [{ok, _} = supervisor:start_child(Supervisor, [Why]) || Why <- [odd, odd, normal, shutdown]],
    Supervisor ! unexpected,
    reports(1),
    gen_server:stop(Supervisor),
    reports(2).

bridges() ->
    {ok, Bridge} = supervisor_bridge:start_link({local, the_bridge}, ?MODULE, bridge),
    reports(1),
    exit(whereis(behind_the_bridge), kill),
    reports(3),
    is_pid(Bridge).

applications() ->
    ok = application:load({application, ?MODULE, [{mod, {?MODULE, []}}, {vsn, "1"}]}),
    ok = application:start(?MODULE),
    reports(1),
    ok = application:stop(?MODULE),
    reports(1).

%% Callbacks of all of them.

start(_, _) -> supervisor:start_link(?MODULE, {supervisor, #{}, []}).
stop(_) -> ok.

start_link(Args) -> gen_server:start_link(?MODULE, Args, []).

%% A process that ends for a reason of its own when it is told to end.
odd(failing) -> {error, no_start};
odd(Why) ->
    {ok, proc_lib:spawn_link(fun() -> process_flag(trap_exit, true), receive {'EXIT', _, shutdown} -> exit(Why) end end)}.

init({supervisor, Flags, Children}) -> {ok, {Flags, Children}};
init(bridge) ->
    Pid = spawn_link(fun() -> receive stop -> ok end end),
    register(behind_the_bridge, Pid),
    {ok, Pid, behind};
init(machine) -> {ok, working, {data, 1}};
init(State) -> {ok, State}.

handle_call(_, _, State) -> {reply, ok, State}.

handle_cast(fail, _) -> error({failed, "for", [1, 2]});
handle_cast(exit, _) -> exit(ended);
handle_cast(throw, _) -> throw(thrown);
handle_cast(wrong, _) -> wrong_value;
handle_cast(stop, State) -> {stop, {shut, down}, State}.

handle_event(fail, _) -> error(failed);
handle_event(_, State) -> {ok, State}.

terminate(_, _) -> ok.

callback_mode() -> state_functions.

working(cast, fail, _) -> error({failed, "for", [1, 2]});
working(cast, stop, Data) -> {stop, {shut, down}, Data};
working(cast, wrong, _) -> wrong_value.
