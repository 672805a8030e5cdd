%%% Timers that send messages or call functions, once or at intervals; and measuring.
%%%
%%% What only sends a message once, to a process on this node, is a timer of the virtual machine.
%%% All else belongs to the process timer_server, which is started when it is first needed.
-module(timer).

-export([apply_after/4, apply_interval/4, cancel/1, exit_after/2, exit_after/3, hms/3, hours/1,
         kill_after/1, kill_after/2, minutes/1, now_diff/2, seconds/1, send_after/2, send_after/3,
         send_interval/2, send_interval/3, sleep/1, start/0, start_link/0, tc/1, tc/2, tc/3]).

%% @doc Waits so many milliseconds, or for ever.
sleep(Time) ->
    receive
    after Time -> ok
    end.

%% @doc Sends a message to the calling process after so many milliseconds.
send_after(Time, Message) ->
    send_after(Time, self(), Message).

%% @doc Sends a message to a process after so many milliseconds.
send_after(0, Pid, Message) when is_pid(Pid); is_atom(Pid) ->
    Pid ! Message,
    {ok, {instant, make_ref()}};
send_after(Time, Pid, Message) when is_integer(Time), Time >= 0, is_pid(Pid), node(Pid) =:= node() ->
    {ok, {send_local, erlang:send_after(Time, Pid, Message)}};
send_after(Time, To, Message) when is_integer(Time), Time >= 0 ->
    case is_receiver(To) of
        true -> request({once, Time, {erlang, send, [To, Message]}});
        false -> {error, badarg}
    end;
send_after(_, _, _) ->
    {error, badarg}.

is_receiver(To) when is_pid(To); is_atom(To) -> true;
is_receiver({Name, Node}) -> is_atom(Name) andalso is_atom(Node);
is_receiver(_) -> false.

%% @doc Calls a function in a process of its own after so many milliseconds.
apply_after(0, M, F, A) when is_atom(M), is_atom(F), is_list(A) ->
    spawn(M, F, A),
    {ok, {instant, make_ref()}};
apply_after(Time, M, F, A) when is_integer(Time), Time >= 0, is_atom(M), is_atom(F), is_list(A) ->
    request({once, Time, {M, F, A}});
apply_after(_, _, _, _) ->
    {error, badarg}.

%% @doc Makes the calling process exit after so many milliseconds.
exit_after(Time, Reason) ->
    exit_after(Time, self(), Reason).

%% @doc Makes a process exit after so many milliseconds.
exit_after(Time, Target, Reason) ->
    apply_after(Time, erlang, exit, [Target, Reason]).

%% @doc Kills the calling process after so many milliseconds.
kill_after(Time) ->
    exit_after(Time, self(), kill).

%% @doc Kills a process after so many milliseconds.
kill_after(Time, Pid) ->
    exit_after(Time, Pid, kill).

%% @doc Calls a function in a process of its own every so many milliseconds.
apply_interval(Time, M, F, A)
  when is_integer(Time), Time >= 0, is_atom(M), is_atom(F), is_list(A) ->
    request({interval, Time, self(), {M, F, A}});
apply_interval(_, _, _, _) ->
    {error, badarg}.

%% @doc Sends a message to the calling process every so many milliseconds.
send_interval(Time, Message) ->
    send_interval(Time, self(), Message).

%% @doc Sends a message to a process every so many milliseconds, while it lives.
send_interval(Time, To, Message) when is_integer(Time), Time >= 0 ->
    case is_receiver(To) of
        true when is_pid(To) -> request({interval, Time, To, {erlang, send, [To, Message]}});
        true -> request({interval, Time, self(), {erlang, send, [To, Message]}});
        false -> {error, badarg}
    end;
send_interval(_, _, _) ->
    {error, badarg}.

%% @doc Takes a timer back.
cancel({instant, Ref}) when is_reference(Ref) ->
    {ok, cancel};
cancel({send_local, Ref}) when is_reference(Ref) ->
    erlang:cancel_timer(Ref),
    {ok, cancel};
cancel({Kind, Ref}) when Kind =:= once orelse Kind =:= interval, is_reference(Ref) ->
    request({cancel, Ref});
cancel(_) ->
    {error, badarg}.

%% Measuring.

%% @doc {Microseconds, Value} of a call.
tc(Fun) ->
    Before = erlang:monotonic_time(),
    Value = Fun(),
    {elapsed(Before), Value}.

%% @doc {Microseconds, Value} of a call.
tc(Fun, Args) ->
    Before = erlang:monotonic_time(),
    Value = apply(Fun, Args),
    {elapsed(Before), Value}.

%% @doc {Microseconds, Value} of a call.
tc(M, F, A) ->
    Before = erlang:monotonic_time(),
    Value = apply(M, F, A),
    {elapsed(Before), Value}.

elapsed(Before) ->
    erlang:convert_time_unit(erlang:monotonic_time() - Before, native, microsecond).

