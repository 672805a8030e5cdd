%%% JSON, as in OTP 27: terms to text and text to terms, with callbacks for what stands between.
%%%
%%% Decoding is a machine with a state, what is left of the text, an accumulator and a stack of the arrays
%%% and objects around. When the text ends within a token, the machine can go on from its beginning.
-module(json).

-export([encode/1, encode/2, encode_value/2, encode_atom/2, encode_integer/1, encode_float/1, encode_list/2,
         encode_map/2, encode_map_checked/2, encode_key_value_list/2, encode_key_value_list_checked/2,
         encode_binary/1, encode_binary_escape_all/1]).
-export([format/1, format/2, format/3, format_value/3, format_key_value_list/3, format_key_value_list_checked/3]).
-export([decode/1, decode/3, decode_start/3, decode_continue/2]).

-export_type([encoder/0, encode_value/0, from_binary_fun/0, array_start_fun/0, array_push_fun/0,
              array_finish_fun/0, object_start_fun/0, object_push_fun/0, object_finish_fun/0, decoders/0,
              decode_value/0, continuation_state/0]).

-type encoder() :: fun((dynamic(), encoder()) -> iodata()).
-type dynamic() :: term().
-type encode_value() :: integer() | float() | boolean() | null | binary() | atom() | [encode_value()]
                      | #{binary() | atom() | integer() => encode_value()}.
-type decode_value() :: integer() | float() | boolean() | null | binary() | [decode_value()]
                      | #{binary() => decode_value()}.
-type from_binary_fun() :: fun((binary()) -> dynamic()).
-type array_start_fun() :: fun((Acc :: dynamic()) -> ArrayAcc :: dynamic()).
-type array_push_fun() :: fun((Value :: dynamic(), Acc :: dynamic()) -> NewAcc :: dynamic()).
-type array_finish_fun() :: fun((ArrayAcc :: dynamic(), OldAcc :: dynamic()) -> {dynamic(), dynamic()}).
-type object_start_fun() :: fun((Acc :: dynamic()) -> ObjectAcc :: dynamic()).
-type object_push_fun() :: fun((Key :: dynamic(), Value :: dynamic(), Acc :: dynamic()) -> NewAcc :: dynamic()).
-type object_finish_fun() :: fun((ObjectAcc :: dynamic(), OldAcc :: dynamic()) -> {dynamic(), dynamic()}).
-type decoders() :: #{array_start => array_start_fun(), array_push => array_push_fun(),
                      array_finish => array_finish_fun(), object_start => object_start_fun(),
                      object_push => object_push_fun(), object_finish => object_finish_fun(),
                      float => from_binary_fun(), integer => from_binary_fun(), string => from_binary_fun(),
                      null => term()}.
-opaque continuation_state() :: tuple().

-define(IS_SPACE(C), (C =:= $\s orelse C =:= $\t orelse C =:= $\n orelse C =:= $\r)).
-define(IS_DIGIT(C), (C >= $0 andalso C =< $9)).

%%% Encoding.

%% @doc The JSON of a term.
-spec encode(encode_value()) -> iodata().
encode(Term) -> encode(Term, fun encode_value/2).

%% @doc The JSON of a term, each value by an encoder.
-spec encode(dynamic(), encoder()) -> iodata().
encode(Term, Encoder) when is_function(Encoder, 2) -> Encoder(Term, Encoder).

%% @doc The default encoder.
-spec encode_value(dynamic(), encoder()) -> iodata().
encode_value(Value, Encode) ->
    if
        is_atom(Value) -> encode_atom(Value, Encode);
        is_binary(Value) -> encode_binary(Value);
        is_integer(Value) -> encode_integer(Value);
        is_float(Value) -> encode_float(Value);
        is_list(Value) -> encode_list(Value, Encode);
        is_map(Value) -> encode_map(Value, Encode);
        true -> error({unsupported_type, Value})
    end.

%% @doc The JSON of an atom: true, false and null as they are, others as strings.
-spec encode_atom(atom(), encoder()) -> iodata().
encode_atom(null, _) -> <<"null">>;
encode_atom(true, _) -> <<"true">>;
encode_atom(false, _) -> <<"false">>;
encode_atom(Other, Encode) -> Encode(atom_to_binary(Other, utf8), Encode).

