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
    start_task(#group{tests = [Tests]}, [], Sink, node()).

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
           desc => Group#group.desc, test => none, timers => #{}}).

keep(#{task := Task, task_ref := TaskRef, owner_ref := OwnerRef, sink := Sink, timers := Timers} = State) ->
    receive
        {report, Task, {Kind, Type, _, _} = Report} ->
            Sink ! {report, self(), Report},
            case {Kind, Type} of
                {'begin', test} -> keep(State#{test => Report});
                {'end', test} -> keep(State#{test => none});
                _ -> keep(State)
            end;
        {report, _, Report} ->
            Sink ! {report, self(), Report},
            keep(State);
        {limit, Ref, Time, Id, Desc} ->
            Timer = erlang:send_after(Time, self(), {timed_out, Ref}),
            keep(State#{timers => Timers#{Ref => {Timer, Id, Desc}}});
        {no_limit, Ref} ->
            keep(State#{timers => drop_timer(Ref, Timers)});
        {timed_out, Ref} when is_map_key(Ref, Timers) ->
            {_, Id, Desc} = maps:get(Ref, Timers),
            timed_out(Id, Desc, State);
        {timed_out, _} ->
            keep(State);
        {abort, Task, Reason} ->
            cancel_group(Reason, State);
        {'DOWN', TaskRef, process, Task, normal} ->
            Sink ! {done, self()};
        {'DOWN', TaskRef, process, Task, Reason} ->
            cancel_test(undefined, State),
            cancel_group({exit, Reason}, State);
        {'DOWN', OwnerRef, process, _, _} ->
            exit(Task, kill)
    end.

drop_timer(Ref, Timers) ->
    case maps:take(Ref, Timers) of
        {{Timer, _, _}, Rest} -> _ = erlang:cancel_timer(Timer), Rest;
        error -> Timers
    end.

%% A test or a group took longer than it may. The whole task ends.
timed_out(Id, Desc, #{task := Task, task_ref := TaskRef, test := Test, id := Root} = State) ->
    Stack = case process_info(Task, current_stacktrace) of
                {current_stacktrace, Frames} -> Frames;
                undefined -> []
            end,
    exit(Task, kill),
    receive {'DOWN', TaskRef, process, Task, _} -> ok end,
    case Test of
        {_, _, Id, _} ->
            cancel_test({timeout, Stack}, State),
            cancel_group({blame, Id}, State);
        _ when Id =:= Root ->
            cancel_test({blame, Id}, State),
            cancel_group({timeout, Stack}, State);
        _ ->
            cancel_test({blame, Id}, State),
            report_cancelled(Id, Desc, {timeout, Stack}, State),
            cancel_group({blame, Id}, State)
    end.

cancel_test(_, #{test := none}) -> ok;
cancel_test(Reason, #{test := {_, test, Id, Data}, sink := Sink}) ->
    Sink ! {report, self(), {cancel, test, Id, [{reason, Reason} | Data]}}.

cancel_group(Reason, #{id := Id, desc := Desc, sink := Sink} = State) ->
    report_cancelled(Id, Desc, Reason, State),
    Sink ! {done, self()}.

report_cancelled(Id, Desc, Reason, #{sink := Sink}) ->
    Sink ! {report, self(), {cancel, group, Id, [{id, Id}, {desc, Desc}, {reason, Reason}]}}.

%%% Tasks.

task(Group, Id, Keeper) ->
    try handle_group(Group#group{spawn = undefined}, #task{keeper = Keeper, id = Id})
    catch
        throw:{abort, Reason} ->
            Keeper ! {abort, self(), {abort, Reason}}
    end.

report(#task{keeper = Keeper, id = Id}, Kind, Type, Data) ->
    Keeper ! {report, self(), {Kind, Type, Id, Data}}.

handle_item(Item, #task{id = Id, keeper = Keeper} = Task) ->
    case Item of
        #test{} -> handle_test(Item, Task);
        #group{spawn = {true, Node}} -> await(start_task(Item, Id, Keeper, Node));
        #group{spawn = true} -> await(start_task(Item, Id, Keeper, node()));
        #group{context = #context{process = spawn}} -> await(start_task(Item, Id, Keeper, node()));
        #group{context = #context{process = {spawn, Node}}} -> await(start_task(Item, Id, Keeper, Node));
        #group{} -> handle_group(Item, Task)
    end.

handle_group(#group{context = undefined} = Group, Task) ->
    run_group(Group, Task);
handle_group(#group{context = #context{setup = Setup, cleanup = Cleanup}, tests = Tests} = Group, Task) ->
    Instantiate = if
                      is_function(Tests, 1) -> Tests;
                      true -> fun(_) -> Tests end
                  end,
    Callback = fun(Given) -> run_group(instantiated(Given, Group, Tests), Task) end,
    eunit_test:enter_context(Setup, Cleanup, Instantiate, Callback).

%% What an instantiator gives is a group of its own.
instantiated(Given, Group, Tests) when is_function(Tests, 1) ->
    case eunit_data:read(Given) of
        #group{context = undefined, spawn = undefined, desc = Desc, tests = Inner, order = Order} ->
            Group#group{context = undefined, tests = Inner,
                        desc = first(Group#group.desc, Desc), order = first(Group#group.order, Order)};
        Item -> Group#group{context = undefined, tests = [{read, Item}]}
    end;
instantiated(Given, Group, _) ->
    Group#group{context = undefined, tests = Given}.

first(undefined, Value) -> Value;
first(Value, _) -> Value.

run_group(#group{desc = Desc, order = Order, spawn = Spawn} = Group, #task{id = Id} = Task) ->
    Data = [{id, Id}, {desc, Desc}, {spawn, Spawn}, {order, Order}],
    report(Task, 'begin', group, Data),
    Leader = enter_leader(),
    Start = erlang:monotonic_time(millisecond),
    Items = eunit_data:items(Group),
    _ = with_timeout({Group#group.timeout, Desc}, Task, fun() -> tests(Items, Order, Task) end),
    Time = elapsed(Start, Items),
    Output = leave_leader(Leader),
    report(Task, 'end', group, [{id, Id}, {desc, Desc}, {size, length(Items)}, {time, Time}, {output, Output}]).

%% A group that did something took some time.
elapsed(Start, Items) ->
    case erlang:monotonic_time(millisecond) - Start of
        0 when Items =/= [] -> 1;
        Time -> Time
    end.

tests(Items, inparallel, Task) -> tests_inparallel(Items, length(Items), Task);
tests(Items, {inparallel, N}, Task) -> tests_inparallel(Items, N, Task);
tests(Items, _, Task) -> tests_inorder(Items, 0, Task).

tests_inorder([{N, Test} | Items], Done, #task{id = Id} = Task) ->
    handle_item(eunit_data:read(Test), Task#task{id = Id ++ [N]}),
    tests_inorder(Items, Done + 1, Task);
tests_inorder([], Done, _) ->
    Done.

%% So many at a time; what they report is handed on in the order of the tests.
tests_inparallel(Items, Most, Task) ->
    {Now, Later} = lists:split(min(max(Most, 1), length(Items)), Items),
    tests_inparallel([start_one(Item, Task) || Item <- Now], Later, #{}, Task).

start_one({N, Test}, #task{id = Id}) ->
    Owner = self(),
    ItemId = Id ++ [N],
    Item = eunit_data:read(Test),
    spawn(fun() -> parallel_keeper(Item, ItemId, Owner) end).

parallel_keeper(#group{} = Group, Id, Owner) -> keeper(Group, Id, Owner, Owner, node());
parallel_keeper(#test{} = Test, Id, Owner) ->
    Keeper = self(),
    OwnerRef = erlang:monitor(process, Owner),
    {Task, TaskRef} = spawn_monitor(fun() -> handle_test(Test, #task{keeper = Keeper, id = Id}) end),
    keep(#{task => Task, task_ref => TaskRef, owner_ref => OwnerRef, sink => Owner, id => Id,
           desc => undefined, test => none, timers => #{}}).

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
    Data = [{id, Id}, {desc, Desc}, {source, Location}, {line, Line}],
    report(Task, 'begin', test, Data),
    Leader = enter_leader(),
    Start = erlang:monotonic_time(millisecond),
    Limit = case Timeout of
                undefined -> ?TEST_LIMIT;
                _ -> Timeout
            end,
    Status = with_timeout({Limit, Desc}, Task, fun() -> run_test(Test) end),
    Time = erlang:monotonic_time(millisecond) - Start,
    Output = leave_leader(Leader),
    report(Task, 'end', test, Data ++ [{status, Status}, {time, Time}, {output, Output}]).

run_test(#test{f = F}) ->
    case eunit_test:run_testfun(F) of
        {ok, _} -> ok;
        {error, Exception} -> {error, Exception};
        {skipped, Reason} -> {skipped, Reason}
    end.

with_timeout({undefined, _}, _, F) ->
    Value = F(),
    Value;
with_timeout({Time, Desc}, #task{keeper = Keeper, id = Id}, F) ->
    Ref = make_ref(),
    Keeper ! {limit, Ref, Time, Id, Desc},
    Value = F(),
    Keeper ! {no_limit, Ref},
    Value.

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
