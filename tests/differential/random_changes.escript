#!/usr/bin/env escript
%%% The sources of the conformance cases, changed at random: what both compilers say of them, or what comes of them,
%%% must be the same on Erlang/OTP and on swerl.
%%%
%%%     escript tests/differential/random_changes.escript damaged|other [-swerl PROGRAM] [-count N] [-seed S] [-first N] [-keep FOLDER]
%%%
%%% `damaged': one or two tokens are left out, doubled or added, and the errors and warnings are compared (but for those
%%% of OTP's optimiser). `other': a few atoms, numbers, variables and operators become others of their kind; what still
%%% compiles is run (for a few seconds). The number of a program and the seed make it again.

-mode(compile).

-define(LOT, 250).
%% What does more than compute is not run when it is changed.
-define(LEFT_ALONE, [<<"halt">>, <<"file:">>, <<"os:">>, <<"open_port">>, <<"init:">>, <<"process">>, <<"code:">>, <<"on_load">>, <<"self() !">>,
                     <<"time">>, <<"get()">>]).
-define(WORDS, ["end", "(", ")", "[", "]", "{", "}", ",", ";", ".\n", "->", "=", "|", "||", "<-", "fun", "case", "when", "of", "#", ":", "if",
                "begin", "<<", ">>", "!", "catch", "try", "after", "receive", "?", "-", "+", "=>", ":=", "/", "1", "X", "a", "\"s\"", "maybe",
                "else", "?=", "and", "not", "-record", "$x", "1.5", "..", "..."]).
-define(OPERATORS, ["+", "-", "*", "/", "div", "rem", "band", "bor", "bxor", "bsl", "bsr", "and", "or", "xor", "andalso", "orelse",
                    "==", "/=", "=:=", "=/=", "<", ">", "=<", ">=", "++", "--"]).
-define(NUMBERS, ["0", "1", "-1", "2", "3", "7", "8", "255", "1000000000000000000000"]).

