%%% Makes random programs for `random_programs.escript`: modules of functions that call only functions before
%%% them, so that they end. Expressions are made for a type, so that most of them come to something, and for
%%% another type now and then, so that failures are met as well. In a few programs mistakes are planted that a
%%% compiler must report.
-module(random_program).
-export([text/3]).

-import(random_bits, [bits_pattern/1, bits_expr/2, bits_generator/2]).
-import(random_loops, [loop/3, helpers/0, table/3, dictionary/3, several_arguments/3]).
-import(random_calls, [library/3]).
-export([expr/3, atomic/2, variable/0, pick/1, commas/1, pattern/3, heads/4, can_be_used/1, guard/1, test/2, chance/1]).

-define(MOST_FUNCTIONS, 6).
-define(DEPTH, 4).
-define(TYPES, [int, int, float, atom, bool, list, tuple, bits, map, record, function, any]).

%% The program with this name and number.
text(Name, Seed, Number) ->
    rand:seed(exsss, Seed * 1000000 + Number),
    put(next, 0),
    put(helpers, []),
    put(is_in_loop, false),
    put(outer, none),
    put(mistakes, rand:uniform(25) =:= 1),
    put(maybes, rand:uniform(5) =:= 1),
    Arities = [{N, rand:uniform(3)} || N <- lists:seq(1, 1 + rand:uniform(?MOST_FUNCTIONS - 1))],
    Functions = [function(N, Arity, lists:sublist(Arities, N - 1)) || {N, Arity} <- Arities],
    Calls = [io_lib:format("    t(~w, fun() -> f~w(~s) end)",
                           [Call, N, commas([argument(N, I) || I <- lists:seq(1, Arity)])])
             || {N, Arity} <- Arities, Call <- lists:seq(N * 10, N * 10 + 5)],
    unicode:characters_to_binary([
        "-module(", Name, ").\n",
        "-feature(maybe_expr, enable).\n",
        "-export([main/0, ", commas([io_lib:format("f~w/~w", [N, A]) || {N, A} <- Arities]), "]).\n",
        "-record(r1, {a, b = 1, c = [] :: list()}).\n",
        "-record(r2, {x = #r1{}, y = [b | \"x\"], z = {a, 2.5}}).\n",
        "-record(r3, {a, b, c = {}, d = 4, e = #{}, f}).\n",
        "-define(TEXT(X), {??X, X}).\n-define(SWAP(X, Y), {Y, X}).\n",
        "\nmain() ->\n    [", lists:join(",\n", Calls), "].\n\n",
        "% What is not the language's: how much of a source that is no proper list a comprehension blames, whether an\n",
        "% operator is to be seen in a stack trace, what functions inside a library are called, and which line is that\n",
        "% of andalso and orelse without a boolean (of the instructions for it, OTP notes none). Funs without a clause\n",
        "% for their arguments are called differently, too, and have as arguments what is found to be needed.\n",
        "t(N, F) ->\n    {N, try {ok, plain(F())} catch error:badarith -> badarith; error:{bad_generator, _} -> bad_generator;\n",
        "        error:{badarg, V} -> {badarg, plain(V)};\n",
        "        C:R:S -> {C, plain(R), top(S)} end}.\n\n",
        "top([{M, F, A, _} | _]) when M =:= ?MODULE, is_list(A) ->\n    case atom_to_list(F) of [$- | _] -> {M, a_fun}; _ -> {M, F, length(A)} end;\n",
        "top([{M, F, A, L} | S]) when is_list(A) -> top([{M, F, length(A), L} | S]);\n",
        "top([{M, _, _, L} | _]) when M =:= ?MODULE -> {M, proplists:get_value(line, L)};\n",
        "top([{erlang, F, A, _} | [_ | _] = S]) -> case is_operator(F, A) of true -> top(S); false -> {erlang, F, A} end;\n",
        "top([{unicode_util, _, _, _} | _]) -> {unicode_util, inside};\n",
        "top([{M, F, A, _} | _]) ->\n    case erlang:function_exported(M, F, A) orelse erlang:is_builtin(M, F, A) of true -> {M, F, A}; false -> {M, inside} end.\n\n",
        "is_operator(F, A) -> try erl_internal:op_type(F, A) of _ -> true catch error:_ -> false end.\n\n",
        "plain(F) when is_function(F) -> {a_fun, element(2, erlang:fun_info(F, arity))};\n",
        "plain(P) when is_pid(P) -> a_pid;\n",
        "plain({'EXIT', {R, [_ | _]}}) -> {'EXIT', plain(R)};\n",
        "plain([H | T]) -> [plain(H) | plain(T)];\n",
        "plain(T) when is_tuple(T) -> list_to_tuple(plain(tuple_to_list(T)));\n",
        "plain(M) when is_map(M) -> {map, plain(maps:to_list(M))};\n",
        "plain(X) -> X.\n\n", Functions | helpers()]).

