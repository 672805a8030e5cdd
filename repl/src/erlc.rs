//! `erlc`: compiles files without starting a machine.
//!
//! What the compiler has to say goes to standard output in `erlc`'s very words; what is wrong with the
//! command line goes to standard error. The exit status is 1 when a file did not compile.

use std::ffi::{OsStr, OsString};
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};

use swerl_beam::Literal;

use crate::cli::erl::ErlCommand;
use crate::cli::words;
use crate::host::compile::{self, Compiled, Rendering};
use crate::host::terms::parse_term;
use swerl_lang::diag::erlc::Style;

/// The command line of `erlc`, taken apart.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Line {
    /// The files, in order.
    files: Vec<PathBuf>,
    /// What the compiler is asked for, as terms that `compile:file/2` knows.
    options: Vec<Literal>,
    /// Where the results go.
    folder: Option<PathBuf>,
    /// How messages are written, if the line says so.
    rendering: Option<Rendering>,
    /// `-pa` and `-pz`, each with its folder: where the modules are that rewrite programs.
    code_path: Vec<OsString>,
    /// The line asks for what only a running system gives.
    needs_machine: bool,
    /// `-W0`: warnings are not told.
    is_silent: bool,
    /// What is answered instead.
    question: Option<Question>,
}

/// What a line may ask for besides compiling: it ends with the status of a failure, as no file was compiled.
#[derive(Clone, Debug, PartialEq)]
enum Question {
    /// `-help`.
    Help,
    /// `-list-features`.
    Features,
    /// `-describe-feature NAME`.
    Feature(String),
}

/// A command line that cannot be carried out.
#[derive(Debug, PartialEq, thiserror::Error)]
pub enum LineError {
    /// A flag that `erlc` does not have.
    #[error("Unknown option: {0}\n{HELP}")]
    Unknown(String),
    /// A `-W` that is none.
    #[error("{HELP}")]
    BadLevel,
    /// A flag at the end of the line that wants more.
    #[error("No value given to {0} option")]
    MissingValue(String),
    /// The same of `-pa` and `-pz`.
    #[error("erlc: No value given to -p option")]
    MissingPath,
    /// A `+term`, or the value of a `-D`, that is none.
    #[error("{message}: {text}")]
    BadTerm {
        /// What stands after the sign.
        text: String,
        /// What is wrong with it.
        message: String,
    },
    /// A `--diag` that is none.
    #[error("--diag: erlc, rich or json, not {0}")]
    BadRendering(String),
}

/// Options whose result is not the code, or whose source is no program text.
const NEED_A_MACHINE: &[&str] = &[
    "makedep",
    "makedep_side_effect",
    "dpp",
    "P",
    "E",
    "S",
    "diffable",
    "compressed",
    "to_pp",
    "to_exp",
    "to_asm",
    "dabstr",
    "dexp",
    "encrypt_debug_info",
    "debug_info_key",
    "basic_validation",
    "strong_validation",
    "binary",
    "from_abstr",
    "from_asm",
    "from_core",
    "to_core",
    "to_core0",
    "dcore",
];

const HELP: &str = "\
Usage: erlc [Options] file.erl ...
Options:
-Dname         define a macro, as true
-Dname=value   define a macro
-I path        where to look for include files; may be repeated
-o folder      where the results go
-W -W0 -Wall   warnings: as usual, none, all
-Werror        a warning is an error
-b type        accepted: programs become beam files
-pa -pz path   where to look for parse transforms
-enable-feature name, -disable-feature name
-list-features, -describe-feature name
--diag=erlc    messages as erlc writes them; so it is when they do not go to a terminal
--diag=rich    messages for people; so it is on a terminal
--diag=json    messages for programs, one JSON object a line
-help          this text
-E -P -S       list the program expanded, read, or as code
-M             print the rules for make instead; -MF file: write them there; -MD: to a .Pbeam file; -MMD: and compile
-MT -MQ target what the rules say, as they should be; -MG, -MP: with missing headers, with a rule for each header
-v             accepted
+term          hand a term to the compiler, as compile:file/2 takes it
";

