%%% Descriptions of tests: reads them, one level at a time, into tests and groups.
%%%
%%% What is wrong is thrown, as {abort, Error}.
-module(eunit_data).

-export([read/1, next/1, get_module_tests/1]).

-include("eunit_data.hrl").

%% @doc The next item of what a group consists of, and the rest: lists within lists are part of them.
next([C | _] = Tests) when is_integer(C) ->
    case eunit_lib:is_string(Tests) of
        true -> {read({file, Tests}), []};
        false -> abort({bad_test, Tests})
    end;
next([Test | Rest]) ->
    case opened(Test) of
        Tests when is_list(Tests) -> next(Tests ++ Rest);
        Item -> {Item, Rest}
    end;
next([]) -> none;
next(Test) when is_integer(Test) -> abort({bad_test, Test});
next(Test) -> next([Test]).

%% A list of descriptions, or an item.
opened(Tests) when is_list(Tests) ->
    case Tests =/= [] andalso eunit_lib:is_string(Tests) of
        true -> read({file, Tests});
        false -> Tests
    end;
opened({generator, F}) when is_function(F, 0) -> opened(generated(F, eunit_lib:fun_parent(F)));
opened({generator, M, F}) when is_atom(M), is_atom(F) -> opened(generated_by(M, F));
opened({with, X, Funs}) when is_list(Funs) -> with_value(X, Funs);
opened(Foreach) when is_tuple(Foreach), element(1, Foreach) =:= foreach -> each(Foreach);
opened(Foreach) when is_tuple(Foreach), element(1, Foreach) =:= foreachx -> eachx(Foreach);
opened(Test) -> read(Test).

abort(Error) -> throw({abort, Error}).

%% @doc The test or the group that a description stands for.
read({read, Item}) -> Item;
read(Tests) when is_list(Tests) ->
    case Tests =/= [] andalso eunit_lib:is_string(Tests) of
        true -> read({file, Tests});
        false -> listed(Tests)
    end;
read({M, F}) when is_atom(M), is_atom(F), M =/= module, M =/= application, M =/= file, M =/= dir,
                  M =/= generator, M =/= spawn, M =/= inorder, M =/= inparallel ->
    #test{f = eunit_test:mf_wrapper(M, F), location = {M, F, 0}};
read({test, M, F}) when is_atom(M), is_atom(F) -> read({M, F});
read(F) when is_function(F, 0) -> #test{f = F, location = eunit_lib:fun_parent(F)};
read({generator, F}) when is_function(F, 0) -> read(generated(F, eunit_lib:fun_parent(F)));
read({generator, M, F}) when is_atom(M), is_atom(F) -> read(generated_by(M, F));
read({Line, Test}) when is_integer(Line), Line >= 0 ->
    case is_function(Test) orelse tuple_size(Test) =:= 2 andalso is_atom(element(1, Test)) of
        true -> (read(Test))#test{line = Line};
        false -> abort({bad_test, Test})
    end;
read({Desc, Test}) when is_binary(Desc) -> read({unicode:characters_to_list(Desc), Test});
read({[C | _] = Desc, Test}) when is_integer(C) -> described(Desc, read(Test));

read({Desc, Line, Test}) when is_list(Desc), is_integer(Line) -> read({Desc, {Line, Test}});
read({timeout, Seconds, Test}) when is_number(Seconds), Seconds >= 0 ->
    Limit = round(1000 * Seconds),
    case read(Test) of
        #test{timeout = undefined} = Item -> Item#test{timeout = Limit};
        #group{timeout = undefined} = Item -> Item#group{timeout = Limit};
        Item -> #group{timeout = Limit, tests = [{read, Item}]}
    end;
read({spawn, Test}) -> spawned(true, read(Test));
read({spawn, Node, Test}) when is_atom(Node) -> spawned({true, Node}, read(Test));
read({inorder, Test}) -> ordered(inorder, read(Test));
read({inparallel, Test}) -> ordered(inparallel, read(Test));
read({inparallel, N, Test}) when is_integer(N), N >= 0 ->
    ordered(if N =:= 0 -> inparallel; N =:= 1 -> inorder; true -> {inparallel, N} end, read(Test));
read(Setup) when is_tuple(Setup), element(1, Setup) =:= setup -> read_setup(Setup);
read(Foreach) when is_tuple(Foreach), element(1, Foreach) =:= foreach -> listed(each(Foreach));
read(Foreach) when is_tuple(Foreach), element(1, Foreach) =:= foreachx -> listed(eachx(Foreach));
read({with, X, Funs}) when is_list(Funs) -> read(with_value(X, Funs));
read({with_fun, X, F}) ->
    #test{f = fun() -> F(X) end, location = eunit_lib:fun_parent(F)};
