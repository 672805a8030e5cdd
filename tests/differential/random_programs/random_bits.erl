%%% Bit strings for the random programs: patterns and constructions of all types, sizes and units.
-module(random_bits).
-export([bits_pattern/1, bits_expr/2, bits_generator/2, taken_bits/1]).

-import(random_program, [expr/3, atomic/2, variable/0, pick/1, commas/1, pattern/3, can_be_used/1, test/2, chance/1]).

%% A pattern and the variables known after it.
bits_pattern(Env) ->
    put(first_of_bits, get(next)),
    segments(Env, rand:uniform(4) - 1, ["", "/bits", "/binary", "/bits"]).

segments(Env, Count, Ends) ->
    {Segments, Vars} = lists:mapfoldl(fun(_, Known) -> segment(Known) end, Env, lists:seq(1, Count)),
    {Last, After} = case pick(Ends) of
        "" -> {[], Vars};
        End ->
            case chance(30) of
                true -> {[["_", End]], Vars};
                false -> Var = variable(), {[[Var, End]], [{Var, bits} | Vars]}
            end
    end,
    {["<<", commas(Segments ++ Last), ">>"], After}.

segment(Env) ->
    case rand:uniform(10) of
        N when N =< 5 ->
            {Value, Vars} = int_value(Env),
            {[Value, sized(int_size(Env))], Vars};
        6 ->
            Var = variable(),
            {[Var, pick([":64/float", "/float", ":32/float", ":16/float", ":64/float-little", ":2/float-unit:32", ":32/little-float"])],
             [{Var, float} | Env]};
        7 ->
            Var = variable(),
            {[Var, pick(["/utf8", "/utf16", "/utf32", "/utf16-little", "/utf32-little"])], [{Var, int} | Env]};
        8 ->
            Var = variable(),
            {[Var, ":", size_of(Env), pick(["/binary", "/bits", "/binary-unit:4", "/bytes"])], [{Var, bits} | Env]};
        9 -> {pick(["\"a\"", "\"ab\"", "\"a\"/utf8", "\"\\x{e5}\"/utf8", "\"a\"/utf16-little", "\"a\"/little-utf32"]), Env};
        10 -> {pick(["1", "_", "_:3", "0:4", "1:2", "255:16/little", "_:7/bits", "-1:4/signed", "2.5/float", "_/utf8"]), Env}
    end.

int_value(Env) ->
    case rand:uniform(6) of
        1 -> {"_", Env};
        2 -> {pick(["0", "1", "3", "7"]), Env};
        3 ->
            case [V || {V, int} <- Env] of
                [] -> {"1", Env};
                Known -> {pick(Known), Env}
            end;
        _ -> Var = variable(), {Var, [{Var, int} | Env]}
    end.

int_size(Env) ->
    case rand:uniform(3) of
        1 -> "";
        2 -> [":", pick(["1", "2", "3", "4", "5", "7", "8", "9", "12", "13", "16", "17", "24", "31", "32", "33", "40", "63", "64", "65", "100", "128", "0"])];
        3 -> [":", size_of(Env)]
    end.

%% A size with the rest of the type, in which a unit needs a size.
sized(Size) ->
    Types = ["", "", "/little", "/big", "/signed", "/unsigned", "/little-signed", "/signed-big", "/integer", "/native"],
    [Size, pick(case Size of "" -> Types; _ -> ["/integer-unit:2", "/little-unit:3", "/signed-little-unit:8" | Types] end)].

size_of(Env) ->
    Inside = [V || {"V" ++ N = V, int} <- Env, list_to_integer(N) >= get(first_of_bits)],
    case Inside ++ can_be_used(Env) of
        [_ | _] = Known ->
            Var = pick(lists:sublist(Known, 3)),
            pick([Var, ["(", Var, " band 15)"], ["(", Var, " band 7 + 1)"], ["(", Var, " rem 9)"]]);
        [] -> pick(["2", "3", "4", "(1 + 1)"])
    end.

