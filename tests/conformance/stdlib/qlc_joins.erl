%% qlc: how two generators are joined, and what is kept or made unique
-module(qlc_joins).
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
    ?Q(qlc:q([{X,Y,Z}||{X,A}<-L1,{Z}<-[{1},{2}],{B1,Y}<-L2,A=:=B1])),
    ?Q(qlc:q([{X,Y,Z}||{Z}<-[{1},{2}],{X,A}<-L1,{B1,Y}<-L2,A=:=B1])),
    ?Q(qlc:q([{X,Y,Z}||{Z}<-[{1},{2}],{X,A}<-L1,{B1,Y}<-L2,A=:=B1,Z>1])),
    ?Q(qlc:q([{X,Y,Z}||{X,A}<-L1,{B1,Y}<-L2,{Z}<-[{1},{2}],A=:=B1])),
    ?Q(qlc:q([{X,Y,Z}||{X,A}<-L1,{B1,Y}<-L2,{Z}<-[{1},{2}],A=:=B1,Z=:=X])),
    ?Q(qlc:q([{X,Y}||{X,A}<-L1,{B1,Y}<-L2,A=:=B1,X=:=Y])),
    ?Q(qlc:q([{X,Y}||{X,A}<-L1,f(X),{B1,Y}<-L2,A=:=B1])),
    ?Q(qlc:q([{X,Y}||{X,A}<-L1,{B1,Y}<-L2,f(X),A=:=B1])),
    ?Q(qlc:q([{X,Y}||{X,A}<-L1,{B1,Y}<-L2,A=:=B1,f(X)])),
    ?Q(qlc:q([{X,Y}||{X,A}<-L1,{B1,Y}<-L2,A=:=B1,X>1])),
    ?Q(qlc:q([{X,Y}||{X,A}<-L1,{B1,Y}<-L2,X>1,A=:=B1])),
    ?Q(qlc:q([{X,Y}||{X,A}<-L1,X>1,{B1,Y}<-L2,A=:=B1,Y>1])),
    ?Q(qlc:q([{X,Y}||{X,A}<-L1,{B1,Y}<-L2,A=:=B1,A=:=a])),
    ?Q(qlc:q([{X,Y}||{X,A}<-L1,{B1,Y}<-L2,A=:=B1,X>Y])),
    ?Q(qlc:q([{X,Y}||{X,A}=W<-L1,{B1,Y}<-L2,A=:=B1,f(W)])),
    ?Q(qlc:q([{X,Y}||X<-L1,Y<-L2,element(2,X)=:=element(1,Y)])),
    ?Q(qlc:q([{X,Y}||X<-L1,{A,Y}<-L2,element(2,X)=:=A])),
    ?Q(qlc:q([{X,Y}||{X,{A,_}}<-L1,{A2,Y}<-L2,A=:=A2])),
    ?Q(qlc:q([{X,Y}||[X|A]<-L1,{A2,Y}<-L2,A=:=A2])),
    ?Q(qlc:q([{X,Y}||{X,A}<-L1,{A2,Y}<-L2,A=:=A2 andalso X>1])),
    ?Q(qlc:q([{X,Y}||{X,A}<-L1,{A2,Y}<-L2,(A=:=A2) and (X>1)])),
    ?Q(qlc:q([{X,Y}||{X,A}<-L1,{A2,Y}<-L2,(A=:=A2) orelse (X>1)])),
    ?Q(qlc:q([{X,Y}||{X,A}<-L1,{A2,Y}<-L2,not (A=/=A2)])),
    ?Q(qlc:q([{X,Y}||{X,A}<-ets:table(e1),{A2,Y}<-ets:table(e1),A=:=A2])),
    ?Q(qlc:q([{X,Y}||{X,A,_}<-ets:table(e1),{A2,Y,_}<-ets:table(e1),A=:=A2])),
    ?Q(qlc:q([{X,Y}||{X,A,_}<-ets:table(e1),{A2,Y,_}<-ets:table(e1),A=:=A2,f(X)])),
    ?Q(qlc:q([{X,Y}||{X,A,_}<-ets:table(e1),{A2,Y,_}<-ets:table(e1),A=:=A2,X=:=1])),
    ?Q(qlc:q([{X,Y}||{X,A,_}<-ets:table(e1),{A2,Y,_}<-ets:table(e1),A=:=A2,A=:=1])),
    ?Q(qlc:q([{X,Y}||{X,A,_}<-ets:table(e1),{A2,Y,_}<-ets:table(e1),A=:=A2,Y=:=1])),
    ?Q(qlc:q([{X,Y}||{X,_}<-ets:table(o),{Y,_}<-[{1,2}],X==Y])),
    ?Q(qlc:q([{X,Y}||{X,_}<-[{1,2}],{Y,_}<-ets:table(o),X==Y])),
    ?Q(qlc:q([{X,Y}||{X,_}<-[{1,2}],{Y,_}<-ets:table(e2),X==Y])),
    ?Q(qlc:q([{X,Y}||{X,_}<-[{1,2}],{Y,_}<-ets:table(e2),X=:=Y])),
    ?Q(qlc:q([{X,Y}||{X,_}<-[{1,2}],{_,Y}<-ets:table(e2),X=:=Y])),
    ?Q(qlc:q([{X,Y}||{X,_}<-[{1,2}],{_,Y}<-ets:table(o),X=:=Y])),
    ?Q(qlc:q([{X,Y}||{X,_}<-[{1,2}],{Y,_}<-ets:table(o),X=:=Y],{join,merge})),
    ?Q(qlc:q([{X,Y}||{X,_}<-[{1,2}],{Y,_}<-qlc:sort([{1,2}]),X=:=Y])),
    ?Q(qlc:q([{X,Y}||{X,_}<-[{1,2}],{Y,_}<-qlc:keysort(1,[{1,2}]),X=:=Y])),
    ?Q(qlc:q([{X,Y}||{X,_}<-[{1,2}],{Y,_}<-qlc:keysort(1,[{1,2}],{order,descending}),X=:=Y])),
    ?Q(qlc:q([{X,Y}||{X,_}<-[{1,2}],{_,Y}<-qlc:keysort([2],[{1,2}]),X=:=Y])),
    ?Q(qlc:q([{X,Y}||{X,_}<-[{1,2}],{_,Y}<-qlc:keysort([2,1],[{1,2}]),X=:=Y])),
    ?Q(qlc:q([{X,Y}||{X,_}<-[{1,2}],{_,Y}<-qlc:q([{A,B1}||{A,B1}<-L1,f(A)]),X=:=Y])),
    ?Q(qlc:q([{X,Y}||{X,_}<-[{1,2}],{_,Y}<-qlc:q([{A,B1}||{A,B1}<-L1]),X=:=Y])),
    ?Q(qlc:q([{X,Y}||{X,_}<-[{1,2}],{Y,_}<-qlc:q([{A,B1}||{A,B1}<-ets:table(o)]),X=:=Y])),
    ?Q(qlc:q([{X,Y}||{X,_}<-[{1,2}],{Y,_}<-qlc:append([{1,3}],[{2,4}]),X=:=Y])),
    ?Q(qlc:q([{X,Y}||{X,_}<-[{1,2}],{Y,_}<-qlc:append([{1,3}],[{2,4}]),X=:=Y],unique)),
    ?Q(qlc:q([{X,Y}||{X,_}<-[{1,2}],{Y,_}<-[{1,3}],X=:=Y]), unique_all, unique_all),
    ?Q(qlc:q([{X,Y}||{X,_}<-[{1,2}],{Y,_}<-[{1,3}],X=:=Y]), cache_all, cache_all),
    ?Q(qlc:q([{X,Y}||{X,_}<-[{1,2}],{Y,_}<-qlc:append([{1,3}],[{2,4}])]), unique_all, unique_all),
    ?Q(qlc:q([{X,Y}||{X,_}<-[{1,2}],{Y,_}<-qlc:append([{1,3}],[{2,4}])]), cache_all, cache_all),
    ?Q(qlc:q([{X,Y}||{X,_}<-[{1,2}],{Y,_}<-qlc:sort([{1,3}])]), unique_all, unique_all),
    ?Q(qlc:q([{X,Y}||{X,_}<-[{1,2}],{Y,_}<-qlc:sort([{1,3}])]), cache_all, cache_all),
    ?Q(qlc:q([{X,Y}||{X,_}<-[{1,2}],{Y,_}<-qlc:keysort(1,[{1,3}])]), unique_all, unique_all),
    ?Q(qlc:q([{X,Y}||X<-own([1],[]),Y<-own([1],[])]), cache_all, cache_all),
    ?Q(qlc:q([{X,Y}||X<-own([1],[]),Y<-own([1],[])]), {cache_all,list}, {cache_all,list}),
    ?Q(qlc:q([{X,Y}||X<-own([1],[]),Y<-own([1],[])]), unique_all, unique_all),
    ?Q(qlc:q([{X,Y}||X<-own([1],[]),{Y,1}<-own([1],[])]), [unique_all,cache_all], unique_all),
    ?Q(qlc:q([{X,Y}||X<-own([1],[]),Y<-qlc:q([{A}||A<-own([1],[])])]), cache_all, cache_all),
    ?Q(qlc:q([{X,Y}||X<-own([1],[]),Y<-qlc:q([{A}||A<-own([1],[])],{cache,list})]), [], []),
    ?Q(qlc:q([{X,Y}||X<-own([1],[]),Y<-qlc:q([{A}||A<-own([1],[])],{cache,no})]), cache_all, []),
    ?Q(qlc:q([{X,Y}||X<-own([1],[]),Y<-qlc:q([{A}||A<-own([1],[])],unique)]), [], []),
    ?Q(qlc:q([{X,Y}||X<-own([1],[]),Y<-qlc:q([{A}||A<-own([1],[])],[unique,cache])]), [], []),
    ?Q(qlc:sort([1]), unique_all, unique_all),
    ?Q(qlc:sort([1]), cache_all, unique_all),
    ?Q([1,1], unique_all, unique_all),
    ?Q([1,1], cache_all, unique_all),
    ?Q(qlc:append([1,1],[1]), unique_all, unique_all),
    ?Q(ets:table(e2), unique_all, unique_all),
    ?Q(ets:table(e2), cache_all, unique_all),
    ?Q(ets:table(o), [unique_all], unique_all),
    ?Q(qlc:q([X||{X,_}<-ets:table(o)]), [unique_all], unique_all),
    ?Q(qlc:q([X||{X,_}<-ets:table(o)],unique), [cache_all], unique_all),
    ?Q(qlc:q([X||X<-ets:table(o)],unique)),
    ?Q(qlc:q([X||X<-ets:table(o)],[unique,cache])),
    ?Q(qlc:q([{X}||X<-ets:table(o)],[unique])),
    ?Q(qlc:q([X||X<-ets:table(e1)],[unique])),
    ?Q(qlc:q([X||X<-ets:table(e1)],[cache])),
    ?Q(qlc:q([{X,Y}||Y<-[1,2],X<-qlc:q([Z||Z<-ets:table(e1)],[cache])])),
    ?Q(qlc:q([{X,Y}||Y<-[1,2],X<-qlc:q([Z||Z<-ets:table(e1)],[unique])])),
    ?Q(qlc:q([{X,Y}||Y<-[1,2],X<-qlc:q([Z||{Z,_}<-ets:table(e2)],[unique])])),
    ?Q(qlc:q([{X,Y}||Y<-[1,2],X<-qlc:q([Z||{Z,_}<-ets:table(e2)],[cache])])),
    ?Q(qlc:q([{X,Y}||X<-qlc:q([Z||{Z,_}<-ets:table(e2)],[cache]),Y<-[1,2]])),
    ?Q(qlc:sort(L1,[{order,descending},unique])),
    ?Q(qlc:sort(L1,unique)),
    ?Q(qlc:sort(L1,{unique,true})),
    ?Q(qlc:sort(L1,[{tmpdir,"/tmp"}])),
    ?Q(qlc:sort(L1,[{order,fun(A,B1)->A>B1 end}])),
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
own(Objects, Options) -> qlc:table(fun() -> Objects end, Options).
