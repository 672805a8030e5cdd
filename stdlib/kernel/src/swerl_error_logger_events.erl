%%% swerl_error_logger_events: passes log events to event handlers of the old kind.
%%%
%%% It is a handler of `logger` that sends each event, in the form those expect,
%%% to the event manager registered as `error_logger`.
-module(swerl_error_logger_events).

-export([start/0, log/2]).

%% The event manager and the logger handler, once.
start() ->
    case gen_event:start({local, error_logger}) of
        {ok, _} -> add();
        {error, {already_started, _}} -> add()
    end.

add() ->
    case logger:add_handler(error_logger, ?MODULE, #{level => info}) of
        ok -> ok;
        {error, {already_exist, _}} -> ok
    end.

%% Only what says how it is to be seen here, as all that comes from error_logger and OTP's reports.
log(#{level := Level, msg := Message, meta := #{error_logger := #{tag := _}} = Meta}, _Config) ->
    Leader = maps:get(gl, Meta, group_leader()),
    Pid = maps:get(pid, Meta, self()),
    case whereis(error_logger) of
        undefined -> ok;
        Manager -> Manager ! {notify, event(Level, Message, Meta, Leader, Pid)}, ok
    end;
log(_, _Config) -> ok.

event(_Level, {report, #{label := {error_logger, _}, format := Format, args := Args}},
      #{error_logger := #{tag := Tag}}, Leader, Pid) ->
    {Tag, Leader, {Pid, Format, Args}};
event(_Level, {report, #{label := {error_logger, _}, report := Report}},
      #{error_logger := #{tag := Tag, type := Type}}, Leader, Pid) ->
    {Tag, Leader, {Pid, Type, Report}};
event(_Level, {report, #{report := Report}}, #{error_logger := #{tag := Tag, type := Type}},
      Leader, Pid) ->
    {Tag, Leader, {Pid, Type, Report}};
event(Level, {report, Report}, Meta, Leader, Pid) ->
    {Format, Args} = case Meta of
                         #{report_cb := Fun} when is_function(Fun, 1) -> Fun(Report);
                         _ -> logger:format_report(Report)
                     end,
    {tag(Level), Leader, {Pid, Format, Args}};
event(Level, {string, Text}, _Meta, Leader, Pid) ->
    {tag(Level), Leader, {Pid, "~ts", [Text]}};
event(Level, {Format, Args}, _Meta, Leader, Pid) ->
    {tag(Level), Leader, {Pid, Format, Args}}.

tag(Level) when Level =:= notice; Level =:= info; Level =:= debug -> info_msg;
tag(warning) -> warning_msg;
tag(_) -> error.
