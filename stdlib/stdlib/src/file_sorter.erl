%%% Sorting, merging and checking files of terms or binaries.
%%%
%%% A file of terms has in front of each its size in four bytes; with {format, Format} other contents can be
%%% read.
-module(file_sorter).

-export([sort/1, sort/2, sort/3, keysort/2, keysort/3, keysort/4, merge/2, merge/3, keymerge/3, keymerge/4, check/1,
         check/2, keycheck/2, keycheck/3]).

-export_type([reason/0]).

-type reason() :: {file_error, file:name(), term()} | {bad_object, file:name()} | {bad_term, file:name()}
                | {premature_eof, file:name()} | {not_a_directory, file:name()}.

%% @doc Sorts a file.
sort(File) -> sort([File], File, []).

%% @doc Sorts files, or what a function gives, into a file or a function.
sort(Input, Output) -> sort(Input, Output, []).

%% @doc As sort/2, with options: compressed, header, format, order, size, tmpdir, unique, no_files.
sort(Input, Output, Options) -> run(Input, Output, options(Options, none)).

%% @doc Sorts a file by an element of its tuples, or by elements.
keysort(Position, File) -> keysort(Position, [File], File, []).

%% @doc Sorts files by an element.
keysort(Position, Input, Output) -> keysort(Position, Input, Output, []).

%% @doc As keysort/3, with options.
keysort(Position, Input, Output, Options) -> run(Input, Output, options(Options, Position)).

%% @doc Merges files that are sorted.
merge(Files, Output) -> merge(Files, Output, []).

%% @doc As merge/2, with options.
merge(Files, Output, Options) -> run(Files, Output, options(Options, none)).

%% @doc Merges files that are sorted by an element.
keymerge(Position, Files, Output) -> keymerge(Position, Files, Output, []).

%% @doc As keymerge/3, with options.
keymerge(Position, Files, Output, Options) -> run(Files, Output, options(Options, Position)).

%% @doc Which files are not sorted, and where: {ok, [{File, Number, Term}]}.
check(File) -> check([File], []).

%% @doc As check/1, of several files, with options.
check(Files, Options) -> checked(Files, options(Options, none)).

%% @doc Which files are not sorted by an element.
keycheck(Position, File) -> keycheck(Position, [File], []).

%% @doc As keycheck/2, of several files, with options.
keycheck(Position, Files, Options) -> checked(Files, options(Options, Position)).

%%% Options.

