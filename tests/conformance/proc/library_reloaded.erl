%% Library modules are loaded again and again while processes call into them, most functions for the first time.
-module(library_reloaded).
-export([main/0]).
mods() -> [lists, string, orddict, gb_trees, dict, queue, sets, ordsets, proplists, array, sofs, digraph, calendar, base64, uri_string, io_lib, filename, gb_sets].
main() ->
    code:unstick_dir(filename:dirname(code:which(lists))),
    Me = self(),
    N = 40,
    Ps = [spawn_monitor(fun() -> rand:seed(exsss, {I,2,3}), worker(Me, 300) end) || I <- lists:seq(1,N)],
    loader(60),
    R = [receive {'DOWN', Ref, process, P, Why} -> Why end || {P,Ref} <- Ps],
    io:format("~p~n", [lists:usort(R)]),
    ok.
worker(_, 0) -> ok;
worker(Me, K) ->
    case K rem 7 of
        0 -> [3,2,1] = lists:reverse([1,2,3]), [1,2,3] = lists:usort([3,2,1,1]);
        1 -> "ABC" = string:uppercase("abc"), ["a","b"] = string:split("a b", " ");
        2 -> D = dict:from_list([{X,X} || X <- lists:seq(1,50)]), 25 = dict:fetch(25, D);
        3 -> T = gb_trees:from_orddict([{X,X} || X <- lists:seq(1,50)]), 7 = gb_trees:get(7, T);
        4 -> <<"YWJj">> = base64:encode(<<"abc">>), S = lists:foldl(fun sets:add_element/2, sets:new(), [1,2,3]), 3 = sets:size(S);
        5 -> "[1,2]" = lists:flatten(io_lib:format("~p", [[1,2]])), A = array:from_list([1,2,3]), 2 = array:get(1, A);
        6 -> {2024,2,29} = calendar:gregorian_days_to_date(calendar:date_to_gregorian_days(2024,2,29)), "b.erl" = filename:basename("a/b.erl")
    end,
    worker(Me, K-1).
loader(0) -> ok;
loader(K) ->
    M = lists:nth(1 + K rem length(mods()), mods()),
    case code:soft_purge(M) of
       true -> {module, M} = code:load_file(M);
       false -> ok
    end,
    loader(K-1).
