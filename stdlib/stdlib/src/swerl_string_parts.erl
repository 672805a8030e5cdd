%%% Text in parts: what the functions of `string' do with a list that holds lists and binaries.
%%%
%%% What is left of such text stays in the parts it was in: a binary is cut, and not taken apart into its
%%% characters. A cluster that begins in a binary and goes on in the next part counts by its beginning.
-module(swerl_string_parts).

-export([drop/2, trim/3, take/4, prefix/2, split/3, find/3, lexemes/2,
         nothing_of/1, check/2, check_in_bytes/1]).

%% Text without so many clusters at its beginning.
drop(0, Text) -> Text;
drop(N, Text) ->
    case unicode_util:gc(Text) of
        [_ | Rest] -> drop(N - 1, Rest);
        [] -> [];
        {error, Bad} -> erlang:error({badarg, Bad})
    end.

%%% What is looked for

%% Fails where something among the clusters that are looked for is none; in bytes it must be text as well.
check(Text, Wanted) ->
    case has_bytes(Text) of
        true -> check_in_bytes(Wanted);
        false -> _ = first_characters(Wanted), ok
    end.

check_in_bytes(Wanted) ->
    lists:foreach(fun(Char) -> <<Char/utf8>> end, first_characters(Wanted)).

first_characters([Char | Wanted]) when is_integer(Char) ->
    [Char | first_characters(Wanted)];
first_characters([Cluster | Wanted]) ->
    [Char | _] = unicode_util:cp(Cluster),
    [Char | first_characters(Wanted)];
first_characters([]) ->
    [].

has_bytes([Part | Parts]) -> has_bytes(Part) orelse has_bytes(Parts);
has_bytes(Part) -> is_binary(Part).

%%% Both ends

trim(Text, leading, Wanted) -> without_leading(Text, Wanted);
trim(Text, trailing, Wanted) -> without_trailing(Text, Wanted).

%% The next cluster, for those who look for some that are wanted. A character of the list itself that none of these
%% begins with is taken alone, and what follows it stays as it stands.
next_cluster([C | _] = Text, Wanted) when is_integer(C) ->
    case begins(C, Wanted) of
        true -> unicode_util:gc(Text);
        false -> Text
    end;
next_cluster(Text, _) -> unicode_util:gc(Text).

begins(C, {but, Wanted}) -> begins(C, Wanted);
begins(C, [C | _]) -> true;
begins(C, [[C | _] | _]) -> true;
begins(C, [_ | Wanted]) -> begins(C, Wanted);
begins(_, []) -> false.

is(Cluster, {but, Wanted}) -> not is(Cluster, Wanted);
is(Cluster, Wanted) -> lists:member(Cluster, Wanted).

without_leading([Bytes | Rest], Wanted) when is_binary(Bytes) ->
    case after_leading(Bytes, Wanted) of
        <<>> -> without_leading(Rest, Wanted);
        Left -> [Left | Rest]
    end;
without_leading(Bytes, Wanted) when is_binary(Bytes) ->
    after_leading(Bytes, Wanted);
without_leading(Text, Wanted) ->
    case unicode_util:gc(Text) of
        [Cluster | Rest] ->
            case is(Cluster, Wanted) of
                true -> without_leading(Rest, Wanted);
                false -> Text
            end;
        [] -> []
    end.

%% The bytes behind the leading clusters of a kind. A character that no wanted cluster begins with is passed alone.
after_leading(<<C/utf8, Rest/binary>> = Bytes, {but, Wanted} = Others) ->
    case begins(C, Wanted) of
        true -> after_cluster(Bytes, Others);
        false -> after_leading(Rest, Others)
    end;
after_leading(Bytes, Wanted) ->
    after_cluster(Bytes, Wanted).

after_cluster(Bytes, Wanted) ->
    case unicode_util:gc(Bytes) of
        [Cluster | Rest] ->
            case is(Cluster, Wanted) of
                true -> after_leading(bytes(Rest), Wanted);
                false -> Bytes
            end;
        [] -> <<>>
    end.

bytes([]) -> <<>>;
bytes(Bytes) -> Bytes.

%% {Before, Run}: the clusters of a kind that bytes end with.
trailing_run(Bytes, Wanted) -> trailing_run(Bytes, Wanted, Bytes, Bytes).

trailing_run(<<C/utf8, Rest/binary>> = Left, Wanted, Run, All) ->
    case begins(C, Wanted) of
        true -> trailing_cluster(Left, Wanted, Run, All);
        false when is_tuple(Wanted) -> trailing_run(Rest, Wanted, Run, All);
        false -> trailing_run(Rest, Wanted, Rest, All)
    end;
%% A byte that begins no character is none that is wanted.
trailing_run(<<_, Rest/binary>>, {but, _} = Others, Run, All) ->
    trailing_run(Rest, Others, Run, All);
trailing_run(<<_, Rest/binary>>, Wanted, _, All) ->
    trailing_run(Rest, Wanted, Rest, All);
trailing_run(<<>>, _, Run, All) ->
    {binary:part(All, 0, byte_size(All) - byte_size(Run)), Run}.

trailing_cluster(Left, Wanted, Run, All) ->
    case unicode_util:gc(Left) of
        [Cluster | Rest0] ->
            Rest = bytes(Rest0),
            case is(Cluster, Wanted) of
                true -> trailing_run(Rest, Wanted, Run, All);
                false -> trailing_run(Rest, Wanted, Rest, All)
            end
    end.

without_trailing([Bytes | Rest], Wanted) when is_binary(Bytes) ->
    case trailing_run(Bytes, Wanted) of
        {_, <<>>} -> before(Bytes, without_trailing(Rest, Wanted));
        {Kept, _} ->
            Left = without_trailing(Rest, Wanted),
            case string:is_empty(Left) of
                true -> Kept;
                false -> before(Bytes, Left)
            end
    end;
without_trailing(Bytes, Wanted) when is_binary(Bytes) ->
    element(1, trailing_run(Bytes, Wanted));
without_trailing(Text, Wanted) ->
    case next_cluster(Text, Wanted) of
        [Cluster | Rest] ->
            Left = without_trailing(Rest, Wanted),
            case is(Cluster, Wanted) of
                true ->
                    case string:is_empty(Left) of
                        true -> [];
                        false -> joined(Cluster, Left)
                    end;
                false -> kept(Cluster, Text, Left)
            end;
        [] -> []
    end.

%% A binary, or a cluster, in front of text.
before(Bytes, []) -> Bytes;
before(<<>>, Text) -> Text;
before([], Text) -> Text;
before(Bytes, Text) -> [Bytes | Text].

joined(C, <<>>) when is_integer(C) -> [C];
joined(Cluster, <<>>) -> Cluster;
joined(Cluster, Bytes) when is_binary(Bytes) -> [Cluster, Bytes];
joined(C, Text) when is_integer(C) -> [C | Text];
joined(Cluster, Text) when is_list(Cluster) -> Cluster ++ Text.

%% A character that stood in the list itself and is no candidate keeps what follows as its tail.
kept(C, [C | _], Left) when is_integer(C) -> [C | Left];
kept(Cluster, _, Left) -> joined(Cluster, Left).

%%% Taking

%% {Leading, Trailing} where the one end has all clusters that are wanted, or all others.
take(Text, Wanted, Complement, leading) -> take_leading(Text, kind(Wanted, Complement), []);
take(Text, Wanted, Complement, trailing) -> take_trailing(Text, kind(Wanted, Complement)).

kind(Wanted, false) -> Wanted;
kind(Wanted, true) -> {but, Wanted}.

%% What was taken is kept backwards.
take_leading([Bytes | Rest], Wanted, Taken) when is_binary(Bytes) ->
    case after_leading(Bytes, Wanted) of
        <<>> -> take_leading(Rest, Wanted, [Bytes | Taken]);
        Left -> {ended(first(Bytes, Left), Taken), [Left | Rest]}
    end;
take_leading(Bytes, Wanted, Taken) when is_binary(Bytes) ->
    Left = after_leading(Bytes, Wanted),
    {ended(first(Bytes, Left), Taken), Left};
take_leading(Text, Wanted, Taken) ->
    case leading_cluster(Text, Wanted) of
        [Cluster | Rest] ->
            case is(Cluster, Wanted) of
                true -> take_leading(Rest, Wanted, pushed(Cluster, Taken));
                false -> {forwards(Taken), Text}
            end;
        [] -> {forwards(Taken), []}
    end.

leading_cluster(Text, {but, Wanted}) -> next_cluster(Text, Wanted);
leading_cluster(Text, _) -> unicode_util:gc(Text).

first(Bytes, Left) -> binary:part(Bytes, 0, byte_size(Bytes) - byte_size(Left)).

pushed(C, Taken) when is_integer(C) -> [C | Taken];
pushed(Cluster, Taken) -> lists:reverse(Cluster, Taken).

forwards([Bytes]) when is_binary(Bytes) -> Bytes;
forwards(Taken) -> lists:reverse(Taken).

%% A binary behind what was taken before.
ended(Bytes, []) -> Bytes;
ended(Bytes, [C]) when is_integer(C) -> <<C/utf8, Bytes/binary>>;
ended(<<>>, Taken) -> lists:reverse(Taken);
ended(Bytes, Taken) -> [lists:reverse(Taken), Bytes].

take_trailing([Bytes | Rest], Wanted) when is_binary(Bytes) ->
    {Head, Tail} = take_trailing(Rest, Wanted),
    case trailing_run(Bytes, Wanted) of
        {_, <<>>} -> {before(Bytes, Head), Tail};
        {Kept, Run} ->
            case string:is_empty(Head) of
                true -> {Kept, before(Run, Tail)};
                false -> {before(Bytes, Head), Tail}
            end
    end;
take_trailing(Bytes, Wanted) when is_binary(Bytes) ->
    trailing_run(Bytes, Wanted);
take_trailing(Text, Wanted) ->
    case trailing_cluster(Text, Wanted) of
        [Cluster | Rest] ->
            {Head, Tail} = take_trailing(Rest, Wanted),
            case is(Cluster, Wanted) of
                true ->
                    case string:is_empty(Head) of
                        true -> {Head, joined(Cluster, Tail)};
                        false -> {joined(Cluster, Head), Tail}
                    end;
                false when is_tuple(Wanted) -> {joined(Cluster, Head), Tail};
                false -> {kept(Cluster, Text, Head), Tail}
            end;
        [] -> {[], []}
    end.

trailing_cluster(Text, {but, _}) -> unicode_util:gc(Text);
trailing_cluster(Text, Wanted) -> next_cluster(Text, Wanted).

%%% Searching

%% The text behind a prefix, which ends where a cluster ends, or nomatch.
prefix(Text, [Last]) ->
    case unicode_util:gc(Text) of
        [Last | Rest] -> Rest;
        _ -> nomatch
    end;
prefix(Text, [C | Prefix]) ->
    case unicode_util:cp(Text) of
        [C | Rest] -> prefix(Rest, Prefix);
        _ -> nomatch
    end.

%% The text from the first or the last place of a pattern on, or nomatch.
find(Text, Pattern, Dir) -> find(next(Text, 0, Pattern, []), Pattern, Dir, nomatch).

find({_, From, _, _}, _, leading, _) -> From;
find({_, From, _, {Text, At, Passed}}, Pattern, trailing, _) ->
    find(next(Text, At, Pattern, Passed), Pattern, trailing, From);
find(none, _, _, Found) -> Found.

%% The parts between places of a pattern: of the first, the last, or all of them.
split(Text, Pattern, Where) ->
    case {Where, next(Text, 0, Pattern, [])} of
        {_, none} -> [Text];
        {leading, {Before, _, After, _}} -> [forwards(Before), After];
        {trailing, Found} -> last_parts(Found, Pattern);
        {all, Found} -> all_parts(Found, Pattern)
    end.

last_parts({Before, From, After, {Text, At, Passed}}, Pattern) ->
    case next(Text, At, Pattern, Passed) of
        none when is_binary(From) -> [ended(hd(Before), tl(Before)), After];
        none -> [forwards(Before), After];
        Found -> last_parts(Found, Pattern)
    end.

all_parts({Before, _, After, _}, Pattern) ->
    [forwards(Before) | case next(After, 0, Pattern, []) of
                            none -> [forwards(passed(After, []))];
                            Found -> all_parts(Found, Pattern)
                        end].

%% The next place of a pattern: {Before, From, After, GoOn}, with what was passed before it backwards, the text
%% from the place on and behind the pattern, and where to go on for another place. A binary at the beginning of
%% the text is searched from a byte on.
next([Bytes | Rest] = Text, Start, Pattern, Passed) when is_binary(Bytes) ->
    case within(Bytes, Start, Rest, Pattern) of
        none -> next(Rest, 0, Pattern, [Bytes | Passed]);
        {At, Behind, After} ->
            <<Before:At/binary, From/binary>> = Bytes,
            {with(Before, Passed), [From | Rest], bytes(After), {Text, Behind, Passed}}
    end;
next(Bytes, Start, Pattern, Passed) when is_binary(Bytes) ->
    case within(Bytes, Start, [], Pattern) of
        none -> none;
        {At, Behind, After} ->
            <<Before:At/binary, From/binary>> = Bytes,
            {[Before | Passed], From, bytes(After), {Bytes, Behind, Passed}}
    end;
next(Text, _, _, _) when not is_list(Text) ->
    error({badmatch, Text});
next(Text, _, Pattern, Passed) ->
    case unicode_util:cp(Text) of
        [C | Rest] ->
            case prefix(Text, Pattern) of
                nomatch -> next(Rest, 0, Pattern, [C | Passed]);
                After -> {Passed, Text, After, {Rest, 0, [C | Passed]}}
            end;
        [] -> none
    end.

with(<<>>, Passed) -> Passed;
with(Bytes, Passed) -> [Bytes | Passed].

%% {Place, Behind, After}: the first place in a binary where the pattern begins and the place behind its first
%% character, counted in bytes, and the text after it; it may end in the parts that follow.
within(Bytes, At, Rest, Pattern) ->
    case Bytes of
        <<_:At/binary>> -> none;
        <<_:At/binary, C/utf8, Behind/binary>> when C =:= hd(Pattern) ->
            <<_:At/binary, From/binary>> = Bytes,
            case prefix(before(From, Rest), Pattern) of
                nomatch -> within(Bytes, byte_size(Bytes) - byte_size(Behind), Rest, Pattern);
                After -> {At, byte_size(Bytes) - byte_size(Behind), After}
            end;
        <<_:At/binary, _/utf8, Behind/binary>> ->
            within(Bytes, byte_size(Bytes) - byte_size(Behind), Rest, Pattern)
    end.

%% All of a text, passed.
passed([Bytes | Rest], Passed) when is_binary(Bytes) -> passed(Rest, [Bytes | Passed]);
passed(Bytes, Passed) when is_binary(Bytes) -> [Bytes | Passed];
passed(Text, Passed) ->
    case unicode_util:cp(Text) of
        [C | Rest] -> passed(Rest, [C | Passed]);
        [] -> Passed
    end.

%%% Parts between separators

%% The parts between clusters of a kind.
lexemes(Text, Wanted) ->
    case without_leading(Text, Wanted) of
        [] -> [];
        <<>> -> [];
        Rest ->
            {Lexeme, Behind} = lexeme(Rest, Wanted, []),
            [Lexeme | lexemes(Behind, Wanted)]
    end.

lexeme([Bytes | Rest], Wanted, Taken) when is_binary(Bytes) ->
    case after_leading(Bytes, {but, Wanted}) of
        <<>> -> lexeme(Rest, Wanted, [Bytes | Taken]);
        Left -> {ended(first(Bytes, Left), Taken), [Left | Rest]}
    end;
lexeme(Bytes, Wanted, Taken) when is_binary(Bytes) ->
    case after_leading(Bytes, {but, Wanted}) of
        <<>> -> {ended(Bytes, Taken), []};
        Left -> {ended(first(Bytes, Left), Taken), Left}
    end;
lexeme(Text, Wanted, Taken) ->
    case unicode_util:cp(Text) of
        [C | Rest] ->
            case begins(C, Wanted) of
                true -> lexeme_or_separator(Text, Wanted, Taken);
                false -> lexeme(Rest, Wanted, [C | Taken])
            end;
        [] -> {forwards(Taken), []}
    end.

lexeme_or_separator(Text, Wanted, Taken) ->
    [Cluster | Rest] = unicode_util:gc(Text),
    case is(Cluster, Wanted) of
        true -> {forwards(Taken), Rest};
        false -> lexeme(Rest, Wanted, pushed(Cluster, Taken))
    end.

%% What there is behind the last part: nothing, as a binary where the text ends in one.
nothing_of([Last]) -> nothing_of(Last);
nothing_of([_ | Rest]) -> nothing_of(Rest);
nothing_of(Bytes) when is_binary(Bytes) -> <<>>;
nothing_of(_) -> [].
