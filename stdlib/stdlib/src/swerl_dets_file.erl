%%% The file of a table on disk, in the format that OTP calls version 9.
%%%
%%% All numbers have 32 bits, the first byte being the highest. The file begins with a head:
%%%
%%%     0  where the list of free blocks is       8  1 when it was closed, 0 while somebody writes
%%%     4  00 ab cd ef                           12  what is below, up to 168
%%%   168  MD5 of the bytes 12 to 168           184  what the last number of the file is counted from
%%%
%%%    12  type (1 set, 2 bag, 3 duplicate_bag), 16 version, 20 the highest power of two in the number of slots, 24 number
%%%        of slots, 28 position of the key, 32 objects, 36 keys, 40 least and 44 most slots, 48 kind of hash,
%%%        52 slots beyond the power of two, 56 how many buckets have a block of 16, 32, 64, ... bytes
%%%
%%% At 312 are 256 places of parts; a part is 512 places of segments; a segment is 256 slots, each with the size
%%% and the place of its bucket, or zeros. The table grows by segments, as linear hashing does.
%%%
%%% A bucket is its size, 12 34 56 78, and the objects of its keys in the order of keys: each with its size before it, and
%%% where a key may have several, all of one key with their size before them. Sizes count themselves. Buckets and segments
%%% that came later stand in blocks of powers of two, dealt out by halving. The free ones are written behind all when
%%% the table is saved: for each size a line with its length, 03 ab cd ef, one more than the logarithm of the size, and the places.
-module(swerl_dets_file).

-export([header/1, read/1, create/3, opened/4, update/3, save/4, emptied/3, bytes/1, size/1, close/1, slot/2, place/2, no_slots/1]).

-export_type([disk/0]).
-compile({no_auto_import, [size/1]}).

