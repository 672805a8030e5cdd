//! The compiler: the passes in their order, from a text to a BEAM file.
//!
//! [`compile`] does no IO of its own. It never stops at the first fault: what each pass found is in the
//! [`Outcome`], with the texts that it points into.

mod attributes;
pub mod information;
mod remarks;

pub use crate::pp::{Define, Includes, NoFiles};

use crate::ast::{Form, FormKind, Place};
use crate::codegen::{ModuleCode, generate};
use crate::core::FunctionId;
use crate::core::lift::lift;
use crate::core::lower::{Lowered, has_behaviour_info, lower, lower_cerl};
use crate::core::raise::raise;
use crate::diag::{Diagnostic, compare, has_errors, write_term};
use crate::host::{parse_descriptor, parse_message};
use crate::source::{SourceMap, Span};
use crate::ssa::arithmetic::fold_arithmetic;
use crate::ssa::build::build;
use crate::ssa::common::share_results;
use crate::ssa::delay::delay_fetches;
use crate::ssa::errors::use_error_instructions;
use crate::ssa::inline::inline;
use crate::ssa::joins::{merge_blocks, straighten};
use crate::ssa::markers::insert_markers;
use crate::ssa::positions::remove_idle_positions;
use crate::ssa::returning::end_at_dead_calls;
use crate::ssa::simplify::simplify;
use crate::ssa::sink::sink;
use crate::ssa::types::use_types;
use crate::ssa::unused::remove_unused;
use crate::ssa::updates::simplify_updates;
use crate::ssa::zeros::unite_zeros;
use crate::stack::with_room;
use crate::syntax::forms::{LineAndColumn, write_form};
use crate::syntax::parse_item;
use crate::{cerl, expand, lex, lint, pp};
use information::Information;
use remarks::Remarks;
use std::collections::HashSet;
use std::sync::Arc;
use swerl_beam::{AssembleError, Atom, Literal, Module};

/// A text and its name.
#[derive(Clone, Debug)]
pub struct SourceText {
    /// The name of the file as the user gave it.
    pub name: Arc<str>,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// How to compile.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// What the preprocessor is told.
    pub preprocessor: pp::Options,
    /// Whether all functions are exported.
    pub export_all: bool,
    /// Whether to give a listing of the code instead of the file.
    pub to_assembly: bool,
    /// Whether to give the program in Core Erlang instead of the file.
    pub to_core: bool,
    /// The absolute name of the source, for `module_info(compile)`; the name it was given, if there is none.
    pub source: Option<String>,
    /// Behaviours beside those of OTP.
    pub behaviours: Option<Arc<dyn lint::Behaviours>>,
    /// Further options, as OTP's `compile` takes them: those of the linter among them, and all that
    /// `module_info(compile)` is to show.
    pub terms: Vec<Literal>,
}

/// Forms of a program that other modules are to rewrite.
#[derive(Debug)]
pub struct Transform {
    /// These modules, one after the other.
    pub modules: Vec<Atom>,
    /// The forms in the abstract format, with `{error, Info}` and `{warning, Info}` where something is wrong.
    pub forms: Literal,
}

/// What came of a compilation.
#[derive(Debug, Default)]
pub struct Outcome {
    /// The module's name, if the source gives one.
    pub module: Option<Atom>,
    /// The BEAM file, if there was no error; with [`Options::to_assembly`] or
    /// [`Options::to_core`], the text.
    pub file: Option<Vec<u8>>,
    /// Errors and warnings.
    pub diagnostics: Vec<Diagnostic>,
    /// The texts that the diagnostics point into.
    pub sources: SourceMap,
    /// What has to be done first: nothing was compiled yet.
    pub transform: Option<Transform>,
    /// The features of the language that a text enabled; none where no text was read.
    pub features: Option<Vec<Atom>>,
    /// The program itself asks for places without columns.
    pub lines_only: bool,
}

