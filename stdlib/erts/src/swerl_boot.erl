%%% swerl_boot: what a start needs whose command line names a boot file, files of settings, or settings of the kernel.
%%%
%%% It is a module of its own, because most starts do without: init loads it where one of these flags is there.
-module(swerl_boot).

-export([prepare/1]).

%% Checks what the flags say, and sets up the logger and the applications that they ask for.
-spec prepare([{atom(), [string()]}]) -> ok.
prepare(Flags) ->
    check_boot(Flags),
    check_config(Flags),
    configure_logger(Flags),
    check_name(Flags),
    start_sasl(Flags).

has(Flag, Flags) -> lists:keymember(Flag, 1, Flags).

values(Flag, Flags) -> [Values || {F, Values} <- Flags, F =:= Flag].

%% There are no boot files, but one that is named otherwise than those of OTP must be there.
check_boot(Flags) ->
    case values(boot, Flags) of
        [[Name | _] | _] ->
            Known = lists:member(filename:basename(Name), ["start", "start_clean", "start_sasl", "no_dot_erlang"]),
            File = Name ++ ".boot",
            case Known orelse filelib:is_regular(File) of
                true -> ok;
                false -> exit({'cannot get bootfile', list_to_atom(File)})
            end;
        _ ->
            ok
    end.

%% Without the files that it is to be configured by, the system does not start, nor with values that are no terms.
check_config(Flags) ->
    case has(config, Flags) andalso swerl_application_config:check() of
        {error, Why} -> refuse_to_start(Why);
        _ -> ok
    end,
    _ = [check_value(Value) || Values <- values(kernel, Flags), {_, Value} <- settings(Values), not is_word(Value)],
    ok.

check_value(Value) ->
    case swerl_application_config:value(Value) of
        {ok, _} ->
            ok;
        {error, Why} ->
            swerl_application_config:report("application_controller: ~ts: ~ts", [Why, Value]),
            refuse_to_start(lists:flatten(io_lib:format("~0p", [{bad_environment_value, Value}])))
    end.

refuse_to_start(Why) ->
    erlang:display({"could not start kernel pid", application_controller, Why}),
    erlang:halt(lists:flatten(["could not start kernel pid (application_controller) (", Why, ")"])).

%% Most are atoms, which need no scanner.
is_word([First | Rest]) when First >= $a, First =< $z ->
    [] =:= [C || C <- Rest, C < $a orelse C > $z, C < $0 orelse C > $9, C =/= $_];
is_word(_) ->
    false.

%% A node has one name, with one host at most. A short one comes first.
check_name(Flags) -> check_name([sname, name], Flags).

check_name([], _Flags) ->
    ok;
check_name([Flag | Rest], Flags) ->
    case values(Flag, Flags) of
        [[Name] | _] ->
            case [C || C <- Name, C =:= $@] of
                [_, _ | _] -> refuse_name(Name);
                _ -> ok
            end;
        [Names | _] ->
            error_logger:error_msg("Invalid -~w given to erl, ~ts~n", [Flag, lists:join(" ", Names)]),
            check_name(Rest, Flags);
        [] ->
            check_name(Rest, Flags)
    end.

-spec refuse_name(string()) -> no_return().
refuse_name(Name) ->
    swerl_tty:put_error(unicode:characters_to_binary(["Protocol 'inet_tcp': invalid node name: ", Name, $\n])),
    halt(1).

%% The logger is as it is at first unless the command line or a file says otherwise. Of the level it is known already.
configure_logger(Flags) ->
    Kernel = [Setting || Values <- values(kernel, Flags), Setting <- settings(Values)],
    Levels = [Level || {"logger_level", Level} <- Kernel],
    Said = has(config, Flags) orelse Levels -- ["error", "warning", "notice", "info", "debug", "all", "none"] =/= []
        orelse lists:any(fun(Key) -> lists:keymember(Key, 1, Kernel) end, ["logger", "logger_metadata", "logger_sasl_compatible", "error_logger"]),
    case Said andalso logger:reconfigure() of
        {error, Why} -> refuse_to_log(Why);
        _ -> ok
    end.

refuse_to_log({bad_config, What} = Why) ->
    {Subject, Fault} = case What of
                           {kernel, {error_logger, _} = Setting} -> {"default handler", Setting};
                           {kernel, Setting} -> {"logger", Setting};
                           {handler, Setting} -> {"logger handler", Setting}
                       end,
    swerl_application_config:report("Invalid ~ts config: ~tp", [Subject, Fault]),
    Exit = {application_start_failure, kernel,
            {bad_return, {{kernel, start, [normal, []]}, {'EXIT', {{badmatch, {error, Why}}, []}}}}},
    Text = lists:flatten(io_lib:format("~0p", [Exit])),
    erlang:display({"Kernel pid terminated", application_controller, Text}),
    erlang:halt(lists:flatten(["Kernel pid terminated (application_controller) (", Text, ")"])).

%% Of OTP's boot files, one starts an application more than the others.
start_sasl(Flags) ->
    case values(boot, Flags) of
        [[Name | _] | _] ->
            case filename:basename(Name) of
                "start_sasl" -> ok = application:start(sasl, permanent);
                _ -> ok
            end;
        _ ->
            ok
    end.

settings([Key, Value | Rest]) -> [{Key, Value} | settings(Rest)];
settings(_) -> [].
