%%% Pools of nodes: processes are started where there is the least to do.
-module(pool).
-behaviour(gen_server).

-export([start/1, start/2, stop/0, attach/1, get_nodes/0, get_nodes_and_load/0, get_node/0, new_node/1, new_node/2,
         pspawn/3, pspawn_link/3]).
-export([statistic_collector/0, do_spawn/4, init/1, handle_call/3, handle_cast/2, handle_info/2, terminate/2]).

-define(MASTER, pool_master).
-define(PERIOD, 2000).

%% @doc Starts a pool with the nodes that the file .hosts.erlang names.
start(Name) -> start(Name, []).

%% @doc As start/1, with arguments for the nodes.
start(Name, Args) when is_atom(Name) ->
    _ = gen_server:start({global, ?MASTER}, ?MODULE, [], []),
    Hosts = case net_adm:host_file() of
                List when is_list(List) -> List;
                {error, _} -> []
            end,
    Nodes = [Node || Host <- Hosts, {ok, Node} <- [slave:start(Host, Name, Args)]],
    _ = [attach(Node) || Node <- Nodes],
    Nodes.

%% @doc The nodes of the pool.
get_nodes() -> call(get_nodes).

%% @doc The nodes of the pool, each with its load.
get_nodes_and_load() -> call(get_nodes_and_load).

%% @doc The node with the least to do.
get_node() -> call(get_node).

%% @doc Adds a node that runs.
attach(Node) -> call({attach, Node}).

%% @doc Starts a node and adds it.
new_node(Host, Name) ->
    case slave:start(Host, Name) of
        {ok, Node} ->
            attach(Node),
            Node;
        Error -> Error
    end.

%% @doc As new_node/2, on the host of the name.
new_node({Host, Name}) -> new_node(Host, Name).

%% @doc Stops the nodes of the pool.
stop() -> call(stop).

%% @doc Starts a process on the node with the least to do.
pspawn(M, F, Args) -> call({spawn, group_leader(), M, F, Args}).

%% @doc As pspawn/3, with a link to the caller.
pspawn_link(M, F, Args) ->
    Pid = spawn_link(get_node(), M, F, Args),
    Pid.

call(Request) -> gen_server:call({global, ?MASTER}, Request, infinity).

%% @doc The pool is this node and those that are connected.
init([]) ->
    process_flag(trap_exit, true),
    {ok, [{0, node()} | [{0, Node} || Node <- nodes()]]}.

%% @doc Serves the requests.
handle_call(get_nodes, _, Nodes) -> {reply, [Node || {_, Node} <- Nodes], Nodes};
handle_call(get_nodes_and_load, _, Nodes) -> {reply, [{Node, Load} || {Load, Node} <- Nodes], Nodes};
handle_call(get_node, _, [{Load, Node} | Rest]) ->
    %% It gets more to do: the next call gives another.
    {reply, Node, Rest ++ [{Load + 1, Node}]};
handle_call({attach, Node}, _, Nodes) ->
    case lists:keymember(Node, 2, Nodes) of
        true -> {reply, already_attached, Nodes};
        false ->
            erlang:monitor_node(Node, true),
            Node =:= node() orelse spawn(Node, ?MODULE, statistic_collector, []),
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

%% @doc The process that tells the pool what there is to do on a node.
statistic_collector() ->
    case global:whereis_name(?MASTER) of
        undefined -> ok;
        Master ->
            Master ! {node(), load, erlang:statistics(run_queue)},
            receive after ?PERIOD -> statistic_collector() end
    end.
