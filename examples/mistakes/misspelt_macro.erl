%%% A mistake: a misspelt macro.
-module(misspelt_macro).
-export([area/1]).

-define(PI, 3.14159).

area(R) ->
    ?Pi * R * R.
