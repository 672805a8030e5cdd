%% Event managers: handlers that come, go, swap and fail; and processes begun by proc_lib.
-module(gen_event_calls).
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
init({X,swap}) -> {ok,{swapped,X}}; init({args,A,Old}) -> io:format("init args ~p ~p~n",[A,Old]),{ok,A}; init(ignore_me) -> ignore; init(bad) -> foo; init(crash) -> error(c); init({error,E}) -> {error,E}; init(hib) -> {ok,h,hibernate}; init(S) -> {ok,S}.
handle_event({crash},_) -> error(ev); handle_event(rm,_) -> remove_handler; handle_event({swap,A},S) -> {swap_handler,swapping,S,{?MODULE,new},A}; handle_event(bad,_) -> junk; handle_event(E,S) -> io:format("ev ~p ~p~n",[E,S]),{ok,S}.
handle_call(get,S) -> {ok,S,S}; handle_call(rm,_) -> {remove_handler,removed}; handle_call({swap,A},S) -> {swap_handler,swrep,x,S,{?MODULE,new2},A}; handle_call(bad,_) -> junk; handle_call(crash,_) -> error(cc); handle_call({set,X},_) -> {ok,ok,X}; handle_call({hib,X},S) -> {ok,X,S,hibernate}.
handle_info(I,S) -> io:format("info ~0p ~p~n",[strip(I),S]),{ok,S}.
terminate(R,S) -> io:format("term ~0p ~p~n",[strip(R),S]),{termret,S}.
code_change(_,S,E) -> {ok,{S,E}}.
format_status(#{state:=S}=M) -> M#{state:={fs,S}}.
main() ->
 logger:set_primary_config(level,none),process_flag(trap_exit,true),
 {ok,P}=gen_event:start_link({local,em}),?T(gen_event:add_handler(em,?MODULE,s1)),
  ?T(gen_event:add_handler(em,?MODULE,s1)),?T(gen_event:add_handler(em,{?MODULE,i2},s2)),
  ?T(gen_event:which_handlers(em)),?T(gen_event:add_handler(em,{?MODULE,x},bad)),
  ?T(gen_event:add_handler(em,{?MODULE,x},crash)),?T(gen_event:add_handler(em,{?MODULE,x},{error,e})),
  ?T(gen_event:add_handler(em,nomod,x)),?T(gen_event:add_handler(em,{?MODULE,h},hib)),
  ?T(gen_event:call(em,{?MODULE,h},get)),?T(gen_event:delete_handler(em,{?MODULE,h},args)),
  ?T(gen_event:delete_handler(em,zz,args)),
 ?T(gen_event:sync_notify(em,e1)),?T(gen_event:notify(em,e2)),?T(gen_event:call(em,?MODULE,get)),
  ?T(gen_event:call(em,zz,get)),?T(gen_event:call(em,?MODULE,{set,9})),?T(gen_event:call(em,?MODULE,get)),
  ?T(gen_event:call(em,?MODULE,{hib,1})),em!hello,?T(gen_event:call(em,{?MODULE,i2},bad)),
  ?T(gen_event:which_handlers(em)),?T(gen_event:add_handler(em,{?MODULE,i2},s3)),
  ?T(gen_event:call(em,{?MODULE,i2},crash)),?T(gen_event:add_handler(em,{?MODULE,i2},s4)),
  ?T(gen_event:call(em,{?MODULE,i2},rm)),?T(gen_event:call(em,?MODULE,{swap,arg})),
  ?T(gen_event:which_handlers(em)),?T(gen_event:call(em,{?MODULE,new2},get)),
  ?T(gen_event:swap_handler(em,{{?MODULE,new2},oldargs},{{?MODULE,q},newarg})),?T(gen_event:which_handlers(em)),
  ?T(gen_event:swap_handler(em,{zz,a},{{?MODULE,q2},{args2}})),?T(gen_event:which_handlers(em)),
 ?T(gen_event:add_sup_handler(em,{?MODULE,s},sup)),?T(gen_event:sync_notify(em,{crash})),
  ?T([receive {gen_event_EXIT,H,R}->{H,strip(R)} after 100->none end||_<-[1]]),?T(gen_event:which_handlers(em)),
  ?T(gen_event:add_sup_handler(em,{?MODULE,s},sup)),?T(gen_event:sync_notify(em,rm)),
  ?T(receive {gen_event_EXIT,H2,R2}->{H2,R2} after 100->none end),
  ?T(gen_event:add_sup_handler(em,{?MODULE,s},sup)),?T(gen_event:sync_notify(em,{swap,nn})),
  ?T(receive {gen_event_EXIT,H3,R3}->{H3,R3} after 50->none end),?T(gen_event:which_handlers(em)),
  ?T(sys:get_state(em)),?T(sys:replace_state(em,fun({M,I,S})->{M,I,{r,S}} end)),?T(sys:get_state(em)),
  ?T(strip(lists:last(element(4,sys:get_status(em))))),?T(sys:suspend(em)),?T(sys:change_code(em,?MODULE,v,ex)),
  ?T(sys:resume(em)),?T(sys:get_state(em)),?T(gen_event:sync_notify(em,bad)),?T(gen_event:which_handlers(em)),
  ?T(gen_event:call(nosuch,?MODULE,x)),?T(gen_event:notify(nosuch,x)),?T(gen_event:stop(nosuch)),
  ?T(gen_event:add_handler(em,?MODULE,last)),R5=gen_event:send_request(em,?MODULE,get),
  ?T(gen_event:receive_response(R5,1000)),R6=gen_event:send_request(em,zz,get),
  ?T(gen_event:receive_response(R6,1000)),?T(gen_event:stop(em)),
  ?T(receive {'EXIT',P,R7}->R7 after 100->none end),?T(element(1,gen_event:start({local,em}))),
  ?T(element(1,gen_event:start({local,em}))),?T(element(1,gen_event:start_monitor())),
  ?T(gen_event:stop(em,shutdown,100)),
 ?T(proc_lib:start(?MODULE,pl,[ok])),?T(proc_lib:start(?MODULE,pl,[die])),?T(proc_lib:start(?MODULE,pl,[fail])),
  ?T(proc_lib:start(?MODULE,pl,[hang],50)),?T(proc_lib:start_link(?MODULE,pl,[die])),
  ?T(receive {'EXIT',_,Q}->strip(Q) after 100->none end),?T(element(1,proc_lib:start_monitor(?MODULE,pl,[ok]))),
  ?T(proc_lib:initial_call(self())),Pp=proc_lib:spawn(fun()->receive x->ok end end),?T(proc_lib:initial_call(Pp)),
  ?T(proc_lib:translate_initial_call(Pp)),?T(proc_lib:stop(Pp,normal,50)),exit(Pp,kill),?T(proc_lib:stop(nosuch)),
  ?T(proc_lib:format({crash,[[{initial_call,{a,b,[]}},{pid,x},{registered_name,[]},{error_info,{error,foo,[{m,f,1,[]}]}},{ancestors,[]},{message_queue_len,0},{messages,[]},{links,[]},{dictionary,[]},{trap_exit,false},{status,running},{heap_size,1},{stack_size,1},{reductions,1}],[]]})=/=x),ok.
pl(ok) -> proc_lib:init_ack({ok,up}); pl(die) -> exit(dead); pl(fail) -> proc_lib:init_ack({error,failed}); pl(hang) -> timer:sleep(infinity).
