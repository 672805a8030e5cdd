%%% Runs one test fun, and what is around a group: setup, instantiation and cleanup.
-module(eunit_test).

-export([run_testfun/1, mf_wrapper/2, enter_context/4]).

%% @doc What became of a test: {ok, Value}, {error, {Class, Reason, Stack}} or {skipped, Reason}.
run_testfun(F) ->
    try F() of
        Value -> {ok, Value}
    catch
        throw:{eunit_skipped, Reason} -> {skipped, Reason};
        Class:Reason:Stack -> {error, {Class, Reason, Stack}}
    end.

%% @doc A test fun of a function; one that does not exist is skipped.
mf_wrapper(M, F) ->
    fun() ->
            case is_there(M, F) of
                %% No tail call: traces show this fun.
                true -> [M:F()];
                {false, Reason} -> throw({eunit_skipped, Reason})
            end
    end.

is_there(M, F) ->
    case code:ensure_loaded(M) of
        {error, _} -> {false, {module_not_found, M}};
        {module, _} ->
            case erlang:function_exported(M, F, 0) of
                true -> true;
                false -> {false, {no_such_function, {M, F, 0}}}
            end
    end.

%% @doc Calls a fun with the tests that are instantiated with what the setup gives, and cleans up.
enter_context(Setup, Cleanup, Instantiate, Callback) ->
    Resource = try Setup()
               catch Class:Reason:Stack -> throw({context, {setup_failed, {Class, Reason, own(Stack)}}})
               end,
    try
        Tests = try Instantiate(Resource)
                catch Class1:Reason1:Stack1 ->
                        throw({context, {instantiation_failed, {Class1, Reason1, own(Stack1)}}})
                end,
        case eunit_lib:is_not_test(Tests) of
            true ->
                Where = eunit_lib:fun_parent(Instantiate),
                throw({context, {bad_instantiator, {Where, Tests}}});
            false -> Callback(Tests)
        end
    after
        try Cleanup(Resource)
        catch Class2:Reason2:Stack2 -> throw({context, {cleanup_failed, {Class2, Reason2, own(Stack2)}}})
        end
    end.

%% A stack trace without what is below the fun that was called.
own(Stack) -> lists:takewhile(fun(Frame) -> element(1, Frame) =/= ?MODULE end, Stack).
