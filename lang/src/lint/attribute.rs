//! Attributes: module, exports, imports, and the order of forms.

use super::auto_imported::{is_auto_imported, is_old};
use super::options::{flatten, function_name};
use super::{Called, Linter, Stage};
use crate::ast::{Form, FormKind, FunctionName, Import, Place};
use crate::diag::{Diagnostic, write_plain};
use crate::lex::write_atom;
use swerl_beam::{Atom, Literal};

const DISALLOWED: &str = "disallowed_nowarn_bif_clash";
const DISALLOWED_TEXT: &str = "compile directive nowarn_bif_clash is no longer allowed,\n - use explicit module names or \
                               -compile({no_auto_import, [F/A]})";

impl<'a> Linter<'a> {
    /// Checks one form. The first must be the module attribute, and most attributes must stand before the
    /// first function.
    pub(super) fn form(&mut self, form: &'a Form) {
        let place = form.place;
        match &form.kind {
            FormKind::Error(_) | FormKind::Warning(_) | FormKind::File { .. } => return,
            FormKind::Attribute(name, _) if name.as_str() == "compile" => return,
            _ => {}
        }
        if self.stage == Stage::Start {
            self.stage = Stage::Attributes;
            if let FormKind::Module(name) = form.kind {
                self.module = Some(name);
                return self.check_module_name(place, name);
            }
            if let FormKind::Attribute(name, Literal::Tuple(parts)) = &form.kind
                && let ("module", [Literal::Atom(module), _]) = (name.as_str(), &parts[..])
            {
                self.module = Some(*module);
                let message = "parameterized modules are no longer supported";
                return self.error(place, "pmod_unsupported", &[], message.into());
            }
            self.error(place, "undefined_module", &[], "no module definition".into());
        }
        if self.stage == Stage::Attributes {
            if self.attribute(form) {
                return;
            }
            self.stage = Stage::Functions;
        }
        self.later_form(form);
    }

    /// A form before the first function; false for what is no attribute.
    fn attribute(&mut self, form: &'a Form) -> bool {
        let place = form.place;
        match &form.kind {
            FormKind::Module(name) => {
                if self.module.is_some() {
                    self.error(place, "redefine_module", &[], "redefining module".into());
                } else {
                    self.module = Some(*name);
                }
            }
            FormKind::Export(functions) => self.export_functions(place, functions),
            FormKind::ExportType(types) => self.export_type(place, types),
            FormKind::Type(decl) => self.type_declaration(place, decl),
            FormKind::Spec(spec) => self.spec(place, spec),
            FormKind::Import(import) => self.import(place, import),
            FormKind::Record(decl) => self.record_declaration(place, decl),
            FormKind::Attribute(name, value) => match name.as_str() {
                "export_type" => {
                    let message = "bad export_type declaration";
                    self.error(place, "bad_export_type", std::slice::from_ref(value), message.into());
                }
                "behaviour" | "behavior" => {
                    if let Literal::Atom(behaviour) = value {
                        self.behaviours.push((place, *behaviour));
                    }
                }
                "optional_callbacks" => self.optional_callbacks(place, value),
                "on_load" => self.on_load(place, value),
                _ => {}
            },
            FormKind::Function(_) | FormKind::Eof => return false,
            FormKind::File { .. } | FormKind::Error(_) | FormKind::Warning(_) => {}
        }
        true
    }

    /// A form after the first function.
    fn later_form(&mut self, form: &'a Form) {
        let place = form.place;
        let name = match &form.kind {
            FormKind::Record(decl) => return self.record_declaration(place, decl),
            FormKind::Type(decl) => return self.type_declaration(place, decl),
            FormKind::Spec(spec) if spec.kind == crate::ast::SpecKind::Spec => return self.spec(place, spec),
            FormKind::Function(function) => return self.function(place, function),
            FormKind::Eof | FormKind::File { .. } | FormKind::Error(_) | FormKind::Warning(_) => return,
            FormKind::Attribute(name, _) if name.as_str() == "dialyzer" => return,
            FormKind::Attribute(name, _) => *name,
            FormKind::Module(_) => Atom::new("module"),
            FormKind::Export(_) => Atom::new("export"),
            FormKind::ExportType(_) => Atom::new("export_type"),
            FormKind::Import(_) => Atom::new("import"),
            FormKind::Spec(_) => Atom::new("callback"),
        };
        let message = format!("attribute {} after function definitions", write_atom(name.as_str()));
        self.error(place, "attribute", &[Literal::Atom(name)], message);
    }

