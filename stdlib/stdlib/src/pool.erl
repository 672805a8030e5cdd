%%% Pools of nodes: processes are started where there is the least to do.
-module(pool).
-behaviour(gen_server).

-export([start/1, start/2, stop/0, attach/1, get_nodes/0, get_nodes_and_load/0, get_node/0, pspawn/3, pspawn_link/3]).
-export([statistic_collector/0, do_spawn/4, init/1, handle_call/3, handle_cast/2, handle_info/2, terminate/2]).

-define(MASTER, pool_master).
-define(PERIOD, 2000).

%% @doc Starts a pool with the nodes that the file .hosts.erlang names.
start(Name) -> start(Name, []).

%% @doc As start/1, with arguments for the nodes.
start(Name, Args) when is_atom(Name) ->
    _ = gen_server:start({global, ?MASTER}, ?MODULE, [], []),
    Nodes = start_nodes(net_adm:host_file(), Name, Args),
    _ = [attach(Node) || Node <- Nodes],
    Nodes.

%% A file that cannot be read shows up here.
start_nodes([Host | Hosts], Name, Args) ->
    case slave:start(Host, Name, Args) of
        {ok, Node} -> [Node | start_nodes(Hosts, Name, Args)];
        _ -> start_nodes(Hosts, Name, Args)
    end;
start_nodes([], _, _) ->
    [].

%% @doc The nodes of the pool.
get_nodes() -> [Node || {_, Node} <- get_nodes_and_load()].

%% @doc The nodes of the pool, each behind its load.
get_nodes_and_load() -> call(get_nodes).

%% @doc The node with the least to do.
get_node() -> call(get_node).

%% @doc Adds a node that runs.
attach(Node) -> call({attach, Node}).

%% @doc Stops the nodes of the pool.
stop() -> call(stop).

%% @doc Starts a process on the node with the least to do.
pspawn(M, F, Args) -> call({spawn, group_leader(), M, F, Args}).

%% @doc As pspawn/3, with a link to the caller.
pspawn_link(M, F, Args) ->
    Pid = spawn_link(get_node(), M, F, Args),
    Pid.

call(Request) -> gen_server:call({global, ?MASTER}, Request).

%% @doc The pool is this node and those that are connected.
init([]) ->
    process_flag(trap_exit, true),
    spawn_link(?MODULE, statistic_collector, []),
    {ok, [{0, node()} | [{0, Node} || Node <- nodes()]]}.

%% @doc Serves the requests.
handle_call(get_nodes, _, Nodes) -> {reply, Nodes, Nodes};
handle_call(get_node, _, [{Load, Node} | Rest]) ->
    %% It gets more to do: the next call gives another.
    {reply, Node, Rest ++ [{Load + 1, Node}]};
handle_call({attach, Node}, _, Nodes) ->
    case lists:keymember(Node, 2, Nodes) of
        true -> {reply, already_attached, Nodes};
        false ->
            erlang:monitor_node(Node, true),
            spawn(Node, ?MODULE, statistic_collector, []),
            {reply, attached, Nodes ++ [{999999, Node}]}
    end;
handle_call({spawn, Leader, M, F, Args}, _, [{Load, Node} | Rest]) ->
    {reply, spawn(Node, ?MODULE, do_spawn, [Leader, M, F, Args]), Rest ++ [{Load + 1, Node}]};
handle_call(stop, _, Nodes) ->
    %% Whoever started them ends the other nodes.
    _ = [rpc:cast(Node, init, stop, []) || {_, Node} <- Nodes, Node =/= node()],
    {stop, normal, stopped, Nodes}.

%% @doc Nothing is expected.
handle_cast(_, Nodes) -> {noreply, Nodes}.

%% @doc Nodes tell their load, and go down.
handle_info({Node, load, Load}, Nodes) ->
    {noreply, lists:keysort(1, lists:keyreplace(Node, 2, Nodes, {Load, Node}))};
handle_info({nodedown, Node}, Nodes) ->
    {noreply, lists:keydelete(Node, 2, Nodes)};
handle_info(_, Nodes) ->
    {noreply, Nodes}.

%% @doc Nothing is left to do.
terminate(_, _) -> ok.

%% @doc The function of a process that was started for another node.
do_spawn(Leader, M, F, Args) ->
    group_leader(Leader, self()),
    apply(M, F, Args).

%% @doc The process that tells the pool what there is to do on a node, as often as that changes.
statistic_collector() -> statistic_collector(none).

statistic_collector(Told) ->
    %% The pool takes its name when it has started.
    timer:sleep(?PERIOD),
    case {global:whereis_name(?MASTER), erlang:statistics(run_queue)} of
        {undefined, _} -> ok;
        {_, Told} -> statistic_collector(Told);
        {Master, Load} ->
            Master ! {node(), load, Load},
            statistic_collector(Load)
    end.
