//! Fuzzing: texts and compiled modules, changed at random, must be taken or refused, without a panic or a hang.
//!
//! ```text
//! cargo run -p swerl-tests --bin fuzz -- text|program|core|beam [MINUTES] [SEED]
//! ```
//!
//! `text` is for scanner and preprocessor, `program` for the whole compiler, whose output must pass the validator of the
//! machine, `core` for the same of programs in Core Erlang, `beam` for reader and validator of compiled modules. What behaves in a new way is kept and changed further;
//! `corpus/TARGET` has what was kept in earlier runs, and gets what is new. An input that panics, hangs or ends the
//! process is left in `findings/TARGET`. A worker does the work, this process watches it.
#![expect(clippy::print_stdout, reason = "the report is what this tool is for")]

mod mutate;
mod targets;

use std::collections::HashSet;
use std::panic::catch_unwind;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use mutate::Mutator;
use swerl_tests::mutation::Numbers;
use targets::Target;

const HOME: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fuzz");
/// An input that takes longer than this is a finding.
const SLOW: Duration = Duration::from_secs(20);
/// Longer inputs are not kept.
const LONGEST: usize = 4_096;
/// So many inputs are kept on disk for a target.
const KEPT: usize = 120;
/// The exit status of a worker that watched itself hang.
const HUNG: i32 = 99;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let done = match arguments.first().map(String::as_str) {
        Some("worker") => work(&arguments[1..]),
        _ => watch(&arguments),
    };
    match done {
        Ok(0) => ExitCode::SUCCESS,
        Ok(findings) => {
            println!("{findings} findings");
            ExitCode::FAILURE
        }
        Err(error) => {
            println!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn findings_folder(target: &str) -> PathBuf {
    Path::new(HOME).join("findings").join(target)
}

/// Runs workers until the time is over; one that dies has left what it died of.
fn watch(arguments: &[String]) -> Result<usize> {
    let target = arguments.first().context("usage: fuzz text|program|core|beam [MINUTES] [SEED]")?;
    Target::named(target).context("targets are text, program, core and beam")?;
    let minutes: f64 = arguments.get(1).map_or(Ok(1.0), |text| text.parse())?;
    let mut seed: u64 = arguments.get(2).map_or(Ok(1), |text| text.parse())?;
    let end = Instant::now() + Duration::from_secs_f64(minutes * 60.0);
    let findings = findings_folder(target);
    std::fs::create_dir_all(&findings)?;
    let current = findings.join(format!("current-{}", std::process::id()));
    let mut count = 0;
    while Instant::now() < end {
        let left = end.saturating_duration_since(Instant::now()).as_secs_f64();
        let status = Command::new(std::env::current_exe()?)
            .args(["worker", target, &left.to_string(), &seed.to_string()])
            .arg(&current)
            .status()?;
        if !status.success() {
            count += 1;
            let how = if status.code() == Some(HUNG) { "hang" } else { "crash" };
            let name = findings.join(format!("{how}-{seed}-{count}"));
            std::fs::copy(&current, &name)?;
            println!("{how}: {}", name.display());
        }
        seed += 1;
    }
    // It is only there when an input was tried.
    let _ = std::fs::remove_file(&current);
    Ok(count)
}

/// Tries changed inputs for some seconds. A panic ends the process as a crash does.
fn work(arguments: &[String]) -> Result<usize> {
    let [target, seconds, seed, current] = arguments else { bail!("only watch starts workers") };
    let target = Target::named(target).context("a target")?;
    let end = Instant::now() + Duration::from_secs_f64(seconds.parse()?);
    let mut numbers = Numbers::new(seed.parse::<u64>()?.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    let corpus = Path::new(HOME).join("corpus").join(target.name());
    std::fs::create_dir_all(&corpus)?;
    let mut inputs = target.seeds();
    for entry in std::fs::read_dir(&corpus)?.flatten() {
        inputs.push(std::fs::read(entry.path())?);
    }
    let mut on_disk = std::fs::read_dir(&corpus)?.count();
    let started = std::sync::Arc::new(AtomicU64::new(0));
    watch_self(&started);
    let mut known = HashSet::new();
    for input in &inputs {
        std::fs::write(current, input)?;
        known.insert(one(target, input, &started));
    }
    println!("{}: {} inputs, {} ways to behave", target.name(), inputs.len(), known.len());
    let mutator = Mutator::new(target);
    let mut tried: u64 = 0;
    while Instant::now() < end {
        let input = mutator.change(&inputs, &mut numbers);
        if input.len() > 8 * LONGEST {
            continue;
        }
        std::fs::write(current, &input)?;
        let behaviour = one(target, &input, &started);
        tried += 1;
        if known.insert(behaviour) && input.len() <= LONGEST {
            if on_disk < KEPT {
                std::fs::write(corpus.join(format!("{behaviour:016x}")), &input)?;
                on_disk += 1;
            }
            inputs.push(input);
        }
    }
    println!("{}: {tried} tried, {} ways to behave", target.name(), known.len());
    Ok(0)
}

/// One input: a number for the way the target took it.
fn one(target: Target, input: &[u8], started: &AtomicU64) -> u64 {
    started.fetch_add(1, Ordering::Relaxed);
    match catch_unwind(|| target.run(input)) {
        Ok(behaviour) => behaviour,
        Err(_) => std::process::abort(),
    }
}

/// Ends the process when one input takes too long.
fn watch_self(started: &std::sync::Arc<AtomicU64>) {
    let started = started.clone();
    std::thread::spawn(move || {
        loop {
            let before = started.load(Ordering::Relaxed);
            std::thread::sleep(SLOW);
            if before != 0 && started.load(Ordering::Relaxed) == before {
                std::process::exit(HUNG);
            }
        }
    });
}
