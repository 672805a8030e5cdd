%% log_mf_h: the files in turn, what is in them, what is left when the handler goes, and what is refused.
-module(log_mf_h_files).
-export([main/0]).

main() ->
    logger:set_primary_config(level, none),
    ok = file:make_dir("mf"),
    io:format("~p~n", [setelement(4, log_mf_h:init("mf", 1000, 3), pred)]),
    [t({Dir, Bytes, Files},
       fun() ->
               {ok, E} = gen_event:start(),
               Result = gen_event:add_handler(E, log_mf_h, log_mf_h:init(Dir, Bytes, Files)),
               Handlers = gen_event:which_handlers(E),
               gen_event:stop(E),
               {Result, Handlers}
       end)
     || {Dir, Bytes, Files} <- [{"mf", 0, 3}, {"mf", 300, 0}, {"none", 100, 2}, {foo, 100, 3}, {"mf", foo, 3}, {"mf", 300, 256}]],
    ok = file:del_dir_r("mf"),
    ok = file:make_dir("mf"),
    {ok, E1} = gen_event:start(),
    ok = gen_event:add_handler(E1, log_mf_h, log_mf_h:init("mf", 300, 3, fun(X) -> X =/= no end)),
    [gen_event:notify(E1, {event, I, lists:duplicate(20, $a)}) || I <- lists:seq(1, 30)],
    gen_event:notify(E1, no),
    gen_event:sync_notify(E1, last),
    show(),
    io:format("~p~n", [gen_event:call(E1, log_mf_h, null)]),
    {error, {'EXIT', {function_clause, [{log_mf_h, handle_call, [question, _], _} | _]}}} = gen_event:call(E1, log_mf_h, question),
    io:format("~p~n", [gen_event:which_handlers(E1)]),
    ok = gen_event:add_handler(E1, log_mf_h, log_mf_h:init("mf", 300, 3)),
    gen_event:sync_notify(E1, again),
    E1 ! {emulator, self(), "chars"},
    E1 ! other,
    State = gen_event:delete_handler(E1, log_mf_h, stop),
    io:format("~p ~p~n", [tuple_size(State), [element(N, State) || N <- [1, 2, 3, 4, 5, 6, 8]]]),
    show(),
    [t({F, A}, fun() -> apply(log_mf_h, F, A) end)
     || {F, A} <- [{handle_event, [x, y]}, {handle_info, [x, y]}, {handle_call, [x, y]}, {terminate, [x, y]}, {code_change, [1, 2, 3]},
                   {init, [foo]}]],
    ok = file:del_dir_r("mf").

show() ->
    {ok, Names} = file:list_dir("mf"),
    {ok, <<Number>>} = file:read_file("mf/index"),
    io:format("index ~p~n", [Number]),
    [begin
         {ok, Bytes} = file:read_file(["mf/" | Name]),
         io:format("~s: ~p bytes ~0p~n", [Name, byte_size(Bytes), events(Bytes)])
     end || Name <- lists:sort(Names), Name =/= "index"].

events(<<Size:16, Bytes:Size/binary, Rest/binary>>) ->
    {{{_, _, _}, {_, _, _}}, Event} = binary_to_term(Bytes),
    [case Event of {emulator, _, Text} -> {emulator, Text}; _ -> Event end | events(Rest)];
events(<<>>) ->
    [].

t(Tag, F) ->
    Result = try F() of
                 {{'EXIT', {Fault, [{M, G, A, _} | _]}}, Left} -> {{Fault, M, G, plain(A)}, Left};
                 Value -> Value
             catch
                 Class:Reason:Stack -> {M, G, A, _} = hd(Stack), {Class, Reason, {M, G, A}}
             end,
    io:format("~0p: ~0p~n", [Tag, Result]).

plain(X) when is_function(X) -> 'fun';
plain([H | T]) -> [plain(H) | plain(T)];
plain(X) when is_tuple(X) -> list_to_tuple(plain(tuple_to_list(X)));
plain(X) -> X.
