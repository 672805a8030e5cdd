%%! erlc +recv_opt_info
-module(recv_opt_remarks).
-export([reference/1, monitor/1, other_clause/1, parameter/1, passed/2, any/1, none/1, pair/1, two/1]).
-export([choice/1, alias/1, in_fun/1, thrice/2, map/1]).

reference(P) ->
    R = make_ref(),
    P ! {R, x},
    receive
        {R, X} -> X
    end.

monitor(P) ->
    R = monitor(process, P),
    P ! {R, x},
    receive
        {R, X} -> X;
        {'DOWN', R, _, _, _} -> e
    after
        10 -> t
    end.

other_clause(P) ->
    R = make_ref(),
    P ! {R, x},
    receive {R, X} -> X; a -> b end.

parameter(P) -> receive {P, X} -> X end.

passed(P, Q) ->
    R = make_ref(),
    P ! {R, x},
    wait(R, Q).

wait(R, _) ->
    receive
        {R, X} -> X
    end.

any(P) -> receive X -> {X, P} end.

none(_) -> receive after 10 -> ok end.

pair(P) ->
    {Pid, Ref} = spawn_monitor(fun() -> P end),
    receive {'DOWN', Ref, _, _, _} -> Pid end.

two(P) ->
    R = make_ref(),
    P ! {R, x},
    receive {R, X} -> X after 0 -> y end,
    receive {R, Y} -> Y end.

choice(P) ->
    R = case P of
            a -> make_ref();
            b -> monitor(process, b)
        end,
    P ! {R, x},
    receive {R, X} -> X end.

alias(P) ->
    R = erlang:alias(),
    P ! {R, x},
    receive
        {R, X} -> X
    after 10 ->
        receive {R, Y} -> Y; _ -> alias(P) end
    end.

in_fun(P) ->
    R = make_ref(),
    P ! R,
    lists:map(fun(X) -> receive {R, X} -> X end end, P).

thrice(P, Q) ->
    A = make_ref(),
    B = make_ref(),
    P ! {A, B},
    Q ! {B, A},
    receive {A, X} -> X end,
    receive {B, Y} when is_atom(Y) -> Y; {b, B} -> c end,
    receive Z when Z =:= A -> X end.

map(P) ->
    A = make_ref(),
    P ! A,
    receive #{a := A} -> A end.
