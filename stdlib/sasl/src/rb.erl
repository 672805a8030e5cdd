%%% The report browser: lists and shows the reports that log_mf_h has written to files.
-module(rb).
-behaviour(gen_server).

-export([start/0, start/1, start_link/1, stop/0, rescan/0, rescan/1, list/0, list/1, log_list/0, log_list/1, show/0,
         show/1, grep/1, filter/1, filter/2, start_log/1, stop_log/0, h/0, help/0]).
-export([init/1, handle_call/3, handle_cast/2, handle_info/2, terminate/2, code_change/3]).

-define(SERVER, rb_server).

%% reports: {Number, Type, ShortDescription, Time, Event}, the newest first.
-record(state, {dir, max, types, device = standard_io, reports = []}).

%% @doc Starts the browser.
start() -> start([]).

%% @doc As start/0, with options: {report_dir, Folder}, {max, N}, {type, Types}, {start_log, File}.
start(Options) ->
    case gen_server:start({local, ?SERVER}, ?MODULE, Options, []) of
        {ok, Pid} ->
            io:format("rb: reading report...done.~n"),
            {ok, Pid};
        Error -> Error
    end.

%% @doc As start/1, linked to the caller.
start_link(Options) -> gen_server:start_link({local, ?SERVER}, ?MODULE, Options, []).

%% @doc Stops the browser.
stop() -> call(stop).

%% @doc Reads the files again.
rescan() -> rescan([]).

%% @doc As rescan/0, with options.
rescan(Options) -> call({rescan, Options}).

%% @doc Lists the reports.
list() -> list(all).

%% @doc Lists the reports of a type.
list(Type) -> call({list, Type, standard_io}).

%% @doc Lists the reports in the log.
log_list() -> log_list(all).

%% @doc Lists the reports of a type in the log.
log_list(Type) -> call({list, Type, log}).

%% @doc Shows all reports.
show() -> call({show, all}).

%% @doc Shows a report by its number, or those of a type.
show(What) -> call({show, What}).

%% @doc Shows the reports whose text matches a regular expression.
grep(Regexp) -> call({grep, Regexp}).

%% @doc Shows the reports that filters pass: {Key, Value}, {Key, Value, no}, {Key, Regexp, re},
%% {Key, Regexp, re, no}.
filter(Filters) -> call({filter, Filters, all}).

%% @doc As filter/1, between two times.
filter(Filters, Dates) -> call({filter, Filters, Dates}).

%% @doc Has everything written to a file.
start_log(File) -> call({start_log, File}).

%% @doc Has everything written to the terminal again.
stop_log() -> call(stop_log).

%% @doc What the functions do.
h() -> help().

%% @doc What the functions do.
help() ->
    io:put_chars("rb:start(Options)   starts the browser: {report_dir, Dir}, {max, N}, {type, Types}\n"
                 "rb:list(Type)       lists the reports: all, error, error_report, info_msg, info_report,\n"
                 "                    warning_msg, warning_report, crash_report, supervisor_report, progress\n"
                 "rb:show(N | Type)   shows reports\n"
                 "rb:grep(Regexp)     shows the reports whose text matches\n"
                 "rb:filter(Filters)  shows the reports that pass\n"
                 "rb:rescan(Options)  reads the files again\n"
                 "rb:start_log(File)  writes to a file\n"
                 "rb:stop_log()       writes to the terminal\n"
                 "rb:stop()           stops the browser\n").

call(Request) ->
    case whereis(?SERVER) of
        undefined -> {error, rb_server_not_running};
        _ -> gen_server:call(?SERVER, Request, infinity)
    end.

%% @doc Reads the files.
init(Options) ->
    Dir = case proplists:get_value(report_dir, Options) of
              undefined ->
                  case application:get_env(sasl, error_logger_mf_dir) of
                      {ok, Configured} when is_list(Configured) -> Configured;
                      _ -> "."
                  end;
              Given -> Given
          end,
    State = #state{dir = Dir, max = proplists:get_value(max, Options, all), types = proplists:get_value(type, Options, all)},
    {ok, scanned(opened(proplists:get_value(start_log, Options, standard_io), State))}.

opened(standard_io, State) -> State#state{device = standard_io};
opened(File, State) ->
    case file:open(File, [write, append, {encoding, utf8}]) of
        {ok, Device} -> State#state{device = Device};
        {error, _} -> State
    end.

