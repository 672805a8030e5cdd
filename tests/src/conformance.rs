//! Runs the cases of `conformance/` as its `record*.sh` do, and compares what is printed with what
//! OTP 25 printed.

pub mod substitution;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};

use crate::process::{Errors, Outcome, run};
use substitution::Substitutions;

/// The programs that a case is run with, as words of a command line.
#[derive(Debug, Clone)]
pub struct Programs {
    /// The machine.
    pub erl: Vec<String>,
    /// The compiler.
    pub erlc: Vec<String>,
    /// The script runner.
    pub escript: Vec<String>,
    /// Whether the machine is OTP's own. OTP 25 must be told to write UTF-8 to pipes.
    pub erl_is_otp: bool,
}

impl Programs {
    /// One binary that answers to all names by its first argument.
    #[must_use]
    pub fn of_swerl(binary: &str) -> Self {
        let named = |name: &str| vec![binary.to_owned(), name.to_owned()];
        Programs { erl: named("erl"), erlc: named("erlc"), escript: named("escript"), erl_is_otp: false }
    }

    /// The programs of an installed OTP.
    #[must_use]
    pub fn of_otp() -> Self {
        let named = |name: &str| vec![name.to_owned()];
        Programs { erl: named("erl"), erlc: named("erlc"), escript: named("escript"), erl_is_otp: true }
    }

    fn command(&self, words: &[String], folder: &Path) -> Result<Command> {
        let (program, args) = words.split_first().context("an empty command")?;
        let mut command = Command::new(program);
        command.args(args).current_dir(folder).env("LC_ALL", "C.UTF-8").env("TERM", "dumb");
        for name in ["ERL_FLAGS", "ERL_AFLAGS", "ERL_ZFLAGS", "ERL_LIBS", "ERL_COMPILER_OPTIONS"] {
            command.env_remove(name);
        }
        if self.erl_is_otp {
            command.env("ERL_AFLAGS", "-eval io:setopts([{encoding,unicode}]).");
        }
        Ok(command)
    }
}

/// How a folder's cases are run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `NAME.erl` is compiled and its `main/0` run; standard output counts.
    Module,
    /// `NAME.erl` is compiled; what the compiler prints counts.
    Lint,
    /// `NAME.in` is played into a shell through a pipe.
    Shell,
    /// `NAME.escript` is run with `NAME.args` and `NAME.in`.
    Escript,
}

impl Kind {
    /// The folders and the way to run each.
    pub const FOLDERS: &[(&str, Kind)] = &[
        ("lang", Kind::Module),
        ("lint", Kind::Lint),
        ("proc", Kind::Module),
        ("shell", Kind::Shell),
        ("escript", Kind::Escript),
        ("stdlib", Kind::Module),
        ("otp", Kind::Module),
    ];

    fn extension(self) -> &'static str {
        match self {
            Kind::Module | Kind::Lint => "erl",
            Kind::Shell => "in",
            Kind::Escript => "escript",
        }
    }
}

/// One case.
#[derive(Debug, Clone)]
pub struct Case {
    folder: PathBuf,
    name: String,
    kind: Kind,
}

impl Case {
    /// The cases of `folder`, sorted by name.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn all_in(folder: &Path, kind: Kind) -> Result<Vec<Case>> {
        let mut cases = Vec::new();
        for entry in std::fs::read_dir(folder).with_context(|| folder.display().to_string())? {
            let path = entry?.path();
            if path.extension().is_some_and(|e| e == kind.extension()) {
                let name =
                    path.file_stem().context("a file with an extension")?.to_string_lossy().into_owned();
                cases.push(Case { folder: folder.to_owned(), name, kind });
            }
        }
        cases.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(cases)
    }

    /// The name, without folder and extension.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Runs the case; a program in it may take `limit`.
    ///
    /// On OTP's machine, which is not what is tested, a difference counts when it comes three times: at its stop it
    /// sometimes gets to say that it could not log what happened meanwhile.
    ///
    /// # Errors
    /// When what is printed differs from what is recorded; the message shows the first differences.
    pub fn check(&self, programs: &Programs, limit: Duration) -> Result<()> {
        let more = if programs.erl_is_otp { 2 } else { 0 };
        (0..more)
            .find_map(|_| self.check_once(programs, limit).ok())
            .map_or_else(|| self.check_once(programs, limit), Ok)
    }

    fn check_once(&self, programs: &Programs, limit: Duration) -> Result<()> {
        let scratch = tempfile::tempdir()?;
        let root = scratch.path().canonicalize()?;
        let (cwd, home) = (root.join("cwd"), root.join("home"));
        std::fs::create_dir(&cwd)?;
        std::fs::create_dir(&home)?;
        let stage = Stage { case: self, programs, limit, root: &root, cwd: &cwd, home: &home };
        let (printed, note) = match self.kind {
            Kind::Module => stage.module()?,
            Kind::Lint => stage.lint()?,
            Kind::Shell => stage.shell()?,
            Kind::Escript => stage.escript()?,
        };
        let expected = std::fs::read(self.file("out")).context("the recorded output")?;
        if printed == expected {
            return Ok(());
        }
        bail!("{}\n{note}", difference(&expected, &printed))
    }

    fn file(&self, extension: &str) -> PathBuf {
        self.folder.join(format!("{}.{extension}", self.name))
    }
}

