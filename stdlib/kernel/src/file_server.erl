%%% The server of the name file_server_2: does what the functions of file do, in a process of its own.
%%%
%%% The functions of file do not need it; it is for those who ask it themselves, as for a node's folder.
-module(file_server).
-behaviour(gen_server).

-export([start/0, start_link/0, stop/0]).
-export([init/1, handle_call/3, handle_cast/2, handle_info/2, terminate/2, code_change/3]).

-define(SERVER, file_server_2).

%% @doc Starts the server.
start() -> gen_server:start({local, ?SERVER}, ?MODULE, [], []).

%% @doc Starts the server, linked to the caller.
start_link() -> gen_server:start_link({local, ?SERVER}, ?MODULE, [], []).

%% @doc Stops the server.
stop() -> gen_server:call(?SERVER, stop, infinity).

%% @doc Nothing is needed.
init([]) -> {ok, []}.

%% @doc Does what {Function, Arguments...} says.
handle_call(stop, _, State) ->
    {stop, normal, stopped, State};
handle_call(Request, _, State) when is_tuple(Request), is_atom(element(1, Request)) ->
    [Function | Args] = tuple_to_list(Request),
    Reply = case lists:member({Function, length(Args)}, served()) of
                true -> apply(file, Function, Args);
                false -> {error, enotsup}
            end,
    {reply, Reply, State};
handle_call(_, _, State) ->
    {reply, {error, enotsup}, State}.

%% What leaves nothing open in this process.
served() ->
    [{read_file, 1}, {write_file, 2}, {set_cwd, 1}, {get_cwd, 0}, {delete, 1}, {rename, 2}, {make_dir, 1},
     {del_dir, 1}, {list_dir, 1}, {list_dir_all, 1}, {read_file_info, 1}, {read_link_info, 1}, {write_file_info, 2},
     {make_link, 2}, {make_symlink, 2}, {read_link, 1}, {read_link_all, 1}].

%% @doc Nothing is expected.
handle_cast(_, State) -> {noreply, State}.

%% @doc Nothing is expected.
handle_info(_, State) -> {noreply, State}.

%% @doc Nothing is left to do.
terminate(_, _) -> ok.

%% @doc Nothing changes.
code_change(_, State, _) -> {ok, State}.
