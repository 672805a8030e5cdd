%%% Binaries as sequences of bytes. Searching and the like is the virtual machine's; splitting and
%%% replacing are written here over it.
-module(binary).

-export([at/2, bin_to_list/1, bin_to_list/2, bin_to_list/3, compile_pattern/1, copy/1, copy/2,
         decode_unsigned/1, decode_unsigned/2, encode_unsigned/1, encode_unsigned/2, first/1,
         last/1, list_to_bin/1, longest_common_prefix/1, longest_common_suffix/1, match/2, match/3,
         matches/2, matches/3, part/2, part/3, referenced_byte_size/1]).
-export([split/2, split/3, replace/3, replace/4, encode_hex/1, decode_hex/1]).

%% @doc The byte at a position, from 0.
at(_Bin, _Pos) -> erlang:nif_error(undef).

%% @doc The bytes.
bin_to_list(_Bin) -> erlang:nif_error(undef).

%% @doc The bytes of a part {Start, Length}.
bin_to_list(_Bin, _Part) -> erlang:nif_error(undef).

%% @doc The bytes of a part.
bin_to_list(_Bin, _Start, _Length) -> erlang:nif_error(undef).

%% @doc A search pattern made ready for repeated use.
compile_pattern(_Pattern) -> erlang:nif_error(undef).

%% @doc A copy that refers to no larger binary.
copy(_Bin) -> erlang:nif_error(undef).

%% @doc N copies, one after the other.
copy(_Bin, _N) -> erlang:nif_error(undef).

%% @doc The unsigned integer of big-endian bytes.
decode_unsigned(_Bin) -> erlang:nif_error(undef).

%% @doc The unsigned integer of bytes in an order.
decode_unsigned(_Bin, _Order) -> erlang:nif_error(undef).

%% @doc The fewest big-endian bytes of an unsigned integer.
encode_unsigned(_Int) -> erlang:nif_error(undef).

%% @doc The fewest bytes of an unsigned integer in an order.
encode_unsigned(_Int, _Order) -> erlang:nif_error(undef).

%% @doc The first byte.
first(_Bin) -> erlang:nif_error(undef).

%% @doc The last byte.
last(_Bin) -> erlang:nif_error(undef).

%% @doc The binary of bytes, binaries and lists of such.
list_to_bin(_Bytes) -> erlang:nif_error(undef).

%% @doc How many bytes all the binaries begin with in common.
longest_common_prefix(_Bins) -> erlang:nif_error(undef).

%% @doc How many bytes all the binaries end with in common.
longest_common_suffix(_Bins) -> erlang:nif_error(undef).

%% @doc The part where a pattern first stands, or nomatch.
match(_Bin, _Pattern) -> erlang:nif_error(undef).

%% @doc As match/2, within the option scope.
match(_Bin, _Pattern, _Options) -> erlang:nif_error(undef).

%% @doc The parts where a pattern stands.
matches(_Bin, _Pattern) -> erlang:nif_error(undef).

%% @doc As matches/2, within the option scope.
matches(_Bin, _Pattern, _Options) -> erlang:nif_error(undef).

%% @doc A part {Start, Length}.
part(_Bin, _Part) -> erlang:nif_error(undef).

%% @doc A part of a binary.
part(_Bin, _Start, _Length) -> erlang:nif_error(undef).

%% @doc The size of the binary that this one is a part of.
referenced_byte_size(_Bin) -> erlang:nif_error(undef).

%% Splitting and replacing. Errors are raised in the function that the user called.

-define(BADARG(Args),
        erlang:error(badarg, Args,
                     [{error_info, maps:from_list([{module, erl_stdlib_errors}])}])).
