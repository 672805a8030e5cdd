%%% The preprocessor: the forms of a file, with macros expanded and files included. Native code does the work, for a
%%% whole file at once; open/1 starts a process that hands out its forms one by one.
-module(epp).

-export([open/1, open/2, open/3, close/1, parse_erl_form/1, scan_erl_form/1,
         macro_defs/1, scan_file/1, scan_file/2, parse_file/1, parse_file/2, parse_file/3, format_error/1,
         default_encoding/0, encoding_to_string/1, read_encoding/1, read_encoding/2,
         read_encoding_from_binary/1, read_encoding_from_binary/2, set_encoding/1, set_encoding/2,
         interpret_file_attribute/1, normalize_typed_record_fields/1, restore_typed_record_fields/1]).

-export_type([source_encoding/0]).

-type source_encoding() :: latin1 | utf8.
-type form() :: erl_parse:abstract_form() | erl_parse:form_info().

%% How far into a file a comment about its encoding is looked for.
-define(ENCODING_BYTES, 1024).

%%% Whole files.

%% @doc The forms that are left of an opened file.
-spec parse_file(pid()) -> [form()].
parse_file(Epp) ->
    case parse_erl_form(Epp) of
        {ok, Form} -> [Form | parse_file(Epp)];
        {eof, _} = End -> [End];
        Message -> [Message | parse_file(Epp)]
    end.

%% @doc The forms of a file, with a path for included files and macros that are defined beforehand.
-spec parse_file(file:name(), [file:name()], [term()]) -> {ok, [form()]} | {error, term()}.
parse_file(Name, Path, Macros) ->
    parse_file(Name, [{includes, Path}, {macros, Macros}]).

%% @doc The same by options: includes, macros, location, source_name, default_encoding, deterministic, features, fd and
%% extra.
-spec parse_file(file:name(), [term()]) ->
          {ok, [form()]} | {ok, [form()], [{features, [atom()]} | {encoding, source_encoding() | none}]} | {error, term()}.
parse_file(Name, Options) ->
    case read_forms(Name, Options) of
        {ok, _Text, Forms, Encoding} ->
            case proplists:get_bool(extra, Options) of
                true -> {ok, Forms, extra(Encoding, Options)};
                false -> {ok, Forms}
            end;
        {error, _} = Error ->
            Error
    end.

%% @doc The forms that are left of an opened file, as tokens.
-spec scan_file(pid()) -> [erl_scan:tokens() | {error, term()} | {warning, term()} | {eof, erl_anno:location()}].
scan_file(Epp) ->
    case scan_erl_form(Epp) of
        {ok, Tokens} -> [Tokens | scan_file(Epp)];
        {eof, _} = End -> [End];
        Message -> [Message | scan_file(Epp)]
    end.

%% @doc The forms of a file as tokens; the options are those of parse_file/2.
-spec scan_file(file:name(), [term()]) ->
          {ok, [erl_scan:tokens() | {error, term()} | {warning, term()} | {eof, erl_anno:location()}],
           [{encoding, source_encoding() | none}]} |
          {error, term()}.
scan_file(Name, Options) ->
    case read_forms(Name, Options, [{tokens, true}]) of
        {ok, _Text, Forms, Encoding} ->
            {ok, Forms, [{encoding, Encoding}]};
        {error, _} = Error ->
            Error
    end.

read_forms(Name, Options) ->
    read_forms(Name, Options, []).

read_forms(Name, Options, More) ->
    case read(Name, Options) of
        {ok, Text, Encoding} ->
            case forms(Name, Text, Options, More) of
                {ok, Forms} -> {ok, Text, Forms, Encoding};
                {error, _} = Error -> Error
            end;
        {error, _} = Error ->
            Error
    end.

extra(Encoding, Options) ->
    [{features, proplists:get_value(features, Options, [])}, {encoding, Encoding}].

forms(Name, Text, Options, More) ->
    case unknown_macros(proplists:get_value(macros, Options, []), []) of
        none -> swerl_lang:parse_file(unicode:characters_to_binary(Name), Text, More ++ native_options(Name, Options));
        Fault -> {error, Fault}
    end.

