%% Records in guards, taken apart by the compiler, as its listings show them.
-module(compile_guards_shown).
-export([main/0]).
-compile([nowarn_unused_function, nowarn_unused_vars]).
-record(p, {x = 0, y = 0}).
-record(q, {z}).

main() ->
    {ok, _, Forms} = compile:file("compile_guards_shown.erl", ['E', binary]),
    [io:put_chars(erl_pp:form(Form)) || {function, _, Name, _, _} = Form <- Forms, Name =/= main],
    listing("-module(ca).\n-record(r, {a, b = \"é☺\"}).\nf(X) when X#r.a > 1 -> '日本'.\ng() -> $ .\n"),
    listing(<<"%% coding: latin-1\n-module(ca).\n-record(r, {a}).\nf(X) when X#r.a > 1 -> \"\xe9\\x{263a}\".\ng() -> $ .\n">>).

listing(Source) ->
    Bytes = if is_list(Source) -> unicode:characters_to_binary(Source); true -> Source end,
    ok = file:write_file("ca.erl", Bytes),
    [begin
         {ok, _} = compile:file("ca.erl", [Option]),
         {ok, Text} = file:read_file("ca." ++ atom_to_list(Option)),
         io:format("~w~n", [Text])
     end || Option <- ['P', 'E']].

