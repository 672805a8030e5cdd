%% What sys shows of a state machine: every event as it comes and goes, states, timers, callback modules, replies.
-module(gen_statem_trace).
-behaviour(gen_statem).
-export([main/0, init/1, callback_mode/0, handle_event/4]).

main() ->
    register(waiting, self()),
    {ok, P} = gen_statem:start_link({local, machine}, ?MODULE, [], [{debug, [trace]}]),
    [gen_statem:cast(machine, Event) ||
        Event <- [{next, [{next_event, internal, again}, {next_event, cast, last}]}, postponed, to_b, plain,
                  {next, [{timeout, 0, zero}]}, {next, [{state_timeout, 1, short}, {{timeout, name}, infinity, never}]}]],
    receive timed_out -> ok end,
    machine ! message,
    {b, hello} = gen_statem:call(machine, hello, infinity),
    gen_statem:cast(machine, {next, [{change_callback_module, ?MODULE}]}),
    sys:no_debug(machine),
    sys:log(machine, true),
    gen_statem:cast(machine, to_a),
    gen_statem:cast(machine, {next, [{state_timeout, 0, none}, {state_timeout, cancel}]}),
    {ok, Log} = sys:log(machine, get),
    io:format("~p~n", [Log]),
    ok = sys:log(machine, print),
    sys:log(machine, false),
    ok = sys:install(machine, {fun(Count, Event, Name) -> io:format("~p ~p ~p~n", [Count, Event, Name]), Count + 1 end, 1}),
    gen_statem:cast(machine, to_b),
    sys:no_debug(machine),
    sys:trace(machine, true),
    unlink(P),
    gen_statem:stop(machine).

callback_mode() -> handle_event_function.

init([]) -> {ok, a, none}.

handle_event({call, From}, Request, State, _) -> {keep_state_and_data, {reply, From, {State, Request}}};
handle_event(cast, to_b, _, _) -> {next_state, b, some};
handle_event(cast, to_a, _, _) -> {next_state, a, none};
handle_event(cast, {next, Actions}, _, _) -> {keep_state_and_data, Actions};
handle_event(state_timeout, short, _, _) -> waiting ! timed_out, keep_state_and_data;
handle_event(cast, postponed, a, _) -> {keep_state_and_data, postpone};
handle_event(_, _, _, _) -> keep_state_and_data.
