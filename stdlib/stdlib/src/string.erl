%%% Strings: text of Unicode characters, taken as grapheme clusters.
%%%
%%% Text is a list of characters, a binary in UTF-8, or a list of such. Inside, it is a list of
%%% clusters (characters, or lists of several that belong together); a result is a binary where the
%%% argument was one. The functions of the second half are the old ones, for flat lists only.
-module(string).

-export([casefold/1, chomp/1, equal/2, equal/3, equal/4, find/2, find/3, is_empty/1,
         length/1, lexemes/2, lowercase/1, next_codepoint/1, next_grapheme/1, nth_lexeme/3, pad/2,
         pad/3, pad/4, prefix/2, replace/3, replace/4, reverse/1, slice/2, slice/3, split/2,
         split/3, take/2, take/3, take/4, titlecase/1, to_float/1, to_graphemes/1, to_integer/1,
         trim/1, trim/2, trim/3, uppercase/1]).
-export([centre/2, centre/3, chars/2, chars/3, chr/2, concat/2, copies/2, cspan/2, join/2, left/2,
         left/3, len/1, list_to_float/1, list_to_integer/1, rchr/2, right/2, right/3, rstr/2, span/2, str/2, strip/1, strip/2, strip/3,
         sub_string/2, sub_string/3, sub_word/2, sub_word/3, substr/2, substr/3, to_lower/1,
         to_upper/1, tokens/2, words/1, words/2]).

-compile({no_auto_import, [length/1, list_to_float/1, list_to_integer/1]}).

