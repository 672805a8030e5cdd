%% Options that name records which are not there.
-module(att_unknown_records).
-export([f/0]).
-compile({nowarn_unused_record, [z, s, a, z]}).
-compile([{nowarn_unused_record, [y]}, {nowarn_unused_record, [b]}, {inline, [q/1]}]).
-compile({nowarn_unused_record, "ab"}).
-compile({nowarn_unused_record, []}).
-compile({nowarn_unused_record, [[k], j]}).
-compile({nowarn_unused_function, [u/1]}).
f() -> ok.