%% @doc The JSON of an integer.
-spec encode_integer(integer()) -> iodata().
encode_integer(Integer) -> integer_to_binary(Integer).

%% @doc The JSON of a float, in as few digits as tell it apart.
-spec encode_float(float()) -> iodata().
encode_float(Float) -> float_to_binary(Float, [short]).

%% @doc The JSON of a list.
-spec encode_list([term()], encoder()) -> iodata().
encode_list([], _) -> <<"[]">>;
encode_list([First | Rest], Encode) when is_function(Encode, 2) ->
    [$[, Encode(First, Encode), [[$,, Encode(Value, Encode)] || Value <- Rest], $]].

%% @doc The JSON of a map.
-spec encode_map(map(), encoder()) -> iodata().
encode_map(Map, Encode) when is_map(Map), is_function(Encode, 2) ->
    encode_key_value_list(maps:to_list(Map), Encode).

%% @doc As encode_map/2; two keys that give one string are an error.
-spec encode_map_checked(map(), encoder()) -> iodata().
encode_map_checked(Map, Encode) -> encode_key_value_list_checked(maps:to_list(Map), Encode).

%% @doc The JSON object of pairs.
-spec encode_key_value_list([{term(), term()}], encoder()) -> iodata().
encode_key_value_list(Pairs, Encode) when is_function(Encode, 2) ->
    object([[key(Key, Encode), $: | Encode(Value, Encode)] || {Key, Value} <- Pairs]).

