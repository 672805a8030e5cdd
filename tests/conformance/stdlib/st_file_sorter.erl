%% Files of terms, sorted, merged and checked: orders, keys, formats, limits, functions, faults.
-module(st_file_sorter). -export([main/0]).
-define(P(F,A), io:format(F"~n",A)).
w(N,Ts) -> file:write_file(N,[begin B=term_to_binary(T), [<<(byte_size(B)):32>>,B] end || T <- Ts]).
r(N) -> {ok,B}=file:read_file(N), rb(B). rb(<<S:32,T:S/binary,R/binary>>) -> [binary_to_term(T)|rb(R)]; rb(<<>>) -> [].
main() ->
  {ok,Here} = file:get_cwd(), Dir = filename:join(os:getenv("TMPDIR","/tmp"), "st_file_sorter_"++os:getpid()), ok=file:make_dir(Dir), ok=file:set_cwd(Dir),
  try run() after file:set_cwd(Here), file:del_dir_r(Dir) end.
run() ->
  w("a",[{3,c},{1,a},{2,b},{1,a},{1,z}]), w("b",[{0,q},{2,b}]),
  [?P("~p ~p ~p",[o(O),c(fun() -> file_sorter:sort(["a","b"],"out",O) end),catch r("out")]) || O <- [[],[{order,descending}],[{unique,true}],[{order,fun(A,B) -> element(2,A) =< element(2,B) end}],{order,foo},[{size,100},{no_files,2}],[{tmpdir,"."}],[{compressed,false}],foo]],
  [?P("~p ~p ~p",[O,c(fun() -> file_sorter:keysort(1,["a","b"],"out",O) end),catch r("out")]) || O <- [[],[{order,descending}],[{unique,true}],[{order,descending},{unique,true}]]], ?P("~p",[c(fun() -> file_sorter:keysort([2,1],["a"],"out"), r("out") end)]),
  file_sorter:sort(["a"],"a"), file_sorter:sort("b"),?P("~p",[c(fun() -> file_sorter:sort("a","a") end)]), ?P("~p ~p",[r("a"),r("b")]), ?P("~p ~p",[file_sorter:merge(["a","b"],"m"),r("m")]), ?P("~p",[file_sorter:keymerge(1,["a","b"],"m",[{unique,true}])]), ?P("~p",[r("m")]),
  ?P("~p ~p",[file_sorter:check("m"),s(file_sorter:check(["m"],[{order,descending}]))]), ?P("~p",[file_sorter:keycheck(1,"m")]),  ?P("~p",[s(file_sorter:keycheck(2,["m"],[{unique,true}]))]),
  ?P("~p",[s(file_sorter:sort(["nosuch"],"x"))]), file:write_file("t","x.\ny.\n{z,1}.\na.\n"), 
  ?P("~p ~p",[file_sorter:sort(["t"],"to",[{format,term}]),file:read_file("to")]), In = fun(read) -> {[<<"c">>,<<"a">>],fun(read) -> {[<<"b">>],fun(read) -> end_of_input; (close) -> ok end}; (close) -> ok end}; (close) -> ok end,
  Out = fun F(Acc) -> fun(close) -> lists:append(lists:reverse(Acc)); ({value,_}) -> F(Acc); (L) -> F([L|Acc]) end end, ?P("~p",[c(fun() -> file_sorter:sort(In,Out([]),[{format,binary}]) end)]), ?P("~p",[c(fun() -> file_sorter:sort(In,"bo",[{format,binary},{header,2}]) end)]), ?P("~p",[file:read_file("bo")]),
  ?P("~p",[c(fun() -> file_sorter:sort(fun(read) -> {[<<131,97,1>>,<<"x">>],fun(_) -> end_of_input end};(close)-> ok end,Out([]),[{format,binary_term}]) end)]), ?P("~p",[c(fun() -> file_sorter:sort(fun(read) -> {error,foo};(close)-> ok end,Out([]),[]) end)]), file:write_file("bad",<<0,0,0,9,1>>), ?P("~p",[s(file_sorter:sort(["bad"],"x"))]), file:write_file("bad",<<0,0,0,1,1>>), ?P("~p",[s(file_sorter:sort(["bad"],"x"))]),
  L = [I*7919 rem 10007||I<-lists:seq(1,10000)], w("big",L), ok=file_sorter:sort(["big"],"bigo",[{size,5000},{no_files,3}]), ?P("~p",[r("bigo")=:=lists:sort(L)]), {ok,Fs}=file:list_dir("."), ?P("~p",[lists:sort(Fs)]).
c(F) -> try F() catch C:R -> {C,R} end.
%% Funs without their numbers.
o([{order,F}]) when is_function(F) -> [{order,a_fun}]; o(X) -> X.
%% Names of files without their folder.
s({A,B}) -> {s(A),s(B)}; s({A,B,C}) -> {s(A),s(B),C}; s([X|Xs]) when is_tuple(X) -> [s(X)|s(Xs)]; s([$/|_]=Name) -> filename:basename(Name); s(X) -> X.
