%%% Runs a random program without compiling it: its forms are evaluated by `erl_eval', as in the shell and in scripts.
-module(random_eval).
-export([main/1]).

%% What comes of each call in the program's `main', or nothing where the program has mistakes.
main(Source) ->
    {ok, Forms} = epp:parse_file(Source, [{features, [maybe_expr]}]),
    case erl_lint:module(Forms) of
        {ok, _} ->
            Functions = maps:from_list([{{N, A}, Clauses} || {function, _, N, A, Clauses} <- erl_expand_records:module(Forms, [])]),
            [{clause, _, [], [], [Calls]}] = maps:get({main, 0}, Functions),
            [call(Call, Functions) || Call <- elements(Calls)];
        {error, _, _} -> []
    end.

elements({cons, _, Head, Tail}) -> [Head | elements(Tail)];
elements({nil, _}) -> [].

call({call, _, {atom, _, t}, [{integer, _, N}, {'fun', _, {clauses, [{clause, _, [], [], Body}]}}]}, Functions) ->
    {N, try {value, Value, _} = body(Body, erl_eval:new_bindings(), Functions), {ok, plain(Value)}
        catch error:{badarity, _} -> badarity; Class:Reason -> {Class, plain(Reason)} end}.

body(Body, Bindings, Functions) -> erl_eval:exprs(Body, Bindings, handler(Functions)).

handler(Functions) -> {eval, fun(Name, Args, Bindings) -> local(Name, Args, Bindings, Functions) end}.

local(Name, Args, Bindings, Functions) ->
    {Values, After} = erl_eval:expr_list(Args, Bindings, handler(Functions)),
    Key = {Name, length(Values)},
    case Functions of
        #{Key := Clauses} ->
            case erl_eval:match_clause(Clauses, Values, erl_eval:new_bindings(), handler(Functions)) of
                {Body, Bound} -> {value, Value, _} = body(Body, Bound, Functions), {value, Value, After};
                nomatch -> error({function_clause, Key})
            end;
        #{} -> error({undef, Key})
    end.

%% Without funs and stacks, which differ.
plain(F) when is_function(F) -> {a_fun, element(2, erlang:fun_info(F, arity))};
plain(P) when is_pid(P) -> a_pid;
plain({badarity, _}) -> badarity;
plain({Reason, [{M, F, _, L} | _]}) when is_atom(M), is_atom(F), is_list(L) -> {plain(Reason), stack};
plain([Head | Tail]) -> [plain(Head) | plain(Tail)];
plain(T) when is_tuple(T) -> list_to_tuple(plain(tuple_to_list(T)));
plain(M) when is_map(M) -> {map, plain(lists:sort(maps:to_list(M)))};
plain(Other) -> Other.