impl Line {
    /// Takes the words after `erlc` apart.
    ///
    /// # Errors
    /// When they are no command line of `erlc`.
    pub fn parse(words: &[OsString]) -> Result<Self, LineError> {
        let mut line = Line::default();
        let mut words = words.iter();
        while let Some(word) = words.next() {
            let text = word.to_string_lossy();
            if text == "--" {
                line.files.extend(words.by_ref().map(PathBuf::from));
                continue;
            }
            if let Some(term) = text.strip_prefix('+') {
                let term = parse_term(term)
                    .map_err(|message| LineError::BadTerm { text: term.to_owned(), message })?;
                let name = match &term {
                    Literal::Tuple(parts) => parts.first(),
                    name => Some(name),
                };
                line.needs_machine |=
                    matches!(name, Some(Literal::Atom(name)) if NEED_A_MACHINE.contains(&name.as_str()));
                line.options.push(term);
                continue;
            }
            let Some(flag) = text.strip_prefix('-') else {
                line.files.push(PathBuf::from(word));
                continue;
            };
            // `-I path` and `-Ipath` are the same.
            let mut value = |name: &str| match &flag[name.len()..] {
                "" => {
                    let next = words.next().ok_or_else(|| LineError::MissingValue(format!("-{name}")))?;
                    Ok(next.to_string_lossy().into_owned())
                }
                attached => Ok(attached.to_owned()),
            };
            match flag {
                "help" | "-help" => line.question = Some(Question::Help),
                "v" => {}
                _ if flag.starts_with("-diag=") => {
                    let name = &flag["-diag=".len()..];
                    line.rendering = Some(match name {
                        "erlc" => Rendering::Erlc(Style::USUAL),
                        "rich" => Rendering::Rich { colours: has_colours() },
                        "json" => Rendering::Json,
                        _ => return Err(LineError::BadRendering(name.to_owned())),
                    });
                }
                "W" | "W1" | "Wall" => line.is_silent = false,
                "W0" => line.is_silent = true,
                "Werror" => line.options.push(Literal::atom("warnings_as_errors")),
                "pa" | "pz" => {
                    let folder = value(flag).map_err(|_| LineError::MissingPath)?;
                    let option = [Literal::atom("code_path"), Literal::string(&folder)];
                    line.options.push(Literal::tuple(option));
                    line.code_path.extend([word.clone(), OsString::from(folder)]);
                }
                "enable-feature" => line.push_feature(&value(flag)?, "enable"),
                "disable-feature" => line.push_feature(&value(flag)?, "disable"),
                "E" | "S" | "P" => {
                    line.needs_machine = true;
                    line.options.push(Literal::atom(flag));
                }
                "server" | "no-server" | "smp" => {}
                "list-features" => line.question = Some(Question::Features),
                "describe-feature" => line.question = Some(Question::Feature(value(flag)?)),
                _ if flag.starts_with('M') => {
                    line.push_dependencies(&flag[1..], &mut words)?;
                }
                _ if flag.starts_with('I') => {
                    let folder = Literal::string(&absolute(Path::new(&value("I")?)).to_string_lossy());
                    line.options.push(Literal::tuple([Literal::atom("i"), folder]));
                }
                _ if flag.starts_with('o') => line.folder = Some(PathBuf::from(value("o")?)),
                // Programs become object code, whatever it says.
                _ if flag.starts_with('b') => drop(value("b")?),
                _ if flag.starts_with('D') => {
                    let define = define(&value("D")?)?;
                    line.options.push(define);
                }
                _ if flag.starts_with('W') => match flag[1..].parse::<i64>() {
                    Ok(_) => line.is_silent = false,
                    Err(_) => return Err(LineError::BadLevel),
                },
                _ => return Err(LineError::Unknown(text.into_owned())),
            }
        }
        Ok(line)
    }

    /// `-M`, `-MF file` and the others: the rules for `make` instead of the program.
    fn push_dependencies<'w>(
        &mut self,
        which: &str,
        words: &mut impl Iterator<Item = &'w OsString>,
    ) -> Result<(), LineError> {
        let pair = |name: &str, value: Literal| Literal::tuple([Literal::atom(name), value]);
        let mut value = || {
            let next = words.next().ok_or_else(|| LineError::MissingValue(format!("-M{which}")))?;
            Ok(Literal::string(&next.to_string_lossy()))
        };
        let is_output = |option: &Literal| matches!(option, Literal::Tuple(parts) if parts[0] == Literal::atom("makedep_output"));
        // Some only say what the rules are like, should there be any.
        let (asks, option) = match which {
            "" => (true, Some(pair("makedep_output", Literal::atom("standard_io")))),
            "D" => (true, None),
            "MD" => (true, Some(Literal::atom("makedep_side_effect"))),
            "F" => (true, Some(pair("makedep_output", value()?))),
            "T" => (false, Some(pair("makedep_target", value()?))),
            "Q" => (false, Some(pair("makedep_quote_target", value()?))),
            "G" => (false, Some(Literal::atom("makedep_add_missing"))),
            "P" => (false, Some(Literal::atom("makedep_phony"))),
            _ => return Err(LineError::Unknown(format!("-M{which}"))),
        };
        if matches!(which, "" | "F") {
            self.options.retain(|option| !is_output(option));
        }
        self.needs_machine |= asks;
        self.options.extend(asks.then(|| Literal::atom("makedep")));
        self.options.extend(option);
        Ok(())
    }

    fn push_feature(&mut self, name: &str, what: &str) {
        let feature = [Literal::atom("feature"), Literal::atom(name), Literal::atom(what)];
        self.options.push(Literal::tuple(feature));
    }
}

