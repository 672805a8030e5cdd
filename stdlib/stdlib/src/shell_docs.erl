%%% The documentation of modules as text for the shell.
%%%
%%% Documentation is as EEP 48 has it: {docs_v1, Anno, Language, Format, ModuleDoc, Metadata, Docs}. Markdown is
%%% shown as it is, its paragraphs filled to the width of the terminal; trees of HTML as their text.
-module(shell_docs).

-export([render/2, render/3, render/4, render/5, render_type/2, render_type/3, render_type/4, render_type/5,
         render_callback/2, render_callback/3, render_callback/4, render_callback/5, get_doc/1, get_doc/2, get_doc/3,
         get_type_doc/3, get_callback_doc/3, supported_tags/0, validate/1, normalize/1]).

-export_type([chunk_elements/0]).

-type chunk_elements() :: [tuple() | binary()].

-define(MARGIN, 2).

%% @doc The documentation of a module.
render(Module, {docs_v1, _, _, _, ModuleDoc, _, _}) when is_atom(Module) ->
    case english(ModuleDoc) of
        none -> {error, missing};
        Doc -> ["\n\t", atom_to_list(Module), "\n\n", paragraphs(Doc), "\n"]
    end.

%% @doc The documentation of the functions of a name.
render(Module, Function, Docs) when is_atom(Module), is_atom(Function), is_tuple(Docs) ->
    entries(function, Function, any, Docs);
render(Module, {docs_v1, _, _, _, _, _, _} = Docs, _Options) ->
    render(Module, Docs).

%% @doc The documentation of a function.
render(Module, Function, Arity, Docs) when is_integer(Arity), is_tuple(Docs), is_atom(Module) ->
    entries(function, Function, Arity, Docs);
render(Module, Function, Docs, _Options) ->
    render(Module, Function, Docs).

%% @doc As render/4, with options.
render(Module, Function, Arity, Docs, _Options) -> render(Module, Function, Arity, Docs).

%% @doc The types of a module.
render_type(Module, Docs) -> listing("These types are documented in this module:", type, Module, Docs).

%% @doc The documentation of the types of a name.
render_type(_, Type, {docs_v1, _, _, _, _, _, _} = Docs) -> entries(type, Type, any, Docs);
render_type(Module, Docs, _Options) -> render_type(Module, Docs).

%% @doc The documentation of a type.
render_type(_, Type, Arity, {docs_v1, _, _, _, _, _, _} = Docs) when is_integer(Arity) -> entries(type, Type, Arity, Docs);
render_type(Module, Type, Docs, _Options) -> render_type(Module, Type, Docs).

%% @doc As render_type/4, with options.
render_type(Module, Type, Arity, Docs, _Options) -> render_type(Module, Type, Arity, Docs).

%% @doc The callbacks of a module.
render_callback(Module, Docs) -> listing("These callbacks are documented in this module:", callback, Module, Docs).

%% @doc The documentation of the callbacks of a name.
render_callback(_, Callback, {docs_v1, _, _, _, _, _, _} = Docs) -> entries(callback, Callback, any, Docs);
render_callback(Module, Docs, _Options) -> render_callback(Module, Docs).

%% @doc The documentation of a callback.
render_callback(_, Callback, Arity, {docs_v1, _, _, _, _, _, _} = Docs) when is_integer(Arity) ->
    entries(callback, Callback, Arity, Docs);
render_callback(Module, Callback, Docs, _Options) -> render_callback(Module, Callback, Docs).

%% @doc As render_callback/4, with options.
render_callback(Module, Callback, Arity, Docs, _Options) -> render_callback(Module, Callback, Arity, Docs).

listing(Title, Kind, Module, {docs_v1, _, _, _, _, _, Entries}) ->
    case [Signature || {{K, _, _}, _, [Signature | _], _, _} <- Entries, K =:= Kind] of
        [] -> ["\t", atom_to_list(Module), "\n\nThere are no ", atom_to_list(Kind), "s in this module\n"];
        Signatures -> ["\n\t", atom_to_list(Module), "\n\n  ", Title, "\n\n", [["  ", S, "\n"] || S <- Signatures], "\n"]
    end.

entries(Kind, Name, Arity, {docs_v1, _, _, _, _, _, Entries}) ->
    case [Entry || {{K, N, A}, _, _, Doc, _} = Entry <- Entries, K =:= Kind, N =:= Name,
                   Arity =:= any orelse A =:= Arity, Doc =/= hidden] of
        [] -> {error, missing_of(Kind)};
        Found -> [[entry(Entry) || Entry <- Found], "\n"]
    end.

missing_of(function) -> function_missing;
missing_of(type) -> type_missing;
%% Whatever its documentation says, OTP 25 has one word for types and callbacks.
missing_of(callback) -> type_missing.

