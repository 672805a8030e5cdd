%%% Logs that are open already, archives that are no archives, comments of zip files, bases that do not fit, logger templates.
-module(st_archives_logs).
-compile([export_all, nowarn_export_all]).

-define(T(E), t(?LINE, fun() -> E end)).

main() ->
    logger:set_primary_config(level, none),
    D = filename:join(filename:basedir(user_cache, "st_archives_logs"), integer_to_list(erlang:unique_integer([positive])) ++ os:getpid()),
    ok = filelib:ensure_dir(filename:join(D, "x")), ok = file:set_cwd(D),
    file:write_file("f1", "one"), file:make_dir("d"), file:write_file("d/x", "deep"),
    ?T(disk_log:open([{name, l}, {file, "l"}])),
    ?T([disk_log:open([{name, l} | O]) || O <- [[], [{file, "l"}], [{file, "other"}], [{mode, read_only}], [{type, wrap}, {size, {10, 2}}],
                                                [{format, external}], [{size, 100}], [{notify, true}]]]),
    ?T(disk_log:open([{name, w}, {file, "w"}, {type, wrap}, {size, {1000, 2}}])),
    ?T([disk_log:open([{name, w} | O]) || O <- [[{size, {1000, 2}}, {type, wrap}], [{type, wrap}, {size, {10, 2}}], [{type, halt}]]]),
    ?T({disk_log:close(w), disk_log:close(l)}),
    ?T(zip:zip("z.zip", ["f1", "d"])), ?T(zip:t("z.zip")),
    ?T(zip:zip("c.zip", [{"mem", <<"hello">>}], [{comment, "cmt"}])), ?T(zip:t("c.zip")),
    ?T(zip:unzip("z.zip", [{cwd, "out"}, verbose])), ?T(zip:t("none")), ?T(zip:tt("none")),
    ?T([erl_tar:open(N, M) || {N, M} <- [{"o.tar", [write, foo]}, {"/nodir/o.tar", [write]}, {"none", [read]}, {"x", [read, write]}, {"x", []}]]),
    ?T([io_lib:fread(F, S) || {F, S} <- [{"~8u", "789"}, {"~u", " 7"}, {"~u", "\n3"}, {"~2u", "102"}, {"~16u", "fg"}, {"~#", "8#789"}, {"~u", "x"}]]),
    ?T([lists:flatten(logger_formatter:format(#{level => error, msg => {string, "m"}, meta => #{time => 0}}, #{template => T}))
        || T <- [[{level, [level], ["no"]}], [{time, ["yes"], ["no"]}], [[msg]], [level, "-", msg]]]),
    ?T(logger:add_handler(h, ?MODULE, #{formatter => {nomod, #{}}})),
    ?T(logger:update_formatter_config(h, #{a => 1})), ?T(logger:update_formatter_config(h, b, 2)),
    ?T(maps:get(formatter, element(2, logger:get_handler_config(h)))),
    ok = file:set_cwd("/"), file:del_dir_r(D).

log(_, _) -> ok.
changing_config(How, _, New) -> io:format("changing ~p~n", [How]), {ok, New}.

t(L, F) -> io:format("~w ~0tp~n", [L, try F() catch C:R -> {C, R} end]).
