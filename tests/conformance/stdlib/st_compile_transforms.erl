%% Parse transforms: what they are given, and what becomes of what they return.
-module(st_compile_transforms).
-export([main/0, parse_transform/2, format_error/1]).

main() ->
    ok = filelib:ensure_dir("ct_dir/x"),
    ok = file:set_cwd("ct_dir"),
    Source = "-module(p).\n-export([f/0]).\nf() -> old.\ng() -> ok.\n",
    ok = file:write_file("p.erl", Source),
    ok = file:write_file("q.erl", ["-module(q).\n-compile({parse_transform, st_compile_transforms}).\n",
                                   "-export([f/0]).\nf() -> old.\n"]),
    [begin
         persistent_term:put(how, How),
         io:format("~p:~n", [How]),
         R = compile:file(File, [{parse_transform, ?MODULE}, binary, return, {d, mark}]),
         io:format("  ~0p~n", [short(R)])
     end || How <- [same, change, warning, error, crash, throw, exit, nonsense, {add, warning}, options, badwarning,
                    many],
            File <- [p]],
    persistent_term:put(how, change),
    io:format("~p~n", [short(compile:file(q, [binary, return]))]),
    io:format("~p~n", [short(compile:file(q, [binary, report]))]),
    persistent_term:put(how, warning),
    io:format("~p~n", [short(compile:file(q, [binary, report]))]),
    io:format("~p~n", [short(compile:file(q, [report, return, warnings_as_errors]))]),
    persistent_term:put(how, error),
    io:format("~p~n", [short(compile:file(q, [binary, report]))]),
    io:format("~p~n", [short(compile:file(p, [binary, return, {parse_transform, no_such_module}]))]),
    io:format("~p~n", [short(compile:file(p, [report, {parse_transform, no_such_module}]))]),
    io:format("~p~n", [short(compile:file(p, [report, {parse_transform, lists}]))]),
    io:format("~p~n", [get(seen)]),
    info().

short({ok, M, B}) when is_binary(B) -> {ok, M, run(M, B)};
short({ok, M, B, W}) when is_binary(B) -> {ok, M, run(M, B), W};
short({error, Es, Ws}) -> {error, [{F, [cut(E) || E <- L]} || {F, L} <- Es], Ws};
short(Other) -> Other.

cut({L, compile, {parse_transform, M, {C, R, _}}}) -> {L, compile, {parse_transform, M, {C, R}}};
cut({L, compile, {parse_transform, M, R}}) when is_tuple(R), is_list(element(2, R)) -> {L, compile, {parse_transform, M, element(1, R)}};
cut({L, compile, {crash, Pass, R, _}}) -> {L, compile, {crash, Pass, R}};
cut(Other) -> Other.

run(M, B) ->
    {module, M} = code:load_binary(M, "x", B),
    R = M:f(),
    code:purge(M), code:delete(M), code:purge(M),
    R.

parse_transform(Forms, Options) ->
    put(seen, true),
    case persistent_term:get(how) of
        same -> Forms;
        change -> [change(F) || F <- Forms];
        warning -> {warning, Forms, [{"p.erl", [{{3, 1}, ?MODULE, odd}, {7, ?MODULE, odder}, {none, ?MODULE, oddest}]}]};
        error -> {error, [{"p.erl", [{{2, 3}, ?MODULE, broken}]}], [{"p.erl", [{{3, 1}, ?MODULE, odd}]}]};
        crash -> error(crashed);
        throw -> throw(thrown);
        exit -> exit(exited);
        nonsense -> nonsense;
        {add, What} ->
            lists:droplast(Forms) ++ [{What, {{9, 9}, ?MODULE, added}}, lists:last(Forms)];
        options ->
            io:format("  ~0p~n", [[O || O <- Options, O =/= return, not is_tuple(O) orelse element(1, O) =/= cwd]]),
            Forms;
        badwarning -> {warning, Forms, [{"p.erl", [{{3, 1}, no_such_module, odd}]}]};
        many -> [F || F <- Forms, element(1, F) =/= eof] ++ [{function, 9, h, 0, [{clause, 9, [], [], [{var, 9, 'U'}]}]}]
    end.

change({function, A, f, 0, _}) -> {function, A, f, 0, [{clause, A, [], [], [{atom, A, new}]}]};
change(F) -> F.

format_error(What) -> io_lib:format("it is ~p", [What]).

info() ->
    Make = fun(Name, Info, What) ->
                   Text = io_lib:format("-module(~p).~n-export([parse_transform/2, parse_transform_info/0, format_error/1]).~n"
                                        "parse_transform(F, _) -> io:format(\"  ~~p~~n\", [lists:nth(4, F)]), ~s.~n"
                                        "parse_transform_info() -> ~s.~nformat_error(E) -> io_lib:format(\"<~~p>\", [E]).~n",
                                        [Name, What, Info]),
                   File = atom_to_list(Name) ++ ".erl",
                   ok = file:write_file(File, Text),
                   {ok, Name, B} = compile:file(File, [binary, report]),
                   {module, Name} = code:load_binary(Name, File, B)
           end,
    Make(info_none, "#{}", "F"),
    Make(info_column, "#{error_location => column}", "F"),
    Make(info_line, "#{error_location => line}", "{warning, F, [{\"p.erl\", [{3, info_line, w}]}]}"),
    [begin
         io:format("~p:~n", [Ms]),
         R = compile:file(p, [binary, return, report] ++ [{parse_transform, M} || M <- Ms] ++ More),
         io:format("  ~0p~n", [short(R)])
     end || Ms <- [[info_none], [info_column], [info_line], [info_line, info_column]],
            More <- [[], [{error_location, line}]]].
