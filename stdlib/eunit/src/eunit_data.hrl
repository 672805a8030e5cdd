%%% What descriptions of tests become: tests and groups of them.

%% A test: its fun, {Module, Function, Arity} of what it runs, line, description and time limit in
%% milliseconds.
-record(test, {f, location, line = 0, desc, timeout}).

%% A group: `tests` is what is still to be read, or read already as {read, Item}.
-record(group, {desc, tests = [], order, timeout, spawn, context}).

%% What is done around a group.
-record(context, {setup, cleanup = fun(_) -> ok end, process = spawn}).
