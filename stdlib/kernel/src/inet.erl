%%% inet: what sockets of all kinds have in common, and hosts and their addresses.
-module(inet).

-include("../include/inet.hrl").

-export([setopts/2, getopts/2, sockname/1, socknames/1, socknames/2, peername/1, peernames/1,
         peernames/2, port/1, send/2, close/1, getstat/1, getstat/2, getfd/1, info/1,
         socket_to_list/1, monitor/1, cancel_monitor/1, setsockname/2, setpeername/2]).
-export([getaddr/2, getaddr/3, getaddrs/2, getaddrs/3, gethostbyname/1, gethostbyname/2,
         gethostbyname/3, gethostbyaddr/1, gethostbyaddr/2, gethostname/0, gethostname/1,
         getservbyname/2, getservbyport/2, get_rc/0]).
-export([parse_address/1, parse_strict_address/1, parse_ipv4_address/1,
         parse_ipv4strict_address/1, parse_ipv6_address/1, parse_ipv6strict_address/1, ntoa/1, ip/1,
         is_ip_address/1, is_ipv4_address/1, is_ipv6_address/1, ipv4_mapped_ipv6_address/1,
         translate_ip/2]).
-export([getifaddrs/0, getifaddrs/1, getif/0, getif/1, getiflist/0, getiflist/1, getll/1, ifget/2,
         ifget/3, ifset/2, ifset/3]).
-export([format_error/1, options/0, stats/0, i/0, i/1, i/2]).
-export([open/8, open_bind/8, fdopen/6]).
-export([start_timer/1, timeout/1, timeout/2, stop_timer/1]).
%% For gen_tcp and gen_udp.
-export([settings/4, bound_to/2, open_socket/2, candidates/3, getservice/2, time_limit/1, finish/3,
         tcp_close/1, udp_close/1, tcp_controlling_process/2, udp_controlling_process/2]).

-export_type([address_family/0, hostent/0, hostname/0, ip4_address/0, ip6_address/0, ip_address/0,
              port_number/0, posix/0, socket/0, socket_address/0, socket_getopt/0,
              socket_setopt/0, local_address/0, getifaddrs_ifopts/0, stat_option/0]).

-type socket() :: port().
-type address_family() :: inet | inet6 | local.
-type hostname() :: atom() | string().
-type ip4_address() :: {0..255, 0..255, 0..255, 0..255}.
-type ip6_address() :: {0..65535, 0..65535, 0..65535, 0..65535, 0..65535, 0..65535, 0..65535, 0..65535}.
-type ip_address() :: ip4_address() | ip6_address().
-type local_address() :: {local, File :: binary() | string()}.
-type socket_address() :: ip_address() | any | loopback | local_address().
-type port_number() :: 0..65535.
-type posix() :: atom().
-type hostent() :: tuple().
-type socket_getopt() :: atom() | tuple().
-type socket_setopt() :: atom() | tuple().
-type getifaddrs_ifopts() :: [tuple()].
-type stat_option() :: recv_cnt | recv_max | recv_avg | recv_oct | recv_dvi | send_cnt | send_max
                     | send_avg | send_oct | send_pend.


%%% Options of open sockets.

%% @doc Sets options of a socket, in their order; {error, einval} for what is none.
setopts(Socket, Options) when is_port(Socket), is_list(Options) ->
    set_each(Socket, Options);
setopts(_Socket, _Options) ->
    {error, einval}.

set_each(Socket, [Option | Options]) ->
    case normal(Option) of
        {Name, Value} ->
            case prim_inet:setopt(Socket, Name, Value) of
                ok -> set_each(Socket, Options);
                Error -> Error
            end;
        error ->
            {error, einval}
    end;
set_each(_Socket, []) ->
    ok.

%% An option as name and value.
normal(binary) -> {mode, binary};
normal(list) -> {mode, list};
normal({raw, Level, Option, Value}) -> {raw, {Level, Option, Value}};
normal({Name, _} = Option) when is_atom(Name) -> Option;
normal(_) -> error.

%% @doc {ok, Options}: the values of the named options of a socket. What the system does not have is left out.
getopts(Socket, Names) when is_port(Socket), is_list(Names) ->
    get_each(Socket, Names, []);
getopts(_Socket, _Names) ->
    {error, einval}.