%% The first definition from outside that is none, or that is one too many.
unknown_macros([{Name, _} | Macros], Seen) when is_atom(Name) -> unknown_macro(Name, Macros, Seen);
unknown_macros([{Name, _, redefine} | Macros], Seen) when is_atom(Name) -> unknown_macros(Macros, Seen);
unknown_macros([Name | Macros], Seen) when is_atom(Name) -> unknown_macro(Name, Macros, Seen);
unknown_macros([Other | _], _Seen) -> {bad, Other};
unknown_macros([], _Seen) -> none.

unknown_macro(Name, Macros, Seen) ->
    Predefined = ['FUNCTION_NAME', 'FUNCTION_ARITY', 'MODULE', 'MODULE_STRING', 'BASE_MODULE', 'BASE_MODULE_STRING',
                  'LINE', 'MACHINE', 'BEAM', 'OTP_RELEASE', 'FILE', 'FEATURE_AVAILABLE', 'FEATURE_ENABLED'],
    case {lists:member(Name, Predefined), lists:member(Name, Seen)} of
        {true, _} -> {redefine_predef, Name};
        {_, true} -> {redefine, Name};
        _ -> unknown_macros(Macros, [Name | Seen])
    end.

%% The text of a file, from a device that is open where one is given, and the encoding that it says it has.
read(Name, Options) ->
    Bytes = case proplists:get_value(fd, Options) of
                undefined -> file:read_file(Name);
                Device -> rest_of(Device, [])
            end,
    case Bytes of
        {ok, Text} ->
            Encoding = read_encoding_from_binary(Text),
            case {Encoding, proplists:get_value(default_encoding, Options, default_encoding())} of
                {none, latin1} -> {ok, unicode:characters_to_binary(Text, latin1), none};
                _ -> {ok, Text, Encoding}
            end;
        {error, _} = Error ->
            Error
    end.

rest_of(Device, Read) ->
    case file:read(Device, 65536) of
        {ok, Bytes} -> rest_of(Device, [Read, Bytes]);
        eof -> {ok, iolist_to_binary(Read)};
        {error, _} = Error -> Error
    end.

%% What is included is looked for where the file is, whatever it is called.
native_options(Name, Options) ->
    Includes = [filename:dirname(Name) | proplists:get_value(includes, Options, [])],
    Native = [Option || {Key, _} = Option <- Options, lists:member(Key, [macros, location, features])]
        ++ [{code_path, Folder} || Folder <- code:get_path()],
    case {proplists:get_value(source_name, Options), proplists:get_bool(deterministic, Options)} of
        {undefined, _} -> [{includes, proplists:get_value(includes, Options, [])} | Native];
        {Source, false} -> [{source_name, Source}, {includes, Includes} | Native];
        {Source, true} -> [{source_name, filename:basename(Source)}, {includes, Includes} | Native]
    end.

%%% Form by form.

%% @doc Opens a file for parse_erl_form/1.
-spec open([term()] | file:name()) -> {ok, pid()} | {ok, pid(), [term()]} | {error, term()}.
open([Option | _] = Options) when is_tuple(Option); is_atom(Option) ->
    case proplists:get_value(name, Options) of
        undefined -> erlang:error(badarg, [Options]);
        Name -> start(Name, proplists:delete(name, Options))
    end;
open(Name) ->
    start(Name, []).

%% @doc Opens a file for parse_erl_form/1, with a path for included files.
-spec open(file:name(), [file:name()]) -> {ok, pid()} | {error, term()}.
open(Name, Path) ->
    open(Name, Path, []).

%% @doc The same, with macros that are defined beforehand: names or {Name, Value}.
-spec open(file:name(), [file:name()], [term()]) -> {ok, pid()} | {error, term()}.
open(Name, Path, Macros) ->
    start(Name, [{includes, Path}, {macros, Macros}]).

