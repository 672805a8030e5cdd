%% error_logger:logfile/1 and handlers of the old kind: what they are sent, what they write, and what they say.
-module(error_logger_logfile).
-behaviour(gen_event).
-export([main/0, init/1, handle_event/2, handle_call/2]).

init(Tester) -> {ok, Tester}.
handle_event({Tag, _, {_, What, Values}}, Tester) -> Tester ! {Tag, What, Values}, {ok, Tester}.
handle_call(_, Tester) -> {ok, ok, Tester}.

main() ->
    logger:set_handler_config(default, level, none),
    logger:set_primary_config(level, all),
    error_logger:add_report_handler(?MODULE, self()),
    logger:error("plain ~p", [y]),
    logger:notice("n"),
    logger:debug("d"),
    logger:warning(#{a => b}),
    logger:error([{a, b}]),
    logger:critical("x", [], #{error_logger => #{tag => error}}),
    error_logger:error_msg("a~n"),
    error_logger:info_report(z, 1),
    error_logger:info_msg("q"),
    timer:sleep(50),
    sent(),
    error_logger:delete_report_handler(?MODULE),
    [said(X, fun() -> error_logger:logfile(X) end)
     || X <- [filename, close, {open, "none/log"}, filename, other, {open, "log.txt"}, filename, {open, "log2.txt"}]],
    error_logger:error_msg("hello ~p~n", [x]),
    error_logger:error_msg("hello ~p~n", [x, y]),
    error_logger:warning_report([{a, b}, "c"]),
    error_logger:info_msg("i~n"),
    logger:error("plain"),
    error_logger:info_report(progress, [{a, 1}]),
    error_logger:info_report([{i, "\x{3a9}"}]),
    timer:sleep(50),
    [said(X, fun() -> error_logger:logfile(X) end) || X <- [close, close, filename]],
    {ok, Text} = file:read_file("log.txt"),
    io:format("~ts~n", [re:replace(Text, "==== .* ===", "==== ===", [global])]),
    ok = file:delete("log.txt"),
    {ok, E} = gen_event:start(),
    [said(Handler, fun() -> ok = gen_event:add_handler(E, Handler, Args), gen_event:delete_handler(E, Handler, why) end)
     || {Handler, Args} <- [{error_logger_tty_h, []}, {error_logger_file_h, "log.txt"}]],
    [said(X, fun() -> gen_event:add_handler(E, error_logger_file_h, X) end) || X <- ["none/log", {a}]],
    ok = file:delete("log.txt").

sent() -> receive Event -> io:format("~0p~n", [Event]), sent() after 0 -> ok end.

said(Tag, F) ->
    io:format("~0p: ~0p~n", [Tag, try F() catch Class:Reason -> {Class, Reason} end]).
