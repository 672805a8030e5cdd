%% supervisor: significant children of simple_one_for_one
-module(supervisor_simple_significant).
-compile([export_all,nowarn_export_all]).
-define(T(E), t(?LINE, fun() -> E end)).
t(L,F) -> R = try F() catch C:X -> {C,X} end,
  case R =/= [] andalso io_lib:printable_unicode_list(R) of true -> io:format("~w: ~ts~n",[L,R]); false -> io:format("~w: ~tp~n",[L,R]) end.
init(X) -> {ok,X}.
w() -> {ok,spawn_link(fun() -> receive stop -> ok end end)}.
main() -> process_flag(trap_exit,true), logger:set_primary_config(level,none),
 C = #{id=>x,start=>{?MODULE,w,[]},significant=>true,restart=>transient},
 {ok,S} = supervisor:start_link(?MODULE,{#{auto_shutdown=>any_significant,strategy=>simple_one_for_one},[C]}), {ok,P} = supervisor:start_child(S,[]), {ok,P2} = supervisor:start_child(S,[]), P ! stop, ?T(receive {'EXIT',S,R} -> R after 300 -> none end), ?T(is_process_alive(P2)),
 {ok,S1} = supervisor:start_link(?MODULE,{#{auto_shutdown=>all_significant,strategy=>simple_one_for_one},[C]}), {ok,P3} = supervisor:start_child(S1,[]), {ok,P4} = supervisor:start_child(S1,[]), P3 ! stop, ?T(receive {'EXIT',S1,R} -> R after 300 -> none end), ?T(is_process_alive(P4)), P4 ! stop, ?T(receive {'EXIT',S1,R} -> R after 300 -> none end).
