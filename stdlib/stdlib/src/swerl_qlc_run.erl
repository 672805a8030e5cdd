%%% How the plan of a query is carried out.
%%%
%%% A plan is opened to a stream: [], [Answer | Stream], or a fun that gives a stream. What a fun or a table gives that is no list is
%%% the answer of the whole query: it is thrown. Answers that are kept are in the process dictionary until the query ends.
-module(swerl_qlc_run).

-export([all/2, fold/4, cursor/2, next_answers/2, delete_cursor/1]).

-define(LIST_SIZE, 512 * 1024).

%% @doc All answers.
all(Query, Options) ->
    case swerl_qlc_plan:plan(Query, Options) of
        #{node := {list, List}} -> List;
        Plan ->
            evaluated(Options, parents(Plan), undefined,
                      fun(Stream) -> lists:reverse(fold_stream(fun(Answer, Acc) -> [Answer | Acc] end, [], Stream)) end)
    end.

%% @doc Folds over the answers.
fold(Fun, Acc, Query, Options) ->
    evaluated(Options, parents(swerl_qlc_plan:plan(Query, Options)), undefined,
              fun(Stream) -> fold_stream(Fun, Acc, Stream) end).

%% Opens a query, does something with the stream, and closes it.
evaluated(Options, {Plan, Parents}, Stop, Do) ->
    Before = [Key || {{?MODULE, _} = Key, _} <- get()],
    Closing = opened(Parents, Stop, []),
    try Do(open(Plan, Options))
    catch
        throw:{?MODULE, Other} -> Other
    after
        close(Closing),
        _ = [erase(Key) || {{?MODULE, _} = Key, _} <- get(), not lists:member(Key, Before)]
    end.

%% The tables of a plan with what their parents' funs give; those run in the process that asks.
parents(Plan) ->
    {Plan, [{Table, case Table of
                        #{parent_fun := Parent} -> Parent();
                        _ -> undefined
                    end} || Table <- tables(Plan)]}.

