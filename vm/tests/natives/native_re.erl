%%% Regular expressions.
-module(native_re).
-include("cases.hrl").

cases() ->
    [{["run ", integer_to_list(N)], fun() -> re:run(S, R, O) end} || {N, {S, R, O}} <- numbered(runs(), 1)]
    ++ [{["replace ", integer_to_list(N)], fun() -> [re:replace(S, R, W, [{return, F} | O]) || F <- [list, binary, iodata]] end} || {N, {S, R, W, O}} <- numbered(replacements(), 1)]
    ++ [{["split ", integer_to_list(N)], fun() -> [re:split(S, R, [{return, F} | O]) || F <- [list, binary, iodata]] end} || {N, {S, R, O}} <- numbered(splits(), 1)]
    ++ [{["fault ", R], fun() -> re:compile(R) end} || R <- ["(", ")", "[", "*", "a{2,1}", "\\", "[z-a]"]]
    ++ [?C("compiled", begin {ok, P} = re:compile("(a)(?<x>b)?"), {element(1, P), element(2, P), element(3, P), re:run("xab", P), re:inspect(P, namelist)} end),
        ?C("unicode compiled", begin {ok, P} = re:compile([955], [unicode]), re:run([$a, 955], P) end), ?C("option", re:compile("a", [id(foo)])), ?C("run option", re:run("a", "a", [id(foo)])),
        ?C("report", element(1, re:run("a", "(", [report_errors]))), ?C("bad pattern", re:run("a", id("("))), ?C("bad subject", re:run(id(a), "a"))].

runs() ->
    [{"ABCabcdABC", "abcd", []}, {"ABCabcdABC", "abcd(e)?", []}, {"ABCabcdABC", "(e)?abcd", []}, {"ABCabcdABC", "ab(c)(d)", [{capture, all_but_first, list}]}, {"ABCabcdABC", "abcd", [{capture, none}]},
     {"ABCabcdABC", "b(?<n>c)", [{capture, [n, 0, 5, "n"], binary}]}, {"aXbXc", "x", [global, caseless]}, {"aXbXc", "z", []}, {"aaa", "a*?", [global]}, {"abc", "", [global]}, {"abab", "(a)|b", [global, {capture, all, list}]},
     {"line1\nline2", "^l.*$", [global, multiline, {capture, first, list}]}, {"line1\nline2", "1.l", [dotall]}, {"a b", "a \\s b # c", [extended]}, {"xa", "a", [anchored]}, {"xa", "a", [anchored, {offset, 1}]}, {"aab", "(?<=a)b", [{offset, 2}]},
     {<<"blå"/utf8>>, <<"å"/utf8>>, [unicode]}, {[16#3bb, $x], [16#3bb], [unicode, {capture, all, list}]}, {<<229, 98>>, <<229>>, []}, {<<229, 98>>, "\\xe5(.)", [{capture, [1], list}]}, {"aabb", "(?<z>b)(?<a>b)", [{capture, all_names, list}]},
     {"foobar", "(?i)FOO(?-i)bar", []}, {"aaa", "a+", [ungreedy]}, {"abcabc", "(abc)\\1", []}, {"x=1, y=22", "(\\w)=(\\d+)", [global, {capture, all_but_first, binary}]}, {"", "^$", []}, {["de", [<<"ep">>]], "e+p", []}, {"a\r\nb", "a$", [multiline, {newline, crlf}]},
     {"2024-01-31", "(?<y>\\d{4})-(?<m>\\d\\d)", [{capture, [y, m], list}]}, {"abc", "b", [{capture, []}]}, {"abc", "b", [{capture, first}, global]}, {"aXb", "[[:upper:]]", []}, {"foo.bar", "\\.", [{capture, first, list}]}].

replacements() ->
    [{"abcd", "c", "[&]", []}, {"abcd", "(b)(c)", "\\2\\1", []}, {"abcd", "[bc]", "<&>", [global]}, {"abcd", "c", "\\&", []}, {"abcd", "c", "\\\\", []}, {"abcd", "(c)", "\\g{1}0", []}, {"abcd", "(c)", "\\g1", []}, {"abcd", "z", "y", []},
     {"abcd", "", "-", [global]}, {"aaa", "a", "b", []}, {[955, $x], [955], "l", [unicode]}, {"a.b.c", "\\.", "", [global]}, {"hello world", "o", "0", [global]}, {"abc", "(x)?b", "[\\1]", []}, {"AbA", "a", "x", [global, caseless]}].

splits() ->
    [{"Erlang", "[ln]", []}, {"Erlang", "([ln])", []}, {"Erlang", "[lr]", [{parts, 2}]}, {"Erlang", "(x)?[ln]", []}, {"abc", "", []}, {"a,b,,c,,", ",", []}, {"a,b,,c,,", ",", [trim]}, {"", ",", []}, {"", ",", [trim]}, {",a", ",", []},
     {"Erlang", "([ln])", [group]}, {"Erlang", "([lg])", [group, trim]}, {"a  b c", "\\s+", []}, {"a1b2c", "\\d", [{parts, 2}]}, {[955, $,, $x], ",", [unicode]}, {"abc", "x", []}, {"a,b", ",", [{parts, 1}]}, {"aXbxc", "x", [caseless]}].

numbered([], _) -> [];
numbered([X | Xs], N) -> [{N, X} | numbered(Xs, N + 1)].
