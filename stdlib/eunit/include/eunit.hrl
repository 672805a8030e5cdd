%%% EUnit: macros for tests, and the transform that exports or strips the test functions.
%%%
%%% Including this file turns testing on and defines TEST and EUNIT, unless NOTEST is defined; a TEST
%%% that is defined overrules NOTEST. EUNIT_NOAUTO keeps the test functions as they are.
-ifndef(EUNIT_HRL).
-define(EUNIT_HRL, true).

-ifdef(TEST).
-undef(NOTEST).
-endif.

-ifdef(DEBUG).
-undef(NODEBUG).
-endif.

-ifdef(NOTEST).
-undef(EUNIT).
-else.
-ifndef(ASSERT).
-define(ASSERT, true).
-endif.
-ifndef(TEST).
-define(TEST, true).
-endif.
-ifndef(EUNIT).
-define(EUNIT, true).
-endif.
-endif.

-include_lib("stdlib/include/assert.hrl").

-ifndef(EUNIT_NOAUTO).
-ifdef(NOTEST).
-compile({parse_transform, eunit_striptests}).
-else.
-compile({parse_transform, eunit_autoexport}).
-endif.
-endif.

%% Small helpers of tests.

-ifndef(LET).
-define(LET(X, Arg, Body), begin ((fun(X) -> (Body) end)(Arg)) end).
-endif.

-ifndef(IF).
-define(IF(Bool, Then, Else), begin (case (Bool) of true -> (Then); false -> (Else) end) end).
-endif.

-ifndef(MATCHES).
-define(MATCHES(Guard, Expr), begin (case (Expr) of Guard -> true; _ -> false end) end).
-endif.

%% Whether the code runs as a test.
-ifndef(UNDER_EUNIT).
-define(UNDER_EUNIT,
        (?MATCHES({current_function, {eunit_proc, _, _}},
                  erlang:process_info(erlang:group_leader(), current_function)))).
-endif.

%% Test objects.

-ifndef(_test).
-define(_test(Expr), {?LINE, fun() -> (Expr) end}).
-endif.
-define(_assert(BoolExpr), ?_test(?assert(BoolExpr))).
-define(_assert(BoolExpr, Comment), ?_test(?assert(BoolExpr, Comment))).
-define(_assertNot(BoolExpr), ?_assert(not (BoolExpr))).
-define(_assertNot(BoolExpr, Comment), ?_test(?assertNot(BoolExpr, Comment))).
-define(_assertMatch(Guard, Expr), ?_test(?assertMatch(Guard, Expr))).
-define(_assertMatch(Guard, Expr, Comment), ?_test(?assertMatch(Guard, Expr, Comment))).
-define(_assertNotMatch(Guard, Expr), ?_test(?assertNotMatch(Guard, Expr))).
-define(_assertNotMatch(Guard, Expr, Comment), ?_test(?assertNotMatch(Guard, Expr, Comment))).
-define(_assertEqual(Expect, Expr), ?_test(?assertEqual(Expect, Expr))).
-define(_assertEqual(Expect, Expr, Comment), ?_test(?assertEqual(Expect, Expr, Comment))).
-define(_assertNotEqual(Unexpected, Expr), ?_test(?assertNotEqual(Unexpected, Expr))).
-define(_assertNotEqual(Unexpected, Expr, Comment), ?_test(?assertNotEqual(Unexpected, Expr, Comment))).
-define(_assertException(Class, Term, Expr), ?_test(?assertException(Class, Term, Expr))).
-define(_assertException(Class, Term, Expr, Comment), ?_test(?assertException(Class, Term, Expr, Comment))).
-define(_assertError(Term, Expr), ?_test(?assertError(Term, Expr))).
-define(_assertError(Term, Expr, Comment), ?_test(?assertError(Term, Expr, Comment))).
-define(_assertExit(Term, Expr), ?_test(?assertExit(Term, Expr))).
-define(_assertExit(Term, Expr, Comment), ?_test(?assertExit(Term, Expr, Comment))).
-define(_assertThrow(Term, Expr), ?_test(?assertThrow(Term, Expr))).
-define(_assertThrow(Term, Expr, Comment), ?_test(?assertThrow(Term, Expr, Comment))).
-define(_assertNotException(Class, Term, Expr), ?_test(?assertNotException(Class, Term, Expr))).
-define(_assertNotException(Class, Term, Expr, Comment), ?_test(?assertNotException(Class, Term, Expr, Comment))).

