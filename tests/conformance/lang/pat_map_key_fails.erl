%%% Keys of map patterns that cannot be computed match nothing; keys of several kinds in one pattern; sizes that a
%%% generator's own variables hide; what is no module.
-module(pat_map_key_fails).
-export([main/0, a/2, b/2, c/2, d/2, g/2, h/2, i/2, j/2, k/2, l/2, m/2, o/2]).
-define(T(E), t(?LINE, fun() -> E end)).

main() ->
    Keys = [1, 3, a],
    [?T(?MODULE:F(#{2 => x}, K)) || F <- [a, b, c, d, g, h], K <- Keys],
    [?T(?MODULE:i(M, K)) || M <- [#{1 => x, c => y}, #{c => y}, #{a => z}, []], K <- Keys],
    [?T(?MODULE:F(8, <<1, 2, 3, 4>>)) || F <- [j, k]],
    ?T(l(8, [<<1>>, <<2, 3>>])),
    [?T(?MODULE:m(M, F)) || M <- [1, fun(_) -> 1 end, lists], F <- [1, reverse]],
    [?T(?MODULE:o(M, K)) || M <- [#{}, #{k => 1}], K <- [1, k]].

t(Line, F) ->
    io:format("~w: ~p~n", [Line, try F() catch C:R:S -> {C, R, top(S)} end]).

top([{M, F, A, _} | _]) when is_list(A) -> {M, F, length(A)};
top([{M, F, A, _} | _]) -> {M, F, A}.

a(M, K) -> case M of #{(K + 1) := V} -> V; _ -> no end.
b(M, K) -> #{(K + 1) := V} = M, V.
c(M, K) -> F = fun(#{(K + 1) := V}) -> V; (_) -> no end, F(M).
d(M, K) -> [V || #{(K + 1) := V} <- [M]].
g(M, K) -> self() ! M, receive #{(K + 1) := V} -> V; _ -> no end.
h(M, K) -> try M of #{(K + 1) := V} -> V; _ -> no catch _:_ -> 1 end.

%% Present only, or fetched: constant keys and others.
i(M, K) ->
    case M of
        #{K := _, c := _} -> both;
        #{K := X, c := Y} -> {X, Y};
        #{c := Z} -> Z;
        #{a := _, K := W} -> W;
        _ -> none
    end.

j(V, L) -> [{V, W} || <<V:V, W:V>> <= L].
k(V, L) -> [V || <<V:(V + 8)>> <= L].
l(V, L) -> [V || <<V:V>> <- L].

m(M, F) -> [M:F([1, 2])].

o(M, K) -> {M#{K := 1}, ok}.
