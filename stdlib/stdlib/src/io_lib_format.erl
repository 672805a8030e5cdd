%%% Format strings: scanning the control sequences and carrying them out.
%%%
%%% A format is taken apart from left to right. A control sequence whose text is short is replaced
%%% by its text at once; the others wait as #control{} until the column is known where they start,
%%% because `~p` indents what it breaks over lines by it. Outside this module a control sequence is
%%% a map.
-module(io_lib_format).

-export([fwrite/2, fwrite/3, build/1, build/2, scan/2, unscan/1, fwrite_g/1, iolist_to_chars/1]).

%% A control sequence with its arguments.
-record(control, {char, args, width = none, adjust = right, precision = none, pad = $\s,
                  encoding = latin1, strings = true}).

%% Wider fields are made only when all of a format is known to be right.
-define(WIDE, 1 bsl 20).

%% @doc Formats arguments.
fwrite(Format, Args) ->
    texts(characters(Format), Args, -1).

%% @doc Formats arguments; {chars_limit, N} asks for about N characters at most.
fwrite(Format, Args, Options) ->
    texts(characters(Format), Args, limit(Options)).

characters(Format) when is_list(Format) -> Format;
characters(Format) when is_atom(Format) -> atom_to_list(Format);
characters(Format) when is_binary(Format) -> binary_to_list(Format).

limit(Options) ->
    case lists:keyfind(chars_limit, 1, Options) of
        {chars_limit, N} -> N;
        false -> -1
    end.

texts(Format, Args, Limit) ->
    scan_texts(Format, Args, [], 0, 0, Limit).

%% Large counts the sequences that are left for later, Columns those that need the column.
scan_texts([$~ | Format], Args0, Acc, Large, Columns, Limit) ->
    {Control, Rest, Args} = scan_control(Format, Args0),
    case control_small(Control#control.char, Control#control.args, Control) of
        large when Control#control.char =:= $p; Control#control.char =:= $P ->
            scan_texts(Rest, Args, [Control | Acc], Large + 1, Columns + 1, Limit);
        large ->
            scan_texts(Rest, Args, [Control | Acc], Large + 1, Columns, Limit);
        Text ->
            scan_texts(Rest, Args, lists:reverse(Text, Acc), Large, Columns, Limit)
    end;
scan_texts([Char | Format], Args, Acc, Large, Columns, Limit) when is_integer(Char) ->
    scan_texts(Format, Args, [Char | Acc], Large, Columns, Limit);
scan_texts([Text | Format], Args, Acc, Large, Columns, Limit) ->
    scan_texts(Format, Args, [checked(Text) | Acc], Large, Columns, Limit);
scan_texts([], [], Acc, Large, Columns, Limit) ->
    finish(lists:reverse(Acc), Large, Columns, Limit).

%% What stands among the characters has to be text.
checked(Text) when is_list(Text); is_binary(Text) ->
    _ = io_lib:chars_length(Text),
    Text.

finish(Pieces, 0, _, _) ->
    Pieces;
finish(Pieces, Large, Columns, Limit) when Limit < 0 ->
    large(Pieces, Columns, Large, Limit, 0);
finish(Pieces, Large, Columns, Limit) ->
    large(Pieces, Columns, Large, max(0, Limit - plain_length(Pieces)), 0).

plain_length(Pieces) ->
    lists:foldl(fun(#control{}, N) -> N;
                   (C, N) when is_integer(C) -> N + 1;
                   (Text, N) -> N + io_lib:chars_length(Text)
                end, 0, Pieces).

%% Scanning.

%% @doc The characters and control sequences of a format.
scan(Format, Args) ->
    scan_chars(characters(Format), Args).

scan_chars([$~ | Format], Args0) ->
    {Control, Rest, Args} = scan_control(Format, Args0),
    [to_map(Control) | scan_chars(Rest, Args)];
scan_chars([Char | Format], Args) ->
    [Char | scan_chars(Format, Args)];
scan_chars([], []) ->
    [].

to_map(#control{char = Char, args = Args, width = Width, adjust = Adjust, precision = Precision,
                pad = Pad, encoding = Encoding, strings = Strings}) ->
    #{control_char => Char, args => Args, width => Width, adjust => Adjust,
      precision => Precision, pad_char => Pad, encoding => Encoding, strings => Strings}.

