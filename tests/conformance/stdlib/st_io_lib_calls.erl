%% Texts by io_lib: control sequences, pretty printing, writing, reading by format.
-module(st_io_lib_calls).
-compile([export_all,nowarn_export_all]).
-define(T(E), t(??E, fun() -> E end)).
t(S,F) -> put(n,case get(n) of undefined->1; N->N+1 end), io:format("~w ~ts => ~0tp~n", [get(n), [C0||C0<-S,C0<128], try strip(F()) catch C:R -> {C,strip(R)} end]).
-record(r,{a,b}).
strip({'EXIT',{R,[{_,_,_,_}|_]}}) -> {'EXIT',strip(R)};
strip([{M,F,A,I}|_]) when is_atom(M),is_atom(F),is_list(I),(is_integer(A) orelse is_list(A)) -> stack;
strip([H|T]) -> [strip(H)|strip(T)];
strip(T) when is_tuple(T) -> list_to_tuple(strip(tuple_to_list(T)));
strip(P) when is_pid(P) -> pid;
strip(X) -> X.
main() ->
 [?T({F,lists:flatten(io_lib:format(F,A))}) || {F,A} <- [{"~10s|~-10s|~10.3s|~.4s|~10.4.*s",["abc","abc","abcdef","abcdef",$x,"abcdef"]},{"~c~c~5c~-5c|~3.2.xc",[65,66,67,68,69]},{"~5w|~-5w|~3w|~.3w",[abc,abc,abcdef,x]},{"~10.3f ~f ~.0f ~6.2f ~1.2f",[1.2345,3.0,1.5,-1.0,123.456]},{"~e ~.3e ~12.4e",[12345.678,0.00012,-5.5e10]},{"~g ~g ~.3g ~g",[0.1,1.0e10,123.4,1.0e-5]},{"~b ~8b ~-8b| ~.2b ~.16B ~.36b ~8.8.0b",[10,10,10,10,255,12345,10,5]},{"~x ~.2x ~X",[10,"p",5,"0b",255,"0x"]},{"~# ~.8# ~+ ~.2+",[255,8,255,5]},{"~n~2n~~",[]},{"~i~w",[a,b]},{"~p ~20p",[[1,2,3],{abc,"def",<<"ghi">>}]},{"~W ~P",[lists:seq(1,20),5,lists:seq(1,20),5]},{"~ts ~s",[[1024,$a],[229]]},{"~tp ~p",[[1024],[1024]]},{"~tw ~w",['\x{400}','\x{400}']},{"~ta",['x y']},{"~*s|~-*s",[6,"ab",6,"cd"]},{"~*.*f",[8,2,3.14159]},{"~lp ~lw",["abc","abc"]},{"~tlp",[[229]]},{"~kp",[#{b=>1,a=>2}]},{"~5.2.0f",[1.5]},{"~3.5s|",["abcdefg"]},{"~-20.5p|",[{a,b}]}]],
 [?T({F,catch io_lib:format(F,A)}) || {F,A} <- [{"~s",[foo]},{"~s",[1]},{"~d",[1]},{"~b",[1.0]},{"~f",[1]},
  {"~s",[]},{"~s",["a","b"]},{"~",[]},{"~2",[]},{"~s",[[1024]]},{"~c",[a]},{"~e",[x]},{"~.1b",[1]},{"~.37b",[1]},
  {"~*s",[a,"x"]},{"~q",[1]},{"~p~",[1]},{foo,[]},{"~w",foo},{<<"~w">>,[1]},{"~.0e",[1.0]},{"~s",[<<"bin">>]},
  {"~s",[["io",<<"list">>,$x]]},{"~s",[#{}]}]],
 ?T(lists:flatten(io_lib:format("~p",[#r{a=1,b=[#r{}]}]))),
  ?T(lists:flatten(io_lib:format("~p",[lists:duplicate(40,abcdefgh)]))),
 io:format("~p~n",[maps:from_list([{I,lists:seq(1,I)}||I<-lists:seq(1,20)])]),
  io:format("~p~n",[{a_long_tuple_name,[{some_key,"some value string"},{other_key,<<"binary value goes here">>},
  {third,#{deep=>#{deeper=>#{deepest=>[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15]}}}}]}]),
  io:format("~30p~n",["a string that is rather longer than the line"]),
  io:format("~30p~n",[<<"a binary that is rather longer than the line">>]),
  io:format("~30p~n",[<<1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20>>]),
  io:format("~p~n",[[{x,Y}||Y<-lists:seq(1,30)]]),io:format("~p~n",[fun lists:map/2]),
  io:format("~p ~p~n",[<<1:3>>,<<255,1:1>>]),io:format("~p~n",["with\nnewline\ttab \"q\" \\ \e"]),
  io:format("~p ~w~n",['quoted atom','Quoted']),io:format("~P~n",[#{a=>#{b=>#{c=>d}},e=>[1,2,3,4,5]},6]),
  io:format("~P~n",["a long string here",8]),io:format("~P~n",[<<"a long binary here and there">>,8]),
  io:format("~W~n",[{a,{b,{c,{d}}}},4]),io:format("~P ~P ~P~n",[{1,2,3},0,{1,2,3},1,{1,2,3},2]),
 [?T(lists:flatten(io_lib_pretty:print({a,[1,2,
  {b,"cd"}],#{k=>v}},O)))||O<-[[{depth,3}],[{depth,5}],[{line_length,10}],[{column,20},
  {line_length,30}],[{strings,false}],[{max_chars,8}],[{chars_limit,10}]]],
 ?T(lists:flatten(io_lib_pretty:print({r,1,2},fun(r,2)->[aa,bb];(_,_)->no end))),
  ?T(lists:flatten(io_lib_pretty:print([{r,1,2},{r,3}],[{record_print_fun,fun(r,2)->[aa,bb];(_,_)->no end}]))),
 ?T(io_lib:print(abc)),?T(lists:flatten(io_lib:print([{a,b}],1,10,3))),
  ?T(lists:flatten(io_lib:write({a,[b|c],"x"}))),?T(lists:flatten(io_lib:write({a,{b,{c}}},3))),
  ?T(lists:flatten(io_lib:write("abc",[{depth,2}]))),?T(io_lib:write_atom('A b')),
  ?T(io_lib:write_string("a\"\n")),?T(io_lib:write_char($\n)),?T(io_lib:write_latin1_char(229)),
  ?T(io_lib:write_string_as_latin1([229])),?T(io_lib:char_list([1,a])),?T(io_lib:deep_char_list(["a",$b])),
  ?T(io_lib:printable_list("abc\n")),?T(io_lib:printable_unicode_list([1024])),
  ?T(io_lib:printable_latin1_list([1024])),?T(io_lib:nl()),?T(lists:flatten(io_lib:indentation("ab\ncd",3))) ,
  ?T(io_lib:indentation("ab\ncd",3)),
  ?T(lists:flatten(io_lib:unscan_format(io_lib:scan_format("~10.3s ~p x",["a",b])))),
  ?T(io_lib:scan_format("~10.3s ~-5tp x",["a",b])),
  ?T(lists:flatten(io_lib:build_text(io_lib:scan_format("~p",[x])))),?T(io_lib:format_prompt(default)),
  ?T(io_lib:chars_length(["a",<<"bc">>])),?T(io_lib:format("~p",[x],[{chars_limit,1}])),
  ?T(lists:flatten(io_lib:format("~p",[lists:seq(1,100)],[{chars_limit,20}]))),
 [?T({F,S,io_lib:fread(F,S)})||{F,S}<-[{"~d","42 x"},{"~d ~d","1 2"},{"~f","3.14"},{"~f","3"},{"~s","hello world"},
  {"~5s","helloworld"},{"~c~c","ab"},{"~3c","abcd"},{"~a","foo bar"},{"~u","-3"},{"~u","3"},{"~16u","ff"},
  {"~#","16#ff"},{"~-","-"},{"~- ~d","- 5"},{"~*d ~d","1 2"},{"~l","ab"},{"~s~l","abc "},{"a~db","a12b"},
  {"a~db","c12b"},{"~d",""},{"~d","x"},{"~2d","1234"},{"~f","1.0e3x"},{"~~","~"},{"~ts",[1024,1025]},{"~8u","77"},
  {"~37u","1"},{"~q","1"},{"  ~d","   7"},{"~s ~s","a\n b"}]],
 ?T(io_lib:fread([],"1","~d~d")),{more,C}=io_lib:fread([],"1 ","~d~d"),
  {done,R,Rest}=io_lib:fread(C,"22 z\n","~d~d"),?T({R,Rest}),{more,C2}=io_lib:fread([],"12","~d"),
  ?T(io_lib:fread(C2,eof,"~d")),ok.
