%%% The commands of the shell that are also functions: compiling and loading, looking around in
%%% the file system and in the running system. `shell_default' has them without the module.
%%%
%%% Tables of processes and modules are printed by `swerl_c_tables'.
-module(c).

-export([help/0, c/1, c/2, c/3, lc/1, lc_batch/0, lc_batch/1, l/1, nl/1, nc/1, nc/2, lm/0, mm/0, m/0, m/1,
         q/0, flush/0, pid/3, bt/1, bi/1, erlangrc/0, erlangrc/1,
         cd/1, pwd/0, ls/0, ls/1,
         i/0, i/1, i/3, ni/0, regs/0, nregs/0, memory/0, memory/1, uptime/0, display_info/1,
         h/1, h/2, h/3, ht/1, ht/2, ht/3, hcb/1, hcb/2, hcb/3,
         y/1, y/2, xm/1, appcall/4]).

%%% Compiling and loading.

%% @doc Compiles and loads a module, or a file.
-spec c(module() | file:filename()) -> {ok, module()} | error | {error, term()} | ok.
c(Module) ->
    c(Module, []).

%% @doc As c/1, with options of the compiler, or with one.
-spec c(module() | file:filename(), [compile:option()] | compile:option()) ->
          {ok, module()} | error | {error, term()} | ok.
c(Module, Option) when not is_list(Option) ->
    c(Module, [Option]);
c(Module, Options) when is_atom(Module) ->
    Source = with_suffix(atom_to_list(Module)),
    case filelib:is_file(Source) of
        true -> compile_and_load(Source, Options);
        false -> c(Module, Options, fun(_) -> true end)
    end;
c(File, Options) ->
    compile_and_load(File, Options).

%% @doc Compiles again a module whose object file is known, with the options it was compiled with, as
%% far as Filter lets them pass.
-spec c(module(), [compile:option()], fun((compile:option()) -> boolean())) ->
          {ok, module()} | error | {error, term()} | ok.
c(Module, Options, Filter) when is_atom(Module) ->
    case object_file(Module) of
        {ok, Object} ->
            case source_of(Module, Object) of
                {ok, Source, OldOptions} ->
                    Kept = [O || O <- OldOptions, not is_outdir(O), Filter(O)],
                    io:format("Recompiling ~ts\n", [Source]),
                    compile_and_load(Source, Options ++ [{outdir, filename:dirname(Object)} | Kept]);
                {error, _} = Error ->
                    Error
            end;
        {error, _} = Error ->
            Error
    end.

with_suffix(Name) ->
    case filename:extension(Name) of
        ".erl" -> Name;
        _ -> Name ++ ".erl"
    end.

is_outdir({outdir, _}) -> true;
is_outdir(_) -> false.

object_file(Module) ->
    case code:which(Module) of
        File when is_list(File), File =/= [] ->
            case filelib:is_file(File) of
                true -> {ok, File};
                false -> object_in_path(Module)
            end;
        non_existing -> {error, non_existing};
        _ -> object_in_path(Module)
    end.

object_in_path(Module) ->
    case code:where_is_file(atom_to_list(Module) ++ ".beam") of
        non_existing -> {error, non_existing};
        File -> {ok, File}
    end.

source_of(Module, Object) ->
    Info = compile_info(Module, Object),
    case proplists:get_value(source, Info) of
        Source when is_list(Source) ->
            case filelib:is_file(Source) of
                true -> {ok, Source, proplists:get_value(options, Info, [])};
                false -> {error, no_source}
            end;
        _ ->
            {error, no_source}
    end.

compile_info(Module, Object) ->
    case erlang:module_loaded(Module) of
        true ->
            Module:module_info(compile);
        false ->
            case beam_lib:chunks(Object, [compile_info]) of
                {ok, {_, [{compile_info, Info}]}} -> Info;
                _ -> []
            end
    end.

compile_and_load(File, Options0) ->
    {Outdirs, Others} = lists:partition(fun is_outdir/1, Options0),
    [{outdir, Dir} = Outdir | _] = Outdirs ++ [{outdir, "."}],
    Options = [report_errors, report_warnings, Outdir | Others],
    case compile:file(File, Options) of
        {ok, Module} -> purge_and_load(Module, File, Dir, Options);
        {ok, Module, _} -> purge_and_load(Module, File, Dir, Options);
        Other -> Other
    end.

%% The old code is purged first: that kills the processes which still run it.
purge_and_load(Module, File, Dir, Options) ->
    Base = filename:basename(File, ".erl"),
    case compile:output_generated(Options) of
        true ->
            case atom_to_list(Module) of
                Base ->
                    code:purge(Module),
                    case code:load_abs(filename:join(Dir, Base)) of
                        {module, Module} -> {ok, Module};
                        {error, _} = Error -> Error
                    end;
                _ ->
                    io:format("** Module name '~p' does not match file name '~ts' **~n",
                              [Module, File]),
                    {error, badfile}
            end;
        false ->
            io:format("** Warning: No object file created - nothing loaded **~n", []),
            ok
    end.

