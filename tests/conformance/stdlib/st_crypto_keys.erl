%% Public keys: what is deterministic is printed; what was made by an OTP is read here; what is made here is verified.
-module(st_crypto_keys).
-export([main/0]).

-include("st_crypto_keys.hrl").

-define(T(E), t(?LINE, fun() -> E end)).

t(Line, Fun) ->
    Value = try Fun() catch Class:Reason -> {Class, Reason} end,
    io:format("~p: ~p~n", [Line, Value]).

made({b, Size, N}) -> <<N:(Size * 8)>>;
made(T) when is_tuple(T) -> list_to_tuple([made(E) || E <- tuple_to_list(T)]);
made([H | T]) -> [made(H) | made(T)];
made(Other) -> Other.

md5(B) -> {byte_size(B), erlang:md5(B)}.

main() ->
    {K1, K2, Ec, Ed, Rsa, Enc, {P, Q, G, X, Dsa}, Y} = made(?MADE),
    M = <<"a message">>,
    curves(Ec, M),
    edwards(Ed, M),
    rsa([K1, K2], Rsa, Enc, M),
    dsa([P, Q, G], X, Y, Dsa, M),
    dh(),
    srp(),
    explicit(),
    engines().

curves(Ec, M) ->
    [?T({Curve, D, crypto:verify(ecdsa, D, M, S, [Pub, Curve]),
         crypto:verify(ecdsa, D, <<"other">>, S, [Pub, Curve]),
         crypto:verify(ecdsa, D, {digest, crypto:hash(D, M)}, S, [Pub, Curve]),
         element(1, crypto:generate_key(ecdh, Curve, Priv)) =:= Pub,
         crypto:verify(ecdsa, D, M, crypto:sign(ecdsa, D, M, [Priv, Curve]), [Pub, Curve])})
     || {Curve, Pub, Priv, S, D} <- Ec],
    [?T({Curve, crypto:generate_key(ecdh, Curve, 12345678901234567890),
         begin
             {Pub, Priv} = crypto:generate_key(ecdh, Curve),
             {Theirs, _} = crypto:generate_key(ecdh, Curve, <<77>>),
             crypto:compute_key(ecdh, Theirs, Priv, Curve) =:= crypto:compute_key(ecdh, Pub, <<77>>, Curve)
         end,
         md5(crypto:compute_key(ecdh, element(1, crypto:generate_key(ecdh, Curve, 5)), <<9, 8, 7>>, Curve))})
     || {Curve, _, _, _, sha} <- Ec],
    {Pub, Priv} = crypto:generate_key(ecdh, secp256r1, <<7>>),
    <<4, Px:32/binary, Py:32/binary>> = Pub,
    Odd = binary:last(Py) band 1,
    ?T(crypto:compute_key(ecdh, <<(2 + Odd), Px/binary>>, Priv, secp256r1)),
    ?T(crypto:compute_key(ecdh, <<(6 + Odd), Px/binary, Py/binary>>, Priv, secp256r1)),
    ?T(crypto:compute_key(ecdh, binary:decode_unsigned(Pub), 7, secp256r1)),
    ?T(crypto:compute_key(ecdh, <<0>>, 7, secp256r1)),
    ?T(crypto:compute_key(ecdh, <<4, 1:512>>, 7, secp256r1)),
    ?T(crypto:compute_key(ecdh, <<1, 2>>, Priv, secp256r1)),
    ?T(crypto:compute_key(ecdh, Pub, foo, secp256r1)),
    ?T(crypto:compute_key(ecdh, Pub, Priv, foo)),
    ?T(crypto:compute_key(ecdh, foo, Priv, secp256r1)),
    ?T(crypto:generate_key(ecdh, secp256r1, <<0:256>>)),
    ?T(crypto:generate_key(ecdh, secp256r1, <<-1:256>>)),
    ?T(crypto:generate_key(ecdh, secp256r1, foo)),
    ?T(crypto:generate_key(ecdh, foo)),
    ?T(crypto:generate_key(foo, bar)),
    ?T(crypto:verify(ecdsa, sha256, M, <<1, 2, 3>>, [Pub, secp256r1])),
    ?T(crypto:verify(ecdsa, sha256, M, <<>>, [<<1>>, secp256r1])),
    ?T(crypto:verify(ecdsa, sha256, M, <<>>, [Pub, foo])),
    ?T(crypto:verify(ecdsa, sha256, M, <<>>, Pub)),
    ?T(crypto:sign(ecdsa, sha256, M, [foo, secp256r1])),
    ?T(crypto:sign(ecdsa, none, M, [Priv, secp256r1])),
    ?T(crypto:sign(ecdsa, sha256, M, [Priv, ed25519])),
    ?T(crypto:sign(ecdsa, sha256, M, [Priv, secp256r1], [{rsa_padding, rsa_pkcs1_padding}])).

