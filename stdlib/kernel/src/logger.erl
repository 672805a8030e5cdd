%%% logger: the programming interface of logging.
%%%
%%% An event passes the primary level and filters and then those of each
%%% handler, all in the process that logs. The configuration is kept by the
%%% process `logger`; functions that change it check it first.
-module(logger).

-export([emergency/1, emergency/2, emergency/3, alert/1, alert/2, alert/3,
         critical/1, critical/2, critical/3, error/1, error/2, error/3,
         warning/1, warning/2, warning/3, notice/1, notice/2, notice/3,
         info/1, info/2, info/3, debug/1, debug/2, debug/3]).
-export([log/2, log/3, log/4, allow/2, macro_log/3, macro_log/4, macro_log/5, machine_event/3]).
-export([set_primary_config/1, set_primary_config/2, get_primary_config/0,
         update_primary_config/1, add_primary_filter/2, remove_primary_filter/1,
         add_handler/3, add_handlers/1, remove_handler/1, get_handler_ids/0,
         get_handler_config/0, get_handler_config/1,
         set_handler_config/2, set_handler_config/3,
         update_handler_config/2, update_handler_config/3,
         update_formatter_config/2, update_formatter_config/3,
         add_handler_filter/3, remove_handler_filter/2,
         set_module_level/2, unset_module_level/0, unset_module_level/1,
         get_module_level/0, get_module_level/1,
         set_application_level/2, unset_application_level/1,
         get_config/0, get_proxy_config/0, set_proxy_config/1, update_proxy_config/1,
         set_process_metadata/1, update_process_metadata/1, get_process_metadata/0,
         unset_process_metadata/0, compare_levels/2, timestamp/0, format_report/1, format_otp_report/1,
         i/0, i/1, reconfigure/0]).

-export_type([log_event/0, level/0, report/0, report_cb/0, report_cb_config/0, msg_fun/0,
              metadata/0, primary_config/0, handler_config/0, handler_id/0, filter_id/0,
              filter/0, filter_arg/0, filter_return/0, config_handler/0, formatter_config/0,
              timestamp/0, olp_config/0]).

-type level() :: emergency | alert | critical | error | warning | notice | info | debug.
-type report() :: map() | [{atom(), term()}].
-type report_cb() :: fun((report()) -> {io:format(), [term()]})
                   | fun((report(), report_cb_config()) -> unicode:chardata()).
-type report_cb_config() :: #{depth := pos_integer() | unlimited,
                              chars_limit := pos_integer() | unlimited, single_line := boolean()}.
-type msg_fun() :: fun((term()) -> {io:format(), [term()]} | report() | unicode:chardata() | ignore).
-type metadata() :: map().
-type timestamp() :: integer().
-type log_event() :: #{level := level(), msg := term(), meta := metadata()}.
-type filter_id() :: atom().
-type filter_arg() :: term().
-type filter_return() :: stop | ignore | log_event().
-type filter() :: {fun((log_event(), filter_arg()) -> filter_return()), filter_arg()}.
-type handler_id() :: atom().
-type formatter_config() :: #{atom() => term()}.
-type primary_config() :: map().
-type handler_config() :: map().
-type config_handler() :: {handler, handler_id(), module(), handler_config()}.
-type olp_config() :: map().

-define(LEVELS, [emergency, alert, critical, error, warning, notice, info, debug]).
-define(IS_FORMAT(F), (is_list(F) orelse is_binary(F) orelse is_atom(F))).
-define(IS_REPORT(R), (is_map(R) orelse (is_list(R) andalso is_tuple(hd(R))))).

%%% Logging, by level.

%% @doc Logs text or a report at the level emergency.
emergency(X) -> log(emergency, X).
%% @doc As emergency/1, with metadata; or a format with its arguments, or a fun that makes the message.
emergency(X, Y) -> log(emergency, X, Y).
%% @doc Logs a format with its arguments, or what a fun makes of its argument, with metadata: level emergency.
emergency(F, A, Meta) -> log(emergency, F, A, Meta).

%% @doc Logs text or a report at the level alert.
alert(X) -> log(alert, X).
%% @doc As alert/1, with metadata; or a format with its arguments, or a fun that makes the message.
alert(X, Y) -> log(alert, X, Y).
%% @doc Logs a format with its arguments, or what a fun makes of its argument, with metadata: level alert.
alert(F, A, Meta) -> log(alert, F, A, Meta).

