%%% Lists: building, folding, searching, merging and sorting.
%%%
%%% reverse/2, member/2, keyfind/3, keymember/3 and keysearch/3 are answered by the virtual machine.
%%% Sorting is a stable merge sort over the runs already present in the list.
-module(lists).

-export([all/2, any/2, append/1, append/2, concat/1, delete/2, droplast/1, dropwhile/2,
         duplicate/2, enumerate/1, enumerate/2, filter/2, filtermap/2, flatlength/1, flatmap/2,
         flatten/1, flatten/2, foldl/3, foldr/3, foreach/2, join/2, last/1, map/2, mapfoldl/3,
         mapfoldr/3, max/1, min/1, nth/2, nthtail/2, partition/2, prefix/2, reverse/1, search/2,
         seq/2, seq/3, split/2, splitwith/2, sublist/2, sublist/3, subtract/2, suffix/2, sum/1,
         takewhile/2, uniq/1, uniq/2, unzip/1, unzip3/1, zf/2, zip/2, zip3/3, zipwith/3,
         zipwith3/4]).
-compile({no_auto_import, [max/2, min/2]}).
-export([keydelete/3, keymap/3, keymerge/3, keyreplace/4, keysort/2, keystore/4, keytake/3,
         ukeymerge/3, ukeysort/2]).
-export([merge/1, merge/2, merge/3, merge3/3, sort/1, sort/2, umerge/1, umerge/2, umerge/3,
         umerge3/3, usort/1, usort/2]).
-export([rkeymerge/3, rmerge/2, rmerge/3, rmerge3/3, rukeymerge/3, rumerge/2, rumerge/3,
         rumerge3/3]).
-export([keyfind/3, keymember/3, keysearch/3, member/2, reverse/2]).

%% Answered by the virtual machine.

%% @doc The first tuple of the list whose N:th element compares equal to Key, or false.
keyfind(_Key, _N, _Tuples) ->
    erlang:nif_error(undef).

%% @doc Whether keyfind/3 would find a tuple.
keymember(_Key, _N, _Tuples) ->
    erlang:nif_error(undef).

%% @doc As keyfind/3, with the tuple wrapped as {value, Tuple}.
keysearch(_Key, _N, _Tuples) ->
    erlang:nif_error(undef).

%% @doc Whether an element of the list matches the term.
member(_Elem, _List) ->
    erlang:nif_error(undef).

%% @doc The list backwards, followed by Tail.
reverse(_List, _Tail) ->
    erlang:nif_error(undef).

%% Building and taking apart.

%% @doc The list backwards.
reverse([] = L) ->
    L;
reverse([_] = L) ->
    L;
reverse([A, B]) ->
    [B, A];
reverse([A, B | Rest]) ->
    reverse(Rest, [B, A]).

%% @doc The two lists joined.
append(A, B) ->
    A ++ B.

%% @doc All lists of a list joined.
append([Last]) ->
    Last;
append([H | T]) ->
    H ++ append(T);
append([]) ->
    [].

%% @doc The text of atoms, numbers and strings, one after the other.
concat(Things) ->
    flatmap(fun thing_to_list/1, Things).

thing_to_list(Atom) when is_atom(Atom) -> atom_to_list(Atom);
thing_to_list(Int) when is_integer(Int) -> integer_to_list(Int);
thing_to_list(Float) when is_float(Float) -> float_to_list(Float);
thing_to_list(List) when is_list(List) -> List.

%% @doc A list of N copies of Elem.
duplicate(N, Elem) when is_integer(N), N >= 0 ->
    duplicate(N, Elem, []).

duplicate(0, _, Acc) -> Acc;
duplicate(N, Elem, Acc) -> duplicate(N - 1, Elem, [Elem | Acc]).

%% @doc The integers from First to Last.
seq(First, Last) when is_integer(First), is_integer(Last), First - 1 =< Last ->
    seq_down(Last, First, []).