get_each(Socket, [Name | Names], Got) ->
    case prim_inet:getopt(Socket, Name) of
        {ok, {raw, _, _, _} = Raw} -> get_each(Socket, Names, [Raw | Got]);
        {ok, Value} -> get_each(Socket, Names, [{Name, Value} | Got]);
        undefined -> get_each(Socket, Names, Got);
        Error -> Error
    end;
get_each(_Socket, [], Got) ->
    {ok, lists:reverse(Got)}.

%% @doc The names of all options that connect, listen or open take, for TCP and for UDP.
options() -> setting_names(tcp) ++ (setting_names(udp) -- setting_names(tcp)).

%%% Opening, for gen_tcp and gen_udp.

setting_names(tcp) ->
    [active, buffer, bind_to_device, delay_send, deliver, dontroute, exit_on_close, header,
     high_msgq_watermark, high_watermark, ipv6_v6only, keepalive, linger, line_delimiter,
     low_msgq_watermark, low_watermark, mode, nodelay, nopush, packet, packet_size, priority, raw,
     recbuf, reuseaddr, reuseport, reuseport_lb, send_timeout, send_timeout_close, show_econnreset,
     sndbuf, tclass, tos, ttl];
setting_names(udp) ->
    [active, add_membership, broadcast, buffer, bind_to_device, deliver, dontroute,
     drop_membership, header, high_msgq_watermark, ipv6_v6only, low_msgq_watermark, mode,
     multicast_if, multicast_loop, multicast_ttl, priority, raw, read_packets, recbuf, reuseaddr,
     reuseport, reuseport_lb, sndbuf, tclass, tos, ttl].

%% @doc The options of connect, listen or open: family, address and the like under
%% their names, those to be set in order under `set`.
settings(Type, Kind, Options, Address) when is_list(Options) ->
    Start = #{family => family_of(Address), set => [], ip => default, port => 0},
    try
        {ok, lists:foldl(fun(Option, Settings) -> setting(Type, Kind, Option, Settings) end, Start,
                         Options)}
    catch
        throw:badarg -> {error, badarg};
        error:_ -> {error, badarg}
    end;
settings(_Type, _Kind, _Options, _Address) ->
    {error, badarg}.

family_of({local, _}) -> local;
family_of(Address) when tuple_size(Address) =:= 8 -> inet6;
family_of(_) -> inet.

setting(_Type, _Kind, Family, Settings) when Family =:= inet; Family =:= inet6; Family =:= local ->
    Settings#{family := Family};
setting(_Type, _Kind, {Key, Address}, Settings) when Key =:= ip; Key =:= ifaddr ->
    own_address(Address, Settings);
setting(_Type, _Kind, {port, Port}, Settings) when Port band 16#ffff =:= Port -> Settings#{port := Port};
setting(_Type, _Kind, {fd, Fd}, Settings) when is_integer(Fd) -> Settings#{fd => Fd};
setting(tcp, listen, {backlog, Backlog}, Settings) when is_integer(Backlog), Backlog >= 0 ->
    Settings#{backlog => Backlog};
setting(_Type, _Kind, {Key, _}, Settings)
  when Key =:= tcp_module; Key =:= udp_module; Key =:= inet_backend; Key =:= netns;
       Key =:= bind_to_device ->
    Settings;
