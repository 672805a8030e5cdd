%% Requests and collections of requests: wrong arguments
-module(gen_requests_wrong).
-compile([export_all,nowarn_export_all]).
-define(T(E), t(?LINE, fun() -> E end)).
t(L,F) -> R = try F() catch C:X -> {C,X} end,
  case R =/= [] andalso io_lib:printable_unicode_list(R) of true -> io:format("~w: ~ts~n",[L,R]); false -> io:format("~w: ~tp~n",[L,R]) end.
main() -> [?T({M,F,A,case catch apply(M,F,A) of {'EXIT',{R,_}} -> R; X -> X end}) || M <- [gen_server,gen_statem], {F,A} <- [{check_response,[foo,bar]},{check_response,[foo,#{}]},{wait_response,[bar,0]},{wait_response,[#{},0]},{receive_response,[bar,0]},{receive_response,[#{},0]},{receive_response,[bar,0,true]},{receive_response,[#{},0,foo]},{receive_response,[#{},foo,true]},{check_response,[x,bar,true]},{check_response,[x,#{},foo]},{reqids_add,[a,b,c]},{reqids_size,[foo]},{reqids_to_list,[foo]},{send_request,[x,y,z,foo]}]].
