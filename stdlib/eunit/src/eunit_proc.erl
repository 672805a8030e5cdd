%%% Runs tests in processes.
%%%
%%% A task is a process that runs a group of tests. Its keeper, another process, hands on what the task
%%% reports, keeps the time limits, and tells which tests were cancelled when the task dies. The keeper
%%% ends with the process that started the task. While it runs, each test and each group has a group
%%% leader that keeps what it writes.
%%%
%%% A report is {Kind, Type, Id, Data}, with Kind begin, end or cancel, and Type test or group.
-module(eunit_proc).

-export([start/2, get_output/0, group_leader_process/1]).

-include("eunit_data.hrl").

-define(TEST_LIMIT, 5000).

%% Of a task: its keeper, and the number of each group on the way to the test that runs.
-record(task, {keeper, id = []}).

%% @doc Runs what a description stands for. The caller gets {report, Keeper, Report} and at the end
%% {done, Keeper}.
start(Tests, Sink) ->
    start_task(#group{tests = Tests}, [], Sink, node()).

%%% Keepers.

start_task(Group, Id, Sink, Node) ->
    Owner = self(),
    spawn(fun() -> keeper(Group, Id, Sink, Owner, Node) end).

%% Returns when the task of a keeper is done.
await(Keeper) ->
    Ref = erlang:monitor(process, Keeper),
    receive {'DOWN', Ref, process, Keeper, _} -> ok end.

keeper(Group, Id, Sink, Owner, Node) ->
    Keeper = self(),
    OwnerRef = erlang:monitor(process, Owner),
    {Task, TaskRef} = spawn_opt(Node, fun() -> task(Group, Id, Keeper) end, [monitor]),
    keep(#{task => Task, task_ref => TaskRef, owner_ref => OwnerRef, sink => Sink, id => Id,
           data => group_data(Id, Group), test => none, open => [], timers => #{}}).

keep(#{task := Task, task_ref := TaskRef, owner_ref := OwnerRef, sink := Sink, timers := Timers} = State) ->
    receive
        {report, Task, {Kind, Type, Id, Data} = Report} ->
            Sink ! {report, self(), Report},
            #{open := Open, id := Root} = State,
            case {Kind, Type} of
                {'begin', test} -> keep(State#{test => Report});
                {'end', test} -> keep(State#{test => none});
                {'begin', group} when Id =/= Root -> keep(State#{open => [{Id, Data} | Open]});
                {_, group} -> keep(State#{open => lists:keydelete(Id, 1, Open)});
                _ -> keep(State)
            end;
        {report, _, Report} ->
            Sink ! {report, self(), Report},
            keep(State);
        {limit, Ref, Time, Id} ->
            Timer = erlang:send_after(Time, self(), {timed_out, Ref}),
            keep(State#{timers => Timers#{Ref => {Timer, Id}}});
        {no_limit, Ref} ->
            keep(State#{timers => drop_timer(Ref, Timers)});
        {timed_out, Ref} when is_map_key(Ref, Timers) ->
            {_, Id} = maps:get(Ref, Timers),
            timed_out(Id, State);
        {timed_out, _} ->
            keep(State);
        {abort, Task, Reason} ->
            cancel_inner(none, undefined, State),
            cancel_group(Reason, State);
        {'DOWN', TaskRef, process, Task, normal} ->
            Sink ! {done, self()};
        {'DOWN', TaskRef, process, Task, Reason} ->
            cancel_test(undefined, State),
            cancel_inner(none, undefined, State),
            cancel_group({exit, Reason}, State);
        {'DOWN', OwnerRef, process, _, _} ->
            exit(Task, kill)
    end.

drop_timer(Ref, Timers) ->
    case maps:take(Ref, Timers) of
        {{Timer, _}, Rest} -> _ = erlang:cancel_timer(Timer), Rest;
        error -> Timers
    end.

%% A test or a group took longer than it may. The whole task ends.
timed_out(Id, #{task := Task, task_ref := TaskRef, test := Test, id := Root} = State) ->
    Stack = case process_info(Task, current_stacktrace) of
                {current_stacktrace, Frames} -> Frames;
                undefined -> []
            end,
    exit(Task, kill),
    receive {'DOWN', TaskRef, process, Task, _} -> ok end,
    Reason = {timeout, #{stacktrace => Stack}},
    case Test of
        {_, _, Id, _} ->
            cancel_test(Reason, State),
            cancel_inner(none, undefined, State),
            cancel_group({blame, Id}, State);
        _ when Id =:= Root ->
            cancel_test(undefined, State),
            cancel_inner(none, undefined, State),
            cancel_group(Reason, State);
        _ ->
            cancel_test(undefined, State),
            cancel_inner(Id, Reason, State),
            cancel_group({blame, Id}, State)
    end.

cancel_test(_, #{test := none}) -> ok;
cancel_test(Reason, #{test := {_, test, Id, Data}, sink := Sink}) ->
    Sink ! {report, self(), {cancel, test, Id, [{reason, Reason} | Data]}}.

%% The groups that are open within the task, innermost first; one of them may be the cause.
cancel_inner(Cause, Reason, #{open := Open} = State) ->
    _ = [report_cancelled(Data, if Id =:= Cause -> Reason; true -> undefined end, State) || {Id, Data} <- Open],
    ok.

cancel_group(Reason, #{data := Data, sink := Sink} = State) ->
    report_cancelled(Data, Reason, State),
    Sink ! {done, self()}.

report_cancelled([{id, Id} | _] = Data, Reason, #{sink := Sink}) ->
    Sink ! {report, self(), {cancel, group, Id, Data ++ [{reason, Reason}]}}.

%%% Tasks.

task(Group, Id, Keeper) ->
    try run_group(Group, #task{keeper = Keeper, id = Id})
    catch
        throw:{abort, Reason} -> Keeper ! {abort, self(), {abort, Reason}}
    end.

report(#task{keeper = Keeper, id = Id}, Kind, Type, Data) ->
    Keeper ! {report, self(), {Kind, Type, Id, Data}}.

handle_item(Item, #task{id = Id, keeper = Keeper} = Task) ->
    case Item of
        #test{} -> handle_test(Item, Task);
        #group{spawn = {true, Node}} -> await(start_task(Item, Id, Keeper, Node));
        #group{spawn = true} -> await(start_task(Item, Id, Keeper, node()));
        #group{} -> run_group(Item, Task)
    end.

%% What goes wrong around a group ends that group; a wrong description ends the whole task.
run_group(Group, #task{id = Id} = Task) ->
    Data = group_data(Id, Group),
    report(Task, 'begin', group, Data),
    Leader = enter_leader(),
    Start = erlang:monotonic_time(millisecond),
    try in_context(Group, Task) of
        Done ->
            leave_leader(Leader),
            report(Task, 'end', group, Data ++ [{size, Done}, {time, elapsed(Start, Done)}, {output, []}])
    catch
        throw:{context, Reason} ->
            leave_leader(Leader),
            report(Task, cancel, group, Data ++ [{reason, {abort, Reason}}])
    end.

in_context(#group{context = undefined, tests = Tests} = Group, Task) ->
    tests(Tests, Group, Task);
in_context(#group{context = Context, tests = Tests} = Group, Task) ->
    #context{setup = Setup, cleanup = Cleanup, process = Where} = Context,
    Instantiate = if
                      is_function(Tests, 1) -> Tests;
                      true -> fun(_) -> Tests end
                  end,
    eunit_test:enter_context(Setup, Cleanup, Instantiate, fun(Given) -> tests(within(Where, Given), Group, Task) end).

%% The tests are run by another process than their setup and cleanup, unless that is not wanted.
within(local, Tests) -> Tests;
within(spawn, Tests) -> [{spawn, Tests}];
within({spawn, Node}, Tests) -> [{spawn, Node, Tests}].

%% What listeners are told of a group. Texts are binaries.
group_data(Id, #group{desc = Desc, order = Order, spawn = Spawn}) ->
    Where = case Spawn of
                true -> local;
                {true, Node} -> {remote, Node};
                undefined -> undefined
            end,
    Told = if Order =:= inparallel -> {inparallel, 0}; true -> Order end,
    [{id, Id}, {desc, told(Desc)}, {spawn, Where}, {order, Told}].

told(undefined) -> undefined;
told(Desc) -> unicode:characters_to_binary(Desc).

%% A group that did something took some time.
elapsed(Start, Done) ->
    case erlang:monotonic_time(millisecond) - Start of
        0 when Done > 0 -> 1;
        Time -> Time
    end.

%% Runs the tests of a group, and tells how many items it had. Setup and cleanup take no time from them.
tests(Tests, #group{timeout = Timeout, order = Order}, Task) ->
    with_timeout(Timeout, Task, fun() -> in_order(Order, Tests, Task) end).

in_order(inparallel, Tests, Task) ->
    Items = items(Tests, 1),
    tests_inparallel(Items, length(Items), Task);
in_order({inparallel, N}, Tests, Task) -> tests_inparallel(items(Tests, 1), N, Task);
in_order(_, Tests, Task) -> tests_inorder(Tests, 0, Task).

items(Tests, N) ->
    case eunit_data:next(Tests) of
        {Item, Rest} -> [{N, Item} | items(Rest, N + 1)];
        none -> []
    end.

tests_inorder(Tests, Done, #task{id = Id} = Task) ->
    case eunit_data:next(Tests) of
        {Item, Rest} ->
            handle_item(Item, Task#task{id = Id ++ [Done + 1]}),
            tests_inorder(Rest, Done + 1, Task);
        none -> Done
    end.

%% So many at a time; what they report is handed on in the order of the tests.
tests_inparallel(Items, Most, Task) ->
    {Now, Later} = lists:split(min(max(Most, 1), length(Items)), Items),
    tests_inparallel([start_one(Item, Task) || Item <- Now], Later, #{}, Task),
    length(Items).

start_one({N, Item}, #task{id = Id}) ->
    Owner = self(),
    ItemId = Id ++ [N],
    spawn(fun() -> parallel_keeper(Item, ItemId, Owner) end).

parallel_keeper(#group{} = Group, Id, Owner) -> keeper(Group, Id, Owner, Owner, node());
parallel_keeper(#test{} = Test, Id, Owner) ->
    Keeper = self(),
    OwnerRef = erlang:monitor(process, Owner),
    {Task, TaskRef} = spawn_monitor(fun() -> handle_test(Test, #task{keeper = Keeper, id = Id}) end),
    keep(#{task => Task, task_ref => TaskRef, owner_ref => OwnerRef, sink => Owner, id => Id,
           data => group_data(Id, #group{}), test => none, open => [], timers => #{}}).

tests_inparallel([], _, _, _) ->
    ok;
tests_inparallel([First | Running] = All, Later, Reports, #task{keeper = Keeper} = Task) ->
    case maps:get(First, Reports, []) of
        [done | Rest] ->
            [Keeper ! {report, none, Report} || Report <- lists:reverse(Rest)],
            tests_inparallel(Running, Later, maps:remove(First, Reports), Task);
        _ ->
            receive
                {report, From, Report} ->
                    tests_inparallel(All, Later, add_report(From, Report, Reports), Task);
                {done, From} ->
                    {More, Left} = case Later of
                                       [Next | Rest] -> {[start_one(Next, Task)], Rest};
                                       [] -> {[], []}
                                   end,
                    tests_inparallel(All ++ More, Left, add_report(From, done, Reports), Task)
            end
    end.

add_report(From, Report, Reports) -> Reports#{From => [Report | maps:get(From, Reports, [])]}.

handle_test(#test{desc = Desc, location = Location, line = Line, timeout = Timeout} = Test,
            #task{id = Id} = Task) ->
    Data = [{id, Id}, {desc, told(Desc)}, {source, Location}, {line, Line}],
    report(Task, 'begin', test, Data),
    Leader = enter_leader(),
    Start = erlang:monotonic_time(millisecond),
    Limit = case Timeout of
                undefined -> ?TEST_LIMIT;
                _ -> Timeout
            end,
    Status = with_timeout(Limit, Task, fun() -> run_test(Test) end),
    Time = erlang:monotonic_time(millisecond) - Start,
    Output = leave_leader(Leader),
    report(Task, 'end', test, Data ++ [{status, Status}, {time, Time}, {output, [Output]}]).

run_test(#test{f = F}) ->
    case eunit_test:run_testfun(F) of
        {ok, _} -> ok;
        {error, Exception} -> {error, Exception};
        {skipped, Reason} -> {skipped, Reason}
    end.

%% Stands in every stack trace of a test: without a limit too.
with_timeout(undefined, _, F) ->
    Value = F(),
    id(Value);
with_timeout(Time, #task{keeper = Keeper, id = Id}, F) ->
    Ref = make_ref(),
    Keeper ! {limit, Ref, Time, Id},
    Value = F(),
    Keeper ! {no_limit, Ref},
    Value.

id(Value) -> Value.

%%% Group leaders.

enter_leader() ->
    Old = group_leader(),
    Leader = spawn(?MODULE, group_leader_process, [self()]),
    group_leader(Leader, self()),
    {Leader, Old}.

leave_leader({Leader, Old}) ->
    group_leader(Old, self()),
    Output = ask_output(Leader),
    Leader ! stop,
    Output.

ask_output(Leader) ->
    Ref = erlang:monitor(process, Leader),
    Leader ! {get_output, self(), Ref},
    receive
        {Ref, Output} -> erlang:demonitor(Ref, [flush]), Output;
        {'DOWN', Ref, process, _, _} -> <<>>
    end.

%% @doc What the test of the caller has written so far.
get_output() -> unicode:characters_to_list(ask_output(group_leader())).

%% @doc A group leader that keeps what is written to it, until its process ends.
group_leader_process(Owner) ->
    group_leader_loop(erlang:monitor(process, Owner), <<>>).

group_leader_loop(Owner, Output) ->
    receive
        {io_request, From, ReplyAs, Request} ->
            {Reply, Text} = io_request(Request),
            From ! {io_reply, ReplyAs, Reply},
            group_leader_loop(Owner, <<Output/binary, Text/binary>>);
        {get_output, From, Ref} ->
            From ! {Ref, Output},
            group_leader_loop(Owner, Output);
        stop -> ok;
        {'DOWN', Owner, process, _, _} -> ok;
        _ -> group_leader_loop(Owner, Output)
    end.

io_request({put_chars, Encoding, Chars}) ->
    case unicode:characters_to_binary(Chars, Encoding) of
        Text when is_binary(Text) -> {ok, Text};
        _ -> {{error, {no_translation, Encoding, latin1}}, <<>>}
    end;
io_request({put_chars, Encoding, M, F, Args}) ->
    try apply(M, F, Args) of
        Chars -> io_request({put_chars, Encoding, Chars})
    catch
        Class:Reason:Stack -> {{error, {Class, Reason, Stack}}, <<>>}
    end;
io_request({put_chars, Chars}) -> io_request({put_chars, latin1, Chars});
io_request({put_chars, M, F, Args}) -> io_request({put_chars, latin1, M, F, Args});
io_request({requests, Requests}) -> io_requests(Requests, {ok, <<>>});
io_request({setopts, _}) -> {ok, <<>>};
io_request(getopts) -> {[{binary, false}, {encoding, unicode}], <<>>};
io_request({get_geometry, _}) -> {{error, enotsup}, <<>>};
io_request(Request) when element(1, Request) =:= get_line; element(1, Request) =:= get_chars;
                         element(1, Request) =:= get_until; element(1, Request) =:= get_password ->
    {eof, <<>>};
io_request(_) -> {{error, request}, <<>>}.

io_requests([Request | Requests], {ok, Text}) ->
    {Reply, More} = io_request(Request),
    io_requests(Requests, {Reply, <<Text/binary, More/binary>>});
io_requests(_, Result) -> Result.
