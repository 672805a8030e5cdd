%%% The generators of rand beyond the xorshift 116 family: exs64 (xorshift64*), exs1024 and exs1024s
%%% (xorshift1024*), exrop (xoroshiro116+) and exro928ss (xoroshiro928**), all after S. Vigna and D. Blackman.
%%%
%%% The state of exs64 is a word, that of exrop [S0 | S1]. The others have a ring of 16 words {Front, Back}: its
%%% first words, and the last ones backwards.
-module(swerl_rand_rings).

-export([next/1, jump/1, seed/2]).

-define(MASK(Bits, X), ((X) band ((1 bsl (Bits)) - 1))).
-define(ROTATE(Bits, X, N), (?MASK(Bits, (X) bsl (N)) bor ((X) bsr ((Bits) - (N))))).
-define(RING, 16).

%% @doc The function that gives a word and the next state.
next(exs64) -> fun exs64/1;
next(exs1024) -> fun exs1024/1;
next(exs1024s) -> fun exs1024/1;
next(exrop) -> fun exrop/1;
next(exro928ss) -> fun exro928ss/1.

exs64(S0) ->
    S1 = S0 bxor (S0 bsr 12),
    S2 = S1 bxor ?MASK(64, S1 bsl 25),
    S3 = S2 bxor (S2 bsr 27),
    {?MASK(64, S3 * 2685821657736338717), S3}.

exs1024({[First], Back}) ->
    exs1024({[First | lists:reverse(Back)], []});
exs1024({[S0, S1 | Front], Back}) ->
    Mixed = S1 bxor ?MASK(64, S1 bsl 31),
    Word = S0 bxor (S0 bsr 30) bxor Mixed bxor (Mixed bsr 11),
    {?MASK(64, Word * 1181783497276652981), {[Word | Front], [S0 | Back]}}.

exrop([S0 | S1]) ->
    Mixed = S0 bxor S1,
    {?MASK(58, S0 + S1),
     [?ROTATE(58, S0, 24) bxor Mixed bxor ?MASK(58, Mixed bsl 2) | ?ROTATE(58, Mixed, 35)]}.

exro928ss({[Last], Back}) ->
    exro928ss({[Last | lists:reverse(Back)], []});
exro928ss({[Last, First | Front], Back}) ->
    S0 = ?MASK(58, First),
    Mixed = ?MASK(58, Last) bxor S0,
    NewLast = ?ROTATE(58, S0, 44) bxor Mixed bxor ?MASK(58, Mixed bsl 9),
    Times5 = ?MASK(58, S0 * 5),
    {?MASK(58, ?ROTATE(58, Times5, 7) * 9), {[?ROTATE(58, Mixed, 45) | Front], [NewLast | Back]}}.

%% Seeds.

%% @doc The state for a seed: an integer, three integers or a list of words.
seed(exs64, Seed) when is_list(Seed) ->
    [S] = given(1, 64, Seed),
    S;
seed(exs64, Seed) when is_integer(Seed) ->
    [S] = words(1, 64, Seed),
    S;
seed(exs64, {A1, A2, A3}) ->
    Words = [element(1, exs64(?MASK(32, A) * Prime + 1))
             || {A, Prime} <- [{A1, 4294967197}, {A2, 4294967231}, {A3, 4294967279}]],
    lists:foldl(fun erlang:'*'/2, 1, Words) rem ((1 bsl 64) - 2) + 1;
seed(Ring, {A1, A2, A3}) when Ring =:= exs1024; Ring =:= exs1024s ->
    [B1, B2, B3] = [?MASK(21, (?MASK(21, A) + 1) * Prime)
                    || {A, Prime} <- [{A1, 2097131}, {A2, 2097133}, {A3, 2097143}]],
    {filled(?RING, (B1 bsl 43) bor (B2 bsl 22) bor (B3 bsl 1) bor 1, []), []};
seed(Ring, Seed) when Ring =:= exs1024; Ring =:= exs1024s ->
    {given_or_made(?RING, 64, Seed), []};
seed(exrop, {A1, A2, A3}) ->
    {_, [_ | S1]} = exrop([?MASK(58, A1 * 4294967197 + 1) | ?MASK(58, A2 * 4294967231 + 1)]),
    {_, State} = exrop([?MASK(58, A3 * 4294967279 + 1) | S1]),
    State;
seed(exrop, Seed) ->
    [S0, S1] = given_or_made(2, 58, Seed),
    [S0 | S1];
