//! The compiler over files and over the options that Erlang programs give, for `erlc` and for `compile`.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use swerl_beam::{Atom, Literal};
use swerl_lang::ast::Place;
use swerl_lang::compile::information::{self, expand_options};
use swerl_lang::compile::{self, Define, Options, Outcome, SourceText, Transform};
use swerl_lang::diag::erlc::Style;
use swerl_lang::diag::{self, Diagnostic, Severity};
use swerl_lang::expand::expand_to_show;
use swerl_lang::lex;
use swerl_lang::lint::lint_with;
use swerl_lang::pp;
use swerl_lang::source::{Location, SourceMap, Span};
use swerl_lang::syntax::forms::{BadForm, Expanded, read_forms, write_form};

use super::behaviours::CompiledModules;
use super::files::Disk;

/// The option with which `swerl_compile_program` says which file it read: `{source_file, Name}`.
const SOURCE: &str = "source_file";

/// What came of a compilation.
#[derive(Debug, Default)]
pub struct Compiled {
    /// The module's name and its BEAM file, if there was no error.
    pub beam: Option<(String, Vec<u8>)>,
    /// What `erlc` prints for all of it.
    pub printed: String,
    /// The same, one by one.
    pub messages: Vec<Message>,
    /// What has to be done first: nothing was compiled yet.
    pub transform: Option<Transform>,
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
            let printed = format!("{name}: {}\n", swerl_vm::error_text(swerl_vm::error_name(&error)));
            let descriptor = Literal::atom(swerl_vm::error_name(&error));
            let message = Message {
                is_error: true,
                file: name,
                place: None,
                text: printed.clone(),
                module: "compile",
                descriptor: Literal::tuple([Literal::atom("epp"), descriptor]),
            };
            Compiled { printed, messages: vec![message], ..Compiled::default() }
        }
    }
}

/// Compiles a text that came out of the file `name`. `options` is a list of terms, or a single one.
#[must_use]
pub fn source(name: &str, bytes: &[u8], options: &Literal) -> Compiled {
    text(name, bytes.to_vec(), as_list(options))
}

pub(super) fn as_list(options: &Literal) -> &[Literal] {
    match options {
        Literal::Nil => &[],
        Literal::List(options, _) => options,
        single => std::slice::from_ref(single),
    }
}

fn text(name: &str, bytes: Vec<u8>, terms: &[Literal]) -> Compiled {
    let source = SourceText { name: Arc::from(name), bytes };
    report(compile::compile(source, &read_options(name, terms), &Disk::of(terms)), name, terms)
}

/// Compiles forms in the abstract format; `name` is that of the file that they came from.
///
/// # Errors
/// When they are no forms.
pub fn forms(forms: &Literal, options: &Literal, name: &str) -> Result<Compiled, BadForm> {
    let (forms, sources) = read_forms(forms, name)?;
    let terms = as_list(options);
    let outcome = Outcome { sources, ..Outcome::default() };
    let mut options = read_options(name, terms);
    // Where the forms say that they came from is no source: only a caller who read one knows it.
    options.source = Some(
        information::tagged(terms, SOURCE).and_then(string).map_or_else(String::new, |name| absolute(&name)),
    );
    let mut outcome = compile::compile_forms(forms, &options, outcome);
    add_texts(&outcome.diagnostics, &mut outcome.sources);
    Ok(report(outcome, name, terms))
}

/// Compiles a text in Core Erlang that came out of the file `name`.
#[must_use]
pub fn core_source(name: &str, bytes: &[u8], options: &Literal) -> Compiled {
    let terms = as_list(options);
    let source = SourceText { name: Arc::from(name), bytes: bytes.to_vec() };
    report_core(compile::compile_core(source, &read_options(name, terms)), name, terms)
}

/// Compiles a module in Core Erlang as records; none if the term is no such module.
#[must_use]
pub fn core_tree(name: &str, tree: &Literal, options: &Literal) -> Option<Compiled> {
    let terms = as_list(options);
    let outcome = compile::compile_core_tree(tree, &read_options(name, terms))?;
    Some(report_core(outcome, name, terms))
}

/// What is wrong with a module that could be read is told of the module, not of its file.
fn report_core(outcome: Outcome, name: &str, terms: &[Literal]) -> Compiled {
    let of_module = outcome.module.filter(|_| diag::has_errors(&outcome.diagnostics));
    let name: &str = match of_module {
        Some(module) => module.as_str(),
        None => name,
    };
    report(outcome, name, terms)
}

/// Assembles the terms of a listing; `name` is that of the file that they came from. The module's name and its file.
///
/// # Errors
/// When they are no code: why.
pub fn assemble(code: &Literal, options: &Literal, name: &str) -> Result<(Atom, Vec<u8>), String> {
    compile::assemble(code, &read_options(name, as_list(options))).map_err(|error| error.to_string())
}

