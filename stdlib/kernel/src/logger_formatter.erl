%%% logger_formatter: the text of a log event.
-module(logger_formatter).

-export([format/2, check_config/1]).

-export_type([config/0, template/0, metakey/0]).

-type metakey() :: atom() | [atom()].
-type template() :: [metakey() | {metakey(), template(), template()} | unicode:chardata()].
-type config() :: #{atom() => term()}.

%% @doc The text of an event, as the template and the limits of the configuration have it.
-spec format(logger:log_event(), config()) -> unicode:chardata().
format(#{level := Level, msg := Message, meta := Meta}, Given) when is_map(Given) ->
    Config = complete(Given),
    #{template := Template, max_size := MaxSize} = Config,
    {Before, Behind} = lists:splitwith(fun(Item) -> Item =/= msg end, Template),
    First = fill(Before, Level, Meta, Config),
    case Behind of
        [msg | After] ->
            Last = fill(After, Level, Meta, Config),
            truncate([First, message(Message, Meta, within(Config, [First, Last])), Last], MaxSize);
        [] ->
            First
    end.

%% The limit of characters is one of the whole text.
within(#{chars_limit := Limit} = Config, Rest) when is_integer(Limit) ->
    Config#{chars_limit := max(0, Limit - string:length(Rest))};
within(Config, _) ->
    Config.

complete(Given) ->
    Defaults = #{legacy_header => false, single_line => true, depth => default_depth(),
                 chars_limit => unlimited, max_size => unlimited, time_offset => "",
                 time_designator => $T},
    Config = maps:merge(Defaults, Given),
    maps:merge(#{template => default_template(Config)}, deep_enough(Config)).

%% A depth below five shows nothing of use.
deep_enough(#{depth := Depth} = Config) when is_integer(Depth) -> Config#{depth := max(5, Depth)};
deep_enough(Config) -> Config.

default_template(#{legacy_header := true}) -> [[logger_formatter, header], "\n", msg, "\n"];
default_template(#{single_line := true}) -> [time, " ", level, ": ", msg, "\n"];
default_template(_) -> [time, " ", level, ":\n", msg, "\n"].

default_depth() ->
    case application:get_env(kernel, error_logger_format_depth) of
        {ok, Depth} when is_integer(Depth) -> max(10, Depth);
        _ -> unlimited
    end.

%% Cut to the size allowed, which is ten characters at least; a line stays one.
truncate(Text, unlimited) ->
    Text;
truncate(Text, MaxSize) ->
    Size = max(10, MaxSize),
    case io_lib:chars_length(Text) > Size of
        true ->
            Chars = unicode:characters_to_list(Text),
            End = case lists:last(Chars) of $\n -> "...\n"; _ -> "..." end,
            lists:sublist(Chars, Size - length(End)) ++ End;
        false ->
            Text
    end.

%%% The template.

fill([level | Template], Level, Meta, Config) ->
    [atom_to_list(Level) | fill(Template, Level, Meta, Config)];
fill([{Key, IfThere, IfNot} | Template], Level, Meta, Config) ->
    Part = case is_there(Key, Meta) of
               true -> IfThere;
               false -> IfNot
           end,
    [fill(Part, Level, Meta, Config) | fill(Template, Level, Meta, Config)];
fill([[logger_formatter, header] | Template], Level, Meta, Config) ->
    [header(Level, Meta, maps:get(time_offset, Config, "")) | fill(Template, Level, Meta, Config)];
fill([Key | Template], Level, Meta, Config) when is_atom(Key) ->
    [value([Key], Meta, Config) | fill(Template, Level, Meta, Config)];
fill([[Key | _] = Keys | Template], Level, Meta, Config) when is_atom(Key) ->
    [value(Keys, Meta, Config) | fill(Template, Level, Meta, Config)];
fill([Text | Template], Level, Meta, Config) ->
    [Text | fill(Template, Level, Meta, Config)];
fill([], _Level, _Meta, _Config) ->
    [].

is_there(Key, Meta) when is_atom(Key) -> find([Key], Meta) =/= error;
is_there(Keys, Meta) -> find(Keys, Meta) =/= error.

find([Key | Keys], Map) when is_map(Map) ->
    case maps:find(Key, Map) of
        {ok, Value} -> find(Keys, Value);
        error -> error
    end;
find([], Value) ->
    {ok, Value};
find(_, _) ->
    error.

value(Keys, Meta, Config) ->
    case find(Keys, Meta) of
        {ok, Value} -> to_text(lists:last(Keys), Value, Config);
        error -> ""
    end.

to_text(time, Time, Config) when is_integer(Time) ->
    time(Time, Config);
to_text(mfa, {M, F, Arity}, _Config) when is_integer(Arity) ->
    io_lib:format("~tw:~tw/~w", [M, F, Arity]);
to_text(mfa, {M, F, Args}, _Config) when is_list(Args) ->
    io_lib:format("~tw:~tw/~w", [M, F, length(Args)]);
to_text(_Key, Value, _Config) when is_pid(Value) ->
    pid_to_list(Value);
to_text(_Key, Value, _Config) when is_reference(Value) ->
    ref_to_list(Value);
to_text(_Key, Value, #{single_line := SingleLine}) ->
    case io_lib:printable_unicode_list(Value) of
        true -> Value;
        false when SingleLine -> io_lib:format("~0tp", [Value]);
        false -> io_lib:format("~tp", [Value])
    end.

%%% Times.

time(Time, #{time_offset := Offset, time_designator := Designator}) ->
    calendar:system_time_to_rfc3339(Time, [{unit, microsecond}, {offset, Offset},
                                           {time_designator, Designator}]).

%% "=ERROR REPORT==== 21-Nov-2026::06:17:58.111882 ==="
header(Level, #{time := Time} = Meta, Offset) ->
    Seconds = erlang:convert_time_unit(Time, microsecond, second),
    Micros = Time - Seconds * 1000000,
    {{{Year, Month, Day}, {Hour, Minute, Second}}, Zone} =
        case Offset =:= 0 orelse Offset =:= "Z" orelse Offset =:= "z" of
            true -> {calendar:system_time_to_universal_time(Time, microsecond), " UTC"};
            false -> {calendar:system_time_to_local_time(Time, microsecond), ""}
        end,
    io_lib:format("=~ts==== ~w-~s-~4..0w::~2..0w:~2..0w:~2..0w.~6..0w~s ===",
                  [title(Level, Meta), Day, month(Month), Year, Hour, Minute, Second, Micros, Zone]).

title(_Level, #{logger_formatter := #{title := Title}}) ->
    Title;
title(notice, #{error_logger := #{tag := _}}) ->
    "INFO REPORT";
title(Level, _Meta) ->
    string:uppercase(atom_to_list(Level)) ++ " REPORT".

month(Number) ->
    element(Number, {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"}).

%%% The message.

message({string, Text}, Meta, Config) ->
    message({"~ts", [Text]}, Meta, Config);
message({report, Report}, Meta, Config) ->
    Callback = case {Config, Meta} of
                   {#{report_cb := Own}, _} -> Own;
                   {_, #{report_cb := FromMeta}} when is_function(FromMeta, 1); is_function(FromMeta, 2) -> FromMeta;
                   _ -> fun logger:format_report/1
               end,
    report(Report, Callback, Meta, Config);
message({Format, Args}, _Meta, Config) ->
    in_one_line(trim(formatted(Format, Args, Config), Config), Config).

report(Report, Callback, Meta, Config) when is_function(Callback, 1) ->
    try Callback(Report) of
        {Format, Args} when is_list(Format), is_list(Args) ->
            message({Format, Args}, Meta, Config);
        Other ->
            message(two("REPORT_CB/1 ERROR: ~", "; Returned: ~", [Report, Other], Config), Meta, Config)
    catch
        Class:Reason:Trace ->
            Told = [Report, {Class, Reason, short(Trace)}],
            message(two("REPORT_CB/1 CRASH: ~", "; Reason: ~", Told, Config), Meta, Config)
    end;
report(Report, Callback, Meta, Config) when is_function(Callback, 2) ->
    try Callback(Report, maps:with([depth, chars_limit, single_line], Config)) of
        Text when is_list(Text); is_binary(Text) ->
            %% The callback has kept the limits itself.
            try unicode:characters_to_list(Text) of
                Chars when is_list(Chars) -> in_one_line(trim(Chars, Config), Config);
                _ -> not_text(Report, Text, Meta, Config)
            catch
                error:badarg -> not_text(Report, Text, Meta, Config)
            end;
        Other ->
            not_text(Report, Other, Meta, Config)
    catch
        Class:Reason:Trace ->
            Told = [Report, {Class, Reason, short(Trace)}],
            message(two("REPORT_CB/2 CRASH: ~", "; Reason: ~", Told, Config), Meta, Config)
    end.

not_text(Report, Other, Meta, Config) ->
    message(two("REPORT_CB/2 ERROR: ~", "; Returned: ~", [Report, Other], Config), Meta, Config).

%% A format that shows two terms, on one line where all has to be on one.
two(Before, Between, Terms, #{single_line := true}) -> {Before ++ "0tp" ++ Between ++ "0tp", Terms};
two(Before, Between, Terms, _) -> {Before ++ "tp" ++ Between ++ "tp", Terms}.

%% Only the part of a trace that is not this module's.
short(Trace) -> lists:takewhile(fun({M, _, _, _}) -> M =/= ?MODULE end, Trace).

formatted(Format, Args, Config) ->
    try
        Parts = [limit(Part, Config) || Part <- io_lib:scan_format(Format, Args)],
        built(Parts, Config)
    catch
        _:_ when Format =/= "FORMAT ERROR: ~0tp - ~0tp" ->
            formatted("FORMAT ERROR: ~0tp - ~0tp", [Format, Args], Config)
    end.

built(Parts, #{chars_limit := unlimited}) -> io_lib:build_text(Parts);
built(Parts, #{chars_limit := Limit}) -> io_lib:build_text(Parts, [{chars_limit, Limit}]).

%% Terms are printed to the depth allowed, and without line breaks if all has
%% to go on one line.
limit(#{control_char := Char, args := [Term]} = Spec, #{depth := Depth} = Config)
  when Char =:= $p; Char =:= $w ->
    Wide = widen(Spec, Config),
    case Depth of
        unlimited -> Wide;
        _ -> Wide#{control_char := Char - $p + $P, args := [Term, Depth]}
    end;
limit(#{control_char := Char, args := [Term, Own]} = Spec, #{depth := Depth} = Config)
  when Char =:= $P; Char =:= $W ->
    Wide = widen(Spec, Config),
    case Depth of
        unlimited -> Wide;
        _ -> Wide#{args := [Term, min(Own, Depth)]}
    end;
limit(Part, _Config) ->
    Part.

widen(#{control_char := Char} = Spec, #{single_line := true}) when Char =:= $p; Char =:= $P ->
    Spec#{width := 0};
widen(Spec, _Config) ->
    Spec.

trim(Text, #{single_line := true}) -> string:trim(unicode:characters_to_list(Text));
trim(Text, _Config) -> Text.

in_one_line(Text, #{single_line := true}) -> join_lines(Text, []);
in_one_line(Text, _Config) -> Text.

%% A line break, with a comma before it and blanks behind, becomes ", ".
join_lines([$,, $\r, $\n | Rest], Acc) -> join_lines(skip_blanks(Rest), [$\s, $, | Acc]);
join_lines([$,, $\n | Rest], Acc) -> join_lines(skip_blanks(Rest), [$\s, $, | Acc]);
join_lines([$\r, $\n | Rest], Acc) -> join_lines(skip_blanks(Rest), [$\s, $, | Acc]);
join_lines([$\n | Rest], Acc) -> join_lines(skip_blanks(Rest), [$\s, $, | Acc]);
join_lines([C | Rest], Acc) -> join_lines(Rest, [C | Acc]);
join_lines([], Acc) -> lists:reverse(Acc).

skip_blanks([C | Rest]) when C =:= $\s; C =:= $\t -> skip_blanks(Rest);
skip_blanks(Rest) -> Rest.

%%% Checking a configuration.

%% @doc ok, or {error, Reason} for a configuration with an item that is unknown or has a wrong value.
-spec check_config(config()) -> ok | {error, term()}.
check_config(Config) when is_map(Config) -> check(maps:to_list(Config));
check_config(Config) -> {error, {invalid_formatter_config, ?MODULE, Config}}.

check([{Key, Value} = Item | Rest]) ->
    case Key of
        template ->
            case is_template(Value) of
                true -> check(Rest);
                false -> {error, {invalid_formatter_template, ?MODULE, Value}}
            end;
        _ ->
            case is_valid(Key, Value) of
                true -> check(Rest);
                false -> {error, {invalid_formatter_config, ?MODULE, Item}}
            end
    end;
check([]) ->
    ok.

is_valid(Key, Limit) when Key =:= depth; Key =:= max_size; Key =:= chars_limit ->
    Limit =:= unlimited orelse (is_integer(Limit) andalso Limit > 0);
is_valid(Key, Flag) when Key =:= legacy_header; Key =:= single_line ->
    is_boolean(Flag);
is_valid(report_cb, Fun) ->
    is_function(Fun, 1) orelse is_function(Fun, 2);
is_valid(time_offset, Offset) ->
    is_integer(Offset) orelse Offset =:= "" orelse Offset =:= "Z" orelse Offset =:= "z"
        orelse is_offset(Offset);
is_valid(time_designator, Char) ->
    is_integer(Char) andalso Char >= 0 andalso Char =< 255;
is_valid(error_logger_notice_header, Header) ->
    Header =:= info orelse Header =:= notice;
is_valid(_Key, _Value) ->
    false.

is_offset([Sign | Rest]) when Sign =:= $+, length(Rest) > 0; Sign =:= $-, length(Rest) > 0 ->
    case string:split(Rest, ":", all) of
        [[_ | _] = Hours, [_ | _] = Minutes] -> lists:all(fun(C) -> C >= $0 andalso C =< $9 end, Hours ++ Minutes);
        _ -> false
    end;
is_offset(_) ->
    false.

is_template([Item | Template]) ->
    (is_atom(Item) orelse is_text(Item) orelse is_keys(Item) orelse is_choice(Item))
        andalso is_template(Template);
is_template(Template) ->
    Template =:= [].

is_keys([Key | Keys]) -> is_atom(Key) andalso (Keys =:= [] orelse is_keys(Keys));
is_keys(_) -> false.

is_choice({Key, IfThere, IfNot}) ->
    (is_atom(Key) orelse is_keys(Key)) andalso is_template(IfThere) andalso is_template(IfNot);
is_choice(_) ->
    false.

is_text(Text) -> io_lib:printable_unicode_list(Text) orelse is_binary(Text).
