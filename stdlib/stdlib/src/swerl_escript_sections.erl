%%% The file of a script, section by section: the line that names the interpreter, a comment, flags for the
%%% emulator, and a body of source, of a compiled module or of an archive. For escript:create/2 and extract/2,
%%% and for running what is no source.
-module(swerl_escript_sections).

-export([create/2, extract/2, split/1]).

-define(SHEBANG, "/usr/bin/env escript").
-define(COMMENT, "This is an -*- erlang -*- file").

%% @doc The script of a list of sections, in a file or as a binary.
create(Destination, Sections) when is_list(Sections) ->
    try
        Bytes = iolist_to_binary(written(Sections)),
        case Destination of
            binary -> {ok, Bytes};
            _ -> file:write_file(Destination, Bytes)
        end
    catch
        throw:Fault -> {error, Fault}
    end.

written(Sections) ->
    {Header, Body} = lists:foldl(fun section/2, {#{}, none}, [default(Section) || Section <- Sections]),
    Text = case Body of
               none -> throw(missing_body);
               _ -> Body
           end,
    [[[Mark, Line, $\n] || {Key, Mark} <- [{shebang, "#!"}, {comment, "%% "}, {emu_args, "%%!"}],
                           {ok, Line} <- [maps:find(Key, Header)]], Text].

default(shebang) -> {shebang, default};
default(comment) -> {comment, default};
default(Section) -> Section.

section({shebang, default}, Parts) -> section({shebang, ?SHEBANG}, Parts);
section({comment, default}, Parts) -> section({comment, ?COMMENT}, Parts);
section({Key, undefined}, Parts) when Key =:= shebang; Key =:= comment; Key =:= emu_args -> Parts;
section({emu_args, Args}, {Header, Body}) when is_list(Args) -> {Header#{emu_args => Args}, Body};
section({Key, Text}, {Header, Body}) when Key =:= shebang, is_list(Text); Key =:= comment, is_list(Text) ->
    {Header#{Key => Text}, Body};
section({Key, Text} = Section, {Header, _}) when Key =:= source; Key =:= beam; Key =:= archive ->
    {Header, contents(Text, Section)};
section({archive, Files, Options}, {Header, _}) ->
    case zip:create("no_name.zip", Files, [memory | Options]) of
        {ok, {_, Zip}} -> {Header, Zip};
        {error, Reason} -> throw({Reason, {archive, Files}})
    end;
section(Other, _) ->
    throw({badarg, Other}).

contents(Bytes, _) when is_binary(Bytes) -> Bytes;
contents(File, Section) ->
    case file:read_file(File) of
        {ok, Bytes} -> Bytes;
        {error, Reason} -> throw({Reason, Section})
    end.

%% @doc The sections of a script. With compile_source, source comes compiled.
extract(File, Options) ->
    case file:read_file(File) of
        {ok, Bytes} ->
            extract(split(Bytes), File, Options);
        {error, Reason} ->
            {error, lists:concat([file:format_error(Reason), ": '", File, "'"])}
    end.

extract({Header, source, Body}, _, _) when map_size(Header) =:= 0, byte_size(Body) > 0 ->
    %% Of source alone there is no telling whether it is a script, unless it goes on.
    case binary:split(Body, <<"\n">>) of
        [_, More] when More =/= <<>> -> {ok, sections(Header, {source, Body})};
        _ -> {error, "Premature end of file reached"}
    end;
extract({Header, Type, Body}, File, Options) ->
    {ok, sections(Header, body(Type, Body, File, Options))}.

sections(Header, Body) ->
    [{shebang, known(maps:get(shebang, Header, undefined), ?SHEBANG)},
     {comment, known(maps:get(comment, Header, undefined), ?COMMENT)},
     {emu_args, maps:get(emu_args, Header, undefined)}, Body].

known(Default, Default) -> default;
known(Text, _) -> Text.

body(source, Source, File, Options) ->
    case lists:member(compile_source, Options) of
        true -> {source, compiled(Source, File)};
        false -> {source, Source}
    end;
body(Type, Bytes, _, _) ->
    {Type, Bytes}.

compiled(Source, File) ->
    Module = list_to_atom(filename:rootname(filename:basename(File))),
    Header = io_lib:format("-module(~w). -export([main/1]). ", [Module]),
    Text = unicode:characters_to_binary([Header, Source]),
    case swerl_lang:compile(unicode:characters_to_binary(File), Text, []) of
        {ok, Module, Beam, _} -> Beam;
        {error, Messages} -> erlang:error({compilation_failed, Messages})
    end.

%% @doc A script's header, as a map of its lines, the kind of its body, and the body.
split(Bytes) ->
    {Header0, Rest0} = line(shebang, "#!", #{}, Bytes),
    {Header1, Rest1} = emulator(Header0, Rest0),
    {Header, Body} = case maps:is_key(emu_args, Header1) of
                         true -> {Header1, Rest1};
                         false -> emulator_after_comment(Header1, Rest1)
                     end,
    {Header, type(Body), Body}.

emulator(Header, Bytes) -> line(emu_args, "%%!", Header, Bytes).

%% A comment belongs to the header where the script has an interpreter's line.
emulator_after_comment(Header, Bytes) ->
    case line(comment, "%%", Header, Bytes) of
        {#{shebang := _, comment := _} = Header1, Rest} -> emulator(Header1, Rest);
        _ -> {Header, Bytes}
    end.

line(Key, Mark, Header, Bytes) ->
    Size = length(Mark),
    case Bytes of
        <<Begin:Size/binary, Rest/binary>> ->
            case binary_to_list(Begin) of
                Mark ->
                    [Line | After] = binary:split(Rest, <<"\n">>),
                    {Header#{Key => without_blanks(binary_to_list(Line))}, case After of [] -> <<>>; [Body] -> Body end};
                _ ->
                    {Header, Bytes}
            end;
        _ ->
            {Header, Bytes}
    end.

without_blanks([$\s | Text]) -> without_blanks(Text);
without_blanks(Text) -> Text.

type(<<"FOR1", _/binary>>) -> beam;
type(<<"PK", 3, 4, _/binary>>) -> archive;
type(_) -> source.
