%% Constants and values of the wrong type, in all places.
-module(warn_everywhere).
-compile([export_all, nowarn_export_all, nowarn_unused_vars]).
-record(r, {a, b = 1}).
f1(X, Y) -> begin maps:get(a, #{a => 1}) end, ok.
f2(X, Y) -> [length([1]) | X], ok.
f3(X, Y) -> #r{a = is_atom(a)}, ok.
f4(X, Y) -> (throw(x))#{a := 1}, ok.
f5(X, Y) -> Z = [1] ++ Y, ok.
f6(X, Y) -> [maps:get(a, #{a => 1}) || Z <- X], ok.
f7(X, Y) -> X#{a => atom_to_list(foo)}, ok.
f8(X, Y) -> [max(1, 2) || Z <- X], ok.
f9(X, Y) -> {a, math:pi()}, ok.
f10(X, Y) -> _ = 1 / 0, ok.
f11(X, Y) -> length({X, 1}).
f12(X, Y) -> _ = hd([]), ok.
f13(X, Y) -> try X after math:sqrt(-1) end.
f14(X, Y) -> (catch (<<>>) + 1).
f15(X, Y) -> <<1:3>> + 1.
f16(X, Y) -> 1 + <<1:3>>.
f17(X, Y) -> Z = {X, 1}, Z(X).
f18(X, Y) -> apply(false, [X]).
f19(X, Y) -> apply([], [X]).
f20(X, Y) -> Z = <<>>, Z(X).
f21(X, Y) -> X#{a => #{a => X}}, ok.
f22(X, Y) -> X#{a => fun m:f/1}, ok.
f23(X, Y) -> [1 + 2 | X], ok.
f24(X, Y) -> #{a => 1 =:= 2}, ok.
f25(X, Y) -> X >= if X -> 1; true -> 2 end, ok.
f26(X, Y) -> [_] = [case X of 1 -> {a}; 2 -> {b} end], ok.
f27(X, Y) -> is_list(case X of 1 -> {a}; 2 -> {b} end), ok.
f28(X, Y) -> {a, [1] ++ Y}, ok.
f29(X, Y) -> <<1>> * 1.5.
f30(X, Y) -> atom_to_list(foo) div 0.
f31(X, Y) -> atom_to_list(foo) rem 2.
f32(X, Y) -> fun m:f/1 band 7.
f33(X, Y) -> <<1>> bsl 1.
f34(X, Y) -> -(<<1>>).
f35(X, Y) -> bnot (<<>>).
f36(X, Y) -> <<>> ++ [a].
f37(X, Y) -> not (fun m:f/1).
f38(X, Y) -> not (math:pi()).
f39(X, Y) -> not (<<1>>).
f40(X, Y) -> <<1>> xor true.
f41(X, Y) -> [_] = [X + 1], ok.
f42(X, Y) -> [_] = [1 / 0], ok.
f43(X, Y) -> X >= length(a), ok.
f44(X, Y) -> is_list(self()), ok.
f45(X, Y) -> is_list(not X), ok.
f46(X, Y) -> is_list(is_atom(X)), ok.
f47(X, Y) -> X >= X#r{a = 1}, ok.
f48(X, Y) -> X >= X ++ Y, ok.
f49(X, Y) -> is_list(hd([])), ok.
f50(X, Y) -> X >= element(3, {X, Y}), ok.
f51(X, Y) -> [_] = [make_ref()], ok.
f52(X, Y) -> [_] = [tuple_to_list({X})], ok.
f53(X, Y) -> X >= math:sqrt(-1), ok.
f54(X, Y) -> [_] = [binary_to_atom(X)], ok.
f55(X, Y) -> <<A1, B1/binary>> = not X, ok.
f56(X, Y) -> try [1] ++ Y of a -> 1; _ -> 2 catch error:b -> 1; _ -> 3 end.
f57(X, Y) -> try X =:= 1 of {A1, B1} -> A1 catch _:_ -> 1 end.
f58(X, Y) -> case [1] ++ Y of {A1, B1} -> A1; [A1 | B1] -> B1; _ -> X end.
f59(X, Y) -> case fun m:f/1 of <<A1>> -> A1; <<_/binary>> -> 1 end.
f60(X, Y) -> (fun({A1}) -> A1 end)({a, b}), ok.
f61(X, Y) -> (fun({A1}) -> A1 end)(foo), ok.
f62(X, Y) -> case [1] ++ Y of 1 -> 1; 1.5 -> 2 end.
f63(X, Y) -> if X =:= <<(foo)>> -> 1; true -> 2 end.
f64(X, Y) -> case <<>> of A1 when is_atom(A1) -> 1; A1 when A1 > 1 -> 2 end.
f65(X, Y) -> if X =:= <<(1.5)>> -> 1; true -> 2 end.
f66(X, Y) -> case [math:pi()] of [a] -> 1; [_] -> 2; _ -> 3 end.
f67(X, Y) -> (<<1>>):foo(X).
f68(X, Y) -> (atom_to_list(foo)):foo(X).
f69(X, Y) -> (math:pi()):foo(X).
f70(X, Y) -> ([X])#{a := 1}, ok.
f71(X, Y) -> (#r{a = X})#{a := 1}.
f72(X, Y) -> (#r{a = X})#{a := 1}, ok.
f73(X, Y) -> (atom_to_list(foo))#{a := 1}.
f74(X, Y) -> (math:pi())#{a => 1}.
f75(X, Y) -> (fun m:f/1)#{a := 1}, ok.
f76(X, Y) -> #{(-1) => -1, (-1) => 2}.
f77(X, Y) -> #{(<<>>) => <<>>, (<<>>) => 2}.
f78(X, Y) -> #{(<<1>>) => <<1>>, (<<1>>) => 2}.
f79(X, Y) -> #{(<<1:3>>) => <<1:3>>, (<<1:3>>) => 2}.
f80(X, Y) -> #{(#r{}) => #r{}, (#r{}) => 2}.
f81(X, Y) -> #{(#r.a) => #r.a, (#r.a) => 2}.
f82(X, Y) -> foo = ({C, D} = X).
f83(X, Y) -> ([X])#r{a = 1}, ok.
f84(X, Y) -> (atom_to_list(foo))#r{a = 1}, ok.
f85(X, Y) -> (error(x))#r{a = 1}, ok.
f86(X, Y) -> <<X:({X, 1})/binary>>.
f87(X, Y) -> <<X:([X | Y])/binary>>.
f88(X, Y) -> << ({X, 1}) || Z <- X >>.
f89(X, Y) -> <<(1 =:= 2)>>.
f90(X, Y) -> << <<(1 =:= 2)/binary>> || Z <- X >>, ok.
f91(X, Y) -> <<(1 =:= 2):4>>.
f92(X, Y) -> <<(<<1:3>>)>>, ok.
f93(X, Y) -> <<(1 =:= 2)>>, ok.
f94(X, Y) -> <<(<<>>):8/bitstring>>.
f95(X, Y) -> <<(1 =:= 2)/utf8>>.
f96(X, Y) -> <<X:(atom_to_list(foo))>>.
f97(X, Y) -> <<X:(fun m:f/1)/binary>>.
f98(X, Y) -> << <<1:(fun m:f/1)>> || Z <- X >>.
f99(X, Y) -> <<X:(1 =:= 2)/binary>>.
f100(X, Y) -> {{A1}, B1} = {<<>>, X}.
f101(X, Y) -> (fun({A1}) -> A1 end)(#r{a = X}), ok.
f102(X, Y) -> [Z || Z <- X, length([1]), Y].
f103(X, Y) -> [Z || Z <- X, {}, Z > 1].
f104(X, Y) -> [Z || Z <- X, "abc", Y].
f105(X, Y) -> [X || not true].
f106(X, Y) -> [X || $a].
f107(X, Y) -> [X || 1.5].
f108(X, Y) -> if <<>> -> 1 end.
f109(X, Y) -> [X || <<1>>].
f110(X, Y) -> << <<1>> || <<>> >>.
f111(X, Y) -> [-1 || Z <- X], ok.
f112(X, Y) -> #r{} = ({C, D} = X), ok.
f113(X, Y) -> {a, A1} = {b, atom_to_list(foo)}.
f114(X, Y) -> is_list(X =:= 1), ok.
f115(X, Y) -> {A1, B1} = C1 = [X].
f116(X, Y) -> if (1.5)#r.a =:= 1 -> 1; true -> 2 end.
f117(X, Y) -> if (foo)#r.a =:= 1 -> 1; true -> 2 end.
f118(X, Y) -> if (abs(-1))#r.a =:= 1 -> 1; true -> 2 end.
f119(X, Y) -> if hd(<<>>) =:= a -> 1; true -> 2 end.
f120(X, Y) -> tl(math:pi()), ok.
f121(X, Y) -> length(<<1>>).
f122(X, Y) -> length(math:pi()).
f123(X, Y) -> length([a | <<>>]).
f124(X, Y) -> tuple_size(atom_to_list(foo)).
f125(X, Y) -> byte_size(fun m:f/1).
f126(X, Y) -> bit_size(fun m:f/1).
f127(X, Y) -> size(math:pi()).
f128(X, Y) -> setelement(1, <<1>>, x).
f129(X, Y) -> atom_to_list(math:pi()).
f130(X, Y) -> list_to_tuple(<<1:3>>).
f131(X, Y) -> abs(fun m:f/1).
f132(X, Y) -> float(<<1>>).
f133(X, Y) -> round(<<>>).
f134(X, Y) -> is_map_key(a, <<1>>).
f135(X, Y) -> if map_get(a, <<1>>) -> 1; true -> 2 end.
f136(X, Y) -> maps:get(a, fun m:f/1).
f137(X, Y) -> maps:get(a, atom_to_list(foo)).
f138(X, Y) -> maps:get(a, math:pi()).
f139(X, Y) -> math:sqrt(atom_to_list(foo)).
f140(X, Y) -> list_to_integer(<<1:3>>).
f141(X, Y) -> binary_to_list(atom_to_list(foo)).
f142(X, Y) -> integer_to_list(fun m:f/1).
f143(X, Y) -> [Z || Z <- X, float(a)].
f144(X, Y) -> receive Z when float(a) -> Z end.
f145(X, Y) -> if not ([]) -> 1; true -> 2 end.
f146(X, Y) -> if not (1) -> 1; true -> 2 end.
f147(X, Y) -> [Z || Z <- X, not (#{a => 1})].
f148(X, Y) -> if float(a); X -> 1; true -> 2 end.
f149(X, Y) -> if X =:= <<([X])>> -> 1; true -> 2 end.
f150(X, Y) -> if X =:= (<<>>)#{a => 1} -> 1; true -> 2 end.
f151(X, Y) -> case X of {Z} when float(a), Z -> Z; _ when float(a) -> Y end.
