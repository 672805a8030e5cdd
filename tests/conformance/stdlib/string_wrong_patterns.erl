%% Patterns, sets and texts that are none, given to string: which error is raised, and where a difference before it decides.
-module(string_wrong_patterns).
-export([main/0]).

main() ->
    Texts = ["", "abc", [97, 233], [61, 937], <<>>, <<"abc">>, <<"a\x{3a9}"/utf8>>, ["a", <<"b">>]],
    Ends = [[], [trailing]],
    [t(find, [Text, Pattern | End])
     || Text <- Texts, Pattern <- [[[]], [<<>>], [[], <<>>], <<>>, "", <<76, 228, 134>>, [97, <<255>>], [-1]], End <- Ends],
    [t(split, [Text, Pattern | End]) || Text <- Texts, Pattern <- [<<76, 228, 134>>, [97, <<255>>]], End <- Ends],
    [t(take, [Text, Set | More])
     || Text <- Texts, Set <- [{1, 2, 3}, {1, 2}, a, <<"a">>], More <- [[], [true], [false, trailing], [true, trailing]]],
    Bad = <<255>>,
    [t(equal, [A, B, IgnoreCase, Form])
     || {A, B} <- [{"a", "b"}, {"a", "A"}, {"a", ["a", Bad]}, {[Bad], "a"}, {[97, Bad], "a"}, {<<>>, Bad}, {[67, "x", Bad], [233]},
                   {["A", Bad], ["a", Bad]}, {["A", Bad], "b"}, {["a", Bad], ["a", Bad]}, {"a", [a]}],
        IgnoreCase <- [true, false], Form <- [nfd, nfkc, d]],
    ok.

t(F, Args) ->
    Value = try apply(string, F, Args) catch Class:Reason -> {Class, Reason} end,
    io:format("~w ~w: ~w~n", [F, Args, Value]).
