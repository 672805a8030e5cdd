%%% proc_lib: processes that know their ancestors, can be started in step with
%%% their parent, and leave a crash report when they fail.
-module(proc_lib).

-export([spawn/1, spawn/2, spawn/3, spawn/4,
         spawn_link/1, spawn_link/2, spawn_link/3, spawn_link/4,
         spawn_opt/2, spawn_opt/3, spawn_opt/4, spawn_opt/5,
         start/3, start/4, start/5, start_link/3, start_link/4, start_link/5,
         start_monitor/3, start_monitor/4, start_monitor/5,
         init_ack/1, init_ack/2, hibernate/3, stop/1, stop/3,
         initial_call/1, translate_initial_call/1,
         format/1, format/2, format/3, report_cb/2]).
-export([init_p/3, init_p/5, wake_up/3]).

-export_type([spawn_option/0, start_spawn_option/0]).

-type priority_level() :: high | low | max | normal.
-type spawn_option() :: link | monitor | {priority, priority_level()} | {atom(), term()}.
-type start_spawn_option() :: link | {priority, priority_level()} | {atom(), term()}.

%%% Spawning.

%% @doc Spawns a process that runs a fun, knows its ancestors and reports when it crashes; gives its pid.
spawn(Fun) when is_function(Fun) ->
    erlang:spawn(?MODULE, init_p, [parent(), ancestors(), Fun]).

%% @doc As spawn/1, on a node.
spawn(Node, Fun) when is_function(Fun) ->
    erlang:spawn(Node, ?MODULE, init_p, [parent(), ancestors(), Fun]).

%% @doc Spawns such a process that calls a function of a module with a list of arguments.
spawn(M, F, A) when is_atom(M), is_atom(F), is_list(A) ->
    erlang:spawn(?MODULE, init_p, [parent(), ancestors(), M, F, A]).

%% @doc As spawn/3, on a node.
spawn(Node, M, F, A) when is_atom(M), is_atom(F), is_list(A) ->
    erlang:spawn(Node, ?MODULE, init_p, [parent(), ancestors(), M, F, A]).

%% @doc As spawn/1, with a link to the caller.
spawn_link(Fun) when is_function(Fun) ->
    erlang:spawn_link(?MODULE, init_p, [parent(), ancestors(), Fun]).

%% @doc As spawn/2, with a link to the caller.
spawn_link(Node, Fun) when is_function(Fun) ->
    erlang:spawn_link(Node, ?MODULE, init_p, [parent(), ancestors(), Fun]).

%% @doc As spawn/3, with a link to the caller.
spawn_link(M, F, A) when is_atom(M), is_atom(F), is_list(A) ->
    erlang:spawn_link(?MODULE, init_p, [parent(), ancestors(), M, F, A]).

%% @doc As spawn/4, with a link to the caller.
spawn_link(Node, M, F, A) when is_atom(M), is_atom(F), is_list(A) ->
    erlang:spawn_link(Node, ?MODULE, init_p, [parent(), ancestors(), M, F, A]).

%% @doc As spawn/1, with options of erlang:spawn_opt/2; gives {Pid, Monitor} where one of them is monitor.
spawn_opt(Fun, Options) when is_function(Fun) ->
    erlang:spawn_opt(?MODULE, init_p, [parent(), ancestors(), Fun], Options).

%% @doc As spawn_opt/2, on a node.
spawn_opt(Node, Fun, Options) when is_function(Fun) ->
    erlang:spawn_opt(Node, ?MODULE, init_p, [parent(), ancestors(), Fun], Options).

%% @doc As spawn/3, with options of erlang:spawn_opt/4; gives {Pid, Monitor} where one of them is monitor.
spawn_opt(M, F, A, Options) when is_atom(M), is_atom(F), is_list(A) ->
    erlang:spawn_opt(?MODULE, init_p, [parent(), ancestors(), M, F, A], Options).

%% @doc As spawn_opt/4, on a node.
spawn_opt(Node, M, F, A, Options) when is_atom(M), is_atom(F), is_list(A) ->
    erlang:spawn_opt(Node, ?MODULE, init_p, [parent(), ancestors(), M, F, A], Options).

%% A parent is known by its name if it has one.
parent() ->
    case erlang:process_info(self(), registered_name) of
        {registered_name, Name} -> Name;
        [] -> self()
    end.