xa1(R) when R#p.x -> 1.
xa2(R) when R#p.x, R#p.y -> 1.
xa3(R) when R#p.x =:= R#p.y -> 1.
xa4(R, S) when R#p.x =:= S#p.y -> 1.
xa5(R, S) when R#p.x =:= 1; S#p.y -> 1.
xa6(R) when not R#p.x -> 1.
xa7(R) when not (R#p.x =:= 1) -> 1.
xa8(R) when R#p.x =:= 1 orelse R#p.y =:= 2 -> 1.
xa9(R) when R#p.x =:= 1 andalso R#p.y =:= 2 -> 1.
xb1(R) when R#p.x =:= 1 and (R#p.y =:= 2) -> 1.
xb2(R) when is_record(R, p), R#p.x =:= 1 -> 1.
xb3(R) when R#p.x =:= 1, is_record(R, p) -> 1.
xb4(R) when is_record(R, p) andalso R#p.x =:= 1 -> 1.
xb5(R) when is_record(R, p) orelse R#p.x =:= 1 -> 1.
xb6(R) when is_record(R, p); R =:= 1 -> 1.
xb7(R) when is_record(R, q), is_record(R, p) -> 1.
xb8({R}) when is_record(R, q) -> 1.
xb9([R|_]) when is_record(R, q) -> 1.
xc1(#{a := R}) when is_record(R, q) -> 1.
xc2(X = R) when is_record(R, q) -> X.
xc3(R, R) when is_record(R, q) -> R.
xc4(R) -> case R of S when is_record(S, p) -> S; {T} when is_record(T, p), T#p.x > R -> T; U when is_record(R, p) -> U end.
xc5(R) -> if is_record(R, p) -> 1; R#p.x > 1 -> 2; true -> 3 end.
xc6(R) when (R#p.x)#q.z =:= 1 -> 1.
xc7(R) when (R#p.x)#q.z =:= 1, is_record(R#p.x, q) -> 1.
xc8(R) when is_record(R, p, 3) -> 1.
xc9(R) when is_record(R, p, 4) -> 1.
xd1(R) when erlang:is_record(R, p) -> 1.
xd2(R) when record(R, p) -> 1.
xd5(R) when not is_record(R, p) -> 1.
xd6(R) when is_record(R, p) =:= true -> 1.
xd7(R) when is_record(R, p) and true -> 1.
xd8(R) when element(1, R#p.x) =:= 1, tuple_size(R) > 1 -> 1.
xd9(R) when {R#p.x, R} =:= {1, #p{}} -> 1.
xe1(R) when #p.x =:= R, is_record(#p{}, p) -> 1.
xe2(R) when [R#p.x | 1] =:= R#p.y -> 1.
xe3(R) when R#p.x xor R#p.y -> 1.
xe4(R) when R#p.x or R#p.y -> 1.
xe5(R) when (R#p.x =:= 1) or (R#p.y =:= 2) or is_list(R) -> 1.
xe6(R) -> fun(X) when is_record(X, p), X#p.x =:= R -> 1; (Y) when Y#q.z -> 2 end.
xe7(R) -> try R catch throw:X when is_record(X, p) -> 1; X:Y when X#p.x, Y#p.x -> 2 end.
xe8(R) -> receive X when is_record(X, p), X#p.x =:= R -> 1 end.
xe9(R) -> [X || X <- R, is_record(X, p)] ++ [X || X <- R, X#p.x] ++ [X || X <- R, X#p.x orelse X#p.y, not X#p.y] ++ [X || X <- R, xe5(X#p.x)].
xf1(R) -> [X || X <- R, is_record(X, p), X#p.x > 1, X#p.y].
xf2(R) when map_get(R#p.x, #{1 => 2}) =:= 2 -> 1.
xf3(<<R:8>>) when is_record(R, p) -> 1.
xf4(R = #p{x = S}) when R#p.x =:= S, is_record(S, p), S#p.x -> 1.
xf5(R) when R#p.x =:= 1 andalso (R#p.y =:= 2 orelse R#p.y =:= 3) -> 1.
xf6(_R) when true, false; is_atom(a) -> 1.
xf7(R) when is_record(R, p), true; is_record(R, p), false -> 1.
xf8(R) when is_record(R, p); is_record(R, q) -> 1.
xf9(R, S) when is_record(R, p), is_record(S, q); is_record(R, p) -> 1.
xg1(R) when R#p.x > 1, R#p.x < 3; R#p.y -> 1.
ya1(R) -> [X || X <- R, X#p.x, Y <- X, X#p.y, xe5(1), X#p.y, Y].
ya2(R) -> [X || X <- R, X#p.x, begin if R#p.x -> true; true -> false end end, X#p.y].
ya3(R) -> [X || X <- R, X#p.x, [] == [Z || Z <- R, Z#p.y], X#p.y].
ya4(R) -> [X || X <- [Z || Z <- R, Z#p.y], X#p.x, R#p.x], [X || X <- R, R#p.x].
ya5(R) when R#p.x -> [X || X <- R, R#p.x].
ya6(R) when is_record(R, foo, 2) -> 1.
ya7(R) when is_record(R, foo, 0) -> 1.
ya8(R) when is_record(R, foo, 1) -> 1.
yb1(R) when (R#p.x)#q.z =:= 1, (R#p.x)#q.z =:= 2 -> 1.
yb2(R, S, T) when R#p.x + S#p.x + T#q.z > 1 -> 1.
yb3(R) when is_record(R, p) andalso is_atom(R); is_record(R, p) -> 1.
yb4(R) when is_record(R, p), is_record(R, q); is_record(R, p) -> 1.
yb5(R) -> << <<X>> || <<X>> <= R, X#p.x >>.
yb6(R) -> [1 || {X, Y} <- R, X#p.x > Y#p.x, X#p.y].
yb7(R) when tuple_size(R) > R#p.x, R#p.x -> 1.
yb8({p, A, B} = R) when R#p.x > A, B -> 1.
yb9([A = {B, C} | D]) when is_record(A, p), is_record(B, p), C#p.x, D#q.z -> 1.
yc1("a" ++ R) when R#p.x -> 1.
yc2(R) -> case R of {ok, X} when X#p.x; X#p.y -> X; [_ | Y] when Y#p.x andalso Y#p.y -> Y end.
yc3(R) when R#p.x =:= {R#p.y, R#q.z} -> R.
yc4(R) when - R#p.x > 1, not (R#p.x and R#p.y) -> R.
yc5(R) when length([R#p.x, R#q.z]) > 1 -> R.
yc6(R) -> fun F(X, Y) when X#p.x, Y#q.z -> F(R, Y); F(_, _) -> 1 end.
yc7(R) when (R)#p.x -> 1.
yc8(R) when #{a => R#p.x} =:= #{}, R#p.y -> 1.
yc9(R) when <<(R#p.x):8>> =:= <<1>> -> 1.
za(R) -> fun LongName(X, Y) when X > 11111111111111111111111111, Y > 2222222222222222222222222222222222222222 -> LongName(R, Y); LongName(_, _) -> 1 end.
zb(R) -> fun (X, Y) when X > 11111111111111111111111111, Y > 2222222222222222222222222222222222222222 -> {R, Y}; (_, _) -> 1 end.
zc(X, Y) when true, true, X > 11111111111111111111111111, Y > 2222222222222222222222222222222222222222 -> X.
zd(X, Y) when true, X > 11111111111111111111111111, true, true, Y > 2222222222222222222222222222222222222222 -> X.
ze(X, Y) when X, X, X > 11111111111111111111111111, a, b,c, Y > 2222222222222222222222222222222222222222, a, b, c, d -> X.
zf(X, Y) when X, X, Y, a, b,c, Y, aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa, bbbbbbbbbbbbbbbbbbbbbbbbbbbb, cccccccccccccc, d, 1, 2, <<>>, [], {} -> X.
zg(X) -> fun() -> X, X, a, b, c, aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa, bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb, cccccccccc end.
