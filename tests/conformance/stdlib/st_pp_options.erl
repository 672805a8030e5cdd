%% erl_pp: the options encoding, hook, indent, linewidth, quote_singleton_atom_types; what is given in their place
-module(st_pp_options).
-export([main/0, hook/5]).

main() ->
    Odd = {tuple, 1, [{atom, 1, '\x{3b1}\x{e5}'}, {string, 1, [945, 229]}, {char, 1, 945}, {char, 1, $\s}]},
    [p(O, fun() -> erl_pp:expr(Odd, O) end)
     || O <- [[], none, [{encoding, latin1}], [{encoding, utf8}], [{encoding, unicode}], [{hook, none}]]],
    p(expr, fun() -> erl_pp:expr(Odd) end),
    p(exprs, fun() -> erl_pp:exprs([Odd]) end),
    p(attribute, fun() -> erl_pp:attribute({attribute, 1, foo, '\x{3b1}'}) end),
    p(attribute, fun() -> erl_pp:attribute({attribute, 1, foo, '\x{3b1}'}, []) end),
    p(form, fun() -> erl_pp:form({attribute, 1, foo, '\x{3b1}'}) end),
    p(encoding, fun() -> erl_pp:expr(Odd, [{encoding, foo}]) end),
    Hook = fun({foo, X}, Indent, Precedence, Options) ->
                   ["FOO", erl_pp:expr(X, Indent, Precedence, Options)]
           end,
    Function = function("f(X, Y) when X > Y, is_list(Y) -> Z = case X of {a, B} when B > 1 -> g(B), h(B); _ -> none end, "
                        "try g(Z) catch error:badarg -> [z || Z <- Y, Z > 1] after ok end, "
                        "long_name_of_a_function(first_argument, second_argument, third_argument, fourth_argument)."),
    Hooked = {function, 1, f, 1,
              [{clause, 1, [{var, 1, 'X'}], [],
                [{match, 1, {var, 1, 'Y'}, {foo, {integer, 1, 5}}},
                 {call, 1, {atom, 1, g},
                  [{foo, {op, 1, '+', {var, 1, 'X'}, {foo, {integer, 1, 2}}}}]}]}]},
    [p(O, fun() -> erl_pp:form(Hooked, O) end)
     || O <- [[{hook, {?MODULE, hook, [eee]}}], [{hook, {?MODULE, hook, [eee]}}, {indent, 2}]]],
    p(hook, fun() -> erl_pp:form(Hooked, Hook) end),
    p(hook, fun() -> erl_pp:form(Hooked, [{hook, Hook}]) end),
    p(guard, fun() -> erl_pp:guard([[{foo, {integer, 1, 1}}]], [{hook, Hook}]) end),
    p(no_hook, fun() -> erl_pp:expr({foo, {integer, 1, 1}}) end),
    [p(O, fun() -> erl_pp:form(Function, O) end)
     || O <- [[], [{indent, 2}], [{indent, 8}], [{indent, 0}], [{linewidth, 40}], [{linewidth, 100}], [{linewidth, 0}],
              [{indent, 1}, {linewidth, 30}], [{unknown, 1}]]],
    Type = {attribute, 1, type,
            {t, {type, 1, union, [{atom, 1, a}, {atom, 1, 'B c'}, {type, 1, tuple, [{atom, 1, k}, {type, 1, atom, []}]}]}, []}},
    [p(O, fun() -> erl_pp:form(Type, O) end)
     || O <- [[{quote_singleton_atom_types, true}], [{quote_singleton_atom_types, false}], [quote_singleton_atom_types], []]],
    Spec = form("-spec f(A :: foo, fun((...) -> m:t(b)), #{k := v, w => x}, #r{a :: b}) -> {ok, A} | [x, ...] when A :: 1..3."),
    [p(O, fun() -> erl_pp:form(Spec, O) end)
     || O <- [[], [{quote_singleton_atom_types, true}], [{linewidth, 40}], [{indent, 2}]]].

hook({foo, X}, Indent, Precedence, Options, More) ->
    [atom_to_list(More), erl_pp:expr(X, Indent, Precedence, Options)].

form(Text) ->
    {ok, Tokens, _} = erl_scan:string(Text),
    {ok, Form} = erl_parse:parse_form(Tokens),
    Form.

function(Text) -> form(Text).

p(What, Fun) ->
    Text = try unicode:characters_to_binary(Fun()) of
               Bytes -> Bytes
           catch
               Class:Reason -> {Class, Reason}
           end,
    Shown = case What of
                [{hook, H} | Rest] when is_function(H) -> [hook | Rest];
                _ -> What
            end,
    case Text of
        {_, _} -> io:format("~w: ~w~n", [Shown, Text]);
        _ -> io:format("~w:~n~w~n~s~n", [Shown, erlang:phash2(Text), [C || <<C>> <= Text, C < 128]])
    end.
