#!/usr/bin/env escript
%%% All sources of an installed Erlang/OTP, read and compiled by both systems: the forms of epp and the messages of the
%%% compiler must be the same, errors included (a source whose generated headers are not installed fails alike).
%%%
%%%     escript otp_sources.escript -swerl PATH [-app NAME] [-keep FOLDER] [-headers FOLDER] [-show N]
%%%
%%% Each application is read with its own include paths. What OTP says is kept in the folder of -keep, and used again.
%%% Headers that are generated when OTP is built may be missing; -headers names a folder with applications that have them.
-mode(compile).

main(["-dump", Folder | Files]) ->
    lists:foreach(fun(File) -> dump(Folder, File) end, Files);
main(Arguments) ->
    Options = options(Arguments, #{show => 3, keep => "/tmp/otp_sources", apps => [], jobs => 1}),
    #{keep := Keep} = Options,
    Headers = filename:join(Keep, "lib"),
    ok = filelib:ensure_dir(filename:join(Headers, "x")),
    link_applications(code:lib_dir(), Headers),
    More = filename:join(Keep, "more"),
    ok = filelib:ensure_dir(filename:join(More, "x")),
    [link_applications(Folder, More) || #{headers := Folder} <- [Options]],
    compile_transforms(filename:join(Keep, "ebin")),
    Files = sources(Options),
    io:format("~w sources~n", [length(Files)]),
    read_all("escript", filename:join(Keep, "otp"), Files, keep),
    read_all(maps:get(swerl, Options) ++ " escript", filename:join(Keep, "swerl"), Files, again),
    compare(Options, Files).

options([], Options) -> Options;
options(["-swerl", Path | Rest], Options) -> options(Rest, Options#{swerl => filename:absname(Path)});
options(["-keep", Folder | Rest], Options) -> options(Rest, Options#{keep := filename:absname(Folder)});
options(["-headers", Folder | Rest], Options) -> options(Rest, Options#{headers => filename:absname(Folder)});
options(["-show", N | Rest], Options) -> options(Rest, Options#{show := list_to_integer(N)});
options(["-app", App | Rest], #{apps := Apps} = Options) -> options(Rest, Options#{apps := [App | Apps]}).

%% An application without compiled code is not found by -include_lib; a folder of plain names in the include path is.
link_applications(From, Headers) ->
    [file:make_symlink(Folder, filename:join(Headers, application(Folder)))
     || Folder <- filelib:wildcard(filename:join(From, "*"))].

%% Parse transforms that the sources ask for, where their compiled applications are not installed.
compile_transforms(Folder) ->
    ok = filelib:ensure_dir(filename:join(Folder, "x")),
    [compile_transforms(Folder, Source, Headers)
     || Application <- ["eunit", "syntax_tools"],
        Headers <- filelib:wildcard(filename:join([code:lib_dir(), Application ++ "-*", "include"])),
        Source <- filelib:wildcard(filename:join([filename:dirname(Headers), "src", "*.erl"]))],
    [compile_transforms(Folder, filename:join([Top, "src", "merl_transform.erl"]), Top ++ "/include")
     || Top <- filelib:wildcard(filename:join(code:lib_dir(), "syntax_tools-*"))],
    [compile_transforms(Folder, filename:join([Top, "src", "compiler", "diameter_exprecs.erl"]), Top ++ "/include")
     || Top <- filelib:wildcard(filename:join(code:lib_dir(), "diameter-*"))].

compile_transforms(Folder, Source, Headers) ->
    code:add_patha(Folder),
    compile:file(Source, [{outdir, Folder}, {i, Headers}, {i, filename:dirname(Source)}]).

application(Folder) -> hd(string:split(filename:basename(Folder), "-")).

sources(#{apps := Apps}) ->
    Folders = [Folder || Folder <- filelib:wildcard(filename:join(code:lib_dir(), "*")),
                         Apps =:= [] orelse lists:member(application(Folder), Apps)],
    [File || Folder <- Folders, File <- filelib:wildcard(filename:join(Folder, "src/**/*.erl"))].

%% A machine for some files at a time, so that a crash costs one batch and not the run.
read_all(Program, Folder, Files, Mode) ->
    ok = filelib:ensure_dir(filename:join(Folder, "x")),
    Wanted = [File || File <- Files, Mode =:= again orelse not filelib:is_file(result_file(Folder, File))],
    [file:delete(result_file(Folder, File)) || File <- Wanted],
    batches(Program, Folder, Wanted).

batches(_Program, _Folder, []) ->
    ok;
batches(Program, Folder, Files) ->
    {Batch, Rest} = lists:split(min(60, length(Files)), Files),
    Command = lists:join($\s, [Program, escript:script_name(), "-dump", Folder | Batch]),
    case os:cmd(lists:flatten(Command)) of
        "" -> ok;
        Said -> io:format("~ts~n", [Said])
    end,
    batches(Program, Folder, Rest).

result_file(Folder, File) ->
    Name = lists:last(string:split(File, "/lib/", all)),
    filename:join(Folder, [case C of $/ -> $!; _ -> C end || C <- Name]).

%%% What one system says of a file.

dump(Folder, File) ->
    code:add_patha(filename:join(filename:dirname(Folder), "ebin")),
    Options = compile_options(Folder, File),
    Includes = [Path || {i, Path} <- Options],
    Macros = [case D of {d, M} -> M; {d, M, V} -> {M, V} end || D <- Options, element(1, D) =:= d],
    Forms = limited(fun() -> epp:parse_file(File, [{includes, Includes}, {macros, Macros}]) end),
    Messages = limited(fun() -> messages(compile:file(File, [binary, return, strong_validation | Options])) end),
    ok = file:write_file(result_file(Folder, File), term_to_binary({Forms, Messages}, [compressed])).

compile_options(Folder, File) ->
    [Top | _] = string:split(File, "/src/"),
    Libraries = filename:join(filename:dirname(Folder), "lib"),
    Own = [Top ++ "/include", Top ++ "/src" | [Path || Path <- filelib:wildcard(Top ++ "/src/**"),
                                                        filelib:is_dir(Path)]],
    Fixed = [filename:join(Libraries, Path) || Path <- ["kernel/include", "kernel/src", "stdlib/include", "stdlib/src",
                                                        "public_key/include", "xmerl/include", "snmp/include"]],
    Kept = filename:join(filename:dirname(Folder), "more"),
    More = [Kept | filelib:wildcard(filename:join(Kept, "*/{include,ebin}"))],
    % Paths from application to application, which are versioned where they are installed.
    Across = [filename:join([Libraries, application(Top), "src"]), filename:join([Libraries, "stdlib", "src"])],
    Paths = [filename:dirname(File) | Own] ++ Fixed ++ [Libraries | Across] ++ More,
    macros(application(Top)) ++ [{i, Path} || Path <- Paths].

macros("inets") -> [{d, 'SERVER_SOFTWARE', "inets"}];
macros("ftp") -> [{d, 'FTP_VERSION', "1"}];
macros("megaco") -> [{d, 'MEGACO_VSN', "1"}];
macros("snmp") -> [{d, version, "1"}];
macros(_) -> [{d, 'VSN', "1"}, {d, 'COMPILER_VSN', "1"}].

messages({ok, _, Warnings}) -> {[], said(Warnings)};
messages({ok, _, _, Warnings}) -> {[], said(Warnings)};
messages({error, Errors, Warnings}) -> {said(Errors), said(Warnings)}.

said(Messages) ->
    [{File, said_one(Message)} || {File, List} <- Messages, Message <- List].

said_one({Place, Module, What}) -> {Place, unicode:characters_to_list(Module:format_error(What)), What};
said_one({Module, What}) -> {none, unicode:characters_to_list(Module:format_error(What)), What}.

limited(Fun) ->
    {Pid, Monitor} = spawn_monitor(fun() -> exit({done, try Fun() catch C:R:S -> {raised, C, R, S} end}) end),
    receive
        {'DOWN', Monitor, _, _, {done, Result}} -> Result;
        {'DOWN', Monitor, _, _, Reason} -> {died, Reason}
    after 300000 ->
        exit(Pid, kill),
        too_slow
    end.

%%% Both, side by side.

compare(#{keep := Keep, show := Show}, Files) ->
    Rows = [compare_one(Keep, File) || File <- Files],
    Tell = fun(Kind) -> length([x || Row <- Rows, lists:member(Kind, Row)]) end,
    lists:foldl(fun(Row, N) -> show(Row, N, Show) end, 0, lists:zip(Files, Rows)),
    Kinds = [forms_equal, forms_differ, errors_equal, errors_differ, warnings_equal, warnings_differ, descriptions_differ,
             compiled_by_otp, compiled_by_swerl, missing],
    [io:format("~-22s~w~n", [Kind, Tell(Kind)]) || Kind <- Kinds],
    Bad = lists:sum([Tell(Kind) || Kind <- [forms_differ, errors_differ, warnings_differ, missing]]),
    halt(min(Bad, 1)).

compare_one(Keep, File) ->
    case {result(Keep, "otp", File), result(Keep, "swerl", File)} of
        {{Forms1, Said1}, {Forms2, Said2}} ->
            {Errors1, Warnings1} = pair(Said1),
            {Errors2, Warnings2} = pair(Said2),
            lists:append([same(forms, Forms1, Forms2),
                          same(errors, texts(Errors1), texts(Errors2)),
                          same(warnings, texts(Warnings1), texts(Warnings2)),
                          [descriptions_differ || texts(Errors1) =:= texts(Errors2),
                                                  texts(Warnings1) =:= texts(Warnings2),
                                                  Said1 =/= Said2],
                          [compiled_by_otp || Errors1 =:= []],
                          [compiled_by_swerl || Errors2 =:= []]]);
        _ ->
            [missing]
    end.

pair({Errors, Warnings}) when is_list(Errors), is_list(Warnings) -> {Errors, Warnings};
pair(Other) -> {[{none, {none, lists:flatten(io_lib:format("~tP", [Other, 30])), Other}}], []}.

texts(Messages) -> [{File, Place, Text} || {File, {Place, Text, _}} <- Messages].

result(Keep, Which, File) ->
    case file:read_file(result_file(filename:join(Keep, Which), File)) of
        {ok, Bytes} -> binary_to_term(Bytes);
        {error, _} -> none
    end.

same(forms, Same, Same) -> [forms_equal];
same(forms, A, B) -> [forms_differ, {forms, A, B}];
same(errors, Same, Same) -> [errors_equal];
same(errors, A, B) -> [errors_differ, {only_otp, A -- B}, {only_swerl, B -- A}];
same(warnings, Same, Same) -> [warnings_equal];
same(warnings, A, B) -> [warnings_differ, {only_otp, A -- B}, {only_swerl, B -- A}].

show({File, Row}, N, Limit) ->
    case [Part || Part <- Row, is_tuple(Part)] of
        [] when Row =/= [missing] -> N;
        Parts ->
            io:format("~n~ts~s~n", [File, [" missing" || Row =:= [missing]]]),
            [show_part(Part, Limit) || Part <- Parts],
            N + 1
    end.

show_part({forms, {ok, A}, {ok, B}}, Limit) ->
    [io:format("  OTP   ~tP~n  swerl ~tP~n", [X, 14, Y, 14]) || {X, Y} <- lists:sublist(differing(A, B), Limit)];
show_part({forms, A, B}, _Limit) ->
    io:format("  OTP   ~tP~n  swerl ~tP~n", [A, 30, B, 30]);
show_part({Which, Messages}, Limit) ->
    [io:format("  ~s ~ts: ~tp: ~ts~n", [Which, File, Place, Text])
     || {File, Place, Text} <- lists:sublist(Messages, Limit)].

differing([Same | A], [Same | B]) -> differing(A, B);
differing([X | A], [Y | B]) -> [smaller(X, Y) | differing(A, B)];
differing([], []) -> [];
differing(A, B) -> [{A, B}].

%% The smallest part that holds all that differs.
smaller(X, Y) when is_tuple(X), is_tuple(Y), tuple_size(X) =:= tuple_size(Y) ->
    one_part(tuple_to_list(X), tuple_to_list(Y), {X, Y});
smaller([A | X], [A | Y]) -> smaller(X, Y);
smaller(X, Y) when is_list(X), is_list(Y), length(X) =:= length(Y) ->
    one_part(X, Y, {X, Y});
smaller(X, Y) ->
    {X, Y}.

one_part(X, Y, Whole) ->
    case [Pair || {A, B} = Pair <- lists:zip(X, Y), A =/= B] of
        [{A, B}] when not is_integer(A) -> smaller(A, B);
        _ -> Whole
    end.
