%%% Reading by format: io_lib:fread/2,3.
-module(io_lib_fread).

-export([fread/2, fread/3]).

%% Continuations of fread/3: {Format, Line, N, Results}, the format from where it went on, the beginning of a line that
%% is still to be read, reversed, and how far it went.

%% @doc Reads by a format from characters that come in pieces, line by line. Answers {more,
%% Continuation} or {done, Result, Rest}.
fread([], eof, Format) ->
    at_end(Format);
fread([], Chars, Format) ->
    collect(Format, [], 0, [], Chars);
fread({Format, [], 0, []}, eof, _) ->
    at_end(Format);
fread({Format, Line, N, Results}, Chars, _) ->
    collect(Format, Line, N, Results, Chars).

%% Where there is nothing, a format that wants nothing is done; another has read part of what it wants, or nothing.
at_end(Format) ->
    case read(Format, [], 0, []) of
        {ok, Values, Left} -> {done, {ok, Values}, Left};
        {more, _, _, []} -> {done, eof, eof};
        {more, _, _, _} -> {done, {error, {fread, input}}, eof};
        Error -> {done, Error, eof}
    end.

collect(Format, [$\r | Line], N, Results, [$\n | Rest]) ->
    read_line(Format, lists:reverse(Line), N, Results, "\r\n", Rest);
collect(Format, Line, N, Results, [$\n | Rest]) ->
    read_line(Format, lists:reverse(Line), N, Results, "\n", Rest);
collect(Format, Line, N, Results, [C | Rest]) ->
    collect(Format, [C | Line], N, Results, Rest);
collect(Format, Line, N, Results, []) ->
    {more, {Format, Line, N, Results}};
collect(Format, Line, N, Results, eof) ->
    case read(Format, lists:reverse(Line), N, Results) of
        {ok, Values, Left} -> {done, {ok, Values}, Left};
        {more, _, _, _} -> {done, {error, {fread, input}}, eof};
        Error -> {done, Error, eof}
    end.

%% What the format leaves of a line stays, and its end with it.
read_line(Format, Line, N, Results, End, Rest) ->
    case read(Format, Line, N, Results) of
        {ok, Values, []} -> {done, {ok, Values}, Rest};
        {ok, Values, Left} -> {done, {ok, Values}, Left ++ End ++ Rest};
        {more, Format1, N1, Results1} -> collect(Format1, [], N1 + length(End), Results1, Rest);
        Error -> {done, Error, Rest}
    end.

