%% A process that is blocked in a native function holds up no purge, unless it comes back to the old code.
-module(code_purge_blocked).
-export([main/0]).

main() ->
    Fifo = "code_purge_blocked_" ++ os:getpid(),
    "" = os:cmd("mkfifo " ++ Fifo),
    load(1),
    load(2),
    Main = self(),
    {P, PRef} = spawn_monitor(fun() ->
        Literal = blocked_code:literal(),
        Main ! here,
        {ok, _} = file:open(Fifo, [read, raw]),
        exit({opened, Literal})
    end),
    receive here -> ok end,
    io:format("~p~n", [erlang:check_process_code(P, blocked_code)]),
    io:format("~p~n", [code:soft_purge(blocked_code)]),
    load(3),
    io:format("~p~n", [code:purge(blocked_code)]),
    load(4),
    io:format("~p~n", [code:soft_purge(blocked_code)]),
    {Q, QRef} = spawn_monitor(fun() -> exit(blocked_code:open(Fifo, Main)) end),
    receive here -> ok end,
    load(5),
    io:format("~p~n", [code:soft_purge(blocked_code)]),
    io:format("~p~n", [erlang:check_process_code(Q, blocked_code)]),
    Writer = spawn(fun() ->
        {ok, _} = file:open(Fifo, [write, raw]),
        receive stop -> ok end
    end),
    receive {'DOWN', PRef, _, _, R1} -> io:format("~p~n", [R1]) end,
    receive {'DOWN', QRef, _, _, R2} -> io:format("~p~n", [R2]) end,
    io:format("~p~n", [code:soft_purge(blocked_code)]),
    Writer ! stop,
    ok = file:delete(Fifo).

load(Version) ->
    Text = [
        "-module(blocked_code).",
        "-export([literal/0, open/2]).",
        io_lib:format("literal() -> {literal, ~w, \"of the module\"}.", [Version]),
        io_lib:format("open(F, M) -> M ! here, {ok, _} = file:open(F, [read, raw]), {returned, ~w}.", [Version])
    ],
    Forms = [form(lists:flatten(T)) || T <- Text],
    {ok, Module, Binary} = compile:forms(Forms),
    {module, Module} = code:load_binary(Module, "blocked_code.erl", Binary).

form(Text) ->
    {ok, Tokens, _} = erl_scan:string(Text),
    {ok, Form} = erl_parse:parse_form(Tokens),
    Form.
