%%% The tables that the shell's commands print: names of files, processes, modules.
-module(swerl_c_tables).

-export([names/1, processes/1, process/1, registered/1, modules/1, module/2, duration/1]).

%%% Names, in columns.

-define(WIDTH, 80).

-spec names([file:filename()]) -> ok.
names([]) ->
    ok;
names(Names) ->
    Width = lists:max([string:length(Name) || Name <- Names]) + 5,
    Columns = max(1, ?WIDTH div Width),
    names(Names, Width, Columns).

names([], _Width, _Columns) ->
    ok;
names(Names, Width, Columns) ->
    {Row, Rest} = lists:split(min(Columns, length(Names)), Names),
    io:put_chars([[string:pad(Name, Width) || Name <- Row], "\n"]),
    names(Rest, Width, Columns).

%%% Processes.

-spec processes([pid()]) -> ok.
processes(Pids) ->
    process_line("Pid", "Initial Call", "Heap", "Reds", "Msgs"),
    process_line("Registered", "Current Function", "Stack", "", ""),
    Totals = [process(Pid) || Pid <- Pids],
    [Reds, Messages, Heap, Stack] =
        [lists:sum([element(I, T) || T <- Totals]) || I <- [1, 2, 3, 4]],
    process_line("Total", "", w(Heap), w(Reds), w(Messages)),
    process_line("", "", w(Stack), "", "").

%% Prints the two lines of a process; gives its reductions, messages, heap and stack.
-spec process(pid()) -> {integer(), integer(), integer(), integer()}.
process(Pid) ->
    case erlang:process_info(Pid, [initial_call, current_function, dictionary, heap_size,
                                   stack_size, reductions, message_queue_len,
                                   registered_name]) of
        undefined ->
            {0, 0, 0, 0};
        Info ->
            [Heap, Stack, Reds, Messages] =
                [proplists:get_value(K, Info, 0)
                 || K <- [heap_size, stack_size, reductions, message_queue_len]],
            Name = case proplists:get_value(registered_name, Info, []) of
                       [] -> "";
                       Registered -> w(Registered)
                   end,
            process_line(w(Pid), mfa(initial_call(Info)), w(Heap), w(Reds), w(Messages)),
            process_line(Name, mfa(proplists:get_value(current_function, Info)), w(Stack), "", ""),
            {Reds, Messages, Heap, Stack}
    end.

%% For a process of proc_lib the call that was meant.
initial_call(Info) ->
    Dictionary = proplists:get_value(dictionary, Info, []),
    case {proplists:get_value(initial_call, Info), proplists:get_value('$initial_call', Dictionary)} of
        {{proc_lib, _, _}, {_, _, _} = Call} -> Call;
        {Call, _} -> Call
    end.

mfa({M, F, A}) when is_integer(A) -> io_lib:format("~w:~tw/~w", [M, F, A]);
mfa({M, F, As}) -> mfa({M, F, length(As)});
mfa(Other) -> w(Other).

process_line(A, B, C, D, E) ->
    io:put_chars([left(A, 21), $\s, left(B, 33), $\s, right(C, 8), $\s, right(D, 8), $\s,
                  right(E, 4), $\n]).

%% Prints the registered processes and ports of a node.
-spec registered(node()) -> ok.
registered(Node) ->
    io:format("\n** Registered procs on node ~w **\n", [Node]),
    registered_line("Name", "Pid", "Initial Call", "Reds", "Msgs"),
    Names = [{Name, whereis(Name)} || Name <- lists:sort(erlang:registered())],
    lists:foreach(fun registered_process/1, [N || {_, Pid} = N <- Names, is_pid(Pid)]),
    io:format("\n** Registered ports on node ~w **\n", [Node]),
    io:put_chars([left("Name", 21), $\s, left("Id", 15), $\s, left("Command", 40), $\n]),
    lists:foreach(fun({Name, Port}) ->
                          Command = case erlang:port_info(Port, name) of
                                        {name, Text} -> Text;
                                        undefined -> ""
                                    end,
                          io:put_chars([left(w(Name), 21), $\s, left(w(Port), 15), $\s,
                                        left(Command, 40), $\n])
                  end, [N || {_, Port} = N <- Names, is_port(Port)]).

