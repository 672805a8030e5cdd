%% Records that are built to be asked for one field.
-module(warn_record_asked_at_once).
-compile([export_all, nowarn_export_all, nowarn_unused_vars]).
-record(r, {a, b, c = [], d = fun() -> 1 end}).
-record(s, {a, b}).
a1(X) -> #s{a = X, b = X + 1}#s.a.
a2(X) -> (#s{a = X, b = X + 1})#s.a.
a3(X) -> #r{a = X}#r.a.
a4(X) -> #r{a = X}.
a7(X) -> R = #s{a = X, b = {X}}, R#s.a.
a8(X) -> element(1, {X, X + 1}).
a9(X) -> {A, _} = {X, X + 1}, A.
b1(X) -> case #s{a = X, b = X + 1} of #s{a = A} -> A end.
b2(X) -> hd([X, X + 1]).
b3(X) -> #s{a = X, b = self()}#s.a.
b4(X) -> #s{a = X, b = [X]}#s.a.
b5(X) -> #s{a = X, b = g(X)}#s.a.
b6(X) -> #s{a = X, b = fun() -> X end}#s.a.
b7(X) -> #s{a = X + 1, b = X}#s.a.
b8(X) -> #s{a = X + 1, b = X}#s.a, ok.
c1(X) -> [R || R <- [#r{}, a], is_record(R, r), R#r.a =:= 1].
c2(X) -> case #s{a = X, b = X + 1} of #s{a = 1} -> a; #s{a = Y} -> Y end.
c3(X) -> case {X, X + 1} of {1, _} -> a; {Y, _} -> Y end.
c4(X) -> case {X, fun() -> X end} of {1, _} -> a; {Y, _} -> Y end.
g(X) -> X.
