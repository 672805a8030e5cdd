%%% Characters one after the other: code points, grapheme clusters (UAX 29), letter case and
%%% normal forms. Every function takes text (a list of characters, binaries in UTF-8 and such
%%% lists) and gives [First | Rest], [] at the end, or {error, Text} where it is not UTF-8.
-module(unicode_util).

-export([cp/1, gc/1, uppercase/1, lowercase/1, titlecase/1, casefold/1, nfd/1, nfc/1, nfkd/1,
         nfkc/1, whitespace/0, is_whitespace/1, lookup/1, get_case/1, spec_version/0]).

-define(ZWJ, 16#200D).
%% Below this, every character but CR is a cluster of its own.
-define(FIRST_EXTEND, 16#300).

%% @doc The version of Unicode.
spec_version() -> {14, 0}.

%% @doc The next code point.
cp([C | Rest] = Text) when is_integer(C) ->
    if C >= 0, C < 16#110000 -> Text; true -> {error, [C | Rest]} end;
cp([Deep | Rest]) ->
    case cp(Deep) of
        [C] -> [C | Rest];
        [C | Rest1] when Rest =:= [] -> [C | Rest1];
        [C | Rest1] -> [C, Rest1 | Rest];
        [] -> cp(Rest);
        {error, Bad} -> {error, [Bad | Rest]}
    end;
cp([]) ->
    [];
cp(<<>>) ->
    [];
cp(Bin) when is_binary(Bin) ->
    Size = min(byte_size(Bin), utf8_size(binary:first(Bin))),
    case unicode:characters_to_list(binary:part(Bin, 0, Size)) of
        [C] -> [C | binary:part(Bin, Size, byte_size(Bin) - Size)];
        _ -> {error, Bin}
    end.

%% The bytes of a character that begins with this one.
utf8_size(Byte) when Byte < 16#C0 -> 1;
utf8_size(Byte) when Byte < 16#E0 -> 2;
utf8_size(Byte) when Byte < 16#F0 -> 3;
utf8_size(_) -> 4.

%% @doc The next grapheme cluster: a character, or a list of several.
gc(Text) ->
    case cp(Text) of
        [C | Rest] -> cluster(C, Rest);
        Other -> Other
    end.

cluster($\r, Rest0) ->
    case cp(Rest0) of
        [$\n | Rest] -> [[$\r, $\n] | Rest];
        Rest -> [$\r | keep(Rest, Rest0)]
    end;
cluster(C, [Next | _] = Rest) when C < ?FIRST_EXTEND, is_integer(Next), Next < ?FIRST_EXTEND ->
    [C | Rest];
cluster(C, Rest) ->
    case kind(C) of
        control -> [C | Rest];
        Kind -> extend(Rest, Kind, state(Kind, none), [C])
    end.

keep({error, _}, Text) -> Text;
keep(Rest, _) -> Rest.

%% What decides whether the cluster goes on: after a regional indicator one more joins; after a
%% pictograph, extending characters and a zero width joiner, a pictograph joins.
state(regional, none) -> regional;
state(pictographic, _) -> pictographic;
state(extend, pictographic) -> pictographic;
state(zwj, pictographic) -> joiner;
state(_, _) -> other.

extend(Text, Last, State, Acc) ->
    case cp(Text) of
        [C | Rest] ->
            Kind = kind(C),
            case joins(Last, State, Kind) of
                true -> extend(Rest, Kind, state(Kind, State), [C | Acc]);
                false -> [finish(Acc) | Text]
            end;
        [] when Text =:= <<>> ->
            [finish(Acc) | Text];
        Other ->
            [finish(Acc) | keep(Other, Text)]
    end.

finish([C]) -> C;
finish(Acc) -> lists:reverse(Acc).

joins(_, _, extend) -> true;
joins(_, _, zwj) -> true;
joins(_, _, control) -> false;
joins(prepend, _, _) -> true;
joins(zwj, joiner, pictographic) -> true;
joins(regional, regional, regional) -> true;
joins(l, _, Kind) -> Kind =:= l orelse Kind =:= v orelse Kind =:= lv orelse Kind =:= lvt;
joins(Last, _, v) -> Last =:= v orelse Last =:= lv;
joins(Last, _, t) -> Last =:= v orelse Last =:= lv orelse Last =:= t orelse Last =:= lvt;
joins(_, _, _) -> false.

kind(C) when C >= $\s, C < 16#7F -> other;
kind(?ZWJ) -> zwj;
kind(C) when C >= 16#1F1E6, C =< 16#1F1FF -> regional;
kind(C) when C >= 16#1100, C =< 16#115F; C >= 16#A960, C =< 16#A97C -> l;
kind(C) when C >= 16#1160, C =< 16#11A7; C >= 16#D7B0, C =< 16#D7C6 -> v;
kind(C) when C >= 16#11A8, C =< 16#11FF; C >= 16#D7CB, C =< 16#D7FB -> t;
kind(C) when C >= 16#AC00, C =< 16#D7A3 ->
    case (C - 16#AC00) rem 28 of
        0 -> lv;
        _ -> lvt
    end;
kind(C) ->
    case in_ranges(C, unicode_data:extend()) of
        true -> extend;
        false ->
            case in_ranges(C, unicode_data:control()) of
                true -> control;
                false ->
                    case in_ranges(C, unicode_data:pictographic()) of
                        true -> pictographic;
                        false ->
                            case in_ranges(C, unicode_data:prepend()) of
                                true -> prepend;
                                false -> other
                            end
                    end
            end
    end.

in_ranges(C, Ranges) -> find_range(C, Ranges) =/= none.

%% The entry {From, To, ...} that holds a character.
find_range(C, Table) -> find_range(C, Table, 1, tuple_size(Table)).

find_range(_, _, Low, High) when Low > High -> none;
find_range(C, Table, Low, High) ->
    Middle = (Low + High) div 2,
    Entry = element(Middle, Table),
    if
        C < element(1, Entry) -> find_range(C, Table, Low, Middle - 1);
        C > element(2, Entry) -> find_range(C, Table, Middle + 1, High);
        true -> Entry
    end.

%% The value of the entry {Key, Value} of a key.
find_value(Key, Table) -> find_value(Key, Table, 1, tuple_size(Table)).

find_value(_, _, Low, High) when Low > High -> none;
find_value(Key, Table, Low, High) ->
    Middle = (Low + High) div 2,
    {K, Value} = element(Middle, Table),
    if
        Key < K -> find_value(Key, Table, Low, Middle - 1);
        Key > K -> find_value(Key, Table, Middle + 1, High);
        true -> Value
    end.

%% Letter case.

%% @doc The next code point in upper case.
uppercase(Text) -> mapped(Text, fun upper/1).

%% @doc The next code point in lower case.
lowercase(Text) -> mapped(Text, fun lower/1).

%% @doc The next code point in title case.
titlecase(Text) -> mapped(Text, fun title/1).

%% @doc The next code point folded, for comparison.
casefold(Text) -> mapped(Text, fun fold/1).

mapped(Text, Map) ->
    case cp(Text) of
        [C | Rest] -> [Map(C) | Rest];
        Other -> Other
    end.

upper(C) when C < 128 ->
    if C >= $a, C =< $z -> C - 32; true -> C end;
upper(C) ->
    case find_value(C, unicode_data:upper_special()) of
        none -> shifted(C, unicode_data:upper());
        Chars -> Chars
    end.

lower(C) when C < 128 ->
    if C >= $A, C =< $Z -> C + 32; true -> C end;
lower(C) ->
    case find_value(C, unicode_data:lower_special()) of
        none -> shifted(C, unicode_data:lower());
        Chars -> Chars
    end.

title(C) ->
    case find_value(C, unicode_data:title()) of
        none -> upper(C);
        Chars -> Chars
    end.

fold(C) when C < 128 -> lower(C);
fold(C) ->
    case find_value(C, unicode_data:fold()) of
        none -> lower(C);
        Chars -> Chars
    end.

shifted(C, Table) ->
    case find_range(C, Table) of
        {From, _, Step, Difference} when Step =:= 0; (C - From) rem Step =:= 0 -> C + Difference;
        _ -> C
    end.

%% @doc The cases of a code point.
get_case(C) ->
    maps:from_list([{upper, upper(C)}, {lower, lower(C)}, {title, title(C)}, {fold, fold(C)}]).

%% @doc Properties of a code point.
lookup(C) ->
    Canon = decomposed(C, canonical),
    maps:from_list([{ccc, combining_class(C)},
                    {canon, if Canon =:= [C] -> []; true -> [{combining_class(D), D} || D <- Canon] end},
                    {compat, case find_value(C, unicode_compat:decomposition()) of
                                 none -> [];
                                 Chars -> Chars
                             end}]).

%% @doc The characters that count as white space, CR LF as one.
whitespace() ->
    [[$\r, $\n], 9, 10, 11, 12, 13, 32, 133, 8206, 8207, 8232, 8233].

%% @doc Whether a cluster is white space.
is_whitespace(Cluster) -> lists:member(Cluster, whitespace()).

%% Normal forms, cluster by cluster.

%% @doc The next cluster, decomposed canonically.
nfd(Text) -> normal(Text, canonical, fun(Chars) -> Chars end).

%% @doc The next cluster, decomposed canonically and composed.
nfc(Text) -> normal(Text, canonical, fun compose/1).

%% @doc The next cluster, decomposed by compatibility.
nfkd(Text) -> normal(Text, compatible, fun(Chars) -> Chars end).

%% @doc The next cluster, decomposed by compatibility and composed.
nfkc(Text) -> normal(Text, compatible, fun compose/1).

normal(Text, Kind, Finish) ->
    case gc(Text) of
        [C | Rest] when is_integer(C), C < 128 -> [C | Rest];
        [Cluster | Rest] ->
            Chars = if is_integer(Cluster) -> [Cluster]; true -> Cluster end,
            Decomposed = ordered(lists:flatmap(fun(C) -> decomposed(C, Kind) end, Chars)),
            case Finish(Decomposed) of
                [C] -> [C | Rest];
                Chars1 -> [Chars1 | Rest]
            end;
        Other -> Other
    end.

decomposed(C, Kind) when C >= 16#AC00, C =< 16#D7A3, (Kind =:= canonical orelse Kind =:= compatible) ->
    S = C - 16#AC00,
    LV = [16#1100 + S div 588, 16#1161 + S rem 588 div 28],
    case S rem 28 of
        0 -> LV;
        T -> LV ++ [16#11A7 + T]
    end;
decomposed(C, compatible) ->
    case find_value(C, unicode_compat:decomposition()) of
        none -> decomposed(C, canonical);
        Chars -> Chars
    end;
decomposed(C, canonical) ->
    case find_value(C, unicode_data:decomposition()) of
        none -> [C];
        Chars -> Chars
    end.

combining_class(C) when C < ?FIRST_EXTEND -> 0;
combining_class(C) ->
    case find_range(C, unicode_data:combining_class()) of
        {_, _, Class} -> Class;
        none -> 0
    end.

%% Combining characters after each starter, in the order of their classes.
ordered(Chars) ->
    {Result, Run} =
        lists:foldl(fun(C, {Done, Marks}) ->
                            case combining_class(C) of
                                0 -> {[C | flush(Marks, Done)], []};
                                Class -> {Done, [{Class, C} | Marks]}
                            end
                    end, {[], []}, Chars),
    lists:reverse(flush(Run, Result)).

flush(Marks, Done) ->
    Sorted = lists:keysort(1, lists:reverse(Marks)),
    lists:foldl(fun({_, C}, Acc) -> [C | Acc] end, Done, Sorted).

%% A character composes with the last starter unless one of its class or higher stands between.
compose([C | Chars]) ->
    case combining_class(C) of
        0 -> compose(Chars, C, 0, []);
        _ -> [C | compose(Chars)]
    end;
compose([]) ->
    [].

compose([C | Chars], Starter, LastClass, Marks) ->
    Class = combining_class(C),
    Blocked = Marks =/= [] andalso LastClass >= Class,
    case not Blocked andalso pair(Starter, C) of
        Composed when is_integer(Composed) -> compose(Chars, Composed, LastClass, Marks);
        _ when Class =:= 0 -> [Starter | lists:reverse(Marks, compose(Chars, C, 0, []))];
        _ -> compose(Chars, Starter, Class, [C | Marks])
    end;
compose([], Starter, _, Marks) ->
    [Starter | lists:reverse(Marks)].

pair(L, V) when L >= 16#1100, L =< 16#1112, V >= 16#1161, V =< 16#1175 ->
    16#AC00 + ((L - 16#1100) * 21 + V - 16#1161) * 28;
pair(LV, T) when LV >= 16#AC00, LV =< 16#D7A3, T > 16#11A7, T =< 16#11C2, (LV - 16#AC00) rem 28 =:= 0 ->
    LV + T - 16#11A7;
pair(A, B) ->
    case find_value({A, B}, unicode_data:composition()) of
        none -> false;
        C -> C
    end.
