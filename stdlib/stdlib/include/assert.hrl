%%% Assertions: macros that do nothing when what is claimed holds, and else fail with a description.
%%%
%%% NOASSERT turns them off, unless ASSERT is defined. Each is a call of a fun, so that the variables
%%% bound in it stay its own.
-ifndef(ASSERT_HRL).
-define(ASSERT_HRL, true).

-ifdef(TEST).
-ifndef(ASSERT).
-define(ASSERT, true).
-endif.
-undef(NOASSERT).
-endif.

-ifdef(ASSERT).
-undef(NOASSERT).
-endif.

-ifdef(NODEBUG).
-ifndef(ASSERT).
-ifndef(NOASSERT).
-define(NOASSERT, true).
-endif.
-endif.
-endif.

%% An expression is true, or false.
-ifdef(NOASSERT).
-define(assert(BoolExpr), ok).
-define(assert(BoolExpr, Comment), ok).
-else.
-define(assert(BoolExpr),
        ((fun() ->
                  case (BoolExpr) of
                      true -> ok;
                      __V -> erlang:error({assert, [{module, ?MODULE}, {line, ?LINE},
                            {expression, (??BoolExpr)}, {expected, true},
                                                    case __V of
                                                        false -> {value, __V};
                                                        _ -> {not_boolean, __V}
                                                    end]})
                  end
          end)())).
-define(assert(BoolExpr, Comment),
        ((fun() ->
                  case (BoolExpr) of
                      true -> ok;
                      __V -> erlang:error({assert, [{module, ?MODULE}, {line, ?LINE},
                            {comment, (Comment)}, {expression, (??BoolExpr)}, {expected, true},
                                                    case __V of
                                                        false -> {value, __V};
                                                        _ -> {not_boolean, __V}
                                                    end]})
                  end
          end)())).
-endif.

-ifdef(NOASSERT).
-define(assertNot(BoolExpr), ok).
-define(assertNot(BoolExpr, Comment), ok).
-else.
-define(assertNot(BoolExpr),
        ((fun() ->
                  case (BoolExpr) of
                      false -> ok;
                      __V -> erlang:error({assert, [{module, ?MODULE}, {line, ?LINE},
                            {expression, (??BoolExpr)}, {expected, false},
                                                    case __V of
                                                        true -> {value, __V};
                                                        _ -> {not_boolean, __V}
                                                    end]})
                  end
          end)())).
-define(assertNot(BoolExpr, Comment),
        ((fun() ->
                  case (BoolExpr) of
                      false -> ok;
                      __V -> erlang:error({assert, [{module, ?MODULE}, {line, ?LINE},
                            {comment, (Comment)}, {expression, (??BoolExpr)}, {expected, false},
                                                    case __V of
                                                        true -> {value, __V};
                                                        _ -> {not_boolean, __V}
                                                    end]})
                  end
          end)())).
-endif.

%% An expression matches a pattern, which may have a guard; or does not.
-ifdef(NOASSERT).
-define(assertMatch(Guard, Expr), ok).
-define(assertMatch(Guard, Expr, Comment), ok).
-else.
-define(assertMatch(Guard, Expr),
        ((fun() ->
                  case (Expr) of
                      Guard -> ok;
                      __V -> erlang:error({assertMatch, [{module, ?MODULE}, {line, ?LINE},
                            {expression, (??Expr)},
                                                         {pattern, (??Guard)}, {value, __V}]})
                  end
          end)())).
-define(assertMatch(Guard, Expr, Comment),
        ((fun() ->
                  case (Expr) of
                      Guard -> ok;
                      __V -> erlang:error({assertMatch, [{module, ?MODULE}, {line, ?LINE},
                            {comment, (Comment)}, {expression, (??Expr)},
                                                         {pattern, (??Guard)}, {value, __V}]})
                  end
          end)())).
-endif.

-ifdef(NOASSERT).
-define(assertNotMatch(Guard, Expr), ok).
-define(assertNotMatch(Guard, Expr, Comment), ok).
-else.
-define(assertNotMatch(Guard, Expr),
        ((fun() ->
                  __V = (Expr),
                  case __V of
                      Guard -> erlang:error({assertNotMatch, [{module, ?MODULE}, {line, ?LINE},
                            {expression, (??Expr)},
                                                              {pattern, (??Guard)}, {value, __V}]});
                      _ -> ok
                  end
          end)())).
-define(assertNotMatch(Guard, Expr, Comment),
        ((fun() ->
                  __V = (Expr),
                  case __V of
                      Guard -> erlang:error({assertNotMatch, [{module, ?MODULE}, {line, ?LINE},
                            {comment, (Comment)}, {expression, (??Expr)},
                                                              {pattern, (??Guard)}, {value, __V}]});
                      _ -> ok
                  end
          end)())).
-endif.

%% An expression has a value, or has not.
-ifdef(NOASSERT).
-define(assertEqual(Expect, Expr), ok).
-define(assertEqual(Expect, Expr, Comment), ok).
-else.
-define(assertEqual(Expect, Expr),
        ((fun() ->
                  __X = (Expect),
                  case (Expr) of
                      __V when __V =:= __X -> ok;
                      __V -> erlang:error({assertEqual, [{module, ?MODULE}, {line, ?LINE},
                            {expression, (??Expr)},
                                                         {expected, __X}, {value, __V}]})
                  end
          end)())).