edwards(Ed, M) ->
    [?T({Curve, element(1, crypto:generate_key(eddsa, Curve, Priv)) =:= Pub,
         crypto:sign(eddsa, none, M, [Priv, Curve]),
         crypto:sign(eddsa, sha512, {digest, M}, [Priv, Curve]) =:= crypto:sign(eddsa, none, M, [Priv, Curve]),
         crypto:verify(eddsa, none, M, crypto:sign(eddsa, none, M, [Priv, Curve]), [Pub, Curve]),
         crypto:verify(eddsa, none, <<"b">>, crypto:sign(eddsa, none, M, [Priv, Curve]), [Pub, Curve]),
         crypto:verify(eddsa, none, M, <<1, 2>>, [Pub, Curve])})
     || {Curve, Pub, Priv} <- Ed],
    [?T({Curve, crypto:generate_key(eddh, Curve, <<1:Size>>),
         crypto:compute_key(eddh, element(1, crypto:generate_key(eddh, Curve, <<7:Size>>)), <<9:Size>>, Curve)
             =:= crypto:compute_key(ecdh, element(1, crypto:generate_key(ecdh, Curve, <<9:Size>>)), <<7:Size>>, Curve),
         crypto:compute_key(eddh, element(1, crypto:generate_key(eddh, Curve, <<7:Size>>)), <<9:Size>>, Curve),
         [byte_size(B) || B <- tuple_to_list(crypto:generate_key(eddh, Curve))]})
     || {Curve, Size} <- [{x25519, 256}, {x448, 448}]],
    ?T(crypto:compute_key(eddh, <<0:256>>, <<1:256>>, x25519)),
    ?T(crypto:compute_key(eddh, <<1:8>>, <<1:256>>, x25519)),
    ?T(crypto:compute_key(eddh, <<9:8, 0:248>>, <<1:256>>, ed25519)),
    ?T(crypto:generate_key(eddsa, ed25519, <<1:8>>)),
    ?T(crypto:generate_key(eddh, x25519, <<1:8>>)),
    ?T(crypto:generate_key(eddh, ed25519)),
    ?T(crypto:sign(eddsa, none, M, [<<1:256>>, ed448])),
    ?T(crypto:sign(eddsa, none, M, [<<1:256>>, x25519])),
    ?T(crypto:verify(eddsa, none, M, <<>>, [foo, ed25519])).

