%% -*- coding: utf-8 -*-
%% where a limit of characters cuts terms and text; improper tails over several lines; fields as wide as precise
-module(st_fmt_limit).
-export([main/0]).

main() ->
    Terms = [{r2, [{b, {}}, {infinity, <<"dcg9zXzg-X00">>}], {}},
             {r2, {{}, [[], <<"X1b\", \"d-.cf0">>, 618, ''], {r3, r1, [], "Xgf9gZaf"}, <<>>}, []},
             [{infinity, <<"some bytes">>, x}, {}], [[{infinity}], []],
             #{1 => 1, 2 => 2, 3 => lists:seq(11, 40)},
             #{{} => <<"\",">>, <<193, 72, 2, 131, 2:2>> => "Z", [a, {x, [1, 2, 3]}] => {y, "a string"}},
             #{{x, [[[{-716}, "Yg1"], "Xe\nZ"], a_long_atom_name]} => {r3, <<153>>, 1.456, <<11, 240, 248>>}, "\\d e" => []},
             {a, #{infinity => [], #{0.5 => {}, [] => []} => [265727542176172767026, "X", 860]}, {r, <<93, 184, 44, 9:5>>}},
             [[1, 2, 3, {a, b}] | {x, "a tail", [y | z]}],
             [{r, 1, {r, {r, x, "text of a record"}, [1]}}, {r, [], #{k => {r, a, b}}}]],
    [print(Term, Limit) || Term <- Terms, Limit <- lists:seq(2, 90, 4)],
    [print_unicode(Text, Limit) || Text <- texts(), Limit <- [3, 5, 6, 7, 8, 10, 14, 40]],
    [print_text(Text, Limit) || Text <- [[-3], [1.5], "abc" ++ [1.5], "abcdefghijklmn" ++ x, ["ab", <<"cd">>, "efghijk" | x],
                                         ["ab", <<200, 201>>, "cdefghijkl"], [[97 | 98], "cdefghijkl"], <<"ab", 200, "cdefghijkl">>,
                                         "abcdefgh" ++ [937], ["\r\n", "abcdefghijkl"], [<<"b">>, 1.5, "cdefghijkl"]],
                                Limit <- [0, 3, 5, 8, 11, 30]],
    [show(fun() -> io_lib:format(Format, [Text]) end) || Format <- ["~5.5s", "~-5.5s", "~5.5ts", "~8.4s", "~8.4ts", "~5.5w"],
                                                         Text <- ["ab", "\r\nab", "\r\nabcdef", "abcdefgh"]],
    [show(fun() -> io_lib_pretty:print(Tail, [{line_length, Line}, {record_print_fun, fun fields/2}]) end)
     || Tail <- [{r1, [874 | {x, <<"abc">>}]}, {r2, [-1.844, [<<".\nea 0">> | {x, []}]], ''}, [{} | {r1, {x, #{k => {[[366], <<>>]}}}}],
                 #{k => [<<130, 90, 67, 6:4>> | {{{[#{} | {x, {0.205104039782403}}]}}}]}, {r, a, [0.52 | {r, {'', "text"}, [1, 2]}]},
                 [["1"] | {abc, 97744324148248142792, abc}]],
        Line <- [12, 16, 20, 30, 40, 60]],
    [show(fun() -> io_lib_pretty:print(Term, Column, Line, Depth) end)
     || Term <- [[a, b, c], {a, b, c}, {1, 2}, "abc", <<1, 2, 3>>, #{}, #{a => b}], Column <- [5, 0.5, 30.5, x], Line <- [80, 10, 0, x],
        Depth <- [-1, 1, 2, 0.5]],
    show(fun() -> io_lib:write(#{}, -2.5) end),
    show(fun() -> io_lib:write({a, #{}}, x) end),
    show(fun() -> io_lib:write_string([9, []], []) end),
    show(fun() -> io_lib:write_string("a\"b", []) end).

fields(r, 2) -> [name, 'Value'];
fields(_, _) -> no.

texts() ->
    ["abcdefghij" ++ x, "abcd" ++ ["efgh"], "abcd" ++ [[]], "abcd" ++ [[], 97], "abcd\r\nefgh", "\r\n\r\n\r\nabc",
     "ab" ++ [16#E9, 16#301] ++ "cdefgh", [<<"d91", 16#E9/utf8>>, "abcdef"], <<"cZ", 16#E9/utf8, "abc">>].

print(Term, Limit) ->
    [show(fun() -> io_lib:format(Format, [Term | Depth], [{chars_limit, Limit}]) end)
     || {Format, Depth} <- [{"~w", []}, {"~0p", []}, {"~20lp", []}, {"~W", [6]}, {"~P", [8]}]],
    show(fun() -> io_lib_pretty:print(Term, [{chars_limit, Limit}, {record_print_fun, fun fields/2}]) end).

print_unicode(Text, Limit) ->
    [show(fun() -> io_lib:format(Format, [Text], [{chars_limit, Limit}]) end) || Format <- ["~tp", "~p", "~tw"]].

print_text(Text, Limit) ->
    [show(fun() -> io_lib:format(Format, [Text], [{chars_limit, Limit}]) end) || Format <- ["~s", "~ts", "~10s", "~20.7ts"]].

%% Text may be nested differently.
show(Make) ->
    io:format("~0p~n", [try lists:flatten(Make()) catch Class:Reason -> {Class, Reason} end]).