%% What the test has written so far.
-ifndef(capturedOutput).
-define(capturedOutput,
        case ?UNDER_EUNIT of
            true -> eunit_proc:get_output();
            false -> ""
        end).
-endif.

%% Commands of the operating system: run, or run and claimed to end with a status or an output.

-define(_cmd_(Cmd), (eunit_lib:command(Cmd))).

-define(cmdStatus(N, Cmd),
        ((fun() ->
                  case ?_cmd_((Cmd)) of
                      {(N), __Out} -> __Out;
                      {__N, _} ->
                          erlang:error({command_failed,
                                        [{module, ?MODULE}, {line, ?LINE}, {command, (Cmd)},
                                         {expected_status, (N)}, {status, __N}]})
                  end
          end)())).
-define(_cmdStatus(N, Cmd), ?_test(?cmdStatus(N, Cmd))).
-define(cmd(Cmd), ?cmdStatus(0, Cmd)).
-define(_cmd(Cmd), ?_test(?cmd(Cmd))).

-ifdef(NOASSERT).
-define(assertCmdStatus(N, Cmd), ok).
-define(assertCmdOutput(T, Cmd), ok).
-else.
-define(assertCmdStatus(N, Cmd),
        ((fun() ->
                  case ?_cmd_((Cmd)) of
                      {(N), _} -> ok;
                      {__N, _} ->
                          erlang:error({assertCmd_failed,
                                        [{module, ?MODULE}, {line, ?LINE}, {command, (Cmd)},
                                         {expected_status, (N)}, {status, __N}]})
                  end
          end)())).
-define(assertCmdOutput(T, Cmd),
        ((fun() ->
                  case ?_cmd_((Cmd)) of
                      {_, (T)} -> ok;
                      {_, __T} ->
                          erlang:error({assertCmdOutput_failed,
                                        [{module, ?MODULE}, {line, ?LINE}, {command, (Cmd)},
                                         {expected_output, (T)}, {output, __T}]})
                  end
          end)())).
-endif.
-define(assertCmd(Cmd), ?assertCmdStatus(0, Cmd)).
-define(_assertCmdStatus(N, Cmd), ?_test(?assertCmdStatus(N, Cmd))).
-define(_assertCmd(Cmd), ?_test(?assertCmd(Cmd))).
-define(_assertCmdOutput(T, Cmd), ?_test(?assertCmdOutput(T, Cmd))).

%% Messages to the terminal, whatever becomes of the output of the test.

-ifdef(NODEBUG).
-define(debugMsg(S), ok).
-define(debugHere, ok).
-define(debugFmt(S, As), ok).
-define(debugVal(E), (E)).
-define(debugVal(E, D), (E)).
-define(debugValAll(E), (E)).
-define(debugTime(S, E), (E)).
-else.
-define(debugMsg(S),
        begin
            io:fwrite(user, <<"~ts:~w:~w: ~ts\n">>, [?FILE, ?LINE, self(), S]),
            ok
        end).
-define(debugHere, (?debugMsg("<-"))).
-define(debugFmt(S, As), (?debugMsg(io_lib:format((S), (As))))).
-ifndef(EUNIT_DEBUG_VAL_DEPTH).
-define(EUNIT_DEBUG_VAL_DEPTH, 15).
-endif.
-define(debugVal(E, D),
        ((fun(__V) ->
                  ?debugFmt(<<"~ts = ~tP">>, [(??E), __V, D]),
                  __V
          end)(E))).
-define(debugVal(E), ?debugVal(E, ?EUNIT_DEBUG_VAL_DEPTH)).
-define(debugValAll(E),
        ((fun(__V) ->
                  ?debugFmt(<<"~ts = ~tp">>, [(??E), __V]),
                  __V
          end)(E))).
-define(debugTime(S, E),
        ((fun() ->
                  {__T, __V} = timer:tc(fun() -> (E) end),
                  ?debugFmt(<<"~ts: ~.3f s">>, [(S), __T / 1000000]),
                  __V
          end)())).
-endif.

-endif.