ancestors() ->
    case get('$ancestors') of
        Ancestors when is_list(Ancestors) -> Ancestors;
        _ -> []
    end.

%%% The body of each process.

%% @doc What a process that was spawned with a fun runs first; for this module's own use.
init_p(Parent, Ancestors, Fun) when is_function(Fun) ->
    put('$ancestors', [Parent | Ancestors]),
    put('$initial_call', fun_call(Fun)),
    try
        Fun()
    catch
        Class:Reason:Trace -> exit_p(Class, Reason, Trace)
    end.

%% @doc What a process that was spawned with a function of a module runs first; for this module's own use.
init_p(Parent, Ancestors, M, F, A) when is_atom(M), is_atom(F), is_list(A) ->
    put('$ancestors', [Parent | Ancestors]),
    put('$initial_call', trans_init(M, F, A)),
    init_p_do_apply(M, F, A).

init_p_do_apply(M, F, A) ->
    try
        apply(M, F, A)
    catch
        Class:Reason:Trace -> exit_p(Class, Reason, Trace)
    end.

%% @doc Lets the process sleep until a message comes and then go on with a function; it still reports if it crashes.
%% Does not return.
hibernate(M, F, A) when is_atom(M), is_atom(F), is_list(A) ->
    erlang:hibernate(?MODULE, wake_up, [M, F, A]).

%% @doc Where a process goes on after hibernate/3; for this module's own use.
wake_up(M, F, A) when is_atom(M), is_atom(F), is_list(A) ->
    try
        apply(M, F, A)
    catch
        Class:Reason:Trace -> exit_p(Class, Reason, Trace)
    end.

exit_p(Class, Reason, Trace) ->
    case is_orderly(Class, Reason) of
        true -> ok;
        false -> crash_report(Class, Reason, Trace)
    end,
    erlang:raise(exit, exit_reason(Class, Reason, Trace), Trace).

is_orderly(exit, normal) -> true;
is_orderly(exit, shutdown) -> true;
is_orderly(exit, {shutdown, _}) -> true;
is_orderly(_, _) -> false.

exit_reason(error, Reason, Trace) -> {Reason, Trace};
exit_reason(exit, Reason, _Trace) -> Reason;
exit_reason(throw, Ball, Trace) -> {{nocatch, Ball}, Trace}.

%%% Starting in step.

%% @doc Spawns a process and waits until it says with init_ack that it has started: what it says is the result.
%% {error, Reason} if it ends before that.
start(M, F, A) when is_atom(M), is_atom(F), is_list(A) -> start(M, F, A, infinity).

%% @doc As start/3, for at most so many milliseconds: then the process is killed and the result is {error, timeout}.
start(M, F, A, Timeout) when is_atom(M), is_atom(F), is_list(A) -> start(M, F, A, Timeout, []).

%% @doc As start/4, with options of spawn_opt. Fails with badarg if there is a monitor among them.
start(M, F, A, Timeout, Options) when is_atom(M), is_atom(F), is_list(A) ->
    has_monitor(Options) andalso error(badarg, [M, F, A, Timeout, Options]),
    sync_start(?MODULE:spawn_opt(M, F, A, [monitor | Options]), Timeout).

sync_start({Pid, Monitor}, Timeout) ->
    receive
        {ack, Pid, Reply} ->
            erlang:demonitor(Monitor, [flush]),
            Reply;
        {'DOWN', Monitor, process, Pid, Reason} ->
            {error, Reason}
    after Timeout ->
            erlang:demonitor(Monitor, [flush]),
            kill_flush(Pid),
            {error, timeout}
    end.

%% @doc As start/3, with a link to the caller.
start_link(M, F, A) when is_atom(M), is_atom(F), is_list(A) -> start_link(M, F, A, infinity).

%% @doc As start/4, with a link to the caller.
start_link(M, F, A, Timeout) when is_atom(M), is_atom(F), is_list(A) -> start_link(M, F, A, Timeout, []).

%% @doc As start/5, with a link to the caller.
start_link(M, F, A, Timeout, Options) when is_atom(M), is_atom(F), is_list(A) ->
    has_monitor(Options) andalso error(badarg, [M, F, A, Timeout, Options]),
    sync_start_link(?MODULE:spawn_opt(M, F, A, [link | Options]), Timeout).

