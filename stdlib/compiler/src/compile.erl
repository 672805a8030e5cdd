%%% The compiler, as a running system calls it. The work is done in native code; here are the
%%% options, the files, and what is printed and returned.
%%%
%%% An object file is written beside its place under another name and then moved there, so a
%%% failing compilation leaves the file of the last one that succeeded.
-module(compile).

-export([file/1, file/2, forms/1, forms/2, noenv_file/2, noenv_forms/2, output_generated/1,
         noenv_output_generated/1, env_compiler_options/0, format_error/1]).

-export_type([option/0]).

-type option() :: atom() | {atom(), term()} | {d, atom(), term()}.
%% {error | warning, File, Location, what erlc prints, {Module, Descriptor}}
-type message() :: {error | warning, binary(), {pos_integer(), pos_integer()} | pos_integer() | none,
                    binary(), {module(), term()}}.
-type result() :: {ok, module()} | {ok, module(), binary() | [tuple()]}
                | {ok, module(), binary(), [tuple()]} | error | {error, [tuple()], [tuple()]}.

-spec file(file:filename() | module()) -> result().
file(File) ->
    file(File, [verbose, report_errors, report_warnings]).

-spec file(file:filename() | module(), [option()] | option()) -> result().
file(File, Options) ->
    noenv_file(File, as_list(Options) ++ env_compiler_options()).

-spec forms([erl_parse:abstract_form()]) -> result().
forms(Forms) ->
    forms(Forms, [verbose, report_errors, report_warnings]).

-spec forms([erl_parse:abstract_form()], [option()] | option()) -> result().
forms(Forms, Options) ->
    noenv_forms(Forms, as_list(Options) ++ env_compiler_options()).

%% The same without what the environment adds.
-spec noenv_file(file:filename() | module(), [option()] | option()) -> result().
noenv_file(File, Options0) ->
    Options = expand_options(as_list(Options0)),
    Source = source_name(File, Options),
    case file:read_file(Source) of
        {ok, Text} ->
            Outcome = swerl_lang:compile(unicode:characters_to_binary(Source), Text, Options),
            finish(Outcome, output_base(Source), Options);
        {error, Reason} ->
            failed([own_error(Source, {epp, Reason})], Options)
    end.

-spec noenv_forms([erl_parse:abstract_form()], [option()] | option()) -> result().
noenv_forms(Forms, Options0) ->
    Options = [binary | expand_options(as_list(Options0))],
    finish(swerl_lang:compile_forms(Forms, Options), none, Options).

%% Whether a file would be written.
-spec output_generated([option()]) -> boolean().
output_generated(Options) ->
    noenv_output_generated(Options ++ env_compiler_options()).

-spec noenv_output_generated([option()]) -> boolean().
noenv_output_generated(Options) ->
    not lists:any(fun(O) -> lists:member(O, [binary, strong_validation, basic_validation]) end,
                  Options).

%% The options in the environment variable ERL_COMPILER_OPTIONS.
-spec env_compiler_options() -> [term()].
env_compiler_options() ->
    case os:getenv("ERL_COMPILER_OPTIONS") of
        false ->
            [];
        Text ->
            case erl_scan:string(Text ++ " .") of
                {ok, Tokens, _} ->
                    case erl_parse:parse_term(Tokens) of
                        {ok, Options} -> as_list(Options);
                        {error, _} -> bad_environment(Text)
                    end;
                {error, _, _} ->
                    bad_environment(Text)
            end
    end.

bad_environment(Text) ->
    io:format("Ignoring bad term in ERL_COMPILER_OPTIONS: ~ts\n", [Text]),
    [].

as_list(Options) when is_list(Options) -> Options;
as_list(Option) -> [Option].

%% Options that stand for others.
expand_options(Options) ->
    lists:append([case Option of
                      report -> [report_errors, report_warnings];
                      return -> [return_errors, return_warnings];
                      _ -> [Option]
                  end || Option <- Options]).

source_name(File, Options) when is_atom(File) ->
    source_name(atom_to_list(File), Options);
source_name(File, _Options) ->
    case filename:extension(File) of
        ".erl" -> File;
        _ -> File ++ ".erl"
    end.

