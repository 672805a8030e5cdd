%%% The listener that writes a file of XML for each module under test, as continuous integration reads.
-module(eunit_surefire).
-behaviour(eunit_listener).

-export([start/0, start/1]).
-export([init/1, handle_begin/3, handle_end/3, handle_cancel/3, terminate/2]).

-record(case_, {name, desc, result = ok, time = 0, output = [<<>>]}).
-record(suite, {id, name = "", time = 0, cases = []}).
-record(state, {dir, verbose, suites = [#suite{id = [], name = "default"}]}).

%% @doc Starts a listener.
start() -> start([]).

%% @doc Starts a listener with options: {dir, Folder}, verbose.
start(Options) -> eunit_listener:start(?MODULE, Options).

%% @doc Remembers the folder.
init(Options) ->
    #state{dir = proplists:get_value(dir, Options, "."), verbose = proplists:get_bool(verbose, Options)}.

%% @doc The groups on the first level are suites.
handle_begin(group, Data, #state{suites = Suites} = State) ->
    case {proplists:get_value(id, Data), proplists:get_value(desc, Data)} of
        {[_] = Id, Desc} when is_binary(Desc), Desc =/= <<>> ->
            State#state{suites = [#suite{id = Id, name = unicode:characters_to_list(Desc)} | Suites]};
        _ -> State
    end;
handle_begin(test, _, State) ->
    State.

%% @doc Keeps what became of a test, and the time of a suite.
handle_end(group, Data, #state{suites = Suites} = State) ->
    Id = proplists:get_value(id, Data),
    State#state{suites = [case Suite of
                              #suite{id = Id} -> Suite#suite{time = proplists:get_value(time, Data)};
                              _ -> Suite
                          end || Suite <- Suites]};
handle_end(test, Data, State) ->
    add_case(proplists:get_value(id, Data),
             #case_{name = name(Data), desc = proplists:get_value(desc, Data),
                    result = proplists:get_value(status, Data), time = proplists:get_value(time, Data),
                    output = proplists:get_value(output, Data)}, State).

%% @doc Keeps what was cancelled: a test, or the setup or the cleanup of a group.
handle_cancel(group, Data, State) ->
    Id = proplists:get_value(id, Data),
    case proplists:get_value(reason, Data) of
        {abort, {setup_failed, Exception}} -> fixture("fixture setup ", Id, Exception, State);
        {abort, {cleanup_failed, Exception}} -> fixture("fixture cleanup ", Id, Exception, State);
        _ -> State
    end;
handle_cancel(test, Data, State) ->
    Reason = proplists:get_value(reason, Data),
    add_case(proplists:get_value(id, Data),
             #case_{name = name(Data), desc = proplists:get_value(desc, Data), result = {cancelled, Reason}},
             State).

fixture(Title, Id, Exception, State) ->
    add_case(Id, #case_{name = [Title, io_lib:format("~w", [Id])], result = {error, Exception}}, State).

name(Data) ->
    {Module, Function, _} = proplists:get_value(source, Data),
    io_lib:format("~w:~w ~ts", [Module, proplists:get_value(line, Data), atom_to_list(Function)]).

%% A case belongs to the suite whose number its own begins with.
add_case(Id, Case, #state{suites = Suites} = State) ->
    Owner = case [Suite || #suite{id = [_] = S} = Suite <- Suites, lists:prefix(S, Id)] of
                [Suite | _] -> Suite;
                [] -> own_suite(Id, Case, Suites)
            end,
    Rest = lists:keydelete(Owner#suite.id, #suite.id, Suites),
    State#state{suites = [Owner#suite{cases = [Case | Owner#suite.cases]} | Rest]}.

%% A module with a single test is that test.
own_suite([N | _], #case_{desc = <<"module '", _/binary>> = Desc}, _) ->
    #suite{id = [N], name = unicode:characters_to_list(Desc)};
own_suite(_, _, Suites) -> lists:keyfind([], #suite.id, Suites).

%% @doc Writes the files.
terminate({ok, _}, #state{suites = Suites, dir = Dir, verbose = Verbose}) ->
    _ = [write(Suite, Dir, Verbose) || #suite{id = Id, cases = Cases} = Suite <- Suites, Id =/= [] orelse Cases =/= []],
    ok;
terminate({error, _}, _) ->
    ok.

write(#suite{name = Name} = Suite, Dir, Verbose) ->
    File = filename:join(Dir, ["TEST-", file_name(Name), ".xml"]),
    case file:write_file(File, unicode:characters_to_binary(xml(Suite, Verbose))) of
        ok -> ok;
        {error, Reason} -> exit({file_write_failed, File, Reason})
    end.

file_name("module '" ++ Name) -> lists:droplast(Name);
file_name(Name) -> [C || C <- Name, not lists:member(C, " \"'/\\")].

xml(#suite{name = Name, time = Time, cases = Cases0}, Verbose) ->
    Cases = lists:reverse(Cases0),
    Count = fun(Kind) -> length([Case || Case <- Cases, kind(Case) =:= Kind]) end,
    ["<?xml version=\"1.0\" encoding=\"UTF-8\" ?>\n",
     io_lib:format("<testsuite tests=\"~w\" failures=\"~w\" errors=\"~w\" skipped=\"~w\" time=\"~ts\" name=\"~ts\">\n",
                   [length(Cases), Count(failure), Count(error), Count(skipped), seconds(Time),
                    escape_attribute(Name)]),
     [xml_case(Case, Verbose) || Case <- Cases], "</testsuite>\n"].

kind(#case_{result = ok}) -> ok;
kind(#case_{result = {skipped, _}}) -> skipped;
kind(#case_{result = {cancelled, _}}) -> skipped;
kind(#case_{result = {error, Exception}}) -> kind_of_exception(Exception).

%% What the macros raised once, and those for commands raise still, are failures; the assertions of now are errors.
kind_of_exception({error, {Assertion, _}, _})
  when Assertion =:= assertion_failed; Assertion =:= assertMatch_failed; Assertion =:= assertEqual_failed;
       Assertion =:= assertException_failed; Assertion =:= assertCmd_failed; Assertion =:= assertCmdOutput_failed ->
    failure;
kind_of_exception(_) -> error.

xml_case(#case_{name = Name, desc = Desc, result = Result, time = Time, output = Output}, Verbose) ->
    Title = case Desc of
                undefined -> Name;
                _ -> [Name, " (", Desc, ")"]
            end,
    ["  <testcase time=\"", seconds(Time), "\" name=\"", escape_attribute(Title), "\">\n",
     xml_result(Result),
     case Output of
         [<<>>] when Verbose -> "";
         _ -> ["    <system-out>", escape(Output), "\n    </system-out>\n"]
     end,
     "  </testcase>\n"].

xml_result(ok) -> "";
xml_result({skipped, {module_not_found, M}}) ->
    skipped("module_not_found", io_lib:format("missing module: ~w", [M]));
xml_result({skipped, {no_such_function, {M, F, A}}}) ->
    skipped("no_such_function", io_lib:format("no such function: ~w:~tw/~w", [M, F, A]));
xml_result({cancelled, {timeout, #{stacktrace := Stack}}}) ->
    skipped("timeout", eunit_lib:format_stacktrace(Stack));
xml_result({cancelled, Reason}) ->
    ["    <skipped type=\"unknown\">\n", escape(io_lib:format("~tp", [Reason])), "    </skipped>\n"];
xml_result({error, {Class, Reason, _} = Exception}) ->
    Kind = kind_of_exception(Exception),
    Type = case Kind of
               failure -> element(1, Reason);
               error -> Class
           end,
    Text = escape(eunit_lib:format_exception(Exception, 100)),
    [io_lib:format("    <~w type=\"~w\">\n::", [Kind, Type]), Text, io_lib:format("    </~w>\n", [Kind])].

skipped(Type, Text) ->
    ["    <skipped type=\"", Type, "\">\n", escape(Text), "    </skipped>\n"].

seconds(Milliseconds) -> io_lib:format("~.3f", [Milliseconds / 1000]).

escape(Text) -> [escaped(C) || C <- shown(Text)].

escape_attribute(Text) -> [case C of
                               $" -> "&quot;";
                               _ -> escaped(C)
                           end || C <- shown(Text)].

shown(Text) -> [C || C <- unicode:characters_to_list(Text), C >= 32 orelse C =:= $\n orelse C =:= $\t].

escaped($&) -> "&amp;";
escaped($<) -> "&lt;";
escaped($>) -> "&gt;";
escaped(C) -> C.
