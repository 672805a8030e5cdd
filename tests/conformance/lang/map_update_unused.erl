%% Map updates whose results nobody wants.
-module(map_update_unused).
-export([main/0]).
t(M) -> _ = M#{1 := x}, ok.
u(M,B) -> try <<B:4,B/bits>> after M#{1 := x} end.
v(M,B) -> try B+1 after M#{1 := x} end.
w(M,B) -> try B+1 of 3 -> 4 after M#{1 := x} end.
x(M,B) -> try B+1 after M#{1 => x} end.
y(M,B) -> try M#{1 := x} after B+1 end.
z(M,B) -> try <<B:4,B/bits>> after (M)#{M := B} end.
main() -> [try io:format("~p~n",[F()]) catch C:R -> io:format("~p ~p~n",[C,R]) end || F <- [fun()->t(#{}) end,fun()->t(a) end,
 fun()->u(#{},a) end,fun()->v(#{},a) end,fun()->v(a,a) end,fun()->v(#{},1) end,fun()->v(a,1) end,fun()->w(#{},2) end,fun()->w(#{},5) end,fun()->w(#{},z) end,fun()->x(a,z) end,fun()->x(a,1) end,fun()->y(#{},z) end,fun()->y(#{},2) end, fun() -> z(1,1) end, fun() -> z(#{},q) end]].
