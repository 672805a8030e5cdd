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
    [digit(A bsr 2), digit((A band 3) bsl 4 bor (B bsr 4)),
     digit((B band 15) bsl 2 bor (C bsr 6)), digit(C band 63) | encode_bytes(Rest)];
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
decode(List) when is_list(List) -> list_to_binary(decode_chars(strict(List), badarg)).

%% @doc The bytes of a base 64 text, as a list.
decode_to_string(Bin) when is_binary(Bin) -> decode_to_string(binary_to_list(Bin));
decode_to_string(List) when is_list(List) -> decode_chars(strict(List), badarith).

%% @doc As decode/1, passing over characters that are not of the alphabet.
mime_decode(Bin) when is_binary(Bin) -> mime_decode(binary_to_list(Bin));
mime_decode(List) when is_list(List) -> list_to_binary(mime_decode_to_string(List)).

%% @doc As mime_decode/1, as a list.
mime_decode_to_string(Bin) when is_binary(Bin) -> mime_decode_to_string(binary_to_list(Bin));
mime_decode_to_string(List) when is_list(List) -> decode_chars(mime(List), badarg).

%% The values of the characters of a text without white space: eq for the padding, bad for what is
%% not of the alphabet.
strict(Chars) ->
    [value(C) || C <- Chars, C =/= $\s, C =/= $\t, C =/= $\n, C =/= $\r].

%% Padding counts at the end alone.
mime(Chars) ->
    Values = [Value || C <- Chars, (Value = value(C)) =/= bad],
    Digits = [Value || Value <- Values, Value =/= eq],
    IsPadded = Values =/= [] andalso lists:last(Values) =:= eq,
    case length(Digits) rem 4 of
        2 when IsPadded -> Digits ++ [eq, eq];
        3 when IsPadded -> Digits ++ [eq];
        _ -> Digits
    end.

value(C) when C >= $A, C =< $Z -> C - $A;
value(C) when C >= $a, C =< $z -> C - $a + 26;
value(C) when C >= $0, C =< $9 -> C - $0 + 52;
value($+) -> 62;
value($/) -> 63;
value($=) -> eq;
value(C) when is_integer(C), C >= 0, C < 256 -> bad;
value(_) -> erlang:error(badarg).

%% Fault is the error for a character that is not of the alphabet.
decode_chars([_, eq, eq, eq | _], _) ->
    erlang:error(badarith);
decode_chars([A, B, eq, eq | Rest], _) when A =/= eq, B =/= eq ->
    at_end(Rest),
    [digits(A, badarg) bsl 2 bor (digits(B, badarg) bsr 4)];
decode_chars([A, B, C, eq | Rest], _) when A =/= eq, B =/= eq ->
    at_end(Rest),
    [digits(A, badarg) bsl 2 bor (digits(B, badarg) bsr 4), (B band 15) bsl 4 bor (digits(C, badarg) bsr 2)];
decode_chars([A, B, C, D | Rest], Fault) when A =/= eq, B =/= eq, C =/= eq ->
    [digits(A, Fault) bsl 2 bor (digits(B, Fault) bsr 4), (B band 15) bsl 4 bor (digits(C, Fault) bsr 2),
     (C band 3) bsl 6 bor digits(D, Fault)
     | decode_chars(Rest, Fault)];
decode_chars([], _) ->
    [].

digits(bad, Fault) -> erlang:error(Fault);
digits(Value, _) -> Value.

at_end([]) -> ok;
at_end([Value | _]) -> erlang:error({case_clause, Value}).
