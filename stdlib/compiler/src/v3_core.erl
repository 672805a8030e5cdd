%%% From programs to Core Erlang, and the words of what the compiler finds in patterns and terms.
-module(v3_core).

-export([module/2, format_error/1]).

%% What is told of a file.
-type told() :: {file:filename(), [{erl_anno:location(), module(), term()}]}.

-doc "The program in Core Erlang, as the first pass makes it, for compilers that go on from there. The forms are not checked.".
-spec module([erl_parse:abstract_form()], [compile:option()]) ->
          {ok, cerl:cerl(), [told()]} | {error, [told()], [told()]}.
module(Forms, Options) ->
    case compile:noenv_forms(Forms, Options ++ [no_lint, to_core0, return]) of
        {ok, _, Core, Warnings} ->
            {ok, Core, [{File, Own} || {File, Some} <- Warnings, Own <- [[W || {_, ?MODULE, _} = W <- Some]], Own =/= []]};
        {error, _, _} = Error ->
            Error
    end.

-spec format_error(term()) -> io_lib:chars().
format_error({nomatch, pattern}) ->
    "pattern cannot possibly match";
format_error({failed, bad_binary}) ->
    "binary construction will fail because of a type mismatch";
format_error({map_key_repeated, Key}) when is_atom(Key) ->
    io_lib:format("key '~w' will be overridden in expression", [Key]);
format_error({map_key_repeated, Key}) ->
    io_lib:format("key ~p will be overridden in expression", [Key]).
