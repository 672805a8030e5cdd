%% Everything that eunit runs, and what it says of it: failures of all macros, setups, groups, limits.
-module(eunit_kinds).
-compile([nowarn_unused_function, nowarn_export_all, export_all]).
-include_lib("eunit/include/eunit.hrl").
plain_test() -> ok.
fail_test() -> ?assertEqual(1, 2).
assert_test_() -> [?_assert(false), ?_assertNot(true), ?_assertMatch({a, _}, id(b)), ?_assertNotMatch(x, id(x)), ?_assertNotEqual(1, 1),
  ?_assertException(error, badarg, ok), ?_assertError(badarg, exit(x)), ?_assertExit(x, ok), ?_assertThrow(x, throw(y)), ?_assertNotException(error, x, error(x)),
  ?_assertCmd("exit 1"), ?_assertCmdOutput("a\n", "echo b"), ?_test(error(foo)), ?_test(exit(bar)), ?_test(throw({baz, 1})), {"title", ?_assert(id(1) == 2)}, {"ok title", ?_assert(true)}].
setup_test_() -> {setup, fun() -> 1 end, fun(1) -> ok end, fun(X) -> [?_assertEqual(1, X), ?_assertEqual(2, X)] end}.
setup2_test_() -> {setup, fun() -> error(nosetup) end, fun(_) -> ok end, fun(_) -> [] end}.
setup3_test_() -> {setup, fun() -> 1 end, fun(_) -> error(nocleanup) end, [?_assert(true)]}.
setup4_test_() -> {setup, fun() -> 1 end, fun(_) -> ok end, fun(_) -> bad_inst end}.
foreach_test_() -> {foreach, fun() -> 1 end, fun(_) -> ok end, [fun(X) -> ?_assertEqual(1, X) end, fun(X) -> {"second", ?_assertEqual(2, X)} end]}.
foreachx_test_() -> {foreachx, fun(X) -> X * 2 end, fun(_, _) -> ok end, [{N, fun(X, Y) -> ?_assertEqual(X * 2, Y) end} || N <- [1, 2]]}.
inorder_test_() -> {inorder, [?_test(ok), ?_test(ok)]}.
inpar_test_() -> {inparallel, 2, [?_test(timer:sleep(5)), {"p", ?_test(ok)}]}.
timeout_test_() -> {timeout, 0.05, ?_test(timer:sleep(500))}.
spawn_test_() -> {spawn, [?_test(ok), ?_assert(false)]}.
with_test_() -> {with, 5, [fun(X) -> ?assertEqual(5, X) end, fun(X) -> ?assertEqual(6, X) end]}.
gen_test_() -> {generator, fun() -> [?_test(ok)] end}.
bad_gen_test_() -> error(gen).
bad_term_test_() -> {foo, bar}.
io_test() -> io:format("some output ~p~n", [x]), ?debugMsg("dbg") , error(after_io).
lets_test() -> ?LET(X, 5, ?assertEqual(6, X)).
comment_test() -> ?assertEqual(1, 2, "a comment").
equal_test() -> ?assert(is_list(a)).
undef_test() -> nomod:f(1).
badmatch_test() -> X = id(1), 2 = X.
fc_test() -> fc(id(b)).
fc(a) -> ok.
id(X) -> X.
exit_test() -> exit(self(), kill), timer:sleep(10).
lst_test_() -> [{"a", [{"b", [?_assert(true)]}]}].
node_test_() -> {"desc", {timeout, 5, {setup, fun() -> ok end, [?_test(ok)]}}}.
main() ->
    [io:format("~p~n", [eunit:test(eunit_kinds, Options)]) || Options <- [[], [verbose]]],
    eunit:test({"group", {eunit_kinds, plain_test}}, [verbose]),
    eunit:test(nomod, []),
    eunit:test([], []),
    eunit:test([], [verbose]).
