%%% Options of the functions of the external format, its pieces, the oldest form of references, identifiers that are
%%% none, and packets in bit strings.
-module(external_options).
-export([main/0]).
-define(T(E), t(?LINE, fun() -> E end)).

t(Line, Fun) ->
    Result = try Fun() catch Class:Reason -> {Class, Reason} end,
    io:format("~w: ~0p~n", [Line, shown(Result)]).

shown(Result) when is_pid(Result) -> pid;
shown(Result) when is_port(Result) -> port;
shown(Result) when is_reference(Result) -> ref;
shown(Result) -> Result.

main() ->
    sizes(),
    pieces(),
    forms(),
    identifiers(),
    packets().

sizes() ->
    Terms = [1, -1, 1 bsl 40, 1 bsl 2100, 1.5, a, "abc", lists:seq(1, 300), {1, 2}, #{a => 1}, <<1, 2, 3>>, <<1:3>>,
             fun lists:map/2, [], binary:copy(<<0>>, 1000)],
    [begin
         ?T([try erlang:external_size(X, O) catch error:R -> R end
             || O <- [[], [{minor_version, 0}], [{minor_version, 1}]]]),
         ?T([byte_size(term_to_binary(X, O))
             || O <- [[], [{minor_version, 0}], [{minor_version, 1}], [{minor_version, 2}], [compressed], [deterministic],
                      [{compressed, 0}]]])
     end || X <- Terms],
    [?T(erlang:external_size(a, O))
     || O <- [[foo], foo, [{minor_version, 2}], [{minor_version, 3}], [compressed], [{compressed, 9}], [deterministic],
              [{minor_version, 1} | x]]],
    [?T(term_to_binary(a, O)) || O <- [[{minor_version, 3}], [{compressed, 10}], [foo], foo]].

pieces() ->
    Many = [binary:copy(<<I>>, I * 37) || I <- lists:seq(1, 60)],
    P = fun(Term, O) -> [byte_size(Y) || Y <- term_to_iovec(Term, O)] end,
    ?T(P(Many, [])),
    ?T(P(Many, [{minor_version, 2}])),
    ?T(P([{I, binary:copy(<<1>>, I)} || I <- lists:seq(60, 70)], [])),
    ?T(P(lists:seq(1, 20000), [])),
    ?T(P([<<1:1024/unit:8, 1:1>>, <<1:500/unit:8>>], [])),
    ?T(P([<<1:1024/unit:8>>, lists:seq(1000, 9000)], [])),
    ?T(P(#{a => binary:copy(<<1>>, 100), b => {binary:copy(<<2>>, 100)}}, [])),
    ?T(P([binary:copy(<<1>>, 100), binary:copy(<<2>>, 2000), 3], [{compressed, 0}])),
    ?T(P(binary:copy(<<1>>, 100), [])),
    [?T(binary_to_term(iolist_to_binary(term_to_iovec(X))) =:= X)
     || X <- [Many, <<1:1024/unit:8, 1:1>>, [<<1:65/unit:8, 1:7>>, x], {[], binary:copy(<<3>>, 65)}]],
    ?T(iolist_to_binary(term_to_iovec(Many)) =:= term_to_binary(Many)),
    ?T(term_to_iovec(a, [foo])).

forms() ->
    Node = <<100, 0, 13, "nonode@nohost">>,
    ?T(binary_to_term(<<131, 101, 100, 0, 1, $a, 0, 0, 0, 1, 0>>)),
    ?T(binary_to_term(<<131, 101, Node/binary, 0, 0, 0, 1, 0>>)),
    ?T(binary_to_term(<<131, 101, Node/binary, 0, 0, 0, 1>>)),
    ?T(binary_to_term(<<131, 101, 97, 1, 0, 0, 0, 1, 0>>)),
    ?T(binary_to_term(<<131, 114, 0, 1, Node/binary, 0, 0, 0, 0, 1>>)),
    ?T(binary_to_term(<<131, 90, 0, 3, Node/binary, 0, 1:32, 2:32, 3:32>>)),
    ?T(binary_to_term(<<131, 117, 0, 0, 0, 0>>)).

identifiers() ->
    [?T(list_to_pid(Text))
     || Text <- ["<0.1.0>", "<0.99999999999.0>", "<0.1.99999999>", "<0.1>", "<0.1.0>x", "<0.1.8191>", "<0.1.8192>",
                 "<1.1.0>", "<0.-1.0>", "<0..0>", "<0. 1.0>", [], foo, "<0.01.0>", "<0.5.1>"]].

packets() ->
    <<_:1, Odd:55/bitstring, _/bitstring>> = <<0:1, "abc\ndef", 0:7>>,
    [?T(erlang:decode_packet(Type, Bits, [])) || Type <- [raw, line, 1], Bits <- [<<1:3>>, <<1:9>>, <<1, 2, 3:2>>, Odd]],
    ?T(erlang:decode_packet(line, "abc\n", [])).