setting(Type, _Kind, Option, #{set := Set} = Settings) ->
    case normal(Option) of
        {Name, _} = Normal ->
            case lists:member(Name, setting_names(Type)) of
                true -> Settings#{set := [Normal | Set]};
                false -> throw(badarg)
            end;
        error ->
            throw(badarg)
    end.

own_address({local, _} = Path, Settings) -> Settings#{family := local, ip := Path};
own_address(#{family := Family, port := Port} = Address, Settings) ->
    Settings#{family := Family, ip := maps:get(addr, Address, any), port := Port};
own_address(any, Settings) -> Settings#{ip := any};
own_address(loopback, Settings) -> Settings#{ip := loopback};
own_address(Address, Settings) when tuple_size(Address) =:= 4 -> Settings#{ip := Address};
own_address(Address, Settings) when tuple_size(Address) =:= 8 ->
    Settings#{family := inet6, ip := Address};
own_address(_, _) -> throw(badarg).

%% @doc The settings with a port; a socket that listens or receives has one of its own in any case.
bound_to(Port, #{ip := default} = Settings) -> Settings#{port := Port, ip := any};
bound_to(0, Settings) -> Settings;
bound_to(Port, Settings) -> Settings#{port := Port}.

%% @doc A socket by all that may be said of it: a file descriptor or options to open with, address and port of its
%% own, options to set, protocol, family and type, and the module for it. Without address and port it is not bound.
open(Fd, Address, Port, Options, Protocol, Family, Type, Module) ->
    open_all(Fd, case Address of
                     undefined when Port =/= 0 -> any;
                     _ -> Address
                 end, Port, Options, Protocol, Family, Type, Module).

%% @doc As open/8, bound in any case.
open_bind(Fd, Address, Port, Options, Protocol, Family, Type, Module) ->
    open_all(Fd, case Address of
                     undefined -> any;
                     _ -> Address
                 end, Port, Options, Protocol, Family, Type, Module).

%% @doc A socket that the file descriptor of one is made.
fdopen(Fd, Options, Protocol, Family, Type, Module) when is_integer(Fd), Fd >= 0 ->
    open_all(Fd, undefined, 0, Options, Protocol, Family, Type, Module).

open_all(Fd, Address, Port, Options, Protocol, Family, Type, Module)
  when is_atom(Module), (Protocol =:= tcp andalso Type =:= stream orelse Protocol =:= udp andalso Type =:= dgram) ->
    case settings(Protocol, open, [Family | Options], any) of
        {ok, Settings} ->
            Bound = case Address of
                        undefined -> Settings;
                        _ -> Settings#{ip := Address, port := Port}
                    end,
            open_socket(Protocol, case Fd of
                                      _ when is_integer(Fd), Fd >= 0 -> Bound#{fd => Fd};
                                      _ -> Bound
                                  end);
        {error, _} -> exit(badarg)
    end.

%% @doc {ok, Socket}: a TCP or UDP socket with these settings, bound where they say so.
open_socket(Type, #{family := Family, set := Set} = Settings) ->
    case prim_inet:open(Type, Family, maps:get(fd, Settings, new)) of
        {ok, Socket} ->
            %% The mode comes first: what is read at once is given in it.
            {Active, Others} = lists:partition(fun({Name, _}) -> Name =:= active end,
                                               lists:reverse(Set)),
            case set_up(Socket, Type, Active, Others, Settings) of
                ok -> {ok, Socket};
                {error, _} = Error -> prim_inet:close(Socket), Error
            end;
        Error ->
            Error
    end.

set_up(Socket, Type, Active, Others, Settings) ->
    case first_error([fun() -> set_each(Socket, family_options(Settings)) end,
                      fun() -> set_each(Socket, Others) end,
                      fun() -> bind(Socket, Settings) end,
                      fun() -> set_active(Socket, Type, Active) end]) of
        {error, einval} -> exit(badarg);
        Result -> Result
    end.

family_options(_Settings) -> [].

set_active(Socket, _Type, []) -> prim_inet:setopt(Socket, active, true);
set_active(Socket, _Type, Active) -> set_each(Socket, [lists:last(Active)]).

first_error([Step | Steps]) ->
    case Step() of
        ok -> first_error(Steps);
        Error -> Error
    end;
first_error([]) ->
    ok.

bind(_Socket, #{fd := _}) -> ok;
bind(_Socket, #{ip := default, port := 0}) -> ok;
bind(Socket, #{ip := default, port := Port}) -> prim_inet:bind(Socket, any, Port);
bind(Socket, #{family := local, ip := {local, _} = Path}) -> prim_inet:bind(Socket, Path, 0);
bind(_Socket, #{family := local}) -> ok;
bind(Socket, #{ip := Address, port := Port}) -> prim_inet:bind(Socket, Address, Port).

%% @doc {ok, Addresses} to try for a host, in a family.
candidates({local, _} = Path, local, _Limit) -> {ok, [Path]};
candidates(Address, Family, _Limit) when Family =/= local -> getaddrs(Address, Family);
candidates(_Address, _Family, _Limit) -> {error, einval}.

%% @doc {ok, Port} of a service, which is a number or a name, with a protocol.
getservice(Port, _Protocol) when is_integer(Port), Port >= 0, Port =< 65535 -> {ok, Port};
getservice(Name, Protocol) when is_atom(Name) -> getservbyname(Name, Protocol);
getservice(_, _) -> {error, einval}.

%%% Requests that take time.

%% @doc The moment at which a timeout that begins now ends, or infinity.
time_limit(infinity) -> infinity;
time_limit(Timeout) when is_integer(Timeout), Timeout >= 0 ->
    erlang:monotonic_time(millisecond) + Timeout.

%% @doc The answer to what was started, or {error, timeout}.
finish(Socket, {wait, Ref}, Limit) ->
    receive
        {inet_async, Socket, Ref, Answer} -> Answer
    after milliseconds_to(Limit) ->
            case prim_inet:cancel(Socket, Ref) of
                true -> {error, timeout};
                false -> receive {inet_async, Socket, Ref, Answer} -> Answer
                         after 0 -> {error, timeout}
                         end
            end
    end;
finish(_Socket, Answer, _Limit) ->
    Answer.

milliseconds_to(infinity) -> infinity;
milliseconds_to(Moment) -> max(0, Moment - erlang:monotonic_time(millisecond)).

%% @doc A timer that timeout/1,2 and stop_timer/1 take; false where the time is infinity.
start_timer(infinity) -> false;
start_timer(Timeout) -> erlang:start_timer(Timeout, self(), inet).

%% @doc The milliseconds that are left of a timer: infinity where there is none, 0 where it has run out.
timeout(false) -> infinity;
timeout(Timer) ->
    case erlang:read_timer(Timer) of
        false -> 0;
        Time -> Time
    end.

%% @doc The time, or what is left of the timer where that is less.
timeout(Time, false) -> Time;
timeout(Time, Timer) -> min(Time, timeout(Timer)).

%% @doc Stops a timer and takes its message away; the milliseconds that were left, or false.
stop_timer(false) -> false;
stop_timer(Timer) ->
    case erlang:cancel_timer(Timer) of
        false -> receive {timeout, Timer, _} -> false after 0 -> false end;
        Time -> Time
    end.

%%% What is known of a socket.

%% @doc {ok, {Address, Port}}: the address of the socket on this side; {ok, {local, Path}} of a local one.
sockname(Socket) when is_port(Socket) -> prim_inet:sockname(Socket).

%% @doc {ok, Addresses}: all addresses of the socket on this side. One for TCP and UDP.
socknames(Socket) -> socknames(Socket, undefined).

%% @doc As socknames/1, of an association of a socket with several; other sockets take no notice of it.
socknames(Socket, _Assoc) -> in_list(sockname(Socket)).

%% @doc {ok, {Address, Port}} of the other side of a socket; {error, enotconn} where there is none.
peername(Socket) when is_port(Socket) -> prim_inet:peername(Socket).

%% @doc {ok, Addresses}: all addresses of the other side of a socket. One for TCP and UDP.
peernames(Socket) -> peernames(Socket, undefined).

%% @doc As peernames/1, of an association of a socket with several; other sockets take no notice of it.
peernames(Socket, _Assoc) -> in_list(peername(Socket)).

in_list({ok, Address}) -> {ok, [Address]};
in_list(Error) -> Error.

%% @doc Would have the socket claim another address of its own; {error, enotsup}.
setsockname(_Socket, _Address) -> {error, enotsup}.

%% @doc Would have the socket claim another address of its peer; {error, enotsup}.
setpeername(_Socket, _Address) -> {error, enotsup}.

%% @doc {ok, Port}: the port number of a socket on this side; {ok, {local, Path}} of a local one.
port(Socket) ->
    case sockname(Socket) of
        {ok, {local, _} = Path} -> {ok, Path};
        {ok, {_, Port}} -> {ok, Port};
        Error -> Error
    end.

%% @doc Sends data over a connected TCP socket: ok, or {error, Reason}.
send(Socket, Data) -> gen_tcp:send(Socket, Data).

%% @doc Closes a socket of any type; ok also where it is closed already.
close(Socket) -> prim_inet:close(Socket).

%% @doc Closes a TCP socket and takes away the message that says so.
tcp_close(Socket) ->
    prim_inet:close(Socket),
    receive {tcp_closed, Socket} -> ok after 0 -> ok end.

%% @doc Closes a UDP socket and takes away the message that says so.
udp_close(Socket) ->
    prim_inet:close(Socket),
    receive {udp_closed, Socket} -> ok after 0 -> ok end.

%% @doc The file descriptor of a socket is not given away: {error, enotsup}.
getfd(Socket) when is_port(Socket) -> {error, enotsup}.

%% @doc The text of a socket, as the shell shows it.
socket_to_list(Socket) when is_port(Socket) -> erlang:port_to_list(Socket).

%% @doc A reference. When the socket is closed, a message {'DOWN', Reference, port, Socket, Reason} comes.
monitor(Socket) when is_port(Socket) -> erlang:monitor(port, Socket).

%% @doc Ends what monitor/1 began, without a message left behind. Whether there was anything to end.
cancel_monitor(Monitor) when is_reference(Monitor) -> erlang:demonitor(Monitor, [info, flush]).

%% @doc A map of what is known about a socket: its states; while it is open counters, owner, input, output, links too.
info(Socket) when is_port(Socket) ->
    case erlang:port_info(Socket) of
        undefined ->
            #{states => [closed]};
        Info ->
            {ok, Counters} = getstat(Socket),
            {ok, States} = prim_inet:getstatus(Socket),
            #{counters => maps:from_list(Counters), owner => proplists:get_value(connected, Info),
              input => proplists:get_value(input, Info), output => proplists:get_value(output, Info),
              links => proplists:get_value(links, Info), states => States,
              memory => element(2, erlang:port_info(Socket, memory)),
              monitors => element(2, erlang:port_info(Socket, monitors))}
    end.

%% @doc The names of the counters that a socket has.
stats() -> [recv_oct, recv_cnt, recv_max, recv_avg, recv_dvi, send_oct, send_cnt, send_max, send_avg,
            send_pend].

%% @doc {ok, Counters}: all counters of a socket, as {Name, Value}.
getstat(Socket) -> getstat(Socket, stats()).

%% @doc {ok, Counters}: the named counters of a socket, as {Name, Value}; {error, einval} for a name that is none.
getstat(Socket, Names) when is_port(Socket), is_list(Names) ->
    case prim_inet:stat(Socket) of
        {ok, {Received, Receives, MostReceived, Sent, Sends, MostSent, Pending}} ->
            All = [{recv_oct, Received}, {recv_cnt, Receives}, {recv_max, MostReceived},
                   {recv_avg, average(Received, Receives)}, {recv_dvi, 0}, {send_oct, Sent},
                   {send_cnt, Sends}, {send_max, MostSent}, {send_avg, average(Sent, Sends)},
                   {send_pend, Pending}],
            case Names -- stats() of
                [] -> {ok, [lists:keyfind(Name, 1, All) || Name <- Names]};
                _ -> {error, einval}
            end;
        Error ->
            Error
    end.

average(_, 0) -> 0;
average(Sum, Count) -> Sum div Count.

%%% Owners.

%% @doc Makes another process the owner of a TCP socket. Messages that have come go along to it.
tcp_controlling_process(Socket, NewOwner) ->
    hand_over(Socket, NewOwner, fun tcp_messages/2).

%% @doc Makes another process the owner of a UDP socket. Messages that have come go along to it.
udp_controlling_process(Socket, NewOwner) ->
    hand_over(Socket, NewOwner, fun udp_messages/2).

hand_over(Socket, NewOwner, Move) ->
    case erlang:port_info(Socket, connected) of
        {connected, NewOwner} ->
            ok;
        {connected, Owner} when Owner =/= self() ->
            {error, not_owner};
        {connected, _} ->
            {ok, Active} = prim_inet:getopt(Socket, active),
            _ = prim_inet:setopt(Socket, active, false),
            case Move(Socket, NewOwner) of
                closed ->
                    ok;
                open ->
                    try erlang:port_connect(Socket, NewOwner) of
                        true ->
                            unlink(Socket),
                            case Active of
                                false -> ok;
                                _ -> prim_inet:setopt(Socket, active, Active)
                            end
                    catch
                        error:Reason -> {error, Reason}
                    end
            end;
        undefined ->
            {error, einval}
    end.

tcp_messages(Socket, To) ->
    receive
        {tcp, Socket, _} = Message -> To ! Message, tcp_messages(Socket, To);
        {http, Socket, _} = Message -> To ! Message, tcp_messages(Socket, To);
        {tcp_passive, Socket} = Message -> To ! Message, tcp_messages(Socket, To);
        {tcp_error, Socket, _} = Message -> To ! Message, tcp_messages(Socket, To);
        {tcp_closed, Socket} = Message -> To ! Message, closed
    after 0 ->
            open
    end.

udp_messages(Socket, To) ->
    receive
        {udp, Socket, _, _, _} = Message -> To ! Message, udp_messages(Socket, To);
        {udp_passive, Socket} = Message -> To ! Message, udp_messages(Socket, To)
    after 0 ->
            open
    end.

%%% Hosts.

%% @doc {ok, Address}: the first address of a host (a name or an address) in a family, inet, inet6 or local.
getaddr(Host, Family) -> getaddr(Host, Family, infinity).

%% @doc As getaddr/2, with a timeout.
getaddr(Host, Family, Timeout) ->
    case getaddrs(Host, Family, Timeout) of
        {ok, [Address | _]} -> {ok, Address};
        Error -> Error
    end.

%% @doc {ok, Addresses}: all addresses of a host in a family; {error, nxdomain} where nobody knows it.
getaddrs(Host, Family) -> getaddrs(Host, Family, infinity).

%% @doc As getaddrs/2, with a timeout.
getaddrs({local, _} = Path, local, _Timeout) ->
    {ok, [Path]};
getaddrs(Special, _Family, _Timeout) when Special =:= any; Special =:= loopback ->
    {ok, [Special]};
getaddrs(Address, inet6, _Timeout) when tuple_size(Address) =:= 4 ->
    case is_ipv4_address(Address) of
        true -> {ok, [ipv4_mapped_ipv6_address(Address)]};
        false -> {error, einval}
    end;
getaddrs(Address, Family, _Timeout) when is_tuple(Address) ->
    case {is_ip_address(Address), family_of(Address)} of
        {true, Family} -> {ok, [Address]};
        _ -> {error, einval}
    end;
getaddrs(Host, Family, Timeout) ->
    case gethostbyname(Host, Family, Timeout) of
        {ok, #hostent{h_addr_list = Addresses}} -> {ok, Addresses};
        Error -> Error
    end.

%% @doc {ok, Hostent}: the name and the IPv4 addresses of a host, as the record hostent of inet.hrl.
gethostbyname(Name) -> gethostbyname(Name, inet).

%% @doc As gethostbyname/1, with addresses of a family, inet or inet6.
gethostbyname(Name, Family) -> gethostbyname(Name, Family, infinity).

%% @doc As gethostbyname/2, with a timeout.
gethostbyname(Name, Family, Timeout) when is_atom(Name) ->
    gethostbyname(atom_to_list(Name), Family, Timeout);
gethostbyname(Name, Family, _Timeout)
  when is_list(Name), Family =:= inet orelse Family =:= inet6 ->
    Parsed = case Family of
                 inet -> parse_ipv4strict_address(Name);
                 inet6 -> parse_ipv6strict_address(Name)
             end,
    case Parsed of
        {ok, Address} -> {ok, host(ntoa(Address), Family, [Address])};
        {error, _} -> by_name(Name, Family)
    end;
gethostbyname(Address, _Family, _Timeout) when is_tuple(Address) ->
    gethostbyaddr(Address);
gethostbyname(_Name, _Family, _Timeout) ->
    {error, einval}.

by_name(Name, Family) ->
    case inet_parse:visible_string(Name) of
        true ->
            case prim_inet:resolve(Name, Family) of
                {ok, Official, Addresses} -> {ok, host(Official, Family, Addresses)};
                Error -> Error
            end;
        false ->
            {error, einval}
    end.

host(Name, inet, Addresses) ->
    #hostent{h_name = Name, h_addrtype = inet, h_length = 4, h_addr_list = Addresses};
host(Name, inet6, Addresses) ->
    #hostent{h_name = Name, h_addrtype = inet6, h_length = 16, h_addr_list = Addresses}.

%% @doc {ok, Hostent}: the host that has an address, given as tuple or text; {error, nxdomain} where there is none.
gethostbyaddr(Address) -> gethostbyaddr(Address, infinity).

%% @doc As gethostbyaddr/1, with a timeout.
gethostbyaddr(Text, Timeout) when is_list(Text) ->
    case parse_address(Text) of
        {ok, Address} -> gethostbyaddr(Address, Timeout);
        Error -> Error
    end;
gethostbyaddr(Address, _Timeout) ->
    case is_ip_address(Address) of
        true ->
            case prim_inet:name(Address) of
                {ok, Name} -> {ok, host(Name, family_of(Address), [Address])};
                Error -> Error
            end;
        false ->
            {error, einval}
    end.

%% @doc {ok, Name}: the name of this host up to the first dot.
gethostname() ->
    {ok, Name} = prim_inet:gethostname(),
    {ok, hd(string:split(Name, "."))}.

%% @doc As gethostname/0; the socket makes no difference.
gethostname(_Socket) -> gethostname().

%% @doc The settings of the resolver as a list: where the system, which resolves all names, has its own.
get_rc() -> [{resolv_conf, "/etc/resolv.conf"}, {hosts_file, "/etc/hosts"}, {lookup, [native]}].

%%% Services, as /etc/services has them.

%% @doc {ok, Port} of a service by its name and protocol (tcp, udp), as /etc/services has it; else {error, einval}.
getservbyname(Name, Protocol) when is_atom(Name) -> getservbyname(atom_to_list(Name), Protocol);
getservbyname(Name, Protocol) when is_list(Name) ->
    case [Port || {Names, Port, P} <- services(), P =:= atom_to_list(Protocol),
                  lists:member(Name, Names)] of
        [Port | _] -> {ok, Port};
        [] -> {error, einval}
    end;
getservbyname(_Name, _Protocol) ->
    {error, einval}.

%% @doc {ok, Name} of the service at a port with a protocol (tcp, udp), as /etc/services has it; else {error, einval}.
getservbyport(Port, Protocol) when is_integer(Port) ->
    case [Name || {[Name | _], P, Of} <- services(), P =:= Port, Of =:= atom_to_list(Protocol)] of
        [Name | _] -> {ok, Name};
        [] -> {error, einval}
    end;
getservbyport(_Port, _Protocol) ->
    {error, einval}.

services() ->
    case file:read_file("/etc/services") of
        {ok, Text} -> lists:flatmap(fun service/1, string:lexemes(binary_to_list(Text), "\n"));
        {error, _} -> []
    end.

service(Line) ->
    case string:lexemes(hd(string:split(Line, "#")), " \t") of
        [Name, Where | Aliases] ->
            case string:split(Where, "/") of
                [Port, Protocol] -> [{[Name | Aliases], list_to_integer(Port), Protocol}];
                _ -> []
            end;
        _ ->
            []
    end.

%%% Addresses.

%% @doc {ok, Address} of the text of an IPv4 or IPv6 address, IPv4 also in its short forms; else {error, einval}.
parse_address(Text) -> inet_parse:address(Text).

%% @doc {ok, Address} of the text of an IPv4 address with all four numbers or an IPv6 address; else {error, einval}.
parse_strict_address(Text) -> inet_parse:strict_address(Text).

%% @doc {ok, Address} of the text of an IPv4 address, also in a short form as "127.1"; else {error, einval}.
parse_ipv4_address(Text) when is_list(Text) -> inet_parse:ipv4_address(Text).

%% @doc {ok, Address} of the text of an IPv4 address with all four numbers; else {error, einval}.
parse_ipv4strict_address(Text) when is_list(Text) -> inet_parse:ipv4strict_address(Text).

%% @doc {ok, Address} of the text of an IPv6 address; that of an IPv4 address is mapped; else {error, einval}.
parse_ipv6_address(Text) when is_list(Text) -> inet_parse:ipv6_address(Text).

%% @doc {ok, Address} of the text of an IPv6 address alone; else {error, einval}.
parse_ipv6strict_address(Text) when is_list(Text) -> inet_parse:ipv6strict_address(Text).

%% @doc The text of an IPv4 or IPv6 address; {error, einval} for what is none.
ntoa(Address) -> inet_parse:ntoa(Address).

%% @doc {ok, Address} of an address, which is checked, or of the name of a host, whose IPv4 address is looked up.
ip(Address) when is_tuple(Address) ->
    case is_ip_address(Address) of
        true -> {ok, Address};
        false -> {error, einval}
    end;
ip(Name) ->
    getaddr(Name, inet).

%% @doc Whether the term is an IPv4 or IPv6 address: a tuple of four or eight numbers of its range.
is_ip_address(Address) -> is_ipv4_address(Address) orelse is_ipv6_address(Address).

%% @doc Whether the term is an IPv4 address: a tuple of four numbers from 0 to 255.
is_ipv4_address({A, B, C, D}) ->
    lists:all(fun(N) -> is_integer(N) andalso N >= 0 andalso N =< 255 end, [A, B, C, D]);
is_ipv4_address(_) ->
    false.

%% @doc Whether the term is an IPv6 address: a tuple of eight numbers from 0 to 65535.
is_ipv6_address(Address) when tuple_size(Address) =:= 8 ->
    lists:all(fun(N) -> is_integer(N) andalso N >= 0 andalso N =< 65535 end, tuple_to_list(Address));
is_ipv6_address(_) ->
    false.

%% @doc The IPv6 address that stands for an IPv4 address, or the other way round.
ipv4_mapped_ipv6_address({A, B, C, D}) ->
    {0, 0, 0, 0, 0, 16#ffff, (A bsl 8) bor B, (C bsl 8) bor D};
ipv4_mapped_ipv6_address({_, _, _, _, _, _, X, Y}) ->
    {X bsr 8, X band 255, Y bsr 8, Y band 255}.

%% @doc The address in a family: any and loopback as numbers, IPv4 mapped for inet6, others as they are.
translate_ip(any, inet) -> {0, 0, 0, 0};
translate_ip(loopback, inet) -> {127, 0, 0, 1};
translate_ip(any, inet6) -> {0, 0, 0, 0, 0, 0, 0, 0};
translate_ip(loopback, inet6) -> {0, 0, 0, 0, 0, 0, 0, 1};
translate_ip({_, _, _, _} = Address, inet6) -> ipv4_mapped_ipv6_address(Address);
translate_ip(Address, _Family) -> Address.

%%% Interfaces of this host.

%% @doc As getifaddrs/0; the options (a network namespace) or the socket make no difference.
getifaddrs(_Options) -> getifaddrs().

%% @doc {ok, [{Name, Facts}]}: the interfaces of this host with flags, addresses, netmasks and hardware addresses.
getifaddrs() -> swerl_inet_interfaces:all().

%% @doc As getif/0; the socket makes no difference.
getif(_Socket) -> getif().

%% @doc {ok, [{Address, Broadcast, Netmask}]} of the interfaces that have an IPv4 address, the last first.
getif() ->
    case getiflist() of
        {ok, Names} -> {ok, lists:reverse([shape(ifget(Name, [addr, broadaddr, netmask])) || Name <- Names])};
        Error -> Error
    end.

shape({ok, [{addr, Address}, {broadaddr, Broadcast}, {netmask, Mask}]}) -> {Address, Broadcast, Mask}.

%% @doc As getiflist/0; the socket makes no difference.
getiflist(_Socket) -> getiflist().

%% @doc {ok, Names} of the interfaces of this host that have an IPv4 address.
getiflist() ->
    case swerl_inet_interfaces:of_ipv4() of
        {ok, All} -> {ok, [Name || {Name, _} <- All]};
        Error -> Error
    end.

%% @doc Would tell about the link layer of a socket; {error, enotsup}.
getll(_Socket) -> {error, enotsup}.

%% @doc As ifget/2; the socket makes no difference.
ifget(_Socket, Name, Names) -> ifget(Name, Names).

%% @doc {ok, Facts}: those of the facts of an interface that are named: addr, broadaddr, dstaddr, mtu, netmask, flags, hwaddr.
%% {error, einval} where a name is none of these.
ifget(Name, Names) -> swerl_inet_interfaces:facts(Name, Names).

%% @doc Would change an interface; {error, enotsup}.
ifset(_Name, _Options) -> {error, enotsup}.

%% @doc As ifset/2, by a socket; {error, enotsup}.
ifset(_Socket, _Name, _Options) -> {error, enotsup}.

%%% Texts and tables.

%% @doc Words for the reason of an error of a socket or a look-up, a POSIX code or a reason such as nxdomain.
format_error(system_limit) ->
    "a system limit was hit, probably not enough ports";
format_error(exbadport) ->
    "invalid port state";
format_error(exbadseq) ->
    "bad command sequence";
format_error(Reason) ->
    case file:format_error(Reason) of
        "unknown POSIX error" ++ _ -> unknown(Reason);
        Text -> Text
    end.

unknown(nxdomain) -> "non-existing domain";
unknown(formerr) -> "unable to interpret query";
unknown(qfmterror) -> "unable to interpret query";
unknown(timeout) -> "timed out";
unknown(closed) -> "connection closed";
unknown(Reason) -> file:format_error(Reason).

%% @doc Prints a table of all TCP and UDP sockets.
i() -> i(tcp), i(udp).

%% @doc Prints a table of all sockets with a protocol, tcp or udp.
i(Protocol) -> i(Protocol, [port, module, recv, sent, owner, local_address, foreign_address, state, type]).

%% @doc As i/1, with the names of the columns to show, in their order.
i(Protocol, Columns) -> swerl_inet_table:show(Protocol, Columns).
