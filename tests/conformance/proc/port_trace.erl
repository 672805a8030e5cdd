%% Tracing of ports: what they are asked, what they send, links, the end.
-module(port_trace).
-export([main/0]).

main() ->
    Me = self(),
    Owner = spawn(fun() -> owner(Me) end),
    Port = do(Owner, fun() -> open_port({spawn, "cat"}, [binary]) end),
    p(trace, erlang:trace(Port, true, [ports, send, 'receive'])),
    p(info, erlang:trace_info(Port, flags)),
    p(tracer, erlang:trace_info(Port, tracer) =:= {tracer, Me}),
    do(Owner, fun() -> Port ! {self(), {command, "hi"}}, answer(Port) end),
    show(Port, 2),
    do(Owner, fun() -> port_command(Port, ["h", <<"o">>]), answer(Port) end),
    show(Port, 2),
    link(Port),
    show(Port, 1),
    unlink(Port),
    show(Port, 1),
    do(Owner, fun() -> Port ! {self(), {connect, Me}}, receive {Port, connected} -> ok end end),
    show(Port, 2),
    p(off, erlang:trace(Port, false, [send])),
    p(info, erlang:trace_info(Port, flags)),
    true = port_close(Port),
    show(Port, 2),
    p(closed, erlang:trace_info(Port, flags)),
    Other = do(Owner, fun() -> open_port({spawn, "cat"}, []) end),
    p(trace, erlang:trace(Other, true, [ports, timestamp])),
    do(Owner, fun() -> Other ! {self(), close}, receive {Other, closed} -> ok end end),
    p(end_of_other, receive {trace_ts, Other, closed, Reason, {_, _, _}} -> Reason end),
    p(new, erlang:trace(new_ports, true, [ports, send, procs])),
    p(new_flags, erlang:trace_info(new_ports, flags)),
    Third = do(Owner, fun() -> open_port({spawn, "cat"}, []) end),
    p(opened, receive {trace, Third, open, Owner, Name} -> Name end),
    p(linked, receive {trace, Third, getting_linked, Owner} -> owner end),
    p(new_off, erlang:trace(new_ports, false, [all])),
    [p(wrong, try erlang:trace(Who, true, [ports]) catch error:Why -> Why end)
     || Who <- [Other, a_port, {port}]].

owner(Main) ->
    receive {do, F} -> Main ! {done, F()} end,
    owner(Main).

do(Owner, F) ->
    Owner ! {do, F},
    receive {done, Result} -> Result end.

answer(Port) ->
    receive {Port, {data, _}} -> ok end.

%% So many messages of tracing, with what differs from run to run left out.
show(_, 0) -> ok;
show(Port, N) ->
    receive
        Trace when element(1, Trace) =:= trace, element(2, Trace) =:= Port -> p(event, plain(Trace))
    end,
    show(Port, N - 1).

plain(Pid) when Pid =:= self() -> me;
plain(Pid) when is_pid(Pid) -> pid;
plain(Port) when is_port(Port) -> port;
plain(Tuple) when is_tuple(Tuple) -> list_to_tuple([plain(E) || E <- tuple_to_list(Tuple)]);
plain(Other) -> Other.

p(What, Term) -> io:format("~w: ~p~n", [What, Term]).