%% Each table is told before; if that fails, those told before are told that it is over.
opened([{Table, Value} | Rest], Stop, Closing) ->
    try Table of
        #{pre_fun := Pre} -> _ = Pre([{parent_value, Value}, {stop_fun, Stop}]);
        _ -> ok
    catch
        Class:Reason:Stack -> close(Closing), erlang:raise(Class, Reason, Stack)
    end,
    opened(Rest, Stop, [Post || #{post_fun := Post} <- [Table]] ++ Closing);
opened([], _, Closing) -> Closing.

close(Closing) -> lists:foreach(fun(Post) -> Post() end, Closing).

tables(#{node := Node}) -> tables(Node);
tables({table, _, Table, _}) -> [Table];
tables({lookup, Table, _, _}) -> [Table];
tables({match, Plan, _}) -> tables(Plan);
tables({append, Plans}) -> lists:append([tables(Plan) || Plan <- Plans]);
tables({sort, Plan, _}) -> tables(Plan);
tables({keysort, Plan, _, _}) -> tables(Plan);
tables({kept, Plan, _}) -> tables(Plan);
tables({lc, _, Qualifiers, _, _, _}) -> lists:append([tables(Plan) || {generate, _, _, Plan} <- Qualifiers]);
tables({merge, First, _, Second, _, _}) -> tables(First) ++ tables(Second);
tables({lookup_join, _, First, _, Second, _, _, _}) -> tables(First) ++ tables(Second);
tables({list, _}) -> [].

fold_stream(Fun, Acc, [Answer | Stream]) -> fold_stream(Fun, Fun(Answer, Acc), Stream);
fold_stream(_, Acc, []) -> Acc;
fold_stream(Fun, Acc, More) -> fold_stream(Fun, Acc, more(More)).

%% What comes after a fun.
more(More) ->
    case More() of
        Stream when is_list(Stream); is_function(Stream, 0) -> Stream;
        Other -> throw({?MODULE, Other})
    end.

to_list(Stream) when is_list(Stream) -> to_list(Stream, []);
to_list(Stream) -> to_list(more(Stream), []).

to_list([Answer | Stream], Acc) -> to_list(Stream, [Answer | Acc]);
to_list([], Acc) -> lists:reverse(Acc);
to_list(More, Acc) -> to_list(more(More), Acc).

%%% Streams.

open(#{node := Node}, Options) -> open(Node, Options);
open({list, List}, _) -> List;
open({match, Plan, Spec}, Options) ->
    ets:match_spec_run(to_list(open(Plan, Options)), ets:match_spec_compile(Spec));
open({table, Traverse, _, all}, _) when is_function(Traverse, 0) -> fun() -> traversed(Traverse()) end;
open({table, Traverse, _, all}, _) -> fun() -> traversed(Traverse([{'$1', [], ['$1']}])) end;
open({table, Traverse, _, Spec}, _) -> fun() -> traversed(Traverse(Spec)) end;
open({lookup, #{lookup_fun := Lookup}, Position, Keys}, _) -> traversed(Lookup(Position, Keys));
open({append, Plans}, Options) -> append(Plans, Options);
open({sort, Plan, How}, Options) -> sorted(open(Plan, Options), element, How, Options);
open({keysort, Plan, Positions, How}, Options) -> sorted(open(Plan, Options), {key, Positions}, How, Options);
open({kept, Plan, How}, Options) -> kept(open(Plan, Options), How, Options);
open({lc, _, Qualifiers, Answer, Start, How}, Options) ->
    Steps = [case Qualifier of
                 {generate, _, Match, Plan} -> {generate, Match, opener(Plan, Options)};
                 Filter -> Filter
             end || Qualifier <- Qualifiers],
    kept(fun() -> run(Steps, Start, Answer, fun() -> [] end) end, How, Options);
open({merge, First, P1, Second, P2, How}, Options) ->
    kept(fun() -> merged(open(First, Options), P1, open(Second, Options), P2, Options) end, How, Options);
open({lookup_join, first, #{node := {table, _, #{lookup_fun := Lookup}, _}}, P1, Second, P2, _, How}, Options) ->
    kept(fun() -> joined(open(Second, Options), P2, fun(Key) -> Lookup(P1, [Key]) end, fun(B, A) -> [A | B] end) end,
         How, Options);
open({lookup_join, second, First, P1, #{node := {table, _, #{lookup_fun := Lookup}, _}}, P2, _, How}, Options) ->
    kept(fun() -> joined(open(First, Options), P1, fun(Key) -> Lookup(P2, [Key]) end, fun(A, B) -> [A | B] end) end,
         How, Options).

traversed(Objects) when is_list(Objects) -> Objects;
traversed(Other) -> throw({?MODULE, Other}).

append([Plan | Plans], Options) -> append_stream(open(Plan, Options), Plans, Options);
append([], _) -> [].

append_stream([Answer | Stream], Plans, Options) -> [Answer | fun() -> append_stream(Stream, Plans, Options) end];
append_stream([], Plans, Options) -> append(Plans, Options);
append_stream(More, Plans, Options) -> append_stream(more(More), Plans, Options).

%% What opens the source of a generator, again for each combination of what comes before. What is kept, looked up or
%% sorted is found once.
opener(#{node := {list, List}}, _) -> fun() -> List end;
opener(#{node := {lc, _, _, _, _, How}} = Plan, Options) -> opener(lists:keymember(cache, 1, How), Plan, Options);
opener(#{node := {Kind, _, _} = Node} = Plan, Options) when Kind =:= kept; Kind =:= match; Kind =:= sort ->
    opener(Kind =/= kept orelse lists:keymember(cache, 1, element(3, Node)), Plan, Options);
opener(#{node := {merge, _, _, _, _, How}} = Plan, Options) -> opener(lists:keymember(cache, 1, How), Plan, Options);
opener(#{node := {lookup_join, _, _, _, _, _, _, How}} = Plan, Options) ->
    opener(lists:keymember(cache, 1, How), Plan, Options);
opener(#{node := {Kind, _, _, _}} = Plan, Options) -> opener(Kind =/= table, Plan, Options);
opener(Plan, Options) -> opener(false, Plan, Options).

opener(false, Plan, Options) -> fun() -> open(Plan, Options) end;
opener(true, Plan, Options) ->
    Key = {?MODULE, make_ref()},
    fun() ->
            case get(Key) of
                {answers, Answers} -> Answers;
                undefined ->
                    Answers = to_list(open(Plan, Options)),
                    put(Key, {answers, Answers}),
                    Answers
            end
    end.

%% Each generator for each combination of what came before it; the filters that follow it are asked at once.
run(Steps, Env, Answer, Rest) ->
    {Tests, Generators} = filtered(Steps, []),
    passed(Tests, Generators, Env, Answer, Rest).

filtered([{filter, _, Test} | Steps], Tests) -> filtered(Steps, [Test | Tests]);
filtered(Steps, Tests) -> {lists:reverse(Tests), generators(Steps)}.

generators([{generate, Match, Open} | Steps]) ->
    {Tests, Generators} = filtered(Steps, []),
    [{Match, Open, Tests} | Generators];
generators([]) -> [].

passed(Tests, Generators, Env, Answer, Rest) ->
    case test(Tests, Env) of
        false -> Rest();
        Env1 -> answers(Generators, Env1, Answer, Rest)
    end.

answers([{Match, Open, Tests} | Generators], Env, Answer, Rest) ->
    generate(Open(), Match, Tests, Generators, Env, Answer, Rest);
answers([], Env, Answer, Rest) -> [Answer(Env) | Rest].

generate([Object | Stream], Match, Tests, Generators, Env, Answer, Rest) ->
    case Match(Object, Env) of
        false -> generate(Stream, Match, Tests, Generators, Env, Answer, Rest);
        Env1 ->
            case test(Tests, Env1) of
                false -> generate(Stream, Match, Tests, Generators, Env, Answer, Rest);
                Env2 ->
                    answers(Generators, Env2, Answer,
                            fun() -> generate(Stream, Match, Tests, Generators, Env, Answer, Rest) end)
            end
    end;
generate([], _, _, _, _, _, Rest) -> Rest();
generate(More, Match, Tests, Generators, Env, Answer, Rest) ->
    generate(more(More), Match, Tests, Generators, Env, Answer, Rest).

test([Test | Tests], Env) ->
    case Test(Env) of
        false -> false;
        Env1 -> test(Tests, Env1)
    end;
test([], Env) -> Env.

%%% Answers in order, once each, and kept.

sorted(_, {key, _}, [{order, Order} | _], _) when is_function(Order) -> error({badarg, order});
sorted(Stream, What, How, Options) ->
    Answers = to_list(Stream),
    Order = proplists:get_value(order, How, ascending),
    Unique = proplists:get_bool(unique, How),
    within(proplists:get_value(size, How, ?LIST_SIZE), Answers, sorting, Options),
    case {What, Order} of
        {element, ascending} when Unique -> lists:usort(Answers);
        {element, ascending} -> lists:sort(Answers);
        {{key, Position}, ascending} when is_integer(Position), Unique -> lists:ukeysort(Position, Answers);
        {{key, Position}, ascending} when is_integer(Position) -> lists:keysort(Position, Answers);
        _ -> by(key(What), Order, Unique, Answers)
    end.

key(element) -> fun(Answer) -> Answer end;
key({key, Positions}) when is_list(Positions) -> fun(Answer) -> [element(P, Answer) || P <- Positions] end;
key({key, Position}) -> fun(Answer) -> element(Position, Answer) end.

by(Key, Order, Unique, Answers) ->
    Before = case Order of
                 ascending -> fun(A, B) -> Key(A) =< Key(B) end;
                 descending -> fun(A, B) -> Key(A) >= Key(B) end;
                 _ -> fun(A, B) -> Order(Key(A), Key(B)) end
             end,
    case {Unique, Answers} of
        {true, _} -> lists:usort(Before, Answers);
        {false, [Only]} -> _ = Key(Only), [Only];
        {false, _} -> lists:sort(Before, Answers)
    end.

kept(Stream, [], _) -> Stream;
kept(Stream, How, Options) ->
    Unique = case lists:member({unique, true}, How) of
                 true -> fun() -> unique(Stream, #{}) end;
                 false -> Stream
             end,
    case lists:keyfind(cache, 1, How) of
        {cache, list} ->
            fun() ->
                    Answers = to_list(Unique),
                    within(maps:get(max_list_size, Options, ?LIST_SIZE), Answers, caching, Options),
                    Answers
            end;
        _ -> Unique
    end.

unique([Answer | Stream], Seen) when is_map_key(Answer, Seen) -> unique(Stream, Seen);
unique([Answer | Stream], Seen) -> [Answer | fun() -> unique(Stream, Seen#{Answer => []}) end];
unique([], _) -> [];
unique(More, Seen) -> unique(more(More), Seen).

%% Lists are held in memory however long they are; where that was not wished, it is said or refused.
within(Most, Answers, Why, #{tmpdir_usage := Usage}) when Usage =/= allowed ->
    case larger(Answers, Most) of
        false -> ok;
        true when Usage =:= not_allowed -> throw({?MODULE, {error, qlc, {tmpdir_usage, Why}}});
        true ->
            Told = case Usage of
                       info_msg -> fun error_logger:info_msg/2;
                       warning_msg -> fun error_logger:warning_msg/2;
                       error_msg -> fun error_logger:error_msg/2
                   end,
            Told("qlc: temporary file was needed for ~w~n", [Why])
    end;
within(_, _, _, _) -> ok.

larger(_, infinity) -> false;
larger(_, Room) when Room < 0 -> true;
larger([Answer | Answers], Room) -> larger(Answers, Room - erlang:external_size(Answer));
larger([], _) -> false.

%%% Joins.

joined([Object | Stream], Position, Lookup, Pair) when tuple_size(Object) >= Position ->
    Found = traversed(Lookup(element(Position, Object))),
    [Pair(Object, Other) || Other <- Found] ++ fun() -> joined(Stream, Position, Lookup, Pair) end;
joined([_ | Stream], Position, Lookup, Pair) -> joined(Stream, Position, Lookup, Pair);
joined([], _, _, _) -> [];
joined(More, Position, Lookup, Pair) -> joined(more(More), Position, Lookup, Pair).

%% Both in the order of the elements compared.
merged(Stream1, P1, Stream2, P2, Options) ->
    {Group1, Rest1} = group(Stream1, P1),
    {Group2, Rest2} = group(Stream2, P2),
    merged(Group1, Rest1, P1, Group2, Rest2, P2, Options).

merged([], _, _, _, _, _, _) -> [];
merged(_, _, _, [], _, _, _) -> [];
merged([A | _] = As, Rest1, P1, [B | _] = Bs, Rest2, P2, Options) ->
    KeyA = element(P1, A),
    KeyB = element(P2, B),
    if
        KeyA < KeyB ->
            {Group1, More1} = group(Rest1, P1),
            merged(Group1, More1, P1, Bs, Rest2, P2, Options);
        KeyA > KeyB ->
            {Group2, More2} = group(Rest2, P2),
            merged(As, Rest1, P1, Group2, More2, P2, Options);
        true ->
            within(maps:get(max_list_size, Options, ?LIST_SIZE), Bs, joining, Options),
            [[X | Y] || X <- As, Y <- Bs] ++ fun() -> merged(Rest1, P1, Rest2, P2, Options) end
    end.

%% The objects with the next value of an element, and the rest of the stream.
group([Object | Stream], Position) when tuple_size(Object) >= Position ->
    group(Stream, Position, element(Position, Object), [Object]);
group([_ | Stream], Position) -> group(Stream, Position);
group([], _) -> {[], []};
group(More, Position) -> group(more(More), Position).

group([Object | Stream], Position, Key, Group) when element(Position, Object) == Key ->
    group(Stream, Position, Key, [Object | Group]);
group([Object | _] = Stream, Position, _, Group) when tuple_size(Object) >= Position -> {lists:reverse(Group), Stream};
group([_ | Stream], Position, Key, Group) -> group(Stream, Position, Key, Group);
group([], _, _, Group) -> {lists:reverse(Group), []};
group(More, Position, Key, Group) -> group(more(More), Position, Key, Group).

%%% Cursors.

%% @doc A process that gives answers, set up when this returns.
cursor(Query, Options) ->
    Owner = self(),
    Planned = parents(swerl_qlc_plan:plan(Query, Options)),
    Ref = make_ref(),
    How = case maps:get(spawn_options, Options, default) of
              default -> [link];
              Given -> Given -- [monitor]
          end,
    Pid = spawn_opt(fun() -> cursor_process(Owner, Ref, Options, Planned) end, How),
    Monitor = erlang:monitor(process, Pid),
    receive
        {Ref, ready} -> erlang:demonitor(Monitor, [flush]), {qlc_cursor, {Pid, Owner}};
        {Ref, {failed, Class, Reason, Stack}} ->
            erlang:demonitor(Monitor, [flush]),
            unlinked(Pid),
            erlang:raise(Class, Reason, Stack);
        {'DOWN', Monitor, process, Pid, Reason} -> exit(Reason)
    end.

%% @doc The next answers, so many at most, or all that remain.
next_answers({Pid, Owner}, Number) when is_pid(Pid) ->
    Owner =:= self() orelse error(not_cursor_owner),
    Ref = erlang:monitor(process, Pid),
    Pid ! {next, self(), Ref, Number},
    receive
        {Ref, {answers, Answers}} -> erlang:demonitor(Ref, [flush]), Answers;
        {Ref, {failed, Class, Reason, Stack}} ->
            erlang:demonitor(Ref, [flush]),
            erlang:raise(Class, Reason, Stack);
        {'DOWN', Ref, process, Pid, _} -> error({qlc_cursor_pid_no_longer_exists, Pid})
    end;
next_answers(_, _) -> error(badarg).

%% @doc Ends a cursor.
delete_cursor({Pid, Owner}) when is_pid(Pid) ->
    Owner =:= self() orelse error(not_cursor_owner),
    Ref = erlang:monitor(process, Pid),
    unlinked(Pid),
    Pid ! {stop, self()},
    receive {'DOWN', Ref, process, Pid, _} -> ok end;
delete_cursor(_) -> error(badarg).

unlinked(Pid) ->
    unlink(Pid),
    receive {'EXIT', Pid, _} -> ok after 0 -> ok end.

cursor_process(Owner, Ref, Options, Planned) ->
    Monitor = erlang:monitor(process, Owner),
    Self = self(),
    Stop = fun() -> Self ! {stop, Owner}, ok end,
    try evaluated(Options, Planned, Stop,
                  fun(Stream) -> Owner ! {Ref, ready}, cursor_loop(Stream, Owner, Monitor) end)
    catch
        Class:Reason:Stack -> Owner ! {Ref, {failed, Class, Reason, Stack}}
    end.

cursor_loop(Stream, Owner, Monitor) ->
    receive
        {next, Owner, Ref, Number} ->
            try take(Stream, Number, []) of
                {Answers, Rest} ->
                    Owner ! {Ref, {answers, Answers}},
                    cursor_loop(Rest, Owner, Monitor)
            catch
                throw:{?MODULE, Other} -> Owner ! {Ref, {answers, Other}};
                Class:Reason:Stack -> Owner ! {Ref, {failed, Class, Reason, Stack}}
            end;
        {stop, Owner} -> ok;
        {'DOWN', Monitor, process, Owner, _} -> ok
    end.

take(Stream, 0, Answers) -> {lists:reverse(Answers), Stream};
take([Answer | Stream], all_remaining, Answers) -> take(Stream, all_remaining, [Answer | Answers]);
take([Answer | Stream], N, Answers) -> take(Stream, N - 1, [Answer | Answers]);
take([], _, Answers) -> {lists:reverse(Answers), []};
take(More, N, Answers) -> take(more(More), N, Answers).
