%%% swerl_logger_config_text: the configuration of the logger, for people.
-module(swerl_logger_config_text).

-export([print/1]).

print(all) ->
    print(primary),
    print(handlers),
    print(proxy),
    print(modules);
print(primary) ->
    #{level := Level, filter_default := Default, filters := Filters} = logger:get_primary_config(),
    io:format("Primary configuration: ~n    Level: ~p~n    Filter Default: ~p~n    Filters: ~n",
              [Level, Default]),
    filters("        ", Filters);
print(handlers) ->
    io:format("Handler configuration: ~n"),
    case logger:get_handler_config() of
        [] -> io:format("    (none)~n");
        Configs -> lists:foreach(fun handler/1, Configs)
    end;
print(proxy) ->
    io:format("Proxy configuration: ~n"),
    items("    ", logger:get_proxy_config());
print(modules) ->
    io:format("Level set per module: ~n"),
    case logger:get_module_level() of
        [] -> io:format("    (none)~n");
        Levels ->
            [io:format("    Module: ~p~n        Level: ~p~n", [M, L]) || {M, L} <- Levels],
            ok
    end;
print(Handler) when is_atom(Handler) ->
    case logger:get_handler_config(Handler) of
        {ok, Config} ->
            io:format("Handler configuration: ~n"),
            handler(Config);
        Error ->
            Error
    end.

handler(#{id := Id, module := Module, level := Level, formatter := {Formatter, FormatConfig},
          filter_default := Default, filters := Filters} = Config) ->
    io:format("    Id: ~p~n        Module: ~p~n        Level:  ~p~n        Formatter:~n"
              "            Module: ~p~n            Config:~n",
              [Id, Module, Level, Formatter]),
    items("                ", FormatConfig),
    io:format("        Filter Default: ~p~n        Filters:~n", [Default]),
    filters("            ", Filters),
    case Config of
        #{config := Own} when map_size(Own) > 0 ->
            io:format("        Handler Config:~n"),
            items("            ", Own);
        _ ->
            ok
    end,
    case maps:without([id, module, level, formatter, filter_default, filters, config], Config) of
        Custom when map_size(Custom) > 0 ->
            io:format("        Custom Config:~n"),
            items("            ", Custom);
        _ ->
            ok
    end.

filters(Indent, []) ->
    io:format("~s(none)~n", [Indent]);
filters(Indent, Filters) ->
    [io:format("~sId: ~p~n~s    Fun: ~p~n~s    Arg: ~p~n", [Indent, Id, Indent, Fun, Indent, Arg])
     || {Id, {Fun, Arg}} <- Filters],
    ok.

items(Indent, Map) when map_size(Map) =:= 0 ->
    io:format("~s[]~n", [Indent]);
items(Indent, Map) ->
    [io:format("~s~p: ~tp~n", [Indent, Key, Value]) || {Key, Value} <- maps:to_list(Map)],
    ok.
