%% 0.0 and -0.0 in constants: equal terms of a module are one, ways of a choice that do the same are one
-module(flt_zero_constants).
-export([main/0, id/1, tuple1/0, tuple2/0, nested/0, list1/0, list2/0, map1/0, map2/0, plain1/0, plain2/0,
         way/1, way_back/1, way_number/1, way_tuple/1, way_call/1, way_value/1, way_later/1, built/1, built_cons/1,
         built_between/1, product/1, product_call/1, head/1, element_of/2, arity/1, match/1, compare/1]).

main() ->
    p("plain", [plain1(), plain2()]),
    p("tuple", [tuple1(), tuple2(), nested()]),
    p("list", [list1(), list2()]),
    p("map", [map1(), map2()]),
    p("way", [way(a), way(b), way(c)]),
    p("way_back", [way_back(b), way_back(a)]),
    p("way_number", [way_number(1), way_number(2)]),
    p("way_tuple", [way_tuple(1), way_tuple(2), way_tuple(3)]),
    p("way_call", [way_call(1), way_call(2), way_call(3)]),
    p("way_value", [way_value(a), way_value(b), way_value(c)]),
    p("way_later", [way_later(a), way_later(b), way_later(c)]),
    p("built", built(id(x))),
    p("built_cons", built_cons(id(x))),
    p("built_between", built_between(id(x))),
    p("product", product(id(1))),
    p("product_call", product_call(id(1))),
    p("head", [head([1]), head([])]),
    p("element_of", [element_of(a, 1), element_of(b, 2)]),
    p("arity", [arity({1}), arity({1, 2}), arity({1, 2, 3})]),
    p("match", [match(id(-0.0)), match(id(0.0))]),
    p("compare", [compare(id(-0.0)), compare(id(0.0))]).

p(What, Value) -> io:format("~s: ~w~n", [What, Value]).

id(X) -> X.

plain1() -> 0.0.
plain2() -> -0.0.

tuple1() -> {first, -0.0}.
tuple2() -> {first, 0.0}.
nested() -> {x, {first, [0.0]}}.

list1() -> [0.0, 1, two].
list2() -> [-0.0, 1, two].

map1() -> #{0.0 => a, b => 1}.
map2() -> #{-0.0 => a, b => 1}.

way(a) -> 0.0;
way(b) -> -0.0;
way(c) -> 1.0.

way_back(b) -> 0.0;
way_back(a) -> -0.0.

way_number(X) when X > 1 -> 0.0;
way_number(_) -> -0.0.

way_tuple(1) -> {t, -0.0};
way_tuple(2) -> {t, 0.0};
way_tuple(_) -> 1.

way_call(1) -> id(-0.0);
way_call(2) -> id(0.0);
way_call(_) -> x.

way_value(X) ->
    Y = case X of
            a -> 0.0;
            b -> -0.0;
            _ -> z
        end,
    {Y, X}.

way_later(X) ->
    Y = case X of
            a -> id(0.0);
            b -> id(-0.0);
            _ -> z
        end,
    {Y, X}.

built(X) ->
    A = {X, 0.0},
    B = {X, -0.0},
    [A, B].

built_cons(X) ->
    A = [X | -0.0],
    B = [X | 0.0],
    {A, B, A =:= B}.

built_between(X) ->
    A = {X, 0.0},
    id(X),
    B = {X, -0.0},
    [A, B].

product(X) ->
    A = X * 0.0,
    B = X * -0.0,
    [A, B].

product_call(X) ->
    A = X * 0.0,
    id(X),
    B = X * -0.0,
    [A, B].

head([_ | _]) -> 0.0;
head([]) -> -0.0.

element_of(X, Y) ->
    case X of
        a -> {Y, 0.0, [Y | 0.0]};
        b -> {Y, -0.0, [Y | -0.0]}
    end.

arity({_}) -> {n, 0.0};
arity({_, _}) -> {n, -0.0};
arity(_) -> {n, 0.0}.

match(0.0 = X) -> X;
match(_) -> no.

compare(X) when X =:= 0.0 -> {yes, X};
compare(_) -> no.
