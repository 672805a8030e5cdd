%%% A handler of events that writes them to files of limited size, used in turn.
%%%
%%% The file named index says which file is written: its number is its only byte. An event in a file is
%%% its size in two bytes, and {Time, Event} in the external format.
-module(log_mf_h).
-behaviour(gen_event).

-export([init/3, init/4]).
-export([init/1, handle_event/2, handle_info/2, handle_call/2, terminate/2, code_change/3]).

-export_type([args/0]).

%% The state as others see it when the handler is taken away, or in a report.
-record(state, {dir, max_bytes, max_files, written = 0, number, device, unused = [], pred}).

-opaque args() :: {file:filename(), non_neg_integer(), 1..255, fun((term()) -> boolean())}.

%% @doc The arguments of a handler that keeps all events.
init(Dir, MaxBytes, MaxFiles) -> init(Dir, MaxBytes, MaxFiles, fun(_) -> true end).

%% @doc The arguments of a handler that keeps the events for which a function holds.
init(Dir, MaxBytes, MaxFiles, Pred) -> {Dir, MaxBytes, MaxFiles, Pred}.

%% @doc Opens the next file.
init({Dir, MaxBytes, MaxFiles, Pred}) when is_integer(MaxFiles), MaxFiles > 0, MaxFiles < 256 ->
    Number = case read_index_file(Dir) of
                 {ok, <<Last, _/binary>>} -> Last rem MaxFiles + 1;
                 _ -> 1
             end,
    case open(#state{dir = Dir, max_bytes = MaxBytes, max_files = MaxFiles, pred = Pred}, Number) of
        {ok, Log} -> {ok, Log};
        {error, _} -> exit(file_open)
    end.

read_index_file(Dir) -> file:read_file(Dir ++ "/index").

open(#state{dir = Dir} = Log, Number) ->
    case file:open(Dir ++ [$/ | integer_to_list(Number)], [write, raw, binary]) of
        {ok, Device} ->
            case file:write_file(Dir ++ "/index", <<Number>>) of
                ok -> {ok, Log#state{number = Number, device = Device, written = 0}};
                {error, Reason} -> {error, {file_error, Reason}}
            end;
        {error, Reason} -> {error, {file_error, Reason}}
    end.

%% @doc Writes an event, in the next file where this one is full.
handle_event(Event, Log0) ->
    #state{pred = Pred} = Log = Log0,
    case catch Pred(Event) of
        true ->
            Bytes = term_to_binary(tag(Event)),
            write(<<(byte_size(Bytes)):16, Bytes/binary>>, Log);
        _ -> {ok, Log}
    end.

tag(Event) -> {calendar:local_time(), Event}.

write(Bytes, #state{written = Written, max_bytes = Max, number = Number, max_files = Files, device = Device} = Log) ->
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
                ok -> {ok, Log#state{written = Written + Size}};
                {error, Reason} -> exit({file_error, Reason})
            end
    end.

%% @doc Other messages are written too.
handle_info({emulator, Leader, Chars}, Log) -> handle_event({emulator, Leader, Chars}, Log);
handle_info(_, Log) -> {ok, Log}.

%% @doc There is nothing to ask for.
handle_call(null, Log) -> {ok, null, Log}.

%% @doc Closes the file; what is left is the answer of gen_event:delete_handler/3.
terminate(_, Log) ->
    _ = file:close(Log#state.device),
    Log.

%% @doc Nothing changes.
code_change(_, Log, _) -> {ok, Log}.