scanned(#state{dir = Dir, max = Max, types = Types} = State) ->
    Newest = case file:read_file(filename:join(Dir, "index")) of
                 {ok, <<N, _/binary>>} -> N;
                 _ -> 0
             end,
    Files = [N || Name <- filelib:wildcard("*", Dir), {N, ""} <- [string:to_integer(Name)]],
    {Before, After} = lists:partition(fun(N) -> N =< Newest end, lists:sort(Files)),
    Events = lists:append([events(filename:join(Dir, integer_to_list(N))) || N <- After ++ Before]),
    Wanted = [{Type, About, Time, Event} || {Time, Event} <- Events, {Type, About} <- [kind(Event)], Type =/= unknown,
                                            Types =:= all orelse Type =:= Types
                                                orelse is_list(Types) andalso lists:member(Type, Types)],
    Kept = case Max of
               all -> Wanted;
               _ -> lists:nthtail(erlang:max(0, length(Wanted) - Max), Wanted)
           end,
    Numbered = lists:zip(lists:seq(1, length(Kept)), Kept),
    State#state{reports = lists:reverse([{N, Type, About, Time, Event} || {N, {Type, About, Time, Event}} <- Numbered])}.

events(File) ->
    case file:read_file(File) of
        {ok, Bytes} -> events_in(Bytes);
        {error, _} -> []
    end.

events_in(<<Size:16, Event:Size/binary, Rest/binary>>) -> [binary_to_term(Event) | events_in(Rest)];
events_in(_) -> [].

kind({error_report, _, {Pid, std_error, _}}) -> {error_report, Pid};
kind({error_report, _, {Pid, supervisor_report, _}}) -> {supervisor_report, Pid};
kind({error_report, _, {Pid, crash_report, _}}) -> {crash_report, Pid};
kind({error_report, _, {Pid, Type, _}}) -> {Type, Pid};
kind({info_report, _, {Pid, progress, _}}) -> {progress, Pid};
kind({info_report, _, {Pid, _, _}}) -> {info_report, Pid};
kind({warning_report, _, {Pid, _, _}}) -> {warning_report, Pid};
kind({error, _, {Pid, _, _}}) -> {error, Pid};
kind({info_msg, _, {Pid, _, _}}) -> {info_msg, Pid};
kind({warning_msg, _, {Pid, _, _}}) -> {warning_msg, Pid};
kind(_) -> {unknown, none}.

%% @doc Serves the requests.
handle_call(stop, _, State) ->
    {stop, normal, stopped, State};
handle_call({rescan, Options}, _, State) ->
    {reply, ok, scanned(State#state{max = proplists:get_value(max, Options, State#state.max),
                                    types = proplists:get_value(type, Options, State#state.types)})};
handle_call({list, Type, Where}, _, #state{reports = Reports} = State) ->
    Device = case Where of
                 log -> State#state.device;
                 _ -> standard_io
             end,
    io:format(Device, "~4s~20s ~20s ~20s~n~4s~20s ~20s ~20s~n",
              ["No", "Type", "Process", "Date     Time", "==", "====", "=======", "====     ===="]),
    _ = [io:format(Device, "~4w~20w ~20w ~20s~n", [N, T, About, time_text(Time)])
         || {N, T, About, Time, _} <- Reports, Type =:= all orelse T =:= Type],
    {reply, ok, State};
handle_call({show, What}, _, #state{reports = Reports} = State) ->
    Chosen = [Report || {N, Type, _, _, _} = Report <- Reports, What =:= all orelse N =:= What orelse Type =:= What],
    _ = [show_report(Report, State) || Report <- Chosen],
    {reply, ok, State};
handle_call({grep, Regexp}, _, #state{reports = Reports} = State) ->
    case re:compile(Regexp, [unicode]) of
        {ok, Compiled} ->
            _ = [show_report(Report, State) || {_, _, _, _, Event} = Report <- Reports,
                                               re:run(text(Event), Compiled, [{capture, none}]) =:= match],
            {reply, ok, State};
        {error, Reason} -> {reply, {error, Reason}, State}
    end;
handle_call({filter, Filters, Dates}, _, #state{reports = Reports} = State) ->
    _ = [show_report(Report, State) || {_, _, _, Time, Event} = Report <- Reports, is_between(Time, Dates),
                                       passes(Event, Filters)],
    {reply, ok, State};
handle_call({start_log, File}, _, State) ->
    {reply, ok, opened(File, State)};
handle_call(stop_log, _, #state{device = Device} = State) ->
    Device =:= standard_io orelse file:close(Device),
    {reply, ok, State#state{device = standard_io}}.

time_text({{Y, M, D}, {H, Min, S}}) ->
    io_lib:format("~w-~2..0w-~2..0w ~2..0w:~2..0w:~2..0w", [Y, M, D, H, Min, S]).

show_report({_, _, _, _, Event} = Report, #state{device = Device}) ->
    {N, Type, About, Time, _} = Report,
    io:format(Device, "~n~ts  ~w  ~w  ~w~n~ts", [time_text(Time), N, Type, About, text(Event)]).

text(Event) ->
    case error_logger_tty_h:event_text(Event) of
        none -> unicode:characters_to_binary(io_lib:format("~tp~n", [Event]));
        Text -> unicode:characters_to_binary(Text)
    end.

is_between(_, all) -> true;
is_between(Time, {From, from}) -> Time >= From;
is_between(Time, {To, to}) -> Time =< To;
is_between(Time, {From, To}) -> Time >= From andalso Time =< To.

passes({_, _, {_, _, Report}}, Filters) when is_list(Report) ->
    lists:all(fun(Filter) -> passes_one(lists:flatten(Report), Filter) end, Filters);
passes(_, _) -> false.

passes_one(Report, {Key, Value}) -> lists:member({Key, Value}, Report);
passes_one(Report, {Key, Value, no}) -> not lists:member({Key, Value}, Report);
passes_one(Report, {Key, Regexp, re}) -> lists:any(fun(Item) -> matches(Item, Key, Regexp) end, Report);
passes_one(Report, {Key, Regexp, re, no}) -> not passes_one(Report, {Key, Regexp, re}).

matches({Key, Value}, Key, Regexp) ->
    re:run(unicode:characters_to_binary(io_lib:format("~tp", [Value])), Regexp, [unicode, {capture, none}]) =:= match;
matches(_, _, _) -> false.

%% @doc Nothing is expected.
handle_cast(_, State) -> {noreply, State}.

%% @doc Nothing is expected.
handle_info(_, State) -> {noreply, State}.

%% @doc Closes the log.
terminate(_, #state{device = standard_io}) -> ok;
terminate(_, #state{device = Device}) -> file:close(Device).

%% @doc Nothing changes.
code_change(_, State, _) -> {ok, State}.
