%% in a field of a width the point of a float may be a comma
-module(st_fread_comma).
-export([main/0]).

main() ->
    [io:format("~0p ~0p ~0p~n", [Format, Input, io_lib:fread(Format, Input)])
     || {Format, Input} <- [{"~5f", "12,37"}, {"~5f", "5,37#"}, {"~5f", "+5,37"}, {"~5f", "-5,37"}, {"~6f", "1,2e10"}, {"~5f", "1,2e1"},
                            {"~5f", "12,3a"}, {"~5f", " 5,37"}, {"~3f", "5,3"}, {"~2f", "5,"}, {"~2f", ",5"}, {"~5f", "1;234"},
                            {"~5f", "1,2.3"}, {"~5f", "1.2,3"}, {"~f", "12,37"}, {"~7f", "12,3,e1"}, {"~6f", "1,2E+3"}, {"~7f", "1,2e+30"},
                            {"~5d", "12,37"}, {"~5f~d~a ", "12,37#11.5e3x"}, {"~5f~2dx~ts", "+5,16#ff"}]].
