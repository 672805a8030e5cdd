-module(bs_nested_native).
-export([main/0]).
-define(T(E), t(?LINE, fun() -> E end)).

t(Line, F) ->
    io:format("~w: ~w~n", [Line, try F() catch C:R -> {C, R} end]).

%% Bit strings of constants whose bytes depend on the machine, as parts of others.
main() ->
    ?T(<<1, (<<0:64/native>>):2/bits>>),
    ?T(<<1, (<<0:64/native>>)/binary>>),
    ?T(<<1, (<<0:64/native, 1:3>>):3/binary>>),
    ?T(<<1, (<<0:64/native>>):65/bits>>),
    ?T(<<1, (begin ok, <<0:16/native>> end):9/bits, 3>>),
    ?T(<<1, (<<0.0:64/native-float>>):9/bits, 3>>),
    ?T(<<1, (<<$a/utf16-native>>):0/bits, 3>>),
    ?T(<<1, (<<0:64/native>>):2>>),
    ?T(<<1, (<<0:64/native>>)/float>>),
    ?T(<<1, (<<0:64/native>>)/utf8>>),
    ?T(bit_size(<<(<<(<<1:32/native>>):31/bits>>)/bits, 1:1>>)).
