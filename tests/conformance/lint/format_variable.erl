%%! erlc +{warn_format,2}
-module(format_variable).
-export([f/1]).
f(X) -> io:format(X, [X]), io:format("~p", []), io:format(X).
