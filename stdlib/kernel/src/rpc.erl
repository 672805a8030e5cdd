%%% rpc: calls on other nodes, in the older manner where failures are values.
%%%
%%% Calls are made by `erpc`; here its exceptions become {badrpc, Reason}. What
%%% has to run one after the other, or must be answered by a server, goes to the
%%% process `rex` of the other node. It is started with the first request on the
%%% own node that needs it.
-module(rpc).
-behaviour(gen_server).

-export([start/0, start_link/0, stop/0]).
-export([init/1, handle_call/3, handle_cast/2, handle_info/2, terminate/2, code_change/3]).
-export([call/4, call/5, block_call/4, block_call/5, cast/4, async_call/4, yield/1, nb_yield/1,
         nb_yield/2]).
-export([multicall/3, multicall/4, multicall/5, abcast/2, abcast/3, sbcast/2, sbcast/3,
         eval_everywhere/3, eval_everywhere/4, multi_server_call/2, multi_server_call/3,
         server_call/4]).
-export([parallel_eval/1, pmap/3, pinfo/1, pinfo/2]).

-export_type([key/0]).

-opaque key() :: erpc:request_id().

-define(SERVER, rex).
-define(IS_TIMEOUT(T), (T =:= infinity orelse is_integer(T) andalso T >= 0 andalso T =< 16#ffffffff)).

%%% Calls.

%% @doc Calls a function of a module on a node: its value, or {badrpc, Reason}.
call(Node, M, F, A) -> call(Node, M, F, A, infinity).

%% @doc The same, waiting at most so many milliseconds; then {badrpc, timeout}.
call(Node, M, F, A, Timeout) ->
    as_value(fun() -> erpc:call(Node, M, F, A, Timeout) end).

%% @doc As call/4, but runs in the server of the node, so such calls come one after the other.
block_call(Node, M, F, A) -> block_call(Node, M, F, A, infinity).

%% @doc The same, waiting at most so many milliseconds; then {badrpc, timeout}.
block_call(Node, M, F, A, Timeout)
  when is_atom(Node), is_atom(M), is_list(A), ?IS_TIMEOUT(Timeout) ->
    ask(Node, {block_call, M, F, A, group_leader()}, Timeout).

%% @doc Lets a node call a function of a module; true at once, whatever becomes of it.
cast(Node, M, F, A) ->
    try erpc:cast(Node, M, F, A) of
        ok -> true
    catch
        error:{erpc, badarg} -> error(badarg)
    end.

%% @doc Starts a call on a node; gives a key with which yield/1 fetches the value.
async_call(Node, M, F, A) ->
    try
        erpc:send_request(Node, M, F, A)
    catch
        error:{erpc, badarg} -> error(badarg)
    end.

%% @doc Waits for the value of a call that async_call/4 has started, or {badrpc, Reason}. Only the process that
%% started the call can fetch it, and only once.
yield(Key) ->
    as_value(fun() -> erpc:receive_response(Key) end).

%% @doc Looks whether the value of a call is there: {value, Value} or timeout.
nb_yield(Key) -> nb_yield(Key, 0).

%% @doc The same, waiting at most so many milliseconds.
nb_yield(Key, Timeout) ->
    try erpc:wait_response(Key, Timeout) of
        no_response -> timeout;
        {response, Value} -> {value, value(Value)}
    catch
        Class:Reason -> {value, failure(Class, Reason)}
    end.

%% What erpc gives or raises, as a value.
as_value(Call) ->
    try
        value(Call())
    catch
        Class:Reason -> failure(Class, Reason)
    end.

value({'EXIT', _} = Exit) -> {badrpc, Exit};
value(Value) -> Value.

failure(throw, Value) -> value(Value);
failure(exit, {exception, Reason}) -> {badrpc, {'EXIT', Reason}};
failure(exit, {signal, Reason}) -> {badrpc, {'EXIT', Reason}};
failure(exit, Reason) -> exit(Reason);
failure(error, {exception, Reason, Stack}) -> {badrpc, {'EXIT', {Reason, Stack}}};
failure(error, {erpc, badarg}) -> error(badarg);
failure(error, {erpc, noconnection}) -> {badrpc, nodedown};
failure(error, {erpc, timeout}) -> {badrpc, timeout};
failure(error, {erpc, notsup}) -> {badrpc, notsup};
failure(error, {erpc, Reason}) -> {badrpc, {'EXIT', Reason}};
failure(error, Reason) -> error(Reason).

%% A request to the server of a node.
ask(Node, Request, Timeout) ->
    ensure_started(Node),
    case is_out_of_reach(Node) of
        true ->
            {badrpc, nodedown};
        false ->
            try
                gen_server:call({?SERVER, Node}, Request, Timeout)
            catch
                exit:{timeout, _} -> {badrpc, timeout};
                exit:{{nodedown, _}, _} -> {badrpc, nodedown};
                exit:Reason -> {badrpc, {'EXIT', Reason}}
            end
    end.

ensure_started(Node) when Node =:= node() ->
    case whereis(?SERVER) of
        undefined -> _ = start(), ok;
        _ -> ok
    end;
ensure_started(_Node) ->
    ok.

%% Another node, while this one is not part of a cluster.
is_out_of_reach(Node) -> Node =/= node() andalso not erlang:is_alive().

%%% Many nodes.

%% @doc Calls a function of a module on this node and on all connected ones.
multicall(M, F, A) -> multicall([node() | nodes()], M, F, A, infinity).

%% @doc The same on a list of nodes; or, with a module first, on all of them with a timeout.
multicall(Nodes, M, F, A) when is_list(Nodes) -> multicall(Nodes, M, F, A, infinity);
multicall(M, F, A, Timeout) -> multicall([node() | nodes()], M, F, A, Timeout).

%% @doc Calls a function of a module on nodes, waiting at most so long: {Values, BadNodes}. A value may be
%% {badrpc, Reason}; bad nodes are those that could not be reached or were too slow.
multicall(Nodes, M, F, A, Timeout) ->
    Results = try
                  erpc:multicall(Nodes, M, F, A, Timeout)
              catch
                  error:{erpc, badarg} -> error(badarg)
              end,
    sort_out(Nodes, Results, [], []).

%% The values, and the nodes that gave none.
sort_out([_ | Nodes], [{ok, Value} | Results], Values, Bad) ->
    sort_out(Nodes, Results, [value(Value) | Values], Bad);
sort_out([Node | Nodes], [{error, {erpc, Reason}} | Results], Values, Bad)
  when Reason =:= timeout; Reason =:= noconnection ->
    sort_out(Nodes, Results, Values, [Node | Bad]);
sort_out([_ | Nodes], [{Class, Reason} | Results], Values, Bad) ->
    sort_out(Nodes, Results, [failure(Class, Reason) | Values], Bad);
sort_out([], [], Values, Bad) ->
    {lists:reverse(Values), lists:reverse(Bad)}.

%% @doc As cast/4, on this node and on all connected ones.
eval_everywhere(M, F, A) -> eval_everywhere([node() | nodes()], M, F, A).

%% @doc As cast/4, on a list of nodes; abcast at once.
eval_everywhere(Nodes, M, F, A) ->
    lists:foreach(fun(Node) -> cast(Node, M, F, A) end, Nodes),
    abcast.

%% @doc Sends a message to the processes of a name on this node and on all connected ones.
abcast(Name, Message) -> abcast([node() | nodes()], Name, Message).

%% @doc Sends a message to the processes of a name on a list of nodes; abcast at once, whether they are there or not.
abcast(Nodes, Name, Message) ->
    lists:foreach(fun(Node) -> catch erlang:send({Name, Node}, Message) end, Nodes),
    abcast.

%% @doc As abcast/2, but tells on which nodes there is such a name: {GoodNodes, BadNodes}.
sbcast(Name, Message) -> sbcast([node() | nodes()], Name, Message).

%% @doc The same on a list of nodes: {GoodNodes, BadNodes}.
sbcast(Nodes, Name, Message) ->
    ensure_started(node()),
    collect(?SERVER, send_all(Nodes, ?SERVER, {sbcast, Name, Message}), [], []).

%% @doc As multi_server_call/3, on this node and on all connected ones.
multi_server_call(Name, Message) -> multi_server_call([node() | nodes()], Name, Message).

%% @doc Sends {self(), Message} to servers of a name on nodes and waits for {Name, Node, Reply} from each:
%% {Replies, BadNodes}.
multi_server_call(Nodes, Name, Message) when is_list(Nodes), is_atom(Name) ->
    collect(Name, send_all(Nodes, Name, Message), [], []).

%% @doc Sends {self(), Message} to a server of a name on a node and waits for {Wrapper, Node, Reply}: the reply, or
%% {error, nodedown}.
server_call(Node, Name, Wrapper, Message) when is_atom(Node), is_atom(Name) ->
    case is_out_of_reach(Node) of
        true ->
            {error, nodedown};
        false ->
            Monitor = erlang:monitor(process, {Name, Node}),
            {Name, Node} ! {self(), Message},
            receive
                {'DOWN', Monitor, process, _, _} ->
                    {error, nodedown};
                {Wrapper, Node, Reply} ->
                    erlang:demonitor(Monitor, [flush]),
                    Reply
            end
    end.

%% Requests to servers of one name: [{Node, Monitor}], the last one first.
send_all(Nodes, Name, Message) ->
    lists:foldl(fun(Node, Sent) when is_atom(Node) ->
                        Monitor = watch(Node, Name),
                        _ = (catch {Name, Node} ! {self(), Message}),
                        [{Node, Monitor} | Sent];
                   (_, Sent) ->
                        Sent
                end, [], Nodes).

watch(Node, Name) ->
    case is_out_of_reach(Node) of
        true ->
            Ref = make_ref(),
            self() ! {'DOWN', Ref, process, {Name, Node}, noconnection},
            Ref;
        false ->
            erlang:monitor(process, {Name, Node})
    end.

collect(Name, [{Node, Monitor} | Sent], Replies, Bad) ->
    receive
        {'DOWN', Monitor, process, _, _} ->
            collect(Name, Sent, Replies, [Node | Bad]);
        {?SERVER, Node, {nonexisting_name, _}} ->
            erlang:demonitor(Monitor, [flush]),
            collect(Name, Sent, Replies, [Node | Bad]);
        {Name, Node, Reply} ->
            erlang:demonitor(Monitor, [flush]),
            collect(Name, Sent, [reply(Name, Node, Reply) | Replies], Bad)
    end;
collect(_Name, [], Replies, Bad) ->
    {Replies, Bad}.

%% A broadcast is answered by where it arrived.
reply(?SERVER, Node, Name) when is_atom(Name) -> Node;
reply(_Name, _Node, Reply) -> Reply.

%%% Work shared out to all nodes.

%% @doc Calls functions {Module, Function, Args}, shared out to this node and all connected ones; gives
%% the values in that order.
parallel_eval(Calls) ->
    Keys = deal(Calls, [], [node() | nodes()]),
    [yield(Key) || Key <- Keys].

deal([], _Nodes, _All) -> [];
deal(Calls, [], All) -> deal(Calls, All, All);
deal([{M, F, A} | Calls], [Node | Nodes], All) -> [async_call(Node, M, F, A) | deal(Calls, Nodes, All)].

%% @doc As lists:map/2 with {Module, Function} and more arguments behind the element, shared out to all nodes.
%% Exits with badrpc if one of the calls fails.
pmap({M, F}, ExtraArgs, List) when is_atom(M), is_atom(F) ->
    Values = parallel_eval([{M, F, [Element | ExtraArgs]} || Element <- List]),
    case [bad || {badrpc, _} <- Values] of
        [] -> Values;
        _ -> exit(badrpc)
    end.

%% @doc What erlang:process_info/1 says of a process, which may be on another node.
pinfo(Pid) when node(Pid) =:= node() -> process_info(Pid);
pinfo(Pid) -> call(node(Pid), erlang, process_info, [Pid]).

%% @doc What erlang:process_info/2 says of a process, which may be on another node.
pinfo(Pid, Items) when node(Pid) =:= node() -> process_info(Pid, Items);
pinfo(Pid, Items) -> block_call(node(Pid), erlang, process_info, [Pid, Items]).

%%% The server.

%% @doc Starts the server of this node that answers requests of others.
start() -> gen_server:start({local, ?SERVER}, ?MODULE, [], []).

%% @doc The same, with a link to the caller.
start_link() -> gen_server:start_link({local, ?SERVER}, ?MODULE, [], []).

%% @doc Stops the server of this node.
stop() -> stop(?SERVER).

stop(Server) -> gen_server:call(Server, stop, infinity).

%% State: the calls under way, by the monitors of their processes.
init([]) ->
    process_flag(trap_exit, true),
    {ok, #{}}.

handle_call({call, M, F, A, Leader}, From, Calls) ->
    {noreply, start_call(M, F, A, Leader, From, Calls)};
handle_call({block_call, M, F, A, Leader}, _From, Calls) ->
    Own = group_leader(),
    set_leader(Leader),
    Reply = run(M, F, A),
    group_leader(Own, self()),
    {reply, Reply, Calls};
handle_call(stop, _From, Calls) ->
    {stop, normal, stopped, Calls};
handle_call(_Request, _From, Calls) ->
    {noreply, Calls}.

handle_cast({cast, M, F, A, Leader}, Calls) ->
    _ = spawn(fun() -> set_leader(Leader), erpc:execute_cast(M, F, A) end),
    {noreply, Calls};
handle_cast(_Request, Calls) ->
    {noreply, Calls}.

handle_info({'DOWN', Monitor, process, _, Reason}, Calls) when is_map_key(Monitor, Calls) ->
    {{From, Key}, Left} = maps:take(Monitor, Calls),
    answer(From, as_value(fun() -> erpc:call_result(down, Monitor, Key, Reason) end)),
    {noreply, Left};
handle_info({From, {sbcast, Name, Message}}, Calls) ->
    Reply = try Name ! Message of
                _ -> Name
            catch
                error:_ -> {nonexisting_name, Name}
            end,
    From ! {?SERVER, node(), Reply},
    {noreply, Calls};
handle_info({From, {send, Name, Message}}, Calls) ->
    Reply = try Name ! {From, Message} of
                _ -> ok
            catch
                error:_ -> {nonexisting_name, Name}
            end,
    case Reply of
        ok -> ok;
        _ -> From ! {?SERVER, node(), Reply}
    end,
    {noreply, Calls};
handle_info({From, {call, M, F, A, Leader}}, Calls) ->
    {noreply, start_call(M, F, A, Leader, {?SERVER, From}, Calls)};
handle_info({From, features_request}, Calls) ->
    From ! {features_reply, node(), [erpc]},
    {noreply, Calls};
handle_info(_Message, Calls) ->
    {noreply, Calls}.

terminate(_Reason, _Calls) -> ok.

code_change(_OldVsn, Calls, _Extra) -> {ok, Calls}.

start_call(M, F, A, Leader, From, Calls) ->
    Key = make_ref(),
    {_, Monitor} = spawn_monitor(fun() ->
                                         set_leader(Leader),
                                         erpc:execute_call(Key, M, F, A)
                                 end),
    Calls#{Monitor => {From, Key}}.

answer({?SERVER, From}, Reply) -> From ! {?SERVER, Reply};
answer(From, Reply) -> gen_server:reply(From, Reply).

run(M, F, A) ->
    as_value(fun() -> erpc:call(node(), M, F, A) end).

%% Output goes to the caller's leader, or as messages to a caller that is no
%% Erlang node.
set_leader(Leader) when is_pid(Leader) ->
    group_leader(Leader, self());
set_leader({send_stdout_to_caller, Caller}) ->
    group_leader(spawn_link(fun() -> stdout_of(Caller) end), self());
set_leader(user) ->
    group_leader(whereis(user), self()).

stdout_of(Caller) ->
    receive
        {io_request, From, ReplyAs, Request} ->
            From ! {io_reply, ReplyAs, output(Request, Caller)},
            stdout_of(Caller);
        _ ->
            stdout_of(Caller)
    end.

output({put_chars, Encoding, Chars}, Caller) ->
    case unicode:characters_to_binary(Chars, Encoding, utf8) of
        Text when is_binary(Text) -> Caller ! {rex_stdout, Text}, ok;
        _ -> {error, {put_chars, Encoding, Chars}}
    end;
output({put_chars, Encoding, M, F, A}, Caller) ->
    try apply(M, F, A) of
        Chars -> output({put_chars, Encoding, Chars}, Caller)
    catch
        _:_ -> {error, F}
    end;
output({requests, Requests}, Caller) ->
    lists:foldl(fun(Request, ok) -> output(Request, Caller);
                   (_, Error) -> Error
                end, ok, Requests);
output(_Request, _Caller) ->
    {error, enotsup}.
