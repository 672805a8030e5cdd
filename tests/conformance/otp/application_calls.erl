%% Applications: descriptions that are wrong, environments, starts that fail, phases, needs that are optional.
-module(application_calls).
-compile([export_all,nowarn_export_all]).
-define(T(E), t(??E, fun() -> E end)).
t(S,F) -> put(n,case get(n) of undefined->1; N->N+1 end), io:format("~w ~ts => ~0tp~n", [get(n), [C0||C0<-S,C0<128], try strip(F()) catch C:R -> {C,strip(R)} end]).
strip({'EXIT',{R,[{_,_,_,_}|_]}}) -> {'EXIT',strip(R)};
strip([{M,F,A,I}|_]) when is_atom(M),is_atom(F),is_list(I),(is_integer(A) orelse is_list(A)) -> stack;
strip([H|T]) -> [strip(H)|strip(T)];
strip(T) when is_tuple(T) -> list_to_tuple(strip(tuple_to_list(T)));
strip(P) when is_pid(P) -> pid; strip(P) when is_reference(P) -> ref; strip(P) when is_port(P) -> port; strip(P) when is_function(P) -> func;
strip(M) when is_map(M) -> maps:from_list(strip(maps:to_list(M)));
strip(X) -> X.
start(T,A) -> io:format("start ~p ~p~n",[T,A]), case A of fail -> {error,nope}; crash -> error(boom); bad -> foo; _ -> {ok,spawn_link(fun()->receive stop->ok end end),st} end.
start_phase(P,T,A) -> io:format("phase ~p ~p ~p~n",[P,T,A]), case A of bad -> {error,phase}; _ -> ok end.
prep_stop(S) -> io:format("prep_stop ~p~n",[S]),S. stop(S) -> io:format("stop ~p~n",[S]). config_change(C,N,R) -> io:format("cc ~p ~p ~p~n",[C,N,R]).
app(N,X) -> {application,N,maps:to_list(maps:merge(#{description=>"d",vsn=>"1",modules=>[?MODULE],registered=>[],applications=>[kernel,stdlib],mod=>{?MODULE,arg}},X))}.
main() ->
 logger:set_primary_config(level,none),
 [?T(application:load(A))||A<-[nosuch,app(a1,#{env=>[{k,v},{k2,[1]}]}),app(a1,#{}),{application,bad},
  {application,bad,[{foo,1}]},{application,bad,[{vsn,1}]},app(a2,#{mod=>{?MODULE,fail}}),
  app(a3,#{mod=>{?MODULE,crash}}),app(a4,#{mod=>{?MODULE,bad}}),app(a5,#{applications=>[kernel,stdlib,a1]}),
  app(a6,#{applications=>[nosuch2]}),app(a7,#{start_phases=>[{p1,x},{p2,y}]}),
  app(a8,#{start_phases=>[{p1,bad}]}),app(a9,#{mod=>[]}),app(a10,#{mod=>{nomod,[]}}),
  app(a11,#{optional_applications=>[nosuch3],applications=>[kernel,nosuch3]}),
  app(a12,#{included_applications=>[a9]})]],
 ?T(application:get_env(a1,k)),?T(application:get_env(a1,zz)),?T(application:get_env(nosuch,zz)),
  ?T(application:get_env(a1,zz,def)),?T(lists:sort(application:get_all_env(a1))),?T(application:set_env(a1,n,1)),
  ?T(application:get_env(a1,n)),?T(application:set_env([{a1,[{m,2},{k,w}]}])),
  ?T(lists:sort(application:get_all_env(a1))),?T(application:unset_env(a1,n)),?T(application:get_env(n)),
  ?T(application:set_env([{a1,foo}])),?T(application:set_env([{a1,[]},{a1,[]}])),?T(application:get_key(a1,vsn)),
  ?T(application:get_key(a1,foo)),?T(application:get_key(nosuch,vsn)),?T(element(1,application:get_all_key(a1))),
  ?T(application:get_all_key(nosuch)),
 [?T({N,application:start(N)})||N<-[nosuch,a5,a1,a1,a2,a3,a4,a5,a6,a7,a8,a9,a10,a11,a12]],
  ?T(lists:sort([N||{N,_,_}<-application:which_applications()])),?T(application:get_application(?MODULE)),
  ?T(application:get_application(lists)),?T(application:stop(a5)),?T(application:stop(a5)),
  ?T(application:stop(nosuch)),?T(application:unload(a1)),?T(application:stop(a1)),?T(application:unload(a1)),
  ?T(application:unload(a1)),?T(application:ensure_started(a7)),?T(application:ensure_all_started(a5)),
  ?T(application:load(app(a1,#{}))),?T(application:ensure_all_started(a5)),?T(application:ensure_started(nosuch)),
  ?T(application:start(a1,foo)),?T(application:permit(a1,true)),ok.
