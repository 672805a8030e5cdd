%% Random numbers of every algorithm and kind of seed.
-module(st_rand_algorithms).
-compile([export_all,nowarn_export_all]).
-define(T(E), t(??E, fun() -> E end)).
t(S,F) -> put(n,case get(n) of undefined->1; N->N+1 end), io:format("~w ~ts => ~0tp~n", [get(n), [C0||C0<-S,C0<128], try strip(F()) catch C:R -> {C,strip(R)} end]).
strip({'EXIT',{R,[{_,_,_,_}|_]}}) -> {'EXIT',strip(R)};
strip([{M,F,A,I}|_]) when is_atom(M),is_atom(F),is_list(I),(is_integer(A) orelse is_list(A)) -> stack;
strip([H|T]) -> [strip(H)|strip(T)];
strip(T) when is_tuple(T) -> list_to_tuple(strip(tuple_to_list(T)));
strip(P) when is_pid(P) -> pid;
strip(X) -> X.
main() ->
 [begin S=rand:seed_s(A,{1,2,3}), {L,S2}=lists:mapfoldl(fun(_,X)->rand:uniform_s(1000000,X) end,S,
  lists:seq(1,20)), io:format("~p ~p~n",[A,L]), {F,S3}=lists:mapfoldl(fun(_,X)->rand:uniform_s(X) end,S2,
  lists:seq(1,5)), io:format("~p~n",[F]), {N,S4}=lists:mapfoldl(fun(_,X)->rand:normal_s(X) end,S3,
  lists:seq(1,8)), io:format("~p~n",[N]), {By,S5}=rand:bytes_s(13,S4), io:format("~p ~p~n",[By,
  rand:export_seed_s(S5)]), {Big,S6}=rand:uniform_s(1 bsl 100,S5), io:format("~p~n",[Big]),
  {R,_}=rand:uniform_real_s(S6),
  io:format("~p~n",[R]), io:format("~p~n",[try rand:export_seed_s(rand:jump(S6)) catch error:not_implemented -> no_jump end]) end || A<-[exsss,exro928ss,exrop,exs1024s,exsp,exs64,exsplus,exs1024]],
 [io:format("~p ~p~n",[Sd,rand:export_seed_s(rand:seed_s(exsss,Sd))])||Sd<-[0,1,-5,1 bsl 70,{0,0,0},{-1,2,-3}]],
 ?T(rand:seed_s(exsss,foo)),?T(rand:seed(foo,1)),?T(rand:uniform_s(0,rand:seed_s(exsss,1))),?T(rand:uniform(0)),
  ?T(rand:seed_s({exsss,[1|2]})=/=x),?T(rand:export_seed_s(rand:seed_s({exsss,[1|2]}))),rand:seed(exsss,42),
  ?T([rand:uniform(10)||_<-lists:seq(1,10)]),?T(rand:uniform()),?T(rand:normal()),?T(rand:normal(10,4)),
  ?T(rand:bytes(5)),?T(rand:uniform_real()),?T(rand:export_seed()),?T(rand:jump() =/= x),?T(rand:uniform(100)),
  ?T(rand:exsp_next([1|2])),?T(rand:exsp_jump([1|2])),?T(rand:splitmix64_next(77)),?T(rand:mwc59(1)),
  ?T(rand:mwc59_value(12345)),?T(rand:mwc59_value32(12345)),?T(rand:mwc59_float(12345)),?T(rand:mwc59_seed(5)),
  ?T(rand:seed_s(default,3) =/= x),?T(rand:normal(0,-1)),
 random:seed(1,2,3),?T([random:uniform(100)||_<-[1,2,3,4]]),?T(random:uniform()),?T(random:seed0()),
  ?T(random:uniform(0)),ok.
