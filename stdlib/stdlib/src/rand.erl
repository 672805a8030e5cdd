%%% Pseudo random numbers.
%%%
%%% A state is {Handler, AlgorithmState}; the handler is a map that names the algorithm and holds
%%% its functions. The functions without a state keep one in the process dictionary.
%%% Algorithms: exsss (xorshift 116 with the ** scrambler, the default), exsp and exsplus (the same
%%% with the + scrambler), all after S. Vigna; those of swerl_rand_rings; and mwc59, a multiply-with-carry
%%% generator.
-module(rand).

-export([seed/1, seed/2, seed_s/1, seed_s/2, export_seed/0, export_seed_s/1, uniform/0, uniform/1,
         uniform_s/1, uniform_s/2, uniform_real/0, uniform_real_s/1, bytes/1, bytes_s/2, jump/0,
         jump/1, normal/0, normal/2, normal_s/1, normal_s/3]).
-export([exsp_next/1, exsp_jump/1, splitmix64_next/1, seed58/2, mwc59/1, mwc59_value32/1, mwc59_value/1,
         mwc59_float/1, mwc59_seed/0, mwc59_seed/1, given_words/4]).

-define(MASK(Bits, X), ((X) band ((1 bsl (Bits)) - 1))).
%% Whether a generator tells how large its words are; the older ones give the largest word.
-define(HAS_WORDS(Handler), (is_map_key(bits, Handler) orelse is_map_key(max, Handler))).
-define(TWO_POW_MINUS53, 1.1102230246251565e-16).
-define(DICT_KEY, rand_seed).

%% Seeds.

%% @doc Starts an algorithm from values that differ from run to run, or goes on from an exported
%% state, and gives the new state.
seed(AlgorithmOrState) ->
    put_state(seed_s(AlgorithmOrState)).

%% @doc Starts an algorithm from a seed: an integer, three integers or a list of them.
seed(Algorithm, Seed) ->
    put_state(seed_s(Algorithm, Seed)).

%% @doc As seed/1, without keeping the state.
seed_s({Handler, _} = State) when is_map(Handler) ->
    State;
seed_s({Algorithm, AlgorithmState}) when is_atom(Algorithm) ->
    {handler(Algorithm), AlgorithmState};
seed_s(Algorithm) ->
    seed_s(Algorithm, varying_seed()).

%% @doc As seed/2, without keeping the state.
seed_s(default, Seed) ->
    seed_s(exsss, Seed);
seed_s(Algorithm, Seed) ->
    {handler(Algorithm), algorithm_seed(Algorithm, Seed)}.

varying_seed() ->
    {erlang:phash2([{node(), self()}]), erlang:system_time(), erlang:unique_integer()}.

put_state(State) ->
    put(?DICT_KEY, State),
    State.

get_state() ->
    case get(?DICT_KEY) of
        undefined -> seed(exsss);
        State -> State
    end.

%% @doc {Algorithm, AlgorithmState} of the process, or undefined.
export_seed() ->
    case get(?DICT_KEY) of
        {Handler, _} = State when is_map(Handler) -> export_seed_s(State);
        _ -> undefined
    end.

%% @doc {Algorithm, AlgorithmState} of a state.
export_seed_s({#{type := Type}, AlgorithmState}) ->
    {Type, AlgorithmState}.

%% The low bits of a word that are worse than the others are not used where that is told.
handler(exsss) ->
    #{type => exsss, bits => 58, next => fun exsss_next/1, jump => fun jump_exs/1, uniform => fun of_word/1,
      uniform_n => fun of_words/2};
handler(exsp) ->
    #{type => exsp, bits => 58, weak_low_bits => 1, next => fun exsp_next/1, jump => fun jump_exs/1,
      uniform => fun of_word/1, uniform_n => fun of_words/2};
handler(exsplus) ->
    #{type => exsplus, max => ?MASK(58, -1), next => fun exsp_next/1, jump => fun jump_exs/1};
handler(exs64) ->
    #{type => exs64, max => ?MASK(64, -1), next => swerl_rand_rings:next(exs64)};
handler(exs1024) ->
    #{type => exs1024, max => ?MASK(64, -1), next => swerl_rand_rings:next(exs1024), jump => fun swerl_rand_rings:jump/1};
