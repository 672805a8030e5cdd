%%% error_logger: logging as it was before `logger`, on top of it.
-module(error_logger).

-export([error_msg/1, error_msg/2, format/2, error_report/1, error_report/2,
         warning_msg/1, warning_msg/2, warning_report/1, warning_report/2, warning_map/0,
         info_msg/1, info_msg/2, info_report/1, info_report/2,
         get_format_depth/0, tty/1, logfile/1,
         add_report_handler/1, add_report_handler/2, delete_report_handler/1,
         which_report_handlers/0]).
-export([report_to_format/1, limit_term/1]).

%% @doc Logs a format with its arguments as an error; as error_msg/2.
format(Format, Args) -> message(error, error_msg, error, Format, Args).

%% @doc Logs text as an error.
error_msg(Format) -> error_msg(Format, []).

%% @doc Logs a format with its arguments as an error.
error_msg(Format, Args) -> message(error, error_msg, error, Format, Args).

%% @doc Logs text as a warning.
warning_msg(Format) -> warning_msg(Format, []).

%% @doc Logs a format with its arguments as a warning.
warning_msg(Format, Args) -> message(warning, warning_msg, warning_msg, Format, Args).

%% @doc Logs text as information, at the level notice.
info_msg(Format) -> info_msg(Format, []).

%% @doc Logs a format with its arguments as information, at the level notice.
info_msg(Format, Args) -> message(notice, info_msg, info_msg, Format, Args).

%% @doc Logs a report, often a list of pairs, as an error of the type std_error.
error_report(Report) -> error_report(std_error, Report).

%% @doc Logs a report as an error of a type of its own; the handler of the system leaves it out.
error_report(Type, Report) -> report(error, error_report, Type, std_error, Report).

%% @doc Logs a report as a warning of the type std_warning.
warning_report(Report) -> warning_report(std_warning, Report).

%% @doc Logs a report as a warning of a type of its own; the handler of the system leaves it out.
warning_report(Type, Report) -> report(warning, warning_report, Type, std_warning, Report).

%% @doc Logs a report as information of the type std_info, at the level notice.
info_report(Report) -> info_report(std_info, Report).

%% @doc Logs a report as information of a type of its own; the handler of the system leaves it out.
info_report(Type, Report) -> report(notice, info_report, Type, std_info, Report).

message(Level, Function, Tag, Format, Args) ->
    logger:log(Level, #{label => {?MODULE, Function}, format => Format, args => Args},
               meta(#{tag => Tag})).

%% Reports of a type of their own are for those who look for them.
report(Level, Function, Type, StandardType, Report) ->
    Meta = meta(#{tag => Function, type => Type}),
    Full = case Type of
               StandardType -> Meta;
               _ -> Meta#{domain => [Type]}
           end,
    logger:log(Level, #{label => {?MODULE, Function}, report => Report}, Full).

meta(ErrorLogger) ->
    #{pid => self(), gl => group_leader(), time => logger:timestamp(),
      error_logger => ErrorLogger, report_cb => fun ?MODULE:report_to_format/1}.

%% @doc {Format, Args} for the reports that this module logs.
report_to_format(#{label := {?MODULE, _}, report := Report}) when is_map(Report) ->
    logger:format_report(Report);
report_to_format(#{label := {?MODULE, _}, format := Format, args := Args}) ->
    try io_lib:scan_format(Format, Args) of
        _ -> {Format, Args}
    catch
        _:_ -> {"ERROR: ~tp - ~tp", [Format, Args]}
    end;
report_to_format(#{label := {?MODULE, _}, report := Report}) ->
    text(Report).

text([Item | _] = Report) when is_tuple(Item); is_atom(Item) ->
    items(Report);
text(Report) ->
    logger:format_report(Report).

items(Report) -> logger:format_report(Report).

%% @doc As what warnings are logged: warning.
warning_map() -> warning.

%% @doc A term as deep as reports show it.
limit_term(Term) ->
    case get_format_depth() of
        unlimited -> Term;
        Depth -> io_lib:limit_term(Term, Depth)
    end.

%% @doc How deep terms are shown in reports, 10 at least, or unlimited: kernel's error_logger_format_depth.
get_format_depth() ->
    case application:get_env(kernel, error_logger_format_depth) of
        {ok, Depth} when is_integer(Depth) -> max(10, Depth);
        _ -> unlimited
    end.

%% @doc Turns the reports on the terminal on or off.
tty(true) ->
    case lists:member(default, logger:get_handler_ids()) of
        true -> ok;
        false ->
            logger:add_handler(default, logger_std_h,
                               #{formatter => {logger_formatter, #{legacy_header => true,
                                                                   single_line => false}}})
    end;
tty(false) ->
    _ = logger:remove_handler(default),
    ok.

%% @doc Writes all events to a file with {open, File}, ends that with close, and names the file with filename.
logfile({open, File}) ->
    case lists:member(error_logger_file_h, which_report_handlers()) of
        true -> {error, allready_have_logfile};
        false -> add_report_handler(error_logger_file_h, File)
    end;
logfile(close) ->
    case delete_report_handler(error_logger_file_h) of
        {error, Reason} -> {error, Reason};
        _ -> ok
    end;
logfile(filename) ->
    case lists:member(error_logger_file_h, which_report_handlers()) of
        true -> gen_event:call(?MODULE, error_logger_file_h, filename);
        false -> {error, no_log_file}
    end.

%%% Handlers of the old kind are gen_event handlers of the process that is
%%% registered as error_logger; it is started by the first of them.

%% @doc As add_report_handler/2, with [] as arguments.
add_report_handler(Module) -> add_report_handler(Module, []).

%% @doc Adds an event handler of the old kind, a module of gen_event, with arguments for its init.
add_report_handler(Module, Args) when is_atom(Module) ->
    swerl_error_logger_events:start(),
    gen_event:add_handler(?MODULE, Module, Args).

%% @doc Removes an event handler of the old kind; {error, module_not_found} where it is not there.
delete_report_handler(Module) when is_atom(Module) ->
    case whereis(?MODULE) of
        undefined -> {error, module_not_found};
        _ -> gen_event:delete_handler(?MODULE, Module, [])
    end.

%% @doc The event handlers of the old kind.
which_report_handlers() ->
    case whereis(?MODULE) of
        undefined -> [];
        _ -> gen_event:which_handlers(?MODULE)
    end.
