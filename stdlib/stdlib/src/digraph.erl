%%% Directed graphs whose vertices and edges have labels, kept in three ets tables: vertices by
%%% name, edges by name, and the edges that leave and reach each vertex.
-module(digraph).

-export([new/0, new/1, delete/1, info/1, add_vertex/1, add_vertex/2, add_vertex/3, del_vertex/2,
         del_vertices/2, vertex/2, no_vertices/1, vertices/1, source_vertices/1,
         sink_vertices/1, add_edge/3, add_edge/4, add_edge/5, del_edge/2, del_edges/2,
         del_path/3, edge/2, no_edges/1, edges/1, edges/2, out_neighbours/2, in_neighbours/2,
         out_edges/2, in_edges/2, out_degree/2, in_degree/2, get_path/3, get_cycle/2,
         get_short_path/3, get_short_cycle/2]).

-export_type([graph/0, d_type/0, vertex/0, edge/0, label/0]).

-record(digraph, {vtab, etab, ntab, cyclic = true}).

-opaque graph() :: #digraph{}.
-type d_type() :: cyclic | acyclic | private | protected.
-type vertex() :: term().
-type edge() :: term().
-type label() :: term().

%% Graphs.

%% @doc An empty graph in which cycles are allowed.
new() -> new([]).

%% @doc An empty graph by options: cyclic, acyclic, private, protected.
new(Options) ->
    case is_list(Options) andalso length(Options) >= 0
        andalso Options -- (Options -- [cyclic, acyclic, private, protected]) =:= Options of
        true ->
            Access = case [A || A <- Options, A =:= private orelse A =:= protected] of
                         [] -> protected;
                         Found -> lists:last(Found)
                     end,
            Cyclic = case [C || C <- Options, C =:= cyclic orelse C =:= acyclic] of
                         [] -> true;
                         Kinds -> lists:last(Kinds) =:= cyclic
                     end,
            Neighbours = ets:new(neighbours, [bag, Access]),
            ets:insert(Neighbours, [{'$vid', 0}, {'$eid', 0}]),
            #digraph{vtab = ets:new(vertices, [set, Access]), etab = ets:new(edges, [set, Access]),
                     ntab = Neighbours, cyclic = Cyclic};
        false ->
            erlang:error(badarg, [Options])
    end.

%% @doc Deletes a graph.
delete(G) ->
    V = G#digraph.vtab,
    E = G#digraph.etab,
    N = G#digraph.ntab,
    ets:delete(V),
    ets:delete(E),
    ets:delete(N).

%% @doc The cyclicity, the memory and the protection of a graph.
info(G) ->
    V = G#digraph.vtab,
    E = G#digraph.etab,
    N = G#digraph.ntab,
    Cyclic = G#digraph.cyclic,
    Memory = ets:info(V, memory) + ets:info(E, memory) + ets:info(N, memory),
    [{cyclicity, if Cyclic -> cyclic; true -> acyclic end}, {memory, Memory},
     {protection, ets:info(V, protection)}].

%% Vertices.

%% @doc Adds a vertex with a new name.
add_vertex(G) ->
    add_vertex(G, ['$v' | new_id('$vid', G)]).

%% @doc Adds a vertex.
add_vertex(G, V) -> add_vertex(G, V, []).

%% @doc Adds a vertex with a label, or gives a vertex a new one.
add_vertex(G, V, Label) ->
    Table = G#digraph.vtab,
    ets:insert(Table, {V, Label}),
    V.

new_id(Counter, G) ->
    Table = G#digraph.ntab,
    [{Counter, N}] = ets:lookup(Table, Counter),
    ets:delete(Table, Counter),
    ets:insert(Table, {Counter, N + 1}),
    N.

%% @doc Removes a vertex and its edges.
del_vertex(G, V) ->
    Table = G#digraph.vtab,
    del_edges(G, edges(G, V)),
    ets:delete(Table, V),
    true.

%% @doc Removes vertices and their edges.
del_vertices(G, Vs) ->
    lists:foreach(fun(V) -> del_vertex(G, V) end, Vs),
    true.

