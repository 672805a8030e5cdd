#!/usr/bin/env escript
%%% Elixir, from its own object code, on OTP and on swerl: it compiles and runs the scripts of `elixir`, and what they
%%% print must be the same, times aside.
%%%
%%%     escript tests/differential/elixir.escript -swerl PROGRAM -elixir FOLDER
%%%
%%% The folder is that of an installed Elixir (tried: 1.14): it has `lib/elixir/ebin`.

main(["-swerl", Swerl, "-elixir", Folder]) ->
    Here = filename:join(filename:dirname(filename:absname(escript:script_name())), "elixir"),
    Wrong = [Script || Script <- filelib:wildcard(filename:join(Here, "*.exs")), not is_same(Script, Swerl, Folder)],
    halt(length(Wrong));
main(_) ->
    io:format("usage: escript elixir.escript -swerl PROGRAM -elixir FOLDER~n"),
    halt(2).

is_same(Script, Swerl, Folder) ->
    [First, Second] = [lines(Program, Script, Folder) || Program <- ["erl", filename:absname(Swerl) ++ " erl"]],
    io:format("~s: ~w lines, ~s~n", [filename:basename(Script), length(First), case First of Second -> "the same"; _ -> "DIFFERENT" end]),
    [io:format("- ~ts~n", [Line]) || Line <- First -- Second],
    [io:format("+ ~ts~n", [Line]) || Line <- Second -- First],
    First =:= Second.

%% What a script prints, sorted, as what is logged comes whenever it comes.
lines(Program, Script, Folder) ->
    Paths = lists:join(" ", filelib:wildcard(filename:join([Folder, "lib", "*", "ebin"]))),
    Command = [Program, " -noshell -pa ", Paths, " -elixir ansi_enabled false -s elixir start_cli -extra ", Script, " 2>&1"],
    Text = unicode:characters_to_binary(os:cmd(lists:flatten(Command))),
    Timeless = re:replace(Text, "\\d\\d:\\d\\d:\\d\\d\\.\\d\\d\\d|\\(?\\d+\\.\\d+s on load.*|\\d+\\.\\d+ seconds.*", "", [global, {return, binary}]),
    lists:sort([Line || Line <- binary:split(Timeless, <<"\n">>, [global]), Line =/= <<>>]).
