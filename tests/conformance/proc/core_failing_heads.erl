%% The error function_clause in Core Erlang stands anywhere: in try and catch, with other arguments than the function's.
-module(core_failing_heads).
-export([main/0]).

main() ->
    Fail = "primop 'match_fail'({'function_clause',X})",
    Noted = "(primop 'match_fail'(({'function_clause',X} -| [{'function',{'f',1}}])) -| [{'function',{'f',1}}])",
    [run("'f'/1 = fun (X) -> " ++ Body)
     || Error <- [Fail, Noted],
        Body <- [Error,
                 "catch " ++ Error,
                 "catch case X of <3> when 'true' -> 'a' <Y> when 'true' -> " ++ Error ++ " end",
                 "try " ++ Error ++ " of <A> -> A catch <C,R,S> -> {C,R}",
                 "try case X of <3> when 'true' -> X <Y> when 'true' -> " ++ Error ++ " end of <A> -> A"
                 " catch <C,R,S> -> try " ++ Error ++ " of <B> -> B catch <D,Q,T> -> {C,R,D,Q}",
                 "let <A> = case X of <3> when 'true' -> 'a' <Y> when 'true' -> " ++ Error ++ " end in {A}",
                 "let <G> = fun (A) -> case A of <3> when 'true' -> X <Z> when 'true' -> " ++ Error ++ " end in {apply G(X)}"]],
    run("'f'/1 = fun (X) -> catch primop 'match_fail'({'function_clause'})"),
    run("'f'/1 = fun (X) -> {catch primop 'match_fail'({'function_clause',{X,'b'},X})}").

run(Function) ->
    Text = "module 'core_heads' ['f'/1] attributes [] " ++ Function ++ " end",
    {ok, Tokens, _} = core_scan:string(Text),
    {ok, Tree} = core_parse:parse(Tokens),
    {ok, core_heads, Code} = compile:forms(Tree, [from_core, binary]),
    {module, core_heads} = code:load_binary(core_heads, "core_heads.beam", Code),
    [io:format("~p~n", [shown(catch core_heads:f(X))]) || X <- [3, 4]].

%% Without the frames below.
shown({'EXIT', {Reason, Stack}}) -> {Reason, [{F, A} || {core_heads, F, A, _} <- Stack]};
shown({Shown}) -> {shown(Shown)};
shown(Value) -> Value.
