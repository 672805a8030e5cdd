%%% gen_sctp: sockets of the stream control transmission protocol.
%%%
%%% The machine has no such sockets: opening one fails as where the system's kernel lacks the protocol. So no socket
%%% is one of SCTP, and every other function has a bad argument; what the functions check before is checked here too.
-module(gen_sctp).

-export([open/0, open/1, open/2, close/1, listen/2, peeloff/2, connect/3, connect/4, connect/5, connect_init/3,
         connect_init/4, connect_init/5, connectx_init/3, connectx_init/4, connectx_init/5, eof/2, abort/2, send/3,
         send/4, recv/1, recv/2, error_string/1, controlling_process/2]).

-export_type([assoc_id/0, option/0, option_name/0, option_value/0, sctp_socket/0]).

-type assoc_id() :: term().
-type option() :: {atom(), term()}.
-type option_name() :: atom().
-type option_value() :: term().
-type sctp_socket() :: port().

%% @doc A socket on a port of the system's choice, of the type seqpacket.
open() -> open([]).

%% @doc A socket on a port, or with options.
open(Port) when is_integer(Port) -> open(Port, []);
open(Options) when is_list(Options) -> opened(Options, [Options]);
open(Bad) -> erlang:error(badarg, [Bad]).

%% @doc A socket on a port with options, as {ip, Address}, {type, seqpacket | stream} and those of inet:setopts/2.
open(Port, Options) when is_integer(Port), is_list(Options) -> opened([{port, Port} | Options], [Port, Options]);
open(Port, Options) -> erlang:error(badarg, [Port, Options]).

opened(Options, Args) ->
    Common = [Option || Option <- Options, not is_own(Option)],
    case inet:settings(udp, open, Common, any) of
        {ok, _} -> {error, esocktnosupport};
        {error, _} -> erlang:error(badarg, Args)
    end.

%% Options that only such sockets have.
is_own({type, Type}) -> Type =:= seqpacket orelse Type =:= stream;
is_own({Name, _}) when is_atom(Name) -> lists:member(Name, own_names());
is_own(_) -> false.

own_names() ->
    [sctp_rtoinfo, sctp_associnfo, sctp_initmsg, sctp_autoclose, sctp_nodelay, sctp_disable_fragments,
     sctp_i_want_mapped_v4_addr, sctp_maxseg, sctp_primary_addr, sctp_set_peer_primary_addr, sctp_adaptation_layer,
     sctp_peer_addr_params, sctp_default_send_param, sctp_events, sctp_delayed_ack_time, linger].

%% @doc Closes a socket and all its associations.
close(Socket) -> no_socket([Socket]).

%% @doc Lets others begin associations, or no longer.
listen(Socket, Backlog) -> no_socket([Socket, Backlog]).

%% @doc A socket of its own for an association.
peeloff(Socket, Association) when is_port(Socket) -> no_socket([Socket, Association]).

%% @doc A new association; as connect/4 with no options.
connect(Socket, Address, Port) -> connect(Socket, Address, Port, [], infinity).

%% @doc A new association; waits until it stands.
connect(Socket, Address, Port, Options) -> connect(Socket, Address, Port, Options, infinity).

%% @doc As connect/4, for so many milliseconds at most.
connect(Socket, Address, Port, Options, Timeout) -> no_socket([Socket, Address, Port, Options, Timeout]).

%% @doc Begins an association without waiting for it.
connect_init(Socket, Address, Port) -> connect_init(Socket, Address, Port, [], infinity).

%% @doc As connect_init/3, with options.
connect_init(Socket, Address, Port, Options) -> connect_init(Socket, Address, Port, Options, infinity).

%% @doc As connect_init/4; looking the address up takes so many milliseconds at most.
connect_init(Socket, Address, Port, Options, Timeout) -> no_socket([Socket, Address, Port, Options, Timeout]).

%% @doc Begins an association with one of several addresses.
connectx_init(Socket, Addresses, Options) -> connectx_init(Socket, Addresses, 0, Options, infinity).

%% @doc As connectx_init/3, at a port.
connectx_init(Socket, Addresses, Port, Options) -> connectx_init(Socket, Addresses, Port, Options, infinity).

%% @doc As connectx_init/4; looking the addresses up takes so many milliseconds at most.
connectx_init(Socket, Addresses, Port, Options, Timeout) -> no_socket([Socket, Addresses, Port, Options, Timeout]).

%% @doc Ends an association once all is sent.
eof(Socket, Association) -> no_socket([Socket, Association]).

%% @doc Ends an association at once.
abort(Socket, Association) -> no_socket([Socket, Association]).

%% @doc Sends data with all its parameters.
send(Socket, Parameters, Data) -> no_socket([Socket, Parameters, Data]).

%% @doc Sends data in a stream of an association.
send(Socket, Association, Stream, Data) -> no_socket([Socket, Association, Stream, Data]).

%% @doc The next message.
recv(Socket) -> recv(Socket, infinity).

%% @doc The next message, within so many milliseconds.
recv(Socket, Timeout) -> no_socket([Socket, Timeout]).

%% @doc Gives a socket to another process.
controlling_process(Socket, Pid) -> no_socket([Socket, Pid]).

no_socket(Args) -> erlang:error(badarg, Args).

%% @doc An error number of the protocol in words.
error_string(Number) ->
    case Number of
        0 -> ok;
        1 -> "Invalid Stream Identifier";
        2 -> "Missing Mandatory Parameter";
        3 -> "Stale Cookie Error";
        4 -> "Out of Resource";
        5 -> "Unresolvable Address";
        6 -> "Unrecognized Chunk Type";
        7 -> "Invalid Mandatory Parameter";
        8 -> "Unrecognized Parameters";
        9 -> "No User Data";
        10 -> "Cookie Received While Shutting Down";
        11 -> "Restart of an Association with New Addresses";
        12 -> "User Initiated Abort";
        13 -> "Protocol Violation";
        _ when is_integer(Number) -> unknown_error;
        _ -> erlang:error(badarg, [Number])
    end.
