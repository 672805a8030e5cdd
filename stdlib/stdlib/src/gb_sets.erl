%%% Sets as general balanced trees; see gb_trees for the balancing.
%%%
%%% A set is {Size, Node}; a node is nil or {Elem, Smaller, Bigger}. Elements compare with ==.
-module(gb_sets).

-export([empty/0, new/0, is_empty/1, size/1, singleton/1, is_member/2, is_element/2, insert/2,
         add/2, add_element/2, delete/2, delete_any/2, del_element/2, balance/1, union/2, union/1,
         intersection/2, intersection/1, is_disjoint/2, difference/2, subtract/2, is_subset/2,
         to_list/1, from_list/1, from_ordset/1, is_set/1, smallest/1, largest/1,
         take_smallest/1, take_largest/1, iterator/1, iterator_from/2, next/1, filter/2, fold/3]).

-compile({no_auto_import, [size/1]}).

%% @doc An empty set.
empty() -> {0, nil}.

%% @doc An empty set.
new() -> empty().

%% @doc Whether the set has no elements.
is_empty({0, nil}) -> true;
is_empty(_) -> false.

%% @doc The number of elements.
size({Size, _}) -> Size.

%% @doc The set of one element.
singleton(Elem) -> {1, {Elem, nil, nil}}.

%% @doc Whether the set has an element.
is_member(Elem, {_, Node}) -> is_member_1(Elem, Node).

is_member_1(Elem, {E, Smaller, _}) when Elem < E -> is_member_1(Elem, Smaller);
is_member_1(Elem, {E, _, Bigger}) when Elem > E -> is_member_1(Elem, Bigger);
is_member_1(_, {_, _, _}) -> true;
is_member_1(_, nil) -> false.

%% @doc is_member/2.
is_element(Elem, Set) -> is_member(Elem, Set).

%% @doc The set with a new element; fails with {key_exists, Elem} where it is there.
insert(Elem, {Size, Node}) ->
    Size1 = Size + 1,
    {Size1, node_of(insert_1(Elem, Node, Size1 * Size1))}.

insert_1(Elem, nil, 0) ->
    {deep, {Elem, nil, nil}, 1, 1};
insert_1(Elem, nil, _) ->
    {Elem, nil, nil};
insert_1(Elem, {E, Smaller, Bigger}, Budget) when Elem < E ->
    case insert_1(Elem, Smaller, Budget div 2) of
        {deep, Smaller1, Height1, Size1} ->
            {Height2, Size2} = measure(Bigger),
            grown({E, Smaller1, Bigger}, Height1, Height2, Size1 + Size2 + 1);
        Smaller1 ->
            {E, Smaller1, Bigger}
    end;
insert_1(Elem, {E, Smaller, Bigger}, Budget) when Elem > E ->
    case insert_1(Elem, Bigger, Budget div 2) of
        {deep, Bigger1, Height1, Size1} ->
            {Height2, Size2} = measure(Smaller),
            grown({E, Smaller, Bigger1}, Height1, Height2, Size1 + Size2 + 1);
        Bigger1 ->
            {E, Smaller, Bigger1}
    end;
insert_1(Elem, _, _) ->
    erlang:error({key_exists, Elem}).

grown(Node, Height1, Height2, Size) ->
    Height = max(Height1, Height2) * 2,
    case Height > Size * Size of
        true -> build(elements(Node, []), Size);
        false -> {deep, Node, Height, Size}
    end.

%% 2 ^ height, and the number of elements.
measure({_, nil, nil}) -> {1, 1};
measure({_, Smaller, Bigger}) ->
    {Height1, Size1} = measure(Smaller),
    {Height2, Size2} = measure(Bigger),
    {max(Height1, Height2) * 2, Size1 + Size2 + 1};
measure(nil) -> {1, 0}.

node_of({deep, Node, _, _}) -> Node;
node_of(Node) -> Node.

%% @doc The set with an element, new or not.
add(Elem, Set) ->
    case is_member(Elem, Set) of
        true -> Set;
        false -> insert(Elem, Set)
    end.

%% @doc add/2.
add_element(Elem, Set) -> add(Elem, Set).

%% @doc The set without an element, which must be there.
delete(Elem, {Size, Node}) -> {Size - 1, delete_1(Elem, Node)}.

