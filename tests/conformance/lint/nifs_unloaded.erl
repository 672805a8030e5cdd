-module(nifs_unloaded).
-export([f/1, module_info/0]).
-nifs([f/1]).
-compile({nowarn_unused_record, [s]}).
-record(s, {}).
-record(t, {}).
f(X) -> qlc:q([Y || Y <- X]).
