%%% BEAM files: what chunks there are and what is in them.
%%%
%%% A file is given by its name (with or without .beam, or a module's atom) or as a binary. Names of
%%% chunks are strings of four characters; well-known contents have atoms of their own.
-module(beam_lib).

-compile({no_auto_import, [error/2]}).

-export([info/1, chunks/2, chunks/3, all_chunks/1, build_module/1, version/1, md5/1, cmp/2,
         cmp_dirs/2, diff_dirs/2, strip/1, strip/2, strip_files/1, strip_files/2, strip_release/1,
         strip_release/2, significant_chunks/0, format_error/1, crypto_key_fun/1,
         clear_crypto_key_fun/0, get_crypto_key/1]).

-export_type([beam/0, chunkid/0, chunkname/0, chunkref/0, chunkdata/0]).

-type beam() :: module() | file:filename() | binary().
-type chunkid() :: string().
-type chunkname() :: atom().
-type chunkref() :: chunkname() | chunkid().
-type chunkdata() :: {chunkref(), term()}.

%% Reading.

%% @doc The file, the module and where the chunks are.
info(Beam) ->
    case read(Beam) of
        {ok, File, Chunks} ->
            Origin = case File of
                         _ when is_binary(File) -> {binary, File};
                         _ -> {file, File}
                     end,
            [Origin, {module, module_of(Chunks)},
             {chunks, [{Id, Pos, byte_size(Data)} || {Id, Pos, Data} <- Chunks]}];
        Error ->
            Error
    end.

%% @doc The contents of some chunks: {ok, {Module, [{Ref, Data}]}}.
chunks(Beam, Refs) -> chunks(Beam, Refs, []).

%% @doc As chunks/2; with allow_missing_chunks, what is not there is missing_chunk.
chunks(Beam, Refs, Options) ->
    Missing = lists:member(allow_missing_chunks, Options),
    case read(Beam) of
        {ok, File, Chunks} ->
            try
                {ok, {module_of(Chunks), [{Ref, content(Ref, Chunks, Missing, File)} || Ref <- Refs]}}
            catch
                throw:{beam_lib, Reason} -> {error, ?MODULE, Reason}
            end;
        Error ->
            Error
    end.

%% @doc All chunks in order: {ok, Module, [{Id, Data}]}.
all_chunks(Beam) ->
    case read(Beam) of
        {ok, _, Chunks} -> {ok, module_of(Chunks), [{Id, Data} || {Id, _, Data} <- Chunks]};
        Error -> Error
    end.

%% {ok, FileOrBinary, [{Id, Position, Data}]}.
read(Bin) when is_binary(Bin) ->
    case catch zlib_if_needed(Bin) of
        Plain when is_binary(Plain) -> parse(Plain, Bin);
        _ -> error(not_a_beam_file, Bin)
    end;
read(Name) ->
    File = file_name(Name),
    case file:read_file(File) of
        {ok, Bin} ->
            case catch zlib_if_needed(Bin) of
                Plain when is_binary(Plain) -> parse(Plain, File);
                _ -> error(not_a_beam_file, File)
            end;
        {error, Reason} ->
            {error, ?MODULE, {file_error, File, Reason}}
    end.

zlib_if_needed(<<16#1F, 16#8B, _/binary>> = Bin) -> zlib:gunzip(Bin);
zlib_if_needed(Bin) -> Bin.

file_name(Name) ->
    Text = if
               is_atom(Name) -> atom_to_list(Name);
               true -> Name
           end,
    case filename:extension(Text) of
        ".beam" -> Text;
        _ -> lists:concat([Text, ".beam"])
    end.

error(Kind, File) -> {error, ?MODULE, {Kind, File}}.

parse(<<"FOR1", _:32, "BEAM", Rest/binary>>, File) -> parse_chunks(Rest, 12, File, []);
parse(_, File) -> error(not_a_beam_file, File).

parse_chunks(<<Id:4/binary, Size:32, Rest/binary>>, Pos, File, Acc) ->
    Padded = (Size + 3) band (bnot 3),
    case Rest of
        <<Data:Size/binary, _/binary>> ->
            Left = case Rest of
                       <<_:Padded/binary, More/binary>> -> More;
                       _ -> <<>>
                   end,
            parse_chunks(Left, Pos + 8 + Padded, File, [{binary_to_list(Id), Pos + 8, Data} | Acc]);
        _ ->
            {error, ?MODULE, {chunk_too_big, File, binary_to_list(Id), Size, byte_size(Rest)}}
    end;
parse_chunks(<<>>, _, File, Acc) ->
    {ok, File, lists:reverse(Acc)};
parse_chunks(_, Pos, File, _) ->
    {error, ?MODULE, {invalid_beam_file, File, Pos}}.

find(Id, Chunks) ->
    case lists:keyfind(Id, 1, Chunks) of
        {Id, _, Data} -> Data;
        false -> none
    end.

module_of(Chunks) ->
    element(1, atom_table(Chunks)).

%% The atoms as a tuple.
atom_table(Chunks) ->
    {Data, Encoding} = case find("AtU8", Chunks) of
                           none -> {find("Atom", Chunks), latin1};
                           Utf8 -> {Utf8, utf8}
                       end,
    case Data of
        <<_:32, Atoms/binary>> -> list_to_tuple(atoms(Atoms, Encoding));
        none -> throw({beam_lib, {missing_chunk, none, "Atom"}})
    end.

atoms(<<Size:8, Name:Size/binary, Rest/binary>>, Encoding) ->
    [binary_to_atom(Name, Encoding) | atoms(Rest, Encoding)];
atoms(<<>>, _) ->
    [].

%% Contents.

content(Ref, Chunks, Missing, File) ->
    case chunk_ids(Ref) of
        unknown -> throw({beam_lib, {unknown_chunk, File, Ref}});
        Ids ->
            case [Data || Id <- Ids, Data <- [find(Id, Chunks)], Data =/= none] of
                [Data | _] ->
                    try
                        decode(Ref, Data, Chunks, File)
                    catch
                        error:_ -> throw({beam_lib, {invalid_chunk, File, hd(Ids)}})
                    end;
                [] when Ref =:= abstract_code -> no_abstract_code;
                [] when Ref =:= debug_info -> no_debug_info;
                [] when Missing -> missing_chunk;
                [] -> throw({beam_lib, {missing_chunk, if is_list(File) -> list_to_atom(File); true -> File end, hd(Ids)}})
            end
    end.

chunk_ids(Id) when is_list(Id), length(Id) =:= 4 -> [Id];
chunk_ids(atoms) -> ["AtU8", "Atom"];
chunk_ids(abstract_code) -> ["Dbgi", "Abst"];
chunk_ids(attributes) -> ["Attr"];
chunk_ids(compile_info) -> ["CInf"];
chunk_ids(debug_info) -> ["Dbgi"];
chunk_ids(documentation) -> ["Docs"];
chunk_ids(exports) -> ["ExpT"];
chunk_ids(imports) -> ["ImpT"];
chunk_ids(indexed_imports) -> ["ImpT"];
chunk_ids(labeled_exports) -> ["ExpT"];
chunk_ids(labeled_locals) -> ["LocT"];
chunk_ids(locals) -> ["LocT"];
chunk_ids(_) -> unknown.

decode(Ref, Data, Chunks, File) when Ref =:= debug_info; Ref =:= abstract_code ->
    Module = module_of(Chunks),
    case swerl_beam_lib_keys:decrypt(Data, Module, File) of
        {ok, Info} when Ref =:= debug_info -> Info;
        {ok, Info} -> abstract_code(Info, Module);
        error -> throw({beam_lib, {key_missing_or_invalid, File, Ref}})
    end;
decode(Ref, Data, Chunks, _File) ->
    decode(Ref, Data, Chunks).

decode(Id, Data, _) when is_list(Id) -> Data;
decode(atoms, _, Chunks) -> lists:enumerate(tuple_to_list(atom_table(Chunks)));
decode(attributes, Data, _) -> merged(lists:keysort(1, binary_to_term(Data)));
decode(compile_info, Data, _) -> binary_to_term(Data);
decode(documentation, Data, _) -> binary_to_term(Data);
decode(Ref, Data, Chunks) when Ref =:= exports; Ref =:= locals ->
    lists:sort([{F, A} || {F, A, _} <- functions(Data, Chunks)]);
decode(Ref, Data, Chunks) when Ref =:= labeled_exports; Ref =:= labeled_locals ->
    lists:sort(functions(Data, Chunks));
decode(imports, Data, Chunks) -> lists:sort(imports(Data, Chunks));
decode(indexed_imports, Data, Chunks) ->
    lists:sort([{I, M, F, A} || {I, {M, F, A}} <- lists:enumerate(imports(Data, Chunks))]).

abstract_code({debug_info_v1, Backend, Metadata}, Module) ->
    case Backend:debug_info(erlang_v1, Module, Metadata, []) of
        {ok, Forms} -> {raw_abstract_v1, Forms};
        {error, _} -> no_abstract_code
    end;
abstract_code(Forms, _) ->
    Forms.

%% Attributes of the same name are joined.
merged([{Name, A}, {Name, B} | Rest]) -> merged([{Name, A ++ B} | Rest]);
merged([Attribute | Rest]) -> [Attribute | merged(Rest)];
merged([]) -> [].

functions(<<_:32, Entries/binary>>, Chunks) ->
    Atoms = atom_table(Chunks),
    [{element(F, Atoms), A, L} || {F, A, L} <- triples(Entries)].

imports(<<_:32, Entries/binary>>, Chunks) ->
    Atoms = atom_table(Chunks),
    [{element(M, Atoms), element(F, Atoms), A} || {M, F, A} <- triples(Entries)].

triples(<<A:32, B:32, C:32, Rest/binary>>) -> [{A, B, C} | triples(Rest)];
triples(<<>>) -> [].

%% Writing.

%% @doc The file of chunks.
build_module(Chunks) ->
    Body = iolist_to_binary([[Id, <<(byte_size(Data)):32>>, Data, padding(byte_size(Data))]
                             || {Id, Data} <- Chunks]),
    {ok, <<"FOR1", (byte_size(Body) + 4):32, "BEAM", Body/binary>>}.

padding(Size) -> lists:duplicate((4 - Size band 3) band 3, 0).

%% @doc The chunks that the virtual machine needs.
significant_chunks() ->
    ["Line", "Type" | code_chunks()].

code_chunks() ->
    ["Atom", "AtU8", "Code", "StrT", "ImpT", "ExpT", "FunT", "LitT", "Meta"].

%% @doc A file with only the chunks that are needed to run it.
strip(Beam) -> strip(Beam, []).

%% @doc As strip/1, with further chunks kept.
strip(Beam, Keep) ->
    case all_chunks(Beam) of
        {ok, Module, Chunks} ->
            Kept = [Chunk || Wanted <- Keep ++ significant_chunks(), {Id, _} = Chunk <- Chunks, Id =:= Wanted],
            {ok, Stripped} = build_module(Kept),
            case is_binary(Beam) of
                true -> {ok, {Module, Stripped}};
                false ->
                    File = file_name(Beam),
                    case file:write_file(File, Stripped) of
                        ok -> {ok, {Module, filename:rootname(File, ".beam")}};
                        {error, Reason} -> {error, ?MODULE, {file_error, File, Reason}}
                    end
            end;
        Error ->
            Error
    end.

%% @doc Strips several files.
strip_files(Beams) -> strip_files(Beams, []).

%% @doc As strip_files/1, with further chunks kept.
strip_files(Beams, Keep) -> strip_files(Beams, Keep, []).

strip_files([Beam | Beams], Keep, Acc) ->
    case strip(Beam, Keep) of
        {ok, Stripped} -> strip_files(Beams, Keep, [Stripped | Acc]);
        Error -> Error
    end;
strip_files([], _, Acc) ->
    {ok, lists:reverse(Acc)}.

%% @doc Strips all files of a release.
strip_release(Root) -> strip_release(Root, []).

%% @doc As strip_release/1, with further chunks kept.
strip_release(Root, Keep) ->
    strip_files(filelib:wildcard(filename:join(Root, "lib/*/ebin/*.beam")), Keep).

%% Comparing.

%% @doc The versions of a module: the attribute vsn.
version(Beam) ->
    case chunks(Beam, [attributes]) of
        {ok, {Module, [{attributes, Attributes}]}} ->
            {ok, {Module, proplists:get_value(vsn, Attributes, [])}};
        Error ->
            Error
    end.

%% @doc The MD5 of what a module does, debug information and the like left out.
md5(Beam) ->
    case all_chunks(Beam) of
        {ok, Module, Chunks} ->
            Data = [without_old_uniqs(Chunk) || Id <- code_chunks(), {I, _} = Chunk <- Chunks, I =:= Id],
            {ok, {Module, erlang:md5(Data)}};
        Error ->
            Error
    end.

%% The funs of a module carry a hash of it in each entry, which does not count.
without_old_uniqs({"FunT", <<Count:4/binary, Entries/binary>>}) ->
    [Count | [[Entry, <<0:32>>] || <<Entry:20/binary, _:4/binary>> <= Entries]];
without_old_uniqs({_, Data}) ->
    Data.

%% @doc ok where two modules do the same.
cmp(Beam1, Beam2) ->
    case {all_chunks(Beam1), all_chunks(Beam2)} of
        {{ok, Module, Chunks1}, {ok, Module, Chunks2}} -> cmp_chunks(Chunks1, Chunks2);
        {{ok, Module1, _}, {ok, Module2, _}} ->
            {error, ?MODULE, {modules_different, Module1, Module2}};
        {{ok, _, _}, Error} -> Error;
        {Error, _} -> Error
    end.

%% When and how a file was compiled makes no difference.
cmp_chunks(Chunks1, Chunks2) ->
    [Sorted1, Sorted2] = [lists:keydelete("CInf", 1, lists:keysort(1, Cs)) || Cs <- [Chunks1, Chunks2]],
    case [Id || {Id, _} <- Sorted1] =:= [Id || {Id, _} <- Sorted2] of
        true ->
            case [Id || {{Id, Data1}, {Id, Data2}} <- lists:zip(Sorted1, Sorted2), Data1 =/= Data2] of
                [] -> ok;
                [Id | _] -> {error, ?MODULE, {chunks_different, Id}}
            end;
        false ->
            {error, ?MODULE, different_chunks}
    end.

%% @doc {OnlyInFirst, OnlyInSecond, Different} of the modules of two directories.
cmp_dirs(Dir1, Dir2) ->
    case {beams(Dir1), beams(Dir2)} of
        {{ok, Names1}, {ok, Names2}} ->
            Both = [Name || Name <- Names1, lists:member(Name, Names2)],
            {[filename:join(Dir1, Name) || Name <- Names1 -- Names2],
             [filename:join(Dir2, Name) || Name <- Names2 -- Names1],
             [{filename:join(Dir1, Name), filename:join(Dir2, Name)}
              || Name <- Both, cmp(filename:join(Dir1, Name), filename:join(Dir2, Name)) =/= ok]};
        {{error, _} = Error, _} -> bad_dir(Dir1, Error);
        {_, Error} -> bad_dir(Dir2, Error)
    end.

beams(Dir) ->
    case file:list_dir(Dir) of
        {ok, Names} -> {ok, lists:sort([Name || Name <- Names, filename:extension(Name) =:= ".beam"])};
        Error -> Error
    end.

bad_dir(Dir, {error, enotdir}) -> {error, ?MODULE, {not_a_directory, Dir}};
bad_dir(Dir, {error, Reason}) -> {error, ?MODULE, {file_error, Dir, Reason}}.

%% @doc Prints what cmp_dirs/2 finds.
diff_dirs(Dir1, Dir2) ->
    case cmp_dirs(Dir1, Dir2) of
        {Only1, Only2, Different} when is_list(Only1) ->
            [io:format("Only in ~tp: ~tp~n", [Dir1, filename:basename(File)]) || File <- Only1],
            [io:format("Only in ~tp: ~tp~n", [Dir2, filename:basename(File)]) || File <- Only2],
            [io:format("** different: ~tp~n", [Files]) || Files <- Different],
            ok;
        Error ->
            Error
    end.

%% Keys of encrypted debug information.

%% @doc Installs a function that gives keys. It is called with init at once, later with {debug_info, Mode, Module,
%% FileOrBinary} for a key, and with clear at its end.
crypto_key_fun(Fun) -> swerl_beam_lib_keys:install(Fun).

%% @doc Removes the function that gives keys.
clear_crypto_key_fun() -> swerl_beam_lib_keys:clear().

%% @doc The key for encrypted debug information, or error.
get_crypto_key(Wanted) -> swerl_beam_lib_keys:key(Wanted).

%% @doc The text of a reason.
format_error({error, Error}) -> format_error(Error);
format_error({error, ?MODULE, Error}) -> format_error(Error);
format_error({unknown_chunk, File, Ref}) -> text("~tp: Cannot find chunk ~tp~n", [File, Ref]);
format_error({invalid_chunk, File, Id}) -> text("~tp: Invalid contents of chunk ~tp~n", [File, Id]);
format_error({not_a_beam_file, File}) -> text("~tp: Not a BEAM file~n", [File]);
format_error({file_error, File, Reason}) ->
    text("~tp: ~tp~n", [File, file:format_error(Reason)]);
format_error({missing_chunk, File, Id}) ->
    text("~tp: Not a BEAM file: no IFF \"~s\" chunk~n", [File, Id]);
format_error({invalid_beam_file, File, Pos}) ->
    text("~tp: Invalid format of BEAM file near byte number ~tp~n", [File, Pos]);
format_error({chunk_too_big, File, Id, Size, Left}) ->
    text("~tp: Size of chunk \"~s\" is ~tp bytes, but only ~tp bytes could be read~n", [File, Id, Size, Left]);
format_error({chunks_different, Id}) ->
    text("Chunk \"~s\" differs in the two files~n", [Id]);
format_error({modules_different, Module1, Module2}) ->
    text("Module names ~tp and ~tp differ in the two files~n", [Module1, Module2]);
format_error({not_a_directory, Name}) -> text("~tp: Not a directory~n", [Name]);
format_error({key_missing_or_invalid, File, Ref}) ->
    text("~tp: Cannot decrypt ~ts because key is missing or invalid", [File, Ref]);
format_error(badfun) -> "not a fun or the fun has the wrong arity";
format_error(exists) -> "a fun has already been installed";
format_error(Other) -> text("~tp~n", [Other]).

text(Format, Args) -> io_lib:format(Format, Args).
