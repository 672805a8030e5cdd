//! Local and universal time of day, by the system's time zone.

use crate::bif::argument::name_of;
use crate::bif::{Native, NativeContext, NativeResult};
use crate::heap::Build as _;
use crate::natives;
use crate::proc::exception::Exception;
use crate::term::Term;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

fn date_term(ctx: &mut NativeContext<'_>, time: DateTime) -> Term {
    let small = |value: i8| Term::small(i64::from(value));
    ctx.process.heap.tuple(&[Term::small(i64::from(time.year())), small(time.month()), small(time.day())])
}

fn time_term(ctx: &mut NativeContext<'_>, time: DateTime) -> Term {
    let small = |value: i8| Term::small(i64::from(value));
    ctx.process.heap.tuple(&[small(time.hour()), small(time.minute()), small(time.second())])
}

pub(crate) fn datetime_term(ctx: &mut NativeContext<'_>, time: DateTime) -> Term {
    let date = date_term(ctx, time);
    let time = time_term(ctx, time);
    ctx.process.heap.tuple(&[date, time])
}

/// The date and time that a term holds.
pub(crate) fn parse(term: Term) -> Result<DateTime, Exception> {
    let three = |term: Term| -> Option<[i64; 3]> {
        match term.as_tuple() {
            Some(&[a, b, c]) => Some([a.as_small()?, b.as_small()?, c.as_small()?]),
            _ => None,
        }
    };
    let parsed = match term.as_tuple() {
        Some(&[date, time]) => three(date).zip(three(time)),
        _ => None,
    };
    let ([year, month, day], [hour, minute, second]) = parsed.ok_or_else(Exception::badarg)?;
    let small = |value: i64| i8::try_from(value).map_err(|_| Exception::badarg());
    let year = i16::try_from(year).map_err(|_| Exception::badarg())?;
    DateTime::new(year, small(month)?, small(day)?, small(hour)?, small(minute)?, small(second)?, 0)
        .map_err(|_| Exception::badarg())
}

fn local_now() -> DateTime {
    Timestamp::now().to_zoned(TimeZone::system()).datetime()
}

fn localtime(ctx: &mut NativeContext<'_>, _args: &[Term]) -> NativeResult {
    Ok(datetime_term(ctx, local_now()))
}

fn universaltime(ctx: &mut NativeContext<'_>, _args: &[Term]) -> NativeResult {
    let now = Timestamp::now().to_zoned(TimeZone::UTC).datetime();
    Ok(datetime_term(ctx, now))
}

fn date(ctx: &mut NativeContext<'_>, _args: &[Term]) -> NativeResult {
    Ok(date_term(ctx, local_now()))
}

fn time(ctx: &mut NativeContext<'_>, _args: &[Term]) -> NativeResult {
    Ok(time_term(ctx, local_now()))
}

/// The first year of which the time zone is asked, as in OTP.
const FIRST_YEAR: i16 = 1902;

fn in_zone_times(time: DateTime) -> Result<DateTime, Exception> {
    if time.year() < FIRST_YEAR { Err(Exception::badarg()) } else { Ok(time) }
}

/// The universal time of a local time. The caller may say that it is summer time, or is not, wherever in the year it is.
pub(crate) fn to_universal(local: DateTime, summer: Option<bool>) -> Result<DateTime, Exception> {
    let zone = TimeZone::system();
    let zoned = zone.to_ambiguous_zoned(local).compatible().map_err(|_| Exception::badarg())?;
    let Some(summer) = summer else { return Ok(zoned.with_time_zone(TimeZone::UTC).datetime()) };
    let there = zone.to_offset_info(zoned.timestamp());
    let shift = |is_summer: bool| 3600 * i64::from(is_summer);
    let seconds = i64::from(there.offset().seconds()) - shift(there.dst().is_dst()) + shift(summer);
    local.checked_sub(SignedDuration::from_secs(seconds)).map_err(|_| Exception::badarg())
}

/// The local time of a universal time.
pub(crate) fn to_local(universal: DateTime) -> Result<DateTime, Exception> {
    let zoned = universal.to_zoned(TimeZone::UTC).map_err(|_| Exception::badarg())?;
    Ok(zoned.with_time_zone(TimeZone::system()).datetime())
}

fn localtime_to_universaltime(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let summer = match args.get(1) {
        None => None,
        Some(&term) if name_of(term) == "undefined" => None,
        Some(term) => Some(term.as_bool().ok_or_else(Exception::badarg)?),
    };
    let universal = to_universal(in_zone_times(parse(args[0])?)?, summer)?;
    Ok(datetime_term(ctx, universal))
}

fn universaltime_to_localtime(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let local = to_local(in_zone_times(parse(args[0])?)?)?;
    Ok(datetime_term(ctx, local))
}

fn universaltime_to_posixtime(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let zoned = parse(args[0])?.to_zoned(TimeZone::UTC).map_err(|_| Exception::badarg())?;
    Ok(ctx.process.heap.integer(zoned.timestamp().as_second()))
}

fn posixtime_to_universaltime(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let seconds = args[0].as_small().ok_or_else(Exception::badarg)?;
    // The calendar repeats itself after four hundred years; the time library knows ten thousand.
    const CYCLE: i64 = 146_097 * 86_400;
    let (cycles, within) = (seconds.div_euclid(CYCLE), seconds.rem_euclid(CYCLE));
    let year = |year: i16| (i64::from(year) + 400 * cycles).min(i64::from(i32::MAX));
    let time =
        Timestamp::from_second(within).map_err(|_| Exception::badarg())?.to_zoned(TimeZone::UTC).datetime();
    let heap = &mut ctx.process.heap;
    let small = |value: i8| Term::small(i64::from(value));
    let date = heap.tuple(&[Term::small(year(time.year())), small(time.month()), small(time.day())]);
    let clock = heap.tuple(&[small(time.hour()), small(time.minute()), small(time.second())]);
    Ok(heap.tuple(&[date, clock]))
}

pub(super) const NATIVES: &[Native] = natives! {
    "erlang" {
        "localtime"/0 => localtime;
        "universaltime"/0 => universaltime;
        "date"/0 => date;
        "time"/0 => time;
        "localtime_to_universaltime"/1 => localtime_to_universaltime;
        "localtime_to_universaltime"/2 => localtime_to_universaltime;
        "universaltime_to_localtime"/1 => universaltime_to_localtime;
        "universaltime_to_posixtime"/1 => universaltime_to_posixtime;
        "posixtime_to_universaltime"/1 => posixtime_to_universaltime;
    }
};
