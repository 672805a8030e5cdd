%% zip and erl_tar that say what they do; times in native units; a bad reply to file_sorter
-module(archives_verbose).
-export([main/0]).
-define(T(E), t(?LINE, fun() -> E end)).

t(Line, Fun) ->
    Result = try Fun() catch Class:Reason -> {Class, Reason} end,
    io:format("~w: ~0tp~n", [Line, Result]).

main() ->
    ok = file:make_dir("d"),
    ok = file:write_file("d/x", "xx"),
    ?T(zip:create("d.zip", ["d"], [verbose])),
    ?T(zip:unzip("d.zip", [{cwd, "o"}, verbose])),
    ?T(zip:unzip("d.zip", [{cwd, "o"}, verbose, keep_old_files])),
    ?T(zip:unzip("d.zip", [memory, verbose])),
    ?T(erl_tar:create("t.tar", ["d/x", {"b", <<"bb">>}], [verbose])),
    ?T(erl_tar:extract("t.tar", [{cwd, "p"}, verbose, keep_old_files])),
    ?T(erl_tar:extract("t.tar", [{cwd, "p"}, verbose, keep_old_files])),
    ?T(erl_tar:extract("t.tar", [{cwd, "p"}, verbose])),
    Second = erlang:convert_time_unit(1, second, native),
    [?T(calendar:system_time_to_rfc3339(T, [{unit, native}, {offset, Offset}]))
     || T <- [0, Second, 3 * Second div 2, -Second, 1700000000 * Second + Second div 3], Offset <- ["Z", "+02:00", 60 * Second]],
    ?T(file_sorter:sort(fun(read) -> foo; (close) -> ok end, "fo", {format, term})).
