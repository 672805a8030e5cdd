%% Arguments that crypto refuses, and keys of sizes that only some ciphers take.
-module(st_crypto_errors).
-export([main/0]).

-define(T(E), t(?LINE, fun() -> E end)).

t(Line, Fun) ->
    Value = try Fun() catch Class:Reason:Stack -> {Class, Reason, number(Stack)} end,
    io:format("~p: ~p~n", [Line, Value]).

%% The number of the argument that is to blame.
number([{crypto, _, _, Options} | _]) ->
    case proplists:get_value(error_info, Options) of
        #{erl_function_arg_num := Number} -> Number;
        _ -> none
    end;
number(_) ->
    none.

main() ->
    M = <<"hello">>,
    ?T(crypto:mod_pow(foo,1,2)),
    ?T(crypto:mod_pow(1,1,0)),
    ?T(crypto:mod_pow(5,0,1)),
    ?T(crypto:mod_pow(-5,3,7)),
    ?T(crypto:hash(foo,M)),
    ?T(crypto:hash(sha,foo)),
    ?T(crypto:hash("foo",M)),
    ?T(crypto:hash_init(foo)),
    ?T(crypto:hash_update(foo,M)),
    ?T(crypto:hash_final(foo)),
    ?T(crypto:hash_update(crypto:hash_init(sha),foo)),
    ?T(crypto:hash_info(foo)),
    ?T(crypto:mac(hmac,foo,M,M)),
    ?T(crypto:mac(foo,sha,M,M)),
    ?T(crypto:mac(hmac,sha,foo,M)),
    ?T(crypto:mac(hmac,sha,M,foo)),
    ?T(crypto:mac(cmac,foo,M,M)),
    ?T(crypto:mac(cmac,aes_128_cbc,M,M)),
    ?T(crypto:mac(poly1305,M,M)),
    ?T(crypto:macN(hmac,sha,M,M,100)),
    ?T(crypto:macN(hmac,sha,M,M,-1)),
    ?T(crypto:macN(hmac,sha,M,M,foo)),
    ?T(crypto:macN(hmac,sha,M,M,0)),
    ?T(crypto:mac_init(hmac,foo,M)),
    ?T(crypto:mac_init(foo,sha,M)),
    ?T(crypto:mac_init(cmac,aes_128_cbc,M)),
    ?T(crypto:mac_update(foo,M)),
    ?T(crypto:mac_update(crypto:mac_init(hmac,sha,M),foo)),
    ?T(crypto:mac_final(foo)),
    ?T(crypto:mac_finalN(foo,1)),
    ?T(crypto:mac_finalN(crypto:mac_init(hmac,sha,M),50)),
    ?T(crypto:crypto_one_time(foo,M,M,true)),
    ?T(crypto:crypto_one_time(aes_128_cbc,M,M,true)),
    ?T(crypto:crypto_one_time(aes_128_cbc,<<1:128>>,<<1>>,M,true)),
    ?T(crypto:crypto_one_time(aes_128_cbc,foo,<<1:128>>,M,true)),
    ?T(crypto:crypto_one_time(aes_128_cbc,<<1:128>>,foo,M,true)),
    ?T(crypto:crypto_one_time(aes_128_cbc,<<1:128>>,<<1:128>>,foo,true)),
    ?T(crypto:crypto_one_time(aes_128_cbc,<<1:128>>,<<1:128>>,M,foo)),
    ?T(crypto:crypto_one_time(aes_128_cbc,<<1:128>>,<<1:128>>,M,[{padding,foo}])),
    ?T(crypto:crypto_one_time(aes_128_cbc,<<1:128>>,<<1:128>>,M,[{encrypt,foo}])),
    ?T(crypto:crypto_one_time(aes_128_cbc,<<1:128>>,<<1:128>>,M,[foo])),
    ?T(crypto:crypto_one_time(aes_128_cbc,<<1:128>>,<<1:128>>,M,[{padding,none}])),
    ?T(crypto:crypto_one_time(aes_128_gcm,<<1:128>>,<<1:96>>,M,true)),
    ?T(crypto:crypto_one_time("foo",<<1:128>>,<<1:96>>,M,true)),
    ?T(crypto:crypto_init(foo,M,true)),
    ?T(crypto:crypto_init(aes_128_cbc,M,true)),
    ?T(crypto:crypto_update(foo,M)),
    ?T(crypto:crypto_final(foo)),
    ?T(crypto:crypto_get_data(foo)),
    ?T(crypto:crypto_update(make_ref(),M)),
    ?T(crypto:crypto_one_time_aead(foo,M,M,M,M,true)),
    ?T(crypto:crypto_one_time_aead(aes_128_gcm,M,M,M,M,true)),
    ?T(crypto:crypto_one_time_aead(aes_128_gcm,<<1:128>>,<<>>,M,M,true)),
    ?T(crypto:crypto_one_time_aead(aes_128_gcm,<<1:128>>,foo,M,M,true)),
    ?T(crypto:crypto_one_time_aead(aes_128_gcm,<<1:128>>,<<1:96>>,foo,M,true)),
    ?T(crypto:crypto_one_time_aead(aes_128_gcm,<<1:128>>,<<1:96>>,M,foo,true)),
    ?T(crypto:crypto_one_time_aead(aes_128_gcm,<<1:128>>,<<1:96>>,M,M,foo,true)),
    ?T(crypto:crypto_one_time_aead(aes_128_gcm,<<1:128>>,<<1:96>>,M,M,100,true)),
    ?T(crypto:crypto_one_time_aead(aes_128_gcm,<<1:128>>,<<1:96>>,M,M,0,true)),
    ?T(crypto:crypto_one_time_aead(aes_128_gcm,<<1:128>>,<<1:96>>,M,M,<<1:128>>,foo)),
    ?T(crypto:crypto_one_time_aead(aes_128_gcm,<<1:128>>,<<1:96>>,M,M,foo,false)),
    ?T(crypto:crypto_one_time_aead(aes_128_gcm,<<1:128>>,<<1:96>>,M,M,<<1:128>>,false)),
    ?T(crypto:crypto_one_time_aead(aes_128_cbc,<<1:128>>,<<1:128>>,M,M,true)),
    ?T(crypto:crypto_one_time_aead(aes_128_gcm,foo,<<1:96>>,M,M,true)),
    ?T(crypto:crypto_one_time_aead(aes_128_ccm,<<1:128>>,<<1:128>>,M,M,true)),
    ?T(crypto:strong_rand_bytes(foo)),
    ?T(crypto:strong_rand_bytes(-1)),
    ?T(crypto:exor(M,<<1>>)),
    ?T(crypto:exor(foo,M)),
    ?T(crypto:exor("hello",["he","llo"])),
    ?T(crypto:hash_equals(M,foo)),
    ?T(crypto:hash_equals(M,<<1>>)),
    ?T(crypto:rand_seed(<<1>>)),
    ?T(crypto:pbkdf2_hmac(foo,M,M,1,1)),
    ?T(crypto:pbkdf2_hmac(sha,foo,M,1,1)),
    ?T(crypto:pbkdf2_hmac(sha,M,M,0,1)),
    ?T(crypto:pbkdf2_hmac(sha,M,M,1,0)),
    ?T(crypto:pbkdf2_hmac(sha,M,M,foo,0)),
    Key = fun(Size) -> binary:part(binary:copy(<<"0123456789abcdef">>, 4), 0, Size) end,
    [?T({Cipher, Size, crypto:crypto_one_time(Cipher, Key(Size), Key(IV), <<"hello678">>, true)})
     || {Cipher, IV} <- [{rc4, 0}, {rc2_cbc, 8}, {blowfish_cbc, 8}, {blowfish_ecb, 0}, {des_cbc, 8},
                         {des_ede3_cbc, 8}, {chacha20, 16}, {aes_128_cbc, 16}, {aes_cbc, 16}],
        Size <- [1, 4, 5, 8, 15, 16, 17, 24, 32, 40, 56]],
    [?T({Cipher, lists:sort(maps:to_list(crypto:cipher_info(Cipher)))})
     || Cipher <- lists:sort(crypto:supports(ciphers))],
    ?T([crypto:crypto_one_time(Cipher, <<"k0123456789abcde">>, Made, false)
        || Cipher <- [rc4, blowfish_ecb],
           Made <- [crypto:crypto_one_time(Cipher, <<"k0123456789abcde">>, <<"hello678">>, true)]]).
