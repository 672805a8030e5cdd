%% qlc: tables of ets and dets
-module(qlc_tables).
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
    ?T(begin T={dets,'$x'},_=T,dets:open_file(d,[{file,"qlc_tables.dets"},{type,bag}]),dets:insert(d,[{1,a},{2,b},{3,c}]),ok end),
    ?Q(qlc:q([X||{X,_}<-dets:table(d)])),
    ?Q(qlc:q([X||{X,_}<-dets:table(d),X=:=1])),
    ?Q(qlc:q([X||{X,Y}<-dets:table(d),Y=:=b])),
    ?Q(qlc:q([X||{X,Y}<-dets:table(d,{traverse,first_next}),Y=:=b])),
    ?Q(qlc:q([X||{X,Y}<-dets:table(d,[{traverse,select},{n_objects,1}]),Y=:=b])),
    ?Q(qlc:q([X||{X,Y}<-dets:table(d,[{traverse,first_next},{n_objects,1}]),Y=:=b])),
    ?Q(qlc:q([X||{X,Y}<-dets:table(d,{traverse,{select,[{{'$1','$2'},[],['$_']}]}}),Y=:=b])),
    ?Q(qlc:q([X||X<-dets:table(d,{n_objects,default}),f(X)])),
    ?Q(qlc:q([X||{X,_}<-dets:table(d),X=:=1 orelse X=:=3,f(X)])),
    ?Q(qlc:q([X||{X,_}<-dets:table(d),X==1])),
    ?Q(qlc:q([{X,Y}||{X,_}<-dets:table(d),{Y,_}<-ets:table(e2),X=:=Y])),
    ?Q(qlc:q([{X,Y}||{X,_}<-ets:table(o),{Y,_}<-dets:table(d),X=:=Y])),
    ?Q(qlc:q([{X,Y}||{X,_}<-ets:table(e2),{Y,_}<-dets:table(d),X==Y])),
    ?T(dets:table(d,foo)),
    ?T(dets:table(d,{n_objects,0})),
    ?T(dets:table(d,{traverse,foo})),
    ?T(ets:table(e2,foo)),
    ?T(ets:table(e2,[{n_objects,0}])),
    ?T(ets:table(e2,[{traverse,foo}])),
    ?T(element(1,catch ets:table(nosuch))),
    ?Q(qlc:q([X||X<-ets:table(e2,[{n_objects,2}]),f(X)])),
    ?Q(qlc:q([X||X<-ets:table(o,[{traverse,last_prev}]),f(X)])),
    ?Q(qlc:q([X||X<-ets:table(o,[{traverse,first_next}]),f(X)])),
    ?Q(qlc:q([X||X<-ets:table(o,[{traverse,select},{n_objects,100}]),f(X)])),
    ?Q(qlc:q([X||X<-ets:table(o,[{traverse,{select,[{{'$1','$2'},[{'>','$1',2}],['$_']}]}},{n_objects,1}]),f(X)])),
    ?Q(qlc:q([X||{X,_}<-ets:table(b),X=:=1])),
    ?Q(qlc:q([X||{X,_}<-ets:table(ets:new(n0,[named_table,{keypos,2}])),X=:=1])),
    ?Q(qlc:q([X||{_,X}<-ets:table(ets:new(n1,[named_table,{keypos,2}])),X=:=1])),
    ?Q(qlc:q([X||{_,X}<-ets:table(ets:new(n2,[named_table,duplicate_bag])),X=:=1],unique)),
    ?Q(qlc:q([X||X<-ets:table(ets:new(n3,[named_table,duplicate_bag]))],unique)),
    ?Q(qlc:q([X||X<-ets:table(b)],unique)),
    ?Q(ets:table(o), [{format,debug}], []),
    ?Q(dets:table(d), [{format,debug}], []),
    ?T({dets:close(d),file:delete("qlc_tables.dets")}),
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
