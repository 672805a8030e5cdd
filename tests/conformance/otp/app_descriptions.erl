%% Descriptions of applications that are none are refused, one by one; a temporary application may fail to start.
-module(app_descriptions).
-export([main/0, start/2, stop/1]).

main() ->
    ok = logger:set_primary_config(level, none),
    io:format("~p~n", [[application:load({application, Name, Keys})
                        || {Name, Keys} <- [{q2, [{mod, foo}]}, {q3, [{mod, []}]}, {q4, [foo, {a, b, c}]},
                                            {q5, [{mod, {}}]}, {q7, [{modules, x}]}]]]),
    Spec = {application, broken, [{mod, {?MODULE, no}}, {applications, [kernel, stdlib]}]},
    io:format("~p~n", [application:load(Spec)]),
    io:format("~p~n", [application:start(broken, temporary)]).

start(_, _) -> {error, no_will}.
stop(_) -> ok.