%% saved is {true, Place of the free blocks} for a file that is whole.
-record(disk, {device, type, keypos, least, most, slots, base, origin, saved = false,
               buckets = #{}, parts = #{}, segments = #{}, free}).

-opaque disk() :: #disk{}.

-define(COOKIE, 16#00abcdef).
-define(FREE, 16#03abcdef).
-define(ACTIVE, 16#12345678).
-define(END_OF_FREE, 12345).
-define(VERSION, 9).
-define(PHASH2, 1).
-define(HEAD, 312).
-define(PARTS, 256).
-define(PART, 512).
-define(SEGMENT, 256).
-define(LEAST_LEVEL, 4).
-define(MOST_LEVEL, 31).
%% A table grows by so many segments at once.
-define(GROWTH, 2).

%%% Reading.

%% @doc What the head says: type, keypos, min_no_slots, max_no_slots. {error, {no_table, Why}} for other files.
header(File) ->
    case file:open(File, [read, raw, binary]) of
        {ok, Device} ->
            Read = file:read(Device, ?HEAD),
            ok = file:close(Device),
            case Read of
                {ok, Head} -> head(Head);
                eof -> {error, {no_table, not_a_dets_file}};
                Error -> Error
            end;
        Error -> Error
    end.

head(<<Free:32, ?COOKIE:32, Closed:32, Checked:156/binary, Sum:16/binary, Origin:32, _/binary>>) when Closed =< 1 ->
    <<Type:32, Version:32, _:32, Slots:32, KeyPos:32, Objects:32, _:32, Least:32, Most:32, Hash:32, _/binary>> = Checked,
    case lists:keyfind(Type, 1, types()) of
        {_, Name} ->
            case Version =:= ?VERSION andalso erlang:md5(Checked) =:= Sum of
                true ->
                    {ok, #{type => Name, keypos => KeyPos, min_no_slots => Least, max_no_slots => Most, slots => Slots,
                           objects => Objects, closed => Closed =:= 1, free => Free, origin => Origin, base => base(Least), hash => Hash}};
                false when Version =:= 8 -> {error, {no_table, format_8_no_longer_supported}};
                false -> {error, {no_table, not_a_dets_file}}
            end;
        false -> {error, {no_table, invalid_type_code}}
    end;
head(_) -> {error, {no_table, not_a_dets_file}}.

types() -> [{1, set}, {2, bag}, {3, duplicate_bag}].

%% @doc The objects of a file: {ok, Head, Layout, Objects}, or {damaged, Head, Why, Objects} with those that can be found.
read(File) ->
    case file:read_file(File) of
        {ok, Bytes} ->
            case head(Bytes) of
                {ok, Head} -> content(Head, Bytes);
                Error -> Error
            end;
        Error -> Error
    end.

content(#{type := Type, base := Base, origin := Origin, closed := Closed, objects := Count} = Head, Bytes) ->
    case Closed andalso ends_well(Origin, Bytes) of
        false -> {damaged, Head, not_closed, found(Type, Base, Bytes)};
        true ->
            try
                Free = free_list(Head, Bytes),
                {Parts, Segments, Buckets} = tables(Head, Bytes),
                Objects = [bucket(Type, Size, Place, Bytes) || {Size, Place} <- maps:values(Buckets)],
                Count = lists:sum([length(In) || In <- Objects]),
                Layout = {Parts, Segments, Buckets, Free},
                {ok, Head, Layout, lists:append(Objects)}
            catch
                throw:Why -> {damaged, Head, Why, found(Type, Base, Bytes)};
                error:_ -> {damaged, Head, not_closed, found(Type, Base, Bytes)}
            end
    end.

%% The last number is how much there is.
ends_well(Origin, Bytes) ->
    Length = byte_size(Bytes) - Origin,
    Length >= 4 andalso binary:part(Bytes, byte_size(Bytes), -4) =:= <<Length:32>>.

free_list(#{free := Place}, Bytes) ->
    try
        <<_:Place/binary, Lines/binary>> = Bytes,
        free_lines(Lines, #{})
    catch error:_ -> throw(bad_free_lists)
    end.

free_lines(<<12:32, ?FREE:32, ?END_OF_FREE:32, _:32>>, Free) -> Free;
free_lines(<<Length:32, ?FREE:32, Next:32, Rest/binary>>, Free) when Next > ?LEAST_LEVEL, Next =< ?MOST_LEVEL + 1 ->
    Size = Length - 12,
    <<Places:Size/binary, More/binary>> = Rest,
    Level = Next - 1,
    Known = maps:get(Level, Free, gb_sets:empty()),
    free_lines(More, Free#{Level => lists:foldl(fun gb_sets:add_element/2, Known, [Place || <<Place:32>> <= Places])}).

tables(#{slots := Slots}, Bytes) ->
    Parts = places(Bytes, ?HEAD, ?PARTS, 0),
    Segments = lists:append([places(Bytes, Place, ?PART, Part * ?PART) || {Part, Place} <- Parts]),
    InUse = [Segment || {Number, _} = Segment <- Segments, Number * ?SEGMENT < Slots],
    Slots = length(InUse) * ?SEGMENT,
    Buckets = lists:append([segment(Bytes, Place, Number * ?SEGMENT) || {Number, Place} <- InUse]),
    {maps:from_list(Parts), maps:from_list(InUse), maps:from_list(Buckets)}.

places(Bytes, At, Count, First) ->
    Table = binary:part(Bytes, At, 4 * Count),
    [Entry || {_, Place} = Entry <- lists:zip(lists:seq(First, First + Count - 1), [Place || <<Place:32>> <= Table]), Place > 0].

segment(Bytes, At, First) ->
    Table = binary:part(Bytes, At, 8 * ?SEGMENT),
    Entries = [Entry || <<Size:32, Place:32>> <= Table, Entry <- [{Size, Place}]],
    [Bucket || {_, {Size, _}} = Bucket <- lists:zip(lists:seq(First, First + ?SEGMENT - 1), Entries), Size > 0].

bucket(Type, Size, Place, Bytes) ->
    <<Size:32, ?ACTIVE:32, Body/binary>> = binary:part(Bytes, Place, Size),
    objects(Type, Body).

objects(_, <<>>) -> [];
objects(set, <<Size:32, Rest/binary>>) ->
    Length = Size - 4,
    <<Object:Length/binary, More/binary>> = Rest,
    [binary_to_term(Object) | objects(set, More)];
objects(Type, <<Size:32, Rest/binary>>) ->
    Length = Size - 4,
    <<OfKey:Length/binary, More/binary>> = Rest,
    objects(set, OfKey) ++ objects(Type, More).

%% The objects of all buckets that are whole, wherever they stand.
found(Type, Base, Bytes) -> lists:append(lists:reverse(found(Type, Base, Bytes, []))).

found(Type, At, Bytes, Found) ->
    case Bytes of
        <<_:At/binary, Size:32, ?ACTIVE:32, _/binary>> when At + Size =< byte_size(Bytes) ->
            try bucket(Type, Size, At, Bytes) of
                Objects -> found(Type, At + (1 bsl level(Size)), Bytes, [Objects | Found])
            catch error:_ -> found(Type, At + 1 bsl ?LEAST_LEVEL, Bytes, Found)
            end;
        <<_:At/binary, _, _/binary>> -> found(Type, At + (1 bsl ?LEAST_LEVEL), Bytes, Found);
        _ -> Found
    end.

%% Where blocks begin: behind the tables that a file is made with.
base(Least) -> tables_at(Least) + 8 * Least.

tables_at(Least) -> ?HEAD + 4 * ?PARTS + parts(Least) * 4 * ?PART.

parts(Least) -> (Least div ?SEGMENT + ?PART - 1) div ?PART.

%%% Making and opening.

%% @doc Writes a table without objects to a device.
create(Device, Keys, {Least, Most}) ->
    #{type := Type, keypos := KeyPos} = Keys,
    AtParts = ?HEAD + 4 * ?PARTS,
    AtSegments = tables_at(Least),
    Base = base(Least),
    Disk = #disk{device = Device, type = Type, keypos = KeyPos, least = Least, most = Most, slots = Least, base = Base, origin = Base,
                 parts = maps:from_list([{N, AtParts + N * 4 * ?PART} || N <- lists:seq(0, parts(Least) - 1)]),
                 segments = maps:from_list([{N, AtSegments + N * 8 * ?SEGMENT} || N <- lists:seq(0, Least div ?SEGMENT - 1)]),
                 free = #{?MOST_LEVEL => gb_sets:singleton(Base)}},
    {ok, 0} = file:position(Device, 0),
    written(ok_all([fun() -> file:truncate(Device) end,
                    fun() -> file:pwrite(Device, [{0, <<0:(Base * 8)>>}, {0, head_bytes(Disk, 0, 0, 0, 0)}
                                                  | pointers(Disk)]) end]), Disk).

pointers(#disk{parts = Parts, segments = Segments}) ->
    [{?HEAD + 4 * N, <<Place:32>>} || {N, Place} <- maps:to_list(Parts)]
        ++ [{maps:get(N div ?PART, Parts) + 4 * (N rem ?PART), <<Place:32>>} || {N, Place} <- maps:to_list(Segments)].

%% @doc A table without objects in the place of another.
emptied(Keys, Slots, #disk{device = Device}) ->
    case create(Device, Keys, Slots) of
        {ok, Disk} -> {ok, Disk#disk{origin = 0}};
        Error -> Error
    end.

%% @doc A file that was read, with a device to write to it.
opened(Device, Head, {Parts, Segments, Buckets, Free}, Saved) ->
    #{type := Type, keypos := KeyPos, min_no_slots := Least, max_no_slots := Most, slots := Slots, base := Base, origin := Origin} = Head,
    #disk{device = Device, type = Type, keypos = KeyPos, least = Least, most = Most, slots = Slots, base = Base, origin = Origin, saved = Saved,
          buckets = Buckets, parts = Parts, segments = Segments, free = Free}.

ok_all([]) -> ok;
ok_all([Step | Steps]) ->
    case Step() of
        ok -> ok_all(Steps);
        {error, {_, Reason}} -> {error, Reason};
        Error -> Error
    end.

written(ok, Disk) -> {ok, Disk};
written(Error, _) -> Error.

%%% The head and the list of free blocks.

head_bytes(#disk{slots = Slots, origin = Origin, type = Type, keypos = KeyPos, least = Least, most = Most} = Disk,
           Closed, Free, Objects, Keys) ->
    {Code, _} = lists:keyfind(Type, 2, types()),
    Power = power_below(Slots),
    Checked = <<Code:32, ?VERSION:32, Power:32, Slots:32, KeyPos:32, Objects:32, Keys:32, Least:32, Most:32, ?PHASH2:32,
                (Slots - Power):32, (bucket_counts(Disk))/binary>>,
    <<Free:32, ?COOKIE:32, Closed:32, Checked/binary, (erlang:md5(Checked))/binary, Origin:32>>.

bucket_counts(#disk{buckets = Buckets}) ->
    Counts = maps:fold(fun(_, {Size, _}, Acc) -> maps:update_with(level(Size), fun(N) -> N + 1 end, 1, Acc) end, #{}, Buckets),
    << <<(maps:get(Level, Counts, 0)):32>> || Level <- lists:seq(?LEAST_LEVEL, ?MOST_LEVEL) >>.

%% @doc Writes what makes a file whole: the free blocks and the head.
save(_, _, _, #disk{saved = {true, _}} = Disk) -> {ok, Disk};
save(Objects, Keys, Sync, #disk{device = Device, origin = Origin, free = Free} = Disk) ->
    {ok, At} = file:position(Device, eof),
    Lines = [[<<(12 + 4 * gb_sets:size(Places)):32, ?FREE:32, (Level + 1):32>> | [<<Place:32>> || Place <- gb_sets:to_list(Places)]]
             || {Level, Places} <- lists:keysort(1, maps:to_list(Free)), not gb_sets:is_empty(Places)],
    Bytes = iolist_to_binary([Lines, <<12:32, ?FREE:32, ?END_OF_FREE:32>>]),
    Length = At + byte_size(Bytes) + 4 - Origin,
    written(ok_all([fun() -> file:pwrite(Device, At, <<Bytes/binary, Length:32>>) end,
                    fun() -> file:pwrite(Device, 0, head_bytes(Disk, 1, At, Objects, Keys)) end,
                    fun() -> case Sync of
                                 true -> file:sync(Device);
                                 false -> ok
                             end
                    end]),
            Disk#disk{saved = {true, At}}).

%% The file is somebody's from now on.
touched(#disk{saved = {true, Free}, device = Device} = Disk) ->
    written(ok_all([fun() -> file:pwrite(Device, 8, <<0:32>>) end,
                    fun() -> {ok, Free} = file:position(Device, Free), file:truncate(Device) end]),
            Disk#disk{saved = false});
touched(Disk) -> {ok, Disk}.

%% @doc All bytes of the file.
bytes(#disk{device = Device} = Disk) -> file:pread(Device, 0, size(Disk)).

%% @doc How long the file is.
size(#disk{device = Device}) ->
    {ok, Size} = file:position(Device, eof),
    Size.

%% @doc Closes the device.
close(#disk{device = Device}) -> file:close(Device).

%%% Changing.

%% @doc Writes the objects of some keys as they are now in a table of ets.
update(Keys, Table, Disk) ->
    case touched(Disk) of
        {ok, Touched} ->
            try updated(Keys, Table, Touched)
            catch throw:{error, _} = Error -> Error
            end;
        Error -> Error
    end.

updated(Keys, Table, Disk) ->
    Wanted = min(ets_keys(Table, Disk), Disk#disk.most),
    {Grown, Growth, Sources} = grown(Wanted, ?GROWTH, Disk, [], []),
    #disk{buckets = Buckets} = Grown,
    Split = maps:with(Sources, Buckets),
    Moved = lists:append([keys_of(Bucket, Disk) || Bucket <- maps:values(Split)]),
    Left = Grown#disk{buckets = maps:without(Sources, Buckets)},
    BySlot = maps:groups_from_list(fun(Key) -> slot(Key, Left) end, Keys ++ Moved),
    Emptied = [{Slot, 0, 0} || Slot <- maps:keys(Split), not is_map_key(Slot, BySlot)],
    {New, Writes} = lists:foldr(fun({Slot, Some}, {Acc, Ws}) -> bucket_written(Slot, Some, Table, Acc, Ws) end,
                                {Left, []}, lists:sort(maps:to_list(BySlot))),
    Pointers = [pointer(Empty, New) || Empty <- Emptied],
    Old = maps:values(Split),
    Marks = [mark(Bucket) || Bucket <- Old],
    written(write(New, [lists:reverse(Growth), lists:reverse(Writes), Pointers, Marks]), lists:foldl(fun released/2, New, Old)).

write(#disk{device = Device}, Writes) ->
    ok_all([fun() -> file:pwrite(Device, Some) end || Some <- Writes, Some =/= []]).

ets_keys(Table, #disk{type = set}) -> ets:info(Table, size);
ets_keys(Table, Disk) -> length(table_keys(ets:first(Table), Table, Disk)).

table_keys('$end_of_table', _, _) -> [];
table_keys(Key, Table, Disk) -> [Key | table_keys(ets:next(Table, Key), Table, Disk)].

keys_of({Size, Place}, #disk{device = Device, type = Type, keypos = KeyPos}) ->
    case file:pread(Device, Place, Size) of
        {ok, <<Size:32, ?ACTIVE:32, Body/binary>>} -> lists:usort([element(KeyPos, Object) || Object <- objects(Type, Body)]);
        {error, _} = Error -> throw(Error);
        _ -> throw({error, eio})
    end.

%% All keys of a bucket are written together. What becomes free is marked, or a search of the file
%% would find it again: after what takes its place is there, unless that may overlap.
bucket_written(Slot, Keys, Table, #disk{buckets = Buckets, type = Type} = Disk, Writes) ->
    Old = maps:get(Slot, Buckets, none),
    Known = case Old of
                none -> [];
                _ -> keys_of(Old, Disk)
            end,
    Objects = [Of || Key <- lists:usort(fun in_order/2, Keys ++ Known), Of <- [ets:lookup(Table, Key)], Of =/= []],
    case bucket_bytes(Type, Objects) of
        <<>> when Old =:= none -> {Disk, [pointer({Slot, 0, 0}, Disk) | Writes]};
        <<>> ->
            {released(Old, Disk#disk{buckets = maps:remove(Slot, Buckets)}), [mark(Old), pointer({Slot, 0, 0}, Disk) | Writes]};
        Body ->
            Size = byte_size(Body) + 8,
            {Place, Disk1} = place(Old, Size, Disk),
            Written = [pointer({Slot, Size, Place}, Disk1), {Place, <<Size:32, ?ACTIVE:32, Body/binary>>}],
            End = Place + (1 bsl level(Size)),
            {Disk1#disk{buckets = Buckets#{Slot => {Size, Place}}},
             case Old of
                 {_, At} when At < Place; At >= End -> [mark(Old) | Written ++ Writes];
                 {_, At} when At > Place -> Written ++ [mark(Old) | Writes];
                 _ -> Written ++ Writes
             end}
    end.

%% The order of keys in a bucket: that of terms, but for integers, which come before floats.
in_order(A, B) when is_integer(A), is_float(B) -> true;
in_order(A, B) when is_float(A), is_integer(B) -> false;
in_order([A | As], [B | Bs]) -> (A =:= B andalso in_order(As, Bs)) orelse (A =/= B andalso in_order(A, B));
in_order(A, B) when is_tuple(A), is_tuple(B), tuple_size(A) =:= tuple_size(B) -> in_order(tuple_to_list(A), tuple_to_list(B));
in_order(A, B) -> A =< B.

mark({_, Place}) -> {Place + 4, <<?FREE:32>>}.

bucket_bytes(set, Objects) -> iolist_to_binary([object_bytes(Object) || [Object] <- Objects]);
bucket_bytes(_, Objects) ->
    iolist_to_binary([[<<(iolist_size(Of) + 4):32>>, Of] || Same <- Objects, Of <- [[object_bytes(Object) || Object <- Same]]]).

object_bytes(Object) ->
    Bytes = term_to_binary(Object),
    [<<(byte_size(Bytes) + 4):32>>, Bytes].

place(none, Size, Disk) -> allocated(Size, Disk);
place({OldSize, Place} = Old, Size, Disk) ->
    case level(OldSize) =:= level(Size) of
        true -> {Place, Disk};
        false -> allocated(Size, released(Old, Disk))
    end.

pointer({Slot, Size, Place}, #disk{segments = Segments}) ->
    {maps:get(Slot div ?SEGMENT, Segments) + 8 * (Slot rem ?SEGMENT), <<Size:32, Place:32>>}.

%%% Growing: slots that are split, and segments for those that come of it.

grown(Keys, Times, #disk{slots = Slots, parts = Parts, segments = Segments} = Disk, Writes, Sources) when Keys > Slots, Times > 0 ->
    Number = Slots div ?SEGMENT,
    {Disk1, Writes1} = case is_map_key(Number div ?PART, Parts) of
                           true -> {Disk, Writes};
                           false ->
                               {AtPart, WithPart} = allocated(4 * ?PART, Disk),
                               Part = Number div ?PART,
                               {WithPart#disk{parts = Parts#{Part => AtPart}},
                                [{?HEAD + 4 * Part, <<AtPart:32>>}, {AtPart, <<0:(32 * ?PART)>>} | Writes]}
                       end,
    {Place, #disk{parts = Parts1} = Disk2} = allocated(8 * ?SEGMENT, Disk1),
    Entry = {maps:get(Number div ?PART, Parts1) + 4 * (Number rem ?PART), <<Place:32>>},
    First = Slots - power_below(Slots),
    grown(Keys, Times - 1, Disk2#disk{slots = Slots + ?SEGMENT, segments = Segments#{Number => Place}},
          [Entry, {Place, <<0:(64 * ?SEGMENT)>>} | Writes1], lists:seq(First, First + ?SEGMENT - 1) ++ Sources);
grown(_, _, Disk, Writes, Sources) -> {Disk, Writes, Sources}.

power_below(Slots) -> power_below(?SEGMENT, Slots).

power_below(Power, Slots) when Power * 2 =< Slots -> power_below(Power * 2, Slots);
power_below(Power, _) -> Power.

%% @doc The slot of a key.
slot(Key, #disk{slots = Slots}) ->
    Power = power_below(Slots),
    Hash = erlang:phash2(Key),
    case Hash band (Power - 1) of
        Low when Low < Slots - Power -> Hash band (2 * Power - 1);
        Low -> Low
    end.

%% @doc Where the bucket of a slot stands.
place(Slot, #disk{buckets = Buckets}) ->
    case Buckets of
        #{Slot := {_, Place}} -> Place;
        _ -> none
    end.

%% @doc The least number of slots, the present one, and the most.
no_slots(#disk{least = Least, slots = Slots, most = Most}) -> {Least, Slots, Most}.

%%% Blocks.

level(Size) -> level(?LEAST_LEVEL, Size).

level(Level, Size) when 1 bsl Level >= Size -> Level;
level(Level, Size) -> level(Level + 1, Size).

allocated(Size, #disk{free = Free} = Disk) ->
    Level = level(Size),
    {Place, Free1} = block(Level, Level, Free),
    {Place, Disk#disk{free = Free1}}.

block(At, _, _) when At > ?MOST_LEVEL -> throw({error, efbig});
block(At, Level, Free) ->
    Places = maps:get(At, Free, gb_sets:empty()),
    case gb_sets:is_empty(Places) of
        true -> block(At + 1, Level, Free);
        false ->
            {Place, Rest} = gb_sets:take_smallest(Places),
            {Place, halves(At, Level, Place, Free#{At => Rest})}
    end.

halves(Level, Level, _, Free) -> Free;
halves(At, Level, Place, Free) ->
    Half = At - 1,
    halves(Half, Level, Place, with_free(Half, Place + (1 bsl Half), Free)).

with_free(Level, Place, Free) ->
    Free#{Level => gb_sets:add_element(Place, maps:get(Level, Free, gb_sets:empty()))}.

released({Size, Place}, #disk{free = Free, base = Base} = Disk) ->
    Disk#disk{free = joined(level(Size), Place, Base, Free)}.

%% A block and its other half become one.
joined(Level, Place, Base, Free) ->
    Other = Base + ((Place - Base) bxor (1 bsl Level)),
    Places = maps:get(Level, Free, gb_sets:empty()),
    case Level < ?MOST_LEVEL andalso gb_sets:is_element(Other, Places) of
        true -> joined(Level + 1, min(Place, Other), Base, Free#{Level => gb_sets:del_element(Other, Places)});
        false -> with_free(Level, Place, Free)
    end.
