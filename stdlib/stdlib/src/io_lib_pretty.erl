%%% Pretty-printing of terms: what `~p`, `~P` and the shell print.
%%%
%%% A term is first measured: it becomes a tree of nodes, each with the width it takes on one line,
%%% already cut to the wanted depth or number of characters. Then the tree is laid out: what fits
%%% goes on the line, what does not is broken into one element to a line, short plain elements
%%% sharing lines. How far the elements of a tagged tuple and the fields of a record are indented
%%% is tried from the most generous to the narrowest: under the first element; four columns; one.
-module(io_lib_pretty).

-export([print/1, print/2, print/3, print/4, print/5, print/6]).

%% What measuring needs to know.
-record(how, {record_fun, encoding, strings}).

%% What layout needs to know: line length, the most characters on a line apart from indentation,
%% indentation after a tag (0: under the first element), and whether to give up (throw no_good)
%% where indentation leaves too little room.
-record(page, {line, max, tag, strict}).

%% A node is {Shape, Width, Dots}: Dots counts the characters that stand for something left out.
%% Shape is text (a list), or one of
%%   {list, Items} {tuple, IsTagged, Items} {map, Pairs} {record, Name, NameWidth, Fields}
%%   {bin, Segments} {pair, KeyNode, ValueNode} {field, Name, NameWidth, Node}
%% Items is a list of nodes that may end in a node (improper list) or in the atom dots.

%% @doc Prints a term from column 1 of an 80 column line, with no limit of depth.
print(Term) ->
    print(Term, 1, 80, -1).

%% @doc Prints a term by options, or with a function that gives the field names of records.
print(Term, Options) when is_list(Options) ->
    Column = option(column, Options, 1),
    LineLength = option(line_length, Options, 80),
    Depth = option(depth, Options, -1),
    LineMax = option(line_max_chars, Options, -1),
    CharsLimit = option(chars_limit, Options, -1),
    How = #how{record_fun = option(record_print_fun, Options, no_fun),
               encoding = option(encoding, Options, utf8),
               strings = option(strings, Options, true)},
    print_from(Term, max(Column, 1), LineLength, Depth, LineMax, CharsLimit, How);
print(Term, RecordFun) ->
    print(Term, -1, RecordFun).

%% @doc As print/2, to a depth.
print(Term, Depth, RecordFun) ->
    print(Term, 1, 80, Depth, RecordFun).

%% @doc Prints a term from a column, for a line length, to a depth (-1: all of it).
print(Term, Column, LineLength, Depth) ->
    print(Term, Column, LineLength, Depth, no_fun).

%% @doc As print/4, with a function that gives the field names of records.
print(Term, Column, LineLength, Depth, RecordFun) ->
    print(Term, Column, LineLength, Depth, -1, RecordFun).

%% @doc As print/5, with the most characters that a line may hold apart from its indentation.
print(Term, Column, LineLength, Depth, LineMax, RecordFun) ->
    How = #how{record_fun = RecordFun, encoding = latin1, strings = true},
    print_from(Term, max(Column, 1), LineLength, Depth, LineMax, -1, How).

option(Key, Options, Default) ->
    case lists:keyfind(Key, 1, Options) of
        {Key, Value} -> Value;
        _ -> Default
    end.

print_from(_, _, _, 0, _, _, _) ->
    "...";
print_from(_, _, _, _, _, 0, _) ->
    "...";
print_from(Atom, _, _, _, _, _, How) when is_atom(Atom) ->
    atom(Atom, How);
print_from(Term, Column, LineLength, Depth, LineMax, CharsLimit, How)
  when is_tuple(Term); is_list(Term); is_map(Term); is_bitstring(Term) ->
    {_, Width, _} = Node = measure_within(Term, Depth, CharsLimit, How),
    Max = if LineMax < 0 -> Width; true -> LineMax end,
    if
        LineLength =:= 0 -> flat(Node);
        Width < LineLength - Column, Width =< Max -> flat(Node);
        not is_integer(Column); not is_number(LineLength) -> unplaced(Node, Column);
        true -> lay_out(Node, Column, LineLength, Max)
    end;
print_from(Term, _, _, _, _, _, _) ->
    io_lib:write(Term).

%% A column or a line length that is no number: the parts of a term cannot be placed, a text and bits have no parts.
unplaced({What, _, _} = Node, Column) ->
    IsText = is_list(What) orelse lists:flatten(flat(Node)) =:= "[...]",
    HasParts = not IsText andalso (element(1, What) =/= bin orelse is_integer(Column)),
    if
        HasParts, not is_float(Column) -> erlang:error(badarith);
        is_integer(Column) -> flat(Node);
        true -> erlang:error(function_clause)
    end.

%% Measuring.

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
    text(atom(Atom, How));
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

