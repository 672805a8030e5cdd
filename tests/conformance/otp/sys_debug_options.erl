%% sys: what calls of nobody fail with, and debugging that is turned on a second time, which changes nothing.
-module(sys_debug_options).
-behaviour(gen_server).
-export([main/0, init/1, handle_call/3, handle_cast/2, same/3]).

init(State) -> {ok, State}.
handle_call(get, _From, State) -> {reply, State, State}.
handle_cast(_, State) -> {noreply, State}.

same(State, _Event, _Extra) -> State.

main() ->
    nobody(),
    twice(),
    options().

nobody() ->
    Fun = fun ?MODULE:same/3,
    Calls = [{suspend, []}, {resume, []}, {get_status, []}, {get_state, []}, {replace_state, [Fun]}, {change_code, [m, v, e]},
             {terminate, [r]}, {log, [true]}, {log, [get]}, {trace, [true]}, {log_to_file, ["x"]}, {statistics, [get]},
             {no_debug, []}, {install, [{Fun, 1}]}, {install, [{id, Fun, 1}]}, {remove, [Fun]}, {install, [wrong]},
             {install, [{a, b, c, d}]}],
    [io:format("~p~n", [{F, answer(F, [nobody | Args] ++ Limit)}]) || {F, Args} <- Calls, Limit <- [[], [20]]].

answer(F, Args) ->
    try apply(sys, F, Args)
    catch Class:Reason -> {Class, Reason}
    end.

twice() ->
    {ok, Server} = gen_server:start(?MODULE, here, []),
    io:format("~p~n", [sys:log(Server, true)]),
    [here = gen_server:call(Server, get) || _ <- [1, 2]],
    io:format("~p~n", [sys:log(Server, {true, 2})]),
    {ok, Logged} = sys:log(Server, get),
    io:format("~p~n", [[element(1, Event) || Event <- Logged]]),
    ok = sys:statistics(Server, true),
    here = gen_server:call(Server, get),
    ok = sys:statistics(Server, true),
    {ok, Counts} = sys:statistics(Server, get),
    io:format("~p~n", [[Count || {Key, _} = Count <- Counts, lists:member(Key, [messages_in, messages_out])]]),
    Note = fun(N, Event, _) -> io:format("~p: ~p~n", [N, element(1, Event)]), N + 1 end,
    [ok = sys:install(Server, What) || What <- [{Note, 1}, {id, Note, 10}, {Note, 100}]],
    here = gen_server:call(Server, get),
    {status, _, _, [_, _, _, Debug, _]} = sys:get_status(Server),
    io:format("~p~n", [[Key || {Key, _} <- Debug, is_atom(Key)]]),
    ok = sys:no_debug(Server),
    here = gen_server:call(Server, get),
    ok = gen_server:stop(Server).

options() ->
    Fun = fun ?MODULE:same/3,
    Options = sys:debug_options([{install, {Fun, 1}}, {install, {id, Fun, 2}}, trace, {log, 3}, trace]),
    io:format("~p~n", [[Key || {Key, _} <- Options]]).
