%%% What the log says of modules that cannot be loaded.
-module(code_load_reports).
-export([main/0, log/2]).

log(#{msg := {Format, Args}}, #{config := Pid}) ->
    Pid ! {logged, unicode:characters_to_list(io_lib:format(Format, Args))};
log(_, #{config := Pid}) ->
    Pid ! {logged, other}.

main() ->
    logger:remove_handler(default),
    ok = logger:add_handler(here, ?MODULE, #{config => self()}),
    Forms = [{attribute, 1, module, clr_mod}, {attribute, 1, export, [{f, 0}]},
             {function, 2, f, 0, [{clause, 2, [], [], [{string, 2, "abc"}]}]}],
    {ok, clr_mod, Good} = compile:forms(Forms, [slim]),
    {ok, clr_mod, Chunks} = beam_lib:all_chunks(Good),
    try_load("no file", <<"not a module at all">>),
    try_load("nothing", <<>>),
    try_load("cut off", binary:part(Good, 0, byte_size(Good) - 20)),
    [try_load("without " ++ Id, build([C || {Name, _} = C <- Chunks, Name =/= Id]))
     || Id <- ["AtU8", "Code", "ImpT", "ExpT"]],
    [try_load("half of " ++ Id, build([half(Id, C) || C <- Chunks]))
     || Id <- ["AtU8", "ImpT", "ExpT"]],
    {"Code", <<Size:32, _:32, Rest/binary>>} = lists:keyfind("Code", 1, Chunks),
    Other = {"Code", <<Size:32, 9:32, Rest/binary>>},
    try_load("another version", build(lists:keyreplace("Code", 1, Chunks, Other))),
    io:format("another name: ~p~n", [erlang:load_module(clr_other, Good)]),
    show(),
    io:format("as it is: ~p ~p~n", [erlang:load_module(clr_mod, Good), clr_mod:f()]),
    show().

half(Id, {Id, Data}) -> {Id, binary:part(Data, 0, byte_size(Data) div 2)};
half(_, Chunk) -> Chunk.

build(Chunks) ->
    {ok, Module} = beam_lib:build_module(Chunks),
    Module.

try_load(What, Binary) ->
    io:format("~s: ~p~n", [What, erlang:load_module(clr_mod, Binary)]),
    show().

%% The line in OTP's source is no part of it.
show() ->
    receive
        {logged, Text} ->
            io:format("~s~n", [re:replace(Text, "^[^:]*: ", "", [{return, list}])])
    after 300 ->
        io:format("nothing logged~n")
    end.
