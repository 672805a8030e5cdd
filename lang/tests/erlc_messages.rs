//! The messages for OTP's own modules must be those of `erlc`. Runs only where Erlang/OTP is installed, on the
//! modules of `ERLC_MESSAGES` (folders below its `lib`, all of `stdlib` and `kernel` when unset).

use std::path::{Path, PathBuf};
use std::process::Command;
use swerl_lang::diag::{Severity, erlc, sort};
use swerl_lang::lex::decode;
use swerl_lang::pp::{Define, Includes, Options, preprocess};
use swerl_lang::source::SourceMap;
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
        let list: Vec<_> = files.iter().map(|file| format!("{:?}", file.display().to_string())).collect();
        let program = format!(
            "lists:foreach(fun(F) -> io:format(\"===~n\"), D = filename:dirname(F), \
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

    fn library(&self, application: &str) -> Option<String> {
        self.application(application)?.to_str().map(str::to_owned)
    }

    fn variable(&self, name: &str) -> Option<String> {
        std::env::var(name).ok()
    }
}

fn messages(otp: &Otp, file: &Path) -> String {
    let Ok((text, _)) = decode(&std::fs::read(file).unwrap()) else { return "invalid encoding".into() };
    let mut map = SourceMap::new();
    let id = map.add(file.to_str().unwrap(), text).unwrap();
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
            different += 1;
            println!("==== {}\n---- expected\n{expected}---- printed\n{printed}", file.display());
        }
    }
    assert_eq!(different, 0, "of {}", files.len());
}