function(N, Arity, Before) ->
    put(calls, Before),
    Types = [pick(?TYPES) || _ <- lists:seq(1, Arity)],
    put({types, N}, Types),
    Clauses = [clause(N, Types) || _ <- lists:seq(1, rand:uniform(3))],
    [lists:join(";\n", Clauses), ".\n\n"].

argument(N, I) ->
    case rand:uniform(5) of
        1 -> value(pick(?TYPES), 3);
        _ -> value(lists:nth(I, get({types, N})), 3)
    end.

clause(N, Types) ->
    {Patterns, Env} = heads(Types, pick([2, 2, 2, 3, 4]), [], []),
    Guard = guard(Env),
    io_lib:format("f~w(~s)~s ->\n    ~s", [N, commas(Patterns), Guard, body(pick(?TYPES), Env, ?DEPTH)]).

patterns(Types, Depth, Env) ->
    lists:mapfoldl(fun(Type, Vars) -> pattern(Type, Depth, Vars) end, Env, Types).

body(Type, Env, Depth) ->
    {Lines, Last} = lists:mapfoldl(fun(_, Vars) -> line(Vars, Depth) end, Env, lists:seq(1, rand:uniform(3) - 1)),
    lists:join(",\n    ", Lines ++ [expr(Type, Last, Depth)]).

%% An expression before the last, with the variables known after it.
line(Env, Depth) ->
    Type = pick(?TYPES),
    case rand:uniform(8) of
        1 ->
            {Pattern, Vars} = pattern(Type, 1, Env),
            {[Pattern, " = ", expr(Type, Env, Depth - 1)], Vars};
        2 ->
            {Pattern, Vars} = pattern(Type, 2, Env),
            {["case ", expr(Type, Env, Depth - 1), " of ", Pattern, guard(Vars), " -> ok; _ -> ", expr(any, Env, 1), " end"],
             case get(mistakes) of true -> Vars; false -> Env end};
        3 ->
            % A variable bound in every branch is known afterwards.
            Var = variable(),
            Of = pick(?TYPES),
            Branches = [begin
                {Pattern, Vars} = pattern(Of, 2, Env),
                [Pattern, guard(Vars), " -> ", Var, " = ", expr(Type, Vars, Depth - 2)]
            end || _ <- lists:seq(1, rand:uniform(3))],
            {["case ", expr(Of, Env, Depth - 2), " of ", lists:join("; ", Branches),
              "; _ -> ", Var, " = ", expr(Type, Env, 1), " end"], [{Var, Type} | Env]};
        4 ->
            Var = variable(),
            {["if ", test(Env, 2), " -> ", Var, " = ", expr(Type, Env, Depth - 2), "; true -> ", Var, " = ",
              expr(Type, Env, 1), " end"], [{Var, Type} | Env]};
        _ ->
            Var = variable(),
            {[Var, " = ", expr(Type, Env, Depth - 1)], [{Var, Type} | Env]}
    end.

variable() ->
    N = get(next),
    put(next, N + 1),
    "V" ++ integer_to_list(N).

commas(Parts) -> lists:join(", ", Parts).
pick(List) -> lists:nth(rand:uniform(length(List)), List).
chance(Percent) -> rand:uniform(100) =< Percent.

%% Values.

value(any, Depth) -> value(pick(?TYPES -- [any]), Depth);
value(tuple, Depth) when Depth > 0 ->
    ["{", commas([value(any, Depth - 1) || _ <- lists:seq(1, rand:uniform(4) - 1)]), "}"];
value(list, Depth) when Depth > 0 ->
    Type = pick(?TYPES),
    ["[", commas([value(Type, Depth - 1) || _ <- lists:seq(1, rand:uniform(5))]), "]"];
value(map, Depth) when Depth > 0 ->
    ["#{", pick(["a", "b", "1", "{}"]), " => ", value(any, Depth - 1), ", ", pick(["c", "\"k\"", "2.0"]), " => ",
     value(any, Depth - 1), "}"];
value(record, Depth) when Depth > 0 ->
    pick([["{r1, ", value(any, Depth - 1), ", ", value(int, 0), ", ", value(list, Depth - 1), "}"],
          ["{r2, {r1, a, b, c}, fun() -> 1 end, ", value(any, Depth - 1), "}"]]);
value(function, _) -> pick(["fun(X) -> {X} end", "fun(X) -> X + 1 end", "fun erlang:abs/1", "fun lists:reverse/1"]);
value(Type, _) -> literal(Type).

