%%% Text of terms, and the pieces that the io modules share.
%%%
%%% Writing (`~w`) is here; format strings are in io_lib_format, line breaking (`~p`) in
%%% io_lib_pretty, reading by format in io_lib_fread. The functions named collect_* and get_until
%%% are the continuations by which an io server gathers its input.
-module(io_lib).

-export([fwrite/2, fwrite/3, format/2, format/3, fread/2, fread/3, scan_format/2,
         unscan_format/1, build_text/1, build_text/2, print/1, print/4, print/6]).
-export([write/1, write/2, write/3, write_atom/1, write_atom_as_latin1/1, write_string/1,
         write_string/2, write_latin1_string/1, write_latin1_string/2, write_string_as_latin1/1,
         write_string_as_latin1/2, write_char/1, write_latin1_char/1, write_char_as_latin1/1,
         write_binary/3, bitstring_segments/3, map_pairs/1, quote_atom/2, nl/0, indentation/2, limit_term/2,
         format_prompt/1, format_prompt/2, chars_length/1]).
-export([char_list/1, latin1_char_list/1, deep_char_list/1, deep_latin1_char_list/1,
         deep_unicode_char_list/1, printable_list/1, printable_latin1_list/1,
         printable_unicode_list/1, rchars/3]).
-export([collect_chars/3, collect_chars/4, collect_line/3, collect_line/4, collect_line_no_eol/4,
         get_until/3, get_until/4]).

%% Formatting.

%% @doc The text of a format and its arguments.
format(Format, Args) ->
    try
        io_lib_format:fwrite(Format, Args)
    catch
        error:_ -> erlang:error(badarg, [Format, Args])
    end.

%% @doc As format/2, with options.
format(Format, Args, Options) ->
    try
        io_lib_format:fwrite(Format, Args, Options)
    catch
        error:_ -> erlang:error(badarg, [Format, Args, Options])
    end.

%% @doc The same as format/2.
fwrite(Format, Args) ->
    format(Format, Args).

%% @doc The same as format/3.
fwrite(Format, Args, Options) ->
    format(Format, Args, Options).

%% @doc Reads terms from a string by a format.
fread(Format, Chars) ->
    io_lib_fread:fread(Format, Chars).

%% @doc Reads terms by a format from characters that come in pieces.
fread(Continuation, Chars, Format) ->
    io_lib_fread:fread(Continuation, Chars, Format).

%% @doc The parts of a format: characters, and a map for each control sequence.
scan_format(Format, Args) ->
    try
        io_lib_format:scan(Format, Args)
    catch
        error:_ -> erlang:error(badarg, [Format, Args])
    end.

%% @doc The format and arguments of what scan_format/2 gave.
unscan_format(Parts) ->
    io_lib_format:unscan(Parts).

%% @doc The text of what scan_format/2 gave.
build_text(Parts) ->
    try
        io_lib_format:build(Parts)
    catch
        error:_ -> erlang:error(badarg, [Parts])
    end.

%% @doc As build_text/1, with options.
build_text(Parts, Options) ->
    try
        io_lib_format:build(Parts, Options)
    catch
        error:_ -> erlang:error(badarg, [Parts, Options])
    end.

%% @doc The text of a term as `~p` prints it.
print(Term) ->
    io_lib_pretty:print(Term).

%% @doc As print/1, from a column, for a line length, to a depth.
print(Term, Column, LineLength, Depth) ->
    io_lib_pretty:print(Term, Column, LineLength, Depth).

%% @doc As print/4; the old form with an encoding and whether lists may be shown as strings.
print(Term, Column, LineLength, Depth, Encoding, Strings) ->
    io_lib_pretty:print(Term, [{column, Column}, {line_length, LineLength}, {depth, Depth},
                               {encoding, Encoding}, {strings, Strings}]).

%% @doc A line break.
nl() ->
    "\n".

%% @doc The column after text that begins at a column.
indentation([$\n | Text], _) -> indentation(Text, 0);
indentation([$\t | Text], Column) -> indentation(Text, (Column div 8 + 1) * 8);
indentation([Char | Text], Column) when is_integer(Char) -> indentation(Text, Column + 1);
indentation([Deep | Text], Column) -> indentation(Text, indentation(Deep, Column));
indentation([], Column) -> Column.

%% @doc The number of characters of text.
chars_length(Text) ->
    try
        iolist_size(Text)
    catch
        error:badarg -> string:length(Text)
    end.

