%%% The old generator of pseudo random numbers (Wichmann-Hill, AS 183). New programs use rand.
-module(random).

-export([seed/0, seed/1, seed/3, seed0/0, uniform/0, uniform/1, uniform_s/1, uniform_s/2]).

-define(PRIME1, 30269).
-define(PRIME2, 30307).
-define(PRIME3, 30323).

%% @doc The state of a process that never called seed.
seed0() -> {3172, 9814, 20125}.

%% @doc Starts from the default state, and gives the old one or undefined.
seed() ->
    case put(random_seed, seed0()) of
        undefined -> seed0();
        Old -> Old
    end.

%% @doc Starts from three integers, and gives the old state or undefined.
seed({A1, A2, A3}) -> seed(A1, A2, A3);
seed(Integer) when is_integer(Integer) ->
    %% The low bits make the second number, those above the first, the highest the third.
    Low = Integer band 16#FFFFFF,
    seed((Integer bsr 16) band 16#FFFFFFF, Low, (Integer bsr 36) bor (Low bsr 16)).

%% @doc Starts from three integers, and gives the old state or undefined.
seed(A1, A2, A3) ->
    put(random_seed, {abs(A1) rem (?PRIME1 - 1) + 1, abs(A2) rem (?PRIME2 - 1) + 1,
                      abs(A3) rem (?PRIME3 - 1) + 1}).

%% @doc A float of at least 0.0 and below 1.0.
uniform() ->
    State = case get(random_seed) of
                undefined -> seed0();
                Seed -> Seed
            end,
    {Value, State1} = uniform_s(State),
    put(random_seed, State1),
    Value.

%% @doc An integer from 1 to N.
uniform(N) when is_integer(N), N >= 1 ->
    trunc(uniform() * N) + 1.

%% @doc As uniform/0, from a state: {Value, NewState}.
uniform_s({A1, A2, A3}) ->
    B1 = A1 * 171 rem ?PRIME1,
    B2 = A2 * 172 rem ?PRIME2,
    B3 = A3 * 170 rem ?PRIME3,
    R = B1 / ?PRIME1 + B2 / ?PRIME2 + B3 / ?PRIME3,
    {R - trunc(R), {B1, B2, B3}}.

%% @doc As uniform/1, from a state: {Value, NewState}.
uniform_s(N, State) when is_integer(N), N >= 1 ->
    {Value, State1} = uniform_s(State),
    {trunc(Value * N) + 1, State1}.
