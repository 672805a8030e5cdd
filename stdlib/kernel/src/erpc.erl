%%% erpc: calls on other nodes whose outcomes can be told apart.
%%%
%%% A request is a process that is started on the other node and monitored. It
%%% ends with its outcome as exit reason: {Key, return, Value} and the like, where
%%% Key is a reference that the client has made up. Any other reason is a signal
%%% that ended it, or a lost connection. A call on the own node without a time
%%% limit needs no process at all.
-module(erpc).

-export([call/2, call/3, call/4, call/5, cast/2, cast/4, multicall/2, multicall/3, multicall/4,
         multicall/5, multicast/2, multicast/4]).
-export([send_request/2, send_request/4, send_request/6, receive_response/1, receive_response/2,
         receive_response/3, wait_response/1, wait_response/2, wait_response/3,
         check_response/2, check_response/3]).
-export([reqids_new/0, reqids_size/1, reqids_add/3, reqids_to_list/1]).
-export([execute_call/4, execute_call/3, execute_cast/3, is_arg_error/4, trim_stack/4,
         call_result/4]).

-export_type([request_id/0, request_id_collection/0, timeout_time/0]).

-opaque request_id() :: {Monitor :: reference(), Key :: reference()}.
-opaque request_id_collection() :: #{reference() => {reference(), term()}}.
-type timeout_time() :: 0..4294967295 | infinity | {abs, integer()}.

-define(IS_MFA(N, M, F, A), is_atom(N), is_atom(M), is_atom(F), is_list(A)).
-define(FAIL(Reason), error({?MODULE, Reason})).

%%% Calls.

%% @doc Calls a fun of no arguments on a node and gives its value.
call(Node, Fun) -> call(Node, Fun, infinity).

%% @doc The same, waiting at most so long.
call(Node, Fun, Timeout) when is_function(Fun, 0) -> call(Node, erlang, apply, [Fun, []], Timeout);
call(_Node, _Fun, _Timeout) -> ?FAIL(badarg).

%% @doc Calls a function of a module on a node and gives its value.
call(Node, Module, Function, Args) -> call(Node, Module, Function, Args, infinity).

%% @doc The same, waiting at most so long: milliseconds, infinity or {abs, Time}. What the function throws is thrown;
%% its exits and errors become {exception, ...}, and faults of the call itself the error {erpc, Reason}.
call(Node, M, F, A, infinity) when Node =:= node(), ?IS_MFA(Node, M, F, A) ->
    try execute_call(M, F, A) of
        {return, Value} -> Value
    catch
        exit:Reason -> exit({exception, Reason});
        error:Reason:Stack ->
            case is_arg_error(Reason, M, F, A) of
                true -> ?FAIL(Reason);
                false -> error({exception, Reason, trim_stack(Stack, M, F, A)})
            end
    end;
call(Node, M, F, A, Timeout) when ?IS_MFA(Node, M, F, A) ->
    Limit = time_limit(Timeout),
    Key = make_ref(),
    Monitor = start(Node, Key, M, F, A),
    receive
        {spawn_reply, Monitor, error, Reason} -> ?FAIL(Reason);
        {'DOWN', Monitor, process, _, Reason} -> outcome(Reason, Key)
    after milliseconds_to(Limit) ->
            case give_up(Monitor) of
                none -> ?FAIL(timeout);
                {spawn_reply, Reason} -> ?FAIL(Reason);
                {down, Reason} -> outcome(Reason, Key)
            end
    end;
call(_Node, _M, _F, _A, _Timeout) ->
    ?FAIL(badarg).

%% @doc Lets a node run a fun of no arguments; ok at once, whatever becomes of it.
cast(Node, Fun) -> cast(Node, erlang, apply, [Fun, []]).

