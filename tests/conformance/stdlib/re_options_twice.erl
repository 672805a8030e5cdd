%% re: what to capture given twice, and where patterns are said to be wrong.
-module(re_options_twice).
-export([main/0]).

-define(T(E), t(?LINE, fun() -> E end)).

main() ->
    [?T(re:run("abc", "(b)(x)?", Options))
     || Options <- [[{capture, all, list}, {capture, all}], [{capture, all}, {capture, all, list}],
                    [{capture, all, binary}, {capture, [1]}], [{capture, first, list}, {capture, all, index}, {capture, none}],
                    [{capture, all, list}, {capture, first, binary}, {capture, all}],
                    [global, {capture, all_but_first, list}, {capture, all}], [unicode, {capture, all, list}, {capture, all}],
                    [unicode, {capture, all, binary}, {capture, all, index}, {capture, first}], [global, {capture, all}]]],
    [?T(wrong(Pattern)) || Pattern <- ["(?+", "(?+a", "(?+)", "x(?+", "(a)(?+ b", "(?-", "(?+1", "(?<!\\R)(a))", "(?<=\\R)|x)",
                                       "(?<=\\X)", "(?<=\\Ra)b", "a)", "(?<=a)b)"]],
    ok.

wrong(Pattern) ->
    case re:compile(Pattern) of
        {ok, _} -> ok;
        Error -> Error
    end.

t(Line, Fun) -> io:format("~w ~p~n", [Line, try Fun() catch Class:Reason -> {Class, Reason} end]).
