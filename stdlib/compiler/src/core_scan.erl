%%% The tokens of Core Erlang's text.
-module(core_scan).

-export([string/1, string/2, format_error/1]).

-type token() :: {atom(), pos_integer()} | {atom(), pos_integer(), term()}.
-type result() :: {ok, [token()], pos_integer()} | {error, tuple(), pos_integer()}.

-spec string(string()) -> result().
string(Text) ->
    string(Text, 1).

-spec string(string(), pos_integer()) -> result().
string(Text, Line) ->
    swerl_lang:core_scan(unicode:characters_to_binary(Text), Line).

-spec format_error(term()) -> iolist().
format_error({string, Quote, Head}) ->
    What = case Quote of $' -> "atom"; $" -> "string" end,
    ["unterminated ", What, " starting with ", Quote, Head, Quote];
format_error({illegal, Type}) -> io_lib:format("illegal ~w", [Type]);
format_error(char) -> "unterminated character";
format_error(scan) -> "premature end";
format_error({base, Base}) -> io_lib:format("illegal base '~w'", [Base]);
format_error(float) -> "bad float";
format_error(Other) -> io_lib:write(Other).
