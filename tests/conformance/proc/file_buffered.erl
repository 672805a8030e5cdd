%% Files that write late and read ahead: what others see of them, and when.
-module(file_buffered).
-export([main/0]).

-define(NAME, "file_buffered_" ++ os:getpid()).

main() ->
    [delayed(Modes) || Modes <- [[raw], []]],
    [seen_in_the_end(Modes) || Modes <- [[raw], []]],
    [owner_ends(Modes) || Modes <- [[raw], []]],
    [ahead(Modes) || Modes <- [[raw], [raw, binary]]],
    both(),
    wrong(),
    ok = file:delete(?NAME).

delayed(Modes) ->
    io:format("delayed ~p~n", [Modes]),
    {ok, F} = file:open(?NAME, [write, {delayed_write, 100, 1000000} | Modes]),
    step(F, fun() -> file:write(F, "abc") end),
    step(F, fun() -> file:write(F, "def") end),
    step(F, fun() -> file:write(F, lists:duplicate(100, $x)) end),
    step(F, fun() -> file:write(F, "y") end),
    step(F, fun() -> file:sync(F) end),
    step(F, fun() -> file:write(F, "z") end),
    step(F, fun() -> file:position(F, cur) end),
    step(F, fun() -> file:write(F, "w") end),
    step(F, fun() -> file:position(F, 2) end),
    step(F, fun() -> file:write(F, "C") end),
    step(F, fun() -> file:pwrite(F, 0, "A") end),
    step(F, fun() -> file:write(F, "D") end),
    step(F, fun() -> file:truncate(F) end),
    step(F, fun() -> file:write(F, "EE") end),
    step(F, fun() -> file:datasync(F) end),
    step(F, fun() -> file:write(F, "F") end),
    step(F, fun() -> file:close(F) end),
    {ok, Bytes} = file:read_file(?NAME),
    io:format("~p~n", [Bytes]).

step(_F, Fun) ->
    Result = Fun(),
    {ok, Bytes} = file:read_file(?NAME),
    io:format("~p ~p~n", [Result, byte_size(Bytes)]).

%% What waits is written after a while, though nobody asks.
seen_in_the_end(Modes) ->
    {ok, F} = file:open(?NAME, [write, {delayed_write, 100, 20} | Modes]),
    ok = file:write(F, "late"),
    io:format("~p~n", [until(<<"late">>)]),
    ok = file:write(F, " again"),
    io:format("~p~n", [until(<<"late again">>)]),
    io:format("~p~n", [file:close(F)]).

owner_ends(Modes) ->
    {Pid, Monitor} = spawn_monitor(fun() ->
        {ok, F} = file:open(?NAME, [write, {delayed_write, 100, 1000000} | Modes]),
        ok = file:write(F, "left")
    end),
    receive {'DOWN', Monitor, process, Pid, Reason} -> io:format("~p~n", [Reason]) end,
    io:format("~p~n", [until(<<"left">>)]).

until(Bytes) ->
    case file:read_file(?NAME) of
        {ok, Bytes} -> Bytes;
        _ -> timer:sleep(5), until(Bytes)
    end.

ahead(Modes) ->
    io:format("ahead ~p~n", [Modes]),
    ok = file:write_file(?NAME, "0123456789abcdefghij\nline two\nthree"),
    {ok, F} = file:open(?NAME, [read, {read_ahead, 10} | Modes]),
    io:format("~p~n", [file:read(F, 1)]),
    {ok, W} = file:open(?NAME, [write]),
    ok = file:write(W, "XXXXXXXXXXXXXXXXXXXX\nline two\nthree"),
    ok = file:close(W),
    [io:format("~p~n", [file:read(F, N)]) || N <- [3, 0, 8, 2, 4]],
    io:format("~p~n", [file:position(F, cur)]),
    io:format("~p~n", [file:read_line(F)]),
    io:format("~p~n", [file:read(F, 2)]),
    io:format("~p~n", [file:position(F, {cur, -1})]),
    io:format("~p~n", [file:read(F, 5)]),
    io:format("~p~n", [file:pread(F, 0, 4)]),
    io:format("~p~n", [file:read(F, 100)]),
    io:format("~p~n", [file:read(F, 1)]),
    io:format("~p~n", [file:close(F)]).

both() ->
    ok = file:write_file(?NAME, "0123456789"),
    {ok, F} = file:open(?NAME, [raw, read, write, binary, read_ahead, delayed_write]),
    io:format("~p~n", [file:read(F, 2)]),
    io:format("~p~n", [file:write(F, "ab")]),
    io:format("~p~n", [file:read(F, 2)]),
    io:format("~p~n", [file:write(F, "cd")]),
    io:format("~p~n", [file:position(F, {cur, 0})]),
    io:format("~p~n", [file:close(F)]),
    io:format("~p~n", [file:close(F)]),
    io:format("~p~n", [file:read_file(?NAME)]).

wrong() ->
    [io:format("~p~n", [file:open(Name, Modes)]) || {Name, Modes} <- [
        {"file_buffered_no_such/x", [write, delayed_write, raw]}, {"file_buffered_no_such/x", [write, delayed_write]},
        {"file_buffered_no_such", [read, {read_ahead, 10}, raw]}]].
