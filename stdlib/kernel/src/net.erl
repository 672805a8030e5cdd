%%% Names and addresses of the network, in the form of the module socket.
-module(net).

-export([info/0, command/1, gethostname/0, getnameinfo/1, getnameinfo/2, getaddrinfo/1, getaddrinfo/2,
         getifaddrs/0, getifaddrs/1, getifaddrs/2, if_name2index/1, if_index2name/1, if_names/0]).

-export_type([address_info/0, ifaddrs/0, name_info/0, ifaddrs_filter/0, ifaddrs_filter_map/0, ifaddrs_flag/0,
              ifaddrs_flags/0, network_interface_name/0, network_interface_index/0]).

-type address_info() :: #{family := atom(), type := atom(), protocol := atom(), addr := map()}.
-type ifaddrs_flag() :: up | broadcast | loopback | pointtopoint | running | multicast | atom().
-type ifaddrs_flags() :: [ifaddrs_flag()].
-type ifaddrs() :: #{name := string(), flags := ifaddrs_flags(), addr => map(), netmask => map(),
                     broadaddr => map(), dstaddr => map()}.
-type ifaddrs_filter_map() :: #{family => all | default | inet | inet6 | packet, flags => any | ifaddrs_flags()}.
-type ifaddrs_filter() :: all | default | inet | inet6 | packet | ifaddrs_filter_map() | fun((ifaddrs()) -> boolean()).
-type name_info() :: #{host := string(), service := string()}.
-type network_interface_name() :: string().
-type network_interface_index() :: non_neg_integer().

%% Where the system tells of its interfaces.
-define(INTERFACES, "/sys/class/net").

%% @doc What is known of this module.
-spec info() -> map().
info() -> #{debug => false}.

%% @doc Nothing can be ordered.
-spec command(term()) -> {error, einval}.
command(_) -> {error, einval}.

%% @doc The name of this machine.
-spec gethostname() -> {ok, string()} | {error, term()}.
gethostname() -> inet:gethostname().

%% Names of addresses.

%% @doc The names of a host and of a service.
-spec getnameinfo(map()) -> {ok, name_info()} | {error, term()}.
getnameinfo(Address) -> getnameinfo(Address, undefined).

