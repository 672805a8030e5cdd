//! Running a program with an end: its output, its exit status, and a limit of time after which it and
//! all it started are killed.

use std::fs::File;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

/// What a program did.
#[derive(Debug)]
pub struct Outcome {
    /// What it wrote to standard output.
    pub stdout: Vec<u8>,
    /// What it wrote to standard error; empty where the two were joined.
    pub stderr: Vec<u8>,
    /// Its exit status; none when it was killed.
    pub status: Option<i32>,
    /// Whether it was killed for running too long.
    pub timed_out: bool,
}

/// Where standard error goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Errors {
    /// To a stream of its own.
    Apart,
    /// Into standard output, in the order of writing.
    Joined,
}

/// Runs `command` with standard input from `input` (or nothing). The output goes through files in
/// `scratch`, so that a program that leaves children behind cannot hold up the reader.
///
/// # Errors
/// When the program cannot be started.
pub fn run(
    mut command: Command,
    input: Option<&Path>,
    errors: Errors,
    limit: Duration,
    scratch: &Path,
) -> Result<Outcome> {
    let (out_path, err_path) = (scratch.join("captured.out"), scratch.join("captured.err"));
    let out = File::create(&out_path)?;
    match errors {
        Errors::Joined => command.stderr(out.try_clone()?),
        Errors::Apart => command.stderr(File::create(&err_path)?),
    };
    match input {
        Some(path) => command.stdin(File::open(path).with_context(|| path.display().to_string())?),
        None => command.stdin(Stdio::null()),
    };
    let program = command.get_program().to_string_lossy().into_owned();
    let mut child =
        command.stdout(out).process_group(0).spawn().with_context(|| format!("starting {program}"))?;
    let deadline = Instant::now() + limit;
    let mut pause = Duration::from_millis(1);
    let (status, timed_out) = loop {
        if let Some(status) = child.try_wait()? {
            break (status.code(), false);
        }
        if Instant::now() >= deadline {
            if let Some(group) = rustix::process::Pid::from_raw(child.id().cast_signed()) {
                // That it has just gone by itself is fine.
                let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
            }
            child.wait()?;
            break (None, true);
        }
        std::thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(20));
    };
    let stderr = if errors == Errors::Apart { std::fs::read(&err_path)? } else { Vec::new() };
    Ok(Outcome { stdout: std::fs::read(&out_path)?, stderr, status, timed_out })
}

/// The command (words separated by blanks) in an environment variable, if it is set and not empty.
#[must_use]
pub fn command_from_env(name: &str) -> Option<Vec<String>> {
    let words: Vec<String> = std::env::var(name).ok()?.split_whitespace().map(str::to_owned).collect();
    (!words.is_empty()).then_some(words)
}
