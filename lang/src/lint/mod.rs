//! The linter: faults that the grammar cannot see, and what looks odd.
//!
//! It goes over the forms once, in their order, then checks the module as a whole. One check, one file; names
//! and texts of messages are those of `erl_lint`. The rest of the compiler asks it only whether there is an
//! error: what passes here can be lowered.

mod advice;
mod attribute;
mod auto_imported;
mod behaviour;
mod bits;
mod call;
mod clause;
mod deprecated;
mod expr;
mod foreseen;
mod format;
mod function;
mod guard;
mod keywords;
mod options;
mod pattern;
mod record;
mod scope;
mod types;

pub use advice::advise;
pub(crate) use auto_imported::is_auto_imported;
pub use behaviour::{Behaviours, Callbacks, NoBehaviours};
pub use deprecated::obsolete;
pub use foreseen::foreseen;
pub use format::format_arguments;
pub(crate) use guard::is_guard_expr;
pub(crate) use scope::most_similar;

use crate::ast::{Form, FunctionName, Place};
use crate::diag::Diagnostic;
use crate::source::SourceMap;
use options::Options;
use record::RecordInfo;
use scope::Changes;
use std::collections::{HashMap, HashSet};
use swerl_beam::{Atom, Literal};
use types::Types;

/// Checks the forms of a module. `options` are those of the compilation, as OTP's `compile` takes them;
/// `-compile` attributes count before them.
#[must_use]
pub fn lint(forms: &[Form], map: &SourceMap, options: &[Literal]) -> Vec<Diagnostic> {
    lint_with(forms, map, options, &NoBehaviours)
}

/// The same with behaviours that are not among those of OTP.
#[must_use]
pub fn lint_with(
    forms: &[Form],
    map: &SourceMap,
    options: &[Literal],
    behaviours: &dyn Behaviours,
) -> Vec<Diagnostic> {
    let mut linter = Linter::new(forms, map, options);
    linter.other_behaviours = behaviours;
    linter.prescan();
    for form in forms {
        linter.form(form);
    }
    linter.check_keywords();
    linter.check_behaviours();
    linter.check_unused_imports();
    linter.check_undefined_functions();
    linter.check_unused_functions();
    linter.check_all_types();
    linter.check_attributes();
    linter.check_given_options();
    linter.check_nifs_are_loaded();
    linter.check_unused_records();
    linter.diagnostics
}

/// Which forms may come.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Stage {
    /// The module attribute.
    Start,
    /// All attributes.
    Attributes,
    /// Functions, and what may stand between them.
    Functions,
}

/// In which place with the rules of guards an expression stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Context {
    Guard,
    /// The size of a segment in a pattern.
    SegmentSize,
    /// The key of a map in a pattern.
    MapKey,
}

/// A use of a function of this module.
#[derive(Clone, Copy, Debug)]
struct Called {
    function: FunctionName,
    place: Place,
}

struct Linter<'a> {
    forms: &'a [Form],
    map: &'a SourceMap,
    options: Options,
    diagnostics: Vec<Diagnostic>,
    stage: Stage,
    module: Option<Atom>,
    /// All functions of the module, known before it is checked.
    locals: HashSet<FunctionName>,
    /// Those that were seen.
    defined: HashSet<FunctionName>,
    exports: HashSet<FunctionName>,
    imports: HashMap<FunctionName, Atom>,
    import_places: Vec<(Place, FunctionName, Atom)>,
    used_imports: HashSet<FunctionName>,
    on_load: Vec<(Place, FunctionName)>,
    /// `erlang:load_nif/2` is called.
    loads_nifs: bool,
    behaviours: Vec<(Place, Atom)>,
    other_behaviours: &'a dyn Behaviours,
    types: Types,
    records: HashMap<Atom, RecordInfo<'a>>,
    used_records: HashSet<Atom>,
    called: Vec<Called>,
    /// Which functions a function calls; none stands for what is outside functions.
    calls: HashMap<Option<FunctionName>, HashSet<FunctionName>>,
    /// The function that is being checked.
    function: Option<FunctionName>,
    /// Where variables are bound; their bindings say which of these are theirs.
    places: Vec<Vec<Place>>,
    /// In the size of a segment in a pattern: what the segments before it bind.
    size_scope: Option<Changes>,
    /// In the default of a record's field, outside funs and comprehensions.
    in_record_definition: bool,
    /// While above zero, nothing is reported.
    muted: usize,
}

impl<'a> Linter<'a> {
    fn new(forms: &'a [Form], map: &'a SourceMap, options: &[Literal]) -> Self {
        Self {
            forms,
            map,
            options: Options::new(forms, options),
            diagnostics: Vec::new(),
            stage: Stage::Start,
            module: None,
            locals: HashSet::new(),
            defined: HashSet::new(),
            exports: HashSet::new(),
            imports: HashMap::new(),
            import_places: Vec::new(),
            used_imports: HashSet::new(),
            on_load: Vec::new(),
            loads_nifs: false,
            behaviours: Vec::new(),
            other_behaviours: &NoBehaviours,
            types: Types::default(),
            records: HashMap::new(),
            used_records: HashSet::new(),
            called: Vec::new(),
            calls: HashMap::new(),
            function: None,
            places: Vec::new(),
            size_scope: None,
            in_record_definition: false,
            muted: 0,
        }
    }

    /// What must be known before the first form is checked.
    fn prescan(&mut self) {
        use crate::ast::FormKind;
        for form in self.forms {
            match &form.kind {
                FormKind::Function(function) => {
                    self.locals.insert(FunctionName { name: function.name, arity: function.arity });
                }
                FormKind::Attribute(name, value) if name.as_str() == "compile" && self.options.export_all => {
                    let mut values = Vec::new();
                    options::flatten(value, &mut values);
                    if values.contains(&Literal::atom("export_all")) {
                        let message = "export_all flag enabled - all functions will be exported";
                        self.warning(form.place, "export_all", &[], message.into());
                    }
                }
                _ => {}
            }
        }
    }

    /// Whether a function can be called from outside.
    fn is_exported(&self, function: FunctionName) -> bool {
        if self.options.exports_all {
            self.defined.contains(&function)
        } else {
            self.exports.contains(&function)
        }
    }

    /// The name of the file that the module begins with: what its headers do not use is no fault of its own.
    fn main_file(&self) -> Option<&'a str> {
        self.forms.iter().find_map(|form| match &form.kind {
            crate::ast::FormKind::File { name, .. } => Some(&**name),
            _ => None,
        })
    }

    fn error(&mut self, place: Place, code: &'static str, args: &[Literal], message: String) {
        self.report(Diagnostic::error("erl_lint", code, place, message), args);
    }

    fn warning(&mut self, place: Place, code: &'static str, args: &[Literal], message: String) {
        self.report(Diagnostic::warning("erl_lint", code, place, message), args);
    }

    fn report(&mut self, diagnostic: Diagnostic, args: &[Literal]) {
        if self.muted == 0 {
            let diagnostic =
                if args.is_empty() { diagnostic } else { diagnostic.with_arguments(args.iter().cloned()) };
            self.diagnostics.push(diagnostic);
        }
    }

    /// Adds to the last diagnostic what helps a reader.
    fn explain(&mut self, add: impl FnOnce(Diagnostic) -> Diagnostic) {
        if self.muted == 0
            && let Some(diagnostic) = self.diagnostics.pop()
        {
            self.diagnostics.push(add(diagnostic));
        }
    }

    fn error_count(&self) -> usize {
        self.diagnostics.iter().filter(|diagnostic| diagnostic.is_error()).count()
    }
}

#[cfg(test)]
mod tests;
