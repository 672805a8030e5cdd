%%% file_sorter: terms in files, sorted and merged.
%%%
%%% What is read is sorted in pieces of a limited size; if there is more than one, they wait in temporary
%%% files, which are then merged, a limited number at a time. So files may be larger than memory.
-module(file_sorter).

-export([sort/1, sort/2, sort/3, keysort/2, keysort/3, keysort/4, merge/2, merge/3, keymerge/3,
         keymerge/4, check/1, check/2, keycheck/2, keycheck/3]).

%%   key       positions in tuples that are compared, or all of the term
%%   order     ascending | descending | fun((A, B) -> boolean())
%%   size      bytes that are sorted at once
%%   no_files  files that are merged at once
-record(how, {key = all, order = ascending, unique = false, format = binary_term, header = 4,
              compressed = false, size = 524288, no_files = 16, tmpdir = ""}).

%% A source of {Term, Object}, the object being what stands in a file: {Term, Object, Rest} or none. Of files
%% the number of the term and what was read ahead are known too.
-record(source, {file, device, number = 0, read = <<>>, how}).

%% Bytes that are read and written at once.
-define(BLOCK, 65536).

%%% Sorting.

%% @doc Sorts the terms of a file in place.
sort(File) -> sort([File], File).

%% @doc Sorts the terms of files, or of an input function, into a file or to an output function.
sort(Input, Output) -> sort(Input, Output, []).

%% @doc The same, with options: order, unique, format, header, compressed, size, no_files and tmpdir.
%% Gives ok or {error, Reason}; fails with badarg for bad arguments.
sort(Input, Output, Options) -> run(sort, all, Input, Output, Options, [Input, Output, Options]).

%% @doc Sorts the tuples of a file in place by an element, or by a list of them.
keysort(Key, File) -> keysort(Key, [File], File).

%% @doc Sorts the tuples of files, or of an input function, by one or more elements; to a file or an output function.
keysort(Key, Input, Output) -> keysort(Key, Input, Output, []).

%% @doc The same, with the options of sort/3.
keysort(Key, Input, Output, Options) ->
    run(sort, Key, Input, Output, Options, [Key, Input, Output, Options]).

%% @doc Merges the terms of files that are sorted into one file or to an output function.
merge(Files, Output) -> merge(Files, Output, []).

%% @doc The same, with the options of sort/3.
merge(Files, Output, Options) -> run(merge, all, Files, Output, Options, [Files, Output, Options]).

%% @doc Merges the tuples of files that are sorted by one or more elements into one file or to an output function.
keymerge(Key, Files, Output) -> keymerge(Key, Files, Output, []).

%% @doc The same, with the options of sort/3.
keymerge(Key, Files, Output, Options) ->
    run(merge, Key, Files, Output, Options, [Key, Files, Output, Options]).

run(What, Key, Input, Output, Options, Args) ->
    check_input(What, Input, Args),
    How = how(Key, Options, Args),
    is_function(Output, 1) orelse is_file_name(Output) orelse error({badarg, Output}, Args),
    try
        run(What, Input, Output, placed(Output, How))
    catch
        throw:{file_sorter, Result} ->
            _ = [close_function(Fun) || Fun <- [Input, Output], is_function(Fun, 1)],
            Result
    end.

run(sort, Input, Output, How) ->
    {Pieces, Value} = pieces(Input, How),
    merged(Pieces, Output, Value, How);
run(merge, Files, Output, How) ->
    merged([{keep, File, How} || File <- Files], Output, none, How).

%% A function that is told that there is nothing more to do.
close_function(Fun) -> catch Fun(close).

