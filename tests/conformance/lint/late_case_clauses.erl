-module(late_case_clauses).
-export([main/0]).
main() -> case {1, 2} of {X, X} -> a; {_, _, _} -> b; 1 -> c; {1, Y} -> Y end, case [] of [_ | _] -> a; [] -> b end, case foo() of {ok, _} -> a; _ -> b; error -> c end, case <<1>> of <<>> -> a; _ -> b end, case #{} of #{a := 1} -> x; _ -> y end, case true of true -> 1; false -> 2; other -> 3 end, case 1 > 2 of true -> a; maybe_ -> b; false -> c; _ -> d end, case is_atom(foo()) of 1 -> a; true -> b end.
foo() -> self().
