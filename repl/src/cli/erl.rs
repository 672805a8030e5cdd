//! The command line of `erl`: `+flags` for the machine, everything else for `init`.
//!
//! The flags that set up a machine are listed in one table with the shape of their value; those that only
//! tune OTP's own machine are accepted and do nothing, because `vm.args` files are full of them.

use std::ffi::{OsStr, OsString};
use std::iter::once;
use std::ops::RangeInclusive;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};

use super::schedulers::{DIRTY, NORMAL, Schedulers};
use super::words;

/// A machine to be started.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ErlCommand {
    /// How the machine is set up.
    pub machine: MachineFlags,
    /// Variables that `-env` sets.
    pub env: Vec<(OsString, OsString)>,
    /// `-version` or `+V`: only print the version.
    pub only_version: bool,
    /// `-emu_args_exit`: only print what the machine would be started with.
    pub only_words: bool,
    args: Vec<OsString>,
    /// The words that are for the machine, with `-` where the line has `+`.
    machine_words: Vec<OsString>,
    /// The whole line, that of the environment included, without `-env`.
    line: Vec<OsString>,
}

/// What `+flags` say.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct MachineFlags {
    /// `+S`: schedulers, and how many of them are online at first.
    pub schedulers: Schedulers,
    /// `+SDcpu`: the same for dirty work that computes.
    pub dirty_cpu_schedulers: Schedulers,
    /// `+SDio`: threads for dirty work that waits.
    pub dirty_io_schedulers: Option<u32>,
    /// `+P`: most processes at a time.
    pub processes: Option<u32>,
    /// `+Q`: most ports at a time.
    pub ports: Option<u32>,
    /// `+t`: most atoms ever.
    pub atoms: Option<u32>,
    /// `+e`: most ETS tables at a time.
    pub tables: Option<u32>,
    /// `+hms`: words of a new process's heap.
    pub min_heap_words: Option<u32>,
    /// `+hmbs`: words of binaries that belong to one.
    pub min_binary_words: Option<u32>,
    /// `+hmax`: most words of a process.
    pub max_heap_words: Option<u32>,
    /// `+hmaxk false`: whoever has more goes on.
    pub spare_large_heaps: bool,
    /// `+hmaxel false`: nobody is told of it.
    pub silent_about_large_heaps: bool,
    /// `+hmqd off_heap`: messages wait outside of heaps.
    pub off_heap_messages: bool,
    /// `+pc unicode`: code points above 255 count as printable.
    pub printable_unicode: bool,
    /// `+B`: what Ctrl-C does.
    pub break_handler: BreakHandler,
}

/// What Ctrl-C does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum BreakHandler {
    /// Interrupts the expression that the shell evaluates; asks what to do when there is none.
    #[default]
    Menu,
    /// `+Bc`: interrupts the shell.
    Interrupt,
    /// `+B`, `+Bd`: ends the program.
    Disabled,
    /// `+Bi`: nothing.
    Ignored,
}

/// Variables whose flags are part of [`ErlCommand::line_without_env`].
pub const FLAG_VARIABLES: [&str; 3] = ["ERL_AFLAGS", "ERL_FLAGS", "ERL_ZFLAGS"];

/// A flag that cannot be obeyed.
#[derive(Debug, thiserror::Error)]
pub enum FlagError {
    /// Not a flag of the machine.
    #[error("{}", unknown(.0))]
    Unknown(String),
    /// A flag at the end of the line that wants more.
    #[error("Missing argument(s) for '{0}'.")]
    MissingValue(String),
    /// A value of the wrong kind, or beyond what it can be.
    #[error("{}", refusal(what, value))]
    BadValue {
        /// What it is not; `{}` stands for the value if it is not the last word.
        what: &'static str,
        /// What was asked for.
        value: String,
    },
    /// More schedulers online than there are.
    #[error("bad amount of {kind} online {online} (total amount of {kind} {all})")]
    MoreOnline {
        /// What they are.
        kind: &'static str,
        /// As many as that.
        online: i64,
        /// And there are so many.
        all: i64,
    },
    /// A machine without schedulers.
    #[error("Argument '-smp disable' not supported. Use \"+S 1\" instead.")]
    NotParallel,
    /// A machine that this is not.
    #[error("Invalid emulator type or flavor.")]
    OtherMachine,
    /// A file of arguments that cannot be read.
    #[error(
        "Failed to open arguments file \"{}\" at \"{}\": {}",
        path.display(),
        std::env::current_dir().unwrap_or_default().display(),
        system_words(error)
    )]
    ArgsFile {
        /// The file.
        path: PathBuf,
        /// What the system says.
        error: std::io::Error,
    },
}

