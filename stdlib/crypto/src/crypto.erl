%%% Digests, message authentication, ciphers, random numbers.
%%%
%%% The algorithms are the virtual machine's; what is made of them is written here.
-module(crypto).

-export([aead_long/7, bytes_to_integer/1, cipher_info/1, compute_key/4, crypto_final/1,
         crypto_get_data/1, crypto_init/3, crypto_init/4, crypto_one_time/4, crypto_one_time/5,
         crypto_one_time_aead/6, crypto_one_time_aead/7, crypto_update/2, enable_fips_mode/1,
         exor/2, generate_key/2, generate_key/3, hash/2, hash_equals/2, hash_final/1, hash_info/1,
         hash_init/1, hash_long/2, hash_update/2, hmac_start/2, info/0, info_fips/0, info_lib/0,
         mac/3, mac/4, macN/4, macN/5, mac_final/1, mac_finalN/2, mac_init/2, mac_init/3,
         mac_long/4, mac_of/4, mac_update/2, mod_pow/3, names/1, one_time_long/5, pbkdf2_hmac/5,
         rand_seed/0, rand_seed/1, rand_seed_alg/1, rand_seed_alg/2, rand_seed_alg_s/1,
         rand_seed_alg_s/2, rand_seed_s/0, rand_uniform/2, start/0, stop/0, strong_rand_bytes/1,
         supports/0, supports/1, version/0]).
-export([rand_plugin_next/1, rand_plugin_uniform/1, rand_plugin_uniform/2]).

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
supports(public_keys) -> [dh];
supports(macs) -> [cmac, hmac, poly1305];
supports(curves) -> [];
supports(rsa_opts) -> [].

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
    _ = mac_of(Type, SubType, Key, <<>>),
    {Type, SubType, Key, []}.

%% @doc The state after more data.
mac_update({hmac, Inner, Outer}, Data) -> {hmac, hash_update(Inner, Data), Outer};
mac_update({Type, SubType, Key, Sofar}, Data) -> {Type, SubType, Key, [Sofar, Data]};
mac_update(_, _) -> erlang:error({badarg, {"mac.c", 817}, "Bad ref"}).

%% @doc The authentication code of what went into a state.
mac_final({hmac, Inner, Outer}) -> hash_final(hash_update(Outer, hash_final(Inner)));
mac_final({Type, SubType, Key, Data}) -> mac_of(Type, SubType, Key, Data);
mac_final(_) -> erlang:error({badarg, {"mac.c", 847}, "Bad ref"}).

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
    Size = case lists:suffix("_ccm", atom_to_list(Cipher)) of
               true -> 12;
               false -> 16
           end,
    crypto_one_time_aead(Cipher, Key, IV, Data, AAD, Size, true).

%% Diffie and Hellman's keys.

%% @doc A pair of keys.
generate_key(Type, Parameters) -> generate_key(Type, Parameters, undefined).

%% @doc The public key of a private one.
generate_key(dh, [P, G | Length], Private0) ->
    Prime = number(P),
    Private = case Private0 of
                  undefined when Length =:= [] -> rand_uniform(1, Prime - 1);
                  undefined -> rand_uniform(1, min(1 bsl hd(Length), Prime - 1));
                  _ -> number(Private0)
              end,
    {mod_pow(number(G), Private, Prime), binary:encode_unsigned(Private)}.

%% @doc The secret that two share.
compute_key(dh, Theirs, Ours, [P | _]) ->
    mod_pow(number(Theirs), number(Ours), number(P)).

number(N) when is_integer(N) -> N;
number(Bytes) -> binary:decode_unsigned(iolist_to_binary(Bytes)).

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
rand_seed_alg_s(Alg) when Alg =:= crypto; Alg =:= crypto_cache ->
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

%% @private
rand_plugin_uniform(State) ->
    <<_:3, N:53>> = strong_rand_bytes(7),
    {N * math:pow(2.0, -53), State}.

%% @private
rand_plugin_uniform(Max, State) -> {rand_uniform(0, Max) + 1, State}.
