%%% Callbacks of gen_server and gen_statem that return what they may not: reasons, and where they are found.
-module(wrong_returns).
-compile([export_all, nowarn_export_all]).

main() ->
    logger:set_primary_config(level, none),
    process_flag(trap_exit, true),
    [server(X) || X <- [{ok, 1, bad}, {ok, 1, -5}, {ok, 1, {continue, crash}}, foo, {stop, e}]],
    [call(X) || X <- [{reply, r, s, bad}, {noreply, s, -1}, {noreply, s, {continue}}, {stop, crashterm, s}, badret, {reply, r, s, 10}]],
    io:format("~0p~n", [short(catch gen_server:call({via, nomod, name}, x))]),
    [machine(X) || X <- [bad_return, {next_state, s2, data, [{foo, bar}]}, {keep_state, d, [{reply, bad, x}]}, {keep_state, d, {timeout, -1, x}},
                         {stop_and_reply, normal, [{reply, x, y}]}, {change_callback_module, nomod},
                         {keep_state, d, [{change_callback_module, nomod}]}, {keep_state, d, [{push_callback_module, "x"}]},
                         {keep_state, d, [pop_callback_module]}, {repeat_state, d, [{next_event, bad, x}]},
                         {keep_state, d, [{timeout, 10, c, [{abs, maybe}]}]}, {keep_state, d, [{postpone, 3}]},
                         {keep_state, d, [{push_callback_module, wrong_mode}]}]].

server(X) ->
    R = case gen_server:start_link(?MODULE, {server, X}, []) of {ok, _} -> ok; Other -> short(Other) end,
    io:format("init ~0p -> ~0p ~0p~n", [X, R, receive {'EXIT', _, Why} -> short(Why) after 1000 -> alive end]).

call(X) ->
    {ok, P} = gen_server:start_link(?MODULE, {server, {ok, s0}}, []),
    R = (catch gen_server:call(P, X, 1000)),
    unlink(P), exit(P, kill),
    receive {'EXIT', P, _} -> ok after 0 -> ok end,
    io:format("call ~0p -> ~0p~n", [X, short(R)]).

machine(X) ->
    {ok, P} = gen_statem:start_link(?MODULE, {machine, X}, []),
    P ! {do, X},
    receive {'EXIT', P, R} -> io:format("event ~0p -> ~0p~n", [X, short(R)]) end.

short(P) when is_pid(P) -> pid;
short({R, [{_, _, _, _} | _] = Stack}) ->
    {short(R), [{M, F, if is_list(A) -> length(A); true -> A end} || {M, F, A, _} <- Stack, M =/= proc_lib, M =/= init, M =/= ?MODULE]};
short(T) when is_tuple(T) -> list_to_tuple([short(E) || E <- tuple_to_list(T)]);
short([H | T]) -> [short(H) | short(T)];
short(X) -> X.

init({server, X}) -> X;
init({machine, _}) -> {ok, s1, d}.
handle_call(X, _, _) -> X.
handle_info(timeout, _) -> exit(timed_out).
handle_continue(crash, _) -> error(cont).
callback_mode() -> handle_event_function.
handle_event(info, {do, X}, _, _) -> X.
terminate(crashterm, _) -> error(termcrash);
terminate(_, _) -> ok.
terminate(R, S, D) -> io:format("terminate ~0p ~0p ~0p~n", [short(R), S, D]).
