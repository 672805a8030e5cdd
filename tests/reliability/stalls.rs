//! When did a processor stand still? On a virtual machine the host takes processors and memory away; what a program is
//! late by then says nothing of the program. Started once for each processor, at the highest real-time priority, this
//! one wakes each half millisecond, and writes down when it was late itself; afterwards it takes that time off
//! the wakings that `fairness.erl` has written down.
//!
//!     chrt -f 99 taskset -c 0 stalls watch SECONDS FILE
//!     stalls net TICKS FILE...
//!
//! All times are microseconds of the system's clock.

#![expect(clippy::print_stdout, reason = "the figures are what this tool is for")]

use std::time::{Duration, SystemTime, UNIX_EPOCH};
use std::{fs, thread};

use anyhow::{Context, Result, bail};

/// How often the watch wakes.
const STEP: Duration = Duration::from_micros(500);
/// What it is late by without a reason worth noting.
const USUAL: u64 = 1000;

/// A time in which a processor stood still: from, to.
type Stall = (u64, u64);

fn main() -> Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match args.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["watch", seconds, file] => watch(Duration::from_secs(seconds.parse().context("SECONDS")?), file),
        ["net", ticks, files @ ..] => net(ticks, files),
        _ => bail!("usage: stalls watch SECONDS FILE | stalls net TICKS FILE..."),
    }
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |t| t.as_micros() as u64)
}

/// Sleeps and wakes for so long, then writes the stalls, one a line.
fn watch(how_long: Duration, file: &str) -> Result<()> {
    // room beforehand: to grow while it watches would be a delay of its own
    let mut stalls: Vec<Stall> = Vec::with_capacity(100_000);
    let step = STEP.as_micros() as u64;
    let end = now() + how_long.as_micros() as u64;
    let mut before = now();
    while before < end {
        thread::sleep(STEP);
        let after = now();
        if after > before + step + USUAL {
            stalls.push((before + step, after));
        }
        before = now();
    }
    let lines: String = stalls.iter().map(|(from, to)| format!("{from} {to}\n")).collect();
    fs::write(file, lines).with_context(|| file.to_owned())
}

/// Pairs of numbers, one pair a line.
fn pairs(file: &str) -> Result<Vec<(u64, i64)>> {
    let pair = |line: &str| {
        let (first, second) = line.split_once(' ')?;
        Some((first.parse().ok()?, second.parse().ok()?))
    };
    let text = fs::read_to_string(file).with_context(|| file.to_owned())?;
    text.lines().map(|line| pair(line).with_context(|| format!("{file}: {line}"))).collect()
}

/// Prints how late the wakings were: as measured, and without the time in which any of the processors stood still.
fn net(ticks: &str, files: &[&str]) -> Result<()> {
    let mut stalls: Vec<Stall> = Vec::new();
    for file in files {
        stalls.extend(pairs(file)?.into_iter().map(|(from, to)| (from, to.unsigned_abs())));
    }
    stalls.sort_unstable();
    let stalls = stalls.into_iter().fold(Vec::<Stall>::new(), |mut apart, (from, to)| {
        match apart.last_mut() {
            Some(last) if from <= last.1 => last.1 = last.1.max(to),
            _ => apart.push((from, to)),
        }
        apart
    });
    let ticks = pairs(ticks)?;
    let still = |from: u64, to: u64| -> u64 {
        stalls.iter().map(|stall| to.min(stall.1).saturating_sub(from.max(stall.0))).sum()
    };
    let measured: Vec<i64> = ticks.iter().map(|&(_, late)| late).collect();
    let own =
        ticks.iter().map(|&(due, late)| late - still(due, due.saturating_add_signed(late)) as i64).collect();
    println!("{} stalls, {} us at most", stalls.len(), stalls.iter().map(|s| s.1 - s.0).max().unwrap_or(0));
    println!("as measured: {}\nwithout them: {}", figures(measured)?, figures(own)?);
    Ok(())
}

fn figures(mut late: Vec<i64>) -> Result<String> {
    late.sort_unstable();
    let at = |thousandth: usize| late.get((late.len() * thousandth / 1000).saturating_sub(1)).copied();
    let (Some(median), Some(high), Some(most)) = (at(500), at(999), at(1000)) else { bail!("no wakings") };
    Ok(format!("{median} us at the median, {high} us at 99.9%, {most} us at most"))
}
