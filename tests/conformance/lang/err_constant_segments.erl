%% Binaries that can be seen not to be built: where the compiler knows it, no cause is told.
%%! erlc -W0
-module(err_constant_segments).
-export([main/0]).
-define(T(E), t(??E, fun() -> E end)).
main() ->
 ?T(<<1:(-1)>>),
 ?T(<<a>>),
 ?T(<<(id(0)),a>>),
 ?T(<<(id(0)),a/utf8>>),
 ?T(<<1:(-1),(id(0))>>),
 ?T(<<(id(0)),1:(-1)>>),
 ?T(<<(id(0))/utf8,16#d800/utf8>>),
 ?T(<<16#d800/utf8>>),
 ?T(<<(<<1>>):2/binary>>),
 ?T(<<(id(0)),(<<1>>):2/binary>>),
 ?T(<<(id(0)),1.0:33/float>>),
 ?T(<<(<<1:1>>)/binary>>),
 ?T(<<(id(0)):a>>),
 ?T(<<(id(0)):(-1)>>),
 ?T(<<(id(0)),{id(0)}>>),
 ?T(<<(id(0)),[id(0)]/binary>>),
 ?T(<<1/float,a/float>>),
 ?T(<<1:(-1),(id(0))>>),
 ?T(<<"abc"/binary>>),
 ?T(<<(id(0)),-1/utf32>>),
 ?T(<< <<X,a>> || X <- [1,2] >>),
 A = a, B = <<1>>, N = -1,
 ?T(<<A>>), ?T(<<A,(id(0))>>), ?T(<<1:A,(id(0))>>), ?T(<<(id(1)):B>>), ?T(<<1:N>>).
t(Line, F) ->
    R = try F() catch C:E:S -> {C, E, proplists:get_value(error_info, element(4, hd(S)))} end,
    io:format("~s: ~0P~n", [Line, R, 40]).
id(X) -> X.
