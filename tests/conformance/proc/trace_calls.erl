%% Tracing of calls, by every kind of pattern; what trace_info tells of functions.
-module(trace_calls).
-export([main/0, f/1, g/1, calls/0]).
main() ->
    P = spawn(fun slave/0),
    erlang:trace(P, true, [call]),
    p(global, erlang:trace_pattern({?MODULE, f, 1}, true, [])),
    do(P, fun() -> f(1), ?MODULE:f(2) end), show(),
    p(off, erlang:trace_pattern({?MODULE, f, 1}, false, [])),
    p(local, erlang:trace_pattern({?MODULE, f, 1}, true, [local])),
    do(P, fun() -> f(3), ?MODULE:f(4) end), show(),
    p(info, [erlang:trace_info({?MODULE, f, 1}, I) || I <- [traced, match_spec, meta, call_count, all]]),
    p(info_other, [erlang:trace_info({?MODULE, F, 1}, all) || F <- [g, nosuch]]),
    erlang:trace_pattern({?MODULE, f, 1}, false, [local]),
    erlang:trace(P, true, [return_to]),
    erlang:trace_pattern({?MODULE, f, 1}, [{'_', [], [{return_trace}]}], [local]),
    erlang:trace_pattern({?MODULE, g, 1}, [{'_', [], [{exception_trace}]}], [local]),
    do(P, fun ?MODULE:calls/0), show(),
    erlang:trace_pattern({?MODULE, '_', '_'}, false, [local]),
    erlang:trace(P, false, [return_to]),
    erlang:trace_pattern({?MODULE, f, 1},
        [{[1], [], []}, {['$1'], [{'>', '$1', 5}], [{message, {{'$1', x}}}]}, {[3], [], [{message, false}]},
         {[5], [], [{message, "text"}]}, {[4], [], [{silent, true}]}], [local]),
    do(P, fun() -> [f(X) || X <- lists:seq(1, 7)] end), show(),
    erlang:trace(P, false, [silent]),
    erlang:trace(P, true, [arity]),
    do(P, fun() -> f(1) end), show(),
    erlang:trace_pattern({?MODULE, f, 1}, false, [local]),
    erlang:trace_pattern({?MODULE, f, 1}, true, [call_count]),
    [f(X) || X <- [1, 2, 3]],
    p(count, erlang:trace_info({?MODULE, f, 1}, call_count)),
    erlang:trace_pattern({?MODULE, f, 1}, pause, [call_count]), f(1),
    p(paused, erlang:trace_info({?MODULE, f, 1}, call_count)),
    erlang:trace_pattern({?MODULE, f, 1}, restart, [call_count]), f(1),
    p(restarted, erlang:trace_info({?MODULE, f, 1}, call_count)),
    erlang:trace_pattern({?MODULE, f, 1}, false, [call_count]),
    erlang:trace_pattern({?MODULE, f, 1}, [{'_', [], [{return_trace}]}], [meta]),
    do(spawn(fun slave/0), fun() -> f(9) end),
    receive {trace_ts, _, call, C, _} -> p(meta, C) end,
    receive {trace_ts, _, return_from, M, V, _} -> p(meta, {M, V}) end,
    erlang:trace_pattern({?MODULE, f, 1}, false, [meta]),
    erlang:trace(P, false, [all]), erlang:trace(P, true, [call]),
    erlang:trace_pattern({erlang, binary_to_term, 1}, [{'_', [], [{exception_trace}]}], []),
    do(P, fun() -> binary_to_term(term_to_binary(a)), (catch binary_to_term(<<>>)) end), show(),
    erlang:trace_pattern({erlang, binary_to_term, 1}, false, []),
    p(wrong, [ex(fun() -> erlang:trace_pattern(A, B, C2) end)
              || {A, B, C2} <- [{{nosuch, '_', '_'}, true, []}, {{'_', f, 1}, true, []}, {foo, true, []},
                                {{?MODULE, f, 1}, foo, []}, {{?MODULE, f, 1}, [x], []},
                                {{?MODULE, f, 1}, true, [foo]}, {{?MODULE, f, 1}, true, [local, global]}]]).
f(X) -> {f, X}.
g(X) -> g1(X).
g1(X) -> X + 1.
calls() -> f(1), catch g(a), g(1), x.
slave() -> receive {do, F, From} -> F(), From ! done, slave() end.
do(P, F) -> P ! {do, F, self()}, receive done -> ok after 2000 -> stuck end,
    R = erlang:trace_delivered(P), receive {trace_delivered, P, R} -> ok end.
show() -> receive T when element(1, T) =:= trace -> [_, _ | L] = tuple_to_list(T), io:format("  ~0p~n", [L]), show() after 0 -> ok end.
p(T, V) -> io:format("~s: ~0p~n", [T, V]).
ex(F) -> try F() catch C:R -> {C, R} end.
