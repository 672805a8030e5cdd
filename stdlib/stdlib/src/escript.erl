%%% escript: runs a file of Erlang source as a program.
%%%
%%% The first line is skipped; a line of emulator flags after it has been obeyed
%%% before this module runs. The script is compiled and its main/1 called with
%%% the arguments as strings. OTP interprets scripts unless they ask for more:
%%% what it says of mistakes, and what it shows of a failure, is not the
%%% compiler's; and so it is here, unless the script says -mode(compile).
-module(escript).

-export([start/0, start/1, script_name/0, create/2, extract/2]).

-define(FAILURE, 127).
%% What the machine is told of a script that OTP would interpret.
-define(INTERPRETED, {compile_info, [{interpreted, true}]}).

%% A script as it is read.
-record(script, {file :: file:filename(),
                 module :: module(),
                 mode = interpret :: interpret | compile | debug,
                 exports_main = false :: boolean(),
                 is_broken = false :: boolean(),
                 forms = [] :: [tuple()]}).

%% @doc Runs the script that the command line names; the entry point for the command line.
-spec start() -> no_return().
start() -> start([]).

%% @doc As start/0; what is given is not looked at.
-spec start([term()]) -> no_return().
start(_) ->
    {Module, Args, Shows} = case options(init:get_plain_arguments(), []) of
                                {Options, [File | Rest]} ->
                                    {Loaded, ShowsCalls} = loaded(File, Options),
                                    {Loaded, Rest, ShowsCalls};
                                {_, []} ->
                                    fatal("escript: Missing filename\n", 1)
                            end,
    %% A script that is linked to a process which fails, fails with it.
    process_flag(trap_exit, false),
    try run(Module, Args) of
        _ -> halt(0)
    catch
        Class:Reason:Stack ->
            Text = case Shows of
                       true ->
                           format_exception(Class, Reason, Stack);
                       false ->
                           format_exception(Class, reason(Reason, Stack, Module), interpreted(Stack, Class, Reason, Module))
                   end,
            fatal(["escript: ", Text], ?FAILURE)
    end.

%% @doc Makes a script of sections, in a file or as a binary: shebang, comment, {emu_args, Text}, and one of
%% {source, FileOrBytes}, {beam, FileOrBytes}, {archive, FileOrBytes} and {archive, Files, Options}.
create(Destination, Sections) -> swerl_escript_sections:create(Destination, Sections).

%% @doc The sections of a script file.
extract(File, Options) -> swerl_escript_sections:extract(File, Options).

%% @doc The name of the script as it was called.
-spec script_name() -> string().
script_name() ->
    {_, [File | _]} = options(init:get_plain_arguments(), []),
    File.

options(["-" ++ Flag | Rest], Options) -> options(Rest, [Flag | Options]);
options(Rest, Options) -> {Options, Rest}.

%% The module of a script, and whether what it fails with shows its calls.
loaded(File, Options) ->
    case prim_file:read_file(File) of
        {ok, <<"FOR1", _/binary>> = Beam} -> {load_beam(File, Beam), true};
        {ok, Bytes} ->
            case swerl_escript_sections:split(Bytes) of
                {_, source, <<>>} -> fatal("escript: Premature end of file reached", ?FAILURE);
                {_, source, _} -> loaded_source(File, Bytes, Options);
                {_, beam, Beam} -> {load_beam(beam_name(Beam), Beam), true};
                {Header, archive, Zip} -> {loaded_archive(File, Header, Zip), true}
            end;
        {error, eisdir} -> fatal(["escript: ", file:format_error(eisdir), ": '", File, "'"], ?FAILURE);
        {error, _} -> fatal(["escript: Failed to open file: ", File], 1)
    end.

beam_name(Beam) ->
    {ok, {Module, []}} = beam_lib:chunks(Beam, []),
    atom_to_list(Module) ++ ".beam".

%% All modules of the archive are loaded. Which one has main/1 is said by the flags -escript main Module, or by
%% the name of the script.
loaded_archive(File, Header, Zip) ->
    case zip:unzip(Zip, [memory]) of
        {ok, Files} ->
            _ = [load_beam(Name, Beam) || {Name, Beam} <- Files, filename:extension(Name) =:= ".beam"],
            Flags = string:lexemes(maps:get(emu_args, Header, ""), " "),
            Module = main_module(Flags, filename:rootname(filename:basename(File))),
            list_to_atom(Module);
        {error, _} ->
            fatal("escript: Cannot read the archive", ?FAILURE)
    end.

main_module(["-escript", "main", Module | _], _) -> Module;
main_module([_ | Flags], Default) -> main_module(Flags, Default);
main_module([], Default) -> Default.

load_beam(File, Beam) ->
    Module = list_to_atom(filename:basename(File, ".beam")),
    case code:load_binary(Module, File, Beam) of
        {module, Module} -> Module;
        {error, Reason} -> fatal(["escript: Cannot load module ", atom_to_list(Reason)], ?FAILURE)
    end.

