%%% Unicode, binaries, searching, the external format.
-module(native_text).
-include("cases.hrl").

cases() ->
    [{["list ", integer_to_list(N)], fun() -> unicode:characters_to_list(D, E) end} || {N, {D, E}} <- numbered(texts(), 1)]
    ++ [{["binary ", integer_to_list(N)], fun() -> unicode:characters_to_binary(D, E) end} || {N, {D, E}} <- numbered(texts(), 1)]
    ++ [{["encode ", integer_to_list(N)], fun() -> term_to_binary(T) end} || {N, T} <- numbered(terms(), 1)]
    ++ [{["decode ", integer_to_list(N)], fun() -> binary_to_term(term_to_binary(T)) =:= T end} || {N, T} <- numbered(terms(), 1)]
    ++ [{["minor ", integer_to_list(N)], fun() -> [term_to_binary(T, [{minor_version, V}]) || V <- [0, 1, 2]] end} || {N, T} <- numbered(terms(), 1)]
    ++ [{["broken ", integer_to_list(N)], fun() -> binary_to_term(B) end} || {N, B} <- numbered(broken(), 1)]
    ++ [?C("used", binary_to_term(<<131, 97, 1, 2, 3>>, [used])), ?C("safe", binary_to_term(<<131, 100, 0, 3, "zzq">>, [safe])),
        ?C("compressed", binary_to_term(term_to_binary(seq(1, 1000), [compressed])) =:= seq(1, 1000)),
        ?C("option", term_to_binary(a, [id(foo)])), ?C("external_size", [erlang:external_size(T) || T <- [a, [1, 2, 3], {1.5, "abc"}]]),
        ?C("matches", binary:matches(<<"abcabcabc">>, [<<"abc">>, <<"ab">>, <<"bc">>])), ?C("match", binary:match(<<"abcabcabc">>, [<<"bc">>, <<"abca">>])),
        ?C("match none", binary:match(<<>>, <<"a">>)), ?C("match empty", binary:match(<<"abc">>, id(<<>>))), ?C("match no pattern", binary:match(<<"abc">>, id([]))),
        ?C("matches over", binary:matches(<<"aaaa">>, <<"aa">>)), ?C("scope", binary:match(<<"abc">>, <<"c">>, [{scope, {3, -2}}])),
        ?C("scope bad", binary:match(<<"abc">>, <<"c">>, [{scope, {3, id(2)}}])), ?C("match option", binary:match(<<"abc">>, <<"c">>, [id(foo)])),
        ?C("compiled", binary:match(<<"abc">>, binary:compile_pattern(<<"c">>))), ?C("compiled several", binary:matches(<<"abc">>, binary:compile_pattern([<<"c">>, <<"a">>]))),
        ?C("at", binary:at(<<1, 2>>, id(2))), ?C("first", binary:first(id(<<>>))), ?C("last", binary:last(<<1, 2>>)), ?C("copy", binary:copy(<<1, 2>>, 3)),
        ?C("copy bad", binary:copy(<<1>>, id(-1))), ?C("unsigned", [binary:encode_unsigned(N, O) || N <- [0, 1, 256, 1 bsl 70], O <- [big, little]]),
        ?C("unsigned bad", binary:encode_unsigned(id(-1))), ?C("decode unsigned", [binary:decode_unsigned(B, O) || B <- [<<>>, <<1>>, <<1, 0>>, <<0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9>>], O <- [big, little]]),
        ?C("prefix", binary:longest_common_prefix([<<"abc">>, <<"abd">>])), ?C("prefix none", binary:longest_common_prefix(id([]))), ?C("suffix", binary:longest_common_suffix([<<"xabc">>, <<"yabc">>])),
        ?C("part", binary:part(<<1, 2, 3>>, {3, -2})), ?C("part bad", binary:part(<<1, 2, 3>>, {3, id(-4)})), ?C("bin_to_list", binary:bin_to_list(<<1, 2, 3>>, {1, 1})),
        ?C("bin_to_list back", binary:bin_to_list(<<1, 2, 3>>, 3, -2)), ?C("7bit", [unicode:bin_is_7bit(<<1, 2, 128>>), unicode:bin_is_7bit(<<"a">>)])].

