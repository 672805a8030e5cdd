%%% The measuring of terms that are to be printed.
%%%
%%% A term becomes a tree of nodes, each with the width it takes on one line, already cut to the wanted depth or number of
%%% characters.
%%%
%%% A node is {Shape, Width, Dots}: Dots counts the characters that stand for something left out. Shape is text (a list),
%%% or one of
%%%
%%%     {list, Items} {tuple, IsTagged, Items} {map, Pairs} {record, Name, NameWidth, Fields}
%%%     {bin, Segments} {pair, KeyNode, ValueNode} {field, Name, NameWidth, Node}
%%%
%%% Items is a list of nodes that may end in a node (improper list) or in the atom dots.
-module(swerl_io_lib_measure).

-export([node/4, atom/2]).

%% What measuring needs to know.
-record(how, {record_fun, encoding, strings}).

%% The node of a term, cut to a depth and to a number of characters (-1: all of it).
node(Term, Depth, Limit, #{record_fun := RecordFun, encoding := Encoding, strings := Strings}) ->
    measure_within(Term, Depth, Limit, #how{record_fun = RecordFun, encoding = Encoding, strings = Strings}).

%% The text of an atom.
atom(Atom, #{encoding := Encoding}) -> atom_text(Atom, Encoding).

%% With a limit of characters, the greatest depth is sought that stays within the limit.
measure_within(Term, Depth, Limit, How) when Limit < 0 ->
    measure(Term, Depth, Limit, How);
measure_within(Term, Depth, Limit, How) ->
    {_, Width, Dots} = Node = measure(Term, 1, Limit, How),
    if
        Dots =:= 0; Width > Limit; Depth =:= 1 -> Node;
        true -> deepen(Node, 1, 4, Term, Depth, Limit, How)
    end.

%% Node, measured to depth Low, is within the limit but not complete.
deepen({_, Width, _} = Node, Low, Step, Term, Depth, Limit, How) ->
    High = if Depth < 0 -> Low + Step; true -> min(Low + Step, Depth) end,
    case measure(Term, High, Limit, How) of
        {_, _, 0} = Whole -> Whole;
        {_, Width, _} = Same -> Same;
        {_, Width1, _} = Next when Width1 =< Limit, High < Depth orelse Depth < 0 ->
            deepen(Next, High, Step * 2, Term, Depth, Limit, How);
        Next -> between(Node, Low, Next, High, Term, Limit, How)
    end.

between({_, Limit, _} = Lower, Low, _, High, _, Limit, _) when High - Low =< 1 ->
    Lower;
between(_, Low, Upper, High, _, _, _) when High - Low =< 1 ->
    Upper;
between(Lower, Low, Upper, High, Term, Limit, How) ->
    Middle = (Low + High) div 2,
    case measure(Term, Middle, Limit, How) of
        {_, Width, _} = Node when Width > Limit ->
            between(Lower, Low, Node, Middle, Term, Limit, How);
        Node ->
            between(Node, Middle, Upper, High, Term, Limit, How)
    end.

measure([], _, _, _) ->
    {"[]", 2, 0};
measure({}, _, _, _) ->
    {"{}", 2, 0};
measure(Atom, _, _, How) when is_atom(Atom) ->
    text(atom_text(Atom, How#how.encoding));
measure(List, Depth, Limit, How) when is_list(List) ->
    case How#how.strings andalso printable_list(List, Depth, Limit, How#how.encoding) of
        true ->
            text(string(List, How));
        {true, Prefix} ->
            text([string(Prefix, How) | "..."]);
        false ->
            items_node(list, measure_list(List, Depth, less(Limit, 2), How), 2)
    end;
measure(Tuple, Depth, Limit, How) when is_tuple(Tuple) ->
    case fields_of(Tuple, How) of
        no -> measure_tuple(Tuple, Depth, Limit, How);
        Fields -> measure_record(Tuple, Fields, Depth, Limit, How)
    end;
measure(Map, Depth, Limit, How) when is_map(Map) ->
    if
        map_size(Map) =:= 0 -> {"#{}", 3, 0};
        Depth =:= 1 -> {"#{...}", 6, 3};
        true ->
            Pairs = measure_pairs(io_lib:map_pairs(Map), Depth, Depth - 1, less(Limit, 3), How),
            items_node(map, Pairs, 3)
    end;
measure(<<>>, _, _, _) ->
    {"<<>>", 4, 0};
measure(Bits, 1, _, _) when is_bitstring(Bits) ->
    {"<<...>>", 7, 3};
measure(Bits, Depth, Limit, How) when is_bitstring(Bits) ->
    case How#how.strings andalso is_binary(Bits)
        andalso printable_binary(Bits, Depth - 1, less(Limit, 6), How#how.encoding) of
        {whole, latin1, Chars} ->
            text(["<<", io_lib:write_string(Chars, $"), ">>"]);
        {whole, utf8, Chars} ->
            text(["<<", io_lib:write_string(Chars, $"), "/utf8>>"]);
        {part, latin1, Chars} ->
            cut_text(["<<", io_lib:write_string(Chars, $"), "...>>"]);
        {part, utf8, Chars} ->
            cut_text(["<<", io_lib:write_string(Chars, $"), "/utf8...>>"]);
        false ->
            {Segments, Complete} = io_lib:bitstring_segments(Bits, Depth, Limit),
            Width = lists:sum([length(S) || S <- Segments]) + length(Segments) - 1 + 4,
            {{bin, Segments}, Width, if Complete -> 0; true -> 3 end}
    end;
measure(Other, _, _, _) ->
    text(io_lib:write(Other)).

text(Text) ->
    {Text, io_lib:chars_length(Text), 0}.

cut_text(Text) ->
    {Text, io_lib:chars_length(Text), 3}.

atom_text(Atom, latin1) -> io_lib:write_atom_as_latin1(Atom);
atom_text(Atom, _) -> io_lib:write_atom(Atom).

string(Chars, #how{encoding = latin1}) -> io_lib:write_latin1_string(Chars, $");
string(Chars, _) -> io_lib:write_string(Chars, $").

items_node(Shape, Items, Extra) ->
    {Width, Dots} = items_width(Items, Extra, 0),
    {{Shape, Items}, Width, Dots}.

%% The width of items with the separators between them.
items_width([], Width, Dots) ->
    {Width, Dots};
items_width([{_, W, D} | Items], Width, Dots) ->
    items_rest_width(Items, Width + W, Dots + D);
items_width(dots, Width, Dots) ->
    {Width + 3, Dots + 3}.

items_rest_width([], Width, Dots) -> {Width, Dots};
items_rest_width([_ | _] = Items, Width, Dots) -> items_width(Items, Width + 1, Dots);
items_rest_width(dots, Width, Dots) -> {Width + 4, Dots + 3};
items_rest_width({_, W, D}, Width, Dots) -> {Width + 1 + W, Dots + D}.

measure_list([], _, _, _) ->
    [];
measure_list(_, 1, _, _) ->
    dots;
measure_list(_, _, 0, _) ->
    dots;
measure_list([H | T], Depth, Limit, How) ->
    Limit1 = less(Limit, case T of [] -> 0; _ -> 1 end),
    {_, Width, _} = Node = measure(H, Depth - 1, Limit1, How),
    [Node | measure_list(T, Depth - 1, less(Limit1, Width), How)];
measure_list(Tail, Depth, Limit, How) ->
    measure(Tail, Depth - 1, Limit, How).

measure_tuple(_, 1, _, _) ->
    {"{...}", 5, 3};
measure_tuple(Tuple, Depth, Limit, How) ->
    Items = measure_list(tuple_to_list(Tuple), Depth, less(Limit, 2), How),
    IsTagged = tuple_size(Tuple) > 1 andalso is_atom(element(1, Tuple)),
    {Width, Dots} = items_width(Items, 2, 0),
    {{tuple, IsTagged, Items}, Width, Dots}.

fields_of(Tuple, #how{record_fun = Fun}) when is_function(Fun), is_atom(element(1, Tuple)) ->
    Fun(element(1, Tuple), tuple_size(Tuple) - 1);
fields_of(_, _) ->
    no.

measure_record(_, _, 1, _, _) ->
    {"{...}", 5, 3};
measure_record(Tuple, Names, Depth, Limit, How) ->
    [Tag | Values] = tuple_to_list(Tuple),
    Name = [$# | atom_text(Tag, How#how.encoding)],
    NameWidth = io_lib:chars_length(Name),
    Fields = measure_fields(Names, Values, Depth - 1, less(Limit, NameWidth + 2), How),
    {Width, Dots} = items_width(Fields, NameWidth + 2, 0),
    {{record, Name, NameWidth, Fields}, Width, Dots}.

measure_fields([], [], _, _, _) ->
    [];
measure_fields(_, _, 1, _, _) ->
    dots;
measure_fields(_, _, _, 0, _) ->
    dots;
measure_fields([Field | Fields], [Value | Values], Depth, Limit, How) ->
    Limit1 = less(Limit, case Values of [] -> 0; _ -> 1 end),
    Name = atom_text(Field, How#how.encoding),
    NameWidth = io_lib:chars_length(Name) + 3,
    {_, ValueWidth, Dots} = Node = measure(Value, Depth - 1, less(Limit1, NameWidth), How),
    Width = NameWidth + ValueWidth,
    [{{field, Name, NameWidth, Node}, Width, Dots}
     | measure_fields(Fields, Values, Depth - 1, less(Limit1, Width), How)].

%% Depth limits the number of pairs; each pair is measured to the depth Inner.
measure_pairs([], _, _, _, _) ->
    [];
measure_pairs(_, 1, _, _, _) ->
    dots;
measure_pairs(_, _, _, 0, _) ->
    dots;
measure_pairs([{Key, Value} | Pairs], Depth, Inner, Limit, How) ->
    Limit1 = less(Limit, case Pairs of [] -> 0; _ -> 1 end),
    {_, KeyWidth, KeyDots} = K = measure(Key, Inner, Limit1, How),
    {_, ValueWidth, ValueDots} = V = measure(Value, Inner, less(Limit1, KeyWidth + 4), How),
    Width = KeyWidth + 4 + ValueWidth,
    [{{pair, K, V}, Width, KeyDots + ValueDots}
     | measure_pairs(Pairs, Depth - 1, Inner, less(Limit1, Width), How)].

%% A limit of characters made smaller; negative means none.
less(Limit, _) when Limit < 0 -> Limit;
less(Limit, N) when Limit >= N -> Limit - N;
less(_, _) -> 0.

%% What is text.

%% true, false, or {true, Prefix} where only a prefix is within the limit.
printable_list(_, 1, _, _) ->
    false;
printable_list(List, _, Limit, Encoding) when Limit < 0 ->
    case Encoding of
        latin1 -> io_lib:printable_latin1_list(List);
        _ -> io_lib:printable_list(List)
    end;
printable_list([_ | _], _, Limit, latin1) when Limit =< 2 ->
    {true, ""};
printable_list(List, _, Limit, Encoding) ->
    Room = less(Limit, 2),
    case take(List, Room, []) of
        {[], _} -> false;
        {Prefix, Rest} ->
            Printable = case Encoding of
                            latin1 -> io_lib:printable_latin1_list(Prefix);
                            _ -> io_lib:printable_list(Prefix)
                        end,
            case Rest of
                [] -> Printable;
                _ when Printable, length(Prefix) =:= Room -> {true, Prefix};
                _ -> false
            end
    end.

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
