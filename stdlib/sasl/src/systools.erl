%%% The release tools: boot scripts, packages and relup files.
-module(systools).

-export([make_script/1, make_script/2, make_tar/1, make_tar/2, script2boot/1, script2boot/3, make_relup/3,
         make_relup/4, compile_rel/3]).

%% @doc Makes NAME.script and NAME.boot of NAME.rel.
make_script(Name) -> systools_make:make_script(Name).

%% @doc As make_script/1, with options.
make_script(Name, Options) -> systools_make:make_script(Name, Options).

%% @doc Makes NAME.tar.gz of NAME.rel.
make_tar(Name) -> systools_make:make_tar(Name).

%% @doc As make_tar/1, with options.
make_tar(Name, Options) -> systools_make:make_tar(Name, Options).

%% @doc Makes NAME.boot of NAME.script.
script2boot(Name) ->
    converted(Name ++ ".script", Name ++ ".boot").

converted(Script, Boot) ->
    case systools_lib:file_term2binary(Script, Boot) of
        ok -> ok;
        {error, Reason} ->
            io:put_chars(systools_make:format_error(case Reason of
                                                        {_, _, _} -> {parse, Script, Reason};
                                                        _ -> {open, Script, Reason}
                                                    end)),
            error
    end.

%% @doc As script2boot/1, as the compiler calls it.
script2boot(File, Output, _Options) -> converted(File ++ ".script", Output ++ ".boot").

%% @doc Makes the relup file of a release, from releases and back to releases.
make_relup(Name, From, To) -> systools_relup:mk_relup(Name, From, To).

%% @doc As make_relup/3, with options.
make_relup(Name, From, To, Options) -> systools_relup:mk_relup(Name, From, To, Options).

%% @doc Makes the scripts of a release, as the compiler calls it.
compile_rel(File, Output, _Options) ->
    make_script(File, [{outdir, filename:dirname(Output)}]).
