%% Tables: orders, match specifications, counters, elements, errors, files, heirs.
-module(st_ets_calls).
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
 O=ets:new(o,[ordered_set]),ets:insert(O,[{X,X*X}||X<-lists:seq(1,10)]),S=ets:new(s,[set,named_table,public]),
  ets:insert(s,[{a,1},{b,2},{c,3}]),B=ets:new(b,[bag]),ets:insert(B,[{k,1},{k,2},{k,1},
  {j,3}]),D=ets:new(d,[duplicate_bag,{keypos,2}]),ets:insert(D,[{1,k},{1,k},{2,k}]),
 ?T(ets:first(O)),?T(ets:last(O)),?T(ets:next(O,3)),?T(ets:next(O,3.5)),?T(ets:next(O,10)),?T(ets:prev(O,1)),
  ?T(ets:prev(O,99)),?T(ets:next(s,zz)),?T(ets:next(O,a)),?T(ets:slot(O,2)),?T(ets:slot(O,10)),?T(ets:slot(O,11)),
  ?T(ets:lookup(O,3.0)),?T(ets:lookup_element(O,4,2)),?T(ets:lookup_element(O,44,2)),
  ?T(ets:lookup_element(O,4,3)),?T(ets:lookup_element(B,k,2)),
 ?T(ets:select(O,[{{'$1','$2'},[{'>','$1',7}],[{{'$2','$1'}}]}])),
  ?T(ets:select(O,[{{'$1','$2'},[],['$_']}],3) =/= x),{R,C}=ets:select(O,[{{'$1','_'},[],['$1']}],4),?T(R),
  {R2,C2}=ets:select(C),?T(R2),{R3,C3}=ets:select(C2),?T(R3),?T(ets:select(C3)),
  ?T(ets:select_reverse(O,[{{'$1','_'},[],['$1']}],4) =/= x),
  ?T(ets:select_reverse(O,[{{'$1','_'},[{'<','$1',4}],['$1']}])),?T(ets:select_count(O,[{{'$1','_'},[{'=:=',
  {'rem','$1',2},0}],[true]}])),?T(ets:select_delete(O,[{{'$1','_'},[{'>','$1',8}],[true]}])),
  ?T(ets:select_replace(O,[{{'$1','$2'},[{'<','$1',3}],[{{'$1',{'*','$2',100}}}]}])),
  ?T(ets:select_replace(O,[{{'$1','$2'},[],[{{'$2','$1'}}]}])),?T(ets:tab2list(O)),
 ?T(ets:match(O,{'$1',16})),?T(ets:match(O,{'$2','$1'},2) =/= x),?T(ets:match_object(O,{'_',25})),
  ?T(ets:match_delete(O,{7,'_'})),?T(ets:match(B,{k,'$1'})),?T(ets:delete_object(B,{k,1})),?T(ets:lookup(B,k)),
  ?T(ets:take(B,k)),?T(ets:lookup(D,k)),?T(ets:delete_object(D,{1,k})),?T(ets:lookup(D,k)),
 ?T(ets:update_counter(s,a,5)),?T(ets:update_counter(s,a,{2,-3})),?T(ets:update_counter(s,a,[{2,1},{2,10,12,0}])),
  ?T(ets:update_counter(s,zz,1)),?T(ets:update_counter(s,zz,1,{zz,10})),?T(ets:update_counter(s,a,{1,1})),
  ?T(ets:update_counter(s,a,{3,1})),?T(ets:update_counter(s,a,a)),?T(ets:update_counter(B,k,1)),
  ?T(ets:update_element(s,a,{2,x})),?T(ets:update_element(s,qq,{2,x})),?T(ets:update_element(s,a,{1,x})),
  ?T(ets:update_element(s,a,[{2,y},{2,z}])),?T(ets:update_element(s,a,{9,x})),?T(ets:lookup(s,a)),
 ?T(ets:insert_new(s,{a,9})),?T(ets:insert_new(s,[{n,1},{m,2}])),?T(ets:insert_new(s,[{n,1},{mm,2}])),
  ?T(ets:member(s,mm)),?T(ets:insert(s,{})),?T(ets:insert(s,foo)),?T(ets:insert(s,[{a},b])),?T(ets:insert(nope,
  {a})),?T(ets:lookup(nope,a)),?T(ets:info(nope)),?T(ets:info(s,size)),?T(ets:info(s,foo)),?T(ets:info(s,type)),
  ?T(ets:info(D,keypos)),?T(ets:info(s,protection)),?T([element(1,X)||X<-ets:info(s)]),
 ?T(ets:new(s,[named_table])),?T(ets:new("x",[])),?T(ets:new(x,[foo])),?T(ets:new(x,[{keypos,0}])),
  ?T(ets:rename(s,s2)),?T(ets:info(s2,name)),?T(ets:whereis(s2) =/= undefined),?T(ets:whereis(s)),
  ?T(ets:tab2list(s2) =/= []),?T(ets:delete(s2,a)),?T(ets:delete(s2)),?T(ets:delete(s2)),?T(ets:lookup(S,a)),
 ?T(ets:foldl(fun({K,_},A)->[K|A] end,[],O)),?T(ets:foldr(fun({K,_},A)->[K|A] end,[],O)),
  ?T(ets:tab2file(O,"f.tab")),?T(element(1,ets:file2tab("f.tab"))),?T(ets:tabfile_info("f.tab") =/= x),
  ?T(ets:tabfile_info("nope")),?T(ets:file2tab("nope")),?T(ets:fun2ms(fun({A,B1}) when A>B1 -> {B1,A} end)),
  ?T(ets:match_spec_run([{1,2},{3,4}],ets:match_spec_compile([{{'$1','$2'},[{'>','$2',2}],['$1']}]))),
  ?T(ets:is_compiled_ms(foo)),?T(ets:match_spec_compile(foo)),
  ?T(ets:test_ms({1,2},[{{'$1','$2'},[],[{{'$2','$1'}}]}])),?T(ets:test_ms({1,2},[{{'$1','$2'},[{foo}],['$1']}])),
  ?T(ets:test_ms({1,2},[{{'$1','$2'},[],['$3']}])),
 ?T(ets:safe_fixtable(O,true)),?T(ets:info(O,fixed)),?T(ets:safe_fixtable(O,false)),?T(ets:safe_fixtable(O,x)),
  ?T(ets:setopts(O,[{heir,none}])),?T(ets:setopts(O,{heir,foo})),
  ?T(ets:init_table(O,fun(read)->end_of_input;(close)->ok end)),?T(ets:tab2list(O)),?T(ets:to_dets(O,zz)),
  ?T(ets:give_away(O,self(),x)),?T(ets:give_away(O,foo,x)),
 P=self(),{Pid,_}=spawn_monitor(fun()->T=ets:new(h,[{heir,P,dat},public]),ets:insert(T,
  {1}),P!T end),T=receive X when X=/=zz,is_reference(X)->X end,
  ?T(receive {'ETS-TRANSFER',T,Pid,dat}->ok after 1000->no end),?T(ets:tab2list(T)),?T(ets:all() =/= []),
  ?T(ets:delete_all_objects(T)),?T(ets:info(T,size)),ok.
