%% Programs that go to Core Erlang and back do what they did: compile with to_core, as a file and as a tree, and from_core.
-module(core_there_and_back).
-export([main/0]).

main() ->
    Source = "core_back.erl",
    ok = file:write_file(Source, program()),
    {ok, core_back, Direct} = compile:file(Source, [binary]),
    Answers = answers(Direct),
    io:format("~p~n", [Answers]),
    {ok, core_back, Tree} = compile:file(Source, [to_core, binary]),
    io:format("~p~n", [{element(1, Tree), core_lint:module(Tree)}]),
    {ok, core_back, ByTree} = compile:forms(Tree, [from_core, binary]),
    io:format("by tree: ~p~n", [answers(ByTree) =:= Answers]),
    {ok, core_back} = compile:file(Source, [to_core]),
    {ok, core_back, ByText} = compile:file("core_back", [from_core, binary]),
    io:format("by text: ~p~n", [answers(ByText) =:= Answers]),
    {ok, core_back} = compile:file("core_back.core", [from_core]),
    io:format("by file: ~p~n", [filelib:is_regular("core_back.beam")]),
    ok = file:delete("core_back.core"),
    {ok, core_back} = compile:file(Source, [dcore]),
    io:format("listing: ~p~n", [filelib:is_regular("core_back.core")]),
    [file:delete("core_back" ++ E) || E <- [".erl", ".core", ".beam"]].

answers(Code) ->
    {module, core_back} = code:load_binary(core_back, "core_back.beam", Code),
    Answers = core_back:all(),
    code:purge(core_back),
    code:delete(core_back),
    Answers.

program() ->
    "-module(core_back).\n"
    "-export([all/0, f/1]).\n"
    "-record(r, {a = 1, b}).\n"
    "-include_lib(\"kernel/include/file.hrl\").\n"
    "all() -> [guards(X) || X <- [1, a, {x, 2}, [7], <<1,2,3>>, #{k => v}, 2.5, #r{}, fun f/1]]\n"
    "      ++ [tries(X) || X <- [1, 2, 3, 4, 5]] ++ [binaries(B) || B <- [<<2,7,8,9>>, <<9>>, <<\"abc\", 1:1>>]]\n"
    "      ++ [exports(X) || X <- [1, 2]] ++ [maps(), comprehensions(), funs(), receives(), strings(), maybes(), floats()]\n"
    "      ++ [try X() catch C:R -> {C, R} end || X <- wrong()].\n"
    "guards(X) when X > 1, is_integer(X); X =:= a -> {first, X};\n"
    "guards({x, N}) when hd(N) > 1; N rem 2 =:= 0 -> {pair, N};\n"
    "guards(#r{a = A} = R) when A == 1.0 -> {record, R#r.b, R#r{b = A}};\n"
    "guards([H | T]) when H > 5 andalso (length(T) < 2 orelse not is_atom(H)) -> {list, H};\n"
    "guards(<<_, R/binary>>) when byte_size(R) > 1, is_binary(R) -> R;\n"
    "guards(#{k := V} = M) when map_size(M) > 0 -> {map, V};\n"
    "guards(F) when is_function(F, 1) -> F(3);\n"
    "guards(_) -> none.\n"
    "f(X) -> X * 2.\n"
    "tries(X) -> try t(X) of ok -> of_ok; Y -> {of_other, Y} catch throw:T -> {thrown, T}; error:E:S -> {E, is_list(S)};\n"
    "  C:R -> {C, R} after put(tried, X) end.\n"
    "t(1) -> ok; t(2) -> 2; t(3) -> throw(three); t(4) -> error(four); t(5) -> exit(five).\n"
    "binaries(<<N, B:N/binary, R/bits>>) when N < 5 -> {N, B, R};\n"
    "binaries(<<\"ab\", C, _:1>>) -> <<C:16/little, (f(C)):3/unit:4, \"xyz\"/utf16>>;\n"
    "binaries(Other) -> try <<Other/binary, 5:(id(-1))>> catch error:E -> E end.\n"
    "id(X) -> X.\n"
    "exports(X) -> case X of 1 -> A = one, B = f(X); _ -> B = X, A = more end, {A, B}.\n"
    "maps() -> K = id(key), M = #{K => 1, {a, b} => 2}, #{K := V, {a, b} := W} = M, {V, W, M#{K := 3, new => 4}}.\n"
    "comprehensions() -> {[{X, Y} || {ok, X} <- [{ok, 1}, no, {ok, 2}], Y <- [a, b], X > 1],\n"
    "  << <<B:4>> || <<B>> <= <<1, 2, 3>>, B =/= 2 >>, [X || <<X:3>> <= <<5:3, 6:3>>]}.\n"
    "funs() -> F = fun G(0) -> []; G(N) -> [N | G(N - 1)] end, H = fun lists:reverse/1, {F(3), H(F(2)), (fun(A, B) -> {B, A} end)(1, 2)}.\n"
    "receives() -> self() ! {n, 1}, self() ! {m, 2}, self() ! other,\n"
    "  A = receive {m, X} when X > 1 -> X end, B = receive {n, Y} -> Y after 1000 -> late end,\n"
    "  C = receive Any -> Any end, D = receive nothing -> nothing after 0 -> empty end, receive after 1 -> {A, B, C, D} end.\n"
    "strings() -> case id(\"abc\") of \"ab\" ++ R -> {R, \"x\\ny\", 'an atom', $\\n} end.\n"
    "maybes() -> X = id({ok, 5}), if is_tuple(X), element(2, X) > 4 -> big; true -> small end.\n"
    "floats() -> {1.0 + id(2), 1.0e300 * id(10), -id(0.0) == 0, 1 bsl 70}.\n"
    "wrong() -> [fun() -> f(id(a)) end, fun() -> guards_only(id(1)) end, fun() -> case id(1) of 2 -> ok end end,\n"
    "  fun() -> {a, _} = id(b) end, fun() -> if node() =:= x -> 1 end end, fun() -> (id(a))#r.a end, fun() -> (id(#{}))#{k := 1} end,\n"
    "  fun() -> id(x) andalso true end, fun() -> try id(1) of 2 -> ok catch _:_ -> no end end].\n"
    "guards_only(X) when is_atom(X) -> X.\n".
