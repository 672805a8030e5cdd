%%% escript: runs a file of Erlang source as a program.
%%%
%%% The first line is skipped; a line of emulator flags after it has been obeyed
%%% before this module runs. The script is compiled and its main/1 called with
%%% the arguments as strings. OTP interprets scripts unless they ask for more:
%%% what it shows of a failure tells nothing of the script's own calls, and so
%%% it is here, unless the script says -mode(compile).
-module(escript).

-export([start/0, start/1, script_name/0]).

-define(FAILURE, 127).

%% The entry point for the command line.
-spec start() -> no_return().
start() -> start([]).

-spec start([term()]) -> no_return().
start(_) ->
    case options(init:get_plain_arguments(), []) of
        {Options, [File | Args]} ->
            run(File, Args, Options);
        {_, []} ->
            fatal("escript: Missing filename", ?FAILURE)
    end.

%% The name of the script as it was called.
-spec script_name() -> string().
script_name() ->
    {_, [File | _]} = options(init:get_plain_arguments(), []),
    File.

options(["-" ++ Flag | Rest], Options) -> options(Rest, [Flag | Options]);
options(Rest, Options) -> {Options, Rest}.

run(File, Args, Options) ->
    case file:read_file(File) of
        {ok, <<"FOR1", _/binary>> = Beam} -> call(load_beam(File, Beam), Args, true);
        {ok, Bytes} -> run_source(File, Bytes, Args, Options);
        {error, Reason} -> fatal(["escript: Failed to open file: ", atom_to_list(Reason)], 1)
    end.

load_beam(File, Beam) ->
    Module = list_to_atom(filename:basename(File, ".beam")),
    case code:load_binary(Module, File, Beam) of
        {module, Module} -> Module;
        {error, Reason} -> fatal(["escript: Cannot load module ", atom_to_list(Reason)], ?FAILURE)
    end.

run_source(File, Bytes, Args, Options) ->
    Module = module_name(File),
    {Line, Source} = without_header(Bytes),
    Header = io_lib:format("-module(~w). -export([main/1]). -file(~p, ~w).~n", [Module, File, Line - 1]),
    Text = unicode:characters_to_binary([Header, Source]),
    case swerl_lang:compile(unicode:characters_to_binary(File), Text, []) of
        {ok, Module, Beam, Messages} ->
            show(Messages),
            case lists:member("s", Options) of
                true -> halt(0);
                false -> ok
            end,
            {module, Module} = code:load_binary(Module, File, Beam),
            call(Module, Args, lists:member("c", Options) orelse asks_to_be_compiled(Module));
        {error, Messages} ->
            show(unlinted(Messages)),
            fatal("escript: There were compilation errors.", ?FAILURE)
    end.

%% Script names may repeat, and are no atoms that anybody else uses.
module_name(File) ->
    list_to_atom(filename:basename(filename:rootname(File)) ++ "__escript__").

%% The source after the first line, and the number of its first line: a first
%% line that is no `#!` line does not count.
without_header(Bytes) ->
    Rest = case binary:split(Bytes, <<"\n">>) of
               [_, After] -> After;
               [_] -> <<>>
           end,
    case Bytes of
        <<"#!", _/binary>> -> {2, decoded(Bytes, Rest)};
        _ -> {1, decoded(Bytes, Rest)}
    end.

%% Text is UTF-8 unless the script says otherwise.
decoded(Bytes, Rest) ->
    case epp:read_encoding_from_binary(Bytes) of
        latin1 -> unicode:characters_to_list(Rest, latin1);
        _ -> Rest
    end.

asks_to_be_compiled(Module) ->
    Modes = [Mode || {mode, Values} <- Module:module_info(attributes), Mode <- Values],
    lists:member(compile, Modes).

%% A script that cannot be read is not checked any further.
unlinted(Messages) ->
    case [Message || {error, _, _, _, {Module, _}} = Message <- Messages, Module =/= erl_lint] of
        [] -> Messages;
        Unreadable -> Unreadable
    end.

%% The first line of each message, without the excerpt.
show(Messages) ->
    _ = [io:put_chars([hd(binary:split(Text, <<"\n">>)), $\n]) || {_, _, _, Text, _} <- Messages],
    ok.

call(Module, Args, ShowsCalls) ->
    try Module:main(Args) of
        _ -> halt(0)
    catch
        Class:Reason:Stack ->
            Shown = reason(Reason, Stack, Module, ShowsCalls),
            Text = format_exception(Class, Shown, Stack, Module, ShowsCalls),
            fatal(["escript: ", Text], ?FAILURE)
    end.

%% No clause of a function that is interpreted.
reason(function_clause, [{Module, Function, Args, _} | _], Module, false) when is_list(Args) ->
    {function_clause, [{local, Function, Args}]};
reason(Reason, _Stack, _Module, _ShowsCalls) ->
    Reason.

format_exception(Class, Reason, Stack, Script, ShowsCalls) ->
    Hidden = fun(Module, _, _) ->
                     Module =:= ?MODULE orelse Module =:= init
                         orelse (Module =:= Script andalso not ShowsCalls)
             end,
    Pretty = fun(Term, Indent) ->
                     io_lib:format("~." ++ integer_to_list(Indent) ++ "tP", [Term, 50])
             end,
    erl_error:format_exception(1, Class, Reason, Stack, Hidden, Pretty, unicode).

-spec fatal(unicode:chardata(), 1..255) -> no_return().
fatal(Text, Status) ->
    swerl_tty:put_error(unicode:characters_to_binary([Text, $\n])),
    halt(Status).
