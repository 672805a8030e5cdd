%% What flags of the machine set up, as programs see it.
-module(machine_flags).
-export([main/0]).
%%! erl +S 4:2 +SDcpu 3:2 +SDio 5 +hms 100 +hmbs 100000 +hmax 1000000 +hmaxk false +hmaxel false +hmqd off_heap

main() ->
    [io:format("~w: ~w~n", [Item, erlang:system_info(Item)])
     || Item <- [schedulers, schedulers_online, dirty_cpu_schedulers, dirty_cpu_schedulers_online,
                 dirty_io_schedulers, min_heap_size, min_bin_vheap_size, max_heap_size, message_queue_data]],
    {match, [Counts]} = re:run(erlang:system_info(system_version), "\\[smp:4:2\\] \\[ds:3:2:5\\]",
                               [{capture, all, list}]),
    io:format("~s~n", [Counts]),
    io:format("~w ~w~n", [erlang:system_flag(schedulers_online, 1), erlang:system_info(schedulers_online)]),
    io:format("~w~n", [catch erlang:system_flag(schedulers_online, 4)]),
    io:format("~w~n", [(catch erlang:system_flag(schedulers_online, 5)) =:= 4]),
    Self = self(),
    spawn(fun() ->
                  [io:format("~w~n", [process_info(self(), Item)]) || Item <- [message_queue_data, min_heap_size]],
                  Self ! done
          end),
    receive done -> ok end.