%% @doc Compiles the files that the command line names, and ends the node.
-spec lc_batch() -> no_return().
lc_batch() ->
    case init:get_plain_arguments() of
        [] ->
            io:put_chars("Error: no files to compile\n"),
            halt(1);
        Files ->
            lc_batch(Files)
    end.

%% @doc Compiles files, and ends the node: with status 1 where one does not compile.
-spec lc_batch([term()]) -> no_return().
lc_batch(Files) ->
    case [failed || File <- Files, compile_aloud(File) =:= error] of
        [] -> halt(0);
        _ -> halt(1)
    end.

%% @doc Compiles several files, with errors and warnings shown.
-spec lc([file:filename()]) -> ok | error.
lc(Files) ->
    lists:foreach(fun compile_aloud/1, Files).

compile_aloud(File) -> compile:file(File, [report_errors, report_warnings]).

%% @doc Loads a module from its file, after purging.
-spec l(module()) -> code:load_ret().
l(Module) ->
    code:purge(Module),
    code:load_file(Module).

%% @doc Loads the code of a module on all nodes.
-spec nl(module()) -> abcast | error | {error, term()}.
nl(Module) ->
    case code:get_object_code(Module) of
        {_Module, Binary, File} ->
            load_everywhere(Module, File, Binary),
            abcast;
        Other ->
            Other
    end.

%% @doc Compiles a file and loads it on all nodes that are connected.
-spec nc(file:filename()) -> {ok, module()} | error.
nc(File) ->
    nc(File, []).

%% @doc As nc/1, with options of the compiler, or with one.
-spec nc(file:filename(), [compile:option()] | compile:option()) -> {ok, module()} | error.
nc(File, Option) when not is_list(Option) ->
    nc(File, [Option]);
nc(File, Options) ->
    case compile:file(File, [report_errors, report_warnings | Options]) of
        {ok, Module} ->
            Name = filename:basename(File, ".erl") ++ ".beam",
            Beam = filename:join(proplists:get_value(outdir, Options, "."), Name),
            case file:read_file(Beam) of
                {ok, Binary} -> load_everywhere(Module, Beam, Binary), {ok, Module};
                Error -> Error
            end;
        Other ->
            Other
    end.

load_everywhere(Module, File, Binary) ->
    [spawn(Node, code, load_binary, [Module, File, Binary]) || Node <- [node() | nodes()]].

%% @doc Loads all modules whose files have changed.
-spec lm() -> [code:load_ret()].
lm() ->
    [l(Module) || Module <- mm()].

%% @doc The modules whose files have changed.
-spec mm() -> [module()].
mm() ->
    code:modified_modules().

%%% Modules.

%% @doc Prints the loaded modules with their files.
-spec m() -> ok.
m() ->
    swerl_c_tables:modules(lists:sort(code:all_loaded())).

%% @doc Prints what is known of a module.
-spec m(module()) -> ok.
m(Module) ->
    swerl_c_tables:module(Module, Module:module_info()).

%%% The session.

%% @doc Ends the system.
-spec q() -> ok.
q() ->
    init:stop().

%% @doc Prints and removes the messages to the shell.
-spec flush() -> ok.
flush() ->
    receive
        Message ->
            Width = case io:columns() of
                        {ok, Columns} -> Columns;
                        {error, _} -> 80
                    end,
            Text = io_lib:print(Message, 11, Width, -1),
            io:put_chars(["Shell got ", Text, "\n"]),
            flush()
    after 0 ->
            ok
    end.

%% @doc The process identifier <X.Y.Z>.
-spec pid(non_neg_integer(), non_neg_integer(), non_neg_integer()) -> pid().
pid(X, Y, Z) ->
    list_to_pid(lists:append(["<", integer_to_list(X), ".", integer_to_list(Y), ".", integer_to_list(Z), ">"])).

%% @doc Prints the stack of a process.
-spec bt(pid()) -> ok | undefined.
bt(Pid) ->
    try erlang:process_info(Pid, backtrace) of
        {backtrace, Text} -> io:put_chars(Text);
        undefined -> undefined
    catch
        error:badarg -> undefined
    end.

%% @doc Information on the system; Item is what erlang:system_info/1 takes.
-spec bi(term()) -> term().
bi(Item) ->
    erlang:system_info(Item).

