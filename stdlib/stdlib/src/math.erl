%%% Mathematical functions, answered by the virtual machine. Outside of a function's domain, or where
%%% the result is no finite float, they fail with badarith.
-module(math).

-export([acos/1, acosh/1, asin/1, asinh/1, atan/1, atanh/1, ceil/1,
         cos/1, cosh/1, erf/1, erfc/1, exp/1, floor/1, log/1,
         log10/1, log2/1, sin/1, sinh/1, sqrt/1, tan/1, tanh/1, atan2/2, fmod/2, pi/0, pow/2]).

%% @doc The arc cosine.
acos(_X) -> erlang:nif_error(undef).

%% @doc The inverse hyperbolic cosine.
acosh(_X) -> erlang:nif_error(undef).

%% @doc The arc sine.
asin(_X) -> erlang:nif_error(undef).

%% @doc The inverse hyperbolic sine.
asinh(_X) -> erlang:nif_error(undef).

%% @doc The arc tangent.
atan(_X) -> erlang:nif_error(undef).

%% @doc The inverse hyperbolic tangent.
atanh(_X) -> erlang:nif_error(undef).

%% @doc The least whole number, as a float, not below X.
ceil(_X) -> erlang:nif_error(undef).

%% @doc The cosine.
cos(_X) -> erlang:nif_error(undef).

%% @doc The hyperbolic cosine.
cosh(_X) -> erlang:nif_error(undef).

%% @doc The error function.
erf(_X) -> erlang:nif_error(undef).

%% @doc One less the error function.
erfc(_X) -> erlang:nif_error(undef).

%% @doc e to the power of X.
exp(_X) -> erlang:nif_error(undef).

%% @doc The greatest whole number, as a float, not above X.
floor(_X) -> erlang:nif_error(undef).

%% @doc The natural logarithm.
log(_X) -> erlang:nif_error(undef).

%% @doc The logarithm to base 10.
log10(_X) -> erlang:nif_error(undef).

%% @doc The logarithm to base 2.
log2(_X) -> erlang:nif_error(undef).

%% @doc The sine.
sin(_X) -> erlang:nif_error(undef).

%% @doc The hyperbolic sine.
sinh(_X) -> erlang:nif_error(undef).

%% @doc The square root.
sqrt(_X) -> erlang:nif_error(undef).

%% @doc The tangent.
tan(_X) -> erlang:nif_error(undef).

%% @doc The hyperbolic tangent.
tanh(_X) -> erlang:nif_error(undef).

%% @doc The arc tangent of Y / X, in the right quadrant.
atan2(_Y, _X) -> erlang:nif_error(undef).

%% @doc The remainder of the division X / Y.
fmod(_X, _Y) -> erlang:nif_error(undef).

%% @doc X to the power of Y, as a float.
pow(_X, _Y) -> erlang:nif_error(undef).

%% @doc The circumference of a circle over its diameter.
pi() -> 3.141592653589793.
