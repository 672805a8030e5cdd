%%% A process that goes on with new code: it is compiled twice while it runs, the second time from a
%%% changed source, and keeps its state.
-module(code_reload).
-export([main/0]).

main() ->
    load(1),
    Pid = spawn(greeter, loop, [0]),
    ask(Pid),
    ask(Pid),
    load(2),
    Pid ! upgrade,
    ask(Pid),
    io:format("old code in use: ~p~n", [not code:soft_purge(greeter)]),
    Pid ! stop,
    ok.

ask(Pid) ->
    Pid ! {hello, self()},
    receive
        {answer, Text} -> io:format("~s~n", [Text])
    after 1000 ->
        exit(no_answer)
    end.

load(Version) ->
    File = "greeter.erl",
    ok = file:write_file(File, source(Version)),
    {ok, greeter, Beam} = compile:file(File, [binary]),
    {module, greeter} = code:load_binary(greeter, File, Beam),
    ok = file:delete(File).

source(Version) ->
    ["-module(greeter).\n",
     "-export([loop/1]).\n",
     "loop(N) ->\n",
     "    receive\n",
     "        {hello, From} ->\n",
     "            From ! {answer, io_lib:format(\"version ", integer_to_list(Version), ", call ~p\", [N])},\n",
     "            loop(N + 1);\n",
     "        upgrade -> ?MODULE:loop(N);\n",
     "        stop -> ok\n",
     "    end.\n"].
