%%% A handler of events that writes them to files of limited size, used in turn.
%%%
%%% The file named index says which file is written: its number is its only byte. An event in a file is
%%% its size in two bytes, and {Time, Event} in the external format.
-module(log_mf_h).
-behaviour(gen_event).

-export([init/3, init/4]).
-export([init/1, handle_event/2, handle_info/2, handle_call/2, terminate/2, code_change/3]).

-export_type([args/0]).

-record(log, {dir, max_bytes, max_files, pred, number, device, written = 0}).

-opaque args() :: {file:filename(), non_neg_integer(), 1..255, fun((term()) -> boolean())}.

%% @doc The arguments of a handler that keeps all events.
init(Dir, MaxBytes, MaxFiles) -> init(Dir, MaxBytes, MaxFiles, fun(_) -> true end).

%% @doc The arguments of a handler that keeps the events for which a function holds.
init(Dir, MaxBytes, MaxFiles, Pred) -> {Dir, MaxBytes, MaxFiles, Pred}.

%% @doc Opens the next file.
init({Dir, MaxBytes, MaxFiles, Pred}) when is_integer(MaxBytes), is_integer(MaxFiles), MaxFiles > 0, MaxFiles < 256 ->
    Number = case file:read_file(filename:join(Dir, "index")) of
                 {ok, <<Last, _/binary>>} -> Last rem MaxFiles + 1;
                 _ -> 1
             end,
    open(#log{dir = Dir, max_bytes = MaxBytes, max_files = MaxFiles, pred = Pred}, Number).

open(#log{dir = Dir} = Log, Number) ->
    case file:open(filename:join(Dir, integer_to_list(Number)), [write, raw, binary]) of
        {ok, Device} ->
            case file:write_file(filename:join(Dir, "index"), <<Number>>) of
                ok -> {ok, Log#log{number = Number, device = Device, written = 0}};
                {error, Reason} -> {error, {file_error, Reason}}
            end;
        {error, Reason} -> {error, {file_error, Reason}}
    end.

%% @doc Writes an event, in the next file where this one is full.
handle_event(Event, #log{pred = Pred} = Log) ->
    case catch Pred(Event) of
        true ->
            Bytes = term_to_binary(tag(Event)),
            write(<<(byte_size(Bytes)):16, Bytes/binary>>, Log);
        _ -> {ok, Log}
    end.

tag(Event) -> {calendar:local_time(), Event}.

write(Bytes, #log{written = Written, max_bytes = Max, number = Number, max_files = Files, device = Device} = Log) ->
    Size = byte_size(Bytes),
    if
        Size > 65537 -> {ok, Log};
        Written + Size > Max, Written > 0 ->
            _ = file:close(Device),
            case open(Log, Number rem Files + 1) of
                {ok, Next} -> write(Bytes, Next);
                {error, Reason} -> exit(Reason)
            end;
        true ->
            case file:write(Device, Bytes) of
                ok -> {ok, Log#log{written = Written + Size}};
                {error, Reason} -> exit({file_error, Reason})
            end
    end.

%% @doc Other messages are written too.
handle_info({emulator, Leader, Chars}, Log) -> handle_event({emulator, Leader, Chars}, Log);
handle_info(_, Log) -> {ok, Log}.

%% @doc Says which file is written.
handle_call(null, Log) -> {ok, null, Log};
handle_call(_, Log) -> {ok, {error, bad_query}, Log}.

%% @doc Closes the file.
terminate(_, #log{device = Device}) -> file:close(Device).

%% @doc Nothing changes.
code_change(_, Log, _) -> {ok, Log}.
