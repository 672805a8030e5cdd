%%% A mistake: a macro that nobody defined.
-module(unknown_macro).
-export([circle/1]).

circle(R) ->
    ?PI * R * R.