%% An expression that makes a bit string.
bits_expr(Env, Depth) ->
    case rand:uniform(8) of
        1 ->
            {Qualifier, Vars} = bits_generator(Env, Depth),
            ["<< ", construct(Vars, Depth - 1), " || ", Qualifier, ">>"];
        2 ->
            {Pattern, Vars} = pattern(any, 1, Env),
            ["<< ", construct(Vars, Depth - 1), " || ", Pattern, " <- ", expr(list, Env, Depth - 1),
             pick(["", [", ", test(Vars, 1)]]), ">>"];
        3 -> pick([["list_to_binary(\"ab\" ++ ", expr(list, Env, 1), ")"], ["atom_to_binary(", expr(atom, Env, Depth - 1), ")"],
                   ["integer_to_binary(", expr(int, Env, Depth - 1), ")"], ["binary_part(", expr(bits, Env, Depth - 1), ", 0, 1)"]]);
        4 ->
            % Grown at its end, which the machine does in place.
            Sum = variable(), One = variable(),
            ["lists:foldl(fun(", One, ", ", Sum, ") -> <<", Sum, "/", pick(["bits", "binary"]), ", (", One, "):",
             pick(["8", "4", "13"]), ">> end, <<>>, ", expr(list, Env, Depth - 1), ")"];
        _ -> construct(Env, Depth)
    end.

construct(Env, Depth) -> ["<<", commas([part(Env, Depth - 1) || _ <- lists:seq(1, rand:uniform(4))]), ">>"].

part(Env, Depth) ->
    E = fun(Type) -> ["(", expr(Type, Env, Depth), ")"] end,
    case rand:uniform(9) of
        N when N =< 3 -> [E(int), sized(built_size(Env))];
        4 -> [E(pick([float, float, int])), pick(["/float", ":32/float", ":64/float-little", ":16/float", "/little-float"])];
        5 -> [pick([E(int), "$a", "16#20ac", "16#10FFFF", "16#D800"]), pick(["/utf8", "/utf16", "/utf32", "/utf16-little", "/little-utf32"])];
        6 -> [E(bits), pick(["/binary", "/bits", "/bitstring", "/bytes", "/binary-unit:1", "/binary-unit:2"])];
        7 -> [E(bits), ":", built_bits(Env), pick(["/binary", "/bits", "/binary-unit:4"])];
        8 -> pick(["\"ab\"", "\"\"", "\"ab\":16/little", "\"\\x{e5}\\x{20ac}\"/utf8", "\"a\"/utf16", "1:1", "0:3", "-1:12", "1.0:32/float",
                   "16#123456789ABCDEF0:68/little"]);
        9 -> ["(", atomic(any, Env), ")", pick(["", ":4", "/bits"])]
    end.

built_size(Env) ->
    case rand:uniform(4) of
        1 -> "";
        2 -> [":(", atomic(int, Env), " band 31)"];
        _ -> [":", pick(["1", "2", "3", "4", "7", "8", "9", "12", "16", "17", "24", "32", "33", "63", "64", "65", "128", "0"])]
    end.

built_bits(Env) -> pick(["1", "2", "(1 + 1)", ["(", atomic(int, Env), " band 3)"]]).

%% A generator over bits and the variables known after it.
bits_generator(Env, Depth) ->
    {Segments, Vars} = taken_bits(Env),
    {["<<", Segments, ">> <= ", expr(bits, Env, Depth - 2)], Vars}.

%% Segments that take at least one bit, and the variables known after them.
taken_bits(Env) ->
    put(first_of_bits, get(next)),
    {First, Known} = case rand:uniform(4) of
        1 -> {pick(["_:2", "1:1", "0:2"]), Env};
        2 -> Part = variable(), {[Part, pick([":3/bits", ":1/binary", ":2/binary-unit:4"])], [{Part, bits} | Env]};
        _ -> Var = variable(), {[Var, pick(["", ":4", ":3", ":1", ":5/signed", ":16/little"])], [{Var, int} | Env]}
    end,
    case chance(30) of
        true -> {Second, More} = segment(Known), {commas([First, Second]), More};
        false -> {First, Known}
    end.
