%%% erl_signal_handler: what the system does about signals of the operating system,
%%% as a handler of the event manager `erl_signal_server`.
-module(erl_signal_handler).
-behaviour(gen_event).

-export([start/0, awake/1, init/1, handle_event/2, handle_call/2, handle_info/2, code_change/3, terminate/2]).

%% Adds the handler, if there is none.
start() ->
    case gen_event:which_handlers(erl_signal_server) of
        [] -> gen_event:add_handler(erl_signal_server, ?MODULE, []);
        _ -> ok
    end.

%% The event manager wakes up: it has this handler before it sees the messages
%% that have come.
awake(Name) ->
    {module, gen_event} = code:ensure_loaded(gen_event),
    Manager = self(),
    Waiting = waiting(),
    _ = spawn(fun() ->
                      gen_event:add_handler(Manager, ?MODULE, []),
                      lists:foreach(fun(Message) -> Manager ! Message end, Waiting)
              end),
    case erlang:function_exported(gen_event, awake, 1) of
        true -> gen_event:awake(Name);
        %% Another library's.
        false -> gen_event:init_it(spawn(fun() -> ok end), whereis(kernel_sup), {local, Name}, none, [], [])
    end.

waiting() ->
    receive Message -> [Message | waiting()]
    after 0 -> []
    end.

init(_Args) -> {ok, none}.

handle_event(sigusr1, State) ->
    erlang:halt("Received SIGUSR1"),
    {ok, State};
handle_event(sigquit, State) ->
    erlang:halt(),
    {ok, State};
handle_event(sigterm, State) ->
    error_logger:info_msg("SIGTERM received - shutting down~n"),
    ok = init:stop(),
    {ok, State};
handle_event(_Signal, State) ->
    {ok, State}.

handle_call(_Request, State) -> {ok, ok, State}.

handle_info(_Message, State) -> {ok, State}.

code_change(_OldVsn, State, _Extra) -> {ok, State}.

terminate(_Args, _State) -> ok.
