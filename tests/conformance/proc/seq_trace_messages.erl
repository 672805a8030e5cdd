%% seq_trace: tokens go with messages and exits, are taken over and lost; what the system tracer is told.
-module(seq_trace_messages).
-export([main/0]).

main() ->
    process_flag(trap_exit, true),
    Main = self(),
    Tracer = spawn(fun() -> tracer(Main, []) end),
    seq_trace:set_system_tracer(Tracer),
    Echo = spawn(fun echo/0),
    Quiet = spawn(fun quiet/0),

    run(Tracer, print, [print], fun() ->
        seq_trace:print(hello), seq_trace:print(1, same_label), seq_trace:print(2, other_label)
    end),
    run(Tracer, there_and_back, [send, 'receive'], fun() -> call(Echo, a), call(Echo, {b, "text"}) end),
    run(Tracer, no_flags, [], fun() -> call(Echo, a) end),
    run(Tracer, taken_over, [send, 'receive'], fun() ->
        Echo ! {Main, token}, receive {Echo, {Flags, Label, _, From, _}} -> {Flags, Label, From =:= Main} end
    end),
    run(Tracer, lost, [send, 'receive'], fun() ->
        %% A message that was sent without a token takes it away.
        Quiet ! {Main, x},
        receive {Quiet, plain} -> ok end
    end),
    run(Tracer, itself, [send, 'receive'], fun() -> Main ! to_me, receive to_me -> ok end end),
    run(Tracer, timer_keeps, [send, 'receive'], fun() ->
        erlang:send_after(1, Main, time), receive time -> ok end
    end),
    run(Tracer, nobody, [send], fun() -> catch (nobody_has_this_name ! x), ok end),
    Linked = spawn_link(fun() -> receive die -> exit(died) end end),
    run(Tracer, exit_of_linked, [send, 'receive'], fun() ->
        Linked ! die, receive {'EXIT', Linked, died} -> ok end
    end),
    {Watched, Ref} = spawn_monitor(fun() -> receive die -> exit(died) end end),
    run(Tracer, down_keeps, [send, 'receive'], fun() ->
        Watched ! die, receive {'DOWN', Ref, process, Watched, died} -> ok end
    end),
    run(Tracer, exit_2, [send, 'receive'], fun() ->
        exit(Main, reason), receive {'EXIT', Main, reason} -> ok end
    end),
    run(Tracer, alias, [send, 'receive'], fun() ->
        Alias = alias(), Echo ! {Alias, to_alias}, receive {Echo, to_alias} -> unalias(Alias), ok end
    end),
    [run(Tracer, Time, [send, Time], fun() -> Main ! x, receive x -> ok end end)
     || Time <- [timestamp, monotonic_timestamp, strict_monotonic_timestamp]],
    %% Tokens of waiting messages go too.
    seq_trace:set_token(label, 1),
    Main ! waiting,
    seq_trace:reset_trace(),
    receive waiting -> ok end,
    io:format("reset: ~p~n", [seq_trace:get_token()]).

%% Runs F with a fresh token of label 1; shows the result, the token afterwards, and what was told.
run(Tracer, What, Flags, F) ->
    seq_trace:reset_trace(),
    seq_trace:set_token(label, 1),
    [seq_trace:set_token(Flag, true) || Flag <- Flags],
    Result = F(),
    Token = seq_trace:get_token(),
    seq_trace:set_token([]),
    %% What was told came before this.
    Tracer ! show,
    receive {told, Told} -> ok end,
    io:format("~w: ~p~n  ~p~n", [What, Result, plain(Token)]),
    [io:format("  ~p~n", [plain(T)]) || T <- Told].

tracer(Main, Told) ->
    receive
        show -> Main ! {told, lists:reverse(Told)}, tracer(Main, []);
        T -> tracer(Main, [T | Told])
    end.

echo() ->
    receive
        {From, token} -> From ! {self(), seq_trace:get_token()};
        {From, Message} -> From ! {self(), Message}
    end,
    echo().

%% Loses the token before it answers.
quiet() ->
    receive {From, x} -> seq_trace:set_token([]), From ! {self(), plain} end,
    quiet().

call(Pid, Message) ->
    Pid ! {self(), Message},
    receive {Pid, Message} -> ok end.

plain({seq_trace, Label, Info, {_, _, _}}) -> {seq_trace, Label, plain(Info), three};
plain({seq_trace, Label, Info, {_, _}}) -> {seq_trace, Label, plain(Info), two};
plain({seq_trace, Label, Info, Time}) when is_integer(Time) -> {seq_trace, Label, plain(Info), one};
plain(Pid) when Pid =:= self() -> me;
plain(Pid) when is_pid(Pid) -> pid;
plain(Ref) when is_reference(Ref) -> ref;
plain(Tuple) when is_tuple(Tuple) -> list_to_tuple([plain(E) || E <- tuple_to_list(Tuple)]);
plain(Other) -> Other.