read({node, Node, Test}) when is_atom(Node) -> read({node, Node, "", Test});
read({node, Node, Args, Test}) when is_atom(Node), is_list(Args) ->
    {Name, Host} = eunit_lib:split_node(Node),
    read({setup, spawn,
          fun() ->
                  case slave:start(Host, Name, Args) of
                      {ok, Started} -> Started;
                      {error, Reason} -> throw({bad_node, Reason})
                  end
          end,
          fun(Started) -> slave:stop(Started) end,
          fun(Started) -> {spawn, Started, Test} end});
read({module, M}) when is_atom(M) ->
    {Desc, Tests} = get_module_tests(M),
    read({Desc, Tests ++ companion(M)});
read({module, M, alone}) when is_atom(M) -> read(get_module_tests(M));
read({application, A}) when is_atom(A) ->
    Name = atom_to_list(A) ++ ".app",
    case code:where_is_file(Name) of
        non_existing -> abort({application_not_found, A});
        File -> read({"file \"" ++ Name ++ "\"", application_tests(A, consult(File))})
    end;
read({application, A, Info}) when is_atom(A), is_list(Info) -> read(application_tests(A, Info));
read({file, Name}) when is_list(Name) -> read({"file \"" ++ filename:basename(Name) ++ "\"", file_tests(Name)});
read({dir, Name}) when is_list(Name) -> read({"directory \"" ++ Name ++ "\"", dir_tests(Name)});
read(M) when is_atom(M) -> read({module, M});
read(Other) -> abort({bad_test, Other}).

%% What a list stands for: its only item, or a group. To see which, two items are read at once.
listed(Tests) ->
    case next(Tests) of
        none -> #group{};
        {First, Rest} ->
            case next(Rest) of
                none -> First;
                {Second, More} -> #group{tests = [{read, First}, {read, Second} | More]}
            end
    end.