/// Answers a question. Returns the exit status.
fn answer(question: &Question, err: &mut dyn Write) -> i32 {
    let words = match question {
        Question::Help => {
            let _ = err.write_all(HELP.as_bytes());
            return 1;
        }
        Question::Features => vec![],
        Question::Feature(name) => vec![name.as_str()],
    };
    let flags = ["-noshell", "-noinput", "-s", "swerl_erlc", "describe_features", "-extra"];
    let flags: Vec<_> = flags.into_iter().chain(words).map(OsString::from).collect();
    started(&flags)
}

/// What a system does that is started with these flags. Returns the exit status.
fn started(flags: &[OsString]) -> i32 {
    match ErlCommand::from_user(flags) {
        Ok(command) => {
            crate::node::run(&command).unwrap_or_else(|error| crate::complain(&format!("{error:#}")))
        }
        Err(error) => crate::complain(&error.to_string()),
    }
}

/// A name that does not depend on the current folder.
fn absolute(path: &Path) -> PathBuf {
    // As it stands, `.` and all, where it cannot be.
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

/// Whether messages go to a terminal that shows colours.
fn has_colours() -> bool {
    let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    std::io::stdout().is_terminal()
        && !is_set("NO_COLOR")
        && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
}

/// `NAME` or `NAME=VALUE`, as the term `{d,Name}` or `{d,Name,Value}`.
fn define(text: &str) -> Result<Literal, LineError> {
    let d = Literal::atom("d");
    Ok(match text.split_once('=') {
        None => Literal::tuple([d, Literal::atom(text)]),
        // No value at all is that of no sign.
        Some((name, "")) => Literal::tuple([d, Literal::atom(name)]),
        Some((name, value)) => {
            let value = parse_term(value)
                .map_err(|message| LineError::BadTerm { text: value.to_owned(), message })?;
            Literal::tuple([d, Literal::atom(name), value])
        }
    })
}

/// Carries out a command line. Returns the exit status.
pub fn run(words: &[OsString], out: &mut dyn Write, err: &mut dyn Write) -> i32 {
    // That nobody reads what is printed does not change whether the files compile.
    let mut line = match Line::parse(words) {
        Ok(line) => line,
        Err(error) => {
            let _ = writeln!(err, "{}", error.to_string().trim_end_matches('\n'));
            return 1;
        }
    };
    if let Some(question) = &line.question {
        return answer(question, err);
    }
    let rendering = line.rendering.unwrap_or(match std::io::stdout().is_terminal() {
        true => Rendering::Rich { colours: has_colours() },
        false => Rendering::Erlc(Style::USUAL),
    });
    line.options.push(rendering.option());
    let are_errors = line.options.contains(&Literal::atom("warnings_as_errors"));
    line.options.push(Literal::atom("report_errors"));
    if !line.is_silent {
        line.options.push(Literal::atom("report_warnings"));
    }
    line.is_silent &= !are_errors;
    // Further options, which `compile` reads.
    line.needs_machine |= std::env::var_os("ERL_COMPILER_OPTIONS").is_some();
    if line.needs_machine && !line.files.is_empty() {
        return in_a_machine(&line.files, &line);
    }
    for (index, file) in line.files.iter().enumerate() {
        if let Some(option) = other_input(file) {
            let _ = out.flush();
            let files = [file.clone()];
            let mut line = line.clone();
            line.options.push(Literal::atom(option));
            match in_a_machine(&files, &line) {
                0 => continue,
                status => return status,
            }
        }
        match compile_one(file, &line, out) {
            Ok(Done::Compiled) => {}
            Ok(Done::Failed) => return 1,
            Ok(Done::NeedsMachine) => {
                let _ = out.flush();
                return in_a_machine(&line.files[index..], &line);
            }
            Err(complaint) => {
                let _ = writeln!(err, "{complaint}");
                return 1;
            }
        }
    }
    0
}

/// The option that says what a file holds, if it is no program text.
fn other_input(file: &Path) -> Option<&'static str> {
    match file.extension().and_then(OsStr::to_str)? {
        "S" => Some("from_asm"),
        "abstr" => Some("from_abstr"),
        "core" => Some("from_core"),
        _ => None,
    }
}

/// What became of a file.
enum Done {
    Compiled,
    Failed,
    /// Other modules have to run first: parse transforms.
    NeedsMachine,
}

