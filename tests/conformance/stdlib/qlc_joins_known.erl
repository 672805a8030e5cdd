%% qlc: joins with known values; sorting of what is sorted
-module(qlc_joins_known).
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
    ?Q(qlc:q([{X,Y}||{X,A}<-L1,{B1,Y}<-L2,A=:=a,A=:=B1])),
    ?Q(qlc:q([{X,Y}||{X,A}<-L1,{B1,Y}<-L2,B1=:=a,A=:=B1])),
    ?Q(qlc:q([{X,Y}||{X,A}<-L1,{B1,Y}<-L2,B1==a,A==B1])),
    ?Q(qlc:q([{X,Y}||{X,a}<-L1,{B1,Y}<-L2,X==B1])),
    ?Q(qlc:q([{X,Y}||{a,X}<-L1,{B1,Y}<-ets:table(e2),X==B1])),
    ?Q(qlc:q([{X,Y}||{a,X}<-L1,{B1,Y}<-ets:table(e2),X=:=B1])),
    ?Q(qlc:q([{X,Y}||{X,_}<-ets:table(o),{Y,_}<-ets:table(b),X=:=1,Y=:=X])),
    ?Q(qlc:q([{X,Y}||{X,_}<-ets:table(o),{Y,_}<-ets:table(b),X==1,Y==X])),
    ?Q(qlc:q([{X,Y}||{X,_}<-L1,{Y,_}<-L2,X=:=1,X=:=Y,Y=:=2])),
    ?Q(qlc:q([{X,Y}||{X,_}<-L1,{Y,_}<-L2,(X=:=1 orelse X=:=2),X=:=Y])),
    ?Q(qlc:q([{X,Y}||{X,_}<-L1,{Y,_}<-L2,X=:=Y,f(X)])),
    ?Q(qlc:q([{X,Y}||{X,_}<-L1,{Y,_}<-L2,X=:=Y,X=:=Two])),
    ?Q(qlc:q([{X,Y}||{X,_}<-L1,{Y,_}<-L2,X=:=Two,X=:=Y])),
    ?Q(qlc:q([{X,Y}||{X,_}<-L1,{Y,_}<-L2,Two=:=2,X=:=Y])),
    ?Q(qlc:q([{X,Y}||{X,_}<-L1,{Y,_}<-L2,true,X=:=Y])),
    ?Q(qlc:q([{X,Y}||{X,_}<-L1,{Y,_}<-L2,h()=:=3,X=:=Y])),
    ?Q(qlc:q([{X,Y}||{X,_}<-L1,{Y,<<_>> }<-L2,X=:=Y])),
    ?Q(qlc:q([{X,Y}||{X,<<Y>> }<-ets:table(e2),X=:=1])),
    ?Q(qlc:q([{X,Y}||{X,#{a:=Y}}<-ets:table(e2),X=:=1])),
    ?Q(qlc:q([X||{X,_}<-ets:table(e2),f(1),X=:=1])),
    ?Q(qlc:q([X||{X,_}<-ets:table(e2),true,X=:=1])),
    ?Q(qlc:q([{X,Y}||X<-[1,2],{Y,_}<-ets:table(e2),X=:=Y])),
    ?Q(qlc:q([{X,Y}||X<-ets:table(e2),{Y,_}<-ets:table(e2),element(1,X)=:=Y])),
    ?Q(qlc:q([{X,Y}||X<-ets:table(e2),{Y,_}<-ets:table(e2),element(2,X)=:=Y])),
    ?Q(qlc:q([{X,Y}||X<-ets:table(e2),{Y,_}<-ets:table(e2),element(Two,X)=:=Y])),
    ?Q(qlc:q([{X,Y}||{X,_}=Z<-ets:table(e2),{Y,_}<-ets:table(e2),element(1,Z)=:=Y])),
    ?Q(qlc:q([{X,Y,Z}||{X,_}<-ets:table(e2),{Y,_}<-ets:table(e2),{Z,_}<-ets:table(e2),X=:=Y,Y=:=Z])),
    ?Q(qlc:q([{X,Y,Z}||{X,_}<-ets:table(e2),{Y,_}<-ets:table(e2),{Z,_}<-ets:table(e2),X=:=Y])),
    ?Q(qlc:q([{X,Y,Z}||{X,_}<-ets:table(e2),{Y,_}<-ets:table(e2),{Z,_}<-ets:table(e2),X=:=Z])),
    ?Q(qlc:q([{X,Y,Z}||{X,_}<-ets:table(e2),{Y,_}<-ets:table(e2),{Z,_}<-ets:table(e2),Y=:=Z])),
    ?Q(qlc:q([{X,Y,Z}||{X,_}<-ets:table(e2),{Y,_}<-ets:table(e2),{Z,_}<-ets:table(e2),Y=:=Z,X=:=1])),
    ?Q(qlc:q([{X,Y,Z}||{X,_}<-ets:table(e2),{Y,_}<-ets:table(e2),{Z,_}<-ets:table(e2),X=:=1,Y=:=Z])),
    ?Q(qlc:q([{X,Y,Z}||{X,_}<-ets:table(e2),{Y,_}<-ets:table(e2),f(X),{Z,_}<-ets:table(e2),Y=:=Z,X=:=1])),
    ?Q(qlc:q([X||{X}<-qlc:sort(qlc:sort([{2},{1}]))])),
    ?Q(qlc:sort(qlc:sort([{2},{1}]))),
    ?Q(qlc:sort(qlc:keysort(1,[{2},{1}]))),
    ?Q(qlc:keysort(1,qlc:sort([{2},{1}]))),
    ?Q(qlc:keysort(1,qlc:keysort(1,[{2},{1}]))),
    ?Q(qlc:keysort(1,ets:table(o))),
    ?Q(qlc:keysort(2,ets:table(o))),
    ?Q(qlc:sort(ets:table(o))),
    ?Q(qlc:sort(ets:table(o),unique)),
    ?Q(qlc:sort(qlc:sort([2,1],unique),unique)),
    ?Q(qlc:sort(qlc:sort([2,1],unique))),
    ?Q(qlc:sort(qlc:sort([2,1],{order,descending}))),
    ?Q(qlc:sort(qlc:sort([2,1],{order,descending}),{order,descending})),
    ?Q(qlc:sort([2,1],unique), unique_all, unique_all),
    ?Q(qlc:sort([2,1]), unique_all, unique_all),
    ?Q(qlc:keysort(1,[{2},{1}],unique), unique_all, unique_all),
    ?Q(qlc:q([X||X<-qlc:keysort(1,[{2},{1}],unique)],unique), [], []),
    ?Q(qlc:q([X||X<-qlc:sort([{2},{1}],unique)],unique), [], []),
    ?Q(qlc:q([X||X<-qlc:q([{Y}||Y<-[1,2],f(Y)],unique)],unique), [], []),
    ?Q(qlc:q([X||X<-qlc:q([{Y}||Y<-[1,2],f(Y)],unique),f(X)],unique), [], []),
    ?Q(qlc:q([{X,Z}||Z<-[1,2],X<-qlc:q([{Y}||Y<-[1,2],f(Y)],cache)],cache), [cache_all], []),
    ?Q(qlc:q([{X,Z}||Z<-[1,2],{X,1}<-ets:table(e2)]), [cache_all], []),
    ?Q(qlc:q([{X,Z}||Z<-[1,2],{X,2}<-[{1,2},{2,3}]]), [cache_all], []),
    ?Q(qlc:q([{X,Z}||Z<-[1,2],{X,2}<-[{1,2},{2,3}]]), [{cache_all,list}], []),
    ?Q(qlc:q([{X,Z}||Z<-[1,2],{1,X}<-ets:table(e2)]), [{cache_all,list}], []),
    ?Q(qlc:q([{X,Z}||Z<-[1,2],X<-qlc:q([{X,Z}||Z<-[1,2],{1,X}<-ets:table(e2)])]), [{cache_all,list}], []),
    ?Q(qlc:q([{X,Z}||Z<-[1,2],X<-qlc:sort([2,1])]), [{cache_all,list}], []),
    ?Q(qlc:q([{X,Z}||Z<-[1,2],X<-qlc:sort(ets:table(e2))]), [cache_all], []),
    ?Q(qlc:q([{X,Y}||{X,_}<-[{1,2},{1,2}],{Y,_}<-[{1,3},{1,3}],X=:=Y]), unique_all, unique_all),
    ?Q(qlc:q([{X,Y}||{X,_}<-[{1,2},{1,2}],{Y,_}<-[{1,3},{1,3}],X=:=Y]), cache_all, unique_all),
    ?Q(qlc:q([{X,Y}||{X,_}<-[{1,2},{1,2}],{Y,_}<-ets:table(e2),X=:=Y]), unique_all, unique_all),
    ?Q(qlc:q([{X,Y}||{X,_}<-[{1,2},{1,2}],{Y,_}<-ets:table(e2),X=:=Y]), cache_all, unique_all),
    ?Q(qlc:q([{X,Y,Z}||Z<-[1,2],{X,_}<-[{1,2},{1,2}],{Y,_}<-ets:table(e2),X=:=Y]), cache_all, unique_all),
    ?Q(qlc:q([{X,Y}||{X,_}<-[{1,2},{1,2}],{Y,_}<-qlc:q([{Z,Z}||Z<-[1,2]]),X=:=Y]), cache_all, unique_all),
    ?Q(qlc:q([{X,Y}||{X,_}<-[{1,2},{1,2}],{Y,_}<-ets:table(e2),X=:=Y],cache)),
    ?Q(qlc:q([{X,Y}||{X,_}<-[{1,2},{1,2}],{Y,_}<-ets:table(e2),X=:=Y],unique)),
    ?Q(qlc:q([{X,Y}||{X,_}<-[{1,2},{1,2}],{Y,_}<-ets:table(e2),X=:=Y],[unique,cache])),
    ?Q(qlc:q([{X,Y}||X<-qlc:q([{A,B1}||A<-[1],B1<-[2]],unique),Y<-[1]],[unique,cache])),
    ?Q(qlc:q([{X,Y}||X<-qlc:q([{A,B1}||A<-[1],B1<-[2]],unique),Y<-qlc:q([{A,B1}||A<-[1],B1<-[2]])],[unique,cache,{max_lookup,3},{join,merge},{lookup,any}])),
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
h() -> 3.
