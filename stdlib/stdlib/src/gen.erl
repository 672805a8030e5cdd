%%% gen: what the behaviours have in common: starting and naming a process,
%%% calling it, and replying.
-module(gen).

-export([start/5, start/6, debug_options/2, hibernate_after/1, name/1, unregister_name/1,
         get_proc_name/1, get_parent/0, call/3, call/4, reply/2, stop/1, stop/3,
         send_request/3, send_request/5, wait_response/2, receive_response/2, check_response/2,
         wait_response/3, receive_response/3, check_response/3,
         reqids_new/0, reqids_size/1, reqids_add/3, reqids_to_list/1,
         format_status_header/2, format_status/4]).
-export([init_it/6, init_it/7]).

-define(DEFAULT_TIMEOUT, 5000).
%% The most milliseconds that a receive waits.
-define(LONGEST, 16#FFFFFFFF).

%%% Starting.

start(GenMod, LinkP, Name, Mod, Args, Options) ->
    case where(Name) of
        undefined -> do_spawn(GenMod, LinkP, Name, Mod, Args, Options);
        Pid -> {error, {already_started, Pid}}
    end.

start(GenMod, LinkP, Mod, Args, Options) ->
    do_spawn(GenMod, LinkP, Mod, Args, Options).

do_spawn(GenMod, link, Mod, Args, Options) ->
    proc_lib:start_link(?MODULE, init_it, [GenMod, self(), self(), Mod, Args, Options],
                        timeout(Options), spawn_opts(Options));
do_spawn(GenMod, monitor, Mod, Args, Options) ->
    monitored(proc_lib:start_monitor(?MODULE, init_it,
                                     [GenMod, self(), self(), Mod, Args, Options],
                                     timeout(Options), spawn_opts(Options)));
do_spawn(GenMod, _, Mod, Args, Options) ->
    proc_lib:start(?MODULE, init_it, [GenMod, self(), 'self', Mod, Args, Options],
                   timeout(Options), spawn_opts(Options)).

do_spawn(GenMod, link, Name, Mod, Args, Options) ->
    proc_lib:start_link(?MODULE, init_it, [GenMod, self(), self(), Name, Mod, Args, Options],
                        timeout(Options), spawn_opts(Options));
do_spawn(GenMod, monitor, Name, Mod, Args, Options) ->
    monitored(proc_lib:start_monitor(?MODULE, init_it,
                                     [GenMod, self(), self(), Name, Mod, Args, Options],
                                     timeout(Options), spawn_opts(Options)));
do_spawn(GenMod, _, Name, Mod, Args, Options) ->
    proc_lib:start(?MODULE, init_it, [GenMod, self(), 'self', Name, Mod, Args, Options],
                   timeout(Options), spawn_opts(Options)).

monitored({{ok, Pid}, Monitor}) ->
    {ok, {Pid, Monitor}};
monitored({Error, Monitor}) ->
    erlang:demonitor(Monitor, [flush]),
    Error.

timeout(Options) ->
    case lists:keyfind(timeout, 1, Options) of
        {_, Timeout} -> Timeout;
        false -> infinity
    end.

spawn_opts(Options) ->
    case lists:keyfind(spawn_opt, 1, Options) of
        {_, List} -> List;
        false -> []
    end.

hibernate_after(Options) ->
    case lists:keyfind(hibernate_after, 1, Options) of
        {_, Time} -> Time;
        false -> infinity
    end.

%% In the new process: take the name, then let the behaviour go on.
init_it(GenMod, Starter, Parent, Mod, Args, Options) ->
    init_it2(GenMod, Starter, Parent, self(), Mod, Args, Options).

init_it(GenMod, Starter, Parent, Name, Mod, Args, Options) ->
    case register_name(Name) of
        true -> init_it2(GenMod, Starter, Parent, Name, Mod, Args, Options);
        {false, Pid} -> proc_lib:init_ack(Starter, {error, {already_started, Pid}})
    end.

init_it2(GenMod, Starter, Parent, Name, Mod, Args, Options) ->
    GenMod:init_it(Starter, Parent, Name, Mod, Args, Options).

%%% Names.

where({local, Name}) -> whereis(Name);
where({global, Name}) -> global:whereis_name(Name);
where({via, Module, Name}) -> Module:whereis_name(Name).

register_name({local, Name} = Full) ->
    try register(Name, self()) of
        true -> true
    catch
        error:_ -> {false, where(Full)}
    end;
register_name({global, Name} = Full) ->
    case global:register_name(Name, self()) of
        yes -> true;
        no -> {false, where(Full)}
    end;
register_name({via, Module, Name} = Full) ->
    case Module:register_name(Name, self()) of
        yes -> true;
        no -> {false, where(Full)}
    end.

name({local, Name}) -> Name;
name({global, Name}) -> Name;
name({via, _, Name}) -> Name;
name(Pid) when is_pid(Pid) -> Pid.

unregister_name({local, Name}) ->
    try unregister(Name) of
        _ -> ok
    catch
        _:_ -> ok
    end;
unregister_name({global, Name}) ->
    _ = global:unregister_name(Name),
    ok;
unregister_name({via, Module, Name}) ->
    _ = Module:unregister_name(Name),
    ok;
unregister_name(Pid) when is_pid(Pid) ->
    ok.

%% The name under which the calling process says it is registered.
get_proc_name(Pid) when is_pid(Pid) ->
    Pid;
get_proc_name({local, Name}) ->
    case process_info(self(), registered_name) of
        {registered_name, Name} -> Name;
        _ -> exit(process_not_registered)
    end;
get_proc_name({global, Name}) ->
    case global:whereis_name(Name) =:= self() of
        true -> Name;
        false -> exit(process_not_registered_globally)
    end;
get_proc_name({via, Module, Name}) ->
    case Module:whereis_name(Name) =:= self() of
        true -> Name;
        false -> exit({process_not_registered_via, Module})
    end.

get_parent() ->
    case get('$ancestors') of
        [Parent | _] when is_pid(Parent) ->
            Parent;
        [Parent | _] when is_atom(Parent) ->
            case whereis(Parent) of
                undefined -> exit(could_not_find_registered_name);
                Pid -> Pid
            end;
        _ ->
            exit(process_was_not_started_by_proc_lib)
    end.

%%% Calling.

call(Process, Label, Request) ->
    call(Process, Label, Request, ?DEFAULT_TIMEOUT).

call(Process, Label, Request, Timeout)
  when is_pid(Process), Timeout =:= infinity orelse is_integer(Timeout) andalso Timeout >= 0 ->
    do_call(Process, Label, Request, Timeout);
call(Process, Label, Request, Timeout)
  when Timeout =:= infinity; is_integer(Timeout), Timeout >= 0 ->
    do_for_proc(Process, fun(Target) -> do_call(Target, Label, Request, Timeout) end).

%% Reports of registries that fail and of names that are none show this function by name and arguments.
do_for_proc(Pid, Fun) when is_pid(Pid) -> Fun(Pid);
do_for_proc({global, Name}, Fun) ->
    case global:whereis_name(Name) of
        undefined -> exit(noproc);
        Pid -> Fun(Pid)
    end;
do_for_proc({via, Module, Name}, Fun) ->
    case Module:whereis_name(Name) of
        undefined -> exit(noproc);
        Pid -> Fun(Pid)
    end;
do_for_proc(Name, Fun) when is_atom(Name) ->
    case whereis(Name) of
        undefined -> exit(noproc);
        Pid -> Fun(Pid)
    end;
do_for_proc({Name, Node}, Fun) when Node =:= node() -> do_for_proc(Name, Fun);
do_for_proc({_, Node}, _) when is_atom(Node), node() =:= nonode@nohost -> exit({nodedown, Node});
do_for_proc({Name, Node} = Target, Fun) when is_atom(Name), is_atom(Node) -> Fun(Target).

do_call(Process, _Label, _Request, _Timeout) when Process =:= self() ->
    exit(calling_self);
%% Whoever waits as long as the process lives needs no alias.
do_call(Process, Label, Request, infinity) when is_pid(Process), node(Process) =:= node() ->
    Monitor = erlang:monitor(process, Process),
    Process ! {Label, {self(), Monitor}, Request},
    receive
        {Monitor, Reply} ->
            erlang:demonitor(Monitor, [flush]),
            {ok, Reply};
        {'DOWN', Monitor, _, _, Reason} ->
            exit(Reason)
    end;
%% The monitor's alias takes the reply, so that one that comes after the
%% timeout finds nobody.
do_call(Process, Label, Request, Timeout) ->
    Monitor = monitor_alias(Process),
    erlang:send(Process, {Label, {self(), [alias | Monitor]}, Request}, [noconnect]),
    receive
        {[alias | Monitor], Reply} ->
            erlang:demonitor(Monitor, [flush]),
            {ok, Reply};
        {'DOWN', Monitor, _, _, noconnection} ->
            exit({nodedown, node_of(Process)});
        {'DOWN', Monitor, _, _, Reason} ->
            exit(Reason)
    after Timeout ->
            erlang:demonitor(Monitor, [flush]),
            receive
                {[alias | Monitor], Reply} -> {ok, Reply}
            after 0 -> exit(timeout)
            end
    end.

%% A node that cannot be reached because this one is not alive is down.
monitor_alias(Process) ->
    try erlang:monitor(process, Process, [{alias, demonitor}])
    catch error:badarg -> exit({nodedown, node_of(Process)})
    end.

node_of({_, Node}) -> Node;
node_of(Pid) when is_pid(Pid) -> node(Pid).

reply({_To, [alias | Alias] = Tag}, Reply) when is_reference(Alias) ->
    Alias ! {Tag, Reply},
    ok;
reply({_To, [[alias | Alias] | _] = Tag}, Reply) when is_reference(Alias) ->
    Alias ! {Tag, Reply},
    ok;
reply({To, Tag}, Reply) ->
    try To ! {Tag, Reply} of
        _ -> ok
    catch
        _:_ -> ok
    end.

stop(Process) -> stop(Process, normal, infinity).

stop(Process, Reason, Timeout)
  when Timeout =:= infinity; is_integer(Timeout), Timeout >= 0 ->
    do_for_proc(Process, fun(Target) -> proc_lib:stop(Target, Reason, Timeout) end).

%%% Requests whose answer is fetched later.

%% Where nobody has the name, the answer is the message of a monitor that tells of that name.
send_request(Process, Label, Request) ->
    try do_for_proc(Process, fun(Target) -> send_monitored(Target, Label, Request) end)
    catch exit:Reason ->
            Id = make_ref(),
            self() ! {'DOWN', Id, process, Process, Reason},
            Id
    end.

send_monitored(Target, Label, Request) ->
    Monitor = erlang:monitor(process, Target, [{alias, demonitor}]),
    _ = erlang:send(Target, {Label, {self(), [alias | Monitor]}, Request}, [noconnect]),
    Monitor.

send_request(Process, Tag, Request, Label, Collection) when is_map(Collection) ->
    maps:put(send_request(Process, Tag, Request), Label, Collection).

wait_response(Monitor, Timeout) when is_reference(Monitor) ->
    receive
        {[alias | Monitor], Reply} ->
            erlang:demonitor(Monitor, [flush]),
            {reply, Reply};
        {'DOWN', Monitor, _, Object, Reason} ->
            {error, {Reason, Object}}
    after time_left(Timeout) ->
            timeout
    end;
wait_response(_, Timeout) ->
    %% Nothing answers to what is no request.
    receive after time_left(Timeout) -> timeout end.

receive_response(Monitor, Timeout) when is_reference(Monitor) ->
    receive
        {[alias | Monitor], Reply} ->
            erlang:demonitor(Monitor, [flush]),
            {reply, Reply};
        {'DOWN', Monitor, _, Object, Reason} ->
            {error, {Reason, Object}}
    after time_left(Timeout) ->
            erlang:demonitor(Monitor, [flush]),
            receive
                {[alias | Monitor], Reply} -> {reply, Reply}
            after 0 -> timeout
            end
    end;
receive_response(_, _) -> error(badarg).

check_response({[alias | Monitor], Reply}, Monitor) ->
    erlang:demonitor(Monitor, [flush]),
    {reply, Reply};
check_response({'DOWN', Monitor, _, Object, Reason}, Monitor) ->
    {error, {Reason, Object}};
check_response(_Message, Monitor) when is_reference(Monitor) ->
    no_reply;
check_response(_, _) -> error(badarg).

time_left({abs, When}) when is_integer(When) ->
    case When - erlang:monotonic_time(millisecond) of
        Left when Left < 0 -> 0;
        Left when Left =< ?LONGEST -> Left;
        _ -> error(badarg)
    end;
time_left(infinity) -> infinity;
time_left(Timeout) when 0 =< Timeout, Timeout =< ?LONGEST -> Timeout;
time_left(_) -> error(badarg).

%% The same for a collection of requests.
wait_response(Collection, Timeout, Delete) when map_size(Collection) =:= 0, is_boolean(Delete) ->
    _ = time_left(Timeout),
    no_request;
wait_response(Collection, Timeout, Delete) when is_map(Collection), is_boolean(Delete) ->
    receive
        {[alias | Monitor], Reply} when is_map_key(Monitor, Collection) ->
            erlang:demonitor(Monitor, [flush]),
            answered({reply, Reply}, Monitor, Collection, Delete);
        {'DOWN', Monitor, _, Object, Reason} when is_map_key(Monitor, Collection) ->
            answered({error, {Reason, Object}}, Monitor, Collection, Delete)
    after time_left(Timeout) ->
            timeout
    end.

receive_response(Collection, Timeout, Delete) when is_map(Collection), is_boolean(Delete) ->
    case wait_response(Collection, Timeout, Delete) of
        timeout ->
            _ = [erlang:demonitor(Monitor, [flush]) || Monitor <- maps:keys(Collection)],
            timeout;
        Result ->
            Result
    end.

check_response(_Message, Collection, Delete) when map_size(Collection) =:= 0, is_boolean(Delete) ->
    no_request;
check_response({[alias | Monitor], Reply}, Collection, Delete)
  when is_map_key(Monitor, Collection) ->
    erlang:demonitor(Monitor, [flush]),
    answered({reply, Reply}, Monitor, Collection, Delete);
check_response({'DOWN', Monitor, _, Object, Reason}, Collection, Delete)
  when is_map_key(Monitor, Collection) ->
    answered({error, {Reason, Object}}, Monitor, Collection, Delete);
check_response(_Message, Collection, Delete) when is_map(Collection), is_boolean(Delete) ->
    no_reply.

answered(Response, Monitor, Collection, Delete) ->
    Label = maps:get(Monitor, Collection),
    Left = case Delete of true -> maps:remove(Monitor, Collection); false -> Collection end,
    {Response, Label, Left}.

reqids_new() -> maps:new().

reqids_size(Collection) when is_map(Collection) -> map_size(Collection);
reqids_size(_) -> error(badarg).

reqids_add(Monitor, _Label, Collection) when is_map_key(Monitor, Collection) ->
    error(badarg);
reqids_add(Monitor, Label, Collection) when is_reference(Monitor), is_map(Collection) ->
    maps:put(Monitor, Label, Collection);
reqids_add(_, _, _) -> error(badarg).

reqids_to_list(Collection) when is_map(Collection) -> maps:to_list(Collection);
reqids_to_list(_) -> error(badarg).

%%% Options and status.

debug_options(Name, Options) ->
    case lists:keyfind(debug, 1, Options) of
        {debug, Debug} ->
            try sys:debug_options(Debug)
            catch _:_ ->
                    error_logger:format("~tp: ignoring erroneous debug options - ~tp~n",
                                        [Name, Debug]),
                    []
            end;
        false ->
            []
    end.

format_status_header(Title, Pid) when is_pid(Pid) ->
    lists:concat([Title, " ", pid_to_list(Pid)]);
format_status_header(Title, Name) when is_atom(Name) ->
    lists:concat([Title, " ", Name]);
format_status_header(Title, Name) ->
    {Title, Name}.

%% What the callback module wants shown of its status. Old modules have
%% format_status/2, which shows the state alone.
format_status(Mod, Option, Status, Args) ->
    case erlang:function_exported(Mod, format_status, 1) of
        true ->
            try Mod:format_status(Status) of
                New when is_map(New) ->
                    All = maps:merge(Status, New),
                    case map_size(All) =:= map_size(New) of
                        true -> All;
                        false -> Status#{'EXIT' => atom_to_list(Mod) ++ ":format_status/1 returned a map with unknown keys"}
                    end;
                _ -> Status#{'EXIT' => atom_to_list(Mod) ++ ":format_status/1 did not return a map"}
            catch
                _:_ -> Status#{'EXIT' => atom_to_list(Mod) ++ ":format_status/1 crashed"}
            end;
        false ->
            old_format_status(Mod, Option, Status, Args)
    end.

old_format_status(_Mod, _Option, Status, none) ->
    Status;
old_format_status(Mod, Option, Status, Args) ->
    case erlang:function_exported(Mod, format_status, 2) of
        true ->
            try Mod:format_status(Option, Args) of
                Shown -> Status#{'$status' => Shown}
            catch
                throw:Shown -> Status#{'$status' => Shown};
                _:_ -> Status#{'EXIT' => atom_to_list(Mod) ++ ":format_status/2 crashed"}
            end;
        false ->
            Status
    end.
