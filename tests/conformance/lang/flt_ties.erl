-module(flt_ties).
-export([main/0]).

%% Floats that lie in the middle of the two shortest texts.
main() ->
    Ties = [900719925474099.25, 900719925474099.75, 123456418754632.625, 123456418754632.375, 2.0e15 + 0.25,
            2.0e15 + 0.75, 1900738267670204.25, -1224899528531609.25, 4503599627370497.5, 1.0e15 + 0.125],
    [io:format("~w ~p ~s ~s~n", [F, F, float_to_list(F, [short]), io_lib:write(F)]) || F <- Ties],
    Others = [1.0e22, 1.0e23, 5.0e-324, 1.7976931348623157e308, 2.2250738585072014e-308, 9.5e-7, 0.1, 100.0, 1234.5, 1.0e-5],
    [io:format("~w ~s~n", [F, float_to_binary(F, [short])]) || F <- Others],
    ok.
