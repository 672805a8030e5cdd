%%% Every option of spawn_opt, right and wrong.
-module(spawn_options).
-export([main/0, f/0]).

-define(T(E), t(?LINE, fun() -> E end)).

t(Line, F) -> io:format("~p: ~p~n", [Line, try F() catch Class:Reason:Trace -> {Class, Reason, top(Trace)} end]).

top([{M, F, A, Info} | _]) ->
    {M, F, if is_list(A) -> length(A); true -> A end, proplists:get_value(error_info, Info)}.

%% How often it has collected is not a setting.
settings({Item, List}) -> {Item, lists:keydelete(minor_gcs, 1, List)}.

main() ->
    process_flag(trap_exit, true),
    [?T({Options, started(Options)})
     || Options <- [[], [link, {priority, high}], [monitor], [{monitor, []}], [{monitor, [{tag, x}]}],
                    [{monitor, [{alias, explicit_unalias}]}], [{monitor, [{alias, foo}]}], [{monitor, foo}],
                    [foo], foo, [link|foo], [{link, true}], [{priority, max}], [{priority, foo}],
                    [{min_heap_size, 0}], [{min_heap_size, -1}], [{min_heap_size, a}], [{min_heap_size, 1 bsl 60}],
                    [{min_bin_vheap_size, -1}], [{min_bin_vheap_size, 0}], [{fullsweep_after, -1}],
                    [{fullsweep_after, 0}], [{fullsweep_after, 1 bsl 40}], [{fullsweep_after, a}],
                    [{max_heap_size, 0}], [{max_heap_size, 10}], [{max_heap_size, 233}],
                    [{max_heap_size, #{size => 1000}}],
                    [{max_heap_size, #{size => 1000, kill => false, error_logger => false}}],
                    [{max_heap_size, #{foo => 1}}], [{max_heap_size, #{kill => true}}],
                    [{max_heap_size, #{size => a}}], [{max_heap_size, #{size=>1000, kill => 1}}],
                    [{max_heap_size, #{size=>1000, include_shared_binaries=>true}}],
                    [{message_queue_data, off_heap}], [{message_queue_data, mixed}], [{message_queue_data, foo}],
                    [{scheduler, 0}], [{scheduler, 1}], [{scheduler, 100000}], [{scheduler, a}],
                    [{async_dist, true}], [{reply, yes}], [{trap_exit, true}], [monitor, {monitor, []}],
                    [{tag, x}], [{a,b,c}], [link, link]]],
    ?T(settings(item([{min_heap_size, 500}], garbage_collection))),
    ?T(settings(item([{fullsweep_after, 1 bsl 20}], garbage_collection))),
    ?T(settings(item([{min_bin_vheap_size, 1}], garbage_collection))),
    ?T(item([{priority, low}], priority)),
    ?T(item([{message_queue_data, off_heap}], message_queue_data)),
    ?T(item([], [initial_call, current_function, status, links, monitors, trap_exit, error_handler, catchlevel])),
    ?T(item([], sensitive)),
    ?T(spawn(node(), a, b, c)),
    ?T(spawn(a, b, [c | d])).

f() -> receive stop -> ok end.

started(Options) ->
    try spawn_opt(?MODULE, f, [], Options) of
        Pid when is_pid(Pid) -> exit(Pid, kill), pid;
        {Pid, Reference} when is_reference(Reference) -> exit(Pid, kill), {pid, reference}
    catch
        Class:Reason:Trace -> {Class, Reason, top(Trace)}
    end.

item(Options, Item) ->
    Pid = spawn_opt(?MODULE, f, [], Options),
    timer:sleep(5),
    Value = process_info(Pid, Item),
    exit(Pid, kill),
    Value.
