%%% logger_disk_log_h: the handler that writes text to a log on disk, of one file or of several in turn.
-module(logger_disk_log_h).

-export([log/2, adding_handler/1, changing_config/3, removing_handler/1, filter_config/1, filesync/1]).
-export([may_fail/1, opened/2, put_out/2, changed/2, synced/1, closed/1]).

%% What cannot be changed while the log is open.
-define(FIXED, [type, file, max_no_files, max_no_bytes]).

%% @doc Hands the text of an event to the process of the handler.
log(Event, Config) ->
    _ = swerl_log_handler:log(?MODULE, Event, Config),
    ok.

%% @doc Checks the configuration and starts the process.
adding_handler(#{id := Id} = Config) ->
    Given = maps:get(config, Config, #{}),
    Own = maps:merge(defaults(Id, Given), Given),
    case check(Own) of
        ok ->
            case swerl_log_handler:added(?MODULE, Id, Own) of
                {ok, Full} -> {ok, Config#{config => Full}};
                {error, _} = Error -> Error
            end;
        {error, _} = Error -> Error
    end.

defaults(Id, Given) ->
    Size = case Given of
               #{type := halt} -> #{max_no_bytes => infinity, max_no_files => undefined};
               _ -> #{max_no_bytes => 1048576, max_no_files => 10}
           end,
    Usual = Size#{type => wrap, filesync_repeat_interval => 5000},
    File = case Given of
               #{file := Named} -> Named;
               _ -> filename:absname(atom_to_list(Id))
           end,
    maps:merge(swerl_log_handler:limits(), Usual#{file => File}).

check(Own) -> swerl_log_handler:checked(?MODULE, Own, fun is_valid/2).

is_valid(file, File) -> is_list(File);
is_valid(type, Type) -> Type =:= wrap orelse Type =:= halt;
is_valid(max_no_bytes, N) -> N =:= infinity orelse is_integer(N) andalso N > 0;
is_valid(max_no_files, N) -> N =:= undefined orelse is_integer(N) andalso N > 0;
is_valid(_, _) -> false.

%% @doc What is about the log itself cannot be changed.
changing_config(How, #{id := Id, config := #{olp := Counter} = Old}, New) ->
    Given = maps:remove(olp, maps:get(config, New, #{})),
    Base = case How of
               set -> maps:merge(defaults(Id, Old), maps:with(?FIXED, Old));
               update -> maps:remove(olp, Old)
           end,
    Own = maps:merge(Base, Given),
    case [Key || Key <- ?FIXED, maps:get(Key, Own) =/= maps:get(Key, Old)] of
        [] ->
            case check(Own) of
                ok ->
                    Full = Own#{olp => Counter},
                    swerl_log_handler:changed(?MODULE, Id, Full),
                    {ok, New#{config => Full}};
                Error -> Error
            end;
        Changed ->
            {error, {illegal_config_change, ?MODULE, maps:with(Changed, Old), maps:with(Changed, Own)}}
    end.

%% @doc Ends the process.
removing_handler(#{id := Id}) -> swerl_log_handler:removed(?MODULE, Id).

%% @doc How the process is reached is nobody else's business.
filter_config(#{config := Own} = Config) -> Config#{config => maps:remove(olp, Own)};
filter_config(Config) -> Config.

%% @doc Everything logged so far is on disk when this returns.
filesync(Id) -> swerl_log_handler:sync(?MODULE, Id).

%%% The log.

%% @doc A log may not be there to be opened.
may_fail(_) -> true.

%% @doc Opens the log.
opened(Id, #{file := File, type := Type, max_no_bytes := Bytes, max_no_files := Files}) ->
    _ = filelib:ensure_dir(File),
    Size = case Type of
               wrap -> {Bytes, Files};
               halt -> Bytes
           end,
    case disk_log:open([{name, Id}, {file, File}, {size, Size}, {type, Type}, {linkto, self()}, {repair, false},
                        {format, external}, {notify, true}, {quiet, true}, {mode, read_write}]) of
        {ok, Id} -> {ok, Id};
        {repaired, Id, _, _} -> {ok, Id};
        {error, _} = Error -> Error
    end.

%% @doc Writes a text.
put_out(Text, Id) ->
    _ = disk_log:blog(Id, unicode:characters_to_binary(Text)),
    Id.

%% @doc Nothing of the configuration concerns the log.
changed(_, Id) -> Id.

%% @doc Has all that was written put on the disk.
synced(Id) -> disk_log:sync(Id).

%% @doc Closes the log.
closed(Id) -> disk_log:close(Id).
