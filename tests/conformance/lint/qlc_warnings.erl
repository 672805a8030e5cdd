-module(qlc_warnings).
-compile([export_all,nowarn_export_all]).
-include_lib("stdlib/include/qlc.hrl").
b(L) -> qlc:q([{X,Y,Z} || {X} <- L, {Y} <- L, {Z} <- L, X =:= Y, Y =:= Z]).
c(L) -> qlc:q([{X,Y,Z,W} || {X} <- L, {Y} <- L, {Z} <- L, {W} <- L, X =:= Y, W =:= Z]).
d(L) -> qlc:q([X || {X,1} = {2,X} <- L]).
e(L) -> qlc:q([X || {X,1} <- L, false]).
f(L) -> qlc:q([X || {X,1} <- L, X =:= 1, X =:= 2]).
g(L) -> qlc:q([X || {X,1} <- L, 1 =:= 2]).
j(L) -> qlc:q([X || {X, Y} <- L]).
k(L) -> qlc:q([X || {X, Y} <- L, begin Z = X, true end]).
l(L) -> qlc:q([X || X <- L, Y = X]).
m(L) -> X = 1, qlc:q([X || X <- L]).
n(L) -> qlc:q([1 || _ <- L, {a} =:= 1]).
o(L) -> qlc:q([X || a = X <- L, X =:= b]).
p(L) -> qlc:q([X || {X,Y} <- L, X =:= 1, Y =:= 2, X =:= Y]).
r(L) -> qlc:q([X || {X,a} = {X,b} <- L]).
s(L) -> qlc:q([X || X <- L, {a,b} = X]).
t(L) -> qlc:q([X || {X} <- L, X > 1, X =:= foo, X =:= bar]).
u(L) -> qlc:q([{X,Y} || {X} <- L, {Y,1} <- L, X =:= 3, Y =:= X, Y =:= 4]).
v(L) -> qlc:q([X || [X] = {_} <- L]).
y(L,O) -> qlc:q([X || X <- L], O).
z(L) -> qlc:q([X || X <- L], [foo]).
