%%% Algorithms on directed graphs.
-module(digraph_utils).

-export([components/1, strong_components/1, cyclic_strong_components/1, reachable/2,
         reachable_neighbours/2, reaching/2, reaching_neighbours/2, topsort/1, is_acyclic/1,
         arborescence_root/1, is_arborescence/1, is_tree/1, loop_vertices/1, subgraph/2,
         subgraph/3, condensation/1, preorder/1, postorder/1]).

%% @doc The sets of vertices connected by edges, whatever their direction.
components(G) ->
    forest(G, fun(V) -> digraph:in_neighbours(G, V) ++ digraph:out_neighbours(G, V) end,
           digraph:vertices(G)).

%% @doc The sets of vertices that reach each other.
strong_components(G) ->
    forest(G, fun(V) -> digraph:in_neighbours(G, V) end, lists:reverse(postorder(G))).

%% @doc The strong components that have a cycle.
cyclic_strong_components(G) ->
    lists:reverse([Component || Component <- strong_components(G), is_cyclic(G, Component)]).

is_cyclic(G, [V]) -> lists:member(V, digraph:out_neighbours(G, V));
is_cyclic(_, _) -> true.

%% @doc The vertices that some vertices reach, themselves included.
reachable(Vs, G) when is_list(Vs) ->
    lists:append(forest(G, fun(V) -> digraph:out_neighbours(G, V) end, Vs)).

%% @doc The vertices that some vertices reach over an edge or more.
reachable_neighbours(Vs, G) when is_list(Vs) ->
    reachable(lists:flatmap(fun(V) -> digraph:out_neighbours(G, V) end, Vs), G).

%% @doc The vertices from which some vertices are reached, themselves included.
reaching(Vs, G) when is_list(Vs) ->
    lists:append(forest(G, fun(V) -> digraph:in_neighbours(G, V) end, Vs)).

%% @doc The vertices from which some vertices are reached over an edge or more.
reaching_neighbours(Vs, G) when is_list(Vs) ->
    reaching(lists:flatmap(fun(V) -> digraph:in_neighbours(G, V) end, Vs), G).

%% The vertices found from each root that were not found from those before.
forest(_, Neighbours, Roots) ->
    {Trees, _} =
        lists:foldl(fun(Root, {Trees, Seen}) ->
                            case is_map_key(Root, Seen) of
                                true -> {Trees, Seen};
                                false ->
                                    {Tree, Seen1} = tree([Root], [], Seen, Neighbours),
                                    {[Tree | Trees], Seen1}
                            end
                    end, {[], #{}}, Roots),
    Trees.

tree([V | Vs], Found, Seen, Neighbours) when is_map_key(V, Seen) ->
    tree(Vs, Found, Seen, Neighbours);
tree([V | Vs], Found, Seen, Neighbours) ->
    tree(Neighbours(V) ++ Vs, [V | Found], Seen#{V => true}, Neighbours);
tree([], Found, Seen, _) ->
    {Found, Seen}.

%% @doc The vertices in an order in which edges lead forwards, or false where there is a cycle of several.
topsort(G) ->
    Order = lists:reverse(postorder(G)),
    case length(strong_components(G)) =:= length(Order) of
        true -> Order;
        false -> false
    end.

%% @doc Whether there are no cycles.
is_acyclic(G) -> loop_vertices(G) =:= [] andalso topsort(G) =/= false.

%% @doc {yes, Root} where the graph is an arborescence, or no. The numbers of edges are looked at, not the paths.
arborescence_root(G) ->
    case digraph:no_edges(G) =:= digraph:no_vertices(G) - 1 of
        true ->
            case digraph:source_vertices(G) of
                [Root] -> {yes, Root};
                _ -> no
            end;
        false -> no
    end.

%% @doc Whether every vertex is reached from one root in exactly one way.
is_arborescence(G) -> arborescence_root(G) =/= no.

%% @doc Whether the graph is a tree, whatever the direction of its edges.
is_tree(G) ->
    digraph:no_edges(G) =:= digraph:no_vertices(G) - 1 andalso length(components(G)) =:= 1.

%% @doc The vertices with an edge to themselves.
loop_vertices(G) ->
    [V || V <- digraph:vertices(G), lists:member(V, digraph:out_neighbours(G, V))].

%% @doc The graph of some vertices and the edges between them.
subgraph(G, Vs) -> subgraph(G, Vs, []).

%% @doc As subgraph/2; options: {type, inherit | Type}, {keep_labels, Boolean}.
subgraph(G, Vs, Options) ->
    case [Option || Option <- Options, not is_option(Option)] of
        [] ->
            Type = case proplists:get_value(type, Options, inherit) of
                       inherit ->
                           Info = digraph:info(G),
                           [proplists:get_value(cyclicity, Info), proplists:get_value(protection, Info)];
                       Given -> Given
                   end,
            part(G, Vs, digraph:new(Type), proplists:get_value(keep_labels, Options, true));
        _ ->
            erlang:error(badarg, [G, Vs, Options])
    end.

is_option({type, inherit}) -> true;
is_option({type, Type}) -> is_list(Type);
is_option({keep_labels, Keep}) -> is_boolean(Keep);
is_option(_) -> false.

part(G, Vs, New, Keep) ->
    [digraph:add_vertex(New, V, label(Label, Keep))
     || Vertex <- Vs, {V, Label} <- [digraph:vertex(G, Vertex)]],
    [digraph:add_edge(New, E, V1, V2, label(Label, Keep))
     || Vertex <- digraph:vertices(New), Edge <- digraph:out_edges(G, Vertex),
        {E, V1, V2, Label} <- [digraph:edge(G, Edge)], digraph:vertex(New, V2) =/= false],
    New.

label(Label, true) -> Label;
label(_, false) -> [].

%% @doc The graph whose vertices are the strong components.
condensation(G) ->
    Components = strong_components(G),
    Of = maps:from_list([{V, Component} || Component <- Components, V <- Component]),
    New = digraph:new(),
    [digraph:add_vertex(New, Component) || Component <- Components],
    Edges = lists:usort([{From, To}
                         || From <- Components, V <- From, W <- digraph:out_neighbours(G, V),
                            To <- [maps:get(W, Of)], To =/= From]),
    [digraph:add_edge(New, From, To) || {From, To} <- Edges],
    New.

%% @doc The vertices in the order in which going down reaches them.
preorder(G) ->
    {Order, _} = lists:foldl(fun(V, Acc) -> down(V, Acc, before, G) end, {[], #{}}, digraph:vertices(G)),
    lists:reverse(Order).

%% @doc The vertices in the order in which going down leaves them.
postorder(G) ->
    {Order, _} = lists:foldl(fun(V, Acc) -> down(V, Acc, behind, G) end, {[], #{}}, digraph:vertices(G)),
    lists:reverse(Order).

down(V, {_, Seen} = Acc, _, _) when is_map_key(V, Seen) -> Acc;
down(V, {Order, Seen}, When, G) ->
    Order1 = case When of before -> [V | Order]; behind -> Order end,
    {Order2, Seen2} = lists:foldl(fun(W, Acc) -> down(W, Acc, When, G) end,
                                  {Order1, Seen#{V => true}}, digraph:out_neighbours(G, V)),
    {case When of before -> Order2; behind -> [V | Order2] end, Seen2}.
