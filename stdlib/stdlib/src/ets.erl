%%% Tables of tuples in memory, apart from the heaps of processes.
%%%
%%% The tables are the virtual machine's; what is made of its functions is written here.
-module(ets).

-export([all/0, delete/1, delete/2, delete_object/2, first/1, first_lookup/1, give_away/3, info/1,
         info/2, insert/2, insert_new/2, internal_delete_all/2, internal_select_delete/2,
         is_compiled_ms/1, last/1, last_lookup/1, lookup/2, lookup_element/3, lookup_element/4,
         match/1, match/2, match/3,
         match_object/1, match_object/2, match_object/3, match_spec_compile/1, match_spec_run_r/3,
         member/2, new/2, next/2, next_lookup/2, prev/2, prev_lookup/2, rename/2, safe_fixtable/2,
         search_on/1, select/1, select/2, select/3, select_count/2, select_replace/2, select_reverse/1, select_reverse/2, select_reverse/3,
         setopts/2, slot/2, take/2, update_counter/3, update_counter/4, update_element/3,
         update_element/4, whereis/1]).
-export([delete_all_objects/1, file2tab/1, file2tab/2, foldl/3, foldr/3, from_dets/2, fun2ms/1,
         i/0, i/1, i/2, i/3, init_table/2, match_delete/2, match_spec_run/2, repair_continuation/2,
         select_delete/2, tab2file/2, tab2file/3, tab2list/1, tabfile_info/1, table/1, table/2,
         test_ms/2, to_dets/2]).

-export_type([tab/0, table/0, tid/0, continuation/0, comp_match_spec/0, match_pattern/0]).

-type tid() :: reference().
-type tab() :: atom() | tid().
-type table() :: tab().
-type continuation() :: term().
-type comp_match_spec() :: reference().
-type match_pattern() :: atom() | tuple().

%% Answered by the virtual machine.

%% @doc The tables.
all() -> erlang:nif_error(undef).

%% @doc Deletes a table.
delete(_Table) -> erlang:nif_error(undef).

%% @doc Deletes the objects with a key.
delete(_Table, _Key) -> erlang:nif_error(undef).

%% @doc Deletes an object.
delete_object(_Table, _Object) -> erlang:nif_error(undef).

%% @doc The first key, or '$end_of_table'.
first(_Table) -> erlang:nif_error(undef).

%% @doc The first key and its objects, or '$end_of_table'.
first_lookup(_Table) -> erlang:nif_error(undef).

%% @doc Makes another process the owner of a table.
give_away(_Table, _Pid, _GiftData) -> erlang:nif_error(undef).

%% @doc What there is to know of a table, or undefined.
info(_Table) -> erlang:nif_error(undef).

%% @doc An item of info/1, or undefined.
info(_Table, _Item) -> erlang:nif_error(undef).

%% @doc Inserts an object or a list of objects.
insert(_Table, _Objects) -> erlang:nif_error(undef).

%% @doc Inserts objects unless one of their keys is there.
insert_new(_Table, _Objects) -> erlang:nif_error(undef).

%% @doc Deletes all objects and gives their number.
internal_delete_all(_Table, _Extra) -> erlang:nif_error(undef).

%% @doc Deletes the objects for which a match specification gives true.
internal_select_delete(_Table, _MatchSpec) -> erlang:nif_error(undef).

%% @doc Whether a term is a compiled match specification.
is_compiled_ms(_Term) -> erlang:nif_error(undef).

%% @doc The last key, or '$end_of_table'.
last(_Table) -> erlang:nif_error(undef).

%% @doc The last key and its objects, or '$end_of_table'.
last_lookup(_Table) -> erlang:nif_error(undef).

%% @doc The objects with a key.
lookup(_Table, _Key) -> erlang:nif_error(undef).

%% @doc An element of the objects with a key.
lookup_element(_Table, _Key, _Pos) -> erlang:nif_error(undef).

%% @doc As lookup_element/3; where there is no object, the default.
lookup_element(_Table, _Key, _Pos, _Default) -> erlang:nif_error(undef).

%% @doc Goes on with match/3.
match(_Continuation) -> erlang:nif_error(undef).

%% @doc The variables of a pattern for each object that matches it.
match(_Table, _Pattern) -> erlang:nif_error(undef).

%% @doc As match/2, so many at a time.
match(_Table, _Pattern, _Limit) -> erlang:nif_error(undef).

