%%% Lets a module write match specifications as funs: `ets:fun2ms/1' and `dbg:fun2ms/1'.
-compile({parse_transform,ms_transform}).
