%% What select/3 and its like give to go on with, and what brings it back from its external form.
-module(ets_continuations).
-export([main/0]).

main() ->
    [table(Options) || Options <- [[], [ordered_set], [bag], [named_table], [{write_concurrency, true}]]],
    ok.

table(Options) ->
    io:format("~p~n", [Options]),
    T = ets:new(t, Options),
    ets:insert(T, [{I, I} || I <- lists:seq(1, 20)]),
    Spec = [{{'$1', '_'}, [], ['$1']}],
    show(ets:select(T, Spec, 3)),
    show(ets:select_reverse(T, Spec, 3)),
    show(ets:match(T, {'$1', '_'}, 3)),
    show(ets:match_object(T, {'$1', '_'}, 3)),
    {First, C} = ets:select(T, Spec, 7),
    io:format("~w ~w~n", [ets:is_compiled_ms(spec(C)), ets:repair_continuation(C, Spec) =:= C]),
    io:format("~w~n", [lists:sort(First ++ rest(ets:select(C)))]),
    Away = binary_to_term(term_to_binary(setelement(position(C), C, make_ref()))),
    fault(fun() -> ets:select(Away) end),
    Back = ets:repair_continuation(Away, Spec),
    io:format("~w~n", [lists:sort(First ++ rest(ets:select(Back)))]),
    io:format("~w~n", [lists:sort(rest_of_match(ets:match(T, {'$1', '_'}, 6)))]),
    fault(fun() -> ets:select(setelement(1, C, wrong)) end),
    fault(fun() -> ets:select({a, b, c}) end),
    fault(fun() -> ets:match({a, b, c}) end),
    fault(fun() -> ets:match_object({a, b, c}) end),
    fault(fun() -> ets:repair_continuation({a, b, c}, Spec) end),
    io:format("~w~n", [[ets:F('$end_of_table') || F <- [select, select_reverse, match, match_object]]]),
    ets:delete(T),
    fault(fun() -> ets:select(C) end).

position(C) when tuple_size(C) =:= 6 -> 4;
position(C) when tuple_size(C) =:= 8 -> 5.

spec(C) -> element(position(C), C).

show({Found, Continuation}) ->
    Shown = [if is_reference(E) -> reference; true -> E end || E <- tuple_to_list(Continuation)],
    io:format("~w ~w~n", [Found, list_to_tuple(Shown)]).

rest('$end_of_table') -> [];
rest({Found, C}) -> Found ++ rest(ets:select(C)).

rest_of_match('$end_of_table') -> [];
rest_of_match({Found, C}) -> Found ++ rest_of_match(ets:match(C)).

fault(F) ->
    try F() of
        Value -> io:format("~w~n", [Value])
    catch
        Class:Reason:Trace ->
            [{M, N, A, Info} | _] = Trace,
            Arity = if is_list(A) -> length(A); true -> A end,
            io:format("~w ~w ~w:~w/~w ~w~n", [Class, Reason, M, N, Arity, proplists:get_value(error_info, Info)])
    end.