/// What the linter says of forms in the abstract format, in the order in which it finds it.
///
/// # Errors
/// When they are no forms.
pub fn lint_forms(forms: &Literal, options: &Literal, name: &str) -> Result<Compiled, BadForm> {
    let (forms, sources) = read_forms(forms, name)?;
    let terms = as_list(options);
    let diagnostics = lint_with(&forms, &sources, terms, &CompiledModules::of(terms));
    let messages =
        diagnostics.iter().map(|one| message(one, name, &sources, Rendering::Erlc(Style::USUAL))).collect();
    Ok(Compiled { messages, ..Compiled::default() })
}

/// Finds the texts that messages about forms are about, where they are still in their files.
fn add_texts(diagnostics: &[Diagnostic], sources: &mut SourceMap) {
    let places = diagnostics.iter().filter_map(|diagnostic| diagnostic.place);
    let names: BTreeSet<Arc<str>> = places.map(|place| sources.file_name(place.point()).clone()).collect();
    for name in names {
        add_text(&name, sources);
    }
}

fn add_text(name: &str, sources: &mut SourceMap) {
    if let Ok(bytes) = std::fs::read(name) {
        // Without it, messages come without an excerpt.
        let _ = lex::add_source(sources, name, &bytes);
    }
}

/// A message that the compiler itself does not have, as `erlc` prints it; column 0 means none.
#[must_use]
pub fn render(is_error: bool, file: &str, line: u32, column: u32, text: &str) -> String {
    let mut sources = SourceMap::new();
    let Ok(id) = sources.add_locations(file) else { return String::new() };
    let at = sources.add_location(id, Location { file: Arc::from(file), line, column });
    let place = Place::new(Span::new(id, at, at + 1));
    add_text(file, &mut sources);
    let diagnostic = match is_error {
        true => Diagnostic::error("compile", "foreign", place, text),
        false => Diagnostic::warning("compile", "foreign", place, text),
    };
    match column {
        0 => diag::erlc::render_in(&diagnostic, &sources, Style { columns: false, ..Style::USUAL }),
        _ => diag::erlc::render(&diagnostic, &sources),
    }
}

/// Forms with records and imported functions expanded, as `erl_expand_records` gives them.
///
/// # Errors
/// When they are no forms, or use records that they do not declare.
pub fn expand_records(forms: &Literal) -> Result<Literal, BadForm> {
    let bad = || BadForm { term: Box::new(forms.clone()) };
    let (mut read, sources) = read_forms(forms, "")?;
    expand_to_show(&mut read).map_err(|_| bad())?;
    let locate = Expanded(&sources);
    Ok(Literal::list(read.iter().map(|form| write_form(form, &locate)).collect()))
}

/// What users are told of a compilation, given the options that bear on it.
fn report(mut outcome: Outcome, name: &str, terms: &[Literal]) -> Compiled {
    let is_set = |name: &str| terms.contains(&Literal::atom(name));
    let are_errors = is_set("warnings_as_errors");
    let warnings_count =
        are_errors && !diag::has_errors(&outcome.diagnostics) && !outcome.diagnostics.is_empty();
    if warnings_count {
        outcome.file = None;
    }
    let Outcome { module, file, mut diagnostics, sources, transform, features: _, lines_only } = outcome;
    let rendering = Rendering::wanted(terms, lines_only);
    match rendering {
        Rendering::Erlc(Style { columns: false, .. }) => diag::sort_by_line(&mut diagnostics, &sources),
        Rendering::Erlc(_) | Rendering::Rich { .. } | Rendering::Json => {
            diag::sort(&mut diagnostics, &sources);
        }
    }
    let kinds: Vec<bool> = diagnostics.iter().map(Diagnostic::is_error).collect();
    if are_errors {
        // They look like errors, but are returned as what they are.
        diagnostics.iter_mut().for_each(|diagnostic| diagnostic.severity = Severity::Error);
    }
    let mut messages: Vec<Message> =
        diagnostics.iter().map(|one| message(one, name, &sources, rendering)).collect();
    if rendering.is_for_people() {
        let are_told = diag::worth_telling(&diagnostics, &sources);
        messages.iter_mut().zip(are_told).filter(|(_, is_told)| !is_told).for_each(|(message, _)| {
            message.text.clear();
        });
    }
    messages.iter_mut().zip(kinds).for_each(|(message, is_error)| message.is_error = is_error);
    let is_announced = warnings_count && is_set("report_warnings") && rendering != Rendering::Json;
    if let Some(first) = messages.first_mut().filter(|_| is_announced) {
        first.text.insert_str(0, "compile: warnings being treated as errors\n");
    }
    let printed = messages.iter().map(|message| message.text.as_str()).collect();
    let beam = module.zip(file).map(|(module, bytes)| (module.as_str().to_owned(), bytes));
    Compiled { beam, printed, messages, transform }
}

