%%% Processes, messages, binaries, tables, timers and modules come and go in rounds: the last rounds need no more
%%% memory than the first ones.
-module(churn).
-export([main/0]).

-define(ROUNDS, 20).
-define(WARM, 10).

main() ->
    Code = module_code(),
    [one(Code, N) || N <- lists:seq(1, ?WARM)],
    Before = resident(),
    [one(Code, N) || N <- lists:seq(1, ?ROUNDS)],
    After = resident(),
    io:format("does not grow: ~p~n", [After < Before * 13 div 10]),
    io:format("processes: ~p~n", [erlang:system_info(process_count) < 100]),
    io:format("tables: ~p~n", [length(ets:all()) < 50]),
    io:format(standard_error, "figure: ~p MiB after ~p rounds, ~p MiB after ~p more~n",
              [Before bsr 20, ?WARM, After bsr 20, ?ROUNDS]).

one(Code, N) ->
    Self = self(),
    Workers = [spawn_monitor(fun() -> work(Self, N, I) end) || I <- lists:seq(1, 500)],
    [receive {result, Size} when is_integer(Size) -> ok end || _ <- Workers],
    [receive {'DOWN', Ref, process, Pid, normal} -> ok end || {Pid, Ref} <- Workers],
    {module, churned} = code:load_binary(churned, "churned.beam", Code),
    ok = churned:f(),
    code:purge(churned),
    code:delete(churned),
    code:purge(churned),
    persistent_term:put({?MODULE, N rem 7}, lists:seq(1, 1000)),
    erlang:garbage_collect().

work(Main, N, I) ->
    Table = ets:new(t, [ordered_set]),
    ets:insert(Table, [{K, binary:copy(<<I:32>>, 100)} || K <- lists:seq(1, 50)]),
    Binary = iolist_to_binary([V || {_, V} <- ets:tab2list(Table)]),
    <<_:10/binary, Part:1000/binary, _/binary>> = Binary,
    Timer = erlang:send_after(100_000, self(), {late, Part}),
    _ = erlang:start_timer(1, self(), tick),
    receive {timeout, _, tick} -> ok end,
    erlang:cancel_timer(Timer),
    put(N, lists:duplicate(100, Part)),
    _ = re:run(Binary, <<"zz">>),
    _ = term_to_binary({Binary, get(N)}, [compressed]),
    Main ! {result, byte_size(Binary)}.

module_code() ->
    Forms = [{attribute, 1, module, churned}, {attribute, 1, export, [{f, 0}]},
             {function, 1, f, 0, [{clause, 1, [], [], [{atom, 1, ok}]}]}],
    {ok, churned, Binary} = compile:forms(Forms),
    Binary.

resident() ->
    erlang:garbage_collect(),
    {ok, Text} = file:read_file("/proc/self/statm"),
    [_, Resident | _] = binary:split(Text, <<" ">>, [global]),
    binary_to_integer(Resident) * 4096.
