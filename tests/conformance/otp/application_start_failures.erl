%% What is logged when applications do not start, or end.
-module(application_start_failures).
-behaviour(application).
-export([main/0, start/2, stop/1, init/1, start_phase/3, log/2]).

main() ->
    ok = logger:add_handler(here, ?MODULE, #{main => self(), formatter => {logger_formatter, #{single_line => false, template => [msg]}}}),
    ok = logger:remove_handler(default),
    [try_start(How) || How <- [error, crash, bad, throw, exit, phase, bad_child, die]].

try_start(How) ->
    Name = list_to_atom("app_" ++ atom_to_list(How)),
    Phases = [{start_phases, [{go, x}]} || How =:= phase],
    ok = application:load({application, Name, [{vsn, "1"}, {mod, {?MODULE, How}}, {applications, [kernel]}, {registered, []} | Phases]}),
    case application:start(Name) of
        ok -> whereis(How) ! die;
        {error, {Reason, _}} -> io:format("~p: ~p~n", [How, Reason])
    end,
    shown().

%% All until the notice that the application is gone.
shown() ->
    receive
        {notice, Text} -> io:format("~ts~n", [Text]);
        {_, Text} -> io:format("~ts~n", [Text]), shown()
    after 5000 -> io:format("nothing~n")
    end.

log(#{level := Level} = Event, #{main := Main, formatter := {Formatter, Config}}) ->
    Main ! {Level, Formatter:format(Event, Config)}.

start(_, error) -> {error, boo};
start(_, crash) -> error(crashed);
start(_, bad) -> foo;
start(_, throw) -> throw(ball);
start(_, exit) -> exit(bye);
start(_, bad_child) -> supervisor:start_link(?MODULE, bad_child);
start(_, How) ->
    Pid = spawn_link(fun() -> receive die -> exit(dead) end end),
    register(How, Pid),
    {ok, Pid}.

start_phase(_, _, _) -> {error, phase_bad}.
stop(_) -> ok.
init(bad_child) -> {ok, {#{}, [#{id => a, start => {erlang, list_to_atom, ["not a start"]}}]}}.
