%% A device that is slow: who logs waits, is not heard, or what waits is thrown away, and the handler says so; too much in
%% a short time; a handler that ends and comes back.
-module(logger_overload).
-export([main/0]).

main() ->
    ok = logger:remove_handler(default),
    ok = logger:set_primary_config(level, info),
    Calm = #{burst_limit_enable => false},
    [run(Config, Events, Processes)
     || {Config, Events, Processes} <-
            [{#{}, 5, 1}, {#{}, 100, 1}, {#{sync_mode_qlen => 0}, 10, 1},
             {Calm#{sync_mode_qlen => 20, drop_mode_qlen => 20, flush_qlen => 20}, 1, 80},
             {Calm#{flush_qlen => 200}, 1, 300},
             {#{burst_limit_max_count => 5, burst_limit_window_time => 60000}, 20, 1},
             {Calm#{overload_kill_enable => true, overload_kill_qlen => 30, overload_kill_restart_after => 300}, 1, 100},
             {Calm#{overload_kill_enable => true, overload_kill_qlen => 30, overload_kill_restart_after => infinity}, 1, 100}]],
    ok.

run(Config, Events, Processes) ->
    Self = self(),
    Device = spawn_link(fun() -> receive open -> device(Self) end end),
    Format = {logger_formatter, #{template => [level, " ", msg, "\n"]}},
    ok = logger:add_handler(h, logger_std_h, #{config => Config#{type => {device, Device}}, formatter => Format}),
    %% The handler takes these until it is ahead as far as it goes, and then waits for the device.
    First = spawn_monitor(fun() -> [begin logger:info("first"), receive after 2 -> ok end end || maps:is_key(burst_limit_enable, Config), _ <- lists:seq(1, 21)] end),
    quiet([First], 5),
    Others = [spawn_monitor(fun() -> [logger:info("event ~w", [N]) || N <- lists:seq(1, Events)] end) || _ <- lists:seq(1, Processes)],
    quiet(Others, 5),
    Device ! open,
    [receive {'DOWN', Ref, _, _, _} -> ok end || {_, Ref} <- [First | Others]],
    io:format("~0p ~w ~w~n  ~0tp~n  ~w~n", [Config, Events, Processes, counted(said()), logger:get_handler_ids()]),
    receive after 400 -> ok end,
    logger:notice("later"),
    io:format("  ~0tp~n  ~w ~w~n", [said(), logger:get_handler_ids(), logger:remove_handler(h)]),
    unlink(Device),
    exit(Device, kill).

%% Until all of them have ended or wait, and so for some time.
quiet(_, 0) -> ok;
quiet(Processes, N) ->
    receive after 20 -> ok end,
    case [Pid || {Pid, _} <- Processes, not lists:member(process_info(Pid, status), [undefined, {status, waiting}])] of
        [] -> quiet(Processes, N - 1);
        _ -> quiet(Processes, 5)
    end.

device(Owner) ->
    receive
        {io_request, From, Ref, {put_chars, _, Text}} ->
            Owner ! {text, string:trim(unicode:characters_to_list(Text))},
            From ! {io_reply, Ref, ok},
            device(Owner)
    end.

said() -> receive {text, Text} -> [Text | said()] after 100 -> [] end.

counted(["info " ++ _ | Texts]) ->
    {Same, Others} = lists:splitwith(fun(Text) -> lists:prefix("info ", Text) end, Texts),
    [length(Same) + 1 | counted(Others)];
counted([Text | Texts]) -> [Text | counted(Texts)];
counted([]) -> [].
