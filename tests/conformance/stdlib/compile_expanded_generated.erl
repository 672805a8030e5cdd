%% What records become: parts that nobody wrote are marked as generated.
-module(compile_expanded_generated).
-export([main/0]).

main() ->
    [show(Start) || Start <- [1, {1, 1}]].

show(Start) ->
    {ok, Tokens, _} = erl_scan:string(text(), Start),
    Forms = [Form || {ok, Form} <- [erl_parse:parse_form(Part) || Part <- parts(Tokens, [])]],
    [io:format("~p~n", [Form]) || {function, _, _, _, _} = Form <- erl_expand_records:module(Forms, [])].

parts([{dot, _} = Dot | Tokens], Part) -> [lists:reverse(Part, [Dot]) | parts(Tokens, [])];
parts([Token | Tokens], Part) -> parts(Tokens, [Token | Part]);
parts([], _) -> [].

text() ->
    "-module(m). -record(r, {a, b = 1}). -record(s, {x, y, z}).\n"
    "-record(d, {m = #{a => [], b => <<1:2>>}, n = #r{a = 2}}).\n"
    "access(R) -> R#r.a.\n"
    "few(R, S) -> R#r{b = 2}, S#s{x = 1}.\n"
    "many(R) -> R#r{a = 1, b = access(2)}.\n"
    "none(R) -> R#r{}.\n"
    "guard(R) when R#r.a =:= 1 -> ok.\n"
    "guards(R, S) when is_record(R, r), R#r.a; R#r.b > S#s.x, not R#r.a -> ok.\n"
    "test(R) -> is_record(R, r).\n"
    "tests(R) -> [is_record(access(R), s) | erlang:is_record(R, r)].\n"
    "calls(R) -> (access(R))#s{x = few(1, 2)}.\n"
    "nested(R) -> (R#r.a)#s.x.\n"
    "if_test(R) -> if R#r.a == 1; R#r.b -> 1 end.\n"
    "filter(L) -> [X || X <- L, X#s.x, is_record(X, r)].\n"
    "pattern(#r{b = B}) -> #r.b + B.\n"
    "new() -> #r{_ = 3}.\n"
    "default() -> #d{}.\n".
