%%% The transform of modules under test: exports the functions that are tests or generators of tests,
%%% and adds test/0, which runs them.
-module(eunit_autoexport).

-export([parse_transform/2]).
-export([is_test/2]).

%% @doc Called by the compiler.
parse_transform(Forms, Options) ->
    Functions = [{Name, Arity} || {function, _, Name, Arity, _} <- Forms],
    Tests = [Function || {Name, 0} = Function <- Functions, is_test(Name, Options)],
    Own = case lists:member({test, 0}, Functions) of
              true -> [];
              false -> [{test, 0}]
          end,
    rewrite(Forms, lists:usort(Tests ++ Own), Own, module(Forms)).

module(Forms) ->
    hd([Module || {attribute, _, module, Name} <- Forms, Module <- [module_name(Name)]] ++ [undefined]).

module_name({Name, _Parameters}) -> Name;
module_name(Name) -> Name.

%% @doc Whether a function of a name is a test or a generator, by its suffix.
is_test(Name, Options) ->
    Text = atom_to_list(Name),
    Suffixes = [proplists:get_value(eunit_test_suffix, Options, "_test"),
                proplists:get_value(eunit_generator_suffix, Options, "_test_")],
    lists:any(fun(Suffix) -> lists:suffix(Suffix, Text) end, Suffixes).

%% The exports come after the module attribute, the function at the end.
rewrite([{attribute, Anno, module, _} = Form | Forms], Exports, Own, Module) ->
    [Form, {attribute, Anno, export, Exports} | rewrite(Forms, Exports, Own, Module)];
rewrite([{eof, _} = Form], _, Own, Module) ->
    own_function(Own, Module) ++ [Form];
rewrite([Form | Forms], Exports, Own, Module) ->
    [Form | rewrite(Forms, Exports, Own, Module)];
rewrite([], _, Own, Module) ->
    own_function(Own, Module).

own_function([{test, 0}], Module) ->
    A = erl_anno:new(0),
    Call = {call, A, {remote, A, {atom, A, eunit}, {atom, A, test}}, [{atom, A, Module}]},
    [{function, A, test, 0, [{clause, A, [], [], [Call]}]}];
own_function([], _) ->
    [].
