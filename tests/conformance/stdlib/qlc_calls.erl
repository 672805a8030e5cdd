%% qlc: texts, cursors, folds, appending, sorting, more plans
-module(qlc_calls).
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
    ?T(qlc:e(qlc:q([X||{1,X}<-qlc:table(fun(_) -> io:format("tr~n"),[a,b] end,[{info_fun,fun(keypos)->1;(_)->undefined end},{lookup_fun,fun(_,K) -> io:format("lu~p~n",[K]),[{1,x}] end},{pre_fun,fun(A) -> io:format("pre ~p~n",[A]) end},{post_fun,fun() -> io:format("post~n") end},{parent_fun,fun() -> io:format("parent~n"),v end}])]))),
    ?T(qlc:e(qlc:q([X||Y<-[1,2],{1,X}<-qlc:table(fun(_) -> io:format("tr~n"),[a,b] end,[{info_fun,fun(keypos)->1;(_)->undefined end},{lookup_fun,fun(_,K) -> io:format("lu~p~n",[K]),[{1,x}] end},{pre_fun,fun(A) -> io:format("pre ~p~n",[A]) end},{post_fun,fun() -> io:format("post~n") end},{parent_fun,fun() -> io:format("parent~n"),v end}])]))),
    ?T(qlc:e(qlc:q([X||X<-qlc:table(fun() -> io:format("tr~n"),exit(foo) end,[{post_fun,fun() -> io:format("post~n") end}])]))),
    ?T(qlc:e(qlc:append(qlc:table(fun() -> io:format("tr~n"),[1] end,[{pre_fun,fun(_) -> io:format("pre1~n") end},{post_fun,fun() -> io:format("post1~n") end}]),qlc:table(fun() -> io:format("tr2~n"),[1] end,[{pre_fun,fun(_) -> io:format("pre2~n") end},{post_fun,fun() -> io:format("post2~n") end}])))),
    ?T(qlc:e(qlc:sort(lists:seq(1,100)),[{max_list_size,10},{tmpdir_usage,not_allowed}])),
    ?T(length(qlc:e(qlc:sort(lists:seq(1,100)),[{max_list_size,100000},{tmpdir_usage,not_allowed}]))),
    ?T(qlc:e(qlc:sort(qlc:q([{X}||X<-lists:seq(1,100),f(X)])),[{max_list_size,10},{tmpdir_usage,not_allowed}])),
    ?T(qlc:e(qlc:sort(qlc:q([{X}||X<-lists:seq(1,2),f(X)])),[{max_list_size,0},{tmpdir_usage,not_allowed}])),
    ?T(qlc:e(qlc:q([{Y,X}||Y<-[1,2],X<-qlc:q([{X}||X<-lists:seq(1,100),f(X)],{cache,list})]),[{max_list_size,10},{tmpdir_usage,not_allowed}])),
    ?T(length(qlc:e(qlc:q([{Y,X}||Y<-[1,2],X<-qlc:q([{X}||X<-lists:seq(1,100),f(X)],{cache,ets})]),[{max_list_size,10},{tmpdir_usage,not_allowed}]))),
    ?T(length(qlc:e(qlc:q([{Y,X}||{X}<-[{1}||_<-lists:seq(1,100)],{Y}<-[{1}||_<-lists:seq(1,100)],X=:=Y]),[{max_list_size,10},{tmpdir_usage,not_allowed}]))),
    ?T(length(qlc:e(qlc:q([{Y,X}||{X}<-[{1}||_<-lists:seq(1,100)],{Y}<-qlc:q([{A}||A<-lists:seq(1,100),f(A)]),X=:=Y]),[{max_list_size,10},{tmpdir_usage,not_allowed}]))),
    ?T(qlc:string_to_handle("[X || X <- [1],")),
    ?T(qlc:string_to_handle("[X || X <- [1]]")),
    ?T(qlc:string_to_handle("foo.")),
    ?T(qlc:string_to_handle("[X || X <- [1]]. foo")),
    ?T(qlc:string_to_handle("[X || X <- Y].")),
    ?T(qlc:e(qlc:string_to_handle("[{X,Y} || X <- [1,2], X > Z].",[],[{'Y',3},{'Z',1}]))),
    ?T(qlc:e(qlc:string_to_handle("[{X,Y} || X <- [1,2], X > Z].",[],erl_eval:add_binding('Y',3,erl_eval:add_binding('Z',1,erl_eval:new_bindings()))))),
    ?T(qlc:info(qlc:string_to_handle("[{X,Y} || X <- [1,2], X > Z].",[],[{'Y',3},{'Z',1}]))),
    ?T(qlc:info(qlc:string_to_handle("[{X,f(Y)} || X <- [1,2], X > Z].",[unique],[{'Y',3},{'Z',1}]))),
    ?T(qlc:e(qlc:string_to_handle("[{X,f(Y)} || X <- [1,2], X > Z].",[unique],[{'Y',3},{'Z',1}]))),
    ?T(qlc:string_to_handle("[{X,Y} || X <- [1,2], Y <- [X]].")),
    ?T(qlc:string_to_handle("[{X,Y} || X <- [1,2], X > ].")),
    ?T(qlc:string_to_handle("[X || <<X>> <= [1]].")),
    ?T(qlc:string_to_handle("[X || X <- [1]].",[foo])),
    ?T(qlc:string_to_handle(foo)),
    ?T(qlc:info(qlc:string_to_handle("qlc:q([X || X <- [1,2]],unique)."))),
    ?T(qlc:info(qlc:string_to_handle("[{X,Y} || X <- qlc:q([A || A <- [1,2], A > 1]), Y <- qlc:sort([2,1])].",{join,any}))),
    ?T(qlc:e(qlc:string_to_handle("[{X,Y} || {X,Y} <- ets:table(e2), X =:= K].",[],[{'K',1}]))),
    ?T(qlc:cursor(foo)),
    ?T(qlc:next_answers(foo)),
    ?T(qlc:delete_cursor(foo)),
    ?T(qlc:next_answers(qlc:cursor([1,2,3]),0)),
    ?T(qlc:next_answers(qlc:cursor([1,2,3]),foo)),
    ?T(begin C=qlc:cursor([1,2,3]),[qlc:next_answers(C,2),qlc:next_answers(C,2),qlc:next_answers(C,2),qlc:delete_cursor(C),qlc:delete_cursor(C),(try qlc:next_answers(C) catch error:{R,_} -> R; _:R -> R end)] end),
    ?T(begin C=qlc:cursor(lists:seq(1,25)),[qlc:next_answers(C),qlc:next_answers(C),qlc:next_answers(C,all_remaining)] end),
    ?T(begin C=qlc:cursor([1,2]),S=self(),spawn(fun() -> S ! {x,(catch qlc:next_answers(C)),(catch qlc:delete_cursor(C))} end), receive {x,A,B2} -> {element(1,element(2,A)),element(1,element(2,B2))} end end),
    ?T(qlc:fold(fun(X,A) -> X+A end,0,qlc:q([X||X<-[1,2,1]]),[unique_all])),
    ?T(qlc:fold(fun(X,A) -> X+A end,0,[1,2])),
    ?T(qlc:fold(fun(_,A) -> A end,0,qlc:table(fun() -> foo end,[]))),
    ?T(qlc:append([foo])),
    ?T(qlc:append(1,[])),
    ?T(qlc:sort(foo)),
    ?T(qlc:sort([],foo)),
    ?T(qlc:sort([],[{order,foo}])),
    ?T(qlc:sort([],[{size,-1}])),
    ?T(qlc:keysort(0,[])),
    ?T(qlc:keysort([],[])),
    ?T(qlc:keysort(foo,[])),
    ?T(qlc:e(qlc:keysort(2,[{1},{2}]))),
    ?T(qlc:e(qlc:keysort(2,[{1,b},{2,a},c]))),
    ?T(qlc:e(qlc:keysort([2,1],[{2,b},{1,b},{2,a}],[{order,descending}]))),
    ?T(qlc:e(qlc:sort([3,1,2,1],[unique,{order,fun(A,B2) -> A>=B2 end}]))),
    ?Q(qlc:append([])),
    ?Q(qlc:append([L1])),
    ?Q(qlc:append([L1,[]])),
    ?Q(qlc:append([L1,qlc:append(L2,[a])])),
    ?Q(qlc:q([X||X<-L1]), unique_all, []),
    ?Q(qlc:q([X||{X,1}<-qlc:q([{A,B1}||{A,B1}<-ets:table(e2),A>1])]), [], []),
    ?Q(qlc:q([X||{X,1}<-qlc:q([{A,B1}||{1,A}=B1<-ets:table(e2)])]), [], []),
    ?Q(qlc:q([X||{X,Y}<-ets:table(e2,{n_objects,1}),X>1]), [], []),
    ?Q(qlc:q([X||{X,Y}<-ets:table(e2,{traverse,first_next}),X>1]), [], []),
    ?Q(qlc:q([X||{X,Y}<-ets:table(e2,[{traverse,first_next},{n_objects,3}]),X=:=1]), [], []),
    ?Q(qlc:q([X||{X,Y}<-ets:table(e2,{traverse,{select,[{'$1',[],['$1']}]}}),X>1]), [], []),
    ?Q(qlc:q([X||{X,Y}<-ets:table(e2,{traverse,last_prev}),X=:=1]), [], []),
    ?Q(qlc:q([{X,Y}||X<-[2,1],{Y,V}<-ets:table(e2),V>1,Y=:=X]), [], []),
    ?Q(qlc:q([{X,Y}||{X,_}<-[{2,a},{1,b}],{Y,V}<-ets:table(e2),V>3,Y=:=X]), [], []),
    ?Q(qlc:q([{X,Y}||{Y,V}<-ets:table(e2),{X,_}<-[{2,a},{1,b}],V>3,Y=:=X]), [], []),
    ?Q(qlc:q([{X,Y}||{X,A}<-[{2,a},{1,b}],{Y,V}<-ets:table(e2),A=:=a,Y=:=X]), [], []),
    ?Q(qlc:q([{X,Y}||{X,A}<-[{2,a},{1,b}],{Y,V}<-ets:table(e2),X=:=2,Y=:=X]), [], []),
    ?Q(qlc:q([{X,Y}||{X,A}<-[{2,a},{1,b}],{Y,V}<-ets:table(e2),X=:=2,Y=:=X],{join,lookup}), [], []),
    ?Q(qlc:q([{X,Y}||{X,_}<-[{2,a},{1,b}],{Y,_}<-qlc:sort([{2},{1,z}]),X==Y]), [], []),
    ?Q(qlc:q([{X,Y}||{X,_}<-[{2,a},{1,b}],{Y,_}<-qlc:keysort(1,[{2,y},{1,z}]),X==Y]), [], []),
    ?Q(qlc:q([{X,Y}||{X,_}<-[{2,a},{1,b}],{Y,_}<-qlc:keysort([1,2],[{2,y},{1,z}]),X==Y]), [], []),
    ?Q(qlc:q([{X,Y}||{X,_}<-[{2,a},{1,b}],{Y,_}<-qlc:keysort(1,[{2,y},{1,z}],{order,descending}),X==Y]), [], []),
    ?Q(qlc:q([{X,Y}||{X,_}<-[{2,a},{1,b}],{Y,_}<-qlc:q([{A,B1}||{A,B1}<-ets:table(o),f(A)]),X==Y]), [], []),
    ?Q(qlc:q([f(X)||X<-L1,X>1]), [], []),
    ?Q(qlc:q([X||X<-L1,X>1],unique), [], []),
    ?Q(qlc:q([{X,Y,Z}||{X}<-[{1}],{Y}<-[{2}],{Z}<-[{3}],X=:=Y,Y=:=Z],{join,merge}), [], []),
    ?Q(qlc:q([{X,Y,Z}||{X}<-[{1}],{Y}<-[{2}],{Z}<-[{3}],X=:=Y,Y=:=Z],{join,nested_loop}), [], []),
    ?Q(qlc:q([{X,Y}||{X,_}<-ets:table(e2),{_,Y}<-ets:table(e2),X=:=Y,f(X)],{join,merge}), [], []),
    ?Q(qlc:q([{X,Y}||{X,_}<-ets:table(e2),{_,Y}<-ets:table(e2),f(X),X=:=Y],{join,merge}), [], []),
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
