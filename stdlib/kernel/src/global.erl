%%% global: names and locks of the cluster, on a node that is alone.
%%%
%%% Names and locks go with the processes that they belong to.
-module(global).

-export([register_name/2, register_name/3, re_register_name/2, re_register_name/3,
         unregister_name/1, whereis_name/1, registered_names/0, send/2,
         set_lock/1, set_lock/2, set_lock/3, del_lock/1, del_lock/2,
         trans/2, trans/3, trans/4, sync/0, sync/1, disconnect/0,
         random_exit_name/3, random_notify_name/3, notify_all_name/3]).
-export([awake/1]).

-define(SERVER, global_name_server).

%%   names     [{Name, Pid, Monitor}]
%%   locks     [{Resource, Requester, [{Pid, Monitor}]}]
-record(state, {names = [], locks = []}).

%%% Names.

%% @doc As register_name/3, with random_exit_name/3 for names that are taken twice.
register_name(Name, Pid) -> register_name(Name, Pid, fun random_exit_name/3).

%% @doc Gives a process a name on all connected nodes: yes, or no where the name is taken. The fun is for
%% two processes that turn out to have the name when nodes meet; it gives the one to keep.
register_name(Name, Pid, Resolve) when is_pid(Pid), is_function(Resolve, 3) ->
    call({register, Name, Pid});
register_name(Name, Pid, {_, _} = _Resolve) when is_pid(Pid) ->
    call({register, Name, Pid}).

%% @doc As re_register_name/3, with random_exit_name/3.
re_register_name(Name, Pid) -> re_register_name(Name, Pid, fun random_exit_name/3).

%% @doc Gives a process a name, whoever has had it.
re_register_name(Name, Pid, _Resolve) when is_pid(Pid) ->
    call({unregister, Name}),
    call({register, Name, Pid}).

%% @doc Takes a name away, on all connected nodes.
unregister_name(Name) -> call({unregister, Name}).

%% @doc The process of a name, or undefined.
whereis_name(Name) -> call({whereis, Name}).

%% @doc All names that are registered in this way.
registered_names() -> call(names).

%% @doc Sends a message to the process of a name and gives that process; exits with {badarg, {Name, Message}} where
%% there is none.
send(Name, Message) ->
    case whereis_name(Name) of
        Pid when is_pid(Pid) ->
            Pid ! Message,
            Pid;
        undefined ->
            exit({badarg, {Name, Message}})
    end.

%%% Locks.

%% @doc Takes a lock on all connected nodes, however long it takes.
set_lock(Id) -> set_lock(Id, [node() | nodes()]).

%% @doc Takes a lock on some nodes, however long it takes.
set_lock(Id, Nodes) -> set_lock(Id, Nodes, infinity).

%% @doc Takes the lock {Resource, Requester} on some nodes: true, or false when it was not free after so many
%% more tries. One requester may take it several times.
set_lock({Resource, Requester} = Id, Nodes, Retries) when is_list(Nodes) ->
    case call({set_lock, Resource, Requester, self()}) of
        true -> true;
        false when Retries =:= 0 -> false;
        false ->
            receive after 20 -> ok end,
            set_lock(Id, Nodes, fewer(Retries))
    end.

fewer(infinity) -> infinity;
fewer(Retries) -> Retries - 1.

%% @doc Gives a lock back on all connected nodes.
del_lock(Id) -> del_lock(Id, [node() | nodes()]).

%% @doc Gives a lock back on some nodes.
del_lock({Resource, Requester}, Nodes) when is_list(Nodes) ->
    call({del_lock, Resource, Requester, self()}).

%% @doc Calls a fun while a lock on all connected nodes is held.
trans(Id, Fun) -> trans(Id, Fun, [node() | nodes()]).

%% @doc Calls a fun while a lock on some nodes is held.
trans(Id, Fun, Nodes) -> trans(Id, Fun, Nodes, infinity).

%% @doc As trans/3; aborted where the lock cannot be had in so many more tries. The lock goes back in any case.
trans(Id, Fun, Nodes, Retries) ->
    case set_lock(Id, Nodes, Retries) of
        true ->
            try Fun()
            after del_lock(Id, Nodes)
            end;
        false ->
            aborted
    end.

%% @doc Waits until this node and those it is connected to have the same names.
sync() -> ok.

%% @doc As sync/0, with those of the given nodes that are connected. A node that is alone has nothing to wait for.
sync(Nodes) when is_list(Nodes) -> ok.

%% @doc Leaves all other nodes, and gives those that were left.
disconnect() -> [].

%%% What to do about a name that two processes have.

%% @doc For a name that two processes have: kills one of them and keeps the other.
random_exit_name(_Name, Pid1, Pid2) ->
    exit(max(Pid1, Pid2), kill),
    min(Pid1, Pid2).

