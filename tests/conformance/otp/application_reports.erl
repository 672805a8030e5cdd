%% Default log text of applications that start and stop (normalised by .sed).
-module(application_reports).
-behaviour(application).
-behaviour(supervisor).
-export([main/0, start/2, stop/1, init/1]).

start(_, _) -> supervisor:start_link({local, rep_app_sup}, ?MODULE, []).
stop(_) -> ok.
init(_) -> {ok, {#{}, []}}.

main() ->
    logger:set_primary_config(level, info),
    Keys = [{vsn, "1"}, {modules, []}, {applications, []}, {registered, []}],
    application:load({application, rep_app, [{mod, {?MODULE, []}} | Keys]}), application:load({application, rep_lib, Keys}),
    [begin io:format("~p ~p~n", [F, application:F(A)]), w() end || A <- [rep_app, rep_lib], F <- [start, stop]],
    io:format("end~n").
w() -> timer:sleep(150), logger_std_h:filesync(default).