literal(int) ->
    pick(["0", "1", "2", "3", "-1", "7", "12", "255", "256", "65535", "1000000", "-1000001", "$a", "$\\n", "2#1011",
          "16#FFFFFFFFFFFFFFF", "4294967296", "-2147483649", "134217728", "9007199254740993", "1000000000000000000000", "97", "31",
          "-16#800000000000000", "576460752303423487", "576460752303423488",
          "18446744073709551616", "-340282366920938463463374607431768211456"]);
literal(float) -> pick(["0.0", "1.0", "2.5", "-0.5", "1.0e10", "-3.14", "1.5e300", "4.0", "0.1", "1.0e22", "9007199254740992.0", "123456789.125", "1.0e-5", "5.0e-324",
                       "1.7976931348623157e308", "255.0"]);
literal(atom) -> pick(["a", "b", "ok", "error", "'A b'", "true", "undefined"]);
literal(bool) -> pick(["true", "false"]);
literal(list) -> pick(["[]", "\"ab\"", "[1, 2, 3]", "[a, b]", "[{a, 1}, {b, 2}]", "[1.0 | x]", "\"\"", "[[1], [2, 3]]"]);
literal(tuple) -> pick(["{}", "{a, 1}", "{ok, 2}", "{1, 2, 3}", "{error, {x}}", "{r1, 1, 2, []}", "{a, {b, {c, [d]}}}"]);
literal(bits) -> pick(["<<>>", "<<1, 2, 3>>", "<<5:3>>", "<<\"abc\">>", "<<\"\\x{e5}\"/utf8>>", "<<1:1, 255:12>>",
                       "<<16#12345678:32>>", "<<1.5:64/float>>"]);
literal(map) -> pick(["#{}", "#{a => 1}", "#{a => 1, b => 2}", "#{1 => x, 1.0 => y}"]);
literal(record) -> pick(["#r1{}", "#r1{a = 2}", "#r2{}", "#r1{_ = 3}", "#r3{}", "#r3{a = 1, f = [x]}"]);
literal(function) ->
    case get(guard) of
        true -> "x";
        _ -> function()
    end;
literal(any) -> literal(pick(?TYPES -- [any])).

function() -> pick(["fun erlang:abs/1", "fun(_) -> ok end", "fun erlang:tuple_size/1"]).

%% Patterns.

pattern(Type, Depth, Env) ->
    case get(outer) of
        none -> hd_of(heads([Type], Depth, Env, Env));
        _ -> part(Type, Depth, Env)
    end.

hd_of({[Pattern], Vars}) -> {Pattern, Vars}.

%% Patterns that stand beside each other. Sizes and keys know what is outside, not each other's variables.
heads(Types, Depth, Outer, Env) ->
    put(outer, Outer),
    Made = patterns(Types, Depth, Env),
    put(outer, none),
    Made.

%% The integers that a size or a key can be made of here.
can_be_used(Env) ->
    case get(outer) of
        none -> [V || {V, int} <- Env];
        Outer -> [V || {V, int} <- Outer]
    end.

part(Type, Depth, Env) ->
    case rand:uniform(12) of
        N when N =< 3 -> Var = variable(), {Var, [{Var, Type} | Env]};
        4 -> {"_", Env};
        5 when Env =/= [] ->
            % Bound before: compared. In the head of a fun: a new one that shadows it.
            {element(1, pick(Env)), Env};
        6 ->
            Var = variable(),
            % Not a variable again: `(Bound = New) = Value` is not compared by OTP's compiler.
            {Part, Vars} = typed_pattern(Type, Depth - 1, Env),
            {pick([["(", Var, " = ", Part, ")"], ["(", Part, " = ", Var, ")"]]), [{Var, Type} | Vars]};
        _ -> typed_pattern(Type, Depth, Env)
    end.

typed_pattern(any, Depth, Env) -> typed_pattern(pick(?TYPES -- [any]), Depth, Env);
typed_pattern(int, _, Env) -> {pick([literal(int), literal(int), "1 + 2", "-(3)", "(1 bsl 4) bor 1"]), Env};
typed_pattern(tuple, Depth, Env) when Depth > 0 ->
    {Parts, Vars} = patterns([pick(?TYPES) || _ <- lists:seq(1, rand:uniform(4) - 1)], Depth - 1, Env),
    {["{", commas(Parts), "}"], Vars};
typed_pattern(list, Depth, Env) when Depth > 0 ->
    Type = pick(?TYPES),
    case rand:uniform(5) of
        1 ->
            {Part, Vars} = pattern(list, Depth - 1, Env),
            {["\"a\" ++ ", Part], Vars};
        2 ->
            {Parts, Vars} = patterns([Type || _ <- lists:seq(1, rand:uniform(3))], Depth - 1, Env),
            {["[", commas(Parts), "]"], Vars};
        3 ->
            {[First, Second, Tail], Vars} = patterns([Type, Type, list], Depth - 1, Env),
            {["[", First, ", ", Second, " | ", Tail, "]"], Vars};
        _ ->
            {[Head, Tail], Vars} = patterns([Type, list], Depth - 1, Env),
            {["[", Head, " | ", Tail, "]"], Vars}
    end;
