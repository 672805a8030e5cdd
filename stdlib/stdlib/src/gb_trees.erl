%%% Dictionaries as general balanced trees (A. Andersson, General Balanced Trees, 1999).
%%%
%%% A tree is {Size, Node}; a node is nil or {Key, Value, Smaller, Bigger}. Nothing is stored for
%%% balance: an insertion that goes deeper than the size allows (2 ^ Height =< Size ^ 2) rebuilds
%%% the lowest subtree that is too deep. Deletion never makes a tree deeper. Keys compare with ==.
-module(gb_trees).

-export([empty/0, is_empty/1, size/1, lookup/2, get/2, insert/3, update/3, enter/3, delete/2,
         delete_any/2, take/2, take_any/2, balance/1, is_defined/2, keys/1, values/1, to_list/1,
         from_orddict/1, smallest/1, largest/1, take_smallest/1, take_largest/1, iterator/1,
         iterator_from/2, next/1, map/2]).

-compile({no_auto_import, [size/1, get/1]}).

%% @doc An empty tree.
empty() -> {0, nil}.

%% @doc Whether the tree has no keys.
is_empty({0, nil}) -> true;
is_empty(_) -> false.

%% @doc The number of keys.
size({Size, _}) when is_integer(Size), Size >= 0 -> Size.

%% @doc {value, Value} of a key, or none.
lookup(Key, {_, Node}) -> lookup_1(Key, Node).

lookup_1(Key, {K, _, Smaller, _}) when Key < K -> lookup_1(Key, Smaller);
lookup_1(Key, {K, _, _, Bigger}) when Key > K -> lookup_1(Key, Bigger);
lookup_1(_, {_, Value, _, _}) -> {value, Value};
lookup_1(_, nil) -> none.

%% @doc Whether the tree has a key.
is_defined(Key, {_, Node}) -> lookup_1(Key, Node) =/= none.

%% @doc The value of a key, which must be there.
get(Key, {_, Node}) -> get_1(Key, Node).

get_1(Key, {K, _, Smaller, _}) when Key < K -> get_1(Key, Smaller);
get_1(Key, {K, _, _, Bigger}) when Key > K -> get_1(Key, Bigger);
get_1(_, {_, Value, _, _}) -> Value.

%% @doc The tree with a new value for a key, which must be there.
update(Key, Value, {Size, Node}) -> {Size, update_1(Key, Value, Node)}.

update_1(Key, Value, {K, V, Smaller, Bigger}) when Key < K ->
    {K, V, update_1(Key, Value, Smaller), Bigger};
update_1(Key, Value, {K, V, Smaller, Bigger}) when Key > K ->
    {K, V, Smaller, update_1(Key, Value, Bigger)};
update_1(Key, Value, {_, _, Smaller, Bigger}) ->
    {Key, Value, Smaller, Bigger}.

%% @doc The tree with a new key; fails with {key_exists, Key} where it is there.
insert(Key, Value, {Size, Node}) when is_integer(Size) ->
    Size1 = Size + 1,
    {Size1, node_of(insert_1(Key, Value, Node, Size1 * Size1))}.

%% What an insertion makes is a node, or {deep, Node, TwoToHeight, Size} while a subtree that is
%% small enough for its height is sought. Budget is halved at every level; at 0 it is spent.
insert_1(Key, Value, nil, 0) ->
    {deep, {Key, Value, nil, nil}, 1, 1};
insert_1(Key, Value, nil, _) ->
    {Key, Value, nil, nil};
insert_1(Key, Value, {K, V, Smaller, Bigger}, Budget) when Key < K ->
    case insert_1(Key, Value, Smaller, Budget div 2) of
        {deep, Smaller1, Height1, Size1} ->
            {Height2, Size2} = measure(Bigger),
            grown({K, V, Smaller1, Bigger}, Height1, Height2, Size1 + Size2 + 1);
        Smaller1 ->
            {K, V, Smaller1, Bigger}
    end;