-define(assertEqual(Expect, Expr, Comment),
        ((fun() ->
                  __X = (Expect),
                  case (Expr) of
                      __V when __V =:= __X -> ok;
                      __V -> erlang:error({assertEqual, [{module, ?MODULE}, {line, ?LINE},
                            {comment, (Comment)}, {expression, (??Expr)},
                                                         {expected, __X}, {value, __V}]})
                  end
          end)())).
-endif.

-ifdef(NOASSERT).
-define(assertNotEqual(Unexpected, Expr), ok).
-define(assertNotEqual(Unexpected, Expr, Comment), ok).
-else.
-define(assertNotEqual(Unexpected, Expr),
        ((fun() ->
                  __X = (Unexpected),
                  case (Expr) of
                      __V when __V =:= __X -> erlang:error({assertNotEqual, [{module, ?MODULE}, {line, ?LINE},
                            {expression, (??Expr)}, {value, __X}]});
                      _ -> ok
                  end
          end)())).
-define(assertNotEqual(Unexpected, Expr, Comment),
        ((fun() ->
                  __X = (Unexpected),
                  case (Expr) of
                      __V when __V =:= __X -> erlang:error({assertNotEqual, [{module, ?MODULE}, {line, ?LINE},
                            {comment, (Comment)}, {expression, (??Expr)}, {value, __X}]});
                      _ -> ok
                  end
          end)())).
-endif.

%% An expression raises an exception of a class, with a term that matches a pattern; or does not.
-ifdef(NOASSERT).
-define(assertException(Class, Term, Expr), ok).
-define(assertException(Class, Term, Expr, Comment), ok).
-else.
-define(assertException(Class, Term, Expr),
        ((fun() ->
                  try (Expr) of
                      __V -> erlang:error({assertException, [{module, ?MODULE}, {line, ?LINE},
                            {expression, (??Expr)},
                                           {pattern, "{ "++(??Class)++" , "++(??Term)++" , [...] }"},
                                           {unexpected_success, __V}]})
                  catch
                      Class:Term -> ok;
                      __C:__T:__S ->
                          erlang:error({assertException, [{module, ?MODULE}, {line, ?LINE},
                            {expression, (??Expr)},
                                        {pattern, "{ "++(??Class)++" , "++(??Term)++" , [...] }"},
                                        {unexpected_exception, {__C, __T, __S}}]})
                  end
          end)())).
-define(assertException(Class, Term, Expr, Comment),
        ((fun() ->
                  try (Expr) of
                      __V -> erlang:error({assertException, [{module, ?MODULE}, {line, ?LINE},
                            {comment, (Comment)}, {expression, (??Expr)},
                                           {pattern, "{ "++(??Class)++" , "++(??Term)++" , [...] }"},
                                           {unexpected_success, __V}]})
                  catch
                      Class:Term -> ok;
                      __C:__T:__S ->
                          erlang:error({assertException, [{module, ?MODULE}, {line, ?LINE},
                            {comment, (Comment)}, {expression, (??Expr)},
                                        {pattern, "{ "++(??Class)++" , "++(??Term)++" , [...] }"},
                                        {unexpected_exception, {__C, __T, __S}}]})
                  end
          end)())).
-endif.

-define(assertError(Term, Expr), ?assertException(error, Term, Expr)).
-define(assertError(Term, Expr, Comment), ?assertException(error, Term, Expr, Comment)).
-define(assertExit(Term, Expr), ?assertException(exit, Term, Expr)).
-define(assertExit(Term, Expr, Comment), ?assertException(exit, Term, Expr, Comment)).
-define(assertThrow(Term, Expr), ?assertException(throw, Term, Expr)).
-define(assertThrow(Term, Expr, Comment), ?assertException(throw, Term, Expr, Comment)).

-ifdef(NOASSERT).
-define(assertNotException(Class, Term, Expr), ok).
-define(assertNotException(Class, Term, Expr, Comment), ok).
-else.
-define(assertNotException(Class, Term, Expr),
        ((fun() ->
                  try (Expr) of
                      _ -> ok
                  catch
                      __C:__T:__S ->
                          case __C of
                              Class ->
                                  case __T of
                                      Term ->
                                          erlang:error({assertNotException, [{module, ?MODULE}, {line, ?LINE},
                            {expression, (??Expr)},
                                                        {pattern, "{ "++(??Class)++" , "++(??Term)++" , [...] }"},
                                                        {unexpected_exception, {__C, __T, __S}}]});
                                      _ -> ok
                                  end;
                              _ -> ok
                          end
                  end
          end)())).
-define(assertNotException(Class, Term, Expr, Comment),
        ((fun() ->
                  try (Expr) of
                      _ -> ok
                  catch
                      __C:__T:__S ->
                          case __C of
                              Class ->
                                  case __T of
                                      Term ->
                                          erlang:error({assertNotException, [{module, ?MODULE}, {line, ?LINE},
                            {comment, (Comment)}, {expression, (??Expr)},
                                                        {pattern, "{ "++(??Class)++" , "++(??Term)++" , [...] }"},
                                                        {unexpected_exception, {__C, __T, __S}}]});
                                      _ -> ok
                                  end;
                              _ -> ok
                          end
                  end
          end)())).
-endif.

-endif.
