%% Records in records, in patterns, as keys of lists.
-module(rcd_assorted).
-export([main/0]).
-record(p, {x = 0, y = 0}). -record(c, {p = #p{x = 1}, r, t = []}).
main() -> io:format("~p~n", [run()]).

run() -> C = #c{r = 2}, C2 = C#c{p = (C#c.p)#p{y = 9}, t = [a | C#c.t]}, #c{p = #p{x = X, y = Y}, t = [T | _]} = C2, F = fun(#p{x = A} = P) when A > 0 -> P#p{x = A - 1}; (P) -> P end, {X, Y, T, F(#p{x = 2}), F(#p{}), [E#p.x || E <- [#p{x = 5}, #p{x = 6}]], #p.y, setelement(#p.x, #p{}, z), lists:keyfind(3, #p.y, [#p{y = 3}]), catch (C#c{p = 1})#c.p#p.x, is_record(C, c), is_record(C, p), tuple_to_list(#p{}), #p{_ = '_'}, case C2 of #c{r = 2, _ = _} -> m; _ -> n end}.
