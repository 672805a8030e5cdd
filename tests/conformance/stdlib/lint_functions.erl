-module(lint_functions).
-export([main/0]).

%% What tools ask of erl_lint beside its checks, and the words for errors of the system.
main() ->
    [p(erl_lint:check_format_string(S))
     || S <- ["~p~n", "~p ~s", "~", "~w~zz", "a~*.*.*p", "~10.3f", "~ts~tp~tw~tP", "~~", "~i~c~b", "~-10w", "~5*w",
              "~kp", "~Kp", "~tx", "~#x~+b", "~x", "~X~B~e~g~E", <<"~p">>, 'abc~p', "~p~", "~10", "~.p", "~ltp", "~tlp",
              "~ttp", "~..xp", "~10.5.*p", "~10.", "~*", "~t", "~-*p", [$~, 955]]],
    [p(erl_lint:value_option(foo, 17, on, true, off, false, O))
     || O <- [[], [on], [off], [{foo, 3}], [on, off], [{foo, 3}, on], [off, {foo, 4}], [bar]]],
    [p(erl_lint:value_option(foo, 17, O)) || O <- [[], [{foo, 1}], [{foo, 1}, {foo, 2}]]],
    [p(erl_lint:bool_option(on, off, true, O)) || O <- [[], [on], [off], [off, on]]],
    [p(erl_posix_msg:message(S)) || S <- [e2big, enoent, foo, exbadport, exbadseq, nxdomain, ewouldblock, "x", badarg]],
    ok.

p(X) -> io:format("~p~n", [X]).
