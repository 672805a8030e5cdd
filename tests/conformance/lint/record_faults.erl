-module(record_faults).
-export([main/0]).
-record(r, {a, a}). -record(s, {b = X}). -record(t, {c = #u{}}). -record(v, {d = f(1)}). -record(1, {}). 
main() -> #r{a = 1, a = 2}, #s{c = 1}, #t.z, #nope.x, (a)#nope{}, X = #s{_ = 1, _ = 2}, record_info(foo, s), record_info(size, zz), record_info(fields, X), is_record(X, zz), #s{b} = X.
