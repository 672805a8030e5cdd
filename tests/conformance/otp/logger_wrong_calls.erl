%% The functions of logger with wrong arguments, callbacks of handlers that answer or fail in their own way, and the
%% configuration as it is printed.
-module(logger_wrong_calls).
-export([main/0]).
-export([log/2, adding_handler/1, changing_config/3, filter_config/1, removing_handler/1]).

log(_, _) -> ok.
adding_handler(#{config := #{add := Fun}} = Config) -> Fun(Config);
adding_handler(Config) -> {ok, Config}.
changing_config(How, Old, #{config := #{change := Fun}} = New) -> Fun(How, Old, New);
changing_config(_, _, New) -> {ok, New}.
filter_config(#{config := #{show := Fun}} = Config) -> Fun(Config);
filter_config(Config) -> Config.
removing_handler(_) -> exit(oops).

main() ->
    ok = logger:remove_handler(default),
    ok = logger:set_primary_config(level, debug),
    Wrong = [foo, 1, "x", [], #{}, {a}, [a | b], #{level => foo}, #{foo => 1}],
    _ = [call(F, [A]) || F <- [set_primary_config, update_primary_config, remove_primary_filter, remove_handler, get_handler_config,
                               unset_module_level, get_module_level, unset_application_level, set_proxy_config,
                               update_proxy_config, update_process_metadata, format_report, i, add_handlers, error],
                         A <- Wrong, {F, A} =/= {set_primary_config, #{}}],
    _ = [call(F, [A, B]) || F <- [set_primary_config, add_primary_filter, set_handler_config, update_handler_config,
                                  update_formatter_config, remove_handler_filter, set_module_level, set_application_level, compare_levels, log],
                            A <- [foo, 1, error], B <- [foo, 1, "x", #{}]],
    _ = [call(F, [A, B, C]) || F <- [add_handler, set_handler_config, update_handler_config, update_formatter_config, add_handler_filter, log],
                               A <- [foo, 1, error], B <- [foo, "x", level], C <- [foo, [], #{}]],
    call(update_primary_config, [#{level => all}]),
    call(add_handler, [h, ?MODULE, #{config => #{}}]),
    Ignore = {fun(_, _) -> ignore end, 1},
    _ = [call(F, [h, K, V]) || F <- [set_handler_config, update_handler_config],
                               {K, V} <- [{id, a}, {id, h}, {module, foo}, {filters, foo}, {filters, [foo]}, {filters, [{a, Ignore}, {a, Ignore}]},
                                          {filter_default, x}, {formatter, foo}, {formatter, {logger_formatter, #{foo => 1}}},
                                          {formatter, {logger_formatter, []}}, {level, xx}, {own, 1}]],
    call(get_handler_config, [h]),
    _ = [call(F, [h, C]) || F <- [set_handler_config, update_handler_config],
                            C <- [#{id => a}, #{id => a, module => b}, #{filters => foo, level => foo}, #{level => foo, foo => 1}, #{config => 1}, foo]],
    _ = [call(F, [h, A, B]) || F <- [add_handler_filter], A <- [b, 1], B <- [Ignore, {fun(_) -> stop end, x}, foo]],
    _ = [call(add_primary_filter, [A, B]) || A <- [b, 1], B <- [Ignore, Ignore, foo]],
    call(get_config, []),
    call(remove_primary_filter, [b]),
    call(remove_handler, [h]),
    Fail = fun() -> throw(fail) end,
    _ = [{call(add_handler, [w, ?MODULE, #{config => #{add => Fun}}]), call(get_handler_ids, []), call(remove_handler, [w])}
         || Fun <- [fun(C) -> {ok, C#{new => 1}} end, fun(_) -> {error, no} end, fun(_) -> Fail() end]],
    _ = [{call(add_handler, [w, ?MODULE, #{config => #{change => Fun}}]), call(set_handler_config, [w, level, info]),
          call(update_handler_config, [w, level, error]), call(get_handler_config, [w]), call(remove_handler, [w])}
         || Fun <- [fun(_, _, C) -> {ok, C#{new => 1}} end, fun(_, _, _) -> {error, no} end, fun(_, _, _) -> ok end,
                    fun(_, _, _) -> foo end, fun(_, _, _) -> Fail() end, fun(H, O, C) -> {ok, C#{how => {H, maps:keys(O)}}} end]],
    _ = [{call(add_handler, [w, ?MODULE, #{config => #{show => Fun}}]), call(get_handler_config, [w]), call(get_handler_config, []), call(remove_handler, [w])}
         || Fun <- [fun(C) -> maps:remove(config, C) end, fun(_) -> foo end, fun(_) -> Fail() end]],
    call(i, []),
    call(add_handler, [w, ?MODULE, #{config => #{some => lists:seq(1, 50)}, own => "text", filters => [{f, {fun logger_filters:level/2, {log, eq, error}}}]}]),
    call(set_module_level, [[a, b], error]),
    call(i, []),
    _ = [call(i, [What]) || What <- [w, handlers, modules, proxy, primary, none]],
    _ = [call(add_handlers, [A])
         || A <- [[{handler, q, ?MODULE, #{}}, {handler, q, ?MODULE, #{}}, {handler, r, ?MODULE, #{}}], [{handler, q}], [{handler, q, x, y}],
                  [{handler, "q", x, #{}}], [{handler, q, nosuch, #{}}], [{handler, r, nosuch, #{}}], [{filters, log, []}],
                  [{module_level, error, [x]}], [{proxy, #{}}], [foo], [{handler, default, undefined}], foo, 1, "abc"]],
    call(get_handler_ids, []).

call(Function, Args) ->
    Answer = try apply(logger, Function, Args)
             catch Class:Reason -> {Class, Reason}
             end,
    io:format("~w ~0tp: ~0tp~n", [Function, plain(Args), plain(Answer)]).

plain([{M, F, A, I} | _]) when is_atom(M), is_atom(F), is_integer(A), is_list(I); is_atom(M), is_atom(F), is_list(A), is_list(I) -> trace;
plain(Tuple) when is_tuple(Tuple) -> list_to_tuple(plain(tuple_to_list(Tuple)));
plain([Head | Tail]) -> [plain(Head) | plain(Tail)];
plain(Map) when is_map(Map) -> maps:map(fun(_, Value) -> plain(Value) end, Map);
plain(Fun) when is_function(Fun) -> a_fun;
plain(Pid) when is_pid(Pid) -> pid;
plain(Other) -> Other.
