%%% init: the first process of the system.
%%%
%%% It takes the command line apart, starts the few processes that programs
%%% rely on (code server, logger, user), asleep, runs what the flags ask for
%%% (-eval, -s, -run) and then opens a shell if one is wanted. Later it answers
%%% questions about the command line and takes the system down in order.
%%%
%%% Start-up time is what this module is careful about: it calls nothing that
%%% would load a module which a script does not need, and it uses no map or bit
%%% syntax.
-module(init).

-export([boot/1]).
-export([reboot/0, get_argument/1, get_arguments/0, get_plain_arguments/0,
         get_status/0, script_id/0, script_name/0, code_path_choice/0,
         objfile_extension/0, archive_extension/0,
         stop/0, stop/1, restart/0, restart/1, notify_when_started/1, wait_until_started/0,
         ensure_loaded/1, fetch_loaded/0, run_on_load_handlers/0,
         make_permanent/2]).

%% What the command line says: flags with their values, plain arguments, and
%% the calls to make, each in the order given.
-record(line, {flags = [], plain = [], calls = []}).

%% The state of the registered process.
%%   args      the command line as it was
%%   booter    the process that runs the -eval, -s and -run calls
%%   kernel    {System, Kernel}, [{Pid, Name}] each, of the processes without which there is no system
%%   status    {starting | started, started}
-record(state, {args, line, booter, kernel = {[], []}, status = {starting, started}}).

%% The modules that must be there before the first process sleeps. What the others
%% need is loaded when they wake.
-define(BOOT_MODULES, [error_handler, logger_server, kernel]).

%%% Entry point for the machine.

