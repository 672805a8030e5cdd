%% Texts of tokens, all or those that a function wants.
-module(st_scan_texts). -export([main/0]).
main() -> [io:format("~p~n",[catch erl_scan:string("foo(X, \"s\") -> 1.5 + $a. %c\n",L,O)]) || L <- [1,{1,1}], O <- [[{text_fun,fun(C,T) -> C =:= var orelse T =:= "1.5" end}],[{text_fun,fun(integer,_) -> true; (_,_) -> false end},return],[text,{text_fun,fun(_,_)->false end}],[{text_fun,fun(_,_)->true end}]]].
