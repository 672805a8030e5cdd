%%% Code that does nothing or cannot work. Beside it, what erlc of OTP 25 says.
-module(f).
-compile([export_all, nowarn_export_all, nowarn_unused_vars]).
p1a(Z) -> X = {a, Z}, ok.
p1b(Z) -> _X = {a, Z}, ok.
p1c(Z) -> X = length(Z), ok.
p1d(Z) -> _X = length(Z), ok.
p1e(Z) -> _ = length(Z), ok.
p1f() -> X = {a, b}, ok.
p1g(Z) -> X = Z =:= 1, ok.
p1h() -> X = {a, p1g(1)}, case X of {a, Y} -> Y; {b, _} -> 1; Q -> Q end.
p1i() -> X = [p1g(1)], case X of [] -> Y = 2, Y; [_|_] -> 1 end.
p1j(A) -> case A of {x, _} = B -> case B of {y, _} -> 1; {_, _} -> 2 end end.
p1k(A) -> case A of x -> case A of y -> 1; _ -> 2 end; _ -> 3 end.
p1l() -> X = a, case X of b -> 1; a -> 2 end.
p1m() -> X = a, case {X, p1g(1)} of {b, _} -> 1; {a, _} -> 2 end.
p1n() -> X = 5, Y = X + a, Y.
p1o() -> 1 + a.
p1p() -> 1 / 0.
p1q(X) -> X ! a + 1.
p1r() -> atom_to_list(5).
p1s() -> atom_to_list("x"), ok.
p1t() -> element(3, {a, b}).
p1u(X) -> element(3, {a, X}).
p1v(X) -> hd([]), tl(X).
p1w() -> a:b(c) + d.
p1x(X) when X + a > 1 -> x.
p1y(X) when is_atom(5) -> X.
p1z(X) when a =:= b; X =:= 1 -> X.
p2a(X) -> case X > 1 of true -> 1; false -> 2; other -> 3 end.
p2b(X) -> case X > 1 of true -> 1; maybe1 -> 3; false -> 2 end.
p2c(X) -> case X > 1 of true -> 1; true -> 3; false -> 2 end.
p2d(X) -> case is_atom(X) of true -> 1; false -> 2; _ -> 3 end.
p2e(X) -> case not X of true -> 1; false -> 2; foo -> 3 end.
p2f(X) -> case X of true when X -> 1; false -> 2; foo -> 3 end.
p2g(X) -> case (X andalso true) of true -> 1; false -> 2; foo -> 3 end.
p2h(X) -> case foo of X -> 1; foo -> 3 end.
p2i(X) -> X = foo, case X of bar -> 1; foo -> 2 end.
p2j(X) -> if X -> 1; true -> 2; false -> 3 end.
p2k(X) -> fun(Y) -> Y; (1) -> 2 end.
p2l() -> [X || X <- [], true].
p2m() -> [X || X <- foo].
p2n() -> [X || 1 <- [2, 3], X <- [1]].
p2o(L) -> [X || {X} = 1 <- L].
p2p(L) -> {a} = b, L.
p2q(<<X:8, 300:8>>) -> X.
p2r(<<-1:8>>) -> x.
p2s(<<a:8>>) -> x.
p2t(<<abc:8/float>>) -> x.
p2u() -> <<a:8>>.
p2v() -> <<1.5:8>>.
p2w() -> <<"a"/binary>>.
p2x(X) -> <<X:a>>.
p2y() -> #{a => 1, a => 2}.
p2z(M) -> M#{a => 1, a => 2}.
p2aa() -> (not_map)#{a => 1}.
p2ab() -> M = foo, M#{a := 1}.
p2ac() -> X = 1, X(2).
p2ad() -> {a}:b().
p2ae() -> 1:b().
p2af(X) -> X:1().
p2ag(X) -> p2a(1), foo, X.
p2ah(X) -> try X of Y -> Y; 2 -> 3 catch _:_ -> 1; error:foo -> 2 end.
p2ai(X) -> receive Y -> Y; 2 -> X end.
p2aj(X) -> try {ok, X} of {ok, Y} -> Y; error -> 3 catch _ -> 1 end.
p2ak(X) -> catch {a, X}, ok.
p2al(X) -> (catch length(X)), ok.
p2am(X) -> begin {X}, {a} end, ok.
p3a(X) -> case X of {_, _} -> 1; {a,b} -> 3 end.
p3b(X) -> case X of {a, _} -> 1; {_, b} -> 2; {a,b} -> 3 end.
p3c(X) -> case X of {a, _} -> 1; {a,b} -> 3; {a, c} -> 4 end.
p3d({a, _}) -> 1; p3d({a, b}) -> 2; p3d([_|_]) -> 1; p3d([a]) -> 2; p3d(_) -> 3.
p3e(a) -> 1; p3e(b) -> 2; p3e(a) -> 3.
p3f(a, _) -> 1; p3f(b, _) -> 2; p3f(a, c) -> 3.
p3g(a, _) -> 1; p3g(_, b) -> 2; p3g(a, c) -> 3.
p3h({A, A}) -> 1; p3h({_, _}) -> 2; p3h({a, a}) -> 3.
p3i(<<1, _/binary>>) -> 1; p3i(<<1, 2>>) -> 2.
p3j(#{a := 1}) -> 1; p3j(#{a := 1}) -> 2.
p3k(X) when X > 1 -> 1; p3k(X) when 1 > 2 -> 2; p3k(X) when 1 + a > 1 -> 3.
p3l(X) when 1 > 2, X > 1 -> 1; p3l(X) when X > 1, 1 > 2 -> 2; p3l(X) when X > 1; 2 > 1 -> 2; p3l(X) -> 3.
p3m(X) when X > 1 orelse true -> 1; p3m(X) when true orelse X -> 2; p3m(Y) -> 3.
p3n() -> X = [p3f(1, 2)], case X of [] -> 1; [_|_] -> X end.
p3o(A) -> X = [A], Z = X, case Z of [] -> 1; [_|_] -> Z end.
p3p(A) -> X = {A}, p3f(X, 1), case X of {} -> 1; {_} -> X end.
p3q() -> X = 1, case 2 of X -> 1; _ -> 2 end.
p3r(X) -> case X of X -> 1; _ -> 2 end.
p3s(X) -> {ok, X} = {error, X}, 1 + a.
p3t(X) -> {ok, Y} = {ok, 1}, Y + a.
p3u(X) -> case p3f(1, 2) of Y -> Z = 1; _ -> Z = 2 end, Z + a.
p3v(X) -> case p3f(1, 2) of Y -> Z = 1 end, Z + a.
p3w(X) -> [1 + a, X], p3f(1 + a, 1), {1 + a}.
p3x(X) -> exit(1), 1 + a, X.
p3y(X) -> Y = throw(1), 1 + a, X, Y.
p3z(1.0) -> 1; p3z(1) -> 2; p3z(1.0) -> 3.
p3aa("abc") -> 1; p3aa([$a|_]) -> 2; p3aa("ab") -> 3.
p3ab(X) -> F = fun(1) -> 1; (Y) -> Y; (2) -> 2 end, F(X).
p3ac(X) when is_atom(X), true -> 1; p3ac(X) when true -> 2; p3ac(3) -> 3.
p3ad([a|T]) -> T; p3ad([a, b]) -> 2; p3ad([]) -> 3.
p3ae(X) -> length([a, b|X]) + a.
p3af(X) -> [a|X] ++ b, {} ++ X.
p3ag(X) -> length([a|b]) + length({a}) + hd(X).
p3ah() -> self(), ok.
p3ai() -> erlang:self(), erlang:date(), lists:append([a], [b]), ok.
p3aj() -> a, [], "abc", 1, ok.
p3ak(X) -> #{a => X}, <<X>>, fun() -> 1 end, fun F() -> F() end, [X || X <- X], ok.
p3al(X) -> [{X} || X <- X], ok.
p3am(X) -> {[X], {X}}, {X, length(X)}, ok.
p3an(X) -> X + 1, -X, not X, X and X, X ++ X, X ! X, ok.
p3ao(X) -> case X of 1 -> {X}; 2 -> ok end, ok.
p3ap(X) -> if X -> {X}; true -> 1 end, ok.
p3aq(X) -> try {X} catch _:_ -> {X} end, ok.
p3ar(X) -> X =:= 1 andalso {X}, ok.
p3as(X) -> receive X -> {X} after 10 -> {X} end, ok.
p3at(X) -> fun p3at/1, fun a:b/1, ok.