typed_pattern(map, Depth, Env) when Depth > 0 ->
    {Part, Vars} = pattern(any, Depth - 1, Env),
    Key = case can_be_used(Env) of
        [_ | _] = Known -> pick([pick(Known), "a", ["(", pick(Known), " + 1)"]]);
        [] -> pick(["a", "b", "1", "{}", "\"k\""])
    end,
    case rand:uniform(3) of
        1 ->
            {Second, More} = pattern(any, Depth - 1, Vars),
            {["#{", Key, " := ", Part, ", c := ", Second, "}"], More};
        _ -> {["#{", Key, " := ", Part, "}"], Vars}
    end;
typed_pattern(record, Depth, Env) when Depth > 0 ->
    {Part, Vars} = pattern(any, Depth - 1, Env),
    {pick([["#r1{a = ", Part, "}"], ["#r2{z = ", Part, "}"], ["#r1{b = 1, c = ", Part, "}"], ["#r2{x = #r1{a = ", Part, "}}"],
           ["#r1{a = ", Part, ", _ = _}"], ["#r3{c = ", Part, ", d = 4}"]]), Vars};
typed_pattern(bits, _, Env) -> bits_pattern(Env);
typed_pattern(function, _, Env) -> {"_", Env};
typed_pattern(map, _, Env) -> {pick(["#{}", "#{a := 1}", "#{b := 2, a := _}"]), Env};
typed_pattern(float, _, Env) -> {literal(float), Env};
typed_pattern(record, _, Env) -> {pick(["#r1{}", "#r2{}", "{r1, _, _, _}"]), Env};
typed_pattern(bool, _, Env) -> {literal(bool), Env};
typed_pattern(Type, _, Env) -> {pick([literal(Type) || _ <- [1, 2]]), Env}.

%% Guards.

guard(Env) ->
    case rand:uniform(4) of
        1 -> [" when ", lists:join(pick([", ", "; "]), [test(Env, 2) || _ <- lists:seq(1, rand:uniform(3))])];
        _ -> ""
    end.

test(Env, Depth) ->
    mistake(fun() -> in_guard(fun() -> ok_test(Env, Depth) end) end, ["length([1 | 2])", "foo:bar()", "nofun(1)", "is_record(a, norec)"]).

ok_test(Env, Depth) ->
    case rand:uniform(if Depth > 0 -> 10; true -> 5 end) of
        N when N =< 2 ->
            [pick(["is_atom", "is_integer", "is_list", "is_tuple", "is_map", "is_binary", "is_float", "is_number",
                   "is_bitstring", "is_boolean", "is_function"]), "(", guard_value(any, Env, 1), ")"];
        N when N =< 4 ->
            Type = pick(?TYPES),
            ["(", guard_value(Type, Env, 1), pick([" > ", " < ", " >= ", " =< ", " == ", " =:= ", " =/= ", " /= "]),
             guard_value(Type, Env, 1), ")"];
        5 -> atomic(bool, Env);
        6 -> ["(", test(Env, Depth - 1), pick([" andalso ", " orelse ", " and ", " or ", " xor "]), test(Env, Depth - 1), ")"];
        7 -> ["not (", test(Env, Depth - 1), ")"];
        8 -> ["(", guard_value(any, Env, 1), pick([" =:= ", " == "]), in_guard(fun() -> literal(any) end), ")"];
        9 -> pick([["is_record(", atomic(record, Env), ", r1)"], ["is_function(", atomic(function, Env), ", 1)"],
                   ["is_map_key(a, ", atomic(map, Env), ")"], ["is_record(", atomic(record, Env), ", r1, 4)"]]);
        10 -> ["((", guard_value(record, Env, 1), ")", pick(["#r1.a", "#r1.c", "#r2.z"]), " =:= ", guard_value(any, Env, 1), ")"]
    end.

%% No fun is made in a guard.
in_guard(Make) ->
    Was = put(guard, true),
    Made = Make(),
    put(guard, Was),
    Made.

guard_value(Type, Env, Depth) when Depth =< 0 -> atomic(Type, Env);
guard_value(int, Env, Depth) ->
    A = fun(T) -> guard_value(T, Env, Depth - 1) end,
    case rand:uniform(6) of
        1 -> ["(", A(int), pick([" + ", " - ", " * ", " div ", " rem ", " band ", " bxor "]), A(int), ")"];
        2 -> ["length(", A(list), ")"];
        3 -> [pick(["tuple_size", "size"]), "(", A(tuple), ")"];
        4 -> [pick(["byte_size", "bit_size", "size"]), "(", A(bits), ")"];
        5 -> [pick(["round", "trunc", "abs", "ceil", "floor"]), "(", A(pick([float, int])), ")"];
        6 -> atomic(int, Env)
    end;
