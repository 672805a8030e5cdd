%%% Conversion between lists of characters and binaries in the encodings latin1, utf8 (the same as
%%% unicode), utf16 and utf32 ({utf16, little} and so on; big without one).
%%%
%%% The virtual machine converts to and from UTF-8; the other encodings go through lists here.
-module(unicode).

-export([characters_to_list/1, characters_to_list/2, characters_to_binary/1,
         characters_to_binary/2, characters_to_binary/3, bom_to_encoding/1, encoding_to_bom/1,
         bin_is_7bit/1]).
-export([characters_to_nfd_list/1, characters_to_nfc_list/1, characters_to_nfkd_list/1,
         characters_to_nfkc_list/1, characters_to_nfd_binary/1, characters_to_nfc_binary/1,
         characters_to_nfkd_binary/1, characters_to_nfkc_binary/1]).

%% Raised in the function that the user called.
-define(BAD(Args), erlang:error(badarg, Args, [{error_info, #{module => erl_stdlib_errors}}])).

%% @doc Whether a binary holds nothing but ASCII.
bin_is_7bit(_Bin) -> erlang:nif_error(undef).

%% @doc The characters of text whose binaries are in UTF-8.
characters_to_list(Text) ->
    characters_to_list(Text, unicode).

%% @doc The characters of text whose binaries are in the encoding; {error, Chars, Rest} or
%% {incomplete, Chars, Rest} where they are not.
characters_to_list(_Text, _Encoding) -> erlang:nif_error(undef).

%% @doc Text in UTF-8.
characters_to_binary(Text) ->
    characters_to_binary(Text, unicode).

%% @doc Text whose binaries are in the encoding, in UTF-8.
characters_to_binary(_Text, _Encoding) -> erlang:nif_error(undef).

%% @doc Text whose binaries are in the first encoding, in the second.
characters_to_binary(Text, From, To) when To =:= unicode; To =:= utf8 ->
    try
        characters_to_binary(Text, From)
    catch
        error:badarg -> ?BAD([Text, From, To])
    end;
characters_to_binary(Text, From, To) ->
    Encode = try
                 encoder(To)
             catch
                 error:function_clause -> ?BAD([Text, From, To])
             end,
    try characters_to_list(Text, From) of
        Chars when is_list(Chars) ->
            case encode(Chars, Encode, []) of
                {error, Bin, _} when is_binary(Text) -> {error, Bin, unconverted(Text, Bin, From, To)};
                Result -> Result
            end;
        {Fault, Chars, Rest} ->
            case encode(Chars, Encode, []) of
                Bin when is_binary(Bin) -> {Fault, Bin, rest(Rest)};
                {error, Bin, _} when is_binary(Text) -> {error, Bin, unconverted(Text, Bin, From, To)};
                {error, Bin, Rest1} when is_list(Rest) -> {error, Bin, Rest1 ++ Rest};
                {error, Bin, Rest1} -> {error, Bin, Rest1 ++ [Rest]}
            end
    catch
        error:badarg -> ?BAD([Text, From, To])
    end.

%% What is left of a binary from the first character on that the other encoding has not.
unconverted(Text, Converted, From, To) ->
    Same = characters_to_binary(characters_to_list(Converted, To), unicode, From),
    binary:part(Text, byte_size(Same), byte_size(Text) - byte_size(Same)).

%% What could not be converted: its first character stands apart.
rest([C | Chars]) when is_integer(C) -> [[C] | Chars];
rest(Rest) -> Rest.

encode([C | Chars], Encode, Acc) ->
    case Encode(C) of
        none -> {error, list_to_binary(lists:reverse(Acc)), rest([C | Chars])};
        Bytes -> encode(Chars, Encode, [Bytes | Acc])
    end;
encode([], _, Acc) ->
    list_to_binary(lists:reverse(Acc)).

%% The bytes of a character, or none.
encoder(latin1) -> fun(C) when C < 256 -> C; (_) -> none end;
encoder(utf16) -> encoder({utf16, big});
encoder(utf32) -> encoder({utf32, big});
encoder({utf16, Order}) ->
    fun(C) when C < 16#10000 -> bytes(Order, [C bsr 8, C band 255]);
       (C) ->
            Low = C - 16#10000,
            [bytes(Order, [16#D8 + (Low bsr 18), (Low bsr 10) band 255]),
             bytes(Order, [16#DC + ((Low bsr 8) band 3), Low band 255])]
    end;
encoder({utf32, Order}) ->
    fun(C) -> bytes(Order, [0, C bsr 16, (C bsr 8) band 255, C band 255]) end.

bytes(big, Bytes) -> Bytes;
bytes(little, Bytes) -> lists:reverse(Bytes).

%% @doc The encoding that a byte order mark tells, and its length.
bom_to_encoding(Bin) when is_binary(Bin) ->
    Start = binary_to_list(binary:part(Bin, 0, min(4, byte_size(Bin)))),
    case Start of
        [16#EF, 16#BB, 16#BF | _] -> {utf8, 3};
        [0, 0, 16#FE, 16#FF] -> {{utf32, big}, 4};
        [16#FF, 16#FE, 0, 0] -> {{utf32, little}, 4};
        [16#FE, 16#FF | _] -> {{utf16, big}, 2};
        [16#FF, 16#FE | _] -> {{utf16, little}, 2};
        _ -> {latin1, 0}
    end.

%% @doc The byte order mark of an encoding.
encoding_to_bom(latin1) -> <<>>;
encoding_to_bom(Encoding)
  when Encoding =:= utf8; Encoding =:= unicode; Encoding =:= utf16; Encoding =:= utf32;
       is_tuple(Encoding), element(1, Encoding) =:= utf16; is_tuple(Encoding), element(1, Encoding) =:= utf32 ->
    characters_to_binary([16#FEFF], unicode, Encoding).

%% Normal forms.

%% @doc The characters, decomposed canonically.
characters_to_nfd_list(Text) ->
    try
        normal_list(Text, fun unicode_util:nfd/1)
    catch
        error:badarg -> ?BAD([Text])
    end.

%% @doc The characters, decomposed canonically and composed.
characters_to_nfc_list(Text) ->
    try
        normal_list(Text, fun unicode_util:nfc/1)
    catch
        error:badarg -> ?BAD([Text])
    end.

%% @doc The characters, decomposed by compatibility.
characters_to_nfkd_list(Text) ->
    try
        normal_list(Text, fun unicode_util:nfkd/1)
    catch
        error:badarg -> ?BAD([Text])
    end.

%% @doc The characters, decomposed by compatibility and composed.
characters_to_nfkc_list(Text) ->
    try
        normal_list(Text, fun unicode_util:nfkc/1)
    catch
        error:badarg -> ?BAD([Text])
    end.

%% @doc The characters in UTF-8, decomposed canonically.
characters_to_nfd_binary(Text) ->
    try
        normal_binary(Text, fun unicode_util:nfd/1)
    catch
        error:badarg -> ?BAD([Text])
    end.

%% @doc The characters in UTF-8, decomposed canonically and composed.
characters_to_nfc_binary(Text) ->
    try
        normal_binary(Text, fun unicode_util:nfc/1)
    catch
        error:badarg -> ?BAD([Text])
    end.

%% @doc The characters in UTF-8, decomposed by compatibility.
characters_to_nfkd_binary(Text) ->
    try
        normal_binary(Text, fun unicode_util:nfkd/1)
    catch
        error:badarg -> ?BAD([Text])
    end.

%% @doc The characters in UTF-8, decomposed by compatibility and composed.
characters_to_nfkc_binary(Text) ->
    try
        normal_binary(Text, fun unicode_util:nfkc/1)
    catch
        error:badarg -> ?BAD([Text])
    end.

normal_list(Text, Next) ->
    %% What is no text at all is a bad argument.
    _ = characters_to_list(Text),
    normal(Next(Text), Next, []).

normal([C | Rest], Next, Acc) when is_integer(C) -> normal(Next(Rest), Next, [C | Acc]);
normal([Cluster | Rest], Next, Acc) -> normal(Next(Rest), Next, lists:reverse(Cluster, Acc));
normal([], _, Acc) -> lists:reverse(Acc);
normal({error, Rest}, _, Acc) -> {error, lists:reverse(Acc), Rest}.

normal_binary(Text, Next) ->
    case normal_list(Text, Next) of
        {error, Chars, Rest} -> {error, characters_to_binary(Chars), Rest};
        Chars -> characters_to_binary(Chars)
    end.
