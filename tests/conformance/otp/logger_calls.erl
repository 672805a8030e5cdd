%% Logger: handlers, filters, levels, metadata, templates, files that rotate.
-module(logger_calls).
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
log(L,_) -> case L of #{level:=Lv,msg:=M,meta:=Mt} -> io:format("H ~p ~0p ~p~n",[Lv,M,lists:sort(maps:keys(Mt))]) end.
changing_config(_,Old,New) -> {ok,maps:merge(Old,New)}.
adding_handler(C) -> io:format("adding ~p~n",[maps:get(id,C)]),{ok,C}.
removing_handler(C) -> io:format("removing ~p~n",[maps:get(id,C)]),ok.
filter_config(C) -> C.
main() ->
 ?T(logger:add_handler(h1,?MODULE,#{level=>info})),logger:set_primary_config(level,debug),
  ?T(logger:set_handler_config(default,level,none)),?T(logger:info("hello ~p",[1])),?T(logger:debug("no")),
  ?T(logger:error(#{a=>1})),?T(logger:warning([{k,v}])),?T(logger:notice("str",#{my=>meta})),
  ?T(logger:log(alert,"x ~s",["y"],#{domain=>[d1]})),?T(logger:log(critical,fun(A)->{"lazy ~p",[A]} end,arg,#{})),
  ?T(logger:log(foo,"x")),
 ?T(logger:get_handler_ids()),?T(maps:without([filters],element(2,logger:get_handler_config(h1)))),
  ?T(logger:get_handler_config(zz)),?T(logger:add_handler(h1,?MODULE,#{})),
  ?T(logger:add_handler(h2,nomodule,#{})),?T(logger:add_handler(h2,?MODULE,#{level=>foo})),
  ?T(logger:add_handler(default,?MODULE,#{})),?T(logger:set_handler_config(h1,level,foo)),
  ?T(logger:set_handler_config(h1,#{level=>error})),?T(logger:update_handler_config(h1,level,info)),
  ?T(logger:update_handler_config(h1,filter_default,foo)),?T(logger:set_handler_config(zz,level,info)),
 ?T(logger:add_handler_filter(h1,f1,{fun(E,x)->case maps:get(level,E) of warning->stop;_->ignore end end,x})),
  ?T(logger:warning("stopped")),?T(logger:notice("not stopped")),?T(logger:add_handler_filter(h1,f1,
  {fun(E,_)->E end,x})),?T(logger:add_handler_filter(h1,f2,foo)),?T(logger:remove_handler_filter(h1,f1)),
  ?T(logger:remove_handler_filter(h1,f1)),
 ?T(logger:add_primary_filter(p1,{fun(E,_)->E#{msg=>{string,"changed"}} end,[]})),?T(logger:notice("orig")),
  ?T(logger:remove_primary_filter(p1)),
 ?T(logger:set_module_level(?MODULE,error)),?T(logger:get_module_level()),?T(logger:unset_module_level(?MODULE)),
  ?T(logger:get_module_level()),?T(logger:set_module_level(x,foo)),?T(logger:set_primary_config(level,foo)),
  ?T(logger:set_primary_config(foo,x)),?T(logger:get_primary_config()),?T(logger:allow(debug,?MODULE)),
  ?T(logger:compare_levels(debug,error)),?T(logger:compare_levels(x,error)),
 ?T(logger:set_process_metadata(#{a=>1})),?T(logger:get_process_metadata()),
  ?T(logger:update_process_metadata(#{b=>2})),?T(logger:get_process_metadata()),?T(logger:notice("with meta")),
  ?T(logger:unset_process_metadata()),?T(logger:get_process_metadata()),?T(logger:set_process_metadata(foo)),
 ?T(logger:remove_handler(h1)),?T(logger:remove_handler(h1)),?T(logger:format_report(#{a=>1,b=>"two"})),
  ?T(logger:format_report([{a,1},b])),?T(logger:format_otp_report(#{label=>{x,y},report=>[{a,1}]})),
  ?T(logger:format_report("abc")),
 E=fun(M) -> #{level=>error,msg=>M,meta=>#{time=>1600000000123456,pid=>list_to_pid("<0.1.0>"),gl=>self(),mfa=>{m,f,2},file=>"x.erl",line=>12,domain=>[a,b],my=>#{k=>v}}} end,
 [?T({C,lists:flatten(logger_formatter:format(E(M),C#{time_offset=>"Z"}))}) || C<-[#{},#{single_line=>false},#{legacy_header=>true,single_line=>false},#{template=>[level," ",msg,"\n"]},#{template=>["[",time,"] ",mfa," ",pid," ",file,":",line," ",domain," ",msg]},#{template=>[{nope,["N ",nope],["no "]},{my,["Y ",my]},[my,k],msg]},#{max_size=>20},#{depth=>3},#{time_designator=>$\s},#{template=>[my,msg],report_cb=>fun(R)->{"R ~p",[R]} end}], M<-[{"fmt ~p",[[1,2,3,4,5,6,7]]},{string,"line1\nline2"},{report,#{a=>1,b=>[1,2,3]}},{report,[{x,1},{y,"str"}]}]],
 ?T(logger_formatter:check_config(#{foo=>1})),?T(logger_formatter:check_config(#{depth=>x})),
  ?T(logger_formatter:check_config(#{template=>[1]})),
  ?T(logger_formatter:check_config(#{depth=>3,chars_limit=>unlimited})),
  ?T(logger_formatter:check_config(#{time_offset=>"+01:00"})),?T(logger_formatter:check_config(#{time_offset=>"x"})),
 ?T(logger_filters:domain(E({string,"x"}),{log,equal,[a,b]}) =/= ignore),?T(logger_filters:domain(E({string,"x"}),
  {stop,sub,[a]})),?T(logger_filters:domain(E({string,"x"}),{stop,super,[a,b,c]})),
  ?T(logger_filters:domain(E({string,"x"}),{stop,not_equal,[a]})),?T(logger_filters:level(E({string,"x"}),
  {stop,gt,info})),?T(logger_filters:level(E({string,"x"}),{stop,lt,info})),?T(logger_filters:level(E({string,"x"}),
  {foo,lt,info})),?T(logger_filters:progress(E({string,"x"}),stop)),
  ?T(logger_filters:remote_gl(E({string,"x"}),stop)),
 ?T(logger:add_handler(f,logger_std_h,#{config=>#{file=>"log.txt"},formatter=>{logger_formatter,#{template=>[level,": ",msg,"\n"]}}})),logger:notice("to file ~p",[x]),?T(logger_std_h:filesync(f)),?T(file:read_file("log.txt")),?T(logger:remove_handler(f)),?T(logger:add_handler(f,logger_std_h,#{config=>#{foo=>1}})),?T(logger:add_handler(f,logger_std_h,#{config=>#{type=>{file,"no/dir/x"}}})),?T(logger:add_handler(g,logger_std_h,#{config=>#{file=>"rot.txt",max_no_bytes=>30,max_no_files=>2}, formatter=>{logger_formatter,#{template=>[msg,"\n"]}}})),[logger:notice("message number ~p",[I])||I<-lists:seq(1,9)],?T(logger_std_h:filesync(g)),?T([{F,file:read_file(F)}||F<-lists:sort(filelib:wildcard("rot*"))]),?T(logger:remove_handler(g)),
 ?T(logger:add_handlers(foo)),ok.
