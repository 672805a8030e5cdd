%% What cannot be printed is refused, and the device lives on.
-module(io_wrong_output).
-export([main/0]).

main() ->
    [p(outcome(fun() -> io:put_chars(Wrong) end)) || Wrong <- [foo, {a}, 12, 1.5, [a], [-1], [16#110000], <<1:1>>, #{}]],
    [p(outcome(fun() -> io:put_chars(user, Wrong) end)) || Wrong <- [foo, [[[b]]]]],
    p(outcome(fun() -> io:request(standard_io, {put_chars, latin1, [300]}) end)),
    p(outcome(fun() -> io:request(user, {put_chars, other, "x"}) end)),
    p(outcome(fun() -> io:requests([{put_chars, unicode, "one "}, {put_chars, unicode, foo}, {put_chars, unicode, "two"}]) end)),
    p(outcome(fun() -> io:request(standard_io, {put_chars, unicode, io_lib, format, ["~p~n", []]}) end)),
    p(outcome(fun() -> io:request(standard_io, {put_chars, unicode, erlang, error, [x]}) end)),
    p(outcome(fun() -> io:request(standard_io, nonsense) end)),
    p(outcome(fun() -> io:format("~ts~n", [[a]]) end)),
    io:put_chars("still here\n").

outcome(F) ->
    try F()
    catch
        Class:Reason:Stack ->
            [{M, Fun, Args, Info} | _] = Stack,
            {Class, Reason, {M, Fun, Args}, proplists:get_value(error_info, Info)}
    end.

p(X) -> io:format("~p~n", [X]).