%% @doc Goes on with match_object/3.
match_object(_Continuation) -> erlang:nif_error(undef).

%% @doc The objects that match a pattern.
match_object(_Table, _Pattern) -> erlang:nif_error(undef).

%% @doc As match_object/2, so many at a time.
match_object(_Table, _Pattern, _Limit) -> erlang:nif_error(undef).

%% @doc A match specification made ready for match_spec_run/2.
match_spec_compile(_MatchSpec) -> erlang:nif_error(undef).

%% @doc The results for the tuples of a list, the last first, before Acc.
match_spec_run_r(_List, _Compiled, _Acc) -> erlang:nif_error(undef).

%% @doc Whether there are objects with a key.
member(_Table, _Key) -> erlang:nif_error(undef).

%% @doc Makes a table.
new(_Name, _Options) -> erlang:nif_error(undef).

%% @doc The key after another, or '$end_of_table'.
next(_Table, _Key) -> erlang:nif_error(undef).

%% @doc The key after another and its objects, or '$end_of_table'.
next_lookup(_Table, _Key) -> erlang:nif_error(undef).

%% @doc The key before another, or '$end_of_table'.
prev(_Table, _Key) -> erlang:nif_error(undef).

%% @doc The key before another and its objects, or '$end_of_table'.
prev_lookup(_Table, _Key) -> erlang:nif_error(undef).

%% @doc Gives a table another name.
rename(_Table, _Name) -> erlang:nif_error(undef).

%% @doc Holds the keys of a table fast while it is gone through, or lets them go.
safe_fixtable(_Table, _Fix) -> erlang:nif_error(undef).

%% @private A search that took its turn goes on.
search_on(_State) -> erlang:nif_error(undef).

%% @doc Goes on with select/3.
select(_Continuation) -> erlang:nif_error(undef).

%% @doc The results of a match specification.
select(_Table, _MatchSpec) -> erlang:nif_error(undef).

%% @doc As select/2, so many at a time.
select(_Table, _MatchSpec, _Limit) -> erlang:nif_error(undef).

%% @doc For how many objects a match specification gives true.
select_count(_Table, _MatchSpec) -> erlang:nif_error(undef).

%% @doc Replaces objects by the results of a match specification.
select_replace(_Table, _MatchSpec) -> erlang:nif_error(undef).

%% @doc Goes on with select_reverse/3.
select_reverse(_Continuation) -> erlang:nif_error(undef).

%% @doc As select/2, from the last object.
select_reverse(_Table, _MatchSpec) -> erlang:nif_error(undef).

%% @doc As select_reverse/2, so many at a time.
select_reverse(_Table, _MatchSpec, _Limit) -> erlang:nif_error(undef).

%% @doc Sets the heir of a table.
setopts(_Table, _Options) -> erlang:nif_error(undef).

%% @doc The objects of a slot, or '$end_of_table'.
slot(_Table, _I) -> erlang:nif_error(undef).

%% @doc Deletes the objects with a key and gives them.
take(_Table, _Key) -> erlang:nif_error(undef).

%% @doc Adds to an element of the object with a key.
update_counter(_Table, _Key, _Op) -> erlang:nif_error(undef).

%% @doc As update_counter/3; where there is no object, the default is inserted first.
update_counter(_Table, _Key, _Op, _Default) -> erlang:nif_error(undef).

%% @doc Changes elements of the object with a key.
update_element(_Table, _Key, _Elements) -> erlang:nif_error(undef).

%% @doc As update_element/3; where there is no object, the default is inserted first.
update_element(_Table, _Key, _Elements, _Default) -> erlang:nif_error(undef).

%% @doc The identifier of a named table, or undefined.
whereis(_Name) -> erlang:nif_error(undef).

%% Written here.

%% @doc Deletes all objects.
delete_all_objects(Table) ->
    _ = internal_delete_all(Table, undefined),
    true.

%% @doc All objects.
tab2list(Table) ->
    ?MODULE:match_object(Table, '_').

%% @doc Deletes the objects that match a pattern.
match_delete(Table, Pattern) ->
    _ = select_delete(Table, [{Pattern, [], [true]}]),
    true.

%% @doc Deletes the objects for which a match specification gives true, and gives their number.
select_delete(Table, [{'_', [], [true]}]) ->
    internal_delete_all(Table, undefined);
