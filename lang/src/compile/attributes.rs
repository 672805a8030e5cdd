//! What a module's attributes say, to the compiler and in its file.

use crate::ast::{Form, FormKind};
use swerl_beam::{Atom, Literal};

/// The functions that `-export` names.
pub(super) fn exports(forms: &[Form]) -> Vec<(Atom, u32)> {
    let mut exports = Vec::new();
    for form in forms {
        if let FormKind::Export(functions) = &form.kind {
            exports.extend(functions.iter().map(|function| (function.name, function.arity)));
        }
    }
    exports
}

/// Whether a `-compile` attribute holds an option that is an atom.
pub(super) fn has_compile_option(forms: &[Form], option: &str) -> bool {
    let option = Literal::atom(option);
    forms.iter().any(|form| match &form.kind {
        FormKind::Attribute(name, value) if name.as_str() == "compile" => match value {
            Literal::List(options, _) => options.contains(&option),
            single => *single == option,
        },
        _ => false,
    })
}

/// The options of all `-compile` attributes, in order.
pub(super) fn compile_options(forms: &[Form]) -> Vec<Literal> {
    let mut options = Vec::new();
    for form in forms {
        if let FormKind::Attribute(name, value) = &form.kind
            && name.as_str() == "compile"
        {
            match value {
                Literal::Nil => {}
                Literal::List(several, _) => options.extend(several.iter().cloned()),
                single => options.push(single.clone()),
            }
        }
    }
    options
}

/// The functions that are to be written out where they are called: `{inline, [Name/Arity]}`.
pub(super) fn inlined(forms: &[Form], options: &[Literal]) -> Vec<(Atom, u32)> {
    let mut functions = Vec::new();
    let attributes = forms.iter().filter_map(|form| match &form.kind {
        FormKind::Attribute(name, value) if name.as_str() == "compile" => Some(value),
        _ => None,
    });
    for value in attributes {
        match value {
            Literal::List(options, _) => {
                options.iter().for_each(|option| add_inlined(option, &mut functions))
            }
            single => add_inlined(single, &mut functions),
        }
    }
    options.iter().for_each(|option| add_inlined(option, &mut functions));
    functions
}

fn add_inlined(option: &Literal, functions: &mut Vec<(Atom, u32)>) {
    let Literal::Tuple(parts) = option else { return };
    let (Some(Literal::Atom(tag)), Some(list)) = (parts.first(), parts.get(1)) else { return };
    if tag.as_str() != "inline" {
        return;
    }
    let named = match list {
        Literal::List(named, _) => &named[..],
        single => std::slice::from_ref(single),
    };
    for function in named {
        if let Literal::Tuple(parts) = function
            && let [Literal::Atom(name), Literal::Int(arity)] = &parts[..]
            && let Ok(arity) = u32::try_from(*arity)
        {
            functions.push((*name, arity));
        }
    }
}

/// The modules that are to rewrite the program, as forms or in Core Erlang: those that the options name, then those
/// of the attributes.
pub(super) fn transforms<'f>(forms: impl Iterator<Item = &'f Form>, options: &[Literal]) -> Vec<Atom> {
    let mut modules: Vec<Atom> = options.iter().filter_map(transform).collect();
    for form in forms {
        match &form.kind {
            FormKind::Attribute(name, Literal::List(values, _)) if name.as_str() == "compile" => {
                modules.extend(values.iter().filter_map(transform));
            }
            FormKind::Attribute(name, value) if name.as_str() == "compile" => {
                modules.extend(transform(value));
            }
            _ => {}
        }
    }
    modules
}

/// The module of `{parse_transform, Module}` or `{core_transform, Module}`.
fn transform(option: &Literal) -> Option<Atom> {
    match option {
        Literal::Tuple(parts) => match parts.as_slice() {
            [Literal::Atom(tag), Literal::Atom(module)]
                if matches!(tag.as_str(), "parse_transform" | "core_transform") =>
            {
                Some(*module)
            }
            _ => None,
        },
        _ => None,
    }
}

/// The function that `-on_load` names.
pub(super) fn on_load(forms: &[Form]) -> Option<(Atom, u32)> {
    forms.iter().find_map(|form| {
        let FormKind::Attribute(name, Literal::Tuple(parts)) = &form.kind else { return None };
        match &parts[..] {
            [Literal::Atom(function), Literal::Int(arity)] if name.as_str() == "on_load" => {
                Some((*function, u32::try_from(*arity).ok()?))
            }
            _ => None,
        }
    })
}

/// The `Attr` chunk: `[{Name, [Value]}]`.
pub(super) fn chunk(forms: &[Form]) -> Literal {
    let entries = kept(forms).into_iter().map(|(name, value)| Literal::tuple([name, value]));
    Literal::list(entries.collect())
}

/// What a module in Core Erlang says of itself.
pub(super) fn all(forms: &[Form]) -> Vec<(Literal, Literal)> {
    let mut entries = kept(forms);
    if let Some((name, arity)) = on_load(forms) {
        let function = Literal::tuple([Literal::Atom(name), Literal::Int(arity.into())]);
        entries.push((Literal::atom("on_load"), Literal::list(vec![function])));
    }
    entries
}

/// The attributes that stay in the file.
fn kept(forms: &[Form]) -> Vec<(Literal, Literal)> {
    let mut entries = Vec::new();
    for form in forms {
        if let FormKind::Attribute(name, value) = &form.kind
            && !matches!(name.as_str(), "compile" | "on_load" | "optional_callbacks")
        {
            let value = match value {
                Literal::List(..) | Literal::Str(_) | Literal::Nil => value.clone(),
                single => Literal::list(vec![single.clone()]),
            };
            entries.push((Literal::Atom(*name), value));
        }
    }
    entries
}

/// The `Meta` chunk: the features of the language that are enabled.
pub(super) fn features_chunk(features: &[Atom]) -> Literal {
    let names = features.iter().map(|&feature| Literal::Atom(feature)).collect();
    Literal::list(vec![Literal::tuple([Literal::atom("enabled_features"), Literal::list(names)])])
}

/// The `Attr` chunk of a module in Core Erlang, which has attributes that only compilers need.
pub(super) fn core_chunk(attributes: &[(Literal, Literal)]) -> Literal {
    const FOR_COMPILERS: &[&str] = &[
        "callback",
        "compile",
        "export_type",
        "file",
        "on_load",
        "opaque",
        "optional_callbacks",
        "record",
        "spec",
        "type",
    ];
    let is_kept = |(name, _): &&(Literal, Literal)| match name {
        Literal::Atom(name) => !FOR_COMPILERS.contains(&name.as_str()),
        _ => false,
    };
    let kept = attributes.iter().filter(is_kept);
    Literal::list(kept.map(|(name, value)| Literal::tuple([name.clone(), value.clone()])).collect())
}

/// The function that its attribute `on_load` names.
pub(super) fn core_on_load(attributes: &[(Literal, Literal)]) -> Option<(Atom, u32)> {
    attributes.iter().find_map(|(name, value)| match value {
        Literal::List(functions, _) if *name == Literal::atom("on_load") => match functions.first()? {
            Literal::Tuple(parts) => match &parts[..] {
                [Literal::Atom(name), Literal::Int(arity)] => Some((*name, u32::try_from(*arity).ok()?)),
                _ => None,
            },
            _ => None,
        },
        _ => None,
    })
}
