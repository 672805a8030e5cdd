%%% Helpers of EUnit: exceptions and errors as text, commands of the operating system, files of terms.
-module(eunit_lib).

-export([format_exception/1, format_exception/2, format_error/1, format_error/2, format_exit_term/1,
         format_stacktrace/1, command/1, command/2, command/3, consult_file/1, is_string/1,
         is_not_test/1, list_dir/1, split_node/1, uniq/1, fun_parent/1]).

-define(DEPTH, 20).

%% @doc The text of an exception {Class, Term, Stack}.
format_exception(Exception) -> format_exception(Exception, ?DEPTH).

%% @doc As format_exception/1, with terms cut at a depth.
format_exception({Class, Term, Stack} = Exception, Depth) when is_atom(Class), is_list(Stack) ->
    case is_stacktrace(Stack) of
        true ->
            [format_stacktrace(Stack), io_lib:format("**~w:", [Class]),
             io_lib:format("~tP", [Term, Depth]), "\n"];
        false ->
            io_lib:format("~tP", [Exception, Depth])
    end;
format_exception(Other, Depth) ->
    io_lib:format("~tP", [Other, Depth]).

is_stacktrace([{M, F, A} | Rest]) when is_atom(M), is_atom(F), (is_integer(A) orelse is_list(A)) ->
    is_stacktrace(Rest);
is_stacktrace([{M, F, A, Place} | Rest])
  when is_atom(M), is_atom(F), (is_integer(A) orelse is_list(A)), is_list(Place) ->
    is_stacktrace(Rest);
is_stacktrace([]) -> true;
is_stacktrace(_) -> false.

%% @doc The lines of a stack trace.
format_stacktrace(Stack) -> frames(Stack, "in function", "in call from").

frames([Frame | Rest], Headline, Next) ->
    {M, F, A, Place} = case Frame of
                           {_, _, _, _} -> Frame;
                           {M0, F0, A0} -> {M0, F0, A0, []}
                       end,
    Arity = if
                is_list(A) -> length(A);
                true -> A
            end,
    Where = case {proplists:get_value(file, Place), proplists:get_value(line, Place)} of
                {File, Line} when is_list(File), is_integer(Line) ->
                    io_lib:format(" (~ts, line ~w)", [File, Line]);
                _ -> ""
            end,
    Call = if
               is_list(A) -> io_lib:format("  called as ~ts(~ts)\n", [io_lib:write_atom(F), arguments(A)]);
               true -> ""
           end,
    [io_lib:format("~s ~w:~ts/~w~ts\n", [Headline, M, io_lib:write_atom(F), Arity, Where]), Call
     | frames(Rest, Next, Next)];
frames([], _, _) -> [].

arguments(Args) -> lists:join(",", [io_lib:format("~tP", [Arg, 15]) || Arg <- Args]).

%% @doc The reason of an exit, as text, cut at a depth.
format_exit_term(Term) ->
    {Reason, Trace} = case Term of
                          {Reason0, Stack} when is_list(Stack), Stack =/= [] ->
                              case is_stacktrace(Stack) of
                                  true -> {Reason0, format_stacktrace(Stack)};
                                  false -> {Term, ""}
                              end;
                          _ -> {Term, ""}
                      end,
    io_lib:format("~tP\n~ts", [Reason, 15, Trace]).

%% @doc The text of an error in a description of tests.
format_error(Error) -> format_error(Error, ?DEPTH).

%% @doc As format_error/1, with terms cut at a depth.
format_error({bad_test, Term}, Depth) ->
    message("bad test descriptor", "~tP", [Term, Depth]);
format_error({bad_generator, {{M, F, A}, Term}}, Depth) ->
    message(io_lib:format("result from generator ~w:~tw/~w is not a test", [M, F, A]), "~tP", [Term, Depth]);
format_error({generator_failed, {{M, F, A}, Exception}}, Depth) ->
    message(io_lib:format("test generator ~w:~tw/~w failed", [M, F, A]), "~ts",
            [format_exception(Exception, Depth)]);
format_error({no_such_function, {M, F, A}}, _) when is_atom(M), is_atom(F), is_integer(A) ->
    message(io_lib:format("no such function: ~w:~tw/~w", [M, F, A]), "", []);
format_error({module_not_found, M}, _) ->
    message("test module not found", "~tp", [M]);
