%%% Searches with the regular expressions of `patterns.bin`, and with damaged ones.
-module(patterns_main).
-export([main/0]).

main() ->
    {ok, Bytes} = file:read_file("patterns.bin"),
    Rows = binary_to_term(Bytes),
    [io:format("~p ~p differs~n", [Source, Options])
     || {Source, Options, Compiled, Expected, Subjects} <- Rows,
        [results(Subject, Compiled) || Subject <- Subjects] =/= Expected],
    _ = rand:seed(exsss, 5),
    [damaged(Compiled) || {_, _, Compiled, _, _} <- Rows, _ <- lists:seq(1, 100)],
    io:format("~p patterns~n", [length(Rows)]).

results(Subject, Compiled) ->
    [catch re:run(Subject, Compiled, Options) || Options <- [[], [global, {capture, all, binary}]]].

%% Whatever a damaged one finds, it ends nothing.
damaged({re_pattern, Groups, Unicode, CrLf, Bytes}) ->
    At = rand:uniform(byte_size(Bytes)) - 1,
    <<Before:At/binary, _, After/binary>> = Bytes,
    Changed = <<Before/binary, (rand:uniform(256) - 1), After/binary>>,
    catch re:run("aabc 12-34", {re_pattern, Groups, Unicode, CrLf, Changed}, [{match_limit, 10000}]).
