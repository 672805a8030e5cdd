%% A module whose queries are wrong is told of everything else that is wrong with it, too.
-module(qlc_mistakes).
-export([main/0]).

main() ->
    Source = ["-module(wrong_queries).\n-export([all/1, some/1, wrong/0]).\n-include_lib(\"stdlib/include/qlc.hrl\").\n",
              "all(L) -> Z = Y, qlc:q([X || X <- L]).\nsome(L) -> {L L}.\nother(X) -> X < 5.\n"],
    Wrong = "wrong() -> qlc:q(no_query).\n",
    said([Source, Wrong]),
    said(Source),
    said(["-module(wrong_queries).\n-export([wrong/0]).\n-include_lib(\"stdlib/include/qlc.hrl\").\nunused() -> Z = 1.\n", Wrong]).

said(Source) ->
    ok = file:write_file("wrong_queries.erl", Source),
    {error, Errors, Warnings} = compile:file("wrong_queries.erl", [return]),
    [[io:format("~w ~ts~n", [Place, Module:format_error(What)]) || {Place, Module, What} <- Infos]
     || {_, Infos} <- Errors ++ Warnings],
    ok = file:delete("wrong_queries.erl").
