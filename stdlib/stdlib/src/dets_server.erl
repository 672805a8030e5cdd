%%% Which tables on disk are open, and for whom.
-module(dets_server).
-behaviour(gen_server).

-export([start/0, open/2, close/1, names/0, table/1, name/1, users/1]).
-export([init/1, handle_call/3, handle_cast/2, handle_info/2]).

%% tables: Name => {Pid, File, [User]}; users: User => Monitor.
-record(state, {tables = #{}, users = #{}}).

-define(REGISTRY, dets_registry).

%% @doc Starts the server unless it runs.
start() ->
    case whereis(dets) of
        undefined ->
            case gen_server:start({local, dets}, ?MODULE, [], []) of
                {ok, _} -> ok;
                {error, {already_started, _}} -> ok
            end;
        _ -> ok
    end.

%% @doc Opens a table for the caller.
open(Name, Options) ->
    start(),
    gen_server:call(dets, {open, Name, Options}, infinity).

%% @doc Closes a table of the caller.
close(Name) ->
    case whereis(dets) of
        undefined -> {error, not_owner};
        _ -> gen_server:call(dets, {close, Name}, infinity)
    end.

%% @doc The names of the open tables.
names() ->
    case ets:whereis(?REGISTRY) of
        undefined -> [];
        _ -> [Name || {Name, _} <- ets:tab2list(?REGISTRY)]
    end.

%% @doc The process of an open table.
table(Name) ->
    case ets:whereis(?REGISTRY) of
        undefined -> undefined;
        _ ->
            case ets:lookup(?REGISTRY, Name) of
                [{_, Pid}] -> Pid;
                [] -> undefined
            end
    end.

%% @doc The name of the table of a process.
name(Pid) ->
    case [Name || Name <- names(), table(Name) =:= Pid] of
        [Name | _] -> {ok, Name};
        [] -> undefined
    end.

%% @doc Who has a table open.
users(Name) -> gen_server:call(dets, {users, Name}, infinity).

%% @doc No tables.
init([]) ->
    process_flag(trap_exit, true),
    ?REGISTRY = ets:new(?REGISTRY, [named_table, protected]),
    {ok, #state{}}.

%% @doc Opens and closes.
handle_call({open, Name, Options}, {User, _}, #state{tables = Tables} = State) ->
    case Tables of
        #{Name := {Pid, Known, Users}} ->
            case swerl_dets_table:agrees(Known, Options) of
                true ->
                    {reply, {ok, Name}, watched(User, State#state{tables = Tables#{Name := {Pid, Known, [User | Users]}}})};
                false -> {reply, {error, incompatible_arguments}, State}
            end;
        _ ->
            case swerl_dets_table:start_link(Name, Options) of
                {ok, Pid, Known} ->
                    ets:insert(?REGISTRY, {Name, Pid}),
                    {reply, {ok, Name}, watched(User, State#state{tables = Tables#{Name => {Pid, Known, [User]}}})};
                Error -> {reply, Error, State}
            end
    end;
handle_call({users, Name}, _, #state{tables = Tables} = State) ->
    Users = case Tables of
                #{Name := {_, _, Open}} -> Open;
                _ -> []
            end,
    {reply, Users, State};
handle_call({close, Name}, {User, _}, #state{tables = Tables} = State) ->
    case Tables of
        #{Name := {_, _, Users}} ->
            case lists:member(User, Users) of
                true -> {reply, ok, closed(Name, User, State)};
                false -> {reply, {error, not_owner}, State}
            end;
        _ -> {reply, {error, not_owner}, State}
    end.

watched(User, #state{users = Users} = State) when is_map_key(User, Users) -> State;
watched(User, #state{users = Users} = State) ->
    State#state{users = Users#{User => erlang:monitor(process, User)}}.

closed(Name, User, #state{tables = Tables} = State) ->
    #{Name := {Pid, Known, Users}} = Tables,
    case lists:delete(User, Users) of
        [] ->
            ets:delete(?REGISTRY, Name),
            _ = (catch swerl_dets_table:call(Pid, close)),
            State#state{tables = maps:remove(Name, Tables)};
        Others -> State#state{tables = Tables#{Name := {Pid, Known, Others}}}
    end.

%% @doc Nothing is expected.
handle_cast(_, State) -> {noreply, State}.

%% @doc The tables of a process that died are closed; a table that died is forgotten.
handle_info({'DOWN', _, process, User, _}, #state{tables = Tables, users = Users} = State) ->
    Open = [Name || {Name, {_, _, Us}} <- maps:to_list(Tables), U <- Us, U =:= User],
    {noreply, lists:foldl(fun(Name, Acc) -> closed(Name, User, Acc) end,
                          State#state{users = maps:remove(User, Users)}, Open)};
handle_info({'EXIT', Pid, _}, #state{tables = Tables} = State) ->
    Gone = [Name || {Name, {P, _, _}} <- maps:to_list(Tables), P =:= Pid],
    _ = [ets:delete(?REGISTRY, Name) || Name <- Gone],
    {noreply, State#state{tables = maps:without(Gone, Tables)}};
handle_info(_, State) ->
    {noreply, State}.
