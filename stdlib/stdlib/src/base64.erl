%%% Base 64 (RFC 4648, the alphabet with + and /). Decoding passes over white space; the mime
%%% functions pass over every character that is not of the alphabet.
-module(base64).

-export([encode/1, encode_to_string/1, decode/1, decode_to_string/1, mime_decode/1,
         mime_decode_to_string/1]).

%% @doc The base 64 of bytes, as a binary.
encode(Bin) when is_binary(Bin) -> encode_binary(Bin, byte_size(Bin) rem 3);
encode(List) when is_list(List) -> list_to_binary(encode_bytes(List)).

%% What makes no group of three is padded.
encode_binary(Bin, 0) ->
    << <<(digit(N))>> || <<N:6>> <= Bin >>;
encode_binary(Bin, Left) ->
    Size = byte_size(Bin) - Left,
    <<Whole:Size/binary, Rest/binary>> = Bin,
    <<(encode_binary(Whole, 0))/binary, (list_to_binary(encode_bytes(binary_to_list(Rest))))/binary>>.

%% @doc The base 64 of bytes, as a string.
encode_to_string(Bin) when is_binary(Bin) -> encode_to_string(binary_to_list(Bin));
encode_to_string(List) when is_list(List) -> encode_bytes(List).

encode_bytes([A, B, C | Rest]) ->
    Group = A bsl 16 bor (B bsl 8) bor C,
    [digit(Group bsr 18), digit((Group bsr 12) band 63), digit((Group bsr 6) band 63), digit(Group band 63)
     | encode_bytes(Rest)];
encode_bytes([A, B]) ->
    [digit(A bsr 2), digit((A band 3) bsl 4 bor (B bsr 4)), digit((B band 15) bsl 2), $=];
encode_bytes([A]) ->
    [digit(A bsr 2), digit((A band 3) bsl 4), $=, $=];
encode_bytes([]) ->
    [].

digit(N) when N < 0; N > 63 -> erlang:error(badarg);
digit(N) when N < 26 -> N + $A;
digit(N) when N < 52 -> N - 26 + $a;
digit(N) when N < 62 -> N - 52 + $0;
digit(62) -> $+;
digit(63) -> $/.

%% @doc The bytes of a base 64 text.
decode(Bin) when is_binary(Bin) -> decode(binary_to_list(Bin));
decode(List) when is_list(List) -> strict(List, [], fun group/4, <<>>).

%% @doc The bytes of a base 64 text, as a list.
decode_to_string(Bin) when is_binary(Bin) -> decode_to_string(binary_to_list(Bin));
decode_to_string(List) when is_list(List) -> binary_to_list(strict(List, [], fun summed_group/4, <<>>)).

%% @doc As decode/1, passing over characters that are not of the alphabet.
mime_decode(Bin) when is_binary(Bin) -> mime_decode(binary_to_list(Bin));
mime_decode(List) when is_list(List) -> mime(List, [], false, <<>>).

%% @doc As mime_decode/1, as a list.
mime_decode_to_string(Bin) when is_binary(Bin) -> mime_decode_to_string(binary_to_list(Bin));
mime_decode_to_string(List) when is_list(List) -> binary_to_list(mime(List, [], false, <<>>)).

%% Four values make three bytes; what is no digit shows up when the bytes are made. A text that ends within a
%% group has no clause.
strict([0 | _], _, _, _) -> erlang:error(badarg);
strict([Char | Chars], Values, Group, Bytes) ->
    case {value(Char), Values} of
        {space, _} -> strict(Chars, Values, Group, Bytes);
        {eq, [_, _, _]} -> only_space(Chars, <<Bytes/binary, (last(Values))/binary>>);
        {D, [C, B, A]} -> strict(Chars, [], Group, <<Bytes/binary, (Group(A, B, C, D))/binary>>);
        {Value, _} -> strict(Chars, [Value | Values], Group, Bytes)
    end;
strict([], [], _, Bytes) ->
    Bytes.

group(A, B, C, D) -> <<A:6, B:6, C:6, D:6>>.

summed_group(A, B, C, D) -> <<(A bsl 18 bor (B bsl 12) bor (C bsl 6) bor D):24>>.

%% The bytes of a group that was padded, its values last first.
last([eq, B, A]) -> last([B, A]);
last([B, A]) -> <<A:6, (B bsr 4):2>>;
last([C, B, A]) -> <<A:6, B:6, (C bsr 2):4>>.

only_space([Char | Chars], Bytes) ->
    case value(Char) of
        space -> only_space(Chars, Bytes)
    end;
only_space([], Bytes) ->
    Bytes.

%% Padding counts at the end alone.
mime([Char | Chars], Digits, IsPadded, Bytes) ->
    case {value(Char), Digits} of
        {D, [C, B, A]} when is_integer(D) -> mime(Chars, [], false, <<Bytes/binary, (group(A, B, C, D))/binary>>);
        {Digit, _} when is_integer(Digit) -> mime(Chars, [Digit | Digits], false, Bytes);
        {eq, [_, _ | _]} -> mime(Chars, Digits, true, Bytes);
        _ -> mime(Chars, Digits, IsPadded, Bytes)
    end;
mime([], [], _, Bytes) ->
    Bytes;
mime([], Digits, true, Bytes) ->
    <<Bytes/binary, (last(Digits))/binary>>.

%% The value of a character of the alphabet, space, eq for the padding, or bad for any other byte.
value(C) when not is_integer(C) -> erlang:error(badarg);
value(C) when C >= $A, C =< $Z -> C - $A;
value(C) when C >= $a, C =< $z -> C - $a + 26;
value(C) when C >= $0, C =< $9 -> C - $0 + 52;
value($+) -> 62;
value($/) -> 63;
value($=) -> eq;
value(C) when C =:= $\s; C =:= $\t; C =:= $\n; C =:= $\r -> space;
value(C) when C >= 0, C < 256 -> bad;
value(_) -> erlang:error(badarg).