    pub(super) fn check_module_name(&mut self, place: Place, name: Atom) {
        let text = name.as_str();
        let (code, message) = if text.is_empty() {
            ("empty_module_name", "the module name must not be empty")
        } else if text.chars().any(|c| u32::from(c) > 255) {
            ("non_latin1_module_unsupported", "module names with non-latin1 characters are not supported")
        } else if text.chars().any(char::is_control) {
            ("ctrl_chars_in_module_name", "the module name must not contain control characters")
        } else if text.chars().all(|c| c == ' ' || c == '\u{A0}' || c == '\u{AD}') {
            ("blank_module_name", "the module name must contain at least one visible character")
        } else {
            return;
        };
        self.error(place, code, &[], message.into());
    }

    fn export_functions(&mut self, place: Place, functions: &[FunctionName]) {
        for (index, function) in functions.iter().enumerate() {
            let is_given = function.name.as_str() == "module_info" && function.arity < 2;
            if !self.exports.insert(*function) || is_given {
                let message = format!("function {} already exported", Self::function_text(*function));
                self.warning(place, "duplicated_export", &[Self::function_term(*function)], message);
            }
            if !functions[..index].contains(function) {
                self.called.push(Called { function: *function, place });
            }
        }
    }

    fn import(&mut self, place: Place, import: &Import) {
        self.check_module_name(place, import.module);
        let mut functions = import.functions.clone();
        functions.sort_by_key(|function| (function.name, function.arity));
        functions.dedup();
        let mut is_bad = false;
        for function in functions.iter().rev() {
            let text = Self::function_text(*function);
            let term = Self::function_term(*function);
            if let Some(module) = self.imports.get(function).copied() {
                let message =
                    format!("function {text} already imported from {}", write_atom(module.as_str()));
                let args = [Literal::tuple([term, Literal::Atom(module)])];
                self.error(place, "redefine_import", &args, message);
                is_bad = true;
            } else if is_auto_imported(*function)
                && self.options.tells_bif_clash(*function)
                && !self.is_auto_import_suppressed(*function)
            {
                let advice =
                    format!(" - use \"-compile({{no_auto_import,[{text}]}}).\" to resolve name clash");
                if is_old(*function) {
                    let message =
                        format!("import directive overrides pre R14 auto-imported BIF {text}\n{advice}");
                    self.error(place, "redefine_old_bif_import", &[term], message);
                } else {
                    let message = format!("import directive overrides auto-imported BIF {text}\n{advice}");
                    self.warning(place, "redefine_bif_import", &[term], message);
                }
            }
        }
        if is_bad {
            return;
        }
        for function in functions {
            self.imports.insert(function, import.module);
            self.import_places.push((place, function, import.module));
        }
    }

    fn on_load(&mut self, place: Place, value: &Literal) {
        let Some(function) = function_name(value) else {
            let message = format!("badly formed on_load attribute: {}", write_plain(value));
            return self.error(place, "bad_on_load", std::slice::from_ref(value), message);
        };
        let is_first = self.on_load.is_empty();
        self.on_load.push((place, function));
        if !is_first {
            self.error(place, "multiple_on_loads", &[], "more than one on_load attribute".into());
        } else if function.arity != 0 {
            let message = format!("function {} has wrong arity (must be 0)", Self::function_text(function));
            self.error(place, "bad_on_load_arity", &[Self::function_term(function)], message);
        }
    }

    /// What can only be told when all forms were seen.
    pub(super) fn check_attributes(&mut self) {
        if let [(place, function)] = self.on_load[..]
            && function.arity == 0
            && !self.defined.contains(&function)
        {
            let message = format!("function {} undefined", Self::function_text(function));
            self.error(place, "undefined_on_load", &[Self::function_term(function)], message);
        }
        for form in self.forms {
            if let FormKind::Attribute(name, value) = &form.kind {
                match name.as_str() {
                    "compile" => self.check_compile(form.place, value),
                    "nifs" => self.check_nifs(form.place, value),
                    "deprecated" => self.check_own_functions(form.place, value, "deprecated"),
                    "removed" => self.check_own_functions(form.place, value, "removed"),
                    "dialyzer" => self.check_dialyzer(form.place, value),
                    _ => {}
                }
            }
        }
    }