%% @doc Lets a node call a function of a module; ok at once, whatever becomes of it.
cast(Node, M, F, A) when ?IS_MFA(Node, M, F, A) ->
    case is_here(Node) of
        true -> _ = spawn(?MODULE, execute_cast, [M, F, A]);
        false -> _ = erlang:is_alive() andalso
                     spawn_request(Node, ?MODULE, execute_cast, [M, F, A], [{reply, no}])
    end,
    ok;
cast(_Node, _M, _F, _A) ->
    ?FAIL(badarg).

%%% Several nodes.

%% @doc Calls a fun of no arguments on several nodes at once.
multicall(Nodes, Fun) -> multicall(Nodes, Fun, infinity).

%% @doc The same, waiting at most so long.
multicall(Nodes, Fun, Timeout) when is_function(Fun, 0) ->
    multicall(Nodes, erlang, apply, [Fun, []], Timeout);
multicall(_Nodes, _Fun, _Timeout) ->
    ?FAIL(badarg).

%% @doc Calls a function of a module on several nodes at once.
multicall(Nodes, M, F, A) -> multicall(Nodes, M, F, A, infinity).

%% @doc The same, waiting at most so long. The results stand in the order of the nodes: {ok, Value}, {throw, Value},
%% {exit, Reason} or {error, Reason}, as call/5 would raise it.
multicall(Nodes, M, F, A, Timeout) when is_atom(M), is_atom(F), is_list(A) ->
    Limit = time_limit(Timeout),
    case are_nodes(Nodes) of
        true ->
            Requests = [send_request(Node, M, F, A) || Node <- Nodes],
            [tagged(fun() -> await(Request, Limit) end) || Request <- Requests];
        false ->
            ?FAIL(badarg)
    end;
multicall(_Nodes, _M, _F, _A, _Timeout) ->
    ?FAIL(badarg).

are_nodes([Node | Nodes]) -> is_atom(Node) andalso are_nodes(Nodes);
are_nodes(Tail) -> Tail =:= [].

%% An outcome as the elements of a multicall's result.
tagged(Await) ->
    try
        {ok, Await()}
    catch
        throw:Value -> {throw, Value};
        exit:Reason -> {exit, Reason};
        error:Reason -> {error, Reason}
    end.

%% @doc As cast/2, on several nodes.
multicast(Nodes, Fun) when is_function(Fun, 0) -> multicast(Nodes, erlang, apply, [Fun, []]);
multicast(_Nodes, _Fun) -> ?FAIL(badarg).

%% @doc As cast/4, on several nodes.
multicast(Nodes, M, F, A) when is_atom(M), is_atom(F), is_list(A) ->
    case are_nodes(Nodes) of
        true -> lists:foreach(fun(Node) -> cast(Node, M, F, A) end, Nodes);
        false -> ?FAIL(badarg)
    end;
multicast(_Nodes, _M, _F, _A) ->
    ?FAIL(badarg).

%%% Requests whose responses are fetched later.

%% @doc Starts a call of a fun on a node, the response to which is fetched later; gives the request's identifier.
send_request(Node, Fun) when is_atom(Node), is_function(Fun, 0) ->
    send_request(Node, erlang, apply, [Fun, []]);
send_request(_Node, _Fun) ->
    ?FAIL(badarg).

%% @doc The same with a function of a module. With a fun, a label and a collection of requests it gives the collection
%% with the request added.
send_request(Node, M, F, A) when ?IS_MFA(Node, M, F, A) ->
    Key = make_ref(),
    {start(Node, Key, M, F, A), Key};
send_request(Node, Fun, Label, Requests)
  when is_atom(Node), is_function(Fun, 0), is_map(Requests) ->
    send_request(Node, erlang, apply, [Fun, []], Label, Requests);
send_request(_Node, _M, _F, _A) ->
    ?FAIL(badarg).

%% @doc Starts a call of a function on a node; gives the collection with the request added under a label.
send_request(Node, M, F, A, Label, Requests) when ?IS_MFA(Node, M, F, A), is_map(Requests) ->
    {Monitor, Key} = send_request(Node, M, F, A),
    Requests#{Monitor => {Key, Label}};
