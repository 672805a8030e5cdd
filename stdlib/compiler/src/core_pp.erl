%%% Core Erlang as text.
-module(core_pp).

-export([format/1, format_all/1]).

%% A module, or any part of one.
-spec format(cerl:cerl()) -> iolist().
format(Tree) ->
    unicode:characters_to_list(swerl_lang:core_format(Tree)).

%% The same with all that is noted, which format/1 does not leave out either.
-spec format_all(cerl:cerl()) -> iolist().
format_all(Tree) ->
    format(Tree).
