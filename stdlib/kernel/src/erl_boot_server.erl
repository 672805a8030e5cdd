%%% erl_boot_server: serves files to emulators on other hosts that boot with `-loader inet'.
%%%
%%% A host that asks by a datagram is told a port; there it may ask for files, folders and what is known of them, if
%%% it is on the list. Requests and answers are terms in external format, each behind its length in four bytes.
-module(erl_boot_server).
-behaviour(gen_server).

-export([start/1, start_link/1, add_slave/1, delete_slave/1, add_subnet/2, delete_subnet/2, which_slaves/0,
         boot_init/1]).
-export([init/1, handle_call/3, handle_cast/2, handle_info/2, terminate/2, code_change/3]).

%% The port that booting emulators ask, and what is said.
-define(PORT, 4368).
-define(REQUEST, "EBOOTQ").
-define(REPLY, "EBOOTR").
-define(ALL_BITS, {255, 255, 255, 255}).

%%   allowed   [{Mask, Address}], ordered
%%   asked     the socket on which is asked
%%   port      the port that serves
-record(state, {allowed, asked, port}).

%% @doc Starts the server for the hosts of a list.
start(Hosts) -> start(start, Hosts).

%% @doc As start/1, linked to the caller.
start_link(Hosts) -> start(start_link, Hosts).

start(Start, Hosts) ->
    case addresses(Hosts, []) of
        {ok, Addresses} -> gen_server:Start({local, boot_server}, ?MODULE, Addresses, []);
        error -> {error, {badarg, Hosts}}
    end.

addresses([Host | Hosts], Found) ->
    case inet:getaddr(Host, inet) of
        {ok, Address} -> addresses(Hosts, [{?ALL_BITS, Address} | Found]);
        {error, _} -> error
    end;
addresses([], Found) -> {ok, Found};
addresses(_, _) -> error.

%% @doc Lets one more host boot.
add_slave(Host) -> for_address(add, Host).

%% @doc Lets a host boot no longer.
delete_slave(Host) -> for_address(delete, Host).

for_address(What, Host) ->
    case inet:getaddr(Host, inet) of
        {ok, Address} -> gen_server:call(boot_server, {What, {?ALL_BITS, Address}});
        {error, _} -> {error, {badarg, Host}}
    end.

%% @doc Lets the hosts of a net boot, given by mask and address.
add_subnet(Mask, Address) when is_tuple(Mask), is_tuple(Address) ->
    case is_within(Address, Mask, Address) of
        true -> gen_server:call(boot_server, {add, {Mask, Address}});
        false -> {error, empty_subnet}
    end.

%% @doc Lets the hosts of a net boot no longer.
delete_subnet(Mask, Address) when is_tuple(Mask), is_tuple(Address) ->
    gen_server:call(boot_server, {delete, {Mask, Address}}).

%% @doc The hosts and nets that may boot, as {Mask, Address}.
which_slaves() -> gen_server:call(boot_server, which).

is_within(Host, Mask, Net) ->
    lists:all(fun({H, M, N}) -> H band M =:= N end,
              lists:zip3(tuple_to_list(Host), tuple_to_list(Mask), tuple_to_list(Net))).

may_boot(Host, Allowed) -> lists:any(fun({Mask, Net}) -> is_within(Host, Mask, Net) end, Allowed).

%%% The server.

init(Addresses) ->
    process_flag(trap_exit, true),
    {ok, Listen} = gen_tcp:listen(0, [binary, {packet, 4}]),
    {ok, Port} = inet:port(Listen),
    {ok, Asked} = gen_udp:open(?PORT, []),
    Tag = make_ref(),
    Pid = proc_lib:spawn_link(?MODULE, boot_init, [Tag]),
    ok = gen_tcp:controlling_process(Listen, Pid),
    Pid ! {Tag, Listen},
    {ok, #state{allowed = ordsets:from_list(Addresses), asked = Asked, port = Port}}.

handle_call({add, Entry}, _, #state{allowed = Allowed} = State) ->
    {reply, ok, State#state{allowed = ordsets:add_element(Entry, Allowed)}};
handle_call({delete, Entry}, _, #state{allowed = Allowed} = State) ->
    {reply, ok, State#state{allowed = ordsets:del_element(Entry, Allowed)}};
handle_call(which, _, #state{allowed = Allowed} = State) ->
    {reply, ordsets:to_list(Allowed), State}.

handle_cast(_, State) -> {noreply, State}.

handle_info({udp, Socket, Host, From, Data}, #state{asked = Socket} = State) ->
    Version = erlang:system_info(version),
    case {may_boot(Host, State#state.allowed), Data} of
        {true, ?REQUEST ++ Version} ->
            _ = gen_udp:send(Socket, Host, From, [?REPLY, 0, <<(State#state.port):16>>, Version]);
        {true, ?REQUEST ++ Other} ->
            refused("client version is ~s", [Other]);
        {true, _} ->
            refused("unrecognizable request", []);
        {false, _} ->
            refused("~w is not a valid address", [Host])
    end,
    {noreply, State};
handle_info(_, State) ->
    {noreply, State}.

refused(Why, Args) ->
    error_logger:error_msg("** Illegal boot server connection attempt: " ++ Why ++ " ** ~n", Args).

terminate(_, _) -> ok.

code_change(_, State, _) -> {ok, State}.

%%% Serving files: one process waits for the next host while others serve theirs.

%% @private
boot_init(Tag) ->
    receive {Tag, Listen} -> wait(Listen) end.

wait(Listen) ->
    {ok, Socket} = gen_tcp:accept(Listen),
    {ok, {Host, _}} = inet:peername(Socket),
    case may_boot(Host, which_slaves()) of
        true ->
            Pid = proc_lib:spawn(fun() -> receive go -> serve(Socket) end end),
            ok = gen_tcp:controlling_process(Socket, Pid),
            Pid ! go;
        false ->
            gen_tcp:close(Socket)
    end,
    wait(Listen).

serve(Socket) ->
    receive
        {tcp, Socket, Data} ->
            Answer = try answer(binary_to_term(Data))
                     catch _:Reason -> {error, Reason}
                     end,
            _ = gen_tcp:send(Socket, term_to_binary(Answer)),
            serve(Socket);
        {tcp_closed, Socket} ->
            ok
    end.

answer({get, File}) -> {get, file:read_file(File)};
answer({list_dir, Folder}) -> {list_dir, file:list_dir(Folder)};
answer({read_file_info, File}) -> {read_file_info, file:read_file_info(File)};
answer({read_link_info, File}) -> {read_link_info, file:read_link_info(File)};
answer(get_cwd) -> {get_cwd, file:get_cwd()};
answer({get_cwd, Drive}) -> {get_cwd, file:get_cwd(Drive)};
answer(_) -> {error, unknown_command}.