%% @doc For a name that two processes have: keeps one and sends {global_name_conflict, Name} to the other.
random_notify_name(Name, Pid1, Pid2) ->
    max(Pid1, Pid2) ! {global_name_conflict, Name},
    min(Pid1, Pid2).

%% @doc For a name that two processes have: keeps neither, and sends {global_name_conflict, Name, Other} to both.
notify_all_name(Name, Pid1, Pid2) ->
    Pid1 ! {global_name_conflict, Name, Pid2},
    Pid2 ! {global_name_conflict, Name, Pid1},
    none.

%%% The name server.

call(Request) ->
    Ref = erlang:monitor(process, ?SERVER),
    catch ?SERVER ! {Request, self(), Ref},
    receive
        {Ref, Reply} -> erlang:demonitor(Ref, [flush]), Reply;
        {'DOWN', Ref, process, _, Reason} -> exit(Reason)
    end.

%% The process has its name and becomes the server.
awake(?SERVER) ->
    loop(#state{}).

loop(State) ->
    receive
        {Request, From, Ref} when is_reference(Ref) ->
            {Reply, NewState} = handle(Request, State),
            From ! {Ref, Reply},
            loop(NewState);
        {'DOWN', Monitor, process, _, _} ->
            loop(forget(Monitor, State));
        {'EXIT', Pid, Reason} ->
            %% The supervisor goes.
            Pid =:= whereis(kernel_sup) andalso exit(Reason),
            loop(State);
        _ ->
            loop(State)
    end.

handle({register, Name, Pid}, #state{names = Names} = State) ->
    Taken = lists:keymember(Name, 1, Names) orelse lists:keymember(Pid, 2, Names),
    case Taken orelse not is_alive(Pid) of
        true -> {no, State};
        false ->
            Monitor = erlang:monitor(process, Pid),
            {yes, State#state{names = [{Name, Pid, Monitor} | Names]}}
    end;
handle({unregister, Name}, #state{names = Names} = State) ->
    case lists:keyfind(Name, 1, Names) of
        {Name, _, Monitor} ->
            erlang:demonitor(Monitor, [flush]),
            {ok, State#state{names = lists:keydelete(Name, 1, Names)}};
        false ->
            {ok, State}
    end;
handle({whereis, Name}, #state{names = Names} = State) ->
    case lists:keyfind(Name, 1, Names) of
        {Name, Pid, _} ->
            case is_alive(Pid) of
                true -> {Pid, State};
                false -> {undefined, State}
            end;
        false ->
            {undefined, State}
    end;
handle(names, #state{names = Names} = State) ->
    {[Name || {Name, _, _} <- Names], State};
handle({set_lock, Resource, Requester, Pid}, #state{locks = Locks} = State) ->
    case lists:keyfind(Resource, 1, Locks) of
        {Resource, Requester, Holders} ->
            Holder = {Pid, erlang:monitor(process, Pid)},
            New = lists:keyreplace(Resource, 1, Locks, {Resource, Requester, [Holder | Holders]}),
            {true, State#state{locks = New}};
        {Resource, _Other, _} ->
            {false, State};
        false ->
            Holder = {Pid, erlang:monitor(process, Pid)},
            {true, State#state{locks = [{Resource, Requester, [Holder]} | Locks]}}
    end;
handle({del_lock, Resource, Requester, Pid}, #state{locks = Locks} = State) ->
    case lists:keyfind(Resource, 1, Locks) of
        {Resource, Requester, Holders} ->
            Left = release(Pid, Holders),
            {true, State#state{locks = put_holders(Resource, Requester, Left, Locks)}};
        _ ->
            {true, State}
    end.

is_alive(Pid) when node(Pid) =:= node() -> is_process_alive(Pid);
is_alive(_Pid) -> true.

%% All that one process holds goes at once.
release(Pid, Holders) ->
    _ = [erlang:demonitor(Monitor, [flush]) || {P, Monitor} <- Holders, P =:= Pid],
    [Holder || {P, _} = Holder <- Holders, P =/= Pid].

put_holders(Resource, _Requester, [], Locks) ->
    lists:keydelete(Resource, 1, Locks);
put_holders(Resource, Requester, Holders, Locks) ->
    lists:keyreplace(Resource, 1, Locks, {Resource, Requester, Holders}).

forget(Monitor, #state{names = Names, locks = Locks} = State) ->
    Left = [{Resource, Requester, Holders}
            || {Resource, Requester, All} <- Locks,
               Holders <- [[H || {_, M} = H <- All, M =/= Monitor]], Holders =/= []],
    State#state{names = lists:keydelete(Monitor, 3, Names), locks = Left}.
