%% What ports refuse, and what the log says of it.
-module(st_port_refusals).
-export([main/0, log/2]).

-define(T(E), t(?LINE, fun() -> E end)).

t(Line, Fun) ->
    Value = try Fun() catch Class:Reason -> {Class, Reason} end,
    io:format("~p: ~p~n", [Line, Value]).

log(#{level := Level, msg := {Format, Args}}, #{config := Pid}) ->
    Pid ! {log, Level, lists:flatten(io_lib:format(Format, Args))};
log(_, _) ->
    ok.

heard() ->
    receive
        {log, Level, Text} -> [{Level, Text} | heard()];
        {'EXIT', Port, Reason} when is_port(Port) -> [{exit, Reason} | heard()]
    after 200 -> []
    end.

main() ->
    process_flag(trap_exit, true),
    logger:set_handler_config(default, level, none),
    ok = logger:add_handler(here, ?MODULE, #{config => self(), level => error}),
    Port = open_port({spawn, "cat"}, []),
    ?T(port_command(Port, foo)),
    ?T(port_command(Port, [300])),
    ?T(lists:sort(heard())),
    Port ! {self(), {command, foo}},
    ?T(lists:sort(heard())),
    Second = open_port({spawn, "cat -u"}, []),
    Second ! {self(), {command, [a]}},
    ?T(lists:sort(heard())),
    [?T({Env, case catch open_port({spawn, "true"}, [{env, Env}]) of
                  Opened when is_port(Opened) -> port;
                  {'EXIT', {Reason, _}} -> Reason
              end})
     || Env <- [[{"A=", "x"}], [{"=A", "x"}], [{"A=B", false}], [{"A", "x=y"}], [{"A", false}], [{"", "x"}],
                [{"A", 1}], [{a, "1"}], [foo], foo]],
    ?T(open_port({fd, -1, 1}, [])),
    ?T(open_port({fd, 1, -1}, [])),
    ?T(open_port({fd, foo, 1}, [])).
