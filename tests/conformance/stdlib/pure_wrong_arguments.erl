%% Arguments that are none, found by random calls: what is shown is the value, or the class and the reason.
-module(pure_wrong_arguments).
-export([main/0]).

t(M, F, Args) ->
    io:format("~p:~p ~0p ~0p~n", [M, F, Args, try apply(M, F, Args) catch C:R -> {C, R} end]).

main() -> scopes(), folded(), separators(), states(), names(), tokens(), options().

%% Patterns that are none are not looked at where the scope ends before the first byte.
scopes() ->
    [t(binary, F, [Subject, Pattern, [{scope, Scope}]])
     || F <- [match, matches, split], Subject <- [<<"abc">>, <<>>], Pattern <- [<<>>, [], foo, [<<"a">> | <<"b">>]],
        Scope <- [{0, 0}, {3, 0}, {3, -3}, {2, -1}, {4, 0}]].

folded() ->
    [io:format("~p ~p~n", [Set, try gb_sets:fold(fun(X, Acc) -> [X | Acc] end, [], Set) catch C:R -> {C, R} end])
     || Set <- [{ok, {1, [-3], d}}, {1, {a, b}}, {3, {2, {1, nil, x}, {3, nil, nil}}}, x]].

separators() ->
    Texts = ["]", "ab", "", <<"ab">>, <<>>, [<<"ab">>]],
    Wanted = [[[]], [d], [a, $b], [[a]], [[$a, $b], c], [$b, []], [-1], [16#D800], [[] | x], a],
    [t(string, nth_lexeme, [T, N, W]) || T <- Texts, N <- [1, 2], W <- Wanted],
    [t(string, lexemes, [T, W]) || T <- Texts, W <- Wanted],
    [t(string, take, [T, W, C, D]) || T <- Texts -- [<<>>], W <- Wanted, C <- [true, false], D <- [leading, trailing]],
    [t(string, trim, [T, D, W]) || T <- Texts, W <- Wanted, D <- [leading, trailing, both]].

states() ->
    Same = fun lists:max/1,
    States = [{#{}, 1}, {#{type => x}, 1}, {x, 1}, {#{bits => 58}, 1}, {#{next => a}, 1}, {#{bits => 58, next => Same}, [7 | 8]},
              {#{max => 10, next => Same}, [1 | 2]}, {#{uniform => Same, uniform_n => Same}, 1}, x],
    [plainly(rand, F, [S]) || F <- [normal_s, uniform_s, uniform_real_s, export_seed_s], S <- States],
    [plainly(rand, F, [N, S]) || F <- [uniform_s, bytes_s], N <- [0, 5, a], S <- States],
    Own = {#{uniform => fun(State) -> {0.5, State} end, uniform_n => fun(N, State) -> {N, State} end}, 1},
    [io:format("own ~p~n", [element(1, X)]) || X <- [rand:uniform_s(Own), rand:uniform_s(7, Own)]].

plainly(M, F, Args) ->
    io:format("~p:~p/~p ~0p~n", [M, F, length(Args), try apply(M, F, Args), value catch C:R -> {C, R} end]).

names() ->
    [t(filename, validate, [Name])
     || Name <- [[13 | 9], [[] | 2], [0 | 9], [a | 9], [[9 | a] | 3], [[[]]], [97, <<"b">> | 9], ["a" | b], [-1 | 2], [255 | 0], ['a\0']]],
    Nothings = ['', [], [[]], [[], []], "a", <<>>],
    [t(filename, join, [A, B]) || A <- Nothings, B <- Nothings],
    [t(filename, basedir, [bad, Name, Options])
     || Name <- ["a", [1 | 2], [{}], <<"b">>],
        Options <- [#{os => linux}, #{os => windows}, #{os => linux, version => 1}, #{os => linux, version => "1"},
                    #{author => {}, os => windows}, #{author => {}, os => darwin}]].

%% A character that begins no token is told at once, also before the full stop.
tokens() ->
    [io:format("tokens ~0p ~0p~n", [Text, try done(erl_scan:tokens([], Text, Line)) catch C:R -> {C, R} end])
     || Text <- ["a.", "a. b", "a \x{3a9} b. ", [$a, 16#D800, $., $\n], [$", 16#110000, $"], [$a, $., $\s, foo], [$a, $., $\n | b], ["a. "],
                 <<"a. ">>, [$a, -1, $., $\n], [$", a, $"]],
        Line <- [1, {6, 4}, 1 bsl 70]],
    [io:format("string ~0p ~0p~n", [Text, try erl_scan:string(Text, 1 bsl 70, [text]) catch C:R -> {C, R} end])
     || Text <- ["", "a\n b. ", "a \x{3a9}", "\n'a", ["a"], [$a, b]]],
    io:format("~p~n", [erl_scan:tokens([], "a\n.\n", {1 bsl 65, 3})]).

done({more, _}) -> more;
done(Done) -> Done.

options() ->
    [t(erl_scan, string, ["a", 1, Options])
     || Options <- [[17 | 18], [return | text], {reserved_word_fun, x}, [{reserved_word_fun, x} | y], [{text_fun, x}], [foo, 1]]].