%% @doc As getnameinfo/1; flags say which names are wanted.
-spec getnameinfo(map(), [atom()] | undefined) -> {ok, name_info()} | {error, term()}.
getnameinfo(Address, undefined) -> getnameinfo(Address, []);
getnameinfo(#{family := Family, addr := Ip, port := Port}, Flags)
  when (Family =:= inet orelse Family =:= inet6), is_list(Flags) ->
    case host(Ip, Flags) of
        {ok, Host} -> {ok, #{host => Host, service => service(Port, Flags)}};
        Error -> Error
    end;
getnameinfo(_, _) ->
    {error, einval}.

host(Ip, Flags) ->
    Number = inet:ntoa(Ip),
    case lists:member(numerichost, Flags) orelse inet:gethostbyaddr(Ip) of
        true -> {ok, Number};
        {ok, Entry} -> {ok, element(2, Entry)};
        {error, _} ->
            case lists:member(namereqd, Flags) of
                true -> {error, enoname};
                false -> {ok, Number}
            end
    end.

service(Port, Flags) ->
    Protocol = case lists:member(dgram, Flags) of true -> "udp"; false -> "tcp" end,
    case lists:member(numericserv, Flags) of
        true -> integer_to_list(Port);
        false ->
            case [Name || {Name, P, Proto} <- services(), P =:= Port, Proto =:= Protocol] of
                [Name | _] -> Name;
                [] -> integer_to_list(Port)
            end
    end.

%% {Name, Port, Protocol} of the services that the system knows.
services() ->
    case file:read_file("/etc/services") of
        {ok, Text} -> lists:append([service_line(Line) || Line <- string:split(binary_to_list(Text), "\n", all)]);
        {error, _} -> []
    end.

service_line(Line) ->
    [Said | _] = string:split(Line, "#"),
    case string:lexemes(Said, " \t") of
        [Name, Place | Others] ->
            case string:split(Place, "/") of
                [Port, Protocol] -> [{N, list_to_integer(Port), Protocol} || N <- [Name | Others]];
                _ -> []
            end;
        _ -> []
    end.

%% @doc The addresses of a host.
-spec getaddrinfo(string()) -> {ok, [address_info()]} | {error, term()}.
getaddrinfo(Host) when is_list(Host) -> getaddrinfo(Host, undefined).

%% @doc The addresses of a service of a host; either may be undefined.
-spec getaddrinfo(string() | undefined, string() | undefined) -> {ok, [address_info()]} | {error, term()}.
getaddrinfo(Host, Service)
  when (is_list(Host) orelse Host =:= undefined), (is_list(Service) orelse Service =:= undefined),
       not (Host =:= undefined andalso Service =:= undefined) ->
    case port(Service) of
        {ok, Port, Kinds} -> addresses(Host, Port, Kinds);
        Error -> Error
    end.

%% The number of a service, and the kinds of sockets for it.
port(undefined) -> {ok, 0, kinds()};
port(Service) ->
    case string:to_integer(Service) of
        {Port, ""} when Port >= 0, Port < 65536 -> {ok, Port, kinds()};
        _ ->
            case [{Port, Protocol} || {Name, Port, Protocol} <- services(), Name =:= Service] of
                [{Port, _} | _] = Found ->
                    {ok, Port, [Kind || {_, P} = Kind <- kinds(), lists:keymember(atom_to_list(P), 2, Found)]};
                [] -> {error, eservice}
            end
    end.

kinds() -> [{stream, tcp}, {dgram, udp}, {raw, ip}].

addresses(undefined, Port, Kinds) ->
    {ok, infos(inet, [{127, 0, 0, 1}], Port, Kinds) ++ infos(inet6, [{0, 0, 0, 0, 0, 0, 0, 1}], Port, Kinds)};
addresses(Host, Port, Kinds) ->
    Four = found(inet:getaddrs(Host, inet)),
    Six = case inet:parse_ipv4_address(Host) of
              {ok, _} -> [];
              _ -> [Ip || Ip <- found(inet:getaddrs(Host, inet6)), element(6, Ip) =/= 16#ffff]
          end,
    case infos(inet, Four, Port, Kinds) ++ infos(inet6, Six, Port, Kinds) of
        [] -> {error, enoname};
        Infos -> {ok, Infos}
    end.

found({ok, Ips}) -> Ips;
found({error, _}) -> [].

infos(Family, Ips, Port, Kinds) ->
    [#{addr => address(Family, Ip, Port), family => Family, protocol => Protocol, type => Type}
     || Ip <- Ips, {Type, Protocol} <- Kinds].

address(inet, Ip, Port) -> #{addr => Ip, family => inet, port => Port};
address(inet6, Ip, Port) -> #{addr => Ip, family => inet6, flowinfo => 0, port => Port, scope_id => 0}.

%% Interfaces.

%% @doc The addresses of the interfaces.
-spec getifaddrs() -> {ok, [ifaddrs()]} | {error, term()}.
getifaddrs() -> getifaddrs(default).

%% @doc The addresses of the interfaces that a filter lets pass.
-spec getifaddrs(ifaddrs_filter() | string()) -> {ok, [ifaddrs()]} | {error, term()}.
getifaddrs(Filter) when is_atom(Filter); is_map(Filter); is_function(Filter, 1) ->
    case inet:getifaddrs() of
        {ok, Interfaces} ->
            All = lists:append([interface(Name, Facts) || {Name, Facts} <- Interfaces]),
            %% Those of the older family come first.
            {Four, Six} = lists:partition(fun(#{addr := #{family := Family}}) -> Family =:= inet end, All),
            {ok, lists:filter(passes(Filter), Four ++ Six)};
        Error -> Error
    end;
getifaddrs(Namespace) when is_list(Namespace) ->
    getifaddrs(default, Namespace).

%% @doc As getifaddrs/1, in a name space of the network: none other than this one can be looked into.
-spec getifaddrs(ifaddrs_filter(), string()) -> {ok, [ifaddrs()]} | {error, term()}.
getifaddrs(_, Namespace) when is_list(Namespace) -> {error, enotsup}.

interface(Name, Facts) ->
    Flags = proplists:get_value(flags, Facts, []),
    [maps:merge(#{name => Name, flags => Flags}, Address) || Address <- interface_addresses(Facts, none)].

interface_addresses([{addr, Ip} | Facts], Before) ->
    before(Before) ++ interface_addresses(Facts, #{addr => plain(Ip)});
interface_addresses([{Key, Ip} | Facts], #{} = Address) when Key =:= netmask; Key =:= broadaddr; Key =:= dstaddr ->
    interface_addresses(Facts, Address#{Key => plain(Ip)});
interface_addresses([_ | Facts], Before) ->
    interface_addresses(Facts, Before);
interface_addresses([], Before) ->
    before(Before).

before(none) -> [];
before(Address) -> [Address].

plain(Ip) when tuple_size(Ip) =:= 4 -> address(inet, Ip, 0);
plain(Ip) -> address(inet6, Ip, 0).

passes(Filter) when is_function(Filter) -> Filter;
passes(#{} = Filter) ->
    ByFamily = passes(maps:get(family, Filter, default)),
    Wanted = case maps:get(flags, Filter, any) of any -> []; Flags -> Flags end,
    fun(#{flags := Has} = Interface) -> ByFamily(Interface) andalso Wanted -- Has =:= [] end;
passes(Family) when Family =:= inet; Family =:= inet6; Family =:= packet ->
    fun(#{addr := #{family := F}}) -> F =:= Family end;
passes(Family) when Family =:= all; Family =:= default ->
    fun(_) -> true end.

%% @doc The number of an interface.
-spec if_name2index(network_interface_name()) -> {ok, network_interface_index()} | {error, term()}.
if_name2index(Name) when is_list(Name) ->
    case interface_number(Name) of
        none -> {error, enodev};
        Number -> {ok, Number}
    end.

%% @doc The name of an interface.
-spec if_index2name(network_interface_index()) -> {ok, network_interface_name()} | {error, term()}.
if_index2name(Number) when is_integer(Number) ->
    {ok, Names} = if_names(),
    case lists:keyfind(Number, 1, Names) of
        {_, Name} -> {ok, Name};
        false -> {error, enxio}
    end.

%% @doc The numbers and names of the interfaces.
-spec if_names() -> {ok, [{network_interface_index(), network_interface_name()}]} | {error, term()}.
if_names() ->
    case file:list_dir(?INTERFACES) of
        {ok, Names} ->
            Numbered = [{interface_number(Name), Name} || Name <- Names],
            {ok, lists:sort([Both || {Number, _} = Both <- Numbered, Number =/= none])};
        Error -> Error
    end.

interface_number(Name) ->
    case file:read_file(filename:join([?INTERFACES, Name, "ifindex"])) of
        {ok, Text} -> list_to_integer(string:trim(binary_to_list(Text)));
        {error, _} -> none
    end.
