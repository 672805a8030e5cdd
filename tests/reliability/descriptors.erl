%%% File descriptors run out: each time an error with its name, and after some are closed all works again.
-module(descriptors).
-export([main/0]).

main() ->
    %% What is loaded from files has to be there before.
    _ = [code:ensure_loaded(M) || M <- [io, io_lib, io_lib_format, io_lib_pretty, gen_tcp, inet_tcp, inet, os, prim_inet, inet_db]],
    io:format("~0p ~s~n", [a, "b"]),
    {Files, Why} = open([]),
    io:format("files: ~p ~p~n", [Why, length(Files) > 10]),
    io:format("socket: ~p~n", [gen_tcp:listen(0, [])]),
    io:format("program: ~p~n", [try open_port({spawn_executable, "/bin/cat"}, []) of
                                    Port -> is_port(Port)
                                catch error:Reason -> Reason
                                end]),
    io:format("directory: ~p~n", [file:list_dir("/")]),
    io:format("read_file: ~p~n", [file:read_file("/etc/passwd")]),
    [ok = file:close(File) || File <- Files],
    {ok, Socket} = gen_tcp:listen(0, []),
    io:format("socket: ~p~n", [gen_tcp:close(Socket)]),
    io:format("program: ~p~n", [os:cmd("echo here")]),
    io:format("directory: ~p~n", [element(1, file:list_dir("/"))]).

open(Files) ->
    case file:open("/dev/null", [read, raw]) of
        {ok, File} -> open([File | Files]);
        {error, Why} -> {Files, Why}
    end.
