%%% The listener that writes to the terminal: what failed, or with the option verbose everything.
-module(eunit_tty).
-behaviour(eunit_listener).

-export([start/0, start/1]).
-export([init/1, handle_begin/3, handle_end/3, handle_cancel/3, terminate/2]).

%% Of a run: the numbers of the groups that are indented, innermost first, are in open.
-record(state, {verbose, indent = 0, open = [], depth}).

%% @doc Starts a listener.
start() -> start([]).

%% @doc Starts a listener with options: verbose, {print_depth, Depth}.
start(Options) -> eunit_listener:start(?MODULE, Options).

%% @doc The headline.
init(Options) ->
    Verbose = proplists:get_bool(verbose, Options),
    case Verbose of
        true -> io:put_chars("======================== EUnit ========================\n");
        false -> ok
    end,
    #state{verbose = Verbose, depth = proplists:get_value(print_depth, Options, 20)}.

%% @doc A group or a test begins.
handle_begin(group, Data, #state{verbose = true, indent = Indent, open = Open} = State) ->
    case proplists:get_value(desc, Data) of
        undefined -> State;
        Desc ->
            indent(Indent),
            io:fwrite("~ts\n", [Desc]),
            State#state{indent = Indent + 1, open = [proplists:get_value(id, Data) | Open]}
    end;
handle_begin(test, Data, #state{verbose = true, indent = Indent} = State) ->
    test_begin(Indent, Data),
    State;
handle_begin(_, _, State) ->
    State.

%% @doc A group or a test ended.
handle_end(group, Data, #state{verbose = true, indent = Indent} = State) ->
    case proplists:get_value(desc, Data) of
        undefined -> State;
        _ ->
            case proplists:get_value(time, Data) of
                Time when Time > 0 ->
                    indent(Indent),
                    io:fwrite("[done in ~.3f s]\n", [Time / 1000]);
                _ -> ok
            end,
            State#state{indent = Indent - 1, open = lists:delete(proplists:get_value(id, Data), State#state.open)}
    end;
handle_end(group, _, State) ->
    State;
handle_end(test, Data, #state{verbose = Verbose, indent = Indent, depth = Depth} = State) ->
    case proplists:get_value(status, Data) of
        ok when Verbose ->
            case proplists:get_value(time, Data) of
                0 -> ok;
                Time -> io:fwrite("[~.3f s] ", [Time / 1000])
            end,
            io:put_chars("ok\n");
        ok -> ok;
        Status ->
            begin_quiet(Verbose, Indent, Data),
            failed(Status, Data, Depth)
    end,
    State.

begin_quiet(true, _, _) -> ok;
begin_quiet(false, Indent, Data) -> test_begin(Indent, Data).

failed({error, Exception}, Data, Depth) ->
    Output = proplists:get_value(output, Data),
    io:fwrite("*failed*\n~ts  output:<<\"~ts\">>\n\n",
              [eunit_lib:format_exception(Exception, Depth), Output]);
failed({skipped, Reason}, _, _) ->
    io:fwrite("*did not run*\n::~ts\n", [skipped_text(Reason)]).

skipped_text({module_not_found, M}) -> io_lib:format("missing module: ~w", [M]);
skipped_text({no_such_function, {M, F, A}}) -> io_lib:format("no such function: ~w:~tw/~w", [M, F, A]);
skipped_text(Other) -> io_lib:format("~tp", [Other]).

%% @doc A group or a test was cancelled.
handle_cancel(group, Data, #state{verbose = Verbose, indent = Indent0, open = Open0, depth = Depth} = State) ->
    %% The groups within it are over too.
    Id = proplists:get_value(id, Data),
    {Inner, Open} = lists:partition(fun(Other) -> Other =/= Id andalso lists:prefix(Id, Other) end, Open0),
    Indent = Indent0 - length(Inner),
    Reason = proplists:get_value(reason, Data),
    Reason =:= undefined orelse cancelled_group(proplists:get_value(desc, Data), Reason, Verbose, Indent, Depth),
    State#state{indent = Indent - 1, open = lists:delete(Id, Open)};
handle_cancel(test, Data, #state{verbose = Verbose, indent = Indent, depth = Depth} = State) ->
    begin_quiet(Verbose, Indent, Data),
    case proplists:get_value(reason, Data) of
        undefined -> io:put_chars("*skipped*\n");
        {timeout, #{stacktrace := Stack}} -> io:fwrite("*timed out*\n~ts", [eunit_lib:format_stacktrace(Stack)]);
        {blame, _} -> io:put_chars("*skipped*\n");
        {exit, Reason} ->
            io:fwrite("*unexpected termination of test process*\n::~ts\n", [eunit_lib:format_exit_term(Reason)]);
        {abort, Reason} -> io:fwrite("~ts\n", [eunit_lib:format_error(Reason, Depth)])
    end,
    State.

cancelled_group(Desc, Cause, Verbose, Indent, Depth) ->
    case Verbose andalso Desc =/= undefined of
        true -> ok;
        false ->
            indent(Indent),
            io:fwrite("~ts\n", [Desc])
    end,
    case Cause of
        {timeout, #{stacktrace := Stack}} ->
            indent(Indent),
            io:fwrite("*timed out*\n~ts", [eunit_lib:format_stacktrace(Stack)]);
        {startup, Reason} ->
            indent(Indent),
            io:fwrite("*could not start test process*\n::~tP\n\n", [Reason, Depth]);
        {blame, _} -> ok;
        {exit, Reason} ->
            indent(Indent),
            io:fwrite("*unexpected termination of test process*\n::~ts\n", [eunit_lib:format_exit_term(Reason)]);
        {abort, Reason} ->
            indent(Indent),
            io:fwrite("~ts\n", [eunit_lib:format_error(Reason, Depth)])
    end.

%% @doc The summary.
terminate({ok, Counts}, #state{verbose = Verbose}) ->
    [Pass, Fail, Skip, Cancel] = [proplists:get_value(Key, Counts, 0) || Key <- [pass, fail, skip, cancel]],
    case {Fail + Skip + Cancel, Pass} of
        {0, 0} ->
            io:put_chars("  There were no tests to run.\n");
        {0, _} ->
            case Verbose of
                true -> rule();
                false -> ok
            end,
            case Pass of
                1 -> io:put_chars("  Test passed.\n");
                2 -> io:put_chars("  2 tests passed.\n");
                _ -> io:fwrite("  All ~w tests passed.\n", [Pass])
            end;
        _ ->
            rule(),
            io:fwrite("  Failed: ~w.  Skipped: ~w.  Passed: ~w.\n", [Fail, Skip, Pass]),
            case Cancel of
                0 -> ok;
                _ -> io:put_chars("One or more tests were cancelled.\n")
            end
    end;
terminate({error, Reason}, #state{depth = Depth}) ->
    io:fwrite("Internal error: ~tP.\n", [Reason, Depth]).

rule() -> io:put_chars("=======================================================\n").

test_begin(Indent, Data) ->
    {Module, Name, _} = proplists:get_value(source, Data),
    Line = case proplists:get_value(line, Data) of
               0 -> "";
               N -> io_lib:format(":~w", [N])
           end,
    Desc = case proplists:get_value(desc, Data) of
               undefined -> "";
               Text -> io_lib:format(" (~ts)", [Text])
           end,
    indent(Indent),
    io:fwrite("~w~ts: ~ts~ts...", [Module, Line, atom_to_list(Name), Desc]).

indent(N) when N > 0 -> io:put_chars(lists:duplicate(N * 2, $\s));
indent(_) -> ok.
