%% Funs that get a name and are called by it at once: the body is looked at with the arguments.
-module(warn_fun_called_next).
-compile([export_all, nowarn_export_all, nowarn_unused_vars]).
v1() -> Y = fun(1) -> 2 end, g(1), Y(2).
v2(X) -> Y = fun(1) -> 2 end, case X of 1 -> Y(2); _ -> ok end.
v3() -> Y = fun(1) -> 2 end, fun() -> Y(2) end.
v4() -> Y = fun(1) -> 2 end, {Y(2), 1}.
v5() -> Y = fun(1) -> 2 end, Y(2), Y(3).
v6() -> Y = fun(1) -> 2 end, Y(Y).
v7() -> Y = fun(1) -> 2 end, case Y(2) of 1 -> 2; _ -> 3 end.
v8() -> Y = fun G(1) -> G(2) end, Y(2).
v9() -> Y = fun(1) -> 2 end, Z = Y, Z(2).
v11(X) -> Y = fun(1) -> 2 end, [Y(2) || _ <- X].
v12() -> Y = fun(1) -> 2 end, g(Y(2)).
v14() -> Y = fun(1) -> 2 end, Y(2), ok.
v15() -> Y = fun(1) -> 2 end, Z = Y(2), {Z}.
v16(X) -> Y = fun(1) -> 2 end, X + Y(2).
v17(X) -> Y = fun(1) -> 2 end, Z = g(X), W = Y(2), {Z, W}.
v18(X) -> Y = fun(1) -> 2 end, try Y(2) catch _:_ -> X end.
v19(X) -> Y = fun(1) -> 2 end, catch Y(2).
v20(X) -> Y = fun(1) -> 2 end, receive X -> Y(2) end.
v21(X) -> Y = fun(1) -> 2 end, if X -> Y(2); true -> Y(3) end.
v23(X) -> F = fun(1) -> X; (2) -> X end, F(3).
v24(X) -> F = fun(A) when A > 1 -> X end, F(1).
v25(X) -> F = fun() -> X, 1 end, 2 = F().
v26(X) -> F = fun() -> g(X), 1 end, 2 = F().
v27(X) -> F = fun() -> 1 end, A = F(), case A of 2 -> X; 1 -> X; 3 -> z end.
v28(X) -> F = fun() -> X + a end, F().
v30(X) -> F = fun() -> 1 end, g(X), A = F(), 3 = A.
v31(X) -> F = G = fun(1) -> 1 end, F(2).
v33() -> (fun(1) -> 1 end)(2).
v34() -> F = fun(1) -> 1 end, F = F, F(2).
v35() -> F = fun(1) -> 1 end, G = F, F(2).
v36(X) -> F = fun(1) -> 1 end, F(X), F(2).
v37(X) -> F = fun(1) -> 1 end, [F(2) | X].
v38(X) -> F = fun(1) -> 1 end, F(2) andalso X.
v39(X) -> F = fun(1) -> 1 end, X andalso F(2).
v40(X) -> F = fun(1) -> 1 end, [F(2) + 1, g(2)].
g(X) -> X.
v41(X) -> F = fun(1) -> 2 end, F({X}).
v42(X) -> F = fun(1) -> 2 end, F({a}).
v43(X) -> F = fun(1) -> 2 end, F(g(X)).
v44(X) -> F = fun(1) -> 2 end, g(F(2), F).
v45(X) -> F = fun(1) -> 2 end, {g(X), F(2)}.
v46(X) -> F = fun(1) -> 2 end, {X + 1, F(2)}.
v47(X) -> F = fun(1) -> 2 end, #{a => F(2)}.
v48(X) -> F = fun(1) -> 2 end, <<(F(2))>>.
v49(X) -> F = fun(1) -> 2 end, begin F(2), ok end.
v50(X) -> F = fun(1) -> 2 end, -F(2).
v52(X) -> F = fun(1) -> 2 end, X:F(2).
v53(X) -> F = fun(1) -> 2 end, 3 = F(2), ok.
v54(X) -> F = fun() -> 2 end, 3 = F(), ok.
v55(X) -> F = fun() -> 2 end, {3, Z} = {F(), X}, Z.
v56(X) -> F = fun() -> 2 end, F() + a.
v57(X) -> F = fun() -> 2 end, a = F() + X.
v58(X) -> F = fun(Y) -> Y + X end, F(a) + X.
v59(X) -> F = fun(Y) -> Y + a end, F(1) + X.
v60(X) -> F = fun(Y) -> {Y} end, F(1), ok.
v61(X) -> F = fun(Y) -> {Y} end, {_, _} = F(1).
v62(X) -> F = fun(Y) -> {Y} end, F(1) + 1.
v63(X) -> F = fun({a, Y}) -> Y end, F(X), ok.
v64(X) -> F = fun(Y) -> X, Y end, F(1).
v65(X) -> F = fun(_) -> ok end, F(X), F.
v66(X, 1) -> F = fun(1) -> 2 end, F(2); v66(X, Y) -> F = fun(1) -> 2 end, F(3).
v67(X) -> case X of 1 -> F = fun(1) -> 2 end, F(2); _ -> F = fun(1) -> 2 end, F(2) end.
v68(X) -> fun(A) -> F = fun(1) -> 2 end, F(2) end.
v69(X) -> F = fun(1) -> 2 end, F(2) ! X.
v70(X) -> F = fun(1) -> 2 end, {F(2), F(X)}.
g(X,Y) -> X.
