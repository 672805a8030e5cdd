%% Crash reports with a limit of characters: how it is shared out among their entries.
-module(crash_report_limits).
-export([main/0]).

main() ->
    Ones = lists:duplicate(3000, 1),
    Neighbour = {neighbour, [{pid, pid_of}, {dictionary, Ones}]},
    [io:format("~w ~w ~w ~w: ~w~n", [Single, Neighbours, Entries, Limit, lengths(Text)])
     || Single <- [true, false], Neighbours <- [0, 1, 20, 1000], Entries <- [1, 2, 4, 9, 12],
        Limit <- [1, 2, 10, 20, 40, 60, 80, 90, 95, 100, 150, 300, 1000, 4000],
        Text <- [text(Entries, Ones, lists:duplicate(Neighbours, Neighbour), Limit, Single)]],
    [io:format("~s~n", [text(2, Ones, [Neighbour], Limit, Single)])
     || Single <- [true, false], Limit <- [20, 100, 300, 1000]],
    [io:format("~s~n", [with_stack(Limit, Single)]) || Single <- [true, false], Limit <- [50, 220, 500, 2000]].

%% The lengths of the parts between the names of entries.
lengths(Text) ->
    Names = "exit|k[0-9]+|neighbours",
    {length(Text), [length(Part) || Part <- re:split(Text, Names, [{return, list}])]}.

text(Entries, Value, Neighbours, Limit, Single) ->
    Own = [{initial_call, {abc, f, [x]}}, {error_info, {exit, Value, []}}
           | [{list_to_atom("k" ++ integer_to_list(N)), Value} || N <- lists:seq(1, Entries)]],
    formatted([Own, Neighbours], Limit, Single).

with_stack(Limit, Single) ->
    Own = [{initial_call, {abc, f, [x]}}, {pid, pid_of}, {registered_name, []},
           {error_info, {error, {badmatch, lists:seq(1, 100)}, [{abc, f, 1, []}]}},
           {ancestors, [a, b]}, {dictionary, [{Key, Key * Key} || Key <- lists:seq(1, 50)]}],
    formatted([Own, []], Limit, Single).

formatted(Report, Limit, Single) ->
    Options = #{chars_limit => Limit, depth => unlimited, single_line => Single},
    lists:flatten(proc_lib:report_cb(#{label => {proc_lib, crash}, report => Report}, Options)).
