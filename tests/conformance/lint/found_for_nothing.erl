-module(found_for_nothing).
-compile(export_all).
-compile(nowarn_export_all).
a() -> 1 = size(<<1:3>>).
b() -> 1 = byte_size(<<1:3>>).
c() -> 1 = bit_size(<<1:3>>).
d() -> 1 = size({}).
e(X) -> length([a | X]), ok.
f(X) -> [length([a | X]) | X], ok.
g(X) -> {length([a | X]), X}, ok.
h(X) -> X >= max(1, 2), ok.
i(X) -> max(1, 2), ok.
j(X) -> X >= (X andalso max(1, 2)), ok.
k() -> atom_to_list(math:sqrt(16#100000000000000000)).
l() -> atom_to_list(math:sqrt(2)), atom_to_list(math:pi()).
m() -> {a, fun() -> math:sqrt(-1) end}, ok.
n() -> fun() -> math:sqrt(-1) end, ok.
o() -> [fun() -> math:sqrt(-1) end], ok.
p(X) -> X < (X andalso 1 + 2), ok.
q(X) -> {X, case X of 1 -> abs(-1); _ -> X end}, ok.
r(X) -> {X, <<1, (fun() -> 1 + a end)>>}, ok.
s(X) -> #{a => fun() -> 1 + a end}, ok.
t(X) -> _ = fun() -> 1 + a end, ok.
u(X) -> Y = fun() -> 1 + a end, ok.
v(X) -> {1, X, [fun(Z) -> {Z}, 1 + a end]}, ok.
w(X) -> self() =:= fun() -> 1 + a end, ok.
x(X) -> tuple_size({fun() -> 1 + a end}), ok.
y(X) -> {a, math:sqrt(16#100000000000000000), max(1, 2), length([X])}, ok.
z(X) -> X > length([1,2|X]), ok.
a1(X) -> 1 = length([X]), 2 = length([X,X]), 3 = length([X|a]), [] = length(X).
a2(X) -> hd([1|X]) + a, tl([X]) + a, ok.
a3(X) -> 1 = tuple_size({X, X}), 2 = element(1, {3, X}), 5 = hd([4|X]).
a4(X) -> {[X], hd([4|X]), is_list([X]), is_tuple([X]), element(1, {X})}, ok.
a5(X) -> [] = tl([4|X]), 1 = map_size(#{a=>X}), ok.
a6(X) -> true = is_list([X]), false = is_tuple({X}), false = is_map(#{a=>X}), ok.
b_a(X) -> [fun() -> 1 + a end || _ <- X], ok.
b_b(X) -> [{fun() -> 1 + a end} || _ <- X], ok.
b_c(X) -> [max(1, 2) || _ <- X], ok.
b_d(X) -> [length([a | X]) || _ <- X], ok.
b_f(X) -> Y = case X of 1 -> max(1, 2); 2 -> length([1 | X]); 3 -> fun() -> a + 1 end; 4 -> 1 + 2; 5 -> {X}; 6 -> 1 + a; 7 -> self() end, ok.
b_g(X) -> {case X of 1 -> max(1, 2); 2 -> length([1 | X]); 3 -> fun() -> a + 1 end; 4 -> 1 + 2; 5 -> {X}; 6 -> 1 + a; 7 -> self() end}, ok.
b_h(X) -> Y = if X -> 1 + 2; true -> not true end, ok.
b_i(X) -> Y = begin X, 1 + 2 end, ok.
b_j(X) -> Y = try 1 + 2 catch _ -> 3 + 4 end, ok.
b_k(X) -> Y = receive 1 -> 3 + 4; 2 -> abs(-1) after 1 -> 2 + 3 end, ok.
b_l(X) -> Y = (fun(Z) -> Z + 1 end)(1), ok.
b_m(X) -> Y = fun b_l/1, Z = fun lists:map/2, ok.
b_n(X) -> {fun b_l/1, fun lists:map/2, fun F() -> F(), 1 + a end}, ok.
b_o(X) -> fun F() -> F(), 1 + a end, ok.
b_p(X) -> Y = X andalso (1 > 2), Z = X orelse (1 < 2), ok.
