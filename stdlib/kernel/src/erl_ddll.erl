%%% Drivers in shared libraries. This machine runs no foreign code, so none is ever loaded: what asks for one
%%% is answered as where its file cannot be opened.
-module(erl_ddll).

-export([start/0, stop/0, load_driver/2, load/2, unload_driver/1, unload/1, reload/2, reload_driver/2,
         loaded_drivers/0, try_load/3, try_unload/2, demonitor/1, monitor/2, info/0, info/1, info/2, format_error/1]).

%% @doc Nothing is needed.
-spec start() -> ok.
start() -> ok.

%% @doc Nothing is left.
-spec stop() -> ok.
stop() -> ok.

%% @doc Loads a driver.
-spec load_driver(file:name(), iodata() | atom()) -> ok | {error, term()}.
load_driver(Path, Driver) -> load(Path, Driver).

%% @doc Loads a driver.
-spec load(file:name(), iodata() | atom()) -> ok | {error, term()}.
load(Path, Driver) ->
    _ = name(Driver),
    {error, {open_error, [Path]}}.

name(Driver) when is_atom(Driver) -> atom_to_list(Driver);
name(Driver) -> unicode:characters_to_list(Driver).

%% @doc Unloads a driver.
-spec unload_driver(iodata() | atom()) -> ok | {error, term()}.
unload_driver(Driver) -> unload(Driver).

%% @doc Unloads a driver.
-spec unload(iodata() | atom()) -> ok | {error, term()}.
unload(Driver) ->
    _ = name(Driver),
    {error, not_loaded}.

%% @doc Loads a driver anew.
-spec reload(file:name(), iodata() | atom()) -> ok | {error, term()}.
reload(Path, Driver) -> load(Path, Driver).

%% @doc Loads a driver anew.
-spec reload_driver(file:name(), iodata() | atom()) -> ok | {error, term()}.
reload_driver(Path, Driver) -> load(Path, Driver).

%% @doc Tries to load a driver.
-spec try_load(file:name(), iodata() | atom(), [term()]) -> {error, term()}.
try_load(Path, Driver, Options) when is_list(Options) -> load(Path, Driver).

%% @doc Tries to unload a driver.
-spec try_unload(iodata() | atom(), [term()]) -> {error, term()}.
try_unload(Driver, Options) when is_list(Options) -> unload(Driver).

%% @doc The drivers that are loaded.
-spec loaded_drivers() -> {ok, [string()]}.
loaded_drivers() -> {ok, []}.

%% @doc Tells when a driver is loaded or unloaded: that it is down.
-spec monitor(driver, {iodata() | atom(), loaded | unloaded | unloaded_only}) -> reference().
monitor(driver, {Driver, When}) when When =:= loaded; When =:= unloaded; When =:= unloaded_only ->
    Ref = make_ref(),
    self() ! {'DOWN', Ref, driver, name(Driver), unloaded},
    Ref.

%% @doc Tells no more.
-spec demonitor(reference()) -> ok.
demonitor(Ref) when is_reference(Ref) ->
    receive {'DOWN', Ref, driver, _, _} -> ok
    after 0 -> ok
    end.

%% @doc What is known of all drivers.
-spec info() -> [term()].
info() -> [].

%% @doc What is known of a driver.
-spec info(iodata() | atom()) -> [term()].
info(Driver) -> error(badarg, [Driver]).

%% @doc One thing known of a driver.
-spec info(iodata() | atom(), atom()) -> term().
info(Driver, Item) -> error(badarg, [Driver, Item]).

%% @doc The text of an error.
-spec format_error(term()) -> string().
format_error(not_loaded) -> "Driver is not loaded";
format_error({open_error, [Path]}) -> lists:flatten(io_lib:format("~ts: this machine loads no drivers", [Path]));
format_error(Other) -> lists:flatten(io_lib:format("~tp", [Other])).
