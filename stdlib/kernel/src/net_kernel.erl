%%% net_kernel: the state of distribution. This node is not distributed.
-module(net_kernel).

-export([start/1, start/2, stop/0, get_state/0, monitor_nodes/1, monitor_nodes/2,
         connect_node/1, allow/1, longnames/0, get_net_ticktime/0, set_net_ticktime/1,
         set_net_ticktime/2, getopts/2, setopts/2, nodename/0, dflag_unicode_io/1, not_started/5]).

%% @doc Makes the node distributed, with [Name, NameType, Ticktime]; {error, not_supported} here.
start(_Options) -> {error, not_supported}.

%% @doc Makes the node distributed, with a name and a map of options; {error, not_supported} here.
start(_Name, _Options) -> {error, not_supported}.

%% @doc Ends distribution; {error, not_found} on a node that is not distributed.
stop() -> {error, not_found}.

%% @doc How distribution was started, as a map; #{started => no} on a node that is not distributed.
get_state() -> #{started => no}.

%% @doc Has nodes that come and go told to the calling process, or no longer, as {nodeup, Node} and {nodedown, Node}.
monitor_nodes(Flag) -> monitor_nodes(Flag, []).

%% @doc As monitor_nodes/1, with options: which nodes, and what is told of them.
monitor_nodes(Flag, Options) when is_boolean(Flag), is_list(Options) -> ok;
monitor_nodes(_Flag, _Options) -> error.

%% @doc Connects to a node: true or false; ignored on a node that is not distributed.
connect_node(Node) when is_atom(Node) -> ignored.

%% @doc Lets only some nodes connect; ignored on a node that is not distributed.
allow(_Nodes) -> ignored.

%% @doc Whether the names of nodes are long ones; ignored on a node that is not distributed.
longnames() -> ignored.

%% @doc The seconds after which a silent node counts as gone; ignored on a node that is not distributed.
get_net_ticktime() -> ignored.

%% @doc As set_net_ticktime/2, within 60 seconds.
set_net_ticktime(Time) when is_integer(Time) -> set_net_ticktime(Time, 60).

%% @doc Changes the tick time, within a time of transition, both in seconds; ignored on a node not distributed.
set_net_ticktime(Time, Transition) when is_integer(Time), Time > 0, is_integer(Transition), Transition >= 0 -> ignored.

%% @doc Options of the connection to another node; ignored on a node that is not distributed.
getopts(Node, Options) when is_atom(Node), is_list(Options) -> ignored.

%% @doc Sets options of the connection to a node, or of those to come (new); ignored on a node not distributed.
setopts(Node, Options) when is_atom(Node), is_list(Options) -> ignored.

%% @doc The name of this node while it is distributed; ignored otherwise.
nodename() -> ignored.

%% @doc Whether the io server, on whichever node, may be sent Unicode: every node of today takes it.
dflag_unicode_io(Pid) when is_pid(Pid) -> true.

%% @doc What a process of this node does that stands for one on a node that cannot be reached.
not_started(Node, Module, Function, Arguments, []) ->
    error_logger:warning_msg("** Can not start ~w:~w,~w on ~w **~n", [Module, Function, Arguments, Node]),
    exit(noconnection);
not_started(Node, Module, Function, Arguments, Options) ->
    error_logger:warning_msg("** Can not start ~w:~w,~w (~w) on ~w **~n", [Module, Function, Arguments, Options, Node]),
    exit(noconnection).
