%% -*- coding: utf-8 -*-
%% eunit: what a listener is told of groups, fixtures, order, time limits and mistakes
-module(eunit_listeners).
-include_lib("eunit/include/eunit.hrl").
-export([main/0,start/1,init/1,handle_begin/3,handle_end/3,handle_cancel/3,terminate/2]).
-behaviour(eunit_listener).
start(O) -> eunit_listener:start(?MODULE, O).
init(_O) -> receive {start,_R} -> [] end.
sd(D) -> lists:sort([case P of {status,{error,{A,B,_}}} -> {status,{A,B}}; {reason,{X,{A,B,_}}} -> {reason,{X,A,B}}; {reason,{timeout,_}} -> {reason,timeout}; {reason,{abort,{generator_failed,_}}} -> {reason,genf}; _ -> P end || P <- D, element(1,P) =/= time]).
handle_begin(K,D,S) -> io:format("b ~p ~0p~n",[K,sd(D)]), S.
handle_end(K,D,S) -> io:format("e ~p ~0p~n",[K,sd(D)]), S.
handle_cancel(K,D,S) -> io:format("c ~p ~0p~n",[K,sd(D)]), S.
terminate(R,_S) -> io:format("terminate ~p~n",[R]).
r(T) -> io:format("~n"), io:format("~p~n",[eunit:test(T,[no_tty,{report,{?MODULE,[]}}])]).
main() ->
 r([]),
 r({setup,fun() -> 1 end, fun(_) -> ok end, fun(X) -> {"one",[?_assertEqual(1,X)]} end}),
 r({setup,fun() -> 1 end, fun(_) -> error(cl) end, fun(X) -> {"one",[?_assertEqual(1,X)]} end}),
 r({foreach,fun() -> 1 end, fun(_) -> ok end, [fun(X) -> {"one",[?_assertEqual(1,X)]} end, fun(X) -> ?_assertEqual(1,X) end]}),
 r({spawn,[fun() -> ok end,fun() -> exit(self(),kill), timer:sleep(1000) end]}),
 r({inparallel,[fun() -> ok end]}),
 r({timeout,0.05,[{"in",[fun() -> timer:sleep(500) end]},fun() -> ok end]}),
 r([{"in",[fun() -> timer:sleep(1) end]},{"in",{timeout,0.05,fun() -> timer:sleep(200) end}}, fun() -> ok end]),
 r({generator,fun() -> error(x) end}),
 r({"a",[{"b",[{generator,fun() -> [] end},foo_no_module]}]}),
 r({inorder,{"x",[fun() -> ok end]}}),
 r({"x",{inorder,[fun() -> ok end]}}),
 r([{"g",[fun() -> ok end,fun() -> ok end,{generator,fun() -> error(x) end}]},fun() -> ok end]),
 r([{"g",[{"h",[fun() -> ok end,fun() -> ok end,nosuchm]}]},fun() -> ok end]),
 r({foreach,local,fun() -> 1 end, fun(_) -> ok end, [fun(X) -> {"one",[?_assertEqual(1,X)]} end, fun(X) -> ?_assertEqual(1,X) end]}),
 r({setup,local,fun() -> 1 end, fun(_) -> ok end, {"kk",[fun() -> ok end,fun() -> ok end]}}),
 r({setup,fun() -> 1 end, fun(_) -> ok end, {"kk",[fun() -> ok end,fun() -> ok end]}}),
 r({"oo",{setup,fun() -> 1 end, fun(_) -> ok end, {"kk",[fun() -> ok end,fun() -> ok end]}}}),
 r({inparallel,[fun() -> ok end,fun() -> ok end,{"kk",[fun() -> ok end,fun() -> ok end]}]}),
 r({inorder,[fun() -> ok end,{inparallel,{"kk",[fun() -> ok end,fun() -> ok end]}}]}),
 r({timeout,3,{"x",[fun() -> ok end,{timeout,2,{"kk",[fun() -> ok end,fun() -> ok end]}}]}}),
 r(fun() -> throw({skip,this}) end).
