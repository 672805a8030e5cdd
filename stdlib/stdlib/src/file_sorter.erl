%%% file_sorter: terms in files, sorted and merged.
%%%
%%% The terms of the input are sorted in memory; those that the order calls equal
%%% keep theirs.
-module(file_sorter).

-export([sort/1, sort/2, sort/3, keysort/2, keysort/3, keysort/4, merge/2, merge/3, keymerge/3,
         keymerge/4, check/1, check/2, keycheck/2, keycheck/3]).

%%   key     positions in tuples that are compared, or all of the term
%%   order   ascending | descending | fun((A, B) -> boolean())
-record(how, {key = all, order = ascending, unique = false, format = binary_term, header = 4,
              compressed = false}).

%%% Sorting.

sort(File) -> sort([File], File).

sort(Input, Output) -> sort(Input, Output, []).

sort(Input, Output, Options) -> run(sort, all, Input, Output, Options, [Input, Output, Options]).

keysort(Key, File) -> keysort(Key, [File], File).

keysort(Key, Input, Output) -> keysort(Key, Input, Output, []).

keysort(Key, Input, Output, Options) ->
    run(sort, Key, Input, Output, Options, [Key, Input, Output, Options]).

merge(Files, Output) -> merge(Files, Output, []).

merge(Files, Output, Options) -> run(merge, all, Files, Output, Options, [Files, Output, Options]).

keymerge(Key, Files, Output) -> keymerge(Key, Files, Output, []).

keymerge(Key, Files, Output, Options) ->
    run(merge, Key, Files, Output, Options, [Key, Files, Output, Options]).

run(What, Key, Input, Output, Options, Args) ->
    How = how(Key, Options, Args),
    try
        {Terms, Value} = input(What, Input, How),
        Sorted = lists:sort(fun(A, B) -> in_order(A, B, How) end, Terms),
        output(Output, distinct(Sorted, How), Value, How)
    catch
        throw:{file_sorter, Result} -> Result
    end.

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
options([{Limit, _} | Rest], How, Args)
  when Limit =:= no_files; Limit =:= size; Limit =:= tmpdir ->
    options(Rest, How, Args);
options([], How, _Args) ->
    How;
options([Option | _], _How, Args) ->
    error({badarg, Option}, Args).

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

%% Of terms that are equal in the order the first stays.
distinct(Terms, #how{unique = false}) -> Terms;
distinct([First | Terms], How) -> [First | distinct_after(First, Terms, How)];
distinct([], _How) -> [].

distinct_after(Last, [Term | Terms], How) ->
    case in_order(Term, Last, How) of
        true -> distinct_after(Last, Terms, How);
        false -> [Term | distinct_after(Term, Terms, How)]
    end;
distinct_after(_Last, [], _How) ->
    [].

%%% Input.

%% The terms, and what an input function answers with at its end.
input(_What, Files, How) when is_list(Files) ->
    {lists:flatmap(fun(File) -> [Term || {_, Term} <- terms(File, How)] end, Files), none};
input(sort, Fun, How) when is_function(Fun, 1) ->
    from_function(Fun, Fun(read), [], How).

from_function(_Fun, end_of_input, Read, _How) ->
    {lists:append(lists:reverse(Read)), none};
from_function(_Fun, {end_of_input, Value}, Read, _How) ->
    {lists:append(lists:reverse(Read)), {value, Value}};
from_function(_Fun, {error, _} = Error, _Read, _How) ->
    throw({file_sorter, Error});
from_function(_Fun, {Objects, Next}, Read, How) when is_list(Objects), is_function(Next, 1) ->
    Terms = case How#how.format of
                term -> Objects;
                _ -> [object(Bytes, How) || Bytes <- Objects]
            end,
    from_function(Next, Next(read), [Terms | Read], How);
from_function(_Fun, Bad, _Read, _How) ->
    throw({file_sorter, {error, {bad_reply, Bad}}}).

object(Bytes, #how{format = binary}) -> Bytes;
object(Bytes, #how{format = Format}) when is_function(Format) -> Format(Bytes);
object(Bytes, _How) -> binary_to_term(Bytes).

%% The terms of a file with their numbers: each stands behind its size.
terms(File, #how{format = term} = How) ->
    terms(File, How#how{format = binary_term});
terms(File, #how{header = Header} = How) ->
    case file:read_file(File) of
        {ok, Bytes} -> cut(Bytes, Header * 8, 1, File, How);
        {error, Reason} -> throw({file_sorter, {error, {file_error, filename:absname(File), Reason}}})
    end.

cut(<<16#1f, 16#8b, _/binary>> = Packed, Bits, 1, File, How) ->
    cut(zlib:gunzip(Packed), Bits, 1, File, How#how{compressed = false});
cut(Bytes, Bits, Number, File, How) ->
    case Bytes of
        <<Size:Bits, Object:Size/binary, Rest/binary>> ->
            [{Number, object(Object, How)} | cut(Rest, Bits, Number + 1, File, How)];
        <<>> -> [];
        _ -> throw({file_sorter, {error, {premature_eof, filename:absname(File)}}})
    end.

%%% Output.

output(Fun, Terms, Value, How) when is_function(Fun, 1) ->
    Start = case Value of
                {value, _} -> Fun(Value);
                none -> Fun
            end,
    Objects = case How#how.format of
                  term -> Terms;
                  _ -> [bytes(Term, How) || Term <- Terms]
              end,
    Last = case {Start, Objects} of
               {Next, []} when is_function(Next, 1) -> Next;
               {Next, _} when is_function(Next, 1) -> Next(Objects);
               {Other, _} -> Other
           end,
    case Last of
        Close when is_function(Close, 1) -> Close(close);
        Result -> Result
    end;
output(File, Terms, _Value, #how{header = Header, compressed = Compressed} = How) ->
    Bits = Header * 8,
    Whole = << <<(byte_size(Object)):Bits, Object/binary>>
               || Object <- [bytes(Term, How) || Term <- Terms] >>,
    Modes = [compressed || Compressed],
    case file:write_file(File, Whole, Modes) of
        ok -> ok;
        {error, Reason} -> {error, {file_error, filename:absname(File), Reason}}
    end.

bytes(Term, #how{format = binary}) -> Term;
bytes(Term, _How) -> term_to_binary(Term).

%%% Checking.

check(File) -> check([File], []).

check(Files, Options) -> checked(all, Files, Options, [Files, Options]).

keycheck(Key, File) -> keycheck(Key, [File], []).

keycheck(Key, Files, Options) -> checked(Key, Files, Options, [Key, Files, Options]).

checked(Key, Files, Options, Args) ->
    How = how(Key, Options, Args),
    try
        {ok, lists:flatmap(fun(File) -> disorder(File, terms(File, How), How) end, Files)}
    catch
        throw:{file_sorter, Result} -> Result
    end.

%% The first term of a file that is not in order: [{File, Number, Term}].
disorder(File, [{_, A}, {Number, B} = Next | Terms], How) ->
    Ordered = in_order(A, B, How) andalso not (How#how.unique andalso in_order(B, A, How)),
    case Ordered of
        true -> disorder(File, [Next | Terms], How);
        false -> [{filename:absname(File), Number, B}]
    end;
disorder(_File, _Terms, _How) ->
    [].
