%%% edlin_expand: what the Tab key adds to a line that is being typed.
%%%
%%% Modules, functions with their arities, commands of the shell, variables that are bound, records and
%%% their fields, and the names of files within a string. The text before the cursor decides which of them
%%% is meant; no more of the grammar is looked at than that takes.
-module(edlin_expand).

-export([expand/1, expand/2]).

-export_type([names/0]).

%% What the shell knows: its variables, and its records with their fields.
-type names() :: #{variables => [string()], records => [{string(), [string()]}]}.

%% @doc As expand/2, of a shell that knows no names.
expand(Before) ->
    expand(Before, #{}).

%% @doc The text to add behind the reversed text Before, and, where that leaves a choice, the choices:
%% {yes, Text, Choices}, or {no, [], []} where nothing fits.
-spec expand(string(), names()) -> {yes | no, string(), [string() | {string(), arity()}]}.
expand(Before, Names) ->
    case open_string(lists:reverse(Before)) of
        {string, Path} -> choose(Path, files(Path));
        atom -> {no, [], []};
        none ->
            {Reversed, Rest} = lists:splitwith(fun is_name/1, Before),
            word(lists:reverse(Reversed), Rest, Names)
    end.

is_name(C) ->
    (C >= $a andalso C =< $z) orelse (C >= $A andalso C =< $Z) orelse (C >= $0 andalso C =< $9)
        orelse C =:= $_ orelse C =:= $@ orelse (C >= $\337 andalso C =/= $\327 andalso C =/= $\367).

%% Is the end of the text within a string or a quoted atom?
open_string(Text) -> outside(Text).

outside([$$, $\\, _ | Rest]) -> outside(Rest);
outside([$$, _ | Rest]) -> outside(Rest);
outside([$" | Rest]) -> inside($", Rest, Rest);
outside([$' | Rest]) -> inside($', Rest, Rest);
outside([$% | _]) -> atom;
outside([_ | Rest]) -> outside(Rest);
outside([]) -> none.

inside(Quote, [$\\, _ | Rest], From) -> inside(Quote, Rest, From);
inside(Quote, [Quote | Rest], _) -> outside(Rest);
inside(Quote, [_ | Rest], From) -> inside(Quote, Rest, From);
inside($", [], From) -> {string, From};
inside($', [], _) -> atom.

%% A name, what stands before it reversed.
word(Word, [$: | Rest], _) ->
    {Module, _} = lists:splitwith(fun is_name/1, Rest),
    choose(Word, functions(lists:reverse(Module)));
word(Word, [$# | _], Names) ->
    choose(Word, [{Record, Record ++ "{"} || {Record, _} <- maps:get(records, Names, [])]);
word(Word, Rest, Names) ->
    case open_record(Rest) of
        {ok, Record} ->
            case lists:keyfind(Record, 1, maps:get(records, Names, [])) of
                {_, Fields} when Word =:= []; hd(Word) >= $a ->
                    choose(Word, [{Field, Field ++ " = "} || Field <- Fields]);
                _ ->
                    plain_word(Word, Names)
            end;
        none ->
            plain_word(Word, Names)
    end.

plain_word([], _) ->
    {no, [], []};
plain_word([C | _] = Word, Names) when C >= $A, C =< $Z; C =:= $_ ->
    choose(Word, [{Variable, Variable} || Variable <- maps:get(variables, Names, [])]);
plain_word(Word, _) ->
    choose(Word, [{Module, Module ++ ":"} || Module <- modules()] ++ commands()).

%% The record whose braces are open at the end of this reversed text, directly or behind a field's comma.
open_record(Reversed) -> open_record(Reversed, 0).

open_record([C | Rest], Depth) when C =:= $}; C =:= $); C =:= $] -> open_record(Rest, Depth + 1);
open_record([${ | Rest], 0) ->
    case lists:splitwith(fun is_name/1, Rest) of
        {[_ | _] = Name, [$# | _]} -> {ok, lists:reverse(Name)};
        _ -> none
    end;
open_record([C | _], 0) when C =:= $(; C =:= $[ -> none;
open_record([C | Rest], Depth) when C =:= ${; C =:= $(; C =:= $[ -> open_record(Rest, Depth - 1);
open_record([_ | Rest], Depth) -> open_record(Rest, Depth);
open_record([], _) -> none.

modules() ->
    [Name || {Name, _, _} <- code:all_available(), is_plain(Name)].

%% Names that need quotes are no use in the middle of a line.
is_plain([C | Rest]) -> C >= $a andalso C =< $z andalso lists:all(fun is_name/1, Rest);
is_plain([]) -> false.

commands() ->
    Exported = [{F, A} || {F, A} <- shell_default:module_info(exports), F =/= module_info],
    Local = [{b, 0}, {e, 1}, {f, 0}, {f, 1}, {h, 0}, {history, 1}, {results, 1}, {catch_exception, 1},
             {rd, 2}, {rf, 0}, {rf, 1}, {rl, 0}, {rl, 1}, {rp, 1}, {rr, 1}, {rr, 2}, {rr, 3}, {v, 1}],
    calls(Exported ++ Local).

functions(Name) ->
    case lists:member(Name, modules()) of
        true ->
            Module = list_to_atom(Name),
            case code:ensure_loaded(Module) of
                {module, Module} -> calls(Module:module_info(exports));
                _ -> []
            end;
        false ->
            []
    end.

calls(Functions) ->
    Named = [{atom_to_list(F), A} || {F, A} <- Functions],
    [{Name, Name ++ "(", Arity} || {Name, Arity} <- lists:usort(Named), is_plain(Name)].

%% The files that a path may go on to. A folder ends in a slash, a file in the string's quote.
files(Path) ->
    {Folder, Shown} = case filename:dirname(Path) of
        "." -> {".", []};
        "/" -> {"/", "/"};
        Other -> {Other, Other ++ "/"}
    end,
    case file:list_dir(Folder) of
        {ok, Names} ->
            [case filelib:is_dir(filename:join(Folder, Name)) of
                 true -> {Shown ++ Name, Shown ++ Name ++ "/"};
                 false -> {Shown ++ Name, Shown ++ Name ++ "\""}
             end || Name <- lists:sort(Names), hd(Name) =/= $. orelse hd(filename:basename(Path) ++ " ") =:= $.];
        {error, _} ->
            []
    end.

%% Of candidates {Name, Text} or {Name, Text, Arity} those that begin with the word.
choose(Word, Candidates) ->
    Fitting = [C || C <- Candidates, lists:prefix(Word, element(1, C))],
    case lists:usort([{element(1, C), element(2, C)} || C <- Fitting]) of
        [] ->
            {no, [], []};
        [{Word, Text}] ->
            {yes, rest(Word, Text), several(Fitting)};
        [{_, Text}] ->
            {yes, rest(Word, Text), []};
        Names ->
            case rest(Word, common([Name || {Name, _} <- Names])) of
                [] -> {yes, [], shown(Fitting)};
                Text -> {yes, Text, []}
            end
    end.

%% A whole name that leaves no choice but of the arity.
several([_, _ | _] = Fitting) -> shown(Fitting);
several(_) -> [].

shown(Fitting) ->
    lists:usort([case C of
                     {Name, _, Arity} -> {Name, Arity};
                     {Name, _} -> Name
                 end || C <- Fitting]).

rest(Word, Text) -> lists:nthtail(length(Word), Text).

common([First | Names]) -> lists:foldl(fun(Name, Common) -> shared(Common, Name) end, First, Names).

shared([C | A], [C | B]) -> [C | shared(A, B)];
shared(_, _) -> [].