delete_1(Elem, {E, Smaller, Bigger}) when Elem < E -> {E, delete_1(Elem, Smaller), Bigger};
delete_1(Elem, {E, Smaller, Bigger}) when Elem > E -> {E, Smaller, delete_1(Elem, Bigger)};
delete_1(_, {_, Smaller, nil}) -> Smaller;
delete_1(_, {_, nil, Bigger}) -> Bigger;
delete_1(_, {_, Smaller, Bigger}) ->
    {Elem, Bigger1} = take_smallest_1(Bigger),
    {Elem, Smaller, Bigger1}.

%% @doc The set without an element.
delete_any(Elem, Set) ->
    case is_member(Elem, Set) of
        true -> delete(Elem, Set);
        false -> Set
    end.

%% @doc delete_any/2.
del_element(Elem, Set) -> delete_any(Elem, Set).

%% @doc The set rebuilt to the least height.
balance({Size, Node}) -> {Size, build(elements(Node, []), Size)}.

%% @doc The set of the elements of a list.
from_list(List) -> from_ordset(lists:usort(List)).

%% @doc The set of a list in order without duplicates.
from_ordset(List) ->
    Size = length(List),
    {Size, build(List, Size)}.

build(List, Size) ->
    {Node, []} = build_1(List, Size),
    Node.

%% A node of the first Size elements, and the other elements.
build_1([Elem | List], 1) ->
    {{Elem, nil, nil}, List};
build_1(List, 0) ->
    {nil, List};
build_1(List0, Size) ->
    Right = (Size - 1) div 2,
    {Smaller, [Elem | List1]} = build_1(List0, Size - 1 - Right),
    {Bigger, List2} = build_1(List1, Right),
    {{Elem, Smaller, Bigger}, List2}.

%% As build/2, but the bigger side gets the odd element: what operations on two sets make.
rebuild(List) ->
    Size = length(List),
    {Node, []} = rebuild_1(List, Size),
    {Size, Node}.

rebuild_1([Elem | List], 1) ->
    {{Elem, nil, nil}, List};
rebuild_1(List, 0) ->
    {nil, List};
rebuild_1(List0, Size) ->
    Left = (Size - 1) div 2,
    {Smaller, [Elem | List1]} = rebuild_1(List0, Left),
    {Bigger, List2} = rebuild_1(List1, Size - 1 - Left),
    {{Elem, Smaller, Bigger}, List2}.

%% @doc The elements in order.
to_list({_, Node}) -> elements(Node, []).

elements({Elem, Smaller, Bigger}, Acc) -> elements(Smaller, [Elem | elements(Bigger, Acc)]);
elements(nil, Acc) -> Acc.

%% @doc Whether a term looks like a set.
is_set({0, nil}) -> true;
is_set({Size, {_, _, _}}) when is_integer(Size), Size >= 0 -> true;
is_set(_) -> false.

%% @doc The smallest element.
smallest({_, Node}) -> smallest_1(Node).

smallest_1({Elem, nil, _}) -> Elem;
smallest_1({_, Smaller, _}) -> smallest_1(Smaller).

%% @doc The largest element.
largest({_, Node}) -> largest_1(Node).

largest_1({Elem, _, nil}) -> Elem;
largest_1({_, _, Bigger}) -> largest_1(Bigger).

%% @doc {Elem, Rest} for the smallest element.
take_smallest({Size, Node}) ->
    {Elem, Node1} = take_smallest_1(Node),
    {Elem, {Size - 1, Node1}}.

take_smallest_1({Elem, nil, Bigger}) ->
    {Elem, Bigger};
take_smallest_1({E, Smaller, Bigger}) ->
    {Elem, Smaller1} = take_smallest_1(Smaller),
    {Elem, {E, Smaller1, Bigger}}.

%% @doc {Elem, Rest} for the largest element.
take_largest({Size, Node}) ->
    {Elem, Node1} = take_largest_1(Node),
    {Elem, {Size - 1, Node1}}.

take_largest_1({Elem, Smaller, nil}) ->
    {Elem, Smaller};
take_largest_1({E, Smaller, Bigger}) ->
    {Elem, Bigger1} = take_largest_1(Bigger),
    {Elem, {E, Smaller, Bigger1}}.

%% Sets together. A set that is much smaller than the other is taken element by element; otherwise
%% both are run through in order and the result is built anew.
is_much_smaller(_, Size2) when Size2 < 10 -> false;
is_much_smaller(Size1, Size2) -> Size1 * round(1.46 * math:log(Size2)) =< Size2.

