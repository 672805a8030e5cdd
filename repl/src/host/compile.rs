//! The compiler over files and over the options that Erlang programs give, for `erlc` and for `compile`.

use std::path::Path;
use std::sync::Arc;

use swerl_beam::{Atom, Literal};
use swerl_lang::compile::{self, Define, Options, Outcome, SourceText};
use swerl_lang::diag::{self, Diagnostic, Severity};
use swerl_lang::source::SourceMap;
use swerl_lang::syntax::forms::{BadForm, read_forms};

use super::files::Disk;
use crate::posix;

/// What came of a compilation.
#[derive(Debug, Default)]
pub struct Compiled {
    /// The module's name and its BEAM file, if there was no error.
    pub beam: Option<(String, Vec<u8>)>,
    /// What `erlc` prints for all of it.
    pub printed: String,
    /// The same, one by one.
    pub messages: Vec<Message>,
}

/// One message of the compiler.
#[derive(Debug)]
pub struct Message {
    /// Or else a warning.
    pub is_error: bool,
    /// The file that it is about.
    pub file: String,
    /// Line and column.
    pub place: Option<(u32, u32)>,
    /// What `erlc` prints for it, source excerpt included.
    pub text: String,
    /// The OTP module whose `format_error/1` explains the descriptor.
    pub module: &'static str,
    /// The message as OTP's tools see it.
    pub descriptor: Literal,
}

/// Compiles a file. That it cannot be read is a message like any other.
#[must_use]
pub fn file(path: &Path, options: &[Literal]) -> Compiled {
    let name = path.display().to_string();
    match std::fs::read(path) {
        Ok(bytes) => text(&name, bytes, options),
        Err(error) => {
            let printed = format!("{name}: {}\n", posix::message(&error));
            let descriptor = Literal::atom(posix::name(&error));
            let message = Message {
                is_error: true,
                file: name,
                place: None,
                text: printed.clone(),
                module: "compile",
                descriptor: Literal::tuple([Literal::atom("epp"), descriptor]),
            };
            Compiled { beam: None, printed, messages: vec![message] }
        }
    }
}

/// Compiles a text that came out of the file `name`. `options` is a list of terms, or a single one.
#[must_use]
pub fn source(name: &str, bytes: &[u8], options: &Literal) -> Compiled {
    text(name, bytes.to_vec(), as_list(options))
}

fn as_list(options: &Literal) -> &[Literal] {
    match options {
        Literal::Nil => &[],
        Literal::List(options, _) => options,
        single => std::slice::from_ref(single),
    }
}

fn text(name: &str, bytes: Vec<u8>, terms: &[Literal]) -> Compiled {
    let source = SourceText { name: Arc::from(name), bytes };
    report(compile::compile(source, &read_options(name, terms), &Disk), name, terms)
}

/// Compiles forms in the abstract format.
///
/// # Errors
/// When they are no forms.
pub fn forms(forms: &Literal, options: &Literal) -> Result<Compiled, BadForm> {
    // The name that OTP gives to what came out of no file.
    let name = "no_source";
    let (forms, sources) = read_forms(forms, name)?;
    let terms = as_list(options);
    let outcome = Outcome { module: None, file: None, diagnostics: Vec::new(), sources };
    Ok(report(compile::compile_forms(forms, &read_options(name, terms), outcome), name, terms))
}