guard_value(any, Env, Depth) ->
    A = fun(T) -> guard_value(T, Env, Depth - 1) end,
    case rand:uniform(6) of
        1 -> ["element(", pick(["1", "2", A(int)]), ", ", A(tuple), ")"];
        2 -> [pick(["hd", "tl"]), "(", A(list), ")"];
        3 -> ["map_get(", pick(["a", "b"]), ", ", A(map), ")"];
        4 -> ["{", A(any), ", ", A(any), "}"];
        5 -> ["binary_part(", A(bits), ", 0, ", A(int), ")"];
        6 -> ["[", A(any), " | ", A(list), "]"]
    end;
guard_value(Type, Env, _) -> atomic(Type, Env).

atomic(Type, Env) ->
    Known = case Type of
        any -> [V || {V, _} <- Env];
        _ -> [V || {V, T} <- Env, T =:= Type orelse T =:= any]
    end,
    case Known =:= [] orelse chance(20) of
        true ->
            case Env =/= [] andalso chance(15) of
                true -> element(1, pick(Env));
                false -> literal(Type)
            end;
        false -> pick(lists:sublist(Known, 8))
    end.

%% Expressions.

mistake(Make, Wrong) ->
    case get(mistakes) andalso chance(2) of
        true -> pick(Wrong);
        false -> Make()
    end.

expr(Type, Env, Depth) ->
    mistake(fun() -> ok_expr(Type, Env, Depth) end,
            ["Unbound", "nofun(1, 2)", "#norec{}", "#r1{nofield = 1}", "fun nofun/2", "(x)#r1.nofield", "_", "<<1:8/float>>",
             "#{a := 1}", "erlang:nofun(1)", "[X || X <- [1], Y]", "fun(X, X) -> Z end", "#r1{a = 1, a = 2}",
             "(fun f() -> 1 end)()", "<<(1)/utf8-signed>>", "try 1 catch a:b:C when C -> 1 end", "case 1 of A -> B end"]).

ok_expr(Type, Env, Depth) when Depth =< 0 -> atomic(Type, Env);
ok_expr(Type, Env, Depth) ->
    case rand:uniform(100) of
        N when N =< 4 -> typed(pick(?TYPES), Env, Depth);
        N when N =< 14 -> atomic(Type, Env);
        N when N =< 44 -> typed(Type, Env, Depth);
        N when N =< 54 -> library(Type, Env, Depth);
        _ -> general(Type, Env, Depth)
    end.

%% What can yield anything.
general(Type, Env, Depth) ->
    E = fun(T) -> expr(T, Env, Depth - 1) end,
    case rand:uniform(36) of
        N when N =< 4 -> case_expr(Type, Env, Depth);
        5 -> ["if ", test(Env, 2), " -> ", body(Type, Env, Depth - 1), "; ", pick(["true", test(Env, 1)]), " -> ", E(Type), " end"];
        N when N =< 7 -> try_expr(Type, Env, Depth);
        8 -> ["(catch ", E(Type), ")"];
        N when N =< 10 -> call(Type, Env, Depth);
        N when N =< 12 -> apply_fun(Type, Env, Depth);
        13 -> ["begin ", body(Type, Env, Depth - 1), " end"];
        14 -> ["element(2, {", E(any), ", ", E(Type), "})"];
        15 -> [pick(["hd", "lists:last"]), "([", E(Type), "])"];
        16 -> ["(#r1{a = ", E(Type), "})#r1.a"];
        17 -> ["maps:get(", pick(["a", E(atom)]), ", #{a => ", E(any), ", b => ", E(Type), "}, ", E(Type), ")"];
        18 -> receive_expr(Type, Env, Depth);
        19 -> maybe_expr(Type, Env, Depth);
        20 -> [pick(["error", "throw", "exit", "erlang:error", "erlang:throw"]), "(", E(any), ")"];
        21 -> named_fun(Type, Env, Depth);
        22 -> ["element(", pick(["2", "1"]), ", ?TEXT((", expr(Type, [], 1), ")))"];
        23 -> ["element(1, ?SWAP((", E(any), "), (", E(Type), ")))"];
        24 ->
            [A, B] = [variable(), variable()],
            ["lists:foldl(fun(", A, ", ", B, ") -> ", expr(Type, [{A, any}, {B, Type} | Env], Depth - 1),
               " end, ", E(Type), ", ", E(list), ")"];
        25 -> [pick(["hd", "tl"]), "(", E(list), ")"];
        26 -> ["element(", E(int), ", ", E(tuple), ")"];
        N when N =< 29 -> loop(Type, Env, Depth);
        30 -> table(Type, Env, Depth);
        31 -> dictionary(Type, Env, Depth);
        N when N =< 33 -> several_arguments(Type, Env, Depth);
        34 -> ["(", E(bool), pick([" andalso ", " orelse "]), E(Type), ")"];
        35 ->
            ["if ", lists:join("; ", [[test(Env, 1), pick(["", [", ", test(Env, 1)]]), " -> ", E(Type)] || _ <- lists:seq(1, rand:uniform(3))]),
             pick(["", ["; true -> ", E(Type)]]), " end"];
        36 ->
            {Pattern, Vars} = pattern(any, 1, Env),
            [Done, Reason] = [variable(), variable()],
            % Nested: what one raises the other handles, and what stands behind is done in any case.
            ["try ", try_expr(Type, Env, Depth - 1), " of ", Pattern, " -> ", expr(Type, Vars, Depth - 2), "; ", Done, " -> ", Done, " catch ",
             pick(["_", "error", "throw"]), ":", pick(["_", "{_, _}", "badarg", Reason]), " -> ", E(Type), " after ", atomic(any, Env), " end"]
    end.

