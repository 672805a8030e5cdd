%%% A process is traced by one other: who comes second is refused, whatever he asks for.
-module(trace_second_tracer).
-export([main/0, wait/0]).

-define(T(E), t(?LINE, fun() -> E end)).

t(Line, F) -> io:format("~p: ~p~n", [Line, try F() catch Class:Reason:Trace -> {Class, Reason, top(Trace)} end]).

top([{M, F, A, Info} | _]) ->
    {M, F, if is_list(A) -> length(A); true -> A end, proplists:get_value(error_info, Info)}.

main() ->
    logger:set_primary_config(level, none),
    Traced = spawn(?MODULE, wait, []),
    First = spawn(?MODULE, wait, []),
    ?T(erlang:trace(Traced, true, [call, {tracer, First}])),
    ?T(erlang:trace(Traced, true, [call])),
    ?T(erlang:trace(Traced, true, [send])),
    ?T(erlang:trace(Traced, true, [call, {tracer, self()}])),
    ?T(erlang:trace_info(Traced, flags)),
    ?T(element(2, erlang:trace_info(Traced, tracer)) =:= First),
    ?T(erlang:trace(Traced, true, [send, {tracer, First}])),
    ?T(lists:sort(element(2, erlang:trace_info(Traced, flags)))),
    ?T(erlang:trace(Traced, false, [all, {tracer, First}])),
    ?T(erlang:trace_info(Traced, flags)),
    ?T(erlang:trace(Traced, true, [call])),
    ?T(erlang:trace(Traced, false, [all])),
    ?T(erlang:trace_info(Traced, tracer)).

wait() -> receive stop -> ok end.