/// Do these options ask for places without columns?
#[must_use]
pub fn wants_lines_only(options: &[Literal]) -> bool {
    options.contains(&Literal::tuple([Literal::atom("error_location"), Literal::atom("line")]))
}

/// Compiles a text.
#[must_use]
pub fn compile(source: SourceText, options: &Options, includes: &dyn Includes) -> Outcome {
    let mut outcome = Outcome::default();
    let Some(items) = read(source, options, includes, &mut outcome) else { return outcome };
    with_room(move || {
        let parsed: Vec<_> = items.into_iter().map(parse_item).collect();
        let modules = attributes::transforms(parsed.iter().flatten(), &options.terms);
        if !modules.is_empty() {
            outcome.transform = Some(Transform { modules, forms: write_parsed(&parsed, &outcome.sources) });
            return outcome;
        }
        let mut forms = Vec::with_capacity(parsed.len());
        for parsed in parsed {
            match parsed {
                Ok(form) => forms.push(form),
                Err(diagnostic) => outcome.diagnostics.push(diagnostic),
            }
        }
        compile_here(forms, options, outcome)
    })
}

/// What was read of a file, in the abstract format.
fn write_parsed(parsed: &[Result<Form, Diagnostic>], sources: &SourceMap) -> Literal {
    let locate = LineAndColumn(sources);
    let forms = parsed.iter().map(|parsed| match parsed {
        Ok(form) => write_form(form, &locate),
        Err(diagnostic) => {
            let tag = if diagnostic.is_error() { "error" } else { "warning" };
            Literal::tuple([Literal::atom(tag), diagnostic.error_info(sources)])
        }
    });
    Literal::list(forms.collect())
}

/// Compiles forms: the second half of [`compile`]. `outcome` holds the texts that they stand in, and what was
/// found so far.
#[must_use]
pub fn compile_forms(forms: Vec<Form>, options: &Options, outcome: Outcome) -> Outcome {
    with_room(move || compile_here(forms, options, outcome))
}

/// Assembles code that a listing gave: `{Module, Exports, Attributes, Functions, LabelCount}`.
///
/// # Errors
/// When the term is no such code.
pub fn assemble(code: &Literal, options: &Options) -> Result<(Atom, Vec<u8>), AssembleError> {
    let mut module = Module::assemble(code)?;
    let name = module.name.ok_or(AssembleError::NotAModule)?;
    let source = options.source.clone().unwrap_or_default();
    let information = Information { given: &options.terms, all: &options.terms, source: &source };
    module.compile_info = Some(information.compile_info());
    module.other_chunks.push((*b"Dbgi", information.debug_chunk(|| Literal::atom("none")).to_etf()));
    module.other_chunks.extend(information.extra_chunks());
    module.seal();
    Ok((name, module.write()))
}

/// Compiles a text in Core Erlang.
#[must_use]
pub fn compile_core(source: SourceText, options: &Options) -> Outcome {
    let mut outcome = Outcome::default();
    let main = match lex::add_source(&mut outcome.sources, source.name, &source.bytes) {
        Ok(main) => main,
        Err(error) => {
            outcome.diagnostics.push(whole_file(error.to_string()));
            return outcome;
        }
    };
    let text = outcome.sources.text_of(main).to_owned();
    let place = |start: u32, end: u32| Place::new(Span::new(main, start, end.max(start)));
    let tokens = match cerl::scan(&text, 1) {
        Ok(tokens) => tokens,
        Err(error) => {
            let at = place(error.start, error.start);
            let diagnostic = Diagnostic::error("core_scan", "scan", at, error.kind.message());
            outcome.diagnostics.push(diagnostic.with_descriptor(error.kind.descriptor()));
            return outcome;
        }
    };
    with_room(move || match cerl::parse(&tokens) {
        Ok(module) => core_here(&module, options, outcome),
        Err(error) => {
            let at = match (tokens.get(error.at), tokens.last()) {
                (Some(token), _) => place(token.start, token.end),
                (None, Some(last)) => place(last.end, last.end),
                (None, None) => place(0, 0),
            };
            let diagnostic =
                Diagnostic::error("core_parse", "syntax_error", at, parse_message(error, &tokens).concat());
            outcome.diagnostics.push(diagnostic.with_descriptor(parse_descriptor(error, &tokens)));
            outcome
        }
    })
}

