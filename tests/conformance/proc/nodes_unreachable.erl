%%% What asks for another node, where none can be reached.
-module(nodes_unreachable).
-export([main/0, f/0]).

-define(T(E), t(?LINE, fun() -> E end)).

t(Line, F) -> io:format("~p: ~p~n", [Line, try F() catch Class:Reason:Trace -> {Class, Reason, top(Trace)} end]).

top([{M, F, A, Info} | _]) ->
    {M, F, if is_list(A) -> length(A); true -> A end, proplists:get_value(error_info, Info)}.

main() ->
    logger:set_primary_config(level, none),
    N = 'x@nowhere',
    ?T(is_pid(spawn(N, fun() -> ok end))),
    ?T(is_pid(spawn(N, ?MODULE, f, []))),
    ?T(begin process_flag(trap_exit, true), P = spawn_link(N, fun() -> ok end), receive {'EXIT', P, R} -> R after 1000 -> none end end),
    ?T(begin {P, M} = spawn_monitor(N, fun() -> ok end), receive {'DOWN', M, process, P, R} -> R after 1000 -> none end end),
    ?T(begin P = spawn_link(N, ?MODULE, f, []), receive {'EXIT', P, R} -> R after 1000 -> none end end),
    ?T(begin {P, M} = spawn_opt(N, ?MODULE, f, [], [monitor]), receive {'DOWN', M, process, P, R} -> R after 1000 -> none end end),
    ?T(begin P = spawn_opt(N, ?MODULE, f, [], [link]), receive {'EXIT', P, R} -> R after 1000 -> none end end),
    ?T(begin P = spawn_opt(N, fun() -> ok end, [link]), receive {'EXIT', P, R} -> R after 1000 -> none end end),
    ?T(begin R = spawn_request(N, ?MODULE, f, []), receive {spawn_reply, R, X, Y} -> {X,Y} after 1000 -> none end end),
    ?T(begin R = spawn_request(N, ?MODULE, f, [], [{reply_tag, tt}, monitor]), receive {tt, R, X, Y} -> {X,Y} after 1000 -> none end end),
    ?T(begin R = spawn_request(N, ?MODULE, f, [], [{reply, no}]), receive {spawn_reply, R, X, Y} -> {X,Y} after 300 -> none end end),
    ?T(begin R = spawn_request(N, ?MODULE, f, [], [{reply, error_only}]), receive {spawn_reply, R, X, Y} -> {X,Y} after 300 -> none end end),
    ?T(begin R = spawn_request(N, ?MODULE, f, [], [{reply, success_only}]), receive {spawn_reply, R, X, Y} -> {X,Y} after 300 -> none end end),
    ?T(begin R = spawn_request(N, fun() -> ok end), receive {spawn_reply, R, X, Y} -> {X,Y} after 300 -> none end end),
    ?T(begin R = spawn_request(N, ?MODULE, f, [], [bad]), receive {spawn_reply, R, X, Y} -> {X, Y} after 300 -> none end end),
    ?T(spawn_opt(N, ?MODULE, f, [], [bad])),
    ?T(spawn_opt(N, ?MODULE, f, x, [])),
    ?T(spawn(1, ?MODULE, f, [])),
    ?T(spawn(N, ?MODULE, f, [a | b])),
    ?T(spawn(N, a)),
    ?T(spawn_opt(N, fun() -> ok end, [{priority, x}])),
    ?T(erlang:send({nm, N}, hello, [noconnect])),
    ?T(erlang:send({nm, N}, hello, [nosuspend])),
    ?T(erlang:send_nosuspend({nm, N}, hello)),
    ?T(erlang:send_nosuspend({nm, N}, hello, [noconnect])),
    ?T(erlang:monitor_node(N, true)),
    ?T(erlang:monitor_node(N, false)),
    ?T(erlang:monitor_node(N, foo)),
    ?T(erlang:monitor_node(1, true)),
    ?T(erlang:monitor_node(node(), true)),
    ?T(erlang:monitor_node(node(), foo)),
    ?T(erlang:monitor_node(N, true, [foo])),
    ?T(erlang:set_cookie(a)),
    ?T(erlang:set_cookie(1)),
    ?T(erlang:set_cookie(N, 1)),
    ?T(erlang:set_cookie(node(), abc)),
    ?T(erlang:set_cookie(N, abc)),
    ?T(erlang:get_cookie(1)),
    ?T(erlang:get_cookie(N)),
    ?T(erlang:setnode(N, 1)),
    ?T(erlang:disconnect_node(N)),
    ?T(net_kernel:connect_node(N)),
    ?T(net_kernel:monitor_nodes(foo)),
    ?T(net_kernel:allow([a])),
    ?T(net_adm:ping(N)),
    ?T(rpc:call(N, a, b, [])),
    ?T(nodes()),
    ?T(is_alive()).

f() -> receive _ -> ok end.
