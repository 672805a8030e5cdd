%%% What the release tools share: names of files, folders to search, terms in files.
-module(systools_lib).

-export([get_path/1, file_term2binary/2, read_term/1, find_file/2, option/3]).

%% @doc The folders that the option path names, wildcards expanded.
get_path(Patterns) ->
    lists:append([case lists:any(fun(C) -> lists:member(C, "*?[{") end, Pattern) of
                      true -> filelib:wildcard(Pattern);
                      false -> [Pattern]
                  end || Pattern <- Patterns]).

%% @doc Writes the term of a file into another, in the external format.
file_term2binary(From, To) ->
    case read_term(From) of
        {ok, Term} -> file:write_file(To, term_to_binary(Term));
        Error -> Error
    end.

%% @doc The only term of a file.
read_term(File) ->
    case file:consult(File) of
        {ok, [Term]} -> {ok, Term};
        {ok, _} -> {error, no_single_term};
        Error -> Error
    end.

%% @doc The first of the folders that has a file.
find_file(Name, Folders) ->
    case [File || Folder <- Folders, File <- [filename:join(Folder, Name)], is_there(File)] of
        [File | _] -> {ok, File};
        [] -> {error, not_found}
    end.

is_there(File) -> filelib:is_regular(File) orelse erl_prim_loader:get_file(File) =/= error.

%% @doc The value of an option.
option(Key, Options, Default) -> proplists:get_value(Key, Options, Default).