%% @doc {Vertex, Label}, or false.
vertex(G, V) ->
    Table = G#digraph.vtab,
    case ets:lookup(Table, V) of
        [Found] -> Found;
        [] -> false
    end.

%% @doc The number of vertices.
no_vertices(G) -> ets:info(G#digraph.vtab, size).

%% @doc The vertices.
vertices(G) -> ets:select(G#digraph.vtab, [{{'$1', '_'}, [], ['$1']}]).

%% @doc The vertices that no edge reaches.
source_vertices(G) -> [V || V <- vertices(G), in_degree(G, V) =:= 0].

%% @doc The vertices that no edge leaves.
sink_vertices(G) -> [V || V <- vertices(G), out_degree(G, V) =:= 0].

%% Edges.

%% @doc Adds an edge with a new name.
add_edge(G, V1, V2) -> add_edge(G, V1, V2, []).

%% @doc Adds an edge with a new name and a label.
add_edge(G, V1, V2, Label) ->
    add_edge(G, ['$e' | new_id('$eid', G)], V1, V2, Label).

%% @doc Adds an edge with a name and a label, or gives it a new label.
add_edge(G, E, V1, V2, Label) ->
    Table = G#digraph.etab,
    case {vertex(G, V1), vertex(G, V2), ets:lookup(Table, E)} of
        {false, _, _} -> {error, {bad_vertex, V1}};
        {_, false, _} -> {error, {bad_vertex, V2}};
        {_, _, [{E, V1, V2, _}]} ->
            ets:insert(Table, {E, V1, V2, Label}),
            E;
        {_, _, [_]} -> {error, {bad_edge, [V1, V2]}};
        {_, _, []} -> add_new_edge(G, E, V1, V2, Label)
    end.

add_new_edge(G, E, V1, V2, Label) when not G#digraph.cyclic ->
    case V1 =:= V2 orelse get_path(G, V2, V1) of
        true -> {error, {bad_edge, [V1, V2]}};
        false -> insert_edge(G, E, V1, V2, Label);
        Path -> {error, {bad_edge, Path}}
    end;
add_new_edge(G, E, V1, V2, Label) ->
    insert_edge(G, E, V1, V2, Label).

insert_edge(G, E, V1, V2, Label) ->
    Edges = G#digraph.etab,
    Neighbours = G#digraph.ntab,
    ets:insert(Neighbours, [{{out, V1}, E}, {{in, V2}, E}]),
    ets:insert(Edges, {E, V1, V2, Label}),
    E.

%% @doc Removes an edge.
del_edge(G, E) ->
    Edges = G#digraph.etab,
    Neighbours = G#digraph.ntab,
    case ets:lookup(Edges, E) of
        [{E, V1, V2, _}] ->
            ets:delete_object(Neighbours, {{out, V1}, E}),
            ets:delete_object(Neighbours, {{in, V2}, E}),
            ets:delete(Edges, E);
        [] -> true
    end.

%% @doc Removes edges.
del_edges(G, Es) ->
    lists:foreach(fun(E) -> del_edge(G, E) end, Es),
    true.

%% @doc Removes edges until there is no path between two vertices.
del_path(G, V1, V2) ->
    case get_path(G, V1, V2) of
        false -> true;
        Path ->
            del_edges_along(G, Path),
            del_path(G, V1, V2)
    end.

del_edges_along(G, [A | [B | _] = Path]) ->
    del_edges(G, [E || E <- out_edges(G, A), {_, _, To, _} <- [edge(G, E)], To =:= B]),
    del_edges_along(G, Path);
del_edges_along(_, [_]) -> true.

%% @doc {Edge, From, To, Label}, or false.
edge(G, E) ->
    Table = G#digraph.etab,
    case ets:lookup(Table, E) of
        [Found] -> Found;
        [] -> false
    end.

%% @doc The number of edges.
no_edges(G) -> ets:info(G#digraph.etab, size).

%% @doc The edges.
edges(G) -> ets:select(G#digraph.etab, [{{'$1', '_', '_', '_'}, [], ['$1']}]).

%% @doc The edges of a vertex.
edges(G, V) -> at(G, {in, V}) ++ at(G, {out, V}).

at(G, Key) -> [E || {_, E} <- ets:lookup(G#digraph.ntab, Key)].

%% @doc The edges that leave a vertex.
out_edges(G, V) -> at(G, {out, V}).

%% @doc The edges that reach a vertex.
in_edges(G, V) -> at(G, {in, V}).

%% @doc The number of edges that leave a vertex.
out_degree(G, V) -> length(out_edges(G, V)).

%% @doc The number of edges that reach a vertex.
in_degree(G, V) -> length(in_edges(G, V)).

%% @doc The vertices that edges from a vertex reach.
out_neighbours(G, V) -> lists:reverse(forward(G, V)).

%% In the order of the edges; what others see begins with the newest.
forward(G, V) ->
    Table = G#digraph.etab,
    [ets:lookup_element(Table, E, 3) || E <- out_edges(G, V)].

%% @doc The vertices whose edges reach a vertex.
in_neighbours(G, V) ->
    Table = G#digraph.etab,
    lists:reverse([ets:lookup_element(Table, E, 2) || E <- in_edges(G, V)]).

%% Paths.

%% @doc A path of one edge or more between two vertices, or false.
get_path(G, V1, V2) ->
    deep_path(out_neighbours(G, V1), [V1], [], V2, G, #{V1 => true}).

%% Depth first: the vertices to try, the path so far (the last first), and what to come back to.
deep_path([Goal | _], Path, _, Goal, _, _) ->
    lists:reverse(Path, [Goal]);
deep_path([V | Vs], Path, Back, Goal, G, Seen) when is_map_key(V, Seen) ->
    deep_path(Vs, Path, Back, Goal, G, Seen);
deep_path([V | Vs], Path, Back, Goal, G, Seen) ->
    deep_path(out_neighbours(G, V), [V | Path], [{Vs, Path} | Back], Goal, G, Seen#{V => true});
deep_path([], _, [{Vs, Path} | Back], Goal, G, Seen) ->
    deep_path(Vs, Path, Back, Goal, G, Seen);
deep_path([], _, [], _, _, _) ->
    false.

%% @doc A cycle through a vertex, or [V] where an edge leads from it to itself alone, or false.
get_cycle(G, V) ->
    Others = [W || W <- out_neighbours(G, V), W =/= V],
    case deep_path(Others, [V], [], V, G, #{V => true}) of
        false ->
            case lists:member(V, out_neighbours(G, V)) of
                true -> [V];
                false -> false
            end;
        Path -> Path
    end.

%% @doc A shortest path of one edge or more between two vertices, or false.
get_short_path(G, V1, V2) ->
    First = [{W, V1} || W <- forward(G, V1)],
    wide_path(First, [], #{}, V1, V2, G).

%% @doc A shortest cycle through a vertex, or false.
get_short_cycle(G, V) -> get_short_path(G, V, V).

%% Breadth first: pairs of a vertex and the one before it; Before tells how each was reached.
wide_path([{V, From} | Pairs], Later, Before, Start, Goal, G) ->
    case is_map_key(V, Before) of
        true -> wide_path(Pairs, Later, Before, Start, Goal, G);
        false when V =:= Goal -> way_back(From, Before, Start, [Goal]);
        false ->
            Next = [{W, V} || W <- forward(G, V)],
            wide_path(Pairs, lists:reverse(Next, Later), Before#{V => From}, Start, Goal, G)
    end;
wide_path([], [], _, _, _, _) ->
    false;
wide_path([], Later, Before, Start, Goal, G) ->
    wide_path(lists:reverse(Later), [], Before, Start, Goal, G).

way_back(Start, _, Start, Path) -> [Start | Path];
way_back(V, Before, Start, Path) -> way_back(maps:get(V, Before), Before, Start, [V | Path]).