handler(exs1024s) ->
    #{type => exs1024s, bits => 64, weak_low_bits => 3, next => swerl_rand_rings:next(exs1024s),
      jump => fun swerl_rand_rings:jump/1};
handler(exrop) ->
    #{type => exrop, bits => 58, weak_low_bits => 1, next => swerl_rand_rings:next(exrop), jump => fun swerl_rand_rings:jump/1,
      uniform => fun of_word/1, uniform_n => fun of_words/2};
handler(exro928ss) ->
    #{type => exro928ss, bits => 58, next => swerl_rand_rings:next(exro928ss), jump => fun swerl_rand_rings:jump/1,
      uniform => fun of_word/1, uniform_n => fun of_words/2}.

algorithm_seed(Algorithm, Seed)
  when Algorithm =:= exs64; Algorithm =:= exs1024; Algorithm =:= exs1024s; Algorithm =:= exrop;
       Algorithm =:= exro928ss ->
    swerl_rand_rings:seed(Algorithm, Seed);
algorithm_seed(_, Seeds) when is_list(Seeds) ->
    [S0, S1] = given_words(2, 58, Seeds, false),
    [S0 | S1];
algorithm_seed(_, Seed) when is_integer(Seed) ->
    [S0, S1] = seed58(2, Seed),
    [S0 | S1];
algorithm_seed(exsss, {A1, A2, A3}) ->
    {_, X0} = word58(A1),
    {S0, X1} = word58(A2 bxor X0),
    {S1, _} = word58(A3 bxor X1),
    [S0 | S1];
algorithm_seed(_, {A1, A2, A3}) ->
    {_, R1} = exsp_next([?MASK(58, A1 * 4294967197 + 1) | ?MASK(58, A2 * 4294967231 + 1)]),
    {_, R2} = exsp_next([?MASK(58, A3 * 4294967279 + 1) | tl(R1)]),
    R2.

%% @doc So many words of a size, of which one at least is not zero.
given_words(0, _, [], true) -> [];
given_words(0, _, [_ | _], _) -> erlang:error(too_many_seed_integers);
given_words(_, _, [], false) -> erlang:error(zero_seed);
given_words(N, Bits, [], true) -> [0 | given_words(N - 1, Bits, [], true)];
given_words(N, Bits, [Seed | Seeds], NonZero) when is_integer(Seed) ->
    Word = ?MASK(Bits, Seed),
    [Word | given_words(N - 1, Bits, Seeds, NonZero orelse Word =/= 0)];
given_words(_, _, [_ | _], _) -> erlang:error(non_integer_seed).

%% @doc So many words of 58 bits from a splitmix64 state.
seed58(0, _) -> [];
seed58(N, X) ->
    {Word, X1} = word58(X),
    [Word | seed58(N - 1, X1)].

word58(X) ->
    {Z, X1} = splitmix64_next(X),
    case ?MASK(58, Z) of
        0 -> word58(X1);
        Word -> {Word, X1}
    end.

