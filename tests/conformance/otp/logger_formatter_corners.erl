%% logger_formatter: every item of its configuration with wrong values, and messages and callbacks that are none.
-module(logger_formatter_corners).
-export([main/0]).

main() ->
    Items = [{depth, [0, -1, 1, 1.5, unlimited, infinity]}, {max_size, [0, 1, foo, unlimited]}, {chars_limit, [0, 1, -1, unlimited]},
             {legacy_header, [true, foo]}, {single_line, [false, 1]},
             {report_cb, [1, fun() -> 1 end, fun(_) -> 1 end, fun(_, _) -> 1 end, fun(_, _, _) -> 1 end]},
             {template, [[], foo, "abc", ["abc"], [msg | a], [1], [{a, b}], [{a, [b], [c]}], [{[a, b], ["x"], []}], [{a, b, c}],
                         [{1, [], []}], [[a, b]], [[a, "b"]], [[a, 1]], ["a", $b], [<<"bin">>], [[]], [[[a]]],
                         [{a, [{b, [c], [1]}], []}], [<<1:3>>]]},
             {time_designator, [$T, $\s, "T", foo, -1, 300]},
             {time_offset, ["", "Z", "z", 0, -1, 3600, "+01:00", "-1:5", "+0100", "01:00", "+25:00", "+01:00:00", foo, "utc", "+aa:bb",
                            1.5, "+", [$+ | a], ["+01:00"]]},
             {error_logger_notice_header, [info, notice, foo]}, {foo, [1]}],
    _ = [io:format("~0p ~0p~n", [{Key, named(Value)}, shown(logger_formatter:check_config(#{Key => Value}))])
         || {Key, Values} <- Items, Value <- Values],
    _ = [io:format("~0p~n", [logger_formatter:check_config(Config)]) || Config <- [foo, [], #{depth => x, max_size => y}]],
    Report = {report, #{a => b, c => "text", d => lists:seq(1, 30)}},
    Messages = [{{string, "abc\n\n def\n"}, #{}}, {{"~p~n~p", [lists:seq(1, 40), #{a => lists:seq(1, 30)}]}, #{}}, {{"~p", []}, #{}},
                {{"~s", [a | b]}, #{}}, {{<<"bin ~p">>, [1]}, #{}}, {{report, [{a, 1}, {"b", 2}, c, {d, e, f}]}, #{}}, {{report, []}, #{}},
                {{report, foo}, #{}}, {{string, foo}, #{}}, {{string, <<255>>}, #{}}, {Report, #{}},
                {Report, #{report_cb => fun(R) -> {"own ~p", [R]} end}}, {Report, #{report_cb => fun(R, C) -> io_lib:format("own ~p ~p", [R, C]) end}},
                {Report, #{report_cb => fun(_) -> bad end}}, {Report, #{report_cb => fun(_, _) -> bad end}}, {Report, #{report_cb => fun(_, _) -> [bad] end}},
                {Report, #{report_cb => fun(_) -> {"~p", []} end}}, {Report, #{report_cb => foo}},
                {{string, "x"}, #{error_logger => #{tag => info_msg}}}, {{string, "x"}, #{logger_formatter => #{title => "TITLE"}}},
                {{string, "x"}, #{mfa => {m, f, 3}, domain => [a, b], my => "text", bin => <<"b">>, num => 1.5, sub => #{x => #{y => z}}}}],
    Configs = [#{}, #{single_line => false}, #{legacy_header => true, single_line => false}, #{depth => 6, template => [msg]},
               #{depth => 1, single_line => false, template => [msg]}, #{chars_limit => 20, template => ["ab", msg, "cd"]},
               #{max_size => 1}, #{max_size => 40, single_line => false}, #{report_cb => fun(R) -> {"mine ~p", [R]} end, template => [msg]},
               #{template => [time, " ", level, " ", mfa, " ", domain, " ", my, " ", bin, " ", num, " ", sub, " ", [sub, x, y], " ",
                              {my, ["y"], ["n"]}, {none, ["y"], ["n"]}, {[sub, x], ["y"], ["n"]}, {[sub, q], ["y"], ["n"]}, "\n"]},
               #{time_offset => "-03:30", time_designator => $x, template => [time, level]}, #{time_offset => 0, legacy_header => true}],
    _ = [begin
             Event = #{level => notice, msg => Message, meta => Meta#{time => 1000000000123456, pid => self(), gl => group_leader()}},
             Text = logger_formatter:format(Event, maps:merge(#{time_offset => "Z"}, Config)),
             io:format("~0tp~n", [unicode:characters_to_list(Text)])
         end || {Message, Meta} <- Messages, Config <- Configs],
    ok.

named(Fun) when is_function(Fun) -> erlang:fun_info(Fun, arity);
named(Value) -> Value.

shown({error, {invalid_formatter_config, Module, {Key, Fun}}}) when is_function(Fun) -> {error, {invalid_formatter_config, Module, {Key, named(Fun)}}};
shown(Answer) -> Answer.