%% @doc A prompt as text.
format_prompt(Prompt) ->
    format_prompt(Prompt, latin1).

%% @doc A prompt as text; {format, Format, Args} is formatted, other terms are printed.
format_prompt({format, Format, Args}, _) ->
    case catch format(Format, Args) of
        Text when is_list(Text) -> Text;
        _ -> "???"
    end;
format_prompt(Prompt, Encoding) when is_list(Prompt); is_binary(Prompt); is_atom(Prompt) ->
    case catch format(case Encoding of latin1 -> "~s"; _ -> "~ts" end, [Prompt]) of
        Text when is_list(Text) -> Text;
        _ -> "???"
    end;
format_prompt(Prompt, Encoding) ->
    format(case Encoding of latin1 -> "~p"; _ -> "~tp" end, [Prompt]).

%% Writing. The machine writes terms without unusual characters, up to so many of them.

-define(SIMPLE, 4000).

%% @doc The text of a term, as `~w` writes it.
write(Term) ->
    case io_lib:simple_text(Term, false, ?SIMPLE) of
        false -> written(Term, -1, latin1);
        Text -> Text
    end.

%% @doc As write/1, by options or to a depth.
write(Term, Options) when is_list(Options) ->
    Depth = option(depth, Options, -1),
    Encoding = option(encoding, Options, utf8),
    case option(chars_limit, Options, -1) of
        0 -> "...";
        Limit when Limit < 0 -> written(Term, Depth, Encoding);
        Limit ->
            io_lib_pretty:print(Term, [{line_length, 0}, {depth, Depth}, {strings, false},
                                       {chars_limit, Limit}, {encoding, Encoding}])
    end;
write(Term, Depth) ->
    written(Term, Depth, latin1).

%% @doc As write/2, to a depth; where that is wanted as print/4 does it, in lines of 80 characters.
write(Term, Depth, true) -> io_lib_pretty:print(Term, 1, 80, Depth);
write(Term, Depth, false) -> write(Term, Depth).

option(Key, Options, Default) ->
    case lists:keyfind(Key, 1, Options) of
        {Key, Value} -> Value;
        _ -> Default
    end.

written(_, 0, _) ->
    "...";
written(Term, _, _) when is_integer(Term) ->
    integer_to_list(Term);
written(Term, _, _) when is_float(Term) ->
    io_lib_format:fwrite_g(Term);
written(Atom, _, latin1) when is_atom(Atom) ->
    write_atom_as_latin1(Atom);
written(Atom, _, _) when is_atom(Atom) ->
    write_atom(Atom);
written(Term, _, _) when is_port(Term) ->
    erlang:port_to_list(Term);
written(Term, _, _) when is_pid(Term) ->
    pid_to_list(Term);
written(Term, _, _) when is_reference(Term) ->
    erlang:ref_to_list(Term);
written(Bits, Depth, _) when is_bitstring(Bits), is_integer(Depth) ->
    write_bits(Bits, Depth);
written([], _, _) ->
    "[]";
written({}, _, _) ->
    "{}";
written([_ | _], 1, _) ->
    "[...]";
written([H | T], Depth, Encoding) ->
    [$[, written(H, Depth - 1, Encoding), written_tail(T, Depth - 1, $|, Encoding), $]];
written(Fun, _, _) when is_function(Fun) ->
    erlang:fun_to_list(Fun);
written(Map, Depth, _) when is_map(Map), Depth =:= 1; map_size(Map) =:= 0, is_integer(Depth) ->
    "#{}";
written(Map, Depth, Encoding) when is_map(Map), is_integer(Depth) ->
    ["#{", written_pairs(map_pairs(Map), Depth - 1, Encoding), $}];
written(Tuple, 1, _) when is_tuple(Tuple) ->
    "{...}";
written(Tuple, Depth, Encoding) when is_tuple(Tuple) ->
    [First | Rest] = tuple_to_list(Tuple),
    [${, written(First, Depth - 1, Encoding), written_tail(Rest, Depth - 1, $,, Encoding), $}].

written_tail([], _, _, _) -> "";
written_tail(_, 1, Bar, _) -> [Bar | "..."];
written_tail([H | T], Depth, Bar, Encoding) ->
    [$,, written(H, Depth - 1, Encoding) | written_tail(T, Depth - 1, Bar, Encoding)];
written_tail(Tail, Depth, Bar, Encoding) ->
    [Bar, written(Tail, Depth - 1, Encoding)].