options(Option, Position) when not is_list(Option) -> options([Option], Position);
options(Options, Position) ->
    Known = [compressed, header, format, order, size, tmpdir, unique, no_files],
    Map = maps:from_list([case Option of
                              {Key, Value} -> {Key, Value};
                              Key -> {Key, true}
                          end || Option <- Options]),
    case maps:keys(Map) -- Known of
        [] -> ok;
        _ -> error(badarg)
    end,
    Positions = case Position of
                    none -> none;
                    _ when is_integer(Position), Position > 0 -> [Position];
                    [_ | _] -> Position;
                    _ -> error(badarg)
                end,
    maps:merge(#{format => binary_term, order => ascending, unique => false, header => 4, key => Positions}, Map).

key(#{key := none}) -> fun(Term) -> Term end;
key(#{key := Positions}) -> fun(Tuple) -> [element(P, Tuple) || P <- Positions] end.

in_order(#{order := ascending} = Options) -> Key = key(Options), fun(A, B) -> Key(A) =< Key(B) end;
in_order(#{order := descending} = Options) -> Key = key(Options), fun(A, B) -> Key(A) >= Key(B) end;
in_order(#{order := Order} = Options) when is_function(Order, 2) ->
    Key = key(Options),
    fun(A, B) -> Order(Key(A), Key(B)) end.

%%% Work.

run(Input, Output, Options) ->
    try
        Terms = lists:sort(in_order(Options), input(Input, Options)),
        output(once(Terms, Options), Output, Options)
    catch
        throw:{failed, Reason} -> {error, Reason}
    end.

once(Terms, #{unique := false}) -> Terms;
once(Terms, #{unique := true} = Options) -> without_copies(Terms, key(Options)).

without_copies([A, B | Rest], Key) ->
    case Key(A) == Key(B) of
        true -> without_copies([A | Rest], Key);
        false -> [A | without_copies([B | Rest], Key)]
    end;
without_copies(Rest, _) -> Rest.

failed(Reason) -> throw({failed, Reason}).

input(Files, Options) when is_list(Files) -> lists:append([read(File, Options) || File <- Files]);
input(Fun, Options) when is_function(Fun, 1) -> input_fun(Fun(read), Options, []).

input_fun(end_of_input, _, Terms) -> lists:append(lists:reverse(Terms));
input_fun({end_of_input, _}, _, Terms) -> lists:append(lists:reverse(Terms));
input_fun({More, Fun}, Options, Terms) when is_list(More) ->
    input_fun(Fun(read), Options, [[term(Object, Options, none) || Object <- More] | Terms]);
input_fun({error, Reason}, _, _) -> failed(Reason);
input_fun(Other, _, _) -> failed({bad_input, Other}).

read(File, Options) ->
    case file:read_file(File) of
        {ok, Bytes} -> objects(contents(Bytes, Options), File, Options);
        {error, Reason} -> failed({file_error, File, Reason})
    end.

contents(<<31, 139, _/binary>> = Bytes, _) -> zlib:gunzip(Bytes);
contents(Bytes, _) -> Bytes.

objects(<<>>, _, _) -> [];
objects(Bytes, File, #{header := Header} = Options) ->
    Bits = Header * 8,
    case Bytes of
        <<Size:Bits, Object:Size/binary, Rest/binary>> -> [term(Object, Options, File) | objects(Rest, File, Options)];
        _ -> failed({premature_eof, File})
    end.

term(Object, #{format := Format}, File) ->
    try
        case Format of
            binary_term when is_binary(Object) -> binary_to_term(Object);
            binary_term -> Object;
            term -> Object;
            binary -> Object;
            Fun when is_function(Fun, 1) -> Fun(Object)
        end
    catch
        _:_ -> failed({bad_object, File})
    end.

output(Terms, File, Options) when is_list(File); is_atom(File); is_binary(File) ->
    Content = [framed(Term, Options) || Term <- Terms],
    Bytes = case maps:get(compressed, Options, false) of
                true -> zlib:gzip(Content);
                false -> Content
            end,
    case file:write_file(File, Bytes) of
        ok -> ok;
        {error, Reason} -> failed({file_error, File, Reason})
    end;
output(Terms, Fun, _) when is_function(Fun, 1) ->
    output_fun(Terms, Fun).

output_fun([], Fun) -> Fun(close);
output_fun(Terms, Fun) ->
    {Some, Rest} = lists:split(min(1000, length(Terms)), Terms),
    case Fun(Some) of
        {error, Reason} -> failed(Reason);
        Next when is_function(Next, 1) -> output_fun(Rest, Next);
        Other -> Other
    end.

framed(Term, #{header := Header, format := Format}) ->
    Object = case Format of
                 binary -> Term;
                 _ when is_binary(Term), Format =/= binary_term -> Term;
                 _ -> term_to_binary(Term)
             end,
    Bits = Header * 8,
    [<<(byte_size(Object)):Bits>>, Object].

checked(Files, Options) ->
    try
        Less = in_order(Options),
        {ok, lists:append([case first_wrong(read(File, Options), Less, 2) of
                               none -> [];
                               {N, Term} -> [{File, N, Term}]
                           end || File <- Files])}
    catch
        throw:{failed, Reason} -> {error, Reason}
    end.

first_wrong([A, B | Rest], Less, N) ->
    case Less(A, B) of
        true -> first_wrong([B | Rest], Less, N + 1);
        false -> {N, B}
    end;
first_wrong(_, _, _) -> none.
