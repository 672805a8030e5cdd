%% Calls of what is no fun, or one of another arity: who is blamed, and how often.
-module(stk_bad_funs).
-export([main/0, tail/1, body/1, no_fun/1, no_fun_last/1, in_case/1]).

main() ->
    [show(Function, Argument)
     || {Function, Argument} <- [{tail, fun(_) -> 1 end}, {body, fun(_) -> 1 end}, {body, fun lists:map/2},
                                 {body, fun lists:map/3}, {no_fun, 17}, {no_fun_last, 17}, {in_case, fun(_) -> 1 end}]],
    ok.

show(Function, Argument) ->
    try ?MODULE:Function(Argument) of
        Result -> io:format("~p: ~p~n", [Function, Result])
    catch
        Class:Reason:Stack ->
            Frames = [{F, A, proplists:get_value(line, Info)} || {?MODULE, F, A, Info} <- Stack, erlang:function_exported(?MODULE, F, A), F =/= main],
            io:format("~p: ~p ~p ~p~n", [Function, Class, kind(Reason), Frames])
    end.

kind({Kind, _}) -> Kind;
kind(Kind) -> Kind.

tail(F) -> F().

body(F) ->
    X = F(1, 2, 3),
    {X}.

no_fun(F) ->
    X = F(1),
    {X}.

no_fun_last(F) -> F(1).

in_case(F) ->
    case F() of
        true -> 1;
        _ -> 2
    end.
