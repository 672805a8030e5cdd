//! Times the programs of `programs/` against an installed OTP, in turns, and prints ratios of CPU time.
//!
//! ```text
//! cargo run --release -p swerl-tests --bin bench -- [--swerl FILE] [--runs N] [--json FILE] [NAME...]
//! ```
//!
//! CPU time is user and system time of all threads, less that of an empty program on the same machine;
//! of several runs the least counts. A program whose checksum is not the one in `programs/README.md`
//! does not count.
#![expect(clippy::print_stdout, reason = "the table is what this tool is for")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use nix::sys::resource::{UsageWho, getrusage};
use swerl_tests::process::{Errors, Outcome, run};

const PROGRAMS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/bench/programs");
const LIMIT: Duration = Duration::from_secs(120);
/// Does nothing; its time is that of starting and stopping.
const EMPTY: &str = "bench_empty";

struct Options {
    swerl: PathBuf,
    runs: usize,
    json: Option<PathBuf>,
    names: Vec<String>,
}

/// One machine under test.
struct Engine {
    erl: Vec<String>,
    erlc: Vec<String>,
    /// Where its compiler put the programs.
    folder: PathBuf,
    empty: f64,
}

/// What one program took on the two machines, in seconds, or why it does not count.
struct Row {
    name: String,
    otp: Result<f64>,
    swerl: Result<f64>,
}