seed(exro928ss, {A1, A2, A3}) ->
    {S0, X0} = word(58, A1),
    {S1, X1} = word(58, A2 bxor X0),
    {S2, X2} = word(58, A3 bxor X1),
    {[S0, S1, S2 | words(?RING - 3, 58, X2)], []};
seed(exro928ss, Seed) ->
    {given_or_made(?RING, 58, Seed), []}.

given_or_made(N, Bits, Seed) when is_list(Seed) -> given(N, Bits, Seed);
given_or_made(N, Bits, Seed) when is_integer(Seed) -> words(N, Bits, Seed).

given(N, Bits, Seed) -> rand:given_words(N, Bits, Seed, false).

%% So many words that are not zero, from a splitmix64 state.
words(0, _, _) -> [];
words(N, Bits, X) ->
    {Word, X1} = word(Bits, X),
    [Word | words(N - 1, Bits, X1)].

word(Bits, X) ->
    {Z, X1} = rand:splitmix64_next(X),
    case ?MASK(Bits, Z) of
        0 -> word(Bits, X1);
        Word -> {Word, X1}
    end.

filled(0, _, Words) -> Words;
filled(N, S, Words) ->
    {Word, S1} = exs64(S),
    filled(N - 1, S1, [Word | Words]).

%% Jumps: where a bit of a constant, from the lowest on, is set, the state is added; then follows a step.

%% @doc The state of the generator, with its handler, after as many steps as it jumps over.
jump({#{type := exrop} = Handler, State}) ->
    [Front, Back] = added(fun exrop/1, fun([S0 | S1]) -> [S0, S1] end, State, 2, exrop_jump(), 116),
    {Handler, [Front | Back]};
jump({#{type := exro928ss} = Handler, State}) ->
    {Handler, {added(fun exro928ss/1, fun from_first/1, State, ?RING, exro928_jump(), ?RING * 58), []}};
jump({Handler, {_, Back} = State}) ->
    %% The ring stays divided where it was.
    Ring = added(fun exs1024/1, fun from_first/1, State, ?RING, exs1024_jump(), 1024),
    {Front1, Back1} = lists:split(?RING - length(Back), Ring),
    {Handler, {Front1, lists:reverse(Back1)}}.

from_first({Front, Back}) -> Front ++ lists:reverse(Back).

added(Next, Words, State, N, Constant, Bits) ->
    added(Next, Words, State, Constant, Bits, lists:duplicate(N, 0), 0).

added(_, _, _, _, Bits, Sum, Bits) ->
    Sum;
added(Next, Words, State, Constant, Bits, Sum, I) ->
    {_, State1} = Next(State),
    Sum1 = case (Constant bsr I) band 1 of
               1 -> lists:zipwith(fun erlang:'bxor'/2, Sum, Words(State));
               0 -> Sum
           end,
    added(Next, Words, State1, Constant, Bits, Sum1, I + 1).

exrop_jump() -> 16#9863200f83fcd4a11293241fcb12a.

exro928_jump() ->
    joined(58, [16#4085302F77130CA, 16#54E07F7F4524091, 16#5E1D7D6813D2BA0, 16#4687ACEF8644287,
                16#4567FD9F0B83FE5, 16#43E6D27EA06C024, 16#641E015AC26D5D2, 16#6CD61377663B92F,
                16#70A0657E19F00D4, 16#43C0BDDE15CF3C3, 16#745A3A8A3CEF3CC, 16#58A8CF308C8E0C6,
                16#7B7C4CC049C536E, 16#431801F9DB3AF2C, 16#41A1504ACD83F24, 16#6C41DCF2F867D7F]).

exs1024_jump() ->
    joined(58, [16#00242f96eca9c41d, 16#0196e1ddbe5a1561, 16#0239f070b5837a3c, 16#03f393cc68796cd2,
                16#0248316f404489af, 16#039a30088bffbac2, 16#02fea70dc2d9891f, 16#032ae0d9644caec4,
                16#0313aac17d8efa43, 16#02f132e055642626, 16#01ee975283d71c93, 16#00552321b06f5501,
                16#00c41d10a1e6a569, 16#019158ecf8aa1e44, 16#004e9fc949d0b5fc, 16#0363da172811fdda,
                16#030e38c3b99181f2, 16#0000000a118038fc]).

%% The words as one number, the first one lowest.
joined(Bits, Words) -> lists:foldr(fun(Word, Sum) -> (Sum bsl Bits) bor ?MASK(Bits, Word) end, 0, Words).
