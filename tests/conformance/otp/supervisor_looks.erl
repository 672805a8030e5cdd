%%% What sys:get_state/1 shows of supervisors, and what their reports say of children that are all alike.
-module(supervisor_looks).
-compile([export_all, nowarn_export_all]).

init(X) -> {ok, X}.
w(_) -> w().
w() -> {ok, spawn_link(fun() -> receive R -> exit(R) end end)}.
fails() -> error(no).

log(#{msg := {report, #{label := Label, report := Report}}}, #{config := To}) -> To ! {logged, Label, Report};
log(_, _) -> ok.

main() ->
    process_flag(trap_exit, true),
    logger:remove_handler(default),
    logger:set_primary_config(level, info),
    logger:add_handler(h, ?MODULE, #{config => self()}),
    C = fun(I, More) -> maps:merge(#{id => I, start => {?MODULE, w, []}}, More) end,
    {ok, A} = supervisor:start_link(?MODULE, {#{}, [C(a, #{}), C(b, #{restart => temporary}), C(c, #{type => supervisor})]}),
    show(A),
    supervisor:delete_child(A, x), supervisor:terminate_child(A, a), show(A),
    supervisor:start_child(A, C(d, #{shutdown => brutal_kill})), show(A),
    {ok, B} = supervisor:start_link({local, b}, ?MODULE, {#{strategy => simple_one_for_one, intensity => 1}, [C(k, #{restart => transient})]}),
    supervisor:start_child(B, []), {ok, P} = supervisor:start_child(B, [1]), show(B),
    P ! oops, one_logged(), show(B),
    {ok, D} = supervisor:start_link({local, d}, ?MODULE, {#{strategy => simple_one_for_one}, [C(k, #{restart => temporary})]}),
    {ok, Q} = supervisor:start_child(D, [1]), show(D), Q ! oops, one_logged(), show(D),
    {error, _} = supervisor:start_link(?MODULE, {#{}, [C(z, #{start => {?MODULE, fails, []}})]}),
    logged(),
    io:format("~p~n", [supervisor:count_children(B)]).

show(S) ->
    logged(),
    State = sys:get_state(S),
    %% The eighth element has the times of restarts.
    io:format("~p~n", [plain(setelement(8, State, length(element(8, State))))]).
logged() -> receive {logged, L, R} -> io:format("~0p ~0p~n", [L, plain(R)]), logged() after 0 -> ok end.
one_logged() -> receive {logged, L, R} -> io:format("~0p ~0p~n", [L, plain(R)]) after 10000 -> io:format("no report~n") end.
plain(P) when is_pid(P) -> pid;
plain([{M, F, A, I} | T]) when is_list(I) -> [{M, F, A} | plain(T)];
plain([H | T]) -> [plain(H) | plain(T)];
plain(T) when is_tuple(T) -> list_to_tuple(plain(tuple_to_list(T)));
plain(#{} = M) -> lists:sort([{plain(K), plain(V)} || {K, V} <- maps:to_list(M)]);
plain(X) -> X.
