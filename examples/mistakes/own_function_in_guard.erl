%%% A mistake: a function of one's own in a guard.
-module(own_function_in_guard).
-export([describe/1]).

describe(N) when is_even(N) -> even;
describe(_) -> odd.

is_even(N) -> N rem 2 =:= 0.
