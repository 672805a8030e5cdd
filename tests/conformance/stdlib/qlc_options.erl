%% qlc: options of queries, of info/2 and of tables
-module(qlc_options).
-export([main/0]).
-include_lib("stdlib/include/qlc.hrl").

-define(Q(E), said(?LINE, fun() -> E end, [], [])).
-define(Q(E, Info, Eval), said(?LINE, fun() -> E end, Info, Eval)).
-define(T(E), told(?LINE, fun() -> E end)).

main() ->
    ets:new(e1, [named_table]),
    ets:new(e2, [named_table]),
    ets:new(o, [ordered_set, named_table]),
    ets:new(b, [bag, named_table]),
    ets:insert(e1, [{I, a, I rem 3} || I <- lists:seq(1, 5)]),
    [ets:insert(T, [{I rem 3, I} || I <- lists:seq(1, 5)]) || T <- [e2, b]],
    ets:insert(o, [{I, I} || I <- lists:seq(1, 5)]),
    {L1, L2, Two, Pair} = {[{1, a}, {2, b}], [{a, x}, {b, y}], 2, {1, 2}},
    _ = {L1, L2, Two, Pair},
    ?Q(qlc:q([X||X<-[1,2,3,4,5]]), [{n_elements,2}], []),
    ?Q(qlc:q([{X}||X<-[1,2,3,4,5],f(X)]), [{n_elements,2}], []),
    ?Q(qlc:q([{X}||{X}<-[{1},{2},{3}],X>1]), [{n_elements,2}], []),
    ?Q([{a,b,[c,d,[e,{f,g,[{h}]}]],#{a=>{b,c,d}},<<"abc">>,"abcdef"}], [{depth,3}], []),
    ?Q([{a,b,[c,d,[e,{f,g,[{h}]}]],#{a=>{b,c,d}},<<"abcdefgh">>,"abcdef"}], [{depth,1}], []),
    ?Q([{a,b,[c,d,[e,{f,g,[{h}]}]],#{a=>{b,c,d}},<<"abcdefgh">>,"abcdef"}], [{depth,0}], []),
    ?Q(qlc:q([{X,{a,{b,{c}}}}||{X}<-[{1},{2},{3}],X>{1,{2,{3}}}]), [{depth,2}], []),
    ?Q(qlc:q([{X,{a,{b,{c}}}}||{X}<-[{1},{2},{3}],X>{1,{2,{3}}},f(X)]), [{depth,1}], []),
    ?Q(qlc:q([{X,Y}||{X,A}<-L1,{B1,Y}<-L2,A=:=B1]), [{flat,false}], []),
    ?Q(qlc:q([{X,Y}||{X,A}<-L1,{B1,Y}<-L2,A=:=B1]), [{flat,true},{n_elements,1}], []),
    ?Q(qlc:q([{X,Y}||X<-L1,Y<-qlc:q([f(Z)||Z<-L1])]), [{flat,false},unique_all], []),
    ?Q([1,2], [{format,abstract_code}], []),
    ?Q(qlc:q([{X,a,"b",$c,1.0}||X<-L1,f(X)]), [{format,abstract_code}], []),
    ?Q(qlc:q([X||{X,Y}<-ets:table(e2),X=:=1,f(Y)]), {format,abstract_code}, []),
    ?Q(qlc:q([{X,Y}||{X,A}<-L1,{B1,Y}<-L2,A=:=B1]), [{format,abstract_code}], []),
    ?Q([1,2], [{format,foo}], []),
    ?Q([1,2], [foo], [foo]),
    ?Q([1,2], [{depth,-1}], [{max_list_size,-1}]),
    ?Q([1,2], [{n_elements,0}], [{spawn_options,foo}]),
    ?Q([1,2], {flat,foo}, {unique_all,foo}),
    ?Q([1,2], {depth,infinity}, {cache_all,foo}),
    ?Q([1,2], {n_elements,infinity}, [{tmpdir,foo},{tmpdir_usage,foo}]),
    ?Q([1,2], [{tmpdir_usage,allowed}], [{tmpdir_usage,not_allowed},{tmpdir,"/tmp"}]),
    ?Q([1,2], [{unique_all,true},{cache_all,no}], []),
    ?Q([1,2], [{unique,true}], []),
    ?Q([1,2], [{cache,true}], []),
    ?Q([1,2], [{lookup,true}], []),
    ?Q(qlc:q([X||X<-L1],foo)),
    ?Q(qlc:q([X||X<-L1],{unique,foo})),
    ?Q(qlc:q([X||X<-L1],{cache,foo})),
    ?Q(qlc:q([X||X<-L1],{cache,true})),
    ?Q(qlc:q([X||X<-L1],{join,foo})),
    ?Q(qlc:q([X||X<-L1],{join,any})),
    ?Q(qlc:q([X||X<-L1],{lookup,foo})),
    ?Q(qlc:q([X||X<-L1],{max_lookup,foo})),
    ?Q(qlc:q([X||X<-L1],{max_lookup,-1})),
    ?Q(qlc:q([X||X<-L1],join)),
    ?Q(qlc:q([X||X<-L1],lookup)),
    ?Q(qlc:q([X||X<-L1],[unique|foo])),
    ?Q(qlc:q([X||X<-L1],[unique_all])),
    ?Q(qlc:q([X||X<-L1],[{tmpdir,"/"}])),
    ?Q(qlc:q([X||X<-L1],[{cache,ets},{cache,no}])),
    ?Q(qlc:q([X||X<-L1,f(X)],[unique,{unique,false}])),
    ?T(qlc:e(qlc:q([X||X<-[1|fun() -> [2] end],f(X)]))),
    ?T(qlc:e(qlc:table(fun() -> [1|fun() -> [2] end] end,[]))),
    ?T(qlc:e(qlc:table(fun() -> foo end,[]))),
    ?T(qlc:e(qlc:q([X||X<-qlc:table(fun() -> foo end,[]),f(X)]))),
    ?T(qlc:e(qlc:table(fun() -> [1|fun() -> {error,x} end] end,[]))),
    ?T(qlc:table(foo,[])),
    ?T(qlc:table(fun() -> [] end,[{foo,1}])),
    ?T(qlc:table(fun() -> [] end,[{pre_fun,1}])),
    ?T(qlc:table(fun() -> [] end,[{info_fun,undefined},{key_equality,foo}])),
    ?T(qlc:e(qlc:table(fun() -> [a] end,[{pre_fun,fun(A) -> io:format("pre ~p~n",[A]) end},{post_fun,fun() -> io:format("post~n") end},{parent_fun,fun() -> io:format("parent~n"),v end}]))),
    ?T(qlc:e(qlc:q([X||X<-qlc:table(fun() -> io:format("tr~n"),[a,b] end,[{pre_fun,fun(A) -> io:format("pre ~p~n",[A]) end},{post_fun,fun() -> io:format("post~n") end},{parent_fun,fun() -> io:format("parent~n"),v end}]),f(X)]))),
    ?T(qlc:e(qlc:q([X||Z<-[1,2],X<-qlc:table(fun() -> io:format("tr~n"),[a,b] end,[{pre_fun,fun(A) -> io:format("pre ~p~n",[A]) end},{post_fun,fun() -> io:format("post~n") end},{parent_fun,fun() -> io:format("parent~n"),v end}]),f(X)]))),
    ?T(begin C = qlc:cursor(qlc:table(fun() -> io:format("tr~n"),[a,b] end,[{pre_fun,fun([{parent_value,V},{stop_fun,S}]) -> io:format("pre ~p ~p~n",[V,is_function(S,0)]) end},{post_fun,fun() -> io:format("post~n") end},{parent_fun,fun() -> io:format("parent~n"),v end}])), R=qlc:next_answers(C,1), R2=qlc:next_answers(C), R3=qlc:next_answers(C), {R,R2,R3,qlc:delete_cursor(C)} end),
    ?T(qlc:e(qlc:q([X||X<-qlc:table(fun(M) -> io:format("tr ~p~n",[M]),[{a,b}] end,[]),f(X)]))),
    ?T(qlc:e(qlc:q([X||{X,b}<-qlc:table(fun(M) -> io:format("tr ~p~n",[M]),[{a,b}] end,[])]))),
    ?Q(qlc:q([X||X<-qlc:table(fun(M) -> ets:match_spec_run([{a,b}],ets:match_spec_compile(M)) end,[{format_fun,fun({all,_,_}) -> "foo:bar(1,2)" end}]),f(X)])),
    ?Q(qlc:q([X||X<-qlc:table(fun(M) -> ets:match_spec_run([{a,b}],ets:match_spec_compile(M)) end,[{format_fun,fun({all,N,F}) -> {a,b,[N,F([a,{b,c}])]} end}]),f(X)])),
    ?Q(qlc:q([X||X<-qlc:table(fun(M) -> ets:match_spec_run([{a,b}],ets:match_spec_compile(M)) end,[{format_fun,fun(all) -> {atom,1,foo} end}]),f(X)])),
    ?Q(qlc:q([X||X<-qlc:table(fun(M) -> ets:match_spec_run([{a,b}],ets:match_spec_compile(M)) end,[{format_fun,fun(_) -> foo end}]),f(X)])),
    ?Q(qlc:q([X||X<-qlc:table(fun(M) -> ets:match_spec_run([{a,b}],ets:match_spec_compile(M)) end,[{format_fun,fun(_) -> "foo(" end}]),f(X)])),
    ?Q(qlc:q([X||{X,Y}<-qlc:table(fun(M) -> ets:match_spec_run([{a,b}],ets:match_spec_compile(M)) end,[{info_fun,fun(keypos) -> 1; (indices) -> [2]; (_) -> undefined end},{lookup_fun,fun(P,K) -> io:format("lu ~p ~p~n",[P,K]),[{1,b}] end}]),Y=:=b])),
    ?Q(qlc:q([X||{X,Y}<-qlc:table(fun(M) -> ets:match_spec_run([{a,b}],ets:match_spec_compile(M)) end,[{info_fun,fun(keypos) -> 1; (indices) -> [2]; (_) -> undefined end},{lookup_fun,fun(P,K) -> io:format("lu ~p ~p~n",[P,K]),[{1,b}] end}]),Y=:=b,X=:=1])),
    ?Q(qlc:q([X||{X,Y}<-qlc:table(fun() -> [{a,b},{c,d}] end,[{info_fun,fun(keypos) -> 1; (_) -> undefined end},{lookup_fun,fun(P,K) -> io:format("lu ~p ~p~n",[P,K]),[{1,b}] end}]),Y=:=b,X=:=1])),
    ?Q(qlc:q([{X,Z}||{X,Y}<-qlc:table(fun() -> [{a,b},{c,d}] end,[{info_fun,fun(keypos) -> 1; (_) -> undefined end},{lookup_fun,fun(P,K) -> io:format("lu ~p ~p~n",[P,K]),[{1,b}] end}]),{Z,_}<-[{1,a},{2,b},{1,c}],X=:=Z])),
    ?Q(qlc:q([X||X<-L1,f(X)],[unique,unique])),
    ?Q(qlc:q([X||X<-L1,f(X)],[{max_lookup,1},{max_lookup,1}])),
    ?Q(qlc:q([X||X<-L1,f(X)],[{unique,false},{unique,true}])),
    ?Q([1,1], [unique_all,unique_all], [{max_list_size,1},{max_list_size,1}]),
    ?Q(qlc:keysort(1,L1,[{order,fun(A,B1)->A>B1 end}])),
    ?Q(qlc:keysort(1,L1,[{order,descending},{unique,true}])),
    ?Q(qlc:keysort(2,[{1,a},{2,a}],[{order,descending},{unique,true}])),
    ?Q(qlc:keysort(2,[{1,a},{2,a}],[{order,ascending},unique])),
    ?Q(qlc:keysort([2],[{1,a},{2,a}],[{unique,true}])),
    ?Q(qlc:sort([{1,a},{2,a}],[{order,fun lists:prefix/2}])),
    ?Q(qlc:sort([{1,a},{2,a}],[{order,fun erlang:'>'/2}])),
    ?Q(qlc:q([{X,Z}||Z<-[1,2],X<-[1,1]]), [cache_all,unique_all], []),
    ?Q(qlc:q([{X,Z}||Z<-[1,2],X<-qlc:q([{Y}||Y<-[1,1]])]), [unique_all], []),
    ?Q(qlc:q([{X,Z}||Z<-[1,2],X<-qlc:q([{Y}||Y<-[1,1]],unique)]), [], []),
    ?Q(qlc:q([X||{X,1}<-qlc:q([{Y,Y}||Y<-[1,1]],unique)]), [], []),
    ?Q(qlc:q([X||X<-qlc:q([{Y,Y}||Y<-[1,1],f(Y)]),f(X)],unique), [], []),
    ?Q(qlc:q([X||X<-qlc:q([{Y,Y}||Y<-[1,1],f(Y)])],unique), [], []),
    ok.

%% The plan, and the answers.
said(Line, Fun, Info, Eval) ->
    io:format("~w: ", [Line]),
    try Fun() of
        Query ->
            io:format("~ts~n", [try plan(qlc:info(Query, Info)) catch C:R -> io_lib:format("~p", [{C, R}]) end]),
            io:format("   = ~p~n", [try qlc:e(Query, Eval) catch C1:R1 -> {C1, R1} end])
    catch
        C2:R2 -> io:format("~p~n", [{C2, R2}])
    end.

plan(Text) when is_list(Text) -> re:replace(Text, "#(Ref|Fun)<[^>]*>|-main/0-fun-[0-9]+-", "#\\1", [global]);
plan(Tree) -> io_lib:format("~p", [try erl_parse:map_anno(fun(_) -> 0 end, Tree) catch _:_ -> Tree end]).

told(Line, Fun) -> io:format("~w: ~p~n", [Line, try Fun() catch C:R -> {C, R} end]).

%% Calls that no match specification can hold.
f(_) -> true.
