%%! erl -kernel logger_sasl_compatible true
-module(sasl_settings).
-export([main/0]).

%% What the settings of sasl do where the logger behaves as it did before it knew domains, and what is no setting.
main() ->
    {ok, Default} = logger:get_handler_config(default),
    io:format("~p~n", [maps:get(filters, Default)]),
    ok = logger:remove_handler(default),
    ok = application:load(sasl),
    [try_with(Env) || Env <- [[], [{errlog_type, error}], [{errlog_type, progress}], [{errlog_type, foo}],
                              [{sasl_error_logger, tty}, {errlog_type, error}], [{sasl_error_logger, false}], [{sasl_error_logger, foo}],
                              [{sasl_error_logger, {file, "x.log"}}], [{sasl_error_logger, {file, "y.log", [append]}}],
                              [{sasl_error_logger, {file, foo}}], [{sasl_error_logger, {file, "x.log", foo}}],
                              [{error_logger_mf_dir, false}], [{error_logger_mf_dir, foo}], [{error_logger_mf_dir, "d"}],
                              [{error_logger_mf_dir, "d"}, {error_logger_mf_maxbytes, foo}],
                              [{error_logger_mf_dir, "d"}, {error_logger_mf_maxbytes, 100}],
                              [{error_logger_mf_dir, "d"}, {error_logger_mf_maxbytes, 100}, {error_logger_mf_maxfiles, 0}],
                              [{error_logger_mf_dir, "d"}, {error_logger_mf_maxbytes, 100}, {error_logger_mf_maxfiles, 256}]]].

try_with(Env) ->
    [application:unset_env(sasl, K) || {K, _} <- application:get_all_env(sasl)],
    [application:set_env(sasl, K, V) || {K, V} <- [{sasl_error_logger, {file, "usual.log"}} || not lists:keymember(sasl_error_logger, 1, Env)] ++ Env],
    ok = logger:set_primary_config(level, error),
    io:format("--- ~p~n~p~n", [Env, application:start(sasl)]),
    io:format("~p~n", [maps:get(level, logger:get_primary_config())]),
    [io:format("~p~n", [C#{config := maps:remove(file, maps:get(config, C))}]) || #{id := sasl} = C <- logger:get_handler_config()],
    io:format("~p ~p~n", [application:stop(sasl), logger:get_handler_ids()]).
