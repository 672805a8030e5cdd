%% A log that is open for reading only.
-module(st_disk_log_read_only).
-export([main/0]).
main() ->
    file:delete("dl.LOG"), {ok, a} = disk_log:open([{name,a},{file,"dl.LOG"}]), disk_log:log(a, x), disk_log:close(a),
    {ok, a} = disk_log:open([{name,a},{file,"dl.LOG"},{mode,read_only}]),
    [io:format("~p~n", [catch F()]) || F <- [fun() -> disk_log:sync(a) end, fun() -> disk_log:log(a, y) end, fun() -> disk_log:truncate(a) end, fun() -> element(2, disk_log:chunk(a, start)) end, fun() -> disk_log:change_header(a, {head,x}) end,fun() -> disk_log:change_size(a, 5) end, fun() -> disk_log:blog(a, <<1>>) end, fun() -> disk_log:alog(a, y) end, fun() -> disk_log:reopen(a, "z") end, fun() -> disk_log:close(a) end]].
