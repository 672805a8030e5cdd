%%% The application sasl: supervision of the release and alarm handlers, and reports to terminal and file.
-module(sasl).
-behaviour(application).
-behaviour(supervisor).

-export([start/2, stop/1, init/1]).

%% @doc Starts the handlers that the configuration asks for, and the top supervisor.
start(_, []) ->
    Handlers = try start_handlers()
               catch throw:{error, Reason} -> {error, Reason}
               end,
    case Handlers of
        {error, _} = Error -> Error;
        _ ->
            {ok, Pid} = supervisor:start_link({local, sasl_sup}, ?MODULE, []),
            {ok, Pid, Handlers}
    end.

%% Where the logger is to do as it did before it knew domains, reports of supervisors, crashes and progress go to a
%% handler of their own; a log of several files is there in any case.
%% All settings are looked at before anything is set up.
start_handlers() ->
    {Config, Type} = case application:get_env(kernel, logger_sasl_compatible) of
                         {ok, true} -> {destination(), report_type()};
                         _ -> {none, none}
                     end,
    Args = multi_file(),
    own_handler(Config, Type),
    multi_handler(Args).

report_type() ->
    case application:get_env(sasl, errlog_type) of
        {ok, Type} when Type =:= error; Type =:= progress; Type =:= all -> Type;
        undefined -> all;
        {ok, Bad} -> bad(errlog_type, Bad)
    end.

%% What the handler is configured with; none without one.
destination() ->
    case application:get_env(sasl, sasl_error_logger) of
        undefined -> #{type => standard_io};
        {ok, tty} -> #{type => standard_io};
        {ok, false} -> none;
        {ok, {file, [_ | _] = File}} -> #{type => file, file => File};
        {ok, {file, [_ | _] = File, Modes}} when is_list(Modes) -> #{type => file, file => File, modes => Modes};
        {ok, Bad} -> bad(sasl_logger_dest, Bad)
    end.

-spec bad(atom(), term()) -> no_return().
bad(Key, Value) -> exit({bad_config, {sasl, {Key, Value}}}).

own_handler(none, _) -> ok;
own_handler(Config, Type) ->
    Level = case Type of
                error -> error;
                _ ->
                    ok = logger:set_primary_config(level, info),
                    info
            end,
    ok = logger:add_handler(sasl, logger_std_h,
                            #{level => Level, filter_default => stop, config => Config,
                              filters => [{remote_gl, {fun logger_filters:remote_gl/2, stop}},
                                          {sasl_domain, {fun logger_filters:domain/2, {log, equal, [otp, sasl]}}}],
                              formatter => {logger_formatter, #{legacy_header => true, single_line => false}}}).

%% A log of several files, for rb: all that is reported.
multi_file() ->
    case application:get_env(sasl, error_logger_mf_dir) of
        undefined -> none;
        {ok, false} -> none;
        {ok, [_ | _] = Dir} ->
            MaxBytes = number(error_logger_mf_maxbytes, infinity),
            {Dir, MaxBytes, number(error_logger_mf_maxfiles, 256)};
        {ok, Bad} -> bad(error_logger_mf_dir, Bad)
    end.

multi_handler(none) -> [];
multi_handler({Dir, MaxBytes, MaxFiles}) ->
    ok = logger:set_primary_config(level, info),
    case error_logger:add_report_handler(log_mf_h, log_mf_h:init(Dir, MaxBytes, MaxFiles)) of
        ok -> [log_mf_h];
        Reason -> throw({error, Reason})
    end.

number(Key, Limit) ->
    case application:get_env(sasl, Key) of
        {ok, N} when is_integer(N), N > 0, N < Limit -> N;
        {ok, Bad} -> bad(Key, Bad);
        undefined -> exit({missing_config, {sasl, Key}})
    end.

%% @doc Takes the handlers away.
stop(Handlers) ->
    _ = logger:remove_handler(sasl),
    _ = [error_logger:delete_report_handler(Handler) || Handler <- Handlers],
    ok.

%% @doc The children: a supervisor for what restarts, and the release handler.
init([]) ->
    Safe = {sasl_safe_sup, {supervisor, start_link, [{local, sasl_safe_sup}, ?MODULE, safe]}, permanent, infinity,
            supervisor, [?MODULE]},
    Release = {release_handler, {release_handler, start_link, []}, permanent, 2000, worker, []},
    {ok, {{one_for_one, 0, 1}, [Safe, Release]}};
init(safe) ->
    Alarms = {alarm_handler, {alarm_handler, start_link, []}, permanent, 2000, worker, dynamic},
    {ok, {{one_for_one, 4, 3600}, [Alarms]}}.
