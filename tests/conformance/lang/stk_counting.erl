%%% Counting up and down by constants leaves no frame of the operator in a stack trace; other arithmetic does.
-module(stk_counting).
-compile([export_all,nowarn_export_all]).
a(X) -> 1+X.
b(X) -> 1-X.
c(X) -> X+1000000000000.
d(X) -> X-1000000000000000000000000.
e(X) -> X + -5.
f(X) -> X * 2.
g(X) -> Y = X + 1, Y + 1.
h(X) when X + 1 > 3 -> a; h(_) -> b.
i(X) -> (catch X + 1).
j(X) -> X + 576460752303423487.
k(X) -> X + 576460752303423488.
l(X) -> X - 576460752303423488.
m2(X) -> X - -576460752303423488.
main() ->
  [ try io:format("~p~n",[apply(?MODULE,F,A)]) catch error:_:HH -> H = hd(HH), io:format("~p ~p~n",[F,H]) end || {F,A} <- 
  [{a,[x]},{b,[x]},{c,[x]},{d,[x]},{e,[x]},{f,[x]},{g,[x]},{h,[x]},{i,[x]},{j,[x]},{k,[x]},{l,[x]},{m2,[x]}]].