main([Way | Args]) when Way =:= "damaged"; Way =:= "other" ->
    Options = options(Args, #{swerl => "target/debug/swerl", count => "200", seed => "1", first => "1", keep => none}),
    [Count, Seed, First] = [list_to_integer(maps:get(Key, Options)) || Key <- [count, seed, first]],
    Folder = case maps:get(keep, Options) of
        none -> filename:join("/tmp", "random_changes_" ++ os:getpid());
        Kept -> Kept
    end,
    ok = filelib:ensure_dir(filename:join(Folder, "x")),
    Here = filename:dirname(escript:script_name()),
    {ok, _} = compile:file(filename:join([Here, "random_programs", "changed_program"]), [{outdir, Folder}, report]),
    Texts = texts(Way, filename:join([Here, "..", "conformance"])),
    Found = lots(Way, Texts, Folder, maps:get(swerl, Options), Seed, First, First + Count - 1, {0, 0}),
    {Compiled, Wrong} = Found,
    io:format("seed ~w, ~w programs, ~w compiled, ~w differences~n", [Seed, Count, Compiled, Wrong]),
    case maps:get(keep, Options) =:= none andalso Wrong =:= 0 of
        true -> file:del_dir_r(Folder);
        false -> io:format("the programs are in ~s~n", [Folder])
    end,
    halt(min(Wrong, 1)).

options(["-" ++ Name, Value | Rest], Options) -> options(Rest, Options#{list_to_existing_atom(Name) := Value});
options([], Options) -> Options.

texts("damaged", Cases) -> texts(Cases, "{lang,lint,proc,stdlib}", [<<"eunit">>]);
texts("other", Cases) -> texts(Cases, "lang", [<<"eunit">> | ?LEFT_ALONE]).

texts(Cases, Groups, Without) ->
    [Text || File <- filelib:wildcard(filename:join([Cases, Groups, "*.erl"])), {ok, Text} <- [file:read_file(File)],
             binary:match(Text, Without) =:= nomatch].

lots(_, _, _, _, _, First, Last, Found) when First > Last -> Found;
lots(Way, Texts, Folder, Swerl, Seed, First, Last, Found) ->
    Numbers = lists:seq(First, min(Last, First + ?LOT - 1)),
    Source = filename:join(Folder, "source"),
    _ = file:del_dir_r(Source),
    ok = filelib:ensure_dir(filename:join(Source, "x")),
    Names = [begin
        Name = "rc" ++ integer_to_list(Number),
        _ = rand:seed(exsss, {Seed, Number, 1}),
        Text = re:replace(pick(Texts), "-module\\([a-z_0-9A-Z]*\\)", "-module(" ++ Name ++ ")", [{return, binary}]),
        ok = file:write_file(filename:join(Source, Name ++ ".erl"), changed(Way, Text)),
        Name
    end || Number <- Numbers],
    [Expected, Got] = [work(System, Way, Folder, Source, filename:join(Folder, Results), Names)
                       || {System, Results} <- [{"erl", "otp"}, {Swerl ++ " erl", "own"}]],
    Wrong = [Name || Name <- Names, differ(Way, maps:get(Name, Expected, none), maps:get(Name, Got, none))],
    [begin
        {A, B} = {maps:get(Name, Expected, []), maps:get(Name, Got, [])},
        io:format("~s differs:~n", [Name]),
        [io:format("- ~ts~n", [Line]) || Line <- lists:sublist(A -- B, 3)],
        [io:format("+ ~ts~n", [Line]) || Line <- lists:sublist(B -- A, 3)],
        file:copy(filename:join(Source, Name ++ ".erl"), filename:join(Folder, Name ++ ".erl"))
    end || Name <- Wrong],
    Compiled = length([Name || Name <- Names, [Line | _] <- [maps:get(Name, Expected, [])], Line =/= <<"refused">>]),
    {CompiledBefore, WrongBefore} = Found,
    lots(Way, Texts, Folder, Swerl, Seed, lists:last(Numbers) + 1, Last, {CompiledBefore + Compiled, WrongBefore + length(Wrong)}).

%% What was not compared on one side is not compared at all.
differ(_, Same, Same) -> false;
differ("other", [<<"compiled">>], [<<"compiled">> | _]) -> false;
differ("other", [<<"compiled">> | _], [<<"compiled">>]) -> false;
differ(_, _, _) -> true.

%% What came of each, with funs called alike. A system that a program ends is started again for the rest.
work(System, Way, Folder, Source, Results, Names) ->
    _ = file:delete(Results),
    work(System, Way, Folder, Source, Results, Names, #{}).

work(System, Way, Folder, Source, Results, Names, Before) ->
    os:cmd(lists:flatten(lists:join($\s, ["timeout -s KILL 900", System, "-noinput -pa", Folder, "-run changed_program main", Way, Source, Results
                                          | Names -- maps:keys(Before)])) ++ " > " ++ Results ++ ".output 2>&1"),
    {ok, Text} = file:read_file(Results),
    [_ | Parts] = string:split(<<"\n", Text/binary>>, <<"\n== ">>, all),
    Done = maps:from_list([begin
        [Name | Lines] = binary:split(Part, <<"\n">>, [global]),
        {binary_to_list(Name), [re:replace(Line, "#Fun<[^>]*>", "#Fun", [global, {return, binary}]) || Line <- Lines, Line =/= <<>>]}
    end || Part <- Parts]),
    case map_size(Done) of
        Same when Same =:= map_size(Before); Same =:= length(Names) -> Done;
        _ -> work(System, Way, Folder, Source, Results, Names, Done)
    end.

changed(Way, Text) ->
    Characters = case unicode:characters_to_list(Text) of
        List when is_list(List) -> List;
        _ -> binary_to_list(Text)
    end,
    case erl_scan:string(Characters, {1, 1}, [return, text]) of
        {ok, Scanned, _} ->
            Tokens = [{kind(Token), erl_anno:text(element(2, Token))} || Token <- Scanned],
            Changed = case Way of
                "damaged" -> damaged(rand:uniform(2), Tokens);
                "other" -> others(1 + rand:uniform(4), Tokens)
            end,
            unicode:characters_to_binary([Word || {_, Word} <- Changed]);
        _ -> Text
    end.

kind({Kind, _, _}) -> Kind;
kind({Kind, _}) -> case lists:member(atom_to_list(Kind), ?OPERATORS) of true -> operator; false -> word end.

damaged(0, Tokens) -> Tokens;
damaged(N, Tokens) ->
    Real = [At || {At, {Kind, _}} <- lists:zip(lists:seq(1, length(Tokens)), Tokens), Kind =/= white_space, Kind =/= comment],
    {Before, [Token | After]} = lists:split(pick(Real) - 1, Tokens),
    Space = {white_space, " "},
    Other = lists:nth(pick(Real), Tokens),
    Instead = case rand:uniform(8) of
        1 -> [Token, Space, Token];
        2 -> [Space, Other, Space];
        3 -> [Token, Space, Other, Space];
        4 -> [{word, pick(?WORDS)}, Space];
        5 -> [Space, {word, pick(?WORDS)}, Space, Token];
        _ -> [Space]
    end,
    damaged(N - 1, Before ++ Instead ++ After).

others(0, Tokens) -> Tokens;
others(N, Tokens) ->
    {Before, [{Kind, Word} | After]} = lists:split(30 + rand:uniform(length(Tokens) - 30) - 1, Tokens),
    New = case Kind of
        operator -> [" ", pick(?OPERATORS), " "];
        integer -> pick([pick(?NUMBERS), pick(?NUMBERS), like(Kind, Tokens)]);
        Name when Name =:= atom; Name =:= var -> pick([like(Kind, Tokens), Word, Word, Word]);
        Value when Value =:= float; Value =:= string; Value =:= char -> like(Kind, Tokens);
        _ -> Word
    end,
    others(case New of Word -> N; _ -> N - 1 end, Before ++ [{Kind, New} | After]).

like(Kind, Tokens) -> pick([Word || {Other, Word} <- Tokens, Other =:= Kind]).

pick(List) -> lists:nth(rand:uniform(length(List)), List).
