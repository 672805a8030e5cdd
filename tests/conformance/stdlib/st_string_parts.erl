%% Text that is a list of lists and binaries: in which parts what is left of it comes back.
-module(st_string_parts).
-export([main/0]).

main() ->
    Texts = [[<<"abc">>, "def"], ["a", [<<"b">>, "c"]], [<<"  x ">>, " y "], [[], <<"h">>, [$i]], [<<"a,b">>, ",c"], ["a,", <<"b,c">>],
             [["x"], $y, <<"Z">>], ["\r", "\n", <<"x">>], [[]], [<<>>, []], string:replace("a-b-c", "-", "+", all),
             io_lib:format(" ~p, ~s ~n", [atom, "text"])],
    [each(Text) || Text <- Texts],
    [io:format("~w ~w: ~p~n", [F, T, tried(fun() -> string:F(T) end)])
     || F <- [to_integer, to_float], T <- ["12 x", <<"12 x">>, ["1", <<"2x">>], ["1", <<"2.5e3z">>], [1, a], [<<"+5">>], ["-"], ["1", ",", <<"5">>], []]].

each(Text) ->
    io:format("~p ~p~n", [Text, {string:length(Text), string:to_graphemes(Text), string:reverse(Text)}]),
    [io:format("  ~w ~p~n", [F, tried(fun() -> apply(string, F, [Text | Args]) end)]) || {F, Args} <- calls()].

calls() ->
    [{F, []} || F <- [uppercase, lowercase, titlecase, casefold, trim, chomp, next_grapheme, next_codepoint, is_empty]]
        ++ [{slice, A} || A <- [[1], [1, 2], [0, 3], [3, 4], [9], [2, infinity]]]
        ++ [{trim, A} || A <- [[leading], [trailing], [both, "xyabc "]]]
        ++ [{split, A} || A <- [[","], [",", all], [",", trailing], ["b"], [<<"de">>]]]
        ++ [{replace, A} || A <- [["b", "--", all], [",", <<";">>], ["+", "*", trailing]]]
        ++ [{lexemes, [", +"]}, {nth_lexeme, [2, ", "]}, {nth_lexeme, [1, ", "]}, {find, ["b"]}, {find, ["c", trailing]}, {find, [","]}]
        ++ [{prefix, ["a"]}, {prefix, ["ab"]}, {prefix, [""]}]
        ++ [{take, A} || A <- [["ab"], ["c", true], ["cdef", false, trailing], ["b", true, trailing], ["", true]]]
        ++ [{pad, [8]}, {pad, [8, both, $*]}, {equal, ["abcdef"]}].

tried(Call) ->
    try Call()
    catch error:Reason -> {error, Reason}
    end.
