-module(failing_calls).
-export([main/0]).
main() -> a + 1, 1 + [], "a" * 2, 1 div 0, 1 rem 0.0, 5 bsl a, not 1, hd([]), tl(1), element(3, {1, 2}), element(a, {}), length(1), size(1), abs(a), atom_to_list(1), tuple_size([]), 1 ++ [2], [1] -- 2, {} ++ [], #{a => 1}#{b := 2}, 1#{a => 2}, <<a>>, <<"a":a>>, (foo)(1), 3(), (1):f(), apply(1, []), self() + 1, map_get(a, 1), is_function(1, a), float(a), round(a), list_to_integer(1), binary_part(<<1>>, 2, 3), a andalso b, 1 orelse 2.
