%%% Pretty-printing of terms: what `~p`, `~P` and the shell print.
%%%
%%% A term is first measured by swerl_io_lib_measure. Then the tree that comes of it is laid out: what fits
%%% goes on the line, what does not is broken into one element to a line, short plain elements
%%% sharing lines. How far the elements of a tagged tuple and the fields of a record are indented
%%% is tried from the most generous to the narrowest: under the first element; four columns; one.
-module(io_lib_pretty).

-export([print/1, print/2, print/3, print/4, print/5, print/6]).

%% What layout needs to know: line length, the most characters on a line apart from indentation,
%% indentation after a tag (0: under the first element), and whether to give up (throw no_good)
%% where indentation leaves too little room.
-record(page, {line, max, tag, strict}).

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
    How = #{record_fun => option(record_print_fun, Options, no_fun),
            encoding => option(encoding, Options, utf8),
            strings => option(strings, Options, true)},
    print_from(Term, first_column(Column), LineLength, Depth, LineMax, CharsLimit, How);
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
    How = #{record_fun => RecordFun, encoding => latin1, strings => true},
    print_from(Term, first_column(Column), LineLength, Depth, LineMax, -1, How).

first_column(Column) when Column =< 0 -> 1;
first_column(Column) -> Column.

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
    swerl_io_lib_measure:atom(Atom, How);
print_from(Term, Column, LineLength, Depth, LineMax, CharsLimit, How)
  when is_tuple(Term); is_list(Term); is_map(Term); is_bitstring(Term) ->
    {_, Width, _, _} = Node = swerl_io_lib_measure:node(Term, Depth, CharsLimit, How),
    Max = if LineMax < 0 -> Width; true -> LineMax end,
    if
        LineLength =:= 0 -> flat(Node);
        Width < LineLength - Column, Width =< Max -> flat(Node);
        not is_integer(Column); not is_number(LineLength) -> unplaced(Node, Column, LineLength);
        true -> lay_out(Node, Column, LineLength, Max)
    end;
print_from(Term, _, _, _, _, _, _) ->
    io_lib:write(Term).

%% A column that is no integer, or a line length that is no number: the parts of a term cannot be placed.
unplaced({Shape, _, _, _} = Node, Column, _) when is_integer(Column) ->
    case has_places(Shape) orelse is_tuple(Shape) andalso element(1, Shape) =:= bin of
        true -> erlang:error(badarith);
        false -> flat(Node)
    end;
unplaced({Shape, _, _, _}, Column, LineLength) ->
    Badarith = if
                   is_float(Column) -> not is_number(LineLength) andalso has_places(Shape);
                   true -> is_tuple(Shape) andalso element(1, Shape) =/= bin
               end,
    erlang:error(if Badarith -> badarith; true -> function_clause end).

%% Whether there is a place to find for one of the parts: not for the tag of a tuple, nor for dots.
has_places({list, Items}) -> is_list(Items);
has_places({tuple, IsTagged, Items}) -> not IsTagged orelse length(shown(Items)) > 1;
has_places({map, _}) -> true;
has_places({record, _, _, _}) -> true;
has_places(_) -> false.

shown([Item | Items]) -> [Item | shown(Items)];
shown(_) -> [].

%% One line.

flat({{list, Items}, _, _, _}) ->
    [$[, flat_items(Items, $|), $]];
flat({{tuple, _, Items}, _, _, _}) ->
    [${, flat_items(Items, $,), $}];
flat({{map, Pairs}, _, _, _}) ->
    ["#{", flat_items(Pairs, $,), $}];
flat({{record, Name, _, Fields}, _, _, _}) ->
    [Name, ${, flat_items(Fields, $,), $}];
flat({{bin, Segments}, _, _, _}) ->
    ["<<", lists:join($,, Segments), ">>"];
flat({{pair, Key, Value}, _, _, _}) ->
    [flat(Key), " => ", flat(Value)];
flat({{field, Name, _, Value}, _, _, _}) ->
    [Name, " = ", flat(Value)];
flat({Text, _, _, _}) ->
    Text.

flat_items([], _) -> [];
flat_items({dots, _}, _) -> "...";
flat_items([Item | Items], Bar) -> [flat(Item) | flat_rest(Items, Bar)].

flat_rest([], _) -> [];
flat_rest({dots, _}, Bar) -> [Bar | "..."];
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

broken({Shape, Width, _, _} = Node, Column, Closing, Used, Page) ->
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
broken_shape({map, {dots, _}}, _, _, _, _) ->
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
tagged({dots, _}, _, _, _, _) ->
    "...";
tagged([{Tag, TagWidth, _, _} | Items], Column, Closing, Used, #page{tag = Indent} = Page) ->
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
record_fields({dots, _}, _, _, _, _, _) ->
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
items({dots, _}, _, _, _, _, _) ->
    "...";
items([Item | Items], Column0, Closing, Used, Bar, Page) ->
    {Text, Width} = item(Item, Column0, closing(Items, Closing), Used, Page),
    [Text | rest(Items, Column0, Column0 + Width, Closing, Used + Width, Bar, Page)].

%% An item at the start of a line. A plain one lets others follow on its line; after any other the
%% line counts as full.
item({Shape, Width, _, _} = Item, Column, Closing, Used, #page{line = Line} = Page) ->
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
rest({dots, _}, _, _, _, _, Bar, _) ->
    [Bar | "..."];
rest([{Shape, Width, _, _} = Item | Items], Column0, Column, Closing, Used, Bar, Page) ->
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
rest({Shape, Width, _, _} = Tail, Column0, Column, Closing, Used, Bar, Page) ->
    case is_list(Shape) andalso fits(Width + 1, Column, Closing + 1, Used, Page) of
        true -> [Bar | flat(Tail)];
        false when Page#page.strict -> broken(Tail, Column, Closing + 1, 0, Page);
        false -> [Bar, new_line(Column0) | broken(Tail, Column0, Closing + 1, 0, Page)]
    end.

%% The brackets that follow an item: none where other items do.
closing([_ | _], _) -> 0;
closing(_, Closing) -> Closing + 1.

is_plain({pair, {Key, _, _, _}, {Value, _, _, _}}) -> is_list(Key) andalso is_list(Value);
is_plain({field, _, _, {Value, _, _, _}}) -> is_list(Value);
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
