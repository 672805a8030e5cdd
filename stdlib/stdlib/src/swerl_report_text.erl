%%% How values are written in the reports of behaviours, by the options of a report's formatting function.
-module(swerl_report_text).

-export([control/1, args/2]).

%% The control sequence for a value.
control(#{single_line := Single, depth := Depth, encoding := Encoding}) ->
    "~" ++ if Single -> "0"; true -> "" end
        ++ case Encoding of latin1 -> ""; _ -> "t" end
        ++ case Depth of unlimited -> "p"; _ -> "P" end.

%% What it takes of the list of arguments.
args(Value, #{depth := unlimited}) -> [Value];
args(Value, #{depth := Depth}) -> [Value, Depth].
