%% -*- coding: utf-8 -*-
%% eunit: failures of all macros and fixtures, plain and verbose
-module(eunit_failures).
-include_lib("eunit/include/eunit.hrl").
-export([main/0]).
main() ->
  R = eunit:test(?MODULE), io:format("~p~n",[R]),
  R2 = eunit:test(?MODULE,[verbose]), io:format("~p~n",[R2]).

a_test() -> ok.
b_test() -> ?assertEqual(1,2).
c_test() -> ?assertEqual(1,2,"comment").
d_test() -> ?assert(1 =:= 2).
d2_test() -> ?assert(foo).
d3_test() -> ?assertNot(true).
d4_test() -> ?assertNot(foo).
d5_test() -> ?assert(false, <<"bin comment">>).
e_test() -> ?assertMatch({ok,_}, {error,x}).
e2_test() -> ?assertMatch({ok,_}, {error,x}, "cm").
f_test() -> ?assertNotMatch({error,_}, {error,x}).
g_test() -> ?assertNotEqual(1,1).
h_test() -> ?assertException(error, badarg, ok).
h2_test() -> ?assertException(error, badarg, error(foo)).
h3_test() -> ?assertError(badarg, throw(x)).
h4_test() -> ?assertExit(normal, exit(other)).
h5_test() -> ?assertThrow(x, throw(y), "tcm").
h6_test() -> ?assertNotException(error, badarg, error(badarg)).
i_test() -> ?assertCmd("exit 3").
i2_test() -> ?assertCmdStatus(2,"exit 3").
i3_test() -> ?assertCmdOutput("foo\n","echo bar").
i4_test() -> ?cmd("exit 1").
i5_test() -> io:format("~p~n", [?cmd("echo hej")]).
j_test() -> error(some_error).
j2_test() -> exit(some_exit).
j3_test() -> throw(some_throw).
k_test() -> io:format("output here~n"), error(with_output).
l_test_() -> [?_assert(true), ?_assertEqual(2,3), {"titled", ?_assert(false)}, ?_test(ok), fun() -> ok end, {?LINE, fun() -> ok end}, {?MODULE, a_test}].
m_test_() -> {setup, fun() -> 1 end, fun(X) -> io:format("clean ~p~n",[X]) end, fun(X) -> [?_assertEqual(1,X), ?_assertEqual(2,X)] end}.
m2_test_() -> {setup, fun() -> error(setup_bad) end, fun(_) -> ok end, [?_assert(true)]}.
m3_test_() -> {setup, fun() -> 1 end, fun(_) -> error(clean_bad) end, [?_assert(true)]}.
m4_test_() -> {setup, fun() -> 1 end, [?_assert(true)]}.
m5_test_() -> {setup, spawn, fun() -> self() end, fun(_) -> ok end, fun(P) -> [?_assertNotEqual(P,0)] end}.
m6_test_() -> {setup, local, fun() -> self() end, fun(_) -> ok end, {with, [fun(P) -> ?assert(is_pid(P)) end, fun(_) -> error(w) end]}}.
n_test_() -> {foreach, fun() -> 5 end, fun(_) -> ok end, [fun(X) -> ?_assertEqual(5,X) end, fun(X) -> {"desc", ?_assertEqual(6,X)} end]}.
o_test_() -> {foreachx, fun(X) -> X*2 end, fun(_,_) -> ok end, [{1, fun(X,Y) -> ?_assertEqual(Y,X*2) end},{2, fun(X,Y) -> ?_assertEqual(X,Y) end}]}.
p_test_() -> {timeout, 0.2, fun() -> timer:sleep(2000) end}.
q_test_() -> {inorder, [?_assert(true), ?_assert(false)]}.
r_test_() -> {inparallel, [?_assert(true), ?_assert(true)]}.
r2_test_() -> {inparallel, 2, {"par title", [?_assert(true), ?_assert(true), ?_assert(true)]}}.
s_test_() -> {spawn, [?_assert(true), ?_test(exit(bla))]}.
s2_test_() -> {spawn, ?_test(exit(self(),kill))}.
u_test_() -> {generator, fun() -> [?_assert(true)] end}.
u2_test_() -> {generator, ?MODULE, gen}.
u3_test_() -> error(bad_gen).
u5_test_() -> {with, 3, [fun(X) -> ?assertEqual(3,X) end]}.
u6_test_() -> {generator, ?MODULE, nosuch}.
u7_test_() -> {setup, fun() -> 1 end, fun(_) -> ok end, fun(_) -> error(inst) end}.
u8_test_() -> {foreach, fun() -> 5 end, [fun() -> ok end]}.
u9_test_() -> {"desc", {"inner", [{"x", ?_assert(true)}]}}.
v_test_() -> {nosuchmod, foo}.
v2_test_() -> {?MODULE, nofun}.
v3_test_() -> {nosuchmod_xx, foo_test}.
v4_test_() -> {"group", [{"one", fun() -> ok end}, {"two", fun() -> error(two) end}, []]}.
v5_test_() -> [].
v6_test_() -> {inorder, []}.
w_test() -> {error, badx} = {ok, 1}.
w2_test() -> (fun(1) -> ok end)(2).
w3_test() -> case a of b -> ok end.

w5_test() -> lists:nth(5,[1]).

gen() -> [?_assert(true), ?_assertMatch(1, 2)].
