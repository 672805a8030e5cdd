%%% How many erlang:trace/3 says it has changed, of several: those that can have one of the flags, the tracer among them.
-module(trace_counts).
-export([main/0]).

main() ->
    _ = open_port({spawn, "cat"}, []),
    Flags = [[], [call], [send], [timestamp], [silent], [running_ports], [running, ports], [ports], [procs, 'receive']],
    [io:format("~p ~p ~p: ~p~n", [Who, On, Some, counted(Who, On, Some)])
     || On <- [true, false], Some <- Flags,
        Who <- [all, existing, new, processes, existing_processes, new_processes, ports, existing_ports, new_ports]].

counted(Who, On, Flags) ->
    Processes = length(processes()),
    Ports = length(erlang:ports()),
    case erlang:trace(Who, On, Flags) of
        0 -> none;
        Processes -> processes;
        Ports -> ports;
        Count when Count =:= Processes + Ports -> both;
        Count -> {Count, Processes, Ports}
    end.
