%%% os: the operating system below.
%%%
%%% Environment variables one at a time, clocks and the process number are
%%% answered by the virtual machine; here is what is built on them.
-module(os).

-export([cmd/1, cmd/2, find_executable/1, find_executable/2, getenv/0, getenv/2, type/0,
         version/0, internal_init_cmd_shell/0]).
-export([env/0, getenv/1, getpid/0, perf_counter/0, perf_counter/1, putenv/2, set_signal/2, system_time/0,
         system_time/1, timestamp/0, unsetenv/1]).

-export_type([env_var_name/0, env_var_value/0, env_var_name_value/0, os_command/0,
              os_command_opts/0]).

-type env_var_name() :: nonempty_string().
-type env_var_value() :: string().
-type env_var_name_value() :: nonempty_string().
-type os_command() :: atom() | io_lib:chars().
-type os_command_opts() :: #{max_size => non_neg_integer() | infinity}.

%% Answered by the virtual machine.

%% @doc All environment variables, as pairs of name and value.
env() -> erlang:nif_error(undef).

%% @doc The value of an environment variable, or false where there is none; fails with badarg for what is no name.
getenv(_Name) -> erlang:nif_error(undef).

%% @doc The number of this program's process in the operating system, as a string.
getpid() -> erlang:nif_error(undef).

%% @doc The finest clock there is, in steps of its own; differences alone mean something.
perf_counter() -> erlang:nif_error(undef).

%% @doc The finest clock there is, in this unit.
perf_counter(_Unit) -> erlang:nif_error(undef).

%% @doc Sets an environment variable, for this program and those that it starts; the answer is true.
putenv(_Name, _Value) -> erlang:nif_error(undef).

%% @doc What a signal of the operating system does: handle sends it to erl_signal_server, ignore drops it, default
%% leaves it to the system.
set_signal(_Signal, _What) -> erlang:nif_error(undef).

%% @doc The operating system's time since 1970 in native units, with its jumps.
system_time() -> erlang:nif_error(undef).

%% @doc The operating system's time since 1970 in this unit, with its jumps.
system_time(_Unit) -> erlang:nif_error(undef).

%% @doc The operating system's time as {MegaSeconds, Seconds, MicroSeconds}, with its jumps.
timestamp() -> erlang:nif_error(undef).

%% @doc Removes an environment variable; the answer is true, whether or not it was there.
unsetenv(_Name) -> erlang:nif_error(undef).

%% Written here.

%% @doc All environment variables, as "NAME=value".
getenv() -> [Name ++ "=" ++ Value || {Name, Value} <- os:env()].