%% @doc The first process: takes the command line apart, starts the system and then serves it. Never returns.
boot(Args) ->
    register(init, self()),
    process_flag(trap_exit, true),
    Line = parse(Args),
    _ = [load_boot_module(Module) || Module <- ?BOOT_MODULES],
    show(Line, {progress, preloaded}),
    show(Line, {start, logger}),
    Logger = logger_server:start(log_level(Line)),
    show(Line, {start, application_controller}),
    {System, Kernel} = kernel:start_asleep(given(Line)),
    Self = self(),
    group_leader(Self, Self),
    group_leader(whereis(user), whereis(application_controller)),
    show(Line, {progress, init_kernel_started}),
    Booter = spawn_link(fun() ->
                                group_leader(whereis(user), self()),
                                do_boot(Line, Self, wants_shell(Line))
                        end),
    loop(#state{args = Args, line = Line, booter = Booter, kernel = {System, [{Logger, logger} | Kernel]}}).

%% -init_debug
show(Line, What) ->
    case has(init_debug, Line) of
        true -> erlang:display(What);
        false -> true
    end.

%% How the processes are started that the command line has to do with.
given(Line) ->
    [{code_server, {false, code_server, awake, [path_flags(Line)]}},
     {user, {true, group, user, [input_mode(Line)]}},
     {standard_error, {true, group, standard_error, []}}].

load_boot_module(Module) ->
    case erlang:module_loaded(Module) of
        true ->
            ok;
        false ->
            {ok, Beam} = swerl_code:embedded(Module),
            {module, Module} = erlang:load_module(Module, Beam)
    end.

path_flags(#line{flags = Flags} = Line) ->
    [{before, [Dir || Dirs <- values(pa, Flags), Dir <- Dirs]},
     {behind, [Dir || Dirs <- values(pz, Flags), Dir <- Dirs]},
     {root, case values(root, Flags) of [[Root | _] | _] -> Root; _ -> none end},
     {mode, case values(mode, Flags) of [["embedded"] | _] -> embedded; _ -> interactive end},
     {sticky, not has(nostick, Line)}].

%% -kernel logger_level LEVEL
log_level(#line{flags = Flags}) ->
    case [Level || ["logger_level", Level | _] <- values(kernel, Flags)] of
        [Level | _] -> list_to_atom(Level);
        [] -> notice
    end.

%% Of several flags, the last one counts.
input_mode(#line{flags = Flags}) -> input_mode(Flags, input).

input_mode([{noshell, []} | Flags], _) -> input_mode(Flags, input);
input_mode([{noinput, []} | Flags], _) -> input_mode(Flags, noinput);
input_mode([{detached, _} | Flags], _) -> input_mode(Flags, noinput);
input_mode([_ | Flags], Mode) -> input_mode(Flags, Mode);
input_mode([], Mode) -> Mode.

wants_shell(Line) ->
    not (has(noshell, Line) orelse has(noinput, Line) orelse has(detached, Line)).

has(Flag, #line{flags = Flags}) -> lists:keymember(Flag, 1, Flags).

values(Flag, Flags) -> [Values || {F, Values} <- Flags, F =:= Flag].

%%% The command line.

parse(Args) ->
    Line = parse([to_string(Arg) || Arg <- Args], #line{}),
    #line{flags = lists:reverse(Line#line.flags),
          plain = Line#line.plain,
          calls = lists:reverse(Line#line.calls)}.

to_string(Arg) when is_binary(Arg) ->
    case unicode:characters_to_list(Arg, unicode) of
        List when is_list(List) -> List;
        _ -> binary_to_list(Arg)
    end;
to_string(Arg) when is_list(Arg) ->
    Arg.

parse([], Line) ->
    Line;
parse(["-extra" | Rest], #line{plain = Plain} = Line) ->
    Line#line{plain = Plain ++ Rest};
parse(["--" | Rest], #line{plain = Plain} = Line) ->
    {Values, More} = take_values(Rest),
    parse(More, Line#line{plain = Plain ++ Values});
parse(["-eval" | Rest], Line) ->
    add_call(eval, Rest, Line);
parse(["-s" | Rest], Line) ->
    add_call(s, Rest, Line);
parse(["-run" | Rest], Line) ->
    add_call(run, Rest, Line);
parse([[$- | Flag] | Rest], #line{flags = Flags} = Line) ->
    {Values, More} = take_values(Rest),
    parse(More, Line#line{flags = [{list_to_atom(Flag), Values} | Flags]});
parse([Word | Rest], #line{plain = Plain} = Line) ->
    parse(Rest, Line#line{plain = Plain ++ [Word]}).

add_call(Kind, Args, #line{calls = Calls} = Line) ->
    {Values, More} = take_values(Args),
    parse(More, Line#line{calls = [{Kind, Values} | Calls]}).

%% The words up to the next flag are the values of the one before.
take_values(Args) -> take_values(Args, []).

take_values([[$- | _] | _] = Rest, Values) -> {lists:reverse(Values), Rest};
take_values([Value | Rest], Values) -> take_values(Rest, [Value | Values]);
take_values([], Values) -> {lists:reverse(Values), []}.

%%% The calls, made one after the other in a process of their own.

do_boot(#line{calls = Calls} = Line, Init, WantsShell) ->
    process_flag(trap_exit, true),
    try
        prepare(Line),
        show(Line, {progress, started}),
        start_em(Calls)
    catch
        throw:Ball:Trace -> exit({{nocatch, Ball}, Trace});
        error:Reason:Trace -> exit({Reason, Trace})
    end,
    Init ! {self(), calls_done},
    case WantsShell of
        true -> user_drv:start();
        false -> ok
    end.

%% Most starts need no preparation.
prepare(#line{flags = Flags}) ->
    case lists:any(fun({Flag, _}) -> lists:member(Flag, [boot, config, kernel, name, sname]) end, Flags) of
        true -> swerl_boot:prepare(Flags);
        false -> ok
    end.

start_em([Call | Calls]) ->
    start_it(Call),
    start_em(Calls);
start_em([]) ->
    ok.

start_it({eval, []}) ->
    ok;
start_it({eval, Words}) ->
    Text = joined(Words),
    case plain_calls(unicode:characters_to_binary(Text)) of
        {ok, Calls} ->
            make_calls(Calls, 0),
            ok;
        none ->
            {ok, Tokens, _} = erl_scan:string(Text),
            {ok, Exprs} = swerl_lang:parse_exprs(with_dot(Tokens)),
            {value, _, _} = erl_eval:exprs(Exprs, erl_eval:new_bindings()),
            ok
    end;
start_it({s, Words}) ->
    start_function([list_to_atom(Word) || Word <- Words]);
start_it({run, []}) ->
    ok;
start_it({run, [Module]}) ->
    start_function([list_to_atom(Module)]);
start_it({run, [Module, Function | Args]}) ->
    start_function([list_to_atom(Module), list_to_atom(Function) | Args]).

%% The full stop at the end may be left out.
with_dot([{dot, _}] = Dot) -> Dot;
with_dot([Token | Tokens]) -> [Token | with_dot(Tokens)];
with_dot([]) -> [{dot, 1}].

joined([Word]) -> Word;
joined([Word | Words]) -> Word ++ " " ++ joined(Words);
joined([]) -> [].

%% Calls whose arguments are constants need no evaluator, and mostly that is all there is.
plain_calls(Text) when is_binary(Text) -> swerl_lang:plain_calls(Text);
plain_calls(_) -> none.

make_calls([{Module, Function, Args} | Calls], Made) ->
    _ = try apply(Module, Function, Args)
        catch
            Class:Reason:Trace ->
                erlang:raise(Class, Reason, as_evaluated(Trace, Made, Calls))
        end,
    make_calls(Calls, Made + 1);
make_calls([], _) ->
    ok.

%% The trace shows the evaluator where it stands otherwise: that of a call that fails in the same place tells how.
%% A trace that does not reach down to here stays as it is.
as_evaluated(Trace, Made, Calls) ->
    case lists:splitwith(fun(Frame) -> element(2, Frame) =/= make_calls end, Trace) of
        {Callee, [_ | Rest]} -> Callee ++ evaluator_frames(Made, Calls) ++ Rest;
        {_, []} -> Trace
    end.

evaluator_frames(Made, Calls) ->
    Ok = {atom, 1, ok},
    Failing = {call, 1, {remote, 1, {atom, 1, erlang}, {atom, 1, hd}}, [{nil, 1}]},
    Exprs = [Ok || _ <- lists:seq(1, Made)] ++ [Failing | [Ok || _ <- Calls]],
    Frames = try erl_eval:exprs(Exprs, erl_eval:new_bindings())
             catch error:badarg:Failed -> tl(Failed)
             end,
    [Frame || Frame <- Frames, element(1, Frame) =:= erl_eval].

%% A program finds `lists' loaded.
start_function([]) -> ok;
start_function([init | Call]) -> start_loaded([init | Call]);
start_function(Call) ->
    load_boot_module(lists),
    start_loaded(Call).

start_loaded([Module]) -> Module:start();
start_loaded([Module, Function]) -> Module:Function();
start_loaded([Module, Function | Args]) -> Module:Function(Args).

%%% The registered process.

loop(#state{booter = Booter} = State) ->
    receive
        {Booter, calls_done} ->
            loop(started(State));
        {'EXIT', Booter, normal} ->
            loop(State#state{booter = none});
        {'EXIT', Booter, Reason} ->
            crash(Reason, State);
        {'EXIT', Pid, Reason} ->
            loop(child_died(Pid, Reason, State));
        {init_request, From, Ref, Request} ->
            {Reply, NewState} = answer(Request, From, State),
            From ! {init_reply, Ref, Reply},
            loop(NewState);
        {kernel_died, Name, Reason} ->
            erlang:display({"Kernel pid terminated", Name, Reason}),
            halt_since(["Kernel pid terminated (", atom_to_list(Name), ") (", shorten(Reason, 0), ")"]);
        restart ->
            start_again(stopping(State));
        {stop, Status} ->
            shut_down(Status, stopping(State));
        {io_request, _, _, _} = Request ->
            %% Processes started early may have init as their group leader.
            user ! Request,
            loop(State);
        _ ->
            loop(State)
    end.

started(State) -> State#state{status = {started, started}}.

stopping(#state{status = {_, Provided}} = State) -> State#state{status = {stopping, Provided}}.

%% Without some processes of the core the system ends.
child_died(Pid, Reason, #state{kernel = {System, Kernel}} = State) ->
    case {lists:keyfind(Pid, 1, System), lists:keyfind(Pid, 1, Kernel)} of
        {{Pid, _}, _} -> halt_since(["System process ", pid_to_list(Pid), " terminated: ", shorten(Reason, 0)]);
        {false, {Pid, Name}} -> kernel_died(Name, Reason, State);
        {false, false} -> State
    end.

%% What others have to say of it comes first, for which they may need this process.
kernel_died(Name, Reason, State) ->
    _ = erlang:send_after(500, self(), {kernel_died, Name, Reason}),
    State.

halt_since(Text) -> erlang:halt(lists:flatten(Text)).

answer({get_argument, Flag}, _, #state{line = #line{flags = Flags}} = State) ->
    Reply = case values(Flag, Flags) of
                [] -> error;
                Values -> {ok, Values}
            end,
    {Reply, State};
answer(get_arguments, _, #state{line = #line{flags = Flags}} = State) ->
    {Flags, State};
answer(get_plain_arguments, _, #state{line = #line{plain = Plain}} = State) ->
    {Plain, State};
answer(get_status, _, #state{status = Status} = State) ->
    {Status, State}.

%%% The end.

%% The first calls failed: say why as completely as possible on standard
%% output and in short on standard error, and give up with a crash dump. Whoever writes the terms
%% may ask init for its arguments, so that another process does it.
crash(Reason, State) ->
    spawn(fun() -> give_up(Reason) end),
    loop(State#state{booter = none}).

give_up(Reason) ->
    erlang:display({"init terminating in do_boot", Reason}),
    halt_since(["init terminating in do_boot (", shorten(Reason, 0), ")"]).

%% A reason without what is below the fourth level, and without maps, binaries, references and funs.
shorten(Term, _) when is_atom(Term) -> atom_to_list(Term);
shorten(Term, _) when is_integer(Term) -> integer_to_list(Term);
shorten(Term, _) when is_float(Term) -> float_to_list(Term);
shorten(Term, _) when is_pid(Term) -> pid_to_list(Term);
shorten([], _) -> "[]";
shorten(Term, Level) when is_list(Term), Level > 3 -> "[_]";
shorten(Term, Level) when is_list(Term) ->
    case io_lib:deep_latin1_char_list(Term) andalso io_lib:printable_latin1_list(lists:flatten(Term)) of
        true -> Term;
        false -> [$[, shorten_all(Term, Level), $]]
    end;
shorten(Term, Level) when is_tuple(Term), Level > 3 -> "{_}";
shorten(Term, Level) when is_tuple(Term) -> [${, shorten_all(tuple_to_list(Term), Level), $}];
shorten(_, _) -> "".

shorten_all([Term], Level) -> shorten(Term, Level + 1);
shorten_all([Term | Terms], Level) -> [shorten(Term, Level + 1), $, | shorten_all(Terms, Level)];
shorten_all(Rest, Level) -> shorten(Rest, Level + 1).

shut_down(Status, State) ->
    finish_shell(State),
    stop_applications(State),
    flush_logger(),
    flush_user(),
    erlang:halt(Status).

%% All is taken down but the machine, which boots anew: no process is left but this one, and no module but those of
%% the library.
start_again(#state{args = Args} = State) ->
    finish_shell(State),
    stop_applications(State),
    flush_logger(),
    flush_user(),
    Root = code:root_dir(),
    Modules = [Module || {Module, File} <- code:all_loaded(), is_list(File), not lists:prefix(Root, File)],
    end_processes(processes() -- [self()]),
    _ = [erlang:delete_module(Module) =:= true andalso erts_internal:purge_module(Module, kill) || Module <- Modules],
    unregister(init),
    forget_messages(),
    boot(Args).

%% Those that ended processes have started meanwhile end as well.
end_processes([]) -> ok;
end_processes(Pids) ->
    %% Nobody shall mourn another one.
    _ = [catch erlang:suspend_process(Pid) || Pid <- Pids],
    Refs = [{erlang:monitor(process, Pid), exit(Pid, kill)} || Pid <- Pids],
    _ = [receive {'DOWN', Ref, process, _, _} -> ok end || {Ref, true} <- Refs],
    end_processes(processes() -- [self()]).

forget_messages() ->
    receive _ -> forget_messages()
    after 0 -> ok
    end.

%% What a shell is evaluating, the call that stops the system for one, is
%% finished and its value shown, if that takes no longer than a second. A shell
%% that reads commands from a pipe gets to see the end of its input.
finish_shell(State) ->
    case whereis(user_drv) of
        undefined ->
            ok;
        Driver ->
            Ref = erlang:monitor(process, Driver),
            Driver ! {stopping, self(), Ref},
            await_stopped(Ref, 1000, State)
    end.

%% Applications are taken down by their controller, if one was ever needed.
stop_applications(State) ->
    Controller = whereis(application_controller),
    case is_awake(Controller) of
        false ->
            ok;
        true ->
            Ref = erlang:monitor(process, Controller),
            Controller ! {init_stop, self(), Ref},
            await_applications(Ref, shutdown_time(State), State)
    end.

await_applications(Ref, Limit, State) ->
    case await_stopped(Ref, Limit, State) of
        timeout -> erlang:display({init, shutdown_timeout});
        _ -> true
    end.

%% -shutdown_time MILLISECONDS
shutdown_time(#state{line = #line{flags = Flags}}) ->
    try [list_to_integer(Time) || [Time] <- values(shutdown_time, Flags)] of
        [Time | _] when Time >= 0 -> Time;
        _ -> infinity
    catch
        error:badarg -> infinity
    end.

is_awake(undefined) -> false;
is_awake(Pid) ->
    process_info(Pid, [current_function, message_queue_len])
        =/= [{current_function, {erlang, hibernate, 3}}, {message_queue_len, 0}].

%% Who is asked to finish may have a question first: init answers to the end.
await_stopped(Ref, Limit, State) ->
    receive
        {Ref, stopped} ->
            erlang:demonitor(Ref, [flush]);
        {'DOWN', Ref, process, _, _} ->
            true;
        {init_request, From, ReqRef, Request} ->
            {Reply, NewState} = answer(Request, From, State),
            From ! {init_reply, ReqRef, Reply},
            await_stopped(Ref, Limit, NewState);
        {io_request, _, _, _} = Request ->
            %% What an application prints while it is taken down.
            user ! Request,
            await_stopped(Ref, Limit, State)
    after Limit ->
            erlang:demonitor(Ref, [flush]),
            timeout
    end.

%% What was logged is written: the reports of the machine reach the handler first.
flush_logger() ->
    _ = [begin
             Pid = whereis(Name),
             case is_awake(Pid) of
                 true ->
                     Ref = erlang:monitor(process, Pid),
                     Pid ! {sync, self(), Ref},
                     receive
                         {Ref, _} -> ok;
                         {'DOWN', Ref, process, _, _} -> ok
                     after 5000 -> ok
                     end;
                 false -> ok
             end
         end || Name <- [logger, logger_proxy, logger_std_h_default]],
    ok.

%% Output is written in the order of the requests: when this one is answered,
%% all earlier ones are out.
flush_user() ->
    User = whereis(user),
    case is_awake(User) of
        false ->
            ok;
        true ->
            Ref = erlang:monitor(process, User),
            User ! {io_request, self(), Ref, {put_chars, unicode, []}},
            receive
                {io_reply, Ref, _} -> ok;
                {'DOWN', Ref, process, _, _} -> ok
            after 5000 -> ok
            end
    end.

%%% Interface functions.

%% @doc {ok, [Values]} of a flag of the command line, for each time that it is there; error where it is not.
get_argument(Flag) -> request({get_argument, Flag}).

%% @doc All flags of the command line, each as {Flag, Values}.
get_arguments() -> request(get_arguments).

%% @doc The words of the command line that belong to no flag, as those after -extra.
get_plain_arguments() -> request(get_plain_arguments).

%% @doc {Status, Provided}: whether the system is starting, started or stopping, and how far it has come.
get_status() -> request(get_status).

%% @doc Would have {init, started} sent to a process when the system has started. It has before any call is made: started.
notify_when_started(_Pid) -> started.

%% @doc Waits until the system has started, as it has.
wait_until_started() -> ok.

%% @doc The name and the release that the system was booted as.
script_id() -> {"Erlang/OTP", erlang:system_info(otp_release)}.

%% @doc The name of the boot script, by the flag -boot: the file itself need not be there.
script_name() ->
    Name = case get_argument(boot) of
               {ok, [[Boot | _] | _]} -> Boot;
               _ -> "start"
           end,
    filename:absname(Name, filename:join(code:root_dir(), "bin")) ++ ".boot".

%% @doc How names of directories of applications in scripts are meant: relaxed, or what -code_path_choice says.
code_path_choice() ->
    case get_argument(code_path_choice) of
        {ok, [["strict"] | _]} -> strict;
        _ -> relaxed
    end.

%% @doc How the names of files with object code end: ".beam".
objfile_extension() -> ".beam".

%% @doc How the names of archives with applications end: ".ez".
archive_extension() -> ".ez".

%% @doc Loads a module unless it is loaded, as code:ensure_loaded/1.
ensure_loaded(Module) -> code:ensure_loaded(Module).

%% @doc The modules that a boot script has loaded. There are none: there is no script.
fetch_loaded() -> [].

%% @doc Runs what modules of a boot script do when they are loaded; there is nothing to run.
run_on_load_handlers() -> ok.

%% @doc Would have a boot file and a configuration used from the next start on; {error, no_release}.
make_permanent(_Boot, _Config) -> {error, no_release}.

%% @doc Takes the system down in order and ends it, with status 0. Returns ok at once.
stop() -> stop(0).

%% @doc Takes all down, without ending the machine, and boots again.
restart() -> restart([]).

%% @doc As restart/0. The mode in which code is loaded makes no difference: what is needed is always loaded then.
restart([]) ->
    init ! restart,
    ok;
restart([{mode, Mode}]) when Mode =:= embedded; Mode =:= interactive ->
    restart([]);
restart(Options) when is_list(Options) ->
    erlang:error(badarg, [Options]).

%% @doc Takes the system down; who watches it starts it again.
reboot() -> stop(0).

%% @doc As stop/0, with an exit status or the slogan of a crash dump; fails with badarg for other terms.
stop(Status) when is_integer(Status), Status >= 0; is_list(Status) ->
    init ! {stop, Status},
    ok;
stop(_) ->
    error(badarg).

request(Request) ->
    Ref = make_ref(),
    init ! {init_request, self(), Ref, Request},
    receive {init_reply, Ref, Reply} -> Reply end.