/// Compiles a module in Core Erlang, given as records; none if the term is no such module.
#[must_use]
pub fn compile_core_tree(tree: &Literal, options: &Options) -> Option<Outcome> {
    with_room(|| {
        let module = cerl::read_module(tree).ok()?;
        Some(core_here(&module, options, Outcome::default()))
    })
}

fn core_here(module: &cerl::Module, options: &Options, mut outcome: Outcome) -> Outcome {
    outcome.module = Some(module.name);
    let mut faults = cerl::lint(module);
    faults.sort_by(|a, b| compare(&a.descriptor, &b.descriptor));
    if !faults.is_empty() {
        outcome.diagnostics.extend(faults.into_iter().map(|fault| {
            let diagnostic = Diagnostic::error("core_lint", "core_lint", Place::default(), fault.message);
            diagnostic.without_place().with_descriptor(fault.descriptor)
        }));
        return outcome;
    }
    if options.to_core {
        outcome.file = Some(cerl::print(module).into_bytes());
        return outcome;
    }
    let lowered = match lower_cerl(module, information::is_set(&options.terms, "inline_list_funcs")) {
        Ok(lowered) => lowered,
        Err(unsupported) => {
            outcome.diagnostics.push(whole_file(unsupported.to_string()));
            return outcome;
        }
    };
    let source = options.source.clone().unwrap_or_default();
    let information = Information { given: &options.terms, all: &options.terms, source: &source };
    let debug_info = information.debug_chunk(|| Literal::atom("none"));
    let facts = Facts {
        exports: module.exports.clone(),
        on_load: attributes::core_on_load(&module.attributes),
        attributes: attributes::core_chunk(&module.attributes),
        inlined: Vec::new(),
    };
    finish(module.name, facts, lowered, debug_info, &information, options, outcome)
}

fn compile_here(mut forms: Vec<Form>, options: &Options, mut outcome: Outcome) -> Outcome {
    outcome.module = forms.iter().find_map(|form| match form.kind {
        FormKind::Module(name) => Some(name),
        _ => None,
    });
    outcome.lines_only = wants_lines_only(&attributes::compile_options(&forms));
    let behaviours = options.behaviours.as_deref().unwrap_or(&lint::NoBehaviours);
    if !information::is_set(&options.terms, "no_lint") {
        outcome.diagnostics.extend(lint::lint_with(&forms, &outcome.sources, &options.terms, behaviours));
    }
    let Some(name) = outcome.module.filter(|_| !has_errors(&outcome.diagnostics)) else {
        lint::advise(&mut outcome.diagnostics, &forms, &outcome.sources);
        return outcome;
    };
    outcome.diagnostics.extend(lint::foreseen(&forms, &outcome.sources, &options.terms));
    lint::advise(&mut outcome.diagnostics, &forms, &outcome.sources);
    let mut all_options = information::expand_options(&attributes::compile_options(&forms));
    all_options.extend(options.terms.iter().cloned());
    if let Some(option) = information::obsolete_option(&all_options) {
        let text = format!("the {} option is no longer supported", write_term(&Literal::Atom(option)));
        outcome.diagnostics.push(
            whole_file(text)
                .with_descriptor(Literal::tuple([Literal::atom("obsolete_option"), Literal::Atom(option)])),
        );
        return outcome;
    }
    if let Some(option) = information::unsupported_option(&all_options) {
        let text = format!("the {} option is not supported here", write_term(&Literal::Atom(option)));
        let descriptor = Literal::tuple([Literal::atom("unsupported_option"), Literal::Atom(option)]);
        outcome.diagnostics.push(whole_file(text).with_descriptor(descriptor));
        return outcome;
    }
    let source = match &options.source {
        Some(source) => source.clone(),
        None => outcome.sources.files().next().map(|(_, file)| file.name().to_string()).unwrap_or_default(),
    };
    let information = Information { given: &options.terms, all: &all_options, source: &source };
    let debug_info = information.debug_chunk(|| {
        let locate = LineAndColumn(&outcome.sources);
        Literal::list(forms.iter().map(|form| write_form(form, &locate)).collect())
    });
    if let Err(fault) = expand::expand(&mut forms) {
        outcome.diagnostics.push(whole_file(fault.to_string()));
        return outcome;
    }
    let lowered =
        lower(name, &forms, &outcome.sources, information::is_set(&all_options, "inline_list_funcs"));
    if options.to_core {
        let module = raise(name, all_exports(&forms, options, &lowered), attributes::all(&forms), &lowered);
        outcome.file = Some(cerl::print(&module).into_bytes());
        return outcome;
    }
    let facts = Facts {
        exports: all_exports(&forms, options, &lowered),
        on_load: attributes::on_load(&forms),
        attributes: attributes::chunk(&forms),
        inlined: attributes::inlined(&forms, &options.terms),
    };
    finish(name, facts, lowered, debug_info, &information, options, outcome)
}

