%% gen_event: handlers that are refused when they are added or swapped in, calls that end badly, and wrong options.
-module(gen_event_faults).
-behaviour(gen_event).
-export([main/0, init/1, handle_event/2, handle_call/2, terminate/2]).

init(F) when is_function(F) -> F();
init({F, Before}) when is_function(F) -> tester ! {swapped, Before}, F();
init(State) -> {ok, State}.

handle_event({swap, To, Init}, State) -> {swap_handler, args, State, To, Init};
handle_event({return, Value}, _) -> Value;
handle_event(_, State) -> {ok, State}.

handle_call({swap, To, Init}, State) -> {swap_handler, reply, args, State, To, Init};
handle_call({return, Value}, _) -> Value;
handle_call(never, State) -> receive after 100 -> {ok, late, State} end.

terminate(Why, State) -> tester ! {ended, Why, State}, {left, State}.

main() ->
    logger:set_primary_config(level, none),
    process_flag(trap_exit, true),
    register(tester, self()),
    {ok, _} = gen_event:start({local, manager}),
    Inits = [{"ok", fun() -> {ok, new} end}, {"hibernate", fun() -> {ok, new, hibernate} end}, {"bad", fun() -> bad end},
             {"error", fun() -> {error, x} end}, {"throw", fun() -> throw({error, y}) end}, {"exit", fun() -> exit(z) end}],
    New = {?MODULE, new},
    [t({Add, Name}, fun() -> R = gen_event:Add(manager, New, Init), {R, clean()} end) || Add <- [add_handler, add_sup_handler], {Name, Init} <- Inits],
    [t({Swap, Name},
       fun() -> ok = gen_event:add_sup_handler(manager, ?MODULE, old), R = gen_event:Swap(manager, {?MODULE, args}, {New, Init}), {R, clean()} end)
     || Swap <- [swap_handler, swap_sup_handler], {Name, Init} <- Inits],
    [t({event_swap, Name},
       fun() -> ok = gen_event:add_sup_handler(manager, ?MODULE, old), R = gen_event:sync_notify(manager, {swap, New, Init}), {R, clean()} end)
     || {Name, Init} <- Inits, Name =/= "hibernate"],
    [t({call_swap, Name},
       fun() -> ok = gen_event:add_sup_handler(manager, ?MODULE, old), R = gen_event:call(manager, ?MODULE, {swap, New, Init}), {R, clean()} end)
     || {Name, Init} <- Inits, Name =/= "hibernate"],
    t(swap_none, fun() -> R = gen_event:swap_handler(manager, {none, args}, {New, fun() -> bad end}), {R, clean()} end),
    gen_event:add_handler(manager, ?MODULE, state),
    [t({call, T}, fun() -> gen_event:call(manager, ?MODULE, never, T) end) || T <- [foo, -1, 10]],
    [t({call, X}, fun() -> gen_event:call(X, ?MODULE, query) end) || X <- [nobody, {global, nobody}, {nobody, 'a@b'}, "a", 1]],
    [t({call, X}, fun() -> gen_event:call(X, ?MODULE, query, 10) end) || X <- [nobody, "a"]],
    [t({start, X}, fun() -> gen_event:start(X) end) || X <- [[{spawn_opt, [bad]}], [{spawn_opt, [monitor]}], [{timeout}]]],
    ok.

%% The handlers that are there and what has been told, and all of it gone.
clean() ->
    Handlers = gen_event:which_handlers(manager),
    Told = told(),
    [gen_event:delete_handler(manager, Handler, over) || Handler <- Handlers],
    _ = told(),
    {Handlers, Told}.

told() -> receive Message -> [Message | told()] after 5 -> [] end.

t(Tag, F) ->
    Result = try F()
             catch Class:Reason:Stack -> {M, G, A, _} = hd(Stack), {Class, Reason, {M, G, A}}
             end,
    io:format("~0p: ~0p~n", [Tag, plain(Result)]).

plain(X) when is_pid(X) -> pid;
plain(X) when is_reference(X) -> ref;
plain(X) when is_function(X) -> 'fun';
plain([{M, F, _, _} | _]) when is_atom(M), is_atom(F) -> stack;
plain([H | T]) -> [plain(H) | plain(T)];
plain(X) when is_tuple(X) -> list_to_tuple(plain(tuple_to_list(X)));
plain(X) -> X.
