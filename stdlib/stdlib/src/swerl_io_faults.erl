%%% What was wrong with the arguments of functions of the module io.
-module(swerl_io_faults).

-export([map/3, character_data/1, check_format/1]).

%% The faults of the arguments, by their numbers, and of the call in general.
-spec map(atom(), [term()], term()) -> #{pos_integer() | general => unicode:chardata()}.
map(F, As, Cause) ->
    {HasDevice, Rest} = split_device(F, As),
    case faults(F, Rest, HasDevice, Cause) of
        {general, Text} when HasDevice -> #{1 => text(Text)};
        {general, Text} -> #{general => text(Text)};
        {Faults, General} ->
            Shift = if HasDevice -> [""]; true -> [] end,
            add_general(swerl_argument_fault:map(Shift ++ Faults), General)
    end.

add_general(Map, "") -> Map;
add_general(Map, Text) -> maps:put(general, text(Text), Map).

text(Text) -> unicode:characters_to_binary(Text).

%% Whether the first argument is a device, and the arguments without it.
split_device(F, [_, Format, Args]) when F =:= format; F =:= fwrite -> {true, [Format, Args]};
split_device(put_chars, [_, Chars]) -> {true, [Chars]};
split_device(put_chars, [_, _, Chars]) -> {true, [Chars]};
split_device(nl, [_]) -> {true, []};
split_device(write, [_, Term]) -> {true, [Term]};
split_device(_, As) -> {false, As}.

faults(_, _, _, {io, arguments}) -> {general, "the device does not exist"};
faults(_, _, _, {io, calling_self}) ->
    {general, "the device is not allowed to be the current process"};
faults(_, _, _, {io, terminated}) -> {general, "the device has terminated"};
faults(_, _, _, {device, {no_translation, In, Out}}) ->
    {general, io_lib:format("device failed to transcode string from ~p to ~p", [In, Out])};
faults(F, As, _, {device, Cause}) when F =:= format; F =:= fwrite ->
    format_faults(As, Cause);
faults(put_chars, [Chars], _, {device, Cause}) ->
    case character_data(Chars) of
        "" -> {[], unknown(Cause)};
        Fault -> {[Fault], ""}
    end;
faults(F, _, _, {device, Cause}) when F =:= write; F =:= nl ->
    {[], unknown(Cause)};
faults(_, _, _, _) ->
    {[], ""}.

unknown(Cause) -> io_lib:format("unknown error: ~tp", [Cause]).

%% Characters, or nothing that stands for characters.
-spec character_data(term()) -> string().
character_data(Chars) ->
    try unicode:characters_to_binary(Chars) of
        Binary when is_binary(Binary) -> "";
        _ -> "not valid character data (an iodata term)"
    catch
        error:_ -> "not valid character data (an iodata term)"
    end.

format_faults([Format], Cause) ->
    format_faults([Format, []], Cause);
format_faults([Format, Args], Cause) ->
    case is_format(Format) of
        false ->
            Missing = (is_pid(Format) orelse is_atom(Format)) andalso is_format(Args),
            {["not a valid format string", swerl_argument_fault:list(Args)],
             if Missing -> "possibly missing argument list"; true -> "" end};
        true when not is_list(Args) ->
            {["", swerl_argument_fault:list(Args)], ""};
        true ->
            case check_format(Format) of
                {error, Text} ->
                    {[["format string invalid (", Text, ")"]], ""};
                {ok, Types} when length(Types) =/= length(Args) ->
                    {["wrong number of arguments"],
                     if is_atom(Format) -> "possibly missing argument list"; true -> "" end};
                {ok, Types} ->
                    argument_types(Types, Args, Format, Cause)
            end
    end.

is_format(Format) when is_list(Format) ->
    try lists:all(fun erlang:is_integer/1, Format)
    catch error:_ -> false
    end;
is_format(Format) ->
    is_atom(Format) orelse is_binary(Format).

argument_types(Types, Args, Format, Cause) ->
    Wrong = [io_lib:format("element ~B must be of type ~p", [N, type_name(Type)])
             || {N, Type, Arg} <- lists:zip3(lists:seq(1, length(Args)), Types, Args),
                not fits(Type, Arg)],
    case Wrong of
        [] when Cause =:= format ->
            {["failed to format string"], ""};
        [] ->
            try io_lib:format(Format, Args) of
                _ -> {[], unknown(Cause)}
            catch
                _:_ -> {["failed to format string"], ""}
            end;
        _ ->
            {["", lists:join("\n", Wrong)], ""}
    end.

type_name(int) -> integer;
type_name(Type) -> Type.

fits(float, V) -> is_float(V);
fits(int, V) -> is_integer(V);
fits(term, _) -> true;
fits(string, V) when is_atom(V); is_binary(V) -> true;
fits(string, V) when is_list(V) ->
    try unicode:characters_to_binary(V) of
        _ -> true
    catch
        error:_ -> false
    end;
fits(string, _) -> false.

%% The types of the arguments that a format takes.
-spec check_format(atom() | binary() | string()) ->
          {ok, [int | float | string | term]} | {error, string()}.
check_format(Format) when is_atom(Format) -> check_format(atom_to_list(Format));
check_format(Format) when is_binary(Format) -> check_format(unicode:characters_to_list(Format));
check_format(Format) ->
    try {ok, controls(Format)}
    catch throw:{bad_format, Text} -> {error, Text}
    end.

controls([$~ | Rest0]) ->
    {Stars1, Rest1} = number(skip_sign(Rest0)),
    {Stars2, Rest2} = precision(Rest1),
    {Stars3, Rest3} = padding(Rest2),
    {Modifiers, Rest4} = modifiers(Rest3, []),
    case Rest4 of
        [C | Rest] -> Stars1 ++ Stars2 ++ Stars3 ++ control(C, Modifiers) ++ controls(Rest);
        [] -> throw({bad_format, "truncated"})
    end;
controls([_ | Rest]) -> controls(Rest);
controls([]) -> [].

skip_sign([$- | Rest]) -> Rest;
skip_sign(Rest) -> Rest.

number([$* | Rest]) -> {[int], Rest};
number(Rest) -> {[], lists:dropwhile(fun(C) -> C >= $0 andalso C =< $9 end, Rest)}.

precision([$. | Rest]) -> number(skip_sign(Rest));
precision(Rest) -> {[], Rest}.

padding([$., $* | Rest]) -> {[int], Rest};
padding([$., _ | Rest]) -> {[], Rest};
padding(Rest) -> {[], Rest}.

modifiers([C | Rest], Acc) when C =:= $t; C =:= $l; C =:= $k; C =:= $K -> modifiers(Rest, [C | Acc]);
modifiers(Rest, Acc) -> {Acc, Rest}.

control($~, _) -> [];
control($n, _) -> [];
control($c, _) -> [int];
control(C, _) when C =:= $f; C =:= $e; C =:= $g -> [float];
control($s, _) -> [string];
control(C, _) when C =:= $w; C =:= $p; C =:= $i -> [term];
control(C, _) when C =:= $W; C =:= $P -> [term, int];
control(C, _) when C =:= $B; C =:= $b; C =:= $#; C =:= $+ -> [int];
control(C, _) when C =:= $X; C =:= $x -> [int, string];
control(C, Modifiers) ->
    throw({bad_format, lists:flatten(io_lib:format("invalid control ~~~s~tc",
                                                   [lists:reverse(Modifiers), C]))}).
