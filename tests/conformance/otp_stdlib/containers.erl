%% Every function of eight modules on arguments drawn from a pool: what comes back, as a hash, and
%% what is raised, by class.
-module(containers).
-export([main/0]).

-define(CALLS, 150).

main() ->
    [module(M) || M <- [orddict, ordsets, gb_trees, gb_sets, queue, dict, proplists, lists]],
    ok.

module(M) ->
    Functions = lists:sort([FA || {F, _} = FA <- M:module_info(exports), F =/= module_info,
                                  lists:member(FA, documented(M))]),
    [io:format("~w:~w/~w ~w~n", [M, F, A, calls(M, F, A)]) || {F, A} <- Functions].

%% What users may call; other exports serve inner purposes.
documented(orddict) ->
    [{append, 3}, {append_list, 3}, {erase, 2}, {fetch, 2}, {fetch_keys, 1}, {filter, 2}, {find, 2},
     {fold, 3}, {from_list, 1}, {is_empty, 1}, {is_key, 2}, {map, 2}, {merge, 3}, {new, 0}, {size, 1},
     {store, 3}, {take, 2}, {to_list, 1}, {update, 3}, {update, 4}, {update_counter, 3}];
documented(dict) ->
    documented(orddict);
documented(ordsets) ->
    [{add_element, 2}, {del_element, 2}, {filter, 2}, {fold, 3}, {from_list, 1}, {intersection, 1},
     {intersection, 2}, {is_disjoint, 2}, {is_element, 2}, {is_empty, 1}, {is_set, 1}, {is_subset, 2},
     {new, 0}, {size, 1}, {subtract, 2}, {to_list, 1}, {union, 1}, {union, 2}];
documented(gb_trees) ->
    [{balance, 1}, {delete, 2}, {delete_any, 2}, {empty, 0}, {enter, 3}, {from_orddict, 1}, {get, 2},
     {insert, 3}, {is_defined, 2}, {is_empty, 1}, {iterator, 1}, {iterator_from, 2}, {keys, 1},
     {largest, 1}, {lookup, 2}, {map, 2}, {next, 1}, {size, 1}, {smallest, 1}, {take, 2},
     {take_any, 2}, {take_largest, 1}, {take_smallest, 1}, {to_list, 1}, {update, 3}, {values, 1}];
documented(gb_sets) ->
    [{add, 2}, {balance, 1}, {del_element, 2}, {delete, 2}, {delete_any, 2}, {difference, 2}, {empty, 0},
     {filter, 2}, {fold, 3}, {from_list, 1}, {from_ordset, 1}, {insert, 2}, {intersection, 1},
     {intersection, 2}, {is_disjoint, 2}, {is_empty, 1}, {is_member, 2}, {is_set, 1}, {is_subset, 2},
     {iterator, 1}, {iterator_from, 2}, {largest, 1}, {new, 0}, {next, 1}, {singleton, 1}, {size, 1},
     {smallest, 1}, {subtract, 2}, {take_largest, 1}, {take_smallest, 1}, {to_list, 1}, {union, 1},
     {union, 2}];
documented(queue) ->
    [{all, 2}, {any, 2}, {cons, 2}, {daeh, 1}, {delete, 2}, {delete_r, 2}, {delete_with, 2},
     {delete_with_r, 2}, {drop, 1}, {drop_r, 1}, {filter, 2}, {filtermap, 2}, {fold, 3}, {from_list, 1},
     {get, 1}, {get_r, 1}, {head, 1}, {in, 2}, {in_r, 2}, {init, 1}, {is_empty, 1}, {is_queue, 1},
     {join, 2}, {last, 1}, {len, 1}, {liat, 1}, {member, 2}, {new, 0}, {out, 1}, {out_r, 1}, {peek, 1},
     {peek_r, 1}, {reverse, 1}, {snoc, 2}, {split, 2}, {tail, 1}, {to_list, 1}];
documented(proplists) ->
    [{append_values, 2}, {compact, 1}, {delete, 2}, {expand, 2}, {from_map, 1}, {get_all_values, 2},
     {get_bool, 2}, {get_keys, 1}, {get_value, 2}, {get_value, 3}, {is_defined, 2}, {lookup, 2},
     {lookup_all, 2}, {normalize, 2}, {property, 1}, {property, 2}, {split, 2}, {substitute_aliases, 2},
     {substitute_negations, 2}, {to_map, 1}, {to_map, 2}, {unfold, 1}];
