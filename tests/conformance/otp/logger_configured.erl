%% logger: handlers, filters, levels, metadata, proxy, the formatter in all forms
-module(logger_configured).
-compile([export_all,nowarn_export_all]).
-define(T(E), t(?LINE, fun() -> E end)).
t(L,F) -> R = try F() catch C:X -> {C,X} end,
  case R =/= [] andalso io_lib:printable_unicode_list(R) of true -> io:format("~w: ~ts~n",[L,R]); false -> io:format("~w: ~tp~n",[L,R]) end.
-include_lib("kernel/include/logger.hrl").
log(_Ev=#{level:=L,msg:=M,meta:=Meta},#{config:=#{pid:=P}}) -> P ! {logged,L,M,maps:without([time,pid,gl],Meta)}.
adding_handler(C) -> io:format("adding ~p~n",[maps:without([config],C)]), {ok,C}.
changing_config(S,O,N) -> io:format("changing ~p ~p ~p~n",[S,maps:get(level,O),maps:get(level,N,none)]), {ok,N}.
removing_handler(C) -> io:format("removing ~p~n",[maps:get(id,C)]), ok.
filter_config(C) -> C#{config=>filtered}.
g() -> receive X -> [X|g()] after 50 -> [] end.
ev(L,M,Meta) -> #{level=>L,msg=>M,meta=>maps:merge(#{time=>0,pid=>self(),gl=>group_leader()},Meta)}.
f(C) -> f(ev(error,{"hello ~p ~s",[world,"x"]},#{mfa=>{m,f,1},file=>"x.erl",line=>7,domain=>[otp,sasl]}),C).
f(E,C) -> lists:flatten(logger_formatter:format(E,C)).
main() ->
 logger:remove_handler(default),
 ?T(logger:add_handler(h1,?MODULE,#{config=>#{pid=>self()},level=>info})),
 ?T(logger:add_handler(h1,?MODULE,#{})), ?T(logger:add_handler(h2,nosuchmod,#{})), ?T(logger:add_handler(h2,?MODULE,#{level=>foo})), ?T(logger:add_handler("x",?MODULE,#{})), ?T(logger:add_handler(h2,?MODULE,#{filters=>[foo]})),?T(logger:add_handler(h2,?MODULE,#{filter_default=>x})),?T(logger:add_handler(h2,?MODULE,#{formatter=>x})),?T(logger:add_handler(h2,?MODULE,#{formatter=>{logger_formatter,#{bad=>1}}})),
 logger:set_primary_config(level,debug),
 ?T(begin logger:log(info,"a ~p",[1]), g() end), ?T(begin logger:log(info,"plain"), g() end), ?T(begin logger:log(info,#{rep=>1}), g() end), ?T(begin logger:log(info,[{k,v}]), g() end), ?T(begin logger:log(info,"a",#{my=>meta}), g() end), ?T(begin logger:log(info,"a ~p",[x],#{my=>meta}), g() end), ?T(begin logger:log(info,fun(X) -> {"fun ~p",[X]} end,arg,#{}), g() end), ?T(begin logger:log(info,fun(X) -> #{x=>X} end,arg), g() end), ?T(begin logger:log(info,fun(_) -> error(bad) end,arg), [{A,B,C,D}] = g(), {A,B,element(1,C),D} end),
 ?T(begin logger:debug("no"), g() end), ?T(logger:log(foo,"x")), ?T(logger:log(info,foo)), ?T(logger:log(info,[a|b])),
 ?T(begin ?LOG_INFO("m ~p",[1]), [{_,_,_,M}] = g(), maps:keys(M) end), ?T(begin ?LOG_ERROR(#{a=>1},#{domain=>[x]}), [{_,_,R,M}] = g(), {R,maps:get(mfa,M),maps:get(domain,M)} end), ?T(begin ?LOG(notice,"x"), length(g()) end),
 ?T(logger:get_handler_config(h1)), ?T(logger:get_handler_config(nosuch)), ?T(logger:get_handler_ids()), ?T(logger:update_handler_config(h1,level,error)), ?T(logger:update_handler_config(h1,#{level=>notice})), ?T(logger:set_handler_config(h1,level,foo)), ?T(logger:set_handler_config(h1,#{level=>info,config=>#{pid=>self()}})), ?T(logger:set_handler_config(nosuch,level,info)), ?T(logger:update_handler_config(h1,config,#{pid=>self()})), ?T(logger:set_handler_config(h1,filter_default,stop)), ?T(begin logger:error("x"), g() end), ?T(logger:set_handler_config(h1,filter_default,log)),
 ?T(logger:add_handler_filter(h1,f1,{fun(E,_) -> E#{level=>alert} end,x})), ?T(logger:add_handler_filter(h1,f1,{fun(E,_) -> E end,x})), ?T(logger:add_handler_filter(h1,f2,foo)), ?T(begin logger:error("y"), g() end), ?T(logger:remove_handler_filter(h1,f1)), ?T(logger:remove_handler_filter(h1,f1)),
 ?T(logger:add_primary_filter(p1,{fun(_,_) -> stop end,[]})), ?T(begin logger:error("y"), g() end), ?T(logger:remove_primary_filter(p1)), ?T(logger:remove_primary_filter(p1)), ?T(logger:add_primary_filter(p1,{fun(_,_) -> ignore end,[]})), ?T(logger:set_primary_config(filter_default,stop)),?T(begin logger:error("y"), g() end), ?T(logger:set_primary_config(filter_default,log)), ?T(logger:remove_primary_filter(p1)),
 ?T(logger:get_primary_config()), ?T(logger:set_primary_config(#{level=>info})), ?T(logger:set_primary_config(foo,1)), ?T(logger:set_primary_config(level,foo)), ?T(logger:update_primary_config(#{metadata=>#{pm=>1}})), ?T(begin logger:error("y"), g() end), ?T(logger:set_primary_config(metadata,#{})), 
 ?T(logger:set_module_level(?MODULE,error)), ?T(logger:get_module_level()), ?T(logger:get_module_level(?MODULE)), ?T(logger:set_module_level([a,b],debug)), ?T(logger:set_module_level(x,foo)), ?T(logger:unset_module_level(?MODULE)), ?T(logger:unset_module_level()), ?T(logger:get_module_level()), ?T(logger:set_application_level(nosuch,info)), ?T(logger:set_application_level(sasl,info)), ?T(logger:unset_application_level(sasl)),
 ?T(logger:set_process_metadata(#{pr=>1})), ?T(logger:update_process_metadata(#{pr2=>1})), ?T(logger:get_process_metadata()), ?T(begin logger:error("z",#{pr=>2}), g() end), ?T(logger:unset_process_metadata()), ?T(logger:get_process_metadata()), ?T(logger:set_process_metadata(x)),
 ?T(logger:compare_levels(error,info)), ?T(logger:compare_levels(a,info)), ?T(logger:compare_levels(debug,debug)), ?T(logger:compare_levels(all,none)), ?T(logger:allow(debug)), ?T(logger:allow(error,x)),
 ?T(logger:format_report(#{a=>1,b=>[c]})), ?T(logger:format_report([{a,1},b])), ?T(logger:format_report("str")), ?T(logger:format_otp_report(#{label=>x,report=>[{a,1}]})), ?T(logger:format_otp_report(#{x=>1})),
 ?T(logger:add_handlers(nosuch)), ?T(logger:add_handlers([{handler,h9,?MODULE,#{config=>#{pid=>self()}}}])), ?T(logger:add_handlers([{foo}])), ?T(logger:remove_handler(h9)), ?T(logger:remove_handler(h9)), ?T(logger:i(primary)), ?T(logger:i(foo)),
 ?T(maps:keys(logger:get_config())), ?T(logger:get_proxy_config()), ?T(logger:set_proxy_config(#{burst_limit_enable=>false})), ?T(logger:set_proxy_config(#{x=>false})), ?T(logger:update_proxy_config(#{drop_mode_qlen=>300})), ?T(logger:get_proxy_config()), ?T(logger:reconfigure()),
 ?T(logger:remove_handler(h1)),
 %% formatter
 [?T(f(C)) || C <- [#{},#{single_line=>false},#{legacy_header=>true},#{legacy_header=>true,single_line=>false},#{template=>[level," ",mfa," ",file," ",line," ",msg,"\n"]},#{template=>[{mfa,["<",mfa,">"],"none"},{nokey,["x"],["y"]},nokey,"|",domain,"|",msg]},#{max_size=>20},#{max_size=>5,template=>[msg]},#{chars_limit=>10,template=>[msg]},#{depth=>3,template=>[msg]},#{time_offset=>"Z"},#{time_offset=>3600},#{time_offset=>"+05:30",time_designator=>$\s},#{time_offset=>"-01:00"},#{template=>[[meta,x],{[a,b],["ab"],["noab"]},msg]},#{report_cb=>fun(_) -> {"cb",[]} end},#{template=>[time],time_designator=>$_,time_offset=>0}]],
 Rep = ev(error,{report,#{a=>1,b=>"text",c=>[x,y,lists:seq(1,50)]}},#{}),
 [?T(f(Rep,C#{time_offset=>"Z"})) || C <- [#{},#{single_line=>false},#{legacy_header=>true,single_line=>false},#{template=>[msg]},#{template=>[msg],single_line=>false},#{depth=>4,template=>[msg]},#{chars_limit=>30,template=>[msg]},#{max_size=>30,template=>[msg]},#{report_cb=>fun(R) -> {"cb ~p",[maps:size(R)]} end,template=>[msg]},#{report_cb=>fun(R,Cf) -> io_lib:format("cb2 ~p ~p",[maps:size(R),Cf]) end,template=>[msg]},#{report_cb=>fun(_) -> bad end,template=>[msg]},#{report_cb=>fun(_) -> error(crash) end,template=>["x"]}]],
 [?T(f(ev(info,M,Mt),#{template=>[level,": ",msg,"\n"]})) || {M,Mt} <- [{{string,"abc\ndef  \n  ghi"},#{}},{{string,<<"bin">>},#{}},{{string,[1,2,foo]},#{}},{{"~s ~p",[bad]},#{}},{{"a~nb",[]},#{}},{{report,[{a,1},"x",{b,c}]},#{}},{{report,#{label=>{gen,x}}},#{report_cb=>fun(R) -> {"~p",[R]} end}},{{report,#{x=>1}},#{report_cb=>fun(_,_) -> "two" end}}]],
 [?T(logger_formatter:check_config(C)) || C <- [#{},#{depth=>x},#{depth=>unlimited},#{template=>foo},#{template=>[foo,"x",{a,["b"],["c"]}]},#{template=>[1.5]},#{max_size=>0},#{chars_limit=>-1},#{single_line=>1},#{time_offset=>foo},#{time_offset=>"x"},#{time_designator=>"x"},#{report_cb=>1},#{legacy_header=>x},#{error_logger_notice_header=>info},#{foo=>1}]],
 [?T(logger_filters:F(ev(L,{"x",[]},Mt),A)) || {F,L,Mt,A} <- [{domain,info,#{domain=>[otp,a]},{log,sub,[otp]}},{domain,info,#{domain=>[otp,a]},{log,super,[otp,a,b]}},{domain,info,#{domain=>[otp,a]},{stop,equal,[otp]}},{domain,info,#{domain=>[otp,a]},{stop,not_equal,[otp]}},{domain,info,#{},{stop,undefined,[]}},{domain,info,#{domain=>[a]},{log,undefined,[]}},{domain,info,#{},{foo,sub,[]}},{level,info,#{},{log,gteq,info}},{level,info,#{},{stop,lt,error}},{level,info,#{},{stop,neq,error}},{level,info,#{},{stop,foo,error}},{level,info,#{},{log,eq,foo}},{progress,info,#{},log},{progress,info,#{},foo},{remote_gl,info,#{},stop},{remote_gl,info,#{},x}], begin erlang:put(x,1), true end],
 ok.
