%% Binaries that cannot be built, one after the other: what comes behind one on the same way is not told of.
-module(segments_that_fail).
-compile([export_all, nowarn_export_all]).
a(Y) -> X = <<a>>, <<1:(-1),Y,X/binary>>.
b(Y) -> (catch <<a>>), <<1:(-1),Y>>.
c(Y) -> case Y of 1 -> <<a>>; 2 -> <<1:(-1)>> end.
d(Y) -> [<<a>>, <<1:(-1),Y>>].
e(Y) -> F = fun() -> <<a>> end, {<<1:(-1),Y>>, F}.
g(Y) -> {<<1:(-1),Y>>, <<2:(-1)>>}.
h(Y) -> {<<1:(-1),Y>>, fun() -> {<<a>>, <<2:(-1)>>} end}.
i(Y) -> X = (catch <<a>>), {<<1:(-1),Y>>, fun() -> {<<a>>, <<2:(-1)>>} end, X}.
j(Y) -> foo(Y, <<a>>), <<1:(-1),Y>>.
k(Y) -> try foo(Y, <<a>>) catch _:_ -> <<1:(-1),Y>> end.
l(Y) -> <<a>>, <<1:(-1),Y>>.
foo(_,_) -> ok.