sync_start_link(Pid, Timeout) ->
    receive
        {ack, Pid, Reply} -> Reply;
        {'EXIT', Pid, Reason} -> {error, Reason}
    after Timeout ->
            kill_flush(Pid),
            {error, timeout}
    end.

%% @doc As start/3, with a monitor of the process: {Result, Monitor}.
start_monitor(M, F, A) when is_atom(M), is_atom(F), is_list(A) -> start_monitor(M, F, A, infinity).

%% @doc As start/4, with a monitor of the process: {Result, Monitor}.
start_monitor(M, F, A, Timeout) when is_atom(M), is_atom(F), is_list(A) -> start_monitor(M, F, A, Timeout, []).

%% @doc As start/5, with a monitor of the process: {Result, Monitor}. The monitor stays with the caller, and so does
%% its message if the process dies.
start_monitor(M, F, A, Timeout, Options) when is_atom(M), is_atom(F), is_list(A) ->
    has_monitor(Options) andalso error(badarg, [M, F, A, Timeout, Options]),
    sync_start_monitor(?MODULE:spawn_opt(M, F, A, [monitor | Options]), Timeout).

sync_start_monitor({Pid, Monitor}, Timeout) ->
    Reply = receive
                {ack, Pid, Ack} ->
                    Ack;
                {'DOWN', Monitor, process, Pid, Reason} = Down ->
                    self() ! Down,
                    {error, Reason}
            after Timeout ->
                    kill_flush(Pid),
                    {error, timeout}
            end,
    {Reply, Monitor}.

has_monitor(Options) -> lists:member(monitor, Options) orelse lists:keymember(monitor, 1, Options).

kill_flush(Pid) ->
    unlink(Pid),
    exit(Pid, kill),
    receive {'EXIT', Pid, _} -> ok after 0 -> ok end.

%% @doc Says to the starting process that this one has started; the term is what start or start_link gives there.
init_ack(Parent, Reply) ->
    Parent ! {ack, self(), Reply},
    ok.

%% @doc Says to the process that spawned this one that it has started; the term is what start or start_link gives.
init_ack(Reply) ->
    [Parent | _] = get('$ancestors'),
    init_ack(Parent, Reply).

%%% Stopping from outside.

%% @doc Ends a process with the reason normal and waits until it is gone.
stop(Process) -> stop(Process, normal, infinity).

%% @doc Ends a process that answers system messages with a reason and waits until it is gone, at most that long.
%% Exits with noproc if there is none, with timeout, or with the reason if the process ended for another one.
stop(Process, Reason, Timeout) ->
    Monitor = erlang:monitor(process, Process),
    Began = erlang:monotonic_time(millisecond),
    try sys:terminate(Process, Reason, Timeout) of
        ok -> ok
    catch
        exit:{Fault, {sys, terminate, _}} when Fault =:= noproc; Fault =:= timeout ->
            erlang:demonitor(Monitor, [flush]),
            exit(Fault);
        exit:Fault ->
            erlang:demonitor(Monitor, [flush]),
            exit(Fault)
    end,
    receive
        {'DOWN', Monitor, process, _, Reason} -> ok;
        {'DOWN', Monitor, process, _, Other} -> exit(Other)
    after left(Timeout, Began) ->
            erlang:demonitor(Monitor, [flush]),
            exit(timeout)
    end.

left(infinity, _Began) -> infinity;
left(Timeout, Began) -> max(0, Timeout - (erlang:monotonic_time(millisecond) - Began)).

%%% Where a process began.

%% What the process is for rather than which function it runs first: the
%% behaviours all start in gen:init_it.
trans_init(gen, init_it, [gen_server, _, _, supervisor, {_, Module, _}, _]) ->
    {supervisor, Module, 1};
trans_init(gen, init_it, [gen_server, _, _, _, supervisor, {_, Module, _} | _]) ->
    {supervisor, Module, 1};
trans_init(gen, init_it, [gen_server, _, _, supervisor_bridge, [Module | _], _]) ->
    {supervisor_bridge, Module, 1};
trans_init(gen, init_it, [gen_server, _, _, _, supervisor_bridge, [Module | _] | _]) ->
    {supervisor_bridge, Module, 1};
trans_init(gen, init_it, [gen_event | _]) ->
    {gen_event, init_it, 6};
trans_init(gen, init_it, [_, _, _, Module, _, _]) ->
    {Module, init, 1};
trans_init(gen, init_it, [_, _, _, _, Module | _]) ->
    {Module, init, 1};
