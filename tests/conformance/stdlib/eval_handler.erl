%% What erl_eval gives to a handler of calls.
-module(eval_handler).
-export([main/0]).

main() ->
    Two = {value, fun(Spec, As) -> said(Spec, As), call(Spec, As) end},
    Three = {value, fun(_, Spec, As) -> said(Spec, As), call(Spec, As) end},
    [run(Text, Two) || Text <- texts()],
    [run(Text, Three) || Text <- lists:sublist(texts(), 6)].

texts() ->
    ["1 + X.", "-X.", "X =:= 3 andalso X < 5.", "lists:reverse([X]).", "F = fun(Y) -> Y + 1 end, F(X).",
     "lists:map(fun(Y) -> Y * 2 end, [1, 2]).", "apply(erlang, abs, [X]).", "apply(fun(Z) -> Z end, [X]).",
     "[A || A <- [1, 2], A > 1].", "case X of 3 when X > 2, is_integer(X) -> X + 1 end.",
     "if is_integer(X), X + 1 > 2, length([X]) > 0 -> a end.", "(fun lists:max/1)([1, X]).", "M = lists, M:max([X]).",
     "fun(Q) when Q > 0; is_atom(Q) -> Q end(X).", "apply(fun lists:max/1, [[X]]).", "if a + 1 > 2 -> ok; true -> no end.",
     "F = fun G(0) -> 1; G(N) when N > 0 -> N * G(N - 1) end, F(2).", "[Z || Z <- [1, 2], Z rem 2 =:= 1].",
     "try 1 + a catch error:badarith -> caught end.", "<<X:8, (X + 1)>>.", "#{a => X + 1}."].

run(Text, Handler) ->
    {ok, Tokens, _} = erl_scan:string(Text),
    {ok, Exprs} = erl_parse:parse_exprs(Tokens),
    {value, Value, _} = erl_eval:exprs(Exprs, [{'X', 3}], none, Handler),
    io:format("~s ~p~n", [Text, Value]).

said(Spec, As) ->
    io:format("  ~p ~p~n", [shown(Spec), [shown(A) || A <- As]]).

shown(F) when is_function(F) -> {'fun', element(2, erlang:fun_info(F, arity))};
shown(Other) -> Other.

call({M, F}, As) -> apply(M, F, As);
call(F, As) -> apply(F, As).