start(Name, Options) ->
    case read_forms(Name, Options) of
        {ok, Text, Forms, Encoding} ->
            Tokens = fun() -> {ok, Tokens} = forms(Name, Text, Options, [{tokens, true}]), Tokens end,
            Macros = fun(Left) ->
                         Read = length(Forms) - length(Left),
                         {ok, Macros} = forms(Name, Text, Options, [{macros_after, Read}]),
                         Macros
                     end,
            Pid = spawn_link(fun() -> serve(Forms, {unread, Tokens}, Macros) end),
            case proplists:get_bool(extra, Options) of
                true -> {ok, Pid, [{encoding, Encoding}]};
                false -> {ok, Pid}
            end;
        {error, _} = Error ->
            Error
    end.

%% @doc The next form: {ok, Form}, {error, ErrorInfo}, {warning, ErrorInfo} or {eof, Location}.
-spec parse_erl_form(pid()) ->
          {ok, erl_parse:abstract_form()} | erl_parse:form_info().
parse_erl_form(Epp) ->
    request(Epp, next).

%% @doc The tokens of the next form: {ok, Tokens}, {error, ErrorInfo}, {warning, ErrorInfo} or {eof, Location}.
-spec scan_erl_form(pid()) ->
          {ok, erl_scan:tokens()} | {error, erl_scan:error_info()} | {warning, term()} | {eof, erl_anno:location()}.
scan_erl_form(Epp) ->
    request(Epp, tokens).

%% @doc The macros that are defined after the forms that were read: for each name undefined, a definition that is there
%% from the beginning, or those of the program by their numbers of parameters.
-spec macro_defs(pid()) -> [{{atom, atom()}, undefined | {none, erl_scan:tokens()} | [{none | arity(), term()}]}].
macro_defs(Epp) ->
    request(Epp, macros).

%% @doc Ends the process that open/1 started.
-spec close(pid()) -> ok.
close(Epp) ->
    unlink(Epp),
    Monitor = monitor(process, Epp),
    exit(Epp, kill),
    receive {'DOWN', Monitor, process, Epp, _} -> ok end.

request(Epp, What) ->
    Monitor = monitor(process, Epp),
    Epp ! {What, self(), Monitor},
    receive
        {Monitor, Answer} ->
            demonitor(Monitor, [flush]),
            Answer;
        {'DOWN', Monitor, process, Epp, Reason} ->
            exit(Reason)
    end.

%% Tokens are read when somebody asks for them; then there are as many as forms. So it is with macros. The end is given
%% as often as it is wanted.
serve([Form | Forms] = All, Tokens, Macros) ->
    Rest = case Form of
               {eof, _} -> All;
               _ -> Forms
           end,
    receive
        {next, From, Ref} ->
            From ! {Ref, form(Form)},
            serve(Rest, Tokens, Macros);
        {tokens, From, Ref} ->
            Read = case Tokens of
                       {unread, Read0} -> Read0();
                       _ -> Tokens
                   end,
            From ! {Ref, form(lists:nth(length(Read) - length(All) + 1, Read))},
            serve(Rest, Read, Macros);
        {macros, From, Ref} ->
            From ! {Ref, Macros(All)},
            serve(All, Tokens, Macros)
    end.

form({eof, _} = End) -> End;
form({error, _} = Error) -> Error;
form({warning, _} = Warning) -> Warning;
form(Form) -> {ok, Form}.

%%% Messages.

