%%! erl -code_path_choice strict -boot start_clean
%% What init, code and application tell while things start, and which directories protect their modules.
-module(starting_system).
-behaviour(application).
-behaviour(supervisor).
-export([main/0, start/2, start_phase/3, init/1]).

main() ->
    show(status, init:get_status()),
    show(notified, init:notify_when_started(self())),
    show(choice, init:code_path_choice()),
    show(script, filename:basename(init:script_name())),
    ok = application:load({application, ?MODULE, [{mod, {?MODULE, []}}, {start_phases, [{first, 1}]}]}),
    show(start_type, application:start_type()),
    show(started, application:start(?MODULE)),
    {group_leader, Master} = process_info(whereis(?MODULE), group_leader),
    Self = self(),
    spawn(fun() -> group_leader(Master, self()), Self ! {start_type, application:start_type()} end),
    receive {start_type, Type} -> show(start_type_of_a_process, Type) end,
    links(),
    sticky().

start(Type, _Args) ->
    show({start, Type}, application:start_type()),
    supervisor:start_link({local, ?MODULE}, ?MODULE, []).

init(_) ->
    show(init, application:start_type()),
    {ok, {#{}, []}}.

start_phase(Phase, Type, Args) ->
    show({Phase, Type, Args}, application:start_type()),
    ok.

links() ->
    ok = file:make_symlink("starting_system.erl", "a_link"),
    [begin
         {ok, Info} = erl_prim_loader:Function(Name),
         show({Function, Name}, element(3, Info))
     end || Function <- [read_file_info, read_link_info], Name <- ["a_link", "starting_system.erl"]],
    show(no_file, erl_prim_loader:read_link_info("nowhere")).

sticky() ->
    logger:set_primary_config(level, none),
    show(missing, {code:stick_dir("/nowhere"), code:unstick_dir("/nowhere")}),
    show(file, code:stick_dir("starting_system.erl")),
    ok = file:write_file("guest.erl", "-module(guest).\n-export([f/0]).\nf() -> 1.\n"),
    {ok, guest} = compile:file(guest),
    show(loaded, code:load_file(guest)),
    show(before, code:is_sticky(guest)),
    show(stuck, {code:stick_dir("."), code:is_sticky(guest)}),
    show(again, code:load_file(guest)),
    show(free, {code:unstick_dir("."), code:is_sticky(guest)}),
    show(again, code:load_file(guest)).

show(What, Value) -> io:format("~p: ~p~n", [What, Value]).