%% @doc The value of an environment variable, or the default; fails with badarg for what is no name.
getenv(Name, Default) ->
    try os:getenv(Name) of
        false -> Default;
        Value -> Value
    catch
        error:Reason -> erlang:error(Reason, [Name, Default], [{error_info, #{module => erl_kernel_errors}}])
    end.

%% @doc The family and the name of the operating system: {unix, linux}.
type() -> {unix, linux}.

%% @doc {Major, Minor, Release} of the operating system, zeros where they are not known.
version() ->
    case file:read_file("/proc/sys/kernel/osrelease") of
        {ok, Text} -> version_numbers(binary_to_list(Text));
        {error, _} -> {0, 0, 0}
    end.

version_numbers(Text) ->
    Digits = lists:takewhile(fun(C) -> C =:= $. orelse (C >= $0 andalso C =< $9) end, Text),
    case [list_to_integer(Number) || Number <- string:lexemes(Digits, ".")] of
        [Major, Minor, Release | _] -> {Major, Minor, Release};
        [Major, Minor] -> {Major, Minor, 0};
        _ -> {0, 0, 0}
    end.

%% @doc The full name of a program that is in one of the directories of PATH, or false.
find_executable(Name) -> find_executable(Name, os:getenv("PATH", "")).

%% @doc As find_executable/1, in these directories, with colons between them.
find_executable(Name, Path) ->
    case filename:pathtype(Name) of
        relative ->
            search([filename:join(Dir, Name) ++ "" || Dir <- folders(Path, [])]);
        _ ->
            case is_executable(Name ++ "") of
                true -> Name;
                false -> false
            end
    end.

%% The folders of a path; where none is named it is the current one.
folders([$: | Path], Dir) -> [folder(Dir) | folders(Path, [])];
folders([C | Path], Dir) -> folders(Path, [C | Dir]);
folders([], Dir) -> [folder(Dir)].

folder([]) -> ".";
folder(Dir) -> lists:reverse(Dir).

search([File | Files]) ->
    case is_executable(File) of
        true -> File;
        false -> search(Files)
    end;
search([]) ->
    false.

%% The type and the mode are the third and the eighth element of #file_info{}.
is_executable(File) ->
    case file:read_file_info(File) of
        {ok, Info} -> element(3, Info) =:= regular andalso element(8, Info) band 8#111 =/= 0;
        {error, _} -> false
    end.

%% @doc Runs a command in the shell of the system; the text that it prints on both outputs.
cmd(Command) -> cmd(Command, none, #{}).

%% @doc As cmd/1. The option max_size says after how much of the output the rest is left out.
cmd(Command, Options) when is_map(Options) ->
    cmd(Command, Options, Options);
cmd(Command, Options) ->
    bad_command(Command, Options, badopt).

cmd(Command, Given, Options) ->
    Text = case Command of
               _ when is_atom(Command) -> atom_to_list(Command);
               _ when is_list(Command) -> lists:flatten(Command);
               _ -> bad_command(Command, Given, none)
           end,
    MaxSize = maps:get(max_size, Options, infinity),
    case {unicode:characters_to_binary(Text), lists:member(0, Text)} of
        {Bytes, false} when is_binary(Bytes) ->
            decode(run(Bytes, MaxSize));
        _ ->
            bad_command(Command, Given, none)
    end.

%% The user called cmd/1 where there are no options.
-spec bad_command(term(), term(), atom()) -> no_return().
bad_command(Command, Options, Cause) ->
    Args = case Options of
               none -> [Command];
               _ -> [Command, Options]
           end,
    Info = case Cause of
               none -> #{module => erl_kernel_errors};
               _ -> #{module => erl_kernel_errors, cause => Cause}
           end,
    erlang:raise(error, badarg, [{?MODULE, cmd, Args, [{error_info, Info}]}]).

%% The end of the output is marked: processes that the command leaves in the
%% background may keep the output open.
-define(MARK, 4).

run(Command, MaxSize) ->
    Script = <<"(", Command/binary, "\n) </dev/null; printf '\\004'">>,
    Port = open_port({spawn_executable, internal_init_cmd_shell()},
                     [binary, stderr_to_stdout, in, hide, exit_status, {args, ["-c", Script]}]),
    Output = output(Port, MaxSize, []),
    _ = (catch port_close(Port)),
    unlink(Port),
    forget(Port),
    Output.

output(Port, Left, Chunks) ->
    receive
        {Port, {data, Chunk}} ->
            Ended = binary:last(Chunk) =:= ?MARK,
            Size = byte_size(Chunk) - case Ended of true -> 1; false -> 0 end,
            case Ended orelse Size >= Left of
                true -> join([binary:part(Chunk, 0, min(Size, Left)) | Chunks]);
                false -> output(Port, less(Left, Size), [Chunk | Chunks])
            end;
        {Port, {exit_status, _}} ->
            join(Chunks);
        {'EXIT', Port, _} ->
            join(Chunks)
    end.

less(infinity, _) -> infinity;
less(Left, Size) -> Left - Size.

join(Chunks) -> iolist_to_binary(lists:reverse(Chunks)).

%% What the port still sent before it was closed.
forget(Port) ->
    receive
        {Port, _} -> forget(Port);
        {'EXIT', Port, _} -> forget(Port)
    after 0 ->
            ok
    end.

decode(Bytes) ->
    case unicode:characters_to_list(Bytes) of
        Chars when is_list(Chars) -> Chars;
        _ -> binary_to_list(Bytes)
    end.

%% @doc The shell that runs commands.
internal_init_cmd_shell() -> "/bin/sh".
