//! Messages must be those of `erlc`: for OTP's own modules, and for programs broken at random. Runs only where
//! Erlang/OTP is installed.
//!
//! `ERLC_MESSAGES` names the applications whose modules are looked at (`stdlib kernel` when unset);
//! `ERLC_MUTANTS` is the number of broken programs, `ERLC_SEED` where their random numbers begin.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::path::{Path, PathBuf};
use std::process::Command;
use swerl_lang::diag::{Severity, erlc, sort};
use swerl_lang::lex::{ScanOptions, Scanner, add_source, decode};
use swerl_lang::pp::{Define, Includes, Options, preprocess};
use swerl_lang::source::{FileId, SourceMap};
use swerl_lang::{lint::lint, syntax::parse_items};

struct Otp(PathBuf);

impl Otp {
    fn find() -> Option<Self> {
        let output = Command::new("erl")
            .args(["-noshell", "-eval", "io:put_chars(code:lib_dir()), halt()."])
            .output()
            .ok()?;
        Some(Self(String::from_utf8(output.stdout).ok()?.into())).filter(|otp| otp.0.is_dir())
    }

    /// The folder of an application, whatever its version.
    fn application(&self, name: &str) -> Option<PathBuf> {
        let entries = std::fs::read_dir(&self.0).ok()?;
        let is_it = |path: &PathBuf| {
            let folder = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            folder.split('-').next() == Some(name)
        };
        entries.filter_map(|entry| Some(entry.ok()?.path())).find(is_it)
    }

    fn sources(&self, application: &str) -> Vec<PathBuf> {
        let Some(folder) = self.application(application) else { return Vec::new() };
        let Ok(entries) = std::fs::read_dir(folder.join("src")) else { return Vec::new() };
        let mut files: Vec<_> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
        files.retain(|path| path.extension().is_some_and(|extension| extension == "erl"));
        files.sort();
        files
    }

    /// What `erlc` prints about these files, one text for each.
    fn messages(&self, files: &[PathBuf]) -> Vec<String> {
        files.chunks(500).flat_map(Self::some_messages).collect()
    }

    fn some_messages(files: &[PathBuf]) -> Vec<String> {
        let list: Vec<_> = files.iter().map(|file| format!("{:?}", file.display().to_string())).collect();
        let program = format!(
            "io:setopts([{{encoding, unicode}}]), lists:foreach(fun(F) -> io:format(\"===~n\"), D = filename:dirname(F), \
             compile:file(F, [basic_validation, report, {{i, filename:join(D, \"../include\")}}]) end, [{}]), halt().",
            list.join(",")
        );
        let output =
            Command::new("erl").args(["-noshell", "+pc", "unicode", "-eval", &program]).output().unwrap();
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        text.split("===\n").skip(1).map(str::to_owned).collect()
    }
}

impl Includes for Otp {
    fn read(&self, path: &str) -> Option<Vec<u8>> {
        std::fs::read(path).ok()
    }

    fn application_folder(&self, application: &str) -> Option<String> {
        self.application(application)?.to_str().map(str::to_owned)
    }

    fn variable(&self, name: &str) -> Option<String> {
        std::env::var(name).ok()
    }
}

fn messages(otp: &Otp, file: &Path) -> String {
    let mut map = SourceMap::new();
    let id = add_source(&mut map, file.to_str().unwrap(), &std::fs::read(file).unwrap()).unwrap();
    let include = file.parent().unwrap().join("../include").display().to_string();
    let options =
        Options { include_path: vec![include], defines: Vec::<Define>::new(), features: Vec::new() };
    let items = preprocess(id, &mut map, otp, &options).unwrap();
    let (forms, mut diagnostics) = parse_items(items);
    diagnostics.extend(lint(&forms, &map, &[]));
    sort(&mut diagnostics, &map);
    assert!(
        diagnostics
            .iter()
            .all(|diagnostic| matches!(diagnostic.severity, Severity::Error | Severity::Warning))
    );
    erlc::render_all(&diagnostics, &map)
}

