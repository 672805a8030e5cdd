%%% swerl_filelib_pattern: the patterns of filelib:wildcard.
%%%
%%% A part of a pattern between slashes is a list of characters, `question`,
%%% `star`, and {one_of, Characters}; or it is `double_star`.
-module(swerl_filelib_pattern).

-export([expand/1, parse/1, literal/1, matches/2]).

%% The patterns that one with alternatives in braces stands for.
expand(Pattern) -> expand(Pattern, []).

expand([$\\, C | Rest], Before) ->
    expand(Rest, [C, $\\ | Before]);
expand([${ | Rest], Before) ->
    case alternatives(Rest, [], []) of
        {Choices, After} ->
            lists:append([expand(lists:reverse(Before, Choice) ++ After) || Choice <- Choices]);
        none ->
            throw({badpattern, missing_delimiter})
    end;
expand([C | Rest], Before) ->
    expand(Rest, [C | Before]);
expand([], Before) ->
    [lists:reverse(Before)].

alternatives([$\\, C | Rest], Part, Parts) -> alternatives(Rest, [C, $\\ | Part], Parts);
alternatives([$, | Rest], Part, Parts) -> alternatives(Rest, [], [lists:reverse(Part) | Parts]);
alternatives([$} | Rest], Part, Parts) -> {lists:reverse([lists:reverse(Part) | Parts]), Rest};
alternatives([${ | Rest], Part, Parts) ->
    case inner(Rest, [${], 1) of
        {Inner, After} -> alternatives(After, Inner ++ Part, Parts);
        none -> none
    end;
alternatives([C | Rest], Part, Parts) -> alternatives(Rest, [C | Part], Parts);
alternatives([], _Part, _Parts) -> none.

%% A group within a group, reversed.
inner(Rest, Acc, 0) -> {Acc, Rest};
inner([$} | Rest], Acc, Depth) -> inner(Rest, [$} | Acc], Depth - 1);
inner([${ | Rest], Acc, Depth) -> inner(Rest, [${ | Acc], Depth + 1);
inner([C | Rest], Acc, Depth) -> inner(Rest, [C | Acc], Depth);
inner([], _Acc, _Depth) -> none.

%% {What the names begin with, the parts}.
parse([$/ | Pattern]) -> {"/", parts(Pattern)};
parse(Pattern) -> {"", parts(Pattern)}.

parts(Pattern) -> [part(Part) || Part <- without_here([Part || Part <- split(Pattern, []), Part =/= []])].

%% A point says nothing unless it is the last part.
without_here(["." | [_ | _] = Parts]) -> without_here(Parts);
without_here([Part | Parts]) -> [Part | without_here(Parts)];
without_here([]) -> [].

split([$\\, C | Rest], Part) -> split(Rest, [C, $\\ | Part]);
split([$/ | Rest], Part) -> [lists:reverse(Part) | split(Rest, [])];
split([C | Rest], Part) -> split(Rest, [C | Part]);
split([], Part) -> [lists:reverse(Part)].

part("**") -> double_star;
part(Part) -> items(Part).

items([$\\, C | Rest]) -> [C | items(Rest)];
items([$? | Rest]) -> [question | items(Rest)];
items([$* | Rest]) -> [star | items(Rest)];
items([$[ | Rest]) ->
    case set(Rest, []) of
        {Set, After} -> [{one_of, Set} | items(After)];
        none -> [$[ | items(Rest)]
    end;
items([C | Rest]) -> [C | items(Rest)];
items([]) -> [].

%% A bracket first in the set stands for itself.
set([$] | Rest], []) -> set(Rest, [$]]);
set([$] | Rest], Set) -> {Set, Rest};
set([$\\, C | Rest], Set) -> set(Rest, [C | Set]);
set([From, $-, To | Rest], Set) when To =/= $] -> set(Rest, lists:seq(From, To) ++ Set);
set([C | Rest], Set) -> set(Rest, [C | Set]);
set([], _Set) -> none.

%% A part without anything to match is a name.
literal(double_star) -> no;
literal(Part) ->
    case lists:all(fun is_integer/1, Part) of
        true -> {ok, Part};
        false -> no
    end.

%% Names that begin with a point are names like others.
matches(Part, Name) -> match(Part, Name).

match([star], _Name) -> true;
match([star | Rest] = Part, Name) ->
    match(Rest, Name) orelse (Name =/= [] andalso match(Part, tl(Name)));
match([question | Rest], [_ | Name]) -> match(Rest, Name);
match([{one_of, Set} | Rest], [C | Name]) -> lists:member(C, Set) andalso match(Rest, Name);
match([C | Rest], [C | Name]) -> match(Rest, Name);
match([], []) -> true;
match(_, _) -> false.