%% Below this, every character but CR is a cluster of its own.
-define(FIRST_EXTEND, 16#300).

%% Text, clusters and back.

%% The characters of text.
characters(Text) when is_list(Text) ->
    case is_flat(Text) of
        true -> Text;
        false -> decoded(Text)
    end;
characters(Text) when is_binary(Text) ->
    decoded(Text);
characters(Other) ->
    unicode_util:cp(Other).

%% Whether text is a list with lists or binaries in it, which the results keep.
in_parts(Text) -> is_list(Text) andalso not is_flat(Text).

is_flat([C | Cs]) when is_integer(C) -> is_flat(Cs);
is_flat([]) -> true;
is_flat(_) -> false.

decoded(Text) ->
    try unicode:characters_to_list(Text) of
        Chars when is_list(Chars) -> Chars;
        {_, _, _} -> one_by_one(Text)
    catch
        error:badarg -> one_by_one(Text)
    end.

%% The characters of what is no text: an error where the first is met that is none.
one_by_one(Text) ->
    case unicode_util:cp(Text) of
        [C | Rest] -> [C | one_by_one(Rest)];
        [] -> [];
        {error, Bad} -> erlang:error({badarg, Bad})
    end.

%% Whether every character is a cluster of its own, and no binary or list is among them.
is_plain([C | Cs]) when is_integer(C), C < ?FIRST_EXTEND, C =/= $\r -> is_list(Cs) andalso is_plain(Cs);
is_plain([]) -> true;
is_plain(<<C, Rest/binary>>) when C < 128, C =/= $\r -> is_plain(Rest);
is_plain(<<>>) -> true;
is_plain(_) -> false.

%% The characters of what is looked for.
wanted(Pattern) -> wanted(Pattern, function_clause).

wanted(Pattern, Fault) ->
    case unicode:characters_to_list(Pattern) of
        Chars when is_list(Chars) -> Chars;
        _ -> erlang:error(Fault)
    end.

%% The characters of what is searched.
searched(Text) when is_list(Text); is_binary(Text) -> characters(Text);
searched(Other) -> erlang:error({badmatch, Other}).

clusters(Text) when is_list(Text); is_binary(Text) ->
    try characters(Text) of
        Chars -> grouped(Chars)
    catch
        error:function_clause -> cluster_by_cluster(Text)
    end;
clusters(Other) ->
    unicode_util:gc(Other).

%% The clusters of what is no text, up to the first that is none.
cluster_by_cluster(Text) ->
    case unicode_util:gc(Text) of
        [Cluster | Rest] -> [Cluster | cluster_by_cluster(Rest)];
        [] -> [];
        {error, Bad} -> erlang:error({badarg, Bad})
    end.

grouped([C, Next | _] = Chars) when C < ?FIRST_EXTEND, C =/= $\r, Next < ?FIRST_EXTEND ->
    [C | grouped(tl(Chars))];
grouped([C] = Chars) when C < ?FIRST_EXTEND ->
    Chars;
grouped([]) ->
    [];
grouped(Chars) ->
    [Cluster | Rest] = unicode_util:gc(Chars),
    [Cluster | grouped(Rest)].

%% The characters of clusters.
flat([Cluster | Cs]) when is_list(Cluster) -> Cluster ++ flat(Cs);
flat([C | Cs]) -> [C | flat(Cs)];
flat([]) -> [].

%% Clusters as the same kind of text as the argument.
like(Text, Clusters) when is_binary(Text) -> unicode:characters_to_binary(flat(Clusters));
like(_, Clusters) -> flat(Clusters).

%% @doc The number of clusters.
length(Text) when is_list(Text) ->
    case string:plain_length(Text) of
        false -> erlang:length(clusters(Text));
        Length -> Length
    end;
length(Text) -> erlang:length(clusters(Text)).

%% @doc Whether there are no characters.
is_empty([]) -> true;
is_empty(<<>>) -> true;
is_empty([Text | Rest]) when is_list(Text); is_binary(Text) -> is_empty(Text) andalso is_empty(Rest);
is_empty(_) -> false.

%% @doc The clusters.
to_graphemes(Text) -> clusters(Text).

%% @doc The first character and the rest.
next_codepoint(Text) -> unicode_util:cp(Text).

%% @doc The first cluster and the rest.
next_grapheme(Text) -> unicode_util:gc(Text).

%% @doc The clusters backwards.
reverse(Text) -> lists:reverse(clusters(Text)).

%% Comparing.

%% @doc Whether two texts have the same characters.
equal(A, B) when is_binary(A), is_binary(B) -> A =:= B;
equal([C | As], [D | Bs]) when is_integer(C), is_integer(D) -> C =:= D andalso equal(As, Bs);
equal([], B) -> is_empty(B);
equal(A, B) ->
    case {unicode_util:cp(A), unicode_util:cp(B)} of
        {[C | As], [C | Bs]} -> equal(As, Bs);
        {[], []} -> true;
        {As, Bs} when is_list(As), is_list(Bs) -> false
    end.

%% @doc As equal/2, ignoring case if wanted.
equal(A, B, IgnoreCase) when is_boolean(IgnoreCase) -> equal(A, B, IgnoreCase, none).

%% @doc As equal/3, in a normal form: none, nfc, nfd, nfkc or nfkd.
equal(A, B, false, none) -> equal(A, B);
equal(A, B, IgnoreCase, Form) when is_boolean(IgnoreCase) ->
    is_atom(Form) orelse erlang:error(badarg),
    try comparable(A, IgnoreCase, Form) =:= comparable(B, IgnoreCase, Form)
    catch
        error:_ when IgnoreCase, Form =:= none -> equal_by(fun unicode_util:casefold/1, A, B);
        error:_ when A =:= B -> true;
        error:_ -> equal_forms(IgnoreCase, fun unicode_util:Form/1, A, B)
    end.

%% What is no text, only as far as it takes to tell the two apart.
equal_by(Next, A, B) ->
    case {Next(A), Next(B)} of
        {[C | As], [C | Bs]} -> equal_by(Next, As, Bs);
        {[], []} -> true;
        {As, Bs} when is_list(As), is_list(Bs) -> false
    end.

%% Text that is none is told where it is met, if nothing before it differs.
equal_forms(IgnoreCase, Next, A, B) -> equal_clusters(IgnoreCase, Next, Next(A), Next(B)).

equal_clusters(IgnoreCase, Next, [C | As], [D | Bs]) ->
    case C =:= D orelse IgnoreCase andalso unicode_util:casefold([C]) =:= unicode_util:casefold([D]) of
        true -> equal_forms(IgnoreCase, Next, As, Bs);
        false -> false
    end;
equal_clusters(_, _, Same, Same) -> true;
equal_clusters(_, _, As, Bs) when is_list(As), is_list(Bs) -> false.

comparable(Text, true, Form) -> comparable(mapped(characters(Text), fun unicode_util:casefold/1), false, Form);
comparable(Text, false, none) -> characters(Text);
comparable(Text, false, nfc) -> mapped(characters(Text), fun unicode_util:nfc/1);
comparable(Text, false, nfd) -> mapped(characters(Text), fun unicode_util:nfd/1);
comparable(Text, false, nfkc) -> mapped(characters(Text), fun unicode_util:nfkc/1);
comparable(Text, false, nfkd) -> mapped(characters(Text), fun unicode_util:nfkd/1).

mapped([], _) -> [];
mapped(Chars, Map) ->
    case Map(Chars) of
        [C | Rest] when is_integer(C) -> [C | mapped(Rest, Map)];
        [Cs | Rest] -> Cs ++ mapped(Rest, Map)
    end.

%% Parts.

%% @doc The text from a position on, counted from 0.
slice(Text, Start) when is_integer(Start), Start >= 0 -> from(Text, Start).

%% @doc So many clusters from a position, counted from 0.
slice(Text, Start, Length) when is_integer(Start), Start >= 0, is_integer(Length), Length > 0 ->
    first(from(Text, Start), Length);
slice(Text, Start, infinity) when is_integer(Start), Start >= 0 ->
    from(Text, Start);
slice(Text, _, 0) ->
    nothing_like(Text).

%% What is left of a binary is a list where a character was looked at to see whether it joins the one before.
from(Text, N) when is_binary(Text), N > 0 ->
    case without_first(Text, N) of
        [] -> <<>>;
        Rest -> Rest
    end;
from(Text, N) ->
    without_first(Text, N).

without_first(<<C, Next, _/binary>> = Text, N) when N > 0, C < 128, Next < 128, C =/= $\r ->
    <<_, Rest/binary>> = Text,
    without_first(Rest, N - 1);
without_first([C | [Next | _] = Rest], N) when N > 0, is_integer(C), C < 256, is_integer(Next), Next < 256, C =/= $\r ->
    without_first(Rest, N - 1);
without_first(<<C/utf8, Bytes/binary>>, N) when N > 0 ->
    [_ | Rest] = unicode_util:gc([C | Bytes]),
    without_first(Rest, N - 1);
without_first(Text, N) when N > 0 ->
    case unicode_util:gc(Text) of
        [_ | Rest] -> without_first(Rest, N - 1);
        [] -> [];
        {error, Bad} -> erlang:error({badarg, Bad})
    end;
without_first(Text, 0) ->
    Text.

%% So many clusters at the beginning: of a binary a part, of a list its characters.
first(Text, N) when is_binary(Text) ->
    case Text of
        <<_/utf8, _/binary>> -> binary:part(Text, 0, byte_size(Text) - bytes_left(Text, N));
        <<>> -> <<>>;
        _ -> erlang:error({badarg, Text})
    end;
first(Text, N) when is_list(Text) ->
    first_characters(Text, N).

bytes_left(<<C, Next, _/binary>> = Text, N) when N > 0, C < 128, Next < 128, C =/= $\r ->
    <<_, Rest/binary>> = Text,
    bytes_left(Rest, N - 1);
bytes_left(<<C/utf8, Bytes/binary>>, N) when N > 0 ->
    [_ | Rest] = unicode_util:gc([C | Bytes]),
    bytes_left(Rest, N - 1);
bytes_left(Bytes, 0) when is_binary(Bytes) ->
    byte_size(Bytes);
bytes_left(Rest, N) ->
    case unicode_util:cp(Rest) of
        [C | Bytes] when N =:= 0 -> byte_size(Bytes) + byte_size(<<C/utf8>>);
        [C | Bytes] -> bytes_left(<<C/utf8, Bytes/binary>>, N);
        [] -> 0;
        {error, Bad} -> erlang:error({badarg, Bad})
    end.

first_characters([C | [Next | _] = Rest], N)
  when N > 0, is_integer(C), C < 256, is_integer(Next), Next < 256, C =/= $\r ->
    [C | first_characters(Rest, N - 1)];
first_characters(Text, N) when N > 0 ->
    case unicode_util:gc(Text) of
        [C | Rest] when is_integer(C) -> [C | first_characters(Rest, N - 1)];
        [Cluster | Rest] -> Cluster ++ first_characters(Rest, N - 1);
        [] -> [];
        {error, Bad} -> erlang:error({badarg, Bad})
    end;
first_characters(_, 0) ->
    [].

nothing_like(Text) when is_binary(Text) -> <<>>;
nothing_like(_) -> [].

drop(N, [_ | Rest]) when N > 0 -> drop(N - 1, Rest);
drop(_, Rest) -> Rest.

%% @doc The text with spaces after it, to a length.
pad(Text, Length) -> pad(Text, Length, trailing, $\s).

%% @doc As pad/2; the spaces are leading, trailing or on both sides.
pad(Text, Length, Dir) -> pad(Text, Length, Dir, $\s).

%% @doc As pad/3, with another character.
pad(Text, Length, Dir, Char)
  when is_integer(Length), (Dir =:= leading orelse Dir =:= trailing orelse Dir =:= both) ->
    Missing = max(0, Length - length(Text)),
    case Dir of
        leading -> [lists:duplicate(Missing, Char), Text];
        trailing -> [Text | lists:duplicate(Missing, Char)];
        both ->
            Half = lists:duplicate(Missing div 2, Char),
            [Half, Text, Half | lists:duplicate(Missing rem 2, Char)]
    end.

%% @doc The text without white space at both ends.
trim(Text) -> trim(Text, both).

%% @doc The text without white space at one end or both.
trim(Text, Dir) -> trim(Text, Dir, unicode_util:whitespace()).

%% @doc The text without some clusters at one end or both.
trim(Text, _, []) -> Text;
trim(Text, both, Unwanted) when is_list(Unwanted) -> trim(trim(Text, leading, Unwanted), trailing, Unwanted);
trim(Text, Dir, Unwanted)
  when is_list(Unwanted), (Dir =:= leading orelse Dir =:= trailing) ->
    Is = fun(Cluster) -> lists:member(Cluster, Unwanted) end,
    Dir =:= trailing andalso swerl_string_parts:check(Text, Unwanted),
    case is_plain(Text) of
        true -> like(Text, trimmed(Dir, Is, characters(Text)));
        false -> swerl_string_parts:trim(Text, Dir, Unwanted)
    end.

trimmed(leading, Is, Clusters) -> lists:dropwhile(Is, Clusters);
trimmed(trailing, Is, Clusters) -> lists:reverse(lists:dropwhile(Is, lists:reverse(Clusters))).

%% @doc The text without line breaks at its end.
chomp(Text) -> trim(Text, trailing, [[$\r, $\n], $\n]).

%% @doc The leading clusters that are among some, and the rest.
take(Text, Wanted) -> take(Text, Wanted, false, leading).

%% @doc As take/2, or those that are not among them.
take(Text, Wanted, Complement) -> take(Text, Wanted, Complement, leading).

%% @doc As take/3, from an end: {Leading, Trailing}.
take(Text, [], Complement, Dir) ->
    Nothing = nothing_like(Text),
    case {Complement, Dir} of
        {false, leading} -> {Nothing, Text};
        {false, trailing} -> {Text, Nothing};
        {true, leading} -> {Text, Nothing};
        {true, trailing} -> {Nothing, Text}
    end;
take(Text, Wanted, Complement, Dir)
  when Text =:= [] orelse Text =:= <<>>, Complement =:= false andalso Dir =:= leading orelse tuple_size(Wanted) =:= 3 ->
    {Text, Text};
take(Text, Wanted, Complement, Dir)
  when is_boolean(Complement), is_list(Wanted) orelse is_tuple(Wanted) andalso tuple_size(Wanted) =:= 3
       orelse Dir =:= leading andalso not Complement ->
    is_list(Wanted) orelse erlang:error(badarg),
    (Dir =:= leading andalso not Complement) orelse swerl_string_parts:check(Text, Wanted),
    Is = fun(Cluster) -> lists:member(Cluster, Wanted) =/= Complement end,
    case is_plain(Text) of
        true ->
            {Leading, Trailing} = taken(Dir, Is, characters(Text)),
            {like(Text, Leading), like(Text, Trailing)};
        false ->
            swerl_string_parts:take(Text, Wanted, Complement, Dir)
    end.

taken(leading, Is, Clusters) -> lists:splitwith(Is, Clusters);
taken(trailing, Is, Clusters) ->
    {Taken, Rest} = lists:splitwith(Is, lists:reverse(Clusters)),
    {lists:reverse(Rest), lists:reverse(Taken)}.

%% @doc The text after a prefix, or nomatch.
prefix(Text, Prefix) ->
    case wanted(Prefix) of
        [] -> Text;
        Wanted ->
            case in_parts(Text) of
                true -> swerl_string_parts:prefix(Text, Wanted);
                false ->
                    case starts(Wanted, characters(Text)) of
                        {true, Rest} -> like(Text, Rest);
                        false -> nomatch
                    end
            end
    end.

%% Whether characters begin with a prefix that does not end within a cluster.
starts(Prefix, Chars) -> starts(Prefix, Chars, Prefix).

starts([C | Prefix], [C | Chars], All) -> starts(Prefix, Chars, All);
starts([], Chars, All) ->
    case ends_cluster(All, Chars) of
        true -> {true, Chars};
        false -> false
    end;
starts(_, _, _) -> false.

ends_cluster([], _) -> true;
ends_cluster(_, []) -> true;
ends_cluster(Prefix, [Next | _]) ->
    if
        Next < ?FIRST_EXTEND, Next =/= $\n -> true;
        true -> erlang:length(grouped(Prefix ++ [Next])) > erlang:length(grouped(Prefix))
    end.

%% @doc The text from the first place of a pattern on, or nomatch.
find(Text, Pattern) -> find(Text, Pattern, leading).

%% @doc As find/2; the first place (leading) or the last (trailing).
find(Text, Nothing, _) when Nothing =:= ""; Nothing =:= <<>> ->
    Text;
find(Text, Pattern, Dir) when Dir =:= leading; Dir =:= trailing ->
    case wanted(Pattern, badarg) of
        [] -> error(badarg);
        Wanted ->
            case in_parts(Text) of
                true -> swerl_string_parts:find(Text, Wanted, Dir);
                false when is_binary(Text) ->
                    case place_in(Text, Wanted, Dir) of
                        {Start, _} -> binary:part(Text, Start, byte_size(Text) - Start);
                        none -> nomatch
                    end;
                false ->
                    case place(Wanted, searched(Text), Dir) of
                        {_, Found, _} -> like(Text, Found);
                        none -> nomatch
                    end
            end
    end.

%% Where a pattern is in a binary, whose other bytes need not be characters: {Start, Length} of the first or the last place.
place_in(Text, Wanted, Dir) -> place_in(Text, Wanted, unicode:characters_to_binary(Wanted), Dir, 0, none).

place_in(Text, Wanted, Needle, Dir, From, Found) ->
    case binary:match(Text, Needle, [{scope, {From, byte_size(Text) - From}}]) of
        nomatch -> Found;
        {Start, Length} = Place ->
            Next = case Text of
                       <<_:Start/binary, _:Length/binary, Char/utf8, _/binary>> -> [Char];
                       _ -> []
                   end,
            case {ends_cluster(Wanted, Next), Dir} of
                {true, leading} -> Place;
                {true, trailing} -> place_in(Text, Wanted, Needle, Dir, Start + 1, Place);
                {false, _} -> place_in(Text, Wanted, Needle, Dir, Start + 1, Found)
            end
    end.

parts_of(Text, Wanted, all) ->
    case place_in(Text, Wanted, leading) of
        {Start, Length} ->
            <<Before:Start/binary, _:Length/binary, After/binary>> = Text,
            [Before | parts_of(After, Wanted, all)];
        none -> [Text]
    end;
parts_of(Text, Wanted, Where) when Where =:= leading; Where =:= trailing ->
    case place_in(Text, Wanted, Where) of
        {Start, Length} ->
            <<Before:Start/binary, _:Length/binary, After/binary>> = Text,
            [Before, After];
        none -> [Text]
    end;
parts_of(Text, Wanted, Where) ->
    case place_in(Text, Wanted, leading) of
        none -> [Text];
        _ -> error({case_clause, Where})
    end.

%% {Before, FromPattern, AfterPattern} of the first or the last place of a pattern.
place(Pattern, Chars, leading) -> first_place(Pattern, Chars, []);
place(Pattern, Chars, trailing) -> last_place(Pattern, Chars, [], none).

first_place(Pattern, Chars, Before) ->
    case starts(Pattern, Chars) of
        {true, After} -> {lists:reverse(Before), Chars, After};
        false ->
            case Chars of
                [C | Rest] -> first_place(Pattern, Rest, [C | Before]);
                [] -> none
            end
    end.

last_place(Pattern, Chars, Before, Found) ->
    Found1 = case starts(Pattern, Chars) of
                 {true, After} -> {lists:reverse(Before), Chars, After};
                 false -> Found
             end,
    case Chars of
        [C | Rest] -> last_place(Pattern, Rest, [C | Before], Found1);
        [] -> Found1
    end.

%% @doc The text before and after the first place of a pattern.
split(Text, Pattern) -> split(Text, Pattern, leading).

%% @doc As split/2, at the first place, the last, or all of them.
split(Text, Pattern, Where) ->
    case wanted(Pattern) of
        [] -> [Text];
        Wanted ->
            case in_parts(Text) andalso lists:member(Where, [leading, trailing, all]) of
                true -> swerl_string_parts:split(Text, Wanted, Where);
                false -> flat_split(Text, Wanted, Where)
            end
    end.

flat_split(Text, Wanted, Where) when is_binary(Text) -> parts_of(Text, Wanted, Where);
flat_split(Text, Wanted, Where) ->
    case parts(Wanted, searched(Text), Where) of
        {bad_where, _, After} -> error({case_clause, After});
        Parts -> [like(Text, Part) || Part <- Parts]
    end.

parts(Wanted, Chars, all) ->
    case place(Wanted, Chars, leading) of
        {Before, _, After} -> [Before | parts(Wanted, After, all)];
        none -> [Chars]
    end;
parts(Wanted, Chars, Where) when Where =:= leading; Where =:= trailing ->
    case place(Wanted, Chars, Where) of
        {Before, _, After} -> [Before, After];
        none -> [Chars]
    end;
parts(Wanted, Chars, Where) ->
    case place(Wanted, Chars, leading) of
        {_, _, After} -> {bad_where, Where, After};
        none -> [Chars]
    end.

%% @doc The text with the first place of a pattern replaced, in parts.
replace(Text, Pattern, Replacement) -> replace(Text, Pattern, Replacement, leading).

%% @doc As replace/3, at the first place, the last, or all of them.
replace(Text, Pattern, Replacement, Where) ->
    lists:join(Replacement, split(Text, Pattern, Where)).

%% @doc The parts between separators, which are clusters; empty ones are left out.
lexemes([], _) ->
    [];
lexemes(Text, []) ->
    [Text];
lexemes(Text, Separators) ->
    swerl_string_parts:check([], Separators),
    Text =:= <<>> orelse swerl_string_parts:check_in_bytes(Separators),
    parts_between(Text, Separators).

parts_between(Text, Separators) ->
    case is_plain(Text) of
        true -> [like(Text, Lexeme) || Lexeme <- lexemes_1(characters(Text), Separators)];
        false -> swerl_string_parts:lexemes(Text, Separators)
    end.

lexemes_1(Clusters, Separators) ->
    case after_separators(Clusters, Separators) of
        [] -> [];
        Rest -> lexeme(Rest, Separators, [])
    end.

after_separators([C | Clusters], Separators) ->
    case lists:member(C, Separators) of
        true -> after_separators(Clusters, Separators);
        false -> [C | Clusters]
    end;
after_separators([], _) ->
    [].

lexeme([C | Clusters], Separators, Lexeme) ->
    case lists:member(C, Separators) of
        true -> [lists:reverse(Lexeme) | lexemes_1(Clusters, Separators)];
        false -> lexeme(Clusters, Separators, [C | Lexeme])
    end;
lexeme([], _, Lexeme) ->
    [lists:reverse(Lexeme)].

%% @doc The N:th part between separators, or an empty text.
nth_lexeme(Text, 1, []) ->
    Text;
nth_lexeme(Text, N, []) when is_binary(Text), is_integer(N), N > 0 ->
    erlang:error(badarg);
nth_lexeme(Text, N, []) when is_integer(N), N > 0 ->
    case is_flat(Text) of
        true -> [];
        false -> erlang:error(function_clause, [Text, N, []])
    end;
nth_lexeme(Text, N, Separators) when is_integer(N), N > 0, is_list(Separators) ->
    swerl_string_parts:check(Text, Separators),
    case drop(N - 1, parts_between(Text, Separators)) of
        [Lexeme | _] -> ok = swerl_string_parts:check_in_bytes(Separators), Lexeme;
        [] when is_list(Text), Text =/= [] -> swerl_string_parts:nothing_of(Text);
        [] -> like(Text, [])
    end.

%% Letter case.

%% @doc The text in upper case.
uppercase(Text) -> cased(Text, fun unicode_util:uppercase/1).

%% @doc The text in lower case.
lowercase(Text) -> cased(Text, fun unicode_util:lowercase/1).

%% @doc The text folded, for comparison.
casefold(Text) -> cased(Text, fun unicode_util:casefold/1).

%% A list that comes out as it was stays what it was, with the empty parts in it.
cased(Text, Map) when is_list(Text) ->
    Mapped = mapped(characters(Text), Map),
    case in_parts(Text) andalso outer(Text) =:= Mapped of
        true -> Text;
        false -> Mapped
    end;
cased(Text, Map) when is_binary(Text) -> like(Text, mapped(characters(Text), Map));
cased(Other, _) -> erlang:error({badarg, Other}).

%% The characters that are not within an inner part.
outer([C | Rest]) when is_integer(C) -> [C | outer(Rest)];
outer([_ | Rest]) -> outer(Rest);
outer(_) -> [].

%% @doc The text with its first character in title case.
titlecase(Text) when is_list(Text) ->
    case unicode_util:titlecase(Text) of
        [First | <<>>] -> lists:flatten([First]);
        [First | Rest] when is_binary(Rest) -> lists:flatten([First]) ++ [Rest];
        [First | Rest] when is_list(First) -> First ++ Rest;
        Other -> Other
    end;
titlecase(Text) when is_binary(Text) ->
    case unicode_util:titlecase(Text) of
        [First | Rest] -> <<(unicode:characters_to_binary([First]))/binary, Rest/binary>>;
        [] -> <<>>
    end.

%% Numbers at the beginning of text. The first two are answered by the virtual machine.

%% @doc {Float, Rest} of the number that a flat list of characters begins with, or {error, Reason}.
list_to_float(_Chars) -> erlang:nif_error(undef).

%% @doc {Integer, Rest} of the number that a flat list of characters begins with, or {error, Reason}.
list_to_integer(_Chars) -> erlang:nif_error(undef).

%% @doc {Integer, Rest} of the number that the text begins with, or an error.
to_integer(Text) ->
    number(Text, "+-0123456789", fun integer_end/1, fun erlang:list_to_integer/1, no_integer).

%% @doc {Float, Rest} of the number that the text begins with, or an error.
to_float(Text) ->
    number(Text, "+-0123456789eE.,", fun float_end/1, fun erlang:list_to_float/1, no_float).

number(Text, Chars, End, Convert, None) ->
    try swerl_string_parts:take(Text, Chars, false, leading) of
        {Head, Behind} ->
            case End(characters(Head)) of
                none -> {error, None};
                {Number, Rest} ->
                    try {Convert(Number), behind(Text, Rest, Behind)}
                    catch
                        error:_ -> {error, None}
                    end
            end
    catch
        error:_ -> {error, badarg}
    end.

%% What follows a number: the characters like one that are not part of it, and the rest of the text.
behind(Text, Rest, Behind) when is_binary(Text) -> <<(list_to_binary(Rest))/binary, Behind/binary>>;
behind(_, Rest, Behind) -> Rest ++ Behind.

integer_end([Sign | Chars]) when Sign =:= $-; Sign =:= $+ ->
    case digits(Chars) of
        {[], _} -> none;
        {Digits, Rest} -> {[Sign | Digits], Rest}
    end;
integer_end(Chars) ->
    case digits(Chars) of
        {[], _} -> none;
        Found -> Found
    end.

digits(Chars) -> lists:splitwith(fun(C) -> C >= $0 andalso C =< $9 end, Chars).

float_end(Chars) ->
    case integer_end(Chars) of
        {Whole, [Point | Rest]} when Point =:= $.; Point =:= $, ->
            case digits(Rest) of
                {[], _} -> none;
                {Digits, Rest1} -> exponent_end(Whole ++ [$. | Digits], Rest1)
            end;
        _ ->
            none
    end.

exponent_end(Number, [E | Rest] = All) when E =:= $e; E =:= $E ->
    case integer_end(Rest) of
        {Exponent, Rest1} -> {Number ++ [$e | Exponent], Rest1};
        none -> {Number, All}
    end;
exponent_end(Number, Rest) ->
    {Number, Rest}.

%% The old functions.

%% @doc The number of characters.
len(String) -> erlang:length(String).

%% @doc The two strings joined.
concat(A, B) -> A ++ B.

%% @doc The position of the first such character, from 1; or 0.
chr(String, Char) when is_integer(Char) -> chr(String, Char, 1).

chr([Char | _], Char, I) -> I;
chr([_ | String], Char, I) -> chr(String, Char, I + 1);
chr([], _, _) -> 0.

%% @doc The position of the last such character, from 1; or 0.
rchr(String, Char) when is_integer(Char) -> rchr(String, Char, 1, 0).

rchr([Char | String], Char, I, _) -> rchr(String, Char, I + 1, I);
rchr([_ | String], Char, I, Last) -> rchr(String, Char, I + 1, Last);
rchr([], _, _, Last) -> Last.

%% @doc The position where a string first stands, from 1; or 0.
str(String, []) when erlang:length(String) >= 0 -> 0;
str(String, [_ | _] = Part) -> str(String, Part, 1).

str([_ | Rest] = String, Part, I) ->
    case lists:prefix(Part, String) of
        true -> I;
        false -> str(Rest, Part, I + 1)
    end;
str([], _, _) -> 0.

%% @doc The position where a string last stands, from 1; or 0.
rstr(String, []) when erlang:length(String) >= 0 -> 0;
rstr(String, [_ | _] = Part) -> rstr(String, Part, 1, 0).

rstr([_ | Rest] = String, Part, I, Last) ->
    case lists:prefix(Part, String) of
        true -> rstr(Rest, Part, I + 1, I);
        false -> rstr(Rest, Part, I + 1, Last)
    end;
rstr([], _, _, Last) -> Last.

%% @doc How many leading characters are among some.
span(String, Chars) when is_list(Chars) ->
    erlang:length(lists:takewhile(fun(C) -> lists:member(C, Chars) end, String)).

%% @doc How many leading characters are not among some.
cspan(String, Chars) when is_list(Chars) ->
    erlang:length(lists:takewhile(fun(C) -> not lists:member(C, Chars) end, String)).

%% @doc The string from a position on, from 1.
substr(String, 1) when is_list(String) -> String;
substr([_ | String], Start) when is_integer(Start), Start > 1 -> substr(String, Start - 1).

%% @doc So many characters from a position, from 1.
substr(String, Start, Length)
  when is_integer(Start), Start >= 1, is_integer(Length), Length >= 0 ->
    lists:sublist(substr(String, Start), Length).

%% @doc The string from a position on, from 1.
sub_string(String, Start) -> substr(String, Start).

%% @doc The string from a position to another, from 1.
sub_string(String, Start, Stop) ->
    substr(String, Start, Stop - Start + 1).

%% @doc The parts between separators; empty ones are left out.
tokens([], []) -> [];
tokens(String, []) when is_list(String) -> [String];
tokens(Other, []) -> erlang:error({case_clause, Other});
tokens(String, [Separator]) -> tokens_by(String, Separator);
tokens(String, Separators) when is_list(Separators) -> lexemes_1(String, Separators);
tokens(_, Separators) -> erlang:error({case_clause, Separators}).

tokens_by([Separator | String], Separator) -> tokens_by(String, Separator);
tokens_by([Char | String], Separator) -> token_by(String, Separator, [Char]);
tokens_by([], _) -> [].

token_by([Separator | String], Separator, Token) ->
    [lists:reverse(Token) | tokens_by(String, Separator)];
token_by([Char | String], Separator, Token) ->
    token_by(String, Separator, [Char | Token]);
token_by([], _, Token) ->
    [lists:reverse(Token)].

%% @doc N copies of a character.
chars(Char, N) -> chars(Char, N, []).

%% @doc N copies of a character before a string.
chars(Char, N, Tail) when is_integer(Char), is_integer(N), N >= 0 ->
    lists:duplicate(N, Char) ++ Tail;
chars(Char, N, _) when is_integer(Char), not is_number(N) ->
    erlang:error(badarith).

%% @doc N copies of a string.
copies(String, N) when is_list(String), is_number(N), N >= 0 ->
    lists:append(lists:duplicate(N, String)).

%% @doc The number of words.
words(String) -> words(String, $\s).

%% @doc The number of words between a separator.
words(String, Char) when is_integer(Char) ->
    max(1, erlang:length(tokens(String, [Char]))).

%% @doc The N:th word, or an empty string.
sub_word(String, N) -> sub_word(String, N, $\s).

%% @doc The N:th word between a separator, or an empty string.
sub_word([], N, Char) when is_integer(N), is_integer(Char) -> [];
sub_word(String, N, Char) when is_integer(N), N > 0, is_integer(Char) ->
    case drop(N - 1, tokens(String, [Char])) of
        [Word | _] -> Word;
        [] -> []
    end.

%% @doc The string without spaces at both ends.
strip(String) -> strip(String, both, $\s).

%% @doc The string without spaces at the left, the right or both ends.
strip(String, Dir) -> strip(String, Dir, $\s).

%% @doc As strip/2, with another character.
strip(String, left, Char) when is_integer(Char) -> lists:dropwhile(fun(C) -> C =:= Char end, String);
strip(String, right, Char) when is_integer(Char) -> trimmed(trailing, fun(C) -> C =:= Char end, String);
strip(String, both, Char) when is_integer(Char) -> strip(strip(String, left, Char), right, Char).

%% The length of a string that is to be compared with another one.
padded_length(String, Length) ->
    N = erlang:length(String),
    if
        is_integer(Length) -> N;
        is_number(Length) -> erlang:error(function_clause);
        true -> erlang:error(badarith)
    end.

%% @doc A string of a length, cut or with spaces at its right.
left(String, Length) when is_integer(Length) -> left(String, Length, $\s).

%% @doc As left/2, with another character.
left(String, Length, Char) when is_integer(Char) ->
    case padded_length(String, Length) of
        N when N > Length -> substr(String, 1, Length);
        N -> String ++ lists:duplicate(Length - N, Char)
    end.

%% @doc A string of a length, cut or with spaces at its left.
right(String, Length) when is_integer(Length) -> right(String, Length, $\s).

%% @doc As right/2, with another character.
right(String, Length, Char) when is_integer(Char) ->
    case padded_length(String, Length) of
        N when N > Length -> lists:nthtail(N - Length, String);
        N -> lists:duplicate(Length - N, Char) ++ String
    end.

%% @doc A string of a length, cut or with spaces at both sides.
centre(String, Length) when is_integer(Length) -> centre(String, Length, $\s).

%% @doc As centre/2, with another character.
centre(String, 0, Char) when is_list(String), is_integer(Char) -> [];
centre(String, Length, Char) when is_integer(Char) ->
    case erlang:length(String) of
        N when N > Length -> substr(String, (N - Length) div 2 + 1, Length);
        N ->
            Left = (Length - N) div 2,
            lists:duplicate(Left, Char) ++ String ++ lists:duplicate(Length - N - Left, Char)
    end.

%% @doc A Latin-1 string or character in lower case.
to_lower(String) when is_list(String) -> [to_lower_char(C) || C <- String];
to_lower(Char) when is_integer(Char) -> to_lower_char(Char).

to_lower_char(C) when C >= $A, C =< $Z; C >= 16#C0, C =< 16#DE, C =/= 16#D7 -> C + 32;
to_lower_char(C) -> C.

%% @doc A Latin-1 string or character in upper case.
to_upper(String) when is_list(String) -> [to_upper_char(C) || C <- String];
to_upper(Char) when is_integer(Char) -> to_upper_char(Char).

to_upper_char(C) when C >= $a, C =< $z; C >= 16#E0, C =< 16#FE, C =/= 16#F7 -> C - 32;
to_upper_char(C) -> C.

%% @doc Strings with a separator between them.
join([], Separator) when is_list(Separator) -> [];
join([String | Strings], Separator) ->
    String ++ lists:append([Separator ++ S || S <- Strings]).
