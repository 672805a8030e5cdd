#!/usr/bin/env escript
%%% Random programs, compiled and run by Erlang/OTP and by swerl: what they print must be the same.
%%%
%%%     escript tests/differential/random_programs.escript [-swerl PROGRAM] [-count N] [-seed S] [-keep FOLDER]
%%%
%%% A program is a module of functions that call only functions before them, so that it ends. It calls each with
%%% several arguments and prints what comes of it, exceptions included. Three ways are compared: OTP's compiler
%%% and system; swerl's compiler on OTP's system; swerl's compiler and system. The number of a program and the
%%% seed make it again.

-mode(compile).

-define(FUNCTIONS, 6).
-define(DEPTH, 4).

main(Args) ->
    Options = options(Args, #{swerl => "target/debug/swerl", count => "30", seed => seed(), keep => none}),
    #{swerl := Swerl, keep := Keep} = Options,
    Count = list_to_integer(maps:get(count, Options)),
    Seed = list_to_integer(maps:get(seed, Options)),
    io:format("seed ~w, ~w programs~n", [Seed, Count]),
    Folder = case Keep of
        none -> filename:join("/tmp", "random_programs_" ++ os:getpid());
        _ -> Keep
    end,
    Otp = filename:join(Folder, "otp"),
    Own = filename:join(Folder, "swerl"),
    ok = filelib:ensure_dir(filename:join(Otp, "x")),
    ok = filelib:ensure_dir(filename:join(Own, "x")),
    Written = [write_program(Folder, Seed, N) || N <- lists:seq(1, Count)],
    Files = [filename:join(Folder, Name ++ ".erl") || Name <- Written],
    [compile_with(Compiler, Into, Files) || {Compiler, Into} <- [{"erlc", Otp}, {Swerl ++ " erlc", Own}]],
    % Some crash OTP's own compiler.
    Names = [Name || Name <- Written, filelib:is_regular(filename:join(Otp, Name ++ ".beam"))],
    io:format("~w of them compiled by OTP~n", [length(Names)]),
    Ways = [
        {"OTP on OTP", results(run("erl", Otp, Names))},
        {"swerl's compiler on OTP", results(run("erl", Own, Names))},
        {"swerl on swerl", results(run(Swerl ++ " erl", Own, Names))}
    ],
    [{_, Expected} | Others] = Ways,
    Missing = [Name || Name <- Names, not maps:is_key(Name, Expected)],
    Missing =:= [] orelse io:format("no result from OTP: ~p~n", [Missing]),
    Wrong = [{Name, Way} || {Way, Results} <- Others, Name <- Names, differs(Name, Way, Expected, Results)],
    Keep =:= none andalso Wrong =:= [] andalso file:del_dir_r(Folder),
    io:format("~w differences~n", [length(Wrong)]),
    Wrong =:= [] orelse io:format("the programs are in ~s~n", [Folder]),
    halt(case Wrong of [] -> 0; _ -> 1 end).

seed() -> integer_to_list(erlang:system_time(second) rem 1000000).

options(["-" ++ Name, Value | Rest], Options) -> options(Rest, Options#{list_to_existing_atom(Name) := Value});
options([], Options) -> Options.

%% Each by itself: a compiler stops at the first file that it does not take.
compile_with(Compiler, Into, Files) ->
    Line = ["for f in ", lists:join($\s, Files), "; do ", Compiler, " -W0 -o ", Into, " $f; done"],
    os:cmd(lists:flatten(Line)).

run(System, Folder, Names) ->
    Program = io_lib:format(
        "[begin io:format(\"== ~~s~~n\", [M]), try M:main() catch C:R -> io:format(\"~~w ~~w~~n\", [C, R]) end "
        "end || M <- [~s]]", [lists:join(",", Names)]),
    File = filename:join(Folder, "run.erl"),
    ok = file:write_file(File, ["-module(run).\n-export([main/0]).\nmain() -> ", Program, ".\n"]),
    os:cmd("erlc -W0 -o " ++ Folder ++ " " ++ File),
    os:cmd(System ++ " -noshell -pa " ++ Folder ++ " -s run main -s init stop 2>&1").

results(Text) ->
    maps:from_list([
        case string:split(Part, "\n") of
            [Name, Rest] -> {string:trim(Name), Rest};
            [Name] -> {string:trim(Name), ""}
        end || Part <- tl(string:split(Text ++ "\n", "== ", all)) ++ []]).

differs(Name, Way, Expected, Results) ->
    case {maps:get(Name, Expected, none), maps:get(Name, Results, missing)} of
        {Same, Same} -> false;
        {none, _} -> false;
        {A, B} ->
            io:format("~s differs, ~s:~n", [Name, Way]),
            LinesA = string:split(A, "\n", all),
            LinesB = case B of missing -> ["(no result)"]; _ -> string:split(B, "\n", all) end,
            Pairs = [P || {X, Y} = P <- pairs(LinesA, LinesB), X =/= Y],
            [io:format("- ~s~n+ ~s~n", [X, Y]) || {X, Y} <- lists:sublist(Pairs, 3)],
            true
    end.

pairs([A | As], [B | Bs]) -> [{A, B} | pairs(As, Bs)];
pairs([], Bs) -> [{"", B} || B <- Bs];
pairs(As, []) -> [{A, ""} || A <- As].

%% Programs.

write_program(Folder, Seed, Number) ->
    rand:seed(exsss, {Seed, Number, 4711}),
    put(next, 0),
    Name = "rp" ++ integer_to_list(Number),
    Arities = [{N, rand:uniform(3)} || N <- lists:seq(1, ?FUNCTIONS)],
    Functions = [function(N, Arity, lists:sublist(Arities, N - 1)) || {N, Arity} <- Arities],
    Calls = [io_lib:format("    t(~w, fun() -> f~w(~s) end)", [Call, N, commas([value() || _ <- lists:seq(1, Arity)])])
             || {N, Arity} <- Arities, Call <- lists:seq(N * 10, N * 10 + 5)],
    Text = ["-module(", Name, ").\n-export([main/0]).\n\nmain() ->\n", lists:join(",\n", Calls), ".\n\n",
        "t(N, F) ->\n    io:format(\"~w ~w~n\", [N, try {ok, plain(F())} catch C:R -> {C, plain(R)} end]).\n\n",
        "plain(F) when is_function(F) -> {a_fun, element(2, erlang:fun_info(F, arity))};\n",
        "plain({'EXIT', {R, [_ | _]}}) -> {'EXIT', plain(R)};\n",
        "plain([H | T]) -> [plain(H) | plain(T)];\n",
        "plain(T) when is_tuple(T) -> list_to_tuple(plain(tuple_to_list(T)));\n",
        "plain(M) when is_map(M) -> maps:from_list(plain(lists:sort(maps:to_list(M))));\n",
        "plain(X) -> X.\n\n" | Functions],
    ok = file:write_file(filename:join(Folder, Name ++ ".erl"), Text),
    Name.

function(N, Arity, Before) ->
    put(calls, Before),
    Clauses = [clause(N, Arity) || _ <- lists:seq(1, rand:uniform(3))],
    [lists:join(";\n", Clauses), ".\n\n"].

clause(N, Arity) ->
    {Patterns, Env} = patterns(Arity, []),
    Guard = guard(Env),
    io_lib:format("f~w(~s)~s ->\n    ~s", [N, commas(Patterns), Guard, body(Env, ?DEPTH)]).

patterns(Count, Env) ->
    lists:mapfoldl(fun(_, Vars) -> pattern(2, Vars) end, Env, lists:seq(1, Count)).

body(Env, Depth) ->
    {Lines, Last} = lists:mapfoldl(fun(_, Vars) -> line(Vars, Depth) end, Env, lists:seq(1, rand:uniform(3) - 1)),
    lists:join(",\n    ", Lines ++ [expr(Last, Depth)]).

line(Env, Depth) ->
    case rand:uniform(4) of
        1 ->
            {Pattern, Vars} = pattern(1, Env),
            {[Pattern, " = ", expr(Env, Depth - 1)], Vars};
        _ ->
            Var = variable(),
            {[Var, " = ", expr(Env, Depth - 1)], [Var | Env]}
    end.

variable() ->
    N = get(next),
    put(next, N + 1),
    "V" ++ integer_to_list(N).

commas(Parts) -> lists:join(", ", Parts).

pick(List) -> lists:nth(rand:uniform(length(List)), List).

literal() ->
    pick(["0", "1", "2", "-1", "7", "255", "256", "1000000", "16#FFFFFFFFFFFFFFF", "-16#800000000000000", "1.0", "2.5",
          "-0.5", "a", "b", "ok", "true", "false", "[]", "{}", "#{}", "<<>>", "\"ab\"", "<<1, 2, 3>>", "<<5:3>>"]).

value() ->
    case rand:uniform(8) of
        1 -> ["{", commas([value() || _ <- lists:seq(1, rand:uniform(3))]), "}"];
        2 -> ["[", commas([value() || _ <- lists:seq(1, rand:uniform(4))]), "]"];
        3 -> ["#{", pick(["a", "b", "1", "{}"]), " => ", value(), "}"];
        4 -> ["{", pick(["a", "b", "ok"]), ", ", value(), "}"];
        _ -> literal()
    end.

pattern(Depth, Env) ->
    case rand:uniform(if Depth > 0 -> 13; true -> 5 end) of
        N when N =< 3 -> Var = variable(), {Var, [Var | Env]};
        4 -> {"_", Env};
        5 -> {literal_pattern(), Env};
        N when N =< 7 ->
            {Parts, Vars} = sub_patterns(rand:uniform(4) - 1, Depth, Env),
            {["{", commas(Parts), "}"], Vars};
        8 ->
            {Parts, Vars} = sub_patterns(rand:uniform(2), Depth, Env),
            {["{", pick(["a", "b", "ok"]), ", ", commas(Parts), "}"], Vars};
        N when N =< 10 ->
            {[Head, Tail], Vars} = sub_patterns(2, Depth, Env),
            {["[", Head, " | ", Tail, "]"], Vars};
        11 ->
            {Part, Vars} = pattern(Depth - 1, Env),
            {["#{", pick(["a", "b", "1"]), " := ", Part, "}"], Vars};
        12 -> bits_pattern(Env);
        13 ->
            Var = variable(),
            {Part, Vars} = pattern(Depth - 1, Env),
            {["(", Var, " = ", Part, ")"], [Var | Vars]}
    end.

%% Patterns in an alias may not mention variables of each other, which new names never do.
sub_patterns(Count, Depth, Env) ->
    lists:mapfoldl(fun(_, Vars) -> pattern(Depth - 1, Vars) end, Env, lists:seq(1, Count)).

literal_pattern() ->
    pick(["0", "1", "7", "a", "b", "ok", "true", "[]", "{}", "1.0", "\"ab\"", "<<1, 2, 3>>", "<<>>", "256"]).

bits_pattern(Env) ->
    [A, B] = [variable(), variable()],
    case rand:uniform(6) of
        1 -> {["<<", A, ", ", B, "/binary>>"], [A, B | Env]};
        2 -> {["<<", A, ":4, ", B, "/bitstring>>"], [A, B | Env]};
        3 -> {["<<", A, ":16/little-signed, ", B, "/bits>>"], [A, B | Env]};
        4 -> {["<<", A, ", ", B, ":", A, "/binary, _/bits>>"], [A, B | Env]};
        5 -> {["<<1, ", A, ":2/unit:4, ", B, "/bits>>"], [A, B | Env]};
        6 -> {["<<", A, "/utf8, ", B, "/binary>>"], [A, B | Env]}
    end.

guard([]) -> "";
guard(Env) ->
    case rand:uniform(3) of
        1 -> [" when ", lists:join(pick([", ", "; "]), [test(Env, 2) || _ <- lists:seq(1, rand:uniform(2))])];
        _ -> ""
    end.

test(Env, Depth) ->
    case rand:uniform(if Depth > 0 -> 8; true -> 5 end) of
        N when N =< 2 ->
            [pick(["is_atom", "is_integer", "is_list", "is_tuple", "is_map", "is_binary", "is_float", "is_number",
                   "is_bitstring", "is_boolean", "is_function"]), "(", guard_value(Env, 1), ")"];
        N when N =< 5 -> ["(", guard_value(Env, 1), pick([" > ", " < ", " >= ", " =< ", " == ", " =:= ", " =/= ", " /= "]), guard_value(Env, 1), ")"];
        6 -> ["(", test(Env, Depth - 1), pick([" andalso ", " orelse ", " and ", " or ", " xor "]), test(Env, Depth - 1), ")"];
        7 -> ["not (", test(Env, Depth - 1), ")"];
        8 -> ["(", guard_value(Env, 1), " =:= ", literal(), ")"]
    end.

guard_value(Env, Depth) ->
    case rand:uniform(if Depth > 0 -> 9; true -> 5 end) of
        1 -> literal();
        N when N =< 5 -> atomic(Env);
        6 -> ["(", guard_value(Env, Depth - 1), pick([" + ", " - ", " * ", " div ", " rem ", " band "]), guard_value(Env, Depth - 1), ")"];
        7 -> [pick(["length", "tuple_size", "hd", "tl", "map_size", "byte_size", "bit_size", "abs", "size", "round"]), "(", guard_value(Env, Depth - 1), ")"];
        8 -> ["element(", pick(["1", "2"]), ", ", guard_value(Env, Depth - 1), ")"];
        9 -> ["{", guard_value(Env, Depth - 1), ", ", atomic(Env), "}"]
    end.

atomic([]) -> literal();
atomic(Env) ->
    case rand:uniform(5) of
        1 -> literal();
        _ -> pick(lists:sublist(Env, 6))
    end.

expr(Env, Depth) when Depth =< 0 -> atomic(Env);
expr(Env, Depth) ->
    E = fun() -> expr(Env, Depth - 1) end,
    case rand:uniform(28) of
        N when N =< 3 -> atomic(Env);
        4 -> ["{", commas([E() || _ <- lists:seq(1, rand:uniform(3))]), "}"];
        5 -> ["[", E(), " | ", E(), "]"];
        6 -> ["[", commas([E() || _ <- lists:seq(1, rand:uniform(3))]), "]"];
        N when N =< 8 -> ["(", E(), pick([" + ", " - ", " * ", " div ", " rem ", " band ", " bor ", " bxor ", " / "]), E(), ")"];
        9 -> ["(", E(), pick([" > ", " < ", " == ", " =:= ", " =/= ", " >= "]), E(), ")"];
        N when N =< 12 -> case_expr(Env, Depth);
        13 -> ["if ", test(Env, 2), " -> ", body(Env, Depth - 1), "; ", pick(["true", test(Env, 1)]), " -> ", E(), " end"];
        14 -> try_expr(Env, Depth);
        15 -> ["(catch ", E(), ")"];
        16 -> call(Env, Depth);
        17 -> fun_expr(Env, Depth);
        N when N =< 19 -> comprehension(Env, Depth);
        20 -> ["#{", pick(["a", "b", E()]), " => ", E(), ", ", pick(["1", "b"]), " => ", E(), "}"];
        21 -> ["(", E(), ")#{", pick(["a", "b", "1"]), pick([" => ", " := "]), E(), "}"];
        22 -> ["<<(", E(), ")", pick(["", ":4", ":16/little", "/binary", "/bits", "/utf8", "/float"]), ", (", E(), ")", pick(["", ":3", "/bits", ":2/binary"]), ">>"];
        23 -> ["(", E(), pick([" andalso ", " orelse ", " and ", " or "]), E(), ")"];
        24 -> [pick(["length", "tuple_size", "hd", "tl", "abs", "map_size", "byte_size", "lists:reverse", "tuple_to_list",
                     "list_to_tuple", "is_list", "is_atom", "not", "lists:sort", "maps:keys", "float", "trunc"]), "(", E(), ")"];
        25 -> ["element(", pick(["1", "2", E()]), ", ", E(), ")"];
        26 -> ["setelement(", pick(["1", "2"]), ", ", E(), ", ", E(), ")"];
        27 -> receive_expr(Env, Depth);
        28 -> [pick(["error", "throw", "exit"]), "(", E(), ")"]
    end.

case_expr(Env, Depth) ->
    Clauses = [begin
        {Pattern, Vars} = pattern(2, Env),
        [Pattern, guard(Vars), " -> ", body(Vars, Depth - 1)]
    end || _ <- lists:seq(1, rand:uniform(4))],
    ["case ", expr(Env, Depth - 1), " of ", lists:join("; ", Clauses), pick(["", ["; _ -> ", expr(Env, Depth - 1)]]), " end"].

try_expr(Env, Depth) ->
    [Class, Reason] = [variable(), variable()],
    {Pattern, Vars} = pattern(1, Env),
    ["try ", body(Env, Depth - 1),
        pick(["", [" of ", Pattern, " -> ", expr(Vars, Depth - 1)]]),
        " catch ", pick([[Class, ":", Reason], ["throw:", Reason], ["error:", Reason]]), " -> {", Reason, ", ", expr([Reason | Env], Depth - 1), "}",
        pick(["", [" after ", expr(Env, Depth - 2)]]), " end"].

call(Env, Depth) ->
    case get(calls) of
        [] -> atomic(Env);
        Calls ->
            {N, Arity} = pick(Calls),
            ["f", integer_to_list(N), "(", commas([expr(Env, Depth - 2) || _ <- lists:seq(1, Arity)]), ")"]
    end.

fun_expr(Env, Depth) ->
    {Pattern, Vars} = pattern(1, Env),
    ["(fun(", Pattern, ")", guard(Vars), " -> ", body(Vars, Depth - 1), "; (_) -> ", expr(Env, Depth - 2), " end)",
        pick([["(", expr(Env, Depth - 1), ")"], ["(", expr(Env, Depth - 1), ")"], ""])].

comprehension(Env, Depth) ->
    Var = variable(),
    Source = pick([["[", commas([atomic(Env) || _ <- lists:seq(1, 3)]), "]"], expr(Env, Depth - 2), "lists:seq(1, 4)"]),
    {Pattern, Vars} = case rand:uniform(3) of 1 -> pattern(1, Env); _ -> {Var, [Var | Env]} end,
    Filter = pick(["", "", [", ", test(Vars, 1)]]),
    case rand:uniform(4) of
        1 -> ["<< <<(", expr(Vars, Depth - 2), ")", pick(["", ":7", "/bits"]), ">> || ", Pattern, " <- ", Source, Filter, ">>"];
        2 -> ["[", expr([Var | Env], Depth - 1), " || <<", Var, pick(["", ":4", ":3"]), ">> <= ", pick(["<<1, 2, 3>>", atomic(Env)]), "]"];
        _ -> ["[", expr(Vars, Depth - 1), " || ", Pattern, " <- ", Source, Filter, "]"]
    end.

receive_expr(Env, Depth) ->
    {Pattern, Vars} = pattern(1, Env),
    ["begin self() ! ", expr(Env, Depth - 1), ", receive ", Pattern, guard(Vars), " -> ", expr(Vars, Depth - 1),
        " after 0 -> receive _ -> ", expr(Env, Depth - 2), " after 0 -> none end end end"].