/// What is said of a flag that there is none of; what is before the last word tells which family it would belong to.
fn unknown(flag: &str) -> String {
    match flag.chars().next() {
        Some('B' | 'c' | 'i' | 'z') => format!("bad -{} option -{flag}", &flag[..1]),
        Some('s') => format!("bad scheduling option -{flag}"),
        Some('J') => format!("invalid JIT option -{flag}"),
        Some('M') => "bad \"M\" parameter".to_owned(),
        _ => format!("unknown flag -{flag}"),
    }
}

/// As the system words it, without its number.
fn system_words(error: &std::io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error").next().unwrap_or_default().to_owned()
}

fn refusal(what: &str, value: &str) -> String {
    if what.contains("{}") { what.replace("{}", value) } else { format!("{what} {value}") }
}

impl ErlCommand {
    /// A command line as the user wrote it, with the flags that the environment adds.
    ///
    /// # Errors
    /// When a flag for the machine is unknown or malformed.
    pub fn from_user(line: &[OsString]) -> Result<Self, FlagError> {
        let from_env = |name| std::env::var(name).map(|text| words::split(&text, false)).unwrap_or_default();
        // What follows `-extra` stays at the end.
        let extra = line.iter().position(|word| word == "-extra").unwrap_or(line.len());
        let mut all = from_env("ERL_AFLAGS");
        all.extend_from_slice(&line[..extra]);
        all.extend(from_env("ERL_FLAGS"));
        all.extend(from_env("ERL_ZFLAGS"));
        all.extend_from_slice(&line[extra..]);
        let mut command = ErlCommand::default();
        command.read(all)?;
        Ok(command)
    }

    fn read(&mut self, line: Vec<OsString>) -> Result<(), FlagError> {
        let mut line = line.into_iter();
        while let Some(word) = line.next() {
            if word == "-compile" {
                let files: Vec<OsString> = line.collect();
                self.only_run(&["c", "lc_batch"], &files);
                return Ok(());
            }
            // Words behind it count for nothing.
            if word == "-make" {
                self.only_run(&["make", "all_or_nothing", "-s", "erlang", "halt"], &[]);
                return Ok(());
            }
            if word != "-env" && word != "-args_file" {
                self.line.push(word.clone());
            }
            let text = word.to_string_lossy().into_owned();
            let mut value = || line.next().ok_or_else(|| FlagError::MissingValue(text.clone()));
            match text.as_str() {
                "-extra" => {
                    self.args.push(word);
                    let plain: Vec<OsString> = line.collect();
                    self.line.extend_from_slice(&plain);
                    self.args.extend(plain);
                    return Ok(());
                }
                "-args_file" => {
                    let path = PathBuf::from(value()?);
                    let content = std::fs::read_to_string(&path)
                        .map_err(|error| FlagError::ArgsFile { path: path.clone(), error })?;
                    self.read(words::split(&content, true))?;
                }
                "-env" => {
                    let name = value()?;
                    self.env.push((name, value()?));
                }
                "-version" => self.only_version = true,
                "-emu_args" => {}
                "-emu_args_exit" => self.only_words = true,
                "-smpdisable" => return Err(FlagError::NotParallel),
                "-smp" => {
                    self.args.push(word);
                    if let Some(value) = line.next() {
                        if value == "disable" {
                            return Err(FlagError::NotParallel);
                        }
                        line = once(value).chain(line).collect::<Vec<_>>().into_iter();
                    }
                }
                "-emu_type" | "-emu_flavor" => {
                    let value = value()?;
                    if !["opt", "smp", "emu", "jit"].map(OsStr::new).contains(&value.as_os_str()) {
                        return Err(FlagError::OtherMachine);
                    }
                    self.args.extend([word, value]);
                }
                "-noinput" => {
                    self.args.push(OsString::from("-noshell"));
                    self.args.push(word);
                }
                _ => match text.strip_prefix('+') {
                    Some(flag) => self.machine_flag(flag, &mut line)?,
                    None => self.args.push(word),
                },
            }
        }
        Ok(())
    }