seq_down(N, First, Acc) when N >= First -> seq_down(N - 1, First, [N | Acc]);
seq_down(_, _, Acc) -> Acc.

%% @doc The integers from First in steps of Step, not beyond Last.
seq(First, Last, Step) ->
    case is_integer(First) andalso is_integer(Last) andalso is_integer(Step) of
        true when Step > 0, First - Step =< Last ->
            seq_step((Last - First + Step) div Step, First, Step);
        true when Step < 0, First - Step >= Last ->
            seq_step((Last - First + Step) div Step, First, Step);
        true when Step =:= 0, First =:= Last ->
            [First];
        _ ->
            erlang:error(badarg, [First, Last, Step], [{error_info, #{module => erl_stdlib_errors}}])
    end.

seq_step(Count, First, Step) ->
    seq_back(Count, First + (Count - 1) * Step, Step, []).

seq_back(0, _, _, Acc) -> Acc;
seq_back(N, X, Step, Acc) -> seq_back(N - 1, X - Step, Step, [X | Acc]).

%% @doc Pairs of an index from 1 and each element.
enumerate(List) when is_list(List) ->
    enumerate_1(1, List).

%% @doc Pairs of an index from Index and each element.
enumerate(Index, List) when is_integer(Index), is_list(List) ->
    enumerate_1(Index, List).

enumerate_1(Index, [H | T]) -> [{Index, H} | enumerate_1(Index + 1, T)];
enumerate_1(_, []) -> [].

%% @doc The list without its first element that matches Elem.
delete(Elem, [Elem | Rest]) ->
    Rest;
delete(Elem, [H | Rest]) ->
    [H | delete(Elem, Rest)];
delete(_, []) ->
    [].

%% @doc The first list without the first occurrence of each element of the second.
subtract(A, B) ->
    A -- B.

%% @doc All but the last element.
droplast([_]) ->
    [];
droplast([H | T]) ->
    [H | droplast(T)].

%% @doc The last element.
last([H | T]) ->
    last(H, T).

last(Elem, []) -> Elem;
last(_, [H | T]) -> last(H, T).

%% @doc The N:th element, counted from 1.
nth(1, [H | _]) ->
    H;
nth(N, [_ | T]) when N > 1 ->
    nth(N - 1, T).

%% @doc What follows the first N elements.
nthtail(0, List) when is_list(List) ->
    List;
nthtail(1, [_ | T]) ->
    T;
nthtail(N, [_ | T]) when N > 1 ->
    nthtail(N - 1, T).

%% @doc The first Len elements, or fewer where the list is shorter.
sublist(List, Len) when is_integer(Len), is_list(List) ->
    sublist_2(List, Len).

sublist_2([H | T], Len) when Len > 0 -> [H | sublist_2(T, Len - 1)];
sublist_2(_, 0) -> [];
sublist_2(List, Len) when is_list(List), Len > 0 -> [].

%% @doc At most Len elements from position Start.
sublist(List, 1, Len) when is_list(List), is_integer(Len), Len >= 0 ->
    sublist(List, Len);
sublist([], Start, _Len) when is_integer(Start), Start >= 2 ->
    [];
sublist([_ | T], Start, Len) when is_integer(Start), Start >= 2 ->
    sublist(T, Start - 1, Len).

%% @doc The first N elements and the rest.
split(N, List) when is_integer(N), N >= 0, is_list(List) ->
    case split(N, List, []) of
        {_, _} = Halves -> Halves;
        Fault -> erlang:error(Fault, [N, List])
    end;
split(N, List) ->
    erlang:error(badarg, [N, List]).

split(0, Rest, Acc) -> {reverse(Acc, []), Rest};
split(N, [H | T], Acc) -> split(N - 1, T, [H | Acc]);
split(_, [], _) -> badarg.

%% @doc The elements before the first that fails Pred, and the rest.
splitwith(Pred, List) when is_function(Pred, 1) ->
    splitwith_1(Pred, List, []).

splitwith_1(Pred, [H | T], Acc) ->
    case Pred(H) of
        true -> splitwith_1(Pred, T, [H | Acc]);
        false -> {reverse(Acc), [H | T]}
    end;
splitwith_1(_, [], Acc) ->
    {reverse(Acc), []}.

%% @doc The elements before the first that fails Pred.
takewhile(Pred, List) when is_function(Pred, 1) ->
    takewhile_1(Pred, List).

takewhile_1(Pred, [H | T]) ->
    case Pred(H) of
        true -> [H | takewhile_1(Pred, T)];
        false -> []
    end;
takewhile_1(_, []) ->
    [].

%% @doc The list from the first element that fails Pred.
dropwhile(Pred, List) when is_function(Pred, 1) ->
    dropwhile_1(Pred, List).

dropwhile_1(Pred, [H | T] = List) ->
    case Pred(H) of
        true -> dropwhile_1(Pred, T);
        false -> List
    end;
dropwhile_1(_, []) ->
    [].

%% @doc Whether the second list begins with the first.
prefix([H | P], [H | L]) -> prefix(P, L);
prefix([], L) when is_list(L) -> true;
prefix([_ | _], L) when is_list(L) -> false.

%% @doc Whether the second list ends with the first.
suffix(Suffix, List) ->
    Skip = length(List) - length(Suffix),
    Skip >= 0 andalso nthtail(Skip, List) =:= Suffix.

%% @doc The list with Sep between its elements.
join(_, []) ->
    [];
join(Sep, [H | T]) ->
    [H | join_prepend(Sep, T)].

join_prepend(Sep, [H | T]) -> [Sep, H | join_prepend(Sep, T)];
join_prepend(_, []) -> [].

%% @doc The elements of all nested lists, in order.
flatten(Deep) when is_list(Deep) ->
    case lists:flattened(Deep, []) of
        false -> do_flatten(Deep, []);
        Flat -> Flat
    end.

%% @doc As flatten/1, followed by Tail.
flatten(Deep, Tail) when is_list(Deep), is_list(Tail) ->
    case lists:flattened(Deep, Tail) of
        false -> do_flatten(Deep, Tail);
        Flat -> Flat
    end.

do_flatten([H | T], Tail) when is_list(H) -> do_flatten(H, do_flatten(T, Tail));
do_flatten([H | T], Tail) -> [H | do_flatten(T, Tail)];
do_flatten([], Tail) -> Tail.

%% @doc The length of the flattened list.
flatlength(Deep) ->
    flatlength(Deep, 0).

flatlength([H | T], N) when is_list(H) -> flatlength(H, flatlength(T, N));
flatlength([_ | T], N) -> flatlength(T, N + 1);
flatlength([], N) -> N.

%% @doc The elements that differ, the first of equal ones kept.
uniq(List) ->
    uniq_1(List, #{}).

uniq_1([H | T], Seen) ->
    case is_map_key(H, Seen) of
        true -> uniq_1(T, Seen);
        false -> [H | uniq_1(T, maps:put(H, true, Seen))]
    end;
uniq_1([], _) ->
    [].

%% @doc The elements for which Fun gives different values, the first kept.
uniq(Fun, List) when is_function(Fun, 1) ->
    uniq_2(List, Fun, #{}).

uniq_2([H | T], Fun, Seen) ->
    Key = Fun(H),
    case is_map_key(Key, Seen) of
        true -> uniq_2(T, Fun, Seen);
        false -> [H | uniq_2(T, Fun, maps:put(Key, true, Seen))]
    end;
uniq_2([], _, _) ->
    [].

%% Pairs and triples.

%% @doc Pairs of the elements at the same place in two lists.
zip([A | As], [B | Bs]) -> [{A, B} | zip(As, Bs)];
zip([], []) -> [].

%% @doc Triples of the elements at the same place in three lists.
zip3([A | As], [B | Bs], [C | Cs]) -> [{A, B, C} | zip3(As, Bs, Cs)];
zip3([], [], []) -> [].

%% @doc Fun applied to the elements at the same place in two lists.
zipwith(F, [A | As], [B | Bs]) -> [F(A, B) | zipwith(F, As, Bs)];
zipwith(F, [], []) when is_function(F, 2) -> [].

%% @doc Fun applied to the elements at the same place in three lists.
zipwith3(F, [A | As], [B | Bs], [C | Cs]) -> [F(A, B, C) | zipwith3(F, As, Bs, Cs)];
zipwith3(F, [], [], []) when is_function(F, 3) -> [].

%% @doc The first and the second elements of pairs.
unzip(Pairs) ->
    unzip(Pairs, [], []).

unzip([{A, B} | T], As, Bs) -> unzip(T, [A | As], [B | Bs]);
unzip([], As, Bs) -> {reverse(As), reverse(Bs)}.

%% @doc The first, second and third elements of triples.
unzip3(Triples) ->
    unzip3(Triples, [], [], []).

unzip3([{A, B, C} | T], As, Bs, Cs) -> unzip3(T, [A | As], [B | Bs], [C | Cs]);
unzip3([], As, Bs, Cs) -> {reverse(As), reverse(Bs), reverse(Cs)}.

%% Functions over elements.

%% @doc Whether Pred holds for all elements.
all(Pred, List) when is_function(Pred, 1) ->
    case List of
        [H | T] ->
            case Pred(H) of
                true -> all_1(Pred, T);
                false -> false
            end;
        [] -> true
    end.

all_1(Pred, [H | T]) ->
    case Pred(H) of
        true -> all_1(Pred, T);
        false -> false
    end;
all_1(_, []) ->
    true.

%% @doc Whether Pred holds for some element.
any(Pred, List) when is_function(Pred, 1) ->
    case List of
        [H | T] ->
            case Pred(H) of
                true -> true;
                false -> any_1(Pred, T)
            end;
        [] -> false
    end.

any_1(Pred, [H | T]) ->
    case Pred(H) of
        true -> true;
        false -> any_1(Pred, T)
    end;
any_1(_, []) ->
    false.

%% @doc Fun of each element.
map(F, List) when is_function(F, 1) ->
    case List of
        [H | T] -> [F(H) | map_1(F, T)];
        [] -> []
    end.

map_1(F, [H | T]) -> [F(H) | map_1(F, T)];
map_1(_, []) -> [].

%% @doc The lists that Fun gives for each element, joined.
flatmap(F, List) when is_function(F, 1) ->
    flatmap_1(F, List).

flatmap_1(F, [H | T]) -> F(H) ++ flatmap_1(F, T);
flatmap_1(_, []) -> [].

%% @doc Folds from the left: Fun(Elem, Acc) for each element.
foldl(F, Acc, List) when is_function(F, 2) ->
    case List of
        [H | T] -> foldl_1(F, F(H, Acc), T);
        [] -> Acc
    end.

foldl_1(F, Acc, [H | T]) -> foldl_1(F, F(H, Acc), T);
foldl_1(_, Acc, []) -> Acc.

%% @doc Folds from the right.
foldr(F, Acc, List) when is_function(F, 2) ->
    foldr_1(F, Acc, List).

foldr_1(F, Acc, [H | T]) -> F(H, foldr_1(F, Acc, T));
foldr_1(_, Acc, []) -> Acc.

%% @doc Calls Fun for each element, from the left.
foreach(F, List) when is_function(F, 1) ->
    foreach_1(F, List).

foreach_1(F, [H | T]) ->
    F(H),
    foreach_1(F, T);
foreach_1(_, []) ->
    ok.

%% @doc map/2 and foldl/3 in one pass.
mapfoldl(F, Acc, List) when is_function(F, 2) ->
    mapfoldl_1(F, Acc, List).

mapfoldl_1(F, Acc0, [H | T]) ->
    {R, Acc1} = F(H, Acc0),
    {Rs, Acc2} = mapfoldl_1(F, Acc1, T),
    {[R | Rs], Acc2};
mapfoldl_1(_, Acc, []) ->
    {[], Acc}.

%% @doc map/2 and foldr/3 in one pass.
mapfoldr(F, Acc, List) when is_function(F, 2) ->
    mapfoldr_1(F, Acc, List).

mapfoldr_1(F, Acc0, [H | T]) ->
    {Rs, Acc1} = mapfoldr_1(F, Acc0, T),
    {R, Acc2} = F(H, Acc1),
    {[R | Rs], Acc2};
mapfoldr_1(_, Acc, []) ->
    {[], Acc}.

%% @doc The elements for which Pred holds.
filter(Pred, List) when is_function(Pred, 1) ->
    [Elem || Elem <- List, Pred(Elem)].

%% @doc The elements that Fun keeps (true), or what it replaces them by ({true, Value}).
filtermap(F, List) when is_function(F, 1) ->
    filtermap_1(F, List).

filtermap_1(F, [H | T]) ->
    case F(H) of
        true -> [H | filtermap_1(F, T)];
        {true, Value} -> [Value | filtermap_1(F, T)];
        false -> filtermap_1(F, T)
    end;
filtermap_1(_, []) ->
    [].

%% @doc The old name of filtermap/2.
zf(F, List) ->
    filtermap(F, List).

%% @doc The elements for which Pred holds, and the others.
partition(Pred, List) when is_function(Pred, 1) ->
    partition_1(Pred, List, [], []).

partition_1(Pred, [H | T], Yes, No) ->
    case Pred(H) of
        true -> partition_1(Pred, T, [H | Yes], No);
        false -> partition_1(Pred, T, Yes, [H | No])
    end;
partition_1(_, [], Yes, No) ->
    {reverse(Yes), reverse(No)}.

%% @doc {value, Elem} of the first element for which Pred holds, or false.
search(Pred, List) when is_function(Pred, 1) ->
    search_1(Pred, List).

search_1(Pred, [H | T]) ->
    case Pred(H) of
        true -> {value, H};
        false -> search_1(Pred, T)
    end;
search_1(_, []) ->
    false.

%% @doc The largest element.
max([H | T]) -> max(T, H).

max([H | T], Max) when H > Max -> max(T, H);
max([_ | T], Max) -> max(T, Max);
max([], Max) -> Max.

%% @doc The smallest element.
min([H | T]) -> min(T, H).

min([H | T], Min) when H < Min -> min(T, H);
min([_ | T], Min) -> min(T, Min);
min([], Min) -> Min.

%% @doc The sum of the elements.
sum(List) -> sum(List, 0).

sum([H | T], Sum) -> sum(T, Sum + H);
sum([], Sum) -> Sum.

%% Lists of tuples with a key at position N.

%% @doc The list without its first tuple with the key.
keydelete(Key, N, List) when is_integer(N), N > 0 ->
    keydelete3(Key, N, List).

keydelete3(Key, N, [H | T]) when element(N, H) == Key -> T;
keydelete3(Key, N, [H | T]) -> [H | keydelete3(Key, N, T)];
keydelete3(_, _, []) -> [].

%% @doc The list with its first tuple with the key replaced.
keyreplace(Key, N, List, New) when is_integer(N), N > 0, is_tuple(New) ->
    keyreplace3(Key, N, List, New).

keyreplace3(Key, N, [H | T], New) when element(N, H) == Key -> [New | T];
keyreplace3(Key, N, [H | T], New) -> [H | keyreplace3(Key, N, T, New)];
keyreplace3(_, _, [], _) -> [].

%% @doc As keyreplace/4, or the new tuple put last where no tuple has the key.
keystore(Key, N, List, New) when is_integer(N), N > 0, is_tuple(New) ->
    keystore2(Key, N, List, New).

keystore2(Key, N, [H | T], New) when element(N, H) == Key -> [New | T];
keystore2(Key, N, [H | T], New) -> [H | keystore2(Key, N, T, New)];
keystore2(_, _, [], New) -> [New].

%% @doc {value, Tuple, Rest} for the first tuple with the key, or false.
keytake(Key, N, List) when is_integer(N), N > 0 ->
    keytake(Key, N, List, []).

keytake(Key, N, [H | T], Before) when element(N, H) == Key -> {value, H, reverse(Before, T)};
keytake(Key, N, [H | T], Before) -> keytake(Key, N, T, [H | Before]);
keytake(_, _, [], _) -> false.

%% @doc The tuples with Fun applied to their N:th elements.
keymap(Fun, N, [Tuple | Tuples]) ->
    [setelement(N, Tuple, Fun(element(N, Tuple))) | keymap(Fun, N, Tuples)];
keymap(Fun, N, []) when is_integer(N), N >= 1, is_function(Fun, 1) ->
    [].

%% @doc Sorts tuples by their N:th elements; equal keys keep their order.
keysort(N, List) when is_integer(N), N > 0 ->
    case List of
        [] -> List;
        [_] -> List;
        [_, _ | _] -> key_sort(N, List)
    end.

%% @doc As keysort/2, with only the first tuple of those with equal keys.
ukeysort(N, List) when is_integer(N), N > 0 ->
    case List of
        [] -> List;
        [_] -> List;
        [_, _ | _] ->
            [H | T] = key_sort(N, List),
            [H | drop_same_keys(N, T, element(N, H))]
    end.

key_sort(N, List) ->
    case swerl_sort:keysort(N, List) of
        unfit -> no_keys(N, List);
        Sorted -> Sorted
    end.

%% Fails at the first that has no such element, or where what is no proper list ends.
no_keys(N, [Tuple | Rest]) ->
    _ = element(N, Tuple),
    no_keys(N, Rest).

drop_same_keys(N, [H | T], Key) ->
    case element(N, H) of
        Same when Same == Key -> drop_same_keys(N, T, Key);
        Other -> [H | drop_same_keys(N, T, Other)]
    end;
drop_same_keys(_, [], _) ->
    [].

%% Merging: the steps stand in `swerl_lists_merge'.

%% @doc Merges two lists sorted on the N:th elements.
keymerge(N, A, B) when is_integer(N), N > 0 ->
    case B of
        [] ->
            A;
        [H | T] ->
            _ = element(N, H),
            swerl_lists_merge:whole(swerl_lists_merge:up(by_key(N), A, H, T))
    end.

%% @doc As keymerge/3, tuples of the second list with a key of the first left out.
ukeymerge(N, A, B) when is_integer(N), N > 0 ->
    case A of
        [] ->
            B;
        [H | T] ->
            _ = element(N, H),
            swerl_lists_merge:whole(swerl_lists_merge:up_once(by_key(N), H, T, B))
    end.

%% @doc keymerge/3 of descending lists.
rkeymerge(N, A, B) when is_integer(N), N > 0 ->
    case B of
        [] ->
            A;
        [H | T] ->
            _ = element(N, H),
            swerl_lists_merge:whole(swerl_lists_merge:down(by_key(N), A, H, T))
    end.

%% @doc ukeymerge/3 of descending lists.
rukeymerge(N, A, B) when is_integer(N), N > 0 ->
    case B of
        [] ->
            A;
        [H | T] ->
            _ = element(N, H),
            swerl_lists_merge:whole(swerl_lists_merge:down_once(by_key(N), A, H, T))
    end.

by_key(N) -> fun(A, B) -> element(N, A) =< element(N, B) end.

%% @doc Merges sorted lists.
merge(Lists) -> swerl_lists_merge:all(Lists).

%% @doc Merges two sorted lists; of equal elements, the first list's come first.
merge(A, []) -> A;
merge(A, [H | T]) -> swerl_lists_merge:whole(swerl_lists_merge:up(A, H, T)).

%% @doc Merges three sorted lists.
merge3(A, [], C) -> merge(A, C);
merge3(A, B, []) -> merge(A, B);
merge3(A, [B | Bs], [_ | _] = C) -> merge(swerl_lists_merge:joined(swerl_lists_merge:up(A, B, Bs)), C).

%% @doc Merges two lists sorted by Fun.
merge(F, A, [H | T]) when is_function(F, 2) -> swerl_lists_merge:whole(swerl_lists_merge:up(F, A, H, T));
merge(F, A, []) when is_function(F, 2) -> A.

%% @doc Merges sorted lists without duplicates.
umerge(Lists) -> swerl_lists_merge:all_once(Lists).

%% @doc Merges two sorted lists; what equals an element of the first list is left out.
umerge([], B) -> B;
umerge([H | T], B) -> swerl_lists_merge:whole(swerl_lists_merge:up_once(H, T, B)).

%% @doc Merges three sorted lists without duplicates.
umerge3(A, [], C) -> umerge(A, C);
umerge3(A, B, []) -> umerge(A, B);
umerge3([], [_ | _] = B, [_ | _] = C) -> umerge(B, C);
umerge3([A | As], [_ | _] = B, [_ | _] = C) -> umerge(swerl_lists_merge:joined(swerl_lists_merge:up_once(A, As, B)), C).

%% @doc Merges two lists sorted by Fun without duplicates.
umerge(F, [], B) when is_function(F, 2) -> B;
umerge(F, [H | T], B) when is_function(F, 2) -> swerl_lists_merge:whole(swerl_lists_merge:up_once(F, H, T, B)).

%% @doc merge/2 of descending lists.
rmerge(A, []) -> A;
rmerge(A, [H | T]) -> swerl_lists_merge:whole(swerl_lists_merge:down(A, H, T)).

%% @doc merge3/3 of descending lists.
rmerge3(A, [], C) -> rmerge(A, C);
rmerge3(A, B, []) -> rmerge(A, B);
rmerge3(A, [B | Bs], [_ | _] = C) -> rmerge(swerl_lists_merge:joined(swerl_lists_merge:down(A, B, Bs)), C).

%% @doc merge/3 of descending lists.
rmerge(F, A, [H | T]) when is_function(F, 2) -> swerl_lists_merge:whole(swerl_lists_merge:down(F, A, H, T));
rmerge(F, A, []) when is_function(F, 2) -> A.

%% @doc umerge/2 of descending lists.
rumerge(A, []) -> A;
rumerge(A, [H | T]) -> swerl_lists_merge:whole(swerl_lists_merge:down_once(A, H, T)).

%% @doc umerge3/3 of descending lists.
rumerge3(A, [], C) -> rumerge(A, C);
rumerge3(A, B, []) -> rumerge(A, B);
rumerge3(A, [B | Bs], [_ | _] = C) -> rumerge(swerl_lists_merge:joined(swerl_lists_merge:down_once(A, B, Bs)), C).

%% @doc umerge/3 of descending lists.
rumerge(F, A, []) when is_function(F, 2) -> A;
rumerge(F, A, [H | T]) when is_function(F, 2) -> swerl_lists_merge:whole(swerl_lists_merge:down_once(F, A, H, T)).

%% Sorting by term order is done by the machine.

%% @doc Sorts by term order. Elements that compare equal but differ, as 1 and 1.0, keep their order,
%% or are turned round where a list of four or more begins downwards: so OTP does.
sort([A, B | Rest] = List) ->
    case Rest of
        [] when A =< B -> List;
        [] -> [B, A];
        [_, _ | _] when length(Rest) > 0 ->
            case begins_down(A, B, Rest) of
                true -> stable_sort(reverse(List));
                false -> stable_sort(List)
            end;
        _ -> stable_sort(List)
    end;
sort([_] = List) ->
    List;
sort([] = List) ->
    List.

begins_down(A, B, _) when A > B -> true;
begins_down(A, B, _) when A < B -> false;
begins_down(_, B, [C | Rest]) -> begins_down(B, C, Rest);
begins_down(_, _, []) -> false.

stable_sort([_, _ | _] = List) -> sorted(swerl_sort:sort(List), List);
stable_sort(List) -> List.

%% What is no proper list fails where it ends.
sorted(unfit, [_ | Rest]) -> sorted(unfit, Rest);
sorted(Sorted, _) when Sorted =/= unfit -> Sorted.

%% @doc Sorts by Fun(A, B), true where A is to come before B or is equal to it.
sort(F, [A, B | Rest]) ->
    Runs = case F(A, B) of
               true -> fun_run_up(F, Rest, B, [A], []);
               false -> fun_run_down(F, Rest, B, [A], [])
           end,
    fun_merge_runs(F, Runs);
sort(F, [_] = List) when is_function(F, 2) ->
    List;
sort(F, [] = List) when is_function(F, 2) ->
    List.

fun_runs(F, A, B, Rest, Runs) ->
    case F(A, B) of
        true -> fun_run_up(F, Rest, B, [A], Runs);
        false -> fun_run_down(F, Rest, B, [A], Runs)
    end.

fun_run_up(F, [H | T] = Rest, Last, Acc, Runs) ->
    case F(Last, H) of
        true -> fun_run_up(F, T, H, [Last | Acc], Runs);
        false -> fun_next_run(F, Rest, [reverse(Acc, [Last]) | Runs])
    end;
fun_run_up(_, [], Last, Acc, Runs) ->
    [reverse(Acc, [Last]) | Runs].

fun_run_down(F, [H | T] = Rest, Last, Acc, Runs) ->
    case F(Last, H) of
        false -> fun_run_down(F, T, H, [Last | Acc], Runs);
        true -> fun_next_run(F, Rest, [[Last | Acc] | Runs])
    end;
fun_run_down(_, [], Last, Acc, Runs) ->
    [[Last | Acc] | Runs].

fun_next_run(F, [A, B | Rest], Runs) -> fun_runs(F, A, B, Rest, Runs);
fun_next_run(_, [A], Runs) -> [[A] | Runs].

fun_merge_runs(_, [Run]) -> Run;
fun_merge_runs(F, Runs) -> fun_merge_runs(F, reverse(fun_pairs(F, Runs, []))).

fun_pairs(F, [[H | T], A | Rest], Acc) ->
    fun_pairs(F, Rest, [swerl_lists_merge:whole(swerl_lists_merge:up(F, A, H, T)) | Acc]);
fun_pairs(_, [Run], Acc) -> [Run | Acc];
fun_pairs(_, [], Acc) -> Acc.

%% @doc Sorts by term order and keeps the first of equal elements.
usort([_, _ | _] = List) ->
    sorted(swerl_sort:usort(List), List);
usort([_] = List) ->
    List;
usort([] = List) ->
    List.

%% @doc Sorts by Fun and keeps the first of elements that are equal by it.
usort(F, [_ | _] = List) when is_function(F, 2) ->
    [H | T] = sort(F, List),
    [H | fun_drop_equal(F, T, H)];
usort(F, []) when is_function(F, 2) ->
    [].

fun_drop_equal(F, [H | T], Last) ->
    case F(H, Last) of
        true -> fun_drop_equal(F, T, Last);
        false -> [H | fun_drop_equal(F, T, H)]
    end;
fun_drop_equal(_, [], _) ->
    [].