%% @doc Logs text or a report at the level critical.
critical(X) -> log(critical, X).
%% @doc As critical/1, with metadata; or a format with its arguments, or a fun that makes the message.
critical(X, Y) -> log(critical, X, Y).
%% @doc Logs a format with its arguments, or what a fun makes of its argument, with metadata: level critical.
critical(F, A, Meta) -> log(critical, F, A, Meta).

%% @doc Logs text or a report at the level error.
error(X) -> log(error, X).
%% @doc As error/1, with metadata; or a format with its arguments, or a fun that makes the message.
error(X, Y) -> log(error, X, Y).
%% @doc Logs a format with its arguments, or what a fun makes of its argument, with metadata: level error.
error(F, A, Meta) -> log(error, F, A, Meta).

%% @doc Logs text or a report at the level warning.
warning(X) -> log(warning, X).
%% @doc As warning/1, with metadata; or a format with its arguments, or a fun that makes the message.
warning(X, Y) -> log(warning, X, Y).
%% @doc Logs a format with its arguments, or what a fun makes of its argument, with metadata: level warning.
warning(F, A, Meta) -> log(warning, F, A, Meta).

%% @doc Logs text or a report at the level notice.
notice(X) -> log(notice, X).
%% @doc As notice/1, with metadata; or a format with its arguments, or a fun that makes the message.
notice(X, Y) -> log(notice, X, Y).
%% @doc Logs a format with its arguments, or what a fun makes of its argument, with metadata: level notice.
notice(F, A, Meta) -> log(notice, F, A, Meta).

%% @doc Logs text or a report at the level info.
info(X) -> log(info, X).
%% @doc As info/1, with metadata; or a format with its arguments, or a fun that makes the message.
info(X, Y) -> log(info, X, Y).
%% @doc Logs a format with its arguments, or what a fun makes of its argument, with metadata: level info.
info(F, A, Meta) -> log(info, F, A, Meta).

%% @doc Logs text or a report at the level debug.
debug(X) -> log(debug, X).
%% @doc As debug/1, with metadata; or a format with its arguments, or a fun that makes the message.
debug(X, Y) -> log(debug, X, Y).
%% @doc Logs a format with its arguments, or what a fun makes of its argument, with metadata: level debug.
debug(F, A, Meta) -> log(debug, F, A, Meta).

