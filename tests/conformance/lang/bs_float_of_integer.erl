-module(bs_float_of_integer).
-export([main/0]).

%% An integer in the pattern of a float segment stands for the float of its value.

main() ->
    Bins = [<<1.0:32/float>>, <<1.0:64/float>>, <<1.5:64/float>>, <<-2.0:16/float>>, <<0.0/float>>, <<-0.0/float>>,
            <<1.0e20:64/float-little>>, <<1:64>>],
    io:format("~p~n", [[[F(B) || B <- Bins] || F <- [fun a/1, fun b/1, fun c/1, fun d/1, fun e/1, fun f/1, fun g/1]]]),
    io:format("~p~n", [[X || <<1/float, X>> <= <<1.0/float, 2, 3.0/float, 4, 1.0/float, 5>>]]),
    <<1/float, Rest/binary>> = hd(tl(Bins)),
    io:format("~p ~p~n", [Rest, case hd(Bins) of <<2:32/float>> -> two; <<1:32/float>> -> one end]).

a(<<1:32/float>>) -> yes; a(_) -> no.
b(<<1:64/float>>) -> yes; b(_) -> no.
c(<<1/float>>) -> yes; c(_) -> no.
d(<<-2:16/float>>) -> yes; d(<<1.5/float>>) -> half; d(_) -> no.
e(<<0/float>>) -> yes; e(_) -> no.
f(<<100000000000000000000/float-little>>) -> yes; f(_) -> no.
g(<<16#FFFFFFFFFFFFFFFFFFFFF/float>>) -> yes; g(<<1:64/float, _/binary>>) -> z; g(_) -> no.
