%% What the linter says of expressions alone, warnings included, with lines and with columns.
-module(lint_expressions).
-export([main/0]).

main() ->
    [show(Text, Start, Options)
     || Text <- ["fun(A) -> 1 end, A = 2.", "X = 1.", "case 1 of 1 -> Z = 1; _ -> Z = 2 end, Z.",
                 "case Q of 1 -> Z = 1; 2 -> ok end, Z.", "fun(A, B) -> fun(A) -> B end end.", "[A || {A, B} <- []].",
                 "fun F(X) -> 1 end.", "fun(Q) -> Q end.", "if list(1) -> 1 end.", "erlang:now().", "random:uniform().",
                 "try A = 1 of B -> 2 catch C:D -> 3 after E = 1 end.", "<<1:8/float, A/binary>>.",
                 "io:format(\"~p ~z\", [1]), io:format(\"~p\", []).", "spawn(fun() -> X = 1 end).",
                 "fun(X) -> 1 end, #r{a = 1}."],
        Start <- [1, {1, 1}],
        Options <- [[], [warn_export_vars], [nowarn_unused_vars]]],
    ok.

show(Text, Start, Options) ->
    {ok, Tokens, _} = erl_scan:string(Text, Start),
    {ok, Exprs} = erl_parse:parse_exprs(Tokens),
    io:format("~s ~p~n  ~p~n", [Text, Options, erl_lint:exprs_opt(Exprs, [{'Q', 1}], Options)]).
