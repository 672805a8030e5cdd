%%% The functions of digraph and digraph_utils, called with what is no graph; parts of text by what is no list.
-module(st_digraph_no_graph).
-export([main/0]).

main() ->
    [show(digraph, F, lists:sublist([foo, 1, 2, 3, 4], A))
     || {F, A} <- [{add_edge, 3}, {add_edge, 5}, {add_vertex, 1}, {add_vertex, 2}, {add_vertex, 3}, {del_edge, 2}, {del_edges, 2},
                   {del_path, 3}, {del_vertex, 2}, {del_vertices, 2}, {delete, 1}, {edge, 2}, {edges, 1}, {edges, 2}, {get_cycle, 2},
                   {get_path, 3}, {get_short_cycle, 2}, {get_short_path, 3}, {in_degree, 2}, {in_edges, 2}, {in_neighbours, 2},
                   {info, 1}, {no_edges, 1}, {no_vertices, 1}, {out_degree, 2}, {out_edges, 2}, {out_neighbours, 2},
                   {sink_vertices, 1}, {source_vertices, 1}, {vertex, 2}, {vertices, 1}]],
    [show(digraph_utils, F, [foo])
     || F <- [arborescence_root, components, condensation, cyclic_strong_components, is_acyclic, is_arborescence, is_tree,
              loop_vertices, postorder, preorder, strong_components, topsort]],
    [show(digraph_utils, F, [[1], foo]) || F <- [reachable, reachable_neighbours, reaching, reaching_neighbours]],
    [show(digraph_utils, subgraph, Args) || Args <- [[foo, [1]], [foo, [1], []]]],
    [show(string, take, ["abc", a, Complement, Dir]) || Complement <- [true, false], Dir <- [leading, trailing]].

show(M, F, Args) -> io:format("~w ~0p ~0p~n", [F, Args, try apply(M, F, Args) catch _:R -> R end]).
