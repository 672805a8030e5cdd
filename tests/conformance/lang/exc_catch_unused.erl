%% What catch gives, unused: terms that are built for nothing inside it.
-module(exc_catch_unused).
-export([main/0]).

main() ->
    p(a(1)), p(b(2)), p(c(3)), p(d([1, 2])), p(e(x)), p(f(5)).

a(X) -> catch {a, X}, ok.
b(X) -> catch [X | b], catch #{x => X}, ok.
c(X) -> catch (catch {X, X}), X.
d(X) -> catch length(X), catch hd(X), X.
e(X) -> catch <<X>>, catch fun() -> X end, X.
f(X) ->
    catch case X of
              5 -> {five, X};
              _ -> throw(X)
          end,
    X + 1.

p(X) -> io:format("~p~n", [X]).
