%%% How long a swap of a module of a thousand lines holds up who calls into it: the first call of each of its hundred
%%% functions after the swap, less a later one. The figures are for a caller that does nothing else.
-module(swap_hold_up).
-export([main/0]).

-define(FUNCTIONS, 100).
-define(SWAPS, 200).

main() ->
    Versions = {version(1), version(2)},
    load(Versions, 0),
    Times = [swapped(Versions, N) || N <- lists:seq(1, ?SWAPS)],
    One = [T || {First, _} <- Times, T <- First],
    Longest = [lists:max(First) || {First, _} <- Times],
    All = [lists:sum(First) || {First, _} <- Times],
    Later = [lists:sum(Second) || {_, Second} <- Times],
    io:format(standard_error, "figure: first call of a function ~.1f us at the median, the longest of ~p ~.1f us; all of them "
              "~.1f us, later ~.1f us~n",
              [median(One), ?FUNCTIONS, median(Longest), median(All), median(Later)]),
    io:format("~p swaps, each seen at once~n", [length(Times)]).

%% Swaps, then calls everything twice: microseconds of each call.
swapped(Versions, N) ->
    Version = load(Versions, N),
    First = [timed(F, Version) || F <- lists:seq(1, ?FUNCTIONS)],
    {First, [timed(F, Version) || F <- lists:seq(1, ?FUNCTIONS)]}.

timed(F, Version) ->
    Function = list_to_existing_atom("f" ++ integer_to_list(F)),
    T0 = erlang:monotonic_time(nanosecond),
    {Version, _} = swap_hold_up_code:Function({F, [a, b, c]}),
    (erlang:monotonic_time(nanosecond) - T0) / 1000.

load(Versions, N) ->
    Version = 1 + N rem 2,
    code:purge(swap_hold_up_code),
    {module, _} = code:load_binary(swap_hold_up_code, "swap_hold_up_code", element(Version, Versions)),
    Version.

median(Times) -> lists:nth((length(Times) + 1) div 2, lists:sort(Times)).

%% A version of the module: each function answers it, and takes its argument apart in some ways.
version(Version) ->
    Text = ["-module(swap_hold_up_code).\n-compile(export_all).\n-compile(nowarn_export_all).\n" |
            [io_lib:format(
               "f~p({N, [_ | _] = L}) when is_integer(N), N > 0 ->\n"
               "    case lists:keyfind(N, 1, [{K, K * ~p} || K <- L, is_integer(K)]) of\n"
               "        {N, Value} when Value > 10 -> {~p, Value};\n"
               "        {N, Value} -> {~p, {small, Value}};\n"
               "        false -> {~p, #{list => L, length => length(L), key => f~p}}\n"
               "    end;\n"
               "f~p({N, []}) ->\n"
               "    {~p, [N | nothing]};\n"
               "f~p(Other) ->\n"
               "    {~p, {unexpected, Other}}.\n",
               [F, F, Version, Version, Version, F, F, Version, F, Version]) || F <- lists:seq(1, ?FUNCTIONS)]],
    {ok, Tokens, _} = erl_scan:string(lists:flatten(Text)),
    {ok, _, Binary} = compile:forms(forms(Tokens, []), []),
    Binary.

forms([], []) -> [];
forms([{dot, _} = Dot | Rest], Form) ->
    {ok, Parsed} = erl_parse:parse_form(lists:reverse([Dot | Form])),
    [Parsed | forms(Rest, [])];
forms([Token | Rest], Form) -> forms(Rest, [Token | Form]).
