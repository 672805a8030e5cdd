%%% make: compiles those modules again that have changed, or whose headers have.
%%%
%%% Which modules there are, and with which options they are compiled, is said by the terms in the file Emakefile of the
%%% current folder: Modules or {Modules, Options}, where Modules is a name, or a list of names. In a name without `.erl',
%%% `*' stands for anything. Without that file, all programs in the folder are meant.
-module(make).

-export([all/0, all/1, files/1, files/2, all_or_nothing/0]).

-type name() :: atom() | file:filename().
-type option() :: noexec | load | netload | {emake, [term()]} | compile:option().

%% A name without its extension, and the options to compile it with.
-type job() :: {file:filename(), [compile:option()]}.

%% @doc Compiles what is out of date, as the flag -make asks for it; ends the system with status 1 where that fails.
-spec all_or_nothing() -> up_to_date.
all_or_nothing() ->
    case all() of
        up_to_date -> up_to_date;
        error -> halt(1)
    end.

%% @doc Compiles the modules of the Emakefile that are out of date.
-spec all() -> up_to_date | error.
all() -> all([]).

%% @doc As all/0. With noexec, they are only named; with load or netload they are loaded, here or in all nodes;
%% {emake, Terms} stands for the Emakefile. All other options are for the compiler.
-spec all([option()]) -> up_to_date | error.
all(Options) ->
    case jobs(Options) of
        {ok, Jobs} -> run(Jobs, Options);
        error -> error
    end.

%% @doc Compiles those of the modules that are out of date.
-spec files([name()]) -> up_to_date | error.
files(Names) -> files(Names, []).

%% @doc As files/1, with the options of all/1. Where the Emakefile names a module, its options there come first.
-spec files([name()], [option()]) -> up_to_date | error.
files(Names, Options) ->
    case jobs(Options) of
        {ok, Known} ->
            Compiler = for_compiler(Options),
            Files = lists:foldl(fun(Name, Files) -> [without_extension(Name) | Files] end, [], Names),
            run([case lists:keyfind(File, 1, Known) of
                     false -> {File, Compiler};
                     Job -> Job
                 end || File <- Files], Options);
        error ->
            error
    end.

%%% What there is to compile.

-spec jobs([option()]) -> {ok, [job()]} | error.
jobs(Options) ->
    case terms(Options) of
        {ok, Terms} ->
            Compiler = for_compiler(Options),
            {ok, lists:foldl(fun(Term, Jobs) -> Jobs ++ jobs(Term, Compiler, Jobs) end, [], Terms)};
        {error, Reason} ->
            io:format("make: Trouble reading 'Emakefile':~n~tp~n", [Reason]),
            error
    end.

terms(Options) ->
    case proplists:get_value(emake, Options) of
        undefined ->
            case file:consult("Emakefile") of
                {error, enoent} -> {ok, ['*']};
                Result -> Result
            end;
        Terms ->
            {ok, Terms}
    end.

%% Those of a term of the Emakefile that no earlier one names.
jobs({Names, Own}, Compiler, Earlier) ->
    [{File, Own ++ Compiler} || File <- expanded(Names), not lists:keymember(File, 1, Earlier)];
jobs(Names, Compiler, Earlier) ->
    jobs({Names, []}, Compiler, Earlier).

expanded([Name | _] = Names) when is_atom(Name); is_list(Name) ->
    lists:foldl(fun(One, Files) -> Files ++ (expanded(One) -- Files) end, [], Names);
expanded([]) ->
    [];
expanded(Name) ->
    File = without_extension(Name),
    case lists:member($*, File) of
        true -> lists:reverse([filename:rootname(Found) || Found <- filelib:wildcard(File ++ ".erl")]);
        false -> [File]
    end.

without_extension(Name) when is_atom(Name) -> without_extension(atom_to_list(Name));
without_extension(Name) -> filename:rootname(Name, ".erl").

for_compiler(Options) ->
    [Option || Option <- Options, not lists:member(Option, [noexec, load, netload]), not is_emake(Option)].

is_emake({emake, _}) -> true;
is_emake(_) -> false.

%%% Compiling it.

%% The first that fails ends it.
run([], _Options) ->
    up_to_date;
run([{File, Compiler} | Jobs], Options) ->
    Done = case is_out_of_date(File, Compiler) of
               true -> recompile(File, Compiler, Options);
               false -> ok
           end,
    case Done of
        ok -> run(Jobs, Options);
        error -> error
    end.

recompile(File, Compiler, Options) ->
    case lists:member(noexec, Options) of
        true ->
            io:format("Out of date: ~ts~n", [File]);
        false ->
            io:format("Recompile: ~ts~n", [File]),
            case compile:file(File, [report_errors, report_warnings | Compiler]) of
                error -> error;
                _ -> load(File, Compiler, Options)
            end
    end.

load(File, Compiler, Options) ->
    Module = list_to_atom(filename:basename(File)),
    case {lists:member(netload, Options), lists:member(load, Options)} of
        {true, _} ->
            _ = c:nl(Module),
            ok;
        {_, true} ->
            code:purge(Module),
            _ = code:load_abs(filename:rootname(object(File, Compiler))),
            ok;
        _ ->
            ok
    end.

object(File, Compiler) ->
    filename:join(proplists:get_value(outdir, Compiler, "."), filename:basename(File) ++ ".beam").

%% A source that is not there is out of date: the compiler says what is wrong.
is_out_of_date(File, Compiler) ->
    Source = File ++ ".erl",
    case filelib:last_modified(object(File, Compiler)) of
        0 -> true;
        Made -> changed_after(Made, Source) orelse headers_changed_after(Made, Source, Compiler)
    end.

changed_after(Made, Source) ->
    case filelib:last_modified(Source) of
        0 -> true;
        Changed -> Changed > Made
    end.

headers_changed_after(Made, Source, Compiler) ->
    Folders = [filename:dirname(Source) | [Folder || {i, Folder} <- Compiler]],
    case epp:parse_file(Source, Folders, []) of
        {ok, Forms} ->
            Headers = lists:usort([Header || {attribute, _, file, {Header, _}} <- Forms]),
            lists:any(fun(Header) -> filelib:last_modified(Header) > Made end, Headers);
        {error, _} ->
            false
    end.
