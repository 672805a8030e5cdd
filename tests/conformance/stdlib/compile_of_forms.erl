%% Compiling forms, and options that are no list: where listings go, what the module says of its source, rules for make.
-module(compile_of_forms).
-export([main/0]).

main() ->
    Forms = [{attribute, 1, file, {"some/where.erl", 1}}, {attribute, 1, module, fm}, {attribute, 2, file, {"inc.hrl", 1}},
             {attribute, 2, export, [{f, 0}]}, {function, 3, f, 0, [{clause, 3, [], [], [{match, 3, {var, 3, 'X'}, {atom, 3, ok}}]}]}],
    {ok, fm, Plain} = compile:forms(Forms, []),
    {ok, fm, Sourced} = compile:forms(Forms, [{source, "a/fm.erl"}]),
    [io:format("~p~n", [source(Beam)]) || Beam <- [Plain, Sourced]],
    [show(Options, compile:forms(Forms, Options)) || Options <- [[makedep], [makedep, {makedep_target, "x$y"}, makedep_quote_target],
        ['P', return], [diffable, no_copt], verbose, [slim], [compressed],
        [{feature, nothing, enable}, {feature, maybe_expr, enable}, return],
        [{feature, no1, disable}, {feature, no2, enable}, {feature, no3, enable}, return]]],
    [io:format("~s ~p~n", [File, filelib:is_regular(File)]) || File <- ["fm.P", "fm.S", ".P"]],
    ok = file:write_file("fm.erl", "-module(fm).\n-export([f/0]).\nf() -> X = ok.\n"),
    [show(Option, compile:file("fm", Option)) || Option <- [[diffable, report], foo, [nowarn_bif_clash, return], [compressed], compressed]],
    {ok, <<31, 139, _/binary>>} = file:read_file("fm.beam"),
    {ok, Listing} = file:read_file("fm.S"),
    io:format("~s", [re:replace(Listing, "\\.erl\",[0-9]+", ".erl\",L", [global])]),
    [io:format("~p~n", [lists:flatten(erl_features:format_error({invalid_features, Names}))]) || Names <- [[a], [a, b], [a, b, c]]].

source(Beam) ->
    {ok, {_, [{compile_info, Info}]}} = beam_lib:chunks(Beam, [compile_info]),
    case lists:keyfind(source, 1, Info) of
        {source, Source} -> lists:suffix("a/fm.erl", Source);
        false -> none
    end.

show(Options, Result) ->
    io:format("~p: ~p~n", [Options, brief(Result)]).

brief({ok, M, Code}) -> {ok, M, kind(Code)};
brief({ok, M, Code, Warnings}) -> {ok, M, kind(Code), Warnings};
brief(Other) -> Other.

kind(<<"FOR1", _/binary>> = Beam) -> {ok, _, Chunks} = beam_lib:all_chunks(Beam), {beam, length([C || {C, _} <- Chunks, C =:= "CInf"])};
kind(Text) when is_binary(Text) -> Text;
kind({fm, Exports, _, _, _}) -> {code, Exports};
kind(Forms) -> {forms, length(Forms)}.