%% What yields this type.
typed(Type, Env, Depth) ->
    E = fun(T) -> expr(T, Env, Depth - 1) end,
    typed(Type, Env, Depth, E).

typed(any, Env, Depth, _) -> typed(pick(?TYPES -- [any]), Env, Depth);
typed(int, _, _, E) ->
    case rand:uniform(9) of
        N when N =< 3 -> ["(", E(int), pick([" + ", " - ", " * ", " div ", " rem ", " band ", " bor ", " bxor "]), E(int), ")"];
        4 -> ["(", E(int), pick([" bsl ", " bsr "]), "(", E(int), " band 31))"];
        5 -> [pick(["length", "lists:sum"]), "(", E(list), ")"];
        6 -> [pick(["tuple_size", "size"]), "(", E(tuple), ")"];
        7 -> [pick(["byte_size", "bit_size", "size"]), "(", E(bits), ")"];
        8 -> [pick(["round", "trunc", "ceil", "floor"]), "(", E(float), ")"];
        9 -> pick([["map_size(", E(map), ")"], ["(bnot ", E(int), ")"], ["(- ", E(int), ")"], ["abs(", E(int), ")"],
                   "?LINE", ["#r1.", pick(["a", "b", "c"])], ["binary:decode_unsigned(", E(bits), ")"]])
    end;
typed(float, _, _, E) ->
    N = fun() -> E(pick([float, float, int])) end,
    pick([["(", N(), pick([" + ", " - ", " * ", " / "]), N(), ")"], ["float(", N(), ")"], ["(- ", E(float), ")"],
          ["((", N(), " + ", N(), ") * ", N(), ")"], ["abs(", N(), ")"], ["math:sqrt(", N(), ")"]]);
typed(atom, _, _, E) -> pick([["list_to_atom(\"ab\" ++ ", literal(list), ")"], E(bool), "?FUNCTION_NAME", "?MODULE"]);
typed(bool, Env, Depth, E) ->
    Type = pick(?TYPES),
    case rand:uniform(6) of
        1 -> ["(", E(Type), pick([" > ", " < ", " == ", " =:= ", " =/= ", " >= ", " =< ", " /= "]), E(Type), ")"];
        2 -> ["(", E(bool), pick([" andalso ", " orelse ", " and ", " or ", " xor "]), E(bool), ")"];
        3 -> ["(not ", E(bool), ")"];
        4 -> [pick(["is_list", "is_atom", "is_integer", "is_tuple", "is_map", "is_binary", "is_float", "is_bitstring"]),
              "(", E(any), ")"];
        5 -> ["(", test(Env, Depth - 1), ")"];
        6 -> pick([["lists:member(", E(any), ", ", E(list), ")"], ["is_record(", E(record), ", r1)"],
                   ["lists:all(", E(function), ", ", E(list), ")"]])
    end;
typed(list, Env, Depth, E) ->
    case rand:uniform(10) of
        1 -> ["[", E(any), " | ", E(list), "]"];
        2 -> Type = pick(?TYPES), ["[", commas([E(Type) || _ <- lists:seq(1, rand:uniform(3))]), "]"];
        3 -> ["(", E(list), pick([" ++ ", " -- "]), E(list), ")"];
        N when N =< 6 -> comprehension(Env, Depth);
        7 -> ["lists:", pick(["reverse", "sort", "usort"]), "(", E(list), ")"];
        8 -> ["lists:", pick(["map", "filter"]), "(", E(function), ", ", E(list), ")"];
        9 -> pick([["tuple_to_list(", E(tuple), ")"], ["maps:to_list(", E(map), ")"], ["maps:keys(", E(map), ")"],
                   ["binary_to_list(", E(bits), ")"], ["tl(", E(list), ")"]]);
        10 -> ["lists:seq(1, ", pick(["3", "4"]), ")"]
    end;
