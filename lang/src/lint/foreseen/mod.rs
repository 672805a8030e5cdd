//! What can be foreseen without running the program: clauses that cannot match, calls that must fail, and
//! values that nobody uses.
//!
//! `erlc` comes upon these while it optimises, and only in modules without errors. Here each function is walked
//! once with what is known of its variables; messages, their places and what keeps quiet (a `case` over a
//! constant, `_ = f()`) follow `v3_core`, `sys_core_fold` and `v3_kernel` of OTP 25.

mod bits;
mod branches;
mod called_next;
mod calls;
mod comprehensions;
mod expr;
mod known;
mod maps;
mod matches;
mod occurrences;
mod pattern;
mod reach;
mod records;

use super::options::Options;
use crate::ast::{Clause, Form, FormKind, FunctionName, Place, RecordDecl};
use crate::diag::Diagnostic;
use crate::lex::write_atom;
use crate::source::SourceMap;
use branches::Branches;
use known::Known;
use occurrences::Occurrences;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;
use swerl_beam::{Atom, Literal};

/// What is known of the variables that are bound.
type Env = imbl::HashMap<Atom, Known>;

/// What becomes of the value of an expression.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Wanted {
    /// It is used.
    Value,
    /// Only what the evaluation does counts.
    Effect,
}

/// Whose message it is: decides over the switch that turns it off.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    /// `nowarn_nomatch`.
    NoMatch,
    /// `nowarn_failed`.
    Failed,
    /// `nowarn_ignored`.
    Ignored,
    /// Always on.
    Other,
}

/// Looks ahead in all functions of a module without errors. `options` are those of the compilation.
#[must_use]
pub fn foreseen(forms: &[Form], map: &SourceMap, options: &[Literal]) -> Vec<Diagnostic> {
    let mut foresight = Foresight::new(forms, map, Options::new(forms, options));
    for form in forms {
        if let FormKind::Function(function) = &form.kind {
            let name = FunctionName { name: function.name, arity: function.arity };
            foresight.function(form.place, name, &function.clauses);
        }
    }
    foresight.diagnostics
}

struct Foresight<'a> {
    map: &'a SourceMap,
    options: Options,
    /// Functions of the module.
    locals: HashSet<FunctionName>,
    imports: HashMap<FunctionName, Atom>,
    records: HashMap<Atom, &'a RecordDecl>,
    /// How often each variable is written in the function at hand.
    occurrences: Occurrences,
    /// Calls of funs that were just named and have no other use, by the places of the names: where the funs stand,
    /// and their clauses.
    called_next: HashMap<Place, (Place, Rc<[Clause]>)>,
    /// Where something was told already, and what.
    told: HashSet<(Place, &'static str)>,
    diagnostics: Vec<Diagnostic>,
    /// Whether the last message was not one too many.
    has_told: bool,
    /// While above zero, nothing is told.
    muted: usize,
    /// In a term that is built for nothing: its parts are not told of again.
    in_useless_term: bool,
    /// In a guard.
    in_guard: bool,
    /// In what a comprehension appends to a bit string.
    is_appended: bool,
    /// In what `_` or a name like it is bound to: its value may be for nothing.
    is_unwanted: bool,
    /// In an expression whose value was wanted until it was found that nobody uses it.
    is_dropped: bool,
    /// In an expression that another one follows.
    is_followed: bool,
    /// A bit string was seen on the way here that cannot be built: code generation drops what follows.
    has_failed: bool,
    /// The expression that was seen last failed as a part of it did.
    lacks_value: bool,
    /// The match that was seen last fails by a test behind its pattern: what follows it was looked at before.
    fails_late: bool,
}

impl<'a> Foresight<'a> {
    fn new(forms: &'a [Form], map: &'a SourceMap, options: Options) -> Self {
        let (mut locals, mut imports, mut records) = (HashSet::new(), HashMap::new(), HashMap::new());
        for form in forms {
            match &form.kind {
                FormKind::Function(function) => {
                    locals.insert(FunctionName { name: function.name, arity: function.arity });
                }
                FormKind::Import(import) => {
                    imports.extend(import.functions.iter().map(|function| (*function, import.module)));
                }
                FormKind::Record(record) => {
                    records.insert(record.name, record);
                }
                _ => {}
            }
        }
        Self {
            map,
            options,
            locals,
            imports,
            records,
            occurrences: Occurrences::default(),
            called_next: HashMap::new(),
            told: HashSet::new(),
            diagnostics: Vec::new(),
            has_told: false,
            muted: 0,
            in_useless_term: false,
            in_guard: false,
            is_unwanted: false,
            is_appended: false,
            is_dropped: false,
            is_followed: false,
            has_failed: false,
            lacks_value: false,
            fails_late: false,
        }
    }

