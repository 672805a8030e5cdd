%%% Walks over trees of Core Erlang. A node comes after its parts, and these from left to right.
-module(cerl_trees).

-include("core_parse.hrl").

-export([depth/1, fold/3, free_variables/1, map/2, mapfold/3, mapfold/4,
         next_free_variable_name/1, size/1, variables/1]).

%% How many nodes lie above each other.
-spec depth(cerl:cerl()) -> non_neg_integer().
depth(Tree) ->
    case cerl:subtrees(Tree) of
        [] -> 0;
        Groups -> 1 + lists:max([0 | [depth(Part) || Part <- lists:append(Groups)]])
    end.

%% How many nodes there are.
-spec size(cerl:cerl()) -> non_neg_integer().
size(Tree) ->
    fold(fun(_, Count) -> Count + 1 end, 0, Tree).

-spec fold(fun((cerl:cerl(), Acc) -> Acc), Acc, cerl:cerl()) -> Acc.
fold(Fun, Acc, Tree) ->
    %% What a map is made from does not count.
    Parts = case Tree of
                #c_map{es = Pairs} -> Pairs;
                _ -> lists:append(parts(Tree))
            end,
    Fun(Tree, lists:foldl(fun(Part, A) -> fold(Fun, A, Part) end, Acc, Parts)).

-spec map(fun((cerl:cerl()) -> cerl:cerl()), cerl:cerl()) -> cerl:cerl().
map(Fun, Tree) ->
    {Changed, none} = mapfold(fun(Node, none) -> {Fun(Node), none} end, none, Tree),
    Changed.

-spec mapfold(fun((cerl:cerl(), Acc) -> {cerl:cerl(), Acc}), Acc, cerl:cerl()) -> {cerl:cerl(), Acc}.
mapfold(Fun, Acc, Tree) ->
    mapfold(fun(Node, A) -> {Node, A} end, Fun, Acc, Tree).

%% The same with a function for nodes before their parts; `skip' for one means that it stays as it is.
-spec mapfold(fun((cerl:cerl(), Acc) -> {cerl:cerl(), Acc} | skip), fun((cerl:cerl(), Acc) -> {cerl:cerl(), Acc}), Acc,
              cerl:cerl()) -> {cerl:cerl(), Acc}.
mapfold(Before, After, Acc0, Tree0) ->
    case Before(Tree0, Acc0) of
        skip ->
            {Tree0, Acc0};
        {Tree, Acc1} ->
            One = fun(Part, A) -> mapfold(Before, After, A, Part) end,
            {Groups, Acc} = lists:mapfoldl(fun(Parts, A) -> lists:mapfoldl(One, A, Parts) end, Acc1, parts(Tree)),
            After(changed(Tree, Groups), Acc)
    end.

%% The parts in groups; of maps also what they are made from, and of constant lists and tuples what they hold, which
%% cerl:subtrees/1 leaves out.
parts(#c_map{arg = Map, es = Pairs}) -> [[Map], Pairs];
parts(#c_literal{val = [_ | _]} = Tree) -> [[cerl:cons_hd(Tree)], [cerl:cons_tl(Tree)]];
parts(#c_literal{val = Value} = Tree) when is_tuple(Value), Value =/= {} -> [cerl:tuple_es(Tree)];
parts(Tree) -> cerl:subtrees(Tree).

changed(Tree, []) -> Tree;
changed(#c_map{} = Tree, [[Map], Pairs]) -> cerl:update_c_map(Tree, Map, Pairs);
changed(#c_literal{val = [_ | _]} = Tree, [[Head], [Tail]]) -> cerl:update_c_cons(Tree, Head, Tail);
changed(#c_literal{} = Tree, [Elements]) -> cerl:update_c_tuple(Tree, Elements);
changed(Tree, Groups) -> cerl:update_tree(Tree, Groups).

%% The names of all variables, functions among them.
-spec variables(cerl:cerl()) -> ordsets:ordset(cerl:var_name()).
variables(Tree) ->
    Name = fun(#c_var{name = Name}, Names) -> [Name | Names];
              (_, Names) -> Names
           end,
    lists:usort(walked(Name, [], Tree)).

walked(Fun, Acc, Tree) ->
    Fun(Tree, lists:foldl(fun(Part, A) -> walked(Fun, A, Part) end, Acc, lists:append(parts(Tree)))).

%% Those of the variables that something outside of the tree binds.
-spec free_variables(cerl:cerl()) -> ordsets:ordset(cerl:var_name()).
free_variables(#c_var{name = Name}) ->
    [Name];
free_variables(#c_let{vars = Vars, arg = Arg, body = Body}) ->
    ordsets:union(free_variables(Arg), without(Vars, free_variables(Body)));
free_variables(#c_fun{vars = Vars, body = Body}) ->
    without(Vars, free_variables(Body));
free_variables(#c_clause{pats = Pats, guard = Guard, body = Body}) ->
    %% As in OTP, the variables that keys and sizes take from outside do not count.
    Inside = ordsets:union(free_variables(Guard), free_variables(Body)),
    ordsets:subtract(Inside, ordsets:union([variables(Pat) || Pat <- Pats]));
free_variables(#c_try{arg = Arg, vars = Vars, body = Body, evars = EVars, handler = Handler}) ->
    ordsets:union([free_variables(Arg), without(Vars, free_variables(Body)), without(EVars, free_variables(Handler))]);
free_variables(#c_letrec{defs = Defs, body = Body} = Tree) ->
    without(cerl:letrec_vars(Tree), free_of_all([Body | [Fun || {_, Fun} <- Defs]]));
free_variables(#c_module{defs = Defs} = Tree) ->
    without(cerl:module_vars(Tree), free_of_all([Fun || {_, Fun} <- Defs]));
free_variables(Tree) ->
    free_of_all(lists:append(parts(Tree))).

free_of_all(Trees) -> ordsets:union([free_variables(Tree) || Tree <- Trees]).

without(Vars, Names) -> ordsets:subtract(Names, lists:usort([Name || #c_var{name = Name} <- Vars])).

%% A number that is no variable's name.
-spec next_free_variable_name(cerl:cerl()) -> non_neg_integer().
next_free_variable_name(Tree) ->
    1 + lists:max([-1 | [Name || Name <- variables(Tree), is_integer(Name)]]).