    /// `-compile FILE...` and `-make`: a call, with the words that belong to it.
    fn only_run(&mut self, call: &[&str], files: &[OsString]) {
        self.machine.break_handler = BreakHandler::Disabled;
        self.machine_words.push("-B".into());
        let words = ["-noshell", "-noinput", "-s"].iter().chain(call).map(OsString::from);
        let words: Vec<OsString> = words.chain(files.iter().cloned()).collect();
        self.line.extend_from_slice(&words);
        self.args.extend(words);
    }

    fn machine_flag(
        &mut self,
        flag: &str,
        line: &mut impl Iterator<Item = OsString>,
    ) -> Result<(), FlagError> {
        let Some((name, shape, effect)) =
            FLAGS.iter().filter(|(name, ..)| flag.starts_with(name)).max_by_key(|(name, ..)| name.len())
        else {
            return Err(FlagError::Unknown(flag.to_owned()));
        };
        self.machine_words.push(format!("-{flag}").into());
        let attached = &flag[name.len()..];
        let value = match shape {
            Shape::Alone if attached.is_empty() => String::new(),
            Shape::Alone => return Err(FlagError::Unknown(flag.to_owned())),
            Shape::Attached => attached.to_owned(),
            Shape::Value if !attached.is_empty() => attached.to_owned(),
            Shape::Value | Shape::SubflagValue => {
                let next = line.next().ok_or_else(|| FlagError::MissingValue(format!("+{flag}")))?;
                self.line.push(next.clone());
                self.machine_words.push(next.clone());
                next.to_string_lossy().into_owned()
            }
        };
        let bad = |what| FlagError::BadValue { what, value: value.clone() };
        match effect {
            Effect::Tuning => {}
            Effect::Version => self.only_version = true,
            Effect::Checked(what, is_good) => {
                if !is_good(&value) {
                    return Err(bad(what));
                }
            }
            Effect::Number(what, set) => set(&mut self.machine, value.parse().map_err(|_| bad(what))?),
            Effect::Limit(what, range, set) => match value.parse() {
                Ok(number) if range.contains(&number) => set(&mut self.machine, number),
                _ => return Err(bad(what)),
            },
            Effect::Count(set) => set(&mut self.machine, &value)?,
            Effect::Choice(what, words, set) => {
                let choice = words.iter().position(|word| *word == value).ok_or_else(|| bad(what))?;
                set(&mut self.machine, choice == 1);
            }
            Effect::Printable => {
                self.machine.printable_unicode = match value.as_str() {
                    "unicode" => true,
                    "latin1" => false,
                    _ => return Err(bad("bad range of printable characters:")),
                }
            }
            Effect::Break => {
                self.machine.break_handler = match value.as_str() {
                    "" | "d" => BreakHandler::Disabled,
                    "c" => BreakHandler::Interrupt,
                    "i" => BreakHandler::Ignored,
                    _ => return Err(FlagError::Unknown(flag.to_owned())),
                }
            }
        }
        Ok(())
    }

    /// The line to start the same machine with by other means than `-env`, `ERL_FLAGS` and their like.
    #[must_use]
    pub fn line_without_env(&self) -> &[OsString] {
        &self.line
    }

    /// The arguments that the user gave for `init`.
    #[must_use]
    pub fn user_args(&self) -> Vec<Vec<u8>> {
        self.args.iter().map(|arg| arg.as_bytes().to_vec()).collect()
    }

    /// What `-emu_args_exit` prints: the words for the machine, then those for `init`, each in a line.
    #[must_use]
    pub fn words_by_line(&self, root: &Path, program: &str) -> Vec<u8> {
        let machine = self.machine_words.iter().map(|word| word.as_bytes().to_vec());
        let words = machine.chain(once(b"--".to_vec())).chain(self.boot_args(root, program));
        words.flat_map(|word| word.into_iter().chain(once(b'\n'))).collect()
    }

    /// The arguments of `init:boot/1`: where the system is and what it is called, then the user's.
    #[must_use]
    pub fn boot_args(&self, root: &Path, program: &str) -> Vec<Vec<u8>> {
        let home = std::env::var_os("HOME").unwrap_or_else(|| OsString::from("/"));
        let mut args: Vec<OsString> = words::of(["-root"]);
        args.push(root.into());
        args.extend(words::of(["-bindir"]));
        args.push(root.join("bin").into());
        args.extend(words::of(["-progname", program, "--", "-home"]));
        args.push(home);
        args.extend(words::of(["--"]));
        args.extend(self.args.iter().cloned());
        args.into_iter().map(OsStringExt::into_vec).collect()
    }

