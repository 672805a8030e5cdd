%%% What the file server does for who asks it, and that it tells of what it does not know.
-module(file_server_requests).
-export([main/0]).

-define(T(E), t(?LINE, fun() -> E end)).

t(Line, F) -> io:format("~p: ~p~n", [Line, try F() catch Class:Reason:Trace -> {Class, Reason, top(Trace)} end]).

top([{M, F, A, Info} | _]) ->
    {M, F, if is_list(A) -> length(A); true -> A end, proplists:get_value(error_info, Info)}.

main() ->
    Ask = fun(Request) -> gen_server:call(file_server_2, Request, 300) end,
    Folder = "file_server_requests.tmp",
    ?T(Ask({make_dir, Folder})),
    ?T(Ask({make_dir, Folder})),
    ?T(Ask({write_file, Folder ++ "/f", <<"text">>})),
    ?T(Ask({read_file, Folder ++ "/f"})),
    ?T(Ask({read_file, Folder ++ "/none"})),
    ?T(Ask({list_dir, Folder})),
    ?T(Ask({list_dir, Folder ++ "/none"})),
    ?T(Ask({copy, Folder ++ "/f", [read], Folder ++ "/g", [write], infinity})),
    ?T(Ask({copy, Folder ++ "/none", [], "x", [], infinity})),
    ?T(Ask({delete, 1})),
    ?T(Ask({delete, Folder ++ "/g"})),
    ?T(Ask({open, Folder ++ "/none", [read]})),
    ?T(Ask({open, Folder ++ "/f", foo})),
    ?T(begin {ok, Device} = Ask({open, Folder ++ "/f", [read]}), {file:read(Device, 10), file:close(Device)} end),
    ?T(element(1, Ask({read_file_info, Folder}))),
    ?T(Ask({read_file_info, Folder ++ "/none", [raw]})),
    ?T(Ask(get_cwd) =:= file:get_cwd()),
    ?T(Ask({rename, Folder ++ "/none", "x"})),
    ?T(Ask({read_link, Folder ++ "/f"})),
    file:del_dir_r(Folder),
    Server = whereis(file_server_2),
    logger:set_primary_config(level, none),
    file_server_2 ! foo,
    gen_server:cast(file_server_2, foo),
    ?T(try Ask(foo) catch exit:{timeout, _} -> timeout end),
    ?T(whereis(file_server_2) =:= Server).
