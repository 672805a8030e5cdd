%%% The application sasl: supervision of the release and alarm handlers, and reports to terminal and file.
-module(sasl).
-behaviour(application).
-behaviour(supervisor).

-export([start/2, stop/1, init/1, pred/1]).

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

start_handlers() ->
    %% In the logger of today reports of this kind go to the default handler; the handlers of sasl are for
    %% systems configured in the old way.
    case application:get_env(kernel, logger_sasl_compatible) of
        {ok, true} ->
            Type = report_type(),
            [begin
                 ok = error_logger_add(Handler, Args),
                 Handler
             end || {Handler, Args} <- handlers(Type)];
        _ -> []
    end.

error_logger_add(Handler, Args) ->
    case error_logger:add_report_handler(Handler, Args) of
        ok -> ok;
        Reason -> throw({error, Reason})
    end.

report_type() ->
    case application:get_env(sasl, errlog_type) of
        {ok, error} -> error;
        {ok, progress} -> progress;
        {ok, all} -> all;
        undefined -> all;
        {ok, Bad} -> throw({error, {bad_config, {sasl, {errlog_type, Bad}}}})
    end.

handlers(Type) ->
    case application:get_env(sasl, sasl_error_logger) of
        undefined -> [{sasl_report_tty_h, Type}];
        {ok, tty} -> [{sasl_report_tty_h, Type}];
        {ok, false} -> [];
        {ok, {file, File}} when is_list(File) -> [{sasl_report_file_h, {File, [write], Type}}];
        {ok, {file, File, Modes}} when is_list(File), is_list(Modes) -> [{sasl_report_file_h, {File, Modes, Type}}];
        {ok, Bad} -> throw({error, {bad_config, {sasl, {sasl_error_logger, Bad}}}})
    end ++ multi_file().

%% A log of several files, for rb.
multi_file() ->
    case {application:get_env(sasl, error_logger_mf_dir), application:get_env(sasl, error_logger_mf_maxbytes),
          application:get_env(sasl, error_logger_mf_maxfiles)} of
        {{ok, Dir}, {ok, MaxBytes}, {ok, MaxFiles}} when is_list(Dir), is_integer(MaxBytes), is_integer(MaxFiles) ->
            Type = report_type(),
            [{log_mf_h, log_mf_h:init(Dir, MaxBytes, MaxFiles, fun(Event) -> sasl:pred({Type, Event}) end)}];
        _ -> []
    end.

%% @doc Whether an event is kept in the log of several files.
pred({all, _}) -> true;
pred({error, Event}) -> is_error(Event);
pred({progress, Event}) -> not is_error(Event);
pred(_) -> true.

is_error({Tag, _, _}) -> lists:member(Tag, [error, error_report, crash_report]).

%% @doc Takes the handlers away.
stop(Handlers) ->
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