rsa(Keys, Made, Enc, M) ->
    Key = fun(N) -> [binary:encode_unsigned(I) || I <- lists:nth(N, Keys)] end,
    Pub = fun(N) -> lists:sublist(Key(N), 2) end,
    [begin
         ?T({N, D, O, crypto:verify(rsa, D, M, S, Pub(N), O), crypto:verify(rsa, D, <<"b">>, S, Pub(N), O),
             crypto:verify(rsa, D, M, crypto:sign(rsa, D, M, Key(N), O), Pub(N), O)}),
         lists:keymember(rsa_padding, 1, O) andalso element(2, hd(O)) =:= rsa_pkcs1_pss_padding
             orelse ?T({crypto:sign(rsa, D, M, Key(N), O) =:= S,
                        crypto:sign(rsa, D, M, lists:sublist(Key(N), 3), O) =:= S})
     end || {D, O, S, N} <- Made],
    [?T({N, O, crypto:private_decrypt(rsa, C, Key(N), O),
         crypto:private_decrypt(rsa, crypto:public_encrypt(rsa, M, Pub(N), O), Key(N), O)})
     || {O, C, N} <- Enc],
    K = Key(1),
    P = Pub(1),
    ?T(md5(crypto:private_encrypt(rsa, M, K, rsa_pkcs1_padding))),
    ?T(crypto:public_decrypt(rsa, crypto:private_encrypt(rsa, M, K, rsa_pkcs1_padding), P, rsa_pkcs1_padding)),
    ?T(md5(crypto:public_encrypt(rsa, <<0:1000, 5:24>>, P, rsa_no_padding))),
    ?T(crypto:private_decrypt(rsa, <<5:1024>>, K, rsa_pkcs1_oaep_padding)),
    ?T(crypto:private_decrypt(rsa, <<5:1024>>, foo, rsa_pkcs1_padding)),
    ?T(crypto:private_decrypt(rsa, foo, K, rsa_pkcs1_padding)),
    ?T(crypto:public_encrypt(rsa, M, P, rsa_no_padding)),
    ?T(crypto:public_encrypt(rsa, <<-1:1024>>, P, rsa_no_padding)),
    ?T(crypto:public_encrypt(rsa, <<0:1000>>, P, rsa_pkcs1_padding)),
    ?T(crypto:public_encrypt(rsa, <<0:800>>, P, rsa_pkcs1_oaep_padding)),
    ?T(crypto:public_encrypt(rsa, M, P, foo)),
    ?T(crypto:public_encrypt(rsa, M, P, [foo])),
    ?T(crypto:public_encrypt(rsa, M, P, [{rsa_oaep_label, foo}])),
    ?T(crypto:public_encrypt(rsa, M, P, [{foo, bar}])),
    ?T(crypto:public_encrypt(rsa, M, P, [{rsa_mgf1_md, bar}])),
    ?T(crypto:public_encrypt(rsa, M, foo, [])),
    ?T(crypto:public_encrypt(rsa, foo, P, [])),
    ?T(crypto:public_encrypt(foo, M, P, [])),
    ?T(crypto:private_encrypt(rsa, M, K, rsa_x931_padding)),
    ?T(crypto:private_encrypt(rsa, M, K, rsa_pkcs1_oaep_padding)),
    ?T(crypto:private_encrypt(rsa, <<0:1000>>, K, rsa_pkcs1_padding)),
    ?T(crypto:public_decrypt(rsa, <<5:1024>>, P, rsa_pkcs1_padding)),
    ?T(md5(crypto:public_decrypt(rsa, M, P, rsa_no_padding))),
    [begin
         ?T({D, md5(crypto:sign(rsa, D, M, K))}),
         ?T({D, md5(crypto:sign(rsa, D, M, K, [{rsa_padding, rsa_x931_padding}]))})
     end || D <- [md4, md5, ripemd160, sha, sha224, sha256, sha384, sha512, sha3_224, sha3_256, sha3_384, sha3_512]],
    [?T({Made0, With, crypto:verify(rsa, sha256, M, crypto:sign(rsa, sha256, M, K, pss(Made0)), P, pss(With))})
     || Made0 <- [-2, -1, 0, 20, 94], With <- [-2, -1, 0, 20, 94]],
    ?T(crypto:sign(rsa, sha256, M, K, pss(95))),
    ?T(crypto:sign(rsa, sha256, M, K, pss(-3))),
    ?T(crypto:sign(rsa, sha256, M, K, pss(foo))),
    ?T(crypto:sign(rsa, blake2b, M, K)),
    ?T(crypto:sign(rsa, none, <<0:1000>>, K)),
    ?T(crypto:sign(rsa, foo, M, K)),
    ?T(crypto:sign(rsa, sha, foo, K)),
    ?T(crypto:sign(rsa, sha, M, foo)),
    ?T(crypto:sign(rsa, sha, M, [foo])),
    ?T(crypto:sign(rsa, sha, {digest, <<1, 2>>}, K)),
    ?T(crypto:sign(rsa, sha, {digest, foo}, K)),
    ?T(crypto:sign(rsa, sha, {foo, <<1, 2>>}, K)),
    ?T(crypto:sign(rsa, sha, M, K, foo)),
    ?T(crypto:sign(rsa, sha, M, K, [foo])),
    ?T(crypto:sign(rsa, sha, M, K, [{foo, 1}])),
    ?T(crypto:sign(rsa, sha, M, K, [{rsa_padding, foo}])),
    ?T(crypto:sign(rsa, sha, M, K, [{rsa_mgf1_md, foo}])),
    ?T(crypto:sign(rsa, sha, M, K, [{rsa_padding, rsa_no_padding}])),
    ?T(crypto:sign(rsa, sha, M, K, [{rsa_padding, rsa_pkcs1_oaep_padding}])),
    ?T(crypto:sign(rsa, sha, M, #{engine => foo, key_id => <<"a">>})),
    ?T(crypto:sign(foo, sha, M, K)),
    ?T(crypto:verify(rsa, sha, M, foo, P)),
    ?T(crypto:verify(rsa, sha, M, <<1, 2>>, P)),
    ?T(crypto:verify(rsa, sha, M, <<1>>, foo)),
    {E, Own} = crypto:generate_key(rsa, {512, 65537}),
    ?T({E =:= lists:sublist(Own, 2), length(Own), [byte_size(B) || B <- E]}),
    ?T(crypto:verify(rsa, sha, M, crypto:sign(rsa, sha, M, Own), E)),
    ?T(crypto:generate_key(rsa, {100, 65537})),
    ?T(crypto:generate_key(rsa, {512, 4})),
    ?T(crypto:generate_key(rsa, {foo, 3})),
    ?T(crypto:generate_key(rsa, {512, foo})),
    ?T(crypto:generate_key(rsa, foo)),
    ?T(crypto:privkey_to_pubkey(rsa, K) =:= [binary:decode_unsigned(B) || B <- P]).

pss(Salt) -> [{rsa_padding, rsa_pkcs1_pss_padding}, {rsa_pss_saltlen, Salt}].

dsa(Group, X, Y, Made, M) ->
    B = [binary:encode_unsigned(N) || N <- Group],
    Pub = B ++ [binary:encode_unsigned(Y)],
    Priv = B ++ [binary:encode_unsigned(X)],
    [?T({D, crypto:verify(dss, D, M, S, Pub), crypto:verify(dss, D, <<"b">>, S, Pub),
         crypto:verify(dss, D, M, crypto:sign(dss, D, M, Priv), Pub)}) || {D, S} <- Made],
    ?T(crypto:verify(dss, sha, M, crypto:sign(dss, sha, M, Group ++ [X]), Group ++ [Y])),
    ?T(crypto:verify(dss, sha, M, <<1>>, Pub)),
    ?T(crypto:verify(dss, sha, M, <<1>>, B)),
    ?T(crypto:sign(dss, sha, M, B)),
    ?T(crypto:sign(dss, none, M, Priv)),
    ?T(crypto:sign(dss, sha, M, Priv, [{foo, 1}])).

prime() ->
    16#FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DDEF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7EDEE386BFB5A899FA5AE9F24117C4B1FE649286651ECE65381FFFFFFFFFFFFFFFF.

dh() ->
    P = prime(),
    {Pub1, Priv1} = crypto:generate_key(dh, [P, 2]),
    {Pub2, Priv2} = crypto:generate_key(dh, [<<P:1024>>, <<2>>, 160]),
    ?T(byte_size(Priv2)),
    ?T(crypto:compute_key(dh, Pub1, Priv2, [P, 2]) =:= crypto:compute_key(dh, Pub2, Priv1, [P, 2])),
    ?T(crypto:compute_key(dh, 8, 6, [P, 2])),
    ?T(crypto:compute_key(dh, <<8>>, <<6>>, [P, 2])),
    ?T(crypto:compute_key(dh, 1, 6, [P, 2])),
    ?T(crypto:compute_key(dh, 0, 6, [P, 2])),
    ?T(crypto:compute_key(dh, P - 1, 6, [P, 2])),
    ?T(crypto:compute_key(dh, P + 5, 6, [P, 2])),
    ?T(crypto:compute_key(dh, 8, 0, [P, 2])),
    ?T(crypto:compute_key(dh, 8, 6, [P, 2, 200])),
    ?T(crypto:compute_key(dh, 8, 6, [P + 1, 2])),
    ?T(crypto:compute_key(dh, 8, 6, [23, 5])),
    ?T(crypto:compute_key(dh, foo, 6, [P, 2])),
    ?T(crypto:compute_key(dh, 8, foo, [P, 2])),
    ?T(crypto:compute_key(dh, 8, 6, foo)),
    ?T(crypto:generate_key(dh, [23, 5])),
    ?T(crypto:generate_key(dh, [P, 2, 5000])),
    ?T(crypto:generate_key(dh, [foo, 2])),
    ?T(crypto:generate_key(dh, [P, 2, foo])),
    ?T(crypto:generate_key(dh, [P, 2], foo)),
    ?T(crypto:generate_key(dh, foo)).

srp() ->
    P = <<(prime()):1024>>,
    ?T(crypto:generate_key(srp, {user, [<<2>>, P, '6a']}, <<5>>)),
    ?T([byte_size(B) || B <- tuple_to_list(crypto:generate_key(srp, {user, [<<2>>, P, '6a']}))]),
    [?T({V, md5(element(1, crypto:generate_key(srp, {host, [<<7>>, <<2>>, P, V]}, <<5>>)))})
     || V <- ['3', '6', '6a']],
    [?T({V, S,
         md5(crypto:compute_key(srp, <<99, 98>>, {<<9, 8>>, <<7, 77>>}, {user, [<<5, 6, 7>>, P, <<2>>, V | S]})),
         md5(crypto:compute_key(srp, <<99, 98>>, {<<9, 8>>, <<7, 77>>}, {host, [<<5, 6, 7>>, P, V | S]}))})
     || V <- ['3', '6', '6a'], S <- [[], [<<4, 4>>]]],
    ?T(crypto:compute_key(srp, P, {<<9>>, <<7>>}, {host, [<<5>>, P, '6a']})),
    ?T(crypto:compute_key(srp, <<0>>, {<<9>>, <<7>>}, {user, [<<5>>, P, <<2>>, '6a']})),
    ?T(md5(crypto:compute_key(srp, 99, {9, 7}, {host, [<<5>>, P, '6a']}))),
    ?T(md5(crypto:compute_key(srp, 99, {9, 7}, {user, [<<5>>, P, <<2>>, '6a']}))),
    [begin
         {Pub1, Priv1} = crypto:generate_key(srp, {user, [<<2>>, P, V]}),
         Verifier = crypto:mod_pow(<<2>>, <<"secret">>, P),
         {Pub2, Priv2} = crypto:generate_key(srp, {host, [Verifier, <<2>>, P, V]}),
         ?T({V, crypto:compute_key(srp, Pub2, {Pub1, Priv1}, {user, [<<"secret">>, P, <<2>>, V]})
                    =:= crypto:compute_key(srp, Pub1, {Pub2, Priv2}, {host, [Verifier, P, V]})})
     end || V <- ['3', '6', '6a']].

explicit() ->
    {{_, P}, {A, B, Seed}, G, N, Co} = Curve = crypto:ec_curve(secp256r1),
    I = fun binary:decode_unsigned/1,
    ?T(Curve),
    ?T(erlang:md5(term_to_binary([crypto:ec_curve(C) || C <- [secp224r1, secp256k1, secp384r1, secp521r1, secp192r1,
        prime192v1, prime256v1, brainpoolP256r1, brainpoolP256t1, brainpoolP384r1, brainpoolP384t1]]))),
    ?T(crypto:generate_key(ecdh, Curve, <<3>>) =:= crypto:generate_key(ecdh, secp256r1, <<3>>)),
    ?T(crypto:generate_key(ecdh, {{prime_field, I(P)}, {A, B, Seed}, G, I(N), I(Co)}, <<3>>)
           =:= crypto:generate_key(ecdh, secp256r1, <<3>>)),
    ?T(crypto:generate_key(ecdh, {{prime_field, P}, {A, B, none}, G, N, none}, <<1>>)),
    ?T(crypto:verify(ecdsa, sha, <<"m">>, crypto:sign(ecdsa, sha, <<"m">>, [<<9>>, Curve]),
                     [element(1, crypto:generate_key(ecdh, Curve, <<9>>)), Curve])),
    ?T(crypto:ec_curve(x25519)),
    ?T(crypto:ec_curve(foo)).

engines() ->
    ?T(crypto:engine_list()),
    ?T(crypto:engine_load(<<"x">>, [], [])),
    ?T(crypto:engine_by_id(<<"x">>)),
    ?T(crypto:engine_get_all_methods()),
    ?T(crypto:engine_unload(foo)),
    ?T(crypto:engine_register(foo, [])),
    ?T(crypto:engine_ctrl_cmd_string(foo, <<"a">>, <<"b">>)),
    ?T(crypto:ensure_engine_loaded(<<"a">>, <<"b">>)),
    ?T(crypto:ensure_engine_unloaded(foo)).
