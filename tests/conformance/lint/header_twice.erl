-module(header_twice).
-include("header_twice.hrl").
-export([a/0]).
a() -> ok.
-include("header_twice.hrl").
