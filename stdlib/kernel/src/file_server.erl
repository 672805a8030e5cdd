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

%% @doc Does what {Function, Arguments...} says. Who asks for anything else is told of, and gets no answer.
handle_call(stop, _, State) ->
    {stop, normal, stopped, State};
handle_call(get_cwd, _, State) ->
    {reply, file:get_cwd(), State};
handle_call({open, Name, Modes}, {From, _}, State) ->
    {reply, opened(From, Name, Modes), State};
handle_call({copy, Source, SourceModes, Destination, DestinationModes, Length}, _, State) ->
    {reply, file:copy({Source, SourceModes}, {Destination, DestinationModes}, Length), State};
handle_call(Request, From, State) ->
    [Function | Args] = case is_tuple(Request) andalso Request =/= {} of
                            true -> tuple_to_list(Request);
                            false -> [Request]
                        end,
    case lists:member({Function, length(Args)}, served()) of
        true ->
            {reply, apply(file, Function, Args), State};
        false ->
            error_logger:error_msg("handle_call(~tp, ~tp, _)", [Request, From]),
            {noreply, State}
    end.

%% The device belongs to the process that asks for it.
opened(From, Name, Modes) when is_list(Modes) -> file_io_server:start(From, Name, Modes);
opened(_From, _Name, _Modes) -> {error, einval}.

%% What leaves nothing open in this process.
served() ->
    [{read_file, 1}, {write_file, 2}, {set_cwd, 1}, {get_cwd, 0}, {get_cwd, 1}, {delete, 1}, {rename, 2},
     {make_dir, 1}, {del_dir, 1}, {list_dir, 1}, {list_dir_all, 1}, {altname, 1}, {read_file_info, 1},
     {read_file_info, 2}, {read_link_info, 1}, {read_link_info, 2}, {write_file_info, 2}, {write_file_info, 3},
     {make_link, 2}, {make_symlink, 2}, {read_link, 1}, {read_link_all, 1}].

%% @doc Nothing is expected.
handle_cast(Message, State) ->
    error_logger:error_msg("handle_cast(~tp, _)", [Message]),
    {noreply, State}.

%% @doc Nothing is expected.
handle_info(Message, State) ->
    error_logger:error_msg("handle_Info(~tp, _)", [Message]),
    {noreply, State}.

%% @doc Nothing is left to do.
terminate(_, _) -> ok.

%% @doc Nothing changes.
code_change(_, State, _) -> {ok, State}.