%% What a control sequence reads.
wanted_by([C | Format]) when C >= $0, C =< $9; C =:= $*; C =:= $t -> wanted_by(Format);
wanted_by([$d | _]) -> integer;
wanted_by([$u | _]) -> unsigned;
wanted_by([$- | _]) -> sign_char;
wanted_by([$# | _]) -> based;
wanted_by([$f | _]) -> float;
wanted_by([$s | _]) -> string;
wanted_by([$a | _]) -> atom;
wanted_by([$c | _]) -> character;
wanted_by(_) -> input.

%% @doc Reads by a format from a string: {ok, Values, Rest}, {more, Format, N, Results} where the
%% string is too short, or {error, {fread, What}}.
fread(Format, String) ->
    read(Format, String, 0, []).

read([$~ | Format], Line, N, Results) ->
    {Keep, Format1} = case Format of
                          [$* | Rest] -> {false, Rest};
                          _ -> {true, Format}
                      end,
    {Width, Format2} = width(Format1, none),
    {Encoding, Format3} = case Format2 of
                              [$t | Rest2] -> {unicode, Rest2};
                              _ -> {latin1, Format2}
                          end,
    case Format3 of
        [Control | Format4] ->
            case control(Control, Width, Encoding, Line, N) of
                {value, Value, Line1, N1} when Keep -> read(Format4, Line1, N1, [Value | Results]);
                {value, _, Line1, N1} -> read(Format4, Line1, N1, Results);
                {skipped, Line1, N1} -> read(Format4, Line1, N1, Results);
                {more, N1} -> {more, [$~ | Format], N1, Results};
                error -> {error, {fread, format}};
                What -> {error, {fread, What}}
            end;
        [] when Line =:= [] ->
            {more, [$~ | Format], N, Results};
        [] ->
            {error, {fread, format}}
    end;
read([C | Format], Line, N, Results) when C =:= $\s; C =:= $\t; C =:= $\n; C =:= $\r ->
    {Line1, N1} = skip(Line, N),
    read(Format, Line1, N1, Results);
read([C | Format], [C | Line], N, Results) ->
    read(Format, Line, N + 1, Results);
read([_ | _] = Format, [], N, Results) ->
    {more, Format, N, Results};
read([_ | _], _, _, _) ->
    {error, {fread, input}};
read([], Line, _, Results) ->
    {ok, lists:reverse(Results), Line}.

width([D | Format], Width) when D >= $0, D =< $9 ->
    width(Format, case Width of none -> D - $0; _ -> Width * 10 + D - $0 end);
width(Format, Width) ->
    {Width, Format}.

skip([C | Line], N) when C =:= $\s; C =:= $\t; C =:= $\n; C =:= $\r -> skip(Line, N + 1);
skip(Line, N) -> {Line, N}.

control(Control, _, _, Line, _) when not is_list(Line) -> wanted_by([Control]);
control($~, _, _, [$~ | Line], N) -> {skipped, Line, N + 1};
control(Control, _, _, [], N) when Control =/= $l -> {more, N};
control($~, _, _, _, _) -> error;
control($l, _, _, Line, N) -> {value, N, Line, N};
control($c, Width, Encoding, Line, N) -> characters(default(Width, 1), Encoding, Line, N);
control($-, _, _, [$- | Line], N) -> {value, -1, Line, N + 1};
control($-, _, _, [$+ | Line], N) -> {value, 1, Line, N + 1};
control($-, _, _, Line, N) -> {value, 1, Line, N};
control($u, Base, _, _, _) when is_integer(Base), (Base < 2 orelse Base > 36) ->
    error;
control($u, Base, _, Line, N) ->
    number(Line, N, default(Base, 10), unsigned);
control(Control, none, Encoding, Line0, N0) ->
    {Line, N} = skip(Line0, N0),
    convert(Control, Encoding, Line, N);
control(Control, Width, Encoding, Line, N) ->
    field(Control, Width, Encoding, Line, N).

default(none, Default) -> Default;
default(Width, _) -> Width.

convert($d, _, Line, N) -> signed(Line, fun(Rest) -> number(Rest, N, 10, integer) end);
convert($#, _, Line, N) -> signed(Line, fun(Rest) -> based(Rest, N) end);
convert($f, _, Line, N) -> float_of(Line, N);
convert($s, Encoding, Line, N) -> word(Line, Encoding, N, string);
convert($a, Encoding, Line, N) -> as_atom(word(Line, Encoding, N, atom));
convert(_, _, _, _) -> error.

as_atom({value, Chars, Rest, N}) -> {value, list_to_atom(Chars), Rest, N};
as_atom(What) -> What.

%% A field of so many characters, spaces before the value and those behind text left out. It is used up wholly.
field(Control, Width, Encoding, Line, N) ->
    {Part, Rest} = lists:split(min(Width, length(Line)), Line),
    Inside = string:trim(Part, both, " \t"),
    case length(Part) =:= Width andalso not lists:member($\n, Part) andalso Control of
        false -> wanted_by([Control]);
        $s -> text_field(Inside, Encoding, Rest, N + Width, string);
        $a -> as_atom(text_field(Inside, Encoding, Rest, N + Width, atom));
        _ ->
            Number = string:trim(Part, leading, " \t"),
            %% In a field the point of a float may be a comma.
            Number1 = if Control =:= $f -> [case C of $, -> $.; _ -> C end || C <- Number]; true -> Number end,
            case convert(Control, Encoding, Number1, N) of
                {value, Value, [], _} -> {value, Value, Rest, N + Width};
                error -> error;
                _ -> wanted_by([Control])
            end
    end.

text_field(Chars, Encoding, Rest, N, What) ->
    case in_encoding(Chars, Encoding) of
        true -> {value, Chars, Rest, N};
        false -> What
    end.

in_encoding(_, unicode) -> true;
in_encoding(Chars, latin1) -> lists:all(fun(C) -> C < 256 end, Chars).

signed([$- | Line], Read) ->
    case Read(Line) of
        {value, Value, Rest, N} -> {value, -Value, Rest, N + 1};
        What -> What
    end;
signed([$+ | Line], Read) ->
    case Read(Line) of
        {value, Value, Rest, N} -> {value, Value, Rest, N + 1};
        What -> What
    end;
signed(Line, Read) ->
    Read(Line).

%% Decimal digits that the base does not have are taken, too, and are wrong then.
number(Line, N, Base, What) ->
    {Digits, Rest} = lists:splitwith(fun(C) -> digit(C) < max(Base, 10) end, Line),
    try {value, list_to_integer(Digits, Base), Rest, N + length(Digits)}
    catch error:badarg -> What
    end.

digit(C) when C >= $0, C =< $9 -> C - $0;
digit(C) when C >= $a, C =< $z -> C - $a + 10;
digit(C) when C >= $A, C =< $Z -> C - $A + 10;
digit(_) -> 99.

based(Line, N) ->
    case number(Line, N, 10, based) of
        {value, Base, [$# | Rest], N1} when Base >= 2, Base =< 36 -> number(Rest, N1 + 1, Base, based);
        _ -> based
    end.

float_of(Line, N) ->
    {Sign, Line1} = case Line of
                        [C | Rest] when C =:= $-; C =:= $+ -> {[C], Rest};
                        _ -> {[], Line}
                    end,
    case decimals(Line1) of
        {[_ | _] = Whole, [$. | Rest1]} ->
            case decimals(Rest1) of
                {[_ | _] = Fraction, Rest2} ->
                    case exponent(Rest2) of
                        {Exponent, Rest3} ->
                            Text = Sign ++ Whole ++ [$. | Fraction] ++ Exponent,
                            try {value, list_to_float(Text), Rest3, N + length(Text)}
                            catch error:badarg -> float
                            end;
                        none -> float
                    end;
                _ -> float
            end;
        _ -> float
    end.

decimals(Line) -> lists:splitwith(fun(C) -> C >= $0 andalso C =< $9 end, Line).

exponent([E | Rest]) when E =:= $e; E =:= $E ->
    {Sign, Rest1} = case Rest of
                        [C | More] when C =:= $-; C =:= $+ -> {[C], More};
                        _ -> {[], Rest}
                    end,
    case decimals(Rest1) of
        {[], _} -> none;
        {Digits, Rest2} -> {[$e | Sign] ++ Digits, Rest2}
    end;
exponent(Line) ->
    {[], Line}.

word(Line, Encoding, N, What) ->
    %% In Latin-1 a word ends where a character is none of it.
    Is = fun(C) ->
                 C =/= $\s andalso C =/= $\t andalso C =/= $\n andalso C =/= $\r
                     andalso in_encoding([C], Encoding)
         end,
    case lists:splitwith(Is, Line) of
        {[], [_ | _]} -> What;
        {Word, Rest} -> {value, Word, Rest, N + length(Word)}
    end.

characters(Count, Encoding, Line, N) when length(Line) >= Count ->
    {Chars, Rest} = lists:split(Count, Line),
    case in_encoding(Chars, Encoding) andalso not lists:member($\n, Chars) of
        true -> {value, Chars, Rest, N + Count};
        false -> character
    end;
characters(_, _, _, _) ->
    character.
