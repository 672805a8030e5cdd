%%% Returns of state callbacks and enter calls, actions, time-outs and the ways a state machine ends.
-module(gen_statem_returns).
-behaviour(gen_statem).
-export([main/0,init/1,callback_mode/0,terminate/3,code_change/4,a/3,b/3,c/3,format_status/1]).
-define(P(X), p(??X, fun() -> X end)).
p(T,F) -> io:format("~s~n   ~p~n",[T, try F() catch C:R -> {C,cl(R)} end]).
cl({{R,[_|_]},G}) -> {R,g(G)}; cl({R,G}) -> {R,g(G)}; cl(R) -> R.
g({gen_statem,call,A}) -> A; g(X) -> X.
callback_mode() -> [state_functions,state_enter].
init({bad,X}) -> X;
init({crash,X}) -> error(X);
init(X) -> process_flag(trap_exit,true), {ok,a,X}.
terminate(R,S,D) -> io:format("term ~p ~p ~p~n",[case R of {X,[_|_]}->X;_->R end,S,D]).
code_change(_,S,D,_) -> {ok,S,D}.
format_status(S) -> maps:map(fun(data,D)->{f,D};(_,V)->V end,S).
a(enter,O,D) -> io:format("enter a from ~p ~p~n",[O,D]), keep_state_and_data;
a({call,F},get,D) -> {keep_state_and_data,[{reply,F,{a,D}}]};
a({call,F},go,D) -> {next_state,b,D,[{reply,F,ok}]};
a({call,F},{to,A},D) -> {keep_state,D,[{reply,F,ok}|A]};
a({call,F},{ret,R},_) -> gen_statem:reply(F,rep), R;
a({call,_},crash,_) -> error(oops);
a({call,_},{throw,X},_) -> throw(X);
a({call,_},{exit,X},_) -> exit(X);
a({call,F},postpone,_) -> gen_statem:reply(F,p), keep_state_and_data;
a(cast,post,_) -> {keep_state_and_data,postpone};
a(cast,go,D) -> {next_state,b,D};
a(T,C,D) -> io:format("a: ~p ~p ~p~n",[T,C,D]), keep_state_and_data.
b(enter,O,D) -> io:format("enter b from ~p ~p~n",[O,D]), {keep_state,[D],[{state_timeout,200,st}]};
b({call,F},get,D) -> {keep_state_and_data,[{reply,F,{b,D}}]};
b({call,F},back,D) -> {next_state,a,D,{reply,F,ok}};
b({call,F},rep,_) -> {repeat_state_and_data,{reply,F,ok}};
b({call,F},hib,_) -> {keep_state_and_data,[{reply,F,ok},hibernate]};
b(state_timeout,X,D) -> io:format("st ~p~n",[X]), {next_state,c,D,[{next_event,internal,i1},{next_event,cast,i2},{{timeout,n},50,nn}]};
b(T,C,D) -> io:format("b: ~p ~p ~p~n",[T,C,D]), keep_state_and_data.
c(enter,O,D) -> io:format("enter c from ~p ~p~n",[O,D]), keep_state_and_data;
c({call,F},get,D) -> {keep_state_and_data,[{reply,F,{c,D}}]};
c({call,F},stop,D) -> {stop_and_reply,normal,[{reply,F,bye}],D};
c(T,C,D) -> io:format("c: ~p ~p ~p~n",[T,C,D]), keep_state_and_data.
main() -> process_flag(trap_exit,true), logger:set_primary_config(level,none),
 ?P(gen_statem:start_link(?MODULE,{bad,ignore},[])), f(), ?P(gen_statem:start_link(?MODULE,{bad,{stop,x}},[])), f(), ?P(gen_statem:start_link(?MODULE,{bad,foo},[])), f(), ?P(element(1,element(2,gen_statem:start_link(?MODULE,{crash,foo},[])))), f(),
 ?P(gen_statem:start_link(?MODULE,{bad,{ok,5,d}},[])), f(), ?P(gen_statem:start_link(?MODULE,{bad,{ok,a,d,[bad]}},[])), f(),  ?P(gen_statem:start_link(?MODULE,{bad,{stop_and_reply,x,[]}},[])), f(),
 s(), ?P(gen_statem:call(x,get)), ?P(gen_statem:cast(x,post)), ?P(gen_statem:call(x,go)), ?P(gen_statem:call(x,get)), ?P(gen_statem:call(x,rep)), timer:sleep(500), ?P(gen_statem:call(x,get)), x ! info, ?P(gen_statem:call(x,stop)), f(),
 s(), ?P(gen_statem:call(x,{to,[{timeout,100,ev}]})), timer:sleep(250), ?P(gen_statem:call(x,{to,[{timeout,100,ev}]})), ?P(gen_statem:call(x,get)), timer:sleep(250), ?P(gen_statem:call(x,{to,[{{timeout,q},100,ev},{{timeout,q},cancel}]})), timer:sleep(200), ?P(gen_statem:call(x,{to,[{{timeout,q},100,ev},{{timeout,q},update,ev2}]})), timer:sleep(250), ?P(gen_statem:call(x,{to,[{next_event,{call,{self(),make_ref()}},get}]})), 
 ?P(gen_statem:call(x,{ret,keep_state_and_data})), ?P(gen_statem:call(x,{ret,{keep_state,d2}})), ?P(gen_statem:call(x,get)), ?P(gen_statem:call(x,{ret,{next_state,a,d3}})), ?P(gen_statem:call(x,{ret,repeat_state_and_data})), ?P(gen_statem:call(x,{ret,{repeat_state,d4}})), ?P(gen_statem:call(x,get)), ?P(gen_statem:call(x,{ret,stop})), f(),
 s(), ?P(gen_statem:call(x,{ret,{stop,r}})), f(), s(), ?P(gen_statem:call(x,{ret,{stop,shutdown,nd}})), f(), s(), ?P(gen_statem:call(x,{ret,foo})), f(), s(), ?P(gen_statem:call(x,{ret,{next_state,zz,d}})), f(), s(), ?P(gen_statem:call(x,{ret,{keep_state,d,[{foo,1}]}})), f(),
 s(), ?P(gen_statem:call(x,{ret,{next_state,5,d}})), f(),
 s(), ?P(gen_statem:call(x,crash)), f(), s(), ?P(gen_statem:call(x,{throw,keep_state_and_data},500)), ?P(gen_statem:call(x,{throw,zz})), f(), s(), ?P(gen_statem:call(x,{exit,zz})), f(),
 ?P(gen_statem:call(nope,x)), ?P(gen_statem:call({global,nope},x)), ?P(gen_statem:cast(nope,x)), s(), ?P(gen_statem:stop(x)), f(), ?P(gen_statem:stop(x)), 
 s(), ?P(sys:get_state(x)), ?P(sys:replace_state(x,fun({S,D})->{S,{r,D}} end)), {status,_,M,[_,Q,_,_,MM]} = sys:get_status(x), ?P({M,Q}), io:format("~p~n",[MM]),
 R = gen_statem:send_request(x,get), ?P(gen_statem:receive_response(R)), ?P(gen_statem:call(x,{to,[{reply,{self(),foo},z}]})), ?P(receive Z -> Z after 100 -> none end),
 ?P(gen_statem:call(x,{to,[{state_timeout,infinity,z},{timeout,50,{abs},[{abs,false}]}]})), timer:sleep(200), ?P(gen_statem:call(x,{to,[{change_callback_module,?MODULE}]})), ?P(gen_statem:call(x,{to,[{push_callback_module,?MODULE}]})), ?P(gen_statem:call(x,{to,[pop_callback_module]})), ?P(gen_statem:call(x,{to,[pop_callback_module]})), f(), ok.
s() -> {ok,_} = gen_statem:start_link({local,x},?MODULE,d,[]).
f() -> receive {'EXIT',_,R} -> io:format("   EXIT ~p~n",[case R of {X,[_|_]}->X;_->R end]), f() after 300 -> ok end.
