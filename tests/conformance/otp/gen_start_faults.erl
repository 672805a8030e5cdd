%% What proc_lib and gen_server say of wrong names, options, times and processes, and where they say it.
-module(gen_start_faults).
-export([main/0, init/1, handle_call/3, handle_cast/2, i/1, looped/1, whereis_name/1]).
-export([system_continue/3, system_terminate/4]).

init(X) -> {ok, X}.
handle_call({reply, X}, _, S) -> {reply, X, S};
handle_call(_, _, S) -> {noreply, S}.
handle_cast(_, S) -> {noreply, S}.
whereis_name(fails) -> error(fails);
whereis_name(_) -> undefined.

i({ack, X}) -> proc_lib:init_ack(X), receive stop -> ok end;
i({die, R}) -> exit(R).

looped(P) -> proc_lib:init_ack({ok, self()}), loop(P).
loop(P) -> receive {system, From, Req} -> sys:handle_system_msg(Req, From, P, ?MODULE, [], P) end.
system_continue(P, _, _) -> loop(P).
system_terminate(slow, _, _, _) -> receive after infinity -> ok end;
system_terminate(other, _, _, _) -> exit(own);
system_terminate(R, _, _, _) -> exit(R).

main() ->
    logger:set_primary_config(level, none),
    S = self(),
    Starts = [start, start_link, start_monitor],
    [t({F, T}, fun() -> proc_lib:F(?MODULE, i, [{ack, a}], T) end) || F <- Starts, T <- [-1, foo, 1.5, 1 bsl 40]],
    [t({F, O}, fun() -> proc_lib:F(?MODULE, i, [{die, normal}], 500, O) end)
     || F <- Starts, O <- [[monitor], [{monitor, []}], bad, [bad]], {F, O} =/= {start_monitor, bad}],
    [t({F, A}, fun() -> apply(proc_lib, F, A) end)
     || F <- Starts, A <- [[m, f, a], ["m", f, []], [m, "f", [], 1], [m, f, a, 1, []], [?MODULE, i, [{die, normal} | x]]]],
    [t({F, X}, fun() -> proc_lib:F(X) end)
     || F <- [initial_call, translate_initial_call], X <- [foo, 1, "", {a, b, c}, {0, 40000, 0}, [{dictionary, []}]]],
    Start = fun() -> {ok, P} = proc_lib:start(?MODULE, looped, [S]), P end,
    [t({stop, R}, fun() -> proc_lib:stop(Start(), R, 50) end) || R <- [normal, slow, other, {shutdown, x}]],
    {ok, Old} = gen_server:start({local, old}, ?MODULE, x, []),
    [t({options, O}, fun() -> gen_server:start(?MODULE, x, O) end)
     || O <- [[{timeout}], [{timeout, 1, 2}], [{timeout, foo}], [{spawn_opt, [monitor]}], [{spawn_opt}], bad]],
    No = [nobody, {nobody, node()}, {nobody, 'a@b'}, {global, nobody}, {via, ?MODULE, x}, {via, ?MODULE, fails}, "a", 1, {foo, 1}],
    [t({stop, X}, fun() -> gen_server:stop(X) end) || X <- No],
    [t({stop, X}, fun() -> gen_server:stop(old, normal, X) end) || X <- [foo, -1]],
    [t({call, X}, fun() -> gen_server:call(X, x, 50) end) || X <- [Old | No]],
    [t({send_request, X}, fun() -> gen_server:wait_response(gen_server:send_request(X, x), 10) end) || X <- [Old | No]],
    Far = {abs, erlang:monotonic_time(millisecond) + (1 bsl 33)},
    [t({B, F, T}, fun() -> B:F(make_ref(), T) end)
     || B <- [gen_server, gen_statem, gen_event], F <- [wait_response, receive_response], T <- [foo, -1, {abs, foo}, 1.0, 1 bsl 33]],
    t(far, fun() -> try gen_server:wait_response(make_ref(), Far) catch error:badarg -> badarg end end),
    [t({B, F, A}, fun() -> apply(B, F, A) end)
     || B <- [gen_server, gen_statem, gen_event],
        {F, A} <- [{receive_response, [foo, 1]}, {wait_response, [a, 1, true]}, {check_response, [a, b]},
                   {reqids_size, [a]}, {reqids_add, [a, l, #{}]}, {reqids_add, [make_ref(), l, a]}, {reqids_to_list, [a]}]],
    [t({statem_call, T}, fun() -> gen_statem:call(old, never, T) end) || T <- [0, -1, foo, {clean_timeout, 5}, {foo, 5}]],
    [t({statem_call, X}, fun() -> gen_statem:call(X, x) end) || X <- No],
    [t({statem_cast, X}, fun() -> gen_statem:cast(X, x) end) || X <- No],
    t(statem_reply, fun() -> gen_statem:reply([foo]) end),
    [t({enter_loop, A}, fun() -> apply(gen_server, enter_loop, A) end)
     || A <- [[m, bad, 1], [?MODULE, [], 1, self(), foo], [?MODULE, [], 1, -1], [?MODULE, [], 1, self()], ["m", [], 1, {local, x}]]],
    [t({enter_loop, A}, fun() -> apply(gen_statem, enter_loop, A) end)
     || A <- [["m", [], s, 1], [?MODULE, [], s, 1, {local, x}]]],
    [t({start, X}, fun() -> gen_event:start(X) end) || X <- [foo, {foo, x}, {local, old}]],
    [t({multi_call, A}, fun() -> apply(gen_server, multi_call, A) end)
     || A <- [[old, {reply, 1}], [['a@b', node()], old, {reply, 1}], ["ab", old, {reply, 1}], [[node(), 'a@b'], old, {reply, 1}, infinity],
              [foo, old, x], [[node()], old, x, foo], [[node()], old, x, -1]]],
    [t({abcast, A}, fun() -> apply(gen_server, abcast, A) end)
     || A <- [[old, x], [['a@b', node()], old, x], ["ab", old, x], [[node() | b], old, x], [["x"], old, x]]],
    ok.

%% The value or what was raised, with the function that raised it and its arguments, if it tells them.
t(Tag, F) ->
    flush(),
    Result = try {ok, F()}
             catch
                 exit:{{R, [{M, G, A, _} | _]}, {_, _, _} = Call} -> {exit, R, plain({M, G, A}), plain(Call)};
                 C:{R, [{_, _, _, _} | _]} -> {C, R, stack};
                 C:R:S -> {M, G, A, _} = hd(S), {C, R, plain({M, G, A})}
             end,
    io:format("~0tp: ~0tp~n", [plain(Tag), plain(Result)]).

flush() -> receive _ -> flush() after 0 -> ok end.

plain(X) when is_pid(X) -> pid;
plain(X) when is_reference(X) -> ref;
plain(X) when is_function(X) -> 'fun';
plain([{_, _, _, [{file, _} | _]} | _]) -> stack;
plain([{M, F, _, _} | _]) when is_atom(M), is_atom(F) -> stack;
plain([H | T]) -> [plain(H) | plain(T)];
plain(X) when is_tuple(X) -> list_to_tuple(plain(tuple_to_list(X)));
plain(X) -> X.
