%%% A module is loaded again and again while a hundred processes call into it: nothing is lost, and every call sees
%%% one whole version: what two of its functions say, one calling the other locally, always agrees.
-module(load_while_called).
-export([main/0, caller/2]).

-define(CALLERS, 100).
-define(LOADS, 1000).

main() ->
    Versions = [version(N) || N <- lists:seq(0, 9)],
    {module, busy} = code:load_binary(busy, "busy.beam", hd(Versions)),
    Self = self(),
    Stop = atomics:new(1, []),
    Callers = [spawn_link(?MODULE, caller, [Self, Stop]) || _ <- lists:seq(1, ?CALLERS)],
    T0 = erlang:monotonic_time(millisecond),
    Killed = load(?LOADS, Versions, 0),
    T1 = erlang:monotonic_time(millisecond),
    atomics:put(Stop, 1, 1),
    Counts = [receive {done, Pid, Calls} -> Calls end || Pid <- Callers],
    io:format("callers left: ~p~n", [length(Counts)]),
    io:format("each has called: ~p~n", [lists:min(Counts) > 0]),
    io:format("killed by a purge: ~p~n", [Killed]),
    io:format("the last version: ~p~n", [busy:first() =:= (?LOADS - 1) rem 10]),
    io:format(standard_error, "figure: ~p loads a second beside ~p calls a second~n",
              [?LOADS * 1000 div max(1, T1 - T0), lists:sum(Counts) * 1000 div max(1, T1 - T0)]).

%% first/0 answers its version; both/1 asks first/0 of the same version, and of whichever is current afterwards.
version(N) ->
    Tag = {integer, 1, N},
    Local = {call, 1, {atom, 1, local}, []},
    Forms = [{attribute, 1, module, busy},
             {attribute, 1, export, [{first, 0}, {both, 0}]},
             {function, 1, first, 0, [{clause, 1, [], [], [Tag]}]},
             {function, 1, local, 0, [{clause, 1, [], [], [Tag]}]},
             {function, 1, both, 0, [{clause, 1, [], [], [{tuple, 1, [Tag, Local]}]}]}],
    {ok, busy, Binary} = compile:forms(Forms, [no_inline]),
    Binary.

load(0, _, Killed) -> Killed;
load(Left, Versions, Killed) ->
    Binary = lists:nth((?LOADS - Left) rem 10 + 1, Versions),
    More = purged(),
    {module, busy} = code:load_binary(busy, "busy.beam", Binary),
    load(Left - 1, Versions, Killed + More).

%% A caller is in the module for a moment only: old code is soon left.
purged() ->
    case code:soft_purge(busy) of
        true -> 0;
        false -> erlang:yield(), purged()
    end.

caller(Main, Stop) -> caller(Main, Stop, 0).

caller(Main, Stop, Calls) ->
    {Same, Same} = busy:both(),
    erlang:yield(),
    case Calls band 127 =:= 0 andalso atomics:get(Stop, 1) of
        1 -> Main ! {done, self(), Calls};
        _ -> caller(Main, Stop, Calls + 1)
    end.