-define(BADOPT(Args),
        erlang:error(badarg, Args, [{error_info, #{module => erl_stdlib_errors, cause => badopt}}])).

%% @doc The parts before and after the first place of a pattern.
split(_Bin, _Pattern) ->
    erlang:nif_error(undef).

%% @doc As split/2, with options: global, trim, trim_all, {scope, Part}.
split(_Bin, _Pattern, _Options) ->
    erlang:nif_error(undef).

between(Bin, From, [{Start, Length} | Found]) ->
    [part(Bin, From, Start - From) | between(Bin, Start + Length, Found)];
between(Bin, From, []) ->
    [part(Bin, From, byte_size(Bin) - From)].

%% @doc The binary with the first place of a pattern replaced.
replace(Bin, Pattern, Replacement) ->
    try
        replace_by(Bin, Pattern, Replacement, [])
    catch
        error:_ -> ?BADARG([Bin, Pattern, Replacement])
    end.

%% @doc As replace/3, with options: global, {scope, Part}, {insert_replaced, Positions}.
replace(Bin, Pattern, Replacement, Options) ->
    try
        replace_by(Bin, Pattern, Replacement, Options)
    catch
        throw:badopt -> ?BADOPT([Bin, Pattern, Replacement, Options]);
        error:_ -> ?BADARG([Bin, Pattern, Replacement, Options])
    end.

%% The last option of a kind counts.
replace_by(Bin, Pattern, Replacement, Options) ->
    true = is_binary(Replacement) orelse is_function(Replacement, 1),
    {IsGlobal, Scope, Inserts} = replace_options(Options, {false, [], []}),
    Insert = if
                 is_integer(Inserts) -> [Inserts];
                 true -> lists:sort(Inserts)
             end,
    true = lists:all(fun(At) -> At >= 0 andalso At =< byte_size(Replacement) end, Insert),
    Found = case IsGlobal of
                true -> matches(Bin, Pattern, Scope);
                false -> [Part || {_, _} = Part <- [match(Bin, Pattern, Scope)]]
            end,
    New = [replacement(part(Bin, Part), Replacement, Insert) || Part <- Found],
    iolist_to_binary(merge(between(Bin, 0, Found), New)).

replace_options([global | Options], {_, Scope, Insert}) -> replace_options(Options, {true, Scope, Insert});
replace_options([{scope, {_, _}} = Scope | Options], {IsGlobal, _, Insert}) ->
    replace_options(Options, {IsGlobal, [Scope], Insert});
replace_options([{insert_replaced, At} | Options], {IsGlobal, Scope, _}) ->
    replace_options(Options, {IsGlobal, Scope, At});
replace_options([], Read) -> Read;
replace_options(_, _) -> throw(badopt).

replacement(Old, Fun, []) when is_function(Fun) -> Fun(Old);
replacement(Old, Replacement, Insert) -> inserted(Replacement, Old, 0, Insert).

inserted(Replacement, Old, From, [At | Insert]) ->
    [part(Replacement, From, At - From), Old | inserted(Replacement, Old, At, Insert)];
inserted(Replacement, _, From, []) ->
    [part(Replacement, From, byte_size(Replacement) - From)].

merge([Part | Parts], [New | News]) -> [Part, New | merge(Parts, News)];
merge([Part], []) -> [Part].

%% @doc The bytes in hexadecimal digits.
encode_hex(Bin) when is_binary(Bin) ->
    list_to_binary([[hex_digit(Byte bsr 4), hex_digit(Byte band 15)] || Byte <- binary_to_list(Bin)]);
encode_hex(Bits) when is_bitstring(Bits) ->
    %% As in OTP, as many whole pieces of a size that divides that of all.
    case [N || N <- lists:seq(8, 2, -1), byte_size(Bits) rem N =:= 0] of
        [N | _] ->
            Size = bit_size(Bits) div 8 div N * N,
            <<Whole:Size/binary, _/bits>> = Bits,
            encode_hex(Whole);
        [] -> ?BADARG([Bits])
    end;
encode_hex(Bin) ->
    ?BADARG([Bin]).

hex_digit(N) when N < 10 -> $0 + N;
hex_digit(N) -> $A + N - 10.

%% @doc The bytes of hexadecimal digits.
decode_hex(Bin) when is_bitstring(Bin), byte_size(Bin) rem 2 =:= 0 ->
    << <<(unhex(Two))>> || <<Two:2/binary>> <= Bin >>;
decode_hex(Bin) ->
    ?BADARG([Bin]).

%% Two digits are told to be wrong as the arguments of this function.
unhex(<<A, B>> = Two) ->
    case {hex_value(A), hex_value(B)} of
        {High, Low} when is_integer(High), is_integer(Low) -> High * 16 + Low;
        _ -> ?BADARG([Two])
    end.

hex_value(C) when C >= $0, C =< $9 -> C - $0;
hex_value(C) when C >= $A, C =< $F -> C - $A + 10;
hex_value(C) when C >= $a, C =< $f -> C - $a + 10;
hex_value(_) -> none.
