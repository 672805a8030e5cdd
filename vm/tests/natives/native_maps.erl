%%% Maps of both sizes, their order, and portable hashes.
-module(native_maps).
-include("cases.hrl").

cases() ->
    [{["keys ", Name], fun() -> maps:keys(large(Keys)) end} || {Name, Keys} <- kinds()]
    ++ [{["values ", Name], fun() -> maps:values(large(Keys)) end} || {Name, Keys} <- kinds()]
    ++ [{["encoded ", Name], fun() -> term_to_binary(large(Keys)) end} || {Name, Keys} <- kinds()]
    ++ [{["removed ", Name], fun() -> maps:keys(without(large(Keys), Keys, 0)) end} || {Name, Keys} <- kinds()]
    ++ [{["hash ", integer_to_list(erlang:phash2(T, 1 bsl 32))], fun() -> {erlang:phash2(T), erlang:phash2(T, 1000)} end} || T <- terms()]
    ++ [?C("get", maps:get(id(a), #{})), ?C("get badmap", maps:get(id(a), id(b))), ?C("put", maps:put(1.0, x, #{1 => y})),
        ?C("update", maps:update(id(a), 1, #{})), ?C("take", [maps:take(a, #{a => 1, b => 2}), maps:take(z, #{})]),
        ?C("remove", maps:remove(a, #{a => 1})), ?C("find", [maps:find(a, #{a => 1}), maps:find(b, #{})]),
        ?C("from_list", maps:from_list([{a, 1}, {b, 2}, {a, 3}])), ?C("from_list bad", maps:from_list(id([{a}]))),
        ?C("from_keys", maps:from_keys([a, b, a], 0)), ?C("merge", maps:merge(#{a => 1, b => 2}, #{b => 3, c => 4})),
        ?C("merge large", maps:merge(large(seq(1, 60)), large(seq(50, 120))) =:= large(seq(1, 120))),
        ?C("merge bad", maps:merge(id(x), id(y))), ?C("equal", large(seq(1, 100)) =:= large(down(100))),
        ?C("compare", [large(seq(1, 50)) < large(seq(2, 51)), large(seq(1, 50)) == large([X * 1.0 || X <- seq(1, 50)])]),
        ?C("order of keys", maps:keys(#{a => 1, 1 => 1, 1.0 => 1, {} => 1, [] => 1, <<>> => 1, "x" => 1, 0.5 => 1}))].

large(Keys) -> maps:from_list([{K, K} || K <- Keys]).

without(Map, [], _) -> Map;
without(Map, [K | Ks], N) when N rem 3 =:= 0 -> without(maps:remove(K, Map), Ks, N + 1);
without(Map, [_ | Ks], N) -> without(Map, Ks, N + 1).

kinds() ->
    [{"integers", seq(-20, 80)}, {"many", seq(1, 3000)}, {"33", seq(1, 33)}, {"32", seq(1, 32)},
     {"strings", ["key" ++ integer_to_list(I) || I <- seq(1, 200)]}, {"binaries", [integer_to_binary(I * 7919) || I <- seq(1, 200)]},
     {"long binaries", [<<"a rather long key, number ", (integer_to_binary(I))/binary>> || I <- seq(1, 100)]},
     {"tuples", [{I, <<"x", I>>, [I, 1000]} || I <- seq(1, 200)]}, {"lists", [[I + 300, I | <<I>>] || I <- seq(1, 200)]},
     {"mixed lists", [[1, 2, I + 300, 3, I rem 256] || I <- seq(1, 200)]}, {"floats", [I * 1.5 || I <- seq(1, 200)]}, {"big", [(1 bsl 70) - I || I <- seq(1, 100)]},
     {"negative", [-(1 bsl 40) - I || I <- seq(1, 100)]}, {"bits", [<<I:13>> || I <- seq(1, 100)]}].

terms() ->
    [1, -1, 0, 1 bsl 26, 1 bsl 27, 1 bsl 28, -(1 bsl 27), -(1 bsl 27) - 1, 1 bsl 58, 1 bsl 59, 1 bsl 60, 1 bsl 64, 1 bsl 130, -(1 bsl 80), foo, '', 'A long atom with spaces', [], {}, {1}, {a, b, c},
     [a], [1, 2, 3], "abcd", "hello world", [1, 300, 2], [1 | 2], [a | b], 1.5, -0.0, 0.0, 1.0e100, <<>>, <<"abc">>, <<"abcdefghijklmnop">>, <<1:3>>, <<1, 2, 5:7>>,
     #{}, #{a => 1}, #{a => 1, b => {c, [d]}}, [#{1 => 2}, x], #{k => #{l => m}}, fun lists:map/2, {[], [[]], {<<>>}}].

seq(N, M) when N > M -> [];
seq(N, M) -> [N | seq(N + 1, M)].

down(0) -> [];
down(N) -> [N | down(N - 1)].