/// What users are told of a compilation, given the options that bear on it.
fn report(mut outcome: Outcome, name: &str, terms: &[Literal]) -> Compiled {
    let is_set = |name: &str| terms.contains(&Literal::atom(name));
    if is_set("nowarn") {
        outcome.diagnostics.retain(Diagnostic::is_error);
    }
    let warnings_count = is_set("warnings_as_errors")
        && !diag::has_errors(&outcome.diagnostics)
        && !outcome.diagnostics.is_empty();
    if warnings_count {
        for diagnostic in &mut outcome.diagnostics {
            diagnostic.severity = Severity::Error;
        }
        outcome.file = None;
    }
    let Outcome { module, file, mut diagnostics, sources } = outcome;
    diag::sort(&mut diagnostics, &sources);
    let mut messages: Vec<Message> = diagnostics.iter().map(|one| message(one, name, &sources)).collect();
    if let Some(first) = messages.first_mut().filter(|_| warnings_count) {
        first.text.insert_str(0, "compile: warnings being treated as errors\n");
    }
    let printed = messages.iter().map(|message| message.text.as_str()).collect();
    let beam = module.zip(file).map(|(module, bytes)| (module.as_str().to_owned(), bytes));
    Compiled { beam, printed, messages }
}

fn message(diagnostic: &Diagnostic, main: &str, sources: &SourceMap) -> Message {
    let location = diagnostic.place.map(|place| sources.location(place.point()));
    Message {
        is_error: diagnostic.is_error(),
        file: location.as_ref().map_or(main, |location| &location.file).to_owned(),
        place: location.map(|location| (location.line, location.column)),
        text: diag::erlc::render(diagnostic, sources),
        module: diagnostic.module,
        descriptor: diagnostic.descriptor.clone(),
    }
}

/// The options of `compile:file/2`, as far as they concern the compiler itself.
fn read_options(name: &str, terms: &[Literal]) -> Options {
    let mut options = Options::default();
    for term in terms {
        match term {
            Literal::Atom(name) => match name.as_str() {
                "debug_info" => options.debug_info = true,
                "export_all" => options.export_all = true,
                _ => {}
            },
            Literal::Tuple(parts) => read_pair(parts, &mut options),
            _ => {}
        }
    }
    options.source = std::path::absolute(name).ok().and_then(|path| path.to_str().map(str::to_owned));
    options.terms = terms.iter().filter(|term| !is_for_the_driver(term)).cloned().collect();
    options
}

fn read_pair(parts: &[Literal], options: &mut Options) {
    let [Literal::Atom(name), rest @ ..] = parts else { return };
    match (name.as_str(), rest) {
        ("i", [folder]) => options.preprocessor.include_path.extend(string(folder)),
        ("d", [Literal::Atom(name)]) => options.preprocessor.defines.push(Define::flag(name.as_str())),
        ("d", [Literal::Atom(name), value]) => {
            options.preprocessor.defines.extend(Define::with_value(name.as_str(), &value.to_string()));
        }
        ("feature", [Literal::Atom(feature), Literal::Atom(what)]) => {
            let features: &mut Vec<Atom> = &mut options.preprocessor.features;
            features.retain(|known| known != feature);
            if what.as_str() == "enable" {
                features.push(*feature);
            }
        }
        _ => {}
    }
}

/// Options that say where results and messages go; they leave no trace in the module.
fn is_for_the_driver(term: &Literal) -> bool {
    const ATOMS: &[&str] = &[
        "report",
        "report_errors",
        "report_warnings",
        "return",
        "return_errors",
        "return_warnings",
        "verbose",
        "binary",
        "nowarn",
    ];
    match term {
        Literal::Atom(name) => ATOMS.contains(&name.as_str()),
        Literal::Tuple(parts) => match parts.first() {
            Some(Literal::Atom(name)) => matches!(name.as_str(), "i" | "outdir" | "cwd"),
            _ => false,
        },
        _ => false,
    }
}

/// A string, or an atom in its place.
fn string(term: &Literal) -> Option<String> {
    match term {
        Literal::Atom(name) => Some(name.as_str().to_owned()),
        Literal::Str(bytes) => Some(bytes.iter().map(|byte| char::from(*byte)).collect()),
        Literal::Nil => Some(String::new()),
        Literal::List(codes, tail) if **tail == Literal::Nil => codes.iter().map(character).collect(),
        _ => None,
    }
}

fn character(code: &Literal) -> Option<char> {
    match code {
        Literal::Int(code) => char::from_u32(u32::try_from(*code).ok()?),
        _ => None,
    }
}
