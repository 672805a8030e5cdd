%%% net_adm: looking for other nodes. A node that is not distributed finds none.
-module(net_adm).

-include("../include/inet.hrl").

-export([ping/1, ping_list/1, names/0, names/1, localhost/0, dns_hostname/1, host_file/0, world/0, world/1, world_list/1, world_list/2]).

%% @doc pong where a node can be reached, otherwise pang.
ping(Node) when is_atom(Node) ->
    case Node =:= node() andalso is_alive() of
        true -> pong;
        false -> pang
    end.

%% @doc Those of the nodes that answer.
ping_list(Nodes) -> [Node || Node <- Nodes, ping(Node) =:= pong].

%% @doc As names/1, of this host.
names() -> {error, address}.

%% @doc {ok, [{Name, Port}]} of the nodes that a host's port mapper knows; {error, address} where it cannot be asked.
names(_Host) -> {error, address}.

%% @doc The name of this host.
localhost() ->
    case file:read_file("/etc/hostname") of
        {ok, Name} -> string:trim(unicode:characters_to_list(Name));
        {error, _} -> "localhost"
    end.

%% @doc {ok, Name} with the official name of a host, or {error, Host}.
dns_hostname(Host) ->
    case inet:gethostbyname(Host) of
        {ok, #hostent{h_name = Name}} -> {ok, Name};
        {error, _} -> {error, Host}
    end.

%% @doc The hosts of the first file .hosts.erlang.
host_file() ->
    case file:path_consult([".", os:getenv("HOME", "."), code:root_dir()], ".hosts.erlang") of
        {ok, Hosts, _} -> Hosts;
        Error -> Error
    end.

%% @doc The nodes of all hosts of the host file, connected to.
world() -> world(silent).

%% @doc As world/0; verbose says which host is asked.
world(Verbosity) ->
    case host_file() of
        {error, _} = Error -> exit(Error);
        Hosts -> world_list(Hosts, Verbosity)
    end.

%% @doc The nodes of some hosts, connected to.
world_list(Hosts) when is_list(Hosts) -> world_list(Hosts, silent).

%% @doc As world_list/1; verbose says which host is asked.
world_list(Hosts, Verbosity) when is_list(Hosts), (Verbosity =:= silent orelse Verbosity =:= verbose) ->
    lists:append([nodes_of(Host, Verbosity) || Host <- Hosts]).

nodes_of(Host, Verbosity) ->
    case names(Host) of
        {ok, Names} ->
            said(Verbosity, "Pinging ~w -> ~p~n", [Host, Names]),
            [Node || {Name, _} <- Names, Node <- [list_to_atom(lists:concat([Name, "@", Host]))], ping(Node) =:= pong];
        {error, _} ->
            said(Verbosity, "Cannot contact epmd at ~p~n", [Host]),
            []
    end.

said(verbose, Format, Args) -> io:format(Format, Args);
said(silent, _, _) -> ok.
