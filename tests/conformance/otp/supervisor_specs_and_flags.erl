%% supervisor: specifications of children found by pid, automatic shutdown of simple_one_for_one
-module(supervisor_specs_and_flags).
-compile([export_all,nowarn_export_all]).
-define(T(E), t(?LINE, fun() -> E end)).
t(L,F) -> R = try F() catch C:X -> {C,X} end,
  case R =/= [] andalso io_lib:printable_unicode_list(R) of true -> io:format("~w: ~ts~n",[L,R]); false -> io:format("~w: ~tp~n",[L,R]) end.
init(X) -> {ok,X}.
w() -> {ok,spawn_link(fun() -> receive stop -> ok end end)}.
main() -> process_flag(trap_exit,true), logger:set_primary_config(level,none),
 C = #{id=>x,start=>{?MODULE,w,[]}},
 [?T({A,Sg,case catch supervisor:start_link(?MODULE,{#{auto_shutdown=>A,strategy=>simple_one_for_one},[C#{significant=>Sg,restart=>transient}]}) of {ok,_} -> ok; E -> E end}) || A <- [never,any_significant,all_significant], Sg <- [true,false]],
 {ok,S} = supervisor:start_link(?MODULE,{#{strategy=>simple_one_for_one},[C]}), {ok,P} = supervisor:start_child(S,[]),
 ?T(supervisor:get_childspec(S,x)), ?T(supervisor:get_childspec(S,P)), ?T(supervisor:get_childspec(S,self())), ?T(supervisor:get_childspec(S,y)),
 {ok,S1} = supervisor:start_link(?MODULE,{#{},[C]}), [{_,P1,_,_}] = supervisor:which_children(S1), ?T(supervisor:get_childspec(S1,P1)),
 ?T(supervisor:check_childspecs([],foo)), ?T(supervisor:check_childspecs([],never)), ?T(supervisor:check_childspecs([],undefined)), ?T(catch supervisor:check_childspecs(foo,never)),?T(catch supervisor:check_childspecs(foo,bar)).
