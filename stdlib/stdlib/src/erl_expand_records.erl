%%% Records as tuples: forms without records from forms with them. The work is done by the compiler.
-module(erl_expand_records).

-export([module/2]).

%% @doc Expands all records. The options are those of the compiler.
-spec module([erl_parse:abstract_form()], [compile:option()]) -> [erl_parse:abstract_form()].
module(Forms, _Options) ->
    swerl_lang:expand_records(Forms).