%% @doc The microseconds between two times of erlang:timestamp/0.
now_diff({Mega2, Sec2, Micro2}, {Mega1, Sec1, Micro1}) ->
    ((Mega2 - Mega1) * 1000000 + Sec2 - Sec1) * 1000000 + Micro2 - Micro1.

%% @doc Seconds in milliseconds.
seconds(Seconds) -> Seconds * 1000.

%% @doc Minutes in milliseconds.
minutes(Minutes) -> Minutes * 60000.

%% @doc Hours in milliseconds.
hours(Hours) -> Hours * 3600000.

%% @doc Hours, minutes and seconds in milliseconds.
hms(Hours, Minutes, Seconds) -> hours(Hours) + minutes(Minutes) + seconds(Seconds).

%% The server.

%% @doc Starts the timer server where it is not running.
start() ->
    server(),
    ok.

%% @doc Starts the timer server, linked to the caller.
start_link() ->
    case whereis(timer_server) of
        undefined ->
            Pid = server(),
            link(Pid),
            {ok, Pid};
        Pid ->
            {error, {already_started, Pid}}
    end.

server() ->
    case whereis(timer_server) of
        undefined ->
            %% Two callers may come here at once: the process that loses the name leaves.
            {Pid, Ref} = spawn_monitor(fun serve/0),
            Pid ! {ready, self(), Ref},
            receive
                {Ref, ready} ->
                    erlang:demonitor(Ref, [flush]),
                    Pid;
                {'DOWN', Ref, process, Pid, _} ->
                    server()
            end;
        Pid ->
            Pid
    end.

request(Request) ->
    Pid = server(),
    Ref = erlang:monitor(process, Pid),
    Pid ! {request, self(), Ref, Request},
    receive
        {Ref, Reply} ->
            erlang:demonitor(Ref, [flush]),
            Reply;
        {'DOWN', Ref, process, _, Reason} ->
            {error, Reason}
    end.

%% The body of the timer server. Its timers: a map of references to {once, Timer, Call} and
%% {interval, Timer, Call, Time, NextTime, Monitor}.
serve() ->
    case catch register(timer_server, self()) of
        true -> loop(#{});
        _ -> ok
    end.

loop(Timers) ->
    receive
        {request, From, Tag, Request} ->
            {Reply, Timers1} = handle(Request, Timers),
            From ! {Tag, Reply},
            loop(Timers1);
        {ready, From, Tag} ->
            From ! {Tag, ready},
            loop(Timers);
        {timeout, _, Ref} ->
            loop(expired(Ref, Timers));
        {'DOWN', Monitor, process, _, _} ->
            loop(down(Monitor, Timers));
        _ ->
            loop(Timers)
    end.

handle({once, Time, Call}, Timers) ->
    Ref = make_ref(),
    Timer = erlang:start_timer(Time, self(), Ref),
    {{ok, {once, Ref}}, maps:put(Ref, {once, Timer, Call}, Timers)};
handle({interval, Time0, Pid, Call}, Timers) ->
    Time = max(Time0, 1),
    Ref = make_ref(),
    Next = erlang:monotonic_time(millisecond) + Time,
    Monitor = erlang:monitor(process, Pid),
    Timer = erlang:start_timer(Next, self(), Ref, [{abs, true}]),
    {{ok, {interval, Ref}},
     maps:put(Ref, {interval, Timer, Call, Time, Next, Monitor}, Timers)};
handle({cancel, Ref}, Timers) ->
    case maps:find(Ref, Timers) of
        {ok, {once, Timer, _}} -> erlang:cancel_timer(Timer);
        {ok, {interval, Timer, _, _, _, Monitor}} ->
            erlang:cancel_timer(Timer),
            erlang:demonitor(Monitor, [flush]);
        error -> ok
    end,
    {{ok, cancel}, maps:remove(Ref, Timers)}.

expired(Ref, Timers) ->
    case maps:find(Ref, Timers) of
        {ok, {once, _, Call}} ->
            call(Call),
            maps:remove(Ref, Timers);
        {ok, {interval, _, Call, Time, This, Monitor}} ->
            call(Call),
            Next = This + Time,
            Timer = erlang:start_timer(Next, self(), Ref, [{abs, true}]),
            maps:put(Ref, {interval, Timer, Call, Time, Next, Monitor}, Timers);
        error ->
            Timers
    end.

%% Sending needs no process of its own.
call({erlang, send, [To, Message]}) -> catch To ! Message;
call({erlang, exit, [Pid, Reason]}) when is_pid(Pid) -> exit(Pid, Reason);
call({M, F, A}) -> catch spawn(M, F, A).

down(Monitor, Timers) ->
    case [Found || {_, {interval, _, _, _, _, M}} = Found <- maps:to_list(Timers), M =:= Monitor] of
        [{Ref, {interval, Timer, _, _, _, _}} | _] ->
            erlang:cancel_timer(Timer),
            maps:remove(Ref, Timers);
        [] ->
            Timers
    end.
