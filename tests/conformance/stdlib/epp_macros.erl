-module(epp_macros).
-export([main/0]).

%% The macros that are there between two forms, and forms as tokens.
main() ->
    File = "epp_macros_text.txt",
    Included = "epp_macros_included.txt",
    ok = file:write_file(File, text()),
    ok = file:write_file(Included, "-define(H, h).\n"),
    {ok, Epp} = epp:open(File, []),
    p(macros(Epp)),
    loop(Epp),
    epp:close(Epp),
    {ok, Given} = epp:open([{name, File}, {macros, [{'X', 1}, {'Y', {a, "b"}}, 'Z', {'V', "str"}]}]),
    p(lists:filter(fun({{atom, A}, _}) -> length(atom_to_list(A)) =:= 1 end, lists:sort(epp:macro_defs(Given)))),
    epp:close(Given),
    p(epp:scan_file(File, [])),
    {ok, Forms, Extra} = epp:scan_file(File, [extra, {location, {1, 1}}]),
    p({lists:last(Forms), length(Forms), Extra}),
    {ok, Rest} = epp:open(File, []),
    {ok, _} = epp:scan_erl_form(Rest),
    p(epp:scan_file(Rest)),
    epp:close(Rest),
    p(epp:scan_file("epp_macros_nowhere.txt", [extra])),
    file:delete(File),
    file:delete(Included),
    ok.

text() ->
    "-module(m).\n"
        "-define(A, 1).\n"
        "-define(B(X), {X, ?A, \"s\"}).\n"
        "-define(B(X, Y), X).\n"
        "-define(C(), x).\n"
        "-include(\"epp_macros_included.txt\").\n"
        "-ifdef(A).\n"
        "f() -> ?B(3).\n"
        "-endif.\n"
        "-undef(A).\n"
        "g( -> 2.\n"
        "-record(r, {a}).\n"
        "?NO.\n".

loop(Epp) ->
    Form = epp:parse_erl_form(Epp),
    p({Form, macros(Epp)}),
    case Form of
        {eof, _} -> ok;
        _ -> loop(Epp)
    end.

%% Those of the text, and some that are always there.
macros(Epp) ->
    Own = ['A', 'B', 'C', 'H', 'OTP_RELEASE', 'MACHINE', 'LINE', 'MODULE', 'MODULE_STRING', 'FEATURE_ENABLED'],
    [Macro || {{atom, Name}, _} = Macro <- lists:sort(epp:macro_defs(Epp)), lists:member(Name, Own)].

p(X) -> io:format("~p~n", [X]).
