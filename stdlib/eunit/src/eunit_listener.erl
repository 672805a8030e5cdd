%%% Listeners: processes that are told how a run of tests goes. The behaviour of their modules.
%%%
%%% Data is a property list: of a group id, desc, spawn and order, at its end size, time and output; of a
%%% test id, desc, source and line, at its end status, time and output; of what is cancelled id and
%%% reason, too.
-module(eunit_listener).

-export([start/1, start/2, tell/2, stop/2]).

-callback init(Options :: [term()]) -> State :: term().
-callback handle_begin(group | test, Data :: [term()], State :: term()) -> term().
-callback handle_end(group | test, Data :: [term()], State :: term()) -> term().
-callback handle_cancel(group | test, Data :: [term()], State :: term()) -> term().
-callback terminate({ok, Counts :: [{pass | fail | skip | cancel, integer()}]} | {error, term()},
                    State :: term()) -> term().

%% @doc Starts a listener of a module.
start(Module) -> start(Module, []).

%% @doc As start/1, with options.
start(Module, Options) ->
    Listener = spawn(fun() -> loop(Module, Module:init(Options)) end),
    %% Many listeners wait for this in their init.
    Listener ! {start, make_ref()},
    Listener.

%% @doc Hands a report to a listener.
tell(Listener, Report) -> Listener ! {eunit_report, Report}.

%% @doc Ends a listener with the result of the run.
stop(Listener, Result) ->
    Ref = erlang:monitor(process, Listener),
    Listener ! {eunit_stop, Result},
    receive {'DOWN', Ref, process, Listener, Reason} -> Reason end.

loop(Module, State) ->
    receive
        {eunit_report, {'begin', Type, _, Data}} -> loop(Module, Module:handle_begin(Type, Data, State));
        {eunit_report, {'end', Type, _, Data}} -> loop(Module, Module:handle_end(Type, Data, State));
        {eunit_report, {cancel, Type, _, Data}} -> loop(Module, Module:handle_cancel(Type, Data, State));
        {eunit_stop, Result} -> Module:terminate(Result, State);
        _ -> loop(Module, State)
    end.