texts() ->
    [{[<<"abc", 255, "d">>, "x"], utf8}, {<<"abc", 255, "d">>, utf8}, {<<"a", 195>>, utf8}, {[<<"a", 195>>], utf8}, {[<<195>>, <<164>>], utf8}, {[<<195>>, <<"b">>, "c"], utf8},
     {[<<195>>, "b"], utf8}, {["abc", 16#110000, "d"], utf8}, {["abc", 16#d800, "d"], utf8}, {["abc", [16#110000 | "de"], "f" | <<"g">>], utf8}, {["abc" | <<"g">>], utf8},
     {a, utf8}, {[a], utf8}, {["ab" | a], utf8}, {"ab", foo}, {[<<195>>], latin1}, {[300], latin1}, {["a", 300], latin1}, {[[["a"], <<255>>], "b", ["c"]], utf8}, {-1, utf8}, {[-1], utf8},
     {<<1:4>>, utf8}, {[[<<195>>], []], utf8}, {[[<<195>>], [[<<164>>, "x"]]], utf8}, {<<0, 65, 0, 66>>, utf16}, {<<0, 65, 0>>, utf16}, {<<65, 0>>, {utf16, little}}, {<<216, 0, 1>>, utf16},
     {<<0, 0, 0, 65>>, utf32}, {<<0, 0, 0>>, utf32}, {<<237, 160, 128>>, utf8}, {[<<"ab">> | <<255>>], utf8}, {[97, <<"b", 224, 164>>, [<<"z">>], 99], utf8}, {<<192, 128>>, utf8},
     {<<244, 144, 128, 128>>, utf8}, {<<240>>, utf8}, {<<240, 40>>, utf8}, {[], utf8}, {<<>>, utf8}, {[955, <<"x">>], utf8}, {<<216, 61, 222, 0>>, utf16}].

terms() ->
    [a, 'ä', '', [], [1, 2, 3], "abc", [1, 2 | 3], [1, 300], [a, b], {}, {a, {b, [c]}}, 0, 255, 256, -1, 1 bsl 31, -(1 bsl 31), -(1 bsl 31) - 1, 1 bsl 59, 1 bsl 60, 1 bsl 63, 1 bsl 64, -(1 bsl 70),
     1 bsl 2100, 1.5, -0.5, 1.0e300, <<>>, <<"abc">>, <<1:3>>, <<1, 2:2>>, #{}, #{a => 1, "b" => [x]}, fun lists:map/2, binary:copy(<<"x">>, 100), erlang:make_tuple(300, x), {[{}], #{k => <<1>>}}].

broken() ->
    [<<>>, <<131>>, <<131, 104, 2, 97, 1>>, <<131, 108, 255, 255, 255, 255, 97, 1, 106>>, <<131, 109, 0, 0, 0, 9, 1>>, <<131, 116, 0, 0, 0, 2, 97, 1, 97, 1, 97, 1, 97, 2>>, <<131, 70, 127, 240, 0, 0, 0, 0, 0, 0>>,
     <<131, 119, 1, 255>>, <<131, 200>>, <<130, 97, 1>>, <<131, 107, 0, 2, 1>>, <<131, 110, 9, 0, 1>>, <<131, 77, 0, 0, 0, 1, 9, 1>>, <<131, 80, 0, 0, 0, 9, 1, 2>>].

numbered([], _) -> [];
numbered([X | Xs], N) -> [{N, X} | numbered(Xs, N + 1)].

seq(N, M) when N > M -> [];
seq(N, M) -> [N | seq(N + 1, M)].