%% @doc As encode_key_value_list/2; two keys that give one string are an error.
-spec encode_key_value_list_checked([{term(), term()}], encoder()) -> iodata().
encode_key_value_list_checked(Pairs, Encode) when is_function(Encode, 2) ->
    {Members, _} = lists:mapfoldl(fun({Key, Value}, Seen) ->
                                          Text = iolist_to_binary(key(Key, Encode)),
                                          is_map_key(Text, Seen) andalso error({duplicate_key, Key}),
                                          {[Text, $: | Encode(Value, Encode)], Seen#{Text => []}}
                                  end, #{}, Pairs),
    object(Members).

object([]) -> <<"{}">>;
object(Members) -> [${, lists:join($,, Members), $}].

key(Key, Encode) when is_binary(Key) -> Encode(Key, Encode);
key(Key, Encode) when is_atom(Key) -> Encode(atom_to_binary(Key, utf8), Encode);
key(Key, _) when is_integer(Key) -> [$", encode_integer(Key), $"];
key(Key, _) when is_float(Key) -> [$", encode_float(Key), $"];
key(Other, _) -> error({unsupported_key, Other}).

%% @doc The JSON string of UTF-8.
-spec encode_binary(binary()) -> iodata().
encode_binary(Binary) when is_binary(Binary) -> <<$", (escaped(Binary, <<>>, false))/binary, $">>.

%% @doc As encode_binary/1, with all but ASCII written as escapes.
-spec encode_binary_escape_all(binary()) -> iodata().
encode_binary_escape_all(Binary) when is_binary(Binary) ->
    <<$", (escaped(Binary, <<>>, true))/binary, $">>.

escaped(<<C, Rest/binary>>, Out, All) when C < 128 ->
    case escape(C) of
        none -> escaped(Rest, <<Out/binary, C>>, All);
        Text -> escaped(Rest, <<Out/binary, Text/binary>>, All)
    end;
escaped(<<C/utf8, Rest/binary>>, Out, false) ->
    escaped(Rest, <<Out/binary, C/utf8>>, false);
escaped(<<C/utf8, Rest/binary>>, Out, true) ->
    Text = if
               C < 16#10000 -> unicode_escape(C);
               true ->
                   N = C - 16#10000,
                   <<(unicode_escape(16#D800 + (N bsr 10)))/binary, (unicode_escape(16#DC00 + (N band 16#3FF)))/binary>>
           end,
    escaped(Rest, <<Out/binary, Text/binary>>, true);
escaped(<<>>, Out, _) -> Out;
escaped(<<Byte, _/binary>> = Bad, _, _) ->
    case unicode:characters_to_binary(Bad) of
        {incomplete, _, _} -> error(unexpected_end);
        _ -> error({invalid_byte, Byte})
    end.

escape($") -> <<"\\\"">>;
escape($\\) -> <<"\\\\">>;
escape($\b) -> <<"\\b">>;
escape($\f) -> <<"\\f">>;
escape($\n) -> <<"\\n">>;
escape($\r) -> <<"\\r">>;
escape($\t) -> <<"\\t">>;
escape(C) when C < 32 -> unicode_escape(C);
escape(_) -> none.

unicode_escape(C) -> iolist_to_binary(io_lib:format("\\u~4.16.0B", [C])).

%%% Formatting.

%% @doc The JSON of a term over several lines.
-spec format(term()) -> iodata().
format(Term) -> format(Term, #{}).

%% @doc As format/1, with options indent and max, or with an encoder.
-spec format(term(), map() | fun()) -> iodata().
format(Term, Options) when is_map(Options) -> format(Term, fun format_value/3, Options);
format(Term, Encoder) when is_function(Encoder, 3) -> format(Term, Encoder, #{}).

%% @doc As format/1, with an encoder and options.
-spec format(term(), fun((term(), fun(), map()) -> iodata()), map()) -> iodata().
format(Term, Encoder, Options) when is_function(Encoder, 3) ->
    State = maps:merge(#{level => 0, col => 0, indent => 2, max => 100}, Options),
    [Encoder(Term, Encoder, State), $\n].

%% @doc The default encoder of format/1.
-spec format_value(term(), fun(), map()) -> iodata().
format_value(Atom, Encode, State) when is_atom(Atom) ->
    encode_atom(Atom, fun(Text, _) -> Encode(Text, Encode, State) end);
format_value([], _, _) -> <<"[]">>;
format_value(List, Encode, #{level := Level, indent := Indent, max := Max, col := Col} = State) when is_list(List) ->
    Inner = State#{level := Level + 1, col := (Level + 1) * Indent},
    Values = [Encode(Value, Encode, Inner) || Value <- List],
    Flat = lists:join($,, Values),
    Simple = not lists:any(fun(Value) -> is_list(Value) orelse is_map(Value) end, List),
    case Simple andalso Col + iolist_size(Flat) + 2 =< Max of
        true -> [$[, Flat, $]];
        false ->
            Break = [$\n | lists:duplicate((Level + 1) * Indent, $\s)],
            [$[, Break, lists:join([$, | Break], Values), $\n, lists:duplicate(Level * Indent, $\s), $]]
    end;
format_value(Map, Encode, State) when is_map(Map) ->
    format_key_value_list(lists:sort(maps:to_list(Map)), Encode, State);
format_value(Other, _, _) ->
    encode_value(Other, fun encode_value/2).

%% @doc An object of pairs over several lines.
-spec format_key_value_list([{term(), term()}], fun(), map()) -> iodata().
format_key_value_list([], _, _) -> <<"{}">>;
format_key_value_list(Pairs, Encode, #{level := Level, indent := Indent} = State) ->
    Break = [$\n | lists:duplicate((Level + 1) * Indent, $\s)],
    Members = [begin
                   Name = key(Key, fun(Text, _) -> Encode(Text, Encode, State) end),
                   Col = (Level + 1) * Indent + iolist_size(Name) + 2,
                   [Name, ": ", Encode(Value, Encode, State#{level := Level + 1, col := Col})]
               end || {Key, Value} <- Pairs],
    [${, Break, lists:join([$, | Break], Members), $\n, lists:duplicate(Level * Indent, $\s), $}].

%% @doc As format_key_value_list/3; two keys that give one string are an error.
-spec format_key_value_list_checked([{term(), term()}], fun(), map()) -> iodata().
format_key_value_list_checked(Pairs, Encode, State) ->
    _ = lists:foldl(fun({Key, _}, Seen) ->
                            Name = iolist_to_binary(key(Key, fun(Text, _) -> Encode(Text, Encode, State) end)),
                            is_map_key(Name, Seen) andalso error({duplicate_key, Key}),
                            Seen#{Name => []}
                    end, #{}, Pairs),
    format_key_value_list(Pairs, Encode, State).

%%% Decoding.

%% @doc The term of a JSON text.
-spec decode(binary()) -> decode_value().
decode(Binary) when is_binary(Binary) ->
    case decode(Binary, ok, #{}) of
        {Value, ok, Rest} ->
            case skip_space(Rest) of
                <<>> -> Value;
                <<Byte, _/binary>> -> error({invalid_byte, Byte})
            end
    end.

%% @doc {Value, Acc, Rest} of a JSON text, with an accumulator and functions that see each part.
-spec decode(binary(), dynamic(), decoders()) -> {Result :: dynamic(), Acc :: dynamic(), binary()}.
decode(Binary, Acc, Decoders) when is_binary(Binary) ->
    case decode_start(Binary, Acc, Decoders) of
        {continue, State} -> decode_continue(end_of_input, State);
        Result -> Result
    end.

%% @doc As decode/3, or {continue, State} when the text ends before the value does.
-spec decode_start(binary(), dynamic(), decoders()) ->
          {dynamic(), dynamic(), binary()} | {continue, continuation_state()}.
decode_start(Binary, Acc, Decoders) when is_binary(Binary), is_map(Decoders) ->
    run(value, Binary, Acc, [], functions(Decoders), more).

%% @doc Goes on with more text, or with its end.
-spec decode_continue(binary() | end_of_input, continuation_state()) ->
          {dynamic(), dynamic(), binary()} | {continue, continuation_state()}.
decode_continue(end_of_input, {Where, Left, Acc, Stack, Functions}) ->
    case run(Where, Left, Acc, Stack, Functions, last) of
        {continue, _} -> error(unexpected_end);
        Result -> Result
    end;
decode_continue(Binary, {Where, Left, Acc, Stack, Functions}) when is_binary(Binary) ->
    run(Where, <<Left/binary, Binary/binary>>, Acc, Stack, Functions, more).

functions(Decoders) ->
    maps:merge(#{array_start => fun(_) -> [] end,
                 array_push => fun(Value, Acc) -> [Value | Acc] end,
                 array_finish => fun(Acc, Old) -> {lists:reverse(Acc), Old} end,
                 object_start => fun(_) -> [] end,
                 object_push => fun(Key, Value, Acc) -> [{Key, Value} | Acc] end,
                 object_finish => fun(Acc, Old) -> {maps:from_list(lists:reverse(Acc)), Old} end,
                 float => fun binary_to_float/1, integer => fun binary_to_integer/1,
                 string => fun(Text) -> Text end, null => null}, Decoders).

run(Where, <<C, Rest/binary>>, Acc, Stack, Fs, More) when ?IS_SPACE(C) ->
    run(Where, Rest, Acc, Stack, Fs, More);
run(Where, <<>>, Acc, Stack, Fs, _) ->
    {continue, {Where, <<>>, Acc, Stack, Fs}};
run(value, <<C, Rest/binary>> = Text, Acc, Stack, #{null := Null} = Fs, More) ->
    case C of
        ${ ->
            #{object_start := Start} = Fs,
            run(first_key, Rest, Start(Acc), [{object, Acc} | Stack], Fs, More);
        $[ ->
            #{array_start := Start} = Fs,
            run(first_value, Rest, Start(Acc), [{array, Acc} | Stack], Fs, More);
        $" -> string(value, Text, Acc, Stack, Fs, More);
        $t -> literal(<<"true">>, true, Text, Acc, Stack, Fs, More);
        $f -> literal(<<"false">>, false, Text, Acc, Stack, Fs, More);
        $n -> literal(<<"null">>, Null, Text, Acc, Stack, Fs, More);
        _ when ?IS_DIGIT(C); C =:= $- -> number(Text, Acc, Stack, Fs, More);
        _ -> error({invalid_byte, C})
    end;
run(first_value, <<$], Rest/binary>>, Acc, Stack, Fs, More) -> finish(Rest, Acc, Stack, Fs, More);
run(first_value, Text, Acc, Stack, Fs, More) -> run(value, Text, Acc, Stack, Fs, More);
run(next_value, <<C, Rest/binary>>, Acc, Stack, Fs, More) ->
    case C of
        $, -> run(value, Rest, Acc, Stack, Fs, More);
        $] -> finish(Rest, Acc, Stack, Fs, More);
        _ -> error({invalid_byte, C})
    end;
run(first_key, <<$}, Rest/binary>>, Acc, Stack, Fs, More) -> finish(Rest, Acc, Stack, Fs, More);
run(first_key, Text, Acc, Stack, Fs, More) -> run(key, Text, Acc, Stack, Fs, More);
run(key, <<$", _/binary>> = Text, Acc, Stack, Fs, More) -> string(key, Text, Acc, Stack, Fs, More);
run(colon, <<$:, Rest/binary>>, Acc, Stack, Fs, More) -> run(value, Rest, Acc, Stack, Fs, More);
run(next_key, <<C, Rest/binary>>, Acc, Stack, Fs, More) ->
    case C of
        $, -> run(key, Rest, Acc, Stack, Fs, More);
        $} -> finish(Rest, Acc, Stack, Fs, More);
        _ -> error({invalid_byte, C})
    end;
run(_, <<C, _/binary>>, _, _, _, _) -> error({invalid_byte, C}).

%% The array or object on top of the stack is complete.
finish(Rest, Acc, [{array, Old} | Stack], #{array_finish := Finish} = Fs, More) ->
    {Value, Acc1} = Finish(Acc, Old),
    pushed(Value, Rest, Acc1, Stack, Fs, More);
finish(Rest, Acc, [{object, Old} | Stack], #{object_finish := Finish} = Fs, More) ->
    {Value, Acc1} = Finish(Acc, Old),
    pushed(Value, Rest, Acc1, Stack, Fs, More).

%% A value is complete: it goes to what is around it.
pushed(Value, Rest, Acc, [], _, _) -> {Value, Acc, Rest};
pushed(Value, Rest, Acc, [{array, _} | _] = Stack, #{array_push := Push} = Fs, More) ->
    run(next_value, Rest, Push(Value, Acc), Stack, Fs, More);
pushed(Value, Rest, Acc, [{key, Key} | Stack], #{object_push := Push} = Fs, More) ->
    run(next_key, Rest, Push(Key, Value, Acc), Stack, Fs, More).

literal(Word, Value, Text, Acc, Stack, Fs, More) ->
    Size = byte_size(Word),
    case Text of
        <<Word:Size/binary, Rest/binary>> -> pushed(Value, Rest, Acc, Stack, Fs, More);
        _ ->
            Common = binary:longest_common_prefix([Word, Text]),
            case Text of
                <<_:Common/binary>> -> {continue, {value, Text, Acc, Stack, Fs}};
                <<_:Common/binary, Byte, _/binary>> -> error({invalid_byte, Byte})
            end
    end.

%%% Numbers.

number(Text, Acc, Stack, Fs, More) ->
    case number_size(Text) of
        more when More =:= more -> {continue, {value, Text, Acc, Stack, Fs}};
        more -> error(unexpected_end);
        {_, Size} when Size =:= byte_size(Text), More =:= more -> {continue, {value, Text, Acc, Stack, Fs}};
        {Kind, Size} ->
            <<Digits:Size/binary, Rest/binary>> = Text,
            Value = case {Kind, Fs} of
                        {integer, #{integer := Integer}} -> Integer(Digits);
                        {float, #{float := Float}} -> Float(Digits);
                        {exponent, #{float := Float}} -> Float(with_fraction(Digits))
                    end,
            pushed(Value, Rest, Acc, Stack, Fs, More)
    end.

%% {Kind, Size} of the number at the beginning, or more when it cannot end where the text does.
number_size(<<$-, Rest/binary>>) -> integer_size(Rest, 1);
number_size(Text) -> integer_size(Text, 0).

integer_size(<<$0, Rest/binary>>, N) -> fraction_size(Rest, N + 1);
integer_size(<<C, _/binary>> = Text, N) when ?IS_DIGIT(C) ->
    {Rest, Size} = digits(Text, N),
    fraction_size(Rest, Size);
integer_size(<<C, _/binary>>, _) -> error({invalid_byte, C});
integer_size(<<>>, _) -> more.

fraction_size(<<$., Rest/binary>>, N) ->
    case Rest of
        <<C, _/binary>> when ?IS_DIGIT(C) ->
            {After, Size} = digits(Rest, N + 1),
            exponent_size(After, Size, float);
        <<C, _/binary>> -> error({invalid_byte, C});
        <<>> -> more
    end;
fraction_size(Rest, N) -> exponent_size(Rest, N, integer).

exponent_size(<<E, Rest/binary>>, N, Kind) when E =:= $e; E =:= $E ->
    {Digits, Before} = case Rest of
                           <<Sign, More/binary>> when Sign =:= $+; Sign =:= $- -> {More, N + 2};
                           _ -> {Rest, N + 1}
                       end,
    case Digits of
        <<C, _/binary>> when ?IS_DIGIT(C) ->
            {_, Size} = digits(Digits, Before),
            {case Kind of
                 integer -> exponent;
                 float -> float
             end, Size};
        <<C, _/binary>> -> error({invalid_byte, C});
        <<>> -> more
    end;
exponent_size(_, N, Kind) -> {Kind, N}.

digits(<<C, Rest/binary>>, N) when ?IS_DIGIT(C) -> digits(Rest, N + 1);
digits(Rest, N) -> {Rest, N}.

%% Floats of Erlang have a fraction: 1e3 is read as 1.0e3.
with_fraction(Digits) ->
    [Integer, Exponent] = binary:split(Digits, [<<"e">>, <<"E">>]),
    <<Integer/binary, ".0e", Exponent/binary>>.

%%% Strings.

string(Where, <<$", Text/binary>> = Whole, Acc, Stack, #{string := String} = Fs, More) ->
    case string_end(Text, <<>>) of
        {Chars, Rest} ->
            Value = String(Chars),
            case Where of
                value -> pushed(Value, Rest, Acc, Stack, Fs, More);
                key -> run(colon, Rest, Acc, [{key, Value} | Stack], Fs, More)
            end;
        more -> {continue, {Where, Whole, Acc, Stack, Fs}}
    end.

string_end(<<$", Rest/binary>>, Out) -> {Out, Rest};
string_end(<<$\\, Rest/binary>>, Out) ->
    case Rest of
        <<$u, A, B, C, D, After/binary>> -> unicode(hex(A, B, C, D), After, Out);
        <<$u, _/binary>> -> more;
        <<C, After/binary>> -> string_end(After, <<Out/binary, (unescaped(C))>>);
        <<>> -> more
    end;
string_end(<<C, Rest/binary>>, Out) when C >= 32, C < 128 -> string_end(Rest, <<Out/binary, C>>);
string_end(<<C/utf8, Rest/binary>>, Out) when C >= 128 -> string_end(Rest, <<Out/binary, C/utf8>>);
string_end(<<>>, _) -> more;
string_end(<<Byte, _/binary>> = Bad, _) ->
    case Byte >= 128 andalso unicode:characters_to_binary(Bad) of
        {incomplete, _, Left} when byte_size(Left) < 4, Left =:= Bad -> more;
        _ -> error({invalid_byte, Byte})
    end.

unescaped(C) when C =:= $"; C =:= $\\; C =:= $/ -> C;
unescaped($b) -> $\b;
unescaped($f) -> $\f;
unescaped($n) -> $\n;
unescaped($r) -> $\r;
unescaped($t) -> $\t;
unescaped(C) -> error({invalid_byte, C}).

hex(A, B, C, D) ->
    ((digit(A) * 16 + digit(B)) * 16 + digit(C)) * 16 + digit(D).

digit(C) when ?IS_DIGIT(C) -> C - $0;
digit(C) when C >= $a, C =< $f -> C - $a + 10;
digit(C) when C >= $A, C =< $F -> C - $A + 10;
digit(C) -> error({invalid_byte, C}).

%% A character beyond the first plane is a pair of escapes.
unicode(High, Rest, Out) when High >= 16#D800, High =< 16#DBFF ->
    case Rest of
        <<"\\u", A, B, C, D, After/binary>> ->
            case hex(A, B, C, D) of
                Low when Low >= 16#DC00, Low =< 16#DFFF ->
                    Char = 16#10000 + ((High band 16#3FF) bsl 10) + (Low band 16#3FF),
                    string_end(After, <<Out/binary, Char/utf8>>);
                _ ->
                    error({unexpected_sequence, <<(unicode_escape(High))/binary, "\\u", A, B, C, D>>})
            end;
        _ when byte_size(Rest) < 6 -> more;
        _ -> error({unexpected_sequence, unicode_escape(High)})
    end;
unicode(Low, _, _) when Low >= 16#DC00, Low =< 16#DFFF ->
    error({unexpected_sequence, unicode_escape(Low)});
unicode(Char, Rest, Out) ->
    string_end(Rest, <<Out/binary, Char/utf8>>).

skip_space(<<C, Rest/binary>>) when ?IS_SPACE(C) -> skip_space(Rest);
skip_space(Rest) -> Rest.
