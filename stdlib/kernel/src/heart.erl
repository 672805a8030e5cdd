%%% The watch over the system: with the flag -heart, a process that looks whether the system still answers,
%%% and a command that is run when it has ended.
%%%
%%% Where the program that watches from outside is not there, options and commands are kept, and the
%%% functions answer as where the flag was not given.
-module(heart).

-export([start/0, init/2, set_cmd/1, clear_cmd/0, get_cmd/0, set_callback/2, clear_callback/0, get_callback/0,
         set_options/1, get_options/0, cycle/0]).

-define(PERIOD, 5000).

-record(state, {command = "", callback = none, options = []}).

%% @doc Starts the process where the flag -heart was given.
-spec start() -> ignore | {ok, pid()} | {error, term()}.
start() ->
    case {whereis(?MODULE), init:get_argument(heart)} of
        {Pid, _} when is_pid(Pid) -> {ok, Pid};
        {_, error} -> ignore;
        {_, {ok, _}} ->
            Starter = self(),
            Pid = spawn(?MODULE, init, [Starter, whereis(init)]),
            receive {Pid, started} -> {ok, Pid} end
    end.

%% @doc The process.
init(Starter, Parent) ->
    process_flag(trap_exit, true),
    register(?MODULE, self()),
    is_pid(Parent) andalso link(Parent),
    Starter ! {self(), started},
    Command = case os:getenv("HEART_COMMAND") of
                  false -> "";
                  Text -> Text
              end,
    loop(#state{command = Command}).

loop(State) ->
    receive
        {From, Ref, Request} ->
            {Reply, State1} = handle(Request, State),
            From ! {Ref, Reply},
            loop(State1);
        _ -> loop(State)
    after ?PERIOD ->
        is_well(State) orelse init:stop(1),
        loop(State)
    end.

is_well(#state{callback = none}) -> true;
is_well(#state{callback = {Module, Function}}) ->
    case catch Module:Function() of
        ok -> true;
        _ -> false
    end.

handle({set_cmd, Command}, State) -> {ok, State#state{command = Command}};
handle(clear_cmd, State) -> {ok, State#state{command = ""}};
handle(get_cmd, #state{command = Command} = State) -> {{ok, Command}, State};
handle({set_callback, Callback}, State) -> {ok, State#state{callback = Callback}};
handle(clear_callback, State) -> {ok, State#state{callback = none}};
handle(get_callback, #state{callback = none} = State) -> {none, State};
handle(get_callback, #state{callback = Callback} = State) -> {{ok, Callback}, State};
handle({set_options, Options}, State) -> {ok, State#state{options = Options}};
handle(get_options, #state{options = []} = State) -> {none, State};
handle(get_options, #state{options = Options} = State) -> {{ok, Options}, State};
handle(cycle, State) -> {ok, State}.

call(Request) ->
    case whereis(?MODULE) of
        undefined -> error(badarg);
        Pid ->
            Ref = erlang:monitor(process, Pid),
            Pid ! {self(), Ref, Request},
            receive
                {Ref, Reply} -> erlang:demonitor(Ref, [flush]), Reply;
                {'DOWN', Ref, process, _, Reason} -> exit(Reason)
            end
    end.

%% @doc Sets the command that is run when the system has ended.
-spec set_cmd(string()) -> ok | {error, {bad_cmd, string()}}.
set_cmd(Command) when is_list(Command), length(Command) < 2047 -> call({set_cmd, Command});
set_cmd(Command) -> {error, {bad_cmd, Command}}.

%% @doc No command is run.
-spec clear_cmd() -> ok.
clear_cmd() -> call(clear_cmd).

%% @doc The command.
-spec get_cmd() -> {ok, string()}.
get_cmd() -> call(get_cmd).

%% @doc A function that must answer ok for the system to be well.
-spec set_callback(module(), atom()) -> ok | {error, {bad_callback, {module(), atom()}}}.
set_callback(Module, Function) when is_atom(Module), is_atom(Function) -> call({set_callback, {Module, Function}});
set_callback(Module, Function) -> {error, {bad_callback, {Module, Function}}}.

%% @doc No function is asked.
-spec clear_callback() -> ok.
clear_callback() -> call(clear_callback).

%% @doc The function that is asked.
-spec get_callback() -> {ok, {module(), atom()}} | none.
get_callback() -> call(get_callback).

%% @doc Sets options: check_schedulers.
-spec set_options([atom()]) -> ok | {error, {bad_options, term()}}.
set_options(Options) when is_list(Options) ->
    case lists:all(fun(Option) -> Option =:= check_schedulers end, Options) of
        true -> call({set_options, Options});
        false -> {error, {bad_options, Options}}
    end;
set_options(Options) -> {error, {bad_options, Options}}.

%% @doc The options.
-spec get_options() -> {ok, [atom()]} | none.
get_options() -> call(get_options).

%% @doc Looks at the system at once.
cycle() -> call(cycle).
