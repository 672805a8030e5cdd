%%% Reads wrap logs of disk_log that are open elsewhere, or closed.
-module(wrap_log_reader).

-export([open/1, open/2, chunk/1, chunk/2, close/1]).

-export_type([continuation/0]).

%% file: the number that is read; rest: the numbers that come after it; offset: what was read of it.
-record(wrap_reader, {name, file, rest = [], offset = 8}).

-opaque continuation() :: #wrap_reader{}.

%% @doc Opens all files of a log.
-spec open(atom() | file:filename()) -> {ok, continuation()} | {error, term()}.
open(File) ->
    case index(File) of
        {ok, Current, Counts} ->
            Numbers = lists:seq(1, length(Counts)),
            Used = [N || {N, Count} <- lists:zip(Numbers, Counts), Count > 0 orelse N =:= Current],
            {Before, After} = lists:partition(fun(N) -> N =< Current end, Used),
            case After ++ Before of
                [First | Rest] -> {ok, #wrap_reader{name = name(File), file = First, rest = Rest}};
                [] -> {error, {file_not_found, name(File)}}
            end;
        Error -> Error
    end.

%% @doc Opens one file of a log.
-spec open(atom() | file:filename(), integer()) -> {ok, continuation()} | {error, term()}.
open(File, N) ->
    Name = name(File) ++ "." ++ integer_to_list(N),
    case filelib:is_regular(Name) of
        true -> {ok, #wrap_reader{name = name(File), file = N}};
        false -> {error, {file_not_found, Name}}
    end.

name(File) when is_atom(File) -> atom_to_list(File);
name(File) -> File.

index(File) ->
    case file:read_file(name(File) ++ ".idx") of
        {ok, <<0:32, 0, 2, Current:32, Counts/binary>>} -> {ok, Current, [N || <<N:64>> <= Counts]};
        {ok, _} -> {error, {not_a_log_file, name(File) ++ ".idx"}};
        {error, _} -> {error, {index_file_not_found, name(File)}}
    end.

%% @doc Some terms.
-spec chunk(continuation()) -> {continuation(), [term()]} | {continuation(), eof} | {error, term()}.
chunk(Continuation) -> chunk(Continuation, infinity).

%% @doc As chunk/1, so many at most.
-spec chunk(continuation(), infinity | pos_integer()) ->
          {continuation(), [term()]} | {continuation(), eof} | {error, term()}.
chunk(#wrap_reader{name = Name, file = N, rest = Rest, offset = Offset} = Reader, Most) ->
    case file:read_file(Name ++ "." ++ integer_to_list(N)) of
        {ok, <<1, 2, 3, 4, _:4/binary, _/binary>> = Bytes} ->
            <<_:Offset/binary, Left/binary>> = Bytes,
            {All, Behind} = swerl_disk_log_process:terms(Left),
            Terms = case Most of
                        infinity -> All;
                        _ -> lists:sublist(All, Most)
                    end,
            case {Terms, Rest} of
                {[], []} -> {Reader, eof};
                {[], [Next | Later]} -> chunk(Reader#wrap_reader{file = Next, rest = Later, offset = 8}, Most);
                _ when length(Terms) =:= length(All) ->
                    {Reader#wrap_reader{offset = byte_size(Bytes) - byte_size(Behind)}, [binary_to_term(T) || T <- Terms]};
                _ ->
                    Size = lists:sum([byte_size(T) + 8 || T <- Terms]),
                    {Reader#wrap_reader{offset = Offset + Size}, [binary_to_term(T) || T <- Terms]}
            end;
        {ok, _} -> {error, {not_a_log_file, Name}};
        {error, Reason} -> {error, {file_error, Name, Reason}}
    end.

%% @doc Ends reading.
-spec close(continuation()) -> ok | {error, term()}.
close(#wrap_reader{}) -> ok.
