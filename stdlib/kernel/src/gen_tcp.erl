%%% gen_tcp: stream sockets.
%%%
%%% A socket is a port of the machine. What cannot be done at once is answered by
%%% a message to the caller; the time limits are kept here.
-module(gen_tcp).

-export([connect/2, connect/3, connect/4, listen/2, accept/1, accept/2, shutdown/2, close/1, send/2,
         recv/2, recv/3, unrecv/2, controlling_process/2, fdopen/2]).

-export_type([socket/0, option/0, option_name/0, connect_option/0, listen_option/0]).

-type socket() :: port().
-type option() :: term().
-type option_name() :: atom().
-type connect_option() :: term().
-type listen_option() :: term().

%%% Connecting.

%% @doc Connects to a socket address: a map with family, addr and port, or path.
connect(Address, Options) -> connect(Address, Options, infinity).

%% @doc Connects to a port of a host, however long it takes; or to a socket address with a time limit.
connect(#{family := Family} = Address, Options, Timeout) ->
    connect(maps:get(addr, Address, maps:get(path, Address, any)), maps:get(port, Address, 0),
            [Family | Options], Timeout);
connect(Address, Port, Options) ->
    connect(Address, Port, Options, infinity).

%% @doc Connects to a port of a host within a time limit: {ok, Socket} or {error, Reason}. The host may be a name,
%% whose addresses are tried in turn. Exits with badarg for wrong options.
connect(Address, Port, Options, Timeout) ->
    Limit = inet:time_limit(Timeout),
    Settings = settings(connect, Options, Address),
    case {inet:getservice(Port, tcp), inet:candidates(Address, maps:get(family, Settings), Limit)} of
        {{ok, Number}, {ok, Candidates}} -> try_all(Candidates, Number, Settings, Limit, einval);
        {{error, einval}, _} -> exit(badarg);
        {_, {error, einval}} -> exit(badarg);
        {{error, Reason}, _} -> {error, Reason};
        {_, {error, Reason}} -> {error, Reason}
    end.

try_all([Candidate | Candidates], Port, Settings, Limit, _Reason) ->
    case try_one(Candidate, Port, Settings, Limit) of
        {ok, Socket} -> {ok, Socket};
        {error, einval} -> exit(badarg);
        {error, timeout} -> {error, timeout};
        {error, Reason} -> try_all(Candidates, Port, Settings, Limit, Reason)
    end;
try_all([], _Port, _Settings, _Limit, Reason) ->
    {error, Reason}.

try_one(Address, Port, Settings, Limit) ->
    case inet:open_socket(tcp, Settings) of
        {ok, Socket} ->
            case finish(Socket, prim_inet:connect(Socket, Address, Port), Limit) of
                ok -> {ok, Socket};
                {error, _} = Error -> prim_inet:close(Socket), Error
            end;
        Error ->
            Error
    end.

settings(Kind, Options, Address) ->
    case inet:settings(tcp, Kind, Options, Address) of
        {ok, Settings} -> Settings;
        {error, _} -> exit(badarg)
    end.

%%% Listening.

%% @doc A socket that listens on a port; 0 is any that is free. Exits with badarg for wrong options.
listen(Port, Options) ->
    Settings = settings(listen, Options, any),
    case inet:getservice(Port, tcp) of
        {ok, Number} ->
            case inet:open_socket(tcp, inet:bound_to(Number, Settings)) of
                {ok, Socket} ->
                    case prim_inet:listen(Socket, maps:get(backlog, Settings, 5)) of
                        ok -> {ok, Socket};
                        {error, _} = Error -> prim_inet:close(Socket), Error
                    end;
                Error ->
                    Error
            end;
        {error, einval} ->
            exit(badarg);
        Error ->
            Error
    end.

%% @doc Waits for a connection to a listening socket.
accept(Socket) -> accept(Socket, infinity).

%% @doc {ok, Socket} of the next connection to a listening socket; {error, timeout} where none comes in time.
accept(Socket, Timeout) when is_port(Socket) ->
    finish(Socket, prim_inet:accept(Socket), inet:time_limit(Timeout)).

%% @doc A socket of an open file descriptor.
fdopen(Fd, Options) when is_integer(Fd), is_list(Options) ->
    Settings = settings(connect, Options, any),
    inet:open_socket(tcp, Settings#{fd => Fd}).

%%% Data.

%% @doc Sends bytes. The socket's options send_timeout and send_timeout_close say how long it may take.
send(Socket, Data) when is_port(Socket) ->
    case prim_inet:send(Socket, Data) of
        {wait, _} = Wait ->
            case prim_inet:getopt(Socket, send_timeout) of
                {ok, Timeout} -> written(Socket, Wait, Timeout);
                _ -> written(Socket, Wait, infinity)
            end;
        Result ->
            Result
    end.

written(Socket, Wait, Timeout) ->
    case finish(Socket, Wait, inet:time_limit(Timeout)) of
        {error, timeout} = Error ->
            case prim_inet:getopt(Socket, send_timeout_close) of
                {ok, true} -> prim_inet:close(Socket);
                _ -> ok
            end,
            Error;
        Result ->
            Result
    end.

%% @doc As recv/3, however long it takes.
recv(Socket, Length) -> recv(Socket, Length, infinity).

%% @doc {ok, Data} of a passive socket: so many bytes, 0 for what is there; a packet where the socket has packets.
%% {error, closed} when the other end has closed, {error, timeout} when nothing came in time.
recv(Socket, Length, Timeout) when is_port(Socket), is_integer(Length), Length >= 0 ->
    finish(Socket, prim_inet:recv(Socket, Length), inet:time_limit(Timeout)).

%% @doc Puts data back, for the next recv to give.
unrecv(Socket, Data) when is_port(Socket) -> prim_inet:unrecv(Socket, Data).

finish(Socket, Started, Limit) -> inet:finish(Socket, Started, Limit).

%%% The end.

%% @doc Ends a connection in one direction or both: read, write or read_write.
shutdown(Socket, How) when How =:= read; How =:= write; How =:= read_write ->
    prim_inet:shutdown(Socket, How).

%% @doc Closes a socket.
close(Socket) -> inet:tcp_close(Socket).

%% @doc Makes another process the owner of a socket, which gets its messages; {error, not_owner} for others' sockets.
controlling_process(Socket, Pid) when is_port(Socket), is_pid(Pid) ->
    inet:tcp_controlling_process(Socket, Pid).
