%%% The measuring of terms that are to be printed.
%%%
%%% A term becomes a tree of nodes, each with the width it takes on one line, already cut to the wanted depth or number of
%%% characters.
%%%
%%% A node is {Shape, Width, Dots, More}: Dots counts the characters that stand for something left out, which More, if it
%%% is a function, measures to a greater depth. Shape is text (a list), or one of
%%%
%%%     {list, Items} {tuple, IsTagged, Items} {map, Pairs} {record, Name, NameWidth, Fields}
%%%     {bin, Segments} {pair, KeyNode, ValueNode} {field, Name, NameWidth, Node}
%%%
%%% Items is a list of nodes that may end in a node (improper list) or in {dots, More}.
-module(swerl_io_lib_measure).

-export([node/4, atom/2]).

%% What measuring needs to know.
-record(how, {record_fun, encoding, strings}).

%% The node of a term, cut to a depth and to a number of characters (-1: all of it).
node(Term, Depth, Limit, #{record_fun := RecordFun, encoding := Encoding, strings := Strings}) ->
    measure_within(Term, Depth, Limit, #how{record_fun = RecordFun, encoding = Encoding, strings = Strings}).

%% The text of an atom.
atom(Atom, #{encoding := Encoding}) -> atom_text(Atom, Encoding).

%% With a limit of characters, the greatest depth is sought that stays within the limit. What is shown at a depth is shown
%% at each greater one: only what was left out is measured anew.
measure_within(Term, Depth, Limit, How) when Limit < 0 ->
    measure(Term, Depth, Limit, How);
measure_within(Term, Depth, Limit, How) ->
    {_, Width, Dots, _} = Node = measure(Term, 1, Limit, How),
    if
        Dots =:= 0; Width > Limit; Depth =:= 1 -> Node;
        true -> deepen(Node, 1, 4, Depth, Limit)
    end.

%% Node, measured to depth Low, is within the limit but not complete.
deepen({_, Width, _, _} = Node, Low, Step, Depth, Limit) ->
    High = if Depth < 0 -> Low + Step; true -> min(Low + Step, Depth) end,
    case expanded(Node, Limit, High - Low) of
        {_, _, 0, _} = Whole -> Whole;
        {_, Width, _, _} = Same -> Same;
        {_, Width1, _, _} = Next when Width1 =< Limit, High < Depth orelse Depth < 0 ->
            deepen(Next, High, Step * 2, Depth, Limit);
        Next -> between(Node, Low, Next, High, Limit)
    end.

between({_, Limit, _, _} = Lower, Low, _, High, Limit) when High - Low =< 1 ->
    Lower;
between(_, Low, Upper, High, _) when High - Low =< 1 ->
    Upper;
between(Lower, Low, Upper, High, Limit) ->
    Middle = (Low + High) div 2,
    case expanded(Lower, Limit, Middle - Low) of
        {_, Width, _, _} = Node when Width > Limit ->
            between(Lower, Low, Node, Middle, Limit);
        Node ->
            between(Node, Middle, Upper, High, Limit)
    end.

%% A node with what was left out measured to so much more depth.
expanded({_, _, 0, _} = Node, _, _) ->
    Node;
expanded({_, _, _, More}, Limit, Deeper) when is_function(More) ->
    More(Limit, Deeper);
expanded({{field, Name, NameWidth, Value}, _, _, _}, Limit, Deeper) ->
    field(Name, NameWidth, expanded(Value, less(Limit, NameWidth), Deeper));
expanded({{record, Name, NameWidth, Items}, _, _, _}, Limit, Deeper) ->
    Extra = NameWidth + 2,
    Items1 = expanded_items(Items, less(Limit, Extra), Deeper),
    items_node({record, Name, NameWidth, Items1}, Items1, Extra);
expanded({{tuple, IsTagged, Items}, _, _, _}, Limit, Deeper) ->
    Items1 = expanded_items(Items, less(Limit, 2), Deeper),
    items_node({tuple, IsTagged, Items1}, Items1, 2);
expanded({{map, Items}, _, _, _}, Limit, Deeper) ->
    Items1 = expanded_pairs(Items, less(Limit, 3), Deeper),
    items_node({map, Items1}, Items1, 3).

expanded_items([], _, _) ->
    [];
expanded_items([Item | Items], Limit, Deeper) ->
    Limit1 = less(Limit, case Items of [] -> 0; _ -> 1 end),
    {_, Width, _, _} = Item1 = expanded(Item, Limit1, Deeper),
    [Item1 | expanded_items(Items, less(Limit1, Width), Deeper)];
expanded_items({dots, More}, Limit, Deeper) ->
    More(Limit, Deeper);
expanded_items(Tail, Limit, Deeper) ->
    expanded(Tail, Limit, Deeper).

%% A key gets one character less than there is room for.
expanded_pairs([{{pair, Key, Value}, _, _, _} | Pairs], Limit, Deeper) ->
    Limit1 = less(Limit, case Pairs of [] -> 0; _ -> 1 end),
    {_, KeyWidth, _, _} = Key1 = expanded(Key, less(Limit1, 1), Deeper),
    {_, Width, _, _} = Pair1 = pair(Key1, expanded(Value, less(Limit1, KeyWidth + 4), Deeper)),
    [Pair1 | expanded_pairs(Pairs, less(Limit1, Width), Deeper)];
expanded_pairs(Rest, Limit, Deeper) ->
    expanded_items(Rest, Limit, Deeper).

%% Text that stands for a term of which nothing is shown.
left_out(Text, Width, Term, How) ->
    {Text, Width, 3, fun(Limit, Deeper) -> measure(Term, 1 + Deeper, Limit, How) end}.

measure([], _, _, _) ->
    {"[]", 2, 0, none};
measure({}, _, _, _) ->
    {"{}", 2, 0, none};
measure(Atom, _, _, How) when is_atom(Atom) ->
    text(atom_text(Atom, How#how.encoding));
measure(List, 1, _, How) when is_list(List) ->
    Items = {dots, fun(Limit, Deeper) -> measure_list(List, 1 + Deeper, Limit, How) end},
    {{list, Items}, 5, 3, deeper(List, 1, How)};
measure(List, Depth, Limit, How) when is_list(List) ->
    case How#how.strings andalso printable_list(List, Limit, How#how.encoding) of
        true ->
            text(string(List, How));
        {true, Prefix} ->
            text([string(Prefix, How) | "..."]);
        false ->
            Items = measure_list(List, Depth, less(Limit, 2), How),
            {Width, Dots} = items_width(Items, 2, 0),
            {{list, Items}, Width, Dots, deeper(List, Depth, How)}
    end;
measure(Tuple, 1, _, How) when is_tuple(Tuple) ->
    left_out("{...}", 5, Tuple, How);
measure(Tuple, Depth, Limit, How) when is_tuple(Tuple) ->
    case fields_of(Tuple, How) of
        no -> measure_tuple(Tuple, Depth, Limit, How);
        Fields -> measure_record(Tuple, Fields, Depth, Limit, How)
    end;
measure(Map, _, _, _) when Map =:= #{} ->
    {"#{}", 3, 0, none};
measure(Map, 1, _, How) when is_map(Map) ->
    left_out("#{...}", 6, Map, How);
measure(Map, Depth, Limit, How) when is_map(Map) ->
    Pairs = measure_pairs(io_lib:map_pairs(Map), Depth, Depth - 1, less(Limit, 3), How),
    items_node({map, Pairs}, Pairs, 3);
measure(<<>>, _, _, _) ->
    {"<<>>", 4, 0, none};
measure(Bits, 1, _, How) when is_bitstring(Bits) ->
    left_out("<<...>>", 7, Bits, How);
measure(Bits, Depth, Limit, How) when is_bitstring(Bits) ->
    case How#how.strings andalso is_binary(Bits)
        andalso printable_binary(Bits, Depth - 1, less(Limit, 6), How#how.encoding) of
        {whole, latin1, Chars} ->
            text(["<<", io_lib:write_string(Chars, $"), ">>"]);
        {whole, utf8, Chars} ->
            text(["<<", io_lib:write_string(Chars, $"), "/utf8>>"]);
        {part, latin1, Chars} ->
            cut(["<<", io_lib:write_string(Chars, $"), "...>>"], Bits, Depth, How);
        {part, utf8, Chars} ->
            cut(["<<", io_lib:write_string(Chars, $"), "/utf8...>>"], Bits, Depth, How);
        false ->
            {Segments, Complete} = io_lib:bitstring_segments(Bits, Depth, Limit),
            Width = lists:sum([length(S) || S <- Segments]) + length(Segments) - 1 + 4,
            case Complete of
                true -> {{bin, Segments}, Width, 0, none};
                false -> {{bin, Segments}, Width, 3, deeper(Bits, Depth, How)}
            end
    end;
measure(Other, _, _, _) ->
    text(io_lib:write(Other)).

text(Text) ->
    {Text, io_lib:chars_length(Text), 0, none}.

cut(Text, Bits, Depth, How) ->
    {Text, io_lib:chars_length(Text), 3, deeper(Bits, Depth, How)}.

deeper(Term, Depth, How) ->
    fun(Limit, Deeper) -> measure(Term, Depth + Deeper, Limit, How) end.

atom_text(Atom, latin1) -> io_lib:write_atom_as_latin1(Atom);
atom_text(Atom, _) -> io_lib:write_atom(Atom).

string(Chars, #how{encoding = latin1}) -> io_lib:write_latin1_string(Chars, $");
string(Chars, _) -> io_lib:write_string(Chars, $").

items_node(Shape, Items, Extra) ->
    {Width, Dots} = items_width(Items, Extra, 0),
    {Shape, Width, Dots, none}.

%% The width of items with the separators between them.
items_width([], Width, Dots) ->
    {Width, Dots};
items_width([{_, W, D, _} | Items], Width, Dots) ->
    items_rest_width(Items, Width + W, Dots + D);
items_width({dots, _}, Width, Dots) ->
    {Width + 3, Dots + 3}.

items_rest_width([], Width, Dots) -> {Width, Dots};
items_rest_width([_ | _] = Items, Width, Dots) -> items_width(Items, Width + 1, Dots);
items_rest_width({dots, _}, Width, Dots) -> {Width + 4, Dots + 3};
items_rest_width({_, W, D, _}, Width, Dots) -> {Width + 1 + W, Dots + D}.

measure_list([], _, _, _) ->
    [];
measure_list(Rest, Depth, Limit, How) when Depth =:= 1; Limit =:= 0 ->
    {dots, fun(Limit1, Deeper) -> measure_list(Rest, Depth + Deeper, Limit1, How) end};
measure_list([H | T], Depth, Limit, How) ->
    Limit1 = less(Limit, case T of [] -> 0; _ -> 1 end),
    {_, Width, _, _} = Node = measure(H, Depth - 1, Limit1, How),
    [Node | measure_list(T, Depth - 1, less(Limit1, Width), How)];
measure_list(Tail, Depth, Limit, How) ->
    measure(Tail, Depth - 1, Limit, How).

measure_tuple(Tuple, Depth, Limit, How) ->
    Items = measure_list(tuple_to_list(Tuple), Depth, less(Limit, 2), How),
    IsTagged = tuple_size(Tuple) > 1 andalso is_atom(element(1, Tuple)),
    items_node({tuple, IsTagged, Items}, Items, 2).

fields_of(Tuple, #how{record_fun = Fun}) when is_function(Fun), is_atom(element(1, Tuple)) ->
    Fun(element(1, Tuple), tuple_size(Tuple) - 1);
fields_of(_, _) ->
    no.

measure_record(Tuple, Names, Depth, Limit, How) ->
    [Tag | Values] = tuple_to_list(Tuple),
    Name = [$# | atom_text(Tag, How#how.encoding)],
    NameWidth = io_lib:chars_length(Name),
    Fields = measure_fields(Names, Values, Depth - 1, less(Limit, NameWidth + 2), How),
    items_node({record, Name, NameWidth, Fields}, Fields, NameWidth + 2).

measure_fields([], [], _, _, _) ->
    [];
measure_fields(Fields, Values, Depth, Limit, How) when Depth =:= 1; Limit =:= 0 ->
    {dots, fun(Limit1, Deeper) -> measure_fields(Fields, Values, Depth + Deeper, Limit1, How) end};
measure_fields([Field | Fields], [Value | Values], Depth, Limit, How) ->
    Limit1 = less(Limit, case Values of [] -> 0; _ -> 1 end),
    Name = atom_text(Field, How#how.encoding),
    NameWidth = io_lib:chars_length(Name) + 3,
    {_, Width, _, _} = Node = field(Name, NameWidth, measure(Value, Depth - 1, less(Limit1, NameWidth), How)),
    [Node | measure_fields(Fields, Values, Depth - 1, less(Limit1, Width), How)].

field(Name, NameWidth, {_, Width, Dots, _} = Value) ->
    {{field, Name, NameWidth, Value}, NameWidth + Width, Dots, none}.

%% Depth limits the number of pairs; each pair is measured to the depth Inner.
measure_pairs([], _, _, _, _) ->
    [];
measure_pairs(Pairs, Depth, Inner, Limit, How) when Depth =:= 1; Limit =:= 0 ->
    {dots, fun(Limit1, Deeper) -> measure_pairs(Pairs, Depth + Deeper, Inner, Limit1, How) end};
measure_pairs([{Key, Value} | Pairs], Depth, Inner, Limit, How) ->
    Limit1 = less(Limit, case Pairs of [] -> 0; _ -> 1 end),
    {_, KeyWidth, _, _} = K = measure(Key, Inner, Limit1, How),
    {_, Width, _, _} = Pair = pair(K, measure(Value, Inner, less(Limit1, KeyWidth + 4), How)),
    [Pair | measure_pairs(Pairs, Depth - 1, Inner, less(Limit1, Width), How)].

pair({_, KeyWidth, KeyDots, _} = Key, {_, ValueWidth, ValueDots, _} = Value) ->
    {{pair, Key, Value}, KeyWidth + 4 + ValueWidth, KeyDots + ValueDots, none}.

%% A limit of characters made smaller; negative means none.
less(Limit, _) when Limit < 0 -> Limit;
less(Limit, N) when Limit >= N -> Limit - N;
less(_, _) -> 0.

%% What is text.

%% true, false, or {true, Prefix} where only a prefix is within the limit.
printable_list(List, Limit, latin1) when Limit < 0 ->
    io_lib:printable_latin1_list(List);
printable_list(List, Limit, _) when Limit < 0 ->
    io_lib:printable_list(List);
printable_list([_ | _], Limit, latin1) when Limit =< 2 ->
    {true, ""};
printable_list(List, Limit, latin1) ->
    Room = Limit - 2,
    case take(List, Room, []) of
        {Text, []} -> io_lib:printable_latin1_list(Text);
        {Prefix, _} when length(Prefix) =:= Room -> io_lib:printable_latin1_list(Prefix) andalso {true, Prefix};
        _ -> false
    end;
printable_list(List, Limit, _) ->
    %% Here what the reader takes for one character counts as one.
    Room = less(Limit, 2),
    try string:slice(List, 0, Room) of
        "" -> false;
        List -> io_lib:printable_list(List);
        Prefix -> begins_with(Prefix, List) andalso io_lib:printable_list(Prefix) andalso {true, Prefix}
    catch
        error:_ -> false
    end.

%% With characters of its own, not of a list or a binary within, and more to come.
begins_with([Char | Prefix], [Char | List]) -> begins_with(Prefix, List);
begins_with([], Rest) -> not string:is_empty(Rest);
begins_with(_, _) -> false.

take([H | T], N, Acc) when N > 0 -> take(T, N - 1, [H | Acc]);
take(Rest, _, Acc) -> {lists:reverse(Acc), Rest}.

%% One unit of depth shows this many characters of a binary.
-define(CHARS_PER_DEPTH, 4).

printable_binary(Bin, Depth, Limit, Encoding) ->
    Size = byte_size(Bin),
    Shown = if Depth >= 0 -> min(?CHARS_PER_DEPTH * Depth, Size); true -> Size end,
    case if Limit >= 0 -> min(Limit, Shown); true -> Shown end of
        0 -> false;
        Len when Encoding =:= latin1 -> printable_bytes(Bin, Len, Depth);
        Len -> printable_utf8(Bin, Len, Depth)
    end.

printable_bytes(Bin, Len, Depth) ->
    case printable_prefix(binary_to_list(Bin, 1, Len), fun printable_latin1/1) of
        {Chars, []} when Len =:= byte_size(Bin) -> {whole, latin1, Chars};
        {Chars, []} -> {part, latin1, Chars};
        {Chars, _} when Depth > 0, length(Chars) >= Depth -> {part, latin1, Chars};
        _ -> false
    end.

printable_utf8(Bin, Len, Depth) ->
    %% Len characters are at most 4 * Len bytes.
    Bytes = binary_to_list(Bin, 1, min(byte_size(Bin), 4 * Len)),
    case decode(Bytes, Len, []) of
        {ok, Chars, RestBytes} ->
            IsPrintable = case io:printable_range() of
                              latin1 -> fun printable_latin1/1;
                              unicode -> fun printable_unicode/1
                          end,
            case printable_prefix(Chars, IsPrintable) of
                {Text, []} when RestBytes =:= [], length(Bytes) =:= byte_size(Bin) ->
                    {whole, kind(Text), Text};
                {Text, []} when Depth > 0, length(Text) >= Depth -> {part, kind(Text), Text};
                {Text, _} when Depth > 0, length(Text) >= Depth -> {part, kind(Text), Text};
                _ -> false
            end;
        invalid ->
            printable_bytes(Bin, Len, Depth)
    end.

%% Whether each character is one byte in UTF-8.
kind(Chars) ->
    case lists:all(fun(C) -> C < 128 end, Chars) of
        true -> latin1;
        false -> utf8
    end.

printable_prefix(Chars, IsPrintable) ->
    lists:splitwith(IsPrintable, Chars).

printable_latin1(C) ->
    C >= $\s andalso C =< $~ orelse C >= 16#A0 andalso C =< 16#FF
        orelse C >= $\b andalso C =< $\r orelse C =:= $\e.

printable_unicode(C) ->
    printable_latin1(C) orelse C > 16#FF andalso C < 16#D800
        orelse C > 16#DFFF andalso C < 16#FFFE
        orelse C > 16#FFFF andalso C =< 16#10FFFF.

%% At most N characters of UTF-8.
decode([], _, Acc) ->
    {ok, lists:reverse(Acc), []};
decode(Bytes, 0, Acc) ->
    {ok, lists:reverse(Acc), Bytes};
decode([B | Bytes], N, Acc) when B < 16#80 ->
    decode(Bytes, N - 1, [B | Acc]);
decode([B1, B2 | Bytes], N, Acc)
  when B1 >= 16#C2, B1 < 16#E0, B2 band 16#C0 =:= 16#80 ->
    decode(Bytes, N - 1, [((B1 band 16#1F) bsl 6) bor (B2 band 16#3F) | Acc]);
decode([B1, B2, B3 | Bytes], N, Acc)
  when B1 >= 16#E0, B1 < 16#F0, B2 band 16#C0 =:= 16#80, B3 band 16#C0 =:= 16#80 ->
    Char = ((B1 band 16#0F) bsl 12) bor ((B2 band 16#3F) bsl 6) bor (B3 band 16#3F),
    if
        Char < 16#800; Char >= 16#D800, Char =< 16#DFFF -> invalid;
        true -> decode(Bytes, N - 1, [Char | Acc])
    end;
decode([B1, B2, B3, B4 | Bytes], N, Acc)
  when B1 >= 16#F0, B1 < 16#F5, B2 band 16#C0 =:= 16#80, B3 band 16#C0 =:= 16#80,
       B4 band 16#C0 =:= 16#80 ->
    Char = ((B1 band 16#07) bsl 18) bor ((B2 band 16#3F) bsl 12)
        bor ((B3 band 16#3F) bsl 6) bor (B4 band 16#3F),
    if
        Char < 16#10000; Char > 16#10FFFF -> invalid;
        true -> decode(Bytes, N - 1, [Char | Acc])
    end;
decode(_, _, _) ->
    invalid.
