%% What is wrong with match specifications, in the machine's words.
-module(ets_matchspec_faults).
-export([main/0]).

main() ->
    Body = [{}, {'$1'}, {1, 2}, {<<1>>}, {'$_'}, {'$$', 1}, {[], 1}, {"a"}, {'_'}, {const}, {const, 1, 2}, {'and'},
            {'or'}, {'xor'}, {'andalso'}, {'orelse'}, {'not'}, {'not', 1, 2}, {'$9', 1}, {'++', 1, 2},
            {'hello world', 1}, {get_tcw}, {get_tcw, 1}, {set_tcw}, {set_tcw, 1}, {set_seq_token, a, b},
            {get_seq_token}, {is_seq_trace}, {trace, a, b}, {message, 1}, {self, 1}, {node, 1}, {disable_trace, a},
            {enable_trace, a, b}, {silent, a}, {return_trace}, {{1, 2}, 3}, {#{}, 1}, {caller}, {exception_trace},
            {process_dump}],
    [table([{{'$1', '$2'}, [], [Part]}]) || Part <- Body],
    Guards = [{}, {'$1'}, {'and'}, foo, true, '$1', {foo, 1}, "abc", {message, 1}, []],
    [table([{{'$1', '$2'}, [Guard], [x]}]) || Guard <- Guards],
    Specs = [[], foo, [{'_', [], []}], [{'_', []}], [{'_', [], [x]} | y], [{'_', [], [x]}, y], [{'_', [a | b], [x]}],
             [{'_', a, [x]}], [{'_', [], x}], [{'_', [], [x | y]}], [{[a], [], [x]}], [{"x", [], [x]}],
             [{'$1', [], ['$1']}], [{'$100000000', [], [x]}], [{{'$1', '_'}, [], ['$2']}],
             [{{a, b}, [{'==', '$1', 1}], ['$2']}]],
    [table(Spec) || Spec <- Specs],
    Heads = ['_', '$1', ['$1', '_'], foo, {a, b}, ['$1' | '_'], "ab", [], 1, <<1>>, #{}],
    [trace([{Head, [], []}]) || Head <- Heads],
    Acts = [{return_trace}, {message, false}, {message, '$_'}, {caller}, {exception_trace}, {set_tcw, 1}, {get_tcw},
            {silent, true}, {trace, [a], [b]}, {enable_trace, send}, {is_seq_trace}, {get_seq_token}, {foo},
            {return_trace, 1}, {self, 1}, {}],
    [trace([{'_', [], [Act]}]) || Act <- Acts].

table(Spec) -> show(Spec, erlang:match_spec_test({1, 2}, Spec, table)).

trace(Spec) -> show(Spec, erlang:match_spec_test([1, 2], Spec, trace)).

show(Spec, Result) -> io:format("~p ~p~n", [Spec, Result]).
