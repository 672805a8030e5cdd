%%% net_kernel: the state of distribution. This node is not distributed.
-module(net_kernel).

-export([start/1, start/2, stop/0, get_state/0, monitor_nodes/1, monitor_nodes/2,
         connect_node/1, allow/1, longnames/0, get_net_ticktime/0, set_net_ticktime/1,
         set_net_ticktime/2, getopts/2, setopts/2, nodename/0, dflag_unicode_io/1, not_started/5]).

start(_Options) -> {error, not_supported}.

start(_Name, _Options) -> {error, not_supported}.

stop() -> {error, not_found}.

get_state() -> #{started => no}.

monitor_nodes(Flag) -> monitor_nodes(Flag, []).

monitor_nodes(Flag, Options) when is_boolean(Flag), is_list(Options) -> ok;
monitor_nodes(_Flag, _Options) -> error.

connect_node(Node) when is_atom(Node) -> ignored.

allow(_Nodes) -> ignored.

longnames() -> ignored.

get_net_ticktime() -> ignored.

set_net_ticktime(Time) when is_integer(Time) -> set_net_ticktime(Time, 60).

set_net_ticktime(Time, Transition) when is_integer(Time), Time > 0, is_integer(Transition), Transition >= 0 -> ignored.

%% Options of the connections to other nodes.
getopts(Node, Options) when is_atom(Node), is_list(Options) -> ignored.

setopts(Node, Options) when is_atom(Node), is_list(Options) -> ignored.

nodename() -> ignored.

%% May the io server, on whichever node, be sent Unicode? Every node of today takes it.
dflag_unicode_io(Pid) when is_pid(Pid) -> true.

%% What a process of this node does that stands for one on a node that cannot be reached.
not_started(Node, Module, Function, Arguments, []) ->
    error_logger:warning_msg("** Can not start ~w:~w,~w on ~w **~n", [Module, Function, Arguments, Node]),
    exit(noconnection);
not_started(Node, Module, Function, Arguments, Options) ->
    error_logger:warning_msg("** Can not start ~w:~w,~w (~w) on ~w **~n", [Module, Function, Arguments, Options, Node]),
    exit(noconnection).