documented(lists) ->
    lists:module_info(exports) -- [{zf, 2}, {module_info, 0}, {module_info, 1}].

%% The outcomes of the calls: how many answered, how many raised, and a hash of all.
calls(M, F, A) ->
    {Outcomes, _} = lists:mapfoldl(fun(_, Seed0) ->
                                           {Args, Seed} = args(M, A, Seed0),
                                           {outcome(M, F, Args), Seed}
                                   end, erlang:phash2({M, F, A}), lists:seq(1, ?CALLS)),
    Answers = [V || {value, V} <- Outcomes],
    {length(Answers), lists:sum([1 || {error, _} <- Outcomes]), erlang:phash2(Outcomes)}.

outcome(M, F, Args) ->
    try plain(apply(M, F, Args)) of
        Value -> {value, Value}
    catch
        throw:_ -> {throw, thrown};
        Class:_ -> {Class, raised}
    end.

%% Funs are told apart by their arity alone.
plain(Fun) when is_function(Fun) -> {'fun', erlang:fun_info(Fun, arity)};
plain([H | T]) -> [plain(H) | plain(T)];
plain(Tuple) when is_tuple(Tuple) -> list_to_tuple(plain(tuple_to_list(Tuple)));
plain(Map) when is_map(Map) -> {map, plain(lists:sort(maps:to_list(Map)))};
plain(Other) -> Other.

args(_, 0, Seed) ->
    {[], Seed};
args(M, N, Seed0) ->
    {Arg, Seed1} = arg(M, Seed0),
    {Args, Seed} = args(M, N - 1, Seed1),
    {[Arg | Args], Seed}.

%% Mostly what the module is about; sometimes something else.
arg(M, Seed0) ->
    {Kind, Seed} = draw(9, Seed0),
    case Kind of
        K when K < 4 -> structure(M, Seed);
        4 -> key(Seed);
        5 -> key(Seed);
        6 -> function(M, Seed);
        7 -> list(fun(S) -> structure(M, S) end, Seed);
        8 when M =:= lists; M =:= proplists -> {lists:nth(1 + Seed rem 5, [#{a => 1}, "text", <<"x">>, [a | b], 2.0]), Seed};
        8 -> {lists:nth(1 + Seed rem 4, [#{a => 1}, <<"x">>, 2.0, c]), Seed}
    end.

structure(M, Seed0) when M =:= lists; M =:= proplists ->
    {Kind, Seed} = draw(2, Seed0),
    case Kind of
        0 -> list(fun pair/1, Seed);
        1 -> list(fun key/1, Seed)
    end;
structure(M, Seed0) when M =:= ordsets; M =:= gb_sets; M =:= queue ->
    {List, Seed} = list(fun key/1, Seed0),
    {M:from_list(List), Seed};
structure(M, Seed0) when M =:= orddict; M =:= dict ->
    {List, Seed} = list(fun pair/1, Seed0),
    {M:from_list(List), Seed};
structure(gb_trees, Seed0) ->
    {List, Seed} = list(fun pair/1, Seed0),
    {gb_trees:from_orddict(orddict:from_list(List)), Seed}.

key(Seed0) ->
    {N, Seed} = draw(16, Seed0),
    {element(N + 1, {0, 1, 2, 3, 4, 5, 7, 2.5, a, b, c, {a, 1, x}, "s", -1, {}, true}), Seed}.

pair(Seed0) ->
    {Key, Seed1} = key(Seed0),
    {Value, Seed} = key(Seed1),
    {{Key, Value}, Seed}.

%% A fun has no place among keys of dict: it hashes differently from one compilation to the next.
function(dict, Seed) ->
    key(Seed);
function(_, Seed0) ->
    {N, Seed} = draw(8, Seed0),
    {element(N + 1, {fun(X) -> X =:= 1 end, fun(X) -> is_integer(X) end, fun(X) -> [X, X] end,
                     fun(X) -> {X, 1} end, fun(X, Y) -> X =< Y end, fun(X, Y) -> [X | Y] end,
                     fun(_, X, Y) -> {X, Y} end, fun(X, Y) -> {X, Y} end}), Seed}.

list(Element, Seed0) ->
    {N, Seed} = draw(7, Seed0),
    lists:mapfoldl(fun(_, S) -> Element(S) end, Seed, lists:seq(1, N)).

%% A number below N, and the next seed.
draw(N, Seed0) ->
    Seed = (Seed0 * 1103515245 + 12345) band 16#7fffffff,
    {(Seed bsr 8) rem N, Seed}.