insert_1(Key, Value, {K, V, Smaller, Bigger}, Budget) when Key > K ->
    case insert_1(Key, Value, Bigger, Budget div 2) of
        {deep, Bigger1, Height1, Size1} ->
            {Height2, Size2} = measure(Smaller),
            grown({K, V, Smaller, Bigger1}, Height1, Height2, Size1 + Size2 + 1);
        Bigger1 ->
            {K, V, Smaller, Bigger1}
    end;
insert_1(Key, _, _, _) ->
    erlang:error({key_exists, Key}).

grown(Node, Height1, Height2, Size) ->
    Height = max(Height1, Height2) * 2,
    case Height > Size * Size of
        true -> balanced(Node, Size);
        false -> {deep, Node, Height, Size}
    end.

%% 2 ^ height, and the number of keys.
measure({_, _, nil, nil}) -> {1, 1};
measure({_, _, Smaller, Bigger}) ->
    {Height1, Size1} = measure(Smaller),
    {Height2, Size2} = measure(Bigger),
    {max(Height1, Height2) * 2, Size1 + Size2 + 1};
measure(nil) -> {1, 0}.

node_of({deep, Node, _, _}) -> Node;
node_of(Node) -> Node.

%% @doc The tree with a value for a key, new or not.
enter(Key, Value, Tree) ->
    case is_defined(Key, Tree) of
        true -> update(Key, Value, Tree);
        false -> insert(Key, Value, Tree)
    end.

%% @doc The tree rebuilt to the least height.
balance({Size, Node}) -> {Size, balanced(Node, Size)}.

balanced(Node, Size) -> build(pairs(Node, []), Size).

%% @doc The tree of a list of pairs in the order of their keys, without duplicates.
from_orddict(Pairs) ->
    Size = length(Pairs),
    {Size, build(Pairs, Size)}.

build(Pairs, Size) ->
    {Node, []} = build_1(Pairs, Size),
    Node.

%% A node of the first Size pairs, and the other pairs.
build_1([{Key, Value} | Pairs], 1) ->
    {{Key, Value, nil, nil}, Pairs};
build_1(Pairs, 0) ->
    {nil, Pairs};
build_1([{_, _} | _] = Pairs0, Size) ->
    Right = (Size - 1) div 2,
    {Smaller, [{Key, Value} | Pairs1]} = build_1(Pairs0, Size - 1 - Right),
    {Bigger, Pairs2} = build_1(Pairs1, Right),
    {{Key, Value, Smaller, Bigger}, Pairs2}.

%% @doc The tree without a key, which must be there.
delete(Key, {Size, Node}) when is_integer(Size), Size >= 0 ->
    {_, Node1} = take_1(Key, Node),
    {Size - 1, Node1}.

%% @doc The tree without a key.
delete_any(Key, Tree) ->
    case is_defined(Key, Tree) of
        true -> delete(Key, Tree);
        false -> Tree
    end.

%% @doc {Value, Rest} for a key, which must be there.
take(Key, {Size, Node}) when is_integer(Size), Size >= 0 ->
    {Value, Node1} = take_1(Key, Node),
    {Value, {Size - 1, Node1}}.

%% @doc {Value, Rest} for a key, or error.
take_any(Key, Tree) ->
    case is_defined(Key, Tree) of
        true -> take(Key, Tree);
        false -> error
    end.

take_1(Key, {K, V, Smaller, Bigger}) when Key < K ->
    {Value, Smaller1} = take_1(Key, Smaller),
    {Value, {K, V, Smaller1, Bigger}};
take_1(Key, {K, V, Smaller, Bigger}) when Key > K ->
    {Value, Bigger1} = take_1(Key, Bigger),
    {Value, {K, V, Smaller, Bigger1}};
take_1(_, {_, Value, Smaller, Bigger}) ->
    {Value, joined(Smaller, Bigger)}.

