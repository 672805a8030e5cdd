%% Bit strings of constants that are written in several ways.
-module(warn_same_bits).
-compile([export_all, nowarn_export_all, nowarn_unused_vars]).
a(X) -> case X of <<"a">> -> 1; <<$a>> -> 2 end.
b(X) -> case X of <<"a">> -> 1; <<97:8>> -> 2 end.
c(X) -> case X of <<97>> -> 1; <<97:8>> -> 2 end.
d(X) -> case X of <<97>> -> 1; <<"a">> -> 2 end.
e(X) -> case X of <<"ab">> -> 1; <<"ab">> -> 2 end.
f(X) -> case X of <<"ab">> -> 1; <<"a", "b">> -> 2 end.
g(X) -> case X of <<"ab", _/binary>> -> 1; <<"ab", "c">> -> 2 end.
h(X) -> case X of <<1, 2>> -> 1; <<1, 2>> -> 2; <<1, _>> -> 3; <<1, 3>> -> 4 end.
i(X) -> case X of <<"ab"/utf8>> -> 1; <<"ab">> -> 2; <<"ab"/utf8>> -> 3 end.
k(X) -> case X of <<A:8>> -> A; <<"a">> -> 2; <<A:4, B:4>> -> {A,B}; <<C>> -> C end.
l(X) -> case X of <<"">> -> 1; <<>> -> 2; <<"a", _/bits>> -> 3; <<$a, "b">> -> 4 end.