/// What a module says of itself.
struct Facts {
    exports: Vec<(Atom, u32)>,
    on_load: Option<(Atom, u32)>,
    attributes: Literal,
    inlined: Vec<(Atom, u32)>,
}

/// From the core language to the file.
fn finish(
    name: Atom,
    facts: Facts,
    lowered: Lowered,
    debug_info: Literal,
    information: &Information<'_>,
    options: &Options,
    mut outcome: Outcome,
) -> Outcome {
    let attributes = facts.attributes.clone();
    let mut remarks = Remarks::wanted(information, &outcome.sources);
    let code = module_code(name, facts, lowered, information, debug_info, &mut remarks);
    outcome.diagnostics.extend(remarks.warnings(&mut outcome.sources));
    match generate(code) {
        Ok(mut module) if options.to_assembly => {
            // The version that follows from the code comes with the code.
            module.attributes = Some(attributes);
            let listing = match information::is_set(information.all, "diffable") {
                true => module.diffable_listing(),
                false => module.listing(),
            };
            outcome.file = Some(listing.into_bytes());
        }
        Ok(mut module) => {
            module.other_chunks.extend(information.extra_chunks());
            if let Some(features) = &outcome.features {
                module.other_chunks.push((*b"Meta", attributes::features_chunk(features).to_etf()));
            }
            if information.is_slim() {
                module.make_slim();
            }
            outcome.file = Some(module.write_with(information.write_options()));
        }
        Err((function, arity)) => {
            let text =
                format!("function {function}/{arity} too large: more than 1023 values are needed at once");
            outcome.diagnostics.push(whole_file(text));
        }
    }
    outcome
}

fn whole_file(text: String) -> Diagnostic {
    Diagnostic::error("compile", "internal_limit", Place::default(), text).without_place()
}

/// From bytes to the tokens of forms; none if the text could not be read at all.
fn read(
    source: SourceText,
    options: &Options,
    includes: &dyn Includes,
    outcome: &mut Outcome,
) -> Option<Vec<pp::Item>> {
    let main = match lex::add_source(&mut outcome.sources, source.name, &source.bytes) {
        Ok(main) => main,
        Err(error) => {
            outcome.diagnostics.push(whole_file(error.to_string()));
            return None;
        }
    };
    if let Some(fault) = pp::unknown_features(&options.preprocessor) {
        outcome.diagnostics.push(fault);
        return None;
    }
    match pp::preprocess_with_features(main, &mut outcome.sources, includes, &options.preprocessor) {
        Ok((items, features)) => {
            outcome.features = Some(features);
            Some(items)
        }
        Err(text) => {
            outcome.diagnostics.push(whole_file(text));
            None
        }
    }
}

