//! From forms to the abstract format.

use super::places::Locate;
use super::write_expr::{Writer, arity, atom};
use crate::ast::{Expr, Form, FormKind, FunctionName, RecordFieldDecl, SpecKind, TypeDeclKind};
use swerl_beam::Literal;

/// A form in the abstract format.
#[must_use]
pub fn write_form(form: &Form, locate: &dyn Locate) -> Literal {
    Writer { locate }.form(form)
}

/// A sequence of expressions in the abstract format.
#[must_use]
pub fn write_exprs(exprs: &[Expr], locate: &dyn Locate) -> Literal {
    Writer { locate }.exprs(exprs)
}

impl Writer<'_> {
    fn form(&self, form: &Form) -> Literal {
        let attribute = |name: &str, value: Literal| self.node("attribute", form.place, [atom(name), value]);
        match &form.kind {
            FormKind::Module(name) => attribute("module", Literal::Atom(*name)),
            FormKind::Export(functions) => attribute("export", names(functions)),
            FormKind::ExportType(types) => attribute("export_type", names(types)),
            FormKind::Import(import) => {
                let value = Literal::tuple([Literal::Atom(import.module), names(&import.functions)]);
                attribute("import", value)
            }
            FormKind::Record(record) => {
                let fields = record.fields.iter().map(|field| self.record_field_decl(field)).collect();
                attribute("record", Literal::tuple([Literal::Atom(record.name), Literal::list(fields)]))
            }
            FormKind::Type(decl) => {
                let name = match decl.kind {
                    TypeDeclKind::Type => "type",
                    TypeDeclKind::Opaque => "opaque",
                    TypeDeclKind::Nominal => "nominal",
                };
                let params = decl.params.iter().map(|&param| self.variable(param)).collect();
                let value = [Literal::Atom(decl.name), self.ty(&decl.body), Literal::list(params)];
                attribute(name, Literal::tuple(value))
            }
            FormKind::Spec(spec) => {
                let name = match spec.kind {
                    SpecKind::Spec => "spec",
                    SpecKind::Callback => "callback",
                };
                let function = Self::function(spec.module, spec.name, spec.arity);
                attribute(name, Literal::tuple([function, self.types(&spec.types)]))
            }
            FormKind::File { name, line, is_said } => {
                let value = Literal::tuple([Literal::string(name), Literal::Int(*line)]);
                let annotation = match is_said {
                    true => self.locate.generated(form.place),
                    false => self.locate.annotation(form.place),
                };
                Literal::tuple([atom("attribute"), annotation, atom("file"), value])
            }
            FormKind::Attribute(name, value) => {
                self.node("attribute", form.place, [Literal::Atom(*name), value.clone()])
            }
            FormKind::Function(function) => self.node(
                "function",
                form.place,
                [Literal::Atom(function.name), arity(function.arity), self.clauses(&function.clauses)],
            ),
            FormKind::Error(info) => Literal::tuple([atom("error"), info.clone()]),
            FormKind::Warning(info) => Literal::tuple([atom("warning"), info.clone()]),
            FormKind::Eof => self.node("eof", form.place, []),
        }
    }

    fn record_field_decl(&self, field: &RecordFieldDecl) -> Literal {
        let parts =
            std::iter::once(self.name(field.name)).chain(field.default.iter().map(|expr| self.expr(expr)));
        let plain = self.node("record_field", field.name.place, parts);
        match &field.ty {
            None => plain,
            Some(ty) => Literal::tuple([atom("typed_record_field"), plain, self.ty(ty)]),
        }
    }
}

fn names(functions: &[FunctionName]) -> Literal {
    let pair =
        |function: &FunctionName| Literal::tuple([Literal::Atom(function.name), arity(function.arity)]);
    Literal::list(functions.iter().map(pair).collect())
}
