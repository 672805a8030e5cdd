%%% Many real numbers of all algorithms, small ones among them.
-module(st_rand_reals).
-export([main/0]).

main() ->
    [io:format("~w ~w ~w~n", [Algorithm, Seed, erlang:phash2(draws(rand:seed_s(Algorithm, Seed), 1000))])
     || Algorithm <- [exsss, exro928ss, exrop, exs1024s, exsp, exs64, exsplus, exs1024],
        Seed <- [1, {11, 6, 0}, 1 bsl 70]].

draws(_, 0) -> [];
draws(State, N) ->
    {X, Next} = rand:uniform_real_s(State),
    [X | draws(Next, N - 1)].
