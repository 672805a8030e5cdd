%%% swerl_inet_table: the table of sockets that inet:i/0,1,2 print, one line a socket, as wide as what stands in it.
-module(swerl_inet_table).

-export([show/2]).

%% @doc Prints the sockets of a protocol, tcp or udp, with a column for each of the names. Nothing where there is none.
-spec show(tcp | udp, [atom()]) -> ok.
show(Protocol, Columns) when Protocol =:= tcp; Protocol =:= udp ->
    Driver = atom_to_list(Protocol) ++ "_inet",
    Sockets = [Port || Port <- erlang:ports(), erlang:port_info(Port, name) =:= {name, Driver}],
    case [[cell(Column, Socket, Protocol) || Column <- Columns] || Socket <- Sockets] of
        [] ->
            ok;
        Lines ->
            Table = [[heading(Column) || Column <- Columns] | Lines],
            Widths = lists:foldl(fun wider/2, [0 || _ <- Columns], Table),
            lists:foreach(fun(Line) -> io:format("~ts~n", [line(Line, Widths)]) end, Table)
    end.

wider(Line, Widths) -> lists:zipwith(fun(Cell, Width) -> max(length(Cell), Width) end, Line, Widths).

line(Line, Widths) -> lists:zipwith(fun(Cell, Width) -> [string:pad(Cell, Width), $\s] end, Line, Widths).

%% "Local Address" of local_address.
heading(Column) ->
    Words = string:lexemes(atom_to_list(Column), "_"),
    lists:flatten(lists:join($\s, [string:titlecase(Word) || Word <- Words])).

cell(port, Socket, _) -> number(erlang:port_info(Socket, id));
cell(module, Socket, Protocol) -> family(inet:sockname(Socket)) ++ "_" ++ atom_to_list(Protocol);
cell(recv, Socket, _) -> counter(Socket, recv_oct);
cell(sent, Socket, _) -> counter(Socket, send_oct);
cell(owner, Socket, _) -> owner(erlang:port_info(Socket, connected));
cell(local_address, Socket, Protocol) -> address(inet:sockname(Socket), Protocol);
cell(foreign_address, Socket, Protocol) -> address(inet:peername(Socket), Protocol);
cell(state, Socket, _) -> state(prim_inet:getstatus(Socket));
cell(type, _, tcp) -> "STREAM";
cell(type, _, udp) -> "DGRAM".

number({id, Id}) -> integer_to_list(Id);
number(undefined) -> " ".

counter(Socket, Name) ->
    case inet:getstat(Socket, [Name]) of
        {ok, [{Name, Count}]} -> integer_to_list(Count);
        _ -> " "
    end.

owner({connected, Pid}) -> pid_to_list(Pid);
owner(undefined) -> " ".

family({ok, {local, _}}) -> "local";
family({ok, {Address, _}}) when tuple_size(Address) =:= 8 -> "inet6";
family(_) -> "inet".

address({ok, {local, Path}}, _) -> "local:" ++ path(Path);
address({ok, {Address, Port}}, Protocol) -> host(Address) ++ ":" ++ service(Port, Protocol);
address({error, enotconn}, _) -> "*:*";
address({error, _}, _) -> " ".

path(Path) when is_binary(Path) -> lists:flatten(io_lib:format("~ts", [Path]));
path(Path) -> Path.

host({0, 0, 0, 0}) -> "*";
host({0, 0, 0, 0, 0, 0, 0, 0}) -> "*";
host({127, 0, 0, 1}) -> "localhost";
host({0, 0, 0, 0, 0, 0, 0, 1}) -> "localhost";
host(Address) -> inet:ntoa(Address).

service(Port, Protocol) ->
    case inet:getservbyport(Port, Protocol) of
        {ok, Name} -> Name;
        _ -> integer_to_list(Port)
    end.

state({ok, [accepting | _]}) -> "ACCEPTING";
state({ok, [listen | _]}) -> "LN:O";
state({ok, [connecting | _]}) -> "CONNECTING";
state({ok, [connected | _]}) -> "CONNECTED(O)";
state({ok, [open]}) -> "IDLE";
state(_) -> "CLOSED".
