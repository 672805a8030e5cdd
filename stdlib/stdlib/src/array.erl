%%% Arrays: functional, growing or of a fixed size, with a default for what was never set.
%%%
%%% An array is {array, Size, Capacity, Default, Tree}; Capacity is 0 where the size is fixed, or
%%% else the number of entries that the tree has room for. A leaf is a tuple of 10 values, a node
%%% a tuple of 10 subtrees and, last, the capacity of each; a subtree that was never set is the
%%% number of its entries. Positions count from 0.
-module(array).

-export([new/0, new/1, new/2, is_array/1, set/3, get/2, size/1, sparse_size/1, default/1,
         reset/2, to_list/1, sparse_to_list/1, from_list/1, from_list/2, to_orddict/1,
         sparse_to_orddict/1, from_orddict/1, from_orddict/2, map/2, sparse_map/2, foldl/3,
         foldr/3, sparse_foldl/3, sparse_foldr/3, fix/1, relax/1, is_fix/1, resize/1, resize/2]).

-compile({no_auto_import, [get/2, size/1]}).

-define(LEAF, 10).
%% A node has this place after its ten subtrees, for the capacity of each.
-define(CAPACITY, 11).

-record(array, {size = 0, max = ?LEAF, default, tree = ?LEAF}).

%% @doc An empty array that grows.
new() -> #array{}.

%% @doc An array by options: a size, {size, N}, fixed, {fixed, Boolean}, {default, Value}. A size
%% makes it fixed, unless said otherwise.
new(Option) when not is_list(Option) ->
    new([Option]);
new(Options) ->
    case options(Options, {0, false, undefined}) of
        {Size, Fixed, Default} -> new(Size, Fixed, Default);
        bad -> erlang:error(badarg)
    end.

%% @doc An array of a size, by further options.
new(Size, Option) when not is_list(Option) ->
    new(Size, [Option]);
new(Size, Options) when is_integer(Size), Size >= 0 ->
    case options(Options, {Size, true, undefined}) of
        {Size1, Fixed, Default} -> new(Size1, Fixed, Default);
        bad -> erlang:error(badarg)
    end;
new(_Size, _Options) ->
    erlang:error(badarg).

options([Option | Options], State) ->
    case option(Option, State) of
        bad -> bad;
        State1 -> options(Options, State1)
    end;
options([], State) -> State;
options(_, _) -> bad.

option(fixed, {Size, _, Default}) -> {Size, true, Default};
option({fixed, Fixed}, {Size, _, Default}) when is_boolean(Fixed) -> {Size, Fixed, Default};
option({default, Default}, {Size, Fixed, _}) -> {Size, Fixed, Default};
option({size, Size}, {_, _, Default}) when is_integer(Size), Size >= 0 -> {Size, true, Default};
option(Size, {_, _, Default}) when is_integer(Size), Size >= 0 -> {Size, true, Default};
option(_, _) -> bad.

new(Size, Fixed, Default) ->
    Capacity = capacity_for(Size, ?LEAF),
    #array{size = Size, max = if Fixed -> 0; true -> Capacity end, default = Default,
           tree = Capacity}.

capacity_for(Size, Capacity) when Capacity >= Size -> Capacity;
capacity_for(Size, Capacity) -> capacity_for(Size, Capacity * ?LEAF).

capacity(Tree) when is_integer(Tree) -> Tree;
capacity(Tree) when tuple_size(Tree) =:= ?LEAF -> ?LEAF;
capacity(Tree) -> element(?CAPACITY, Tree) * ?LEAF.

