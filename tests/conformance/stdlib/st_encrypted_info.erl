%% Encrypted debug information: made by the compiler, read back with a key from a fun or from .erlang.crypt.
-module(st_encrypted_info).
-export([main/0]).

main() ->
    ok = filelib:ensure_dir("en_dir/x"),
    ok = file:set_cwd("en_dir"),
    ok = file:write_file("e.erl", "-module(e).\n-export([f/0]).\nf() -> ok.\n"),
    os:putenv("HOME", "."),
    {ok, e, Plain} = compile:file(e, [binary, debug_info]),
    {ok, e, B} = compile:file(e, [binary, {debug_info_key, "secret key"}]),
    io:format("~0p~n", [chunk(Plain) =:= chunk(B)]),
    <<0, N, Type:N/binary, Data/binary>> = chunk(B),
    io:format("~p ~p ~p~n", [Type, byte_size(Data) rem 8, byte_size(Data) div 64 > 1]),
    io:format("~p~n", [compile(e, [binary, {debug_info_key, "secret key"}])]),
    read("no key", B),
    ok = beam_lib:crypto_key_fun(fun(init) -> ok; ({debug_info, Mode, M, F}) -> io:format("asked ~p~n", [{Mode, M, is_binary(F)}]), "secret key"; (clear) -> put(cleared, true) end),
    read("a fun", B),
    io:format("~p~n", [beam_lib:crypto_key_fun(fun(_) -> ok end)]),
    io:format("~p~n", [beam_lib:clear_crypto_key_fun()]),
    io:format("~p ~p~n", [beam_lib:clear_crypto_key_fun(), get(cleared)]),
    Wrong = fun(Answer) -> fun(init) -> ok; (clear) -> cleared; ({debug_info, _, _, _}) -> Answer end end,
    [begin ok = beam_lib:crypto_key_fun(Wrong(W)), read(W, B), beam_lib:clear_crypto_key_fun() end
     || W <- ["another", [], error, {bad, 1}, {des3_cbc, "secret key"}]],
    io:format("~p~n", [beam_lib:crypto_key_fun(fun(init) -> {error, no} end)]),
    io:format("~p~n", [catch beam_lib:crypto_key_fun(17)]),
    ok = beam_lib:crypto_key_fun(fun(init) -> {ok, fun(clear) -> ok; ({debug_info, des3_cbc, e, _}) -> "secret key" end} end),
    read("inner", B),
    beam_lib:clear_crypto_key_fun(),
    read("plain", Plain),
    ok = file:write_file(".erlang.crypt", "[{debug_info, des3_cbc, x, \"no\"}, {debug_info, des3_cbc, [], \"secret key\"}]."),
    read("file", B),
    beam_lib:clear_crypto_key_fun(),
    {ok, e, C} = compile:file(e, [binary, encrypt_debug_info]),
    io:format("~p ~p~n", [chunk(C) =:= chunk(Plain), byte_size(chunk(C)) =:= byte_size(chunk(B))]),
    read("same file", C),
    beam_lib:clear_crypto_key_fun(),
    [begin
         ok = file:write_file(".erlang.crypt", T),
         io:format("~ts~n  ~0p~n", [T, compile(e, [binary, encrypt_debug_info])]),
         read("file", B),
         beam_lib:clear_crypto_key_fun()
     end || T <- ["[{debug_info, des3_cbc, e, \"secret key\"}].", "[{debug_info, rc4, [], \"secret key\"}].", "[]."]],
    ok = file:delete(".erlang.crypt"),
    io:format("~0p~n", [compile(e, [binary, encrypt_debug_info])]),
    io:format("~0p~n", [compile(e, [binary, encrypt_debug_info, report])]),
    io:format("~0p~n", [compile(e, [binary, encrypt_debug_info, debug_info, return])]),
    [io:format("~0p: ~0p~n", [K, compile(e, [binary, return, {debug_info_key, K}])])
     || K <- [{des3_cbc, "x"}, {rc4, "x"}, atom, "", {des3_cbc, 1}]],
    [io:format("~ts~n", [beam_lib:format_error(E)]) || E <- [{key_missing_or_invalid, "e.beam", abstract_code}, badfun, exists, {error, x}]],
    {ok, {_, [{compile_info, Info}]}} = beam_lib:chunks(B, [compile_info]),
    io:format("~0p~n", [lists:keydelete(source, 1, Info)]),
    {ok, {e, Md5}} = beam_lib:md5(B), {ok, {e, Md5b}} = beam_lib:md5(Plain),
    io:format("~p~n", [Md5 =:= Md5b]),
    {module, e} = code:load_binary(e, "e", B),
    io:format("~p~n", [e:f()]).

compile(M, O) ->
    case compile:file(M, O) of
        {ok, M, B} when is_binary(B) -> {ok, M, info(B)};
        {ok, M, B, W} when is_binary(B) -> {ok, M, info(B), W};
        Other -> Other
    end.

info(B) ->
    {ok, {_, [{compile_info, Info}]}} = beam_lib:chunks(B, [compile_info]),
    {case chunk(B) of <<0, _/binary>> -> encrypted; _ -> plain end, proplists:get_value(options, Info)}.

chunk(B) -> {ok, {_, [{"Dbgi", C}]}} = beam_lib:chunks(B, ["Dbgi"]), C.

read(What, B) ->
    io:format("~p:~n", [What]),
    [io:format("  ~0p~n", [short(beam_lib:chunks(B, [C]))]) || C <- [abstract_code, debug_info]].

short({ok, {M, [{abstract_code, {V, Fs}}]}}) -> {M, V, length(Fs)};
short({ok, {M, [{debug_info, {debug_info_v1, B, {Fs, O}}}]}}) -> {M, B, if is_list(Fs) -> length(Fs); true -> Fs end, O};
short({error, beam_lib, R}) when element(1, R) =:= key_missing_or_invalid -> {error, {element(1, R), element(3, R)}};
short(Other) -> Other.