registered_process({Name, Pid}) ->
    case erlang:process_info(Pid, [initial_call, dictionary, reductions, message_queue_len]) of
        undefined ->
            ok;
        Info ->
            registered_line(w(Name), w(Pid), mfa(initial_call(Info)),
                            w(proplists:get_value(reductions, Info, 0)),
                            w(proplists:get_value(message_queue_len, Info, 0)))
    end.

registered_line(A, B, C, D, E) ->
    io:put_chars([left(A, 21), $\s, left(B, 12), $\s, left(C, 25), $\s, right(D, 12), $\s,
                  right(E, 4), $\n]).

left(Text, Width) -> string:pad(string:slice(Text, 0, Width), Width).

right(Text, Width) -> string:pad(Text, Width, leading).

w(Term) -> io_lib:format("~tw", [Term]).

%%% Modules.

-spec modules([{module(), file:filename() | atom()}]) -> ok.
modules(Loaded) ->
    module_line("Module", "File"),
    lists:foreach(fun({Module, File}) -> module_line(w(Module), file_text(File)) end, Loaded).

file_text(File) when is_list(File) -> File;
file_text(Other) -> w(Other).

module_line(A, B) ->
    io:put_chars([string:pad(A, 20), "  ", B, "\n"]).

%% Prints what is known of one module, given its module_info().
-spec module(module(), [{atom(), term()}]) -> ok.
module(Module, Info) ->
    Compile = proplists:get_value(compile, Info, []),
    io:format("Module: ~w\n", [Module]),
    case lists:keyfind(md5, 1, Info) of
        {md5, <<Digest:128>>} -> io:format("MD5: ~.16b\n", [Digest]);
        _ -> ok
    end,
    case code:is_loaded(Module) of
        {file, File} -> io:format("Object file: ~ts\n", [File]);
        false -> ok
    end,
    io:format("Compiler options:  ~p\n", [proplists:get_value(options, Compile, [])]),
    io:format("Exports: ~n"),
    exports([io_lib:format("~tw/~w", [F, A]) || {F, A} <- lists:keysort(1, proplists:get_value(exports, Info))]).

%% Up to 16 one below the other, more in two columns.
exports(Names) when length(Names) =< 16 ->
    lists:foreach(fun(Name) -> io:put_chars(["         ", Name, "\n"]) end, Names);
exports(Names) ->
    {Left, Right} = lists:split(length(Names) div 2, Names),
    columns(Left, Right).

columns([A | Left], [B | Right]) ->
    io:put_chars([string:pad(A, 30), B, "\n"]),
    columns(Left, Right);
columns([], Rest) ->
    lists:foreach(fun(Name) -> io:put_chars([string:pad("", 30), Name, "\n"]) end, Rest).

%%% Times.

%% A number of seconds in words: the largest unit that is not zero first.
-spec duration(non_neg_integer()) -> io_lib:chars().
duration(Seconds) ->
    Parts = [{Seconds div 86400, "days"}, {Seconds rem 86400 div 3600, "hours"},
             {Seconds rem 3600 div 60, "minutes"}, {Seconds rem 60, "seconds"}],
    Shown = case lists:dropwhile(fun({N, _}) -> N =:= 0 end, Parts) of
                [] -> [{0, "seconds"}];
                Some -> Some
            end,
    Texts = [io_lib:format("~w ~s", [N, Unit]) || {N, Unit} <- Shown],
    case lists:reverse(Texts) of
        [Last] -> Last;
        [Last | Before] -> [lists:join(", ", lists:reverse(Before)), " and ", Last]
    end.
