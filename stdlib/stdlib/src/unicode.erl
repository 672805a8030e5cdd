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
characters_to_binary(_Text, _From, _To) -> erlang:nif_error(undef).

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
        error:_ -> ?BAD([Text])
    end.

%% @doc The characters, decomposed canonically and composed.
characters_to_nfc_list(Text) ->
    try
        normal_list(Text, fun unicode_util:nfc/1)
    catch
        error:_ -> ?BAD([Text])
    end.

%% @doc The characters, decomposed by compatibility.
characters_to_nfkd_list(Text) ->
    try
        normal_list(Text, fun unicode_util:nfkd/1)
    catch
        error:_ -> ?BAD([Text])
    end.

%% @doc The characters, decomposed by compatibility and composed.
characters_to_nfkc_list(Text) ->
    try
        normal_list(Text, fun unicode_util:nfkc/1)
    catch
        error:_ -> ?BAD([Text])
    end.

%% @doc The characters in UTF-8, decomposed canonically.
characters_to_nfd_binary(Text) ->
    try
        normal_binary(Text, fun unicode_util:nfd/1)
    catch
        error:_ -> ?BAD([Text])
    end.

%% @doc The characters in UTF-8, decomposed canonically and composed.
characters_to_nfc_binary(Text) ->
    try
        normal_binary(Text, fun unicode_util:nfc/1)
    catch
        error:_ -> ?BAD([Text])
    end.

%% @doc The characters in UTF-8, decomposed by compatibility.
characters_to_nfkd_binary(Text) ->
    try
        normal_binary(Text, fun unicode_util:nfkd/1)
    catch
        error:_ -> ?BAD([Text])
    end.

%% @doc The characters in UTF-8, decomposed by compatibility and composed.
characters_to_nfkc_binary(Text) ->
    try
        normal_binary(Text, fun unicode_util:nfkc/1)
    catch
        error:_ -> ?BAD([Text])
    end.

normal_list(Text, Next) -> normal(Next(Text), Next, []).

normal([Cluster | Rest], Next, Acc) when is_list(Cluster) -> normal(Next(Rest), Next, lists:reverse(Cluster, Acc));
normal([C | Rest], Next, Acc) -> normal(Next(Rest), Next, [C | Acc]);
normal([], _, Acc) -> lists:reverse(Acc);
normal({error, Rest}, _, Acc) -> {error, lists:reverse(Acc), Rest}.

normal_binary(Text, Next) ->
    case normal_list(Text, Next) of
        {error, Chars, Rest} -> {error, whole_binary(Chars), Rest};
        Chars -> whole_binary(Chars)
    end.

whole_binary(Chars) -> <<_/binary>> = characters_to_binary(Chars).
