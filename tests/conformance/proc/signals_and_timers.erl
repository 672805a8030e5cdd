%% Aliases, monitors, links, exits, process_info and timers, one line each.
-module(signals_and_timers).
-export([main/0,loop/0]).
main() ->
 S=self(),
 p(alias1, begin A=alias(), A ! hi, receive hi -> ok after 100 -> no end end), p(unalias, {unalias(A),unalias(A)}), A ! x, p(after_unalias, fl()),
 p(alias_reply, begin B=alias([reply]), B ! 1, B ! 2, fl() end),
 p(alias_bad, [ex(fun() -> alias(O) end) || O <- [[foo],x]]),
 p(mon_alias, begin P=spawn(fun() -> receive {M,go} -> M ! reply, receive stop -> ok end end end), R=monitor(process,P,[{alias,reply_demonitor}]), P ! {R,go}, X=rc(), P ! stop, {X,fl()} end),
 p(mon_alias2, begin P2=spawn(fun() -> receive {M,go} -> M ! reply end end), R2=monitor(process,P2,[{alias,explicit_unalias}]), P2 ! {R2,go}, X2=[rc(),element(1,rc())], R2 ! more, {X2,fl(),unalias(R2)} end),
 p(mon_alias3, begin P3=spawn(fun() -> receive {M,go} -> M ! reply end end), R3=monitor(process,P3,[{alias,demonitor}]), P3 ! {R3,go}, X3=[rc(),element(1,rc())], R3 ! more, {X3,fl()} end),
 p(mon_tag, begin P4=spawn(fun() -> exit(bye) end), _=monitor(process,P4,[{tag,{my,tag}}]), setelement(2,setelement(4,rc(),p),r) end),
 p(mon_name, begin register(nm,spawn(fun() -> receive x -> ok end end)), M5=monitor(process,nm), nm ! x, {'DOWN',M5,A5,B5,C5}=rc(), {A5,B5,C5} end),
 p(mon_noname, begin M6=monitor(process,nosuch), {'DOWN',M6,A6,B6,C6}=rc(), {A6,B6,C6} end),
 p(mon_node, begin M7=monitor(process,{nosuch,node()}), {'DOWN',M7,A7,B7,C7}=rc(), {A7,B7,C7} end),
 p(mon_self, begin M8=monitor(process,self()), {is_reference(M8), demonitor(M8)} end),
 p(demon, begin P9=lp(), M9=monitor(process,P9), {demonitor(M9,[info]),demonitor(M9,[info]),demonitor(M9,[flush,info])} end),
 p(demon2, begin P10=spawn(fun() -> ok end), M10=monitor(process,P10), timer:sleep(20), {demonitor(M10,[flush,info]),fl()} end),
 p(demon3, begin P11=spawn(fun() -> ok end), M11=monitor(process,P11), timer:sleep(20), {demonitor(M11,[info]),length(fl())} end),
 p(demon_bad, [ex(fun() -> demonitor(Q,O) end) || {Q,O} <- [{x,[]},{make_ref(),[foo]},{make_ref(),x}]]),
 p(demon_other, begin P12=lp(), Me=self(), spawn(fun() -> Me ! monitor(process,P12) end), M12=rc(), ex(fun() -> demonitor(M12) end) end),
 p(monitors, begin P13=lp(), _=monitor(process,P13), {element(1,hd(element(2,process_info(self(),monitors)))), process_info(P13,monitored_by) =:= {monitored_by,[self()]}} end),
 p(exit_normal, begin P14=lp(), exit(P14,normal), timer:sleep(10), is_process_alive(P14) end),
 p(exit_self_normal, begin {P15,R15}=spawn_monitor(fun() -> exit(self(),normal), S ! not_reached end), receive {'DOWN',R15,_,P15,W15} -> {W15,fl()} end end),
 p(exit_kill_trap, begin {P16,R16}=spawn_monitor(fun() -> process_flag(trap_exit,true), loop() end), timer:sleep(10), exit(P16,kill), receive {'DOWN',R16,_,P16,W16} -> W16 end end),
 p(exit_kill_link, begin {P17,R17}=spawn_monitor(fun() -> process_flag(trap_exit,true), spawn_link(fun() -> exit(kill) end), rc() end), receive {'DOWN',R17,_,P17,W17} -> W17 end end),
 p(link_dead, begin process_flag(trap_exit,true), P18=spawn(fun() -> ok end), timer:sleep(10), link(P18), {'EXIT',_,W18}=rc(), W18 end),
 p(link_dead_notrap, begin process_flag(trap_exit,false), ex(fun() -> link(P18) end) end),
 process_flag(trap_exit,true),
 p(links, begin P19=spawn_link(?MODULE,loop,[]), L19=lists:member(P19,element(2,process_info(self(),links))), unlink(P19), exit(P19,boom), timer:sleep(10), {L19,fl()} end),
 p(link_crash, begin P20=spawn_link(fun() -> exit({a,b}) end), receive {'EXIT',P20,W20} -> W20 end end),
 p(throw_exit, begin logger:set_primary_config(level,none), {P21,R21}=spawn_monitor(fun() -> throw(x) end), receive {'DOWN',R21,_,P21,{W21,_}} -> W21 end end),
 p(err_exit, begin {P22,R22}=spawn_monitor(fun() -> error(x) end), receive {'DOWN',R22,_,P22,{W22,St}} -> {W22,length(St) > 0} end end),
 p(undef_exit, begin {P23,R23}=spawn_monitor(nomod,nofun,[1]), receive {'DOWN',R23,_,P23,W23} -> W23 end end),
 p(spawn_badarity, begin {P24,R24}=spawn_opt(fun(_) -> ok end,[monitor]), receive {'DOWN',R24,_,P24,{{W24,_},St24}} -> {W24,St24} end end),
 p(group_leader, begin P25=lp(), group_leader(self(),P25), process_info(P25,group_leader) =:= {group_leader,self()} end),
 p(spawn_opts, begin P26=spawn_opt(?MODULE,loop,[],[{priority,high},{min_heap_size,1000},{fullsweep_after,7},{message_queue_data,off_heap},{max_heap_size,#{size=>100000,kill=>false}}]), [process_info(P26,I) || I <- [priority,min_heap_size,fullsweep_after,message_queue_data,max_heap_size,initial_call,current_function]] end),
 p(hib, begin P27=spawn(fun() -> erlang:hibernate(?MODULE,loop,[]) end), timer:sleep(20), [process_info(P27,I) || I <- [current_function,status,message_queue_len]] end), P27 ! stop,
 p(msgs, begin self() ! a, self() ! b, [process_info(self(),messages),process_info(self(),message_queue_len),fl()] end),
 p(stack, begin P28=lp(), timer:sleep(10), {current_stacktrace,[{M28,F28,A28,_}|_]}=process_info(P28,current_stacktrace), {M28,F28,A28} end),
 p(dict, begin P29=spawn(fun() -> put(k,v), loop() end), timer:sleep(10), process_info(P29,dictionary) end),
 p(parent, process_info(P29,parent) =:= {parent,self()}),
 p(dead_info, begin exit(P29,kill), timer:sleep(10), {process_info(P29),process_info(P29,status),is_process_alive(P29)} end),
 p(refs, [is_reference(make_ref()), make_ref() =/= make_ref()]),
 p(uniq, begin U=[erlang:unique_integer([monotonic]) || _ <- lists:seq(1,5)], {U =:= lists:sort(U), erlang:unique_integer([positive]) > 0, ex(fun() -> erlang:unique_integer([foo]) end)} end),
 p(send_dead, P29 ! x), p(send_bad, ex(fun() -> id(foo) ! x end)), p(send_bad2, ex(fun() -> id(1) ! x end)), p(send_name, {nosuch,node()} ! x), p(send_ref, make_ref() ! x),
 p(prio, begin P30=spawn_opt(fun() -> process_flag(priority,max), loop() end,[]), timer:sleep(5), process_info(P30,priority) end),
 p(timer1, begin T1=erlang:start_timer(10,self(),m), {timeout,T1,m}=rc(), ok end),
 p(timer2, begin T2=erlang:send_after(5000,self(),m), R32=erlang:read_timer(T2), C32=erlang:cancel_timer(T2), {R32 > 4000, C32 > 4000, erlang:read_timer(T2), erlang:cancel_timer(T2)} end),
 p(timer3, begin T3=erlang:send_after(5000,self(),m), ok=erlang:cancel_timer(T3,[{async,true}]), {cancel_timer,T3,N3}=rc(), {is_integer(N3), erlang:cancel_timer(T3,[{async,true},{info,false}]), fl()} end),
 p(timer4, begin T4=erlang:start_timer(erlang:monotonic_time(millisecond)+20,self(),ab,[{abs,true}]), {timeout,T4,ab}=rc(), ok end),
 p(timer5, begin register(tn,self()), erlang:send_after(5,tn,named), X5=rc(), unregister(tn), erlang:send_after(1,nosuch_name,m), timer:sleep(5), {X5,fl()} end),
 p(timer_bad, [ex(fun() -> erlang:start_timer(T,D,m,O) end) || {T,D,O} <- [{-1,self(),[]},{1 bsl 70,self(),[]},{1,1,[]},{1,self(),[foo]},{x,self(),[]}]]),
 p(rt, begin T6=erlang:start_timer(1000,self(),x), ok=erlang:read_timer(T6,[{async,true}]), {read_timer,T6,N6}=rc(), N6 > 500 end),
 p(after0, receive zzz -> 1 after 0 -> none end), p(after_bad, ex(fun() -> receive zz -> ok after id(x) -> ok end end)), p(after_big, ex(fun() -> receive zz -> ok after id(1 bsl 32) -> ok end end)),
 p(convert,[erlang:convert_time_unit(1,second,native) > 0, erlang:convert_time_unit(1500,millisecond,second), erlang:convert_time_unit(-1,millisecond,second), erlang:convert_time_unit(7,3,1000)]),
 p(time, [erlang:system_time(second) - (erlang:monotonic_time(second)+erlang:time_offset(second)) =< 1, is_integer(erlang:monotonic_time(77))]).
id(X) -> X.
lp() -> spawn(?MODULE,loop,[]).
loop() -> receive stop -> ok end.
rc() -> receive X -> X after 1000 -> none end.
fl() -> receive X -> [X|fl()] after 20 -> [] end.
ex(F) -> try F() catch C:R -> {C,R} end.
p(T, V) -> io:format("~p: ~0p~n", [T, V]).
