//! Functions: defined once, called only when defined, and not for nothing.

use super::Linter;
use super::auto_imported::is_auto_imported;
use super::options::{flatten, tagged};
use super::scope::most_similar;
use crate::ast::{Form, FormKind, Function, FunctionName, Place};
use crate::lex::write_atom;
use crate::source::Span;
use std::collections::HashSet;
use swerl_beam::Literal;

/// A function has at most this many arguments.
const MOST_ARGUMENTS: u32 = 255;

impl Linter<'_> {
    pub(super) fn function(&mut self, place: Place, function: &Function) {
        let name = FunctionName { name: function.name, arity: function.arity };
        self.function = Some(name);
        self.define(place, name);
        for clause in &function.clauses {
            self.function_clause(clause);
        }
        self.function = None;
    }

    fn define(&mut self, place: Place, name: FunctionName) {
        let term = Self::function_term(name);
        if self.defined.contains(&name) || Self::is_pseudo_local(name) {
            let message = format!("function {} already defined", Self::function_text(name));
            self.error(place, "redefine_function", &[term], message);
            let is_it = |form: &&Form| matches!(&form.kind, FormKind::Function(function) if function.name == name.name && function.arity == name.arity);
            let first = self.forms.iter().find(is_it).map(|form| form.place);
            return self.explain(|diagnostic| match first {
                Some(first) => {
                    let word = Span {
                        end: first.span.start + u32::try_from(name.name.as_str().len()).unwrap_or(0),
                        ..first.span
                    };
                    diagnostic
                        .with_label(word, "defined here")
                        .with_help("clauses of one function are separated by `;`, not by a full stop")
                }
                None => diagnostic,
            });
        }
        if name.arity > MOST_ARGUMENTS {
            let message =
                format!("too many arguments ({}) - maximum allowed is {MOST_ARGUMENTS}", name.arity);
            self.error(place, "too_many_arguments", &[Literal::Int(name.arity.into())], message);
        }
        self.defined.insert(name);
        if self.imports.contains_key(&name) {
            let message = format!("defining imported function {}", Self::function_text(name));
            self.error(place, "define_import", &[term], message);
        }
    }

    /// Functions that every module has.
    pub(super) fn is_pseudo_local(name: FunctionName) -> bool {
        matches!((name.name.as_str(), name.arity), ("module_info", 0 | 1) | ("record_info", 2))
    }

    pub(super) fn check_undefined_functions(&mut self) {
        // A header that is read twice calls from the same place twice.
        let mut told = HashSet::new();
        for called in std::mem::take(&mut self.called) {
            let point = called.place.point();
            let place = (self.map.file_name(point).clone(), self.map.line(point), self.map.column(point));
            if !self.defined.contains(&called.function)
                && !Self::is_pseudo_local(called.function)
                && told.insert((called.function, place))
            {
                let message = format!("function {} undefined", Self::function_text(called.function));
                let term = Self::function_term(called.function);
                let help = self.similar_function(called.function);
                self.error(called.place, "undefined_function", &[term], message);
                self.explain(|diagnostic| match help {
                    Some(help) => diagnostic.with_help(help),
                    None => diagnostic,
                });
            }
        }
    }

    /// What may have been meant by the name of a function that does not exist.
    fn similar_function(&self, function: FunctionName) -> Option<String> {
        let mut arities: Vec<u32> = self
            .defined
            .iter()
            .filter(|known| known.name == function.name)
            .map(|known| known.arity)
            .collect();
        arities.sort_unstable();
        if let Some(arity) = arities.first() {
            return Some(format!("there is {}/{arity}", write_atom(function.name.as_str())));
        }
        let similar =
            self.defined.iter().filter(|known| known.arity == function.arity).map(|known| known.name);
        let automatic = (0..4).find(|&arity| is_auto_imported(FunctionName { arity, ..function }));
        if let Some(arity) = automatic {
            return Some(format!("there is {}/{arity}", write_atom(function.name.as_str())));
        }
        let name = most_similar(function.name, similar)?;
        Some(format!("did you mean {}?", Self::function_text(FunctionName { name, ..function })))
    }

    /// Warns of functions that cannot be reached from an exported one.
    pub(super) fn check_unused_functions(&mut self) {
        if self.options.exports_all || !self.options.unused_function {
            return;
        }
        let mut reached: HashSet<FunctionName> = HashSet::new();
        let mut rest: Vec<FunctionName> = self.exports.iter().copied().collect();
        rest.extend(self.on_load.iter().map(|(_, function)| *function));
        while let Some(function) = rest.pop() {
            if reached.insert(function) {
                rest.extend(self.calls.get(&Some(function)).into_iter().flatten().copied());
            }
        }
        for form in self.forms {
            if let FormKind::Function(Function { name, arity, .. }) = &form.kind {
                let function = FunctionName { name: *name, arity: *arity };
                let is_given = Self::is_pseudo_local(function);
                if is_given
                    || reached.contains(&function)
                    || self.options.nowarn_unused_functions.contains(&function)
                {
                    continue;
                }
                let message = format!("function {} is unused", Self::function_text(function));
                self.warning(form.place, "unused_function", &[Self::function_term(function)], message);
            }
        }
    }

    pub(super) fn check_unused_imports(&mut self) {
        if !self.options.unused_import {
            return;
        }
        for (place, function, module) in std::mem::take(&mut self.import_places) {
            if self.used_imports.contains(&function) {
                continue;
            }
            let module_text = write_atom(module.as_str());
            let message = format!("import {module_text}:{} is unused", Self::function_text(function));
            let term = Literal::tuple([Self::function_term(function), Literal::Atom(module)]);
            self.warning(place, "unused_import", &[term], message);
        }
    }

    /// Warns of records of the file itself, not of its headers, that are never used.
    pub(super) fn check_unused_records(&mut self) {
        let (true, Some(main)) = (self.options.unused_record, self.main_file()) else { return };
        let mut unused: Vec<_> = self
            .records
            .iter()
            .filter(|(name, _)| !self.used_records.contains(name))
            .map(|(name, info)| (*name, info.place))
            .collect();
        unused.retain(|(_, place)| **self.map.file_name(place.point()) == *main);
        for (name, place) in unused {
            // Where it is given to the compiler, it does not count.
            let is_excepted = tagged(self.options.of_attributes()).any(|(tag, value)| {
                let mut names = Vec::new();
                flatten(value, &mut names);
                tag.as_str() == "nowarn_unused_record" && names.contains(&Literal::Atom(name))
            });
            if is_excepted {
                continue;
            }
            let message = format!("record {} is unused", write_atom(name.as_str()));
            self.warning(place, "unused_record", &[Literal::Atom(name)], message);
        }
    }
}
