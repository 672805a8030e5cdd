%%% The type specifiers of bit syntax segments: what is written, with the defaults filled in.
-module(erl_bits).

-export([system_bitdefault/0, system_bittypes/0, set_bit_type/2, as_list/1]).

-export_type([size/0, type/0]).

-type size() :: 'default' | 'all' | term().
-type type() :: integer | binary | float | utf8 | utf16 | utf32.

%% What one specifier stands for: its key, its value.
specifier(integer) -> {type, integer};
specifier(float) -> {type, float};
specifier(binary) -> {type, binary};
specifier(bytes) -> {type, binary};
specifier(bitstring) -> {type, bitstring};
specifier(bits) -> {type, bitstring};
specifier(utf8) -> {type, utf8};
specifier(utf16) -> {type, utf16};
specifier(utf32) -> {type, utf32};
specifier(signed) -> {sign, signed};
specifier(unsigned) -> {sign, unsigned};
specifier(big) -> {endian, big};
specifier(little) -> {endian, little};
specifier(native) -> {endian, native};
specifier({unit, U}) when is_integer(U), U > 0, U =< 256 -> {unit, U};
specifier({unit, U}) -> throw({error, {undefined_bittype, {unit, U}}});
specifier(Other) -> throw({error, {undefined_bittype, Other}}).

%% Type, unit, sign and endianness are kept in this record: its name and fields are an interface.
-record(bittype, {type, unit, sign, endian}).

-spec system_bitdefault() -> binary.
system_bitdefault() -> binary.

-spec system_bittypes() -> [type()].
system_bittypes() -> [binary, float, integer, utf8, utf16, utf32].

-spec as_list(tuple()) -> [term()].
as_list(#bittype{type = Type, unit = Unit, sign = Sign, endian = Endian}) ->
    [Type, {unit, Unit}, Sign, Endian].

%% Completes a written size and list of specifiers.
-spec set_bit_type(size(), default | [term()]) -> {ok, size(), tuple()} | {error, term()}.
set_bit_type(Size, default) ->
    set_bit_type(Size, []);
set_bit_type(Size, Specifiers) ->
    try
        Given = lists:foldl(fun given/2, #bittype{}, Specifiers),
        complete(Size, Given)
    catch
        throw:{error, Reason} -> {error, Reason}
    end.

given(Specifier, B) ->
    case specifier(Specifier) of
        {type, V} -> B#bittype{type = once(type, V, B#bittype.type)};
        {unit, V} -> B#bittype{unit = once(unit, V, B#bittype.unit)};
        {sign, V} -> B#bittype{sign = once(sign, V, B#bittype.sign)};
        {endian, V} -> B#bittype{endian = once(endian, V, B#bittype.endian)}
    end.

once(_Key, V, undefined) -> V;
once(_Key, V, V) -> V;
once(Key, V, Other) -> throw({error, {bittype_mismatch, V, Other, atom_to_list(Key)}}).

complete(Size, #bittype{type = undefined} = B) ->
    Type = case Size of
               all -> binary;
               _ -> integer
           end,
    complete(Size, B#bittype{type = Type});
complete(Size, #bittype{type = Type, unit = Unit} = B)
  when Type =:= utf8; Type =:= utf16; Type =:= utf32 ->
    case Size =:= default andalso Unit =:= undefined of
        true -> {ok, Size, defaults(B, undefined)};
        false -> {error, utf_bittype_size_or_unit}
    end;
complete(default, #bittype{type = Type, unit = Unit} = B) ->
    case {Type, Unit} of
        {binary, undefined} -> {ok, all, defaults(B, 8)};
        {binary, _} -> {ok, all, defaults(B, Unit)};
        {bitstring, undefined} -> {ok, all, defaults(B#bittype{type = binary}, 1)};
        {bitstring, _} -> {ok, all, defaults(B#bittype{type = binary}, Unit)};
        {integer, undefined} -> {ok, 8, defaults(B, 1)};
        {float, undefined} -> {ok, 64, defaults(B, 1)};
        {_, _} -> {error, bittype_unit}
    end;
complete(Size, #bittype{type = Type, unit = Unit} = B) ->
    case {Type, Unit} of
        {bitstring, undefined} -> {ok, Size, defaults(B#bittype{type = binary}, 1)};
        {bitstring, _} -> {ok, Size, defaults(B#bittype{type = binary}, Unit)};
        {binary, undefined} -> {ok, Size, defaults(B, 8)};
        {_, undefined} -> {ok, Size, defaults(B, 1)};
        {_, _} -> {ok, Size, defaults(B, Unit)}
    end.

defaults(#bittype{sign = Sign, endian = Endian} = B, Unit) ->
    B#bittype{unit = Unit, sign = default(Sign, unsigned), endian = default(Endian, big)}.

default(undefined, Default) -> Default;
default(Given, _Default) -> Given.
