%%! erlc +warn_keywords
-module(keyword_atoms).
-export([f/1, maybe/0]).
f(else) -> {maybe, 'maybe', fun maybe/0}.
maybe() -> 'else'.
