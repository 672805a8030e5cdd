%% ERL_COMPILER_OPTIONS, macros, include paths and options given in the file.
-module(st_compile_env).
-export([main/0]).

main() ->
    ok = filelib:ensure_dir("ce_dir/inc/deep/x"),
    ok = filelib:ensure_dir("ce_dir/lib/app-1.2/include/x"),
    ok = file:set_cwd("ce_dir"),
    write("inc/a.hrl", "-define(A, a_of_inc).\n"),
    write("inc/deep/b.hrl", "-define(B, b_of_deep).\n"),
    write("lib/app-1.2/include/c.hrl", "-define(C, c_of_app).\n"),
    write("e.erl", "-module(e).\n-export([f/0]).\n-ifdef(D).\nf() -> ?D.\n-else.\nf() -> none.\n-endif.\ng() -> ok.\n"),
    write("i.erl", "-module(i).\n-export([f/0]).\n-include(\"a.hrl\").\n-include(\"deep/b.hrl\").\nf() -> {?A, ?B}.\n"),
    write("l.erl", "-module(l).\n-export([f/0]).\n-include_lib(\"app/include/c.hrl\").\nf() -> ?C.\n"),
    write("k.erl", "-module(k).\n-export([f/0]).\n-include_lib(\"kernel/include/file.hrl\").\nf() -> (#file_info{size = 1})#file_info.size.\n"),
    write("n.erl", "-module(n).\n-export([f/0]).\n-include(\"none.hrl\").\n-include_lib(\"none/include/n.hrl\").\nf() -> ?A.\n"),
    [begin
         env(Env),
         io:format("~0p: ~0p ~0p ~0p~n", [Env, compile:env_compiler_options(), show(compile:file(e, [binary, return])),
                                      show(compile:noenv_file(e, [binary, return]))])
     end || Env <- [false, "", "[]", "{d, 'D'}", "[{d, 'D', 17}]", "{d,'D',[1,2]}", "nowarn_unused_function",
                    "[warnings_as_errors]", "['P', nowarn_unused_function]", "bad term here", "[", "X", "1 + 1"]],
    env(false),
    [io:format("~0p: ~0p~n", [O, show(compile:file(e, [binary, nowarn_unused_function | O]))])
     || O <- [[{d, 'D'}], [{d, 'D', x}], [{d, 'D', "string"}], [{d, 'D', #{a => 1}}], [{d, 'D', 1.5}], [{d, 'D', [[]]}],
              [{d, 'D', {t, [1 | 2]}}], [{d, 'D', one}, {d, 'D', two}], [{d, 'F'}], [{u, 'D'}, {d, 'D'}]]],
    [io:format("~0p: ~0p~n", [O, show(compile:file(i, [binary, return | O]))])
     || O <- [[], [{i, "inc"}], [{i, "."}, {i, "inc"}], [{i, "inc/deep"}], [{i, inc}]]],
    io:format("~0p~n", [show(compile:file(l, [binary, return]))]),
    true = code:add_patha("lib/app-1.2/ebin") =:= true orelse true,
    os:putenv("ERL_LIBS", "lib"),
    io:format("~0p~n", [show(compile:file(k, [binary, return]))]),
    io:format("~0p~n", [show(compile:file(n, [binary, return]))]),
    io:format("~0p~n", [show(compile:file(n, [binary, report]))]),
    info().

write(Name, Text) -> ok = file:write_file(Name, Text).

env(false) -> os:unsetenv("ERL_COMPILER_OPTIONS");
env(Text) -> os:putenv("ERL_COMPILER_OPTIONS", Text).

show({ok, M, B}) when is_binary(B) -> {ok, run(M, B)};
show({ok, M, B, W}) when is_binary(B) -> {ok, run(M, B), W};
show({ok, M, W}) -> {ok, M, W};
show(Other) -> Other.

run(M, B) ->
    {module, M} = code:load_binary(M, "x", B),
    R = M:f(),
    code:purge(M), code:delete(M), code:purge(M),
    R.

%% What is kept about the compilation.
info() ->
    write("o.erl", "-module(o).\n-compile([debug_info, {inline, [{g, 0}]}]).\n-vsn(7).\n-author(me).\n-export([f/0]).\nf() -> g().\ng() -> 1.\n"),
    [begin
         {ok, o, B} = compile:file(o, [binary | O]),
         {ok, {o, [{compile_info, Info}, {attributes, As}]}} = beam_lib:chunks(B, [compile_info, attributes]),
         io:format("~0p: ~0p ~0p~n", [O, lists:keydelete(source, 1, Info), As]),
         Forms = case beam_lib:chunks(B, [abstract_code]) of
                     {ok, {o, [{abstract_code, {V, Fs}}]}} -> {V, length(Fs)};
                     {ok, {o, [{abstract_code, X}]}} -> X
                 end,
         io:format("  ~0p~n", [Forms])
     end || O <- [[], [debug_info], [{d, x}, {i, "inc"}], [deterministic], [report],
                  [inline, {inline_size, 3}], [warnings_as_errors], [compressed],
                  [{compile_info, [{mine, 1}]}], [{vsn, 3}], [nowarn_unused_vars, export_all, nowarn_export_all]]].