/// Compiles files in a running system, which can run what rewrites them. Returns the exit status.
fn in_a_machine(files: &[PathBuf], line: &Line) -> i32 {
    let mut options = line.options.clone();
    let folder = line.folder.as_deref().unwrap_or(Path::new("."));
    let folder = absolute(folder);
    options.push(Literal::tuple([Literal::atom("outdir"), Literal::string(&folder.to_string_lossy())]));
    let mut flags = words::of(["-noshell", "-noinput"]);
    flags.extend(line.code_path.iter().cloned());
    flags.extend(words::of(["-s", "swerl_erlc", "main", "-extra"]));
    flags.push(Literal::list(options).to_string().into());
    flags.extend(files.iter().map(|file| file.clone().into_os_string()));
    started(&flags)
}

/// What became of `file`; an error is a complaint about the name.
fn compile_one(file: &Path, line: &Line, out: &mut dyn Write) -> Result<Done, String> {
    match file.extension().and_then(OsStr::to_str) {
        Some("erl") => {}
        Some(other) => return Err(format!("Unknown extension: '.{other}'")),
        None => return Err(format!("File has no extension: {}", absolute(file).display())),
    }
    let Compiled { beam, messages, transform, .. } = compile::file(file, &line.options);
    if transform.is_some() {
        return Ok(Done::NeedsMachine);
    }
    for message in messages.iter().filter(|message| message.is_error || !line.is_silent) {
        let _ = out.write_all(message.text.as_bytes());
    }
    let Some((module, beam)) = beam else { return Ok(Done::Failed) };
    // The current folder, wherever the source is.
    let folder = line.folder.as_deref().unwrap_or(Path::new("."));
    let folder = absolute(folder);
    let stem = file.file_stem().and_then(OsStr::to_str).unwrap_or_default();
    let target = folder.join(format!("{stem}.beam"));
    if module != stem {
        let complaint = format!("Module name '{module}' does not match file name '{stem}'");
        let _ = writeln!(out, "{}: {complaint}", target.display());
        return Ok(Done::Failed);
    }
    match write_whole(&target, &beam) {
        Ok(()) => Ok(Done::Compiled),
        Err(error) => {
            let reason = swerl_vm::error_text(swerl_vm::error_name(&error));
            let temporary = target.with_extension("bea#");
            let _ = writeln!(out, "{}: error writing file: {reason}", temporary.display());
            Ok(Done::Failed)
        }
    }
}

/// Writes a file so that its name always stands for a whole one: the old or the new.
fn write_whole(target: &Path, content: &[u8]) -> std::io::Result<()> {
    let mut name = target.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}", std::process::id()));
    let temporary = target.with_file_name(name);
    std::fs::write(&temporary, content).and_then(|()| std::fs::rename(&temporary, target)).inspect_err(|_| {
        // It may not even have come into being.
        let _ = std::fs::remove_file(&temporary);
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(words: &[&str]) -> Result<Line, LineError> {
        Line::parse(&words.iter().map(OsString::from).collect::<Vec<_>>())
    }

    #[test]
    fn values_may_be_attached_or_follow() {
        let include = |folder: &str| {
            let folder = absolute(Path::new(folder));
            Literal::tuple([Literal::atom("i"), Literal::string(&folder.to_string_lossy())])
        };
        let line = parse(&["-I", "a", "-Ib", "-o", "ebin", "x.erl", "y.erl"]).expect("a line");
        assert_eq!(line.options, [include("a"), include("b")]);
        assert_eq!(line.folder, Some(PathBuf::from("ebin")));
        assert_eq!(line.files, [PathBuf::from("x.erl"), PathBuf::from("y.erl")]);
    }

    #[test]
    fn terms_and_macros_are_read_as_erlang() {
        let line = parse(&["+{d,'A',[1]}", "-DB", "-DC={x,\"y\"}"]).expect("a line");
        let d = |name: &str, value| Literal::tuple([Literal::atom("d"), Literal::atom(name), value]);
        let c = Literal::tuple([Literal::atom("x"), Literal::string("y")]);
        let b = Literal::tuple([Literal::atom("d"), Literal::atom("B")]);
        assert_eq!(line.options, [d("A", Literal::list(vec![Literal::Int(1)])), b, d("C", c)]);
    }

    #[test]
    fn what_is_wrong_is_named() {
        assert_eq!(parse(&["-I"]), Err(LineError::MissingValue("-I".into())));
        assert_eq!(parse(&["-zz", "x.erl"]), Err(LineError::Unknown("-zz".into())));
        assert_eq!(parse(&["--diag=xml"]), Err(LineError::BadRendering("xml".into())));
        assert!(matches!(parse(&["+{"]), Err(LineError::BadTerm { text, .. }) if text == "{"));
    }

    #[test]
    fn a_file_is_written_whole_or_not_at_all() {
        let missing = std::env::temp_dir().join("swerl-no-such-folder").join("m.beam");
        assert_eq!(write_whole(&missing, b"x").expect_err("no folder").kind(), std::io::ErrorKind::NotFound);
    }
}
