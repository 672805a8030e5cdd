%%% The compiler, as a running system calls it. The work is done in native code; here are the
%%% options, the files, and what is printed and returned.
%%%
%%% A file goes to native code as text. Only where parse transforms have to run, or where a listing
%%% of the program is asked for, does it come back as forms (see `compile_program').
%%%
%%% An object file is written beside its place under another name and then moved there, so a
%%% failing compilation leaves the file of the last one that succeeded.
-module(compile).

-export([file/1, file/2, forms/1, forms/2, noenv_file/2, noenv_forms/2, output_generated/1,
         noenv_output_generated/1, env_compiler_options/0, options/0, format_error/1]).

-export_type([option/0]).

-type option() :: atom() | {atom(), term()} | {d, atom(), term()}.
%% {error | warning, File, Location, what erlc prints, {Module, Descriptor}}
-type message() :: {error | warning, binary(), {pos_integer(), pos_integer()} | pos_integer() | none,
                    binary(), {module(), term()}}.
-type result() :: {ok, module() | []} | {ok, module() | [], binary() | [tuple()]}
                | {ok, module() | [], binary() | [tuple()], [tuple()]}
                | error | {error, [tuple()], [tuple()]}.

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
            Outcome = compile_program:text(Source, Text, Options),
            finish(Outcome, output_base(Source, Options), Options);
        {error, Reason} ->
            failed([compile_program:message(error, Source, none, {?MODULE, {epp, Reason}})],
                   Options)
    end.

-spec noenv_forms([erl_parse:abstract_form()], [option()] | option()) -> result().
noenv_forms(Forms, Options0) ->
    Options = [binary | expand_options(as_list(Options0))],
    finish(compile_program:forms(Forms, Options), "", Options).

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

%% Prints what the compiler can be asked for besides code.
-spec options() -> ok.
options() ->
    lists:foreach(fun({Option, What}) -> io:format("~p - ~s\n", [Option, What]) end,
                  [{dpp, "Generate .pp file"},
                   {'P', "Generate .P source listing file"},
                   {dabstr, "Generate .abstr file"},
                   {dexp, "Generate .expand file"},
                   {'E', "Generate .E source listing file"},
                   {'S', "Generate .S file"}]).

as_list(Options) when is_list(Options) -> Options;
as_list(Option) -> [Option].

%% Options that stand for others.
expand_options(Options) ->
    lists:append([expand_option(Option) || Option <- Options]).

expand_option(report) -> [report_errors, report_warnings];
expand_option(return) -> [return_errors, return_warnings];
expand_option(strong_validation) -> [strong_validation, binary];
expand_option(basic_validation) -> [basic_validation, binary];
expand_option(Option) -> [Option].

source_name(File, Options) when is_atom(File) ->
    source_name(atom_to_list(File), Options);
source_name(File, _Options) ->
    case filename:extension(File) of
        ".erl" -> File;
        _ -> File ++ ".erl"
    end.

%% Results go where outdir says, or into the current folder.
output_base(Source, Options) ->
    Base = filename:basename(Source, ".erl"),
    case lists:keyfind(outdir, 1, Options) of
        {outdir, Dir} -> filename:join(Dir, Base);
        false -> Base
    end.

%%% The outcome: {error, Messages}, where warnings may be what keeps a program from being made, {ok, Module, Beam, Messages}, {checked, Module, Messages} where
%%% nothing more was asked for, {listing, Module, Extension, Text, Code, Messages}, or
%%% {printed, Messages}.

finish({error, Messages}, _Base, Options) ->
    failed(Messages, Options);
finish({checked, Module, Messages}, _Base, Options) ->
    succeeded([Module], Messages, Options);
finish({listing, Module, Extension, Text, Code, Messages}, Base, Options) ->
    case lists:member(binary, Options) of
        true ->
            succeeded([Module, Code], Messages, Options);
        false ->
            File = Base ++ Extension,
            case file:write_file(File, Text) of
                ok ->
                    succeeded([Module], Messages, Options);
                {error, Reason} ->
                    failed(Messages ++ [own_error(File, {write_error, Reason})], Options)
            end
    end;
finish({printed, Messages}, _Base, Options) ->
    succeeded([[]], Messages, Options);
finish({ok, Module, Beam, Messages}, Base, Options) ->
    case lists:member(binary, Options) of
        true -> succeeded([Module, Beam], Messages, Options);
        false -> write(Module, Beam, Base, Messages, Options)
    end.

%% The name of the file must be that of the module.
write(Module, Beam, Base, Warnings, Options) ->
    File = Base ++ ".beam",
    Name = filename:basename(Base),
    Fits = atom_to_list(Module) =:= Name orelse lists:member(no_error_module_mismatch, Options),
    case Fits of
        true ->
            case write_file(File, Beam) of
                ok ->
                    succeeded([Module], Warnings, Options);
                {error, At, Reason} ->
                    failed(Warnings ++ [own_error(At, Reason)], Options)
            end;
        false ->
            failed(Warnings ++ [own_error(File, {module_name, Module, Name})], Options)
    end.

own_error(File, Descriptor) ->
    compile_program:message(error, File, none, {?MODULE, Descriptor}).

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

succeeded(Values, Messages, Options) ->
    Warnings = [M || M <- Messages, element(1, M) =:= warning],
    print(report_warnings, Warnings, Options),
    case lists:member(return_warnings, Options) of
        true -> list_to_tuple([ok | Values] ++ [by_file(Warnings)]);
        false -> list_to_tuple([ok | Values])
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

%% As they are returned: what was found in one file one after the other, by one part of the
%% compiler, is together.
by_file([{_, File, _, _, {Module, _}} | _] = Messages) ->
    Stage = stage(Module),
    {Same, Others} = lists:splitwith(fun({_, F, _, _, {M, _}}) ->
                                             F =:= File andalso stage(M) =:= Stage
                                     end, Messages),
    Infos = [{Location, M, Descriptor} || {_, _, Location, _, {M, Descriptor}} <- Same],
    [{unicode:characters_to_list(File), Infos} | by_file(Others)];
by_file([]) ->
    [].

%% What reads a program, and what checks it.
stage(Module) when Module =:= epp; Module =:= erl_scan; Module =:= erl_parse -> reading;
stage(_) -> checking.

-spec format_error(term()) -> io_lib:chars().
format_error({open, Reason}) ->
    io_lib:format("open error '~ts'", [file:format_error(Reason)]);
format_error({epp, Reason}) ->
    epp:format_error(Reason);
format_error(write_error) ->
    "error writing file";
format_error({module_name, Module, File}) ->
    io_lib:format("Module name '~s' does not match file name '~ts'", [Module, File]);
format_error({write_error, Reason}) ->
    io_lib:format("error writing file: ~ts", [file:format_error(Reason)]);
format_error({rename, From, To, Reason}) ->
    io_lib:format("failed to rename ~ts to ~ts: ~ts", [From, To, file:format_error(Reason)]);
format_error({undef_parse_transform, Module}) ->
    io_lib:format("undefined parse transform '~ts'", [Module]);
format_error({parse_transform, Module, {Class, Reason, Stack}}) ->
    io_lib:format("error in parse transform '~ts':\n~ts",
                  [Module, compile_program:format_exception(Class, Reason, Stack)]);
format_error({crash, Pass, Reason, Stack}) ->
    io_lib:format("internal error in pass ~p:\n~ts",
                  [Pass, compile_program:format_exception(error, Reason, Stack)]);
format_error(Other) ->
    io_lib:format("~tp", [Other]).
