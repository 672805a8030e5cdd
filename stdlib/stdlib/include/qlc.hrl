%%% Query list comprehensions: turns on the transform that the calls of qlc:q/1,2 need.
-ifndef(QLC_HRL).
-define(QLC_HRL, true).
-compile({parse_transform, qlc}).
-endif.
