%% Handlers in the order in which logger lists them, and reports as text.
-module(logger_handler_order).
-compile([export_all,nowarn_export_all]).
log(_,_) -> ok.
main() -> [logger:add_handler(I,?MODULE,#{})||I<-[zz,aa,h1,mm]], io:format("~p~n~p~n",[logger:get_handler_ids(),[I||#{id:=I}<-logger:get_handler_config()]]), logger:remove_handler(h1), logger:set_handler_config(zz,level,error), io:format("~p~n",[logger:get_handler_ids()]),
 io:format("~p~n",[[catch logger:format_otp_report(R)||R<-[#{label=>x,report=>[{a,1}]},#{report=>[{b,2}]},[{c,1}],"s",#{label=>{x,y},report=>#{q=>1}},foo]]]).
