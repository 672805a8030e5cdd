%%% Digests, message authentication, ciphers, random numbers.
%%%
%%% The algorithms are the virtual machine's; what is made of them is written here.
-module(crypto).

-export([bytes_to_integer/1, cipher_info/1, compute_key/4, crypto_final/1, crypto_get_data/1,
         crypto_init/3, crypto_init/4, crypto_one_time/4, crypto_one_time/5,
         crypto_one_time_aead/6, crypto_one_time_aead/7, crypto_update/2, ec_curve/1, ec_curves/0,
         enable_fips_mode/1, exor/2, format_error/2, generate_key/2, generate_key/3, hash/2,
         hash_equals/2, hash_final/1, hash_info/1, hash_init/1, hash_update/2, info/0, info_fips/0,
         info_lib/0, mac/3, mac/4, macN/4, macN/5, mac_final/1, mac_finalN/2, mac_init/2,
         mac_init/3, mac_update/2, mod_pow/3, pbkdf2_hmac/5, private_decrypt/4, private_encrypt/4,
         privkey_to_pubkey/2, public_decrypt/4, public_encrypt/4, rand_seed/0, rand_seed/1,
         rand_seed_alg/1, rand_seed_alg/2, rand_seed_alg_s/1, rand_seed_alg_s/2, rand_seed_s/0,
         rand_uniform/2, sign/4, sign/5, start/0, stop/0, strong_rand_bytes/1, supports/0,
         supports/1, verify/5, verify/6, version/0]).
-export([crypto_dyn_iv_init/3, crypto_dyn_iv_update/3]).
-export([engine_add/1, engine_by_id/1, engine_ctrl_cmd_string/3, engine_ctrl_cmd_string/4,
         engine_get_all_methods/0, engine_get_id/1, engine_get_name/1, engine_list/0, engine_load/3,
         engine_load/4, engine_register/2, engine_remove/1, engine_unload/1, engine_unload/2,
         engine_unregister/2, ensure_engine_loaded/2, ensure_engine_loaded/3,
         ensure_engine_unloaded/1, ensure_engine_unloaded/2]).
-export([aead_long/7, dh_compute/4, dh_generate/4, ecdh_compute/3, ecdh_generate/2,
         edwards_compute/3, edwards_generate/2, hash_long/2, hmac_start/2, mac_long/4, mac_of/4,
         names/1, one_time_long/5, pkey_crypt/6, pkey_sign/5, pkey_verify/6, rsa_generate/2]).
-export([rand_cache_plugin_next/1, rand_plugin_next/1, rand_plugin_uniform/1, rand_plugin_uniform/2]).

-export_type([hash_state/0, mac_state/0, crypto_state/0, cipher/0, hash_algorithm/0]).

-type hash_state() :: term().
-type mac_state() :: term().
-type crypto_state() :: reference().
-type cipher() :: atom().
-type hash_algorithm() :: atom().

-define(VERSION, "5.1.2").

%% Answered by the virtual machine.

%% @doc The digest of data.
hash(_Type, _Data) -> erlang:nif_error(undef).

%% @private
hash_long(_Type, _Data) -> erlang:nif_error(undef).

%% @doc The state of a digest before the first byte.
hash_init(_Type) -> erlang:nif_error(undef).

%% @doc The state of a digest after more data.
hash_update(_State, _Data) -> erlang:nif_error(undef).

%% @doc The digest of what went into a state.
hash_final(_State) -> erlang:nif_error(undef).

%% @doc What there is to know of a digest.
hash_info(_Type) -> erlang:nif_error(undef).

%% @private The authentication code of data.
mac_of(_Type, _SubType, _Key, _Data) -> erlang:nif_error(undef).

%% @private
mac_long(_Type, _SubType, _Key, _Data) -> erlang:nif_error(undef).

%% @private The digests of HMAC after the key.
hmac_start(_Digest, _Key) -> erlang:nif_error(undef).

%% @doc A key made of a password.
pbkdf2_hmac(_Digest, _Password, _Salt, _Rounds, _Size) -> erlang:nif_error(undef).

%% @doc Encrypts or decrypts data.
crypto_one_time(_Cipher, _Key, _IV, _Data, _Options) -> erlang:nif_error(undef).

%% @private
one_time_long(_Cipher, _Key, _IV, _Data, _Options) -> erlang:nif_error(undef).

%% @doc Begins to encrypt or decrypt.
crypto_init(_Cipher, _Key, _IV, _Options) -> erlang:nif_error(undef).

