%% FUNCTION_ARITY of heads whose first pattern is nothing but brackets, as OTP 25 counts.
-module(mac_arity_brackets).
-export([main/0]).
main() ->
    io:format("~p~n", [[a([], 1), b({}, x, y), c([[]], <<>>), d({1}, []), e(1, {}), f([])]]).
a([], _) -> ?FUNCTION_ARITY.
b({}, _, _) -> ?FUNCTION_ARITY.
c([[]], <<>>) -> ?FUNCTION_ARITY.
d({_}, []) -> ?FUNCTION_ARITY.
e(_, {}) -> ?FUNCTION_ARITY.
f([]) -> ?FUNCTION_ARITY.
