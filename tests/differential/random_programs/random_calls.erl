%%% Calls of library functions, for the random programs: what they are given is mostly of the right type.
-module(random_calls).
-export([library/3]).

-import(random_program, [expr/3, pick/1]).

%% A call that yields this type.
library(Type, Env, Depth) ->
    [case is_atom(Part) of true -> expr(Part, Env, Depth - 1); false -> Part end || Part <- pick(calls(Type))].

%% Texts, and types of which an expression is to stand there. What a fun is called differs: it is made plain.
calls(int) -> [
    ["list_to_integer(integer_to_list(", int, "))"],
    ["binary_to_integer(integer_to_binary(", int, ", 16), 16)"],
    ["erlang:phash2(plain(", any, "), 1000)"],
    ["lists:max([", int, ", ", int, "])"], ["max(", int, ", ", int, ")"], ["min(", any, ", ", int, ")"],
    ["(", int, " bsl 70)"], ["((", int, " bsl 64) div ", int, ")"], ["((", int, " bsl 66) rem ", int, ")"], ["(", int, " bsr 3)"],
    ["((", int, " bsl 64) bor ", int, ")"], ["((", int, " * 1000003) bxor (", int, " bsl 59))"],
    ["binary:decode_unsigned(<<(", int, "):72>>, little)"], ["binary:at(<<(", int, "):16, 1>>, 1)"],
    ["trunc(", float, " * 1.0e20)"], ["length(string:lexemes(\"a b c\", \" \"))"], ["string:length(", bits, ")"],
    ["erlang:crc32(<<(", int, "):32>>)"], ["lists:foldr(fun(X, Y) when is_integer(X) -> X - Y; (_, Y) -> Y end, 0, ", list, ")"]];
calls(float) -> [
    ["list_to_float(float_to_list(", float, "))"], ["binary_to_float(float_to_binary(", float, ", [short]))"],
    ["math:floor(", float, ")"], ["math:pow(2, ", int, " band 15)"], ["(", int, " / ", int, ")"], ["float((", int, " bsl 60))"],
    ["(", float, " + ", int, " - ", float, ")"], ["max(", int, ", ", float, ")"], ["math:fmod(", float, ", 3)"]];
calls(atom) -> [
    ["list_to_atom(integer_to_list(", int, "))"], ["binary_to_atom(<<\"x\", (", int, "):8>>, latin1)"],
    ["element(1, ", record, ")"], ["list_to_existing_atom(atom_to_list(", atom, "))"], ["element(2, {a, ", atom, "})"]];
calls(bool) -> [
    ["lists:any(fun is_atom/1, ", list, ")"], ["lists:keymember(", any, ", 1, ", list, ")"], ["is_function(", function, ", 1)"],
    ["(fun(X) -> X =:= binary_to_term(term_to_binary(X)) end)(", any, ")"], ["maps:is_key(", any, ", ", map, ")"],
    ["lists:prefix(", list, ", ", list, ")"], ["(", any, " =:= ", any, ")"], ["is_record(", any, ", r1)"],
    ["erlang:is_builtin(erlang, ", atom, ", 1)"], ["(", int, " == ", float, ")"], ["(", float, " < ", int, ")"], ["is_map_key(a, ", map, ")"]];
calls(list) -> [
    ["integer_to_list(", int, ")"], ["integer_to_list(", int, ", 36)"], ["float_to_list(", float, ", [{decimals, 3}])"],
    ["float_to_list(", float, ", [{decimals, 6}, compact])"], ["float_to_list(", float, ", [{scientific, 5}])"], ["float_to_list(", float, ")"],
    ["float_to_list(", float, ", [short])"], ["lists:flatten(io_lib:format(\"~p ~w\", [plain(", any, "), plain(", float, ")]))"],
    ["lists:flatten(io_lib:format(\"~.3f|~e|~g|~b|~.16B\", [", float, ", ", float, ", ", float, ", ", int, ", ", int, "]))"],
    ["lists:flatten(io_lib:format(\"~10.3.0f ~-8w| ~s\", [", float, ", ", atom, ", ", atom, "]))"],
    ["lists:zip([1, 2], [", any, ", ", any, "])"], ["lists:keysort(1, [{", any, ", 1}, {", any, ", 2}])"],
    ["lists:sublist(", list, ", 2)"], ["lists:flatten([", list, ", [", list, "]])"], ["lists:append([", list, "], [", any, "])"],
    ["lists:duplicate(", int, " band 3, ", any, ")"], ["lists:keydelete(a, 1, [{a, 1}, {", atom, ", 2}])"],
    ["lists:sort(fun(X, Y) -> X >= Y end, [", any, ", ", any, ", ", any, "])"], ["lists:umerge([", int, "], [", int, "])"],
    ["tuple_to_list(", tuple, ")"], ["binary:split(<<\"a,b,\", (", bits, ")/bits>>, <<\",\">>, [global])"],
    ["binary_to_list(<<(", int, "):24>>)"], ["[X || {X, _} <- [{", any, ", 1}, {", any, ", 2}]]"], ["atom_to_list(", atom, ")"],
    ["lists:foldr(fun(X, Y) -> [{X} | Y] end, [], ", list, ")"], ["lists:sort(maps:to_list(maps:from_list([{I, ", any, "} || I <- lists:seq(1, 40)])))"],
    ["bitstring_to_list(", bits, ")"], ["lists:concat([", atom, ", ", int, ", \"x\", ", float, "])"], ["unicode:characters_to_list(", bits, ")"]];
