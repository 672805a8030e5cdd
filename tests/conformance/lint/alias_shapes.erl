-module(alias_shapes).
-export([between/1, mixed/1, never/1, maps/1, tuples/1, lists/1, keys/1, unreached/0, exits/1, guarded/1]).

maps(F) ->
    case F of
        #{x := X} = #{y := Y} -> X + Y;
        #{x := X} -> X;
        #{y := 1} = #{x := 1} -> never
    end.

tuples({a, _} = {_, b}) -> 1;
tuples({a, _}) -> 2;
tuples({a, c} = {_, _}) -> 3.

lists([_ | T] = [1 | _]) -> T;
lists([_]) -> one;
lists([_ | _] = [_ | _]) -> more.

keys(M) ->
    1 = 2,
    {#{a => 1, a => 2}, M#{b := 1, b => 2}, fun(#{c := C}) -> #{C => 1, C => 2} end}.

unreached() ->
    case 1 of
        2 -> #{a => 1, a => 2};
        1 -> ok
    end.

exits(X) when false -> #{a => 1, a => X};
exits(X) -> exit(X), #{"k" => 1, "k" => 2}.

guarded(X) when X =:= #{a => 1, a => 2} -> X.

between(#{x := X, y := Y}) -> {X, Y};
between(#{x := X}) -> X;
between(#{x := 1, y := 1}) -> reached.

mixed(<<1>>) -> bits;
mixed(#{y := X}) -> X;
mixed(<<1>>) -> no;
mixed({_}) -> tuple;
mixed(#{y := 1}) -> no;
mixed(#{x := _}) -> map;
mixed(#{y := 2}) -> reached.

never(#{x := 1} = #{x := 2}) -> no;
never(#{x := {_, _}} = #{x := {_}}) -> no;
never({#{y := #{x := [a | _]}} = #{y := #{x := []}}}) -> no;
never(#{x := X} = #{x := 1}) -> X.
