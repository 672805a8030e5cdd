%%% swerl_application_config: the files that `-config` names, with the settings of applications.
-module(swerl_application_config).

-export([check/0, env/1, fault/1, value/1, report/2]).

%% What keeps the system from starting, in words.
-spec check() -> ok | {error, string()}.
check() -> check(files()).

check([File | Files]) ->
    case read(File) of
        {ok, Config} ->
            case fault(Config) of
                "" -> check(Files);
                Fault -> {error, lists:flatten(["invalid config data: " | Fault])}
            end;
        {error, _} = Error ->
            Error
    end;
check([]) ->
    ok.

%% The settings of an application, in the order of the files. A file that cannot be read has none.
-spec env(atom()) -> [{atom(), term()}].
env(Name) ->
    [Setting || File <- files(), {ok, Config} <- [read(File)], {Application, Settings} <- Config,
                Application =:= Name, Setting <- Settings].

files() ->
    case init:get_argument(config) of
        {ok, Groups} -> lists:append([case Group of [] -> [""]; _ -> Group end || Group <- Groups]);
        error -> []
    end.

read(File) ->
    Full = filename:join(filename:dirname(File), filename:basename(File, ".config") ++ ".config"),
    case file:read_file(Full) of
        {ok, Bytes} -> parsed(Full, Bytes);
        {error, enoent} -> wrong(Full, none, "configuration file not found");
        {error, Reason} -> wrong(Full, none, file:format_error(Reason))
    end.

parsed(Full, Bytes) ->
    Text = case unicode:characters_to_list(Bytes) of
               Chars when is_list(Chars) -> Chars;
               _ -> binary_to_list(Bytes)
           end,
    Tokens = case erl_scan:string(Text) of
                 {ok, All, _} -> All;
                 {error, _, _} -> []
             end,
    case Tokens =/= [] andalso lists:last(Tokens) of
        {dot, _} -> one_list(Full, Tokens);
        _ -> wrong(Full, none, "no ending <dot> found")
    end.

one_list(Full, Tokens) ->
    {First, [Dot | Rest]} = lists:splitwith(fun(Token) -> element(1, Token) =/= dot end, Tokens),
    case erl_parse:parse_term(First ++ [Dot]) of
        {ok, Config} when is_list(Config), Rest =:= [] -> with_included(Full, Config);
        {ok, _} -> wrong(Full, none, "configuration file must contain ONE list ended by <dot>");
        {error, {Line, Module, Why}} -> wrong(Full, Line, Module:format_error(Why))
    end.

%% sys.config may name other files, whose settings come where their names stand.
with_included(Full, Config) ->
    case filename:basename(Full) of
        "sys.config" -> included(Config, []);
        _ -> {ok, Config}
    end.

included([[_ | _] = File | Config], Before) ->
    case read(File) of
        {ok, More} -> included(Config, lists:reverse(More, Before));
        {error, _} = Error -> Error
    end;
included([Item | Config], Before) ->
    included(Config, [Item | Before]);
included([], Before) ->
    {ok, merged(lists:reverse(Before))}.

%% Each application once, with all its settings.
merged([{Name, Env} | Config]) when is_atom(Name), is_list(Env) ->
    {Same, Others} = lists:partition(fun({Other, More}) -> Other =:= Name andalso is_list(More);
                                        (_) -> false
                                     end, Config),
    [{Name, once(lists:append([Env | [More || {_, More} <- Same]]))} | merged(Others)];
merged([Item | Config]) ->
    [Item | merged(Config)];
merged([]) ->
    [].

%% Of several settings of a parameter the last.
once([{Key, _} = Setting | Env]) ->
    case lists:keymember(Key, 1, Env) of
        true -> once(Env);
        false -> [Setting | once(Env)]
    end;
once(Env) ->
    Env.

wrong(Full, Line, Why) ->
    {error, lists:flatten(io_lib:format("error in config file ~tp (~w): ~ts", [Full, Line, Why]))}.

%% The term that a value on the command line stands for, or what is wrong with the text.
-spec value(string()) -> {ok, term()} | {error, iolist()}.
value(Text) ->
    case erl_scan:string(Text) of
        {ok, Tokens, End} ->
            case erl_parse:parse_term(Tokens ++ [{dot, End}]) of
                {ok, Term} -> {ok, Term};
                {error, {_, Module, Why}} -> {error, Module:format_error(Why)}
            end;
        {error, {_, Module, Why}, _} ->
            {error, Module:format_error(Why)}
    end.

%% Says what keeps the system from starting: there is no handler of the log yet.
-spec report(string(), [term()]) -> ok.
report(Format, Args) ->
    Event = #{level => error, msg => {Format, Args},
              meta => #{time => os:system_time(microsecond), error_logger => #{tag => error}}},
    io:put_chars(standard_error, logger_formatter:format(Event, #{legacy_header => true, single_line => false})).

%% What is wrong with the settings of applications, in words; "" if nothing is.
fault(Config) -> config_fault(Config, []).

%% Names are those of before.
config_fault([{Name, Env} | Config], Names) when is_atom(Name), is_list(Env) ->
    case lists:member(Name, Names) of
        true -> io_lib:format("duplicate application config: ~p", [Name]);
        false ->
            case settings_fault(Env, []) of
                "" -> config_fault(Config, [Name | Names]);
                Fault -> io_lib:format("application: ~p; ~ts", [Name, Fault])
            end
    end;
config_fault([{Name, _} | _], _) when is_atom(Name) ->
    io_lib:format("application: ~p; parameters must be a list", [Name]);
config_fault([{Name, Env} | _], _) when is_list(Env) ->
    io_lib:format("application: ~p; application name must be an atom", [Name]);
config_fault([Other | _], _) ->
    io_lib:format("invalid application config: ~p", [Other]);
config_fault([], _) ->
    "".

settings_fault([{Key, _} | Env], Keys) when is_atom(Key) ->
    case lists:member(Key, Keys) of
        true -> io_lib:format("duplicate parameter: ~p", [Key]);
        false -> settings_fault(Env, [Key | Keys])
    end;
settings_fault([{Key, _} | _], _) -> io_lib:format("invalid parameter name: ~p", [Key]);
settings_fault([Other | _], _) -> io_lib:format("invalid parameter: ~p", [Other]);
settings_fault([], _) -> "";
settings_fault(Other, _) -> io_lib:format("invalid parameters: ~p", [Other]).