select_delete(Table, MatchSpec) ->
    internal_select_delete(Table, MatchSpec).

%% @doc The results of a compiled match specification for the tuples of a list.
match_spec_run(List, Compiled) ->
    lists:reverse(match_spec_run_r(List, Compiled, [])).

%% @doc A continuation of select/1 or match/1 that went through the external term format.
repair_continuation('$end_of_table', _) -> '$end_of_table';
repair_continuation({_Table, Slot, Limit, Compiled, Results, Count} = Continuation, Spec)
  when is_integer(Slot), is_integer(Limit), is_list(Results), is_integer(Count) ->
    repair(4, Compiled, Continuation, Spec);
repair_continuation({_Table, _Key, _End, Limit, Compiled, Results, Reverse, Count} = Continuation, Spec)
  when is_integer(Limit), is_list(Results), is_integer(Reverse), is_integer(Count) ->
    repair(5, Compiled, Continuation, Spec).

repair(At, Compiled, Continuation, Spec) ->
    case is_compiled_ms(Compiled) of
        true -> Continuation;
        false -> setelement(At, Continuation, match_spec_compile(Spec))
    end.

%% @doc Folds over all objects from the first. The table is held fast meanwhile.
foldl(Fun, Acc, Table) ->
    safe_fixtable(Table, true),
    First = first(Table),
    try
        fold_up(Fun, Acc, First, Table)
    after
        safe_fixtable(Table, false)
    end.

fold_up(_, Acc, '$end_of_table', _) -> Acc;
fold_up(Fun, Acc, Key, Table) ->
    fold_up(Fun, lists:foldl(Fun, Acc, lookup(Table, Key)), next(Table, Key), Table).

%% @doc Folds over all objects from the last. The table is held fast meanwhile.
foldr(Fun, Acc, Table) ->
    safe_fixtable(Table, true),
    Last = last(Table),
    try
        fold_down(Fun, Acc, Last, Table)
    after
        safe_fixtable(Table, false)
    end.

fold_down(_, Acc, '$end_of_table', _) -> Acc;
fold_down(Fun, Acc, Key, Table) ->
    fold_down(Fun, lists:foldr(Fun, Acc, lookup(Table, Key)), prev(Table, Key), Table).

%% @doc Replaces the objects by those that a function gives, called with read again and again. It is called with
%% close where they cannot be inserted.
init_table(Table, Fun) ->
    delete_all_objects(Table),
    init_table_continue(Table, Fun(read)).

init_table_continue(_, end_of_input) -> true;
init_table_continue(Table, {Objects, Fun}) when is_list(Objects), is_function(Fun) ->
    try insert_each(Table, Objects) of
        ok -> init_table_continue(Table, Fun(read))
    catch
        error:Reason:Stack ->
            (catch Fun(close)),
            exit({Reason, Stack})
    end;
init_table_continue(_, Other) ->
    exit(Other).

insert_each(_, []) -> ok;
insert_each(Table, [Object | Rest]) ->
    insert(Table, Object),
    insert_each(Table, Rest).

%% @doc The result of a match specification for one tuple: {ok, Result} or {error, Messages}.
test_ms(Term, MatchSpec) when not is_tuple(Term), is_list(MatchSpec) ->
    %% What is no object of a table is none that matches.
    case erlang:match_spec_test({}, MatchSpec, table) of
        {ok, _, _, _} -> {ok, false};
        {error, _} = Error -> Error
    end;
test_ms(Tuple, MatchSpec) ->
    case erlang:match_spec_test(Tuple, MatchSpec, table) of
        {ok, Result, _, _} -> {ok, Result};
        {error, _} = Error -> Error
    end.

%% @doc The match specification of a fun. The compiler does this where ms_transform is included.
fun2ms(Fun) when is_function(Fun) ->
    case erl_eval:fun_data(Fun) of
        {fun_data, Bindings, Clauses} ->
            case ms_transform:transform_from_shell(?MODULE, Clauses, Bindings) of
                {error, [{_, [{_, _, Code} | _]} | _], _} ->
                    io:format("Error: ~ts~n", [ms_transform:format_error(Code)]),
                    {error, transform_error};
                MatchSpec -> MatchSpec
            end;
        _ ->
            exit({badarg, {?MODULE, fun2ms, [function, called, with, real, 'fun', should, be,
                                             transformed, with, parse_transform, 'or', called,
                                             with, a, 'fun', generated, in, the, shell]}})
    end.