send_request(_Node, _M, _F, _A, _Label, _Requests) ->
    ?FAIL(badarg).

%% @doc Waits for the response to a request: the value, or the exception that call/5 would raise.
receive_response({Monitor, Key} = Request) when is_reference(Monitor), is_reference(Key) ->
    receive_response(Request, infinity);
receive_response(_Request) ->
    ?FAIL(badarg).

%% @doc The same, at most so long; then the request is given up and the error is {erpc, timeout}.
receive_response({Monitor, Key} = Request, Timeout) when is_reference(Monitor), is_reference(Key) ->
    await(Request, time_limit(Timeout));
receive_response(_Request, _Timeout) ->
    ?FAIL(badarg).

%% The response of a request, which is given up when the time is over.
await({Monitor, Key}, Limit) ->
    receive
        {spawn_reply, Monitor, error, Reason} -> ?FAIL(Reason);
        {'DOWN', Monitor, process, _, Reason} -> outcome(Reason, Key)
    after milliseconds_to(Limit) ->
            case give_up(Monitor) of
                none -> ?FAIL(timeout);
                {spawn_reply, Reason} -> ?FAIL(Reason);
                {down, Reason} -> outcome(Reason, Key)
            end
    end.

%% @doc Waits for the response to any request of a collection: {Value, Label, Collection} or no_request. Where a
%% single request would raise Reason it raises {Reason, Label, Collection}; true takes the request out.
receive_response(Requests, _Timeout, Delete)
  when map_size(Requests) =:= 0, is_boolean(Delete) ->
    no_request;
receive_response(Requests, Timeout, Delete) when is_map(Requests), is_boolean(Delete) ->
    case next(Requests, milliseconds_to(time_limit(Timeout))) of
        none ->
            _ = [give_up(Monitor) || Monitor <- maps:keys(Requests)],
            ?FAIL(timeout);
        {Monitor, Answer} ->
            {Key, Label} = map_get(Monitor, Requests),
            Left = left(Monitor, Requests, Delete),
            {answer(Answer, Key, Label, Left), Label, Left}
    end;
receive_response(_Requests, _Timeout, _Delete) ->
    ?FAIL(badarg).

%% @doc Looks whether the response to a request is there: {response, Value} or no_response; raises what call/5 would.
wait_response({Monitor, Key} = Request) when is_reference(Monitor), is_reference(Key) ->
    wait_response(Request, 0);
wait_response(_Request) ->
    ?FAIL(badarg).

%% @doc The same, waiting at most so long. After no_response the request still stands.
wait_response({Monitor, Key}, Timeout) when is_reference(Monitor), is_reference(Key) ->
    receive
        {spawn_reply, Monitor, error, Reason} -> ?FAIL(Reason);
        {'DOWN', Monitor, process, _, Reason} -> {response, outcome(Reason, Key)}
    after milliseconds_to(time_limit(Timeout)) ->
            no_response
    end;
wait_response(_Request, _Timeout) ->
    ?FAIL(badarg).

%% @doc As receive_response/3, but gives {{response, Value}, Label, Collection}, no_request, or no_response if the
%% time is over; then the requests still stand.
wait_response(Requests, _Timeout, Delete) when map_size(Requests) =:= 0, is_boolean(Delete) ->
    no_request;
wait_response(Requests, Timeout, Delete) when is_map(Requests), is_boolean(Delete) ->
    case next(Requests, milliseconds_to(time_limit(Timeout))) of
        none ->
            no_response;
        {Monitor, Answer} ->
            {Key, Label} = map_get(Monitor, Requests),
            Left = left(Monitor, Requests, Delete),
            {{response, answer(Answer, Key, Label, Left)}, Label, Left}
    end;
wait_response(_Requests, _Timeout, _Delete) ->
    ?FAIL(badarg).