%% The root of two subtrees becomes the smallest key of the bigger one.
joined(Smaller, nil) -> Smaller;
joined(nil, Bigger) -> Bigger;
joined(Smaller, Bigger) ->
    {Key, Value, Bigger1} = take_smallest_1(Bigger),
    {Key, Value, Smaller, Bigger1}.

%% @doc {Key, Value, Rest} for the smallest key.
take_smallest({Size, Node}) when is_integer(Size), Size >= 0 ->
    {Key, Value, Node1} = take_smallest_1(Node),
    {Key, Value, {Size - 1, Node1}}.

take_smallest_1({Key, Value, nil, Bigger}) ->
    {Key, Value, Bigger};
take_smallest_1({K, V, Smaller, Bigger}) ->
    {Key, Value, Smaller1} = take_smallest_1(Smaller),
    {Key, Value, {K, V, Smaller1, Bigger}}.

%% @doc {Key, Value, Rest} for the largest key.
take_largest({Size, Node}) when is_integer(Size), Size >= 0 ->
    {Key, Value, Node1} = take_largest_1(Node),
    {Key, Value, {Size - 1, Node1}}.

take_largest_1({Key, Value, Smaller, nil}) ->
    {Key, Value, Smaller};
take_largest_1({K, V, Smaller, Bigger}) ->
    {Key, Value, Bigger1} = take_largest_1(Bigger),
    {Key, Value, {K, V, Smaller, Bigger1}}.

%% @doc {Key, Value} of the smallest key.
smallest({_, Node}) -> smallest_1(Node).

smallest_1({Key, Value, nil, _}) -> {Key, Value};
smallest_1({_, _, Smaller, _}) -> smallest_1(Smaller).

%% @doc {Key, Value} of the largest key.
largest({_, Node}) -> largest_1(Node).

largest_1({Key, Value, _, nil}) -> {Key, Value};
largest_1({_, _, _, Bigger}) -> largest_1(Bigger).

%% @doc The pairs in the order of the keys.
to_list({_, Node}) -> pairs(Node, []).

pairs({Key, Value, Smaller, Bigger}, Acc) -> pairs(Smaller, [{Key, Value} | pairs(Bigger, Acc)]);
pairs(nil, Acc) -> Acc.

%% @doc The keys in order.
keys({_, Node}) -> [Key || {Key, _} <- pairs(Node, [])].

%% @doc The values in the order of the keys.
values({_, Node}) -> [Value || {_, Value} <- pairs(Node, [])].

%% An iterator is a list of nodes: the keys to come are the first node's own and its bigger
%% subtree, then the next node's.

%% @doc An iterator over the pairs in the order of the keys.
iterator({_, Node}) -> down(Node, []).

down({_, _, nil, _} = Node, Nodes) -> [Node | Nodes];
down({_, _, Smaller, _} = Node, Nodes) -> down(Smaller, [Node | Nodes]);
down(nil, Nodes) -> Nodes.

%% @doc An iterator that begins at the first key not smaller than Key.
iterator_from(Key, {_, Node}) -> down_from(Key, Node, []).

down_from(Key, {K, _, _, Bigger}, Nodes) when K < Key -> down_from(Key, Bigger, Nodes);
down_from(Key, {K, _, _, _} = Node, Nodes) when K == Key -> [Node | Nodes];
down_from(Key, {_, _, Smaller, _} = Node, Nodes) -> down_from(Key, Smaller, [Node | Nodes]);
down_from(_, nil, Nodes) -> Nodes.

%% @doc {Key, Value, Iterator}, or none at the end.
next([{Key, Value, _, Bigger} | Nodes]) -> {Key, Value, down(Bigger, Nodes)};
next([]) -> none.

%% @doc The tree with Fun(Key, Value) as values.
map(Fun, {Size, Node}) when is_function(Fun, 2) -> {Size, map_1(Fun, Node)}.

map_1(_, nil) -> nil;
map_1(Fun, {Key, Value, Smaller, Bigger}) ->
    {Key, Fun(Key, Value), map_1(Fun, Smaller), map_1(Fun, Bigger)}.
