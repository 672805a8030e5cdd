#!/usr/bin/env escript
%%% Larger applications of an installed Erlang/OTP (mnesia, inets, xmerl and others), run from their own object code by
%%% OTP and by swerl: what they do must be the same. An application that is not installed is told and left out.
%%%
%%%     escript tests/differential/applications.escript -swerl PATH
main(["-swerl", Swerl]) ->
    Here = filename:join(filename:dirname(filename:absname(escript:script_name())), "applications"),
    Scratch = filename:join("/tmp", "otp_applications." ++ os:getpid()),
    Source = filename:join(Here, "otp_applications.erl"),
    Both = [{Name, Program, filename:join(Scratch, Name)} || {Name, Program} <- [{"otp", ""}, {"swerl", filename:absname(Swerl) ++ " "}]],
    [begin
         ok = filelib:ensure_dir(filename:join(Folder, "x")),
         _ = os:cmd(Program ++ "erlc -o " ++ Folder ++ " " ++ Source)
     end || {_, Program, Folder} <- Both],
    true = code:add_patha(filename:join(Scratch, "otp")),
    Different = [Name || Name <- otp_applications:names(), not is_same(Name, Both, Scratch)],
    _ = file:del_dir_r(Scratch),
    halt(length(Different));
main(_) ->
    io:format("usage: escript applications.escript -swerl PATH~n"),
    halt(2).

is_same(Name, Both, Scratch) ->
    case needs(Name) of
        missing ->
            io:format("~p: not installed~n", [Name]),
            true;
        Paths ->
            [First, Second] = [answer(Name, Code, Program, Paths, Scratch) || {_, Program, Code} <- Both],
            io:format("~p: ~s~n", [Name, case First of Second -> "the same"; _ -> "DIFFERENT" end]),
            First =:= Second orelse io:format("~ts~n~ts~n", [First, Second]),
            First =:= Second
    end.

%% Both work in a folder of the same name, after each other.
answer(Name, Code, Program, Paths, Scratch) ->
    Folder = filename:join(Scratch, "work"),
    ok = filelib:ensure_dir(filename:join(Folder, "x")),
    Command = io_lib:format("cd ~ts && ~tserl -pa ~ts ~ts -noshell -run otp_applications main ~p 2>&1",
                            [Folder, Program, lists:join(" ", Paths), Code, Name]),
    Answer = unicode:characters_to_list(list_to_binary(os:cmd(lists:flatten(Command)))),
    ok = file:del_dir_r(Folder),
    Answer.

needs(cover) -> needs(tools);
needs(Name) ->
    % A folder with the sources alone may be there.
    Folder = filename:join(code:lib_dir(Name), "ebin"),
    case filelib:is_dir(Folder) of
        false -> missing;
        true when Name =:= edoc -> [Folder | lists:append([needs(Other) || Other <- [xmerl, syntax_tools]])];
        true -> [Folder]
    end.