trans_init(M, F, A) ->
    {M, F, length(A)}.

fun_call(Fun) ->
    {module, Module} = erlang:fun_info(Fun, module),
    {name, Name} = erlang:fun_info(Fun, name),
    {arity, Arity} = erlang:fun_info(Fun, arity),
    {Module, Name, Arity}.

%% @doc The function a process began with, as {Module, Function, Args} with names for the arguments; or false.
%% Takes a pid, its three numbers, or what process_info says of it.
initial_call(Process) ->
    case raw_initial_call(Process) of
        {M, F, Arity} -> {M, F, placeholders(Arity)};
        false -> false
    end.

placeholders(Arity) ->
    [list_to_atom("Argument__" ++ integer_to_list(N)) || N <- lists:seq(1, Arity)].

%% @doc The function a process began with, as {Module, Function, Arity}; for a behaviour, the callback behind it.
translate_initial_call(Process) ->
    case raw_initial_call(Process) of
        {_, _, _} = Call -> Call;
        false -> {?MODULE, init_p, 5}
    end.

%% Whoever asks about something that is no process sees this function by name and argument.
raw_initial_call(Pid) when is_pid(Pid) ->
    case info(Pid, dictionary) of
        {dictionary, Dictionary} -> recorded_call(Dictionary);
        undefined -> false
    end;
raw_initial_call({X, Y, Z}) when is_integer(X), is_integer(Y), is_integer(Z) ->
    raw_initial_call(c:pid(X, Y, Z));
raw_initial_call(Info) when is_list(Info) ->
    case lists:keyfind(dictionary, 1, Info) of
        {dictionary, Dictionary} -> recorded_call(Dictionary);
        false -> false
    end.

recorded_call(Dictionary) ->
    case lists:keyfind('$initial_call', 1, Dictionary) of
        {_, {M, F, A}} when is_list(A) -> trans_init(M, F, A);
        {_, {_, _, _} = Call} -> Call;
        _ -> false
    end.

info(Pid, Item) when node(Pid) =:= node() -> erlang:process_info(Pid, Item);
info(_Pid, _Item) -> undefined.

%%% Crash reports.

crash_report(Class, Reason, Trace) ->
    Report = #{label => {?MODULE, crash}, report => [own_info(Class, Reason, Trace), neighbours()]},
    logger:log(error, Report,
               #{mfa => {?MODULE, crash_report, 4}, file => ?FILE, line => ?LINE,
                 domain => [otp, sasl],
                 report_cb => fun ?MODULE:report_cb/2,
                 logger_formatter => #{title => "CRASH REPORT"},
                 error_logger => #{tag => error_report, type => crash_report}}).

own_info(Class, Reason, Trace) ->
    {M, F, Arity} = case raw_initial_call(erlang:process_info(self(), [dictionary])) of
                        false -> {?MODULE, init_p, 5};
                        Call -> Call
                    end,
    Self = self(),
    [{initial_call, {M, F, placeholders(Arity)}},
     {pid, Self},
     name_of(Self),
     {error_info, {Class, Reason, Trace}},
     {ancestors, ancestors()}
     | [item(Self, Item) || Item <- [message_queue_len, messages, links, dictionary, trap_exit,
                                     status, heap_size, stack_size, reductions]]].

item(Pid, dictionary) ->
    {dictionary, Dictionary} = erlang:process_info(Pid, dictionary),
    {dictionary, [Entry || {Key, _} = Entry <- Dictionary,
                           Key =/= '$ancestors', Key =/= '$initial_call']};
item(Pid, stack_size) ->
    erlang:process_info(Pid, stack_size);
item(Pid, Item) ->
    erlang:process_info(Pid, Item).

name_of(Pid) ->
    case info(Pid, registered_name) of
        {registered_name, _} = Name -> Name;
        _ -> {registered_name, []}
    end.

%% The linked processes, and those linked to them, that the crash takes along.
neighbours() ->
    {links, Links} = erlang:process_info(self(), links),
    neighbours(Links, [self()], []).

neighbours([Pid | Pids], Seen, Reports) when is_pid(Pid) ->
    case lists:member(Pid, Seen) orelse info(Pid, trap_exit) of
        {trap_exit, false} ->
            case neighbour(Pid) of
                undefined -> neighbours(Pids, [Pid | Seen], Reports);
                {Links, Report} -> neighbours(Pids ++ Links, [Pid | Seen],
                                              [{neighbour, Report} | Reports])
            end;
        _ ->
            neighbours(Pids, Seen, Reports)
    end;
neighbours([_Port | Pids], Seen, Reports) ->
    neighbours(Pids, Seen, Reports);
neighbours([], _Seen, Reports) ->
    lists:reverse(Reports).

neighbour(Pid) ->
    Items = [current_function, message_queue_len, links, trap_exit, status, heap_size,
             stack_size, reductions, current_stacktrace, dictionary],
    case info(Pid, Items) of
        undefined ->
            undefined;
        Info ->
            {links, Links} = lists:keyfind(links, 1, Info),
            {dictionary, Dictionary} = lists:keyfind(dictionary, 1, Info),
            Ancestors = case lists:keyfind('$ancestors', 1, Dictionary) of
                            {_, List} -> List;
                            false -> []
                        end,
            [Current | Rest] = lists:keydelete(dictionary, 1, Info),
            {Links, [{pid, Pid}, name_of(Pid), {initial_call, began(Pid, Info)}, Current,
                     {ancestors, Ancestors} | Rest]}
    end.

began(Pid, Info) ->
    case raw_initial_call(Info) of
        {M, F, Arity} ->
            {M, F, placeholders(Arity)};
        false ->
            case info(Pid, initial_call) of
                {initial_call, Call} -> Call;
                undefined -> undefined
            end
    end.

%%% Text of a crash report.

%% @doc The text of a crash report, for an output in Latin-1.
format(Report) -> format(Report, latin1).

%% @doc The text of a crash report for an encoding: latin1, unicode or utf8.
format(Report, Encoding) -> format(Report, Encoding, unlimited).

%% @doc The same, with terms shown to a depth, or unlimited.
format([Own, Neighbours], Encoding, Depth) ->
    Options = #{depth => Depth, chars_limit => unlimited, single_line => false,
                encoding => Encoding},
    lists:flatten(text(Own, Neighbours, Options)).

