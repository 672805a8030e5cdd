%% What a surefire report calls a failure and what an error; a fixture's words in the place of a module.
-module(eunit_surefire_kinds).
-include_lib("eunit/include/eunit.hrl").
-export([main/0]).

main() ->
    Names = [cmd_test, status_test, output_test, equal_test, thrown_test],
    Tests = [{?MODULE, Name} || Name <- Names],
    error = eunit:test({"kinds", Tests}, [no_tty, {report, {eunit_surefire, [{dir, "."}]}}]),
    {ok, Bytes} = file:read_file("TEST-kinds.xml"),
    ok = file:delete("TEST-kinds.xml"),
    Lines = string:split(Bytes, "\n", all),
    [io:format("~ts~n", [Line]) || Line <- Lines, lists:any(fun(Tag) -> string:find(Line, Tag) =/= nomatch end,
                                                          ["<testsuite", "<testcase", "<failure", "<error"])],
    [io:format("~p~n", [eunit:test(Test, [verbose])])
     || Test <- [{spawn, no_such_module}, {inorder, no_such_module}, {inparallel, no_such_module}]].

cmd_test() -> ?assertCmd("exit 3").
status_test() -> ?assertCmdStatus(2, "exit 3").
output_test() -> ?assertCmdOutput("x", "echo y").
equal_test() -> ?assertEqual(one(), 2).
thrown_test() -> throw(thrown).

one() -> 1.
