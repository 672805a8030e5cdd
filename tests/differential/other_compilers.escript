#!/usr/bin/env escript
%%% Object code of other compilers than OTP 25's: random programs as those of OTP 22 to 24 and of OTP 26 would leave
%%% them, run by swerl and by OTP; what comes of them must be the same.
%%%
%%%     escript tests/differential/other_compilers.escript [-swerl PROGRAM] [-count N] [-seed S] [-first N] [-keep FOLDER]
%%%
%%% OTP 25 can be told to write what its forerunners loaded (`r22' and so on). For OTP 26 its listing is changed:
%%% matching of fixed sizes becomes `bs_match', as that one has it; OTP 25 runs the code without that change.

-mode(compile).

-define(WAYS, ["r22", "r23", "r24", "otp26"]).

main(Args) ->
    Options = options(Args, #{swerl => "target/debug/swerl", count => "100", seed => "1", first => "1", keep => none}),
    #{swerl := Swerl, keep := Keep} = Options,
    [Count, Seed, First] = [list_to_integer(maps:get(Key, Options)) || Key <- [count, seed, first]],
    Folder = case Keep of
        none -> filename:join("/tmp", "other_compilers_" ++ os:getpid());
        _ -> Keep
    end,
    [Source, Otp | Objects] = [filename:join(Folder, Name) || Name <- ["source", "otp" | ?WAYS]],
    [ok = filelib:ensure_dir(filename:join(Part, "x")) || Part <- [Source, Otp | Objects]],
    Here = filename:join(filename:dirname(escript:script_name()), "random_programs"),
    [{ok, _} = compile:file(filename:join(Here, Name), [{outdir, Folder}, report])
     || Name <- ["random_program", "random_bits", "random_loops", "random_calls", "random_worker", "random_lot"]],
    true = code:add_patha(Folder),
    Names = random_lot:sources(Source, Seed, lists:seq(First, First + Count - 1)),
    Plain = random_lot:work("erl", "compile", Folder, Source, Otp, filename:join(Otp, "results"), Names),
    Wrong = [differ(Way, Folder, Swerl, Source, Into, Names, Plain) || {Way, Into} <- lists:zip(?WAYS, Objects)],
    case Keep =:= none andalso lists:sum(Wrong) =:= 0 of
        true -> file:del_dir_r(Folder);
        false -> io:format("the programs are in ~s~n", [Folder])
    end,
    halt(min(lists:sum(Wrong), 1)).

options(["-" ++ Name, Value | Rest], Options) -> options(Rest, Options#{list_to_existing_atom(Name) := Value});
options([], Options) -> Options.

differ(Way, Folder, Swerl, Source, Into, Names, Plain) ->
    Compiled = [Name || Name <- Names, compile(Way, filename:join(Source, Name), Into) =:= ok],
    _ = Way =:= "otp26" andalso
        [os:cmd("cd " ++ Into ++ " && " ++ filename:absname(Swerl) ++ " erlc " ++ Name ++ ".S") || Name <- Compiled],
    Found = random_lot:work(Swerl ++ " erl", "run", Folder, Source, Into, filename:join(Into, "results"), Compiled),
    Expected = case Way of
        "otp26" -> Plain;
        _ -> random_lot:work("erl", "run", Folder, Source, Into, filename:join(Into, "results_on_otp"), Compiled)
    end,
    Pairs = [{Name, maps:get(Name, Expected), maps:get(Name, Found, [<<"nothing">>])}
             || Name <- Compiled, is_map_key(Name, Expected), is_result(results(maps:get(Name, Expected)))],
    Wrong = [begin
        io:format("~s as of ~s:~n", [Name, Way]),
        [io:format("- ~ts~n", [Line]) || Line <- lists:sublist(results(A) -- B, 3)],
        [io:format("+ ~ts~n", [Line]) || Line <- lists:sublist(B -- results(A), 3)]
    end || {Name, A, B} <- Pairs, results(A) =/= B],
    io:format("~s: ~w programs, ~w differ; of the instructions asked for ~w~n", [Way, length(Pairs), length(Wrong), get({count, Way})]),
    length(Wrong).

%% What came of a program, without what the compiler said.
results(Lines) ->
    [Line || Line <- Lines, not lists:prefix("error ", binary_to_list(Line)), not lists:prefix("warning ", binary_to_list(Line)),
             Line =/= <<"slow">>].

%% OTP cannot load all that its own compiler writes for its forerunners.
is_result([<<"ended {{badmatch,{error,badfile}}", _/binary>> | _]) -> false;
is_result(Lines) -> Lines =/= [].

compile("otp26", Source, Into) ->
    Listing = filename:join(Into, filename:basename(Source) ++ ".S"),
    case compile:file(Source, ['S', {outdir, Into}]) of
        {ok, _} ->
            {ok, Forms} = file:consult(Listing),
            file:write_file(Listing, [io_lib:format("~tp.~n", [Form]) || Form <- later(Forms)], [{encoding, utf8}]);
        _ -> error
    end;
compile(Way, Source, Into) ->
    case compile:file(Source, [list_to_atom(Way), {outdir, Into}, binary]) of
        {ok, Module, Binary} ->
            {beam_file, _, _, _, _, Code} = beam_disasm:file(Binary),
            tell(Way, length([I || {function, _, _, _, Is} <- Code, I <- Is, is_tuple(I), element(1, I) =:= bs_init2 orelse element(1, I) =:= bs_init_bits
                                      orelse element(1, I) =:= bs_append orelse element(1, I) =:= bs_private_append])),
            file:write_file(filename:join(Into, atom_to_list(Module) ++ ".beam"), Binary);
        _ -> error
    end.

tell(Way, More) ->
    put({count, Way}, More + case get({count, Way}) of undefined -> 0; N -> N end).

%% Matching as OTP 26 has it: neighbours with one label and context in one instruction.
later([I | Rest]) ->
    case command(I) of
        none -> [I | later(Rest)];
        {Fail, Context, Needs, Commands} ->
            tell("otp26", 1),
            {More, AllNeeds, Left} = gather(Fail, Context, Commands, Needs, Rest),
            [{bs_match, Fail, Context, {commands, ensure(AllNeeds) ++ More}} | later(Left)]
    end;
later([]) -> [].

gather(Fail, Context, Commands, Needs, [I | Rest] = Left) ->
    Overwritten = [Dst || {Take, _, _, _, _, Dst} <- Commands, Take =:= integer orelse Take =:= binary],
    case command(I) of
        {Fail, Context, {at_least, _, 1} = More, Next} when element(1, Needs) =:= at_least, element(3, Needs) =:= 1 ->
            case lists:member(Context, Overwritten) of
                true -> {Commands, Needs, Left};
                false -> gather(Fail, Context, Commands ++ Next, {at_least, element(2, Needs) + element(2, More), 1}, Rest)
            end;
        _ -> {Commands, Needs, Left}
    end;
gather(_, _, Commands, Needs, []) -> {Commands, Needs, []}.

ensure({at_least, Size, Unit}) -> [{ensure_at_least, Size, Unit}];
ensure({exactly, Size}) -> [{ensure_exactly, Size}].

command({test, bs_get_integer2, Fail, Live, [Context, {integer, Size}, Unit, {field_flags, Flags}], Dst}) when Size * Unit =< 4096 ->
    {Fail, Context, {at_least, Size * Unit, 1}, [{integer, live(Size * Unit, Live), flags(Flags), Size, Unit, Dst}]};
command({test, bs_get_binary2, Fail, Live, [Context, {integer, Size}, Unit, {field_flags, Flags}], Dst}) ->
    {Fail, Context, {at_least, Size * Unit, 1}, [{binary, Live, flags(Flags), Size, Unit, Dst}]};
command({test, bs_get_binary2, Fail, Live, [Context, {atom, all}, Unit, _], Dst}) ->
    {Fail, Context, {at_least, 0, Unit}, [{get_tail, Live, Unit, Dst}]};
command({test, bs_skip_bits2, Fail, [Context, {integer, Size}, Unit, _]}) ->
    {Fail, Context, {at_least, Size * Unit, 1}, [{skip, Size * Unit}]};
command({test, bs_test_unit, Fail, [Context, Unit]}) ->
    {Fail, Context, {at_least, 0, Unit}, []};
command({test, bs_test_tail2, Fail, [Context, Size]}) ->
    {Fail, Context, {exactly, Size}, []};
command({test, bs_match_string, Fail, [Context, Size, {string, String}]}) when Size =< 64 ->
    <<Value:Size, _/bits>> = String,
    {Fail, Context, {at_least, Size, 1}, [{'=:=', nil, Size, Value}]};
command(_) -> none.

%% Where nothing is built, nothing is said of live registers.
live(Size, _) when Size < 59 -> nil;
live(_, Live) -> Live.

flags(Flags) -> {literal, [Flag || Flag <- Flags, Flag =:= little orelse Flag =:= signed orelse Flag =:= native]}.
