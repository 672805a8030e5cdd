%% The text of a pid: fifteen bits of its number, then the rest as serial; and back.
-module(pid_text).
-export([main/0]).

main() ->
    Last = lists:foldl(fun(_, _) -> spawn(fun() -> ok end) end, none, lists:seq(1, 40000)),
    [[$0], Number, Serial] = string:lexemes(pid_to_list(Last), "<.>"),
    io:format("~p ~p~n", [list_to_integer(Number) < 32768, list_to_integer(Serial) > 0]),
    io:format("~p~n", [list_to_pid(pid_to_list(Last)) =:= Last]),
    Texts = ["<0.32767.0>", "<0.32768.0>", "<0.5.1>", "<0.5.8191>", "<0.5.8192>", "<0.-1.0>", "<0.1>", "<0.1.2",
             "<0.1.2>x", "0.1.2", "<0.1.2.3>", "<0.a.2>", "<>", ""],
    [io:format("~s ~p~n", [T, catch element(1, {list_to_pid(T)})]) || T <- Texts, is_pid(catch list_to_pid(T))],
    [io:format("~s ~p~n", [T, catch list_to_pid(T)]) || T <- ["<0.5.1>", "<0.32767.8191>"]],
    [io:format("~s refused~n", [T]) || T <- Texts, not is_pid(catch list_to_pid(T))],
    io:format("~w~n", [lists:sort([list_to_pid(T) || T <- ["<0.5.7>", "<0.6.3>", "<0.4.9>", "<0.9.0>", "<0.8.0>"]])]),
    io:format("~w~n", [term_to_binary(list_to_pid("<0.32767.8191>"))]),
    io:format("~w~n", [erlang:phash2(list_to_pid("<0.5.7>"))]),
    io:format("~w~n", [binary_to_term(term_to_binary(list_to_pid("<0.5.7>")))]).