%% @doc Logs text, or a report (a map or a list of pairs), at a level.
log(Level, StringOrReport) ->
    checked_log(Level, message(StringOrReport), #{}).

%% @doc As log/2, with metadata of the event; or a format with its arguments; or a fun with its argument,
%% which is called only where the level is allowed.
log(Level, StringOrReport, Meta) when is_map(Meta), not is_function(StringOrReport) ->
    checked_log(Level, message(StringOrReport), Meta);
log(Level, Fun, Arg) when is_function(Fun, 1) ->
    log(Level, Fun, Arg, #{});
log(Level, Format, Args) when is_list(Args), ?IS_FORMAT(Format) ->
    checked_log(Level, {Format, Args}, #{}).

%% @doc Logs a format with its arguments, or what a fun makes of its argument, with metadata.
log(Level, Fun, Arg, Meta) when is_function(Fun, 1), is_map(Meta) ->
    case level_allowed(Level, maps:get(level, logger_server:get(primary))) of
        true ->
            case lazy(Fun, Arg) of
                ignore -> ok;
                Message -> do_log(Level, Message, complete(Meta))
            end;
        false ->
            ok
    end;
log(Level, Format, Args, Meta) when is_list(Args), is_map(Meta), ?IS_FORMAT(Format) ->
    checked_log(Level, {Format, Args}, Meta).

%% Reports are maps and lists of pairs; anything else has to be text.
message(Report) when is_map(Report) -> {report, Report};
message([Pair | _] = Report) when is_tuple(Pair) -> {report, Report};
message(String) when is_list(String); is_binary(String) -> {string, String};
message(Other) -> erlang:error(function_clause, [Other]).

lazy(Fun, Arg) ->
    try Fun(Arg) of
        {Format, Args} when is_list(Format), is_list(Args) -> {Format, Args};
        ignore -> ignore;
        Other -> message(Other)
    catch
        Class:Reason ->
            {"LAZY_FUN CRASH: ~tp; Reason: ~tp", [{Fun, Arg}, {Class, Reason}]}
    end.

checked_log(Level, Message, Meta) ->
    case level_allowed(Level, maps:get(level, logger_server:get(primary))) of
        true -> do_log(Level, Message, complete(Meta));
        false -> ok
    end.

%% @doc Whether an event of a level, logged in a module, passes the level of the module, or the primary one.
%% The macros ask this before they build the arguments.
allow(Level, Module) when is_atom(Module) ->
    {Primary, ModuleLevel} = logger_server:get(primary, {module, Module}),
    case ModuleLevel of
        undefined -> level_allowed(Level, maps:get(level, Primary));
        _ -> level_allowed(Level, ModuleLevel)
    end.

%% @doc What the macros call: logs text or a report with the place in the source. The level is not asked again.
macro_log(Location, Level, StringOrReport) ->
    macro_log(Location, Level, StringOrReport, #{}).

%% @doc As macro_log/3, with metadata; or a format with its arguments, or a fun with its argument.
macro_log(Location, Level, StringOrReport, Meta)
  when is_map(Meta), not is_function(StringOrReport) ->
    do_log(Level, message(StringOrReport), complete(maps:merge(Location, Meta)));
macro_log(Location, Level, FunOrFormat, Args) ->
    macro_log(Location, Level, FunOrFormat, Args, #{}).

%% @doc As macro_log/3, for a format with its arguments or a fun with its argument, with metadata.
macro_log(Location, Level, Fun, Arg, Meta) when is_function(Fun, 1) ->
    case lazy(Fun, Arg) of
        ignore -> ok;
        Message -> do_log(Level, Message, complete(maps:merge(Location, Meta)))
    end;
macro_log(Location, Level, Format, Args, Meta) ->
    do_log(Level, {Format, Args}, complete(maps:merge(Location, Meta))).

%% What is known of every event; what the caller says counts most.
complete(Meta) ->
    Process = case get_process_metadata() of
                  undefined -> #{};
                  Own -> Own
              end,
    Known = #{pid => self(), gl => group_leader(), time => timestamp()},
    maps:merge(Known, maps:merge(Process, Meta)).

%%% From an event to the handlers.

%% @doc Logs an event of the machine, or of a process that must not wait for the logger.
machine_event(Level, Message, Meta) ->
    case level_allowed(Level, maps:get(level, logger_server:get(primary))) of
        true -> do_log(Level, Message, Meta);
        false -> ok
    end.

do_log(Level, Message, Meta) ->
    Primary = logger_server:get(primary),
    Event = #{level => Level, msg => Message,
              meta => maps:merge(maps:get(metadata, Primary), Meta)},
    case filter(Event, primary, Primary) of
        stop -> ok;
        Passed -> to_handlers(Passed, logger_server:snapshot(handler))
    end.

to_handlers(Event, [{{handler, Id}, Config} | Handlers]) ->
    to_handler(Event, Id, Config),
    to_handlers(Event, Handlers);
to_handlers(_Event, []) ->
    ok.

to_handler(#{level := Level} = Event, Id, #{module := Module} = Config) ->
    case level_allowed(Level, maps:get(level, Config)) andalso filter(Event, Id, Config) of
        false -> ok;
        stop -> ok;
        Passed ->
            Seen = maps:without([level, filters, filter_default], Config),
            try
                Module:log(Passed, Seen),
                ok
            catch
                Class:Reason:Trace ->
                    %% A handler that fails is taken out.
                    remove_failed(Id, Module, Passed, Seen, {Class, Reason, Trace})
            end
    end.

remove_failed(Id, Module, Event, Config, {Class, Reason, Trace}) ->
    case remove_handler(Id) of
        ok ->
            erlang:display_string("Logger - error: "),
            erlang:display({removed_failing_handler, Id}),
            unless_own(Event, [{logger, removed_failing_handler}, {handler, {Id, Module}}, {log_event, Event},
                               {config, Config}, {reason, {Class, Reason, without_logger(Trace)}}]);
        {error, _} ->
            ok
    end.

%% The part of a stack above this module.
without_logger(Trace) -> lists:takewhile(fun({Module, _, _, _}) -> Module =/= ?MODULE end, Trace).

%% What the logger itself has to say, unless it is about such an event.
unless_own(#{meta := #{internal_log_event := true}}, _) ->
    ok;
unless_own(_, Report) ->
    own_event(debug, Report).

own_event(Level, Message) ->
    Location = #{mfa => {?MODULE, ?FUNCTION_NAME, ?FUNCTION_ARITY}, file => ?FILE, line => ?LINE, internal_log_event => true},
    %% By another process: this one may be the one that the logger waits for.
    Said = case Message of
               {Format, Args} -> [Format, Args];
               Report -> [Report]
           end,
    _ = allow(Level, ?MODULE) andalso spawn(?MODULE, macro_log, [Location, Level] ++ Said ++ [complete(Location)]),
    ok.

%% The event as the filters of an owner (primary, or a handler by its name) leave it, or stop.
filter(Event, Owner, #{filters := Filters, filter_default := Default}) ->
    filter(Filters, Event, Owner, Default, undecided).

filter([{Id, {Fun, Arg}} | Filters], Event, Owner, Default, State) ->
    try Fun(Event, Arg) of
        stop -> stop;
        ignore -> filter(Filters, Event, Owner, Default, State);
        #{level := _, msg := _, meta := _} = Passed -> filter(Filters, Passed, Owner, Default, decided);
        Bad ->
            remove_failed_filter(Owner, {Id, {Fun, Arg}}, Event, {bad_return_value, Bad}),
            filter(Filters, Event, Owner, Default, State)
    catch
        Class:Reason:Trace ->
            remove_failed_filter(Owner, {Id, {Fun, Arg}}, Event, {Class, Reason, without_logger(Trace)}),
            filter(Filters, Event, Owner, Default, State)
    end;
filter([], _Event, _Owner, stop, undecided) ->
    stop;
filter([], Event, _Owner, _Default, _State) ->
    Event.

%% A filter that fails, or that gives something else than an event, is taken out.
remove_failed_filter(Owner, {Id, _} = Filter, Event, Reason) ->
    Removed = case Owner of
                  primary -> remove_primary_filter(Id);
                  Handler -> remove_handler_filter(Handler, Id)
              end,
    case Removed of
        ok ->
            Text = io_lib:format("Logger - error: ~0tp\r\n", [{removed_failing_filter, Id}]),
            _ = (catch erlang:display_string(lists:flatten(Text))),
            unless_own(Event, [{logger, removed_failing_filter}, {filter, Filter}, {owner, Owner}, {log_event, Event},
                               {reason, Reason}]);
        {error, _} ->
            ok
    end.

%%% Levels.

level_allowed(Level, Limit) -> number(Level) =< limit(Limit).

limit(all) -> 10;
limit(none) -> -1;
limit(Level) -> number(Level).

number(emergency) -> 0;
number(alert) -> 1;
number(critical) -> 2;
number(error) -> 3;
number(warning) -> 4;
number(notice) -> 5;
number(info) -> 6;
number(debug) -> 7.

is_level(Level) -> lists:member(Level, [none, all | ?LEVELS]).

%% @doc gt where the first level is more severe than the second, lt where it is less, eq where they are
%% the same; fails with badarg for what is no level. none is above all levels, all below.
compare_levels(Level1, Level2) ->
    case is_level(Level1) andalso is_level(Level2) of
        true when Level1 =:= Level2 -> eq;
        true ->
            case limit(Level1) < limit(Level2) of
                true -> gt;
                false -> lt
            end;
        false ->
            erlang:error(badarg, [Level1, Level2])
    end.

%%% Primary configuration.

%% @doc The primary configuration: a map with level, filters, filter_default and metadata.
get_primary_config() -> logger_server:get(primary).

%% @doc Sets one item of the primary configuration.
set_primary_config(Key, Value) ->
    change_primary(fun(Config) -> Config end, #{Key => Value}).

%% @doc Sets the primary configuration; items that are not given get their usual values.
set_primary_config(Config) when is_map(Config) ->
    Defaults = #{level => notice, filter_default => log, filters => [], metadata => #{}},
    change_primary(fun(_) -> Defaults end, Config);
set_primary_config(Config) ->
    {error, {invalid_config, Config}}.

%% @doc Changes items of the primary configuration; the others stay.
update_primary_config(Config) when is_map(Config) ->
    change_primary(fun(Old) -> Old end, Config);
update_primary_config(Config) ->
    {error, {invalid_config, Config}}.

change_primary(Base, Changes) ->
    case check(maps:to_list(Changes), invalid_primary_config) of
        ok -> logger_server:put(primary, maps:merge(Base(get_primary_config()), Changes));
        Error -> Error
    end.

%% @doc Adds a filter {Fun, Arg} for all events; {error, {already_exist, Id}} where there is one of this name.
add_primary_filter(Id, Filter) ->
    #{filters := Filters} = get_primary_config(),
    case new_filters(Id, Filter, Filters) of
        {ok, New} -> set_primary_config(filters, New);
        Error -> Error
    end.

%% @doc Removes a primary filter by its name; {error, {not_found, Id}} where there is none.
remove_primary_filter(Id) ->
    #{filters := Filters} = get_primary_config(),
    case lists:keymember(Id, 1, Filters) of
        true -> set_primary_config(filters, lists:keydelete(Id, 1, Filters));
        false -> {error, {not_found, Id}}
    end.

new_filters(Id, Filter, Filters) ->
    case check_filters([{Id, Filter}]) of
        ok ->
            case lists:keymember(Id, 1, Filters) of
                true -> {error, {already_exist, Id}};
                false -> {ok, Filters ++ [{Id, Filter}]}
            end;
        Error ->
            Error
    end.

%% Each item of a configuration is checked; the last argument names the kind.
check([{level, Level} | Rest], Kind) ->
    case is_level(Level) of
        true -> check(Rest, Kind);
        false -> {error, {invalid_level, Level}}
    end;
check([{filters, Filters} | Rest], Kind) ->
    case check_filters(Filters) of
        ok -> check(Rest, Kind);
        Error -> Error
    end;
check([{filter_default, Default} | Rest], Kind) ->
    case Default =:= log orelse Default =:= stop of
        true -> check(Rest, Kind);
        false -> {error, {invalid_filter_default, Default}}
    end;
check([{metadata, Meta} | Rest], invalid_primary_config) when is_map(Meta) ->
    check(Rest, invalid_primary_config);
check([{formatter, Formatter} | Rest], invalid_handler_config = Kind) ->
    case check_formatter(Formatter) of
        ok -> check(Rest, Kind);
        Error -> Error
    end;
check([{Key, Value} | _], invalid_primary_config) ->
    {error, {invalid_primary_config, {Key, Value}}};
check([_ | Rest], Kind) ->
    check(Rest, Kind);
check([], _Kind) ->
    ok.

check_filters([{Id, {Fun, _}} | Filters]) when is_atom(Id), is_function(Fun, 2) ->
    check_filters(Filters);
check_filters([]) ->
    ok;
check_filters([Filter | _]) ->
    {error, {invalid_filter, Filter}};
check_filters(Filters) ->
    {error, {invalid_filters, Filters}}.

check_formatter({Module, Config}) when is_atom(Module) ->
    %% That there is no such module turns out when something is logged.
    _ = code:ensure_loaded(Module),
    case erlang:function_exported(Module, check_config, 1) of
        true -> Module:check_config(Config);
        false -> ok
    end;
check_formatter(Other) ->
    {error, {invalid_formatter, Other}}.

%%% Handlers.

%% @doc The names of all handlers, the latest first.
get_handler_ids() -> lists:reverse([Id || {{handler, Id}, _} <- logger_server:snapshot(handler)]).

%% @doc The configurations of all handlers.
get_handler_config() -> lists:reverse([shown(Config) || {_, Config} <- logger_server:snapshot(handler)]).

%% @doc {ok, Config} of a handler, or {error, {not_found, Id}}.
get_handler_config(Id) ->
    case logger_server:get({handler, Id}) of
        undefined -> {error, {not_found, Id}};
        Config -> {ok, shown(Config)}
    end.

%% The handler's own view of its configuration.
shown(#{module := Module} = Config) ->
    _ = code:ensure_loaded(Module),
    case erlang:function_exported(Module, filter_config, 1) of
        true ->
            try Module:filter_config(Config)
            catch _:_ -> Config
            end;
        false -> Config
    end.

%% @doc Adds a handler: its name, its callback module and its configuration. The module may change the
%% configuration, or refuse; {error, {already_exist, Id}} where there is one of this name.
add_handler(Id, Module, Config) when is_atom(Id), is_atom(Module), is_map(Config) ->
    case check(maps:to_list(Config), invalid_handler_config) of
        ok -> add_checked(Id, Module, Config);
        Error -> Error
    end;
add_handler(Id, _Module, _Config) when not is_atom(Id) ->
    {error, {invalid_id, Id}};
add_handler(_Id, Module, _Config) when not is_atom(Module) ->
    {error, {invalid_module, Module}};
add_handler(_Id, _Module, Config) ->
    {error, {invalid_config, Config}}.

add_checked(Id, Module, Config) ->
    _ = code:ensure_loaded(Module),
    case {erlang:function_exported(Module, log, 2), logger_server:get({handler, Id})} of
        {_, #{}} ->
            {error, {already_exist, Id}};
        {false, _} ->
            {error, {invalid_handler, {function_not_exported, {Module, log, 2}}}};
        {true, undefined} ->
            Full = maps:merge(handler_defaults(), Config#{id => Id, module => Module}),
            case callback(Module, adding_handler, [Full], fun(Other) -> no_config(Module, Other) end) of
                {ok, New} ->
                    case logger_server:insert_new({handler, Id}, New) of
                        true -> ok;
                        false -> {error, {already_exist, Id}}
                    end;
                {error, Reason} ->
                    {error, {handler_not_added, Reason}}
            end
    end.

handler_defaults() ->
    #{level => all, filters => [], filter_default => log, formatter => {logger_formatter, #{}}}.

no_config(Module, Other) -> {error, {callback_crashed, {Module, adding_handler, Other}}}.

%% Calls an optional callback that may change the configuration; a fun says what becomes of answers of another kind.
callback(Module, Function, Args, Else) ->
    _ = code:ensure_loaded(Module),
    case erlang:function_exported(Module, Function, length(Args)) of
        true ->
            try apply(Module, Function, Args) of
                {ok, Config} -> {ok, Config};
                {error, Reason} -> {error, Reason};
                Other -> Else(Other)
            catch
                Class:Reason:Trace ->
                    Crash = {Class, Reason, without_logger(Trace)},
                    own_event(error, [{logger, callback_crashed}, {process, logger}, {reason, Crash}]),
                    {error, {callback_crashed, Crash}}
            end;
        false ->
            {ok, lists:last(Args)}
    end.

%% @doc Adds the handlers that the variable logger of an application's environment lists, or those of such a list
%% itself, up to the first that cannot be added.
add_handlers(ApplicationOrItems) ->
    case swerl_logger_setup:add_handlers(ApplicationOrItems) of
        ok -> ok;
        {error, Reason} ->
            own_event(error, {"Invalid logger handler config: ~p", [Reason]}),
            {error, {bad_config, {handler, Reason}}}
    end.

%% @doc Removes a handler and tells its module; {error, {not_found, Id}} where there is none.
remove_handler(Id) ->
    case logger_server:get({handler, Id}) of
        undefined ->
            {error, {not_found, Id}};
        #{module := Module} = Config ->
            _ = logger_server:delete({handler, Id}),
            _ = callback(Module, removing_handler, [Config], fun(Other) -> Other end),
            ok
    end.

%% @doc Sets one item of a handler's configuration; id and module are fixed.
set_handler_config(Id, Key, Value) ->
    change_handler(Id, set, fun(Old) -> Old end, #{Key => Value}).

%% @doc Sets a handler's configuration; items that are not given get their usual values.
set_handler_config(Id, Config) when is_map(Config) ->
    Keep = fun(Old) -> maps:merge(handler_defaults(), maps:with([id, module], Old)) end,
    change_handler(Id, set, Keep, Config);
set_handler_config(_Id, Config) ->
    {error, {invalid_config, Config}}.

%% @doc Changes one item of a handler's configuration; its module is told that it is an update.
update_handler_config(Id, Key, Value) ->
    change_handler(Id, update, fun(Old) -> Old end, #{Key => Value}).

%% @doc Changes items of a handler's configuration; the others stay.
update_handler_config(Id, Config) when is_map(Config) ->
    change_handler(Id, update, fun(Old) -> Old end, Config);
update_handler_config(_Id, Config) ->
    {error, {invalid_config, Config}}.

change_handler(Id, _How, _Base, _Changes) when not is_atom(Id) ->
    {error, {invalid_id, Id}};
change_handler(Id, How, Base, Changes) ->
    case {check(maps:to_list(Changes), invalid_handler_config), logger_server:get({handler, Id})} of
        {ok, undefined} -> {error, {not_found, Id}};
        {ok, Old} -> change_handler(Id, How, Old, maps:merge(Base(Old), Changes), Changes);
        {Error, _} -> Error
    end.

change_handler(Id, How, #{module := Module} = Old, New, Changes) ->
    case [Key || Key <- [id, module], maps:get(Key, Old) =/= maps:get(Key, New)] of
        [] ->
            case callback(Module, changing_config, [How, Old, New], fun(Other) -> Other end) of
                {ok, Config} -> logger_server:put({handler, Id}, Config);
                Other -> Other
            end;
        Fixed ->
            {error, {illegal_config_change, maps:with(Fixed, Old), maps:with(Fixed, Changes)}}
    end.

%% @doc Changes one item of the configuration of a handler's formatter.
update_formatter_config(Id, Key, Value) ->
    update_formatter_config(Id, #{Key => Value}).

%% @doc Changes items of the configuration of a handler's formatter; the others stay.
update_formatter_config(Id, Changes) when is_map(Changes) ->
    case logger_server:get({handler, Id}) of
        undefined ->
            {error, {not_found, Id}};
        #{formatter := {Module, Config}} = Handler ->
            %% The handler is not asked.
            Formatter = {Module, maps:merge(Config, Changes)},
            case check_formatter(Formatter) of
                ok -> logger_server:put({handler, Id}, Handler#{formatter := Formatter});
                Error -> Error
            end
    end;
update_formatter_config(_Id, Config) ->
    {error, {invalid_formatter_config, Config}}.

%% @doc Adds a filter {Fun, Arg} to a handler; {error, {already_exist, FilterId}} where it has one of this name.
add_handler_filter(Id, _FilterId, _Filter) when not is_atom(Id) ->
    {error, {invalid_id, Id}};
add_handler_filter(Id, FilterId, Filter) ->
    case {check_filters([{FilterId, Filter}]), logger_server:get({handler, Id})} of
        {ok, undefined} ->
            {error, {not_found, Id}};
        {ok, #{filters := Filters} = Config} ->
            case new_filters(FilterId, Filter, Filters) of
                {ok, New} -> logger_server:put({handler, Id}, Config#{filters := New});
                Error -> Error
            end;
        {Error, _} ->
            Error
    end.

%% @doc Removes a filter of a handler; {error, {not_found, What}} where there is no such handler or filter.
remove_handler_filter(Id, FilterId) ->
    case logger_server:get({handler, Id}) of
        undefined ->
            {error, {not_found, Id}};
        #{filters := Filters} = Config ->
            case lists:keymember(FilterId, 1, Filters) of
                true ->
                    Left = lists:keydelete(FilterId, 1, Filters),
                    logger_server:put({handler, Id}, Config#{filters := Left});
                false ->
                    {error, {not_found, FilterId}}
            end
    end.

%%% Levels of modules.

%% @doc Gives a module, or each of a list, a level of its own, which counts instead of the primary one.
set_module_level(Module, Level) when is_atom(Module) ->
    set_module_level([Module], Level);
set_module_level(Modules, Level) ->
    case {is_module_list(Modules), is_level(Level)} of
        {false, _} -> {error, {not_a_list_of_modules, Modules}};
        {true, false} -> {error, {invalid_level, Level}};
        {true, true} ->
            _ = [logger_server:put({module, Module}, Level) || Module <- Modules],
            ok
    end.

is_module_list(Modules) -> is_list(Modules) andalso lists:all(fun is_atom/1, Modules).

%% @doc Takes away the levels of all modules.
unset_module_level() ->
    unset_module_level([Module || {Module, _} <- get_module_level()]).

%% @doc Takes away the level of a module, or of each of a list.
unset_module_level(Module) when is_atom(Module) ->
    unset_module_level([Module]);
unset_module_level(Modules) ->
    case is_module_list(Modules) of
        true ->
            _ = [logger_server:delete({module, Module}) || Module <- Modules],
            ok;
        false ->
            {error, {not_a_list_of_modules, Modules}}
    end.

%% @doc The modules that have a level of their own, as {Module, Level}.
get_module_level() ->
    lists:sort([{Module, Level} || {{module, Module}, Level} <- logger_server:snapshot(module)]).

%% @doc As get_module_level/0, of one module or of a list of modules.
get_module_level(Module) when is_atom(Module) ->
    get_module_level([Module]);
get_module_level(Modules) when is_list(Modules) ->
    [Pair || {Module, _} = Pair <- get_module_level(), lists:member(Module, Modules)].

%% @doc Gives all modules of an application a level; {error, {not_loaded, App}} where it is not loaded.
set_application_level(App, Level) ->
    case application:get_key(App, modules) of
        {ok, Modules} -> set_module_level(Modules, Level);
        undefined -> {error, {not_loaded, App}}
    end.

%% @doc Takes away the levels of all modules of an application, which has to be loaded.
unset_application_level(App) ->
    case application:get_key(App, modules) of
        {ok, Modules} -> unset_module_level(Modules);
        undefined -> {error, {not_loaded, App}}
    end.

%%% All of it.

%% @doc All of the configuration, as a map: primary, handlers, proxy and module_levels.
get_config() ->
    #{primary => get_primary_config(), handlers => get_handler_config(),
      proxy => get_proxy_config(), module_levels => get_module_level()}.

%% @doc The overload limits of the proxy, which passes on events of other nodes and of the machine.
get_proxy_config() -> swerl_logger_setup:proxy().

%% @doc Sets overload limits of the proxy; those that are not given get their usual values.
set_proxy_config(Config) -> swerl_logger_setup:set_proxy(Config).

%% @doc Changes overload limits of the proxy; the others stay.
update_proxy_config(Config) -> swerl_logger_setup:update_proxy(Config).

%% @doc Forgets what was configured, and reads the environment of kernel again: logger, logger_level and
%% logger_metadata.
reconfigure() -> swerl_logger_setup:reconfigure().

%%% Metadata of the calling process.

%% @doc Sets the metadata, a map, that goes with all events of the calling process; badarg for no map.
set_process_metadata(Meta) when is_map(Meta) ->
    _ = put('$logger_metadata$', Meta),
    ok;
set_process_metadata(Meta) ->
    erlang:error(badarg, [Meta]).

%% @doc Adds to the metadata of the calling process; what is new counts more. badarg for no map.
update_process_metadata(Meta) when is_map(Meta) ->
    case get_process_metadata() of
        undefined -> set_process_metadata(Meta);
        Old -> set_process_metadata(maps:merge(Old, Meta))
    end;
update_process_metadata(Meta) ->
    erlang:error(badarg, [Meta]).

%% @doc The metadata of the calling process, or undefined.
get_process_metadata() -> get('$logger_metadata$').

%% @doc Takes away the metadata of the calling process.
unset_process_metadata() ->
    _ = erase('$logger_metadata$'),
    ok.

%% @doc The time as events carry it: microseconds of the system time.
timestamp() -> os:system_time(microsecond).

%%% Default text of reports.

%% @doc {Format, Args} for what is in a report of the library, without its label.
format_otp_report(#{label := _, report := Report}) -> format_report(Report);
format_otp_report(Report) -> format_report(Report).

%% @doc {Format, Args} that show any report: one line for each pair, with the key and its value.
format_report(Report) when is_map(Report) ->
    format_report(maps:to_list(Report));
format_report([]) ->
    {"~tp", [[]]};
format_report(Report) when is_list(Report) ->
    case io_lib:char_list(Report) of
        true -> {"~ts", [Report]};
        false when length(Report) >= 0 -> format_items(Report, [], []);
        false -> {"~tp", [Report]}
    end;
format_report(Report) ->
    {"~tp", [Report]}.

format_items([{Key, Value} | Items], Formats, Args) ->
    Format = case io_lib:printable_unicode_list(Value) andalso Value =/= [] of
                 true -> "    ~tp: ~ts";
                 false -> "    ~tp: ~tp"
             end,
    format_items(Items, [Format | Formats], [Value, Key | Args]);
format_items([Item | Items], Formats, Args) ->
    format_items(Items, ["    ~tp" | Formats], [Item | Args]);
format_items([], Formats, Args) ->
    {lists:append(lists:join("\n", lists:reverse(Formats))), lists:reverse(Args)}.

%%% Printing the configuration.

%% @doc Prints all of the configuration.
i() -> swerl_logger_config_text:print(all).

%% @doc Prints a part of the configuration: primary, handlers, proxy, modules, or the handler of that name.
i(What) when is_atom(What) -> swerl_logger_config_text:print(What);
i(What) -> erlang:error(badarg, [What]).
