%%% Dates and times of the Gregorian calendar, extended back to year 0.
-module(calendar).

-export([date_to_gregorian_days/1, date_to_gregorian_days/3, datetime_to_gregorian_seconds/1,
         day_of_the_week/1, day_of_the_week/3, gregorian_days_to_date/1,
         gregorian_seconds_to_datetime/1, is_leap_year/1, iso_week_number/0, iso_week_number/1,
         last_day_of_the_month/2, local_time/0, local_time_to_universal_time/1,
         local_time_to_universal_time/2, local_time_to_universal_time_dst/1, now_to_datetime/1,
         now_to_local_time/1, now_to_universal_time/1, rfc3339_to_system_time/1,
         rfc3339_to_system_time/2, seconds_to_daystime/1, seconds_to_time/1,
         system_time_to_local_time/2, system_time_to_rfc3339/1, system_time_to_rfc3339/2,
         system_time_to_universal_time/2, time_difference/2, time_to_seconds/1, universal_time/0,
         universal_time_to_local_time/1, valid_date/1, valid_date/3]).

-define(MINUTE, 60).
-define(HOUR, 3600).
-define(DAY, 86400).
%% Days and seconds from year 0 to 1970.
-define(DAYS_TO_1970, 719528).
-define(SECONDS_TO_1970, 62167219200).

%% Days.

%% @doc The days from year 0 to a date.
date_to_gregorian_days({Year, Month, Day}) ->
    date_to_gregorian_days(Year, Month, Day).

%% @doc The days from year 0 to a date.
date_to_gregorian_days(Year, Month, Day) when is_integer(Day), Day > 0 ->
    Last = last_day_of_the_month(Year, Month),
    if
        Day =< Last -> days_before_year(Year) + days_before_month(Year, Month) + Day - 1
    end.

days_before_year(0) -> 0;
days_before_year(Year) ->
    Y = Year - 1,
    Y * 365 + Y div 4 - Y div 100 + Y div 400 + 366.

days_before_month(Year, Month) ->
    Days = element(Month, {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334}),
    case Month > 2 andalso is_leap_year(Year) of
        true -> Days + 1;
        false -> Days
    end.

%% @doc The date so many days after the beginning of year 0.
gregorian_days_to_date(Days) ->
    {Year, DayOfYear} = year_of(Days),
    Month = month_of(Year, DayOfYear, 12),
    {Year, Month, DayOfYear - days_before_month(Year, Month) + 1}.

%% The year of a day, guessed from the mean length of a year and then corrected.
year_of(Days) when Days >= 0 ->
    year_of(Days, Days * 400 div 146097).

year_of(Days, Year) ->
    case days_before_year(Year) of
        First when First > Days -> year_of(Days, Year - 1);
        First ->
            case days_before_year(Year + 1) of
                Next when Next =< Days -> year_of(Days, Year + 1);
                _ -> {Year, Days - First}
            end
    end.

month_of(Year, DayOfYear, Month) ->
    case days_before_month(Year, Month) of
        First when First > DayOfYear -> month_of(Year, DayOfYear, Month - 1);
        _ -> Month
    end.

%% @doc Whether a year has 366 days.
is_leap_year(Year) when is_integer(Year), Year >= 0 ->
    Year rem 4 =:= 0 andalso (Year rem 100 > 0 orelse Year rem 400 =:= 0).

%% @doc The number of days of a month.
last_day_of_the_month(Year, Month) when is_integer(Year), Year >= 0 ->
    last_day(Year, Month).

last_day(Year, 2) ->
    case is_leap_year(Year) of
        true -> 29;
        false -> 28
    end;
last_day(_, Month) when Month =:= 4; Month =:= 6; Month =:= 9; Month =:= 11 -> 30;
last_day(_, Month) when is_integer(Month), Month > 0, Month < 13 -> 31.

%% @doc The day of the week of a date, from 1 for Monday.
day_of_the_week({Year, Month, Day}) ->
    day_of_the_week(Year, Month, Day).

%% @doc The day of the week of a date, from 1 for Monday.
day_of_the_week(Year, Month, Day) ->
    (date_to_gregorian_days(Year, Month, Day) + 5) rem 7 + 1.

%% @doc The ISO year and week of today.
iso_week_number() ->
    {Date, _} = local_time(),
    iso_week_number(Date).

%% @doc The ISO year and week of a date: a week belongs to the year of its Thursday.
iso_week_number({_, _, _} = Date) ->
    Days = date_to_gregorian_days(Date),
    Thursday = Days - day_of_the_week(Date) + 4,
    {Year, DayOfYear} = year_of(Thursday),
    {Year, DayOfYear div 7 + 1}.

%% @doc Whether a date exists.
valid_date({Year, Month, Day}) ->
    valid_date(Year, Month, Day).

%% @doc Whether a date exists.
valid_date(Year, Month, Day) when is_integer(Year), is_integer(Month), is_integer(Day) ->
    Year >= 0 andalso Month > 0 andalso Month < 13 andalso Day > 0
        andalso Day =< last_day_of_the_month(Year, Month).

