%% Orders in graphs: neighbours, paths, cycles, components, traversals.
-module(st_digraph_orders).
-export([main/0]).

main() ->
  paths(),
  P=fun(X) -> io:format("~p~n",[X]) end,
 [begin G=digraph:new(), [digraph:add_vertex(G,V)||V<-Vs], [digraph:add_edge(G,A,B)||{A,B}<-Es],
  P(digraph:vertices(G)),P({comp,digraph_utils:components(G)}),P({strong,digraph_utils:strong_components(G)}),P({cyc,digraph_utils:cyclic_strong_components(G)}),[P({V,digraph_utils:reachable([V],G),digraph_utils:reachable_neighbours([V],G),digraph_utils:reaching([V],G),digraph_utils:reaching_neighbours([V],G)})||V<-Vs],P(digraph_utils:reachable(Vs,G)),P(digraph_utils:preorder(G)),P(digraph_utils:postorder(G)),P(digraph_utils:topsort(G)),P(digraph_utils:loop_vertices(G)),P(digraph_utils:is_tree(G)),P(digraph_utils:is_arborescence(G)), C=digraph_utils:condensation(G), P(lists:sort(digraph:vertices(C))), P(lists:sort([begin {_,A,B,_}=digraph:edge(C,E), {A,B} end||E<-digraph:edges(C)])), S=digraph_utils:subgraph(G,lists:sublist(Vs,4)), P(lists:sort(digraph:vertices(S))), P(length(digraph:edges(S))) end
 || {Vs,Es} <- [{[1,2,3,4,5,6,7],[{1,2},{1,3},{2,4},{3,4},{4,5},{5,1},{6,7},{5,6},{7,1}]},{[1,2,3,4,5,6],[{1,2},{2,3},{3,1},{3,4},{5,5},{4,6}]},{[3,1,2],[]},{[1,2,3,4],[{1,2},{1,3},{3,4}]},{[10,20,30,40,50],[{10,20},{20,10},{30,40},{40,50},{50,30},{20,30}]}]].

paths() -> G=digraph:new(), [digraph:add_vertex(G,V)||V<-[a,b,c,d,e,f]], [digraph:add_edge(G,{A,B},A,B,[])||{A,B}<-[{a,b},{a,c},{b,d},{c,d},{d,e},{e,a},{d,f},{f,f}]],
 P=fun(X) -> io:format("~p~n",[X]) end, [P({V,digraph:out_neighbours(G,V),digraph:in_neighbours(G,V),lists:sort(digraph:edges(G,V)),digraph:out_edges(G,V),digraph:in_edges(G,V)})||V<-[a,b,c,d,e,f]],
 [P({A,B,digraph:get_path(G,A,B),digraph:get_short_path(G,A,B)})||A<-[a,b,c,d,e,f],B<-[a,b,c,d,e,f]], [P({V,digraph:get_cycle(G,V),digraph:get_short_cycle(G,V)})||V<-[a,b,c,d,e,f]],
 P(lists:sort(digraph:vertices(G))), P(digraph_utils:reachable([a],G)),P(digraph_utils:reachable_neighbours([f],G)),P(digraph_utils:reaching([f],G)),P(digraph_utils:loop_vertices(G)),P(digraph_utils:is_acyclic(G)),P(digraph_utils:topsort(G)), P([lists:sort(C)||C<-lists:sort(digraph_utils:strong_components(G))]),
 H=digraph:new([acyclic]), [digraph:add_vertex(H,V)||V<-[1,2,3,4,5,6,7]], [P(digraph:add_edge(H,{A,B},A,B,[]))||{A,B}<-[{1,2},{1,3},{2,4},{3,4},{4,5},{5,1},{6,7},{5,6},{7,1}]], P(digraph_utils:topsort(H)), P(digraph_utils:preorder(H)),P(digraph_utils:postorder(H)), P(digraph:vertices(H)), P(digraph:edges(H)), P(digraph_utils:arborescence_root(H)), P(digraph:source_vertices(H)), P(digraph:sink_vertices(H)).
