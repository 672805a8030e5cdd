//! From the abstract format to forms.

use super::places::Annotations;
use super::read_expr::{Reader, arity_of, atom_of, elements, text_of};
use crate::ast::{
    Expr, Form, FormKind, Function, FunctionName, Import, Place, RecordDecl, RecordFieldDecl, Spec,
};
use crate::ast::{SpecKind, TypeDecl, TypeDeclKind};
use crate::source::SourceMap;
use crate::stack::with_room;
use crate::syntax::type_names;
use swerl_beam::{Atom, Literal};

/// A term that is not abstract format, or nested too deeply.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("not in Erlang's abstract format")]
pub struct BadForm {
    /// The innermost term that is not what should stand there.
    pub term: Box<Literal>,
}

impl BadForm {
    pub(super) fn new(term: &Literal) -> Self {
        Self { term: Box::new(term.clone()) }
    }
}

type Read<T> = Result<T, BadForm>;

/// A form from the abstract format.
///
/// # Errors
/// When the term is not a form.
pub fn read_form(term: &Literal, annotations: &mut Annotations<'_>) -> Result<Form, BadForm> {
    Reader { annotations, depth: 0 }.form(term)
}

/// The forms of a module from the abstract format, and the map that their places belong to. The file is called
/// `name` until a `-file` attribute says otherwise.
///
/// # Errors
/// When the term is not a list of forms.
pub fn read_forms(list: &Literal, name: &str) -> Result<(Vec<Form>, SourceMap), BadForm> {
    with_room(|| {
        let mut map = SourceMap::new();
        let mut annotations = Annotations::new(&mut map, name).map_err(|_| BadForm::new(list))?;
        let read = |form| read_form(form, &mut annotations);
        let forms = elements(list)?.iter().map(read).collect::<Result<_, _>>()?;
        Ok((forms, map))
    })
}

/// A sequence of expressions from the abstract format.
///
/// # Errors
/// When the term is not a list of expressions.
pub fn read_exprs(term: &Literal, annotations: &mut Annotations<'_>) -> Result<Vec<Expr>, BadForm> {
    Reader { annotations, depth: 0 }.exprs(term)
}

impl Reader<'_, '_> {
    fn form(&mut self, term: &Literal) -> Read<Form> {
        if let Literal::Tuple(parts) = term
            && let [Literal::Atom(tag), info] = parts.as_slice()
        {
            match tag.as_str() {
                "error" => return Ok(Form { place: Place::default(), kind: FormKind::Error(info.clone()) }),
                "warning" => {
                    return Ok(Form { place: Place::default(), kind: FormKind::Warning(info.clone()) });
                }
                _ => {}
            }
        }
        let (tag, place, parts) = self.node(term)?;
        let kind = match (tag, parts) {
            ("eof", []) => FormKind::Eof,
            ("attribute", [Literal::Atom(name), value]) => self.attribute(*name, value)?,
            ("function", [name, arity, clauses]) => {
                let (name, arity) = (atom_of(name)?, arity_of(arity)?);
                let clauses = self.function_clauses(clauses)?;
                if clauses[0].patterns.len() != arity as usize {
                    return Err(BadForm::new(term));
                }
                FormKind::Function(Function { name, arity, clauses })
            }
            _ => return Err(BadForm::new(term)),
        };
        Ok(Form { place, kind })
    }

    fn attribute(&mut self, name: Atom, value: &Literal) -> Read<FormKind> {
        let bad = || BadForm::new(value);
        let other = || FormKind::Attribute(name, value.clone());
        let parts = match value {
            Literal::Tuple(parts) => parts.as_slice(),
            _ => &[],
        };
        Ok(match (name.as_str(), parts) {
            ("module", _) => match value {
                Literal::Atom(module) => FormKind::Module(*module),
                _ => other(),
            },
            ("export", _) => type_names(value).map_or_else(other, FormKind::Export),
            ("export_type", _) => type_names(value).map_or_else(other, FormKind::ExportType),
            ("import", [Literal::Atom(module), functions]) => match type_names(functions) {
                Some(functions) => FormKind::Import(Import { module: *module, functions }),
                None => other(),
            },
            ("file", [file, Literal::Int(line)]) => {
                let file = text_of(file)?.ok_or_else(bad)?;
                self.annotations.set_file_name(&file);
                FormKind::File { name: file.into(), line: *line, is_said: false }
            }
            ("record", [Literal::Atom(name), fields]) => FormKind::Record(RecordDecl {
                name: *name,
                fields: self.each(fields, Self::record_field_decl)?,
            }),
            ("type" | "opaque" | "nominal", [Literal::Atom(type_name), body, params]) => {
                let kind = match name.as_str() {
                    "type" => TypeDeclKind::Type,
                    "opaque" => TypeDeclKind::Opaque,
                    _ => TypeDeclKind::Nominal,
                };
                let params = self.each(params, Self::variable_name)?;
                FormKind::Type(TypeDecl { kind, name: *type_name, params, body: self.ty(body)? })
            }
            ("spec" | "callback", [Literal::Tuple(function), types]) => {
                let kind = if name.as_str() == "spec" { SpecKind::Spec } else { SpecKind::Callback };
                let (module, FunctionName { name, arity }) = spec_function(function).ok_or_else(bad)?;
                let types = self.types(types)?;
                if types.is_empty() {
                    return Err(bad());
                }
                FormKind::Spec(Spec { kind, module, name, arity, types })
            }
            _ => other(),
        })
    }

    fn record_field_decl(&mut self, term: &Literal) -> Read<RecordFieldDecl> {
        if let Literal::Tuple(parts) = term
            && let [Literal::Atom(tag), field, ty] = parts.as_slice()
            && tag.as_str() == "typed_record_field"
        {
            let field = self.record_field_decl(field)?;
            return Ok(RecordFieldDecl { ty: Some(self.ty(ty)?), ..field });
        }
        match self.node(term)? {
            ("record_field", place, [name]) => {
                Ok(RecordFieldDecl { place, name: self.name(name)?, default: None, ty: None })
            }
            ("record_field", place, [name, default]) => {
                let name = self.name(name)?;
                Ok(RecordFieldDecl { place, name, default: Some(self.expr(default)?), ty: None })
            }
            _ => Err(BadForm::new(term)),
        }
    }
}

/// `{Name, Arity}` or `{Module, Name, Arity}`.
fn spec_function(parts: &[Literal]) -> Option<(Option<Atom>, FunctionName)> {
    let (module, name, arity) = match parts {
        [Literal::Atom(name), Literal::Int(arity)] => (None, *name, *arity),
        [Literal::Atom(module), Literal::Atom(name), Literal::Int(arity)] => (Some(*module), *name, *arity),
        _ => return None,
    };
    Some((module, FunctionName { name, arity: u32::try_from(arity).ok()? }))
}
