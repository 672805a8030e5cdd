%%% Characters one after the other: code points, grapheme clusters (UAX 29), letter case and
%%% normal forms. Every function takes text (a list of characters, binaries in UTF-8 and such
%%% lists) and gives [First | Rest], [] at the end, or {error, Text} where it is not UTF-8.
-module(unicode_util).

-export([cp/1, gc/1, uppercase/1, lowercase/1, titlecase/1, casefold/1, nfd/1, nfc/1, nfkd/1,
         nfkc/1, whitespace/0, is_whitespace/1, lookup/1, get_case/1, spec_version/0]).

-define(ZWJ, 16#200D).
%% Below this, every character but CR is a cluster of its own when another such one follows.
-define(LATIN1_END, 256).
%% Below this, no character combines with another.
-define(FIRST_EXTEND, 16#300).
%% So many characters come out of inner lists behind the first.
-define(LIFTED, 3).

%% @doc The version of Unicode.
spec_version() -> {14, 0}.

%% @doc The next code point.
cp([C | _] = Text) when is_integer(C) -> Text;
cp([Deep]) -> cp(Deep);
cp([Deep | Rest]) -> deep(Deep, Rest);
cp([]) -> [];
cp(<<C/utf8, Rest/binary>>) -> [C | Rest];
cp(<<>>) -> [];
cp(<<Bad/binary>>) -> {error, Bad}.

%% The same of a text within a list, and what comes after it.
deep([C], Rest) when is_integer(C) -> [C | lifted(?LIFTED, Rest)];
deep([C | More], Rest) when is_integer(C) -> [C | lifted(?LIFTED, More, Rest)];
deep([Deep], Rest) -> deep(Deep, Rest);
deep([Deep | More], Rest) -> deep(Deep, [More | Rest]);
deep([], Rest) -> cp(Rest);
deep(<<C/utf8, More/binary>>, Rest) -> [C, More | Rest];
deep(<<>>, Rest) -> cp(Rest);
deep(<<Bad/binary>>, Rest) -> {error, [Bad | Rest]}.

%% So many characters behind the first are brought out of inner lists with it.
lifted(1, [C | _] = Text) when is_integer(C) -> Text;
lifted(N, [C | Rest]) when is_integer(C) -> [C | lifted(N - 1, Rest)];
lifted(N, [Deep]) -> lifted(N, Deep);
lifted(N, [Deep | Rest]) -> lifted(N, Deep, Rest);
lifted(_, Text) -> Text.

lifted(1, [C], Rest) when is_integer(C) -> [C | Rest];
lifted(1, [C | More], Rest) when is_integer(C) -> [C, More | Rest];
lifted(N, [C | More], Rest) when is_integer(C) -> [C | lifted(N - 1, More, Rest)];
lifted(N, [Deep], Rest) -> lifted(N, Deep, Rest);
lifted(N, [Deep | More], Rest) -> lifted(N, Deep, [More | Rest]);
lifted(N, [], Rest) -> lifted(N, Rest);
lifted(_, Text, Rest) -> [Text | Rest].

%% @doc The next grapheme cluster: a character, or a list of several.
gc([]) -> [];
gc([C] = Text) when is_integer(C); C < ?LATIN1_END -> Text;
gc([$\r | Rest]) ->
    case cp(Rest) of
        [$\n | After] -> [[$\r, $\n] | After];
        After -> [$\r | After]
    end;
gc([C, Next | _] = Text) when C < ?LATIN1_END, Next < ?LATIN1_END -> Text;
gc([C | Rest] = Text) when is_integer(C), C < ?LATIN1_END ->
    case begins_in_binary(Rest) of
        true -> cluster(Text);
        false ->
            case cp(Rest) of
                [Next | _] = After when Next < ?LATIN1_END -> [C | After];
                After -> cluster([C | After])
            end
    end;
gc(<<>>) -> [];
gc(<<C/utf8, Next/utf8, Rest/binary>>) when C < ?LATIN1_END, C =/= $\r, Next < ?LATIN1_END -> [C | <<Next/utf8, Rest/binary>>];
gc(<<C/utf8, Rest/binary>>) -> cluster([C | Rest]);
gc([C | _] = Text) when is_integer(C) -> cluster(Text);
gc(Text) ->
    case cp(Text) of
        {error, _} = Error -> Error;
        Chars -> gc(Chars)
    end.

%% Whether the first code point, if there is any, is not in a list. What is no text counts as well.
begins_in_binary([C | _]) when is_integer(C) -> false;
begins_in_binary([Deep]) -> begins_in_binary(Deep);
begins_in_binary([[] | Rest]) -> begins_in_binary(Rest);
begins_in_binary([Deep | _]) -> begins_in_binary(Deep);
begins_in_binary([]) -> false;
begins_in_binary(_) -> true.

cluster([$\r | Rest] = Text) ->
    case cp(Rest) of
        [$\n | After] -> [[$\r, $\n] | After];
        _ -> Text
    end;
cluster([C | Rest] = Text) ->
    case {kind(C), Rest} of
        {control, _} -> Text;
        {other, [Next | _]} when C < ?LATIN1_END, Next < ?LATIN1_END -> Text;
        {Kind, _} -> extend(Rest, Kind, state(Kind, none), [C])
    end.

%% What decides whether the cluster goes on: after a regional indicator one more joins; after a
%% pictograph, extending characters and a zero width joiner, a pictograph joins, and nothing else.
state(regional, prepend) -> regional;
state(regional, none) -> regional;
state(prepend, _) -> prepend;
state(pictographic, _) -> pictographic;
state(extend, pictographic) -> pictographic;
state(zwj, pictographic) -> joiner;
state(_, _) -> other.

%% The text is left as it stands where it does not go on.
extend(Text, Last, State, Acc) ->
    case cp(Text) of
        [C | Rest] ->
            Kind = kind(C),
            case joins(Last, State, Kind) of
                true -> extend(Rest, Kind, state(Kind, State), [C | Acc]);
                false -> [finish(Acc) | Text]
            end;
        [] ->
            [finish(Acc) | Text];
        {error, Bad} when State =:= pictographic; State =:= joiner ->
            [finish(Acc) | Text ++ [Bad]];
        {error, Bad} ->
            case Acc of
                [C] -> [C | Bad];
                _ -> [finish(Acc), Bad]
            end
    end.

finish([C]) -> C;
finish(Acc) -> lists:reverse(Acc).

joins(_, joiner, Kind) -> Kind =:= pictographic;
joins(_, _, extend) -> true;
joins(_, _, zwj) -> true;
joins(_, _, control) -> false;
joins(prepend, _, _) -> true;
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
    case in_ranges(C, swerl_unicode_data:extend()) of
        true -> extend;
        false ->
            case in_ranges(C, swerl_unicode_data:control()) of
                true -> control;
                false ->
                    case in_ranges(C, swerl_unicode_data:pictographic()) of
                        true -> pictographic;
                        false ->
                            case in_ranges(C, swerl_unicode_data:prepend()) of
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
        [] -> [];
        {error, Bad} -> error({badarg, Bad})
    end.

upper(C) when C < 128 ->
    if C >= $a, C =< $z -> C - 32; true -> C end;
upper(C) ->
    case find_value(C, swerl_unicode_data:upper_special()) of
        none -> shifted(C, swerl_unicode_data:upper());
        Chars -> Chars
    end.

lower(C) when C < 128 ->
    if C >= $A, C =< $Z -> C + 32; true -> C end;
lower(C) ->
    case find_value(C, swerl_unicode_data:lower_special()) of
        none -> shifted(C, swerl_unicode_data:lower());
        Chars -> Chars
    end.

title(C) ->
    case find_value(C, swerl_unicode_data:title()) of
        none -> upper(C);
        Chars -> Chars
    end.

fold(C) when C < 128 -> lower(C);
fold(C) ->
    case find_value(C, swerl_unicode_data:fold()) of
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
                    {compat, case find_value(C, swerl_unicode_compat:decomposition()) of
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
nfkc(Text) -> normal(Text, compatible, fun compose_clusters/1).

normal(Text, Kind, Finish) ->
    case gc(Text) of
        [C | Rest] when C < 128 -> [C | Rest];
        [Cluster | Rest] ->
            Chars = if is_integer(Cluster) -> [Cluster]; true -> Cluster end,
            case ordered(lists:flatmap(fun(C) -> decomposed(C, Kind) end, Chars)) of
                [C] -> [C | Rest];
                Decomposed ->
                    case Finish(Decomposed) of
                        %% A character composed by compatibility stays in a list.
                        [C] when Kind =:= canonical -> [C | Rest];
                        Chars1 -> [Chars1 | Rest]
                    end
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
    case find_value(C, swerl_unicode_compat:decomposition()) of
        none -> decomposed(C, canonical);
        Chars -> Chars
    end;
decomposed(C, canonical) ->
    case find_value(C, swerl_unicode_data:decomposition()) of
        none -> [C];
        Chars -> Chars
    end.

combining_class(C) when C < ?FIRST_EXTEND -> 0;
combining_class(C) ->
    case find_range(C, swerl_unicode_data:combining_class()) of
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

%% What follows the first character of a cluster composes with it, unless a mark of its class or of a higher one
%% stands between.
compose([L, V | Chars]) when L >= 16#1100, L =< 16#1112 ->
    case pair(L, V) of
        false -> [L | compose([V | Chars])];
        LV ->
            case Chars of
                [T | Rest] when T >= 16#11A7, T =< 16#11C2 -> [LV + T - 16#11A7 | Rest];
                _ -> [LV | Chars]
            end
    end;
compose([C | Chars]) -> compose(Chars, C, combining_class(C), []);
compose([]) -> [].

compose([C | Chars], First, LastClass, Marks) ->
    Class = combining_class(C),
    case (LastClass =:= 0 orelse LastClass < Class) andalso pair(First, C) of
        false -> compose(Chars, First, Class, [C | Marks]);
        Composed -> compose(Chars, Composed, LastClass, Marks)
    end;
compose([], First, _, Marks) ->
    [First | lists:reverse(Marks)].

%% What a character stands for can be several clusters.
compose_clusters([_] = Chars) -> Chars;
compose_clusters(Chars) ->
    case gc(Chars) of
        [[_ | _] = Cluster | Rest] -> compose(Cluster) ++ compose_clusters(Rest);
        [C | Rest] -> [C | compose_clusters(Rest)];
        [] -> []
    end.

pair(L, V) when L >= 16#1100, L =< 16#1112, V >= 16#1161, V =< 16#1175 ->
    16#AC00 + ((L - 16#1100) * 21 + V - 16#1161) * 28;
pair(LV, T) when LV >= 16#AC00, LV =< 16#D7A3, T > 16#11A7, T =< 16#11C2, (LV - 16#AC00) rem 28 =:= 0 ->
    LV + T - 16#11A7;
pair(A, B) ->
    case find_value({A, B}, swerl_unicode_data:composition()) of
        none -> false;
        C -> C
    end.
