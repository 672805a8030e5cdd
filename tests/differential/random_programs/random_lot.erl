%%% What both comparisons with random programs share: the modules that make and run them, and lots of programs.
-module(random_lot).

-export([sources/3, work/7, results/1]).

%% @doc Writes the programs of a seed with the numbers given into a folder: their names.
sources(Source, Seed, Numbers) ->
    [begin
        Name = "rp" ++ integer_to_list(Number),
        ok = file:write_file(filename:join(Source, Name ++ ".erl"), random_program:text(Name, Seed, Number)),
        Name
    end || Number <- Numbers].

%% @doc What came of each program, line by line. A system that a program ends is started again for the rest.
work(System, What, Folder, Source, Objects, Results, Names) ->
    Before = results(Results),
    os:cmd(lists:flatten(lists:join($\s, ["timeout -s KILL 600", System, "-noinput -enable-feature all -pa", Folder, "-run random_worker main",
                                          What, Source, Objects, Results | Names])) ++ " > " ++ Results ++ ".output 2>&1"),
    case results(Results) of
        Before -> Before;
        After when map_size(After) < length(Names) -> work(System, What, Folder, Source, Objects, Results, Names);
        After -> After
    end.

%% @doc What is told in a file of results: a program's name with its lines.
results(File) ->
    case file:read_file(File) of
        {ok, Text} ->
            [_ | Parts] = string:split(<<"\n", Text/binary>>, <<"\n== ">>, all),
            maps:from_list([begin
                [Name | Lines] = binary:split(Part, <<"\n">>, [global]),
                {binary_to_list(Name), [Line || Line <- Lines, Line =/= <<>>]}
            end || Part <- Parts]);
        {error, enoent} -> #{}
    end.
