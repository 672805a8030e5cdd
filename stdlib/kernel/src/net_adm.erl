%%% net_adm: looking for other nodes. A node that is not distributed finds none.
-module(net_adm).

-include("../include/inet.hrl").

-export([ping/1, ping_list/1, names/0, names/1, localhost/0, dns_hostname/1, host_file/0, world/0, world_list/1]).

ping(Node) when is_atom(Node) ->
    case Node =:= node() andalso is_alive() of
        true -> pong;
        false -> pang
    end.

ping_list(Nodes) -> [Node || Node <- Nodes, ping(Node) =:= pong].

names() -> {error, address}.

names(_Host) -> {error, address}.

localhost() ->
    case file:read_file("/etc/hostname") of
        {ok, Name} -> string:trim(unicode:characters_to_list(Name));
        {error, _} -> "localhost"
    end.

%% The official name of a host.
dns_hostname(Host) ->
    case inet:gethostbyname(Host) of
        {ok, #hostent{h_name = Name}} -> {ok, Name};
        {error, _} -> {error, Host}
    end.

host_file() -> file:path_consult([os:getenv("HOME", "."), code:root_dir()], ".hosts.erlang").

world() -> [].

world_list(_Hosts) -> [].
