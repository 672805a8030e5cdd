%%% Parts of texts: clusters that a binary was looked into for, patterns that are wrong in several ways, trimming and
%%% counting of what re:split gives, names of files.
-module(st_text_and_patterns_cut).
-export([main/0]).
-define(T(E), t(?LINE, fun() -> E end)).

t(Line, Fun) ->
    io:format("~w: ~0tp~n", [Line, try Fun() catch Class:Reason -> {Class, Reason} end]).

main() ->
    ?T([string:slice(<<"b\r'Bd">>, N) || N <- [0, 1, 2, 3]]),
    ?T([string:slice(<<"b\r'Bd">>, 2, N) || N <- [1, 2, 3, 4, infinity, 0]]),
    ?T([string:slice(<<"be", 204, 129, "'Bd">>, N, 2) || N <- [0, 1, 2, 4, 9]]),
    ?T(string:lexemes(<<"B{}']];", 204, 129>>, [126, 769, 41, 66])),
    ?T(string:trim("a;" ++ [769], trailing, [769])),
    ?T(string:chomp(<<73, 227, 148, 47, 10>>)),
    ?T(string:take("abc", [], true, trailing)),
    ?T(string:equal([<<>>, "9Z"], <<17, 224, 73>>)),
    ?T([unicode_util:nfkc(X) || X <- [[101, 769], [233, 1], [16#FB01, 65], [16#212B], "a"]]),
    ?T([re:split(S, P, O) || {S, P, O} <- [{"z\n", "((?<!.))", [trim]}, {"xA_ a", "a", [trim, {parts, infinity}, caseless]},
                                           {"x2a2", "2", [{parts, 0}]}, {"x2a2", "2", [{parts, 0}, {parts, 9}]},
                                           {"", "x*", [trim]}, {"", "x", [trim]}, {"ab", "(?=(a))", []},
                                           {"a,,", ",", [group, trim]}, {"a,b", ",", [{offset, 9}]}]]),
    ?T([re:compile(P) || P <- ["a\\k<n>\\x41)+", "\\R\\1\\k<n>\\b", "(?<!\\1)", "(\\._)|(?<!\\1)", "\\.\\[[:alpha:]]", "(^(?a|\\d)?",
                               "b(?[", "\\d(?1+?", "[[:alpha:]](?(c|.)", "(?^)a", "(?=a)\\2"]]),
    ?T(re:compile("a", [unicode, never_utf])),
    ?T(re:replace("c", "x", "y", [{offset, 2}, global])),
    ?T(re:run("c", "x", [{offset, 2}, global])),
    ?T(re:run([], "(?<n>.)(?:\\b\\R)", [no_start_optimize, anchored, {newline, crlf}])),
    ?T([re:run("", P, [{newline, crlf}, anchored, no_start_optimize]) || P <- [".", "\\R", "$", "^.$", "\\b", "a*", "[^a]", "\\X"]]),
    ?T([re:run("abc", "b", O) || O <- [[{capture, all, list}, {capture, all}], [{capture, all}, {capture, all, binary}],
                                       [{capture, all, list}, {capture, first}], [{capture, all, list}, {capture, none}]]]),
    ?T([filename:basename(A, B) || {A, B} <- [{<<"a //">>, []}, {<<"a/b.erl/">>, ".erl"}, {<<"b.erl">>, "a/b.erl"}]]),
    ?T(filename:basename("a", 1.6)),
    ?T(filename:nativename([[] | c])),
    ?T(filename:join("a", [-2.5 | 1.5])),
    ?T(base64:decode_to_string([117.1 | -1])),
    ?T(lists:flatten(io_lib:print(<<"ceb5">>, 1, true, 15))),
    ?T(-615369284104722490387305077121289814016 + math:sqrt(4) * 3.0),
    ?T(os:find_executable("no such program", ":/bin")),
    ?T([file:format_error(R) || R <- [enoent, eio, e2big, exdev, nxdomain, none, badarg]]).
