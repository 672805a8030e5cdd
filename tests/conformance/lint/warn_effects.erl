-module(warn_effects).
-export([f/1, g/1, h/1, i/1, j/1]).
-record(r, {a, b = 1}).
f(X) -> #{}#{}, #{a => 1}#{}, X#{}, X#{a => 1}, {X#{a => {b}}}, -1, {-1}, ok.
g(X) -> #r{a = X}, X#r.a, X#r{a = 1}, #r.a, is_record(X, r), ok.
h(X) -> [exit(1) | X], maps:is_key(a, X), maps:get(a, X), ok.
i(X) -> try 1 after 2 end, try {a}, X catch _:_ -> {b}, 1 end, <<1:(-1)>>, ok.
j(X) -> a = catch b, list_to_integer("x"), list_to_float("1"), X.