entry({{_, Name, Arity}, _, Signatures, Doc, Metadata}) ->
    Shown = case Signatures of
                [] -> [io_lib:format("~tw/~w", [Name, Arity])];
                _ -> Signatures
            end,
    Text = case english(Doc) of
               none -> [margin(), io_lib:format("There is no documentation for ~tw/~w", [Name, Arity]), "\n"];
               English -> paragraphs(English)
           end,
    Since = [["\n", margin(), "Since: ", S, "\n"] || #{since := S} <- [Metadata]],
    [[["\n", filled(unicode:characters_to_list(Signature), ?MARGIN, ?MARGIN + 6)] || Signature <- Shown], "\n", Text, Since].

margin() -> lists:duplicate(?MARGIN, $\s).

english(#{<<"en">> := Doc}) -> Doc;
english(Doc) when is_map(Doc), map_size(Doc) > 0 -> hd(maps:values(Doc));
english(_) -> none.

%% Paragraphs are parted by empty lines; what is indented or listed stays as it is.
paragraphs(Doc) when is_binary(Doc) ->
    Blocks = re_split(unicode:characters_to_list(Doc)),
    lists:join("\n", [block(Block) || Block <- Blocks]);
paragraphs(Elements) -> paragraphs(unicode:characters_to_binary(plain(Elements))).

re_split(Text) -> [Block || Block <- string:split(Text, "\n\n", all), string:trim(Block) =/= ""].

block(Block) ->
    Lines = string:split(Block, "\n", all),
    case lists:any(fun(Line) -> is_laid_out(Line) end, Lines) of
        true -> [[margin(), Line, "\n"] || Line <- Lines];
        false -> filled(lists:append(lists:join(" ", Lines)), ?MARGIN, ?MARGIN)
    end.

is_laid_out("    " ++ _) -> true;
is_laid_out("```" ++ _) -> true;
is_laid_out("* " ++ _) -> true;
is_laid_out("- " ++ _) -> true;
is_laid_out("#" ++ _) -> true;
is_laid_out("|" ++ _) -> true;
is_laid_out(_) -> false.

%% The words in lines of the width of the terminal.
filled(Text, First, Others) ->
    Width = case io:columns() of
                {ok, Columns} -> Columns;
                _ -> 80
            end,
    lines(string:lexemes(Text, " \n"), lists:duplicate(First, $\s), First, Others, Width - 2).

lines([Word | Words], Line, Column, Others, Width) ->
    Length = string:length(Word),
    Space = case lists:all(fun(C) -> C =:= $\s end, Line) of
                true -> "";
                false -> " "
            end,
    case Column + length(Space) + Length > Width andalso Space =/= "" of
        true -> [Line, "\n" | lines([Word | Words], lists:duplicate(Others, $\s), Others, Others, Width)];
        false -> lines(Words, Line ++ Space ++ Word, Column + length(Space) + Length, Others, Width)
    end;
lines([], Line, _, _, _) -> [Line, "\n"].

%% The text of a tree of HTML.
plain(Text) when is_binary(Text) -> Text;
plain([]) -> "";
plain(List) when is_list(List) -> [plain(Element) || Element <- List];
plain({Tag, _, Content}) when Tag =:= p; Tag =:= 'div'; Tag =:= pre; Tag =:= dl; Tag =:= ul; Tag =:= ol ->
    [plain(Content), "\n\n"];
plain({Tag, _, Content}) when Tag =:= li; Tag =:= dt -> ["* ", plain(Content), "\n"];
plain({br, _, _}) -> "\n";
plain({_, _, Content}) -> plain(Content).

%% @doc What a module says of itself.
get_doc(Module) ->
    {ok, {docs_v1, _, _, _, ModuleDoc, _, _}} = code:get_doc(Module),
    english(ModuleDoc).

%% @doc What is said of the functions of a name.
get_doc(Module, Function) -> found(Module, function, Function, any).

%% @doc What is said of a function.
get_doc(Module, Function, Arity) -> found(Module, function, Function, Arity).

%% @doc What is said of a type.
get_type_doc(Module, Type, Arity) -> found(Module, type, Type, Arity).

%% @doc What is said of a callback.
get_callback_doc(Module, Callback, Arity) -> found(Module, callback, Callback, Arity).

found(Module, Kind, Name, Arity) ->
    {ok, {docs_v1, _, _, _, _, _, Entries}} = code:get_doc(Module),
    [{Key, Anno, Signatures, english(Doc), Metadata}
     || {{K, N, A} = Key, Anno, Signatures, Doc, Metadata} <- Entries, K =:= Kind, N =:= Name,
        Arity =:= any orelse A =:= Arity].

%% @doc The tags of HTML that are shown.
supported_tags() -> [a, p, 'div', br, h1, h2, h3, h4, h5, h6, i, b, em, strong, pre, code, ul, ol, li, dl, dt, dd].

%% @doc What is wrong with documentation: warnings and errors.
validate(Module) when is_atom(Module) ->
    {ok, Docs} = code:get_doc(Module),
    validate(Docs);
validate({docs_v1, _, _, _, _, _, Entries}) when is_list(Entries) ->
    #{warnings => [], errors => [Entry || Entry <- Entries, not is_entry(Entry)]}.

is_entry({{Kind, Name, Arity}, _, Signatures, _, Metadata}) ->
    is_atom(Kind) andalso is_atom(Name) andalso is_integer(Arity) andalso is_list(Signatures) andalso is_map(Metadata);
is_entry(_) -> false.

%% @doc A tree of HTML without needless space.
normalize(Elements) when is_list(Elements) ->
    [Element || Element <- [normalize(E) || E <- Elements], Element =/= <<>>];
normalize({Tag, Attributes, Content}) -> {Tag, Attributes, normalize(Content)};
normalize(Text) when is_binary(Text) -> unicode:characters_to_binary(lists:join(" ", string:lexemes(Text, " \n\t"))).
