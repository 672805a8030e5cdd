%%% Every flag of process_flag, right and wrong.
-module(process_flags_all).
-export([main/0]).

-define(T(E), t(?LINE, fun() -> E end)).

t(Line, F) -> io:format("~p: ~p~n", [Line, try F() catch Class:Reason:Trace -> {Class, Reason, top(Trace)} end]).

top([{M, F, A, Info} | _]) ->
    {M, F, if is_list(A) -> length(A); true -> A end, proplists:get_value(error_info, Info)}.

main() ->
    [?T({Flag, Value, set(Flag, Value)})
     || {Flag, Value} <-
            [{trap_exit, foo}, {trap_exit, true}, {priority, foo}, {priority, high}, {priority, normal},
             {priority, max}, {priority,normal}, {error_handler, 1}, {error_handler, foo},
             {error_handler, error_handler}, {min_heap_size, a}, {min_heap_size, -1}, {min_heap_size, 1000},
             {min_heap_size, 0}, {min_bin_vheap_size, a}, {min_bin_vheap_size, 1}, {min_bin_vheap_size, 100000},
             {fullsweep_after, a}, {fullsweep_after, -1}, {fullsweep_after, 10}, {fullsweep_after, 65536},
             {fullsweep_after, 65535}, {max_heap_size, a}, {max_heap_size, -1}, {max_heap_size, 1000000000},
             {max_heap_size, #{size => 0}}, {max_heap_size, #{size => 2000000000, kill => false}},
             {max_heap_size, #{kill => true}}, {max_heap_size, 0}, {max_heap_size, 5}, {message_queue_data, foo},
             {message_queue_data, off_heap}, {message_queue_data, on_heap}, {sensitive, foo}, {sensitive, true},
             {sensitive, false}, {save_calls, foo}, {foo, bar}, {1, 2}, {monitor_nodes, true},
             {monitor_nodes, false}, {monitor_nodes, foo}, {{monitor_nodes, []}, true},
             {{monitor_nodes, [nodedown_reason]}, true}, {{monitor_nodes, [foo]}, true}, {scheduler, 0},
             {scheduler, a}, {async_dist, true}, {async_dist, foo}]],
    ?T(process_flag(self(), save_calls, 0)),
    ?T(process_flag(self(), trap_exit, true)),
    ?T(process_flag(foo, save_calls, 0)),
    ?T(process_flag(list_to_pid("<0.30000.0>"), save_calls, 0)),
    ?T(process_flag(self(), save_calls, a)).

set(Flag, Value) ->
    try process_flag(Flag, Value) catch Class:Reason:Trace -> {Class, Reason, top(Trace)} end.
