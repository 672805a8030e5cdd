%%% The hash table of dict and sets: linear hashing after P.-A. Larson, with buckets in segments.
%%%
%%% A table is {Tag, Size, Active, Slots, Half, GrowAt, ShrinkAt, EmptySegment, Segments}: Size
%%% items in the first Active slots. Slots is a power of two; a key whose hash lies beyond the
%%% active slots belongs to the slot Half lower. One slot is split or joined at a time, when Size
%%% leaves the range from ShrinkAt to GrowAt. A bucket is a list of items; the module that owns the
%%% table says by a function what the key of an item is.
-module(swerl_linear_hash).

-export([new/1, slot/2, bucket/2, set_bucket/3, added/3, removed/2, fold/3, map_buckets/2]).

%% The order in which users see keys and elements is that of this hash.
-compile({nowarn_deprecated_function, [{erlang, phash, 2}]}).

-define(SEGMENT, 16).
-define(GROW_LOAD, 5).
-define(SHRINK_LOAD, 3).

%% @doc An empty table whose tuple begins with Tag.
new(Tag) ->
    Empty = erlang:make_tuple(?SEGMENT, []),
    {Tag, 0, ?SEGMENT, ?SEGMENT, ?SEGMENT div 2, ?SEGMENT * ?GROW_LOAD,
     ?SEGMENT * ?SHRINK_LOAD, Empty, {Empty}}.

%% @doc The slot of a key.
slot({_, _, Active, Slots, Half, _, _, _, _}, Key) ->
    case erlang:phash(Key, Slots) of
        Hash when Hash > Active -> Hash - Half;
        Hash -> Hash
    end;
slot(Other, _) ->
    erlang:error({badrecord, Other}).

%% @doc The items of a slot.
bucket(Table, Slot) -> get_bucket(element(9, Table), Slot).

%% @doc The table with other items in a slot.
set_bucket(Table, Slot, Items) ->
    setelement(9, Table, put_bucket(element(9, Table), Slot, Items)).

get_bucket(Segments, Slot) ->
    Segment = element((Slot - 1) div ?SEGMENT + 1, Segments),
    element((Slot - 1) rem ?SEGMENT + 1, Segment).

put_bucket(Segments, Slot, Items) ->
    I = (Slot - 1) div ?SEGMENT + 1,
    Segment = setelement((Slot - 1) rem ?SEGMENT + 1, element(I, Segments), Items),
    setelement(I, Segments, Segment).

%% @doc Counts N items as added, and splits a slot where there are too many.
added({Tag, Size, Active, Slots, Half, GrowAt, _, Empty, Segments}, N, KeyOf)
  when Size + N > GrowAt ->
    {Slots1, Half1, Segments1} =
        case Active =:= Slots of
            true -> {Slots * 2, Half * 2, double(Segments, Empty)};
            false -> {Slots, Half, Segments}
        end,
    Active1 = Active + 1,
    Old = Active1 - Half1,
    Items = get_bucket(Segments1, Old),
    {Stay, Move} = lists:partition(fun(Item) -> erlang:phash(KeyOf(Item), Slots1) =:= Old end, Items),
    Segments2 = put_bucket(put_bucket(Segments1, Old, Stay), Active1, Move),
    {Tag, Size + N, Active1, Slots1, Half1, Active1 * ?GROW_LOAD, Active1 * ?SHRINK_LOAD, Empty,
     Segments2};
added(Table, N, _) ->
    setelement(2, Table, element(2, Table) + N).

%% @doc Counts N items as removed, and joins two slots where there are too few.
removed({Tag, Size, Active, Slots, Half, _, ShrinkAt, Empty, Segments}, N)
  when Size - N < ShrinkAt, Active > ?SEGMENT ->
    Into = Active - Half,
    Items = get_bucket(Segments, Into) ++ get_bucket(Segments, Active),
    Segments1 = put_bucket(put_bucket(Segments, Into, Items), Active, []),
    Active1 = Active - 1,
    {Slots1, Half1, Segments2} =
        case Active1 =:= Half of
            true -> {Slots div 2, Half div 2, halve(Segments1)};
            false -> {Slots, Half, Segments1}
        end,
    {Tag, Size - N, Active1, Slots1, Half1, Active1 * ?GROW_LOAD, Active1 * ?SHRINK_LOAD, Empty,
     Segments2};
removed(Table, N) ->
    setelement(2, Table, element(2, Table) - N).

double(Segments, Empty) ->
    list_to_tuple(tuple_to_list(Segments) ++ lists:duplicate(tuple_size(Segments), Empty)).

halve(Segments) ->
    list_to_tuple(lists:sublist(tuple_to_list(Segments), tuple_size(Segments) div 2)).

%% @doc Folds over all items, from the last slot to the first.
fold(Fun, Acc, {_, _, _, _, _, _, _, _, Segments}) ->
    lists:foldr(fun(Segment, Acc1) ->
                        lists:foldr(fun(Items, Acc2) -> lists:foldl(Fun, Acc2, Items) end,
                                    Acc1, tuple_to_list(Segment))
                end, Acc, tuple_to_list(Segments));
fold(_, _, Other) ->
    erlang:error({badrecord, Other}).

%% @doc The table with Fun of each bucket; and the number of items that are gone.
map_buckets(Fun, {_, _, _, _, _, _, _, _, Segments} = Table) ->
    {Segments1, Gone} =
        lists:mapfoldl(fun(Segment, Gone0) ->
                               {Buckets, Gone1} = lists:mapfoldl(fun(Items, Gone2) ->
                                                                         Items1 = Fun(Items),
                                                                         {Items1, Gone2 + length(Items) - length(Items1)}
                                                                 end, Gone0, tuple_to_list(Segment)),
                               {list_to_tuple(Buckets), Gone1}
                       end, 0, tuple_to_list(Segments)),
    {setelement(9, Table, list_to_tuple(Segments1)), Gone};
map_buckets(_, Other) ->
    erlang:error({badrecord, Other}).
