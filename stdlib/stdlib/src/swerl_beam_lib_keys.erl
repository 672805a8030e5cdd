%%% The keys of encrypted debug information: who is asked for them, and what is done with them.
%%%
%%% A chunk that is encrypted begins with a zero byte, the length of the cipher's name and the name; the data
%%% follow. Whoever wants a key asks the fun that was installed, or else the file `.erlang.crypt'.
-module(swerl_beam_lib_keys).

-export([install/1, clear/0, key/1, known_key/2, encrypt/2, decrypt/3]).

-define(SERVER, beam_lib__crypto_key_server).
-define(FILE_NAME, ".erlang.crypt").

-type wanted() :: {debug_info, atom(), module(), file:filename() | binary()}.
-type key() :: {atom(), string()}.

%%% The fun that is asked, kept by a process.

%% @doc Installs a fun that knows keys.
-spec install(term()) -> ok | {error, exists | badfun | term()}.
install(Fun) when is_function(Fun, 1) -> call({install, Fun});
install(_) -> {error, badfun}.

%% @doc Removes the fun.
-spec clear() -> undefined | {ok, term()}.
clear() -> call(clear).

%% @doc The key as text, from the fun or from the file.
-spec key(wanted()) -> error | term().
key(Wanted) -> call({key, Wanted}).

call(Request) ->
    Server = server(),
    Monitor = monitor(process, Server),
    Server ! {Request, self(), Monitor},
    receive
        {Monitor, Answer} ->
            demonitor(Monitor, [flush]),
            Answer;
        {'DOWN', Monitor, process, _, Reason} ->
            exit(Reason)
    end.

server() ->
    case whereis(?SERVER) of
        undefined ->
            Self = self(),
            {Pid, Monitor} = spawn_monitor(fun() -> start(Self) end),
            receive
                {Pid, ready} ->
                    demonitor(Monitor, [flush]),
                    Pid;
                {'DOWN', Monitor, process, Pid, _} ->
                    server()
            end;
        Pid ->
            Pid
    end.

%% Of several that are started at once one remains.
start(Starter) ->
    case catch register(?SERVER, self()) of
        true ->
            Starter ! {self(), ready},
            loop(none);
        _ ->
            ok
    end.

loop(Fun) ->
    receive
        {Request, From, Tag} ->
            {Answer, Next} = handle(Request, Fun),
            From ! {Tag, Answer},
            loop(Next);
        _ ->
            loop(Fun)
    end.

handle({install, Fun}, none) -> installed(Fun);
handle({install, _}, Fun) -> {{error, exists}, Fun};
handle(clear, none) -> {undefined, none};
handle(clear, Fun) -> {{ok, asked(Fun, clear)}, none};
handle({key, Wanted}, none) ->
    case from_file() of
        {ok, Fun} -> handle({key, Wanted}, Fun);
        error -> {error, none}
    end;
handle({key, Wanted}, Fun) ->
    {asked(Fun, Wanted), Fun}.

installed(Fun) ->
    case catch Fun(init) of
        ok -> {ok, Fun};
        {ok, Other} when is_function(Other, 1) -> {ok, Other};
        {error, Reason} -> {{error, Reason}, none};
        {'EXIT', Reason} -> {{error, Reason}, none};
        Other -> {{error, Other}, none}
    end.

asked(Fun, Request) ->
    try Fun(Request)
    catch _:_ -> error
    end.

%%% The file: a list of {debug_info, Mode, Module, Key}, where [] stands for all modules.

from_file() ->
    Path = [".", home(), filename:basedir(user_config, "erlang")],
    case file:path_script(Path, ?FILE_NAME) of
        {ok, Entries, _File} ->
            case is_list(Entries) andalso lists:all(fun is_entry/1, Entries) of
                true ->
                    {ok, fun(clear) -> undefined;
                            (Wanted) -> look_up(Wanted, Entries)
                         end};
                false ->
                    error_logger:error_msg("unrecognized crypto key info: ~p\n", [Entries]),
                    error
            end;
        {error, enoent} ->
            error;
        {error, {Line, _, _} = Reason} ->
            error_logger:error_msg("file:path_script(~tp,~tp): error on line ~w: ~ts\n",
                                   [Path, ?FILE_NAME, Line, file:format_error(Reason)]),
            error;
        {error, Reason} ->
            error_logger:error_msg("file:path_script(~tp,~tp): ~ts\n", [Path, ?FILE_NAME, file:format_error(Reason)]),
            error
    end.

home() ->
    case init:get_argument(home) of
        {ok, [[Home]]} -> Home;
        _ -> "."
    end.

is_entry({debug_info, Mode, Module, Key}) -> is_atom(Mode) andalso (is_atom(Module) orelse Module =:= [])
                                                 andalso is_list(Key);
is_entry(_) -> false.

look_up({debug_info, Mode, Module, _} = Wanted, [{debug_info, Mode, For, Key} | Entries]) ->
    case For =:= Module orelse For =:= [] of
        true -> Key;
        false -> look_up(Wanted, Entries)
    end;
look_up(Wanted, [_ | Entries]) -> look_up(Wanted, Entries);
look_up(_, []) -> error.

%%% What the compiler is given.

%% @doc The key that an option names, or by default the one that the file has for the module.
-spec known_key(term(), module()) -> {ok, key()} | {error, bad_crypto_key | no_crypto_key}.
known_key({des3_cbc, Text} = Key, _Module) ->
    checked(Text, Key);
known_key(default, Module) ->
    case from_file() of
        {ok, Fun} ->
            case Fun({debug_info, des3_cbc, Module, []}) of
                error -> {error, no_crypto_key};
                Text -> checked(Text, {des3_cbc, Text})
            end;
        error ->
            {error, no_crypto_key}
    end;
known_key(Text, _Module) ->
    checked(Text, {des3_cbc, Text}).

checked(Text, Key) ->
    case io_lib:char_list(Text) of
        true -> {ok, Key};
        false -> {error, bad_crypto_key}
    end.

%%% Ciphers.

%% @doc The chunk with its data encrypted.
-spec encrypt(key(), binary()) -> binary().
encrypt({Mode, Text}, Data) ->
    {Cipher, Key, IVec, Block} = secrets(Mode, Text),
    Padding = (Block - byte_size(Data) rem Block) rem Block,
    Padded = <<Data/binary, (crypto:strong_rand_bytes(Padding))/binary>>,
    Name = atom_to_binary(Mode),
    Encrypted = crypto:crypto_one_time(Cipher, Key, IVec, Padded, true),
    <<0, (byte_size(Name)), Name/binary, Encrypted/binary>>.

%% @doc The data of a chunk, encrypted or not; none of the keys may fit.
-spec decrypt(binary(), module(), file:filename() | binary()) -> {ok, term()} | error.
decrypt(<<0, Length, Name:Length/binary, Data/binary>>, Module, File) ->
    Mode = binary_to_atom(Name),
    case key({debug_info, Mode, Module, File}) of
        error ->
            error;
        Text ->
            try
                {Cipher, Key, IVec, _Block} = secrets(Mode, Text),
                {ok, binary_to_term(crypto:crypto_one_time(Cipher, Key, IVec, Data, false))}
            catch
                error:_ -> error
            end
    end;
decrypt(Data, _Module, _File) ->
    {ok, binary_to_term(Data)}.

%% Key and initial vector are the hashes of the text and of that with the text backwards.
secrets(des3_cbc, Text) ->
    <<First/binary>> = erlang:md5(Text),
    <<Last:8/binary, IVec:8/binary>> = erlang:md5([First | lists:reverse(Text)]),
    {des_ede3_cbc, <<First/binary, Last/binary>>, IVec, 8}.
