%% Whether modules are what their files are, and what becomes of modules that are not there.
-module(code_status).
-export([main/0]).

main() ->
    {ok, Beam} = file:read_file(code:which(?MODULE)),
    p(code:module_md5(Beam) =:= ?MODULE:module_info(md5)),
    p([code:module_status(M) || M <- [?MODULE, lists, erlang, nosuch]]),
    p(lists:member(?MODULE, code:modified_modules())),
    p([code:delete(nosuch), code:purge(nosuch), code:soft_purge(nosuch)]),
    p(queue:is_empty(queue:new())),
    p(code:delete(queue)),
    p(queue:len(queue:new())).

p(X) -> io:format("~p~n", [X]).
