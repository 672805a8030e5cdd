%% Where Erlang monotonic time begins and ends, and timers at points of it.
-module(monotonic_time_origin).
-export([main/0]).

main() ->
    Start = erlang:system_info(start_time),
    io:format("~p ~p~n", [Start, erlang:system_info(end_time)]),
    io:format("~p~n", [[erlang:convert_time_unit(Start, native, Unit) || Unit <- [second, millisecond, microsecond, nanosecond]]]),
    Up = erlang:monotonic_time() - Start,
    io:format("~p~n", [Up > 0 andalso erlang:convert_time_unit(Up, native, second) < 600]),
    Apart = erlang:system_time() - erlang:time_offset() - erlang:monotonic_time(),
    io:format("~p~n", [abs(Apart) < 1000000000]),
    T = ets:new(t, []),
    ets:safe_fixtable(T, true),
    {Fixed, _} = ets:info(T, safe_fixed_monotonic_time),
    io:format("~p~n", [Fixed > Start andalso Fixed =< erlang:monotonic_time()]),
    Begin = erlang:convert_time_unit(Start, native, millisecond),
    [try
        Timer = erlang:start_timer(Time, self(), x, [{abs, true}]),
        receive {timeout, Timer, x} -> io:format("~p over~n", [Time]) after 20 -> io:format("~p later ~p~n", [Time, is_integer(erlang:cancel_timer(Timer))]) end
    catch
        error:Reason -> io:format("~p ~p~n", [Time, Reason])
    end || Time <- [0, -5, Begin, Begin + 1, Begin - 1, Begin - 1000, 1 bsl 60, 1 bsl 43]].