%% @doc Whether a term looks like an array.
is_array(#array{size = Size, max = Max}) -> is_integer(Size) andalso is_integer(Max);
is_array(_) -> false.

%% @doc The number of entries.
size(#array{size = Size}) -> Size;
size(_Array) -> erlang:error(badarg).

%% @doc The default value.
default(#array{default = Default}) -> Default;
default(_Array) -> erlang:error(badarg).

%% @doc The array with its size fixed.
fix(#array{} = Array) -> Array#array{max = 0}.

%% @doc Whether the size is fixed.
is_fix(#array{max = 0}) -> true;
is_fix(#array{}) -> false.

%% @doc The array made to grow.
relax(#array{size = Size, tree = Tree} = Array) when Size > 0 -> Array#array{max = capacity(Tree)};
relax(#array{} = Array) -> Array#array{max = ?LEAF}.

%% @doc The array with another size.
resize(Size, #array{max = Max, tree = Tree} = Array) when is_integer(Size), Size >= 0 ->
    Tree1 = grown(Tree, Size),
    Array#array{size = Size, tree = Tree1, max = if Max > 0 -> capacity(Tree1); true -> 0 end};
resize(_Size, _Array) -> erlang:error(badarg).

%% @doc The array with its size cut after the last entry that is not the default.
resize(Array) -> resize(sparse_size(Array), Array).

%% A tree with room for so many entries.
grown(Tree, Size) ->
    case capacity(Tree) of
        Capacity when Capacity >= Size -> Tree;
        Capacity when is_integer(Tree) -> capacity_for(Size, Capacity);
        Capacity -> grown(setelement(1, unset_node(Capacity), Tree), Size)
    end.

unset_node(Capacity) -> erlang:make_tuple(?CAPACITY, Capacity).

%% @doc The value at a position.
get(I, #array{size = Size, max = Max, default = Default, tree = Tree}) when is_integer(I), I >= 0 ->
    if
        I < Size -> get_1(I, Tree, Default);
        Max > 0 -> Default;
        true -> erlang:error(badarg)
    end;
get(_I, _Array) ->
    erlang:error(badarg).

get_1(_, Tree, Default) when is_integer(Tree) -> Default;
get_1(I, Tree, _) when tuple_size(Tree) =:= ?LEAF -> element(I + 1, Tree);
get_1(I, Tree, Default) ->
    Capacity = element(?CAPACITY, Tree),
    get_1(I rem Capacity, element(I div Capacity + 1, Tree), Default).

%% @doc The array with a value at a position.
set(I, Value, #array{size = Size, max = Max, default = Default, tree = Tree} = Array)
  when is_integer(I), I >= 0 ->
    if
        I < Size ->
            Array#array{tree = set_1(I, Tree, Value, Default)};
        Max > 0 ->
            Tree1 = grown(Tree, I + 1),
            Array#array{size = I + 1, max = capacity(Tree1),
                        tree = set_1(I, Tree1, Value, Default)};
        true ->
            erlang:error(badarg)
    end;
set(_I, _Value, _Array) ->
    erlang:error(badarg).

set_1(I, ?LEAF, Value, Default) ->
    setelement(I + 1, erlang:make_tuple(?LEAF, Default), Value);
set_1(I, Tree, Value, Default) when is_integer(Tree) ->
    set_1(I, unset_node(Tree div ?LEAF), Value, Default);
set_1(I, Tree, Value, _) when tuple_size(Tree) =:= ?LEAF ->
    setelement(I + 1, Tree, Value);
set_1(I, Tree, Value, Default) ->
    Capacity = element(?CAPACITY, Tree),
    At = I div Capacity + 1,
    setelement(At, Tree, set_1(I rem Capacity, element(At, Tree), Value, Default)).

%% @doc The array with the default at a position.
reset(I, #array{size = Size, max = Max, default = Default, tree = Tree} = Array)
  when is_integer(I), I >= 0 ->
    if
        I < Size ->
            case get_1(I, Tree, Default) of
                Default -> Array;
                _ -> Array#array{tree = set_1(I, Tree, Default, Default)}
            end;
        Max > 0 -> Array;
        true -> erlang:error(badarg)
    end;
reset(_I, _Array) ->
    erlang:error(badarg).

%% Folding. A fold visits pairs of position and value; subtrees that were never set are passed over
%% where Sparse is true.

fold_up(Fun, Acc, I, Size, _, _, _) when I >= Size, is_function(Fun) -> Acc;
fold_up(_, Acc, _, _, Tree, _, true) when is_integer(Tree) -> Acc;
fold_up(Fun, Acc, I, Size, ?LEAF, Default, Sparse) ->
    fold_up(Fun, Acc, I, Size, erlang:make_tuple(?LEAF, Default), Default, Sparse);
fold_up(Fun, Acc, I, Size, Tree, Default, Sparse) when is_integer(Tree) ->
    fold_up(Fun, Acc, I, Size, unset_node(Tree div ?LEAF), Default, Sparse);
fold_up(Fun, Acc, I, Size, Tree, Default, Sparse) when tuple_size(Tree) =:= ?LEAF ->
    leaf_up(Fun, Acc, I, min(Size - I, ?LEAF), 1, Tree, Default, Sparse);
fold_up(Fun, Acc, I, Size, Tree, Default, Sparse) ->
    Capacity = element(?CAPACITY, Tree),
    {Acc1, _} = lists:foldl(fun(At, {Acc0, I0}) ->
                                    {fold_up(Fun, Acc0, I0, Size, element(At, Tree), Default, Sparse),
                                     I0 + Capacity}
                            end, {Acc, I}, lists:seq(1, ?LEAF)),
    Acc1.

leaf_up(_, Acc, _, Count, At, _, _, _) when At > Count -> Acc;
leaf_up(Fun, Acc, I, Count, At, Leaf, Default, Sparse) ->
    Acc1 = case element(At, Leaf) of
               Default when Sparse -> Acc;
               Value -> Fun(I, Value, Acc)
           end,
    leaf_up(Fun, Acc1, I + 1, Count, At + 1, Leaf, Default, Sparse).

fold_down(_, Acc, I, Size, _, _, _) when I >= Size -> Acc;
fold_down(_, Acc, _, _, Tree, _, true) when is_integer(Tree) -> Acc;
fold_down(Fun, Acc, I, Size, ?LEAF, Default, Sparse) ->
    fold_down(Fun, Acc, I, Size, erlang:make_tuple(?LEAF, Default), Default, Sparse);
fold_down(Fun, Acc, I, Size, Tree, Default, Sparse) when is_integer(Tree) ->
    fold_down(Fun, Acc, I, Size, unset_node(Tree div ?LEAF), Default, Sparse);
fold_down(Fun, Acc, I, Size, Tree, Default, Sparse) when tuple_size(Tree) =:= ?LEAF ->
    leaf_down(Fun, Acc, I, min(Size - I, ?LEAF), Tree, Default, Sparse);
fold_down(Fun, Acc, I, Size, Tree, Default, Sparse) ->
    Capacity = element(?CAPACITY, Tree),
    lists:foldr(fun(At, Acc0) ->
                        fold_down(Fun, Acc0, I + (At - 1) * Capacity, Size, element(At, Tree),
                                  Default, Sparse)
                end, Acc, lists:seq(1, ?LEAF)).

leaf_down(_, Acc, _, 0, _, _, _) -> Acc;
leaf_down(Fun, Acc, I, At, Leaf, Default, Sparse) ->
    Acc1 = case element(At, Leaf) of
               Default when Sparse -> Acc;
               Value -> Fun(I + At - 1, Value, Acc)
           end,
    leaf_down(Fun, Acc1, I, At - 1, Leaf, Default, Sparse).

%% @doc Folds over all entries from the first: Fun(Position, Value, Acc).
foldl(Fun, Acc, #array{size = Size, default = Default, tree = Tree}) when is_function(Fun, 3) ->
    fold_up(Fun, Acc, 0, Size, Tree, Default, false);
foldl(_Fun, _Acc, _Array) -> erlang:error(badarg).

%% @doc Folds over all entries from the last: Fun(Position, Value, Acc).
foldr(Fun, Acc, #array{size = Size, default = Default, tree = Tree}) when is_function(Fun, 3) ->
    fold_down(Fun, Acc, 0, Size, Tree, Default, false);
foldr(_Fun, _Acc, _Array) -> erlang:error(badarg).

%% @doc As foldl/3, passing over default values.
sparse_foldl(Fun, Acc, #array{size = Size, default = Default, tree = Tree}) when is_function(Fun, 3) ->
    fold_up(Fun, Acc, 0, Size, Tree, Default, true);
sparse_foldl(_Fun, _Acc, _Array) -> erlang:error(badarg).

%% @doc As foldr/3, passing over default values.
sparse_foldr(Fun, Acc, #array{size = Size, default = Default, tree = Tree}) when is_function(Fun, 3) ->
    fold_down(Fun, Acc, 0, Size, Tree, Default, true);
sparse_foldr(_Fun, _Acc, _Array) -> erlang:error(badarg).

%% @doc The number of entries up to the last that is not the default.
sparse_size(#array{} = Array) ->
    try
        sparse_foldr(fun(I, _, _) -> throw({last, I}) end, 0, Array)
    catch
        {last, I} -> I + 1
    end;
sparse_size(_Array) -> erlang:error(badarg).

%% @doc All values.
to_list(#array{} = Array) -> foldr(fun(_, Value, Acc) -> [Value | Acc] end, [], Array);
to_list(_Array) -> erlang:error(badarg).

%% @doc The values that are not the default.
sparse_to_list(#array{} = Array) -> sparse_foldr(fun(_, Value, Acc) -> [Value | Acc] end, [], Array);
sparse_to_list(_Array) -> erlang:error(badarg).

%% @doc All pairs of position and value.
to_orddict(#array{} = Array) -> foldr(fun(I, Value, Acc) -> [{I, Value} | Acc] end, [], Array);
to_orddict(_Array) -> erlang:error(badarg).

%% @doc The pairs of position and value that are not the default.
sparse_to_orddict(#array{} = Array) ->
    sparse_foldr(fun(I, Value, Acc) -> [{I, Value} | Acc] end, [], Array);
sparse_to_orddict(_Array) -> erlang:error(badarg).

%% @doc The array of a list of values.
from_list(List) -> from_list(List, undefined).

%% @doc The array of a list of values, with a default.
from_list(List, Default) when is_list(List) ->
    from_pairs(positions(List, 0), Default);
from_list(_List, _Default) ->
    erlang:error(badarg).

positions([Value | List], I) -> [{I, Value} | positions(List, I + 1)];
positions([], _) -> [];
positions(_, _) -> erlang:error(badarg).

%% @doc The array of pairs of position and value, in order.
from_orddict(Pairs) -> from_orddict(Pairs, undefined).

%% @doc As from_orddict/1, with a default.
from_orddict(Pairs, Default) when is_list(Pairs) ->
    case disorder(Pairs, -1) of
        [] -> from_pairs(Pairs, Default);
        Rest -> erlang:error({badarg, Rest}, [Pairs, Default])
    end;
from_orddict(_Pairs, _Default) ->
    erlang:error(badarg).

%% The pairs from the first that is not in order.
disorder([{I, _} | Pairs], Last) when is_integer(I), I > Last -> disorder(Pairs, I);
disorder(Rest, _) -> Rest.

from_pairs(Pairs, Default) ->
    {_, Result} = lists:foldl(fun({I, Value}, {Last, Array}) -> {I, set(I, Value, filled(I, Last, Array))} end,
                              {-1, #array{default = Default}}, Pairs),
    Result.

%% As in OTP, leaves without values are left out, except for one alone right before the first position of another.
filled(I, Last, Array) when (Last + ?LEAF) div ?LEAF * ?LEAF =:= I - ?LEAF ->
    set(I - ?LEAF, Array#array.default, Array);
filled(_, _, Array) ->
    Array.

%% @doc The array with Fun(Position, Value) as values.
map(Fun, #array{tree = Tree} = Array) when is_function(Fun, 2) ->
    foldl(fun(I, Value, New) -> set(I, Fun(I, Value), New) end,
          Array#array{tree = capacity(Tree)}, Array);
map(_Fun, _Array) -> erlang:error(badarg).

%% @doc As map/2, passing over default values.
sparse_map(Fun, #array{} = Array) when is_function(Fun, 2) ->
    sparse_foldl(fun(I, Value, New) -> set(I, Fun(I, Value), New) end, Array, Array);
sparse_map(_Fun, _Array) -> erlang:error(badarg).