typed(tuple, _, _, E) ->
    case rand:uniform(5) of
        N when N =< 3 -> ["{", commas([E(pick(?TYPES)) || _ <- lists:seq(1, rand:uniform(4))]), "}"];
        4 -> ["setelement(", pick(["1", "2"]), ", ", E(tuple), ", ", E(any), ")"];
        5 -> pick([["list_to_tuple(", E(list), ")"], ["setelement(1, setelement(2, {a, b, ", E(any), "}, ", E(any), "), ", E(any), ")"]])
    end;
typed(bits, Env, Depth, _) -> bits_expr(Env, Depth);
typed(map, _, _, E) ->
    Key = fun() -> pick(["a", "b", "1", "1.0", E(any)]) end,
    case rand:uniform(5) of
        N when N =< 2 -> ["#{", commas([[Key(), " => ", E(any)] || _ <- lists:seq(1, rand:uniform(3))]), "}"];
        3 -> ["(", E(map), ")#{", Key(), pick([" => ", " := "]), E(any), "}"];
        4 -> ["(", E(map), ")#{a => ", E(any), ", ", Key(), pick([" => ", " := "]), E(any), "}"];
        5 -> ["maps:", pick([["put(", E(any), ", ", E(any)], ["remove(", E(any)], ["merge(", E(map)]]), ", ", E(map), ")"]
    end;
typed(record, _, _, E) ->
    pick([["#r1{a = ", E(any), "}"], ["#r1{b = ", E(int), ", _ = ", E(any), "}"], ["#r2{x = ", E(record), "}"],
          ["(", E(record), ")#r1{b = ", E(any), ", a = ", E(any), "}"], ["(", E(record), ")#r2.x"],
          ["(", E(record), ")#r1{}"], ["(", E(record), ")#r2.x#r1{c = ", E(list), "}"]]);
typed(function, Env, Depth, _) ->
    case get(calls) of
        [_ | _] = Calls ->
            {N, Arity} = pick(Calls),
            pick([io_lib:format("fun f~w/~w", [N, Arity]), io_lib:format("fun ?MODULE:f~w/~w", [N, Arity]), fun_expr(any, Env, Depth)]);
        [] -> pick([fun_expr(any, Env, Depth), ["fun ", pick(["abs", "length", "hd"]), "/1"], pick(["fun lists:reverse/1", "fun lists:nofun/1"])])
    end.

case_expr(Type, Env, Depth) ->
    Of = pick(?TYPES),
    Clauses = [begin
        {Pattern, Vars} = pattern(Of, 2, Env),
        [Pattern, guard(Vars), " -> ", body(Type, Vars, Depth - 1)]
    end || _ <- lists:seq(1, rand:uniform(4))],
    ["case ", expr(Of, Env, Depth - 1), " of ", lists:join("; ", Clauses),
     pick(["", ["; _ -> ", expr(Type, Env, Depth - 1)]]), " end"].

try_expr(Type, Env, Depth) ->
    [Class, Reason, Stack] = [variable(), variable(), variable()],
    Of = pick(?TYPES),
    {Pattern, Vars} = pattern(Of, 1, Env),
    {Thrown, More} = pattern(any, 1, Env),
    Catch = [pick([[Class, ":", Reason], ["throw:", Reason], ["error:", Reason], Reason]), " -> ",
             expr(Type, [{Reason, any} | Env], Depth - 1)],
    Handlers = pick([Catch, Catch,
        [pick(["error:", "throw:", "exit:", "_:", ""]), Thrown, guard(More), " -> ", expr(Type, More, Depth - 2), "; ", Catch],
        [Class, ":", Reason, ":", Stack, guard([{Class, atom}, {Reason, any}]), " -> {", Class, ", is_list(", Stack, "), ",
         pick([["erlang:raise(", Class, ", ", Reason, ", ", Stack, ")"], expr(Type, [{Reason, any} | Env], Depth - 1)]), "}"]]),
    case rand:uniform(4) of
        1 -> ["try ", body(Type, Env, Depth - 1), " after ", expr(any, Env, Depth - 2), " end"];
        2 -> ["try ", body(Type, Env, Depth - 1), " catch ", Handlers, pick(["", [" after ", expr(any, Env, Depth - 2)]]), " end"];
        _ -> ["try ", body(Of, Env, Depth - 1), " of ", Pattern, guard(Vars), " -> ", expr(Type, Vars, Depth - 1),
              "; _ -> ", expr(Type, Env, 1), " catch ", Handlers, pick(["", [" after ", expr(any, Env, Depth - 2)]]), " end"]
    end.

