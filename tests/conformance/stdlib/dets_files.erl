%% dets: the bytes of files, those that OTP 25 wrote read, damaged ones mended or refused
-module(dets_files).
-export([main/0]).
-define(T(E), t(?LINE, fun() -> E end)).

t(Line, Fun) ->
    Result = try Fun() catch Class:Reason -> {Class, Reason} end,
    io:format("~w: ~0tp~n", [Line, Result]).

%% What is written for these objects: length, checksum, and the places of the file that are not zero.
written(Options, Changes) ->
    File = "written.dets",
    _ = file:delete(File),
    {ok, made} = dets:open_file(made, [{file, File} | Options]),
    lists:foreach(fun(Change) -> Change(made) end, Changes),
    ok = dets:close(made),
    {ok, made} = dets:open_file(made, [{access, read}, {file, File} | Options]),
    Slots = dets:info(made, no_slots),
    ok = dets:close(made),
    {ok, Bytes} = file:read_file(File),
    Words = [{At, Word} || {At, Word} <- numbered(0, Bytes), Word =/= 0],
    {Slots, byte_size(Bytes), erlang:md5(Bytes), lists:sublist(Words, 30)}.

numbered(At, <<Word:32, Rest/binary>>) -> [{At, Word} | numbered(At + 4, Rest)];
numbered(_, _) -> [].

insert(Objects) -> fun(Table) -> ok = dets:insert(Table, Objects) end.

contents(File, Options) ->
    case dets:open_file(read, [{file, File} | Options]) of
        {ok, read} ->
            Found = {[dets:info(read, Item) || Item <- [size, type, keypos, no_slots]], lists:sort(dets:match_object(read, '_'))},
            ok = dets:close(read),
            Found;
        Error -> Error
    end.

%% A file that OTP 25 wrote, in another order than objects were given.
theirs() ->
    zlib:uncompress(base64:decode(
        "eJztmD1PwkAYx/9Xi2AELQilRd4GlNUYTdCYyKKzi4bNFCVRkcHYAZ1M/Azu7jo4EhcnR7+Krow+pYfcOQCDpgncL3no/e7h4a5v"
        "pD3AOsbTxxcARqFRzPlNL3ofYYqQ1/SS/QRH49FHzP0p5/reZ+b99fHqYP35ZbvZBFKV/xprPEIBj69QKIIjpu5/hUKhUCgUk45N"
        "71y1oCcxxZTo+Hf5thP0ZAawMpAWn4WLgKmejRUKxSRjz/jrpnGK2P2ZdgpWd4TFUDuxcdQW8k6YvtEe5Fd5fX5Q7/Tqf2T4amqJ"
        "/36WwqKSJnS30XZbpKH6jdu4HjH/3/U0Q+ZoLhkbY3T6n+f1FkXSn/LJ/m53RNXEwMr+/rMChpw/xrhcUmKHGrfTFBe000l+mc/6"
        "S/ZmTegLUx8dQtO7jAzeFyHvCD5Pd1JF8CiQEz0GrIi+AGyKvggcim4AD6LHwVKiJ6BJvgRd8iQikqdgSG6iKHkaVckt3EluM0ie"
        "0WRf1mXPRmTPGbLni7IXqr5HfV/bAvS3b/mXt58=")).

changed(At, New) ->
    Bytes = theirs(),
    Size = byte_size(New),
    <<Before:At/binary, _:Size/binary, After/binary>> = Bytes,
    ok = file:write_file("changed.dets", [Before, New, After]),
    contents("changed.dets", [{type, bag}]).

main() ->
    ?T(written([], [])),
    ?T(written([], [insert({a, 1})])),
    ?T(written([{type, bag}], [insert([{a, 1}, {b, 2}, {a, 3}, {a, 1}])])),
    ?T(written([{type, duplicate_bag}, {keypos, 2}], [insert([{a, 1}, {b, 2}, {a, 1}])])),
    ?T(written([], [insert([{I, I * I} || I <- lists:seq(1, 300)])])),
    ?T(written([], [insert([{I, I * I} || I <- lists:seq(1, 2000)])])),
    ?T(written([{min_no_slots, 1000}, {max_no_slots, 5000}], [insert({x, y})])),
    ?T(written([], [insert({a, lists:duplicate(100, $x)}), fun dets:sync/1, insert({a, 1}), insert({b, <<0:8000>>})])),
    Keys = [36.5, 240, 1074.5, 1096, {34.5}, {8}, {x, 25.5, 1}, {x, 52, 1}, [1107], [41.5], #{a => 76.5}, #{a => 599}],
    ?T(written([], [insert([{Key} || Key <- Keys])])),
    ok = file:write_file("theirs.dets", theirs()),
    ?T(dets:is_dets_file("theirs.dets")),
    ?T(contents("theirs.dets", [{type, bag}])),
    ?T(contents("theirs.dets", [{type, bag}, {access, read}])),
    ?T(contents("theirs.dets", [])),
    ?T(contents("theirs.dets", [{type, bag}, {keypos, 2}])),
    {ok, more} = dets:open_file(more, [{file, "theirs.dets"}, {type, bag}]),
    ?T(dets:lookup(more, a)),
    ok = dets:insert(more, [{a, first}, {new, <<0:4000>>}]),
    ok = dets:delete(more, 7),
    ok = dets:close(more),
    ?T(contents("theirs.dets", [{type, bag}])),
    ?T(changed(8, <<0:32>>)),
    ?T(changed(0, <<100:32>>)),
    ?T(changed(12, <<9:32>>)),
    ?T(changed(16, <<8:32>>)),
    ?T(changed(32, <<8:32>>)),
    ?T(changed(4, <<"text">>)),
    ?T(contents("changed.dets", [])),
    ok = file:write_file("open.dets", begin <<Head:8/binary, _:32, Rest/binary>> = theirs(), [Head, <<0:32>>, Rest] end),
    ?T(contents("open.dets", [{type, bag}, {access, read}])),
    ?T(contents("open.dets", [{type, bag}, {repair, false}])),
    ?T(contents("open.dets", [{type, bag}])),
    ?T(contents("open.dets", [{type, bag}, {repair, false}])),
    ?T(contents("open.dets", [{type, bag}, {repair, force}])),
    ok = file:write_file("cut.dets", binary:part(theirs(), 0, byte_size(theirs()) - 3)),
    ?T(contents("cut.dets", [{type, bag}])),
    ok = file:write_file("none.dets", <<>>),
    ?T(contents("none.dets", [])).
