%%% The interactive shell: reads expressions, evaluates them, prints their values.
%%%
%%% Three processes work together. The shell itself keeps bindings, record definitions, history and
%%% results. The evaluator runs the commands; an exception kills it, and the shell starts the next
%%% one with the bindings from before the failed expression. The reader, one for each command,
%%% waits for input, so that the shell can tell of an evaluator that dies meanwhile.
%%%
%%% Records are expanded and read in `swerl_shell_records', values laid out in `swerl_shell_print'.
-module(shell).

-export([start/0, start/1, start/2, server/1, server/2, whereis_evaluator/0, whereis_evaluator/1,
         history/1, results/1, catch_exception/1, prompt_func/1, strings/1,
         start_restricted/1, stop_restricted/0, local_allowed/3, non_local_allowed/3]).

-define(DEFAULT_HISTORY, 20).
-define(DEFAULT_RESULTS, 20).

%% What the shell knows between two commands.
-record(shell, {number = 1 :: pos_integer(),
                evaluator :: pid(),
                bindings :: erl_eval:binding_struct(),
                records = swerl_shell_records:new() :: swerl_shell_records:table(),
                dictionary = [] :: [{term(), term()}],
                commands = #{} :: #{pos_integer() => [erl_parse:abstract_expr()]},
                results = #{} :: #{pos_integer() => term()}}).

%%% Starting.

%% @doc Starts a shell process.
-spec start() -> pid().
start() ->
    start(false, false).

%% @doc As start/0; with init the shell waits until the system is up.
-spec start(boolean() | init) -> pid().
start(init) ->
    start(false, true);
start(NoCtrlG) ->
    start(NoCtrlG, false).

%% @doc As start/0; with true as StartSync the shell waits until the system is up. The first argument changes nothing.
-spec start(boolean(), boolean()) -> pid().
start(NoCtrlG, StartSync) ->
    spawn(fun() -> server(NoCtrlG, StartSync) end).

%% @doc Runs a shell in the calling process. With StartSync the system is up before the first prompt.
-spec server(boolean(), boolean()) -> no_return().
server(_NoCtrlG, StartSync) ->
    server(StartSync).

%% @doc Runs a shell in the calling process; with true it waits until the system is up.
-spec server(boolean()) -> no_return().
server(StartSync) ->
    StartSync =:= true andalso wait_until_started(),
    Bs = erl_eval:new_bindings(),
    process_flag(trap_exit, true),
    io:fwrite("Eshell V~s  (abort with ^G)\n", [erlang:system_info(version)]),
    Eval = start_evaluator(Bs, []),
    loop(#shell{evaluator = Eval, bindings = Bs}).

wait_until_started() ->
    case init:notify_when_started(self()) of
        started -> ok;
        _ -> init:wait_until_started()
    end.

%% @doc The evaluator of the shell that belongs to the caller's group leader.
-spec whereis_evaluator() -> undefined | pid().
whereis_evaluator() ->
    case process_info(self(), dictionary) of
        {dictionary, Dictionary} -> proplists:get_value(evaluator, Dictionary, undefined);
        undefined -> undefined
    end.

%% @doc The evaluator of the given shell.
-spec whereis_evaluator(pid()) -> undefined | pid().
whereis_evaluator(Shell) ->
    case process_info(Shell, dictionary) of
        {dictionary, Dictionary} -> proplists:get_value(evaluator, Dictionary, undefined);
        undefined -> undefined
    end.

%%% The loop.

-spec loop(#shell{}) -> no_return().
loop(#shell{number = N} = S0) ->
    {Prompt, S1} = prompt(S0),
    {Input, S2} = read_command(Prompt, S1),
    case Input of
        {ok, Exprs0} ->
            case substitute_history(Exprs0, N, S2) of
                {ok, Exprs} ->
                    {Value, S3} = command(Exprs, cmd, S2),
                    loop(remember(Exprs, Value, S3));
                {error, Text} ->
                    fwrite_severity(benign, "~ts", [Text]),
                    loop(S2)
            end;
        {error, {Location, Module, Reason}} ->
            fwrite_severity(benign, "~s: ~ts",
                            [location_text(Location), Module:format_error(Reason)]),
            loop(S2);
        {error, terminated} ->
            exit(S2#shell.evaluator, kill),
            exit(normal);
        {error, interrupted} ->
            %% Ctrl-C: what was typed so far is dropped, nothing else.
            loop(S2);
        {error, stopped} ->
            exit(S2#shell.evaluator, kill),
            {_, S3} = await(cmd, S2),
            loop(S3);
        {error, _Unreadable} ->
            fwrite_severity(fatal, "Terminating shell", []),
            exit(S2#shell.evaluator, kill),
            exit(normal);
        eof ->
            fwrite_severity(fatal, "Terminating erlang (~w)", [node()]),
            halt()
    end.

%% The prompt: the number of the command, unless the user has a function for it.
prompt(#shell{number = N} = S) ->
    case get_env(shell_prompt_func, default) of
        {Module, Function} = Name ->
            A = erl_anno:new(1),
            Call = {call, A, {remote, A, {atom, A, Module}, {atom, A, Function}},
                    [{value, A, [{history, N}]}]},
            {Value, S1} = command([Call], pmt, S),
            case is_printable(Value) of
                true ->
                    {unicode:characters_to_list(Value), S1};
                false ->
                    fwrite_severity(benign, "Bad prompt function: ~tp", [Name]),
                    {default_prompt(N), S1}
            end;
        _ ->
            {default_prompt(N), S}
    end.

is_printable(Value) ->
    try unicode:characters_to_list(Value) of
        Chars when is_list(Chars) -> io_lib:printable_unicode_list(Chars);
        _ -> false
    catch
        error:_ -> false
    end.

default_prompt(N) ->
    Text = case is_alive() of
               true -> io_lib:format("(~s)~w> ", [node(), N]);
               false -> io_lib:format("~w> ", [N])
           end,
    lists:flatten(Text).

location_text({Line, Column}) -> io_lib:format("~w:~w", [Line, Column]);
location_text(Line) -> io_lib:format("~w", [Line]).

%%% Reading.

%% Reads in a process of its own, and reports an evaluator that dies meanwhile.
read_command(Prompt, S) ->
    Reader = spawn_link(fun() -> exit({read, read(Prompt)}) end),
    await_input(Reader, S).

await_input(Reader, #shell{evaluator = Eval} = S) ->
    receive
        {'EXIT', Reader, {read, Input}} ->
            {Input, S};
        {'EXIT', Reader, Reason} ->
            {{error, Reason}, S};
        {'EXIT', Eval, Reason} ->
            await_input(Reader, evaluator_died(Reason, S));
        {shell_req, From, Request} ->
            await_input(Reader, answer(From, Request, S));
        {'EXIT', _Other, interrupt} ->
            exit(Reader, kill),
            {{error, stopped}, S};
        _Other ->
            await_input(Reader, S)
    end.

read(Prompt) ->
    case io:scan_erl_exprs(group_leader(), Prompt, {1, 1}, [text]) of
        {ok, Tokens, _End} ->
            case erl_eval:extended_parse_exprs(Tokens) of
                {ok, Exprs, _} -> {ok, Exprs};
                {error, _} = Error -> Error
            end;
        {eof, _End} ->
            eof;
        {error, {_, _, _} = Error, _End} ->
            skip_line(),
            {error, Error};
        {error, {_, _, _}} = Error ->
            skip_line(),
            Error;
        {error, Reason} ->
            {error, Reason};
        eof ->
            eof
    end.

%% What follows a token that cannot be read is not looked at.
skip_line() ->
    Options = io:getopts(),
    Echo = proplists:get_value(echo, Options, true),
    _ = io:setopts([{echo, false}]),
    _ = io:get_line(''),
    _ = io:setopts([{echo, Echo}]).

%%% Commands and their outcome.

%% W says what for: a command (cmd) or a prompt (pmt).
command(Exprs, W, #shell{evaluator = Eval} = S) ->
    Eval ! {shell_cmd, self(), {eval, Exprs}, W},
    await(W, S).

%% Waits for the value of a command; serves the evaluator meanwhile.
await(W, #shell{evaluator = Eval} = S) ->
    receive
        {shell_rep, Eval, {value, Value, Bs, Dictionary}} ->
            {Value, S#shell{bindings = Bs, dictionary = Dictionary}};
        {shell_rep, Eval, {command_error, {Location, Module, Reason}}} ->
            fwrite_severity(benign, "~s: ~ts",
                            [location_text(Location), Module:format_error(Reason)]),
            {{'EXIT', Reason}, S};
        {shell_rep, Eval, {caught, Class, Reason, Stack, Dictionary}} ->
            report_exception(Class, benign, Reason, Stack, S),
            {exit_value(Class, Reason, Stack), S#shell{dictionary = Dictionary}};
        {shell_rep, Eval, {exception, Class, Reason, Stack, Dictionary}} ->
            report_exception(Class, serious, Reason, Stack, S),
            receive {'EXIT', Eval, _} -> ok end,
            {exit_value(Class, Reason, Stack), restart(S#shell{dictionary = Dictionary})};
        {shell_req, From, Request} ->
            await(W, answer(From, Request, S));
        {'EXIT', Eval, Reason} ->
            {{'EXIT', Reason}, evaluator_died(Reason, S)};
        {'EXIT', _Other, interrupt} ->
            exit(Eval, interrupt),
            await(W, S);
        _Other ->
            await(W, S)
    end.

exit_value(throw, Reason, Stack) -> {'EXIT', {{nocatch, Reason}, Stack}};
exit_value(_, Reason, Stack) -> {'EXIT', {Reason, Stack}}.

%% The evaluator was killed by a signal.
evaluator_died({Reason, Stack}, S) when is_list(Stack) ->
    case is_stacktrace(Stack) of
        true -> report_exception(exit, serious, Reason, Stack, S);
        false -> report_exception(exit, serious, {Reason, Stack}, [], S)
    end,
    restart(S);
evaluator_died(Reason, S) ->
    report_exception(exit, serious, Reason, [], S),
    restart(S).

is_stacktrace([{M, F, A, I} | Rest]) when is_atom(M), is_atom(F), is_list(I) ->
    (is_integer(A) orelse is_list(A)) andalso is_stacktrace(Rest);
is_stacktrace([]) -> true;
is_stacktrace(_) -> false.

restart(#shell{bindings = Bs, dictionary = Dictionary} = S) ->
    S#shell{evaluator = start_evaluator(Bs, Dictionary)}.

report_exception(Class, Severity, Reason, Stack, #shell{records = Records}) ->
    Mark = severity_mark(Severity),
    Encoding = encoding(),
    Skip = fun(M, _F, _A) -> M =:= erl_eval orelse M =:= ?MODULE end,
    Print = fun(Term, Column) -> swerl_shell_print:term(Term, Column, Records, Encoding) end,
    Text = erl_error:format_exception(length(Mark) + 2, Class, Reason, Stack, Skip, Print,
                                      Encoding),
    io:requests([{put_chars, unicode, [Mark, " ", Text]}, nl]).

severity_mark(benign) -> "*";
severity_mark(serious) -> "**";
severity_mark(fatal) -> "***".

fwrite_severity(Severity, Format, Args) ->
    io:fwrite(severity_mark(Severity) ++ " " ++ Format ++ "\n", Args).

encoding() -> swerl_shell_print:encoding(io:getopts()).

%% What the evaluator asks of the shell.
answer(From, Request, S0) ->
    {Reply, S} = answer(Request, S0),
    From ! {shell_rep, self(), Reply},
    S.

answer(get_records, #shell{records = Records} = S) ->
    {Records, S};
answer({set_records, Records}, S) ->
    {ok, S#shell{records = Records}};
answer({get_result, N}, #shell{results = Results} = S) ->
    {maps:find(N, Results), S};
answer(get_history, #shell{number = N, commands = Commands, results = Results} = S) ->
    Entries = [{K, maps:get(K, Commands), maps:find(K, Results)}
               || K <- lists:sort(maps:keys(Commands)), K < N],
    {Entries, S};
answer(names, #shell{bindings = Bs, records = Records} = S) ->
    Fields = fun(Field) ->
        case Field of
            {typed_record_field, F, _} -> element(3, element(3, F));
            F -> element(3, element(3, F))
        end
    end,
    Names = #{variables => [atom_to_list(Name) || {Name, _} <- erl_eval:bindings(Bs)],
              records => [{atom_to_list(Name), [atom_to_list(Fields(F)) || F <- Fs]}
                          || {attribute, _, record, {Name, Fs}} <- swerl_shell_records:attributes(Records)]},
    {Names, S};
answer(exit, #shell{evaluator = Eval}) ->
    unlink(Eval),
    exit(Eval, kill),
    exit(normal).

%%% History.

%% Keeps a command and its value, and drops those that became too old.
remember(Exprs, Value, #shell{number = N, commands = Commands, results = Results} = S) ->
    History = get_env(shell_history_length, ?DEFAULT_HISTORY),
    Saved = min(History, get_env(shell_saved_results, ?DEFAULT_RESULTS)),
    S#shell{number = N + 1,
            commands = newest(History, N, maps:put(N, Exprs, Commands)),
            results = newest(Saved, N, maps:put(N, Value, Results))}.

newest(Count, N, Map) ->
    maps:filter(fun(K, _) -> K > N - Count end, Map).

%% Puts commands in place of e(N), and absolute numbers into v(N).
substitute_history(Exprs, N, S) ->
    try {ok, substitute(Exprs, N, S)}
    catch throw:{not_found, Text} -> {error, Text}
    end.

substitute([{call, _, {atom, _, e}, [Arg]} | Exprs], N, #shell{commands = Commands} = S) ->
    {_, Key} = history_key(Arg, N),
    case maps:find(Key, Commands) of
        {ok, Command} when Key < N -> Command ++ substitute(Exprs, N, S);
        _ -> throw({not_found, not_found_text(Arg)})
    end;
substitute([E | Exprs], N, S) ->
    [substitute_value(E, N, S) | substitute(Exprs, N, S)];
substitute([], _N, _S) ->
    [].

substitute_value({call, A, {atom, _, v} = Name, [Arg]}, N, #shell{results = Results} = S) ->
    case history_key(Arg, N) of
        {ok, Key} ->
            case is_map_key(Key, Results) andalso Key < N of
                true -> {call, A, Name, [{integer, A, Key}]};
                false -> throw({not_found, not_found_text(Arg)})
            end;
        error ->
            {call, A, Name, [substitute_value(Arg, N, S)]}
    end;
substitute_value(Tuple, N, S) when is_tuple(Tuple) ->
    list_to_tuple(substitute_value(tuple_to_list(Tuple), N, S));
substitute_value([H | T], N, S) ->
    [substitute_value(H, N, S) | substitute_value(T, N, S)];
substitute_value(Other, _N, _S) ->
    Other.

history_key(Arg, N) ->
    case erl_eval:partial_eval(Arg) of
        {integer, _, K} when K < 0 -> {ok, N + K};
        {integer, _, K} -> {ok, K};
        {op, _, '-', {integer, _, K}} -> {ok, N - K};
        _ -> error
    end.

not_found_text(Arg) ->
    case history_key(Arg, 0) of
        {ok, K} -> io_lib:format("~w: command not found", [K]);
        error -> io_lib:format("~ts: command not found", [erl_pp:expr(Arg)])
    end.

%%% The evaluator.

start_evaluator(Bs, Dictionary) ->
    Shell = self(),
    Eval = spawn_link(fun() -> evaluator(Shell, Bs, Dictionary) end),
    put(evaluator, Eval),
    Eval.

-spec evaluator(pid(), erl_eval:binding_struct(), [{term(), term()}]) -> no_return().
evaluator(Shell, Bs, Dictionary) ->
    lists:foreach(fun({Key, Value}) -> put(Key, Value) end, Dictionary),
    case get_env(restricted_shell, undefined) of
        undefined -> eval_loop(Shell, Bs, handlers(Shell));
        Module -> eval_loop(Shell, Bs, swerl_shell_restricted:handlers(Shell, Module, handlers(Shell)))
    end.

%% The handlers of local and of other functions.
handlers(Shell) ->
    Ef = {value, fun(MForFun, As) -> apply_fun(MForFun, As, Shell) end},
    Lf = {eval, fun(F, As, Bs) -> local_func(F, As, Bs, Shell, Ef) end},
    {Lf, Ef}.

eval_loop(Shell, Bs0, {Lf, Ef} = Handlers) ->
    receive
        {shell_cmd, Shell, {eval, Exprs}, W} ->
            Bs = eval_exprs(Exprs, Shell, Bs0, Lf, Ef, W,
                            get_env(shell_catch_exception, false)),
            eval_loop(Shell, Bs, Handlers)
    end.

%% Gives the bindings to go on with.
eval_exprs(Exprs, Shell, Bs0, Lf, Ef, W, CatchException) ->
    try
        Reply = exprs(Exprs, Bs0, Shell, Lf, Ef, ok, W),
        Shell ! {shell_rep, self(), Reply},
        case Reply of
            {value, _, Bs, _} -> Bs;
            {command_error, _} -> Bs0
        end
    catch
        exit:normal when CatchException =/= true ->
            Shell ! {shell_rep, self(), {exception, exit, normal, [], get()}},
            exit(normal);
        Class:Reason:Stack when CatchException =:= true ->
            Shell ! {shell_rep, self(), {caught, Class, Reason, Stack, get()}},
            Bs0;
        Class:Reason:Stack ->
            Shell ! {shell_rep, self(), {exception, Class, Reason, Stack, get()}},
            {'EXIT', ExitReason} = exit_value(Class, Reason, Stack),
            exit(ExitReason)
    end.

%% Evaluates one expression after the other; V is the value so far.
exprs([E0 | Es], Bs0, Shell, Lf, Ef, _V, W) ->
    Records = request(Shell, get_records),
    case prepare(E0, Bs0, Records, Shell) of
        {ok, E} ->
            {value, V, Bs} = erl_eval:expr(E, Bs0, Lf, Ef, none),
            exprs(Es, Bs, Shell, Lf, Ef, V, W);
        {error, Error} ->
            {command_error, Error}
    end;
exprs([], Bs, Shell, _Lf, _Ef, V, W) ->
    W =:= cmd andalso print_value(V, request(Shell, get_records)),
    {value, V, Bs, get()}.

print_value(V, Records) ->
    io:requests([{put_chars, unicode, swerl_shell_print:term(V, 1, Records, encoding())}, nl]).

%% Checks an expression, and takes out of it what only the shell knows. The variable to forget need
%% not be bound.
prepare({call, _, {atom, _, f}, [{var, _, _}]} = Forget, _Bs, _Records, _Shell) ->
    {ok, Forget};
prepare(E0, Bs, Records, Shell) ->
    E = insert_values(E0, Shell),
    case erl_lint:exprs(swerl_shell_records:attributes(Records) ++ [E], erl_eval:bindings(Bs)) of
        {ok, _} -> {ok, swerl_shell_records:expand(E, Records)};
        {error, [{_File, [Error | _]} | _], _} -> {error, Error}
    end.

%% The value of an earlier command in place of v(N).
insert_values({call, A, {atom, _, v}, [{integer, _, N}]} = Call, Shell) ->
    case request(Shell, {get_result, N}) of
        {ok, Value} -> {value, A, Value};
        error -> Call
    end;
insert_values({value, _, _} = Value, _Shell) ->
    Value;
insert_values(Tuple, Shell) when is_tuple(Tuple) ->
    list_to_tuple(insert_values(tuple_to_list(Tuple), Shell));
insert_values([H | T], Shell) ->
    [insert_values(H, Shell) | insert_values(T, Shell)];
insert_values(Other, _Shell) ->
    Other.

%% Every call that is not local comes through here.
apply_fun({erlang, F}, [A], _Shell) -> erlang:F(A);
apply_fun({M, F}, As, _Shell) -> apply(M, F, As);
apply_fun(Fun, As, _Shell) -> apply(Fun, As).

request(Shell, Request) ->
    Shell ! {shell_req, self(), Request},
    receive {shell_rep, Shell, Reply} -> Reply end.

%%% Local functions: the shell's own, then those of user_default and shell_default.

local_func(v, [{integer, _, N}], Bs, Shell, _Ef) ->
    case request(Shell, {get_result, N}) of
        {ok, Value} -> {value, Value, Bs};
        error -> erlang:error(function_clause)
    end;
local_func(h, [], Bs, Shell, _Ef) ->
    Records = request(Shell, get_records),
    swerl_shell_print:history(request(Shell, get_history), Records, encoding()),
    {value, ok, Bs};
local_func(b, [], Bs, Shell, _Ef) ->
    swerl_shell_print:bindings(erl_eval:bindings(Bs), request(Shell, get_records), encoding()),
    {value, ok, Bs};
local_func(f, [], _Bs, _Shell, _Ef) ->
    {value, ok, erl_eval:new_bindings()};
local_func(f, [{var, _, Name}], Bs, _Shell, _Ef) ->
    {value, ok, erl_eval:del_binding(Name, Bs)};
local_func(f, [_Other], _Bs, _Shell, _Ef) ->
    erlang:raise(error, function_clause, [{?MODULE, f, 1, []}]);
local_func(rd, [{atom, _, Name}, Definition], Bs, Shell, _Ef) ->
    Records = request(Shell, get_records),
    case swerl_shell_records:define(Name, Definition, Records) of
        {ok, Records1} ->
            request(Shell, {set_records, Records1}),
            {value, Name, Bs};
        {error, Text} ->
            exit(Text)
    end;
local_func(rd, [_, _], _Bs, _Shell, _Ef) ->
    erlang:raise(error, function_clause, [{?MODULE, rd, 2, []}]);
local_func(rf, [], Bs, Shell, _Ef) ->
    request(Shell, {set_records, swerl_shell_records:new()}),
    {value, ok, Bs};
local_func(rf, [Arg], Bs0, Shell, Ef) ->
    {[Names], Bs} = evaluate([Arg], Bs0, Shell, Ef),
    Records = request(Shell, get_records),
    request(Shell, {set_records, swerl_shell_records:forget(Names, Records)}),
    {value, ok, Bs};
local_func(rl, [], Bs, Shell, _Ef) ->
    {value, swerl_shell_print:records('_', request(Shell, get_records), encoding()), Bs};
local_func(rl, [Arg], Bs0, Shell, Ef) ->
    {[Names], Bs} = evaluate([Arg], Bs0, Shell, Ef),
    {value, swerl_shell_print:records(Names, request(Shell, get_records), encoding()), Bs};
local_func(rp, [Arg], Bs0, Shell, Ef) ->
    {[Value], Bs} = evaluate([Arg], Bs0, Shell, Ef),
    swerl_shell_print:whole(Value, request(Shell, get_records), encoding()),
    {value, ok, Bs};
local_func(rr, Args, Bs0, Shell, Ef) when length(Args) >= 1, length(Args) =< 3 ->
    {Values, Bs} = evaluate(Args, Bs0, Shell, Ef),
    {value, read_records(Values, Shell), Bs};
local_func(exit, [], _Bs, Shell, _Ef) ->
    request(Shell, exit);
local_func(Setting, [Arg], Bs0, Shell, Ef)
  when Setting =:= history; Setting =:= results; Setting =:= catch_exception ->
    {[Value], Bs} = evaluate([Arg], Bs0, Shell, Ef),
    {value, ?MODULE:Setting(Value), Bs};
local_func(F, As0, Bs0, Shell, {value, Apply} = Ef) when is_atom(F) ->
    {As, Bs} = evaluate(As0, Bs0, Shell, Ef),
    Arity = length(As),
    case [M || M <- [user_default, shell_default], is_exported(M, F, Arity)] of
        [Module | _] -> {value, Apply({Module, F}, As), Bs};
        [] -> shell_undef(F, Arity)
    end.

evaluate(Args, Bs, Shell, Ef) ->
    Lf = {eval, fun(F, As, Bs1) -> local_func(F, As, Bs1, Shell, Ef) end},
    erl_eval:expr_list(Args, Bs, Lf, Ef).

read_records([File], Shell) ->
    read_records([File, '_', []], Shell);
read_records([File, Names], Shell) ->
    read_records([File, Names, []], Shell);
read_records([File, Names, Options], Shell) ->
    case swerl_shell_records:read(File, Names, Options, request(Shell, get_records)) of
        {ok, Read, Records} ->
            request(Shell, {set_records, Records}),
            Read;
        {error, _} = Error ->
            Error
    end.

is_exported(M, F, Arity) ->
    code:ensure_loaded(M) =:= {module, M} andalso erlang:function_exported(M, F, Arity).

-spec shell_undef(atom(), arity()) -> no_return().
shell_undef(F, Arity) ->
    erlang:error({shell_undef, F, Arity, []}).

%%% Settings: each gives the old value.

%% @doc How many commands are kept.
-spec history(non_neg_integer()) -> non_neg_integer().
history(N) when is_integer(N), N >= 0 ->
    set_env(shell_history_length, N, ?DEFAULT_HISTORY).

%% @doc How many results are kept.
-spec results(non_neg_integer()) -> non_neg_integer().
results(N) when is_integer(N), N >= 0 ->
    set_env(shell_saved_results, N, ?DEFAULT_RESULTS).

%% @doc Whether the evaluator survives an exception.
-spec catch_exception(boolean()) -> boolean().
catch_exception(Flag) when is_boolean(Flag) ->
    set_env(shell_catch_exception, Flag, false).

%% @doc The function that makes the prompt.
-spec prompt_func(default | {module(), atom()}) -> default | {module(), atom()}.
prompt_func(default) ->
    set_env(shell_prompt_func, default, default);
prompt_func({M, F} = Function) when is_atom(M), is_atom(F) ->
    set_env(shell_prompt_func, Function, default).

%% @doc Whether lists of characters are printed as strings.
-spec strings(boolean()) -> boolean().
strings(Flag) when is_boolean(Flag) ->
    set_env(shell_strings, Flag, true).

get_env(Key, Default) ->
    case application:get_env(stdlib, Key) of
        {ok, Value} -> Value;
        undefined -> Default
    end.

set_env(Key, Value, Default) ->
    Old = get_env(Key, Default),
    application:set_env(stdlib, Key, Value),
    Old.

%%% Restricted shells.

%% @doc Lets a callback module decide what may be called from the next command on.
-spec start_restricted(module()) -> {error, code:load_error_rsn()}.
start_restricted(Module) when is_atom(Module) ->
    case code:ensure_loaded(Module) of
        {module, Module} ->
            application:set_env(stdlib, restricted_shell, Module),
            exit(restricted_shell_started);
        {error, _} = Error ->
            Error
    end.

%% @doc Lets everything be called again, and ends the running command with restricted_shell_stopped.
-spec stop_restricted() -> no_return().
stop_restricted() ->
    application:unset_env(stdlib, restricted_shell),
    exit(restricted_shell_stopped).

%% @doc As a callback module of a restricted shell: every command and local function is allowed.
-spec local_allowed(atom(), [term()], term()) -> {true, term()}.
local_allowed(_Function, _Args, State) -> {true, State}.

%% @doc As a callback module of a restricted shell: every function of a module is allowed.
-spec non_local_allowed(term(), [term()], term()) -> {true, term()}.
non_local_allowed(_Function, _Args, State) -> {true, State}.