    /// Functions and records that `-compile` names must exist.
    fn check_compile(&mut self, place: Place, value: &Literal) {
        let mut options = Vec::new();
        flatten(value, &mut options);
        let is_function = |(tag, value): (Atom, &Literal)| {
            tag.as_str() == "nowarn_bif_clash" && matches!(value, Literal::Tuple(parts) if parts.len() == 2)
        };
        let names_a_function = super::options::tagged(&options).any(is_function);
        let is_disallowed = match self.options.is_bif_clash_muted_here() {
            true => names_a_function || options.contains(&Literal::atom("nowarn_bif_clash")),
            false => names_a_function && self.options.bif_clash,
        };
        if is_disallowed {
            self.error(place, DISALLOWED, &[], DISALLOWED_TEXT.into());
        }
        for (tag, functions) in super::options::tagged(&options) {
            let (code, text) = match tag.as_str() {
                "inline" => ("bad_inline", "inlined function"),
                "nowarn_unused_function" => ("bad_nowarn_unused_function", "function"),
                "nowarn_bif_clash" => ("bad_nowarn_bif_clash", "function"),
                "nowarn_unused_record" => {
                    self.check_records_named(place, functions);
                    continue;
                }
                _ => continue,
            };
            for function in super::options::function_names(functions) {
                if !self.defined.contains(&function) && !self.imports.contains_key(&function) {
                    let message = format!("{text} {} undefined", Self::function_text(function));
                    self.error(place, code, &[Self::function_term(function)], message);
                }
            }
        }
    }

    /// Records that `-compile` names must exist.
    fn check_records_named(&mut self, place: Place, names: &Literal) {
        let mut records = Vec::new();
        flatten(names, &mut records);
        for record in records {
            let is_known = matches!(&record, Literal::Atom(name) if self.records.contains_key(name));
            if !is_known {
                let message = format!("record {} undefined", write_plain(&record));
                self.error(place, "undefined_record", &[record], message);
            }
        }
    }

    /// What only attributes could say once, and nothing can now.
    pub(super) fn check_given_options(&mut self) {
        let is_given =
            !self.options.bif_clash && self.diagnostics.iter().all(|known| known.code != DISALLOWED);
        if is_given {
            let whole = Diagnostic::error("erl_lint", DISALLOWED, Place::default(), DISALLOWED_TEXT);
            self.report(whole.without_place(), &[]);
        }
    }

    fn check_nifs(&mut self, place: Place, value: &Literal) {
        for function in super::options::function_names(value) {
            if !self.defined.contains(&function) {
                let message = format!("nif {} undefined", Self::function_text(function));
                self.error(place, "undefined_nif", &[Self::function_term(function)], message);
            }
        }
    }

    /// Who declares functions to be native loads them somewhere.
    pub(super) fn check_nifs_are_loaded(&mut self) {
        let nifs = self.forms.iter().find_map(|form| match &form.kind {
            FormKind::Attribute(name, value) if name.as_str() == "nifs" && *value != Literal::Nil => {
                Some(form.place)
            }
            _ => None,
        });
        if let Some(place) = nifs.filter(|_| !self.loads_nifs) {
            let message = "nifs defined, but no call to erlang:load_nif/2";
            self.warning(place, "no_load_nif", &[], message.into());
        }
    }

    /// Functions that are replaced must not be inlined before.
    pub(super) fn load_nif(&mut self, place: Place) {
        self.loads_nifs = true;
        let is_inlining = |option: &Literal| match option {
            Literal::Atom(name) => name.as_str() == "inline",
            Literal::Tuple(parts) => {
                matches!(&parts[..], [tag, Literal::List(..)] if *tag == Literal::atom("inline"))
            }
            _ => false,
        };
        if self.options.nif_inline && self.options.all.iter().any(is_inlining) {
            let message =
                "inlining is enabled - local calls to NIFs may call their Erlang implementation instead";
            self.warning(place, "nif_inline", &[], message.into());
        }
    }

    /// `-deprecated` names functions that are exported, `-removed` functions that are not.
    fn check_own_functions(&mut self, place: Place, value: &Literal, attribute: &'static str) {
        let mut entries = Vec::new();
        flatten(value, &mut entries);
        for entry in entries {
            let parts = match &entry {
                Literal::Tuple(parts) => &parts[..],
                Literal::Atom(word) if word.as_str() == "module" => {
                    if attribute == "removed" {
                        self.check_named(place, &Literal::atom("_"), &Literal::atom("_"), attribute);
                    }
                    continue;
                }
                _ => &[],
            };
            match parts {
                [name, arity] => self.check_named(place, name, arity, attribute),
                [name, arity, when] if is_description(when, attribute) => {
                    self.check_named(place, name, arity, attribute);
                }
                _ => self.badly_formed(place, &entry, attribute),
            }
        }
    }

    fn badly_formed(&mut self, place: Place, entry: &Literal, attribute: &'static str) {
        let code = if attribute == "removed" { "invalid_removed" } else { "invalid_deprecated" };
        let message = format!("badly formed {attribute} attribute {}", write_plain(entry));
        self.error(place, code, std::slice::from_ref(entry), message);
    }

