%%% Supervisor bridges: a process that stands in a supervision tree for another that does not follow
%%% its rules. The bridge ends with that process, and ends it when it is told to end itself.
-module(supervisor_bridge).
-behaviour(gen_server).

-export([start_link/2, start_link/3]).
-export([init/1, handle_call/3, handle_cast/2, handle_info/2, terminate/2, code_change/3,
         format_log/1, format_log/2]).

-callback init(Args :: term()) -> {ok, Pid :: pid(), State :: term()} | ignore | {error, term()}.
-callback terminate(Reason :: shutdown | term(), State :: term()) -> term().

-record(state, {module, pid, child_state, name}).

%% @doc Starts a bridge linked to the caller.
start_link(Module, Args) ->
    gen_server:start_link(?MODULE, [Module, Args, self], []).

%% @doc Starts a bridge with a name, linked to the caller.
start_link(Name, Module, Args) ->
    gen_server:start_link(Name, ?MODULE, [Module, Args, Name], []).

%% @doc Starts the process beyond the bridge.
init([Module, Args, Name0]) ->
    process_flag(trap_exit, true),
    Name = case Name0 of
               self -> {self(), Module};
               _ -> Name0
           end,
    case Module:init(Args) of
        {ok, Pid, ChildState} when is_pid(Pid) ->
            link(Pid),
            report_progress(Pid, Module, Args, Name),
            {ok, #state{module = Module, pid = Pid, child_state = ChildState, name = Name}};
        ignore ->
            ignore;
        {error, Reason} ->
            {stop, Reason}
    end.

%% @doc Bridges answer nothing.
handle_call(which_children, _, Bridge) -> {reply, [], Bridge};
handle_call(_, _, Bridge) -> {reply, {error, badcall}, Bridge}.

%% @doc Bridges take no casts.
handle_cast(_, Bridge) ->
    {noreply, Bridge}.

%% @doc Ends with the process beyond the bridge.
handle_info({'EXIT', Pid, Reason}, #state{pid = Pid} = Bridge) ->
    case is_orderly(Reason) of
        true -> ok;
        false -> report_error(child_terminated, Reason, Bridge)
    end,
    {stop, Reason, Bridge#state{pid = undefined}};
handle_info(_, Bridge) ->
    {noreply, Bridge}.

is_orderly(normal) -> true;
is_orderly(shutdown) -> true;
is_orderly({shutdown, _}) -> true;
is_orderly(_) -> false.

%% @doc Lets the callback module end the process, unless it has ended.
terminate(_, #state{pid = undefined}) ->
    ok;
terminate(Reason, #state{module = Module, child_state = ChildState} = Bridge) ->
    case catch Module:terminate(Reason, ChildState) of
        {'EXIT', Fault} -> report_error(shutdown_error, Fault, Bridge);
        _ -> ok
    end.

%% @doc Nothing changes.
code_change(_, Bridge, _) ->
    {ok, Bridge}.

report_progress(Pid, Module, Args, Name) ->
    logger:log(info,
               #{label => {supervisor, progress},
                 report => [{supervisor, Name},
                            {started, [{pid, Pid}, {mfa, {Module, init, [Args]}}]}]},
               #{mfa => {?MODULE, ?FUNCTION_NAME, ?FUNCTION_ARITY}, file => ?FILE, line => ?LINE,
                 domain => [otp, sasl], report_cb => fun ?MODULE:format_log/2,
                 logger_formatter => #{title => "PROGRESS REPORT"},
                 error_logger => #{tag => info_report, type => progress, report_cb => fun ?MODULE:format_log/1}}).

report_error(Context, Reason, #state{name = Name, pid = Pid, module = Module}) ->
    logger:log(error,
               #{label => {supervisor, error},
                 report => [{supervisor, Name}, {errorContext, Context}, {reason, Reason},
                            {offender, [{pid, Pid}, {mod, Module}]}]},
               #{mfa => {?MODULE, ?FUNCTION_NAME, ?FUNCTION_ARITY}, file => ?FILE, line => ?LINE,
                 domain => [otp, sasl], report_cb => fun ?MODULE:format_log/2,
                 logger_formatter => #{title => "SUPERVISOR REPORT"},
                 error_logger => #{tag => error_report, type => supervisor_report,
                                   report_cb => fun ?MODULE:format_log/1}}).

%% @doc The format and arguments of a report, for error_logger.
format_log(Report) -> supervisor:format_log(Report).

%% @doc The text of a report.
format_log(Report, Options) -> supervisor:format_log(Report, Options).