written_pairs([{Key, Value} | Pairs], Depth, Encoding) ->
    [written(Key, Depth, Encoding), " => ", written(Value, Depth, Encoding)
     | written_more_pairs(Pairs, Depth, Depth, Encoding)].

written_more_pairs(_, 1, _, _) ->
    ",...";
written_more_pairs([{Key, Value} | Pairs], Left, Depth, Encoding) ->
    [$,, written(Key, Depth, Encoding), " => ", written(Value, Depth, Encoding)
     | written_more_pairs(Pairs, Left - 1, Depth, Encoding)];
written_more_pairs([], _, _, _) ->
    "".

%% @doc The pairs of a map in the order in which they are printed.
map_pairs(Map) ->
    lists:reverse(maps:fold(fun(Key, Value, Pairs) -> [{Key, Value} | Pairs] end, [], Map)).

write_bits(<<>>, _) ->
    "<<>>";
write_bits(_, 1) ->
    "<<...>>";
write_bits(Bits, Depth) ->
    {Segments, _} = bitstring_segments(Bits, Depth, -1),
    ["<<", lists:join($,, Segments), ">>"].

%% @doc The text of a bit string to a depth, and what was left out.
write_binary(Bits, Depth, Limit) ->
    {Segments, Complete} = bitstring_segments(Bits, Depth, Limit),
    {["<<", lists:join($,, Segments), ">>"], if Complete -> <<>>; true -> Bits end}.

%% @doc The texts of the bytes of a bit string; and whether they are all there.
bitstring_segments(Bits, Depth, Limit) ->
    Most = if is_float(Depth); Depth < 0 -> byte_size(Bits); true -> max(Depth - 1, 1) end,
    segments(erlang:bitstring_to_list(Bits), Most, if Limit < 0 -> Limit; true -> max(Limit - 4, 0) end).

segments([], _, _) ->
    {[], true};
segments(_, Most, Limit) when Most =:= 0; Limit =:= 0 ->
    {["..."], false};
segments([Byte | Rest], Most, Limit) when is_integer(Byte) ->
    Text = integer_to_list(Byte),
    Limit1 = if Limit < 0 -> Limit; true -> max(0, Limit - length(Text) - 1) end,
    {Texts, Complete} = segments(Rest, Most - 1, Limit1),
    {[Text | Texts], Complete};
segments([Bits], _, _) ->
    Size = bit_size(Bits),
    %% The value of the odd bits: zeros put before them make a byte.
    [Value] = binary_to_list(list_to_bitstring([zeros(8 - Size), Bits])),
    {[integer_to_list(Value) ++ ":" ++ integer_to_list(Size)], true}.

zeros(1) -> <<0:1>>;
zeros(2) -> <<0:2>>;
zeros(3) -> <<0:3>>;
zeros(4) -> <<0:4>>;
zeros(5) -> <<0:5>>;
zeros(6) -> <<0:6>>;
zeros(7) -> <<0:7>>.

%% Atoms.