%% @doc Whether a message is the response to a request: {response, Value} or no_response; raises what call/5 would.
check_response(Message, {Monitor, Key}) when is_reference(Monitor), is_reference(Key) ->
    case Message of
        {spawn_reply, Monitor, error, Reason} -> ?FAIL(Reason);
        {'DOWN', Monitor, process, _, Reason} -> {response, outcome(Reason, Key)};
        _ -> no_response
    end;
check_response(_Message, _Request) ->
    ?FAIL(badarg).

%% @doc The same for a collection of requests: {{response, Value}, Label, Collection}, no_response or no_request. If
%% the last argument is true, the request is taken out of the collection.
check_response(_Message, Requests, Delete) when map_size(Requests) =:= 0, is_boolean(Delete) ->
    no_request;
check_response(Message, Requests, Delete) when is_map(Requests), is_boolean(Delete) ->
    case of_request(Message, Requests) of
        {Monitor, Answer} ->
            {Key, Label} = map_get(Monitor, Requests),
            Left = left(Monitor, Requests, Delete),
            {{response, answer(Answer, Key, Label, Left)}, Label, Left};
        false ->
            no_response
    end;
check_response(_Message, _Requests, _Delete) ->
    ?FAIL(badarg).

%% The first message that answers a request of a collection.
next(Requests, Milliseconds) ->
    receive
        {spawn_reply, Monitor, error, Reason} when is_map_key(Monitor, Requests) ->
            {Monitor, {spawn_reply, Reason}};
        {'DOWN', Monitor, process, _, Reason} when is_map_key(Monitor, Requests) ->
            {Monitor, {down, Reason}}
    after Milliseconds ->
            none
    end.

of_request({spawn_reply, Monitor, error, Reason}, Requests) when is_map_key(Monitor, Requests) ->
    {Monitor, {spawn_reply, Reason}};
of_request({'DOWN', Monitor, process, _, Reason}, Requests) when is_map_key(Monitor, Requests) ->
    {Monitor, {down, Reason}};
of_request(_Message, _Requests) ->
    false.

left(Monitor, Requests, true) -> maps:remove(Monitor, Requests);
left(_Monitor, Requests, false) -> Requests.

%% The value of an answer. What it raises tells the label and what is left.
answer(Answer, Key, Label, Left) ->
    try
        case Answer of
            {spawn_reply, Refusal} -> ?FAIL(Refusal);
            {down, Reason} -> outcome(Reason, Key)
        end
    catch
        Class:Failure:Stack -> erlang:raise(Class, {Failure, Label, Left}, Stack)
    end.

%%% Collections of requests.

%% @doc A collection without requests.
reqids_new() -> #{}.

%% @doc The number of requests in a collection.
reqids_size(Requests) when is_map(Requests) -> map_size(Requests);
reqids_size(_Requests) -> ?FAIL(badarg).

%% @doc The collection with a request and its label; fails with {erpc, badarg} if it is in there already.
reqids_add({Monitor, Key}, _Label, Requests) when is_reference(Key), is_map_key(Monitor, Requests) ->
    ?FAIL(badarg);
reqids_add({Monitor, Key}, Label, Requests)
  when is_reference(Monitor), is_reference(Key), is_map(Requests) ->
    Requests#{Monitor => {Key, Label}};
reqids_add(_Request, _Label, _Requests) ->
    ?FAIL(badarg).

%% @doc The requests of a collection with their labels: [{Request, Label}].
reqids_to_list(Requests) when is_map(Requests) ->
    [{{Monitor, Key}, Label} || {Monitor, {Key, Label}} <- maps:to_list(Requests)];
reqids_to_list(_Requests) ->
    ?FAIL(badarg).

%%% What runs on the other node.

%% The whole life of a request's process.
execute_call(Key, M, F, A) ->
    Reason = try
                 {Key, return, apply(M, F, A)}
             catch
                 throw:Value -> {Key, throw, Value};
                 exit:Why -> {Key, exit, Why};
                 error:Why:Stack ->
                     case is_arg_error(Why, M, F, A) of
                         true -> {Key, error, {?MODULE, Why}};
                         false -> {Key, error, Why, trim_stack(Stack, M, F, A)}
                     end
             end,
    exit(Reason).

