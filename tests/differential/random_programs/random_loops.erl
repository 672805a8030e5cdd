%%% Functions that call themselves, for the random programs: over lists, bits, counters and messages, in tail position
%%% and not; and tables of many clauses. Each turn of a loop takes something away, so all of them end.
-module(random_loops).
-export([loop/3, helpers/0, table/3, dictionary/3, several_arguments/3]).

-import(random_program, [expr/3, atomic/2, variable/0, pick/1, commas/1, pattern/3, heads/4, guard/1, chance/1]).
-import(random_bits, [taken_bits/1]).

-define(TYPES, [int, int, float, atom, bool, list, tuple, bits, map, any]).

%% A call of a new function, which is kept for the end of the program. Within a loop there are no others.
loop(Type, Env, Depth) ->
    case get(is_in_loop) of
        true -> atomic(Type, Env);
        _ ->
            Name = "h" ++ integer_to_list(length(helpers()) + 1),
            Calls = get(calls),
            chance(70) andalso put(calls, []),
            put(is_in_loop, true),
            {Text, Takes} = function(rand:uniform(9), Name, Type, Depth),
            put(is_in_loop, false),
            put(calls, Calls),
            put(helpers, helpers() ++ [Text]),
            [Name, "(", commas([taken(T, Env, Depth - 1) || T <- Takes]), ")"]
    end.

%% What was kept since the last beginning.
helpers() ->
    case get(helpers) of
        undefined -> [];
        Kept -> Kept
    end.

taken(count, Env, Depth) -> pick(["3", "4", ["(", expr(int, Env, Depth), " band 7)"]]);
taken(few, Env, Depth) -> ["lists:sublist(", expr(list, Env, Depth), ", 6)"];
taken(Type, Env, Depth) -> expr(Type, Env, Depth).

%% The text and what it takes.
function(N, Name, Type, Depth) when N =< 2 ->
    % A list, with two values kept.
    Other = pick(?TYPES),
    [Rest, A, B] = [variable(), variable(), variable()],
    {Head, Vars} = heads([any], 2, [], [{A, Type}, {B, Other}]),
    {[Name, "([", Head, " | ", Rest, "], ", A, ", ", B, ")", guard(Vars), " ->\n    ",
      Name, "(", Rest, ", ", value(Type, Vars, Depth), ", ", value(Other, Vars, Depth), ");\n",
      Name, "([_ | ", Rest, "], ", A, ", ", B, ") -> ", Name, "(", Rest, ", ", pick([A, B]), ", ", pick([A, B]), ");\n",
      Name, "(_, ", A, ", ", B, ") -> ", pick([A, B, ["{", A, ", ", B, "}"]]), ".\n\n"], [few, Type, Other]};
function(3, Name, Type, Depth) ->
    % A list, where something is left to do behind the call.
    [Rest, Result] = [variable(), variable()],
    {Head, Vars} = heads([any], 2, [], []),
    {[Name, "([", Head, " | ", Rest, "])", guard(Vars), " ->\n    ",
      pick([["[", value(any, Vars, Depth), " | ", Name, "(", Rest, ")]"],
            [Result, " = ", Name, "(", Rest, "),\n    {", value(Type, [{Result, any} | Vars], Depth), ", ", Result, "}"],
            ["try ", Name, "(", Rest, ") catch _:_ -> ", value(any, Vars, Depth), " end"],
            [value(int, Vars, Depth), " + ", Name, "(", Rest, ")"]]), ";\n",
      Name, "([_ | ", Rest, "]) -> ", Name, "(", Rest, ");\n",
      Name, "(_) -> ", pick(["[]", "0", "nothing"]), ".\n\n"], [few]};
