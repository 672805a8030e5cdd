-module(core_tree).
-export([main/0, start/2, stop/1, init/1]).
-behaviour(application).

%% The processes of the kernel: who supervises them, whose they are, and what becomes of those of an application.
main() ->
    ok = logger:set_primary_config(level, none),
    [io:format("~p: ~p~n", [Sup, [{Id, is_pid(Pid), Type, Mods} || {Id, Pid, Type, Mods} <- supervisor:which_children(Sup)]])
     || Sup <- [kernel_sup, kernel_safe_sup, logger_sup]],
    [begin
         {ok, Spec} = supervisor:get_childspec(kernel_sup, Id),
         io:format("~p~n", [Spec])
     end || Id <- [code_server, rex, file_server_2, net_sup, user, kernel_safe_sup]],
    io:format("~p~n", [supervisor:count_children(kernel_sup)]),
    io:format("bridges ~p~n", [[supervisor:which_children(standard_error_sup), gen_server:call(standard_error_sup, what)]]),
    Names = [application_controller, code_server, erl_prim_loader, erl_signal_server, file_server_2, global_group,
             global_name_server, inet_db, init, kernel_refc, kernel_safe_sup, kernel_sup, logger, logger_sup, rex,
             standard_error, standard_error_sup, user],
    io:format("~p~n", [[{N, application:get_application(whereis(N))} || N <- Names]]),
    {group_leader, Master} = process_info(whereis(kernel_sup), group_leader),
    io:format("master ~p~n", [[proplists:get_value(kernel, proplists:get_value(running, application:info())) =:= Master,
                               [N || N <- Names, process_info(whereis(N), group_leader) =:= {group_leader, Master}]]]),
    io:format("~p~n", [[{N, process_info(whereis(N), trap_exit)} || N <- [kernel_sup, rex, file_server_2]]]),
    [Rex, Top] = [begin {dictionary, D} = process_info(whereis(N), dictionary), proplists:get_value('$ancestors', D) end || N <- [rex, kernel_sup]],
    io:format("~p~n", [[hd(Rex), tl(Rex) =:= Top, [process_info(P, registered_name) || P <- Top]]]),
    ok = supervisor:terminate_child(kernel_sup, rex),
    io:format("~p~n", [[whereis(rex), lists:keyfind(rex, 1, supervisor:which_children(kernel_sup))]]),
    {ok, _} = supervisor:restart_child(kernel_sup, rex),
    io:format("~p~n", [rpc:call(node(), erlang, abs, [-1])]),
    keys(), times(), group(), unlisted().

%% What is said of the application.
keys() ->
    {ok, Keys} = application:get_all_key(kernel),
    io:format("~p~n", [[proplists:get_value(K, Keys) || K <- [mod, vsn, applications, start_phases]]]),
    {ok, Registered} = application:get_key(kernel, registered),
    io:format("~p~n", [Registered]),
    io:format("~p~n", [[application:start(kernel), application:unload(kernel), application:load(kernel)]]).

%% Time limits.
times() ->
    [io:format("~p~n", [catch F()]) || F <- [fun() -> application:which_applications(0) end,
                                            fun() -> application:set_env(a, b, c, [{timeout, 0}]) end,
                                            fun() -> application:set_env(a, b, c, 0) end,
                                            fun() -> application:unset_env(a, b, 0) end,
                                            fun() -> application:which_applications(1000) end]].

%% All processes of an application end with it, whoever has started them.
start(_, _) ->
    Pid = spawn(fun() -> receive nothing -> ok end end),
    register(left_over, Pid),
    register(trapping, spawn(fun() -> process_flag(trap_exit, true), receive nothing -> ok end end)),
    supervisor:start_link({local, group_sup}, ?MODULE, []).
stop(_) -> io:format("stopped ~p~n", [[is_pid(whereis(N)) || N <- [left_over, trapping, group_sup]]]).
init([]) -> {ok, {{one_for_one, 0, 1}, []}}.

group() ->
    ok = application:load({application, group_app, [{mod, {?MODULE, []}}, {applications, [kernel, stdlib]}]}),
    ok = application:start(group_app),
    io:format("~p~n", [[application:get_application(whereis(N)) || N <- [left_over, trapping, group_sup]]]),
    ok = application:stop(group_app),
    io:format("~p~n", [[whereis(N) || N <- [left_over, trapping, group_sup]]]).

unlisted() ->
    {error, {Reason, Stack}} = application:load({application, a, [{included_applications, foo}]}),
    io:format("~p ~p~n", [Reason, is_list(Stack)]).
