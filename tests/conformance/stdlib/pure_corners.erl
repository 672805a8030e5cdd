%% Pure functions with arguments that random calls found answered otherwise: bytes that are no characters, improper
%% lists, terms that are no sets, times before year 0, and tokens of other shapes.
-module(pure_corners).
-export([main/0]).

-define(T(E), t(?LINE, fun() -> E end)).

main() ->
    Bytes = [<<"d", 255, "US">>, <<255>>, <<"d", 255, "1-">>, <<128, $a>>, <<"a-1-b1-">>, <<"1-", 768/utf8, "1-">>],
    [?T(string:split(B, S, W)) || B <- Bytes, S <- ["1-", "1", [64257], "", <<"1">>], W <- [leading, trailing, all]],
    [?T(string:find(B, S, W)) || B <- Bytes, S <- ["1-", "1", [64257], ""], W <- [leading, trailing]],
    ?T(string:split(<<"a1">>, "1", middle)),
    ?T(string:split(<<"a">>, "1", middle)),
    [?T(string:nth_lexeme(S, N, [])) || S <- ["abc", "", <<"ab">>, a, {}, [foo | 8], <<1:1>>, [$a, {x}]], N <- [1, 2, 0]],
    [?T(string:tokens(S, [])) || S <- [a, {}, <<"a">>, "abc", [a | b], "", [a]]],
    [?T(string:centre(S, N, $x)) || S <- [a, "abc", [a | b], {}, <<"ab">>], N <- [0, 1, 5, 1.5, -1, a]],
    [?T(string:F(S, "")) || S <- [[a | b], "abc", [1 | 2]], F <- [str, rstr]],
    [?T(string:lexemes([], S)) || S <- [a, {}, 1.0, "ab", [a | b]]],
    [?T(string:sub_word(S, N)) || S <- [[], "ab cd"], N <- [-2, 0, 1, 2, 3, a]],
    [?T(string:equal(A, B, F)) || A <- [[], "ab", <<"ab">>, [-5 | -4], ["k" | 5], [<<"a">>, "b"]], B <- ["'C", [], "ab", "AB"],
                                 F <- [true, false]],
    [?T(string:equal(A, "ab", F, N)) || A <- [[], "ab", "ax"], F <- [true, false], N <- [none, nfc]],
    [?T(base64:F(A)) || F <- [decode, decode_to_string, mime_decode, mime_decode_to_string],
                        A <- [[0], [$a, 0], <<0>>, <<"a", 0>>, [0 | x], [$a, $a, 0, $a, $a], <<0, "aaaa">>]],
    ?T(sets:intersection(#{{x} => 1}, #{1 => [], {x} => [], y => []})),
    ?T(sets:intersection(#{3 => [], b => []}, #{3 => 7})),
    ?T(calendar:now_to_datetime({-1.0e28, 2, 3})),
    ?T(calendar:now_to_datetime({1.0e5, 2, 3})),
    ?T(calendar:system_time_to_rfc3339(-7806342895748775936, [{offset, 3600}, {unit, second}])),
    ?T(calendar:system_time_to_rfc3339(-62167219201, [{offset, 3600}])),
    ?T(calendar:system_time_to_rfc3339(-62167219201, [{offset, "Z"}])),
    [?T(digraph_utils:F([false | 1], digraph:new())) || F <- [reachable_neighbours, reaching_neighbours]],
    [?T(sofs:from_sets(A)) || A <- [{x}, [4.57], [[] | 10], [], {}]],
    [?T(sofs:product(A)) || A <- [{nil, c}, {false, "x"}, {}]],
    ?T(sofs:family_projection({external, fun(X) -> X end}, sofs:family([{a, [1]}]))),
    ?T(sofs:family_projection({external, fun(X) -> X end}, sofs:family([]))),
    ?T(sofs:family_projection(foo, sofs:family([{a, [1]}]))),
    [?T(erl_scan:F(X)) || F <- [category, symbol, location, line, column, text, end_location],
                          X <- [{[b | nil], 1}, {{x}, 12}, {"x", {1, 2}}, {-2, []}, {a, [{location, 1}]}, {a, 1, 2, 3}, {a}]],
    ?T(erl_scan:tokens([], "a. ", -1)),
    [?T(io_lib:format_prompt(A, E)) || A <- [[a], "abc", [937], abc, [a | b], [-5], {format, "~z", []}, [1.0]], E <- [latin1, unicode]],
    [?T(io_lib:indentation(A, 3)) || A <- ["ab\nc", <<"ab">>, ["ab", "\t"], [<<"a">>], a, [1 | 2]]],
    ok.

t(Line, Fun) ->
    io:format("~w ~tw~n", [Line, try Fun() catch Class:Reason -> {Class, Reason} end]).