%% @doc Encrypts or decrypts more data.
crypto_update(_State, _Data) -> erlang:nif_error(undef).

%% @doc The last bytes.
crypto_final(_State) -> erlang:nif_error(undef).

%% @doc What there is to know of a cipher under way.
crypto_get_data(_State) -> erlang:nif_error(undef).

%% @doc Encrypts and authenticates data, or decrypts it if it is authentic.
crypto_one_time_aead(_Cipher, _Key, _IV, _Data, _AAD, _Tag, _Encrypt) -> erlang:nif_error(undef).

%% @private
aead_long(_Cipher, _Key, _IV, _Data, _AAD, _Tag, _Encrypt) -> erlang:nif_error(undef).

%% @doc What there is to know of a cipher.
cipher_info(_Cipher) -> erlang:nif_error(undef).

%% @private The names of algorithms of a kind.
names(_Kind) -> erlang:nif_error(undef).

%% @doc Random bytes that cannot be foretold.
strong_rand_bytes(_N) -> erlang:nif_error(undef).

%% @doc Whether two binaries are equal, in a time that does not tell.
hash_equals(_One, _Other) -> erlang:nif_error(undef).

%% @doc The exclusive or of bytes.
exor(_One, _Other) -> erlang:nif_error(undef).

%% @doc A power with a modulus, as bytes.
mod_pow(_Base, _Exponent, _Modulus) -> erlang:nif_error(undef).

%% @doc The number that bytes write.
bytes_to_integer(_Bytes) -> erlang:nif_error(undef).

%% @doc A random number, from the first on and below the second.
rand_uniform(_From, _To) -> erlang:nif_error(undef).

%% @private
pkey_sign(_Algorithm, _Digest, _Message, _Key, _Options) -> erlang:nif_error(undef).

%% @private
pkey_verify(_Algorithm, _Digest, _Message, _Signature, _Key, _Options) -> erlang:nif_error(undef).

%% @private Encrypts or decrypts with a private key or a public one.
pkey_crypt(_Algorithm, _Data, _Key, _Options, _IsPrivate, _Encrypts) -> erlang:nif_error(undef).

%% @private
dh_generate(_Private, _P, _G, _Bits) -> erlang:nif_error(undef).

%% @private
dh_compute(_Theirs, _Ours, _P, _G) -> erlang:nif_error(undef).

%% @private
ecdh_generate(_Curve, _Private) -> erlang:nif_error(undef).

%% @private
ecdh_compute(_Theirs, _Ours, _Curve) -> erlang:nif_error(undef).

%% @private
edwards_generate(_Curve, _Private) -> erlang:nif_error(undef).

%% @private
edwards_compute(_Theirs, _Ours, _Curve) -> erlang:nif_error(undef).

%% @private
rsa_generate(_Bits, _Exponent) -> erlang:nif_error(undef).

%% Written here.

%% @doc Starts the application.
start() -> application:start(?MODULE).

%% @doc Stops the application.
stop() -> application:stop(?MODULE).

%% @doc The version of the application.
version() -> ?VERSION.

