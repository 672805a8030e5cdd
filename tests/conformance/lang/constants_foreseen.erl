%% Functions without effects of constants: what is computed when a module is compiled is what comes when it runs.
-module(constants_foreseen).
-export([main/0]).
-define(T(E), t(?LINE, fun() -> E end, fun() -> {ok, T, _} = erl_scan:string(??E ++ "."), {ok, X} = erl_parse:parse_exprs(T), {value, V, _} = erl_eval:exprs(X, []), V end)).

main() ->
    ?T(- float(97 band 10)), ?T(abs(-0.0)), ?T(abs(-3.5)), ?T(-0.0 + 0), ?T(float(1 bsl 53 + 1)), ?T(float(1)),
    ?T(trunc(-2.7)), ?T(round(2.5)), ?T(round(-2.5)), ?T(ceil(-0.5)), ?T(floor(-0.5)), ?T(trunc(1.0e30)),
    ?T(length([a, b | []])), ?T(length("abc")), ?T(hd("abc")), ?T(tl("a")), ?T(tl([1, 2 | 3])), ?T(hd([x])),
    ?T(size({a, b})), ?T(size(<<"abc">>)), ?T(byte_size(<<1:9>>)), ?T(bit_size(<<1:9>>)), ?T(tuple_size({})),
    ?T(atom_to_list('\x{e5}b')), ?T(atom_to_binary('\x{e5}b')), ?T(integer_to_list(-12)), ?T(integer_to_binary(1 bsl 70)),
    ?T(list_to_tuple([a, b])), ?T(tuple_to_list({a, "b"})), ?T(list_to_integer("+17")), ?T(list_to_atom("ab c")),
    ?T(binary_to_list(<<"abc">>)), ?T(setelement(2, {a, b}, c)), ?T(element(2, {a, b})), ?T("ab" ++ "c" ++ tail),
    ?T(lists:append([a], "b")), ?T(maps:get(a, #{a => 1})), ?T(maps:new()), ?T(math:sqrt(2)), ?T(math:pi()),
    ?T(max(1, 1.0)), ?T(max(1.0, 1)), ?T(min(1, 1.0)), ?T(min(1.0, 1)), ?T(is_function(fun lists:map/2, 2)),
    ?T(#{1 => a} < #{1.0 => a}), ?T(#{2 => a} < #{1.0 => a}), ?T(#{a => 1, b => 2} < #{b => 1, a => 2}),
    ?T(#{{1} => a} < #{{1.0} => a}), ?T(#{[1] => b} > #{[1.0] => a}), ?T(#{1 => 2} == #{1 => 2.0}), ?T(#{1 => 2} == #{1.0 => 2}),
    ?T(fun lists:map/2 < fun lists:map/3), ?T(fun lists:map/2 < fun lists:foldl/3), ?T(fun lists:map/2 == fun lists:map/2),
    ?T(<<1:1>> < <<1:2>>), ?T(<<2:2>> < <<1:1>>), ?T("" < {}), ?T([] < #{}), ?T(1 == 1.0), ?T(1 =:= 1.0), ?T(0.0 =:= -0.0),
    ?T((1 bsl 53) + 1 == 9007199254740992.0), ?T((1 bsl 53) + 1 > 9007199254740992.0), ?T(1.0e300 > 1 bsl 900), ?T(a < "a"),
    ?T(is_boolean(true)), ?T(is_bitstring(<<1:3>>)), ?T(is_binary(<<1:3>>)), ?T(not false),
    ?T(list_to_integer("x")), ?T(element(3, {a})), ?T(hd([])), ?T(length([a | b])), ?T(math:sqrt(-1)), ?T(atom_to_list(1)),
    ?T(binary_part(<<1, 2, 3:3>>, 0, 2)), ?T(binary_part(<<1, 2, 3:3>>, 0, 3)), ?T(binary_part(<<5:3>>, 0, 1)), ?T(binary_part(<<1, 2, 3>>, {3, -2})),
    ?T(binary_part(<<>>, 0, 0)), ?T(binary_part(<<1:1>>, 0, 0)), ?T(binary_to_list(<<1, 2, 3>>, 2, 3)), ?T(split_binary(<<1, 2:3>>, 1)),
    ?T(is_record({a, 1}, a, 2)), ?T(is_record({a, 1}, a, 3)), ?T(atom_to_binary('\x{e5}', latin1)),
    ?T(list_to_integer("ff", 16)), ?T(list_to_integer("-Zz", 36)), ?T(byte_size(<<>>)), ?T(bit_size(<<>>)), ?T(size(<<1:9>>)).

t(Line, Compiled, Evaluated) ->
    A = catch_(Compiled), B = catch_(Evaluated),
    io:format("~w: ~w~s~n", [Line, A, case term_to_binary(A) =:= term_to_binary(B) of true -> ""; false -> " otherwise evaluated" end]).

catch_(F) -> try F() catch C:R -> {C, R} end.