/// The functions that others may call.
fn all_exports(forms: &[Form], options: &Options, lowered: &Lowered) -> Vec<(Atom, u32)> {
    let mut exports = attributes::exports(forms);
    if has_behaviour_info(forms) {
        exports.push((Atom::new("behaviour_info"), 1));
    }
    exports.extend([(Atom::new("module_info"), 0), (Atom::new("module_info"), 1)]);
    if options.export_all || attributes::has_compile_option(forms, "export_all") {
        let all = lowered.functions[..lowered.nests.len()].iter();
        exports.extend(all.map(|function| {
            (function.name, u32::try_from(function.params.len()).expect("arities are small"))
        }));
    }
    let mut seen = HashSet::new();
    exports.retain(|function| seen.insert(*function));
    exports
}

fn module_code(
    name: Atom,
    facts: Facts,
    lowered: Lowered,
    information: &Information<'_>,
    debug_info: Literal,
    remarks: &mut Remarks,
) -> ModuleCode {
    let Facts { exports, on_load, attributes, inlined } = facts;
    let Lowered { mut functions, nests, mut constants, patterns, lines, .. } = lowered;
    let source_functions = nests.len();
    for (outer, nested) in (0..).map(FunctionId).zip(&nests) {
        lift(&mut functions, outer, nested, &patterns);
    }
    let mut built: Vec<_> = functions
        .iter()
        .map(|function| {
            let mut function = build(function, &patterns);
            straighten(&mut function);
            simplify(&mut function);
            merge_blocks(&mut function);
            function
        })
        .collect();
    insert_markers(&mut built);
    end_at_dead_calls(&mut built);
    for function in &mut built {
        use_error_instructions(function);
        simplify(function);
    }
    let small = information.inline_size();
    if !inlined.is_empty() || small.is_some() {
        let is_wanted = |(at, function): (usize, &crate::ssa::Function)| {
            let is_named = |arity| inlined.contains(&(function.name, arity));
            at < source_functions
                && (u32::try_from(function.params.len()).is_ok_and(is_named)
                    || small.is_some_and(|most| function.size() <= most))
        };
        let wanted: Vec<bool> = built.iter().enumerate().map(is_wanted).collect();
        inline(&mut built, &wanted);
        for function in &mut built {
            straighten(function);
            merge_blocks(function);
        }
    }
    let on_load = on_load.and_then(|(name, arity)| {
        let is_it = |function: &crate::ssa::Function| {
            function.name == name && u32::try_from(function.params.len()) == Ok(arity)
        };
        let at = built[..source_functions].iter().position(is_it)?;
        u32::try_from(at).ok().map(FunctionId)
    });
    let is_root = |function: &crate::ssa::Function| {
        let arity = u32::try_from(function.params.len()).expect("arities are small");
        exports.contains(&(function.name, arity))
    };
    let mut roots: Vec<FunctionId> = (0..)
        .map(FunctionId)
        .zip(&built[..source_functions])
        .filter(|(_, function)| is_root(function))
        .map(|(id, _)| id)
        .collect();
    roots.extend(on_load);
    let numbers = remove_unused(&mut built, &roots);
    let roots: Vec<FunctionId> = roots.iter().filter_map(|id| numbers[id.index()]).collect();
    remarks.look_at_receives(&built, &lines);
    let types = use_types(&mut built, &roots, &mut constants);
    for function in &mut built {
        straighten(function);
        fold_arithmetic(function, &mut constants);
        simplify(function);
        merge_blocks(function);
        simplify_updates(function);
        share_results(function);
    }
    let on_load = on_load.and_then(|id| numbers[id.index()]);
    remarks.pass_contexts(&mut built, &lines);
    for function in &mut built {
        remove_idle_positions(function);
        simplify(function);
        merge_blocks(function);
        sink(function);
        delay_fetches(function);
    }
    unite_zeros(&mut built, &constants);
    ModuleCode {
        name,
        functions: built,
        exports,
        on_load,
        types,
        constants,
        lines,
        attributes,
        compile_info: information.compile_info(),
        debug_info: Some(debug_info),
    }
}
