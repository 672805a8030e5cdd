%%% The compiler, as a running system calls it. The work is done in native code; here are the
%%% options, the files, and what is printed and returned.
%%%
%%% A file goes to native code as text. Only where parse transforms have to run, or where a listing
%%% of the program is asked for, does it come back as forms (see `swerl_compile_program').
%%%
%%% An object file is written beside its place under another name and then moved there, so a
%%% failing compilation leaves the file of the last one that succeeded.
-module(compile).

-export([file/1, file/2, forms/1, forms/2, noenv_file/2, noenv_forms/2, output_generated/1,
         noenv_output_generated/1, env_compiler_options/0, options/0, format_error/1,
         output_base/2]).

-export_type([option/0]).

-type option() :: atom() | {atom(), term()} | {d, atom(), term()}.
-type result() :: {ok, module() | []} | {ok, module() | [], binary() | [tuple()]}
                | {ok, module() | [], binary() | [tuple()], [tuple()]}
                | error | {error, [tuple()], [tuple()]}.

%% What is wanted where nobody says what, and beside an option that is no list.
-define(USUAL_OPTIONS, [verbose, report_errors, report_warnings]).

-spec file(file:filename() | module()) -> result().
file(File) ->
    file(File, ?USUAL_OPTIONS).

-spec file(file:filename() | module(), [option()] | option()) -> result().
file(File, Options) ->
    noenv_file(File, given_options(Options) ++ env_compiler_options()).

-spec forms([erl_parse:abstract_form()]) -> result().
forms(Forms) ->
    forms(Forms, ?USUAL_OPTIONS).

-spec forms([erl_parse:abstract_form()], [option()] | option()) -> result().
forms(Forms, Options) when is_list(Options); is_atom(Options) ->
    noenv_forms(Forms, given_options(Options) ++ env_compiler_options()).

%% The same without what the environment adds.
-spec noenv_file(file:filename() | module(), [option()] | option()) -> result().
noenv_file(File, Options) ->
    alone(fun() -> file_here(File, expand_options(given_options(Options))) end).

%% Each compilation has a process of its own: parse transforms leave nothing behind in that of the caller.
alone(Compile) ->
    {Pid, Monitor} = spawn_monitor(fun() -> exit({?MODULE, Compile()}) end),
    receive
        {'DOWN', Monitor, process, Pid, {?MODULE, Result}} -> Result;
        {'DOWN', Monitor, process, Pid, Reason} ->
            io:format("\n*** Internal compiler error ***\n~tp\n", [Reason]),
            error
    end.

file_here(File, Options) ->
    Source = source_name(File, Options),
    Outcome = case input(Options) of
                  core ->
                      case file:read_file(Source) of
                          {ok, Text} -> swerl_compile_program:core(Source, Text, Options);
                          {error, Reason} -> {error, [unreadable(Source, {open, Reason})]}
                      end;
                  source ->
                      case file:read_file(Source) of
                          {ok, Text} -> swerl_compile_program:text(Source, Text, Options);
                          {error, Reason} -> {error, [unreadable(Source, {epp, Reason})]}
                      end;
                  Input ->
                      case swerl_compile_program:consult(Source) of
                          {ok, Terms} -> swerl_compile_program:terms(Input, Source, Terms, Options);
                          {error, Reason} -> {error, [unreadable(Source, {open, Reason})]}
                      end
              end,
    finish(encrypted(Outcome, Source, Options), output_base(Source, Options), Options).

unreadable(Source, Descriptor) ->
    swerl_compile_program:message(error, Source, none, {?MODULE, Descriptor}).

-spec noenv_forms([erl_parse:abstract_form()], [option()] | option()) -> result().
noenv_forms(Forms, Options) when is_list(Options); is_atom(Options) ->
    alone(fun() -> forms_here(Forms, [binary | expand_options(given_options(Options))]) end).

forms_here(Forms, Options) ->
    Source = proplists:get_value(source, Options, ""),
    Outcome = case input(Options) of
                  core -> swerl_compile_program:core(Source, Forms, Options);
                  assembly -> swerl_compile_program:assembly(Source, Forms, Options);
                  _ -> swerl_compile_program:forms(Forms, Options)
              end,
    finish(encrypted(Outcome, Source, Options), output_base(module_name(Forms), Options), Options).

%% Listings of forms are called after their module.
module_name(Forms) when is_list(Forms) ->
    case [Name || {attribute, _, module, Name} <- Forms, is_atom(Name)] of
        [Name | _] -> atom_to_list(Name);
        [] -> ""
    end;
module_name(Code) when element(1, Code) =:= c_module -> atom_to_list(cerl:atom_val(cerl:module_name(Code)));
module_name(Code) when is_atom(element(1, Code)) -> atom_to_list(element(1, Code));
module_name(_) -> "".

%% With debug information that needs a key, where one is wanted.
encrypted({ok, Module, Beam, Messages} = Outcome, Source, Options) ->
    Wanted = case lists:keyfind(debug_info_key, 1, Options) of
                 {debug_info_key, Given} -> {key, Given};
                 false ->
                     case lists:member(encrypt_debug_info, Options) of
                         true -> {key, default};
                         false -> none
                     end
             end,
    case Wanted of
        none ->
            Outcome;
        {key, Text} ->
            case swerl_beam_lib_keys:known_key(Text, Module) of
                {ok, Key} ->
                    {ok, Module, with_encrypted_info(Beam, Key), Messages};
                {error, Reason} ->
                    {error, Messages ++ [swerl_compile_program:message(error, Source, none, {?MODULE, Reason})]}
            end
    end;
encrypted(Outcome, _Source, _Options) ->
    Outcome.

with_encrypted_info(Beam, Key) ->
    {ok, _, Chunks} = beam_lib:all_chunks(Beam),
    {ok, Encrypted} = beam_lib:build_module([case Chunk of
                                                 {"Dbgi", Data} -> {"Dbgi", swerl_beam_lib_keys:encrypt(Key, Data)};
                                                 _ -> Chunk
                                             end || Chunk <- Chunks]),
    Encrypted.

%% Whether a file would be written.
-spec output_generated([option()]) -> boolean().
output_generated(Options) ->
    noenv_output_generated(Options ++ env_compiler_options()).

-spec noenv_output_generated([option()]) -> boolean().
noenv_output_generated(Options) ->
    swerl_compile_program:wanted(Options) =:= code
        andalso not lists:any(fun(O) -> lists:member(O, [binary, strong_validation]) end, Options).

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
                        {error, _} -> bad_environment()
                    end;
                {error, _, _} ->
                    bad_environment()
            end
    end.

bad_environment() ->
    io:put_chars("Ignoring bad term in ERL_COMPILER_OPTIONS\n"),
    [].

%% Prints what the compiler can be asked for besides code.
-spec options() -> ok.
options() ->
    lists:foreach(fun({Option, What}) -> io:format("~p - ~s\n", [Option, What]) end,
                  [{makedep_side_effect, "Run makedep_and_output"},
                   {dpp, "Generate .pp file"},
                   {'P', "Generate .P source listing file"},
                   {dabstr, "Generate .abstr file"},
                   {debug_info, "Run save_abstract_code"},
                   {dexp, "Generate .expand file"},
                   {dcore, "Generate .core file"},
                   {'E', "Generate .E source listing file"},
                   {'S', "Generate .S file"}]).

given_options(Options) when is_list(Options) -> Options;
given_options(Option) -> [Option | ?USUAL_OPTIONS].

as_list(Options) when is_list(Options) -> Options;
as_list(Option) -> [Option].

%% Options that stand for others.
expand_options(Options0) ->
    Options = lists:append([expand_option(Option) || Option <- Options0]),
    case lists:member(makedep_side_effect, Options) of
        true -> [Option || Option <- Options, Option =/= makedep];
        false -> Options
    end.

%% What the file holds: the first option that tells counts.
input([from_abstr | _]) -> forms;
input([from_asm | _]) -> assembly;
input([from_core | _]) -> core;
input([_ | Options]) -> input(Options);
input([]) -> source.

suffix(forms) -> ".abstr";
suffix(assembly) -> ".S";
suffix(core) -> ".core";
suffix(source) -> ".erl".

expand_option(report) -> [report_errors, report_warnings];
expand_option(return) -> [return_errors, return_warnings];
expand_option(strong_validation) -> [strong_validation, binary];
expand_option(basic_validation) -> [basic_validation, binary];
expand_option(Option) -> [Option].

source_name(File, Options) when is_atom(File) ->
    source_name(atom_to_list(File), Options);
source_name(File, Options) ->
    Suffix = suffix(input(Options)),
    case filename:extension(File) of
        Suffix -> File;
        _ -> File ++ Suffix
    end.

%% @private Results go where outdir says, or into the current folder.
output_base(Source, Options) ->
    Base = filename:basename(Source, suffix(input(Options))),
    case lists:keyfind(outdir, 1, Options) of
        {outdir, Dir} -> filename:join(Dir, Base);
        false -> Base
    end.

%%% The outcome: {error, Messages}, where warnings may be what keeps a program from being made,
%%% {ok, Module, Beam, Messages}, {checked, Module, Messages} where nothing more was asked for,
%%% {listing, Module, Extension, Text, Code, Messages}, where the text is a file at any rate, {stopped, Module, Extension,
%%% Text, Code, Messages}, where it is one only if nobody wants the code, or {printed, Messages}.

finish({error, Messages}, _Base, Options) ->
    failed(Messages, Options);
finish({checked, Module, Messages}, _Base, Options) ->
    succeeded([Module], Messages, Options);
finish({stopped, Module, Extension, Text, Code, Messages}, Base, Options) ->
    case lists:member(binary, Options) of
        true -> succeeded([Module, Code], Messages, Options);
        false -> listed(Module, Base ++ Extension, Text, [], Messages, Options)
    end;
finish({listing, Module, Extension, Text, Code, Messages}, Base, Options) ->
    Codes = [Code || lists:member(binary, Options)],
    listed(Module, Base ++ Extension, Text, Codes, Messages, Options);
finish({printed, Messages}, _Base, Options) ->
    succeeded([[]], Messages, Options);
finish({ok, Module, Beam, Messages}, Base, Options) ->
    case lists:member(binary, Options) of
        true -> succeeded([Module, Beam], Messages, Options);
        false -> write(Module, Beam, Base, Messages, Options)
    end.

listed(Module, File, Text, Codes, Messages, Options) ->
    case file:write_file(File, Text) of
        ok -> succeeded([Module | Codes], Messages, Options);
        {error, Reason} -> failed(Messages ++ [own_error(File, {write_error, Reason})], Options)
    end.

%% The name of the file must be that of the module.
write(Module, Beam, Base, Warnings, Options) ->
    File = Base ++ ".beam",
    Name = filename:basename(Base),
    Fits = atom_to_list(Module) =:= Name orelse lists:member(no_error_module_mismatch, Options),
    case Fits of
        true ->
            Bytes = case lists:member(compressed, Options) of
                        true -> zlib:gzip(Beam);
                        false -> Beam
                    end,
            case write_file(File, Bytes) of
                ok ->
                    succeeded([Module], Warnings, Options);
                {error, At, Reason} ->
                    failed(Warnings ++ [own_error(At, Reason)], Options)
            end;
        false ->
            failed(Warnings ++ [own_error(File, {module_name, Module, Name})], Options)
    end.

own_error(File, Descriptor) ->
    swerl_compile_program:message(error, File, none, {?MODULE, Descriptor}).

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
    announce(Errors, Warnings, Options),
    Wanted = case lists:member(warnings_as_errors, Options) andalso lists:member(report_errors, Options) of
                 true -> report_errors;
                 false -> report_warnings
             end,
    print(Wanted, Warnings, Options),
    case lists:member(return_errors, Options) of
        true -> {error, by_file(Errors), by_file(Warnings)};
        false -> error
    end.

-define(ANNOUNCEMENT, "compile: warnings being treated as errors\n").

announce([], [_ | _], Options) ->
    case lists:member(warnings_as_errors, Options) andalso lists:member(report_warnings, Options) of
        true -> io:put_chars(?ANNOUNCEMENT);
        false -> ok
    end;
announce(_Errors, _Warnings, _Options) ->
    ok.

%% Warnings by their places, those that have none first.
print(Flag, Messages, Options) ->
    case lists:member(Flag, Options) of
        true ->
            InOrder = case Messages of
                          [{warning, _, _, _, _} | _] -> lists:sort(fun is_told_before/2, Messages);
                          _ -> Messages
                      end,
            lists:foreach(fun({_, _, _, Text, _}) -> io:put_chars(unannounced(Text)) end, InOrder);
        false ->
            ok
    end.

is_told_before({_, FileA, A, _, _}, {_, FileB, B, _, _}) -> {FileA, told_at(A)} =< {FileB, told_at(B)}.

told_at(none) -> 0;
told_at(Location) -> Location.

%% The native part announces for itself.
unannounced(<<?ANNOUNCEMENT, Text/binary>>) -> Text;
unannounced(Text) -> Text.

%% As they are returned: by file and place, what was found in reading before the rest.
by_file(Messages) ->
    Found = [{unicode:characters_to_list(File), info(Location, Module, Descriptor)}
             || {_, File, Location, _, {Module, Descriptor}} <- Messages],
    {Reading, Checking} = lists:partition(fun is_of_reading/1, lists:sort(Found)),
    group(lists:sort(fun is_not_after/2, by_stage(Reading))) ++ group(Checking).

info(Location, compile = Module, Descriptor) -> {Location, Module, Descriptor};
info(none, Module, Descriptor) when Module =:= erl_lint -> {Module, Descriptor};
info(Location, Module, Descriptor) -> {Location, Module, Descriptor}.

is_of_reading({_, {_, Module, _}}) -> lists:member(Module, [erl_scan, epp, erl_parse]);
is_of_reading(_) -> false.

by_stage(Found) ->
    lists:append([[One || {_, {_, M, _}} = One <- Found, M =:= Module]
                  || Module <- [erl_scan, epp, erl_parse]]).

is_not_after({_, {A, _, _}}, {_, {B, _, _}}) -> A =< B.

group(Found) ->
    [{File, [Info || {F, Info} <- Found, F =:= File]} || File <- lists:usort([File || {File, _} <- Found])].

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
format_error({obsolete_option, Option}) ->
    io_lib:format("the ~p option is no longer supported", [Option]);
format_error({unsupported_option, Option}) ->
    io_lib:format("the ~p option is not supported here", [Option]);
format_error(no_crypto_key) ->
    "no crypto key supplied.";
format_error(bad_crypto_key) ->
    "invalid crypto key.";
format_error({undef_parse_transform, Module}) ->
    io_lib:format("undefined parse transform '~ts'", [Module]);
format_error({parse_transform, Module, {Class, Reason, Stack}}) ->
    io_lib:format("error in parse transform '~ts':\n~ts",
                  [Module, swerl_compile_program:format_exception(Class, Reason, Stack)]);
format_error({core_transform, Module, {Class, Reason, Stack}}) ->
    io_lib:format("error in core transform '~ts':\n~ts",
                  [Module, swerl_compile_program:format_exception(Class, Reason, Stack)]);
format_error({crash, Pass, Reason, Stack}) ->
    io_lib:format("internal error in pass ~p:\n~ts",
                  [Pass, swerl_compile_program:format_exception(error, Reason, Stack)]);
format_error(Other) ->
    io_lib:format("~tp", [Other]).
