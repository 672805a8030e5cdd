%% Functions of Erlang with constants that they cannot take, and results that nobody wants.
-module(failing_bifs). -compile([export_all,nowarn_export_all]).
a1(X) -> {X, binary_part(<<1,2,3>>,1,2)}.
a2(X) -> {X, binary_part(<<1,2,3>>,3,-2)}.
a3(X) -> {X, binary_part(<<1,2,3>>,2,2)}.
a4(X) -> {X, binary_part(<<1,2,3>>,{0,3})}.
a5(X) -> {X, case binary_part(<<1,2,3>>,{0,2}) of <<1>> -> 1; <<1,2>> -> 2 end}.
a6(X) -> {X, binary_part(<<1,2,3:3>>,{0,2})}.
a7(X) -> {X, erlang:binary_to_list(<<1,2,3>>,1,3)}.
a8(X) -> {X, erlang:binary_to_list(<<1,2,3>>,0,3)}.
a9(X) -> {X, erlang:binary_to_list(<<1,2,3>>,3,2)}.
b1(X) -> {X, erlang:binary_to_list(<<1,2,3>>,3,4)}.
b2(X) -> {X, erlang:binary_to_list(<<>>,1,0)}.
b3(X) -> {X, is_record({a,1},a,2)}.
b4(X) -> {X, case is_record({a,1},a,3) of true -> 1; false -> 2 end}.
b5(X) -> {X, is_record({a,1},a,-1)}.
b6(X) -> {X, is_record({a,1},a,x)}.
b7(X) -> {X, is_record(X,a,x)}.
b8(X) -> {X, is_record(X,1,1)}.
b9(X) -> {X, list_to_integer("ff",16)}.
c1(X) -> {X, list_to_integer("fg",16)}.
c2(X) -> {X, list_to_integer("-ff",16)}.
c3(X) -> {X, list_to_integer("ff",37)}.
c4(X) -> {X, list_to_integer("",10)}.
c5(X) -> {X, binary_to_atom(<<"a">>,utf8)}.
c6(X) -> {X, binary_to_atom(<<"a">>,foo)}.
c7(X) -> {X, atom_to_binary(a,latin1)}.
c8(X) -> {X, atom_to_binary('日本',latin1)}.
c9(X) -> {X, list_to_pid("<0.1.0>")}.
d1(X) -> {X, list_to_pid("<0.1>")}.
d2(X) -> {X, fun a:b/1}.
d3(X) -> {X, fun a:b/X}.
d4(X) -> {X, erlang:make_fun(a,b,256)}.
d5(X) -> {X, erlang:make_fun(a,b,c)}.
d6(X) -> Y = 3, {X, fun a:b/Y}.
d7(X) -> Y = z, {X, fun a:b/Y}.
d8(X) -> maps:get(a,#{a=>1}), X.
d9(X) -> maps:is_key(a,X), X.
e2(X) -> {X, list_to_atom([a])}.
e3(X) -> {X, list_to_atom([])}.
e4(X) -> {X, list_to_atom([1|2])}.
e5(X) -> {X, binary_to_atom(<<255>>, utf8)}.
e6(X) -> {X, list_to_integer("1",2.0)}.
e7(X) -> {X, list_to_integer([$1|x],10)}.
e8(X) -> {X, list_to_integer("+1")}.
e9(X) -> {X, list_to_integer("1_0")}.
