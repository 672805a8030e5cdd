%%% Tables on disk.
%%%
%%% A table that is open belongs to a process (swerl_dets_table), which has its objects in memory too and writes
%%% each change to the file. dets_server knows which tables are open.
-module(dets).

-export([all/0, bchunk/2, close/1, delete/2, delete_all_objects/1, delete_object/2, first/1, foldl/3, foldr/3,
         from_ets/2, info/1, info/2, init_table/2, init_table/3, insert/2, insert_new/2,
         is_compatible_bchunk_format/2, is_dets_file/1, lookup/2, match/1, match/2, match/3, match_delete/2,
         match_object/1, match_object/2, match_object/3, member/2, next/2, open_file/1, open_file/2, pid2name/1,
         repair_continuation/2, safe_fixtable/2, select/1, select/2, select/3, select_delete/2, slot/2, start/0,
         stop/0, sync/1, table/1, table/2, to_ets/2, traverse/2, update_counter/3]).

-export_type([tab_name/0, cont/0, bindings_cont/0, object_cont/0, select_cont/0]).

-type tab_name() :: term().
-opaque cont() :: {dets_cont, term()}.
-opaque bindings_cont() :: cont().
-opaque object_cont() :: cont().
-opaque select_cont() :: cont().

-define(CHUNK, 100).

%%% Opening and closing.

%% @doc The names of the open tables.
all() -> dets_server:names().

