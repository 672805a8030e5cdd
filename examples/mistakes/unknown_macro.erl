-module(unknown_macro).
-export([circle/1]).

circle(R) ->
    ?PI * R * R.
