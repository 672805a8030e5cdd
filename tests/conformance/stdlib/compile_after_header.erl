%% Forms of a program whose header ends in the line where its next form begins, compiled as forms: what fails there
%% is in the program, not in the header.
-module(compile_after_header).
-export([main/0]).

main() ->
    File = "compile_after_header_data.tmp.erl",
    ok = file:write_file(File, ["-module(cah).\n-export([f/1, g/1]).\n-include(\"compile_after_header.hrl\").\n",
                                "f(X) -> X + ?ONE.\n\ng(X) -> X + 2.\n"]),
    {ok, Forms} = epp:parse_file(File, []),
    io:format("~p~n", [[Form || {attribute, _, file, _} = Form <- Forms]]),
    {ok, Columns} = epp:parse_file(File, [{location, {1, 1}}]),
    run(compile:forms(Forms)),
    run(compile:forms(Columns)),
    ok = file:delete(File).

run({ok, Module, Code}) ->
    {module, Module} = code:load_binary(Module, "cah", Code),
    [try Module:F(a)
     catch error:badarith:Stack -> io:format("~p~n", [hd(Stack)])
     end || F <- [f, g]].
