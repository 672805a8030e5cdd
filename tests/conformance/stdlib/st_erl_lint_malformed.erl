%% What is said of attributes that are not well formed shows their terms as they are.
-module(st_erl_lint_malformed).
-export([main/0]).

main() ->
    [io:format("~ts~n", [erl_lint:format_error({Tag, Term})])
     || Tag <- [invalid_deprecated, invalid_removed, bad_dialyzer_attribute, bad_on_load],
        Term <- [{main, 0, soon}, {main, 0}, main, "abc", {a, "b"}, {a, b}, 1, [a | b]]],
    ok.
