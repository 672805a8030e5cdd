%%% Alarms: an event manager that keeps the alarms that are set.
-module(alarm_handler).
-behaviour(gen_event).

-export([start_link/0, set_alarm/1, clear_alarm/1, get_alarms/0, add_alarm_handler/1, add_alarm_handler/2,
         delete_alarm_handler/1]).
-export([init/1, handle_event/2, handle_info/2, handle_call/2, terminate/2]).

-export_type([alarm_id/0, alarm/0]).

-type alarm_id() :: term().
-type alarm() :: {alarm_id(), AlarmDescription :: term()}.

%% @doc Starts the event manager with its first handler.
start_link() ->
    case gen_event:start_link({local, ?MODULE}) of
        {ok, Pid} ->
            gen_event:add_handler(?MODULE, ?MODULE, []),
            {ok, Pid};
        Error -> Error
    end.

%% @doc Sets an alarm.
-spec set_alarm(alarm()) -> term().
set_alarm(Alarm) -> gen_event:notify(?MODULE, {set_alarm, Alarm}).

%% @doc Clears the alarms of a name.
-spec clear_alarm(alarm_id()) -> term().
clear_alarm(AlarmId) -> gen_event:notify(?MODULE, {clear_alarm, AlarmId}).

%% @doc The alarms that are set, the newest first.
-spec get_alarms() -> [alarm()].
get_alarms() -> gen_event:call(?MODULE, ?MODULE, get_alarms).

%% @doc Adds a handler.
add_alarm_handler(Module) when is_atom(Module) -> gen_event:add_handler(?MODULE, Module, []).

%% @doc Adds a handler, with arguments.
add_alarm_handler(Module, Args) when is_atom(Module) -> gen_event:add_handler(?MODULE, Module, Args).

%% @doc Deletes a handler.
delete_alarm_handler(Module) when is_atom(Module) -> gen_event:delete_handler(?MODULE, Module, []).

%% @doc No alarms.
init(_) -> {ok, []}.

%% @doc Alarms come and go, with a report each.
handle_event({set_alarm, Alarm}, Alarms) ->
    error_logger:info_report([{alarm_handler, {set, Alarm}}]),
    {ok, [Alarm | Alarms]};
handle_event({clear_alarm, AlarmId}, Alarms) ->
    error_logger:info_report([{alarm_handler, {clear, AlarmId}}]),
    {ok, lists:keydelete(AlarmId, 1, Alarms)};
handle_event(_, Alarms) ->
    {ok, Alarms}.

%% @doc Nothing is expected.
handle_info(_, Alarms) -> {ok, Alarms}.

%% @doc Answers with the alarms.
handle_call(get_alarms, Alarms) -> {ok, Alarms, Alarms};
handle_call(_, Alarms) -> {ok, {error, bad_query}, Alarms}.

%% @doc The alarms go to a handler that takes the place of this one.
terminate(swap, Alarms) -> {?MODULE, Alarms};
terminate(_, _) -> ok.
