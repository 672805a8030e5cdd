%% Short control sequences of a format are spliced into the text; longer ones are lists of their own.
-module(io_lib_flat_controls).
-export([main/0]).

main() ->
    [io:format("~p ~w~n", [Format, io_lib:format(Format, Args)])
     || {Format, Args} <-
            [{"~b", [12]}, {"~5b|", [12]}, {"~.3f", [1.5]}, {"~8.3f", [1.5]}, {"~6.2.0f", [1.5]},
             {"~e", [1.5]}, {"~g", [1.5]}, {"~c", [$a]}, {"~3c", [$a]}, {"~n", []}, {"~3n", []},
             {"~s", [abc]}, {"~.16b", [255]}, {"~#", [12]}, {"~x", [10, "0x"]}, {"~~", []},
             {"~w", [{a, 1, [b, c]}]}, {"~p", [{a, "str", <<"bin">>, 1.5, 'A'}]}, {"~w", [[1, 2 | x]]},
             {"~p", [#{a => 1, b => "x"}]}, {"~p", ["abc"]}, {"~p", [<<1, 2>>]}, {"~s", ["abc"]},
             {"~ts", [<<"abc">>]}]],
    "12" = io_lib:format("~b", [12]),
    "a 1.50\n" = io_lib:format("a ~.2f~n", [1.5]),
    [io:format("~ts~n", [io_lib:format(Format, [Term])])
     || Term <- [abc, 'A b', 'it\'s', "str", "st\"r\n", [1, 2 | x], [], {}, #{a => "x", 1 => {2}}, <<>>,
                 <<1, 2, 200>>, <<1:3>>, <<"a\"b">>, 1.5, -3, 1 bsl 70, [<<"a">>, "b", c], [[[]]], "\e[0m",
                 [7], -0.0, {'else', 'begin'}, [a | b], lists:seq(1, 60), lists:duplicate(30, {a, b})],
        Format <- ["~p", "~w", "~30p", "~20w", "~-20w|"]],
    [io:format("~s~n", [catch io_lib:format(Format, [X])])
     || X <- [0.0, -0.0, 1.005, 0.125, 2.675, 0.5, 1.5, 9.0e15, 123456789012.3455, 1.0e-10, 99.9995],
        Format <- ["~f", "~.1f", "~.3f", "~.10f", "~12.2f"]],
    ok.
