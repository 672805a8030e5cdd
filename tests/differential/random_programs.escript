#!/usr/bin/env escript
%%% Random programs, compiled and run by Erlang/OTP and by swerl: what comes of them must be the same.
%%%
%%%     escript tests/differential/random_programs.escript [-swerl PROGRAM] [-count N] [-seed S] [-first N] [-keep FOLDER] [-optimiser show] [-way compile|interpret]
%%%
%%% A program (`random_programs/random_program.erl` makes it) calls each of its functions with several arguments
%%% and says what comes of it, exceptions with their line included. Three ways are compared: OTP's compiler and
%%% system; swerl's compiler on OTP's system; swerl's compiler and system; and the errors and warnings of both
%%% compilers, those that OTP's optimiser finds only counted unless they are to be shown. With `-way interpret' it is
%%% what `erl_eval' makes of the programs in both systems. The number of a program and the seed make it again.
%%% Programs are taken in lots: one system of each kind compiles and runs a whole lot.

-mode(compile).

-define(LOT, 200).

main(Args) ->
    Options = options(Args, #{swerl => "target/debug/swerl", count => "30", seed => seed(), first => "1", keep => none, optimiser => hide, way => "compile"}),
    #{swerl := Swerl, keep := Keep} = Options,
    [Count, Seed, First] = [list_to_integer(maps:get(Key, Options)) || Key <- [count, seed, first]],
    io:format("seed ~w, ~w programs~n", [Seed, Count]),
    Folder = case Keep of
        none -> filename:join("/tmp", "random_programs_" ++ os:getpid());
        _ -> Keep
    end,
    put(optimiser, maps:get(optimiser, Options)),
    put(way, maps:get(way, Options)),
    put(otherwise, 0),
    ok = filelib:ensure_dir(filename:join(Folder, "x")),
    Here = filename:join(filename:dirname(escript:script_name()), "random_programs"),
    [{ok, _} = compile:file(filename:join(Here, Name), [{outdir, Folder}, report])
     || Name <- ["random_program", "random_bits", "random_loops", "random_calls", "random_worker", "random_eval", "random_lot"]],
    true = code:add_patha(Folder),
    Begin = erlang:monotonic_time(second),
    Found = lots(Folder, Swerl, Seed, First, First + Count - 1, #{}),
    Wrong = maps:get(different, Found, 0),
    io:format("~w programs ran on both, ~w refused by both, ~w left out (slow, or OTP's compiler fails), ~w s~n",
              [maps:get(ran, Found, 0), maps:get(refused, Found, 0), maps:get(left, Found, 0),
               erlang:monotonic_time(second) - Begin]),
    io:format("~w lines of results, ~w messages alike, ~w warnings of the optimiser differ~n",
              [maps:get(lines, Found, 0), maps:get(messages, Found, 0), maps:get(optimiser, Found, 0)]),
    io:format("~w results are those of OTP without some of its optimisers~n", [get(otherwise)]),
    io:format("~w differences~n", [Wrong]),
    case Keep =:= none andalso Wrong =:= 0 of
        true -> file:del_dir_r(Folder);
        false -> io:format("the programs are in ~s~n", [Folder])
    end,
    halt(min(Wrong, 1)).

seed() -> integer_to_list(erlang:system_time(second) rem 1000000).

options(["-" ++ Name, Value | Rest], Options) -> options(Rest, Options#{list_to_existing_atom(Name) := Value});
options([], Options) -> Options.

lots(_, _, _, First, Last, Found) when First > Last -> Found;
lots(Folder, Swerl, Seed, First, Last, Found) ->
    Numbers = lists:seq(First, min(Last, First + ?LOT - 1)),
    [Source, Otp, Own] = Folders = [filename:join(Folder, Name) || Name <- ["source", "otp", "own"]],
    [begin _ = file:del_dir_r(Part), ok = filelib:ensure_dir(filename:join(Part, "x")) end || Part <- Folders],
    Names = random_lot:sources(Source, Seed, Numbers),
    OnOtp = random_lot:work("erl", get(way), Folder, Source, Otp, filename:join(Otp, "results"), Names),
    Alone = random_lot:work(Swerl ++ " erl", get(way), Folder, Source, Own, filename:join(Own, "results"), Names),
    Compiled = [Name || Name <- Names, filelib:is_regular(filename:join(Own, Name ++ ".beam"))],
    OwnOnOtp = case get(way) of
        "compile" -> random_lot:work("erl", "run", Folder, Source, Own, filename:join(Own, "results_on_otp"), Compiled);
        "interpret" -> OnOtp
    end,
    All = [{Name, {maps:get(Name, OnOtp, []), maps:get(Name, Alone, []), maps:get(Name, OwnOnOtp, [])}} || Name <- Names],
    Plain = case get(way) of "compile" -> plain(Folder, Source, All); "interpret" -> [] end,
    Next = lists:foldl(fun({Name, Results}, Sum) ->
        {Verdict, More} = compare(Name, any_way(Results, [maps:get(Name, Did, []) || Did <- Plain])),
        Verdict =:= different andalso
            file:copy(filename:join(Source, Name ++ ".erl"), filename:join(Folder, Name ++ ".erl")),
        maps:fold(fun count/3, count(Verdict, 1, Sum), More)
    end, Found, All),
    lots(Folder, Swerl, Seed, lists:last(Numbers) + 1, Last, Next).

count(Key, N, Sum) -> maps:update_with(Key, fun(Old) -> Old + N end, N, Sum).

%% What OTP without one or the other of its optimisers makes of the programs whose results differ.
plain(Folder, Source, All) ->
    Differ = [Name || {Name, {OnOtp, Alone, OwnOnOtp}} <- All,
                      Expected <- [did(OnOtp)], Expected =/= [], Expected =/= did(Alone) orelse Expected =/= OwnOnOtp],
    Objects = filename:join(Folder, "plain"),
    _ = file:del_dir_r(Objects),
    ok = filelib:ensure_dir(filename:join(Objects, "x")),
    [random_lot:work("erl", Without, Folder, Source, Objects, filename:join(Objects, Without), Differ)
     || Without <- ["all_lines", "no_copt", "no_types", "all_lines_no_types", "no_ssa_opt", "no_bool_opt", "no_opt"], Differ =/= []].

did(Lines) -> lists:filter(fun(Line) -> not is_message(Line) end, Lines).

%% Where OTP's answer depends on which of its optimisers are at work, each of its answers counts. Of what its type
%% passes find to fail always it notes no line; where it cannot load what it makes without them, lines are left out.
any_way({OnOtp, Alone, OwnOnOtp}, Plain) ->
    Expected = did(OnOtp),
    Instead = maps:from_list([{P, E} || Did <- Plain, length(Did) =:= length(Expected), {P, E} <- lists:zip(Did, Expected), P =/= E]),
    Take = case lists:any(fun is_bad_file/1, Plain) of
        false -> fun(Line) -> maps:get(Line, Instead, Line) end;
        true ->
            Lineless = maps:from_list([{without_line(E), E} || E <- Expected]),
            fun(Line) -> maps:get(Line, Instead, maps:get(without_line(Line), Lineless, Line)) end
    end,
    put(otherwise, get(otherwise) + length([Line || Line <- did(Alone), Take(Line) =/= Line])),
    {OnOtp, lists:map(Take, Alone), lists:map(Take, OwnOnOtp)}.

is_bad_file([<<"ended {{badmatch,{error,badfile}}", _/binary>> | _]) -> true;
is_bad_file(_) -> false.

%% A result without the line at its end.
without_line(Line) -> re:replace(Line, ",[0-9]+}}$", "}}", [{return, binary}]).

compare(Name, {OnOtp, Alone, OwnOnOtp}) ->
    {Said, Expected} = lists:partition(fun is_message/1, OnOtp),
    {OwnSaid, OwnDid} = lists:partition(fun is_message/1, Alone),
    {Late, Linted} = lists:partition(fun is_of_optimiser/1, Said),
    {OwnLate, OwnLinted} = lists:partition(fun is_of_optimiser/1, OwnSaid),
    IsRefusedByItself = lists:any(fun(Line) -> string:find(Line, " beam_validator ") =/= nomatch end, Said),
    case lists:member(<<"slow">>, OnOtp) orelse OnOtp =:= [] orelse IsRefusedByItself of
        true -> {left, #{}};
        false ->
            Differ = [differs(Name, Way, A, B) || {Way, A, B} <- [
                {"messages", Linted, OwnLinted},
                {"swerl's compiler on OTP", Expected, case Expected of [] -> []; _ -> OwnOnOtp end},
                {"swerl on swerl", Expected, OwnDid}]],
            Optimiser = case get(optimiser) of
                hide -> Late =/= OwnLate;
                _ -> differs(Name, "optimiser", Late, OwnLate)
            end,
            Verdict = case {lists:any(fun(B) -> B end, Differ), Expected} of
                {true, _} -> different;
                {false, []} -> refused;
                {false, _} -> ran
            end,
            {Verdict, #{lines => length(Expected), messages => length(Linted), optimiser => case Optimiser of true -> 1; false -> 0 end}}
    end.

is_message(<<"error ", _/binary>>) -> true;
is_message(<<"warning ", _/binary>>) -> true;
is_message(_) -> false.

%% What the later passes of OTP's compiler remark.
is_of_optimiser(Line) -> binary:match(Line, [<<" sys_core_fold ">>, <<" v3_core ">>, <<" v3_kernel ">>]) =/= nomatch.

differs(_, _, Same, Same) -> false;
differs(Name, Way, A, B) ->
    io:format("~s differs, ~s:~n", [Name, Way]),
    [io:format("- ~ts~n", [Line]) || Line <- lists:sublist(A -- B, 3)],
    [io:format("+ ~ts~n", [Line]) || Line <- lists:sublist(B -- A, 3)],
    true.