function(N, Name, Type, Depth) when N =< 6 ->
    % Bits from the front; now and then the rest is looked at in other ways, too.
    [Rest, A] = [variable(), variable()],
    {Taken, Vars} = in_head([{A, Type}]),
    Known = case chance(20) of true -> [{Rest, bits} | Vars]; false -> Vars end,
    Again = fun(Value) -> [Name, "(", Rest, ", ", Value, ")"] end,
    More = case chance(40) of
        true -> {Second, Others} = in_head([{A, Type}]), [Name, "(<<", Second, ", ", Rest, "/bits>>, ", A, ")", guard(Others), " -> ",
                 pick([Again(value(Type, Others, Depth)), ["{", A, ", ", Again(A), "}"]]), ";\n"];
        false -> ""
    end,
    {[Name, "(<<", Taken, ", ", Rest, "/bits>>, ", A, ")", guard(Known), " ->\n    ",
      pick([Again(value(Type, Known, Depth)), Again(value(Type, Known, Depth)), ["[", value(any, Known, Depth), " | ", Again(A), "]"],
            ["<<(", value(int, Known, Depth), "):8, (", Again(A), ")/bits>>"],
            ["case ", value(bool, Known, Depth), " of true -> ", Again(A), "; _ -> {", A, ", ", Rest, "} end"]]), ";\n", More,
      pick([[Name, "(<<>>, ", A, ") -> ", A], [Name, "(<<_:1, ", Rest, "/bits>>, ", A, ") -> ", Again(A), ";\n", Name, "(_, ", A, ") -> ", A],
            [Name, "(", Rest, ", ", A, ") -> {", Rest, ", ", A, "}"], [Name, "(_, _) -> ", pick(["<<>>", "[]"])]]), ".\n\n"], [bits, Type]};
function(7, Name, Type, Depth) ->
    % Two functions that call each other.
    [Count, A] = [variable(), variable()],
    Env = [{Count, int}, {A, Type}],
    Other = Name ++ "_too",
    {[Name, "(0, ", A, ") -> ", A, ";\n", Name, "(", Count, ", ", A, ") -> ", Other, "(", Count, " - 1, ", value(Type, Env, Depth), ").\n\n",
      Other, "(", Count, ", ", A, ") when ", Count, " > 1 -> ", Name, "(", Count, " - 1, ", value(Type, Env, Depth), ");\n",
      Other, "(", Count, ", ", A, ") -> {", Count, ", ", A, "}.\n\n"], [count, Type]};
function(8, Name, Type, Depth) ->
    % Messages, picked.
    [Count, A] = [variable(), variable()],
    Env = [{Count, int}, {A, Type}],
    {Pattern, Vars} = pattern(Type, 2, Env),
    {[Name, "(Count, ", A, ") when Count > 0 -> self() ! {m, Count, ", A, "}, ", Name, "(Count - 1, ", value(Type, [{A, Type}], Depth), ");\n",
      Name, "(0, ", A, ") -> ", Name, "(-1, ", A, ");\n",
      Name, "(", Count, ", ", A, ") ->\n    receive\n        {m, _, ", Pattern, "}", guard(Vars), " -> ", Name, "(", Count, " - 1, ",
      value(Type, Vars, Depth), ");\n        {m, Last, _} when Last < 2 -> ", Name, "(", Count, " - 1, ", A, ")\n    after 0 -> {", Count, ", ", A,
      "}\n    end.\n\n"], [count, Type]};
function(9, Name, Type, Depth) ->
    % A counter with a choice in each turn.
    [Count, A, B] = [variable(), variable(), variable()],
    Env = [{Count, int}, {A, Type}, {B, int}],
    {[Name, "(", Count, ", ", A, ", ", B, ") when ", Count, " > 0 ->\n    case ", value(Type, Env, Depth), " of\n        ", A, " -> ",
      Name, "(", Count, " - 1, ", A, ", ", B, " + 1);\n        ", Count, " -> ", Name, "(", Count, " - 2, ", A, ", ", B, " * 2);\n        Other -> ",
      Name, "(", Count, " - 1, Other, ", value(int, [{"Other", Type} | Env], Depth), ")\n    end;\n",
      Name, "(", Count, ", ", A, ", ", B, ") -> {", Count, ", ", A, ", ", B, "}.\n\n"], [count, Type, int]}.

