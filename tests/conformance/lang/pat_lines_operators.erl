%%% The lines of stack traces: `andalso` and `orelse`, updates of records and fields of records over several lines,
%%% the end of a module's last function, sorting what is no proper list.
-module(pat_lines_operators).
-export([main/0, a/1, b/1, c/1, d/1, e/1, g/1, h/1, i/1, j/1, k/1, l/1, id/1, last/1]).

-record(r, {x, y, z}).

main() ->
    [io:format("~w: ~p~n", [F, try ?MODULE:F(3) catch C:R:S -> {C, R, top(S)} end])
     || F <- [a, b, c, d, e, g, h, i, j, k, l, last]],
    [io:format("~w ~w: ~p~n", [F, L, try apply(lists, F, [L]) catch C:R:S -> {C, R, element(2, hd(S))} end])
     || {F, L} <- [{sort, [1 | x]}, {usort, [1 | x]}, {sort, x}, {usort, x}, {usort, [2, 1, 2]}, {usort, [1]}, {usort, []}]].

top([{M, F, A, L} | _]) -> {M, F, A, proplists:get_value(line, L)}.

a(X) ->
    X
    andalso
    true.

b(X) ->
    begin Y = X,
    Y end
    orelse
    true.

c(X) ->
    true andalso
    X
    andalso
    true.

d(X) ->
    (true andalso
     X)
    andalso
    true.

e(X) ->
    (begin X,
     id(X) end)
    #r
    .x.

g(X) ->
    (begin X,
     id(X) end)
    #r
    {x = 1}.

h(X) ->
    (begin X,
     id(X) end)
    #r
    {}.

i(X) ->
    (begin X,
     id(X) end)
    #r
    {z = 1,
     x = 2,
     y = 3}.

j(X) ->
    ((#r{x =
         X})
     #r.x)
    #r{}.

k(X) ->
    (#r{x =
        X}
     #r.x)
    #r{y = 1,
       z = 2}.

l(X) ->
    (id(
      X))
    #r{z =
       1}.

id(X) -> X.

last(X) ->
    case X of
        {a, Y} -> Y
    end.
