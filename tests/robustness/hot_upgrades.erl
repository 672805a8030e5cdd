%%% A gen_server is upgraded a hundred times while eight clients call it as fast as they can. Its state changes its
%%% shape from version to version. No call is lost, answered twice or wrongly.
%%%
%%% main/0 prints what does not vary; figures/0 prints calls a second and how long clients waited at most.
-module(hot_upgrades).
-export([main/0, figures/0]).

-define(CLIENTS, 8).
-define(UPGRADES, 100).
-define(SERVER, upgraded_server).

main() ->
    {Clients, Server, _} = run(),
    Calls = [Count || {_, Count, _, _} <- Clients],
    io:format("upgrades: ~w~n", [?UPGRADES]),
    io:format("wrong answers: ~w~n", [lists:sum([Wrong || {_, _, Wrong, _} <- Clients])]),
    io:format("the server counted what the clients counted: ~w~n",
              [maps:get(calls, Server) =:= maps:from_list([{Id, Count} || {Id, Count, _, _} <- Clients])]),
    io:format("each client called at least once a version: ~w~n",
              [lists:all(fun(Count) -> Count > ?UPGRADES end, Calls)]),
    io:format("out of order: ~w~n", [maps:get(disorder, Server)]),
    io:format("version at the end: ~w, states converted: ~w~n",
              [maps:get(version, Server), maps:get(converted, Server)]).

figures() ->
    {Clients, _, Microseconds} = run(),
    Calls = lists:sum([Count || {_, Count, _, _} <- Clients]),
    io:format("~w upgrades, ~w calls in ~w ms: ~w calls a second, longest call ~w us~n",
              [?UPGRADES, Calls, Microseconds div 1000, Calls * 1000000 div Microseconds,
               lists:max([Longest || {_, _, _, Longest} <- Clients])]).

run() ->
    Versions = [{V, compiled(V)} || V <- lists:seq(0, ?UPGRADES)],
    {0, First} = hd(Versions),
    {module, ?SERVER} = code:load_binary(?SERVER, "upgraded_server.erl", First),
    {ok, Server} = gen_server:start_link(?SERVER, [], []),
    Self = self(),
    Began = erlang:monotonic_time(microsecond),
    Clients = [spawn_link(fun() -> client(Self, Server, Id, 1, -1, 0, 0) end) || Id <- lists:seq(1, ?CLIENTS)],
    seen_by_all(0),
    [upgrade(Server, Version) || Version <- tl(Versions)],
    [Client ! {stop, Self} || Client <- Clients],
    Results = [receive {done, Client, Result} -> Result end || Client <- Clients],
    Took = erlang:monotonic_time(microsecond) - Began,
    Counted = gen_server:call(Server, report),
    ok = gen_server:stop(Server),
    {Results, Counted, Took}.

upgrade(Server, {V, Code}) ->
    ok = sys:suspend(Server),
    code:purge(?SERVER),
    {module, ?SERVER} = code:load_binary(?SERVER, "upgraded_server.erl", Code),
    ok = sys:change_code(Server, ?SERVER, V - 1, {upgrade, V}),
    ok = sys:resume(Server),
    seen_by_all(V).

%% Every client has had an answer of this version.
seen_by_all(V) ->
    [receive {seen, Id, V} -> ok end || Id <- lists:seq(1, ?CLIENTS)].

client(Parent, Server, Id, Seq, Version, Wrong, Longest) ->
    receive
        {stop, Parent} -> Parent ! {done, self(), {Id, Seq - 1, Wrong, Longest}}
    after 0 ->
        Before = erlang:monotonic_time(microsecond),
        Answer = gen_server:call(Server, {work, Id, Seq}, infinity),
        Waited = erlang:monotonic_time(microsecond) - Before,
        {New, IsWrong} = case Answer of
                             {answer, Id, Seq, V, Square} when Square =:= Seq * Seq, V >= Version -> {V, 0};
                             _ -> {Version, 1}
                         end,
        New =/= Version andalso (Parent ! {seen, Id, New}),
        client(Parent, Server, Id, Seq + 1, New, Wrong + IsWrong, max(Longest, Waited))
    end.

%% The server of a version. Even versions keep a tuple, odd ones a map with other names; each knows how to make its
%% state of that of the version before.
compiled(V) ->
    Source = [header(V), case V rem 2 of 0 -> even(V); 1 -> odd(V) end],
    {ok, Tokens, _} = erl_scan:string(lists:flatten(Source)),
    {ok, ?SERVER, Code} = compile:forms(forms(Tokens), []),
    Code.

forms([]) -> [];
forms(Tokens) ->
    {Form, [Dot | Rest]} = lists:splitwith(fun(T) -> element(1, T) =/= dot end, Tokens),
    {ok, Parsed} = erl_parse:parse_form(Form ++ [Dot]),
    [Parsed | forms(Rest)].

header(V) ->
    io_lib:format("-module(~w). -vsn(~w). -behaviour(gen_server). "
                  "-export([init/1, handle_call/3, handle_cast/2, code_change/3]). "
                  "handle_cast(_, S) -> {noreply, S}. "
                  "in_order(Id, Seq, Calls) -> maps:get(Id, Calls, 0) =:= Seq - 1. ", [?SERVER, V]).

even(V) ->
    io_lib:format(
      "init([]) -> {ok, {counts, #{}, 0, 0}}. "
      "handle_call({work, Id, Seq}, _, {counts, Calls, Bad, Done}) -> "
      "    Bad1 = case in_order(Id, Seq, Calls) of true -> Bad; false -> Bad + 1 end, "
      "    {reply, {answer, Id, Seq, ~w, Seq * Seq}, {counts, maps:put(Id, Seq, Calls), Bad1, Done}}; "
      "handle_call(report, _, {counts, Calls, Bad, Done} = S) -> "
      "    {reply, #{calls => Calls, disorder => Bad, converted => Done, version => ~w}, S}. "
      "code_change(~w, #{calls := Calls, bad := Bad, done := Done}, {upgrade, ~w}) -> "
      "    {ok, {counts, Calls, Bad, Done + 1}}. ", [V, V, V - 1, V]).

odd(V) ->
    io_lib:format(
      "init([]) -> {ok, #{calls => #{}, bad => 0, done => 0}}. "
      "handle_call({work, Id, Seq}, _, #{calls := Calls, bad := Bad} = S) -> "
      "    Bad1 = case in_order(Id, Seq, Calls) of true -> Bad; false -> Bad + 1 end, "
      "    {reply, {answer, Id, Seq, ~w, Seq * Seq}, S#{calls := maps:put(Id, Seq, Calls), bad := Bad1}}; "
      "handle_call(report, _, #{calls := Calls, bad := Bad, done := Done} = S) -> "
      "    {reply, #{calls => Calls, disorder => Bad, converted => Done, version => ~w}, S}. "
      "code_change(~w, {counts, Calls, Bad, Done}, {upgrade, ~w}) -> "
      "    {ok, #{calls => Calls, bad => Bad, done => Done + 1}}. ", [V, V, V - 1, V]).