%% @doc The elements of either set.
union({Size1, _} = Set1, {Size2, _} = Set2) when Size2 < Size1 -> union(Set2, Set1);
union({Size1, Node1}, {Size2, Node2} = Set2) ->
    case is_much_smaller(Size1, Size2) of
        true -> lists:foldl(fun add/2, Set2, elements(Node1, []));
        false -> rebuild(ordsets:union(elements(Node1, []), elements(Node2, [])))
    end.

%% @doc The elements of any of the sets.
union([Set | Sets]) -> union_all(Set, Sets);
union([]) -> empty().

union_all(Set, [Set2 | Sets]) -> union_all(union(Set, Set2), Sets);
union_all(Set, []) -> Set.

%% @doc The elements of both sets.
intersection({Size1, Node1}, {Size2, _} = Set2) when Size1 =< Size2 ->
    rebuild([Elem || Elem <- elements_for(Node1, Size2), is_member(Elem, Set2)]);
intersection({Size1, _} = Set1, {_, Node2}) ->
    rebuild([Elem || Elem <- elements_for(Node2, Size1), is_member(Elem, Set1)]).

%% The elements of a set that are to be looked for in one of a size.
elements_for(Node, Size) ->
    Elems = elements(Node, []),
    is_number(Size) orelse erlang:error(badarg),
    Elems.

%% @doc The elements of all the sets.
intersection([Set | Sets]) -> intersection_all(Set, Sets).

intersection_all(Set, [Set2 | Sets]) -> intersection_all(intersection(Set, Set2), Sets);
intersection_all(Set, []) -> Set.

%% @doc Whether the sets have no element in common.
is_disjoint({Size1, Node1}, {Size2, _} = Set2) when Size1 =< Size2 ->
    not lists:any(fun(Elem) -> is_member(Elem, Set2) end, elements(Node1, []));
is_disjoint({_, _} = Set1, {_, Node2}) ->
    not lists:any(fun(Elem) -> is_member(Elem, Set1) end, elements(Node2, [])).

%% @doc The elements of the first set that the second does not have.
subtract({_, Node1}, {Size2, Node2}) ->
    Elems = elements_for(Node1, Size2),
    rebuild(ordsets:subtract(Elems, elements(Node2, []))).

%% @doc subtract/2.
difference(Set1, Set2) -> subtract(Set1, Set2).

%% @doc Whether the second set has all elements of the first.
is_subset({Size1, Node1}, {Size2, _} = Set2) ->
    Elems = elements_for(Node1, Size2),
    Size1 =< Size2 andalso lists:all(fun(Elem) -> is_member(Elem, Set2) end, Elems).

%% An iterator is a list of nodes: the elements to come are the first node's own and its bigger
%% subtree, then the next node's.

%% @doc An iterator over the elements in order.
iterator({_, Node}) -> down(Node, []).

down({_, nil, _} = Node, Nodes) -> [Node | Nodes];
down({_, Smaller, _} = Node, Nodes) -> down(Smaller, [Node | Nodes]);
down(nil, Nodes) -> Nodes.

%% @doc An iterator that begins at the first element not smaller than Elem.
iterator_from(Elem, {_, Node}) -> down_from(Elem, Node, []).

down_from(Elem, {E, _, Bigger}, Nodes) when E < Elem -> down_from(Elem, Bigger, Nodes);
down_from(Elem, {E, _, _} = Node, Nodes) when E == Elem -> [Node | Nodes];
down_from(Elem, {_, Smaller, _} = Node, Nodes) -> down_from(Elem, Smaller, [Node | Nodes]);
down_from(_, nil, Nodes) -> Nodes.

%% @doc {Elem, Iterator}, or none at the end.
next([{Elem, _, Bigger} | Nodes]) -> {Elem, down(Bigger, Nodes)};
next([]) -> none.

%% @doc The elements for which Pred holds.
filter(Pred, {_, Node}) when is_function(Pred, 1) ->
    from_ordset([Elem || Elem <- elements(Node, []), Pred(Elem)]).

%% @doc Folds over the elements in order.
fold(Fun, Acc, {_, Node}) when is_function(Fun, 2) -> fold_1(Fun, Acc, Node).

fold_1(Fun, Acc, {Elem, Smaller, Bigger}) ->
    fold_1(Fun, Fun(Elem, fold_1(Fun, Acc, Smaller)), Bigger);
fold_1(_, Acc, _) ->
    Acc.
