%%% The report browser: lists and shows the reports that log_mf_h has written to files.
-module(rb).
-behaviour(gen_server).

-export([start/0, start/1, start_link/1, stop/0, rescan/0, rescan/1, list/0, list/1, log_list/0, log_list/1, show/0,
         show/1, grep/1, filter/1, filter/2, start_log/1, stop_log/0, h/0, help/0]).
-export([init/1, handle_call/3, handle_cast/2, handle_info/2, terminate/2, code_change/3]).

-define(SERVER, rb_server).

%% So wide is a report.
-define(WIDTH, 79).

%% reports: {Number, Type, ShortDescription, Time, Event}, the oldest first; the newest has the number 1.
-record(state, {dir, max, types, aborts = false, device = standard_io, reports = []}).

%% @doc Starts the browser, below the supervisor of sasl.
start() -> start([]).

%% @doc As start/0, with options: {report_dir, Folder}, {max, N}, {type, Types}, {start_log, File},
%% {abort_on_error, Bool}: whether a report of bad form ends what is being shown.
start(Options) ->
    supervisor:start_child(sasl_sup, {?SERVER, {?MODULE, start_link, [Options]}, temporary, brutal_kill, worker, [?MODULE]}).

%% @doc As start/1, linked to the caller.
start_link(Options) -> gen_server:start_link({local, ?SERVER}, ?MODULE, Options, []).

%% @doc Stops the browser.
stop() -> supervisor:terminate_child(sasl_sup, ?SERVER).

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
show(What) when is_integer(What); is_atom(What) -> call({show, What}).

%% @doc Shows the reports whose text matches a regular expression.
grep(Regexp) -> call({grep, Regexp}).

%% @doc Shows the reports that filters pass: {Key, Value}, {Key, Value, no}, {Key, Regexp, re},
%% {Key, Regexp, re, no}.
filter(Filters) when is_list(Filters) -> call({filter, Filters, all}).

%% @doc As filter/1, between two times.
filter(Filters, Dates) when is_list(Filters), is_tuple(Dates) -> call({filter, Filters, Dates}).

%% @doc Has everything written to a file.
start_log(File) -> call({start_log, File}).

%% @doc Has everything written to the terminal again.
stop_log() -> call(stop_log).

%% @doc What the functions do.
h() -> help().

%% @doc What the functions do.
help() ->
    io:put_chars("rb:start()          starts the browser; rb:start(Options) takes {report_dir, Dir}, {max, N | all},\n"
                 "                    {type, Type | Types | all}, {start_log, File}, {abort_on_error, Bool}\n"
                 "rb:list(Type)       lists the reports: all, error, error_report, info_msg, info_report,\n"
                 "                    warning_msg, warning_report, crash_report, supervisor_report, progress\n"
                 "rb:log_list(Type)   the same, to the log\n"
                 "rb:show(N | Type)   shows reports\n"
                 "rb:grep(Regexp)     shows the reports whose text matches; {Regexp, Options} as for re:run/3\n"
                 "rb:filter(Filters)  shows the reports that pass all of {Key, Value}, {Key, Value, no},\n"
                 "                    {Key, Regexp, re}, {Key, Regexp, re, no}\n"
                 "rb:filter(Filters, Dates)\n"
                 "                    the same, with {Begin, End}, {Begin, from} or {End, to}, times as\n"
                 "                    {{Year, Month, Day}, {Hour, Minute, Second}}\n"
                 "rb:rescan(Options)  reads the files again, with the options of rb:start(Options)\n"
                 "rb:start_log(File)  writes to a file\n"
                 "rb:stop_log()       writes to the terminal\n"
                 "rb:stop()           stops the browser\n").

call(Request) -> gen_server:call(?SERVER, Request, infinity).

