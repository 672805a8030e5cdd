-module(attribute_faults).
-export([main/0]).
-dialyzer({nowarn_function, [main/0, zz/1]}). -dialyzer(no_return). -dialyzer([foo]). -dialyzer({no_match, main/0}). -deprecated(module). -deprecated({main, '_'}). -deprecated({main, 0, soon}). -deprecated([{main, 0, next_version}, {q, 1}]). -removed({main, 0}). -removed([{gone, 1, "use x"}]). -nifs([main/0]). -ignore_xref(main/0). -custom. -custom(). -custom(a, b).
main() -> ok.