%% @doc The text of what is wrong in an error of this module.
-spec format_error(term()) -> io_lib:chars().
format_error(cannot_parse) -> "cannot parse file, giving up";
format_error({bad, What}) -> io_lib:format("badly formed '~ts'", [What]);
format_error({duplicated_argument, Name}) -> io_lib:format("argument '~ts' already used", [Name]);
format_error(missing_parenthesis) -> "badly formed define: missing closing right parenthesis";
format_error(missing_comma) -> "badly formed define: missing comma";
format_error(premature_end) -> "premature end";
format_error({call, What}) -> io_lib:format("illegal macro call '~ts'", [What]);
format_error({undefined, Macro, Arity}) -> ["undefined macro ", macro(Macro, Arity)];
format_error({circular, Macro, Arity}) -> ["circular macro ", macro(Macro, Arity)];
format_error({too_large, Macro}) -> io_lib:format("expansion of macro '~ts' is too large", [Macro]);
format_error({depth, What}) -> io_lib:format("~ts too deep", [What]);
format_error({mismatch, Macro}) -> io_lib:format("argument mismatch for macro '~ts'", [Macro]);
format_error({arg_error, Macro}) -> io_lib:format("badly formed argument for macro '~ts'", [Macro]);
format_error({redefine, Macro}) -> io_lib:format("redefining macro '~ts'", [Macro]);
format_error({redefine_predef, Macro}) -> io_lib:format("redefining predefined macro '~ts'", [Macro]);
format_error({include, Kind, Name}) -> io_lib:format("can't find include ~ts \"~ts\"", [Kind, Name]);
format_error({illegal, How, What}) -> io_lib:format("~ts '-~ts'", [How, What]);
format_error({illegal_function, Macro}) ->
    io_lib:format("?~ts can only be used within a function", [Macro]);
format_error({illegal_function_usage, Macro}) -> io_lib:format("?~ts must not begin a form", [Macro]);
format_error(elif_after_else) -> "'elif' following 'else'";
format_error({error, Term}) -> io_lib:format("-error(~tp).", [Term]);
format_error({warning, Term}) -> io_lib:format("-warning(~tp).", [Term]);
format_error({'NYI', What}) -> io_lib:format("not yet implemented '~ts'", [What]);
format_error(ftr_after_prefix) -> "feature directive not allowed after exports or record definitions";
format_error(Reason) -> file:format_error(Reason).

macro(Name, none) -> io_lib:format("'~ts'", [Name]);
macro(Name, Arity) -> io_lib:format("'~ts/~p'", [Name, Arity]).

%%% Encodings.

%% @doc The encoding of a file that says nothing.
-spec default_encoding() -> source_encoding().
default_encoding() -> utf8.

%% @doc What a file says to have an encoding.
-spec encoding_to_string(source_encoding()) -> string().
encoding_to_string(latin1) -> "coding: latin-1";
encoding_to_string(utf8) -> "coding: utf-8".

%% @doc What a file says about its encoding.
-spec read_encoding(file:name()) -> source_encoding() | none.
read_encoding(Name) ->
    read_encoding(Name, []).

%% @doc The same; with {in_comment_only, false} it need not stand in a comment.
-spec read_encoding(file:name(), [{in_comment_only, boolean()}]) -> source_encoding() | none.
read_encoding(Name, Options) ->
    case file:read_file(Name) of
        {ok, Bytes} -> read_encoding_from_binary(Bytes, Options);
        {error, _} -> none
    end.

%% @doc What the bytes of a file say about its encoding: in the first two lines.
-spec read_encoding_from_binary(binary()) -> source_encoding() | none.
read_encoding_from_binary(Bytes) ->
    read_encoding_from_binary(Bytes, []).

%% @doc The same; with {in_comment_only, false} it need not stand in a comment.
-spec read_encoding_from_binary(binary(), [{in_comment_only, boolean()}]) ->
          source_encoding() | none.
read_encoding_from_binary(Bytes, Options) ->
    Start = binary:part(Bytes, 0, min(byte_size(Bytes), ?ENCODING_BYTES)),
    Lines = lists:sublist(binary:split(Start, <<"\n">>, [global]), 2),
    case proplists:get_value(in_comment_only, Options, true) of
        true -> first_encoding([comment(Line) || Line <- Lines]);
        false -> first_encoding(Lines)
    end.

comment(Line) ->
    case binary:split(Line, <<"%">>) of
        [_, Comment] -> Comment;
        [_] -> <<>>
    end.

%% The first that is named decides, known or not.
first_encoding([]) -> none;
first_encoding([Line | Lines]) ->
    case encoding_in(Line) of
        {named, Name} -> encoding(Name);
        none -> first_encoding(Lines)
    end.

