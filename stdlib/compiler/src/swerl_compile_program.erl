%%% One program on its way through the compiler: from text or forms, over parse transforms, to code or
%%% a listing. Messages are gathered, not printed.
-module(swerl_compile_program).

-export([text/3, forms/2, terms/4, consult/1, assembly/3, core/3, wanted/1, message/4, format_exception/3]).

-type options() :: [compile:option()].
-type outcome() :: {ok, module(), binary(), [tuple()]} | {checked, module() | [], [tuple()]}
                 | {listing | stopped, module() | [], string(), unicode:chardata(), term(), [tuple()]}
                 | {printed, [tuple()]} | {error, [tuple()]}.

%% A program as text, from the file Source.
-spec text(file:filename(), binary(), options()) -> outcome().
text(Source, Text, Options) ->
    case lists:member(makedep_side_effect, Options) of
        true -> with_rules(Source, fun() -> program_text(Source, Text, Options) end, Options);
        false -> program_text(Source, Text, Options)
    end.

%% The rules for `make', and the program after them.
with_rules(Source, Compile, Options) ->
    case swerl_compile_makedep:rules(Source, Options) of
        {error, _} = Error ->
            Error;
        {stopped, _, Extension, Rules, _, _} ->
            File = compile:output_base(Source, Options) ++ Extension,
            case file:write_file(File, Rules) of
                ok -> Compile();
                {error, Reason} -> {error, [message(error, File, none, {compile, {write_error, Reason}})]}
            end;
        {printed, _} ->
            Compile()
    end.

program_text(Source, Text, Options) ->
    Name = unicode:characters_to_binary(Source),
    case wanted(Options) of
        code ->
            case swerl_lang:compile(Name, Text, with_code_path(Options)) of
                {transform, _, Forms} -> with_forms(code, Forms, Source, Options);
                {error, Messages} -> {error, placed(Messages, Options)};
                {ok, Module, Beam, Messages} -> checked(Module, Beam, placed(Messages, Options), Options)
            end;
        makedep ->
            swerl_compile_makedep:rules(Source, Options);
        Wanted ->
            case swerl_lang:parse_file(Name, Text, front_options(Source, Options)) of
                {ok, Forms} -> with_forms(Wanted, Forms, Source, Options);
                {error, Reason} -> {error, [message(error, Source, none, {compile, {epp, Reason}})]}
            end
    end.

front_options(Source, Options) ->
    with_code_path([{source_name, Source}, {location, {1, 1}},
                    {includes, [Dir || {i, Dir} <- Options, is_list(Dir)]},
                    {macros, lists:append([macro(Option) || Option <- Options])},
                    {features, [Name || {feature, Name, enable} <- Options]}]).

macro({d, Name}) -> [Name];
macro({d, Name, Value}) -> [{Name, Value}];
macro(_) -> [].

%% A program as forms.
-spec forms([term()], options()) -> outcome().
forms(Forms, Options0) ->
    Options = lists:keydelete(source, 1, Options0) -- [from_abstr],
    Located = case wants_columns(Options) of
                  true -> Forms;
                  false -> strip_columns(Forms)
              end,
    Source = proplists:get_value(source, Options0, ""),
    case wanted(Options) of
        makedep -> swerl_compile_makedep:rules_of_forms(Forms, Source, Options);
        Wanted -> with_forms(Wanted, Located, Source, Options)
    end.

%% A program that was kept as terms: forms, or code.
-spec terms(forms | assembly, file:filename(), [term()], options()) -> outcome().
terms(forms, Source, Forms, Options) -> forms(Forms, [{source, Source} | Options]);
terms(assembly, Source, Terms, Options) -> assembly(Source, code_of(Terms), Options).

%% Code, as the terms of a listing are: {Module, Exports, Attributes, Functions, LabelCount}.
-spec assembly(file:filename(), tuple(), options()) -> outcome().
assembly(Source, Code, Options) ->
    case swerl_lang:assemble(Code, Options, unicode:characters_to_binary(Source)) of
        {ok, Module, Beam} ->
            {ok, Module, Beam, []};
        {error, What} ->
            Crash = {crash, beam_asm, What, []},
            {error, [message(error, Source, none, {compile, Crash})]}
    end.

%% A program in Core Erlang, as text or as a tree. Messages about it have no columns.
-spec core(file:filename(), binary() | cerl:c_module(), options()) -> outcome().
core(Source, Given, Options) ->
    Transformed = case core_transforms(Options) of
                      [] -> {ok, Given};
                      Modules -> core_transform(Modules, core_tree(Given), Source, Options)
                  end,
    case Transformed of
        {ok, Program} -> core_compiled(Source, Program, Options);
        {error, _} = Error -> Error
    end.

core_compiled(Source, Program, Options) ->
    case core_native(Source, Program, Options) of
        {ok, Module, Code, Messages} ->
            Wanted = case wanted(Options) of
                         {_, _, What} = Stop when What =:= core; What =:= first_core; What =:= assembly -> Stop;
                         check -> check;
                         _ -> code
                     end,
            delivered(Wanted, Module, Code, Program, Messages, Options);
        {error, Messages} ->
            {error, [of_module(Message) || Message <- Messages]}
    end.

core_native(Source, Program, Options) ->
    Native = try
                 swerl_lang:compile_core(unicode:characters_to_binary(Source), Program, Options)
             catch
                 error:badarg:Stack ->
                     Crash = {crash, core_lint_module, badarg, Stack},
                     {error, [message(error, Source, none, {compile, Crash})]}
             end,
    placed_outcome(Native, [{error_location, line}]).

%% What is wrong with a module that could be read is told of the module, not of its file.
of_module({error, Module, none, _, {core_lint, _} = What}) ->
    message(error, unicode:characters_to_list(Module), none, What);
of_module(Message) ->
    Message.

%% The terms of a listing, gathered.
code_of(Terms) ->
    Head = fun(Tag, Default) -> proplists:get_value(Tag, Terms, Default) end,
    {Head(module, undefined), Head(exports, []), Head(attributes, []), functions(Terms), Head(labels, 0)}.

functions([{function, Name, Arity, Entry} | Terms]) ->
    {Code, Rest} = lists:splitwith(fun(Term) -> not is_head(Term) end, Terms),
    [{function, Name, Arity, Entry, Code} | functions(Rest)];
functions([_ | Terms]) ->
    functions(Terms);
functions([]) ->
    [].

is_head({function, _, _, _}) -> true;
is_head(_) -> false.

%% The terms of a file, read at once: listings are long.
-spec consult(file:filename()) -> {ok, [term()]} | {error, term()}.
consult(File) ->
    case file:read_file(File) of
        {ok, Text} -> read_terms(Text);
        {error, _} = Error -> Error
    end.

%% A program in Core Erlang, as a tree. Text with mistakes stays what it is: they are told of when it is compiled.
core_tree(Text) when is_binary(Text) ->
    case swerl_lang:core_read(Text) of
        {ok, Tree} -> Tree;
        _ -> Text
    end;
core_tree(Tree) ->
    Tree.

%% A listing, read again.
assembly_terms(Text) ->
    {ok, Terms} = read_terms(Text),
    code_of(Terms).

read_terms(Text) ->
    case erl_scan:string(unicode:characters_to_list(Text)) of
        {ok, Tokens, _} -> read_terms(Tokens, [], []);
        {error, Reason, _} -> {error, Reason}
    end.

read_terms([], [], Terms) ->
    {ok, lists:reverse(Terms)};
read_terms([], Read, _Terms) ->
    {error, {element(2, hd(Read)), erl_parse, ["syntax error before: ", []]}};
read_terms([{dot, _} = Dot | Tokens], Read, Terms) ->
    case erl_parse:parse_term(lists:reverse([Dot | Read])) of
        {ok, Term} -> read_terms(Tokens, [], [Term | Terms]);
        {error, _} = Error -> Error
    end;
read_terms([Token | Tokens], Read, Terms) ->
    read_terms(Tokens, [Token | Read], Terms).

%% What the program is compiled for; the first stop on the way counts.
-spec wanted(options()) -> code | check | makedep | {listing | stopped, string(), atom()}.
wanted(Options) ->
    Stops = [{makedep, makedep}, {dpp, {listing, ".pp", forms}}, {'P', {listing, ".P", source}},
             {to_pp, {stopped, ".P", forms}}, {dabstr, {listing, ".abstr", forms}},
             {dexp, {listing, ".expand", expanded}}, {'E', {listing, ".E", expanded_source}},
             {to_exp, {stopped, ".E", expanded}}, {dcore, {listing, ".core", first_core}},
             {to_core0, {stopped, ".core", first_core}}, {to_core, {stopped, ".core", core}},
             {basic_validation, check},
             {diffable, {listing, ".S", assembly}}, {'S', {listing, ".S", assembly}}, {to_asm, {stopped, ".S", assembly}}],
    case [Stop || {Option, Stop} <- Stops, lists:member(Option, Options)] of
        [Stop | _] -> Stop;
        [] -> code
    end.

with_forms({listing, ".pp", forms}, Forms, _Source, _Options) ->
    {listing, [], ".pp", terms(Forms), Forms, []};
%% What is no list is found where transforms are looked for.
with_forms(_Wanted, Forms, Source, _Options) when not is_list(Forms) ->
    Frame = {?MODULE, attribute_options, [Forms], []},
    {error, [message(error, Source, none, {compile, {crash, transform_module, function_clause, [Frame]}})]};
with_forms(Wanted, Forms0, Source, Options) ->
    Modules = [M || {parse_transform, M} <- Options ++ attribute_options(Forms0)],
    Forms1 = case Modules of
                 [] -> Forms0;
                 _ -> without_transforms(Forms0)
             end,
    case transform(Modules, Forms1, Source, Options, []) of
        {ok, Forms, Warnings} -> compiled(Wanted, Forms, Source, Warnings, Options);
        {error, Messages} -> {error, Messages}
    end.

%%% Parse transforms.

%% What only swerl's own modules tell each other.
is_our_own({Name, _}) -> lists:member(Name, [diagnostics, code_path, source_file]);
is_our_own(_) -> false.

attribute_options(Forms) ->
    lists:append([case Value of
                      _ when is_list(Value) -> Value;
                      _ -> [Value]
                  end || {attribute, _, compile, Value} <- Forms]).

%% They run once: their attributes go.
without_transforms(Forms) ->
    lists:append([kept(Form) || Form <- Forms]).

kept({attribute, _, compile, {parse_transform, _}}) -> [];
kept({attribute, A, compile, Options}) when is_list(Options) ->
    [{attribute, A, compile, [O || O <- Options, not is_transform(O)]}];
kept(Form) -> [Form].

is_transform({parse_transform, _}) -> true;
is_transform(_) -> false.

transform([], Forms, _Source, Options, Warnings) ->
    case not is_list(Forms) orelse wants_columns(Options) of
        true -> {ok, Forms, Warnings};
        false -> {ok, strip_columns(Forms), Warnings}
    end;
transform([Module | Modules], Forms0, Source, Options, Warnings) ->
    case code:ensure_loaded(Module) =:= {module, Module}
        andalso erlang:function_exported(Module, parse_transform, 2) of
        true ->
            Forms = case wants_columns(Options) andalso knows_columns(Module) of
                        true -> Forms0;
                        false -> strip_columns(Forms0)
                    end,
            try Module:parse_transform(Forms, [O || O <- Options, not is_our_own(O)]) of
                {error, Errors, More} ->
                    {error, messages(error, Errors) ++ Warnings ++ messages(warning, More)};
                {warning, Changed, More} ->
                    transform(Modules, Changed, Source, Options, Warnings ++ messages(warning, More));
                Changed ->
                    transform(Modules, Changed, Source, Options, Warnings)
            catch
                Class:Reason:Stack ->
                    Fault = {parse_transform, Module, {Class, Reason, Stack}},
                    {error, [message(error, Source, none, {compile, Fault})]}
            end;
        false ->
            {error, [message(error, Source, none, {compile, {undef_parse_transform, Module}})]}
    end.

%% Messages as parse transforms give them: by file.
messages(Severity, ByFile) ->
    [message(Severity, File, Location, {Module, Descriptor})
     || {File, Infos} <- ByFile, {Location, Module, Descriptor} <- located(Infos)].

located(Infos) ->
    [case Info of
         {Module, Descriptor} -> {none, Module, Descriptor};
         {_, _, _} -> Info
     end || Info <- Infos].

wants_columns(Options) ->
    proplists:get_value(error_location, Options, column) =/= line.

knows_columns(Module) ->
    not erlang:function_exported(Module, parse_transform_info, 0)
        orelse maps:get(error_location, Module:parse_transform_info(), column) =/= line.

strip_columns(Forms) ->
    [case Form of
         {eof, Location} ->
             {eof, line(Location)};
         {What, {Location, Module, Descriptor}} when What =:= error; What =:= warning ->
             {What, {line(Location), Module, Descriptor}};
         _ ->
             erl_parse:map_anno(fun(A) -> erl_anno:set_location(erl_anno:line(A), A) end, Form)
     end || Form <- Forms].

line({Line, _Column}) -> Line;
line(Line) -> Line.

%%% From forms to what is wanted.

compiled(_Wanted, Forms, Source, Warnings, _Options) when not is_list(Forms) ->
    Crash = {crash, lint_module, {bad_generator, Forms}, []},
    {error, Warnings ++ [message(error, Source, none, {compile, Crash})]};
compiled(Wanted, Forms, Source, Warnings, Options) ->
    {Program, Told} = told(Forms, Source, [], []),
    Name = unicode:characters_to_binary(named(Forms, Source)),
    Native = placed_outcome(native(Program, Source, Name, Options), Options),
    IsBroken = lists:keymember(error, 1, Told),
    case Native of
        {ok, Module, Beam, Messages} when not IsBroken ->
            case told_as_wanted(Told ++ Warnings, Options) of
                {error, More} ->
                    {error, More ++ Messages};
                {ok, More} ->
                    case through_core(Beam, Program, Source, Name, Options) of
                        {ok, Result} -> delivered(Wanted, Module, Result, Program, More ++ Messages, Options);
                        {error, Fault} -> {error, Fault ++ More ++ Messages}
                    end
            end;
        _ ->
            Messages = element(tuple_size(Native), Native),
            All = Told ++ Warnings ++ reported(Messages, IsBroken),
            case lists:member(warnings_as_errors, Options) andalso not lists:keymember(error, 1, All) of
                true -> {error, [like_error(M) || M <- Told ++ Warnings] ++ reported(Messages, IsBroken)};
                false -> {error, All}
            end
    end.

%%% Transforms of the program in Core Erlang.

core_transforms(Options) ->
    [Module || {core_transform, Module} <- Options].

%% What was compiled, or, where modules are to rewrite the program in Core Erlang, what is compiled from what they make
%% of it; that has the debug information of the source.
through_core(Beam, Forms, Source, Name, Options0) ->
    Options = attribute_options(Forms) ++ Options0,
    case core_transforms(Options) of
        [] ->
            {ok, Beam};
        Modules ->
            {ok, _, Text, _} = native(Forms, Source, Name, [to_core | Options0]),
            case core_transform(Modules, core_tree(Text), Source, Options) of
                {ok, Program} ->
                    case core_native(Source, Program, Options0) of
                        {ok, _, Result, _} -> {ok, like_compiled(Beam, Result)};
                        {error, Messages} -> {error, [of_module(Message) || Message <- Messages]}
                    end;
                {error, _} = Error ->
                    Error
            end
    end.

like_compiled(Beam, Result) ->
    case {beam_lib:all_chunks(Beam), beam_lib:all_chunks(Result)} of
        {{ok, _, Chunks}, {ok, _, Others}} ->
            {ok, Made} = beam_lib:build_module([case lists:keyfind(Name, 1, Chunks) of
                                                    Chunk when Name =:= "Dbgi" -> Chunk;
                                                    _ -> Other
                                                end || {Name, _} = Other <- Others]),
            Made;
        _ ->
            Result
    end.

core_transform([], Program, _Source, _Options) ->
    {ok, Program};
core_transform([Module | Modules], Program, Source, Options) ->
    try Module:core_transform(Program, Options) of
        Changed -> core_transform(Modules, Changed, Source, Options)
    catch
        Class:Reason:Stack ->
            Fault = {core_transform, Module, {Class, Reason, Stack}},
            {error, [message(error, Source, none, {compile, Fault})]}
    end.

%% Forms that begin with the name of a file come from there.
named([{attribute, _, file, {File, _}} | _], _) -> File;
named(_, Source) -> Source.

native(Program, Source, Name, Options) ->
    try
        swerl_lang:compile_forms(Program, with_source(Source, with_code_path(Options)), Name)
    catch
        error:badarg:Stack ->
            Crash = {crash, lint_module, badarg, Stack},
            {error, [message(error, Source, none, {compile, Crash})]}
    end.

%% Which file was read, if forms come from one.
with_source("", Options) -> Options;
with_source(Source, Options) -> Options ++ [{source_file, Source}].

%% Behaviours are looked for where code is.
with_code_path(Options) ->
    Options ++ [{code_path, Folder} || Folder <- code:get_path()].

%% What would only be found in whole programs is not told of broken ones.
reported(Messages, false) -> Messages;
reported(Messages, true) -> without_those_of([sys_core_fold, v3_core, v3_kernel], Messages).

%% The warnings that native code does not know of.
told_as_wanted(Messages, Options) ->
    case Messages =/= [] andalso lists:member(warnings_as_errors, Options) of
        true -> {error, [like_error(M) || M <- Messages]};
        false -> {ok, Messages}
    end.

%% A warning that counts as an error looks like one.
like_error({warning, File, Location, _, {Module, Descriptor}}) ->
    {error, Name, _, Text, What} = message(error, unicode:characters_to_list(File), Location, {Module, Descriptor}),
    {warning, Name, Location, Text, What}.

%% The program without what is no form of it, and that as messages.
told([{What, {Location, Module, Descriptor}} | Forms], File, Program, Told)
  when What =:= error; What =:= warning ->
    told(Forms, File, Program, [message(What, File, Location, {Module, Descriptor}) | Told]);
told([{attribute, _, file, {File, _}} = Form | Forms], _, Program, Told) ->
    told(Forms, File, [Form | Program], Told);
told([Form | Forms], File, Program, Told) ->
    told(Forms, File, [Form | Program], Told);
told([], _File, Program, Told) ->
    {lists:reverse(Program), lists:reverse(Told)}.

delivered(Wanted, Module, Beam, Program, Messages, Options) ->
    given(Wanted, Module, Beam, Program, found_before(Wanted, Messages), Options).

%% What OTP finds on the way to what is wanted: it optimises last.
found_before(code, Messages) -> Messages;
found_before({_, _, What}, Messages) when What =:= core; What =:= assembly -> Messages;
found_before({_, _, first_core}, Messages) -> without_those_of([sys_core_fold], Messages);
found_before(_, Messages) -> without_those_of([sys_core_fold, v3_core], Messages).

without_those_of(Modules, Messages) ->
    [Message || {_, _, _, _, {Module, _}} = Message <- Messages, not lists:member(Module, Modules)].

given(code, Module, Beam, _Program, Messages, Options) ->
    checked(Module, Beam, Messages, Options);
given(check, _Module, _Beam, _Program, Messages, _Options) ->
    {checked, [], Messages};
given({Kind, Extension, What}, Module, Beam, Program, Messages, Options) ->
    case What of
        forms ->
            {Kind, [], Extension, terms(Program), Program, Messages};
        source ->
            {Kind, [], Extension, source_text(Program), Program, Messages};
        expanded ->
            Expanded = erl_expand_records:module(Program, []),
            {Kind, [], Extension, terms(Expanded), Expanded, Messages};
        expanded_source ->
            Expanded = shown_variables(erl_expand_records:module(Program, [])),
            {Kind, [], Extension, source_text(Expanded), Expanded, Messages};
        _ when What =:= core; What =:= first_core ->
            Code = case lists:member(binary, Options) of
                       true -> core_tree(Beam);
                       false -> none
                   end,
            {Kind, Module, Extension, Beam, Code, Messages};
        assembly ->
            Code = case lists:member(binary, Options) of
                       true -> assembly_terms(Beam);
                       false -> none
                   end,
            {Kind, Module, Extension, Beam, Code, Messages}
    end.

checked(Module, Beam, Messages, Options) ->
    case lists:member(strong_validation, Options) of
        true -> {checked, Module, Messages};
        false -> {ok, Module, Beam, Messages}
    end.

%% The variables that the expansion of records brings in have names that are none; in a listing they get ones.
shown_variables({attribute, _, _, _} = Attribute) ->
    Attribute;
shown_variables({var, A, Name}) ->
    case atom_to_list(Name) of
        "rec" ++ Number -> {var, A, list_to_atom("REC" ++ Number)};
        _ -> {var, A, Name}
    end;
shown_variables(Form) when is_tuple(Form) -> list_to_tuple(shown_variables(tuple_to_list(Form)));
shown_variables([Form | Forms]) -> [shown_variables(Form) | shown_variables(Forms)];
shown_variables(Other) -> Other.

terms(Terms) ->
    unicode:characters_to_binary([io_lib:format("~tp.\n", [Term]) || Term <- Terms]).

%% In the encoding of the source.
source_text(Forms) ->
    Encoding = case Forms of
                   [{attribute, _, file, {Source, _}} | _] -> epp:read_encoding(Source);
                   _ -> none
               end,
    {Head, Shown, Written} = case Encoding of
                                 latin1 -> {"%% coding: latin-1\n", latin1, latin1};
                                 _ -> {"", unicode, utf8}
                             end,
    Text = [[erl_pp:form(Form, [{encoding, Shown}]), $\n] || Form <- Forms],
    unicode:characters_to_binary([Head | Text], unicode, Written).

%%% Messages.

%% Without columns, where they are not wanted.
placed_outcome({error, Messages}, Options) -> {error, placed(Messages, Options)};
placed_outcome({ok, Module, Beam, Messages}, Options) -> {ok, Module, Beam, placed(Messages, Options)}.

placed(Messages, Options) ->
    case wants_columns(Options) of
        true -> [without_unknown_column(M) || M <- Messages];
        false -> [without_column(M) || M <- Messages]
    end.

%% Forms may have lines alone.
without_unknown_column({_, _, {_, 0}, _, _} = Message) -> without_column(Message);
without_unknown_column(Message) -> Message.

without_column({Severity, File, {Line, _}, _, {Module, Descriptor}}) ->
    message(Severity, unicode:characters_to_list(File), Line, {Module, Descriptor});
without_column(Message) ->
    Message.

%% A message as the compiler's own are: {Severity, File, Location, what erlc prints, {Module, Descriptor}}.
-spec message(error | warning, file:filename(), term(), {module(), term()}) -> tuple().
message(Severity, File, Location, {Module, Descriptor}) ->
    Name = unicode:characters_to_binary(File),
    Text = unicode:characters_to_binary(format(Module, Descriptor)),
    {Severity, Name, Location, swerl_lang:message(Severity, Name, Location, Text), {Module, Descriptor}}.

format(Module, Descriptor) ->
    try Module:format_error(Descriptor)
    catch _:_ -> io_lib:format("~tp", [Descriptor])
    end.

-spec format_exception(error | exit | throw, term(), erlang:stacktrace()) -> unicode:chardata().
format_exception(Class, Reason, Stack) ->
    IsOurs = fun(Module, _, _) -> lists:member(Module, [?MODULE, init, escript, swerl_erlc]) end,
    Format = fun(Term, _) -> io_lib:format("~tp", [Term]) end,
    erl_error:format_exception(Class, Reason, Stack,
                               #{stack_trim_fun => IsOurs, format_fun => Format}).
