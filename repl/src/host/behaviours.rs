//! Behaviours that are compiled modules: in the folders of the code path, the working folder, or the library.

use std::path::PathBuf;

use swerl_beam::{Atom, Literal, Module};
use swerl_lang::ast::FunctionName;
use swerl_lang::lint::{Behaviours, Callbacks};

use super::files::code_path;

/// Where modules are looked for.
#[derive(Debug)]
pub(super) struct CompiledModules {
    folders: Vec<PathBuf>,
}

impl CompiledModules {
    /// The folders that options `{code_path, Folder}` name, and the working one.
    pub(super) fn of(options: &[Literal]) -> Self {
        Self { folders: code_path(options).chain([PathBuf::from(".")]).collect() }
    }

    fn module(&self, name: &str) -> Option<Module> {
        let file = format!("{name}.beam");
        let on_disk = self.folders.iter().find_map(|folder| std::fs::read(folder.join(&file)).ok());
        match on_disk {
            Some(bytes) => Module::read(&bytes).ok(),
            None => Module::read(swerl_stdlib::module(name)?).ok(),
        }
    }
}

impl Behaviours for CompiledModules {
    fn callbacks(&self, behaviour: Atom) -> Option<Callbacks> {
        let module = self.module(behaviour.as_str())?;
        let functions = |what| module.chosen_constant("behaviour_info", what).as_ref().and_then(functions);
        Some(Callbacks {
            required: functions("callbacks")?,
            optional: functions("optional_callbacks").unwrap_or_default(),
        })
    }
}

/// A list of `{Name, Arity}`.
fn functions(list: &Literal) -> Option<Vec<FunctionName>> {
    let function = |entry: &Literal| match entry {
        Literal::Tuple(parts) => match parts.as_slice() {
            [Literal::Atom(name), Literal::Int(arity)] => {
                Some(FunctionName { name: *name, arity: u32::try_from(*arity).ok()? })
            }
            _ => None,
        },
        _ => None,
    };
    match list {
        Literal::Nil => Some(Vec::new()),
        Literal::List(entries, tail) if **tail == Literal::Nil => entries.iter().map(function).collect(),
        _ => None,
    }
}
