%%% Merging of lists that are not sorted, or are none: the order in which elements are compared and taken.
-module(st_lists_merge_unsorted).
-export([main/0]).
-define(T(E), t(?LINE, fun() -> E end)).

t(Line, Fun) ->
    io:format("~w: ~0p~n", [Line, try Fun() catch Class:Reason -> {Class, Reason} end]).

main() ->
    Lists = [[3, 1, 2], [2, 2, 5, 1], [], [4, 1, 4, 0], [7, 6], [1, 9, 1], [5, 5, 3, 8], [0]],
    Pairs = [[{X, n} || X <- L] || L <- Lists],
    ?T([lists:merge(A, B) || A <- Lists, B <- Lists]),
    ?T([lists:umerge(A, B) || A <- Lists, B <- Lists]),
    ?T([lists:merge(fun(X, Y) -> X >= Y end, A, B) || A <- Lists, B <- Lists]),
    ?T([lists:umerge(fun(X, Y) -> X =< Y end, A, B) || A <- Lists, B <- Lists]),
    ?T([lists:keymerge(1, A, B) || A <- Pairs, B <- Pairs]),
    ?T([lists:ukeymerge(1, A, B) || A <- Pairs, B <- Pairs]),
    ?T([lists:merge(lists:sublist(Lists, N)) || N <- lists:seq(0, 8)]),
    ?T([lists:umerge(lists:sublist(Lists, N)) || N <- lists:seq(0, 8)]),
    ?T([lists:merge3(A, [2, 1], B) || A <- Lists, B <- Lists]),
    ?T(lists:merge(a, [1])),
    ?T(lists:merge([1 | a], [2])),
    ?T(lists:merge([1], [2 | a])),
    ?T(lists:merge3([1], [1, 2 | 3], [3, 1])),
    ?T(lists:umerge([a | b], [c])),
    ?T(lists:umerge(fun(X, Y) -> X =< Y end, [false | false], [1.5])),
    ?T(lists:keymerge(1, [], [x])),
    ?T(lists:ukeymerge(2, [{1}], [])),
    ?T(lists:merge([[1], a, [2]])),
    ?T(lists:umerge([a, [1]])).
