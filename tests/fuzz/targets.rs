//! What is fuzzed: four entries into swerl that take bytes from anywhere.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::path::Path;

use swerl_beam::{Literal, Module};
use swerl_lang::compile::{Options, Outcome, SourceText, compile, compile_core};
use swerl_lang::lex;
use swerl_lang::pp::{self, Includes, Item};
use swerl_lang::source::SourceMap;
use swerl_vm::code::check;

/// A thing to fuzz.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Target {
    /// Scanner and preprocessor.
    Text,
    /// The compiler, from text to a file that the machine takes.
    Program,
    /// The compiler of Core Erlang.
    Core,
    /// Reader and validator of compiled modules.
    Beam,
}

/// Programs that inputs are made from.
const SEEDS: [&str; 3] = ["conformance/lang", "conformance/lint", "conformance/proc"];
/// Longer ones are left out: short inputs are tried faster.
const LONGEST_SEED: u64 = 6_000;

impl Target {
    /// The target of this name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        [Self::Text, Self::Program, Self::Core, Self::Beam].into_iter().find(|target| target.name() == name)
    }

    /// Its name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Program => "program",
            Self::Core => "core",
            Self::Beam => "beam",
        }
    }

    /// Inputs to begin with.
    pub(crate) fn seeds(self) -> Vec<Vec<u8>> {
        let sources = SEEDS.into_iter().flat_map(programs);
        match self {
            Self::Text | Self::Program => sources.collect(),
            Self::Core => sources.filter_map(|source| compiled_to(&source, true)).collect(),
            Self::Beam => sources.filter_map(|source| compiled(&source)).collect(),
        }
    }

    /// Gives it an input; the number tells ways to behave apart.
    ///
    /// # Panics
    /// When it does what it must not.
    pub(crate) fn run(self, input: &[u8]) -> u64 {
        let mut ways = DefaultHasher::new();
        match self {
            Self::Text => text(input, &mut ways),
            Self::Program => program(input, &mut ways),
            Self::Core => core(input, &mut ways),
            Self::Beam => beam(input, &mut ways),
        }
        ways.finish()
    }
}

fn programs(folder: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let is_short = |entry: &std::fs::DirEntry| entry.metadata().is_ok_and(|data| data.len() < LONGEST_SEED);
    let mut paths: Vec<_> = entries.filter(is_short).map(|entry| entry.path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "erl"));
    paths.sort();
    paths.iter().filter_map(|path| std::fs::read(path).ok()).collect()
}

/// A world with one header in it.
struct OneHeader;

impl Includes for OneHeader {
    fn read(&self, path: &str) -> Option<Vec<u8>> {
        let header = "-ifndef(H).\n-define(H, 1).\n-define(M(X, Y), {X, ??Y, ?LINE}).\n-record(h, {a = ?H, b}).\n-endif.\n";
        path.ends_with(".hrl").then(|| header.into())
    }

    fn application_folder(&self, _application: &str) -> Option<String> {
        None
    }

    fn variable(&self, _name: &str) -> Option<String> {
        None
    }
}

fn text(input: &[u8], ways: &mut DefaultHasher) {
    let mut map = SourceMap::new();
    let Ok(main) = lex::add_source(&mut map, "fuzz.erl", input) else { return };
    match pp::preprocess(main, &mut map, &OneHeader, &pp::Options::default()) {
        Err(_) => 0.hash(ways),
        Ok(items) => {
            let mut seen: Vec<u64> = items.iter().map(shape).collect();
            seen.sort_unstable();
            seen.dedup();
            seen.hash(ways);
        }
    }
}

fn shape(item: &Item) -> u64 {
    let mut shape = DefaultHasher::new();
    match item {
        Item::Form(tokens) => {
            for token in tokens.iter().take(3) {
                std::mem::discriminant(&token.kind).hash(&mut shape);
            }
        }
        Item::Diagnostic(diagnostic) => diagnostic.code.hash(&mut shape),
        Item::File { .. } | Item::Eof(_) => {}
    }
    shape.finish()
}

fn options() -> Options {
    Options { terms: vec![Literal::atom("debug_info")], ..Options::default() }
}

fn compiled(source: &[u8]) -> Option<Vec<u8>> {
    compiled_to(source, false)
}

fn compiled_to(source: &[u8], to_core: bool) -> Option<Vec<u8>> {
    let source = SourceText { name: "fuzz.erl".into(), bytes: source.to_vec() };
    compile(source, &Options { to_core, ..Options::default() }, &OneHeader).file
}

fn program(input: &[u8], ways: &mut DefaultHasher) {
    let source = SourceText { name: "fuzz.erl".into(), bytes: input.to_vec() };
    look_at(compile(source, &options(), &OneHeader), ways);
}

fn core(input: &[u8], ways: &mut DefaultHasher) {
    let source = SourceText { name: "fuzz.core".into(), bytes: input.to_vec() };
    look_at(compile_core(source, &options()), ways);
}

/// Whatever came of a compilation can be told, and what is compiled can be run.
fn look_at(outcome: Outcome, ways: &mut DefaultHasher) {
    let mut codes: Vec<_> = outcome.diagnostics.iter().map(|diagnostic| diagnostic.code).collect();
    codes.sort_unstable();
    codes.dedup();
    codes.hash(ways);
    for diagnostic in &outcome.diagnostics {
        let _ = swerl_lang::diag::erlc::render(diagnostic, &outcome.sources);
        let _ = swerl_lang::diag::rich::render(diagnostic, &outcome.sources, false);
        let _ = swerl_lang::diag::json::render(diagnostic, &outcome.sources);
    }
    if let Some(file) = outcome.file {
        let module = Module::read(&file).expect("the compiler writes what the reader reads");
        check(&file).expect("the compiler writes what the machine takes");
        let mut operations: Vec<_> = module.code.iter().map(|instr| instr.op.name()).collect();
        operations.sort_unstable();
        operations.dedup();
        operations.hash(ways);
    }
}

fn beam(input: &[u8], ways: &mut DefaultHasher) {
    match Module::read(input) {
        Err(error) => (0, kind(&error.to_string())).hash(ways),
        Ok(module) => match check(input) {
            Err(error) => (1, kind(&error.to_string())).hash(ways),
            Ok(functions) => (2, functions, module.code.len() / 8, module.literals.len()).hash(ways),
        },
    }
}

/// A message without its numbers.
fn kind(message: &str) -> String {
    message.chars().filter(|c| !c.is_ascii_digit()).take(60).collect()
}