%% @doc Fills a table from a dets table.
from_dets(Table, Dets) ->
    case (catch dets:to_ets(Dets, Table)) of
        Table -> true;
        {error, Reason} -> erlang:error(Reason, [Table, Dets]);
        {'EXIT', {Reason, _}} -> erlang:error(Reason, [Table, Dets])
    end.

%% @doc Fills a dets table from a table.
to_dets(Table, Dets) ->
    case (catch info(Table, name)) of
        undefined -> erlang:error(badarg, [Table, Dets]);
        {'EXIT', _} -> erlang:error(badarg, [Table, Dets]);
        _ ->
            case (catch dets:from_ets(Dets, Table)) of
                {error, Reason} -> erlang:error(Reason, [Table, Dets]);
                {'EXIT', {Reason, _}} -> erlang:error(Reason, [Table, Dets]);
                ok -> Dets
            end
    end.

%% @doc A query list comprehension handle of a table.
table(Table) -> table(Table, []).

%% @doc As table/1, with options traverse and n_objects.
table(Table, Options) ->
    Given = if
                is_list(Options) -> Options;
                true -> [Options]
            end,
    NObjects = proplists:get_value(n_objects, Given, 100),
    is_integer(NObjects) andalso NObjects > 0 orelse erlang:error(badarg, [Table, Options]),
    lists:all(fun is_table_option/1, Given) orelse erlang:error(badarg, [Table, Options]),
    Handle = case proplists:get_value(traverse, Given, select) of
                 first_next -> fun() -> each(Table, first(Table), fun next/2) end;
                 last_prev -> fun() -> each(Table, last(Table), fun prev/2) end;
                 select -> fun(MatchSpec) -> batches(select(Table, MatchSpec, NObjects)) end;
                 {select, MatchSpec} -> fun() -> batches(select(Table, MatchSpec, NObjects)) end;
                 _ -> erlang:error(badarg, [Table, Options])
             end,
    Info = fun(keypos) -> info(Table, keypos);
              (indices) -> [];
              (is_unique_objects) -> info(Table, type) =/= duplicate_bag;
              (is_sorted_key) -> info(Table, type) =:= ordered_set;
              (num_of_objects) -> info(Table, size);
              (_) -> undefined
           end,
    Equality = case info(Table, type) of
                   ordered_set -> '==';
                   _ -> '=:='
               end,
    qlc:table(Handle, [{pre_fun, fun(_) -> safe_fixtable(Table, true) end}, {post_fun, fun() -> safe_fixtable(Table, false) end},
                       {lookup_fun, fun(_, Keys) -> lists:flatmap(fun(Key) -> lookup(Table, Key) end, Keys) end},
                       {info_fun, Info}, {format_fun, swerl_qlc_text:format_fun(?MODULE, Table, Options)},
                       {key_equality, Equality}]).

is_table_option({Key, _}) -> Key =:= traverse orelse Key =:= n_objects;
is_table_option(_) -> false.

each(_, '$end_of_table', _) -> [];
each(Table, Key, Step) -> lookup(Table, Key) ++ fun() -> each(Table, Step(Table, Key), Step) end.

batches('$end_of_table') -> [];
batches({Objects, Continuation}) -> Objects ++ fun() -> batches(select(Continuation)) end.

%% Files. A table is stored as the external format of {swerl_ets, Info, Extended, Objects, Digest}, the objects
%% in the external format again.

%% @doc Stores a table in a file.
tab2file(Table, File) -> tab2file(Table, File, []).

%% @doc As tab2file/2, with options.
tab2file(Table, File, Options) ->
    case file_options(Options, []) of
        {ok, Extended} ->
            case info(Table) of
                undefined -> {error, badtab};
                Info -> store(File, Info, Extended, term_to_binary(tab2list(Table)))
            end;
        Error ->
            Error
    end.

file_options([{extended_info, Extended} = Option | Options], _) when is_list(Extended) ->
    case Extended -- [object_count, md5sum] of
        [] -> file_options(Options, Extended);
        _ -> {error, {unknown_option, Option}}
    end;
file_options([{sync, Sync} | Options], Extended) when is_boolean(Sync) ->
    file_options(Options, Extended);
file_options([], Extended) ->
    {ok, Extended};