#[test]
fn messages_about_otp_are_those_of_erlc() {
    let Some(otp) = Otp::find() else { return };
    let applications = std::env::var("ERLC_MESSAGES").unwrap_or_else(|_| "stdlib kernel".into());
    let files: Vec<PathBuf> = applications.split_whitespace().flat_map(|name| otp.sources(name)).collect();
    let expected = otp.messages(&files);
    assert_eq!(expected.len(), files.len());
    let mut different = 0;
    for (file, expected) in files.iter().zip(expected) {
        let printed = messages(&otp, file);
        if printed != expected {
            println!("==== {}\n---- expected\n{expected}---- printed\n{printed}", file.display());
            different += 1;
        }
    }
    assert_eq!(different, 0, "of {}", files.len());
}

/// A small generator of random numbers (Marsaglia's xorshift), the same in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(end.max(1)).unwrap()).unwrap()
    }
}

/// The text with one to three of its tokens lost, doubled, exchanged or replaced by others of it; or with one of
/// its characters replaced.
fn mutant(text: &str, random: &mut Random) -> String {
    let mut text = text.to_owned();
    if random.below(4) == 0 {
        const CHARS: [char; 22] = [
            '"', '\'', '$', '\\', '%', '.', '#', '_', '@', ' ', '\n', '\t', '0', '9', 'x', '{', '}', 'é',
            '∀', '\u{1}', '?', '^',
        ];
        let places: Vec<_> = text.char_indices().map(|(at, c)| at..at + c.len_utf8()).collect();
        let place = places[random.below(places.len())].clone();
        text.replace_range(place, &CHARS[random.below(CHARS.len())].to_string());
        return text;
    }
    for _ in 0..=random.below(3) {
        let scanner = Scanner::new(&text, FileId::default(), ScanOptions::default());
        let spans: Vec<_> = scanner
            .filter_map(|token| token.ok())
            .map(|token| token.span.start as usize..token.span.end as usize)
            .collect();
        if spans.len() < 20 {
            break;
        }
        // Not the module attribute: without it everything else goes unseen.
        let here = spans[6 + random.below(spans.len() - 6)].clone();
        let there = spans[6 + random.below(spans.len() - 6)].clone();
        let replacement = match random.below(4) {
            0 => String::new(),
            1 => format!("{0} {0}", &text[here.clone()]),
            _ => format!(" {} ", &text[there]),
        };
        text.replace_range(here, &replacement);
    }
    text
}

#[test]
fn messages_about_broken_programs_are_those_of_erlc() {
    let Some(otp) = Otp::find() else { return };
    let number = |name: &str, default: u64| {
        std::env::var(name).ok().and_then(|value| value.parse().ok()).unwrap_or(default)
    };
    let (count, seed) = (number("ERLC_MUTANTS", 200), number("ERLC_SEED", 1));
    let programs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/conformance/lang");
    let mut sources: Vec<PathBuf> = std::fs::read_dir(programs)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "erl"))
        .collect();
    sources.sort();
    let folder = std::env::temp_dir().join(format!("swerl-mutants-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let mut random = Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    let mut files = Vec::new();
    for index in 0..count {
        let source = &sources[random.below(sources.len())];
        let Ok((text, swerl_lang::lex::Encoding::Utf8)) = decode(&std::fs::read(source).unwrap()) else {
            continue;
        };
        let file = folder.join(format!("m{index}.erl"));
        std::fs::write(&file, mutant(&text, &mut random)).unwrap();
        files.push(file);
    }
    let expected = otp.messages(&files);
    assert_eq!(expected.len(), files.len());
    let mut different = std::collections::BTreeSet::new();
    for (file, expected) in files.iter().zip(expected) {
        let printed = messages(&otp, file);
        if printed != expected {
            println!("==== {}\n---- expected\n{expected}---- printed\n{printed}", file.display());
            different.insert(file.file_name().expect("a mutant has a name").to_string_lossy().into_owned());
        }
    }
    if different.is_empty() {
        std::fs::remove_dir_all(&folder).unwrap();
    }
    let none = std::collections::BTreeSet::<String>::new();
    assert_eq!(different, none, "of {}, in {}", files.len(), folder.display());
}