%% @doc Reads the files.
init(Options) ->
    case configured(Options, #state{max = all, types = all}) of
        {ok, State} -> {ok, scanned(opened(proplists:get_value(start_log, Options, standard_io), State))};
        {error, Reason} -> {stop, Reason}
    end.

%% What options say; the others stay.
configured(Options, #state{dir = Known, max = Max, types = Types, aborts = Aborts} = State) ->
    Dir = case {proplists:get_value(report_dir, Options, Known), application:get_env(sasl, error_logger_mf_dir)} of
              {undefined, {ok, [_ | _] = Usual}} -> Usual;
              {Given, _} -> Given
          end,
    case Dir =/= undefined andalso filelib:is_regular(Dir ++ "/index") of
        false when Dir =:= undefined -> {error, "cannot locate report directory"};
        false -> {error, "cannot read the index file"};
        true ->
            {ok, State#state{dir = Dir, max = proplists:get_value(max, Options, Max),
                             types = proplists:get_value(type, Options, Types),
                             aborts = proplists:get_value(abort_on_error, Options, Aborts)}}
    end.

opened(standard_io, State) -> State#state{device = standard_io};
opened(Pid, State) when is_pid(Pid) -> State#state{device = Pid};
opened(Name, State) when is_atom(Name) ->
    case whereis(Name) of
        undefined ->
            io:format("rb: Registered name not found '~ts'.~n", [Name]),
            no_log(State);
        _ -> State#state{device = Name}
    end;
opened(File, State) ->
    case file:open(File, [write, append, {encoding, utf8}]) of
        {ok, Device} -> State#state{device = Device};
        {error, _} = Error ->
            io:format("rb: Cannot open file '~ts' (~w).~n", [File, Error]),
            no_log(State)
    end.

no_log(State) ->
    io:format("rb: Using standard_io~n"),
    State#state{device = standard_io}.

scanned(#state{dir = Dir, max = Max, types = Types} = State) ->
    Newest = case file:read_file(filename:join(Dir, "index")) of
                 {ok, <<N, _/binary>>} -> N;
                 _ -> 0
             end,
    Files = [N || Name <- filelib:wildcard("*", Dir), {N, ""} <- [string:to_integer(Name)]],
    {Before, After} = lists:partition(fun(N) -> N =< Newest end, lists:sort(Files)),
    Events = lists:append([events(filename:join(Dir, integer_to_list(N))) || N <- After ++ Before]),
    Wanted = [{Type, About, Time, Event} || {Time, Event} <- Events, {Type, About} <- [kind(Event)],
                                            Types =:= all orelse Type =:= Types
                                                orelse is_list(Types) andalso lists:member(Type, Types)],
    Kept = case Max of
               all -> Wanted;
               _ -> lists:nthtail(erlang:max(0, length(Wanted) - Max), Wanted)
           end,
    io:format("rb: reading report...done.~n"),
    Numbered = lists:zip(lists:seq(length(Kept), 1, -1), Kept),
    State#state{reports = [{N, Type, About, Time, Event} || {N, {Type, About, Time, Event}} <- Numbered]}.

events(File) ->
    case file:read_file(File) of
        {ok, Bytes} -> events_in(Bytes);
        {error, _} -> []
    end.

events_in(<<Size:16, Event:Size/binary, Rest/binary>>) -> [binary_to_term(Event) | events_in(Rest)];
events_in(_) -> [].

%% The type of a report, and the name that its line in the list has.
kind({error_report, Leader, {_, supervisor_report, _}}) -> {supervisor_report, Leader};
kind({error_report, Leader, {_, crash_report, [Crash | _]}}) -> {crash_report, crashed(Crash, Leader)};
kind({info_report, Leader, {_, progress, _}}) -> {progress, Leader};
kind({Type, Leader, {_, _, _}}) when Type =:= error; Type =:= error_report; Type =:= info_msg; Type =:= info_report;
                                     Type =:= warning_msg; Type =:= warning_report -> {Type, Leader};
kind(_) -> {unknown, '???'}.

crashed(Crash, Leader) ->
    case {proplists:get_value(registered_name, Crash), proplists:get_value(initial_call, Crash)} of
        {Name, _} when is_atom(Name), Name =/= undefined, Name =/= [] -> Name;
        {_, {Module, _, _}} -> Module;
        _ -> Leader
    end.

%% @doc Serves the requests.
handle_call({rescan, Options}, _, #state{device = Device} = State) ->
    case configured(Options, State) of
        {ok, New} ->
            {reply, ok, scanned(case proplists:get_value(start_log, Options) of
                                    undefined -> New;
                                    File ->
                                        _ = closed(Device),
                                        opened(File, New)
                                end)};
        {error, _} = Error -> {reply, Error, State}
    end;
handle_call({list, Type, Where}, _, #state{reports = Reports} = State) ->
    Device = case Where of
                 log -> State#state.device;
                 _ -> standard_io
             end,
    Chosen = [{N, T, io_lib:format("~tw", [About]), listed_time(T, Time)}
              || {N, T, About, Time, _} <- Reports, Type =:= all orelse T =:= Type],
    Width = lists:max([8 | [string:length(About) || {_, _, About, _} <- Chosen]]) + 2,
    Line = "~4ts~20ts~*ts~20ts~n",
    io:format(Device, Line, ["No", "Type", Width, "Process", "Date     Time"]),
    io:format(Device, Line, ["==", "====", Width, "=======", "====     ===="]),
    _ = [io:format(Device, Line, [integer_to_list(N), atom_to_list(T), Width, About, Time]) || {N, T, About, Time} <- Chosen],
    {reply, ok, State};
handle_call({show, What}, _, #state{reports = Reports} = State) ->
    case [Report || {N, Type, _, _, _} = Report <- Reports, What =:= all orelse N =:= What orelse Type =:= What] of
        [] when is_integer(What) -> io:format("There is no report with number ~w.~n", [What]);
        Chosen -> show_reports(Chosen, State)
    end,
    {reply, ok, State};
handle_call({grep, Wanted}, _, #state{reports = Reports} = State) ->
    {Regexp, Options} = case Wanted of
                            {_, _} -> Wanted;
                            _ -> {Wanted, []}
                        end,
    try re:run("", Regexp, [unicode | Options]) of
        _ ->
            _ = [begin
                     io:format("Found match in report number ~w~n", [N]),
                     show_reports([Report], State)
                 end || {N, _, _, _, _} = Report <- Reports,
                        re:run(unicode:characters_to_binary(plain(text(Report))), Regexp, [unicode | Options]) =/= nomatch],
            {reply, ok, State}
    catch
        error:badarg -> {reply, {error, badarg}, State}
    end;
handle_call({filter, Filters, Dates}, _, #state{reports = Reports} = State) ->
    %% Up to the first that cannot be looked at.
    try [show_reports([Report], State) || {_, _, _, Time, Event} = Report <- Reports, is_between(Time, Dates), passes(Event, Filters)] of
        _ -> {reply, ok, State}
    catch
        error:Reason -> {reply, {error, Reason}, State}
    end;
handle_call({start_log, File}, _, State) ->
    {reply, ok, opened(File, State)};
handle_call(stop_log, _, #state{device = Device} = State) ->
    _ = closed(Device),
    {reply, ok, State#state{device = standard_io}}.

listed_time(unknown, _) -> "???";
listed_time(_, Time) -> time_text(Time).

time_text({{Y, M, D}, {H, Min, S}}) ->
    io_lib:format("~w-~2..0w-~2..0w ~2..0w:~2..0w:~2..0w", [Y, M, D, H, Min, S]).

show_reports([Report | Reports], #state{device = Device, aborts = Aborts} = State) ->
    case text(Report) of
        {Headline, {bad, Details}} ->
            case Device of
                standard_io -> io:put_chars([Headline, $\n, Details]);
                _ ->
                    io:put_chars(Device, [Headline, "\n\n   ********* RB: UNPRINTABLE REPORT ********\n\n"]),
                    io:put_chars(Details)
            end,
            case Aborts of
                true -> io:put_chars("rb: Logging aborted.\n");
                false ->
                    io:put_chars("rb: Logging resumed...\n\n"),
                    show_reports(Reports, State)
            end;
        Text ->
            io:put_chars(Device, plain(Text)),
            show_reports(Reports, State)
    end;
show_reports([], _) -> ok.

plain({Headline, {bad, Details}}) -> [Headline, $\n | Details];
plain({Headline, Body}) -> [Headline | Body];
plain(Text) -> Text.

%% A report as it is shown: a headline, and its items one below the other, or its message.
text({_, unknown, _, Time, Event}) ->
    io_lib:format("~nPrinting info of unknown type... ???~n~tp", [{Time, Event}]);
text({_, Type, _, Time, {_, _, {Pid, How, Data}} = Event}) ->
    Left = io_lib:format("~ts REPORT  ~tp", [title(Type), Pid]),
    Headline = ["\n", right(Left, time_text(Time)), lists:duplicate(?WIDTH, $=), "\n"],
    {Headline, body(Type, How, Data, {Time, Event})}.

title(supervisor_report) -> "SUPERVISOR";
title(crash_report) -> "CRASH";
title(progress) -> "PROGRESS";
title(Type) when Type =:= error; Type =:= error_report -> "ERROR";
title(Type) when Type =:= info_msg; Type =:= info_report -> "INFO";
title(_) -> "WARNING".

body(supervisor_report, _, Report, _) ->
    Of = fun(Key) -> proplists:get_value(Key, Report) end,
    [item("Reporting supervisor", Of(supervisor), 0), "\n", right("Child process", ""),
     [item(Key, Of(Key), 3) || Key <- [errorContext, reason]],
     [item(Key, Value, 3) || {Key, Value} <- Of(offender)], "\n"];
body(crash_report, _, [Crash | _], _) ->
    [right("Crashing process", ""), [item(Key, Value, 3) || {Key, Value} <- Crash], "\n"];
body(Type, Format, Args, Whole) when Type =:= error; Type =:= info_msg; Type =:= warning_msg ->
    try ["\n", io_lib:format(Format, Args)]
    catch
        error:_ ->
            {bad, io_lib:format("rb: ERROR! A report on bad form was encountered. It cannot be printed to the log.~n~n"
                                "Details:~n~tp ~tp~n~n", [lists:flatten(time_text(element(1, Whole))), Whole])}
    end;
body(_, _, Report, _) when is_list(Report) ->
    [[case Item of
          {Key, Value} -> item(Key, Value, 0);
          _ -> io_lib:format("~tp~n", [Item])
      end || Item <- Report], "\n"];
body(_, _, Report, _) ->
    io_lib:format("~tp~n~n", [Report]).

%% A key on the left and its value on the right, or below where it is too long.
item(Key, Value, Indent) ->
    Left = [lists:duplicate(Indent, $\s), as_text(Key)],
    Right = as_text(Value),
    case string:length(Left) + string:length(Right) < ?WIDTH of
        true -> right(Left, Right);
        false -> [Left, "\n", lists:duplicate(9, $\s), io_lib_pretty:print(Value, [{column, 9}, {line_length, ?WIDTH}, {encoding, unicode}]), "\n"]
    end.

as_text(Term) ->
    case io_lib:printable_unicode_list(Term) andalso Term =/= [] of
        true -> Term;
        false -> io_lib:format("~0tp", [Term])
    end.

right(Left, Right) ->
    [Left, lists:duplicate(erlang:max(0, ?WIDTH - string:length(Left) - string:length(Right)), $\s), Right, "\n"].

is_between(_, all) -> true;
is_between(Time, {From, from}) -> Time >= From;
is_between(Time, {To, to}) -> Time =< To;
is_between(Time, {From, To}) when is_tuple(From), is_tuple(To) -> Time >= From andalso Time =< To.

passes({_, _, {_, _, Report}}, Filters) ->
    lists:all(fun(Filter) -> passes_one(flat(Report), Filter) end, Filters).

flat(Report) when is_list(Report) -> lists:flatten(Report).

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
terminate(_, #state{device = Device}) -> closed(Device).

%% A file is closed; a name is somebody's device.
closed(Device) when is_pid(Device) -> file:close(Device);
closed(_) -> ok.

%% @doc Nothing changes.
code_change(_, State, _) -> {ok, State}.