/// How messages are written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Rendering {
    /// As `erlc` writes them.
    Erlc(Style),
    /// For people, in colours or without.
    Rich {
        /// In colours.
        colours: bool,
    },
    /// For programs.
    Json,
}

impl Rendering {
    /// The compiler option that asks for it: `{diagnostics, Name}`.
    #[must_use]
    pub fn option(self) -> Literal {
        let name = match self {
            Self::Erlc(_) => "erlc",
            Self::Rich { colours: false } => "rich",
            Self::Rich { colours: true } => "coloured",
            Self::Json => "json",
        };
        Literal::tuple([Literal::atom("diagnostics"), Literal::atom(name)])
    }

    /// What the options ask for: as `erlc`, unless they say otherwise.
    fn wanted(terms: &[Literal], lines_only: bool) -> Self {
        let all = [Self::Rich { colours: false }, Self::Rich { colours: true }, Self::Json];
        let columns = !lines_only && !compile::wants_lines_only(terms);
        let style = Style { columns, excerpts: !terms.contains(&Literal::atom("brief")) };
        let usual = Self::Erlc(style);
        all.into_iter().find(|rendering| terms.contains(&rendering.option())).unwrap_or(usual)
    }

    fn is_for_people(self) -> bool {
        matches!(self, Self::Rich { .. })
    }
}

fn message(diagnostic: &Diagnostic, main: &str, sources: &SourceMap, rendering: Rendering) -> Message {
    let location = diagnostic.place.map(|place| sources.location(place.point()));
    Message {
        is_error: diagnostic.is_error(),
        file: location.as_ref().map_or(main, |location| &location.file).to_owned(),
        place: location.map(|location| (location.line, location.column)),
        text: match rendering {
            Rendering::Erlc(style) => diag::erlc::render_in(diagnostic, sources, style),
            Rendering::Rich { colours } => diag::rich::render(diagnostic, sources, colours),
            Rendering::Json => diag::json::render(diagnostic, sources),
        },
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
                "export_all" => options.export_all = true,
                "S" | "to_asm" | "diffable" => options.to_assembly = true,
                "to_core" | "to_core0" | "dcore" => options.to_core = true,
                _ => {}
            },
            Literal::Tuple(parts) => read_pair(parts, &mut options),
            _ => {}
        }
    }
    options.source = Some(absolute(name));
    options.behaviours = Some(Arc::new(CompiledModules::of(terms)));
    let own: Vec<Literal> = terms.iter().filter(|term| !is_our_own(term)).cloned().collect();
    options.terms = expand_options(&own);
    options
}

/// The absolute name of a file; empty if it has none.
fn absolute(name: &str) -> String {
    std::path::absolute(name).ok().and_then(|path| path.to_str().map(str::to_owned)).unwrap_or_default()
}

fn read_pair(parts: &[Literal], options: &mut Options) {
    let [Literal::Atom(name), rest @ ..] = parts else { return };
    match (name.as_str(), rest) {
        ("i", [folder @ (Literal::Str(_) | Literal::List(..))]) => {
            options.preprocessor.include_path.extend(string(folder))
        }
        ("d", [Literal::Atom(name)]) => options.preprocessor.defines.push(Define::flag(name.as_str())),
        ("d", [Literal::Atom(name), value]) => {
            options.preprocessor.defines.extend(Define::with_value(name.as_str(), &value.to_string()));
        }
        ("feature", [Literal::Atom(feature), Literal::Atom(what)]) => {
            let features: &mut Vec<Atom> = &mut options.preprocessor.features;
            let meant = if feature.as_str() == "all" { pp::all_features() } else { vec![*feature] };
            // What is no feature is kept at any rate: it is refused.
            let is_kept = |name: Atom| match what.as_str() {
                "enable" => true,
                "disable" => !pp::is_feature(name),
                _ => features.contains(&name),
            };
            let kept: Vec<Atom> = meant.iter().copied().filter(|&name| is_kept(name)).collect();
            features.retain(|known| !meant.contains(known));
            features.extend(kept);
        }
        _ => {}
    }
}

/// Options of swerl's own, and what is known otherwise; they leave no trace in the module.
fn is_our_own(term: &Literal) -> bool {
    match term {
        Literal::Tuple(parts) => {
            matches!(parts.first(), Some(Literal::Atom(name)) if matches!(name.as_str(), "diagnostics" | "code_path" | SOURCE))
        }
        _ => false,
    }
}

/// A string, or an atom in its place.
pub(super) fn string(term: &Literal) -> Option<String> {
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