%% Seconds.

%% @doc The seconds from year 0 to a date and time.
datetime_to_gregorian_seconds({Date, Time}) ->
    ?DAY * date_to_gregorian_days(Date) + time_to_seconds(Time).

%% @doc The date and time so many seconds after the beginning of year 0.
gregorian_seconds_to_datetime(Seconds) when Seconds >= 0 ->
    {gregorian_days_to_date(Seconds div ?DAY), seconds_to_time(Seconds rem ?DAY)}.

%% @doc Seconds as days and a time.
seconds_to_daystime(Seconds) ->
    Days = floor_div(Seconds, ?DAY),
    {Days, seconds_to_time(Seconds - Days * ?DAY)}.

floor_div(A, B) when A >= 0 -> A div B;
floor_div(A, B) -> -((B - 1 - A) div B).

%% @doc Seconds of a day as a time.
seconds_to_time(Seconds) when Seconds >= 0, Seconds < ?DAY ->
    {Seconds div ?HOUR, Seconds rem ?HOUR div ?MINUTE, Seconds rem ?MINUTE}.

%% @doc The seconds of a time from midnight.
time_to_seconds({Hour, Minute, Second})
  when is_integer(Hour), is_integer(Minute), is_integer(Second) ->
    Hour * ?HOUR + Minute * ?MINUTE + Second.

%% @doc The days and time between two dates and times.
time_difference({{_, _, _}, {_, _, _}} = From, {{_, _, _}, {_, _, _}} = To) ->
    seconds_to_daystime(datetime_to_gregorian_seconds(To) - datetime_to_gregorian_seconds(From)).

%% Clocks and time zones.

%% @doc Now, by the local time zone.
local_time() ->
    erlang:localtime().

%% @doc Now, in UTC.
universal_time() ->
    erlang:universaltime().

%% @doc A local date and time in UTC.
local_time_to_universal_time(DateTime) ->
    erlang:localtime_to_universaltime(DateTime).

%% @doc As local_time_to_universal_time/1, with daylight saving time true, false or undefined.
local_time_to_universal_time(DateTime, IsDst) ->
    erlang:localtime_to_universaltime(DateTime, IsDst).

%% @doc The dates and times in UTC that a local one may be: none, one or two.
local_time_to_universal_time_dst(DateTime) ->
    Dst = erlang:localtime_to_universaltime(DateTime, true),
    Standard = erlang:localtime_to_universaltime(DateTime, false),
    Candidates = case Dst of
                     Standard -> [Dst];
                     _ -> [Dst, Standard]
                 end,
    [Utc || Utc <- Candidates, erlang:universaltime_to_localtime(Utc) =:= DateTime].

%% @doc A date and time in UTC by the local time zone.
universal_time_to_local_time(DateTime) ->
    erlang:universaltime_to_localtime(DateTime).

%% @doc A time of erlang:timestamp/0 in UTC.
now_to_datetime({MegaSeconds, Seconds, _}) ->
    gregorian_seconds_to_datetime(MegaSeconds * 1000000 + Seconds + ?SECONDS_TO_1970).

%% @doc A time of erlang:timestamp/0 in UTC.
now_to_universal_time(Now) ->
    now_to_datetime(Now).

%% @doc A time of erlang:timestamp/0 by the local time zone.
now_to_local_time({_, _, _} = Now) ->
    erlang:universaltime_to_localtime(now_to_universal_time(Now)).

%% @doc A system time in UTC.
system_time_to_universal_time(Time, Unit) ->
    Seconds = erlang:convert_time_unit(Time, Unit, second),
    gregorian_seconds_to_datetime(Seconds + ?SECONDS_TO_1970).

%% @doc A system time by the local time zone.
system_time_to_local_time(Time, Unit) ->
    universal_time_to_local_time(system_time_to_universal_time(Time, Unit)).

%% RFC 3339.

%% @doc The system time in seconds of a text as 2018-02-01T16:17:58Z.
rfc3339_to_system_time(Text) ->
    rfc3339_to_system_time(Text, []).

%% @doc The system time of such a text, in the option unit.
rfc3339_to_system_time(Text, Options) ->
    Unit = proplists:get_value(unit, Options, second),
    case parse_rfc3339(Text) of
        {ok, DateTime, Fraction, Offset} ->
            Seconds = datetime_to_gregorian_seconds(DateTime) - ?SECONDS_TO_1970 - Offset,
            whole_units(Seconds, Fraction, Unit);
        error ->
            erlang:error({badmatch, Text});
        no_zone ->
            erlang:error({badmatch, []})
    end.

whole_units(Seconds, "", Unit) ->
    erlang:convert_time_unit(Seconds, second, Unit);
