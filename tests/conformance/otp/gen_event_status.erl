%% What sys tells of an event manager whose handlers show their states, in the old way and in the new one.
-module(gen_event_status).
-behaviour(gen_event).
-export([main/0, init/1, handle_event/2, handle_call/2, format_status/1]).

main() ->
    {ok, _} = gen_event:start({local, manager}),
    ok = gen_event:add_handler(manager, ?MODULE, state),
    ok = gen_event:add_handler(manager, {?MODULE, id}, {other, state}),
    {status, _, {module, Module}, [_, State, _, Debug, Shown]} = sys:get_status(manager),
    io:format("~p~n", [{Module, State, Debug}]),
    [io:format("~p~n", [Part]) || {Key, Value} = Part <- Shown, Key =/= data orelse not is_pid(proplists:get_value("Parent", Value))],
    io:format("~p~n", [sys:get_state(manager)]),
    io:format("~p~n", [sys:replace_state(manager, fun({M, Id, S}) -> {M, Id, {new, S}} end)]),
    io:format("~p~n", [gen_event:call(manager, {?MODULE, id}, get)]),
    gen_event:stop(manager).

init(State) -> {ok, State}.

handle_event(_, State) -> {ok, State}.

handle_call(get, State) -> {ok, State, State}.

format_status(#{state := State} = Status) -> Status#{state := {shown, State}}.