    fn function(&mut self, place: Place, name: FunctionName, clauses: &[Clause]) {
        self.occurrences = Occurrences::of(clauses);
        self.has_failed = false;
        self.lacks_value = false;
        for clause in clauses {
            clause.each_child(&mut |expr| self.repeated_keys(expr));
        }
        let subjects: Vec<Known> = (0..name.arity).map(|_| self.fresh()).collect();
        let what = Branches { place, function: Some(name), warns_of_none: true, warns_of_shadow: true };
        self.branches(what, &subjects, clauses, Wanted::Value, &Env::new());
    }

    /// A variable of which nothing is known.
    fn fresh(&self) -> Known {
        Known::Variable
    }

    fn line(&self, place: Place) -> u32 {
        self.map.line(place.point())
    }

    fn tell(
        &mut self,
        kind: Kind,
        module: &'static str,
        place: Place,
        descriptor: Literal,
        message: impl Into<String>,
    ) {
        let (code, switch) = match kind {
            Kind::NoMatch => ("nomatch", "nowarn_nomatch"),
            Kind::Failed => ("failed", "nowarn_failed"),
            Kind::Ignored => ("ignored", "nowarn_ignored"),
            Kind::Other => ("map_key_repeated", ""),
        };
        self.has_told = false;
        let is_off = |name: &str| self.options.all.contains(&Literal::atom(name));
        if self.muted > 0 || is_off(switch) || (!switch.is_empty() && is_off("nowarn_opportunistic")) {
            return;
        }
        let message = message.into();
        let is_known = |known: &&Diagnostic| known.place == Some(place) && known.message == message;
        if !self.told.insert((place, code)) && self.diagnostics.iter().any(|known| is_known(&known)) {
            return;
        }
        let descriptor =
            if kind == Kind::Other { descriptor } else { Literal::tuple([Literal::atom(code), descriptor]) };
        self.diagnostics.push(Diagnostic::warning(module, code, place, message).with_descriptor(descriptor));
        self.has_told = true;
    }

    /// Adds to what was just told, if it was, what helps a reader.
    fn explain(&mut self, add: impl FnOnce(Diagnostic) -> Diagnostic) {
        if self.has_told
            && let Some(diagnostic) = self.diagnostics.pop()
        {
            self.diagnostics.push(add(diagnostic));
        }
    }

    /// Runs without telling anything.
    fn quietly<T>(&mut self, run: impl FnOnce(&mut Self) -> T) -> T {
        self.muted += 1;
        let result = run(self);
        self.muted -= 1;
        result
    }

    /// What fails on the way may be caught before it goes on.
    fn apart<T>(&mut self, run: impl FnOnce(&mut Self) -> T) -> T {
        let had_failed = self.has_failed;
        let result = run(self);
        self.has_failed = had_failed;
        result
    }

    /// Whether this variable is written nowhere else, and not on purpose.
    fn is_unused(&self, name: Atom) -> bool {
        self.occurrences.is_unused(name) && !name.as_str().starts_with('_')
    }

    /// The module of a function called without one, where it is known.
    fn module_of(&self, function: FunctionName) -> Option<Atom> {
        if self.locals.contains(&function) {
            return None;
        }
        if let Some(module) = self.imports.get(&function) {
            return Some(*module);
        }
        let is_suppressed = self.options.no_auto_import || self.options.no_auto_imports.contains(&function);
        (!is_suppressed && super::is_auto_imported(function)).then(|| Atom::new("erlang"))
    }
}

/// A function's name as messages give it.
fn function_text(name: &str, arity: usize) -> String {
    format!("{}/{arity}", write_atom(name))
}

#[cfg(test)]
mod tests;
