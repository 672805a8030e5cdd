%%% raw_file_io_delayed: files that are opened with `delayed_write`.
%%%
%%% The machine holds back what is written, until it is too much or anything
%%% else is asked of the file. A process of each file sees to the rest: that
%%% nothing waits longer than it may, nor is lost when the owner ends.
-module(raw_file_io_delayed).

-export([open/2]).
-export([init/3]).

-define(DELAY, 2000).

%% Opens a file as prim_file:open/2 does; Modes may have sizes and times.
open(Name, Modes) ->
    case delay(Modes) of
        none ->
            prim_file:open(Name, Modes);
        Delay ->
            case prim_file:open(Name, Modes) of
                {ok, Fd} ->
                    watch(Fd, Delay),
                    {ok, Fd};
                Error ->
                    Error
            end
    end.

delay([delayed_write | _]) -> ?DELAY;
delay([{delayed_write, _Size, Delay} | _]) -> max(Delay, 0);
delay([_ | Modes]) -> delay(Modes);
delay([]) -> none.

watch(Fd, Delay) ->
    {Pid, Monitor} = spawn_monitor(?MODULE, init, [self(), Fd, Delay]),
    receive
        {Pid, watching} -> erlang:demonitor(Monitor, [flush]);
        {'DOWN', Monitor, process, Pid, _} -> ok
    end.

init(Owner, Fd, Delay) ->
    Monitor = erlang:monitor(process, Owner),
    ok = prim_file:take_over(Fd),
    Owner ! {self(), watching},
    idle(Fd, Delay, Monitor).

%% Nothing waits to be written, for all that is known.
idle(Fd, Delay, Monitor) ->
    receive
        delay -> waiting(Fd, Delay, Monitor);
        closed -> ok;
        {'DOWN', Monitor, process, _, _} -> prim_file:close(Fd);
        _ -> idle(Fd, Delay, Monitor)
    end.

waiting(Fd, Delay, Monitor) ->
    receive
        closed -> ok;
        {'DOWN', Monitor, process, _, _} -> prim_file:close(Fd)
    after Delay ->
        _ = prim_file:flush(Fd),
        idle(Fd, Delay, Monitor)
    end.
