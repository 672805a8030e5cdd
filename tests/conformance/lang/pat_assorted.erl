%% Matches in bodies, of all sorts.
-module(pat_assorted).
-export([main/0]).
main() -> io:format("~p~n", [run()]).

run() -> [catch F() || F <- [fun() -> {A, B} = {1, 2}, {B, A} = {A, B} end, fun() -> [H | T] = "abc", {H, T} end, fun() -> "ab" ++ R = "abcd", R end, fun() -> #{a := #{b := [X]}} = #{a => #{b => [7]}}, X end, fun() -> {ok, <<N:16>>} = {ok, <<1, 2>>}, N end, fun() -> [A, A] = [1, 1.0] end, fun() -> (fun({X, X}) -> X; (_) -> no end)({1, 1}) end, fun() -> X = Y = 3, X + Y end, fun() -> {X, _} = {_, Y} = {1, 2}, X + Y end, fun() -> _ = 1, _ = 2 end, fun() -> [1, 2 | 3] = [1 | [2 | 3]] end, fun() -> -1 = 0 - 1 end, fun() -> $a = 97 end, fun() -> 1 + 2 = 3 end, fun() -> "abc" = [97, $b, 99] end, fun() -> <<"abc">> = <<97, "bc">> end, fun() -> {[], {}, <<>>, #{}} = {"", {}, <<"">>, #{x => 1}} end]].
