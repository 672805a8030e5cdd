-module(nif_inlined).
-export([f/1]).
-nifs([f/1]).
-on_load(init/0).
-compile(inline).
init() -> erlang:load_nif("x", 0).
f(X) -> X.