fn main() -> ExitCode {
    match options(std::env::args().skip(1)).and_then(|options| measure(&options)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn options(mut words: impl Iterator<Item = String>) -> Result<Options> {
    let beside = std::env::current_exe()?.with_file_name("swerl");
    let mut options = Options { swerl: beside, runs: 3, json: None, names: Vec::new() };
    while let Some(word) = words.next() {
        let mut value = || words.next().with_context(|| format!("{word} wants a value"));
        match word.as_str() {
            "--swerl" => options.swerl = value()?.into(),
            "--runs" => options.runs = value()?.parse().context("--runs wants a number")?,
            "--json" => options.json = Some(value()?.into()),
            flag if flag.starts_with('-') => bail!("unknown option {flag}"),
            _ => options.names.push(word),
        }
    }
    Ok(options)
}

fn measure(options: &Options) -> Result<()> {
    let scratch = tempfile::tempdir()?;
    let checksums = checksums(&std::fs::read_to_string(Path::new(PROGRAMS).join("README.md"))?);
    let swerl = options.swerl.display().to_string();
    let mut otp = Engine::new(&["erl"], &["erlc"], scratch.path().join("otp"))?;
    let mut own = Engine::new(&[&swerl, "erl"], &[&swerl, "erlc"], scratch.path().join("swerl"))?;
    for engine in [&mut otp, &mut own] {
        engine.empty = least(options.runs, || engine.cpu(EMPTY).map(|(seconds, _)| seconds))?;
    }
    println!("{:<14} {:>9} {:>9} {:>7}", "program", "otp ms", "swerl ms", "ratio");
    let mut rows = Vec::new();
    for (name, checksum) in &checksums {
        if !options.names.is_empty() && !options.names.contains(name) {
            continue;
        }
        let row = compare(name, checksum, &otp, &own, options.runs);
        println!("{}", row.as_text());
        rows.push(row);
    }
    let ratios: Vec<f64> = rows.iter().filter_map(Row::ratio).collect();
    if !ratios.is_empty() {
        let mean = ratios.iter().map(|ratio| ratio.ln()).sum::<f64>() / ratios.len() as f64;
        println!(
            "geometric mean of {} ratios (swerl / otp, less is faster): {:.2}",
            ratios.len(),
            mean.exp()
        );
    }
    if let Some(path) = &options.json {
        std::fs::write(path, as_json(&rows)).with_context(|| path.display().to_string())?;
    }
    Ok(())
}

/// Runs a program in turns, so that a busy spell of the computer meets both.
fn compare(name: &str, checksum: &str, otp: &Engine, own: &Engine, runs: usize) -> Row {
    let engines = [otp, own];
    let mut best: [Result<f64>; 2] = [Ok(f64::INFINITY), Ok(f64::INFINITY)];
    for engine_and_best in engines.iter().zip(&mut best) {
        if let Err(error) = engine_and_best.0.compile(name) {
            *engine_and_best.1 = Err(error);
        }
    }
    for _ in 0..runs {
        for (engine, best) in engines.iter().zip(&mut best) {
            let Ok(least) = best else { continue };
            match engine.timed(name, checksum) {
                Ok(seconds) => *least = least.min(seconds),
                Err(error) => *best = Err(error),
            }
        }
    }
    let [otp, swerl] = best;
    Row { name: name.to_owned(), otp, swerl }
}

impl Engine {
    fn new(erl: &[&str], erlc: &[&str], folder: PathBuf) -> Result<Engine> {
        std::fs::create_dir(&folder)?;
        let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        let engine = Engine { erl: words(erl), erlc: words(erlc), folder, empty: 0.0 };
        let source = engine.folder.join(format!("{EMPTY}.erl"));
        std::fs::write(&source, format!("-module({EMPTY}).\n-export([main/0]).\nmain() -> ok.\n"))?;
        engine.compile_file(&source)?;
        Ok(engine)
    }

    fn compile(&self, name: &str) -> Result<()> {
        self.compile_file(&Path::new(PROGRAMS).join(format!("{name}.erl")))
    }

    fn compile_file(&self, source: &Path) -> Result<()> {
        let outcome = self.run(&self.erlc, &[&source.display().to_string()])?;
        ensure!(outcome.status == Some(0), "does not compile: {}", first_line(&outcome.stdout));
        Ok(())
    }

    fn run(&self, words: &[String], more: &[&str]) -> Result<Outcome> {
        let (program, args) = words.split_first().context("an empty command")?;
        let mut command = Command::new(program);
        command.args(args).args(more).current_dir(&self.folder);
        run(command, None, Errors::Apart, LIMIT, &self.folder)
    }

    /// CPU seconds of a whole run, and what it printed.
    fn cpu(&self, name: &str) -> Result<(f64, String)> {
        let before = children_cpu()?;
        let outcome = self.run(&self.erl, &["-noshell", "-s", name, "main", "-s", "init", "stop"])?;
        ensure!(!outcome.timed_out, "runs for more than {} s", LIMIT.as_secs());
        ensure!(
            outcome.status == Some(0),
            "fails: {}{}",
            first_line(&outcome.stdout),
            first_line(&outcome.stderr)
        );
        Ok((children_cpu()? - before, String::from_utf8_lossy(&outcome.stdout).into_owned()))
    }

    /// CPU seconds beyond those of the empty program, if the checksum is right.
    fn timed(&self, name: &str, checksum: &str) -> Result<f64> {
        let (seconds, printed) = self.cpu(name)?;
        let got = printed.split_whitespace().nth(2).unwrap_or("");
        ensure!(got == checksum, "checksum {got}, should be {checksum}");
        Ok((seconds - self.empty).max(0.001))
    }
}

impl Row {
    fn ratio(&self) -> Option<f64> {
        match (&self.otp, &self.swerl) {
            (Ok(otp), Ok(swerl)) => Some(swerl / otp),
            (Err(_), _) | (_, Err(_)) => None,
        }
    }

    fn as_text(&self) -> String {
        let shown =
            |side: &Result<f64>| side.as_ref().map_or("-".to_owned(), |s| format!("{:.0}", s * 1000.0));
        let mut line = format!("{:<14} {:>9} {:>9}", self.name, shown(&self.otp), shown(&self.swerl));
        if let Some(ratio) = self.ratio() {
            let _ = write!(line, " {ratio:>7.2}");
        }
        for (side, name) in [(&self.otp, "otp"), (&self.swerl, "swerl")] {
            if let Err(error) = side {
                let _ = write!(line, "  {name}: {error:#}");
            }
        }
        line
    }
}

fn least(runs: usize, mut once: impl FnMut() -> Result<f64>) -> Result<f64> {
    (0..runs.max(1)).try_fold(f64::INFINITY, |best, _| Ok(best.min(once()?)))
}

/// CPU seconds of all children that have ended.
fn children_cpu() -> Result<f64> {
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    let seconds = |time: nix::sys::time::TimeVal| time.tv_sec() as f64 + time.tv_usec() as f64 / 1e6;
    Ok(seconds(usage.user_time()) + seconds(usage.system_time()))
}

fn first_line(text: &[u8]) -> String {
    String::from_utf8_lossy(text).lines().next().unwrap_or("").chars().take(100).collect()
}

/// The table of checksums: rows of the form `| NAME | ... | `CHECKSUM` |`.
fn checksums(readme: &str) -> BTreeMap<String, String> {
    let rows = readme.lines().filter_map(|line| {
        let cells: Vec<&str> =
            line.strip_prefix('|')?.strip_suffix('|')?.split(" | ").map(str::trim).collect();
        let checksum = cells.last()?.strip_prefix('`')?.strip_suffix('`')?;
        Some((cells.first()?.to_string(), checksum.to_owned()))
    });
    rows.collect()
}

fn as_json(rows: &[Row]) -> String {
    let number =
        |side: &Result<f64>| side.as_ref().map_or("null".to_owned(), |seconds| format!("{seconds:.6}"));
    let lines = rows.iter().map(|row| {
        let (otp, swerl) = (number(&row.otp), number(&row.swerl));
        format!("  {{\"program\": \"{}\", \"otp_seconds\": {otp}, \"swerl_seconds\": {swerl}}}", row.name)
    });
    format!("[\n{}\n]\n", lines.collect::<Vec<_>>().join(",\n"))
}
