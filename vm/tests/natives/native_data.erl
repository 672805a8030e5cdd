%%% Tuples, lists, comparison, conversions, numbers as text.
-module(native_data).
-include("cases.hrl").

cases() ->
    [?C("element", element(id(2), {a, b})), ?C("element 0", element(id(0), {a, b})),
     ?C("element big", element(id(1 bsl 70), {a})), ?C("setelement", setelement(id(1), {a, b}, c)),
     ?C("make_tuple", erlang:make_tuple(3, [], [{2, x}, {2, y}])), ?C("make_tuple bad", erlang:make_tuple(id(-1), [])),
     ?C("append", erlang:append_element({a}, b)), ?C("insert", erlang:insert_element(2, {a, c}, b)),
     ?C("delete", erlang:delete_element(1, {a, b})), ?C("hd", hd(id([]))), ?C("length", length(id([1 | 2]))),
     ?C("++", id([1, 2]) ++ id(3)), ?C("++ bad", id([1 | 2]) ++ id([3])), ?C("-- few", id([1, 2, 3, 2, 1.0]) -- id([2, 1])),
     ?C("-- many", seq(1, 50) -- ([3, 3, 50 | seq(10, 40)])), ?C("-- bad", id([1]) -- id(a)),
     ?C("size", [size(id(<<1, 2:4>>)), byte_size(id(<<1, 2:4>>)), bit_size(id(<<1, 2:4>>)), size(id({a}))]),
     ?C("map_size", map_size(id(x))), ?C("map_get", map_get(id(k), #{})), ?C("is_map_key", is_map_key(id(k), #{k => 1})),
     ?C("min max", [min(id(1), 1.0), max(id(1), 1.0), max(id(1.0), 1), min(id(a), 1)]),
     ?C("order", [X < Y || X <- order(), Y <- order()]), ?C("equal", [X == Y || X <- order(), Y <- order()]),
     ?C("exact", [X =:= Y || X <- order(), Y <- order()]), ?C("and", id(true) and id(x)), ?C("xor", id(true) xor id(true)),
     ?C("is_function", [is_function(fun(A) -> A end, 1), is_function(fun lists:map/2, 2), is_function(id(a), 1)]),
     ?C("is_function bad", is_function(id(fun lists:map/2), id(-1))),
     ?C("is_record", [apply(erlang, is_record, [{r, 1}, r]), apply(erlang, is_record, [{r, 1}, r, 2]), apply(erlang, is_record, [{}, r])]),
     ?C("atoms", [atom_to_list(abc), atom_to_binary(abc), list_to_atom("x y"), binary_to_atom(<<195, 164>>), binary_to_atom(<<228>>, latin1)]),
     ?C("atom bad", binary_to_atom(id(<<255>>))), ?C("atom existing", list_to_existing_atom(id("surely_not_an_atom_yet"))),
     ?C("integers", [integer_to_list(-255, 16), integer_to_binary(1 bsl 100), integer_to_list(1 bsl 100, 36), list_to_integer("-00123"), list_to_integer("zZ", 36), binary_to_integer(<<"+7">>)])]
    ++ [{"integer " ++ S, fun() -> list_to_integer(S) end} || S <- ["1", "+1", "-1", "1_0", "", "-", " 1", "--1", "123456789012345678901234567890"]]
    ++ [{"float " ++ S, fun() -> list_to_float(S) end} || S <- ["1.0", "+1.0", "1e5", "1.0e5", "1.", "-1.0E-5", ".5", "1.0e", "1.0e400", " 1.0", "1.0 ", "1.5e+3", "0001.0", "1.0e-400", "-0.0"]]
    ++ [{"short " ++ float_to_list(F), fun() -> float_to_list(F, [short]) end} || F <- floats()]
    ++ [{"text " ++ float_to_list(F), fun() -> {float_to_list(F), float_to_binary(F)} end} || F <- floats()]
    ++ [{["decimals ", integer_to_list(D), " ", float_to_list(F)], fun() -> float_to_list(F, [{decimals, D}]) end} || F <- floats(), D <- [0, 1, 2, 5, 10, 15, 18, 19, 30]]
    ++ [{["compact ", integer_to_list(D), " ", float_to_list(F)], fun() -> float_to_list(F, [{decimals, D}, compact]) end} || F <- floats(), D <- [0, 3, 6]]
    ++ [{["scientific ", integer_to_list(D), " ", float_to_list(F)], fun() -> float_to_list(F, [{scientific, D}]) end} || F <- floats(), D <- [0, 1, 5, 20, 30]]
    ++ [?C("decimals 254", float_to_list(1.0, [{decimals, id(254)}])), ?C("decimals 253", float_to_list(1.0, [{decimals, id(253)}])),
        ?C("scientific 250", float_to_list(1.0, [{scientific, id(250)}])), ?C("compact alone", float_to_list(1.0, [compact])),
        ?C("iolist", iolist_to_binary([1, [<<2, 3>>, [[4] | <<5>>]], <<>>])), ?C("iolist bad", iolist_to_binary(id([256]))),
        ?C("iolist size", iolist_size([1, <<2, 3>>])), ?C("iolist bits", iolist_to_binary(id(<<1:4>>))),
        ?C("list_to_binary bad", list_to_binary(id(<<1>>))), ?C("bits", list_to_bitstring([<<1:4>>, 1, <<5:3>>, <<1:1>>, <<7:7>>])),
        ?C("bits to list", bitstring_to_list(<<1, 2, 3:5>>)), ?C("binary_to_list", binary_to_list(<<1, 2, 3>>, 2, 3)),
        ?C("binary_to_list bad", binary_to_list(id(<<1, 2, 3>>), 0, 3)), ?C("split", split_binary(<<1, 2, 3>>, 1)),
        ?C("part", binary_part(<<1, 2, 3>>, 3, -2)), ?C("part bad", binary_part(id(<<1, 2, 3:4>>), 0, 1)),
        ?C("sums", [erlang:crc32("abc"), erlang:crc32(7, <<"abc">>), erlang:crc32_combine(1, 2, 3), erlang:adler32("abc"), erlang:adler32_combine(5, 6, 7), erlang:md5("abc")]),
        ?C("unit", [erlang:convert_time_unit(T, F, U) || T <- [1500, -1500], F <- [millisecond, native, 7], U <- [second, microsecond]]),
        ?C("unit bad", erlang:convert_time_unit(1, foo, second)), ?C("lists", [lists:reverse([1, 2], x), lists:member(1.0, [1]), lists:keyfind(1.0, 1, [{1, a}]), lists:keysearch(z, 2, [{a, z}])]),
        ?C("member bad", lists:member(id(x), id([a | b]))), ?C("keyfind bad", lists:keyfind(id(x), 0, [])),
        ?C("math", [math:sqrt(2), math:pow(2, 0.5), math:atan2(1, 2), math:log(10), math:exp(1), math:erf(0.5), math:fmod(5.5, 2), math:floor(-1.5), math:asinh(1.5), math:log2(10), math:tanh(0.3)]),
        ?C("math bad", math:sqrt(id(-1))), ?C("math type", math:sin(id(a)))].

floats() ->
    [1000.0, 100.0, 0.001, 0.0001, 0.00012, 123456789.0, 1.0e22, 9007199254740991.0, 9007199254740992.0, 0.1, 12345.678, -0.0, 1.0e15,
     5.0e-324, 1.7976931348623157e308, 0.012, 1.5e5, 0.125, 0.5, 2.5, 0.045, 1.005, 0.3, -0.001, 99.995, 0.9999999, 3.0e-9, 1.23456789e-7].

order() -> [1, 1.0, 0.5, -3, 1 bsl 70, -(1 bsl 70), 1.0e30, a, b, {}, {1}, {a, b}, #{}, #{a => 1}, #{a => 2}, #{1 => 1}, #{1.0 => 1}, [], [1], [1 | 2], "ab", <<>>, <<1>>, <<1:3>>, <<"ab">>].

seq(N, M) when N > M -> [];
seq(N, M) -> [N | seq(N + 1, M)].
