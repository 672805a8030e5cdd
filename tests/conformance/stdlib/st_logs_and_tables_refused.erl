%% Tables and logs on disk that cannot be opened, say so to the caller alone; the order within a bag.
-module(st_logs_and_tables_refused).
-export([main/0]).

main() ->
    _ = file:delete("bag.dets"),
    {ok, bag} = dets:open_file(bag, [{file, "bag.dets"}, {type, bag}]),
    Looked = fun() -> io:format("~p~n", [dets:lookup(bag, 1)]) end,
    dets:insert(bag, [{1, a}, {1, b}, {1, c}]), Looked(),
    dets:insert(bag, {1, a}), Looked(),
    dets:insert(bag, [{1, b}, {1, b}, {1, e}]), Looked(),
    dets:close(bag),
    {ok, bag} = dets:open_file(bag, [{file, "bag.dets"}, {type, bag}]), Looked(),
    dets:close(bag),
    io:format("~p~n", [dets:open_file(bag, [{file, "bag.dets"}, {type, set}])]),
    io:format("~p~n", [dets:open_file(bag, [{file, "bag.dets"}, {type, bag}, {keypos, 2}])]),
    io:format("~p~n", [dets:open_file(bag, [{file, "no/such/folder"}])]),
    io:format("~p~n", [dets:open_file(bag, [{file, "none.dets"}, {access, read}])]),
    _ = file:delete("bag.dets"),
    {ok, log} = disk_log:open([{name, log}, {file, "some.LOG"}]),
    ok = disk_log:log_terms(log, [1, 2, 3]),
    {Next, [1, 2]} = disk_log:chunk(log, start, 2),
    {_, [3]} = disk_log:chunk(log, Next, 2),
    io:format("~p~n", [[disk_log:chunk(log, Bad) || Bad <- [foo, eof, {continuation, x}]]]),
    io:format("~p~n", [try disk_log:chunk(log, start, 0) catch error:Reason -> Reason end]),
    io:format("~p~n", [disk_log:chunk_step(log, start, 1)]),
    disk_log:close(log),
    file:delete("some.LOG"),
    logger_std_h:filesync(default).
