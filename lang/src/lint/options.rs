//! Which warnings are wanted: from `-compile` attributes and from the options of the compilation.

use crate::ast::{Form, FormKind, FunctionName};
use swerl_beam::{Atom, Literal};

/// The switches.
#[derive(Clone, Debug)]
pub(super) struct Options {
    pub(super) unused_vars: bool,
    pub(super) underscore_match: bool,
    pub(super) export_all: bool,
    pub(super) export_vars: bool,
    pub(super) shadow_vars: bool,
    pub(super) unused_import: bool,
    pub(super) unused_function: bool,
    pub(super) unused_type: bool,
    pub(super) bif_clash: bool,
    pub(super) untyped_record: bool,
    pub(super) missing_spec: bool,
    pub(super) missing_spec_all: bool,
    pub(super) unused_record: bool,
    pub(super) deprecated_function: bool,
    pub(super) obsolete_guard: bool,
    pub(super) removed: bool,
    pub(super) nif_inline: bool,
    /// Functions are written out where they are called, whichever they are.
    pub(super) inline: bool,
    /// Functions of `lists` that take a fun are written out.
    pub(super) inline_list_funcs: bool,
    pub(super) keywords: bool,
    /// How much is told of format strings.
    pub(super) format: i64,
    /// Places are lines without columns.
    pub(super) lines_only: bool,
    /// Everything is exported.
    pub(super) exports_all: bool,
    /// No function is imported without asking.
    pub(super) no_auto_import: bool,
    /// These functions are not imported without asking.
    pub(super) no_auto_imports: Vec<FunctionName>,
    pub(super) nowarn_unused_functions: Vec<FunctionName>,
    /// These functions may have the names of others that are imported without asking.
    nowarn_bif_clashes: Vec<FunctionName>,
    /// All options, flat: those of the attributes, then those of the compilation.
    pub(super) all: Vec<Literal>,
    /// How many of them are from attributes.
    attribute_count: usize,
}

impl Options {
    pub(super) fn new(forms: &[Form], given: &[Literal]) -> Self {
        let mut all = Vec::new();
        for form in forms {
            if let FormKind::Attribute(name, value) = &form.kind
                && name.as_str() == "compile"
            {
                flatten(value, &mut all);
            }
        }
        let attribute_count = all.len();
        all.extend(given.iter().cloned());
        let has = |name: &str| all.contains(&Literal::atom(name));
        // The last word counts.
        let switch = |category: &str, default: bool| {
            let (on, off) =
                (Literal::atom(&format!("warn_{category}")), Literal::atom(&format!("nowarn_{category}")));
            all.iter()
                .rev()
                .find_map(|option| match option {
                    option if *option == on => Some(true),
                    option if *option == off => Some(false),
                    _ => None,
                })
                .unwrap_or(default)
        };
        let mut no_auto_imports = Vec::new();
        let mut nowarn_unused_functions = Vec::new();
        let mut nowarn_bif_clashes = Vec::new();
        for (tag, value) in tagged(&all) {
            match tag.as_str() {
                "no_auto_import" => no_auto_imports.extend(function_names(value)),
                "nowarn_unused_function" => nowarn_unused_functions.extend(function_names(value)),
                "nowarn_bif_clash" => nowarn_bif_clashes.extend(function_names(value)),
                _ => {}
            }
        }
        let format = all.iter().rev().find_map(|option| match option {
            Literal::Tuple(elements) => match &elements[..] {
                [tag, Literal::Int(level)] if *tag == Literal::atom("warn_format") => Some(*level),
                _ => None,
            },
            option if *option == Literal::atom("warn_format") => Some(1),
            option if *option == Literal::atom("nowarn_format") => Some(0),
            _ => None,
        });
        Self {
            unused_vars: switch("unused_vars", true),
            underscore_match: switch("underscore_match", true),
            export_all: switch("export_all", true),
            export_vars: switch("export_vars", false),
            shadow_vars: switch("shadow_vars", true),
            unused_import: switch("unused_import", false),
            unused_function: switch("unused_function", true),
            unused_type: switch("unused_type", true),
            bif_clash: switch("bif_clash", true),
            untyped_record: switch("untyped_record", false),
            missing_spec: switch("missing_spec", false),
            missing_spec_all: switch("missing_spec_all", false),
            unused_record: switch("unused_record", true),
            deprecated_function: switch("deprecated_function", true),
            obsolete_guard: switch("obsolete_guard", true),
            removed: switch("removed", true),
            nif_inline: switch("nif_inline", true),
            inline: has("inline"),
            inline_list_funcs: has("inline_list_funcs"),
            keywords: switch("keywords", false),
            format: format.unwrap_or(1),
            lines_only: crate::compile::wants_lines_only(&all),
            exports_all: has("export_all"),
            no_auto_import: has("no_auto_import"),
            no_auto_imports,
            nowarn_unused_functions,
            nowarn_bif_clashes,
            all,
            attribute_count,
        }
    }

    /// The options that stand in the program itself.
    pub(super) fn of_attributes(&self) -> &[Literal] {
        &self.all[..self.attribute_count]
    }

    /// Whether it is told that this function has the name of one that is imported without asking.
    pub(super) fn tells_bif_clash(&self, function: FunctionName) -> bool {
        self.bif_clash && !self.nowarn_bif_clashes.contains(&function)
    }

    /// Whether the program itself wants nothing told of such names at all.
    pub(super) fn is_bif_clash_muted_here(&self) -> bool {
        !self.bif_clash && self.of_attributes().contains(&Literal::atom("nowarn_bif_clash"))
    }

    /// Whether `nowarn_KIND` is given for this function of another module, or for that whole module.
    pub(super) fn is_excepted(&self, tag: &str, module: Atom, function: FunctionName) -> bool {
        let arity = Literal::Int(function.arity.into());
        let mfa = Literal::tuple([Literal::Atom(module), Literal::Atom(function.name), arity]);
        tagged(&self.all).filter(|(known, _)| known.as_str() == tag).any(|(_, value)| {
            let mut values = Vec::new();
            flatten(value, &mut values);
            values.contains(&mfa) || values.contains(&Literal::Atom(module))
        })
    }
}

/// The options of the form `{tag, Value}`.
pub(super) fn tagged(options: &[Literal]) -> impl Iterator<Item = (Atom, &Literal)> {
    options.iter().filter_map(|option| match option {
        Literal::Tuple(elements) => match &elements[..] {
            [Literal::Atom(tag), value] => Some((*tag, value)),
            _ => None,
        },
        _ => None,
    })
}

/// The elements of nested lists; what is no list is its own element.
pub(super) fn flatten(value: &Literal, out: &mut Vec<Literal>) {
    match value {
        Literal::Nil => {}
        Literal::List(elements, _) => elements.iter().for_each(|element| flatten(element, out)),
        Literal::Str(bytes) => out.extend(bytes.iter().map(|byte| Literal::Int(i64::from(*byte)))),
        other => out.push(other.clone()),
    }
}

/// The `{Name, Arity}` in nested lists.
pub(super) fn function_names(value: &Literal) -> Vec<FunctionName> {
    let mut values = Vec::new();
    flatten(value, &mut values);
    values.iter().filter_map(function_name).collect()
}

/// A `{Name, Arity}`.
pub(super) fn function_name(value: &Literal) -> Option<FunctionName> {
    match value {
        Literal::Tuple(elements) => match elements[..] {
            [Literal::Atom(name), Literal::Int(arity)] => {
                Some(FunctionName { name, arity: u32::try_from(arity).ok()? })
            }
            _ => None,
        },
        _ => None,
    }
}
