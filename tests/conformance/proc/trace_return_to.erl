%%% Where control returns to: told of calls that are told, and of no others; links to who is gone; the end of a process.
-module(trace_return_to).
-export([main/0, outer/1, inner/1, loop/0]).

outer(X) -> inner(X) + 1.
inner(X) -> X * 2.

loop() ->
    receive
        {call, F, From} -> (catch F()), From ! done, loop();
        stop -> ok
    end.

do(Pid, F) ->
    Pid ! {call, F, self()},
    receive done -> ok end,
    Ref = erlang:trace_delivered(Pid),
    receive {trace_delivered, Pid, Ref} -> ok end,
    told().

told() ->
    receive
        Event when element(1, Event) =:= trace ->
            [[P || P <- tl(tuple_to_list(Event)), not is_pid(P)] | told()]
    after 0 -> []
    end.

main() ->
    Pid = spawn(?MODULE, loop, []),
    1 = erlang:trace(Pid, true, [call, return_to]),
    1 = erlang:trace_pattern({?MODULE, outer, 1}, true, [local]),
    Specs = [true, [{'_', [], [{message, false}]}], [{['$1'], [{'>', '$1', 5}], [{return_trace}]}],
             [{'_', [], [{return_trace}, {message, false}]}], [{['$1'], [], [{message, '$1'}]}]],
    [begin
         1 = erlang:trace_pattern({?MODULE, inner, 1}, Spec, [local]),
         io:format("~p~n", [Spec]),
         [io:format("  ~p ~p~n", [X, do(Pid, fun() -> [?MODULE:outer(X)] end)]) || X <- [3, 9]]
     end || Spec <- Specs],
    erlang:trace_pattern({?MODULE, '_', '_'}, false, [local]),
    1 = erlang:trace(Pid, false, [all]),
    Gone = spawn(fun() -> ok end),
    Ref = monitor(process, Gone),
    receive {'DOWN', Ref, _, _, _} -> ok end,
    1 = erlang:trace(Pid, true, [procs]),
    io:format("link: ~p~n", [do(Pid, fun() -> link(Gone) end)]),
    io:format("unlink: ~p~n", [do(Pid, fun() -> unlink(Gone) end)]),
    1 = erlang:trace(Pid, true, [exiting]),
    Pid ! stop,
    Last = monitor(process, Pid),
    receive {'DOWN', Last, _, _, _} -> ok end,
    Ref2 = erlang:trace_delivered(all),
    receive {trace_delivered, all, Ref2} -> ok end,
    io:format("end: ~p~n", [told()]).