%% @doc The text of an atom, quoted where needed.
write_atom(Atom) ->
    Chars = atom_to_list(Atom),
    case quote_atom(Atom, Chars) of
        true -> write_string(Chars, $');
        false -> Chars
    end.

%% @doc As write_atom/1, characters beyond Latin-1 written as escapes.
write_atom_as_latin1(Atom) ->
    Chars = atom_to_list(Atom),
    case quote_atom(Atom, Chars) orelse not latin1_char_list(Chars) of
        true -> write_string_as_latin1(Chars, $');
        false -> Chars
    end.

%% @doc Whether an atom with these characters needs quotes.
quote_atom(Atom, Chars) ->
    case Chars of
        [First | Rest] ->
            erl_scan:reserved_word(Atom) orelse not is_lower(First) orelse not are_name_chars(Rest);
        _ ->
            true
    end.

are_name_chars([C | Cs]) -> is_name_char(C) andalso are_name_chars(Cs);
are_name_chars([]) -> true.

is_lower(C) ->
    C >= $a andalso C =< $z orelse C >= 16#DF andalso C =< 16#FF andalso C =/= 16#F7.

is_name_char(C) ->
    is_lower(C) orelse C >= $A andalso C =< $Z orelse C >= $0 andalso C =< $9
        orelse C =:= $_ orelse C =:= $@ orelse C >= 16#C0 andalso C =< 16#DE andalso C =/= 16#D7.

%% Strings and characters. The three kinds differ in what they print as it is: all characters,
%% Latin-1 (given so), or Latin-1 with escapes for the rest.

%% @doc A string in double quotes.
write_string(String) ->
    write_string(String, $").

%% @doc A string in the given quotes, or none ([]).
write_string(String, Quote) ->
    quoted(String, Quote, unicode).

%% @doc A Latin-1 string in double quotes.
write_latin1_string(String) ->
    write_latin1_string(String, $").

%% @doc A Latin-1 string in the given quotes.
write_latin1_string(String, Quote) ->
    quoted(String, Quote, latin1_only).

%% @doc A string in double quotes, characters beyond Latin-1 written as escapes.
write_string_as_latin1(String) ->
    write_string_as_latin1(String, $").

%% @doc As write_string_as_latin1/1, in the given quotes.
write_string_as_latin1(String, Quote) ->
    quoted(String, Quote, latin1).

quoted(String, Quote, Kind) ->
    [Quote | quoted_chars(String, Quote, Kind)].

quoted_chars([C | Cs], Quote, Kind) ->
    Rest = quoted_chars(Cs, Quote, Kind),
    escaped(C, Quote, Kind) ++ Rest;
quoted_chars([], Quote, _) -> [Quote].

escaped(C, _, latin1_only) when C > 16#FF -> erlang:error(function_clause);
escaped(Quote, Quote, _) -> [$\\, Quote];
escaped($\\, _, _) -> "\\\\";
escaped(C, _, _) when C >= $\s, C =< $~ -> [C];
escaped(C, _, _) when C >= 16#A0, C =< 16#FF -> [C];
escaped($\n, _, _) -> "\\n";
escaped($\r, _, _) -> "\\r";
escaped($\t, _, _) -> "\\t";
escaped($\v, _, _) -> "\\v";
escaped($\b, _, _) -> "\\b";
escaped($\f, _, _) -> "\\f";
escaped($\e, _, _) -> "\\e";
escaped($\d, _, _) -> "\\d";
escaped(C, _, _) when C < 16#A0 ->
    [$\\, $0 + (C bsr 6), $0 + ((C bsr 3) band 7), $0 + (C band 7)];
escaped(C, _, latin1) -> "\\x{" ++ integer_to_list(C, 16) ++ "}";
escaped(C, _, unicode) -> [C].

%% @doc A character as `$c`.
write_char($\s) -> "$\\s";
write_char(C) when is_integer(C), C >= 0 -> [$$ | escaped(C, none, unicode)].

%% @doc A Latin-1 character as `$c`.
write_latin1_char(C) when is_integer(C), C >= 0, C =< 255 -> [$$ | escaped(C, none, latin1)].

%% @doc A character as `$c`, one beyond Latin-1 written as an escape.
write_char_as_latin1(C) when is_integer(C), C >= 0 -> [$$ | escaped(C, none, latin1)].

%% Kinds of text.

%% @doc Whether a term is a flat list of characters.
char_list([C | Cs]) when is_integer(C), C >= 0, C < 16#D800;
                         is_integer(C), C > 16#DFFF, C < 16#FFFE;
                         is_integer(C), C > 16#FFFF, C =< 16#10FFFF ->
    char_list(Cs);
char_list([]) ->
    true;
char_list(_) ->
    false.

%% @doc Whether a term is a flat list of Latin-1 characters.
latin1_char_list([C | Cs]) when is_integer(C), C >= 0, C =< 255 -> latin1_char_list(Cs);
latin1_char_list([]) -> true;
latin1_char_list(_) -> false.

%% @doc Whether a term is a list of characters and such lists.
deep_char_list(List) ->
    deep(List, [], fun(C) -> char_list([C]) end).

%% @doc As deep_char_list/1.
deep_unicode_char_list(List) ->
    deep_char_list(List).

%% @doc Whether a term is a list of Latin-1 characters and such lists.
deep_latin1_char_list(List) ->
    deep(List, [], fun(C) -> C >= 0 andalso C =< 255 end).

deep([C | Cs], More, Is) when is_integer(C) -> Is(C) andalso deep(Cs, More, Is);
deep([Deep | Cs], More, Is) when is_list(Deep) -> deep(Deep, [Cs | More], Is);
deep([], [Cs | More], Is) -> deep(Cs, More, Is);
deep([], [], _) -> true;
deep(_, _, _) -> false.

%% @doc Whether a list is text in the range of characters that this system prints.
printable_list(List) ->
    case io:printable_range() of
        latin1 -> printable_latin1_list(List);
        unicode -> printable_unicode_list(List)
    end.

%% @doc Whether a list is Latin-1 text.
printable_latin1_list([C | Cs]) when is_integer(C), C >= $\s, C =< $~;
                                     is_integer(C), C >= 16#A0, C =< 16#FF;
                                     is_integer(C), C >= $\b, C =< $\r; C =:= $\e ->
    printable_latin1_list(Cs);
printable_latin1_list([]) ->
    true;
printable_latin1_list(_) ->
    false.

%% @doc Whether a list is Unicode text.
printable_unicode_list([C | Cs]) when is_integer(C), C >= $\s, C =< $~;
                                      is_integer(C), C >= 16#A0, C < 16#D800;
                                      is_integer(C), C > 16#DFFF, C < 16#FFFE;
                                      is_integer(C), C > 16#FFFF, C =< 16#10FFFF;
                                      is_integer(C), C >= $\b, C =< $\r; C =:= $\e ->
    printable_unicode_list(Cs);
printable_unicode_list([]) ->
    true;
printable_unicode_list(_) ->
    false.

%% Limiting.

%% @doc A term like the given one, cut to a depth: '...' stands for what is left out.
limit_term(Term, Depth) ->
    case fits(Term, Depth) of
        true -> Term;
        false -> limited(Term, Depth)
    end.

%% Whether nothing is cut from a term.
fits(_, 0) -> false;
fits([H | T] = List, Depth) when is_integer(Depth) ->
    Depth =/= 1 andalso (printable_list(List) orelse fits(H, Depth - 1) andalso tail_fits(T, Depth - 1));
fits(Map, Depth) when is_map(Map) -> pairs_fit(maps:next(maps:iterator(Map)), Depth);
fits(Tuple, Depth) when is_tuple(Tuple) -> items_fit(tuple_to_list(Tuple), Depth);
fits(_, _) -> true.

tail_fits([], _) -> true;
tail_fits(_, 1) -> false;
tail_fits([H | T], Depth) -> fits(H, Depth - 1) andalso tail_fits(T, Depth - 1);
tail_fits(Tail, Depth) -> fits(Tail, Depth - 1).

items_fit([], _) -> true;
items_fit(_, 1) -> false;
items_fit([H | T], Depth) -> fits(H, Depth - 1) andalso items_fit(T, Depth - 1).

pairs_fit(_, 0) -> false;
pairs_fit({Key, Value, Next}, Depth) ->
    fits(Key, Depth - 1) andalso fits(Value, Depth - 1) andalso pairs_fit(maps:next(Next), Depth - 1);
pairs_fit(none, _) -> true.

limited(_, 0) -> '...';
limited([H | T] = List, Depth) ->
    if
        Depth =:= 1 -> ['...'];
        true ->
            case printable_list(List) of
                true -> List;
                false -> [limited(H, Depth - 1) | limited_tail(T, Depth - 1)]
            end
    end;
limited(Tuple, Depth) when is_tuple(Tuple) ->
    if
        Tuple =:= {} -> Tuple;
        Depth =:= 1 -> {'...'};
        true -> list_to_tuple(limited_items(tuple_to_list(Tuple), Depth))
    end;
limited(Map, Depth) when is_map(Map) ->
    %% The keys are kept whole, so that they stay different; one pair more than the depth shows
    %% that something was left out.
    Pairs = lists:sublist(map_pairs(Map), Depth + 1),
    maps:from_list([{Key, limited(Value, Depth - 1)} || {Key, Value} <- Pairs]);
limited(Term, _) -> Term.

limited_tail([], _) -> [];
limited_tail(_, 1) -> ['...'];
limited_tail([H | T], Depth) -> [limited(H, Depth - 1) | limited_tail(T, Depth - 1)];
limited_tail(Tail, Depth) -> limited(Tail, Depth - 1).

limited_items([H | T], Depth) -> [limited(H, Depth - 1) | limited_items_rest(T, Depth - 1)].

limited_items_rest([], _) -> [];
limited_items_rest(_, 1) -> ['...'];
limited_items_rest([H | T], Depth) -> [limited(H, Depth - 1) | limited_items_rest(T, Depth - 1)].

%% Gathering input. Each function takes its continuation (start at first), new characters or eof,
%% and answers {stop, Result, Rest} or the next continuation.

%% @doc Gathers N characters.
collect_chars(Tag, Data, N) ->
    collect_chars(Tag, Data, latin1, N).

%% @doc Gathers N characters; the encoding is of binaries among the data.
collect_chars(start, Data, Encoding, N) ->
    collect_n({N, []}, Data, Encoding);
collect_chars(Continuation, Data, Encoding, _) ->
    collect_n(Continuation, Data, Encoding).

collect_n({_, []}, eof, _) -> {stop, eof, eof};
collect_n({_, Acc}, eof, _) -> {stop, result(Acc), eof};
collect_n({N, Acc}, Data, Encoding) -> collect_some(chars(Data, Encoding), N, Acc).

collect_some(Rest, 0, Acc) -> {stop, lists:reverse(Acc), Rest};
collect_some([C | Cs], N, Acc) -> collect_some(Cs, N - 1, [C | Acc]);
collect_some([], N, Acc) -> {N, Acc}.

result(Acc) -> lists:reverse(Acc).

chars(Bin, latin1) when is_binary(Bin) -> binary_to_list(Bin);
chars(Bin, _) when is_binary(Bin) -> unicode:characters_to_list(Bin);
chars(List, _) when is_list(List) -> List.

%% @doc Gathers a line with its line break.
collect_line(Tag, Data, Any) ->
    collect_line(Tag, Data, latin1, Any).

%% @doc Gathers a line with its line break; the encoding is of binaries among the data.
collect_line(start, Data, Encoding, Any) -> collect_line([], Data, Encoding, Any);
collect_line(Acc, Data, _, _) when is_binary(Data) -> binary_line(Data, Acc);
collect_line([Bin | _] = Acc, eof, _, _) when is_binary(Bin) -> {stop, joined(Acc, []), eof};
collect_line(Acc, Data, Encoding, _) -> line_of(Data, Encoding, Acc, keep).

%% What is read as binaries is given as one. CR LF may lie in two of them.
binary_line(Data, Acc) ->
    case binary:split(Data, <<"\n">>) of
        [<<>>, Rest] when hd(Acc) =:= <<"\r">> -> {stop, joined(tl(Acc), [$\n]), Rest};
        [Line, Rest] ->
            Whole = byte_size(Line) - 1,
            case Line of
                <<Before:Whole/binary, $\r>> -> {stop, joined(Acc, [Before, $\n]), Rest};
                _ -> {stop, joined(Acc, [Line, $\n]), Rest}
            end;
        [_] ->
            Whole = byte_size(Data) - 1,
            case Data of
                <<Before:Whole/binary, $\r>> -> [<<"\r">>, Before | Acc];
                _ -> [Data | Acc]
            end
    end.

joined(Acc, Last) -> list_to_binary(lists:reverse(Acc, Last)).

%% @doc Gathers a line without its line break.
collect_line_no_eol(start, Data, Encoding, _) -> line_of(Data, Encoding, [], drop);
collect_line_no_eol(Acc, Data, Encoding, _) -> line_of(Data, Encoding, Acc, drop).

line_of(eof, _, [], _) -> {stop, eof, eof};
line_of(eof, _, Acc, _) -> {stop, lists:reverse(Acc), eof};
line_of(Data, Encoding, Acc, Eol) -> line_chars(chars(Data, Encoding), Acc, Eol).

line_chars([$\n | Cs], [$\r | Acc], Eol) -> line_end(Cs, Acc, Eol);
line_chars([$\n | Cs], Acc, Eol) -> line_end(Cs, Acc, Eol);
line_chars([C | Cs], Acc, Eol) -> line_chars(Cs, [C | Acc], Eol);
line_chars([], Acc, _) -> Acc.

line_end(Cs, Acc, keep) -> {stop, lists:reverse(Acc, "\n"), Cs};
line_end(Cs, Acc, drop) -> {stop, lists:reverse(Acc), Cs}.

%% @doc Gathers by Module:Function(Continuation, Chars, Args...), as erl_scan:tokens/3 reads.
get_until(Tag, Data, Call) ->
    get_until(Tag, Data, latin1, Call).

%% @doc As get_until/3; the encoding is of binaries among the data.
get_until(start, Data, Encoding, Call) ->
    get_until([], Data, Encoding, Call);
get_until(Continuation, Data, Encoding, {Module, Function, ExtraArgs}) ->
    Chars = case Data of eof -> eof; _ -> chars(Data, Encoding) end,
    case apply(Module, Function, [Continuation, Chars | ExtraArgs]) of
        {done, Result, Rest} -> {stop, Result, Rest};
        {more, Next} -> Next
    end.

%% @doc Tail with N copies of a character before it.
rchars(Char, N, Tail) when N > 0 -> rchars(Char, N - 1, [Char | Tail]);
rchars(_, _, Tail) -> Tail.
