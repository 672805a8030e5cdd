%%! erlc +{error_location,line}
-module(warnings_by_line).
-export([f/0]).
f() -> X = 1, 1 + a,
    Y = 2.