    /// Whether a flag for `init` is among the arguments.
    #[must_use]
    pub fn has(&self, flag: &str) -> bool {
        self.args.iter().take_while(|arg| *arg != OsStr::new("-extra")).any(|arg| arg == flag)
    }
}

/// Where a flag's value stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// There is none.
    Alone,
    /// It is the rest of the word.
    Attached,
    /// It is the rest of the word, or the next word if there is none.
    Value,
    /// The rest of the word tells which flag it is, the next word is the value.
    SubflagValue,
}

enum Effect {
    /// Tunes OTP's machine; nothing here.
    Tuning,
    Version,
    /// Tunes OTP's machine, but not with any value: what a wrong one is not.
    Checked(&'static str, fn(&str) -> bool),
    /// What a wrong one is not, as for the others.
    Number(&'static str, fn(&mut MachineFlags, u32)),
    /// And within which bounds.
    Limit(&'static str, RangeInclusive<u32>, fn(&mut MachineFlags, u32)),
    Count(fn(&mut MachineFlags, &str) -> Result<(), FlagError>),
    /// One of two words; whether it is the second.
    Choice(&'static str, [&'static str; 2], fn(&mut MachineFlags, bool)),
    Printable,
    Break,
}

/// The machine's flags; of several that fit, the longest counts.
const FLAGS: &[(&str, Shape, Effect)] = &[
    ("S", Shape::Value, Effect::Count(|m, v| Schedulers::counted(v, NORMAL).map(|it| m.schedulers = it))),
    ("SP", Shape::Value, Effect::Count(|m, v| Schedulers::share(v, NORMAL).map(|it| m.schedulers = it))),
    (
        "SDcpu",
        Shape::Value,
        Effect::Count(|m, v| Schedulers::counted(v, DIRTY).map(|it| m.dirty_cpu_schedulers = it)),
    ),
    (
        "SDPcpu",
        Shape::Value,
        Effect::Count(|m, v| Schedulers::share(v, DIRTY).map(|it| m.dirty_cpu_schedulers = it)),
    ),
    (
        "SDio",
        Shape::Value,
        Effect::Limit("bad number of dirty I/O schedulers", 1..=1024, |m, v| m.dirty_io_schedulers = Some(v)),
    ),
    (
        "P",
        Shape::Value,
        Effect::Limit("bad number of processes", 1024..=134_217_727, |m, v| m.processes = Some(v)),
    ),
    ("Q", Shape::Value, Effect::Limit("bad number of ports", 1024..=134_217_727, |m, v| m.ports = Some(v))),
    ("t", Shape::Value, Effect::Limit("bad atom table size", 8192..=33_554_432, |m, v| m.atoms = Some(v))),
    ("e", Shape::Value, Effect::Limit("bad ets table limit", 0..=u32::MAX, |m, v| m.tables = Some(v))),
    ("hms", Shape::Value, Effect::Limit("bad heap size", 1..=u32::MAX, |m, v| m.min_heap_words = Some(v))),
    ("pc", Shape::Value, Effect::Printable),
    ("B", Shape::Attached, Effect::Break),
    ("V", Shape::Alone, Effect::Version),
    ("A", Shape::Value, Effect::Checked("bad number of async threads", |value| is_within(value, 0, 1024))),
    (
        "a",
        Shape::Value,
        Effect::Checked("bad stack size for async threads", |value| is_within(value, 16, 8192)),
    ),
    (
        "C",
        Shape::Value,
        Effect::Checked("Invalid time warp mode:", |value| {
            ["no_time_warp", "single_time_warp", "multi_time_warp"].contains(&value)
        }),
    ),
    ("c", Shape::Value, Effect::Tuning),
    ("d", Shape::Alone, Effect::Tuning),
    ("dcg", Shape::Value, Effect::Tuning),
    (
        "fn",
        Shape::Attached,
        Effect::Checked(
            "bad filename encoding {}, can be (l,u or a, optionally followed by w, i or e)",
            |value| {
                let mut letters = value.chars();
                let encoding = matches!(letters.next(), Some('l' | 'u' | 'a'));
                encoding && matches!(letters.next(), None | Some('w' | 'i' | 'e')) && letters.next().is_none()
            },
        ),
    ),
    ("h", Shape::Value, Effect::Limit("bad heap size", 1..=u32::MAX, |m, v| m.min_heap_words = Some(v))),
    ("hmax", Shape::Value, Effect::Number("bad max heap size", |m, v| m.max_heap_words = Some(v))),
    (
        "hmaxel",
        Shape::Value,
        Effect::Choice("bad max heap error logger", ["true", "false"], |m, v| m.silent_about_large_heaps = v),
    ),
    ("hmaxib", Shape::Value, Effect::Tuning),
    (
        "hmaxk",
        Shape::Value,
        Effect::Choice("bad max heap kill", ["true", "false"], |m, v| m.spare_large_heaps = v),
    ),
    ("hmbs", Shape::Value, Effect::Limit("bad heap size", 1..=u32::MAX, |m, v| m.min_binary_words = Some(v))),
    (
        "hmqd",
        Shape::Value,
        Effect::Choice("Invalid message_queue_data flag:", ["on_heap", "off_heap"], |m, v| {
            m.off_heap_messages = v;
        }),
    ),
    (
        "hpds",
        Shape::Value,
        Effect::Checked("bad initial process dictionary size", |value| is_within(value, 1, u32::MAX)),
    ),
    ("IO", Shape::SubflagValue, Effect::Tuning),
    ("IOp", Shape::Value, Effect::Checked("bad I/O pollset number:", |value| is_within(value, 1, 1024))),
    (
        "IOPp",
        Shape::Value,
        Effect::Checked("bad I/O pollset percentage number:", |value| is_within(value, 0, 100)),
    ),
    (
        "IOPt",
        Shape::Value,
        Effect::Checked("bad I/O poll thread percentage number:", |value| is_within(value, 0, 100)),
    ),
    ("IOs", Shape::Value, Effect::Checked("bad +IOs boolean argument:", is_boolean)),
    ("IOt", Shape::Value, Effect::Checked("bad I/O poll threads number:", |value| is_within(value, 1, 1024))),
    ("J", Shape::SubflagValue, Effect::Tuning),
    ("K", Shape::Value, Effect::Tuning),
    ("L", Shape::Alone, Effect::Tuning),
    ("M", Shape::SubflagValue, Effect::Tuning),
    ("n", Shape::Attached, Effect::Tuning),
    (
        "R",
        Shape::Value,
        Effect::Checked("bad compatibility release number", |value| is_within(value, 23, 25)),
    ),
    ("r", Shape::Alone, Effect::Tuning),
    ("rg", Shape::Value, Effect::Checked("bad reader groups limit:", |value| is_within(value, 0, u32::MAX))),
    ("sbt", Shape::Value, BINDING),
    ("sbwt", Shape::Value, Effect::Checked("bad scheduler busy wait threshold:", is_busy_wait)),
    ("sbwtdcpu", Shape::Value, Effect::Checked("bad dirty CPU scheduler busy wait threshold:", is_busy_wait)),
    ("sbwtdio", Shape::Value, Effect::Checked("bad dirty IO scheduler busy wait threshold:", is_busy_wait)),
    ("scl", Shape::Value, Effect::Checked("bad scheduler compact load value '{}'", is_boolean)),
    ("sct", Shape::Value, Effect::Tuning),
    ("secio", Shape::Value, Effect::Tuning),
    ("sfwi", Shape::Value, Effect::Tuning),
    ("spp", Shape::Value, Effect::Checked("bad port parallelism scheduling hint", is_boolean)),
    ("sss", Shape::Value, Effect::Checked("bad stack size for scheduler threads", is_stack_size)),
    (
        "sssdcpu",
        Shape::Value,
        Effect::Checked("bad stack size for dirty CPU scheduler threads", is_stack_size),
    ),
    ("sssdio", Shape::Value, Effect::Checked("bad stack size for dirty IO scheduler threads", is_stack_size)),
    ("stbt", Shape::Value, BINDING),
    ("sub", Shape::Value, Effect::Checked("bad scheduler utilization balancing  value '{}'", is_boolean)),
    (
        "swct",
        Shape::Value,
        Effect::Checked("scheduler wake cleanup threshold:", |value| {
            ["very_eager", "eager", "medium", "lazy", "very_lazy"].contains(&value)
        }),
    ),
    (
        "sws",
        Shape::Value,
        Effect::Checked("scheduler wakeup strategy:", |value| ["default", "legacy"].contains(&value)),
    ),
    ("swt", Shape::Value, Effect::Checked("scheduler wakeup threshold:", is_wakeup)),
    ("swtdcpu", Shape::Value, Effect::Checked("dirty CPU scheduler wakeup threshold:", is_wakeup)),
    ("swtdio", Shape::Value, Effect::Checked("dirty IO scheduler wakeup threshold:", is_wakeup)),
    ("ssrct", Shape::Alone, Effect::Tuning),
    ("T", Shape::Value, Effect::Checked("bad modified timing level", |value| is_within(value, 0, 9))),
    ("v", Shape::Alone, Effect::Tuning),
    (
        "W",
        Shape::Value,
        Effect::Checked("unrecognized warning_map option", |value| value.starts_with(['e', 'i', 'w'])),
    ),
    ("zdbbl", Shape::Value, Effect::Checked("Invalid dbbl limit:", |value| is_within(value, 1, 2_097_151))),
    (
        "zdntgc",
        Shape::Value,
        Effect::Checked("Invalid delayed node table gc:", |value| {
            value == "infinity" || is_within(value, 0, 100_000)
        }),
    ),
    (
        "zosrl",
        Shape::Value,
        Effect::Checked("Invalid outstanding requests limit", |value| is_within(value, 1, 134_217_727)),
    ),
];

/// Where schedulers are bound to.
const BINDING: Effect = Effect::Checked("setting scheduler bind type '{}' failed: invalid type", |value| {
    ["u", "ns", "ts", "ps", "s", "nnts", "nnps", "tnnps", "db"].contains(&value)
});

/// How long a scheduler looks for work before it sleeps.
fn is_busy_wait(value: &str) -> bool {
    ["none", "very_short", "short", "medium", "long", "very_long"].contains(&value)
}

/// How much work wakes others.
fn is_wakeup(value: &str) -> bool {
    ["very_low", "low", "medium", "high", "very_high"].contains(&value)
}

/// The stack of a scheduler's thread, in kilowords.
fn is_stack_size(value: &str) -> bool {
    is_within(value, 20, 8192)
}

fn is_boolean(value: &str) -> bool {
    ["true", "false"].contains(&value)
}

fn is_within(value: &str, least: u32, most: u32) -> bool {
    value.parse().is_ok_and(|number| (least..=most).contains(&number))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<ErlCommand, FlagError> {
        let mut command = ErlCommand::default();
        command.read(words::split(line, false)).map(|()| command)
    }

    #[test]
    fn machine_flags_are_taken_out_anywhere_before_extra() {
        let command = parse("-noshell +P 5000 -s m +S4:2 +sbwt none +Mea min -extra +P x").expect("a line");
        assert_eq!(command.machine.processes, Some(5000));
        assert_eq!(command.machine.schedulers.settled(), (4, 2));
        assert_eq!(command.args, ["-noshell", "-s", "m", "-extra", "+P", "x"]);
        assert!(command.has("-noshell") && !command.has("-sname"));
    }

    #[test]
    fn values_may_be_attached_or_follow() {
        assert_eq!(parse("+S 3:3").expect("a line").machine.schedulers.settled(), (3, 3));
        assert_eq!(parse("+Bi").expect("a line").machine.break_handler, BreakHandler::Ignored);
        assert!(parse("+pc unicode").expect("a line").machine.printable_unicode);
        assert_eq!(parse("+hms 1000 +hmqd off_heap").expect("a line").machine.min_heap_words, Some(1000));
    }

    #[test]
    fn a_bad_flag_is_named() {
        let message = |line| parse(line).expect_err("it is wrong").to_string();
        assert_eq!(message("+zz"), "bad -z option -zz");
        assert_eq!(message("+sx 1"), "bad scheduling option -sx");
        assert_eq!(message("+stbt x"), "setting scheduler bind type 'x' failed: invalid type");
        assert_eq!(message("+S"), "Missing argument(s) for '+S'.");
        assert_eq!(message("+P many"), "bad number of processes many");
        assert_eq!(message("+S few"), "bad amount of schedulers few");
        assert_eq!(message("+A 2000"), "bad number of async threads 2000");
    }

    #[test]
    fn variables_are_set_for_the_machine_alone() {
        let command = parse("-env A 1 -env B two").expect("a line");
        assert_eq!(command.env, [("A".into(), "1".into()), ("B".into(), "two".into())]);
        assert!(command.args.is_empty());
        let command = parse("-noshell +P 5000 -env A 1 -extra x").expect("a line");
        assert_eq!(command.line_without_env(), ["-noshell", "+P", "5000", "-extra", "x"]);
    }
}
