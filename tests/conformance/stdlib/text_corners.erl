%% Corners that random calls have shown: white space of erl_scan and lines before 0, annotations of odd files and texts,
%% patterns of one line, subjects that are no text, and numbers that are no characters.
-module(text_corners).
-export([main/0]).

-define(T(E), show(?LINE, fun() -> E end)).

show(Line, Fun) ->
    Value = try Fun() catch Class:Reason -> {Class, Reason} end,
    io:format("~p: ~0p~n", [Line, Value]).

main() -> scanner(), annotations(), patterns(), texts().

scanner() ->
    [?T({Text, erl_scan:string(Text, {1, 1}, [return])})
     || Text <- ["\t ", " \t\t ", "\n\t ", "\n \t", "\n\n ", "\r\n", "\n\r\n", " \r\r ", "\f ", "\n\f\f", "\v \t\n", [10, 160, 32],
                 lists:duplicate(35, $\s), [$\n | lists:duplicate(35, $\s)], lists:duplicate(23, $\t), "a \tb"]],
    [?T({Text, Start, scanned(fun() -> erl_scan:string(Text, Start) end)})
     || Text <- ["", "  ", "a", "37#1", "a 37#1", "\n\na", "\"a", "\n \"a"], Start <- [-1, -2, {-1, 3}, {0, 1}, -(1 bsl 70), {-1, 0}]],
    [?T({Text, Start, scanned(fun() -> erl_scan:tokens([], Text, Start) end)})
     || Text <- [eof, "a. ", "37#1. ", "\na. "], Start <- [-1, {-1, 1}, {-1}, {-1, 0}]].

scanned(Fun) ->
    try Fun() catch Class:Reason -> {Class, Reason} end.

annotations() ->
    [?T({F, X, scanned(fun() -> erl_anno:F(X, 1) end)})
     || F <- [set_file, set_text, set_generated, set_record], X <- [[], <<>>, [[]], [a], [1 | 2], a, true, false]],
    [?T({Anno, erl_anno:is_anno(Anno), scanned(fun() -> erl_anno:generated(Anno) end)})
     || Anno <- [[{file, <<>>}, {location, 1}], [{text, [a]}, {location, 1}], [{record, false}, {location, 2}],
                 [{generated, false}, {location, 1}], [{generated, odd}, {location, 1}]]].

patterns() ->
    [?T({Text, Newline, re:run(Text, "(?=$)", [firstline, {newline, Newline}])})
     || Text <- ["abc", "a\nb", "a\r\nb", "a\rb\r\n", ""], Newline <- [crlf, cr, lf, any]],
    [?T({Text, scanned(fun() -> re:run(Text, "x?", [unicode]) end)})
     || Text <- [[b, "x"], b, ["x" | b], ["x", <<"y">>], <<255>>]],
    [?T({Options, re:compile("a(", Options)})
     || Options <- [[unicode, never_utf], [unicode, {newline, crlf}, never_utf, {newline, any}], [{newline, crlf}, {newline, any}]]].

texts() ->
    [?T({Format, Text, lists:flatten(io_lib:format(Format, [Text]))})
     || Text <- [[1 bsl 70], [16#D800], [16#110000], [-1], [a]], Format <- ["~ts", "~s", "~5.3ts", "~.2ts"]],
    [?T({Text, lists:flatten(io_lib:write_string(Text))}) || Text <- [[-1], [-279.0], [1.5]]],
    [?T({Chars, io_lib:quote_atom(ab, Chars)}) || Chars <- ["ab", "a b", [], a, {}, 1.5]],
    [?T({Prompt, Encoding, io_lib:format_prompt(Prompt, Encoding)})
     || Prompt <- ["abc", [945], {a, '\x{3b1}'}, {format, "~p>", [1]}], Encoding <- [latin1, unicode]],
    ?T(io_lib:format("~*c~.36B~*.0g~g", [1 bsl 62, 14, 1, 1.5, 2.5])).