%% @doc Opens a table that exists.
open_file(File) ->
    case swerl_dets_file:header(File) of
        {ok, _} -> dets_server:open(make_ref(), #{file => File, must_exist => true});
        {error, {no_table, Wrong}} -> {error, {Wrong, File}};
        {error, Reason} -> {error, {file_error, File, Reason}}
    end.

%% @doc Opens a table, or makes one. Options: access, auto_save, estimated_no_objects, file, max_no_slots,
%% min_no_slots, keypos, ram_file, repair, type.
open_file(Name, Options) when is_list(Options) ->
    dets_server:open(Name, options(Options, #{}, Name));
open_file(_, _) -> error(badarg).

options([{Key, Value} | Options], Map, Name) ->
    Valid = case Key of
                access -> lists:member(Value, [read, read_write]);
                auto_save -> Value =:= infinity orelse is_integer(Value) andalso Value >= 0;
                file -> is_list(Value) orelse is_atom(Value);
                keypos -> is_integer(Value) andalso Value > 0;
                type -> lists:member(Value, [set, bag, duplicate_bag]);
                repair -> lists:member(Value, [true, false, force]);
                ram_file -> is_boolean(Value);
                _ -> lists:member(Key, [estimated_no_objects, max_no_slots, min_no_slots, version, delayed_write,
                                        cache_size, debug])
            end,
    Valid orelse error(badarg),
    options(Options, Map#{Key => Value}, Name);
options([], #{file := _} = Map, _) -> Map;
options([], Map, Name) when is_atom(Name) -> Map#{file => atom_to_list(Name)};
options(_, _, _) -> error(badarg).

%% @doc Closes a table; the last process that does so closes its file.
close(Name) -> dets_server:close(Name).

%% @doc Nothing is left to start.
start() -> dets_server:start().

%% @doc Closes all tables.
stop() ->
    _ = [close(Name) || Name <- all()],
    stopped.

%% @doc Whether a file has a table.
is_dets_file(File) ->
    case swerl_dets_file:header(File) of
        {ok, _} -> true;
        {error, {no_table, _}} -> false;
        {error, Reason} -> {error, {file_error, File, Reason}}
    end.

%% @doc The name of the table that a process serves.
pid2name(Pid) -> dets_server:name(Pid).

call(Name, Request) ->
    case dets_server:table(Name) of
        undefined -> error(badarg, [Name]);
        Pid -> swerl_dets_table:call(Pid, Request)
    end.

%% Runs an operation of ets on the objects of a table.
ets(Name, Function, Args) ->
    case call(Name, {ets, Function, Args}) of
        {value, Value} -> Value;
        {raised, Reason} -> error(Reason)
    end.

%%% Objects.

%% @doc Inserts an object or several.
insert(Name, Objects) ->
    check_objects(Name, Objects),
    call(Name, {insert, Objects}).

%% @doc Inserts objects unless one of their keys is there.
insert_new(Name, Objects) ->
    check_objects(Name, Objects),
    call(Name, {insert_new, Objects}).

check_objects(Name, Objects) ->
    KeyPos = info(Name, keypos),
    is_integer(KeyPos) orelse error(badarg),
    List = if
               is_list(Objects) -> Objects;
               true -> [Objects]
           end,
    lists:all(fun(Object) -> is_tuple(Object) andalso tuple_size(Object) >= KeyPos end, List) orelse error(badarg).

%% @doc The objects with a key.
lookup(Name, Key) -> ets(Name, lookup, [Key]).

%% @doc Whether there is an object with a key.
member(Name, Key) -> ets(Name, member, [Key]).

%% @doc Deletes the objects with a key.
delete(Name, Key) -> call(Name, {delete, Key}).

%% @doc Deletes an object.
delete_object(Name, Object) -> call(Name, {delete_object, Object}).

%% @doc Deletes all objects.
delete_all_objects(Name) -> call(Name, delete_all_objects).

%% @doc Adds to an integer of an object.
update_counter(Name, Key, Increment) ->
    case call(Name, {update_counter, Key, Increment}) of
        {value, Value} -> Value;
        {raised, Reason} -> error(Reason)
    end.

%% @doc A first key, or '$end_of_table'.
first(Name) -> call(Name, first).

%% @doc The key after a key.
next(Name, Key) -> call(Name, {next, Key}).

%% @doc The objects of the N:th part of the table, or '$end_of_table'.
slot(Name, N) when is_integer(N), N >= 0 -> call(Name, {slot, N}).

%% @doc Folds over the objects.
foldl(Fun, Acc, Name) -> lists:foldl(Fun, Acc, call(Name, objects)).

%% @doc As foldl/3: the order of objects is not known either way.
foldr(Fun, Acc, Name) -> foldl(Fun, Acc, Name).

%% @doc Applies a function to each object: it says continue, {continue, Value} or {done, Value}. The last value comes first.
traverse(Name, Fun) -> traverse_objects(call(Name, objects), Fun, []).

traverse_objects([Object | Objects], Fun, Values) ->
    case Fun(Object) of
        continue -> traverse_objects(Objects, Fun, Values);
        {continue, Value} -> traverse_objects(Objects, Fun, [Value | Values]);
        {done, Value} -> [Value | Values];
        Other -> Other
    end;
traverse_objects([], _, Values) -> Values.

%%% Patterns.

%% @doc What the variables of a pattern match.
match(Name, Pattern) -> select(Name, [{Pattern, [], ['$$']}]).

%% @doc As match/2, a few at a time.
match(Name, Pattern, Limit) -> chunk(match(Name, Pattern), Limit).

%% @doc More of match/3.
match(Continuation) -> more(Continuation).

%% @doc The objects that match a pattern.
match_object(Name, Pattern) -> select(Name, [{Pattern, [], ['$_']}]).

%% @doc As match_object/2, a few at a time.
match_object(Name, Pattern, Limit) -> chunk(match_object(Name, Pattern), Limit).

%% @doc More of match_object/3.
match_object(Continuation) -> more(Continuation).

%% @doc What a match specification makes of the objects.
select(Name, MatchSpec) ->
    case call(Name, {found, MatchSpec}) of
        {value, Value} -> Value;
        {raised, Reason} -> error(Reason)
    end.

%% @doc As select/2, a few at a time.
select(Name, MatchSpec, Limit) -> chunk(select(Name, MatchSpec), Limit).

%% @doc More of select/3.
select(Continuation) -> more(Continuation).

chunk(Found, default) -> chunk(Found, ?CHUNK);
chunk([], Limit) when is_integer(Limit), Limit > 0 -> '$end_of_table';
chunk(Found, Limit) when is_integer(Limit), Limit > 0 ->
    {Some, Rest} = lists:split(min(Limit, length(Found)), Found),
    {Some, {dets_cont, {Rest, Limit}}};
chunk(_, _) -> error(badarg).

more({dets_cont, {[], _}}) -> '$end_of_table';
more({dets_cont, {Rest, Limit}}) -> chunk(Rest, Limit);
more(_) -> error(badarg).

%% @doc A continuation is good as it is.
repair_continuation({dets_cont, _} = Continuation, _) -> Continuation;
repair_continuation(_, _) -> error(badarg).

%% @doc Deletes the objects that match a pattern.
match_delete(Name, Pattern) ->
    case select_delete(Name, [{Pattern, [], [true]}]) of
        N when is_integer(N) -> ok
    end.

%% @doc Deletes the objects that a match specification says true of, and counts them.
select_delete(Name, MatchSpec) ->
    case call(Name, {select_delete, MatchSpec}) of
        {value, Value} -> Value;
        {raised, Reason} -> error(Reason)
    end.

%%% Whole tables.

%% @doc Takes the objects of a table of ets instead of its own.
from_ets(Name, Table) ->
    call(Name, {replace, ets:tab2list(Table)}).

%% @doc Inserts all objects into a table of ets.
to_ets(Name, Table) ->
    ets:insert(Table, call(Name, objects)),
    Table.

%% @doc Takes the objects that a function gives instead of its own.
init_table(Name, Fun) -> init_table(Name, Fun, []).

%% @doc As init_table/2, with options format and min_no_slots.
init_table(Name, Fun, Options) when is_function(Fun, 1) ->
    Format = proplists:get_value(format, Options, term),
    case collect(Fun(read), [], Format) of
        {ok, Objects} -> call(Name, {replace, Objects});
        Error -> Error
    end.

collect(end_of_input, Objects, _) -> {ok, lists:append(lists:reverse(Objects))};
collect({More, Fun}, Objects, term) when is_list(More) -> collect(Fun(read), [More | Objects], term);
collect({More, Fun}, Objects, bchunk) when is_list(More) ->
    collect(Fun(read), [lists:append([binary_to_term(Bytes) || Bytes <- More]) | Objects], bchunk);
collect({error, _} = Error, _, _) -> Error;
collect(Other, _, _) -> {error, {init_fun, Other}}.

%% @doc The table in pieces, for init_table/3 with the format bchunk.
bchunk(Name, start) ->
    case call(Name, objects) of
        [] -> '$end_of_table';
        Objects -> {{dets_cont, []}, [term_to_binary(Objects)]}
    end;
bchunk(_, {dets_cont, []}) -> '$end_of_table'.

%% @doc Whether pieces can be read.
is_compatible_bchunk_format(_, Format) -> is_binary(Format).

%% @doc Writes all that was changed.
sync(Name) -> call(Name, sync).

%% @doc Fixes a table, or sets it free.
safe_fixtable(Name, Fix) when is_boolean(Fix) -> ets(Name, safe_fixtable, [Fix]), ok;
safe_fixtable(_, _) -> error(badarg).

%% @doc What is known of a table.
info(Name) ->
    case dets_server:table(Name) of
        undefined -> undefined;
        Pid -> swerl_dets_table:call(Pid, info)
    end.

%% @doc One thing known of a table.
info(Name, users) ->
    case dets_server:table(Name) of
        undefined -> undefined;
        _ -> dets_server:users(Name)
    end;
info(Name, Item) ->
    case dets_server:table(Name) of
        undefined -> undefined;
        Pid -> swerl_dets_table:call(Pid, {info, Item})
    end.

%% @doc A query handle of a table.
table(Name) -> table(Name, []).

%% @doc As table/1, with options traverse and n_objects.
table(Name, Options) ->
    Given = if
                is_list(Options) -> Options;
                true -> [Options]
            end,
    lists:all(fun is_table_option/1, Given) orelse erlang:error(badarg, [Name, Options]),
    Traverse = case proplists:get_value(traverse, Given, select) of
                   first_next -> fun() -> each(Name, first(Name)) end;
                   select -> fun(MatchSpec) -> select(Name, MatchSpec) end;
                   {select, MatchSpec} -> fun() -> select(Name, MatchSpec) end
               end,
    Info = fun(keypos) -> info(Name, keypos);
              (indices) -> [];
              (is_unique_objects) -> info(Name, type) =/= duplicate_bag;
              (num_of_objects) -> info(Name, size);
              (_) -> undefined
           end,
    qlc:table(Traverse, [{pre_fun, fun(_) -> safe_fixtable(Name, true) end}, {post_fun, fun() -> safe_fixtable(Name, false) end},
                         {lookup_fun, fun(_, Keys) -> lists:append([lookup(Name, Key) || Key <- Keys]) end},
                         {info_fun, Info}, {format_fun, swerl_qlc_text:format_fun(?MODULE, Name, Options)}]).

is_table_option({traverse, {select, _}}) -> true;
is_table_option({traverse, How}) -> How =:= first_next orelse How =:= select;
is_table_option({n_objects, Number}) -> Number =:= default orelse is_integer(Number) andalso Number > 0;
is_table_option(_) -> false.

each(_, '$end_of_table') -> [];
each(Name, Key) -> lookup(Name, Key) ++ fun() -> each(Name, next(Name, Key)) end.
