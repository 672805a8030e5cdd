%% What inet tells about sockets and interfaces: inet:info/1, the table of inet:i/0,1,2, inet:ifget/2 and its like.
-module(inet_tables).
-export([main/0]).

main() ->
    {ok, Listener} = gen_tcp:listen(0, [{ip, {127, 0, 0, 2}}]),
    states(listening, Listener),
    Self = self(),
    spawn(fun() -> {ok, Accepted} = gen_tcp:accept(Listener), Self ! Accepted, receive stop -> ok end end),
    wait_until(fun() -> hd(states(Listener)) =:= accepting end),
    states(accepting, Listener),
    inet:i(tcp, [local_address, foreign_address, state, type]),
    {ok, Port} = inet:port(Listener),
    {ok, Client} = gen_tcp:connect({127, 0, 0, 2}, Port, [{active, false}]),
    Server = receive Socket -> Socket end,
    states(client, Client),
    states(server, Server),
    inet:i(),
    inet:i(tcp, [type, state, module, recv, sent]),
    inet:i(tcp, []),
    io:format("~p~n", [lists:sort(maps:keys(inet:info(Client)))]),
    gen_tcp:close(Client),
    io:format("~p~n", [inet:info(Client)]),
    gen_tcp:close(Listener),
    {ok, Free} = gen_udp:open(0, []),
    {ok, Bound} = gen_udp:open(0, []),
    ok = gen_udp:connect(Bound, {127, 0, 0, 1}, 514),
    {ok, Path} = gen_udp:open(0, [{ifaddr, {local, "inet_tables.socket"}}]),
    {ok, Six} = gen_udp:open(0, [inet6, {ip, {0, 0, 0, 0, 0, 0, 0, 1}}]),
    [states(Name, Socket) || {Name, Socket} <- [{free, Free}, {bound, Bound}, {path, Path}, {six, Six}]],
    inet:i(udp, [module, foreign_address, state, type]),
    interfaces(),
    io:format("~p~n", [inet:get_rc()]).

states(Name, Socket) -> io:format("~p: ~p~n", [Name, states(Socket)]).

states(Socket) -> maps:get(states, inet:info(Socket)).

wait_until(IsSo) ->
    case IsSo() of
        true -> ok;
        false -> timer:sleep(5), wait_until(IsSo)
    end.

interfaces() ->
    {ok, Names} = inet:getiflist(),
    io:format("~p~n", [lists:member("lo", Names)]),
    [io:format("~p ~p: ~p~n", [Name, Keys, inet:ifget(Name, Keys)])
     || Name <- ["lo", lo, "none0", "a_name_that_is_too_long"],
        Keys <- [[addr], [netmask], [mtu], [hwaddr], [broadaddr], [dstaddr], [flags], [flags, mtu, flags], [], [other]]],
    {ok, All} = inet:getif(),
    io:format("~p~n", [lists:keyfind({127, 0, 0, 1}, 1, All)]),
    {ok, Facts} = inet:getifaddrs(),
    io:format("~p~n", [hd(proplists:get_value("lo", Facts))]),
    io:format("~p~n", [lists:last(proplists:get_value("lo", Facts))]).
