%%% A mistake: an arrow with a space in it.
-module(broken_arrow).
-export([one/0]).

one() - >
    1.
