%%% Reading, writing and moving about in a file that is opened in different ways, with wrong arguments among them.
-module(file_positions).
-export([main/0]).

-define(T(E), t(?LINE, fun() -> E end)).

t(Line, F) -> io:format("~p: ~p~n", [Line, try F() catch Class:Reason:Trace -> {Class, Reason, top(Trace)} end]).

top([{M, F, A, Info} | _]) ->
    {M, F, if is_list(A) -> length(A); true -> A end, proplists:get_value(error_info, Info)}.

main() ->
    Folder = "file_positions.tmp",
    ok = file:make_dir(Folder),
    Path = filename:join(Folder, "f"),
    Steps = [{read,[3]}, {read,[0]}, {read,[-1]}, {read,[a]}, {position,[eof]}, {read,[1]}, {position,[{bof,5}]},
             {position,[{cur,-2}]}, {position,[{eof,-3}]}, {position,[{cur,-100000}]}, {position,[{bof,-1}]},
             {position,[foo]}, {position,[{foo,1}]}, {position,[{bof,a}]}, {position,[cur]}, {position,[bof]},
             {read_line,[]}, {position,[10]}, {pread,[0,4]}, {pread,[100000,4]}, {pread,[-1,4]}, {pread,[0,-4]},
             {pread,[a,1]}, {pread,[[{0,2}, {9999,5}, {20000,1}]]}, {pread,[[{0,a}]]}, {pread,[[]]},
             {write,["zz"]}, {pwrite,[0,"q"]}, {pwrite,[-1,"q"]}, {pwrite,[[{0,"a"}, {3,<<"b">>}]]}, {write,[a]},
             {write,[[256]]}, {sync,[]}, {datasync,[]}, {truncate,[]}, {advise,[0,10,sequential]},
             {advise,[0,10,foo]}, {advise,[-1,10,normal]}, {allocate,[0,10]}, {read,[5]}, {position,[bof]},
             {read,[5]}],
    [walk(Path, Modes, Steps)
     || Modes <- [[read], [read, binary], [raw, read], [raw, read, binary], [append], [raw, read, append],
                  [read, binary, {encoding, utf8}]]],
    [walk(Path, Modes, lists:sublist(Steps, 29)) || Modes <- [[read, write], [raw, read, write, binary]]],
    ?T(file:copy(Path, Path ++ "1", a)),
    ?T(file:get_cwd(1)),
    ?T(file:get_cwd("foo")),
    ?T(file:write_file(Path, [229], [{encoding, utf8}])),
    ?T(file:read_file(Path)),
    {ok, Device} = file:open(Path, [read]),
    ?T(io:setopts(Device, [{encoding, foo}])),
    ?T(io:setopts(Device, [foo])),
    ?T(io:get_line(Device, "")),
    file:close(Device),
    file:del_dir_r(Folder).

walk(Path, Modes, Steps) ->
    ok = file:write_file(Path, binary:copy(<<"0123456789">>, 3)),
    {ok, Device} = file:open(Path, Modes),
    [io:format("~p ~p ~p: ~P~n", [Modes, Function, Rest, step(Function, [Device | Rest]), 20]) || {Function, Rest} <- Steps],
    file:close(Device).

step(Function, Arguments) ->
    try apply(file, Function, Arguments) catch Class:Reason:Trace -> {Class, Reason, top(Trace)} end.
