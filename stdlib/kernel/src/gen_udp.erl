%%% gen_udp: datagram sockets.
-module(gen_udp).

-export([open/1, open/2, close/1, connect/2, connect/3, send/2, send/3, send/4, send/5, recv/2,
         recv/3, controlling_process/2, fdopen/2]).

-export_type([socket/0, option/0, option_name/0, open_option/0]).

-type socket() :: port().
-type option() :: term().
-type option_name() :: atom().
-type open_option() :: term().

%% @doc A socket for datagrams on a port; 0 is any that is free.
open(Port) -> open(Port, []).

%% @doc As open/1, with options; exits with badarg for wrong ones.
open(Port, Options) ->
    case {inet:getservice(Port, udp), inet:settings(udp, open, Options, any)} of
        {{ok, Number}, {ok, Settings}} -> inet:open_socket(udp, inet:bound_to(Number, Settings));
        _ -> exit(badarg)
    end.

%% @doc A socket of an open file descriptor.
fdopen(Fd, Options) when is_integer(Fd), is_list(Options) ->
    case inet:settings(udp, open, Options, any) of
        {ok, Settings} -> inet:open_socket(udp, Settings#{fd => Fd});
        {error, _} -> exit(badarg)
    end.

%% @doc Closes a socket.
close(Socket) -> inet:udp_close(Socket).

%% @doc As connect/3, with a socket address: a map, or {Address, Port}.
connect(Socket, #{family := _} = Address) ->
    connect(Socket, maps:get(addr, Address, any), maps:get(port, Address, 0));
connect(Socket, {Address, Port}) ->
    connect(Socket, Address, Port).

%% @doc Fixes where a socket sends to, and takes datagrams from: only this address and port.
connect(Socket, Address, Port) when is_port(Socket) ->
    case destination(Socket, Address, Port) of
        {ok, Ip, Number} -> prim_inet:connect(Socket, Ip, Number);
        Error -> Error
    end.

%%% Sending.

%% @doc Sends a datagram to where the socket is connected to.
send(Socket, Data) when is_port(Socket) -> prim_inet:send(Socket, Data).

%% @doc Sends a datagram to a socket address: a map, or {Address, Port}.
send(Socket, #{family := local, path := Path}, Data) ->
    send_to(Socket, {local, Path}, 0, Data);
send(Socket, #{family := _, port := Port} = Address, Data) ->
    send_to(Socket, maps:get(addr, Address, any), Port, Data);
send(Socket, {_, _} = Destination, Data) ->
    send(Socket, Destination, [], Data).

%% @doc Sends a datagram to a port of a host; or to a socket address, with ancillary data.
send(Socket, #{family := _} = Destination, _AncillaryData, Data) ->
    send(Socket, Destination, Data);
send(Socket, {local, _} = Path, 0, Data) ->
    send_to(Socket, Path, 0, Data);
send(Socket, {local, _} = Path, AncillaryData, Data) when is_list(AncillaryData) ->
    send_to(Socket, Path, 0, Data);
send(Socket, {inet, {Address, Port}}, AncillaryData, Data) when is_list(AncillaryData) ->
    send_to(Socket, Address, Port, Data);
send(Socket, {inet6, {Address, Port}}, AncillaryData, Data) when is_list(AncillaryData) ->
    send_to(Socket, Address, Port, Data);
send(Socket, {Address, Port}, AncillaryData, Data) when is_list(AncillaryData) ->
    send_to(Socket, Address, Port, Data);
send(Socket, Address, Port, Data) ->
    send_to(Socket, Address, Port, Data).

%% @doc As send/4 with a host and a port, with ancillary data.
send(Socket, Address, Port, _AncillaryData, Data) -> send_to(Socket, Address, Port, Data).

send_to(Socket, Address, Port, Data) when is_port(Socket) ->
    case destination(Socket, Address, Port) of
        {ok, Ip, Number} -> prim_inet:sendto(Socket, Ip, Number, Data);
        {error, einval} -> exit(badarg);
        Error -> Error
    end.

destination(_Socket, {local, _} = Path, _Port) ->
    {ok, Path, 0};
destination(Socket, Address, Port) ->
    Family = case inet:sockname(Socket) of
                 {ok, {Own, _}} when tuple_size(Own) =:= 8 -> inet6;
                 _ -> inet
             end,
    case {inet:getservice(Port, udp), inet:getaddr(Address, Family)} of
        {{ok, Number}, {ok, Ip}} -> {ok, Ip, Number};
        {{ok, _}, Error} -> Error;
        {Error, _} -> Error
    end.

%%% Receiving.

%% @doc As recv/3, however long it takes.
recv(Socket, Length) -> recv(Socket, Length, infinity).

%% @doc {ok, {Address, Port, Data}} of the next datagram of a passive socket; {error, timeout} if there is none.
recv(Socket, Length, Timeout) when is_port(Socket), is_integer(Length), Length >= 0 ->
    inet:finish(Socket, prim_inet:recv(Socket, Length), inet:time_limit(Timeout)).

%% @doc Makes another process the owner of a socket, which gets its messages; {error, not_owner} for others' sockets.
controlling_process(Socket, Pid) when is_port(Socket), is_pid(Pid) ->
    inet:udp_controlling_process(Socket, Pid).
