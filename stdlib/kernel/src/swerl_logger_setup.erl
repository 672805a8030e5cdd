%%% What the environment of an application says of logging, and the limits of the process that hands events on.
-module(swerl_logger_setup).

-export([reconfigure/0, add_handlers/1, proxy/0, set_proxy/1, update_proxy/1]).

-define(LEVELS, [none, all, emergency, alert, critical, error, warning, notice, info, debug]).

%% @doc Sets all up anew as the environment of the kernel says, which is checked first: {error, {bad_config, What}}.
reconfigure() ->
    Level = application:get_env(kernel, logger_level, notice),
    Metadata = application:get_env(kernel, logger_metadata, #{}),
    Items = application:get_env(kernel, logger, []),
    Target = application:get_env(kernel, error_logger, tty),
    Faults = [{logger_level, Level} || not lists:member(Level, ?LEVELS)]
        ++ [{logger_metadata, Metadata} || not is_map(Metadata)]
        ++ [Items || not is_list(Items) orelse check(Items) =/= ok]
        ++ [{error_logger, Target} || not is_target(Target)],
    case Faults of
        [] -> set_up(Level, Metadata, Items, Target);
        [Fault | _] -> {error, {bad_config, {kernel, Fault}}}
    end.

is_target({file, File}) -> is_list(File);
is_target(Target) -> lists:member(Target, [tty, false, silent]).

set_up(Level, Metadata, Items, Target) ->
    {FilterDefault, Filters} = case [{Default, List} || {filters, Default, List} <- Items] of
                                   [First | _] -> First;
                                   [] -> {log, []}
                               end,
    ok = logger:set_primary_config(#{level => Level, metadata => Metadata, filter_default => FilterDefault,
                                     filters => Filters}),
    _ = [logger:remove_handler(Id) || Id <- logger:get_handler_ids()],
    ok = logger:unset_module_level(),
    _ = [logger:set_module_level(Modules, ModuleLevel) || {module_level, ModuleLevel, Modules} <- Items],
    _ = [update_proxy(Config) || {proxy, Config} <- Items],
    Others = [Item || {handler, Id, _, _} = Item <- Items, Id =/= default],
    case add(default_handler(Items, Target) ++ Others, []) of
        {error, Reason} -> {error, {bad_config, {handler, {kernel, Reason}}}};
        ok -> ok
    end.

%% The default handler is there unless it is taken away; what is said of it counts more than what is usual.
default_handler(Items, Target) ->
    Usual = as_before(maps:with([level, filters, filter_default, formatter], logger_server:default_handler())),
    case [Item || Item <- Items, element(1, Item) =:= handler, element(2, Item) =:= default] of
        [{handler, default, undefined} | _] -> [];
        [{handler, default, Module, Config} | _] -> [{handler, default, Module, maps:merge(Usual, Config)}];
        [] -> [{handler, default, logger_std_h, Config} || Config <- configured(Target, Usual)]
    end.

%% With handlers of its own for the reports of supervisors, crashes and progress, the default handler takes the others.
as_before(#{filters := Filters} = Usual) ->
    case application:get_env(kernel, logger_sasl_compatible) of
        {ok, true} ->
            Others = {domain, {fun logger_filters:domain/2, {log, super, [otp]}}},
            Usual#{filters := lists:keyreplace(domain, 1, Filters, Others)};
        _ -> Usual
    end.

configured({file, File}, Usual) -> [Usual#{config => #{type => file, file => File}}];
configured(tty, Usual) -> [Usual];
configured(_, _) -> [].

%% @doc Adds the handlers of a list, or those that the key `logger' of an application has: ok, or {error, Reason}.
add_handlers(Application) when is_atom(Application) ->
    case application:get_env(Application, logger) of
        {ok, Items} -> add_handlers(Items);
        undefined -> ok
    end;
add_handlers([{handler, Id, Module, Config} | Rest]) ->
    case logger:add_handler(Id, Module, Config) of
        ok -> add_handlers(Rest);
        Error -> Error
    end;
add_handlers([]) -> ok;
add_handlers(Other) -> {error, Other}.

check([{handler, Id, Module, Config} | Rest]) when is_atom(Id), is_atom(Module), is_map(Config) -> check(Rest);
check([{handler, default, undefined} | Rest]) -> check(Rest);
check([{filters, Default, Filters} | Rest]) when Default =:= log, is_list(Filters);
                                                 Default =:= stop, is_list(Filters) -> check(Rest);
check([{module_level, Level, Modules} | Rest]) when is_atom(Level), is_list(Modules) -> check(Rest);
check([{proxy, Config} | Rest]) when is_map(Config) -> check(Rest);
check([_ | _]) -> wrong;
check([]) -> ok.

%% Handlers that were added go again when a later one cannot be.
add([{handler, Id, Module, Config} | Rest], Added) ->
    case logger:add_handler(Id, Module, Config) of
        ok -> add(Rest, [Id | Added]);
        {error, Reason} ->
            _ = [logger:remove_handler(Other) || Other <- Added],
            {error, Reason}
    end;
add([], _) -> ok.

%% @doc The limits.
proxy() ->
    case logger_server:get(proxy) of
        undefined -> defaults();
        Config -> Config
    end.

defaults() ->
    (swerl_log_handler:limits())#{burst_limit_enable := false, drop_mode_qlen := 1000, flush_qlen := 5000,
                                  sync_mode_qlen := 500}.

%% @doc Sets limits; the others become the usual ones.
set_proxy(Config) -> checked(Config, defaults()).

%% @doc Changes limits.
update_proxy(Config) -> checked(Config, proxy()).

checked(Config, Others) when is_map(Config) ->
    case maps:without(maps:keys(Others), Config) of
        Unknown when Unknown =/= #{} ->
            [Key | _] = lists:sort(maps:keys(Unknown)),
            {error, {invalid_olp_config, maps:with([Key], Unknown)}};
        _ ->
            Full = maps:merge(Others, Config),
            case swerl_log_handler:checked_limits(Full) of
                ok -> logger_server:put(proxy, Full);
                Error -> Error
            end
    end;
checked(Config, _) -> {error, {invalid_config, Config}}.
