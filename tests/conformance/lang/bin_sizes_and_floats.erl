%%% Floats too large for their segment, sizes that no machine word holds, utf32 after a way that failed, maps made
%%% in guards.
-module(bin_sizes_and_floats).
-export([main/0, get/3, build/2, utf/1, both/1, guard/2, empty/1]).

main() ->
    [io:format("~w ~w: ~p~n", [X, S, try ?MODULE:build(X, S) catch C:R -> {C, R} end])
     || X <- [-(1 bsl 128), 65536, 65504.0, 65519.9, 65520.0, -65520.0, 1.0e300, 1.0e5, 1 bsl 127, 1 bsl 1023, 3.4e38, 3.5e38,
              6.0e-8, 2.0e-8, -0.0, 1 bsl 1024],
        S <- [16, 32, 64, 8]],
    [io:format("~w ~w: ~p~n", [S, U, try ?MODULE:get(U, S, <<1, 2, 3, 4>>) catch C:R -> {C, R} end])
     || S <- [0, 1, -1, 1 bsl 56, 1 bsl 57, 1 bsl 58, (1 bsl 58) + 1, (1 bsl 59) - 1, 1 bsl 61, 1 bsl 64],
        U <- [1, 8, 32, 64, 256]],
    [io:format("~w: ~p ~p~n", [B, ?MODULE:utf(B), ?MODULE:both(B)])
     || B <- [<<"a"/utf32>>, <<"ab"/utf32>>, <<1, 16#110000:32>>, <<7, 97:32>>, <<16#D800:32, 1>>, <<1, 2>>, <<1.5/float, 9>>]],
    [io:format("~p ~p: ~p~n", [A, B, ?MODULE:guard(A, B)]) || A <- [1, #{}, #{a => 1}, #{b => 2}], B <- [a, b, #{a => 1}, #{b => 2}]],
    [io:format("~p: ~p~n", [X, try ?MODULE:empty(X) catch C:R -> {C, R} end]) || X <- [0, 1, 2, 3, 4]].

build(X, S) -> <<X:S/float>>.

get(1, S, B) -> case B of <<X:S/unit:1, _/bits>> -> X; _ -> no end;
get(8, S, B) -> case B of <<X:S/unit:8, _/bits>> -> X; _ -> no end;
get(32, S, B) -> case B of <<X:S/signed-unit:32, _/bits>> -> X; _ -> no end;
get(64, S, B) -> case B of <<X:S/little-unit:64, _/bits>> -> X; _ -> no end;
get(256, S, B) -> case B of <<X:S/binary-unit:256, _/bits>> -> X; _ -> no end.

utf(<<V:64/float, _, _/bits>>) -> {float, V};
utf(<<A, V/utf32, _/bits>>) -> {A, V};
utf(<<V/utf32>>) -> V;
utf(_) -> none.

both(<<A, V/utf32, R/bits>>) when A < 5; V =:= $a -> {R, V};
both(<<V/utf32, R/bits>>) -> {V, R};
both(R) -> R.

guard(A, B) when A#{a := 2} =:= #{a => 2}, is_atom(B) -> exact;
guard(A, B) when A#{b => 2} =:= #{b => 2}, #{B => 1} =:= #{a => 1} -> assoc;
guard(A, B) when #{a => A, B => 1} =:= #{a => 1} -> new;
guard(A, B) when B#{b => A} =:= #{a => 1, b => 1} -> second;
guard(A, B) when map_get(b, #{a => A, b => B}) =:= b -> got;
guard(_, _) -> none.

empty(0) -> {<<"":0>>, <<1:0, "":7/little>>};
empty(1) -> <<("")/bits>>;
empty(2) -> <<("")/binary, "">>;
empty(X) when <<("")/bits>> =:= <<>>; X =:= 3 -> <<(""):X>>;
empty(X) when <<"">> =:= X -> X;
empty(X) -> <<"":X/float>>.