format_error({application_not_found, A}, _) when is_atom(A) ->
    message("application not found", "~w", [A]);
format_error({file_read_error, {_, Message, File}}, _) ->
    message("error reading file", "~ts: ~ts", [Message, File]);
format_error({setup_failed, Exception}, Depth) ->
    message("context setup failed", "~ts", [format_exception(Exception, Depth)]);
format_error({cleanup_failed, Exception}, Depth) ->
    message("context cleanup failed", "~ts", [format_exception(Exception, Depth)]);
format_error({{bad_instantiator, {{M, F, A}, Term}}, _}, Depth) ->
    message(io_lib:format("result from instantiator ~w:~tw/~w is not a test", [M, F, A]), "~tP", [Term, Depth]);
format_error({instantiation_failed, Exception}, Depth) ->
    message("instantiation of subtests failed", "~ts", [format_exception(Exception, Depth)]);
format_error(Other, Depth) ->
    io_lib:format("~tP", [Other, Depth]).

message(Title, Format, Args) ->
    [io_lib:format("*** ~ts ***\n**", [Title]), io_lib:format(Format, Args), "\n"].

%% @doc {Status, Output} of a command.
command(Command) -> command(Command, "").

%% @doc As command/1, in a folder.
command(Command, Dir) -> command(Command, Dir, []).

%% @doc As command/2, with variables of the environment.
command(Command, Dir, Env) ->
    Where = case Dir of
                "" -> [];
                _ -> [{cd, Dir}]
            end,
    Port = open_port({spawn, Command}, [{env, Env}, stream, exit_status, stderr_to_stdout, in | Where]),
    output(Port, []).

output(Port, Chunks) ->
    receive
        {Port, {data, Chunk}} -> output(Port, [Chunk | Chunks]);
        {Port, {exit_status, Status}} ->
            {Status, normal_lines(lists:append(lists:reverse(Chunks)))}
    end.

normal_lines("\r\n" ++ Text) -> [$\n | normal_lines(Text)];
normal_lines([C | Text]) -> [C | normal_lines(Text)];
normal_lines([]) -> [].

%% @doc The terms of a file; fails with {file_read_error, _}.
consult_file(File) ->
    case file:path_consult(["." | code:get_path()], File) of
        {ok, Terms, _} -> Terms;
        {error, Reason} -> throw({file_read_error, {Reason, file:format_error(Reason), File}})
    end.

%% @doc The names in a folder; fails with {file_read_error, _}.
list_dir(Dir) ->
    case file:list_dir(Dir) of
        {ok, Names} -> Names;
        {error, Reason} -> throw({file_read_error, {Reason, file:format_error(Reason), Dir}})
    end.

%% @doc Whether a term is a list of characters.
is_string([C | Cs]) when is_integer(C), C >= 0, C =< 16#10ffff -> is_string(Cs);
is_string([_ | _]) -> false;
is_string([]) -> true;
is_string(_) -> false.

%% @doc Whether what a test returned looks like a test that was meant to be generated.
is_not_test(Term) ->
    case Term of
        ok -> true;
        error -> true;
        true -> true;
        false -> true;
        undefined -> true;
        {ok, _} -> true;
        {error, _} -> true;
        {'EXIT', _} -> true;
        N when is_number(N) -> true;
        [N | _] when is_number(N) -> true;
        X when is_binary(X) -> true;
        X when is_pid(X) -> true;
        X when is_port(X) -> true;
        X when is_reference(X) -> true;
        _ -> false
    end.

%% @doc {Name, Host} of a node.
split_node(Node) when is_atom(Node) -> split_node(atom_to_list(Node));
split_node(Text) ->
    case string:split(Text, "@") of
        [Name, Host] -> {list_to_atom(Name), list_to_atom(Host)};
        [Name] -> {list_to_atom(Name), list_to_atom(net_adm:localhost())}
    end.

%% @doc A sorted list without what comes twice.
uniq([X, X | Rest]) -> uniq([X | Rest]);
uniq([X | Rest]) -> [X | uniq(Rest)];
uniq([]) -> [].

%% @doc {Module, Function, Arity} of the function that a fun is in, or of the fun.
fun_parent(Fun) ->
    {module, M} = erlang:fun_info(Fun, module),
    {name, F} = erlang:fun_info(Fun, name),
    {arity, A} = erlang:fun_info(Fun, arity),
    {M, F, A}.