%% @doc The library, its version as number and as text.
info_lib() -> [{<<"OpenSSL">>, 16#30000130, <<"OpenSSL 3.0.19 27 Jan 2026">>}].

%% @doc What there is to know of the library.
info() ->
    [{_, _, Text}] = info_lib(),
    Version = binary_to_list(Text),
    #{compile_type => normal, cryptolib_version_compiled => Version,
      cryptolib_version_linked => Version, fips_provider_available => false, link_type => static,
      otp_crypto_version => ?VERSION}.

%% @doc Whether the library runs in FIPS mode.
info_fips() -> not_supported.

%% @doc There is no FIPS mode.
enable_fips_mode(Enable) when is_boolean(Enable) -> not Enable.

%% @doc The algorithms there are.
supports() ->
    [{Kind, supports(Kind)} || Kind <- [hashs, ciphers, public_keys, macs, curves, rsa_opts]].

%% @doc The algorithms of a kind.
supports(Kind) when Kind =:= hashs; Kind =:= ciphers -> names(Kind);
supports(public_keys) -> [rsa, dss, dh, ecdsa, ecdh, eddsa, eddh, srp];
supports(macs) -> [cmac, hmac, poly1305];
supports(curves) -> names(curves) ++ [ed25519, ed448, x25519, x448];
supports(rsa_opts) ->
    [rsa_pkcs1_pss_padding, rsa_pss_saltlen, rsa_mgf1_md, rsa_pkcs1_oaep_padding, rsa_oaep_label,
     rsa_oaep_md, signature_md, rsa_pkcs1_padding, rsa_x931_padding, rsa_no_padding].

%% @doc The names of curves.
ec_curves() -> supports(curves).

%% @doc The parameters of a curve.
ec_curve(Curve) -> crypto_ec_curves:curve(Curve).

%% @doc The authentication code of data.
mac(poly1305, Key, Data) -> mac(poly1305, undefined, Key, Data);
mac(Type, Key, Data) -> mac(Type, undefined, Key, Data).

%% @doc The authentication code of data by a digest or cipher.
mac(Type, SubType, Key, Data) -> mac_of(Type, SubType, Key, Data).

%% @doc As mac/3, cut to a length.
macN(Type, Key, Data, Length) -> macN(Type, undefined, Key, Data, Length).

%% @doc As mac/4, cut to a length.
macN(Type, SubType, Key, Data, Length) -> cut(mac(Type, SubType, Key, Data), Length).

cut(Mac, Length) when is_integer(Length), Length >= 0, Length =< byte_size(Mac) ->
    binary:part(Mac, 0, Length);
cut(_, _) ->
    erlang:error(badarg).

%% @doc The state of an authentication code before the first byte.
mac_init(Type, Key) -> mac_init(Type, undefined, Key).

%% @doc The state of an authentication code by a digest or cipher.
mac_init(hmac, Digest, Key) ->
    {Inner, Outer} = hmac_start(Digest, Key),
    {hmac, Inner, Outer};
mac_init(Type, SubType, Key) ->
    try mac_of(Type, SubType, Key, <<>>) of
        _ -> {Type, SubType, Key, []}
    catch
        error:{badarg, {"mac.c", 233}, Text} -> fault(1, {badarg, {"mac.c", 587}, Text});
        error:{badarg, {"mac.c", 316}, Text} -> fault(3, {badarg, {"mac.c", 661}, Text})
    end.

%% Fails for an argument of this number.
-spec fault(pos_integer(), term()) -> no_return().
fault(Number, Reason) ->
    erlang:error(Reason, none, [{error_info, #{erl_function_arg_num => Number}}]).

%% @doc The state after more data.
mac_update(State, Data) ->
    try {State, iolist_to_binary(Data)} of
        {{hmac, Inner, Outer}, Bytes} -> {hmac, hash_update(Inner, Bytes), Outer};
        {{Type, SubType, Key, Sofar}, Bytes} -> {Type, SubType, Key, [Sofar, Bytes]};
        _ -> fault(1, {badarg, {"mac.c", 817}, "Bad ref"})
    catch
        error:badarg -> fault(2, {badarg, {"mac.c", 794}, "Bad text"})
    end.

%% @doc The authentication code of what went into a state.
mac_final({hmac, Inner, Outer}) -> hash_final(hash_update(Outer, hash_final(Inner)));
mac_final({Type, SubType, Key, Data}) -> mac_of(Type, SubType, Key, Data);
mac_final(_) -> fault(1, {badarg, {"mac.c", 847}, "Bad ref"}).

%% @doc As mac_final/1, cut to a length.
mac_finalN(State, Length) -> cut(mac_final(State), Length).

%% @doc As crypto_one_time/5, without an initial vector.
crypto_one_time(Cipher, Key, Data, Options) ->
    crypto_one_time(Cipher, Key, <<>>, Data, Options).

%% @doc As crypto_init/4, without an initial vector.
crypto_init(Cipher, Key, Options) ->
    crypto_init(Cipher, Key, <<>>, Options).

%% @doc As crypto_one_time_aead/7, with a tag of the usual size.
crypto_one_time_aead(Cipher, Key, IV, Data, AAD, true) ->
    is_aead(Cipher) orelse erlang:error({badarg, "Not an AEAD cipher"}),
    Size = case lists:suffix("_ccm", atom_to_list(Cipher)) of
               true -> 12;
               false -> 16
           end,
    crypto_one_time_aead(Cipher, Key, IV, Data, AAD, Size, true).

is_aead(Cipher) ->
    try cipher_info(Cipher) of
        #{prop_aead := Is} -> Is
    catch
        error:badarg -> false
    end.

%% Initial vectors that change: OpenSSL 3 has none.

%% @doc Begins to encrypt or decrypt, with an initial vector for each piece.
crypto_dyn_iv_init(_Cipher, _Key, _Options) -> no_dynamic_vector().

%% @doc Encrypts or decrypts a piece.
crypto_dyn_iv_update(_State, _Data, _IV) -> no_dynamic_vector().

no_dynamic_vector() ->
    Text = "Dynamic IV is not supported for libcrypto versions >= 3.0",
    erlang:error({notsup, {"api_ng.c", 295}, Text}).

%% Keys.

%% @doc As sign/5, without options.
sign(Algorithm, Digest, Message, Key) -> sign(Algorithm, Digest, Message, Key, []).

%% @doc Signs a message or its digest.
sign(Algorithm, Digest, Message, Key, Options) ->
    pkey_sign(Algorithm, Digest, Message, with_curve_name(Key), Options).

%% @doc As verify/6, without options.
verify(Algorithm, Digest, Message, Signature, Key) ->
    verify(Algorithm, Digest, Message, Signature, Key, []).

%% @doc Whether it is the signature of a message or of its digest.
verify(Algorithm, Digest, Message, Signature, Key, Options) ->
    pkey_verify(Algorithm, Digest, Message, Signature, with_curve_name(Key), Options).

with_curve_name([Own, Curve]) when is_tuple(Curve) -> [Own, curve_name(Curve)];
with_curve_name(Key) -> Key.

%% @doc Encrypts for the owner of a key.
public_encrypt(Algorithm, Data, Key, Options) ->
    pkey_crypt(Algorithm, Data, Key, Options, false, true).

%% @doc Decrypts with one's own key.
private_decrypt(Algorithm, Data, Key, Options) ->
    pkey_crypt(Algorithm, Data, Key, Options, true, false).

%% @doc Encrypts with one's own key, so that all can read who wrote it.
private_encrypt(Algorithm, Data, Key, Options) ->
    pkey_crypt(Algorithm, Data, Key, Options, true, true).

%% @doc Decrypts what the owner of a key encrypted with it.
public_decrypt(Algorithm, Data, Key, Options) ->
    pkey_crypt(Algorithm, Data, Key, Options, false, false).

%% @doc A pair of keys.
generate_key(Type, Parameters) -> generate_key(Type, Parameters, undefined).

%% @doc The public key of a private one.
generate_key(dh, Parameters, Private) ->
    case Parameters of
        [P, G] -> dh_generate(Private, P, G, 0);
        [P, G, Bits] -> dh_generate(Private, P, G, Bits)
    end;
generate_key(srp, {user, [G, P, Version]}, Private0)
  when is_binary(G), is_binary(P), is_atom(Version) ->
    Private = srp_private(Private0),
    {mod_pow(G, Private, P), Private};
generate_key(srp, {host, [Verifier, G, P, Version]}, Private0)
  when is_binary(Verifier), is_binary(G), is_binary(P), is_atom(Version) ->
    Multiplier = srp_multiplier(Version, G, P),
    Private = srp_private(Private0),
    Sum = Multiplier * number(Verifier) + number(mod_pow(G, Private, P)),
    {binary:encode_unsigned(Sum rem number(P)), Private};
generate_key(rsa, {Bits, Exponent}, undefined) ->
    Private = rsa_generate(Bits, Exponent),
    {lists:sublist(Private, 2), Private};
generate_key(eddsa, Curve, Private) when Curve =:= ed25519; Curve =:= ed448 ->
    edwards_generate(Curve, Private);
generate_key(Type, Curve, Private)
  when Type =:= eddh orelse Type =:= ecdh, Curve =:= x25519 orelse Curve =:= x448 ->
    edwards_generate(Curve, Private);
generate_key(ecdh, Curve, Private) ->
    ecdh_generate(curve_name(Curve), Private).

%% @doc The secret that two share.
compute_key(dh, Theirs, Ours, [P, G]) ->
    dh_compute(Theirs, Ours, P, G);
compute_key(dh, _, _, [P, _ | _]) when is_integer(P); is_binary(P) ->
    erlang:error({badarg, {"dh.c", 201}, "Not a two-element list"});
compute_key(dh, Theirs, Ours, Parameters) ->
    dh_compute(Theirs, Ours, hd_or_none(Parameters), none);
compute_key(srp, HostPublic, {UserPublic, UserPrivate}, {user, [X, P, G, Version | Scrambler]})
  when is_binary(P), is_binary(G), is_atom(Version) ->
    Multiplier = srp_multiplier(Version, G, P),
    U = srp_scrambler(Version, bytes(UserPublic), bytes(HostPublic), P, Scrambler),
    Prime = number(P),
    case number(HostPublic) rem Prime of
        0 ->
            error;
        Public ->
            Hidden = Multiplier * number(mod_pow(G, X, P)) rem Prime,
            mod_pow((Public - Hidden + Prime) rem Prime, number(UserPrivate) + U * number(X), P)
    end;
compute_key(srp, UserPublic, {HostPublic, HostPrivate}, {host, [Verifier, P, Version | Scrambler]})
  when is_binary(Verifier), is_binary(P), is_atom(Version) ->
    U = srp_scrambler(Version, bytes(UserPublic), bytes(HostPublic), P, Scrambler),
    Prime = number(P),
    case number(UserPublic) rem Prime of
        0 -> error;
        Public -> mod_pow(Public * number(mod_pow(Verifier, U, P)) rem Prime, HostPrivate, P)
    end;
compute_key(Type, Theirs, Ours, Curve)
  when Type =:= eddh orelse Type =:= ecdh, Curve =:= x25519 orelse Curve =:= x448 ->
    edwards_compute(bytes(Theirs), bytes(Ours), Curve);
compute_key(ecdh, Theirs, Ours, Curve) ->
    ecdh_compute(Theirs, Ours, curve_name(Curve)).

hd_or_none([First | _]) -> First;
hd_or_none(_) -> none.

%% The name of a curve that is given by its parameters: all that is known of it by its name is then at hand.
curve_name(Name) when is_atom(Name) ->
    Name;
curve_name({{prime_field, P}, {A, B, _}, Base, Order, Cofactor}) ->
    if
        Cofactor =:= none -> fault(2, {error, {"ec.c", 87}, "Cofactor must be != none"});
        true -> ok
    end,
    Given = [number(Part) || Part <- [P, A, B, Order]],
    Same = fun(Name) ->
                   {{prime_field, P1}, {A1, B1, _}, Base1, Order1, _} = ec_curve(Name),
                   Given =:= [number(Part) || Part <- [P1, A1, B1, Order1]]
                       andalso same_base(bytes(Base), Base1)
           end,
    case lists:filter(Same, names(curves)) of
        [Name | _] -> Name;
        [] -> none
    end;
curve_name({{characteristic_two_field, _, _}, _, _, _, _}) ->
    none.

%% Points may be written shorter, by one coordinate and a bit of the other.
same_base(<<4, _/binary>> = Base, Known) -> Base =:= Known;
same_base(<<_, X/binary>>, <<4, Known/binary>>) -> X =:= binary:part(Known, 0, byte_size(Known) div 2);
same_base(_, _) -> false.

%% @doc The public key of a private one that an engine keeps, or that is here.
privkey_to_pubkey(rsa, [E, N, _ | _]) -> [number(E), number(N)];
privkey_to_pubkey(Type, _) when Type =:= rsa; Type =:= dss -> {error, not_found};
privkey_to_pubkey(ecdsa, _) -> {error, notsup}.

number(N) when is_integer(N) -> N;
number(Bytes) -> binary:decode_unsigned(Bytes).

bytes(N) when is_integer(N) -> binary:encode_unsigned(N);
bytes(Bytes) -> Bytes.

%% Secure remote passwords (RFC 5054, and the protocol's versions before it).

srp_private(undefined) -> strong_rand_bytes(32);
srp_private(Private) -> Private.

srp_multiplier('3', _, _) -> 1;
srp_multiplier('6', _, _) -> 3;
srp_multiplier('6a', G, P) -> number(hash(sha, [P, filled(G, byte_size(P))])).

srp_scrambler(_, _, _, _, [Scrambler]) ->
    number(Scrambler);
srp_scrambler('3', _, HostPublic, _, []) ->
    <<U:32, _/binary>> = hash(sha, HostPublic),
    U;
srp_scrambler(Version, UserPublic, HostPublic, P, []) when Version =:= '6'; Version =:= '6a' ->
    Size = byte_size(P),
    number(hash(sha, [filled(UserPublic, Size), filled(HostPublic, Size)])).

filled(Bytes, Size) -> <<0:((Size - byte_size(Bytes)) * 8), Bytes/binary>>.

%% Engines: this machine has none, as an OTP whose OpenSSL is built without them.

%% @doc The methods that an engine can take over.
engine_get_all_methods() -> no_engines().

%% @doc Loads an engine.
engine_load(Id, Before, After) when is_list(Before), is_list(After) ->
    engine_load(Id, Before, After, all).

%% @doc Loads an engine for some methods.
engine_load(_Id, Before, After, _Methods) when is_list(Before), is_list(After) -> no_engines().

%% @doc Unloads an engine.
engine_unload(_Engine) -> no_engines().

%% @doc Unloads an engine from some methods.
engine_unload(_Engine, _Methods) -> no_engines().

%% @doc The engine of this name.
engine_by_id(_Id) -> no_engines().

%% @doc Adds an engine to the list.
engine_add(_Engine) -> no_engines().

%% @doc Takes an engine off the list.
engine_remove(_Engine) -> no_engines().

%% @doc Makes an engine do some methods.
engine_register(_Engine, []) -> ok;
engine_register(_Engine, Methods) when is_list(Methods) -> no_engines().

%% @doc Makes an engine do some methods no more.
engine_unregister(_Engine, []) -> ok;
engine_unregister(_Engine, Methods) when is_list(Methods) -> no_engines().

%% @doc The identifier of an engine.
engine_get_id(_Engine) -> no_engines().

%% @doc The name of an engine.
engine_get_name(_Engine) -> no_engines().

%% @doc The engines there are.
engine_list() -> no_engines().

%% @doc Tells an engine something.
engine_ctrl_cmd_string(Engine, Name, Arg) -> engine_ctrl_cmd_string(Engine, Name, Arg, false).

%% @doc Tells an engine something, that it may refuse.
engine_ctrl_cmd_string(_Engine, _Name, _Arg, _Optional) -> no_engines().

%% @doc Loads an engine that a library holds, if it is not there.
ensure_engine_loaded(_Id, _Path) -> no_engines().

%% @doc Loads an engine that a library holds for some methods, if it is not there.
ensure_engine_loaded(_Id, _Path, _Methods) -> no_engines().

%% @doc Unloads an engine if it is there.
ensure_engine_unloaded(_Engine) -> no_engines().

%% @doc Unloads an engine from some methods if it is there.
ensure_engine_unloaded(_Engine, _Methods) -> no_engines().

-spec no_engines() -> no_return().
no_engines() -> erlang:error(notsup).

%% @doc Words for a failure, by the number of the argument that is to blame.
format_error({_, {File, Line}, Text}, [{_, _, _, Options} | _]) when is_list(Options) ->
    Info = proplists:get_value(error_info, Options, #{}),
    Place = io_lib:format("(Found in the internal file ~s at line ~p)", [File, Line]),
    case Info of
        #{erl_function_arg_num := Number} when is_integer(Number) ->
            #{Number => Text, general => Place};
        _ ->
            #{general => [Text, " ", Place]}
    end.

%% Generators for the module rand.

%% @doc Makes these random numbers those of the process.
rand_seed() -> rand:seed(rand_seed_s()).

%% @doc A generator for the functions of rand that take a state.
rand_seed_s() -> rand_seed_alg_s(?MODULE).

%% @doc Stirs the generator; this one needs no stirring.
rand_seed(Seed) when is_binary(Seed) -> ok.

%% @doc Makes a generator that of the process.
rand_seed_alg(Alg) -> rand:seed(rand_seed_alg_s(Alg)).

%% @doc Makes a generator that of the process, with a seed.
rand_seed_alg(Alg, Seed) -> rand:seed(rand_seed_alg_s(Alg, Seed)).

%% @doc A generator.
rand_seed_alg_s(crypto_cache) ->
    {#{type => crypto_cache, bits => 56, next => fun ?MODULE:rand_cache_plugin_next/1}, no_seed};
rand_seed_alg_s(crypto) ->
    {#{type => crypto, bits => 64, next => fun ?MODULE:rand_plugin_next/1,
       uniform => fun ?MODULE:rand_plugin_uniform/1,
       uniform_n => fun ?MODULE:rand_plugin_uniform/2},
     no_seed}.

%% @doc A generator; what it gives does not depend on the seed.
rand_seed_alg_s(Alg, _Seed) -> rand_seed_alg_s(Alg).

%% @private
rand_plugin_next(Seed) ->
    <<N:64>> = strong_rand_bytes(8),
    {N, Seed}.

%% @private Here random bytes cost no more than a cache of them.
rand_cache_plugin_next(Seed) ->
    <<N:56>> = strong_rand_bytes(7),
    {N, Seed}.

%% @private
rand_plugin_uniform(State) ->
    <<_:3, N:53>> = strong_rand_bytes(7),
    {N * math:pow(2.0, -53), State}.

%% @private
rand_plugin_uniform(Max, State) -> {rand_uniform(0, Max) + 1, State}.
