%%% The handler of error_logger events that writes them to the terminal, and their text.
-module(error_logger_tty_h).
-behaviour(gen_event).

-export([init/1, handle_event/2, handle_call/2, handle_info/2, terminate/2, code_change/3]).
-export([event_text/1, write_event/2]).

%% @doc Another handler may have had its place.
init({_, {error_logger, Buffer}}) when is_list(Buffer) -> {ok, #{}};
init(_) -> {ok, #{}}.

%% @doc Writes an event.
handle_event({_, Leader, _}, State) when node(Leader) =/= node() -> {ok, State};
handle_event(Event, State) ->
    case event_text(Event) of
        none -> ok;
        Text -> io:put_chars(user, Text)
    end,
    {ok, State}.

%% @doc With io, writes the text of {Time, Event} to the terminal; with io_lib, returns it. The time is a universal one.
write_event({Time, Event}, How) ->
    case text_at(calendar:universal_time_to_local_time(Time), Event) of
        none -> ok;
        Text ->
            case How of
                io -> io:put_chars(user, Text);
                io_lib -> Text
            end
    end;
write_event(_, _) -> ok.

%% @doc The text of an event of now, or none for what has none.
event_text(Event) -> text_at(erlang:localtime(), Event).

text_at(Time, Event) ->
    case parts(Event) of
        {Title, Pid, Text} -> [header(Title, Pid, Time), Text()];
        none -> none
    end.

parts({error, _, {Pid, Format, Args}}) -> {"ERROR", Pid, fun() -> text(Format, Args) end};
parts({warning_msg, _, {Pid, Format, Args}}) -> {"WARNING", Pid, fun() -> text(Format, Args) end};
parts({info_msg, _, {Pid, Format, Args}}) -> {"INFO", Pid, fun() -> text(Format, Args) end};
parts({error_report, _, {Pid, std_error, Report}}) -> {"ERROR", Pid, fun() -> report(Report) end};
parts({warning_report, _, {Pid, std_warning, Report}}) -> {"WARNING", Pid, fun() -> report(Report) end};
parts({info_report, _, {Pid, std_info, Report}}) -> {"INFO", Pid, fun() -> report(Report) end};
parts({error_report, _, {Pid, supervisor_report, Report}}) -> {"SUPERVISOR", Pid, fun() -> report(Report) end};
parts({error_report, _, {Pid, crash_report, Report}}) -> {"CRASH", Pid, fun() -> proc_lib:format(Report) end};
parts(_) -> none.

header(Title, Pid, {{Y, M, D}, {H, Min, S}}) ->
    Month = lists:nth(M, ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]),
    Line = io_lib:format("~n=~s REPORT==== ~w-~s-~w::~2.2.0w:~2.2.0w:~2.2.0w ===~n", [Title, D, Month, Y, H, Min, S]),
    case is_pid(Pid) andalso node(Pid) =/= node() of
        true -> [Line, io_lib:format("** at node ~w **~n", [node(Pid)])];
        false -> Line
    end.

text(Format, Args) ->
    try io_lib:format(Format, Args)
    catch _:_ -> io_lib:format("ERROR: ~tp - ~tp~n", [Format, Args])
    end.

report(Report) when is_list(Report) ->
    case io_lib:printable_unicode_list(Report) of
        true -> io_lib:format("~ts~n", [Report]);
        false ->
            [case Item of
                 {Tag, Data} -> io_lib:format("    ~tp: ~tp~n", [Tag, Data]);
                 _ -> io_lib:format("    ~tp~n", [Item])
             end || Item <- Report]
    end;
report(Report) -> io_lib:format("~tp~n", [Report]).

%% @doc Nothing is expected.
handle_info(_, State) -> {ok, State}.

%% @doc Nothing is asked.
handle_call(_, State) -> {ok, {error, bad_query}, State}.

%% @doc Another handler that takes its place gets this.
terminate(_, _) -> {?MODULE, []}.

%% @doc Nothing changes.
code_change(_, State, _) -> {ok, State}.
