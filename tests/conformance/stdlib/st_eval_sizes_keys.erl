%% Sizes and keys of patterns that cannot be computed: evaluated as in the shell, they match nothing.
-module(st_eval_sizes_keys).
-export([main/0]).

main() ->
    [io:format("~s ~0p~n", [Text, evaluated(Text)]) || Text <- texts()].

evaluated(Text) ->
    {ok, Tokens, _} = erl_scan:string(Text),
    {ok, Exprs} = erl_parse:parse_exprs(Tokens),
    try erl_eval:exprs(Exprs, []) of {value, Value, _} -> Value
    catch Class:Reason -> {Class, Reason}
    end.

texts() -> [
    "M = #{a => 1}, case #{b => 1} of #{(M + 1) := _} -> y; _ -> n end.",
    "M = x, case <<1, 2>> of <<A:(M + 1), _/bits>> -> A; _ -> n end.",
    "M = x, <<A:(M + 1), _/bits>> = <<1, 2>>.",
    "M = x, #{(M + 1) := _} = #{}.",
    "(fun(M, #{(M + 1) := _}) -> 1 end)(1, #{}).",
    "M = x, (fun(#{(M + 1) := _}) -> y; (_) -> n end)(#{}).",
    "M = x, (fun(<<A:M>>) -> A; (_) -> n end)(<<>>).",
    "M = x, [A || <<A:M>> <- [<<1>>]].",
    "M = x, [A || <<A:M>> <= <<1>>].",
    "M = x, [A || <<A:(M + 1)>> <= <<1>>].",
    "M = x, [A || #{(M + 1) := A} <- [#{}]].",
    "M = -1, case <<1, 2>> of <<A:M, _/bits>> -> A; _ -> n end.",
    "case <<1, 2>> of <<3, A:(1 div 0), _/bits>> -> A; _ -> n end.",
    "M = x, self() ! #{}, receive #{(M + 1) := _} -> y; _ -> n end.",
    "M = x, try throw(#{}) catch #{(M + 1) := _} -> y; _ -> n end.",
    "M = x, try #{} of #{(M + 1) := _} -> y; _ -> n catch _:_ -> caught end.",
    "M = #{}, case #{} of #{(map_get(a, M)) := _} -> y; _ -> n end.",
    "case <<8>> of <<_:(hd([]))>> -> y; _ -> n end.",
    "case #{} of #{(Q + 1) := _} -> y; _ -> n end.",
    "case <<1>> of <<_:Q>> -> y; _ -> n end.",
    "case <<1>> of <<_:(foo:bar())>> -> y; _ -> n end.",
    "case <<1>> of <<_:(throw(x))>> -> y; _ -> n end.",
    "case #{} of #{(exit(x)) := _} -> y; _ -> n end.",
    "[A || <<A:Q>> <= <<1>>].",
    "[B || <<A:4, B:A>> <= <<16#23>>]."].
