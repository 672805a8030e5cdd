%%! erlc -Werror
-module(warnings_and_errors).
-export([f/0]).
f() -> X = 1, Y.
