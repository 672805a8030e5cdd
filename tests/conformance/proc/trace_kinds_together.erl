%%% Ways to trace a function that exclude each other, and wrong ways to ask for tracing.
-module(trace_kinds_together).
-export([main/0, outer/1, inner/1, loop/0]).

outer(X) -> inner(X) + 1.
inner(X) -> X * 2.

loop() ->
    receive
        {call, F, From} -> F(), From ! done, loop();
        stop -> ok
    end.

do(Pid, F) ->
    Pid ! {call, F, self()},
    receive done -> ok end.

told() ->
    Ref = erlang:trace_delivered(all),
    receive {trace_delivered, all, Ref} -> ok end,
    collect().

collect() ->
    receive
        Event when element(1, Event) =:= trace -> [setelement(2, Event, pid) | collect()];
        Event when element(1, Event) =:= trace_ts ->
            [setelement(2, setelement(tuple_size(Event), Event, time), pid) | collect()]
    after 0 -> []
    end.

pattern(Spec, Flags) -> erlang:trace_pattern({?MODULE, inner, 1}, Spec, Flags).

item(Item) -> erlang:trace_info({?MODULE, inner, 1}, Item).

twice(Pid) ->
    do(Pid, fun() -> ?MODULE:inner(3), ?MODULE:outer(4) end),
    told().

main() ->
    Pid = spawn(?MODULE, loop, []),
    1 = erlang:trace(Pid, true, [call]),
    io:format("global ~p: ~p~n", [pattern(true, [global]), twice(Pid)]),
    io:format("counted ~p: ~p ~p ~p~n",
              [pattern(true, [call_count]), twice(Pid), item(call_count), item(traced)]),
    io:format("global again ~p: ~p ~p ~p~n",
              [pattern(true, [global]), twice(Pid), item(call_count), item(traced)]),
    io:format("local ~p: ~p ~p~n", [pattern(true, [local]), twice(Pid), item(traced)]),
    io:format("meta ~p: ~p ~p~n", [pattern(true, [meta]), twice(Pid), item(traced)]),
    io:format("global last ~p: ~p ~p ~p~n",
              [pattern(true, [global]), twice(Pid), item(meta), item(traced)]),
    io:format("off ~p: ~p~n", [pattern(false, [global]), twice(Pid)]),
    io:format("off ~p: ~p~n", [pattern(false, [local]), twice(Pid)]),
    1 = erlang:trace(Pid, false, [all]),
    [io:format("~p: ~p~n", [Flags, catch_(fun() -> erlang:trace(Pid, true, Flags) end)])
     || Flags <- [[cpu_timestamp], [{tracer, ?MODULE, []}], [{tracer, tkt_nowhere, []}],
                  [{tracer, erl_tracer, []}], [{tracer, 1, []}], [{tracer, x}], [call | x], x]],
    io:format("processor time: ~p ~p~n",
              [erlang:trace(all, true, [cpu_timestamp]), erlang:trace(all, false, [cpu_timestamp])]),
    io:format("erl_tracer: ~p ~p~n",
              [erlang:trace(Pid, true, [call, {tracer, erl_tracer, self()}]),
               erlang:trace(Pid, false, [call])]),
    Pid ! stop.

catch_(F) ->
    try F() catch Class:Reason -> {Class, Reason} end.
