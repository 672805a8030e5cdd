-module(compile_opt_remarks).
-export([main/0]).

%% What the optimiser tells, as terms and in words.
main() ->
    Text = "-module(m). -export([f/1, g/1, h/1]).\n"
        "f(<<1, T/binary>>) -> f(T);\n"
        "f(<<2, T/binary>>) -> {T};\n"
        "f(<<3, T/binary>>) -> k(T);\n"
        "f(<<4, T/binary>>) -> lists:reverse(T);\n"
        "f(<<5, T/binary>>) -> size(T);\n"
        "f(<<>>) -> [].\n"
        "k(X) -> [X].\n"
        "g(P) -> R = make_ref(), P ! R,\n"
        " receive R -> ok end.\n"
        "h(P) -> R = monitor(process, P),\n"
        " w(R).\n"
        "w(R) -> receive {R, X} -> X end,\n"
        " receive a -> b end,\n"
        " receive _ -> b end.\n",
    {ok, m, _, [{File, Warnings}]} = compile:forms(forms(Text), [binary, return, bin_opt_info, recv_opt_info]),
    io:format("~p~n", [File]),
    _ = [io:format("~p ~p ~p: ~ts~n", [Line, Module, kind(What), Module:format_error(What)])
         || {Line, Module, What} <- lists:sort(fun({A, _, _}, {B, _, _}) -> A =< B end, Warnings)],
    ok.

kind(What) when is_atom(What) -> What;
kind(What) -> {element(1, What), tuple_size(What)}.

forms(Text) ->
    {ok, Tokens, _} = erl_scan:string(Text),
    [begin {ok, Form} = erl_parse:parse_form(Part), Form end || Part <- parts(Tokens, [])].

parts([], []) -> [];
parts([{dot, _} = Dot | Rest], Acc) -> [lists:reverse(Acc, [Dot]) | parts(Rest, [])];
parts([Token | Rest], Acc) -> parts(Rest, [Token | Acc]).