%% Segments in the head of a function, where nothing else can be a size.
in_head(Env) ->
    put(outer, []),
    Taken = taken_bits(Env),
    put(outer, none),
    Taken.

value(Type, Env, Depth) -> expr(Type, Env, min(Depth - 1, 2)).

%% A choice among many constants.
table(Type, Env, Depth) ->
    {Of, Constants} = pick([
        {["(", expr(int, Env, Depth - 1), " band 31)"], [integer_to_list(N) || N <- lists:seq(0, 30, rand:uniform(3))]},
        {expr(int, Env, Depth - 1), ["0", "1", "255", "1000000", "18446744073709551616", "-1", "2", "3", "7", "12", "256", "65535", "$a"]},
        {expr(atom, Env, Depth - 1), ["a", "b", "ok", "error", "'A b'", "true", "false", "undefined", "ab", "[]"]},
        {expr(any, Env, Depth - 1), ["a", "1", "1.0", "\"ab\"", "[]", "{}", "<<>>", "<<\"abc\">>", "2.5", "true", "{a, 1}", "[1, 2, 3]", "#{}", "255",
                                     "-0.5", "b", "{ok, _}", "[_]", "[_ | _]", "{_, _}", "#r1{}", "<<_:8, _/bits>>"]},
        {["{", expr(atom, Env, Depth - 1), ", ", expr(int, Env, Depth - 1), "}"],
         [["{", A, ", ", N, "}"] || A <- ["a", "b", "true", "ok"], N <- ["0", "1", "2", "7", "_"]]},
        {["element(1, ", expr(tuple, Env, Depth - 1), ")"], ["r1", "r2", "a", "ok", "1", "error", "{}"]},
        {["<<(", expr(int, Env, Depth - 1), "):8>>"], [["<<", integer_to_list(N), ">>"] || N <- [0, 1, 2, 3, 7, 12, 97, 255]]}]),
    Mixed = [C || {_, C} <- lists:sort([{rand:uniform(), C} || C <- Constants])],
    ["case ", Of, " of ", lists:join("; ", [[C, case chance(10) of true -> guard(Env); false -> "" end, " -> ",
        case chance(20) of true -> expr(Type, Env, min(Depth - 2, 1)); false -> atomic(Type, Env) end] || C <- Mixed]),
     pick(["", ["; _ -> ", expr(Type, Env, Depth - 2)]]), " end"].

%% The process dictionary tells in which order things happen.
dictionary(Type, Env, Depth) ->
    Key = pick(["k", "1", "{k}"]),
    case rand:uniform(4) of
        1 -> ["element(2, {put(", Key, ", ", expr(any, Env, Depth - 1), "), ", expr(Type, Env, Depth - 1), "})"];
        2 -> ["get(", Key, ")"];
        3 -> ["erase(", Key, ")"];
        4 -> ["{put(", Key, ", ", expr(Type, Env, Depth - 1), "), ", expr(Type, Env, Depth - 1), ", get(", Key, ")}"]
    end.

%% A fun of several arguments and clauses, called where it is made.
several_arguments(Type, Env, Depth) ->
    Types = [pick(?TYPES) || _ <- lists:seq(1, rand:uniform(3))],
    Clause = fun() ->
        {Patterns, Vars} = heads(Types, 2, Env, Env),
        ["(", commas(Patterns), ")", guard(Vars), " -> ", expr(Type, Vars, Depth - 2)]
    end,
    Fun = ["fun", lists:join("; ", [Clause() || _ <- lists:seq(1, rand:uniform(3))]), " end"],
    Called = ["(", commas([expr(T, Env, Depth - 2) || T <- Types]), ")"],
    case chance(40) of
        true -> Var = variable(), ["begin ", Var, " = ", Fun, ", ", Var, Called, " end"];
        false -> ["(", Fun, ")", Called]
    end.
