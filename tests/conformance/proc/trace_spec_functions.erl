%%% What match specifications for tracing may call: in bodies and guards, of calls, of messages sent and of messages that come.
%%% What is wrong is told by match_spec_test.
-module(trace_spec_functions).
-export([main/0, f/0]).

main() ->
    Calls = [{return_trace}, {exception_trace}, {is_seq_trace}, {get_seq_token}, {set_seq_token,label,1},
         {caller}, {caller_line}, {current_stacktrace}, {current_stacktrace,3}, {process_dump}, {display,a},
         {message,false}, {enable_trace,call}, {enable_trace,{self},call}, {disable_trace,call},
         {disable_trace,{self},call}, {trace,[call],[]}, {trace,{self}, [call],[]}, {silent,true}, {get_tcw},
         {set_tcw,1}, {self}, {node}, {element,1,{{1}}}, {hd,[1]}, {foo}, {return_trace,1}, {message},
         {caller,1}, {map_get,a,b}, {is_map_key,a,b}, {binary_part,a,1,2}, {tuple_size,{{}}}, {const,1},
         {is_function,a,1}, {is_record,a,b,1}, {'and',true}, {'orelse',true}, {'xor',true,true}, {'bsl',1,1},
         {bit_size,a}, {ceil,1}, {floor,1}, {min,1,2}, {max,1,2}, {length,[]}, {map_size,#{}}, {round,1},
         {trunc,1}, {float,1}, {port,1}, {reference,a}],
    [io:format("~p: ~p~n", [Call, [pattern(Where, Spec) || {Where, Spec} <- places(Call)]]) || Call <- Calls],
    Tried = [{return_trace}, {exception_trace}, {is_seq_trace}, {get_seq_token}, {set_seq_token,label,1},
         {set_seq_token,label}, {set_seq_token,label,a,b}, {set_seq_token,foo,1}, {caller}, {caller_line},
         {caller_line,1}, {current_stacktrace}, {current_stacktrace,3}, {process_dump,1}, {message,false},
         {enable_trace,call}, {enable_trace,foo}, {enable_trace}, {enable_trace,1,2,3},
         {enable_trace,{self},call}, {disable_trace,call}, {disable_trace}, {disable_trace,{self},call},
         {disable_trace,a,b,c}, {trace,[call],[]}, {trace,{self}, [call],[]}, {trace,a}, {trace},
         {silent,true}, {silent}, {silent,1,2}, {get_tcw}, {get_tcw,1}, {set_tcw,1}, {set_tcw}, {self},
         {self,1}, {node}, {node,1}, {element,1,{{1}}}, {hd,[1]}, {foo}, {return_trace,1}, {exception_trace,1},
         {is_seq_trace,1}, {get_seq_token,1}, {display}, {display,1,2}, {message}, {message,1,2}, {caller,1},
         {map_get,a,b}, {is_map_key,a,b}, {binary_part,a,1,2}, {tuple_size,{{}}}, {const,1}, {const},
         {const,1,2}, {is_function,a,1}, {is_record,a,b,1}, {is_record,a,b}, {'and',true}, {'and'}, {'or'},
         {'not'}, {'not',true}, {'xor',true,true}, {'bsl',1,1}, {bit_size,a}, {byte_size,<<>>}, {ceil,1},
         {floor,1}, {min,1,2}, {max,1,2}, {length,[]}, {map_size,#{}}, {round,1}, {trunc,1}, {float,1},
         {size,a}, {is_bitstring,a}, {is_boolean,a}, {is_map,a}, {is_float,a}, {is_port,a}, {is_reference,a},
         {is_atom,a}, {abs,a}, {'+',1}, {'-',1}, {'+',1,1}, {'/',1,1}, {'++',a,b}, {apply,a,b,c}, {1}, {"a",1},
         {'$1'}, '$1','$2',{}, {{}}, [{foo}],#{a=>{foo}}, {1,2}, [a|b], {'$_'}, {{{foo}}}, {'andalso',{foo},
         {bar}}, {element,{foo}, {bar,1}}],
    [io:format("~p: ~p~n", [Call, [tried([{'_', [Call], []}], trace), tried([{'_', [Call], [true]}], table)]])
     || Call <- Tried],
    [io:format("~p: ~p~n", [Call, [tried([{'_', [], [Call]}], trace), tried([{'_', [], [Call]}], table)]])
     || Call <- Tried, Call =/= {display, 1}, Call =/= {self}].

f() -> ok.

places(Call) ->
    [{{?MODULE, f, 0}, [{'_', [], [Call]}]}, {send, [{['_', '_'], [], [Call]}]},
     {'receive', [{['_', '_', '_'], [], [Call]}]}, {{?MODULE, f, 0}, [{'_', [Call], []}]},
     {send, [{['_', '_'], [Call], []}]}].

pattern(Where, Spec) ->
    try
        erlang:trace_pattern(Where, Spec, [])
    catch
        error:Reason:Trace -> {Reason, proplists:get_value(error_info, element(4, hd(Trace)))}
    end.

tried(Spec, table) -> erlang:match_spec_test({a, b}, Spec, table);
tried(Spec, trace) -> erlang:match_spec_test([a, b], Spec, trace).
