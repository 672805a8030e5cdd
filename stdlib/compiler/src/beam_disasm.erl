%%% BEAM files taken apart: their functions as lists of instructions. Native code reads the instructions.
-module(beam_disasm).

-export([file/1, format_error/1, function__code/1]).

-type index() :: non_neg_integer().
-type instruction() :: atom() | tuple().
-type function_code() :: {function, atom(), arity(), index(), [instruction()]}.
-type beam_file() :: {beam_file, module(), [{atom(), arity(), index()}], list(), list(), [function_code()]}.

%% The code of a BEAM file, given by its name or as it is.
-spec file(file:filename() | binary()) -> beam_file() | {error, module(), term()}.
file(File) ->
    try
        disassemble(File)
    catch
        error:Reason:Stack -> {error, ?MODULE, {internal, {Reason, Stack}}}
    end.

disassemble(File) ->
    case beam_lib:chunks(File, [atoms, "Code", "StrT", indexed_imports, labeled_exports]) of
        {ok, {Module, [_, _, _, _, {_, Exports}]}} ->
            {ok, _, Chunks} = beam_lib:all_chunks(File),
            {ok, Beam} = beam_lib:build_module(Chunks),
            Attributes = case proplists:is_defined("Attr", Chunks) of
                             true -> element(2, hd(chunks(File, attributes)));
                             false -> []
                         end,
            Information = case proplists:get_value("CInf", Chunks) of
                              undefined -> [];
                              Chunk -> binary_to_term(Chunk)
                          end,
            case swerl_lang:disassemble(Beam) of
                {ok, Functions} -> {beam_file, Module, Exports, Attributes, Information, Functions};
                {error, Reason} -> {error, ?MODULE, {internal, Reason}}
            end;
        {error, beam_lib, Reason} ->
            {error, beam_lib, Reason}
    end.

chunks(File, Name) ->
    {ok, {_, Chunks}} = beam_lib:chunks(File, [Name]),
    Chunks.

%% A reason for which a file was not taken apart, in words.
-spec format_error({internal, term()} | {error, module(), term()}) -> iolist().
format_error({internal, Reason}) ->
    io_lib:format("~p: disassembly failed with reason ~p.", [?MODULE, Reason]);
format_error({error, Module, Reason}) ->
    lists:flatten(Module:format_error(Reason)).

-spec function__code(function_code()) -> [instruction()].
function__code({function, _Name, _Arity, _Entry, Code}) -> Code.