atom(Atom, #how{encoding = latin1}) -> io_lib:write_atom_as_latin1(Atom);
atom(Atom, _) -> io_lib:write_atom(Atom).

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
    Name = [$# | atom(Tag, How)],
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
    Name = atom(Field, How),
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

%% One line.

flat({{list, Items}, _, _}) ->
    [$[, flat_items(Items, $|), $]];
flat({{tuple, _, Items}, _, _}) ->
    [${, flat_items(Items, $,), $}];
flat({{map, Pairs}, _, _}) ->
    ["#{", flat_items(Pairs, $,), $}];
flat({{record, Name, _, Fields}, _, _}) ->
    [Name, ${, flat_items(Fields, $,), $}];
flat({{bin, Segments}, _, _}) ->
    ["<<", lists:join($,, Segments), ">>"];
flat({{pair, Key, Value}, _, _}) ->
    [flat(Key), " => ", flat(Value)];
flat({{field, Name, _, Value}, _, _}) ->
    [Name, " = ", flat(Value)];
flat({Text, _, _}) ->
    Text.

flat_items([], _) -> [];
flat_items(dots, _) -> "...";
flat_items([Item | Items], Bar) -> [flat(Item) | flat_rest(Items, Bar)].

flat_rest([], _) -> [];
flat_rest(dots, Bar) -> [Bar | "..."];
flat_rest([Item | Items], Bar) -> [$,, flat(Item) | flat_rest(Items, Bar)];
flat_rest(Tail, Bar) -> [Bar, flat(Tail)].

%% Several lines.
%%
%% Column is where the text begins and also what broken lines are indented to; Closing is the
%% number of brackets that follow the text on its line; Used is the number of characters on the
%% line so far, indentation not counted.

lay_out(Node, Column, LineLength, Max) ->
    Page = #page{line = LineLength, max = Max, tag = 1, strict = false},
    try_tags([0, 4], Node, Column, Page).

try_tags([Tag | Tags], Node, Column, Page) ->
    try broken(Node, Column, 0, 0, Page#page{tag = Tag, strict = true}) of
        _ -> broken(Node, Column, 0, 0, Page#page{tag = Tag})
    catch
        throw:no_good -> try_tags(Tags, Node, Column, Page)
    end;
try_tags([], Node, Column, Page) ->
    broken(Node, Column, 0, 0, Page).

fits(Width, Column, Closing, Used, #page{line = Line, max = Max}) ->
    Width < Line - Column - Closing andalso Width + Used + Closing =< Max.

broken({Shape, Width, _} = Node, Column, Closing, Used, Page) ->
    case fits(Width, Column, Closing, Used, Page) of
        true -> flat(Node);
        false -> broken_shape(Shape, Column, Closing, Used, Page)
    end.

broken_shape({list, Items}, Column, Closing, Used, Page) ->
    [$[, items(Items, Column + 1, Closing, Used + 1, $|, Page), $]];
broken_shape({tuple, false, Items}, Column, Closing, Used, Page) ->
    [${, items(Items, Column + 1, Closing, Used + 1, $,, Page), $}];
broken_shape({tuple, true, Items}, Column, Closing, Used, Page) ->
    [${, tagged(Items, Column, Closing, Used + 1, Page), $}];
broken_shape({map, dots}, _, _, _, _) ->
    "#{...}";
broken_shape({map, [Pair | Pairs]}, Column0, Closing, Used0, Page) ->
    %% What OTP 25 counts as used on the first line is one thing when it tries a layout, another
    %% when it prints.
    Column = Column0 + 2,
    Used1 = Used0 + if Page#page.strict -> 2; true -> 1 end,
    {Text, Width} = item(Pair, Column, closing(Pairs, Closing), Used1, Page),
    Used = Width + if Page#page.strict -> Used1; true -> 0 end,
    ["#{", Text, rest(Pairs, Column, Column + Width, Closing, Used, $,, Page), $}];
broken_shape({record, Name, NameWidth, Fields}, Column, Closing, Used, Page) ->
    [Name, ${, record_fields(Fields, NameWidth, Column, Closing, Used + NameWidth + 1, Page), $}];
broken_shape({bin, Segments}, Column, Closing, Used, Page) ->
    Room = max(8, min(Page#page.line - Column - 2, Page#page.max - 4 - Used) - Closing),
    ["<<", segments(Segments, Room, Room, Column + 2), ">>"];
broken_shape({pair, Key, Value}, Column, Closing, Used, Page) ->
    Indent = case Page#page.tag of 0 -> 4; Tag -> Tag end,
    [broken(Key, Column, Closing, Used, Page), " =>", new_line(Column + Indent)
     | broken(Value, Column + Indent, Closing, 0, Page)];
broken_shape({field, Name, NameWidth, Value}, Column0, Closing, Used0, Page) ->
    {Column, NewLine, Used} = after_name(NameWidth, Column0, Used0 + NameWidth, Page),
    Equals = case NewLine of [] -> " = "; _ -> " =" end,
    [Name, Equals, NewLine | broken(Value, Column, Closing, Used, Page)];
broken_shape(Text, _, _, _, _) ->
    Text.

%% A tuple whose first element is an atom; Used counts the brace.
tagged(dots, _, _, _, _) ->
    "...";
tagged([{Tag, TagWidth, _} | Items], Column, Closing, Used, #page{tag = Indent} = Page) ->
    Under = Column + TagWidth + 2,
    if
        Indent > 0, TagWidth + 2 > Indent ->
            Column1 = Column + Indent,
            check_room(Column1, Page),
            [Tag | rest(Items, Column1, Under, Closing, Used + TagWidth, $,, Page)];
        true ->
            check_room_under(Under, Page),
            [Tag, $, | items(Items, Under, Closing, Used + TagWidth + 1, $,, Page)]
    end.

%% Indented text must have room for a full line or start in the left half of the page.
check_room(_, #page{strict = false}) -> ok;
check_room(Column, #page{line = Line, max = Max}) when Max + Column =< Line; Column =< Line div 2 -> ok;
check_room(_, _) -> throw(no_good).

check_room_under(_, #page{strict = false}) -> ok;
check_room_under(Column, #page{line = Line, max = Max}) when Max + Column < Line; Column < Line div 2 -> ok;
check_room_under(_, _) -> throw(no_good).

record_fields([], _, _, _, _, _) ->
    "";
record_fields(dots, _, _, _, _, _) ->
    "...";
record_fields(Fields, NameWidth, Column0, Closing, Used0, Page) ->
    {Column, NewLine, Used} = after_name(NameWidth + 1, Column0, Used0, Page),
    [NewLine, items(Fields, Column, Closing, Used, $,, Page)].

%% Where what follows a name of this width goes: beside it, or on a line of its own.
after_name(Width, Column0, Used, #page{tag = Tag} = Page) ->
    OwnLine = Tag > 0 andalso Width > Tag,
    Column = Column0 + if OwnLine -> Tag; true -> Width end,
    check_room(Column, Page),
    if
        OwnLine -> {Column, new_line(Column), 0};
        true -> {Column, [], Used}
    end.

%% Items one after the other, Column0 being where new lines begin.
items([], _, _, _, _, _) ->
    [];
items(dots, _, _, _, _, _) ->
    "...";
items([Item | Items], Column0, Closing, Used, Bar, Page) ->
    {Text, Width} = item(Item, Column0, closing(Items, Closing), Used, Page),
    [Text | rest(Items, Column0, Column0 + Width, Closing, Used + Width, Bar, Page)].

%% An item at the start of a line. A plain one lets others follow on its line; after any other the
%% line counts as full.
item({Shape, Width, _} = Item, Column, Closing, Used, #page{line = Line} = Page) ->
    case fits(Width, Column, Closing, Used, Page) of
        true ->
            case is_plain(Shape) of
                true -> {flat(Item), Width};
                false -> {flat(Item), Line}
            end;
        false ->
            {broken_shape(Shape, Column, Closing, Used, Page), Line}
    end.

rest([], _, _, _, _, _, _) ->
    [];
rest(dots, _, _, _, _, Bar, _) ->
    [Bar | "..."];
rest([{Shape, Width, _} = Item | Items], Column0, Column, Closing, Used, Bar, Page) ->
    Closing1 = closing(Items, Closing),
    %% A comma is to be followed by this item, and this item by a comma or by brackets.
    case is_plain(Shape) andalso fits(Width + 1, Column, max(Closing1, 1), Used, Page) of
        true ->
            [$,, flat(Item)
             | rest(Items, Column0, Column + Width + 1, Closing, Used + Width + 1, Bar, Page)];
        false ->
            {Text, Width1} = item(Item, Column0, Closing1, 0, Page),
            [$,, new_line(Column0), Text
             | rest(Items, Column0, Column0 + Width1, Closing, Width1, Bar, Page)]
    end;
rest({Shape, Width, _} = Tail, Column0, Column, Closing, Used, Bar, Page) ->
    case is_list(Shape) andalso fits(Width + 1, Column, Closing + 1, Used, Page) of
        true -> [Bar | flat(Tail)];
        false -> [Bar, new_line(Column0) | broken(Tail, Column0, Closing + 1, 0, Page)]
    end.

%% The brackets that follow an item: none where other items do.
closing([_ | _], _) -> 0;
closing(_, Closing) -> Closing + 1.

is_plain({pair, {Key, _, _}, {Value, _, _}}) -> is_list(Key) andalso is_list(Value);
is_plain({field, _, _, {Value, _, _}}) -> is_list(Value);
is_plain(Shape) -> is_list(Shape).

segments([Last], Room, _, Column) ->
    case length(Last) > Room of
        true -> [new_line(Column), Last];
        false -> Last
    end;
segments([Segment | Segments], Room, Whole, Column) ->
    Width = length(Segment) + 1,
    case Room - Width of
        Left when Left < 0 ->
            [new_line(Column), Segment, $, | segments(Segments, Whole - Width, Whole, Column)];
        Left ->
            [Segment, $, | segments(Segments, Left, Whole, Column)]
    end.

new_line(Column) ->
    [$\n | lists:duplicate(Column - 1, $\s)].
