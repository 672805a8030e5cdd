%%% A full disk is an error with its name; what is open can be closed, and the system goes on.
-module(disk_full).
-export([main/0]).

main() ->
    Bytes = binary:copy(<<"x">>, 100_000),
    io:format("write_file: ~p~n", [file:write_file("/dev/full", Bytes)]),
    {ok, Raw} = file:open("/dev/full", [write, raw]),
    io:format("raw: ~p~n", [file:write(Raw, Bytes)]),
    io:format("close: ~p~n", [file:close(Raw)]),
    {ok, Device} = file:open("/dev/full", [write]),
    io:format("device: ~p~n", [file:write(Device, Bytes)]),
    io:format("close: ~p~n", [file:close(Device)]),
    io:format("copy: ~p~n", [file:copy(code:which(?MODULE), "/dev/full")]),
    ok = file:write_file("here", Bytes),
    io:format("elsewhere: ~p~n", [filelib:file_size("here")]).
