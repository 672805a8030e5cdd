%%% Which files a program is made of, as a rule for `make'.
-module(swerl_compile_makedep).

-export([rules/2, rules_of_forms/3]).

%% Where a rule is broken into lines.
-define(WIDTH, 76).

-spec rules(file:filename(), [compile:option()]) ->
          {stopped, [], string(), binary(), binary(), []} | {printed, []} | {error, [tuple()]}.
rules(Source, Options) ->
    case epp:parse_file(Source, [{includes, [Dir || {i, Dir} <- Options]},
                                 {macros, lists:append([macro(O) || O <- Options])}]) of
        {ok, Forms} -> rules_of_forms(Forms, Source, Options);
        {error, Reason} ->
            {error, [swerl_compile_program:message(error, Source, none, {compile, {epp, Reason}})]}
    end.

-spec rules_of_forms([term()], file:filename(), [compile:option()]) ->
          {stopped, [], string(), binary(), binary(), []} | {printed, []} | {error, [tuple()]}.
rules_of_forms(Forms, Source, Options) ->
    Missing = [Name || {error, {_, epp, {include, file, Name}}} <- Forms,
                       lists:member(makedep_add_missing, Options)],
    Read = [Name || {attribute, _, file, {Name, _}} <- Forms, not is_bundled(Name)],
    Files = unique(Read ++ Missing),
    Target = target(Source, Options),
    Phony = [["\n", File, ":\n"] || lists:member(makedep_phony, Options), File <- tl(Files)],
    Text = unicode:characters_to_binary([rule(Target, Files), Phony]),
    written(Text, Source, Options).

%% A header inside of swerl is no file that `make' could look at.
is_bundled("embedded:" ++ _) -> true;
is_bundled(_) -> false.

macro({d, Name}) -> [Name];
macro({d, Name, Value}) -> [{Name, Value}];
macro(_) -> [].

target(Source, Options) ->
    Base = filename:basename(Source, ".erl") ++ ".beam",
    Default = case proplists:get_value(outdir, Options) of
                  undefined -> Base;
                  Dir -> seen_from_here(filename:join(Dir, Base))
              end,
    case {proplists:get_value(makedep_target, Options),
          proplists:get_value(makedep_quote_target, Options)} of
        {undefined, undefined} -> Default;
        {undefined, true} -> quoted(Default);
        {undefined, Target} -> quoted(Target);
        {Target, true} -> quoted(Target);
        {Target, _} -> Target
    end.

seen_from_here(File) ->
    {ok, Here} = file:get_cwd(),
    case string:prefix(File, Here ++ "/") of
        nomatch -> File;
        Rest -> Rest
    end.

%% What `make' takes for the beginning of a variable.
quoted(Name) ->
    lists:append([case C of
                      $$ -> "$$";
                      _ -> [C]
                  end || C <- Name]).

rule(Target, Files) ->
    [Target, $:, lines(Files, length(Target) + 1), $\n].

lines([], _Column) ->
    [];
lines([File | Files], Column) when Column + 1 + length(File) > ?WIDTH ->
    [" \\\n  ", File | lines(Files, 2 + length(File))];
lines([File | Files], Column) ->
    [$\s, File | lines(Files, Column + 1 + length(File))].

unique([]) -> [];
unique([File | Files]) -> [File | unique([F || F <- Files, F =/= File])].

written(Text, Source, Options) ->
    Output = case lists:member(binary, Options) of
                 true -> undefined;
                 false -> proplists:get_value(makedep_output, Options)
             end,
    case Output of
        undefined ->
            {stopped, [], ".Pbeam", Text, Text, []};
        standard_io ->
            io:put_chars(Text),
            {printed, []};
        Name when is_list(Name) ->
            case file:write_file(Name, Text) of
                ok -> {printed, []};
                {error, Reason} -> unwritten(Source, {write_error, Reason})
            end;
        Device ->
            try io:put_chars(Device, Text) of
                _ -> {printed, []}
            catch
                _:_ -> unwritten(Source, write_error)
            end
    end.

unwritten(Source, Descriptor) ->
    {error, [swerl_compile_program:message(error, Source, none, {compile, Descriptor})]}.