/// A case in its scratch folder.
struct Stage<'a> {
    case: &'a Case,
    programs: &'a Programs,
    limit: Duration,
    root: &'a Path,
    cwd: &'a Path,
    home: &'a Path,
}

impl Stage<'_> {
    fn run(
        &self,
        words: &[String],
        more: &[String],
        input: Option<&Path>,
        errors: Errors,
    ) -> Result<Outcome> {
        let mut command = self.programs.command(words, self.cwd)?;
        command.args(more).env("HOME", self.home);
        run(command, input, errors, self.limit, self.root)
    }

    /// The flags of a comment line `%%! PROGRAM FLAGS` of the case.
    fn flags(&self, program: &str) -> Result<Vec<String>> {
        let source = std::fs::read(self.case.file("erl"))?;
        let start = format!("%%! {program} ");
        let text = String::from_utf8_lossy(&source);
        let flags = text.lines().filter_map(|line| line.strip_prefix(&start));
        Ok(flags.flat_map(str::split_whitespace).map(str::to_owned).collect())
    }

    fn compile(&self) -> Result<Outcome> {
        let name = format!("{}.erl", self.case.name);
        std::fs::copy(self.case.file("erl"), self.cwd.join(&name))?;
        for entry in std::fs::read_dir(&self.case.folder)? {
            let entry = entry?;
            if entry.path().extension().is_some_and(|e| e == "hrl") {
                std::fs::copy(entry.path(), self.cwd.join(entry.file_name()))?;
            }
        }
        let mut args = self.flags("erlc")?;
        args.push(name);
        self.run(&self.programs.erlc, &args, None, Errors::Joined)
    }

    fn module(&self) -> Result<(Vec<u8>, String)> {
        let compiled = self.compile()?;
        if compiled.status != Some(0) {
            bail!("it does not compile:\n{}{}", String::from_utf8_lossy(&compiled.stdout), ending(&compiled));
        }
        let mut args = self.flags("erl")?;
        let name = &self.case.name;
        args.extend(["-noshell", "-s", name, "main", "-s", "init", "stop"].map(str::to_owned));
        let ran = self.run(&self.programs.erl, &args, None, Errors::Apart)?;
        let mut printed = ran.stdout.clone();
        let own = self.case.file("sed");
        if own.exists() {
            printed = Substitutions::read(&own)?.apply_to_lines(&printed);
        }
        Ok((printed, format!("{}{}", String::from_utf8_lossy(&ran.stderr), ending(&ran))))
    }

    fn lint(&self) -> Result<(Vec<u8>, String)> {
        let compiled = self.compile()?;
        let printed = without(&compiled.stdout, &format!("{}/", self.cwd.display()));
        let expected = std::fs::read(self.case.file("out"))?;
        let wanted = i32::from(has_error(&expected));
        if printed == expected {
            ensure!(
                compiled.status == Some(wanted),
                "the exit status should be {wanted}{}",
                ending(&compiled)
            );
        }
        Ok((printed, ending(&compiled)))
    }

    fn shell(&self) -> Result<(Vec<u8>, String)> {
        let data = self.case.folder.join(format!("{}_data", self.case.name));
        if data.is_dir() {
            copy_folder(&data, self.cwd)?;
        }
        let input = self.case.file("in");
        let ran = self.run(&self.programs.erl, &[], Some(&input), Errors::Joined)?;
        Ok((self.normalized(&ran.stdout)?, ending(&ran)))
    }

    fn escript(&self) -> Result<(Vec<u8>, String)> {
        let name = format!("{}.escript", self.case.name);
        std::fs::copy(self.case.file("escript"), self.cwd.join(&name))?;
        let mut args = vec![name];
        let own = self.case.file("args");
        if own.exists() {
            args.extend(std::fs::read_to_string(own)?.lines().map(str::to_owned));
        }
        let input = Some(self.case.file("in")).filter(|path| path.exists());
        let ran = self.run(&self.programs.escript, &args, input.as_deref(), Errors::Joined)?;
        let printed = self.normalized(&ran.stdout)?;
        // Frames inside the script runner itself.
        let printed = lines_of(&printed).filter(|line| !is_runner_frame(line)).flatten().copied().collect();
        let wanted: i32 = std::fs::read_to_string(self.case.file("rc"))?.trim().parse()?;
        let expected = std::fs::read(self.case.file("out"))?;
        if printed == expected {
            ensure!(ran.status == Some(wanted), "the exit status should be {wanted}{}", ending(&ran));
        }
        Ok((printed, ending(&ran)))
    }

    fn normalized(&self, printed: &[u8]) -> Result<Vec<u8>> {
        let folder = self.case.folder.parent().context("a case lies in a folder")?;
        let common = Substitutions::read(&folder.join("normalize.sed"))?;
        let named = replace_all(printed, self.cwd.display().to_string().as_bytes(), b"CWD");
        Ok(common.apply(&named))
    }
}

