%%% logger_std_h: the handler that writes text to a device or a file.
-module(logger_std_h).

-export([log/2, adding_handler/1, changing_config/3, removing_handler/1, filter_config/1, filesync/1]).
-export([may_fail/1, opened/2, put_out/2, changed/2, synced/1, closed/1]).
-export([awake/1]).

%% What is written to: a device, or a file with its size and the time when it was last looked for.
-record(output, {config, device, size = 0, seen = 0}).

%% What cannot be changed while the file is open.
-define(FIXED, [type, file, modes]).

%% @doc Hands the text of an event to the process of the handler.
log(Event, Config) ->
    case swerl_log_handler:log(?MODULE, Event, Config) of
        ok -> ok;
        {nobody, Text} -> to_device(user, Text)
    end.

%% @doc The process of the default handler, which has its name from the beginning.
awake(logger_std_h_default) ->
    case logger_server:get({handler, default}) of
        #{module := ?MODULE, config := Config} -> swerl_log_handler:enter(?MODULE, default, Config);
        _ -> kernel:leave(logger_sup)
    end.

%%% Changes of the configuration.

%% @doc Checks the configuration and starts the process.
adding_handler(#{id := Id} = Config) ->
    Given = named(maps:get(config, Config, #{})),
    Own = with_defaults(Id, case Given of
                                #{type := _} -> Given;
                                #{file := _} -> Given#{type => file};
                                _ -> Given#{type => standard_io}
                            end),
    case check(Own) of
        ok ->
            Modes = [{modes, full_modes(maps:get(modes, Own))} || is_map_key(modes, Own)],
            case swerl_log_handler:added(?MODULE, Id, maps:merge(Own, maps:from_list(Modes))) of
                {ok, Full} -> {ok, Config#{config => Full}};
                {error, _} = Error -> Error
            end;
        {error, _} = Error -> Error
    end.

%% The type may name the file and its modes, and a file has all of its path.
named(#{type := {file, File}} = Own) -> named(Own#{type => file, file => File});
named(#{type := {file, File, Modes}} = Own) -> named(Own#{type => file, file => File, modes => Modes});
named(#{file := File} = Own) -> Own#{file => filename:absname(File)};
named(Own) -> Own.

%% Only a file is worth to be put on the disk every so often.
with_defaults(Id, #{type := file} = Own) ->
    File = case Own of
               #{file := Named} -> Named;
               _ -> filename:absname(atom_to_list(Id))
           end,
    Usual = maps:merge(swerl_log_handler:limits(),
                       #{file => File, modes => [append], max_no_bytes => infinity, max_no_files => 0,
                         compress_on_rotate => false, file_check => 0, filesync_repeat_interval => 5000}),
    maps:merge(Usual, Own);
with_defaults(_Id, Own) ->
    (maps:merge(swerl_log_handler:limits(), Own))#{filesync_repeat_interval => no_repeat}.

%% The modes with those that the handler needs.
full_modes(Modes) ->
    Is = fun(Name) -> lists:any(fun(Mode) -> Mode =:= Name orelse element_is(Name, Mode) end, Modes) end,
    Append = [append || not lists:any(Is, [append, write, exclusive])],
    [delayed_write || not Is(delayed_write)] ++ [raw || not Is(raw)] ++ Append ++ Modes.

element_is(Name, Tuple) -> is_tuple(Tuple) andalso tuple_size(Tuple) > 0 andalso element(1, Tuple) =:= Name.

check(#{type := Type} = Own) ->
    swerl_log_handler:checked(?MODULE, Own, fun(Key, Value) -> is_valid(Key, Value, Type) end).

is_valid(type, {device, _}, _) -> true;
is_valid(type, Type, _) -> lists:member(Type, [standard_io, standard_error, file]);
is_valid(Key, Value, file) -> is_valid_of_file(Key, Value);
is_valid(_, _, _) -> false.

is_valid_of_file(file, File) -> is_list(File);
is_valid_of_file(modes, Modes) -> is_list(Modes);
is_valid_of_file(max_no_bytes, N) -> N =:= infinity orelse is_integer(N) andalso N > 0;
is_valid_of_file(max_no_files, N) -> is_integer(N) andalso N >= 0;
is_valid_of_file(compress_on_rotate, Bool) -> is_boolean(Bool);
is_valid_of_file(file_check, N) -> is_integer(N) andalso N >= 0;
is_valid_of_file(_, _) -> false.

%% @doc Checks a change; which file or device it is cannot be changed.
changing_config(How, #{id := Id, config := #{olp := Counter} = Old}, New) ->
    Fixed = maps:with(?FIXED, Old),
    Given = named(maps:remove(olp, maps:get(config, New, #{}))),
    case maps:merge(Fixed, maps:with(?FIXED, Given)) of
        Fixed ->
            Own = with_defaults(Id, maps:merge(case How of set -> Fixed; update -> maps:remove(olp, Old) end, Given)),
            case check(Own) of
                ok ->
                    Full = Own#{olp => Counter},
                    swerl_log_handler:changed(?MODULE, Id, Full),
                    {ok, New#{config => Full}};
                Error -> Error
            end;
        Other ->
            {error, {illegal_config_change, ?MODULE, Fixed, Other}}
    end.

%% @doc Ends the process.
removing_handler(#{id := Id}) -> swerl_log_handler:removed(?MODULE, Id).

%% @doc How the process is reached is nobody else's business.
filter_config(#{config := Own} = Config) -> Config#{config => maps:remove(olp, Own)};
filter_config(Config) -> Config.

%% @doc Everything handed to the handler so far is written when this returns.
filesync(Id) -> swerl_log_handler:sync(?MODULE, Id).

%%% What is written to.

%% @doc Only a file can fail to be opened; for another device nobody has to wait.
may_fail(#{type := Type}) -> Type =:= file.

%% @doc Opens the file, if it is one. What a handler writes to standard output goes there as that of all processes of
%% an application: through its group leader, the kernel's. A program that writes meanwhile is not held up by a log.
opened(_Id, #{type := standard_io} = Config) ->
    {group_leader, Kernel} = process_info(whereis(kernel_sup), group_leader),
    group_leader(Kernel, self()),
    {ok, #output{config = Config}};
opened(_Id, Config) ->
    opened(#output{config = Config}).

opened(#output{config = #{type := file, file := File, modes := Modes}} = Output) ->
    _ = filelib:ensure_dir(File),
    case file:open(File, Modes) of
        {ok, Device} ->
            {ok, Output#output{device = Device, size = filelib:file_size(File),
                               seen = erlang:monotonic_time(millisecond)}};
        {error, Reason} -> {error, {open_failed, File, Reason}}
    end;
opened(Output) -> {ok, Output}.

%% @doc Writes a text.
put_out(Text, #output{config = #{type := Type}} = Output) ->
    case Type of
        standard_io -> to_device(group_leader(), Text), Output;
        standard_error -> to_device(standard_error, Text), Output;
        {device, Device} -> to_device(Device, Text), Output;
        file -> to_file(unicode:characters_to_binary(Text), rotated(reopened(Output)))
    end.

to_device(Device, Text) ->
    _ = (catch io:put_chars(Device, Text)),
    ok.

to_file(Bytes, #output{device = Device, size = Size} = Output) ->
    _ = file:write(Device, Bytes),
    Output#output{size = Size + byte_size(Bytes)}.

%% Somebody may have moved the file away; that is looked for every so often.
reopened(#output{seen = Seen, config = #{file := File, file_check := Every}} = Output) ->
    Now = erlang:monotonic_time(millisecond),
    case Now - Seen < Every of
        true -> Output;
        false ->
            case filelib:is_regular(File) of
                true -> Output#output{seen = Now};
                false -> opened_again(Output)
            end
    end.

opened_again(#output{device = Device, config = #{modes := Modes} = Config} = Output) ->
    _ = file:close(Device),
    %% The file may have been opened by a mode that empties it, or that wants none to be there.
    case opened(Output#output{config = Config#{modes := [append | Modes -- [write, append, exclusive]]}}) of
        {ok, Opened} -> Opened#output{config = Config};
        {error, _} -> Output
    end.

%% A file that is full becomes number 0, the one before number 1, and so on.
rotated(#output{config = #{max_no_bytes := Max}, size = Size} = Output) when Size < Max -> Output;
rotated(#output{device = Device, config = #{file := File, max_no_files := Files} = Config} = Output) ->
    _ = file:close(Device),
    Fuller = [N || Files > 1, N <- lists:seq(Files - 1, 1, -1)],
    _ = [file:rename(archive(N - 1, Config), archive(N, Config)) || N <- Fuller],
    _ = case Files of
            0 -> file:delete(File);
            _ -> packed(File, archive(0, Config), Config)
        end,
    opened_again(Output).

archive(N, #{file := File, compress_on_rotate := IsPacked}) ->
    File ++ "." ++ integer_to_list(N) ++ case IsPacked of true -> ".gz"; false -> "" end.

packed(From, To, #{compress_on_rotate := false}) ->
    file:rename(From, To);
packed(From, To, #{compress_on_rotate := true}) ->
    {ok, Bytes} = file:read_file(From),
    _ = file:write_file(To, zlib:gzip(Bytes)),
    file:delete(From).

%% @doc Files that were full and are more than wanted now go, and the others are packed or unpacked.
changed(#{type := file, max_no_files := Files} = Config, Output) ->
    delete_more(Files, Config),
    repacked(0, Config),
    rotated(Output#output{config = Config});
changed(Config, Output) -> Output#output{config = Config}.

delete_more(N, Config) ->
    case [Found || Found <- archives(N, Config), filelib:is_regular(Found)] of
        [] -> ok;
        Old -> _ = [file:delete(One) || One <- Old], delete_more(N + 1, Config)
    end.

archives(N, Config) -> [archive(N, Config), archive(N, other(Config))].

other(#{compress_on_rotate := IsPacked} = Config) -> Config#{compress_on_rotate := not IsPacked}.

repacked(N, Config) ->
    [Right, Wrong] = archives(N, Config),
    case {filelib:is_regular(Wrong), filelib:is_regular(Right)} of
        {true, _} ->
            {ok, Bytes} = file:read_file(Wrong),
            _ = file:write_file(Right, case Config of
                                           #{compress_on_rotate := true} -> zlib:gzip(Bytes);
                                           _ -> zlib:gunzip(Bytes)
                                       end),
            _ = file:delete(Wrong),
            repacked(N + 1, Config);
        {false, true} -> repacked(N + 1, Config);
        {false, false} -> ok
    end.

%% @doc Has all that was written put on the disk.
synced(#output{device = undefined}) -> ok;
synced(#output{device = Device}) -> file:datasync(Device).

%% @doc Closes the file.
closed(#output{device = undefined}) -> ok;
closed(#output{device = Device}) -> file:close(Device).