described(Desc, #test{desc = undefined} = Item) -> Item#test{desc = Desc};
described(Desc, #group{desc = undefined} = Item) -> Item#group{desc = Desc};
described(Desc, Item) -> #group{desc = Desc, tests = [{read, Item}]}.

spawned(Spawn, #group{spawn = undefined} = Item) -> Item#group{spawn = Spawn};
spawned(Spawn, Item) -> #group{spawn = Spawn, tests = [{read, Item}]}.

ordered(Order, #group{order = undefined} = Item) -> Item#group{order = Order};
ordered(Order, #group{} = Item) -> #group{order = Order, tests = [{read, Item}]};
ordered(_, #test{} = Item) -> Item.

generated(F, Where) ->
    Tests = try F()
            catch Class:Reason:Stack -> abort({generator_failed, {Where, {Class, Reason, Stack}}})
            end,
    case eunit_lib:is_not_test(Tests) of
        true -> abort({bad_generator, {Where, Tests}});
        false -> Tests
    end.

generated_by(M, F) ->
    _ = code:ensure_loaded(M),
    case erlang:function_exported(M, F, 0) of
        true -> generated(fun M:F/0, {M, F, 0});
        false -> abort({no_such_function, {M, F, 0}})
    end.

with_value(X, Funs) ->
    case lists:all(fun(F) -> is_function(F, 1) end, Funs) of
        true -> [{with_fun, X, F} || F <- Funs];
        false -> abort({bad_test, {with, X, Funs}})
    end.

%%% Fixtures.

read_setup({setup, Setup, Tests}) when is_function(Setup, 0) ->
    context(spawn, Setup, fun(_) -> ok end, Tests);
read_setup({setup, Setup, Cleanup, Tests}) when is_function(Setup, 0), is_function(Cleanup, 1) ->
    context(spawn, Setup, Cleanup, Tests);
read_setup({setup, Where, Setup, Tests}) when is_function(Setup, 0) ->
    read_setup({setup, Where, Setup, fun(_) -> ok end, Tests});
read_setup({setup, Where, Setup, Cleanup, Tests} = Whole)
  when is_function(Setup, 0), is_function(Cleanup, 1) ->
    context(where(Where, Whole), Setup, Cleanup, Tests);
read_setup({setup, Parts, Tests}) when is_list(Parts) ->
    case proplists:get_value(setup, Parts) of
        undefined -> abort({bad_test, {setup, Parts, Tests}});
        Setup ->
            read_setup({setup, proplists:get_value(where, Parts, spawn), Setup,
                        proplists:get_value(cleanup, Parts, fun(_) -> ok end), Tests})
    end;
read_setup(Whole) -> abort({bad_test, Whole}).

where(local, _) -> local;
where(spawn, _) -> spawn;
where({spawn, Node}, _) when is_atom(Node) -> {spawn, Node};
where(_, Whole) -> abort({bad_test, Whole}).

%% Funs of one argument are given what the setup gives.
context(Where, Setup, Cleanup, {with, Funs}) when is_list(Funs) ->
    context(Where, Setup, Cleanup, fun(Value) -> {with, Value, Funs} end);
context(Where, Setup, Cleanup, Tests) ->
    #group{context = #context{setup = Setup, cleanup = Cleanup, process = Where}, tests = Tests}.

each(Whole) ->
    {Where, Setup, Cleanup, Tests} =
        case Whole of
            {foreach, S, Ts} -> {spawn, S, fun(_) -> ok end, Ts};
            {foreach, S, C, Ts} when is_function(S, 0) -> {spawn, S, C, Ts};
            {foreach, W, S, Ts} -> {W, S, fun(_) -> ok end, Ts};
            {foreach, W, S, C, Ts} -> {W, S, C, Ts};
            _ -> abort({bad_test, Whole})
        end,
    is_function(Setup, 0) andalso is_function(Cleanup, 1) andalso is_list(Tests)
        orelse abort({bad_test, Whole}),
    [{setup, where(Where, Whole), Setup, Cleanup, Test} || Test <- Tests].

eachx(Whole) ->
    {Where, Setup, Cleanup, Pairs} =
        case Whole of
            {foreachx, S, Ps} -> {spawn, S, fun(_, _) -> ok end, Ps};
            {foreachx, S, C, Ps} when is_function(S, 1) -> {spawn, S, C, Ps};
            {foreachx, W, S, Ps} -> {W, S, fun(_, _) -> ok end, Ps};
            {foreachx, W, S, C, Ps} -> {W, S, C, Ps};
            _ -> abort({bad_test, Whole})
        end,
    is_function(Setup, 1) andalso is_function(Cleanup, 2) andalso is_list(Pairs)
        orelse abort({bad_test, Whole}),
    [{setup, where(Where, Whole), fun() -> Setup(X) end, fun(R) -> Cleanup(X, R) end, fun(R) -> F(X, R) end}
     || {X, F} <- Pairs, is_function(F, 2)].

%%% Modules, files, folders and applications.

%% @doc {Description, Tests} of a module, without those of the module of its name with _tests.
get_module_tests(M) ->
    case code:ensure_loaded(M) of
        {module, M} -> ok;
        {error, _} -> abort({module_not_found, M})
    end,
    Tests = lists:append([test_function(M, F) || {F, 0} <- M:module_info(exports)]),
    {"module '" ++ atom_to_list(M) ++ "'", Tests}.

test_function(M, F) ->
    Name = atom_to_list(F),
    case {lists:suffix("_test", Name), lists:suffix("_test_", Name)} of
        {true, _} -> [{test, M, F}];
        {_, true} -> [{generator, M, F}];
        _ -> []
    end.

companion(M) ->
    Name = atom_to_list(M),
    case lists:suffix("_tests", Name) of
        true -> [];
        false ->
            Other = list_to_atom(Name ++ "_tests"),
            case code:ensure_loaded(Other) of
                {module, Other} -> [{module, Other}];
                {error, _} -> []
            end
    end.

application_tests(A, [{application, A, Info} | _]) -> application_tests(A, Info);
application_tests(A, Info) ->
    {"application '" ++ atom_to_list(A) ++ "'",
     [{module, M} || M <- proplists:get_value(modules, Info, [])]}.

consult(File) ->
    try eunit_lib:consult_file(File)
    catch throw:Error -> abort(Error)
    end.

%% A beam file stands for its module, another for the tests that it describes.
file_tests(Name) ->
    case filename:extension(Name) of
        ".beam" ->
            case beam_lib:version(Name) of
                {ok, {Module, _}} ->
                    case code:is_loaded(Module) of
                        false -> code:load_abs(filename:rootname(Name));
                        _ -> ok
                    end,
                    Dir = filename:dirname(Name),
            {setup, fun() -> code:add_patha(Dir), Dir end, fun code:del_path/1, {module, Module}};
                {error, beam_lib, _} -> abort({file_read_error, {undefined, "extracting module name failed", Name}})
            end;
        _ -> consult(Name)
    end.

dir_tests(Name) ->
    Names = try eunit_lib:list_dir(Name)
            catch throw:Error -> abort(Error)
            end,
    Modules = [filename:basename(File, ".beam") || File <- lists:sort(Names), filename:extension(File) =:= ".beam"],
    %% The tests beside a module belong to that.
    [file_tests(filename:join(Name, Module ++ ".beam"))
     || Module <- Modules, not lists:member(Module, [Other ++ "_tests" || Other <- Modules])].
