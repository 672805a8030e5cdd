%% The default handler taken away and put back in another form, and calls that are refused.
-module(logger_default_replaced).
-export([main/0]).

main() ->
    io:format("~p~n", [logger:remove_handler(default)]),
    io:format("~p~n", [logger:get_handler_ids()]),
    io:format("~p~n", [logger:add_handler(default, logger_std_h, #{formatter => {logger_formatter, #{template => ["[", level, "] ", msg, "\n"]}}})]),
    logger:error("as it was told ~p", [here]),
    logger_std_h:filesync(default),
    io:format("~p~n", [logger:remove_handler(default)]),
    io:format("~p~n", [logger:remove_handler(default)]),
    io:format("~p~n", [logger:add_handler(default, logger_std_h, #{config => #{type => standard_error}})]),
    {ok, #{config := #{type := Type}}} = logger:get_handler_config(default),
    io:format("~p~n", [Type]),
    refused(fun() -> gen_statem:call(nobody, get, {foo, 100}) end),
    refused(fun() -> register("name", self()) end),
    refused(fun() -> register(init, self()) end).

refused(Call) ->
    try Call()
    catch Class:Reason:Stack ->
        [{M, F, _, Info} | _] = Stack,
        io:format("~p ~p ~p:~p ~p~n", [Class, Reason, M, F, proplists:get_value(error_info, Info)])
    end.