how(Key, Options, Args) ->
    case is_key(Key) of
        true -> options(case is_list(Options) of true -> Options; false -> [Options] end,
                        #how{key = Key}, Args);
        false -> error({badarg, Key}, Args)
    end.

is_key(all) -> true;
is_key(Key) when is_integer(Key) -> Key > 0;
is_key([_ | _] = Keys) -> lists:all(fun(K) -> is_integer(K) andalso K > 0 end, Keys);
is_key(_) -> false.

check_input(_, Files, Args) when is_list(Files) ->
    case [File || File <- Files, not is_file_name(File)] of
        [] -> ok;
        [Bad | _] -> error({badarg, Bad}, Args)
    end;
check_input(sort, Fun, _) when is_function(Fun, 1) -> ok;
check_input(_, Bad, Args) -> error({badarg, Bad}, Args).

is_file_name(Name) when is_atom(Name); is_binary(Name) -> true;
is_file_name([_ | _] = Name) -> io_lib:deep_char_list(Name) orelse is_list(catch filename:flatten(Name));
is_file_name(_) -> false.

options([{order, Order} | _], #how{key = Key}, Args) when is_function(Order), Key =/= all ->
    error({badarg, order}, Args);
options([{order, Order} | Rest], How, Args)
  when Order =:= ascending; Order =:= descending; is_function(Order, 2) ->
    options(Rest, How#how{order = Order}, Args);
options([{unique, Unique} | Rest], How, Args) when is_boolean(Unique) ->
    options(Rest, How#how{unique = Unique}, Args);
options([unique | Rest], How, Args) ->
    options(Rest, How#how{unique = true}, Args);
options([{format, Format} | Rest], How, Args)
  when Format =:= binary; Format =:= term; Format =:= binary_term; is_function(Format, 1) ->
    options(Rest, How#how{format = Format}, Args);
options([{header, Header} | Rest], How, Args) when is_integer(Header), Header > 0 ->
    options(Rest, How#how{header = Header}, Args);
options([{compressed, Compressed} | Rest], How, Args) when is_boolean(Compressed) ->
    options(Rest, How#how{compressed = Compressed}, Args);
options([{no_files, Number} | Rest], How, Args) when is_integer(Number), Number > 1 ->
    options(Rest, How#how{no_files = Number}, Args);
options([{size, Size} | Rest], How, Args) when is_integer(Size), Size >= 0 ->
    options(Rest, How#how{size = Size}, Args);
options([{tmpdir, Dir} | Rest], How, Args) when is_list(Dir); is_atom(Dir); is_binary(Dir) ->
    options(Rest, How#how{tmpdir = Dir}, Args);
options([], How, _Args) ->
    How;
options([Option | _], _How, Args) ->
    error({badarg, Option}, Args).

%% Temporary files stand beside the output unless a folder is given.
placed(Output, #how{tmpdir = ""} = How) when is_function(Output) -> How#how{tmpdir = "."};
placed(Output, #how{tmpdir = ""} = How) -> How#how{tmpdir = filename:dirname(Output)};
placed(_, How) -> How.

%%% Order.

in_order(A, B, #how{order = Order, key = Key}) ->
    {X, Y} = {compared(A, Key), compared(B, Key)},
    case Order of
        ascending -> X =< Y;
        descending -> X >= Y;
        _ -> Order(X, Y)
    end.

compared(Term, all) -> Term;
compared(Term, Key) when is_integer(Key) -> element(Key, Term);
compared(Term, Keys) -> [element(Key, Term) || Key <- Keys].

%% Sorted; of terms that are equal in a descending order the last comes first, unless it is the only one.
sorted(Pairs, #how{order = descending} = How) ->
    lists:reverse(sorted(Pairs, How#how{order = ascending}));
sorted(Pairs, How) ->
    distinct(sort_pairs(Pairs, How), How).

sort_pairs(Pairs, How) -> lists:sort(fun({A, _}, {B, _}) -> in_order(A, B, How) end, Pairs).

%% Of terms that are equal in the order the first stays.
distinct(Pairs, #how{unique = false}) -> Pairs;
distinct([First | Pairs], How) -> [First | distinct_after(First, Pairs, How)];
distinct([], _How) -> [].

distinct_after({Last, _} = Kept, [{Term, _} = Pair | Pairs], How) ->
    case in_order(Term, Last, How) of
        true -> distinct_after(Kept, Pairs, How);
        false -> [Pair | distinct_after(Pair, Pairs, How)]
    end;
distinct_after(_Last, [], _How) ->
    [].

%%% Input.

%% Sorted pieces of what is read, in their order, and what an input function answers with at its end. A piece
%% is a list or a temporary file.
pieces(Files, How) when is_list(Files) ->
    collect({files, Files, none}, [], 0, [], How);
pieces(Fun, How) ->
    collect({function, Fun, []}, [], 0, [], How).

collect(From, Pairs, Size, Pieces, #how{size = Limit} = How) ->
    case next_object(From, How) of
        {Term, Object, Next} when Size < Limit ->
            collect(Next, [{Term, Object} | Pairs], Size + object_size(Object), Pieces, How);
        {Term, Object, Next} ->
            collect(Next, [{Term, Object}], object_size(Object), [stored(Pairs, How) | Pieces], How);
        {done, Value} when Pieces =:= [] ->
            {[{list, sorted(lists:reverse(Pairs), How)}], Value};
        {done, Value} ->
            {lists:reverse(Pieces, [stored(Pairs, How)]), Value}
    end.

object_size(Object) when is_binary(Object) -> byte_size(Object);
object_size({term, Term}) -> erlang:external_size(Term).

stored(Pairs, How) ->
    write_temporary(sorted(lists:reverse(Pairs), How), How).

next_object({files, [], none}, _) ->
    {done, none};
next_object({files, [File | Files], none}, How) ->
    next_object({files, Files, open(File, How)}, How);
next_object({files, Files, Source}, How) ->
    case next(Source) of
        {Term, Object, Source1} -> {Term, Object, {files, Files, Source1}};
        none -> next_object({files, Files, none}, How)
    end;
next_object({function, Fun, [Object | Objects]}, How) ->
    {Term, Kept} = from_function(Object, How),
    {Term, Kept, {function, Fun, Objects}};
next_object({function, Fun, []}, How) ->
    case Fun(read) of
        end_of_input -> {done, none};
        {end_of_input, Value} -> {done, {value, Value}};
        {Objects, Next} when is_list(Objects), is_function(Next, 1) -> next_object({function, Next, Objects}, How);
        {error, _} = Error -> throw({file_sorter, Error});
        Bad -> throw({file_sorter, Bad})
    end.

from_function(Term, #how{format = term}) -> {Term, {term, Term}};
from_function(Object, How) when is_binary(Object) ->
    try {term(Object, How), Object}
    catch error:_ -> throw({file_sorter, {error, bad_object}})
    end;
from_function(_, _) ->
    throw({file_sorter, {error, bad_object}}).

%% The term of an object, which has what it is sorted by.
term(Object, #how{key = Key} = How) ->
    Term = decoded(Object, How),
    _ = compared(Term, Key),
    Term.

decoded(Object, #how{format = binary}) -> Object;
decoded(Object, #how{format = Format}) when is_function(Format) -> Format(Object);
decoded(Object, _How) -> binary_to_term(Object).

%%% Files.

open(File, #how{format = Format} = How) ->
    Modes = case Format of
                term -> [read];
                _ -> [read, raw, binary | [compressed || is_compressed(File)]]
            end,
    case file:open(File, Modes) of
        {ok, Device} -> #source{file = File, device = Device, how = How};
        {error, Reason} -> throw({file_sorter, {error, {file_error, filename:absname(File), Reason}}})
    end.

is_compressed(File) ->
    case file:open(File, [read, raw, binary]) of
        {ok, Device} ->
            First = file:read(Device, 2),
            ok = file:close(Device),
            First =:= {ok, <<16#1f, 16#8b>>};
        {error, _} -> false
    end.

%% The next term and object of a file, which is closed behind the last.
next(#source{device = Device, how = #how{format = term}} = Source) ->
    case io:read(Device, '') of
        {ok, Term} -> {Term, {term, Term}, one_more(Source)};
        eof -> file:close(Device), none;
        {error, Reason} -> failed(Source, {bad_term, Reason})
    end;
next(#source{device = Device, read = Read, how = #how{header = Header} = How} = Source) ->
    case Read of
        <<Size:Header/unit:8, Object:Size/binary, Rest/binary>> ->
            try term(Object, How) of
                Term -> {Term, Object, one_more(Source#source{read = Rest})}
            catch
                error:_ -> failed(Source, bad_object)
            end;
        _ ->
            case file:read(Device, max(?BLOCK, missing(Read, Header))) of
                {ok, More} -> next(Source#source{read = <<Read/binary, More/binary>>});
                eof when Read =:= <<>> -> file:close(Device), none;
                eof -> failed(Source, premature_eof);
                {error, Reason} -> failed(Source, {file_error, Reason})
            end
    end.

%% So many bytes of an object have not been read.
missing(Read, Header) ->
    case Read of
        <<Size:Header/unit:8, Part/binary>> -> Size - byte_size(Part);
        _ -> Header
    end.

one_more(#source{number = Number} = Source) -> Source#source{number = Number + 1}.

failed(#source{file = File, device = Device}, What) ->
    file:close(Device),
    Name = filename:absname(File),
    throw({file_sorter, {error, case What of
                                    {file_error, Reason} -> {file_error, Name, Reason};
                                    {bad_term, _} -> {bad_term, Name};
                                    _ -> {What, Name}
                                end}}).

%%% Merging.

%% Pieces are {list, Pairs}, {drop, File, How}, a temporary file, or {keep, File, How}.
merged(Pieces, Output, Value, #how{no_files = Most} = How) when length(Pieces) > Most ->
    {Now, Later} = lists:split(Most, Pieces),
    Names = [File || {drop, File, _} <- Now],
    Piece = write_temporary(source(Now, How), How),
    lists:foreach(fun file:delete/1, Names),
    merged(Later ++ [Piece], Output, Value, How);
merged(Pieces, Output, Value, How) ->
    try
        output(Output, source(Pieces, How), Value, How)
    after
        [file:delete(File) || {drop, File, _} <- Pieces]
    end.

%% All objects of the pieces in order: a list, or a fun that gives {Pair, Fun} or none.
source([{list, Pairs}], _) -> Pairs;
source(Pieces, How) ->
    Heads = lists:foldl(fun({Number, Piece}, Heads) -> insert(Number, start(Piece), Heads, How) end, [],
                        lists:zip(lists:seq(1, length(Pieces)), Pieces)),
    fun() -> next_merged(Heads, none, How) end.

start({list, Pairs}) -> Pairs;
start({_, File, How}) -> open(File, How).

next_merged([], _, _) ->
    none;
next_merged([{Number, {Term, _} = Pair, Rest} | Heads], Last, #how{unique = Unique} = How) ->
    Heads1 = insert(Number, Rest, Heads, How),
    case Last of
        {Before, _} when Unique ->
            case in_order(Term, Before, How) of
                true -> next_merged(Heads1, Last, How);
                false -> {Pair, fun() -> next_merged(Heads1, Pair, How) end}
            end;
        _ ->
            {Pair, fun() -> next_merged(Heads1, Pair, How) end}
    end.

%% The first object of a source among those of the others. Equal ones stand by the numbers of their
%% sources, the other way round in a descending order.
insert(Number, Source, Heads, How) ->
    case Source of
        [Pair | Rest] -> insert_head({Number, Pair, Rest}, Heads, How);
        [] -> Heads;
        #source{} ->
            case next(Source) of
                {Term, Object, Rest} -> insert_head({Number, {Term, Object}, Rest}, Heads, How);
                none -> Heads
            end
    end.

insert_head({Number, {Term, _}, _} = Head, [{OtherNumber, {Other, _}, _} = First | Heads] = All, How) ->
    Early = case How of
                #how{order = descending, unique = false} -> Number > OtherNumber;
                _ -> Number < OtherNumber
            end,
    Before = in_order(Term, Other, How) andalso (Early orelse not in_order(Other, Term, How)),
    case Before of
        true -> [Head | All];
        false -> [First | insert_head(Head, Heads, How)]
    end;
insert_head(Head, [], _) ->
    [Head].

%%% Output.

%% What a source gives, block by block.
blocks(Pairs, How, Write, State) when is_list(Pairs) ->
    blocks(fun() -> from_list(Pairs) end, How, Write, State);
blocks(Source, How, Write, State) ->
    blocks(Source(), [], 0, How, Write, State).

blocks({{_, Object}, Next}, Objects, Size, How, Write, State) when Size < ?BLOCK ->
    blocks(Next(), [Object | Objects], Size + object_size(Object), How, Write, State);
blocks(none, [], _, _, _, State) ->
    State;
blocks(none, Objects, _, _, Write, State) ->
    Write(lists:reverse(Objects), State);
blocks(More, Objects, _, How, Write, State) ->
    blocks(More, [], 0, How, Write, Write(lists:reverse(Objects), State)).

from_list([Pair | Pairs]) -> {Pair, fun() -> from_list(Pairs) end};
from_list([]) -> none.

write_temporary(Source, #how{tmpdir = Dir} = How) ->
    Name = lists:concat(["fs_", os:getpid(), "_", erlang:unique_integer([positive])]),
    File = filename:join(Dir, Name),
    %% Terms are kept as they go to other nodes, whatever the format of the files.
    Inner = case How#how.format of
                term -> How#how{format = binary_term, header = 4, compressed = false};
                _ -> How#how{compressed = false}
            end,
    case write_file(File, Source, Inner) of
        ok -> {drop, File, Inner};
        Error -> throw({file_sorter, Error})
    end.

output(Fun, Source, Value, How) when is_function(Fun, 1) ->
    Start = case Value of
                {value, _} -> Fun(Value);
                none -> Fun
            end,
    Write = fun(Objects, Next) when is_function(Next, 1) -> Next([plain(Object, How) || Object <- Objects]);
               (_, Stopped) -> Stopped
            end,
    case blocks(Source, How, Write, Start) of
        Close when is_function(Close, 1) -> Close(close);
        Result -> Result
    end;
output(File, Source, _Value, How) ->
    write_file(File, Source, How).

plain({term, Term}, _) -> Term;
plain(Object, #how{format = term}) -> binary_to_term(Object);
plain(Object, _) -> Object.

write_file(File, Source, #how{compressed = Compressed} = How) ->
    %% What is written may be read still.
    Temporary = lists:concat([case is_binary(File) of true -> binary_to_list(File); false -> File end, ".fs_tmp"]),
    case file:open(Temporary, [write, raw, binary, delayed_write | [compressed || Compressed]]) of
        {ok, Device} ->
            Write = fun(Objects, ok) -> file:write(Device, [framed(Object, How) || Object <- Objects]);
                       (_, Error) -> Error
                    end,
            Written = try blocks(Source, How, Write, ok)
                      catch throw:Thrown -> file:close(Device), file:delete(Temporary), throw(Thrown)
                      end,
            Closed = file:close(Device),
            Results = [Written, Closed, file:rename(Temporary, File)],
            case [Reason || {error, Reason} <- Results] of
                [] -> ok;
                [Reason | _] -> {error, {file_error, filename:absname(File), Reason}}
            end;
        {error, Reason} ->
            {error, {file_error, filename:absname(File), Reason}}
    end.

framed(Object, #how{format = term}) ->
    unicode:characters_to_binary(io_lib:format("~tp.~n", [plain(Object, #how{format = term})]));
framed({term, Term}, How) ->
    framed(term_to_binary(Term), How);
framed(Object, #how{header = Header}) ->
    <<(byte_size(Object)):Header/unit:8, Object/binary>>.

%%% Checking.

%% @doc Looks whether a file is sorted: {ok, []} if it is.
check(File) -> check([File], []).

%% @doc Looks whether files are sorted, with the options of sort/3: {ok, Faults}, where a fault is the first term of a
%% file that is out of order, as {File, Number, Term}.
check(Files, Options) -> checked(all, Files, Options, [Files, Options]).

%% @doc As check/1, by one or more elements of tuples.
keycheck(Key, File) -> keycheck(Key, [File], []).

%% @doc As check/2, by one or more elements of tuples.
keycheck(Key, Files, Options) -> checked(Key, Files, Options, [Key, Files, Options]).

checked(Key, Files, Options, Args) ->
    How = how(Key, Options, Args),
    check_input(merge, Files, Args),
    try
        {ok, lists:flatmap(fun(File) -> disorder(none, open(File, How), How) end, Files)}
    catch
        throw:{file_sorter, Result} -> Result
    end.

%% The first term of a file that is not in order: [{File, Number, Term}].
disorder(Last, Source, #how{unique = Unique} = How) ->
    case next(Source) of
        {Term, _, Rest} ->
            Ordered = case Last of
                          none -> true;
                          {Before} -> in_order(Before, Term, How) andalso not (Unique andalso in_order(Term, Before, How))
                      end,
            case Ordered of
                true -> disorder({Term}, Rest, How);
                false ->
                    file:close(Rest#source.device),
                    [{filename:absname(Rest#source.file), Rest#source.number, Term}]
            end;
        none ->
            []
    end.