%% @doc The text of a crash report that logger has got; takes depth, chars_limit, single_line and encoding.
report_cb(#{label := {?MODULE, crash}, report := [Own, Neighbours]}, Extra) ->
    Defaults = #{depth => unlimited, chars_limit => unlimited, single_line => false,
                 encoding => utf8},
    text(Own, Neighbours, maps:merge(Defaults, Extra)).

text(Own, Neighbours, #{chars_limit := Limit} = Options) when is_integer(Limit) ->
    limited_text(Own, Neighbours, Limit, Options);
text(Own, Neighbours, #{single_line := true} = Options) ->
    ["crasher: ", lists:join(", ", [entry(Entry, "", Options) || Entry <- Own]), "; neighbours: ",
     lists:join(", ", [["neighbour: ", lists:join(", ", [entry(E, "", Options) || E <- Info])]
                       || {neighbour, Info} <- Neighbours])];
text(Own, Neighbours, Options) ->
    ["  crasher:\n", lines(Own, "    ", Options), "\n  neighbours:\n",
     lists:join("\n", [["    neighbour:\n", lines(Info, "      ", Options)]
                       || {neighbour, Info} <- Neighbours])].

%% With so many characters at most, as nearly as the parts can be cut: two thirds are for all entries but the exception,
%% in equal shares; it gets what they leave. Of neighbours there are only the pids.
limited_text([First | Own], Neighbours, Limit, #{single_line := Single} = Options) ->
    {Crasher, Indent, Between, Tail, Reserved} =
        case Single of
            true -> {"crasher: ", "", ", ", "; neighbours: ", {9, 12, 24}};
            false -> {"  crasher:\n", "    ", "\n", "\n  neighbours: ", {10, 14, 26}}
        end,
    {OfShares, OfPids, OfException} = Reserved,
    Start = entry(First, Indent, Options),
    Count = 1 + length(Own),
    Share = max(0, Limit - OfShares - length(Between) * Count) * 2 div 3 div Count,
    {Format, Args} = pretty(15, [Pid || {neighbour, [{pid, Pid} | _]} <- Neighbours], Options),
    Pids = io_lib:format(Format, Args, [{chars_limit, max(0, Share - OfPids)}]),
    Others = [limited(Indent, Entry, Share, Options) || {Tag, _} = Entry <- Own, Tag =/= error_info],
    Left = max(1, Limit - OfException - string:length(Start) - string:length(Others) - string:length(Pids)),
    [Crasher, Start, Between, lists:join(Between, with_exception(Own, Others, Indent, Left, Options)), Tail, Pids].

with_exception([{error_info, _} = Exception | Own], Others, Indent, Limit, Options) ->
    [limited(Indent, Exception, Limit, Options) | with_exception(Own, Others, Indent, Limit, Options)];
with_exception([_ | Own], [Text | Others], Indent, Limit, Options) ->
    [Text | with_exception(Own, Others, Indent, Limit, Options)];
with_exception([], [], _, _, _) ->
    [].

limited(Indent, {error_info, {Class, Reason, Trace}}, Limit, #{single_line := true} = Options) ->
    {Format, Args} = pretty(0, {Reason, Trace}, Options),
    [atom_to_list(Class), ": ", cut(Indent, Format, Args, Limit)];
limited(Indent, {error_info, {Class, Reason, Trace}}, Limit, Options) ->
    [Indent, exception(Class, Reason, Trace, Options#{chars_limit => Limit})];
limited(Indent, {Tag, Value}, Limit, Options) ->
    {Format, Args} = pretty(18, Value, Options),
    cut(Indent, "~w: " ++ Format, [Tag | Args], Limit).

cut("", Format, Args, Limit) -> io_lib:format(Format, Args, [{chars_limit, Limit}]);
cut(Indent, Format, Args, Limit) -> io_lib:format("~s" ++ Format, [Indent | Args], [{chars_limit, Limit}]).

lines(Entries, Indent, Options) ->
    lists:join("\n", [entry(Entry, Indent, Options) || Entry <- Entries]).

entry({initial_call, {M, F, Args}}, Indent, Options) when is_list(Args) ->
    [Indent, "initial call: ", io_lib:format(atoms("~~w:~~~sw/~~w", Options), [M, F, length(Args)])];
entry({current_function, {_, _, _} = Call}, Indent, Options) ->
    [Indent, "current_function: ", print(Call, Options)];
entry({error_info, {Class, Reason, Trace}}, _, #{single_line := true} = Options) ->
    [atom_to_list(Class), ": ", print({Reason, Trace}, Options)];
entry({error_info, {Class, Reason, Trace}}, Indent, Options) ->
    [Indent, exception(Class, Reason, Trace, Options)];
entry({Tag, Value}, Indent, Options) ->
    [Indent, io_lib:format("~w: ", [Tag]), print(Value, Options)];
entry(Other, Indent, Options) ->
    [Indent, print(Other, Options)].

exception(Class, Reason, Trace, #{encoding := Encoding} = Options) ->
    Skip = fun(M, _F, _A) -> M =:= ?MODULE end,
    case Options of
        #{chars_limit := Limit} when is_integer(Limit) ->
            Print = fun(Term, Column, Left) ->
                            {Format, Args} = pretty(Column, Term, Options),
                            {io_lib:format(Format, Args, [{chars_limit, Left}]), Left}
                    end,
            erl_error:format_exception(5, Class, Reason, Trace, Skip, Print, Encoding, Limit);
        _ ->
            Print = fun(Term, Column) ->
                            {Format, Args} = pretty(Column, Term, Options),
                            io_lib:format(Format, Args)
                    end,
            erl_error:format_exception(5, Class, Reason, Trace, Skip, Print, Encoding)
    end.

print(Value, #{single_line := true} = Options) ->
    {Format, Args} = pretty(0, Value, Options),
    io_lib:format(Format, Args);
print(Value, Options) ->
    {Format, Args} = pretty(18, Value, Options),
    io_lib:format(Format, Args).

pretty(Column, Term, #{depth := Depth} = Options) ->
    Where = case Options of
                #{single_line := true} -> "~0";
                _ -> "~." ++ integer_to_list(Column)
            end,
    Unicode = case is_latin1(Options) of true -> ""; false -> "t" end,
    case Depth of
        unlimited -> {Where ++ Unicode ++ "p", [Term]};
        _ -> {Where ++ Unicode ++ "P", [Term, Depth]}
    end.

atoms(Template, Options) ->
    lists:flatten(io_lib:format(Template, [case is_latin1(Options) of true -> ""; false -> "t" end])).

is_latin1(#{encoding := latin1}) -> true;
is_latin1(_) -> false.
