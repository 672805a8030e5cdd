%%% group: an input and output server, as the io protocol asks for it.
%%%
%%% Each shell job has one as its group leader, and the process `user` is one
%%% too. Output goes straight to the terminal. Lines of input come from the
%%% process that owns the terminal: from `user_drv` for the jobs of a shell, and
%%% otherwise from the terminal itself, with this process as the owner.
%%%
%%% While a line is awaited, requests for output are served; requests for input
%%% wait their turn in the mailbox.
-module(group).

-export([start/2, user/1, standard_error/0, interfaces/1, noted/2]).
-export([server/2]).

%%   driver    {tty, Started} | noinput | pid(), where lines come from
%%   shell     the process that the job is about, or none
%%   buffer    characters that were read and not yet asked for
%%   at_eof    whether the input has ended
%%   output    where characters go: output or error
-record(group, {driver, shell = none, buffer = [], at_eof = false, output = output,
                binary = false, echo = true, encoding = unicode, expand_fun = none}).

%%% Starting.

%% A group for a shell job. The shell is started with the group as its leader.
start(Driver, Shell) ->
    spawn_link(?MODULE, server, [Driver, Shell]).

server(Driver, {Module, Function, Args}) ->
    process_flag(trap_exit, true),
    group_leader(self(), self()),
    Shell = case apply(Module, Function, Args) of
                Pid when is_pid(Pid) -> link(Pid), Pid;
                _ -> none
            end,
    note(shell, Shell),
    note(user_drv, Driver),
    loop(#group{driver = Driver, shell = Shell}).

%% Whom a group with a driver works with. A group that waits for input does not answer, so
%% this is kept where others can read it.
-spec interfaces(pid()) -> [{user_drv | shell, pid()}].
interfaces(Group) ->
    Noted = noted(Group, [user_drv, shell]),
    case lists:keymember(user_drv, 1, Noted) of
        true -> Noted;
        false -> []
    end.

%% The entries of these keys in the dictionary of a process.
noted(Process, Keys) ->
    case process_info(Process, dictionary) of
        {dictionary, Entries} -> [Entry || Key <- Keys, {_, _} = Entry <- [lists:keyfind(Key, 1, Entries)]];
        undefined -> []
    end.

note(Key, Pid) -> _ = is_pid(Pid) andalso put(Key, Pid).

%% Turns the calling process into the server called `user`.
user(noinput) ->
    user_loop(noinput);
user(input) ->
    user_loop({tty, false}).

%% Turns the calling process into the server called `standard_error`.
standard_error() ->
    process_flag(trap_exit, true),
    loop(#group{driver = noinput, output = error}).

user_loop(Driver) ->
    process_flag(trap_exit, true),
    loop(#group{driver = Driver}).

loop(State) ->
    receive
        {io_request, From, ReplyAs, Request} when is_pid(From) ->
            loop(serve(From, ReplyAs, Request, State));
        Other ->
            loop(control(Other, State))
    end.

serve(From, ReplyAs, Request, State) ->
    {Reply, NewState} = request(Request, State),
    From ! {io_reply, ReplyAs, Reply},
    NewState.

%% Whatever is not a request.
control({driver, Driver}, State) ->
    note(user_drv, Driver),
    State#group{driver = Driver};
control({'EXIT', Shell, Reason}, #group{shell = Shell}) ->
    exit(Reason);
control({'EXIT', Driver, Reason}, #group{driver = Driver, shell = Shell}) when is_pid(Driver) ->
    _ = is_pid(Shell) andalso exit(Shell, kill),
    exit(Reason);
control(interrupt, #group{shell = Shell} = State) ->
    _ = is_pid(Shell) andalso exit(Shell, interrupt),
    State;
control({swerl_tty, interrupt}, #group{driver = {tty, _}}) ->
    %% Ctrl-C while a program without a shell runs ends the program.
    erlang:halt(130);
control(_, State) ->
    State.

%%% Requests.

request({put_chars, Encoding, Chars}, State) ->
    {put_chars(Encoding, Chars, State), State};
request({put_chars, Encoding, M, F, A}, State) ->
    case call(M, F, A) of
        {ok, Chars} -> {put_chars(Encoding, Chars, State), State};
        error -> {{error, put_chars}, State}
    end;
request({put_chars, Chars}, State) ->
    request({put_chars, latin1, Chars}, State);
request({put_chars, M, F, A}, State) ->
    request({put_chars, latin1, M, F, A}, State);
request(Request, #group{output = error} = State)
  when element(1, Request) =:= get_chars; element(1, Request) =:= get_line; element(1, Request) =:= get_until ->
    {{error, {request, Request}}, State};
request({get_chars, Encoding, Prompt, N}, State) when is_integer(N), N >= 0 ->
    get_input(Prompt, Encoding, {chars, N}, State);
request({get_line, Encoding, Prompt}, State) ->
    get_input(Prompt, Encoding, line, State);
request({get_until, Encoding, Prompt, M, F, A}, State) ->
    get_input(Prompt, Encoding, {until, M, F, A}, State);
request({get_chars, Prompt, N}, State) ->
    request({get_chars, latin1, Prompt, N}, State);
request({get_line, Prompt}, State) ->
    request({get_line, latin1, Prompt}, State);
request({get_until, Prompt, M, F, A}, State) ->
    request({get_until, latin1, Prompt, M, F, A}, State);
request({get_password, _Encoding}, State) ->
    {{error, enotsup}, State};
request({setopts, Options}, State) when is_list(Options) ->
    set_options(Options, State);
request(getopts, State) ->
    {options(State), State};
request({get_geometry, columns}, State) ->
    case swerl_tty:columns() of
        Columns when is_integer(Columns) -> {Columns, State};
        _ -> {{error, enotsup}, State}
    end;
request({get_geometry, _}, State) ->
    {{error, enotsup}, State};
request({requests, Requests}, State) when is_list(Requests) ->
    requests(Requests, ok, State);
request(Request, State) ->
    {{error, {request, Request}}, State}.

%% Several requests are served until one fails.
requests([Request | Requests], _Previous, State) ->
    case request(Request, State) of
        {{error, _} = Error, NewState} -> {Error, NewState};
        {Reply, NewState} -> requests(Requests, Reply, NewState)
    end;
requests([], Reply, State) ->
    {Reply, State}.

call(M, F, A) ->
    try {ok, apply(M, F, A)}
    catch _:_ -> error
    end.

%%% Output.

put_chars(unicode, Chars, State) ->
    try unicode:characters_to_binary(Chars, unicode) of
        Utf8 when is_binary(Utf8) -> write(Utf8, State);
        _ -> {error, put_chars}
    catch
        error:badarg -> {error, put_chars}
    end;
put_chars(latin1, Chars, State) ->
    try iolist_to_binary(Chars) of
        Bytes -> put_latin1(Bytes, State)
    catch
        _:_ -> {error, put_chars}
    end;
put_chars(Encoding, Chars, _State) ->
    {error, {request, {put_chars, Encoding, Chars}}}.

%% Bytes pass a latin1 device as they are.
put_latin1(Bytes, #group{encoding = latin1} = State) ->
    emit(Bytes, State);
put_latin1(Bytes, State) ->
    write(unicode:characters_to_binary(Bytes, latin1), State).

write(Utf8, #group{encoding = latin1} = State) ->
    case unicode:characters_to_binary(Utf8, unicode, latin1) of
        Bytes when is_binary(Bytes) ->
            emit(Bytes, State);
        _ ->
            Chars = unicode:characters_to_list(Utf8, unicode),
            emit(list_to_binary([in_latin1(C) || C <- Chars]), State)
    end;
write(Utf8, State) ->
    emit(Utf8, State).

emit(Bytes, #group{output = output}) ->
    _ = swerl_tty:put_chars_now(Bytes) orelse swerl_tty:put_chars(Bytes),
    ok;
emit(Bytes, #group{output = error}) ->
    swerl_tty:put_error(Bytes),
    ok.

in_latin1(C) when C < 256 -> C;
in_latin1(C) -> ["\\x{", integer_to_list(C, 16), $}].

%%% Options.

set_options(Options, State) ->
    case apply_options(Options, State) of
        error -> {{error, enotsup}, State};
        NewState -> {ok, NewState}
    end.

apply_options([binary | Options], State) ->
    apply_options(Options, State#group{binary = true});
apply_options([list | Options], State) ->
    apply_options(Options, State#group{binary = false});
apply_options([{binary, Flag} | Options], State) when is_boolean(Flag) ->
    apply_options(Options, State#group{binary = Flag});
apply_options([{list, Flag} | Options], State) when is_boolean(Flag) ->
    apply_options(Options, State#group{binary = not Flag});
apply_options([{echo, Flag} | Options], State) when is_boolean(Flag) ->
    apply_options(Options, State#group{echo = Flag});
apply_options([{expand_fun, Fun} | Options], State) when is_function(Fun) ->
    apply_options(Options, State#group{expand_fun = Fun});
apply_options([{encoding, latin1} | Options], State) ->
    apply_options(Options, State#group{encoding = latin1});
apply_options([{encoding, Unicode} | Options], State) when Unicode =:= unicode; Unicode =:= utf8 ->
    apply_options(Options, State#group{encoding = unicode});
apply_options([], State) ->
    State;
apply_options(_, _State) ->
    error.

%% Echo and completion are matters of a terminal.
options(#group{shell = Shell, expand_fun = Fun, echo = Echo, binary = Binary,
               encoding = Encoding}) ->
    Common = [{binary, Binary}, {encoding, Encoding}],
    case is_pid(Shell) andalso swerl_tty:is_terminal() of
        true when Fun =:= none -> [{echo, Echo} | Common];
        true -> [{expand_fun, Fun}, {echo, Echo} | Common];
        false -> Common
    end.

%%% Input.

%% A terminal shows the prompt again for each line of a request that takes
%% several; to a pipe it is written once.
get_input(Prompt, Encoding, What, State) ->
    case prompt_bytes(Prompt) of
        error ->
            {{error, {error, get_input}}, State};
        Bytes ->
            Terminal = swerl_tty:is_terminal(),
            Again = case Terminal of true -> Bytes; false -> <<>> end,
            First = announce(Terminal, Bytes, State),
            collect(What, Encoding, First, Again, begin_collect(What), State)
    end.

%% Text left over from the line before has the prompt put before it, as if it
%% had been typed just now. Gives the prompt for the next line.
announce(_Terminal, Bytes, #group{buffer = []}) ->
    Bytes;
announce(false, Bytes, _State) ->
    swerl_tty:put_chars(Bytes),
    <<>>;
announce(true, Bytes, #group{buffer = Buffer}) ->
    case is_blank(Buffer) of
        true -> ok;
        false -> swerl_tty:put_chars(list_to_binary([Bytes, encode(Buffer)]))
    end,
    Bytes.

is_blank([C | Chars]) -> (C =:= $\s orelse C =:= $\n orelse C =:= $\t) andalso is_blank(Chars);
is_blank([]) -> true.

encode(Chars) -> unicode:characters_to_binary(Chars, unicode).

prompt_bytes([]) ->
    <<>>;
prompt_bytes(Prompt) ->
    try unicode:characters_to_binary(prompt_chars(Prompt), unicode) of
        Bytes when is_binary(Bytes) -> Bytes;
        _ -> error
    catch
        _:_ -> error
    end.

prompt_chars({format, Format, Args}) -> io_lib:format(Format, Args);
prompt_chars(Prompt) when is_list(Prompt); is_binary(Prompt) -> Prompt;
prompt_chars(Prompt) when is_atom(Prompt) -> atom_to_list(Prompt);
prompt_chars(Prompt) -> io_lib:format("~p", [Prompt]).

%% What has been collected so far: reversed characters, or a continuation.
begin_collect({until, _, _, _}) -> [];
begin_collect(_) -> [].

collect(What, Encoding, Prompt, Again, Cont, #group{buffer = []} = State) ->
    case next_line(Prompt, State) of
        {{chars, Chars}, Read} ->
            step(What, Encoding, Chars, Again, Cont, Read);
        {eof, Read} ->
            step(What, Encoding, eof, Again, Cont, Read);
        {{error, _} = Error, Read} ->
            {Error, Read}
    end;
collect(What, Encoding, Prompt, Again, Cont, #group{buffer = Buffer} = State) ->
    %% The prompt is still owed to the first line that is really read.
    Next = case Prompt of <<>> -> Again; _ -> Prompt end,
    step(What, Encoding, Buffer, Next, Cont, State#group{buffer = []}).

%% Give the collector characters; it has its result, or wants more.
step(What, Encoding, Chars, Again, Cont, State) ->
    case take(What, Chars, Cont) of
        {done, Result, Rest} -> finish(Result, Encoding, Rest, State);
        {more, NewCont} -> collect(What, Encoding, Again, Again, NewCont, State);
        {error, Reason} -> {{error, Reason}, State}
    end.

take({chars, _}, eof, []) -> {done, eof, []};
take({chars, _}, eof, {Taken, _}) -> {done, lists:reverse(Taken), []};
take({chars, N}, Chars, []) -> take_chars(N, Chars, []);
take({chars, _}, Chars, {Taken, Left}) -> take_chars(Left, Chars, Taken);
take(line, eof, []) -> {done, eof, []};
take(line, eof, Taken) -> {done, lists:reverse(Taken), []};
take(line, Chars, Taken) -> take_line(Chars, Taken);
take({until, M, F, A}, Chars, Cont) ->
    try apply(M, F, [Cont, Chars | A]) of
        {done, Result, Rest} -> {done, Result, Rest};
        {more, NewCont} -> {more, NewCont};
        _ -> {error, F}
    catch
        _:_ -> {error, F}
    end.

take_chars(0, Rest, Taken) -> {done, lists:reverse(Taken), Rest};
take_chars(N, [C | Rest], Taken) -> take_chars(N - 1, Rest, [C | Taken]);
take_chars(N, [], Taken) -> {more, {Taken, N}}.

take_line([$\n | Rest], Taken) -> {done, lists:reverse([$\n | Taken]), Rest};
take_line([C | Rest], Taken) -> take_line(Rest, [C | Taken]);
take_line([], Taken) -> {more, Taken}.

finish(Result, Encoding, Rest, State) ->
    Left = case is_list(Rest) of true -> Rest; false -> [] end,
    {to_reply(Result, Encoding, State), State#group{buffer = Left}}.

%% Text is given in the form that the device is set to.
to_reply([_ | _] = Chars, Encoding, #group{binary = true}) ->
    try unicode:characters_to_binary(Chars, unicode, Encoding) of
        Bytes when is_binary(Bytes) -> Bytes;
        _ -> Chars
    catch
        _:_ -> Chars
    end;
to_reply([], _Encoding, #group{binary = true}) ->
    <<>>;
to_reply([C | _] = Chars, latin1, _State) when is_integer(C) ->
    case fits_latin1(Chars) of
        true -> Chars;
        false -> {error, {no_translation, unicode, latin1}}
    end;
to_reply(Result, _Encoding, _State) ->
    Result.

fits_latin1([C | Chars]) when is_integer(C) -> C < 256 andalso fits_latin1(Chars);
fits_latin1(_) -> true.

%% One line of input: {chars, Chars} | eof | {error, Reason}.
next_line(Prompt, #group{driver = noinput} = State) ->
    %% Nothing comes, not even an end.
    write(Prompt, State),
    await_line(make_ref(), State);
next_line(_Prompt, #group{at_eof = true, driver = {tty, _}} = State) ->
    {eof, State};
next_line(Prompt, #group{driver = {tty, false}} = State) ->
    swerl_tty:start(self()),
    next_line(Prompt, State#group{driver = {tty, true}});
next_line(Prompt, #group{driver = {tty, true}} = State) ->
    swerl_tty:get_line(Prompt),
    await_line(swerl_tty, State);
next_line(Prompt, #group{driver = Driver} = State) ->
    Ref = make_ref(),
    Driver ! {get_line, self(), Ref, Prompt},
    await_line(Ref, State).

await_line(Key, State) ->
    receive
        {Key, {line, Bytes}} ->
            {{chars, decode(Bytes, State)}, State};
        {Key, eof} ->
            {eof, State#group{at_eof = true}};
        {Key, interrupt} when is_atom(Key) ->
            erlang:halt(130);
        {Key, interrupt} ->
            {{error, interrupted}, State};
        {io_request, From, ReplyAs, Request}
          when element(1, Request) =:= put_chars; element(1, Request) =:= requests;
               element(1, Request) =:= setopts; element(1, Request) =:= get_geometry;
               Request =:= getopts ->
            await_line(Key, serve(From, ReplyAs, Request, State));
        {expand, Before} ->
            swerl_tty:expanded(expand(Before, State)),
            await_line(Key, State);
        {'EXIT', _, _} = Exit ->
            await_line(Key, control(Exit, State));
        interrupt ->
            {{error, interrupted}, State}
    end.

%% What the Tab key adds behind Before (UTF-8): the text, and the choices as one would read them.
expand(Before, #group{expand_fun = Fun} = State) ->
    Reversed = lists:reverse(decode(Before, State)),
    try
        case Fun of
            none -> edlin_expand:expand(Reversed, names(State));
            _ -> Fun(Reversed)
        end
    of
        {yes, Text, Choices} -> {utf8(Text), [utf8(choice(Choice)) || Choice <- Choices]};
        _ -> {<<>>, []}
    catch
        _:_ -> {<<>>, []}
    end.

choice({Name, Arity}) -> io_lib:format("~ts/~w", [Name, Arity]);
choice(Name) -> Name.

utf8(Text) -> unicode:characters_to_binary(Text).

%% The names that the shell knows, unless it is busy.
names(#group{shell = Shell}) when is_pid(Shell) ->
    Shell ! {shell_req, self(), names},
    receive
        {shell_rep, Shell, Names} -> Names
    after 300 ->
        #{}
    end;
names(_) ->
    #{}.

decode(Bytes, #group{encoding = latin1}) ->
    binary_to_list(Bytes);
decode(Bytes, _State) ->
    case unicode:characters_to_list(Bytes, unicode) of
        Chars when is_list(Chars) -> Chars;
        _ -> binary_to_list(Bytes)
    end.
