%%% From the tokens of Core Erlang to a tree, of which `cerl' knows the parts.
-module(core_parse).

-export([parse/1, parse_and_scan/1, format_error/1]).

-spec parse([tuple()]) -> {ok, cerl:c_module()} | {error, tuple()}.
parse(Tokens) ->
    swerl_lang:core_parse(Tokens).

%% The same with tokens from a function, which is called until it has no more.
-spec parse_and_scan({function() | {module(), atom()}, [term()]} | {module(), atom(), [term()]}) ->
          {ok, cerl:c_module()} | {error, tuple()}.
parse_and_scan({Module, Function, Arguments}) ->
    gathered(fun() -> apply(Module, Function, Arguments) end, []);
parse_and_scan({{Module, Function}, Arguments}) ->
    gathered(fun() -> apply(Module, Function, Arguments) end, []);
parse_and_scan({Function, Arguments}) ->
    gathered(fun() -> apply(Function, Arguments) end, []).

gathered(More, Tokens) ->
    case More() of
        {ok, Next, _Line} -> gathered(More, [Next | Tokens]);
        {eof, _Line} -> parse(lists:append(lists:reverse(Tokens)));
        {error, Reason, _Line} -> {error, Reason}
    end.

-spec format_error(term()) -> iolist().
format_error(Message) ->
    case io_lib:deep_char_list(Message) of
        true -> Message;
        false -> io_lib:write(Message)
    end.
