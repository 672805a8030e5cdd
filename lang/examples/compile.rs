//! Compiles Erlang files: `compile [-o DIR] [-I DIR] [-S] [+debug_info] FILE...`. A bare driver for trying the compiler
//! out; the real command is the binary of the `repl` crate. `ERL_LIB_DIR` names the folder of an OTP's applications, for
//! `-include_lib`.

use std::path::Path;
use std::process::ExitCode;
use swerl_beam::Literal;
use swerl_lang::compile::{Includes, Options, SourceText, compile};
use swerl_lang::diag::erlc;

struct Files;

impl Includes for Files {
    fn read(&self, path: &str) -> Option<Vec<u8>> {
        std::fs::read(path).ok()
    }

    fn application_folder(&self, application: &str) -> Option<String> {
        let libraries = std::env::var("ERL_LIB_DIR").ok()?;
        let entries = std::fs::read_dir(&libraries).ok()?;
        let prefix = format!("{application}-");
        let mut found = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        let name = found.find(|name| name == application || name.starts_with(&prefix))?;
        Some(format!("{libraries}/{name}"))
    }

    fn variable(&self, name: &str) -> Option<String> {
        std::env::var(name).ok()
    }
}

fn main() -> ExitCode {
    let mut options = Options::default();
    let mut folder = String::from(".");
    let mut files = Vec::new();
    let mut is_quiet = false;
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "-o" => folder = args.next().expect("a folder"),
            "-I" => options.preprocessor.include_path.push(args.next().expect("a folder")),
            "-S" => options.to_assembly = true,
            "-q" => is_quiet = true,
            "+debug_info" => {
                options.terms.push(Literal::atom("debug_info"));
            }
            file => files.push(file.to_owned()),
        }
    }
    let mut is_failed = false;
    for file in files {
        let bytes = std::fs::read(&file).expect("a readable file");
        let outcome = compile(SourceText { name: file.as_str().into(), bytes }, &options, &Files);
        for diagnostic in &outcome.diagnostics {
            if !is_quiet || diagnostic.is_error() {
                eprint!("{}", erlc::render(diagnostic, &outcome.sources));
            }
        }
        let Some(bytes) = outcome.file else {
            is_failed = true;
            continue;
        };
        let extension = if options.to_assembly { "S" } else { "beam" };
        let stem = Path::new(&file).file_stem().expect("a file name").to_string_lossy().into_owned();
        std::fs::write(format!("{folder}/{stem}.{extension}"), bytes).expect("a writable folder");
    }
    if is_failed { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}