execute_call(M, F, A) -> {return, apply(M, F, A)}.

%% A cast that fails is reported like any process that crashes.
execute_cast(M, F, A) ->
    try
        apply(M, F, A)
    catch
        error:Reason:Stack ->
            case is_arg_error(Reason, M, F, A) of
                true -> ?FAIL(Reason);
                false -> erlang:raise(error, {exception, Reason, trim_stack(Stack, M, F, A)}, Stack)
            end
    end.

%% Whether the call could not even be made, as there are too many arguments.
is_arg_error(system_limit, _M, _F, A) -> is_proper(A) andalso length(A) > 255;
is_arg_error(_Reason, _M, _F, _A) -> false.

is_proper(List) ->
    try length(List) of _ -> true
    catch error:badarg -> false
    end.

%% The stack of the called function, without the frames of this module.
trim_stack(Stack, M, F, A) ->
    case lists:splitwith(fun(Frame) -> not is_own(Frame) end, Stack) of
        {[], _} -> [{M, F, A, []}];
        {Frames, _} -> Frames
    end.

is_own({?MODULE, execute_call, _, _}) -> true;
is_own({?MODULE, execute_cast, _, _}) -> true;
is_own(_) -> false.

%%% Outcomes.

start(Node, Key, M, F, A) ->
    Args = [Key, M, F, A],
    case is_here(Node) of
        true ->
            {_, Monitor} = spawn_monitor(?MODULE, execute_call, Args),
            Monitor;
        false ->
            case erlang:is_alive() of
                true ->
                    spawn_request(Node, ?MODULE, execute_call, Args,
                                  [{reply, error_only}, monitor]);
                false ->
                    Monitor = make_ref(),
                    self() ! {spawn_reply, Monitor, error, noconnection},
                    Monitor
            end
    end.

is_here(Node) -> Node =:= node().

%% The reason with which a request's process ended, as the result it stands for.
outcome({Key, return, Value}, Key) -> Value;
outcome({Key, throw, Value}, Key) -> throw(Value);
outcome({Key, exit, Reason}, Key) -> exit({exception, Reason});
outcome({Key, error, Reason, Stack}, Key) -> error({exception, Reason, Stack});
outcome({Key, error, {?MODULE, _} = Reason}, Key) -> error(Reason);
outcome(noconnection, _Key) -> ?FAIL(noconnection);
outcome(Reason, _Key) -> exit({signal, Reason}).

%% The same for what the process of rpc's server sees: how its helper ended.
call_result(down, _Monitor, Key, Reason) -> outcome(Reason, Key);
call_result(spawn_reply, _Monitor, _Key, Reason) -> ?FAIL(Reason).

%% The time is over. A response that has come meanwhile is the outcome all the
%% same.
give_up(Monitor) ->
    case erlang:demonitor(Monitor, [info]) of
        true ->
            none;
        false ->
            receive
                {spawn_reply, Monitor, error, Reason} -> {spawn_reply, Reason};
                {'DOWN', Monitor, process, _, Reason} -> {down, Reason}
            after 0 ->
                    none
            end
    end.

%%% Time limits: infinity, or a moment of the monotonic clock in milliseconds.

time_limit(infinity) ->
    infinity;
time_limit(Timeout) when is_integer(Timeout), Timeout >= 0, Timeout =< 16#ffffffff ->
    erlang:monotonic_time(millisecond) + Timeout;
time_limit({abs, Moment}) when is_integer(Moment) ->
    case Moment - erlang:monotonic_time(millisecond) =< 16#ffffffff of
        true -> Moment;
        false -> ?FAIL(badarg)
    end;
time_limit(_Timeout) ->
    ?FAIL(badarg).

milliseconds_to(infinity) -> infinity;
milliseconds_to(Moment) -> max(0, Moment - erlang:monotonic_time(millisecond)).