of_map(#{control_char := Char, args := Args, width := Width, adjust := Adjust,
         precision := Precision, pad_char := Pad, encoding := Encoding, strings := Strings}) ->
    #control{char = Char, args = Args, width = Width, adjust = Adjust, precision = Precision,
             pad = Pad, encoding = Encoding, strings = Strings}.

%% Most have neither width nor precision.
scan_control([Char | Rest], [Arg | Args]) when Char =:= $p; Char =:= $w; Char =:= $s; Char =:= $b ->
    {#control{char = Char, args = [Arg]}, Rest, Args};
scan_control([$t, Char | Rest], [Arg | Args]) when Char =:= $p; Char =:= $w; Char =:= $s ->
    {#control{char = Char, args = [Arg], encoding = unicode}, Rest, Args};
scan_control([$n | Rest], Args) ->
    {#control{char = $n, args = []}, Rest, Args};
scan_control(Format0, Args0) ->
    {Adjust, Width, Format1, Args1} = scan_width(Format0, Args0),
    {Precision, Format2, Args2} = scan_precision(Format1, Args1),
    {Pad, Format3, Args3} = scan_pad(Format2, Args2),
    {Encoding, Strings, [Char | Rest]} = scan_modifiers(Format3, latin1, true),
    {Own, Args} = take_args(Char, Args3),
    %% What is wrong further on is told before a text is made that may take all memory.
    _ = is_integer(Width) andalso Width > ?WIDE andalso scan_chars(Rest, Args),
    {#control{char = Char, args = Own, width = Width, adjust = Adjust, precision = Precision,
              pad = Pad, encoding = Encoding, strings = Strings}, Rest, Args}.

scan_width([$- | Format0], Args0) ->
    {Width, Format, Args} = scan_number(Format0, Args0),
    {left, Width, Format, Args};
scan_width(Format0, Args0) ->
    case scan_number(Format0, Args0) of
        {Width, Format, Args} when is_integer(Width), Width < 0 -> {left, -Width, Format, Args};
        {Width, Format, Args} -> {right, Width, Format, Args}
    end.

scan_precision([$. | Format], Args) -> scan_number(Format, Args);
scan_precision(Format, Args) -> {none, Format, Args}.

scan_pad([$., $* | Format], [Pad | Args]) -> {Pad, Format, Args};
scan_pad([$., Pad | Format], Args) -> {Pad, Format, Args};
scan_pad(Format, Args) -> {$\s, Format, Args}.

scan_number([$* | Format], [N | Args]) when is_integer(N) -> {N, Format, Args};
scan_number([D | _] = Format, Args) when D >= $0, D =< $9 ->
    {N, Rest} = scan_digits(Format, 0),
    {N, Rest, Args};
scan_number(Format, Args) ->
    {none, Format, Args}.

scan_digits([D | Format], N) when D >= $0, D =< $9 -> scan_digits(Format, N * 10 + D - $0);
scan_digits(Format, N) -> {N, Format}.

scan_modifiers([$t | Format], _, Strings) -> scan_modifiers(Format, unicode, Strings);
scan_modifiers([$l | Format], Encoding, _) -> scan_modifiers(Format, Encoding, false);
scan_modifiers(Format, Encoding, Strings) -> {Encoding, Strings, Format}.

take_args(Char, Args) ->
    case arity(Char) of
        0 -> {[], Args};
        1 -> [A | Rest] = Args, {[A], Rest};
        2 -> [A, B | Rest] = Args, {[A, B], Rest}
    end.

arity($~) -> 0;
arity($n) -> 0;
arity($W) -> 2;
arity($P) -> 2;
arity($X) -> 2;
arity($x) -> 2;
arity(C) when C =:= $w; C =:= $p; C =:= $s; C =:= $c; C =:= $f; C =:= $e; C =:= $g; C =:= $B;
              C =:= $b; C =:= $#; C =:= $+; C =:= $i -> 1.

%% @doc The format string and arguments that a scanned format came from.
unscan(Controls) ->
    {unscan_text(Controls), unscan_args(Controls)}.

unscan_args([Control | Controls]) when is_map(Control) ->
    maps:get(args, Control) ++ unscan_args(Controls);
unscan_args([_ | Controls]) ->
    unscan_args(Controls);
unscan_args([]) ->
    [].

unscan_text([Control | Controls]) when is_map(Control) ->
    Width = maps:get(width, Control),
    Precision = maps:get(precision, Control),
    Pad = maps:get(pad_char, Control),
    [$~ | unscan_width(Width, maps:get(adjust, Control))
     ++ unscan_precision(Precision)
     ++ case Pad of
            $\s -> "";
            _ -> unscan_pad(Precision, Pad)
        end
     ++ case maps:get(encoding, Control) of unicode -> "t"; latin1 -> "" end
     ++ case maps:get(strings, Control) of true -> ""; false -> "l" end
     ++ [maps:get(control_char, Control) | unscan_text(Controls)]];
unscan_text([Char | Controls]) ->
    [Char | unscan_text(Controls)];
unscan_text([]) ->
    [].

unscan_width(none, _) -> "";
unscan_width(Width, left) -> [$- | integer_to_list(Width)];
unscan_width(Width, right) -> integer_to_list(Width).

unscan_precision(none) -> "";
unscan_precision(Precision) -> [$. | integer_to_list(Precision)].

unscan_pad(none, Pad) -> [$., $., Pad];
unscan_pad(_, Pad) -> [$., Pad].

%% Building.

%% @doc The text of a scanned format.
build(Controls) ->
    build(Controls, []).

%% @doc The text of a scanned format, within about {chars_limit, N} characters.
build(Controls, Options) ->
    built(Controls, [], 0, 0, limit(Options)).

built([Map | Controls], Acc, Large, Columns, Limit) when is_map(Map) ->
    Control = of_map(Map),
    case control_small(Control#control.char, Control#control.args, Control) of
        large when Control#control.char =:= $p; Control#control.char =:= $P ->
            built(Controls, [Control | Acc], Large + 1, Columns + 1, Limit);
        large ->
            built(Controls, [Control | Acc], Large + 1, Columns, Limit);
        Text ->
            built(Controls, lists:reverse(Text, Acc), Large, Columns, Limit)
    end;
built([Char | Controls], Acc, Large, Columns, Limit) when is_integer(Char) ->
    built(Controls, [Char | Acc], Large, Columns, Limit);
built([Text | Controls], Acc, Large, Columns, Limit) ->
    built(Controls, [checked(Text) | Acc], Large, Columns, Limit);
built([], Acc, Large, Columns, Limit) ->
    finish(lists:reverse(Acc), Large, Columns, Limit).

%% Columns is the number of sequences to come that need the column; Count the number of sequences
%% that share what is left of the limit.
large([#control{char = Char, args = Args} = Control | Pieces], Columns0, Count, Left, Column) ->
    Share = if Left < 0 -> Left; true -> Left div Count end,
    Text = control_large(Char, Args, Control, Column, Share),
    Left1 = if Left < 0 -> Left; true -> max(0, Left - io_lib:chars_length(Text)) end,
    Columns = if Char =:= $p; Char =:= $P -> Columns0 - 1; true -> Columns0 end,
    [Text | large(Pieces, Columns, Count - 1, Left1, column(Columns, Text, Column))];
large(Pieces, _, 0, _, _) ->
    Pieces;
large([Piece | Pieces], 0, Count, Left, Column) ->
    [Piece | large(Pieces, 0, Count, Left, Column)];
large([Piece | Pieces], Columns, Count, Left, Column) ->
    [Piece | large(Pieces, Columns, Count, Left, column(Columns, Piece, Column))].

column(0, _, Column) -> Column;
column(_, Text, Column) -> io_lib:indentation(unicode:characters_to_list([Text]), Column).

control_small($s, [Arg], C) when is_atom(Arg) ->
    lists:flatten(chars_of(atom_text(Arg, C#control.encoding), C));
control_small(Char, _, _) when Char =:= $s; Char =:= $w; Char =:= $p; Char =:= $W; Char =:= $P ->
    large;
control_small($n, [], #control{width = none}) ->
    "\n";
control_small($b, [Arg], #control{width = none, precision = none}) when is_integer(Arg) ->
    integer_to_list(Arg);
control_small($e, [Arg], C) when is_float(Arg) ->
    whole(float_e(Arg, C#control.precision), C);
control_small($f, [Arg], C) when is_float(Arg) ->
    whole(float_f(Arg, C#control.precision), C);
control_small($g, [Arg], C) when is_float(Arg) ->
    whole(float_g(Arg, C#control.precision), C);
control_small($b, [Arg], C) when is_integer(Arg) ->
    integer(Arg, "", lower, C);
control_small($B, [Arg], C) when is_integer(Arg) ->
    integer(Arg, "", upper, C);
control_small($x, [Arg, Prefix], C) when is_integer(Arg) ->
    integer(Arg, prefix(Prefix), lower, C);
control_small($X, [Arg, Prefix], C) when is_integer(Arg) ->
    integer(Arg, prefix(Prefix), upper, C);
control_small($+, [Arg], C) when is_integer(Arg) ->
    integer(Arg, base_prefix(C), lower, C);
control_small($#, [Arg], C) when is_integer(Arg) ->
    integer(Arg, base_prefix(C), upper, C);
control_small($c, [Arg], C) when is_integer(Arg) ->
    case C#control.encoding of
        unicode -> characters(Arg, C);
        latin1 -> characters(Arg band 255, C)
    end;
control_small($~, [], C) ->
    characters($~, C);
control_small($n, [], C) ->
    new_lines(C);
control_small($i, [_], _) ->
    [].

control_large($s, [Arg], C, _, Limit) when is_list(Arg), Limit < 0 ->
    case string:plain_length(Arg) of
        false -> control_text(Arg, C, Limit);
        Length -> chars_of(Arg, Length, C)
    end;
control_large($s, [Arg], C, _, Limit) ->
    control_text(Arg, C, Limit);
control_large($w, [Arg], C, _, Limit) ->
    written(Arg, -1, C, Limit);
control_large($W, [Arg, Depth], C, _, Limit) when is_integer(Depth) ->
    written(Arg, Depth, C, Limit);
control_large($p, [Arg], C, Column, Limit) ->
    pretty(Arg, -1, C, Column, Limit);
control_large($P, [Arg, Depth], C, Column, Limit) when is_integer(Depth) ->
    pretty(Arg, Depth, C, Column, Limit).

control_text(Arg, C, Limit) ->
    Width = C#control.width,
    Text = if
               Limit >= 0, not is_integer(Width) orelse Limit < Width -> limited(Arg, C#control.encoding, Limit);
               true -> whole_text(Arg, C#control.encoding)
           end,
    chars_of(Text, C#control{width = limit_width(Width, Limit)}).

whole_text(Arg, unicode) when is_binary(Arg) -> binary_chars(Arg);
whole_text(Arg, _) when is_binary(Arg) -> binary_to_list(Arg);
whole_text(Arg, unicode) -> unicode_chars(Arg);
whole_text(Arg, latin1) -> iolist_to_chars(Arg).

%% A field does not get more than what is left either.
limit_width(Width, Limit) when Limit < 0; Width =:= none -> Width;
limit_width(Width, Limit) -> max(3, min(Width, Limit)).

%% Characters that are written at once where nothing limits the text.
-define(SIMPLE, 4000).

written(Term, -1, C, -1) ->
    case io_lib:simple_text(Term, false, ?SIMPLE) of
        false -> padded(written_slowly(Term, -1, C, -1), C);
        Text -> padded(Text, C)
    end;
written(Term, Depth, C, Limit) ->
    padded(written_slowly(Term, Depth, C, Limit), C).

written_slowly(Term, Depth, C, Limit) ->
    io_lib:write(Term, [{depth, Depth}, {encoding, C#control.encoding}, {chars_limit, Limit}]).

pretty(Term, Depth, C, Column, Limit) ->
    right = C#control.adjust,
    LineLength = case C#control.width of none -> 80; Width -> Width end,
    Start = case C#control.precision of none -> Column + 1; Precision -> Precision end,
    Room = LineLength - max(Start, 1) - 1,
    case Depth =:= -1 andalso Limit =:= -1 andalso Room >= 0
        andalso io_lib:simple_text(Term, C#control.strings, Room) of
        false ->
            io_lib_pretty:print(Term, [{column, Start}, {line_length, LineLength}, {depth, Depth},
                                       {chars_limit, Limit}, {encoding, C#control.encoding},
                                       {strings, C#control.strings}]);
        Text ->
            Text
    end.

%% Strings.

atom_text(Atom, unicode) -> atom_to_list(Atom);
atom_text(Atom, latin1) -> iolist_to_chars(atom_to_list(Atom)).

%% @doc The bytes of a list of bytes, binaries and such lists.
iolist_to_chars([Byte | Rest]) when is_integer(Byte), Byte >= 0, Byte =< 255 ->
    [Byte | iolist_to_chars(Rest)];
iolist_to_chars([Deep | Rest]) ->
    [iolist_to_chars(Deep) | iolist_to_chars(Rest)];
iolist_to_chars([]) ->
    [];
iolist_to_chars(Bin) when is_binary(Bin) ->
    binary_to_list(Bin).

%% Characters, binaries in UTF-8 and lists of such; a binary that is not UTF-8 is taken as bytes. Whether a number is
%% that of a character is for whoever writes it.
unicode_chars([Char | Rest]) when is_integer(Char), Char >= 0 ->
    [Char | unicode_chars(Rest)];
unicode_chars([Deep | Rest]) ->
    [unicode_chars(Deep) | unicode_chars(Rest)];
unicode_chars([]) ->
    [];
unicode_chars(Bin) when is_binary(Bin) ->
    binary_chars(Bin).

binary_chars(Bin) ->
    case unicode:characters_to_list(Bin) of
        Chars when is_list(Chars) -> Chars;
        _ -> binary_to_list(Bin)
    end.

%% Text of which no more than the limit is looked at: what is too long ends in three points, and what is no text behind that
%% does no harm.
limited(Text, Encoding, Limit) ->
    {First, Rest} = some_chars(Text, Encoding, max(0, Limit - 3)),
    {More, _} = some_chars(Rest, Encoding, 4),
    Length = case Encoding of latin1 -> iolist_size(More); unicode -> string:length(More) end,
    First ++ if Length < 4 -> More; true -> "..." end.

%% At most so many characters of text, and the rest.
some_chars(Text, _, 0) ->
    {[], Text};
some_chars(Text, Encoding, N) ->
    case next_part(Encoding, Text, N) of
        none ->
            {[], []};
        {Part, Length, Rest} ->
            {Parts, Rest1} = some_chars(Rest, Encoding, N - Length),
            {[Part | Parts], Rest1}
    end.

%% A character, or the bytes of a binary.
next_part(unicode, Text, _) ->
    case unicode_util:gc(Text) of
        [] -> none;
        [Char | Rest] -> {Char, 1, Rest};
        %% What is not UTF-8 stays as it is, or is a byte.
        {error, [Bad | Rest]} -> {Bad, 1, Rest};
        {error, <<Byte, Rest/binary>>} -> {Byte, 1, Rest}
    end;
next_part(latin1, [Byte | Rest], _) when Byte >= 0, Byte =< 255 ->
    {Byte, 1, Rest};
next_part(latin1, [Deep | Rest], N) ->
    case next_part(latin1, Deep, N) of
        none -> next_part(latin1, Rest, N);
        {Part, Length, Deep1} -> {Part, Length, [[[] | Deep1] | Rest]}
    end;
next_part(latin1, Bytes, N) when is_binary(Bytes) ->
    Length = min(N, byte_size(Bytes)),
    <<Part:Length/binary, Rest/binary>> = Bytes,
    {binary_to_list(Part), Length, if Rest =:= <<>> -> []; true -> Rest end};
next_part(latin1, [], _) ->
    none.

%% Text in its field; what is too long is cut.
chars_of(Text, #control{width = none, precision = none}) -> Text;
chars_of(Text, C) -> chars_of(Text, io_lib:chars_length(Text), C).

chars_of(Text, _, #control{width = none, precision = none}) ->
    Text;
chars_of(Text, Length, #control{width = none, precision = Precision} = C) ->
    field(Text, Length, Precision, left, C);
chars_of(Text, Length, #control{width = Width, precision = none, adjust = Adjust} = C) ->
    field(Text, Length, Width, Adjust, C);
chars_of(Text, Length, #control{width = Width, precision = Width, adjust = Adjust} = C) ->
    field(Text, Length, Width, Adjust, C);
chars_of(Text, Length, #control{width = Width, precision = Precision, adjust = Adjust} = C)
  when Width > Precision ->
    field(field(Text, Length, Precision, left, C), Precision, Width, Adjust, C).

field(Text, Length, Width, Adjust, C) when Length < Width ->
    adjust(Text, duplicate(C#control.pad, Width - Length), Adjust);
field(Text, Length, Width, _, #control{encoding = latin1}) when Length > Width ->
    lists:sublist(lists:flatten(Text), Width);
field(Text, Length, Width, _, _) when Length > Width ->
    string:slice(Text, 0, Width);
field(Text, _, _, _, _) ->
    Text.

%% Other text in its field; what is too long becomes stars.
padded(Text, C) ->
    case {C#control.width, C#control.precision} of
        {none, none} -> Text;
        {none, Precision} -> padded(Text, Precision, Precision, C);
        {Width, none} -> padded(Text, Width, Width, C);
        {Width, Precision} -> padded(Text, Width, min(Width, Precision), C)
    end.

%% As padded/2, where the precision does not mean a length, and all flat.
whole(Text, #control{width = none}) ->
    Text;
whole(Text, C) ->
    lists:flatten(padded(Text, C#control.width, C#control.width, C)).

padded(Text, Width, Most, C) ->
    Length = io_lib:chars_length(Text),
    Pad = C#control.pad,
    Adjust = C#control.adjust,
    if
        Length > Most ->
            adjust(duplicate($*, Most), duplicate(Pad, Width - Most), Adjust);
        true ->
            adjust(Text, duplicate(Pad, Width - Length), Adjust)
    end.

adjust(Text, [], _) -> Text;
adjust(Text, Pad, left) -> [Text | Pad];
adjust(Text, Pad, right) -> [Pad | Text].

duplicate(Char, N) when N > 0 -> lists:duplicate(N, Char);
duplicate(_, _) -> [].

%% Single characters.

characters(Char, C) ->
    case {C#control.width, C#control.precision} of
        {none, none} -> [Char];
        {none, Precision} -> duplicate(Char, Precision);
        {Width, none} -> duplicate(Char, Width);
        {Width, Precision} when Precision =< Width ->
            lists:flatten(adjust(duplicate(Char, Precision),
                                 duplicate(C#control.pad, Width - Precision), C#control.adjust))
    end.

new_lines(C) ->
    case {C#control.width, C#control.adjust} of
        {none, _} -> "\n";
        {Width, right} -> duplicate($\n, Width)
    end.

%% Integers.

integer(Int, Prefix, Case, C) ->
    Base = base(C),
    true = Base >= 2 andalso Base =< 36,
    Digits0 = integer_to_list(abs(Int), Base),
    Digits = case Case of
                 lower -> string:to_lower(Digits0);
                 upper -> Digits0
             end,
    whole(if Int < 0 -> [$- | Prefix ++ Digits]; true -> Prefix ++ Digits end, C).

base(C) ->
    case C#control.precision of none -> 10; Base -> Base end.

base_prefix(C) ->
    integer_to_list(base(C)) ++ "#".

prefix(Atom) when is_atom(Atom) ->
    atom_to_list(Atom);
prefix(List) ->
    true = io_lib:deep_char_list(List),
    lists:flatten(List).

%% Floats. Digits come from the exact 20 decimals of float_to_list/1 and are rounded half up.

float_f(Float, Precision0) ->
    Precision = default(Precision0),
    true = Precision > 0,
    case io_lib_format:fixed_text(Float, Precision) of
        false -> fixed(Float, Precision);
        Text -> Text
    end.

fixed(Float, Decimals) ->
    {Sign, Digits0, Exponent} = decimal(Float),
    case Exponent + 1 + Decimals of
        Kept when Kept < 0 ->
            Sign ++ "0." ++ lists:duplicate(Decimals, $0);
        Kept ->
            {Digits, Carry} = round_digits(Digits0, Kept),
            %% So many digits stand before the point.
            case Exponent + Carry + 1 of
                Whole when Whole =< 0 ->
                    Sign ++ "0." ++ lists:duplicate(-Whole, $0) ++ Digits;
                Whole ->
                    {Before, After} = lists:split(Whole, Digits),
                    Sign ++ Before ++ [$. | After]
            end
    end.

float_e(Float, Precision0) ->
    Precision = default(Precision0),
    true = Precision >= 2,
    {Sign, Digits0, Exponent0} = decimal(Float),
    {Digits, Carry} = round_digits(Digits0, Precision),
    [First | Rest] = lists:sublist(Digits, Precision),
    Sign ++ [First, $. | Rest] ++ [$e | signed(Exponent0 + Carry)].

float_g(Float, Precision0) ->
    Precision = default(Precision0),
    true = Precision > 0,
    Abs = abs(Float),
    Exponent = if
                   Abs < 0.1 -> -2;
                   Abs < 1.0 -> -1;
                   Abs < 10.0 -> 0;
                   Abs < 100.0 -> 1;
                   Abs < 1000.0 -> 2;
                   Abs < 10000.0 -> 3;
                   true -> none
               end,
    if
        Exponent =:= none; Exponent =:= -2 -> float_e(Float, max(Precision, 2));
        Precision =< 1, Exponent =:= -1 -> float_f(Float, Precision - 1 - Exponent);
        Precision - 1 > Exponent -> float_f(Float, Precision - 1 - Exponent);
        true -> float_e(Float, max(Precision, 2))
    end.

default(none) -> 6;
default(Precision) -> Precision.

%% The sign, the digits and the decimal exponent of a float.
decimal(Float) ->
    case float_to_list(Float) of
        [$- | Text] -> decimal("-", Text);
        Text -> decimal("", Text)
    end.

decimal(Sign, [First, $. | Rest]) ->
    {Decimals, [$e | Exponent]} = lists:splitwith(fun(C) -> C =/= $e end, Rest),
    {Sign, [First | Decimals], list_to_integer(Exponent)}.

%% The first N digits, rounded; with 1 where rounding gave one digit more.
round_digits(Digits, N) when N >= length(Digits) ->
    {Digits ++ lists:duplicate(N - length(Digits), $0), 0};
round_digits(Digits, N) ->
    {Kept, [Next | _]} = lists:split(N, Digits),
    if
        Next < $5 ->
            {Kept, 0};
        true ->
            %% Digits are zeros in front only for 0.0, which is never rounded up.
            Up = integer_to_list(list_to_integer([$0 | Kept]) + 1),
            {Up, length(Up) - N}
    end.

signed(N) when N < 0 -> integer_to_list(N);
signed(N) -> [$+ | integer_to_list(N)].

%% @doc The shortest text that reads back as the same float.
fwrite_g(Float) ->
    float_to_list(Float, [short]).