whole_units(Seconds, Fraction, Unit) ->
    Factor = erlang:convert_time_unit(1, second, Unit),
    Part = case Factor of
               1 -> 0;
               _ -> round(Factor * list_to_integer(Fraction) / pow10(length(Fraction)))
           end,
    if
        Seconds < 0 -> Seconds * Factor - Part;
        true -> Seconds * Factor + Part
    end.

pow10(0) -> 1;
pow10(N) -> 10 * pow10(N - 1).

parse_rfc3339([Y1, Y2, Y3, Y4, $-, Mo1, Mo2, $-, D1, D2, _T, H1, H2, $:, Mi1, Mi2, $:, S1, S2
               | Rest]) ->
    try
        Date = {list_to_integer([Y1, Y2, Y3, Y4]), list_to_integer([Mo1, Mo2]),
                list_to_integer([D1, D2])},
        Time = {list_to_integer([H1, H2]), list_to_integer([Mi1, Mi2]), list_to_integer([S1, S2])},
        case fraction(Rest) of
            {_, ""} -> no_zone;
            {Fraction, Zone} -> {ok, {Date, Time}, Fraction, zone_offset(Zone)}
        end
    catch
        error:_ -> error
    end;
parse_rfc3339(_) ->
    error.

fraction([$. | Rest]) -> lists:splitwith(fun(C) -> C >= $0 andalso C =< $9 end, Rest);
fraction(Rest) -> {"", Rest}.

zone_offset(Z) when Z =:= "Z"; Z =:= "z" -> 0;
zone_offset([Sign, H1, H2, $:, M1, M2]) ->
    Seconds = list_to_integer([H1, H2]) * ?HOUR + list_to_integer([M1, M2]) * ?MINUTE,
    case Sign of
        $+ -> Seconds;
        $- -> -Seconds
    end;
zone_offset(_) ->
    erlang:error(badarg).

%% @doc The RFC 3339 text of a system time in seconds, by the local time zone.
system_time_to_rfc3339(Time) ->
    system_time_to_rfc3339(Time, []).

%% @doc The RFC 3339 text of a system time; options: unit, offset, time_designator.
system_time_to_rfc3339(Time, Options) ->
    case proplists:get_value(unit, Options, second) of
        native ->
            In = fun(Native) -> erlang:convert_time_unit(Native, native, millisecond) end,
            Others = [case Option of
                          {offset, Offset} when is_integer(Offset) -> {offset, In(Offset)};
                          _ -> Option
                      end || Option <- proplists:delete(unit, Options)],
            rfc3339_text(In(Time), millisecond, Others);
        Unit ->
            rfc3339_text(Time, Unit, Options)
    end.

rfc3339_text(Time, Unit, Options) ->
    Designator = proplists:get_value(time_designator, Options, $T),
    Offset = proplists:get_value(offset, Options, ""),
    Adjustment = adjustment(Offset, Time, Unit),
    Local = Time + erlang:convert_time_unit(Adjustment, second, Unit),
    Factor = erlang:convert_time_unit(1, second, Unit),
    %% Towards zero: before 1970 the fraction counts back from the second, as in OTP 25.
    Seconds = Local div Factor,
    Seconds + ?SECONDS_TO_1970 >= 0 orelse erlang:error({badarg, [Time, Options]}, [Time, Options]),
    {{Year, Month, Day}, {Hour, Minute, Second}} =
        gregorian_seconds_to_datetime(Seconds + ?SECONDS_TO_1970),
    Year =< 9999 orelse erlang:error({badarg, [Time, Options]}, [Time, Options]),
    lists:flatten(io_lib:format("~4..0w-~2..0w-~2..0w~c~2..0w:~2..0w:~2..0w~s~s",
                                [Year, Month, Day, Designator, Hour, Minute, Second,
                                 fraction_text(abs(Local rem Factor), Factor),
                                 offset_text(Offset, Adjustment)])).

fraction_text(_, 1) -> "";
fraction_text(Part, Factor) ->
    Digits = length(integer_to_list(Factor)) - 1,
    [$. | string:right(integer_to_list(Part), Digits, $0)].

%% The seconds that the zone is ahead of UTC.
adjustment("", Time, Unit) ->
    Utc = system_time_to_universal_time(Time, Unit),
    Local = universal_time_to_local_time(Utc),
    datetime_to_gregorian_seconds(Local) - datetime_to_gregorian_seconds(Utc);
adjustment(Z, _, _) when Z =:= "Z"; Z =:= "z" -> 0;
adjustment([_ | _] = Offset, _, _) -> zone_offset(Offset);
adjustment(Offset, _, Unit) when is_integer(Offset) -> erlang:convert_time_unit(Offset, Unit, second).

offset_text(Offset, _) when is_list(Offset), Offset =/= "" -> Offset;
offset_text(_, Seconds) ->
    Sign = if Seconds < 0 -> $-; true -> $+ end,
    io_lib:format("~c~2..0w:~2..0w", [Sign, abs(Seconds) div ?HOUR, abs(Seconds) rem ?HOUR div ?MINUTE]).
