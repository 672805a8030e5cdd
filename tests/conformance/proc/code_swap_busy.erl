%% A process that calls short functions of a module all the time outlives each purge: it is on its way out of the
%% old code whenever it is found there.
-module(code_swap_busy).
-export([main/0]).

main() ->
    {First, Second} = {variant(1), variant(2)},
    load(First),
    Self = self(),
    Worker = spawn_link(fun() -> work(Self, 0, 0) end),
    swap(60, Second, First),
    Worker ! stop,
    receive
        {Worker, Calls, Sum} -> io:format("~p~n", [Sum >= Calls andalso Sum =< 2 * Calls])
    end,
    %% Who waits in old code still ends.
    process_flag(trap_exit, true),
    Waiting = spawn_link(fun() -> code_swap_busy_target:wait() end),
    Waiting ! {self(), are_you_there},
    receive {Waiting, yes} -> ok end,
    load(Second),
    io:format("~p ~p~n", [code:soft_purge(code_swap_busy_target), code:purge(code_swap_busy_target)]),
    receive {'EXIT', Waiting, Reason} -> io:format("~p~n", [Reason]) end.

swap(0, _, _) -> ok;
swap(N, Next, Other) ->
    load(Next),
    _ = [code_swap_busy_target:f(I) || I <- lists:seq(1, 2000)],
    swap(N - 1, Other, Next).

load(Binary) ->
    code:purge(code_swap_busy_target),
    {module, _} = code:load_binary(code_swap_busy_target, "code_swap_busy_target.erl", Binary).

variant(Version) ->
    L = 1,
    Forms = [{attribute, L, module, code_swap_busy_target},
             {attribute, L, export, [{f, 1}, {version, 0}, {wait, 0}]},
             {function, L, version, 0, [{clause, L, [], [], [{integer, L, Version}]}]},
             {function, L, f, 1,
              [{clause, L, [{var, L, 'X'}], [],
                [{op, L, '+', {var, L, 'X'}, {call, L, {atom, L, version}, []}}]}]},
             {function, L, wait, 0,
              [{clause, L, [], [],
                [{'receive', L,
                  [{clause, L, [{tuple, L, [{var, L, 'From'}, {atom, L, are_you_there}]}], [],
                    [{op, L, '!', {var, L, 'From'},
                      {tuple, L, [{call, L, {atom, L, self}, []}, {atom, L, yes}]}},
                     {call, L, {atom, L, wait}, []}]}]}]}]}],
    {ok, code_swap_busy_target, Binary} = compile:forms(Forms, []),
    Binary.

work(Parent, Calls, Sum) when Calls band 255 =:= 255 ->
    receive
        stop -> Parent ! {self(), Calls, Sum}
    after 0 ->
        work(Parent, Calls + 1, Sum + code_swap_busy_target:f(0))
    end;
work(Parent, Calls, Sum) ->
    work(Parent, Calls + 1, Sum + code_swap_busy_target:f(0)).