%% @doc The next word of splitmix64 (64 bits), and the next state.
splitmix64_next(X0) ->
    X = ?MASK(64, X0 + 16#9e3779b97f4a7c15),
    Z0 = ?MASK(64, (X bxor (X bsr 30)) * 16#bf58476d1ce4e5b9),
    Z1 = ?MASK(64, (Z0 bxor (Z0 bsr 27)) * 16#94d049bb133111eb),
    {Z1 bxor (Z1 bsr 31), X}.

%% The xorshift generators.

%% @doc The next word of exsp (58 bits), and the next state.
exsp_next([S1 | S0]) ->
    Low = ?MASK(58, S0),
    New = exs_step(Low, S1),
    {?MASK(58, Low + New), [Low | New]}.

exsss_next([S1 | S0]) ->
    Low = ?MASK(58, S0),
    Times5 = Low + ?MASK(58, Low bsl 2),
    Turned = ?MASK(58, Times5 bsl 7) bor ?MASK(7, Times5 bsr 51),
    {?MASK(58, Turned + ?MASK(58, Turned bsl 3)), [Low | exs_step(Low, S1)]}.

exs_step(S0, S1) ->
    Mixed = ?MASK(58, S1) bxor ?MASK(58, S1 bsl 24),
    Mixed bxor S0 bxor (Mixed bsr 11) bxor (S0 bsr 41).

jump_exs({Handler, S}) ->
    {Handler, exsp_jump(S)}.

%% @doc The state of exsp or exsss after 2 ^ 64 steps.
exsp_jump(S) ->
    {S1, Acc} = jump_bits(S, [0 | 0], 16#02f8ea6bc32c797, 58),
    {_, Acc1} = jump_bits(S1, Acc, 16#345d2a0f85f788c, 58),
    Acc1.

jump_bits(S, Acc, _, 0) -> {S, Acc};
jump_bits([S0 | S1] = S, [A0 | A1] = Acc, Bits, N) ->
    {_, Next} = exsp_next(S),
    case Bits band 1 of
        1 -> jump_bits(Next, [A0 bxor S0 | A1 bxor S1], Bits bsr 1, N - 1);
        0 -> jump_bits(Next, Acc, Bits bsr 1, N - 1)
    end.

%% @doc The state of the process after a jump.
jump() ->
    put_state(jump(get_state())).

%% @doc The state after as many steps as the algorithm jumps over.
jump({Handler, _} = State) when is_map(Handler) ->
    case maps:find(jump, Handler) of
        {ok, Jump} -> Jump(State);
        error -> erlang:error(not_implemented)
    end.

%% Uniform numbers.

%% @doc A float of at least 0.0 and below 1.0.
uniform() ->
    {X, State} = uniform_s(get_state()),
    put_state(State),
    X.

%% @doc An integer from 1 to N.
uniform(N) ->
    {X, State} = uniform_s(N, get_state()),
    put_state(State),
    X.

%% @doc As uniform/0, from a state: {Value, NewState}.
uniform_s({#{uniform := Uniform}, _} = State) ->
    Uniform(State);
uniform_s({#{next := _} = Handler, _} = State) when ?HAS_WORDS(Handler) ->
    of_word(State).

of_word({#{next := Next} = Handler, R0}) ->
    {V, R1} = Next(R0),
    case maps:find(bits, Handler) of
        {ok, Bits} -> {(V bsr (Bits - 53)) * ?TWO_POW_MINUS53, {Handler, R1}};
        error -> {V / (maps:get(max, Handler) + 1), {Handler, R1}}
    end.

%% @doc As uniform/1, from a state: {Value, NewState}.
uniform_s(N, {#{uniform_n := Uniform}, _} = State) when is_integer(N), N >= 1 ->
    Uniform(N, State);
uniform_s(N, {#{next := _} = Handler, _} = State) when is_integer(N), N >= 1, ?HAS_WORDS(Handler) ->
    of_words(N, State).

of_words(N, {#{next := Next} = Handler, R0}) ->
    {V, R1} = Next(R0),
    case maps:find(bits, Handler) of
        {ok, Bits} -> in_range(N, Handler, Next, Bits, V, R1);
        error -> in_old_range(N, Handler, maps:get(max, Handler), V, R1)
    end.

in_old_range(N, Handler, Max, V, R) when N =< Max -> {V rem N + 1, {Handler, R}};
in_old_range(N, Handler, Max, V, R) -> {trunc(V / (Max + 1) * N) + 1, {Handler, R}}.

%% A word in the top part of the words, which is too short for all of the range, is thrown away.
in_range(N, Handler, Next, Bits, V, R) ->
    case (1 bsl Bits) - N of
        Top when Top >= 0 ->
            I = V rem N,
            if
                V < N -> {V + 1, {Handler, R}};
                V - I =< Top -> {I + 1, {Handler, R}};
                true ->
                    {V1, R1} = Next(R),
                    in_range(N, Handler, Next, Bits, V1, R1)
            end;
        _ ->
            in_large_range(N, Handler, Next, Bits, V, R)
    end.

%% A range beyond one word: words are put together, two bits more than needed unless the range is
%% a power of two.
in_large_range(N, Handler, Next, Bits, V, R) ->
    Weak = maps:get(weak_low_bits, Handler, 0),
    case N band (N - 1) of
        0 ->
            {V1, R1, _} = wide_word(N bsr Bits, Next, Bits - Weak, Weak, V, R, Bits),
            {V1 band (N - 1) + 1, {Handler, R1}};
        _ ->
            {V1, R1, B} = wide_word(N bsr (Bits - 2), Next, Bits - Weak, Weak, V, R, Bits),
            I = V1 rem N,
            case V1 - I =< (1 bsl B) - N of
                true -> {I + 1, {Handler, R1}};
                false ->
                    {V2, R2} = Next(R1),
                    in_large_range(N, Handler, Next, Bits, V2, R2)
            end
    end.

wide_word(Range, _, _, _, V, R, B) when Range =< 1 -> {V, R, B};
wide_word(Range, Next, Shift, Weak, V, R, B) ->
    {V1, R1} = Next(R),
    High = ((V bsr Weak) bsl Weak) bsl Shift,
    wide_word(Range bsr Shift, Next, Shift, Weak, High bor V1, R1, B + Shift).

%% @doc A float above 0.0 and at most 1.0, with all its bits random also where it is small.
uniform_real() ->
    {X, State} = uniform_real_s(get_state()),
    put_state(State),
    X.

%% @doc As uniform_real/0, from a state: {Value, NewState}.
uniform_real_s({#{next := _} = Handler, R0}) when ?HAS_WORDS(Handler) ->
    {M, R1} = word56(Handler, R0),
    case bit_count(M) of
        N when N >= 53 -> {(M bsr (N - 53)) * math:pow(2.0, N - 109), {Handler, R1}};
        N -> more_bits(Handler, M, N, -56, R1)
    end.

%% 56 good bits.
word56(Handler, R0) ->
    Next = maps:get(next, Handler),
    {V, R1} = Next(R0),
    case maps:find(bits, Handler) of
        {ok, Bits} -> {V bsr (Bits - 56), R1};
        error -> {?MASK(56, V), R1}
    end.

%% M has N bits at the exponent; words are drawn until there are 53 bits behind the first one. A
%% generator that gives nothing but zeros is started over.
more_bits(Handler, _, 0, Exponent, R) when Exponent < -1008 ->
    uniform_real_s({Handler, R});
more_bits(Handler, 0, 0, Exponent, R0) ->
    {M, R1} = word56(Handler, R0),
    case bit_count(M) of
        N when N >= 53 -> {(M bsr (N - 53)) * math:pow(2.0, Exponent + N - 109), {Handler, R1}};
        N -> more_bits(Handler, M, N, Exponent - 56, R1)
    end;
more_bits(Handler, M, N, Exponent, R0) ->
    %% As in OTP, a second word of more than 56 bits overlaps the first.
    {V, R1} = case Handler of
                  #{next := Next} when Exponent =:= -56, not is_map_key(bits, Handler) -> Next(R0);
                  _ -> word56(Handler, R0)
              end,
    Missing = 53 - N,
    {((M bsl Missing) bor (V bsr (56 - Missing))) * math:pow(2.0, Exponent - Missing),
     {Handler, R1}}.

bit_count(0) -> 0;
bit_count(M) -> 1 + bit_count(M bsr 1).

%% @doc So many random bytes.
bytes(N) ->
    {Bytes, State} = bytes_s(N, get_state()),
    put_state(State),
    Bytes.

%% @doc As bytes/1, from a state: {Bytes, NewState}.
bytes_s(N, {#{next := Next} = Handler, R})
  when is_integer(N), N >= 0,
       is_map_key(bits, Handler) orelse map_get(max, Handler) >= ?MASK(58, -1) andalso
       map_get(max, Handler) band (map_get(max, Handler) + 1) =:= 0 ->
    Bits = maps:get(bits, Handler, 58),
    Good = (Bits - maps:get(weak_low_bits, Handler, 0)) div 8,
    {Bytes, R1} = byte_list(N, Next, R, Good, Bits),
    {list_to_binary(Bytes), {Handler, R1}}.

%% The good bytes of a word, from its high end; the last word gives what is left from the bits after those
%% that make no byte.
byte_list(N, Next, R, Good, Bits) when N > Good ->
    {V, R1} = Next(R),
    {Rest, R2} = byte_list(N - Good, Next, R1, Good, Bits),
    {[big_endian(V bsr (Bits - 8 * Good), Good) | Rest], R2};
byte_list(N, Next, R, Good, _) ->
    {V, R1} = Next(R),
    {big_endian(V bsr (8 * (Good - N)), N), R1}.

big_endian(V, N) -> [(V bsr (8 * I)) band 255 || I <- lists:seq(N - 1, 0, -1)].

%% Normally distributed numbers, by the ziggurat method.

-define(LAST_EDGE, 3.6541528853610088).

%% @doc A float of the standard normal distribution.
normal() ->
    {X, State} = normal_s(get_state()),
    put_state(State),
    X.

%% @doc A float of a normal distribution.
normal(Mean, Variance) ->
    Mean + math:sqrt(Variance) * normal().

%% @doc As normal/0, from a state: {Value, NewState}.
normal_s({#{next := Next} = Handler, R0}) ->
    {V, R1} = Next(R0),
    {IsNegative, Bits51} =
        case maps:find(bits, Handler) of
            {ok, Bits} -> {V band (1 bsl (Bits - 52)) =/= 0, V bsr (Bits - 51)};
            error -> {V band (1 bsl 51) =/= 0, ?MASK(51, V)}
        end,
    Layer = Bits51 band 255,
    {Bound, Width} = swerl_rand_ziggurat:layer(Layer),
    X = case IsNegative of
            true -> -(Bits51 * Width);
            false -> Bits51 * Width
        end,
    case Bits51 < Bound of
        true -> {X, {Handler, R1}};
        false when Layer =:= 0 -> normal_tail(IsNegative, {Handler, R1});
        false -> normal_edge(Layer, X, {Handler, R1})
    end.

normal_tail(IsNegative, State0) ->
    {U0, State1} = uniform_s(State0),
    X = -(1 / ?LAST_EDGE) * math:log(U0),
    {U1, State2} = uniform_s(State1),
    Y = -math:log(U1),
    case Y + Y > X * X of
        false -> normal_tail(IsNegative, State2);
        true when IsNegative -> {-?LAST_EDGE - X, State2};
        true -> {?LAST_EDGE + X, State2}
    end.

normal_edge(Layer, X, State0) ->
    Low = swerl_rand_ziggurat:density(Layer),
    High = swerl_rand_ziggurat:density(Layer - 1),
    {U, State1} = uniform_s(State0),
    case (High - Low) * U + Low < math:exp(-0.5 * X * X) of
        true -> {X, State1};
        false -> normal_s(State1)
    end.

%% @doc As normal/2, from a state: {Value, NewState}.
normal_s(Mean, Variance, State0) when Variance > 0 ->
    {X, State1} = normal_s(State0),
    {Mean + math:sqrt(Variance) * X, State1}.

%% Multiply with carry.

%% @doc The state after a state of mwc59.
mwc59(CX) ->
    16#7fa6502 * ?MASK(32, CX) + (?MASK(59, CX) bsr 32).

%% @doc 32 bits of a state of mwc59.
mwc59_value32(CX) ->
    Low = ?MASK(32, CX),
    Low bxor ?MASK(32, Low bsl 8).

%% @doc 59 bits of a state of mwc59.
mwc59_value(CX) ->
    scrambled(CX, 59).

scrambled(CX, Bits) ->
    Low = ?MASK(Bits, CX),
    Mixed = Low bxor ?MASK(Bits, Low bsl 4),
    Mixed bxor ?MASK(Bits, Mixed bsl 27).

%% @doc A float of at least 0.0 and below 1.0 from a state of mwc59.
mwc59_float(CX) ->
    scrambled(CX, 53) * ?TWO_POW_MINUS53.

%% @doc A state of mwc59 from values that differ from run to run.
mwc59_seed() ->
    {A1, A2, A3} = varying_seed(),
    (hash58(A1) bxor hash58(A2) bxor hash58(A3)) + 1.

%% @doc A state of mwc59 from an integer of 58 bits.
mwc59_seed(Seed) when is_integer(Seed), Seed >= 0, Seed < 1 bsl 58 ->
    hash58(Seed) + 1.

hash58(X) ->
    X0 = ?MASK(58, X),
    X1 = ?MASK(58, (X0 bxor (X0 bsr 29)) * 16#351afd7ed558ccd),
    X2 = ?MASK(58, (X1 bxor (X1 bsr 29)) * 16#0ceb9fe1a85ec53),
    X2 bxor (X2 bsr 29).
