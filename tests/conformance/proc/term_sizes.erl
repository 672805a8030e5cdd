%% Sizes of terms in words, with and without what is shared.
-module(term_sizes).
-export([main/0, text/1]).

main() ->
    Text = ?MODULE:text(1),
    Binary = binary:copy(<<7>>, 100),
    Keys = fun(N) -> maps:from_list([{I, I} || I <- lists:seq(1, N)]) end,
    <<Bits:13/bits, _/bits>> = Binary,
    [p(Term, erts_debug:size(Term), erts_debug:flat_size(Term))
     || Term <- [1, an_atom, [], Text, {Text, Text}, [Text, Text, Text], {}, {1, 2}, [1 | 2], [[1 | 2] | 3],
                 1.5, 0.0, 1.0e300, -2.5e-310, 1 bsl 58, -(1 bsl 59), 1 bsl 59, -(1 bsl 59) - 1, 1 bsl 64, 1 bsl 200,
                 <<>>, <<1>>, <<1, 2, 3, 4, 5, 6, 7, 8>>, <<1, 2, 3, 4, 5, 6, 7, 8, 9>>, <<1:3>>, binary:copy(<<1>>, 64),
                 binary:copy(<<1>>, 65), Binary, {Binary, Binary}, Bits, #{}, #{a => 1}, #{a => Text, b => Text}, Keys(32),
                 Keys(33), Keys(100), Keys(1000), fun() -> ok end, fun() -> Text end, fun lists:map/2, self()]],
    io:format("~p~n", [[erts_debug:same(A, B)
                        || {A, B} <- [{Text, Text}, {Text, ?MODULE:text(1)}, {a, a}, {1, 2}]]]),
    [io:format("~p~n", [try F() catch Class:Reason -> {Class, Reason} end]
    ) || F <- [fun() -> erlang:process_display(self(), nothing) end,
               fun() -> erlang:process_display(not_a_pid, backtrace) end,
               fun() -> erlang:disconnect_node('no@where') end,
               fun() -> erlang:nodes([this], #{connection_id => true, node_type => true}) end,
               fun() -> erlang:nodes(this, #{}) end,
               fun() -> erlang:nodes(visible, #{node_type => true}) end,
               fun() -> erlang:nodes(this, #{nothing => true}) end,
               fun() -> erlang:nodes(nothing, #{}) end]].

text(N) -> "abc" ++ integer_to_list(N).

p(Term, Size, Flat) ->
    io:format("~ts ~w ~w~n", [lists:sublist(lists:flatten(shown(Term)), 40), Size, Flat]).

shown(Term) when is_function(Term); is_pid(Term) -> "fun or pid";
shown(Term) when map_size(Term) > 32 -> "map";
shown(Term) -> io_lib:format("~w", [Term]).
