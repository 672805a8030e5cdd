%%% The handler of error_logger events that writes them to a file.
-module(error_logger_file_h).
-behaviour(gen_event).

-export([init/1, handle_event/2, handle_call/2, handle_info/2, terminate/2, code_change/3]).

-record(state, {device, file, previous}).

%% @doc Opens the file. Another handler may have had its place.
init({File, {error_logger, Buffer}}) when is_list(Buffer) -> init(File, error_logger);
init({File, _}) -> init(File, []);
init(File) -> init(File, []).

init(File, Previous) ->
    process_flag(trap_exit, true),
    case file:open(File, [write, {encoding, utf8}]) of
        {ok, Device} -> {ok, #state{device = Device, file = File, previous = Previous}};
        Error -> Error
    end.

%% @doc Writes an event.
handle_event({_, Leader, _}, State) when node(Leader) =/= node() -> {ok, State};
handle_event(Event, #state{device = Device} = State) ->
    case error_logger_tty_h:event_text(Event) of
        none -> ok;
        Text -> io:put_chars(Device, Text)
    end,
    {ok, State}.

%% @doc The file ends, or another process that is linked.
handle_info({'EXIT', Device, _}, #state{device = Device}) -> remove_handler;
handle_info(_, State) -> {ok, State}.

%% @doc Says the name of the file.
handle_call(filename, #state{file = File} = State) -> {ok, File, State};
handle_call(_, State) -> {ok, {error, bad_query}, State}.

%% @doc Closes the file.
terminate(_, #state{device = Device}) -> file:close(Device).

%% @doc Nothing changes.
code_change(_, State, _) -> {ok, State}.
