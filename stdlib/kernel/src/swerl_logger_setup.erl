%%% What the environment of an application says of logging, and the limits of the process that hands events on.
-module(swerl_logger_setup).

-export([add_handlers/1, proxy/0, set_proxy/1, update_proxy/1]).

%% @doc Adds what the key `logger' of an application says, or what a list of such items says.
add_handlers(Application) when is_atom(Application) ->
    case application:get_env(Application, logger) of
        {ok, Items} -> add_handlers(Items);
        undefined -> ok
    end;
add_handlers(Items) when is_list(Items) ->
    case check(Items) of
        ok -> add(Items, []);
        Error -> Error
    end.

check([{handler, Id, Module, Config} | Rest]) when is_atom(Id), is_atom(Module), is_map(Config) -> check(Rest);
check([{handler, default, undefined} | Rest]) -> check(Rest);
check([{filters, Default, Filters} | Rest]) when Default =:= log, is_list(Filters);
                                                 Default =:= stop, is_list(Filters) -> check(Rest);
check([{module_level, Level, Modules} | Rest]) when is_atom(Level), is_list(Modules) -> check(Rest);
check([{proxy, Config} | Rest]) when is_map(Config) -> check(Rest);
check([Item | _]) ->
    {error, {bad_config, case Item of
                             {_} -> {handler, [Item]};
                             _ when is_tuple(Item), element(1, Item) =:= filters -> {filters, [Item]};
                             _ when is_tuple(Item), element(1, Item) =:= module_level -> {module_level, [Item]};
                             _ -> {handler, [Item]}
                         end}};
check([]) -> ok.

%% Handlers that were added go again when a later one cannot be.
add([{handler, Id, Module, Config} | Rest], Added) ->
    case logger:add_handler(Id, Module, Config) of
        ok -> add(Rest, [Id | Added]);
        {error, Reason} ->
            _ = [logger:remove_handler(Other) || Other <- Added],
            {error, {bad_config, {handler, Reason}}}
    end;
add([{filters, Default, Filters} | Rest], Added) ->
    ok = logger:set_primary_config(filter_default, Default),
    _ = [logger:add_primary_filter(Id, Filter) || {Id, Filter} <- Filters],
    add(Rest, Added);
add([{module_level, Level, Modules} | Rest], Added) ->
    _ = logger:set_module_level(Modules, Level),
    add(Rest, Added);
add([{proxy, Config} | Rest], Added) ->
    _ = update_proxy(Config),
    add(Rest, Added);
add([_ | Rest], Added) -> add(Rest, Added);
add([], _) -> ok.

%% @doc The limits.
proxy() ->
    case logger_server:get(proxy) of
        undefined -> defaults();
        Config -> Config
    end.

defaults() ->
    #{burst_limit_enable => false, burst_limit_max_count => 500, burst_limit_window_time => 1000,
      drop_mode_qlen => 1000, flush_qlen => 5000, overload_kill_enable => false, overload_kill_mem_size => 3000000,
      overload_kill_qlen => 20000, overload_kill_restart_after => 5000, sync_mode_qlen => 500}.

%% @doc Sets limits; the others become the usual ones.
set_proxy(Config) -> checked(Config, defaults()).

%% @doc Changes limits.
update_proxy(Config) -> checked(Config, proxy()).

checked(Config, Others) when is_map(Config) ->
    Full = #{sync_mode_qlen := Sync, drop_mode_qlen := Drop, flush_qlen := Flush} = maps:merge(Others, Config),
    case maps:filter(fun(Key, Value) -> not (is_map_key(Key, Others) andalso is_limit(Key, Value)) end, Config) of
        Wrong when Wrong =/= #{} -> {error, {invalid_olp_config, Wrong}};
        _ when Sync =< Drop, Drop =< Flush -> logger_server:put(proxy, Full);
        _ -> {error, {invalid_olp_levels, maps:with([sync_mode_qlen, drop_mode_qlen, flush_qlen], Full)}}
    end;
checked(Config, _) -> {error, {invalid_config, Config}}.

is_limit(Key, Value) when Key =:= burst_limit_enable; Key =:= overload_kill_enable -> is_boolean(Value);
is_limit(overload_kill_restart_after, infinity) -> true;
is_limit(_, Value) -> is_integer(Value) andalso Value >= 0.
