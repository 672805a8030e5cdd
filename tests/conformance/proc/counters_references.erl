%%% What counts as atomics and what as counters: each function takes the references made for it.
-module(counters_references).
-export([main/0]).
-define(T(E), t(??E, fun() -> E end)).

t(Text, Fun) ->
    Result = try Fun() catch Class:Reason -> {Class, Reason} end,
    io:format("  ~s ~0p~n", [Text, shown(Result)]).

%% Memory depends on the number of schedulers.
shown(#{memory := Memory} = Info) -> Info#{memory := is_integer(Memory)};
shown(Result) -> Result.

main() ->
    C = counters:new(3, []),
    W = counters:new(3, [write_concurrency]),
    A = atomics:new(3, []),
    U = atomics:new(3, [{signed, false}]),
    {_, CR} = C,
    {_, WR} = W,
    [begin
         io:format("~s~n", [Name]),
         counters(R),
         atomics(R)
     end || {Name, R} <- [{"counters", C}, {"write_concurrency", W}, {"atomics", A}, {"unsigned", U}, {"of counters", CR},
                          {"of write_concurrency", WR}, {"ref", make_ref()}, {"atom", foo}, {"tuple", {atomics, foo}},
                          {"atomics in a tuple", {atomics, A}}, {"unsigned in a tuple", {atomics, U}},
                          {"wrong tuple", {write_concurrency, A}}, {"other wrong tuple", {atomics, WR}}]],
    ?T(counters:new(0, [])), ?T(counters:new(-1, [])), ?T(counters:new(1, [foo])), ?T(counters:new(1, foo)),
    ?T(counters:new(a, [])), ?T(element(1, counters:new(1, [write_concurrency, atomics]))),
    ?T(atomics:new(0, [])), ?T(atomics:new(1, [foo])), ?T(atomics:new(1, [{signed, foo}])).

counters(R) ->
    ?T(counters:get(R, 1)), ?T(counters:add(R, 1, 5)), ?T(counters:put(R, 2, 7)), ?T(counters:sub(R, 3, 1)),
    ?T(counters:get(R, 3)), ?T(counters:get(R, 4)), ?T(counters:get(R, 0)), ?T(counters:get(R, a)),
    ?T(counters:add(R, 1, a)), ?T(counters:sub(R, 1, a)), ?T(counters:add(R, 1, 1 bsl 64)),
    ?T(counters:put(R, 1, 1 bsl 63)), ?T(counters:put(R, 1, 1 bsl 62)), ?T(counters:put(R, 1, 5)), ?T(counters:info(R)).

atomics(R) ->
    ?T(atomics:get(R, 1)), ?T(atomics:add(R, 1, 5)), ?T(atomics:put(R, 2, 7)), ?T(atomics:sub(R, 2, 3)),
    ?T(atomics:add_get(R, 2, 9)), ?T(atomics:sub_get(R, 3, 1)), ?T(atomics:sub_get(R, 3, x)),
    ?T(atomics:exchange(R, 1, -1)), ?T(atomics:exchange(R, 1, 5)), ?T(atomics:exchange(R, 1, 1 bsl 63)),
    ?T(atomics:compare_exchange(R, 1, 5, 6)), ?T(atomics:compare_exchange(R, 1, 5, 6)), ?T(atomics:get(R, 9)),
    ?T(atomics:info(R)).
