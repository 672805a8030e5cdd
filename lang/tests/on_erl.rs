//! What the compiler makes runs on a real system: where Erlang/OTP is installed, its own library is compiled and
//! given to its loader.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use swerl_lang::compile::{Includes, Options, SourceText, compile};
use swerl_lang::diag::erlc;

struct Files {
    libraries: PathBuf,
}

impl Files {
    fn application(&self, name: &str) -> Option<PathBuf> {
        let prefix = format!("{name}-");
        let entries = std::fs::read_dir(&self.libraries).ok()?;
        entries.flatten().map(|entry| entry.path()).find(|path| {
            path.file_name().and_then(|name| name.to_str()).is_some_and(|name| name.starts_with(&prefix))
        })
    }
}

impl Includes for Files {
    fn read(&self, path: &str) -> Option<Vec<u8>> {
        std::fs::read(path).ok()
    }

    fn application_folder(&self, application: &str) -> Option<String> {
        Some(self.application(application)?.to_string_lossy().into_owned())
    }

    fn variable(&self, _: &str) -> Option<String> {
        None
    }
}

/// Where OTP's libraries are, with their sources; none if it is not installed.
fn libraries() -> Option<PathBuf> {
    let program = "io:put_chars(code:lib_dir()), halt().";
    let output = Command::new("erl").args(["-noshell", "-eval", program]).output().ok()?;
    let libraries = PathBuf::from(String::from_utf8(output.stdout).ok()?);
    libraries.is_dir().then_some(libraries)
}

/// Compiles the modules of an application; tells which did not compile, and where the others are.
fn compile_application(files: &Files, application: &str, into: &Path) -> Vec<String> {
    let Some(folder) = files.application(application).map(|folder| folder.join("src")) else {
        return Vec::new();
    };
    let mut failed = Vec::new();
    let mut options = Options::default();
    for (other, part) in [(application, "include"), ("kernel", "src"), ("kernel", "include")] {
        let path = files.application(other).map(|folder| folder.join(part));
        options.preprocessor.include_path.extend(path.map(|path| path.to_string_lossy().into_owned()));
    }
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.extension().is_none_or(|extension| extension != "erl") {
            continue;
        }
        let bytes = std::fs::read(&path).expect("a source of OTP is readable");
        let name = path.to_string_lossy().into_owned();
        let outcome = compile(SourceText { name: name.as_str().into(), bytes }, &options, files);
        // Modules that rewrite programs need a running system.
        if outcome.transform.is_some() {
            continue;
        }
        match outcome.file {
            Some(file) => {
                let stem = path.file_stem().expect("it has an extension").to_string_lossy();
                std::fs::write(into.join(format!("{stem}.beam")), file).expect("the folder is writable");
            }
            None => {
                let errors = outcome.diagnostics.iter().filter(|diagnostic| diagnostic.is_error());
                let mut text = format!("{name}:\n");
                errors.for_each(|error| {
                    write!(text, "{}", erlc::render(error, &outcome.sources)).expect("strings take all")
                });
                failed.push(text);
            }
        }
    }
    failed
}

#[test]
fn the_library_of_otp_compiles_and_loads() {
    let Some(libraries) = libraries() else { return };
    let files = Files { libraries };
    let folder = std::env::temp_dir().join(format!("swerl_on_erl_{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("there is room for temporary files");
    let mut failed = Vec::new();
    for application in ["stdlib", "kernel"] {
        failed.extend(compile_application(&files, application, &folder));
    }
    // The loader checks what it is given without running it.
    let program = "[case file:read_file(F) of {ok, B} -> \
         M = list_to_atom(filename:basename(F, \".beam\")), \
         case erlang:prepare_loading(M, B) of {error, E} -> io:format(\"~s: ~p~n\", [F, E]); _ -> ok end end \
         || F <- filelib:wildcard(\"*.beam\")], halt().";
    let output = Command::new("erl")
        .args(["-noshell", "-eval", program])
        .current_dir(&folder)
        .output()
        .expect("it was there a moment ago");
    let refused = String::from_utf8_lossy(&output.stdout).into_owned();
    std::fs::remove_dir_all(&folder).expect("it is our own folder");
    assert!(failed.is_empty(), "not compiled:\n{}", failed.join("\n"));
    assert!(refused.is_empty(), "not loaded:\n{refused}");
}

/// The installed system knows nothing of them, but what they compile to is ordinary code. Reference for the
/// results: "Comprehensions" in the Erlang Reference Manual of OTP 28, and EEP 73.
#[test]
fn newer_comprehensions_run() {
    let Some(libraries) = libraries() else { return };
    let bytes = include_bytes!("newer_comprehensions.erl").to_vec();
    let source = SourceText { name: "newer_comprehensions.erl".into(), bytes };
    let outcome = compile(source, &Options::default(), &Files { libraries });
    let folder = std::env::temp_dir().join(format!("swerl_newer_{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("there is room for temporary files");
    let file = outcome.file.expect("it compiles");
    std::fs::write(folder.join("newer_comprehensions.beam"), file).expect("the folder is writable");
    let output = Command::new("erl")
        .args(["-noshell", "-s", "newer_comprehensions", "main", "-s", "init", "stop"])
        .current_dir(&folder)
        .output()
        .expect("it was there a moment ago");
    std::fs::remove_dir_all(&folder).expect("it is our own folder");
    let lines = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(lines, include_str!("newer_comprehensions.out"));
}
