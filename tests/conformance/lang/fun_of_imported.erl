%% `fun f/1' of a function that needs no import is a fun of the module; with a local function of that name it is that.
-module(fun_of_imported).
-compile({no_auto_import, [size/1]}).
-export([main/0]).

main() ->
    Funs = [fun abs/1, fun max/2, fun self/0, fun size/1, fun erlang:abs/1, fun own/1],
    [io:format("~w ~w ~w~n", [F, A, erlang:fun_info(Fun, type)])
     || Fun <- Funs, {arity, A} <- [erlang:fun_info(Fun, arity)], {module, F} <- [erlang:fun_info(Fun, module)]],
    io:format("~p~n", [fun erlang:abs/1]),
    io:format("~w~n", [[lists:map(fun abs/1, [-1, 2]), (fun max/2)(1, 2), (fun self/0)() =:= self(), (fun size/1)(x), own(fun length/1)]]),
    io:format("~w~n", [try (id(fun abs/1))(a) catch error:R:S -> {R, [{M, F} || {M, F, _, _} <- S, M =:= erlang]} end]).

size(_) -> mine.
own(F) -> F([1, 2]).
id(X) -> X.
