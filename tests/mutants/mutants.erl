%%% Loads every file of a folder that damage was done to, calls what it exports, and takes it out again.
%%% Whatever the code does, it must do it to its own processes alone.
-module(mutants).
-export([main/1]).

%% Time for the calls into one module, in milliseconds.
-define(PATIENCE, 200).

main([Folder]) ->
    logger:set_primary_config(level, none),
    Files = lists:sort(filelib:wildcard(filename:join(Folder, "*.beam"))),
    Results = [try_file(File) || File <- Files],
    Count = fun(What) -> length([R || R <- Results, R =:= What]) end,
    io:format("~w refused, ~w ran~n", [Count(refused), Count(ran)]),
    halt(0).

try_file(File) ->
    [Name | _] = string:split(filename:basename(File), "-"),
    Module = list_to_atom(Name),
    {ok, Bytes} = file:read_file(File),
    %% The last name printed is that of the file that ended the machine.
    io:format("~s~n", [filename:basename(File)]),
    case code:load_binary(Module, File, Bytes) of
        {error, badfile} -> refused;
        {module, Module} ->
            Calls = [start(Module, Function, Arguments)
                     || {Function, Arity} <- erlang:get_module_info(Module, exports),
                        Arguments <- arguments(Arity)],
            Deadline = erlang:monotonic_time(millisecond) + ?PATIENCE,
            [finish(Call, Deadline) || Call <- Calls],
            code:purge(Module),
            code:delete(Module),
            code:purge(Module),
            ran
    end.

start(Module, Function, Arguments) ->
    Limit = #{size => 2000000, kill => true, error_logger => false},
    Run = fun() -> catch apply(Module, Function, Arguments), exit(normal) end,
    spawn_opt(Run, [monitor, {max_heap_size, Limit}]).

finish({Pid, Reference}, Deadline) ->
    Left = max(0, Deadline - erlang:monotonic_time(millisecond)),
    receive
        {'DOWN', Reference, process, Pid, _} -> ok
    after Left ->
        exit(Pid, kill),
        receive {'DOWN', Reference, process, Pid, _} -> ok end
    end.

arguments(0) -> [[]];
arguments(Arity) ->
    [lists:duplicate(Arity, V) || V <- [3, [], [b, a, 17], <<"YWJj">>, {queue, 1}]] ++
    [lists:sublist(lists:nthtail(From, lists:append(lists:duplicate(4, values()))), Arity)
     || From <- [0, 3, 6]].

values() ->
    [1, [{a, 1}, {b, 2}], fun(X) -> X end, 2.5, #{k => v}, {[3], [1, 2]}, <<1, 2:4>>, atom,
     fun(A, B) -> {A, B} end, -(1 bsl 70)].
