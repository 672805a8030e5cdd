%%% Groups of processes, known on all nodes of a cluster.
%%%
%%% Each scope is a process of its name on each node, which has the groups of the scope in a table of that
%%% name: {Group, AllMembers, LocalMembers}. Scopes of one name tell each other who joins and leaves.
-module(pg).
-behaviour(gen_server).

-export([start/1, start_link/0, start_link/1, join/2, join/3, leave/2, leave/3, monitor_scope/0, monitor_scope/1,
         monitor/1, monitor/2, demonitor/1, demonitor/2, get_members/1, get_members/2, get_local_members/1,
         get_local_members/2, which_groups/0, which_groups/1, which_local_groups/0, which_local_groups/1]).
-export([init/1, handle_call/3, handle_cast/2, handle_info/2, terminate/2]).

-export_type([group/0]).

-type group() :: term().

-define(SCOPE, ?MODULE).

%% local: Pid => {Monitor, Groups}; remote: Scope of another node => {Monitor, #{Group => Pids}};
%% watchers: Ref => {Pid, all | Group}.
-record(state, {scope, local = #{}, remote = #{}, watchers = #{}}).

%% @doc Starts a scope.
-spec start(Scope :: atom()) -> {ok, pid()} | {error, term()}.
start(Scope) when is_atom(Scope) -> gen_server:start({local, Scope}, ?MODULE, [Scope], []).

%% @doc Starts the scope pg.
-spec start_link() -> {ok, pid()} | {error, term()}.
start_link() -> start_link(?SCOPE).

%% @doc Starts a scope, linked to the caller.
-spec start_link(Scope :: atom()) -> {ok, pid()} | {error, term()}.
start_link(Scope) when is_atom(Scope) -> gen_server:start_link({local, Scope}, ?MODULE, [Scope], []).

%% @doc Has a process, or several, join a group. A process can join more than once.
-spec join(group(), pid() | [pid()]) -> ok.
join(Group, PidOrPids) -> join(?SCOPE, Group, PidOrPids).

%% @doc As join/2, in a scope.
-spec join(atom(), group(), pid() | [pid()]) -> ok.
join(Scope, Group, PidOrPids) ->
    _ = local(PidOrPids),
    gen_server:call(Scope, {join_local, Group, PidOrPids}, infinity).

%% @doc Has a process, or several, leave a group.
-spec leave(group(), pid() | [pid()]) -> ok | not_joined.
leave(Group, PidOrPids) -> leave(?SCOPE, Group, PidOrPids).

%% @doc As leave/2, in a scope.
-spec leave(atom(), group(), pid() | [pid()]) -> ok | not_joined.
leave(Scope, Group, PidOrPids) ->
    _ = local(PidOrPids),
    gen_server:call(Scope, {leave_local, Group, PidOrPids}, infinity).

%% Only processes of this node can be asked for.
local(Pid) when is_pid(Pid), node(Pid) =:= node() -> [Pid];
local(Pids) when is_list(Pids) ->
    _ = [error({nolocal, Pid}) || Pid <- Pids, not (is_pid(Pid) andalso node(Pid) =:= node())],
    Pids;
local(Bad) -> error(function_clause, [Bad]).

%% @doc Tells the caller who joins and leaves any group: {Ref, join | leave, Group, Pids}. With the groups of now.
-spec monitor_scope() -> {reference(), #{group() => [pid()]}}.
monitor_scope() -> monitor_scope(?SCOPE).

%% @doc As monitor_scope/0, of a scope.
-spec monitor_scope(atom()) -> {reference(), #{group() => [pid()]}}.
monitor_scope(Scope) -> gen_server:call(Scope, monitor, infinity).

%% @doc As monitor_scope/0, for one group.
-spec monitor(group()) -> {reference(), [pid()]}.
monitor(Group) -> ?MODULE:monitor(?SCOPE, Group).

%% @doc As monitor/1, in a scope.
-spec monitor(atom(), group()) -> {reference(), [pid()]}.
monitor(Scope, Group) -> gen_server:call(Scope, {monitor, Group}, infinity).

%% @doc Tells no more.
-spec demonitor(reference()) -> ok | false.
demonitor(Ref) -> ?MODULE:demonitor(?SCOPE, Ref).

%% @doc As demonitor/1, in a scope.
-spec demonitor(atom(), reference()) -> ok | false.
demonitor(Scope, Ref) ->
    case gen_server:call(Scope, {demonitor, Ref}, infinity) of
        ok ->
            drop_notices(Ref),
            ok;
        false -> false
    end.

drop_notices(Ref) ->
    receive {Ref, _, _, _} -> drop_notices(Ref)
    after 0 -> ok
    end.

%% @doc The members of a group.
-spec get_members(group()) -> [pid()].
get_members(Group) -> get_members(?SCOPE, Group).

%% @doc As get_members/1, in a scope.
-spec get_members(atom(), group()) -> [pid()].
get_members(Scope, Group) -> element(2, row(Scope, Group)).

%% @doc The members of a group on this node.
-spec get_local_members(group()) -> [pid()].
get_local_members(Group) -> get_local_members(?SCOPE, Group).

%% @doc As get_local_members/1, in a scope.
-spec get_local_members(atom(), group()) -> [pid()].
get_local_members(Scope, Group) -> element(3, row(Scope, Group)).

row(Scope, Group) ->
    try ets:lookup(Scope, Group) of
        [Row] -> Row;
        [] -> {Group, [], []}
    catch
        error:badarg -> {Group, [], []}
    end.

%% @doc The groups that have members.
-spec which_groups() -> [group()].
which_groups() -> which_groups(?SCOPE).

%% @doc As which_groups/0, in a scope.
-spec which_groups(atom()) -> [group()].
which_groups(Scope) when is_atom(Scope) -> [Group || {Group, _, _} <- ets:tab2list(Scope)].

%% @doc The groups that have members on this node.
-spec which_local_groups() -> [group()].
which_local_groups() -> which_local_groups(?SCOPE).

%% @doc As which_local_groups/0, in a scope.
-spec which_local_groups(atom()) -> [group()].
which_local_groups(Scope) when is_atom(Scope) -> [Group || {Group, _, [_ | _]} <- ets:tab2list(Scope)].

%% @doc Makes the table, and finds the scopes of its name on the other nodes.
init([Scope]) ->
    ok = net_kernel:monitor_nodes(true),
    Scope = ets:new(Scope, [set, protected, named_table, {read_concurrency, true}]),
    _ = [{Scope, Node} ! {discover, self()} || Node <- nodes()],
    {ok, #state{scope = Scope}}.

%% @doc Joins and leaves.
handle_call({join_local, Group, PidOrPids}, _, State) ->
    Pids = local(PidOrPids),
    State1 = lists:foldl(fun(Pid, Acc) -> joined(Pid, Group, Acc) end, State, Pids),
    change(Group, fun(All, Local) -> {Pids ++ All, Pids ++ Local} end, State1),
    notify(join, Group, Pids, State1),
    broadcast({join, self(), Group, Pids}, State1),
    {reply, ok, State1};
handle_call({leave_local, Group, PidOrPids}, _, #state{scope = Scope} = State) ->
    {_, _, Local} = row(Scope, Group),
    Pids = local(PidOrPids),
    %% As often as each of them has joined.
    case Pids -- (Pids -- Local) of
        [] -> {reply, not_joined, State};
        Leaving -> {reply, ok, left(Group, Leaving, Pids, State)}
    end;
handle_call(monitor, {Pid, _}, State) ->
    watch(Pid, all, State);
handle_call({monitor, Group}, {Pid, _}, State) ->
    watch(Pid, {group, Group}, State);
handle_call({demonitor, Ref}, _, #state{watchers = Watchers} = State) when is_map_key(Ref, Watchers) ->
    erlang:demonitor(Ref, [flush]),
    {reply, ok, State#state{watchers = maps:remove(Ref, Watchers)}};
handle_call({demonitor, _}, _, State) ->
    {reply, false, State};
handle_call(_, _, State) ->
    {noreply, State}.

watch(Pid, What, #state{scope = Scope, watchers = Watchers} = State) ->
    Ref = erlang:monitor(process, Pid, [{tag, {watcher, Pid}}]),
    Now = case What of
              all -> maps:from_list([{Group, All} || {Group, All, _} <- ets:tab2list(Scope)]);
              {group, Group} -> get_members(Scope, Group)
          end,
    {reply, {Ref, Now}, State#state{watchers = Watchers#{Ref => {Pid, What}}}}.

joined(Pid, Group, #state{local = Local} = State) ->
    case Local of
        #{Pid := {Monitor, Groups}} -> State#state{local = Local#{Pid := {Monitor, [Group | Groups]}}};
        _ -> State#state{local = Local#{Pid => {erlang:monitor(process, Pid), [Group]}}}
    end.

%% Others are told of all that were given.
left(Group, Leaving, Pids, #state{local = Local} = State) ->
    Local1 = lists:foldl(fun(Pid, Acc) ->
                                 #{Pid := {Monitor, Groups}} = Acc,
                                 case lists:delete(Group, Groups) of
                                     [] ->
                                         erlang:demonitor(Monitor, [flush]),
                                         maps:remove(Pid, Acc);
                                     Rest -> Acc#{Pid := {Monitor, Rest}}
                                 end
                         end, Local, Leaving),
    State1 = State#state{local = Local1},
    change(Group, fun(All, Own) -> {All -- Leaving, Own -- Leaving} end, State1),
    notify(leave, Group, Pids, State1),
    broadcast({leave, self(), Pids, [Group]}, State1),
    State1.

change(Group, Fun, #state{scope = Scope}) ->
    {_, All, Local} = row(Scope, Group),
    case Fun(All, Local) of
        {[], _} -> ets:delete(Scope, Group);
        {All1, Local1} -> ets:insert(Scope, {Group, All1, Local1})
    end.

notify(What, Group, Pids, #state{watchers = Watchers}) ->
    _ = [Pid ! {Ref, What, Group, Pids}
         || {Ref, {Pid, Watched}} <- maps:to_list(Watchers), Watched =:= all orelse Watched =:= {group, Group}],
    ok.

broadcast(Message, #state{remote = Remote}) ->
    _ = [erlang:send(Peer, Message, [noconnect]) || Peer <- maps:keys(Remote)],
    ok.

%% @doc What other scopes tell, and processes that end.
handle_info({discover, Peer}, #state{remote = Remote} = State) ->
    erlang:send(Peer, {sync, self(), local_groups(State)}, [noconnect]),
    case is_map_key(Peer, Remote) of
        true -> {noreply, State};
        false ->
            erlang:send(Peer, {discover, self()}, [noconnect]),
            {noreply, State#state{remote = Remote#{Peer => {erlang:monitor(process, Peer), #{}}}}}
    end;
handle_info({sync, Peer, Groups}, State) ->
    State1 = forgotten(Peer, State),
    Known = maps:from_list(Groups),
    _ = [begin
             change(Group, fun(All, Local) -> {Pids ++ All, Local} end, State1),
             notify(join, Group, Pids, State1)
         end || {Group, Pids} <- Groups],
    Remote = State1#state.remote,
    Monitor = case State#state.remote of
                  #{Peer := {M, _}} -> M;
                  _ -> erlang:monitor(process, Peer)
              end,
    {noreply, State1#state{remote = Remote#{Peer => {Monitor, Known}}}};
handle_info({join, Peer, Group, Pids}, #state{remote = Remote} = State) when is_map_key(Peer, Remote) ->
    #{Peer := {Monitor, Groups}} = Remote,
    change(Group, fun(All, Local) -> {Pids ++ All, Local} end, State),
    notify(join, Group, Pids, State),
    Groups1 = Groups#{Group => Pids ++ maps:get(Group, Groups, [])},
    {noreply, State#state{remote = Remote#{Peer := {Monitor, Groups1}}}};
handle_info({leave, Peer, Pids, Gone}, #state{remote = Remote} = State) when is_map_key(Peer, Remote) ->
    #{Peer := {Monitor, Groups}} = Remote,
    _ = [begin
             change(Group, fun(All, Local) -> {All -- Pids, Local} end, State),
             notify(leave, Group, Pids, State)
         end || Group <- Gone],
    Groups1 = maps:map(fun(Group, Members) ->
                               case lists:member(Group, Gone) of
                                   true -> Members -- Pids;
                                   false -> Members
                               end
                       end, Groups),
    {noreply, State#state{remote = Remote#{Peer := {Monitor, Groups1}}}};
handle_info({{watcher, _}, Ref, process, _, _}, #state{watchers = Watchers} = State) ->
    {noreply, State#state{watchers = maps:remove(Ref, Watchers)}};
handle_info({'DOWN', _, process, Pid, _}, #state{local = Local} = State) when is_map_key(Pid, Local) ->
    #{Pid := {_, Groups}} = Local,
    State1 = State#state{local = maps:remove(Pid, Local)},
    _ = [begin
             change(Group, fun(All, Own) -> {lists:delete(Pid, All), lists:delete(Pid, Own)} end, State1),
             notify(leave, Group, [Pid], State1),
             broadcast({leave, self(), [Pid], [Group]}, State1)
         end || Group <- Groups],
    {noreply, State1};
handle_info({'DOWN', _, process, Peer, _}, State) ->
    {noreply, forgotten(Peer, State)};
handle_info({nodeup, Node}, #state{scope = Scope} = State) when Node =/= node() ->
    {Scope, Node} ! {discover, self()},
    {noreply, State};
handle_info(_, State) ->
    {noreply, State}.

local_groups(#state{scope = Scope}) -> [{Group, Local} || {Group, _, [_ | _] = Local} <- ets:tab2list(Scope)].

%% The members that another scope told of are gone.
forgotten(Peer, #state{remote = Remote} = State) ->
    case maps:take(Peer, Remote) of
        {{_, Groups}, Rest} ->
            State1 = State#state{remote = Rest},
            _ = [begin
                     change(Group, fun(All, Local) -> {All -- Pids, Local} end, State1),
                     notify(leave, Group, Pids, State1)
                 end || {Group, Pids} <- maps:to_list(Groups), Pids =/= []],
            State1;
        error -> State
    end.

%% @doc Nothing is expected.
handle_cast(_, State) -> {noreply, State}.

%% @doc The table goes with the process.
terminate(_, _) -> ok.
