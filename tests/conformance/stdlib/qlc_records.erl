%% qlc: records in patterns, conditions and answers
-module(qlc_records).
-export([main/0]).
-include_lib("stdlib/include/qlc.hrl").
-record(r, {a, b = 1}).
main() ->
  T = ets:new(t, [named_table,{keypos,2}]), ets:insert(T, [#r{a=I,b=I} || I <- [1,2,3]]),
  p(qlc:q([X || #r{a = X, b = 1} <- ets:table(T)])),
  p(qlc:q([X || X <- ets:table(T), X#r.a =:= 1])),
  p(qlc:q([X#r.b || X <- ets:table(T), X#r.a =:= 1])),
  p(qlc:q([#r{a=X} || #r{a=X} <- ets:table(T)])),
  p(qlc:q([X#r{a=1} || X <- ets:table(T)])),
  p(qlc:q([X || X <- ets:table(T), is_record(X, r), X#r.b > 1])),
  p(qlc:q([X || #r{_ = 1, a = X} <- ets:table(T)])),
  p(qlc:q([#r.b || #r{} <- ets:table(T)])),
  p(qlc:q([{X,Y} || #r{a=X} <- ets:table(T), #r{b=Y} <- ets:table(T), X =:= Y])),
  p(qlc:q([{X,Y} || X <- ets:table(T), Y <- ets:table(T), X#r.a =:= Y#r.b])).
p(Q) -> io:format("~ts~n   = ~p~n", [qlc:info(Q), qlc:e(Q)]).