calls(tuple) -> [
    ["erlang:append_element(", tuple, ", ", any, ")"], ["erlang:delete_element(1, ", tuple, ")"], ["erlang:make_tuple(3, ", any, ")"],
    ["lists:partition(fun is_integer/1, ", list, ")"], ["lists:splitwith(fun is_atom/1, ", list, ")"], ["split_binary(<<\"abc\">>, ", int, " band 3)"],
    ["lists:mapfoldl(fun(X, Y) -> {{X}, [X | Y]} end, [], ", list, ")"], ["erlang:insert_element(1, ", tuple, ", ", any, ")"],
    ["lists:keyfind(a, 1, [{", atom, ", ", any, "}, {a, ", any, "}])"], ["setelement(5, {1, 2, 3, 4, 5, 6}, ", any, ")"],
    ["binary:match(<<\"abcab\">>, <<\"b\", (", bits, ")/binary>>)"], ["erlang:fun_info(", function, ", arity)"]];
calls(bits) -> [
    ["iolist_to_binary([\"a\", <<1>>, [", int, " band 127]])"], ["binary:copy(", bits, ", 2)"], ["binary:replace(", bits, ", <<1>>, <<\"x\">>)"],
    ["unicode:characters_to_binary([16#e5, ", int, " band 127])"], ["float_to_binary(", float, ", [{decimals, 4}])"],
    ["binary:part(<<\"abcdef\">>, 1, ", int, " band 3)"], ["list_to_bitstring([", bits, ", ", bits, "])"], ["binary:encode_unsigned(abs(", int, "))"],
    ["<<(", bits, ")/bits, (", bits, ")/bits>>"], ["term_to_binary(plain({", int, ", ", float, "}))"], ["integer_to_binary(", int, ", 7)"],
    ["base64:encode(<<(", int, "):24>>)"], ["<< <<X:4>> || <<X:8>> <= ", bits, ">>"], ["atom_to_binary(", atom, ")"]];
calls(map) -> [
    ["maps:from_list([{", any, ", ", any, "}, {a, ", any, "}])"], ["maps:map(fun(_, X) -> {X} end, ", map, ")"], ["maps:with([a, b], ", map, ")"],
    ["maps:filter(fun(X, _) -> is_atom(X) end, ", map, ")"], ["maps:without([", any, "], ", map, ")"],
    ["maps:update_with(a, fun(X) -> [X] end, ", any, ", ", map, ")"], ["maps:fold(fun(X, Y, Z) -> Z#{Y => X} end, #{}, ", map, ")"],
    ["maps:merge(", map, ", ", map, ")"], ["#{{", any, "} => 1, ", any, " => ", any, ", ", any, " => 3}"]];
calls(record) -> [
    ["#r3{b = ", any, ", d = ", int, ", f = ", list, "}"], ["(", record, ")#r3{a = ", any, ", e = ", tuple, "}"], ["(#r3{})#r3{c = ", any, "}"],
    ["setelement(#r3.c, #r3{a = ", any, "}, ", any, ")"], ["(#r3{e = ", any, "})#r3.e"]];
calls(function) -> [
    ["fun(X) -> {X, ", any, "} end"], ["fun(_, _) -> ", any, " end"], ["fun() -> ", any, " end"], ["fun lists:", "reverse", "/1"]];
calls(any) -> calls(pick([int, float, atom, bool, list, tuple, bits, map, record, function])).
