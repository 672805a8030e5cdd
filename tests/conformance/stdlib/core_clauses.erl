-module(core_clauses).
-export([main/0]).
%% Which clauses of Core Erlang can be chosen.
p(X) -> io:format("~p~n", [X]).
t(F) -> p(try F() catch C:R -> {C,R} end).
main() -> 
 V = cerl:c_var('X'), W = cerl:c_var('Y'), A = cerl:c_atom(a), T = cerl:c_atom(true), F = cerl:c_atom(false), N = cerl:c_int(1),
 Cl = fun(Ps, G, B) -> cerl:c_clause(Ps, G, B) end,
 t(fun() -> [cerl_clauses:is_catchall(C) || C <- [Cl([V],T,A), Cl([A],T,A), Cl([V],F,A), Cl([],T,A), Cl([V,W],T,A), Cl([cerl:c_alias(V,W)],T,A)]] end),
 t(fun() -> [cerl_clauses:any_catchall(C) || C <- [[], [Cl([A],T,A)], [Cl([A],T,A), Cl([V],T,A)]]] end),
 t(fun() -> [cerl_clauses:eval_guard(G) || G <- [T,F,A,V, cerl:c_call(cerl:c_atom(erlang),cerl:c_atom('=:='),[A,A]), cerl:c_call(cerl:c_atom(erlang),cerl:c_atom(is_atom),[A]), cerl:c_call(cerl:c_atom(erlang),cerl:c_atom('not'),[T]), cerl:c_let([V],T,V), cerl:c_values([T]), cerl:c_seq(A,T), cerl:c_call(cerl:c_atom(erlang),cerl:c_atom('and'),[T,F]), cerl:c_try(T,[V],V,[],F)]] end),
 Tup = cerl:c_tuple([A, V]),
 Bin = cerl:c_binary([]),
 M = [{V,A},{A,A},{A,N},{A,V},{Tup,cerl:c_tuple([A,N])},{Tup,cerl:c_tuple([N,N])},{Tup,W},{cerl:c_alias(W,Tup),cerl:c_tuple([A,N])},{cerl:c_cons(V,W),cerl:c_cons(A,cerl:c_nil())},{cerl:c_nil(),cerl:c_cons(A,W)},{cerl:c_cons(V,W),cerl:abstract([1,2])},{cerl:abstract([1,2]),cerl:abstract([1,2])},{Tup,cerl:c_tuple([W,N])},{Bin,Bin},{Bin,A},{Bin,V},{V,any},{A,any},{Tup,any},{cerl:c_float(1.0),N},{cerl:c_cons(A,W),cerl:abstract("ab")},{Tup,cerl:c_call(A,A,[])},{V,cerl:c_call(A,A,[])}, {cerl:c_tuple([A]),cerl:abstract({a})}],
 [t(fun() -> {cerl:to_records(P), E, cerl_clauses:match(P, E)} end) || {P, E} <- M],
 t(fun() -> cerl_clauses:match_list([V,A],[A,A]) end),
 t(fun() -> cerl_clauses:match_list([V,A],[A,W]) end),
 t(fun() -> cerl_clauses:match_list([V,A],[A,N]) end),
 t(fun() -> cerl_clauses:match_list([V,A,N],[A,W,A]) end),
 t(fun() -> cerl_clauses:match_list([],[]) end),
 C1 = Cl([A],T,A), C2 = Cl([Tup],T,V), C3 = Cl([V],T,V), C4 = Cl([W],cerl:c_var('G'),V),
 Cs = [C1,C2,C3],
 t(fun() -> cerl_clauses:reduce(Cs) end),
 t(fun() -> cerl_clauses:reduce([C3,C1]) end),
 t(fun() -> cerl_clauses:reduce([C4,C1]) end),
 t(fun() -> cerl_clauses:reduce([Cl([A],F,A),C1]) end),
 t(fun() -> cerl_clauses:reduce([Cl([],F,A),Cl([],T,N)]) end),
 t(fun() -> cerl_clauses:reduce([Cl([],F,A)]) end),
 [t(fun() -> cerl_clauses:reduce(X, Es) end) || X <- [Cs,[C4,C1],[C1,C2],[C1]], Es <- [[A],[N],[W],[cerl:c_tuple([A,N])],[any],[cerl:c_tuple([W,N])]]],
 ok.