%% "coding", a colon or an equals sign, spaces, and a name.
encoding_in(Text) ->
    case binary:split(Text, <<"coding">>) of
        [_, <<Mark, Rest/binary>>] when Mark =:= $:; Mark =:= $= -> {named, name(skip_spaces(Rest), [])};
        [_, Rest] -> encoding_in(Rest);
        [_] -> none
    end.

skip_spaces(<<$\s, Rest/binary>>) -> skip_spaces(Rest);
skip_spaces(Text) -> Text.

name(<<C, Rest/binary>>, Name) when C >= $a, C =< $z; C >= $0, C =< $9; C =:= $- ->
    name(Rest, [C | Name]);
name(<<C, Rest/binary>>, Name) when C >= $A, C =< $Z ->
    name(Rest, [C - $A + $a | Name]);
name(_, Name) ->
    lists:reverse(Name).

%% What follows the number, as in utf-8-unix, is for editors.
encoding(Name) ->
    case string:lexemes(Name, "-") of
        ["latin", "1" | _] -> latin1;
        ["utf", "8" | _] -> utf8;
        _ -> none
    end.

%% @doc Makes a device read a file in the encoding that it says it has.
-spec set_encoding(file:io_device()) -> source_encoding() | none.
set_encoding(File) ->
    set_encoding(File, default_encoding()).

%% @doc The same, with the encoding for a file that says nothing; gives what it says, or none.
-spec set_encoding(file:io_device(), source_encoding()) -> source_encoding() | none.
set_encoding(File, Default) ->
    {ok, At} = file:position(File, cur),
    Found =
        case file:pread(File, At, ?ENCODING_BYTES) of
            {ok, Start} -> read_encoding_from_binary(iolist_to_binary(Start));
            eof -> none
        end,
    {ok, At} = file:position(File, {bof, At}),
    Encoding = case Found of none -> Default; _ -> Found end,
    ok = io:setopts(File, [{encoding, device_encoding(Encoding)}]),
    Found.

device_encoding(latin1) -> latin1;
device_encoding(utf8) -> unicode.

%%% Files within files.

%% @doc The forms without the -file attributes that the program has itself: lines are those of the files that were read.
-spec interpret_file_attribute([form()]) -> [form()].
interpret_file_attribute(Forms) ->
    real_lines(Forms, 0, []).

real_lines([{attribute, A, file, {File, Line}} = Form | Forms], Delta, Files) ->
    case {erl_anno:generated(A), Files} of
        {true, _} -> real_lines(Forms, erl_anno:line(A) + Delta - Line, Files);
        {false, [_, File | Outer]} -> [Form | real_lines(Forms, 0, [File | Outer])];
        {false, _} -> [Form | real_lines(Forms, 0, [File | Files])]
    end;
real_lines([Form | Forms], Delta, Files) ->
    Moved = erl_parse:map_anno(fun(A) -> erl_anno:set_line(erl_anno:line(A) + Delta, A) end, Form),
    [Moved | real_lines(Forms, Delta, Files)];
real_lines([], _Delta, _Files) ->
    [].

%%% Records with types.

%% @doc The fields of a record without their types, and with them if there are any.
-spec normalize_typed_record_fields([term()]) -> {typed, [term()]} | not_typed.
normalize_typed_record_fields(Fields) ->
    case lists:keymember(typed_record_field, 1, Fields) of
        true -> {typed, [untyped(Field) || Field <- Fields]};
        false -> not_typed
    end.

untyped({typed_record_field, Field, _Type}) -> Field;
untyped(Field) -> Field.

%% @doc The forms without what older releases kept of the types of records beside them.
-spec restore_typed_record_fields([form()]) -> [form()].
restore_typed_record_fields([{attribute, _, type, {{record, _}, _, []}} | Forms]) ->
    restore_typed_record_fields(Forms);
restore_typed_record_fields([Form | Forms]) ->
    [Form | restore_typed_record_fields(Forms)];
restore_typed_record_fields([]) ->
    [].