output_base(Source) ->
    filename:basename(Source, ".erl").

%%% The outcome.

finish({error, Messages}, _Base, Options) ->
    failed(Messages, Options);
finish({ok, Module, Beam, Warnings}, Base, Options) ->
    case lists:member(binary, Options) of
        true -> succeeded({Module, Beam}, Warnings, Options);
        false -> write(Module, Beam, Base, Warnings, Options)
    end.

%% The name of the file must be that of the module.
write(Module, Beam, Base, Warnings, Options) ->
    File = output_file(Base, Options),
    Fits = atom_to_list(Module) =:= Base orelse lists:member(no_error_module_mismatch, Options),
    case Fits of
        true ->
            case write_file(File, Beam) of
                ok ->
                    succeeded(Module, Warnings, Options);
                {error, Name, Reason} ->
                    failed(Warnings ++ [own_error(Name, Reason)], Options)
            end;
        false ->
            failed(Warnings ++ [own_error(File, {module_name, Module, Base})], Options)
    end.

output_file(Base, Options) ->
    Name = Base ++ ".beam",
    case lists:keyfind(outdir, 1, Options) of
        {outdir, Dir} -> filename:join(Dir, Name);
        false -> Name
    end.

write_file(File, Beam) ->
    Temporary = lists:droplast(File) ++ "#",
    case file:write_file(Temporary, Beam) of
        ok ->
            case file:rename(Temporary, File) of
                ok ->
                    ok;
                {error, Reason} ->
                    _ = file:delete(Temporary),
                    {error, File, {rename, Temporary, File, Reason}}
            end;
        {error, Reason} ->
            {error, Temporary, {write_error, Reason}}
    end.

succeeded(What, Messages, Options) ->
    Warnings = [M || M <- Messages, element(1, M) =:= warning],
    print(report_warnings, Warnings, Options),
    Values = case What of
                 {Module, Beam} -> [ok, Module, Beam];
                 Module -> [ok, Module]
             end,
    case lists:member(return_warnings, Options) of
        true -> list_to_tuple(Values ++ [by_file(Warnings)]);
        false -> list_to_tuple(Values)
    end.

failed(Messages, Options) ->
    {Errors, Warnings} = lists:partition(fun(M) -> element(1, M) =:= error end, Messages),
    print(report_errors, Errors, Options),
    print(report_warnings, Warnings, Options),
    case lists:member(return_errors, Options) of
        true -> {error, by_file(Errors), by_file(Warnings)};
        false -> error
    end.

print(Flag, Messages, Options) ->
    case lists:member(Flag, Options) of
        true -> lists:foreach(fun({_, _, _, Text, _}) -> io:put_chars(Text) end, Messages);
        false -> ok
    end.

%% As they are returned: what was found in one file one after the other is together.
by_file([{_, File, _, _, _} | _] = Messages) ->
    {Same, Others} = lists:splitwith(fun(M) -> element(2, M) =:= File end, Messages),
    Infos = [{Location, Module, Descriptor} || {_, _, Location, _, {Module, Descriptor}} <- Same],
    [{unicode:characters_to_list(File), Infos} | by_file(Others)];
by_file([]) ->
    [].

%% A message of this module about a file.
-spec own_error(file:filename(), term()) -> message().
own_error(File, Descriptor) ->
    Text = unicode:characters_to_binary(
             io_lib:format("~ts: ~ts\n", [File, format_error(Descriptor)])),
    {error, unicode:characters_to_binary(File), none, Text, {?MODULE, Descriptor}}.

-spec format_error(term()) -> io_lib:chars().
format_error({epp, Reason}) ->
    file:format_error(Reason);
format_error({module_name, Module, File}) ->
    io_lib:format("Module name '~s' does not match file name '~ts'", [Module, File]);
format_error({write_error, Reason}) ->
    io_lib:format("error writing file: ~ts", [file:format_error(Reason)]);
format_error({rename, From, To, Reason}) ->
    io_lib:format("failed to rename ~ts to ~ts: ~ts", [From, To, file:format_error(Reason)]);
format_error(Other) ->
    io_lib:format("~tp", [Other]).
