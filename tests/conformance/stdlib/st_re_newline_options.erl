%% Several options about the ends of lines, and what is said of options that are none.
-module(st_re_newline_options).
-export([main/0]).

main() ->
    Lines = [{newline, N} || N <- [cr, lf, crlf, any, anycrlf]] ++ [bsr_anycrlf, bsr_unicode],
    [begin
         io:format("~p ~p: ~p", [A, B, compiled([A, B])]),
         io:format(" ~p~n", [[tried(fun() -> re:run(Text, "a$", [A, B]) end) || Text <- ["xa\r", "xa\n", "xa\r\n"]]])
     end || A <- Lines, B <- Lines],
    {ok, Any} = re:compile("a\\R", [{newline, any}]),
    [io:format("~p: ~p~n", [Options, [tried(fun() -> re:run(Text, Any, Options) end) || Text <- ["xa\r", "xa\x0bb"]]])
     || Options <- [[], [{newline, lf}], [bsr_anycrlf], [bsr_unicode], [caseless], [anchored]]],
    Bad = [[junk], junk, [{return, foo}], [{parts, x}], [{parts, -1}], [global], [{capture, all}], [{newline, foo}], [{match_limit, foo}],
           [{offset, -1}], [report_errors], [trim], [unicode | x], [{1, 2, 3}], [1], [junk, {return, foo}]],
    [io:format("~p ~p: ~p~n", [F, Options, tried(fun() -> apply(re, F, Args ++ [Options]) end)])
     || {F, Args} <- [{compile, ["b"]}, {run, ["abc", "b"]}, {split, ["abc", "b"]}, {replace, ["abc", "b", "x"]}], Options <- Bad].

compiled(Options) ->
    case re:compile("a$", Options) of
        {ok, _} -> ok;
        Error -> Error
    end.

tried(Call) ->
    try Call() of
        {ok, _} -> compiled;
        Value -> Value
    catch
        error:Reason:Stack -> {Reason, explained(Reason, Stack)}
    end.

explained(Reason, [{re, _, _, _} | _] = Stack) -> erl_stdlib_errors:format_error(Reason, Stack);
explained(_, _) -> none.