loaded_source(File, Bytes, Options) ->
    #script{module = Module, mode = Said, forms = Forms} = script(File, Bytes),
    case lists:member("s", Options) of
        true -> check(Forms);
        false -> ok
    end,
    Mode = mode(Options, Said),
    Beam = compiled(Forms, Mode =:= interpret),
    {module, Module} = code:load_binary(Module, File, Beam),
    _ = Mode =:= debug andalso show_no_debugger(),
    {Module, Mode =/= interpret}.

%% What the command line says last counts, or else what the script says.
mode(["c" | _], _) -> compile;
mode(["d" | _], _) -> debug;
mode(["i" | _], _) -> interpret;
mode([_ | Options], Said) -> mode(Options, Said);
mode([], Said) -> Said.

%% As where OTP's debugger has no display to appear on.
show_no_debugger() ->
    swerl_tty:put_error(<<"escript: Cannot start the debugger\n">>).

-spec check([tuple()]) -> no_return().
check(Forms) ->
    case compile:forms(Forms, [report, strong_validation]) of
        {ok, _} -> halt(0);
        _ -> uncompiled()
    end.

compiled(Forms, false) ->
    case compile:forms(Forms, [report]) of
        {ok, _, Beam} -> Beam;
        _ -> uncompiled()
    end;
compiled(Forms, true) ->
    case compiled_without_words(Forms) of
        {ok, Beam} -> Beam;
        no -> compiled_with_messages(Forms)
    end.

%% Most scripts have nothing that the compiler would speak of, and need none of the modules that do.
compiled_without_words(Forms) ->
    case swerl_lang:lint(Forms, [], <<"nofile">>) of
        {error, []} ->
            Options = [binary, report_errors, swerl_plain_literals, ?INTERPRETED
                      | [{code_path, Dir} || Dir <- code:get_path()]],
            case os:getenv("ERL_COMPILER_OPTIONS") =:= false
                andalso swerl_lang:compile_forms(Forms, Options, <<"nofile">>) of
                {ok, _, Beam, []} -> {ok, Beam};
                _ -> no
            end;
        _ ->
            no
    end.

compiled_with_messages(Forms) ->
    case erl_lint:module(Forms) of
        {ok, Warnings} ->
            show_warnings(Warnings);
        {error, Errors, Warnings} ->
            show_errors(Errors),
            show_warnings(Warnings),
            uncompiled()
    end,
    case compile:forms(Forms, [report_errors, ?INTERPRETED]) of
        {ok, _, Beam} -> Beam;
        _ -> uncompiled()
    end.

-spec uncompiled() -> no_return().
uncompiled() ->
    fatal("escript: There were compilation errors.", ?FAILURE).

%%% Reading a script.