%% @doc Runs the file `.erlang' of the home folder.
-spec erlangrc() -> ok | {error, term()}.
erlangrc() ->
    case init:get_argument(home) of
        {ok, [[Home]]} -> erlangrc([Home]);
        _ -> {error, enoent}
    end.

%% @doc Runs the file .erlang of the first of the folders that has one; {error, enoent} where none has.
-spec erlangrc([file:filename()]) -> ok | {error, term()}.
erlangrc([Home | _] = Paths) when is_list(Home) ->
    case file:path_eval(Paths, ".erlang") of
        {ok, _} -> ok;
        {error, enoent} -> {error, enoent};
        {error, Reason} = Error ->
            error_logger:error_msg("file:path_eval(~tp,\".erlang\"): error in .erlang file: ~tp~n",
                                   [Paths, Reason]),
            Error
    end.

%%% Files.

%% @doc Changes the current folder and prints it.
-spec cd(file:name()) -> ok.
cd(Dir) ->
    _ = file:set_cwd(Dir),
    pwd().

%% @doc Prints the current folder.
-spec pwd() -> ok.
pwd() ->
    case file:get_cwd() of
        {ok, Dir} -> io:format("~ts\n", [Dir]);
        {error, _} -> io:format("Cannot determine current directory\n")
    end.

%% @doc Prints the names in the current folder.
-spec ls() -> ok.
ls() ->
    ls(".").

%% @doc Prints the names in a folder.
-spec ls(file:name()) -> ok.
ls(Dir0) ->
    Dir = case Dir0 of
              Atom when is_atom(Atom) -> atom_to_list(Atom);
              _ -> Dir0
          end,
    case file:list_dir(Dir) of
        {ok, Names} -> swerl_c_tables:names(lists:sort(Names));
        {error, enotdir} -> swerl_c_tables:names([Dir]);
        {error, Reason} -> io:format("~ts\n", [file:format_error(Reason)])
    end.

%%% The system.

%% @doc Prints the processes.
-spec i() -> ok.
i() ->
    i(processes()).

%% @doc Prints a table of some processes.
-spec i([pid()]) -> ok.
i(Pids) ->
    swerl_c_tables:processes(Pids).

%% @doc What is known of the process <X.Y.Z>.
-spec i(non_neg_integer(), non_neg_integer(), non_neg_integer()) -> [{atom(), term()}] | undefined.
i(X, Y, Z) ->
    erlang:process_info(pid(X, Y, Z)).

%% @doc Prints a table of the processes, of all nodes.
-spec ni() -> ok.
ni() ->
    i().

%% @doc Prints a process as it stands in the table of i/0.
-spec display_info(pid()) -> ok.
display_info(Pid) ->
    swerl_c_tables:process(Pid),
    ok.

%% @doc Prints the registered processes.
-spec regs() -> ok.
regs() ->
    swerl_c_tables:registered(node()).

%% @doc Prints the registered processes, of all nodes.
-spec nregs() -> ok.
nregs() ->
    regs().

%% @doc How many bytes are in use, by kind, as erlang:memory/0.
-spec memory() -> [{atom(), non_neg_integer()}].
memory() ->
    erlang:memory().

%% @doc How many bytes are in use for one kind, or for each of a list, as erlang:memory/1.
-spec memory(atom() | [atom()]) -> non_neg_integer() | [{atom(), non_neg_integer()}].
memory(Types) ->
    erlang:memory(Types).

%% @doc Prints how long the node has been up.
-spec uptime() -> ok.
uptime() ->
    {Milliseconds, _} = erlang:statistics(wall_clock),
    io:format("~ts\n", [swerl_c_tables:duration(Milliseconds div 1000)]).

%%% Documentation: what the chunk of a module says.

%% @doc Prints the documentation of a module; {error, missing} where it has none.
-spec h(module()) -> ok | {error, term()}.
h(Module) -> documentation(Module, fun(Docs) -> shell_docs:render(Module, Docs) end).

%% @doc Prints the documentation of a function, with any number of arguments.
-spec h(module(), atom()) -> ok | {error, term()}.
h(Module, F) -> documentation(Module, fun(Docs) -> shell_docs:render(Module, F, Docs) end).

%% @doc Prints the documentation of a function with so many arguments.
-spec h(module(), atom(), arity()) -> ok | {error, term()}.
h(Module, F, A) -> documentation(Module, fun(Docs) -> shell_docs:render(Module, F, A, Docs) end).

%% @doc Prints which types a module documents.
-spec ht(module()) -> ok | {error, term()}.
ht(Module) -> documentation(Module, fun(Docs) -> shell_docs:render_type(Module, Docs) end).

%% @doc Prints the documentation of a type, with any number of parameters.
-spec ht(module(), atom()) -> ok | {error, term()}.
ht(Module, T) -> documentation(Module, fun(Docs) -> shell_docs:render_type(Module, T, Docs) end).

%% @doc Prints the documentation of a type with so many parameters.
-spec ht(module(), atom(), arity()) -> ok | {error, term()}.
ht(Module, T, A) ->
    documentation(Module, fun(Docs) -> shell_docs:render_type(Module, T, A, Docs) end).

%% @doc Prints which callbacks a module documents.
-spec hcb(module()) -> ok | {error, term()}.
hcb(Module) -> documentation(Module, fun(Docs) -> shell_docs:render_callback(Module, Docs) end).

%% @doc Prints the documentation of a callback, with any number of arguments.
-spec hcb(module(), atom()) -> ok | {error, term()}.
hcb(Module, C) ->
    documentation(Module, fun(Docs) -> shell_docs:render_callback(Module, C, Docs) end).

%% @doc Prints the documentation of a callback with so many arguments.
-spec hcb(module(), atom(), arity()) -> ok | {error, term()}.
hcb(Module, C, A) ->
    documentation(Module, fun(Docs) -> shell_docs:render_callback(Module, C, A, Docs) end).

documentation(Module, Render) ->
    case code:get_doc(Module) of
        {ok, Docs} ->
            case Render(Docs) of
                {error, _} = Error -> Error;
                Text -> io:put_chars(Text)
            end;
        {error, _} = Error ->
            Error
    end.

%%% Tools of other applications.

%% @doc Makes a parser of a grammar, NAME or NAME.yrl, with yecc.
-spec y(file:filename()) -> ok | error.
y(File) -> y(File, []).

%% @doc As y/1, with options of yecc.
-spec y(file:filename(), [term()]) -> ok | error.
y(File, Options) when is_atom(File) ->
    y(atom_to_list(File), Options);
y(File, Options) ->
    Grammar = case filename:extension(File) of
                  ".yrl" -> File;
                  _ -> File ++ ".yrl"
              end,
    case filelib:is_regular(Grammar) of
        true ->
            make_parser(File, Options);
        false ->
            io:format("~ts: ~ts\n", [Grammar, file:format_error(enoent)]),
            error
    end.

make_parser(File, Options) ->
    appcall(parsetools, yecc, file, [File, Options ++ [report_errors, report_warnings]]).

%% @doc Prints what the cross reference tool finds in a module or its file.
-spec xm(module() | file:filename()) -> term().
xm(Module) when is_atom(Module) ->
    case code:which(Module) of
        non_existing -> {error, xref_utils, {no_such_module, Module}};
        _ -> appcall(tools, xref, m, [Module])
    end;
xm(File) ->
    appcall(tools, xref, m, [File]).

%% @doc Calls a function of an application that may be missing.
-spec appcall(atom(), module(), atom(), [term()]) -> term().
appcall(Application, M, F, As) ->
    try apply(M, F, As)
    catch
        error:undef:Stack ->
            case Stack of
                [{M, F, As, _} | _] ->
                    io:format("Call to ~w:~tw/~w in application ~w failed.\n",
                              [M, F, length(As), Application]);
                _ ->
                    erlang:raise(error, undef, Stack)
            end
    end.

%%% Help.

%% @doc Prints the commands of this module.
-spec help() -> ok.
help() ->
    Commands =
        ["bt(Pid)    -- stack backtrace for a process",
         "c(Mod)     -- compile and load module or file <Mod>",
         "cd(Dir)    -- change working directory",
         "flush()    -- flush any messages sent to the shell",
         "help()     -- help info",
         "h(M)       -- module documentation",
         "h(M,F)     -- module function documentation",
         "h(M,F,A)   -- module function arity documentation",
         "i()        -- information about the system",
         "ni()       -- information about the networked system",
         "i(X,Y,Z)   -- information about pid <X,Y,Z>",
         "l(Module)  -- load or reload module",
         "lm()       -- load all modified modules",
         "lc([File]) -- compile a list of Erlang modules",
         "ls()       -- list files in the current directory",
         "ls(Dir)    -- list files in directory <Dir>",
         "m()        -- which modules are loaded",
         "m(Mod)     -- information about module <Mod>",
         "mm()       -- list all modified modules",
         "memory()   -- memory allocation information",
         "memory(T)  -- memory allocation information of type <T>",
         "nc(File)   -- compile and load code in <File> on all nodes",
         "nl(Module) -- load module on all nodes",
         "pid(X,Y,Z) -- convert X,Y,Z to a Pid",
         "pwd()      -- print working directory",
         "q()        -- quit - shorthand for init:stop()",
         "regs()     -- information about registered processes",
         "nregs()    -- information about all registered processes",
         "uptime()   -- print node uptime",
         "xm(M)      -- cross reference check a module",
         "y(File)    -- generate a Yecc parser"],
    io:put_chars([[Line, "\n"] || Line <- Commands]).