call(Type, Env, Depth) ->
    case get(calls) of
        [] -> atomic(Type, Env);
        Calls ->
            {N, Arity} = pick(Calls),
            Types = get({types, N}),
            Arguments = [expr(lists:nth(I, Types), Env, Depth - 2) || I <- lists:seq(1, Arity)],
            Name = ["f", integer_to_list(N)],
            pick([[Name, "(", commas(Arguments), ")"], [Name, "(", commas(Arguments), ")"],
                  ["?MODULE:", Name, "(", commas(Arguments), ")"],
                  ["apply(", pick(["?MODULE", "fun(_, _) -> 1 end"]), ", ", Name, ", [", commas(Arguments), "])"]])
    end.

fun_expr(Type, Env, Depth) ->
    Of = pick(?TYPES),
    {Pattern, Vars} = pattern(Of, 1, Env),
    ["fun(", Pattern, ")", guard(Vars), " -> ", body(Type, Vars, Depth - 1), "; (_) -> ", expr(Type, Env, Depth - 2), " end"].

apply_fun(Type, Env, Depth) -> ["(", fun_expr(Type, Env, Depth), ")(", expr(any, Env, Depth - 1), ")"].

named_fun(Type, Env, Depth) ->
    [Self, Count, Sum] = [variable(), variable(), variable()],
    ["(fun ", Self, "(0, ", Sum, ") -> ", expr(Type, [{Sum, Type} | Env], 1), "; ", Self, "(", Count, ", ", Sum,
     ") when ", Count, " > 0 -> ", Self, "(", Count, " - 1, ", expr(Type, [{Count, int}, {Sum, Type} | Env], Depth - 2),
     ") end)(", pick(["2", "3", ["(", expr(int, Env, 1), ") band 3"]]), ", ", expr(Type, Env, Depth - 1), ")"].

comprehension(Env, Depth) ->
    {Qualifiers, Vars} = qualifiers(Env, Depth, rand:uniform(3)),
    ["[", expr(any, Vars, Depth - 1), " || ", commas(Qualifiers), "]"].

qualifiers(Env, Depth, Count) ->
    {First, Vars} = generator(Env, Depth),
    lists:foldl(fun(_, {Done, Known}) ->
        case rand:uniform(3) of
            1 ->
                {Next, More} = generator(Known, Depth - 1),
                {Done ++ [Next], More};
            2 -> {Done ++ [test(Known, 1)], Known};
            3 -> {Done ++ [["(", expr(bool, Known, Depth - 2), ")"]], Known}
        end
    end, {[First], Vars}, lists:seq(2, Count)).

generator(Env, Depth) ->
    case rand:uniform(3) of
        1 -> bits_generator(Env, Depth);
        _ ->
            {Pattern, Vars} = pattern(any, 1, Env),
            {[Pattern, " <- ", pick(["lists:seq(1, 4)", expr(list, Env, Depth - 2), expr(list, Env, 1)])], Vars}
    end.

receive_expr(Type, Env, Depth) ->
    Of = pick(?TYPES),
    {Pattern, Vars} = pattern(Of, 2, Env),
    {Second, More} = pattern(any, 1, Env),
    ["begin self() ! ", expr(any, Env, Depth - 2), ", self() ! ", expr(Of, Env, Depth - 1), ", receive ", Pattern, guard(Vars),
     " -> ", expr(Type, Vars, Depth - 1), pick(["", ["; {", Second, "}", guard(More), " -> ", expr(Type, More, Depth - 2)]]),
     " after ", pick(["0", "(1 - 1)"]), " -> receive _ -> ", expr(Type, Env, Depth - 2), " after 0 -> none end end end"].

maybe_expr(Type, Env, Depth) ->
    case get(maybes) of
        true -> one_maybe(Type, Env, Depth);
        false -> case_expr(Type, Env, Depth)
    end.

one_maybe(Type, Env, Depth) ->
    Of = pick(?TYPES),
    {Pattern, Vars} = pattern(Of, 2, Env),
    Next = pick(?TYPES),
    {Second, More} = pattern(Next, 1, Vars),
    Reason = variable(),
    Else = pick(["", [" else ", Reason, guard([{Reason, any}]), " -> ", expr(Type, [{Reason, any} | Env], Depth - 2),
                      "; _ -> ", expr(Type, Env, 1)]]),
    ["maybe ", Pattern, " ?= ", expr(Of, Env, Depth - 1), ", ", pick([[Second, " ?= ", expr(Next, Vars, Depth - 2)],
     [Second, " = ", expr(Next, Vars, Depth - 2)]]), ", ", expr(Type, More, Depth - 2), Else, " end"].