script(File, Bytes) ->
    Name = module_name(File),
    {ok, [FileForm, ModuleForm | Rest]} =
        swerl_lang:parse_file(unicode:characters_to_binary(File), with_header(File, Bytes, Name), [{location, {1, 1}}]),
    {Module, Forms0} = case without_own_file(Rest) of
                           [{attribute, _, module, Own} = Form | More] -> {Own, [Form | More]};
                           More -> {Name, [ModuleForm | More]}
                       end,
    Read = lists:foldl(fun form/2, #script{file = File, module = Module}, Forms0),
    #script{is_broken = IsBroken, exports_main = HasMain, forms = Reversed} = Read,
    case IsBroken of
        true -> uncompiled();
        false -> ok
    end,
    [First | Forms] = lists:reverse(Reversed),
    Main = [{attribute, erl_anno:new(0), export, [{main, 1}]} || not HasMain],
    Read#script{forms = [FileForm, First | Main ++ Forms]}.

without_own_file([{attribute, _, file, _} | Forms]) -> Forms;
without_own_file(Forms) -> Forms.

%% Script names may repeat, and are no atoms that anybody else uses.
module_name(File) ->
    {Mega, Seconds, Micro} = erlang:timestamp(),
    Numbers = [Mega, Seconds, Micro, erlang:unique_integer([positive])],
    Base = [case C of $. -> $_; _ -> C end || C <- filename:basename(File)],
    list_to_atom(lists:append([Base, "__escript__" | lists:join("__", [integer_to_list(N) || N <- Numbers])])).

%% A module attribute in place of the first line. A first line that is no `#!' line does not count.
with_header(File, Bytes, Module) ->
    Rest = case binary:split(Bytes, <<"\n">>) of
               [_, After] -> After;
               [_] -> <<>>
           end,
    Location = case Bytes of
                   <<"#!", _/binary>> -> "";
                   _ -> io_lib:format(" -file(~p, 0).", [File])
               end,
    Header = unicode:characters_to_binary(["-module(", quoted(Module), ").", Location, $\n]),
    <<Header/binary, Rest/binary>>.

quoted(Atom) ->
    [$', [case C of $' -> "\\'"; $\\ -> "\\\\"; _ -> C end || C <- atom_to_list(Atom)], $'].

form({attribute, _, mode, native}, Script) ->
    Script;
form({attribute, A, mode, Mode} = Form, #script{forms = Forms} = Script) ->
    case lists:member(Mode, [compile, interpret, debug]) of
        true ->
            Script#script{mode = Mode, forms = [Form | Forms]};
        false ->
            Text = io_lib:format("illegal mode attribute: ~p", [Mode]),
            show(Script#script.file, erl_anno:location(A), Text),
            Script#script{is_broken = true}
    end;
form({attribute, _, export, Functions} = Form, #script{forms = Forms, exports_main = HasMain} = Script) ->
    Script#script{exports_main = HasMain orelse lists:member({main, 1}, Functions), forms = [Form | Forms]};
form({error, {Location, Module, Descriptor}}, #script{file = File} = Script) ->
    show(File, Location, Module:format_error(Descriptor)),
    Script#script{is_broken = true};
form(Form, #script{forms = Forms} = Script) ->
    Script#script{forms = [Form | Forms]}.

%%% Messages.

show_errors(Errors) ->
    [show(File, Location, Module:format_error(What)) || {File, Infos} <- Errors, {Location, Module, What} <- Infos],
    ok.

%% Warnings of all files in the order of their places.
show_warnings(Warnings) ->
    All = [{{File, Location}, Module:format_error(What)} || {File, Infos} <- Warnings, {Location, Module, What} <- Infos],
    [show(File, Location, ["Warning: ", Text]) || {{File, Location}, Text} <- lists:sort(All)],
    ok.

show(File, Location, Text) ->
    swerl_tty:put_error(unicode:characters_to_binary([File, $:, position(Location), ": ", Text, $\n])).

position({Line, Column}) -> [integer_to_list(Line), $:, integer_to_list(Column)];
position(Line) -> integer_to_list(Line).

%%% Running it.

run(Module, Args) ->
    _ = Module:main(Args),
    ok.

%% No clause of a function that is interpreted.
reason(function_clause, [{Module, Function, Args, _} | _], Module) when is_list(Args) ->
    {function_clause, [{local, Function, Args}]};
reason(Reason, _Stack, _Module) ->
    Reason.

%% Where OTP interprets a script, its interpreter is seen in the place of functions, and nothing of funs.
interpreted([{Module, _, _, _} = Frame | Stack], Class, Reason, Module) ->
    Raising = [{erl_eval, expr, 6, []} || Class =:= error, is_of_an_expression(Reason)],
    Calling = [{erl_eval, do_apply, 7, []} || Raising =:= [], Reason =/= function_clause],
    Raising ++ Calling ++ interpreted([Frame | Stack], Module);
interpreted(Stack, _Class, _Reason, Module) ->
    interpreted(Stack, Module).

%% A call at the end of main/1 leaves nothing of it, but of the interpreter.
interpreted([{Module, _, _, _} | _] = Stack, Module) ->
    {Own, Rest} = lists:splitwith(fun(Frame) -> element(1, Frame) =:= Module end, Stack),
    case {length([Frame || Frame <- Own, not is_of_fun(Frame)]), Rest} of
        {Functions, [{?MODULE, run, 2, Info} | Below]} ->
            frames(max(1, Functions)) ++ [{?MODULE, interpret, 4, Info} | interpreted(Below, Module)];
        {Functions, _} ->
            frames(Functions) ++ interpreted(Rest, Module)
    end;
interpreted([{?MODULE, run, 2, Info} | Stack], Module) ->
    frames(1) ++ [{?MODULE, interpret, 4, Info} | interpreted(Stack, Module)];
interpreted([Frame | Stack], Module) ->
    [Frame | interpreted(Stack, Module)];
interpreted([], _Module) ->
    [].

%% Of functions that call each other.
frames(Functions) ->
    lists:join({erl_eval, expr, 6, []}, [{erl_eval, local_func, 8, []} || _ <- lists:seq(1, Functions)]).

is_of_fun({_, Function, _, _}) -> hd(atom_to_list(Function)) =:= $-.

%% What no function raises that is called.
is_of_an_expression({badmatch, _}) -> true;
is_of_an_expression({case_clause, _}) -> true;
is_of_an_expression({try_clause, _}) -> true;
is_of_an_expression(if_clause) -> true;
is_of_an_expression(_) -> false.

format_exception(Class, Reason, Stack) ->
    Hidden = fun(Module, _, _) -> Module =:= ?MODULE end,
    Pretty = fun(Term, Indent) ->
                     io_lib:format("~." ++ integer_to_list(Indent) ++ "tP", [Term, 50])
             end,
    erl_error:format_exception(1, Class, Reason, Stack, Hidden, Pretty, unicode).

-spec fatal(unicode:chardata(), 1..255) -> no_return().
fatal(Text, Status) ->
    swerl_tty:put_error(unicode:characters_to_binary([Text, $\n])),
    halt(Status).
