%% What goes wrong in erl_eval is raised through the handler of calls.
-module(eval_raises).
-export([main/0]).

main() ->
    Two = {value, fun(Spec, As) -> said(Spec, As), call(Spec, As) end},
    Three = {value, fun(_, Spec, As) -> said(Spec, As), call(Spec, As) end},
    Answering = {value, fun({erlang, raise}, [error, Reason, _]) -> {raised, shown(Reason)}; (Spec, As) -> call(Spec, As) end},
    [run(Text, Handler) || Handler <- [Two, Three], Text <- texts() ++ only_raised()],
    [run(Text, Answering) || Text <- texts()].

texts() ->
    ["a = 1.", "case 1 of 2 -> 3 end.", "if false -> 1 end.", "(fun(X) -> X end)(1, 2).", "(fun(1) -> 2 end)(3).",
     "(fun F(1) -> 2 end)(3).", "try 1 of 2 -> 3 catch _:_ -> x end.", "Unbound.", "#r{}.", "{a, B} = {a, 1, 2}.",
     "fun foo/1.", "try 1 after a = 2 end.", "1 + begin a = 2 end."].

only_raised() ->
    ["[X || X <- a].", "[X || <<X>> <- a].", "<< <<X>> || X <- a>>.", "1 andalso 2.", "1 orelse 2.",
     "1().", "apply(lists, reverse, [1 | 2]).", "apply(fun(X) -> X end, [1 | 2]).", "#{a => 1}#{b := 2}."].

run(Text, Handler) ->
    {ok, Tokens, _} = erl_scan:string(Text),
    {ok, Exprs} = erl_parse:parse_exprs(Tokens),
    Result = try
                 erl_eval:exprs(Exprs, [], none, Handler)
             catch
                 Class:Reason:Stack -> {Class, shown(Reason), outside(hd(Stack))}
             end,
    io:format("~s ~p~n", [Text, Result]).

outside({erl_eval, _, _, _}) -> none;
outside({M, F, As, _}) when is_list(As) -> {M, F, length(As)};
outside({M, F, A, _}) -> {M, F, A}.

said({erlang, raise}, [Class, Reason, Stack]) -> io:format("  raise ~p ~p ~p~n", [Class, shown(Reason), is_list(Stack)]);
said(Spec, As) -> io:format("  ~p ~p~n", [shown(Spec), length(As)]).

shown({badarity, {F, As}}) -> {badarity, shown(F), As};
shown(F) when is_function(F) -> {'fun', element(2, erlang:fun_info(F, arity))};
shown(Other) -> Other.

call({M, F}, As) -> apply(M, F, As);
call(F, As) -> apply(F, As).
