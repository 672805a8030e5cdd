-module(exported_twice).
-export([a/0, a/0, b/1, d/0]).
-export([a/0,
         c/2]).
-export([d/0]).
d() -> ok.
