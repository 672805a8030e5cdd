%% Names of funs and comprehensions: their numbers follow the order in which OTP's compiler comes upon them.
-module(fun_names).
-export([main/0, pairs/1, nested/1, named/1, mixed/1, tries/1, receives/1, maps/1, records/1, bits/1, local/1]).
-export([apply_all/1, one/1, keep/1]).

-record(r, {a = fun one/1, b, c}).

main() ->
    show(pairs(1)), show(nested(2)), show(named(3)), show(mixed([4])), show(tries(5)), show(receives(6)),
    show(maps(7)), show(records(8)), show(bits(9)), show(local(10)).

show(Funs) ->
    io:format("~p~n", [[name(F) || F <- Funs]]).

name(F) ->
    {name, Name} = erlang:fun_info(F, name),
    {arity, Arity} = erlang:fun_info(F, arity),
    {Name, Arity}.

one(X) -> X.

keep(X) -> X.

apply_all(Funs) -> Funs.

pairs(X) ->
    {A, B} = keep({fun() -> {a, X} end, fun() -> {b, X} end}),
    [C | D] = keep([fun() -> {c, X} end | fun() -> {d, X} end]),
    E = apply_all([fun() -> {e, X} end, fun() -> {f, X} end]),
    [A, B, C, D | E].

nested(X) ->
    F = fun(Y) -> {fun() -> {X, Y} end, fun() -> {Y, X} end} end,
    {G, H} = (keep(F))(1),
    [F, G, H, fun() -> fun() -> X end end].

named(X) ->
    F = fun Loop(0) -> X; Loop(N) -> Loop(N - 1) end,
    G = fun Unused(N) -> {X, N} end,
    H = fun() -> keep(X) end,
    [F, G, H].

mixed(L) ->
    A = [fun() -> {X, L} end || X <- L],
    B = [[fun() -> {X, Y} end || Y <- L] || X <- L],
    C = fun() -> [keep(X) || X <- L] end,
    lists:append([A, lists:append(B), [C]]).

tries(X) ->
    Try = try keep(fun() -> {a, X} end) of
              F -> [F, fun() -> {b, X} end]
          catch
              _:_ -> [fun() -> {c, X} end]
          end,
    Try ++ [fun() -> {d, X} end].

receives(X) ->
    self() ! fun() -> {a, X} end,
    receive
        F -> [F, fun() -> {b, X} end]
    after 1000 ->
            [fun() -> {c, X} end]
    end ++ [fun() -> {d, X} end].

maps(X) ->
    M = keep(#{a => fun() -> {a, X} end, b => fun() -> {b, X} end}),
    #{a := A, b := B} = M#{a := fun() -> {c, X} end},
    case X of
        7 -> [A, B, fun() -> {d, X} end];
        _ -> [fun() -> {e, X} end]
    end.

records(X) ->
    R = keep(#r{c = fun() -> {c, X} end, b = fun() -> {b, X} end}),
    #r{a = A, b = B, c = C} = keep(R#r{b = fun() -> {d, X} end}),
    [A, B, C].

bits(X) ->
    Size = fun() -> X - 1 end,
    B = << <<(begin put(f, fun() -> {Y, X} end), Y end)>> || Y <- keep([X]) >>,
    [Size, get(f) | [fun() -> B end || X > 1]].

local(_) ->
    [fun one/1, fun local/1, fun name/1].