file_options([Option | _], _) ->
    {error, {unknown_option, Option}};
file_options(Options, _) ->
    {error, {badarg, Options}}.

store(File, Info, Extended, Objects) ->
    Stored = {swerl_ets, Info, Extended, Objects, erlang:md5(Objects)},
    case file:write_file(File, term_to_binary(Stored)) of
        ok -> ok;
        {error, Reason} -> {error, {file_error, File, Reason}}
    end.

%% @doc Makes a table of a file.
file2tab(File) -> file2tab(File, []).

%% @doc As file2tab/1, with options.
file2tab(File, Options) ->
    case Options -- [{verify, true}, {verify, false}] of
        [] -> restore(stored(File), lists:member({verify, true}, Options));
        [Option | _] -> {error, {unknown_option, Option}}
    end.

restore({ok, Info, Extended, Objects, Digest}, Verify) ->
    Sound = not (Verify andalso lists:member(md5sum, Extended)) orelse erlang:md5(Objects) =:= Digest,
    Item = fun(Key) -> proplists:get_value(Key, Info) end,
    Named = [named_table || Item(named_table)],
    Kept = [compressed || Item(compressed)],
    Options = [Item(type), Item(protection), {keypos, Item(keypos)} | Named ++ Kept],
    try new(Item(name), Options) of
        Table when Sound ->
            insert(Table, binary_to_term(Objects)),
            {ok, Table};
        Table ->
            delete(Table),
            {error, checksum_error}
    catch
        error:_ -> {error, cannot_create_table}
    end;
restore(Error, _) ->
    Error.

%% @doc What there is to know of the table in a file.
tabfile_info(File) when is_list(File); is_atom(File) ->
    case stored(File) of
        {ok, Info, Extended, Objects, _} ->
            Keys = [name, type, protection, named_table, keypos],
            {ok, [{Key, proplists:get_value(Key, Info)} || Key <- Keys]
             ++ [{size, length(binary_to_term(Objects))}, {extended_info, Extended}, {version, {1, 0}}]};
        Error ->
            Error
    end.

stored(File) ->
    case file:read_file(File) of
        {ok, Bin} ->
            try binary_to_term(Bin) of
                {swerl_ets, Info, Extended, Objects, Digest} -> {ok, Info, Extended, Objects, Digest};
                _ -> {error, badfile}
            catch
                error:_ -> {error, {read_error, {not_a_log_file, File}}}
            end;
        {error, Reason} ->
            {error, {read_error, {file_error, File, Reason}}}
    end.

%% Shown in the shell.

%% @doc Prints all tables.
i() ->
    row("id", "name", "type", "size", "mem", "owner"),
    io:put_chars(" " ++ lists:duplicate(76, $-) ++ "\n"),
    lists:foreach(fun table_row/1, lists:sort(all())),
    ok.

table_row(Table) ->
    case catch [info(Table, Item) || Item <- [name, type, size, memory, owner]] of
        [Name, Type, Size, Memory, Owner] when is_pid(Owner) ->
            Shown = case process_info(Owner, registered_name) of
                        {registered_name, Registered} -> io_lib:format("~w", [Registered]);
                        _ -> io_lib:format("~w", [Owner])
                    end,
            row(io_lib:format("~w", [Table]), io_lib:format("~w", [Name]), io_lib:format("~w", [Type]),
                io_lib:format("~w", [Size]), io_lib:format("~w", [Memory]), Shown);
        _ ->
            ok
    end.

row(Id, Name, Type, Size, Memory, Owner) ->
    io:format(" ~-15ts ~-17ts ~-5ts ~-6ts ~-8ts ~ts~n", [Id, Name, Type, Size, Memory, Owner]).

%% @doc Prints the objects of a table; they are not cut into pages of so many lines.
i(Table, Height) when is_integer(Height), Height > 0 ->
    i(Table).

%% @doc Prints the objects of a table; they are not cut into pages of so many lines and columns.
i(Table, Height, Width) when is_integer(Height), Height > 0, is_integer(Width), Width > 0 ->
    i(Table).

%% @doc Prints the objects of a table.
i(Table) ->
    _ = first(Table),
    lists:foreach(fun({N, Object}) -> io:format("<~-4w> ~tp~n", [N, Object]) end,
                  lists:enumerate(tab2list(Table))),
    io:put_chars("EOT\n"),
    ok.
