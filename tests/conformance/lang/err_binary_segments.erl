%% Why a binary could not be built: the cause in error_info, for each kind of segment.
-module(err_binary_segments).
-export([main/0]).
-define(T(E), t(??E, fun() -> E end)).
main() ->
 ?T(<<(id(a))>>), ?T(<<(id(a)):(id(-1))>>), ?T(<<1:(id(-1))>>), ?T(<<1:(id(x))>>), ?T(<<1:(id(1 bsl 70))>>), ?T(<<1:(id(1 bsl 60))>>),
 ?T(<<(id(a))/float>>), ?T(<<1.0:(id(15))/float>>), ?T(<<(id(1 bsl 2000))/float>>), ?T(<<1.0:(id(x))/float>>),
 ?T(<<(id(a))/binary>>), ?T(<<(id(<<1:3>>))/binary>>), ?T(<<(id(<<1>>)):(id(2))/binary>>), ?T(<<(id(<<1>>)):(id(-2))/binary>>),?T(<<(id(<<1>>)):(id(x))/binary>>),?T(<<(id(<<1>>)):(id(1 bsl 70))/binary>>),
 ?T(<<(id(a))/utf8>>), ?T(<<(id(16#d800))/utf8>>), ?T(<<(id(a))/utf16>>), ?T(<<(id(-1))/utf32>>), ?T(<<1,(id(b)):16>>), ?T(<<(id(<<1:7>>)):(id(1))/binary-unit:8>>).
t(Line, F) ->
    R = try F() catch C:E:S -> {C, E, proplists:get_value(error_info,element(4,hd(S)))} end,
    io:format("~s: ~0P~n", [Line, R, 40]).
id(X) -> X.
