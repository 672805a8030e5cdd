%% Operators on constants that a choice between constants makes known, and signs of zeros that come of it.
-module(flt_negated_choice).
-export([main/0]).

main() ->
    io:format("~w ~w ~w ~w~n", [negated(), twice(), summed(), halved()]),
    io:format("~w~n", [[of_many(atom), -list_to_float(of_text()), -binary_to_float(<<"0.0">>)]]),
    {'EXIT', {Reason, _}} = (catch failing()),
    io:format("~w ~w~n", [in_list(), Reason]).

negated() -> - case 97 of $a -> 0.0; _ -> 2.0 end.

twice() -> - - case a of a -> 0.0; _ -> 2.0 end.

summed() -> -(case {1, 2} of {1, _} -> 0.5; _ -> 2.0 end) + 0.5.

halved() -> - (case 1 of 1 -> 0.0; _ -> 3 end / 2).

in_list() -> [-X || X <- [case ok of ok -> 0.0; _ -> 1 end, 0.0, -0.0, 0]].

failing() -> - (case ok of ok -> 1.0e308; _ -> 1 end * 100.0).

of_many(V) ->
    - abs(65535 * case {a, 1} of
                      {} -> V;
                      _ -> case V of 1 -> ok; _ -> ok end, 0.0
                  end).

of_text() -> "0.0".