/// How a program ended, where that is worth a word.
fn ending(outcome: &Outcome) -> String {
    match (outcome.timed_out, outcome.status) {
        (true, _) => "(killed: it ran too long)".to_owned(),
        (_, Some(0)) => String::new(),
        (_, Some(status)) => format!("(exit status {status})"),
        (_, None) => "(ended by a signal)".to_owned(),
    }
}

/// Whether one of the compiler's messages is an error: `FILE: ...` that is no warning, and no source excerpt.
fn has_error(messages: &[u8]) -> bool {
    let text = String::from_utf8_lossy(messages);
    text.lines().any(|line| {
        let file = line.split(':').next().unwrap_or("");
        [".erl", ".hrl", ".beam"].iter().any(|e| file.ends_with(e)) && !line.contains(": Warning: ")
    })
}

fn is_runner_frame(line: &[u8]) -> bool {
    let text = String::from_utf8_lossy(line);
    let Some(frame) = text.trim_start().strip_prefix("in ") else { return false };
    ["call from", "function"].iter().any(|way| {
        let module = frame.strip_prefix(way).unwrap_or("").trim_start();
        ["erl_eval:", "escript:", "init:"].iter().any(|name| module.starts_with(name))
    })
}

fn lines_of(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.split_inclusive(|byte| *byte == b'\n')
}

fn without(text: &[u8], part: &str) -> Vec<u8> {
    replace_all(text, part.as_bytes(), b"")
}

fn replace_all(text: &[u8], part: &[u8], by: &[u8]) -> Vec<u8> {
    let mut result = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.windows(part.len()).position(|window| window == part) {
        result.extend_from_slice(&rest[..at]);
        result.extend_from_slice(by);
        rest = &rest[at + part.len()..];
    }
    result.extend_from_slice(rest);
    result
}

fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            std::fs::create_dir(&target)?;
            copy_folder(&entry.path(), &target)?;
        } else {
            std::fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

/// The first place where two texts differ, with a few lines of both.
fn difference(expected: &[u8], printed: &[u8]) -> String {
    let expected: Vec<&[u8]> = lines_of(expected).collect();
    let printed: Vec<&[u8]> = lines_of(printed).collect();
    let same = expected.iter().zip(&printed).take_while(|(a, b)| a == b).count();
    let show = |lines: &[&[u8]], mark: char| {
        let shown = lines.iter().skip(same).take(6);
        shown.map(|line| format!("{mark} {}\n", String::from_utf8_lossy(line).trim_end())).collect::<String>()
    };
    format!("differs from line {}:\n{}{}", same + 1, show(&expected, '-'), show(&printed, '+'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_are_told_from_warnings() {
        assert!(has_error(b"a.erl:1:2: syntax error before: x\n"));
        assert!(!has_error(b"a.erl:1:2: Warning: variable 'X' is unused\n%    1| x\n"));
        assert!(has_error(b"x.hrl:3: bad\n"));
    }

    #[test]
    fn the_difference_starts_where_the_texts_part() {
        let shown = difference(b"a\nb\nc\n", b"a\nx\n");
        assert!(shown.starts_with("differs from line 2:\n- b\n- c\n+ x\n"), "{shown}");
    }
}