    fn check_named(&mut self, place: Place, name: &Literal, arity: &Literal, attribute: &'static str) {
        let any = Literal::atom("_");
        let is_wellformed = match (name, arity) {
            (Literal::Atom(_), Literal::Int(0..)) => true,
            (Literal::Atom(_), arity) => *arity == any,
            _ => false,
        };
        let entry = Literal::tuple([name.clone(), arity.clone()]);
        if !is_wellformed {
            return self.badly_formed(place, &entry, attribute);
        }
        let exported: Vec<FunctionName> = if self.options.exports_all {
            self.defined.iter().copied().collect()
        } else {
            self.exports.iter().copied().collect()
        };
        // With a number beside it, `_` is the name of a function.
        let is_every = *name == any && *arity == any;
        let is_named = |function: &FunctionName| {
            is_every
                || (*name == Literal::Atom(function.name)
                    && (*arity == any || *arity == Literal::Int(function.arity.into())))
        };
        let is_there = exported.iter().any(is_named);
        let text = format!("{}/{}", write_plain(name), write_plain(arity));
        match attribute {
            "removed" if is_there && *arity == any => {
                let message = format!("at least one function matching {text} is still exported");
                self.error(place, "bad_removed", &[entry], message);
            }
            "removed" if is_there => {
                self.error(
                    place,
                    "bad_removed",
                    &[entry],
                    format!("removed function {text} is still exported"),
                );
            }
            "deprecated" if !is_there && !is_every => {
                let message = format!("deprecated function {text} undefined or not exported");
                self.error(place, "bad_deprecated", &[entry], message);
            }
            _ => {}
        }
    }

    /// `-dialyzer` names options that Dialyzer has, and functions that are there.
    fn check_dialyzer(&mut self, place: Place, value: &Literal) {
        let mut entries = Vec::new();
        flatten(value, &mut entries);
        for entry in entries {
            let pairs: Vec<(Literal, Option<Literal>)> = match &entry {
                Literal::Tuple(parts) if parts.len() == 2 => {
                    let (mut options, mut functions) = (Vec::new(), Vec::new());
                    flatten(&parts[0], &mut options);
                    flatten(&parts[1], &mut functions);
                    let pair = |option: &Literal| {
                        let option = option.clone();
                        functions
                            .iter()
                            .map(move |function| (option.clone(), Some(function.clone())))
                            .collect::<Vec<_>>()
                    };
                    options.iter().flat_map(pair).collect()
                }
                _ => vec![(entry.clone(), None)],
            };
            for (option, function) in pairs {
                self.check_dialyzer_option(place, &option, function.as_ref());
            }
        }
    }

    fn check_dialyzer_option(&mut self, place: Place, option: &Literal, function: Option<&Literal>) {
        let name = match (option, function.map(function_name)) {
            (Literal::Atom(name), None | Some(Some(_))) => *name,
            _ => {
                let term = match function {
                    Some(function) => Literal::tuple([option.clone(), function.clone()]),
                    None => option.clone(),
                };
                let message = format!("badly formed dialyzer attribute: {}", write_plain(&term));
                return self.error(place, "bad_dialyzer_attribute", &[term], message);
            }
        };
        let is_known = DIALYZER_OPTIONS.contains(&name.as_str())
            || (function.is_some() && name.as_str() == "nowarn_function");
        if !is_known {
            let message = format!("unknown dialyzer warning option: {}", write_atom(name.as_str()));
            return self.error(place, "bad_dialyzer_option", &[Literal::Atom(name)], message);
        }
        if let Some(function) = function.and_then(function_name)
            && !self.defined.contains(&function)
        {
            let message = format!("function {} undefined", Self::function_text(function));
            self.error(place, "undefined_function", &[Self::function_term(function)], message);
        }
    }
}

const DIALYZER_OPTIONS: [&str; 23] = [
    "no_return",
    "no_unused",
    "no_improper_lists",
    "no_fun_app",
    "no_match",
    "no_opaque",
    "no_fail_call",
    "no_contracts",
    "no_behaviours",
    "no_undefined_callbacks",
    "unmatched_returns",
    "error_handling",
    "race_conditions",
    "no_missing_calls",
    "specdiffs",
    "overspecs",
    "underspecs",
    "unknown",
    "no_underspecs",
    "extra_return",
    "no_extra_return",
    "missing_return",
    "no_missing_return",
];

/// When a function goes, or a text about it.
fn is_description(value: &Literal, attribute: &str) -> bool {
    match value {
        Literal::Atom(word) => {
            attribute == "deprecated"
                && matches!(word.as_str(), "next_version" | "next_major_release" | "eventually")
        }
        Literal::Nil | Literal::Str(_) => true,
        Literal::List(elements, tail) => {
            **tail == Literal::Nil && elements.iter().all(|element| matches!(element, Literal::Int(_)))
        }
        _ => false,
    }
}
