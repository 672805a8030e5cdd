%%% The words of what the compiler finds in patterns and terms. In OTP the module of that name translates
%%% programs to Core Erlang.
-module(v3_core).

-export([format_error/1]).

-spec format_error(term()) -> io_lib:chars().
format_error({nomatch, pattern}) ->
    "pattern cannot possibly match";
format_error({failed, bad_binary}) ->
    "binary construction will fail because of a type mismatch";
format_error({map_key_repeated, Key}) when is_atom(Key) ->
    io_lib:format("key '~w' will be overridden in expression", [Key]);
format_error({map_key_repeated, Key}) ->
    io_lib:format("key ~p will be overridden in expression", [Key]).
