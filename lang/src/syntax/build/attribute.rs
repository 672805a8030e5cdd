//! Attributes: each known one checked and given its own form, all others as terms.

use super::expr::small_arity;
use super::term::term_of;
use super::{BuildError, name};
use crate::ast::{BinaryOp, Expr, ExprKind, Form, FormKind, FunctionName, Import, MapField, Name, Place};
use crate::ast::{RecordDecl, RecordFieldDecl, Spec, SpecKind, Type, TypeDecl, TypeDeclKind, TypeKind};
use crate::lex::Integer;
use crate::source::Span;
use crate::syntax::{SyntaxError, SyntaxFault};
use swerl_beam::{Atom, Literal};

/// What stands after an attribute's name.
#[derive(Debug)]
pub(in crate::syntax) enum AttributeValue {
    /// Expressions: at least one.
    Exprs(Vec<Expr>),
    /// `name, {field :: type, ...}`.
    Record(Expr, Vec<FieldItem>),
    /// `name(...) :: type`.
    Type(Expr, Type),
}

/// A field of a record's declaration, before it is checked.
#[derive(Debug)]
pub(in crate::syntax) enum FieldItem {
    Plain(Expr),
    Typed(Expr, Type),
}

pub(in crate::syntax) fn attribute_exprs(first: Expr, more: Vec<Expr>) -> AttributeValue {
    let mut exprs = vec![first];
    exprs.extend(more);
    AttributeValue::Exprs(exprs)
}

pub(in crate::syntax) fn field_items(plain: Vec<Expr>, last: FieldItem) -> Vec<FieldItem> {
    let mut items: Vec<_> = plain.into_iter().map(FieldItem::Plain).collect();
    items.push(last);
    items
}

/// An attribute; it is located at its name.
pub(in crate::syntax) fn attribute(
    first: Span,
    last: Span,
    name: Name,
    value: AttributeValue,
) -> Result<Form, BuildError> {
    let kind = match value {
        AttributeValue::Exprs(exprs) => match name.atom.as_str() {
            "module" => module(exprs),
            "export" => export(exprs),
            "import" => import(exprs),
            "record" => record(exprs),
            "file" => file(exprs),
            _ => other(name.atom, exprs),
        },
        AttributeValue::Record(record, fields) => typed_record(name, record, fields),
        AttributeValue::Type(head, body) => type_declaration(name, head, body),
    }?;
    Ok(Form { place: Place::join(first, last).located(name.place.span), kind })
}

/// `-spec` or `-callback`; it is located at that word.
pub(in crate::syntax) fn spec(
    first: Span,
    word: Span,
    last: Span,
    kind: SpecKind,
    (module, name, types): (Option<Atom>, Atom, Vec<Type>),
) -> Form {
    let arity = function_arity(&types[0]);
    let kind = FormKind::Spec(Spec { kind, module, name, arity, types });
    Form { place: Place::join(first, last).located(word), kind }
}

fn function_arity(ty: &Type) -> u32 {
    match &ty.kind {
        TypeKind::BoundedFun(function, _) => function_arity(function),
        TypeKind::Fun(Some(function)) => {
            u32::try_from(function.args.as_ref().map_or(0, Vec::len)).unwrap_or(u32::MAX)
        }
        _ => 0,
    }
}

fn bad<T>(at: &Expr, text: &'static str) -> Result<T, BuildError> {
    Err(SyntaxError::message(at.place.span, text))
}

fn bad_declaration<T>(at: Span, name: &str) -> Result<T, BuildError> {
    Err(SyntaxError { span: at, fault: SyntaxFault::BadDeclaration(Atom::new(name)) })
}

fn module(exprs: Vec<Expr>) -> Result<FormKind, BuildError> {
    match exprs.as_slice() {
        [Expr { kind: ExprKind::Atom(module), .. }] => Ok(FormKind::Module(*module)),
        [Expr { kind: ExprKind::Atom(module), .. }, parameters] => {
            let parameters = variable_list(parameters)?;
            let value = Literal::tuple([Literal::Atom(*module), parameters]);
            Ok(FormKind::Attribute(Atom::new("module"), value))
        }
        _ => bad_declaration(exprs[0].place.span, "module"),
    }
}

fn variable_list(list: &Expr) -> Result<Literal, BuildError> {
    let mut names = Vec::new();
    let end = match &list.kind {
        ExprKind::List(elements, tail) => {
            for (index, element) in elements.iter().enumerate() {
                let rest = if index == 0 { list } else { element };
                let ExprKind::Var(name) = element.kind else { return bad(rest, "bad variable list") };
                names.push(Literal::Atom(name));
            }
            tail
        }
        _ => list,
    };
    match end.kind {
        ExprKind::Nil => Ok(Literal::list(names)),
        _ => bad(end, "bad variable list"),
    }
}

fn export(exprs: Vec<Expr>) -> Result<FormKind, BuildError> {
    match exprs.as_slice() {
        [functions] => Ok(FormKind::Export(function_names(functions)?)),
        _ => bad_declaration(exprs[1].place.span, "export"),
    }
}

fn import(exprs: Vec<Expr>) -> Result<FormKind, BuildError> {
    match exprs.as_slice() {
        [Expr { kind: ExprKind::Atom(module), .. }, functions] => {
            Ok(FormKind::Import(Import { module: *module, functions: function_names(functions)? }))
        }
        [_, other, ..] => bad_declaration(other.place.span, "import"),
        _ => bad_declaration(exprs[0].place.span, "import"),
    }
}

/// `[f/1, g/2]`.
fn function_names(list: &Expr) -> Result<Vec<FunctionName>, BuildError> {
    let (elements, end) = match &list.kind {
        ExprKind::List(elements, tail) => (elements.as_slice(), &**tail),
        _ => (&[][..], list),
    };
    let name = |(index, element)| function_name(if index == 0 { list } else { element }, element);
    let names = elements.iter().enumerate().map(name).collect::<Result<_, _>>()?;
    match end.kind {
        ExprKind::Nil => Ok(names),
        _ => bad(end, "bad Name/Arity"),
    }
}

/// `f/1`; when it is something else, what is wrong is the rest of the list.
fn function_name(rest: &Expr, expr: &Expr) -> Result<FunctionName, BuildError> {
    let ExprKind::Binary(BinaryOp::FloatDiv, name, arity) = &expr.kind else {
        return bad(rest, "bad Name/Arity");
    };
    let ExprKind::Atom(name) = name.kind else { return bad(name, "bad function name") };
    match arity.kind {
        ExprKind::Integer(value) => match small_arity(&Integer::Small(value)) {
            Some(arity) => Ok(FunctionName { name, arity }),
            None => bad(arity, "bad function arity"),
        },
        _ => bad(arity, "bad function arity"),
    }
}

fn file(exprs: Vec<Expr>) -> Result<FormKind, BuildError> {
    match exprs.as_slice() {
        [Expr { kind: ExprKind::String(file), .. }, Expr { kind: ExprKind::Integer(line), .. }] => {
            Ok(FormKind::File { name: file.clone(), line: *line, is_said: false })
        }
        _ => bad_declaration(exprs[0].place.span, "file"),
    }
}

fn record(exprs: Vec<Expr>) -> Result<FormKind, BuildError> {
    let at = exprs[0].place.span;
    let Ok([record, fields]) = <[Expr; 2]>::try_from(exprs) else { return bad_declaration(at, "record") };
    let ExprKind::Atom(name) = record.kind else { return bad_declaration(at, "record") };
    match fields.kind {
        ExprKind::Tuple(fields) => record_fields(name, fields.into_iter().map(FieldItem::Plain).collect()),
        _ => bad(&fields, "bad record declaration"),
    }
}

fn typed_record(attribute: Name, record: Expr, fields: Vec<FieldItem>) -> Result<FormKind, BuildError> {
    match (attribute.atom.as_str(), record.kind) {
        ("record", ExprKind::Atom(name)) => record_fields(name, fields),
        _ => bad_typed(attribute),
    }
}

fn bad_typed<T>(attribute: Name) -> Result<T, BuildError> {
    let at = attribute.place.span;
    match attribute.atom.as_str() {
        name @ ("record" | "type" | "opaque" | "nominal") => bad_declaration(at, name),
        _ => Err(SyntaxError::message(at, "bad attribute")),
    }
}

fn record_fields(name: Atom, items: Vec<FieldItem>) -> Result<FormKind, BuildError> {
    let fields = items.into_iter().map(record_field).collect::<Result<_, _>>()?;
    Ok(FormKind::Record(RecordDecl { name, fields }))
}

fn record_field(item: FieldItem) -> Result<RecordFieldDecl, BuildError> {
    let (expr, ty) = match item {
        FieldItem::Plain(expr) => (expr, None),
        FieldItem::Typed(expr, ty) => (expr, Some(ty)),
    };
    let span = expr.place.span;
    let (field, default) = match expr.kind {
        ExprKind::Atom(field) => (name(span, field), None),
        ExprKind::Match(field, default) => match field.kind {
            ExprKind::Atom(atom) => (name(field.place.span, atom), Some(*default)),
            _ => return bad(&field, "bad record field"),
        },
        _ => return bad(&expr, "bad record field"),
    };
    let last = ty.as_ref().map_or(span, |ty| ty.place.span);
    Ok(RecordFieldDecl { place: Place::join(span, last), name: field, default, ty })
}

fn type_declaration(attribute: Name, head: Expr, body: Type) -> Result<FormKind, BuildError> {
    let kind = match attribute.atom.as_str() {
        "type" => TypeDeclKind::Type,
        "opaque" => TypeDeclKind::Opaque,
        "nominal" => TypeDeclKind::Nominal,
        _ => return bad_typed(attribute),
    };
    let ExprKind::Call { callee, args } = head.kind else { return bad_typed(attribute) };
    let ExprKind::Atom(type_name) = callee.kind else { return bad_typed(attribute) };
    let wildcard = |arg: &&Expr| matches!(arg.kind, ExprKind::Var(name) if name.as_str() == "_");
    if let Some(arg) = args.iter().find(wildcard) {
        return bad(arg, "bad type variable");
    }
    let parameter = |arg: &Expr| match arg.kind {
        ExprKind::Var(atom) => Ok(Name { place: arg.place, atom }),
        _ => bad(arg, "bad type variable"),
    };
    let params = args.iter().map(parameter).collect::<Result<_, _>>()?;
    Ok(FormKind::Type(TypeDecl { kind, name: type_name, params, body }))
}

/// An attribute without a form of its own. In its value `f/1` stands for `{f, 1}`.
fn other(attribute: Atom, mut exprs: Vec<Expr>) -> Result<FormKind, BuildError> {
    if exprs.len() > 1 {
        return bad(&exprs[1], "bad attribute");
    }
    let mut expr = exprs.remove(0);
    arities_to_tuples(&mut expr);
    match term_of(&expr) {
        Ok(value) => Ok(known(attribute, value)),
        Err(_) => bad(&expr, "bad attribute"),
    }
}

fn known(attribute: Atom, value: Literal) -> FormKind {
    match attribute.as_str() {
        "export_type" => match type_names(&value) {
            Some(types) => FormKind::ExportType(types),
            None => FormKind::Attribute(attribute, value),
        },
        _ => FormKind::Attribute(attribute, value),
    }
}

/// `[{t, 1}, ...]`.
pub(in crate::syntax) fn type_names(value: &Literal) -> Option<Vec<FunctionName>> {
    let elements = match value {
        Literal::Nil => &[][..],
        Literal::List(elements, tail) if **tail == Literal::Nil => elements,
        _ => return None,
    };
    let name = |element: &Literal| match element {
        Literal::Tuple(pair) => match pair.as_slice() {
            [Literal::Atom(name), Literal::Int(arity)] => {
                Some(FunctionName { name: *name, arity: u32::try_from(*arity).ok()? })
            }
            _ => None,
        },
        _ => None,
    };
    elements.iter().map(name).collect()
}

fn arities_to_tuples(expr: &mut Expr) {
    match &mut expr.kind {
        ExprKind::List(elements, tail) => {
            elements.iter_mut().for_each(arities_to_tuples);
            arities_to_tuples(tail);
        }
        ExprKind::Tuple(elements) => elements.iter_mut().for_each(arities_to_tuples),
        ExprKind::Map { base: None, fields } => {
            fields.iter_mut().for_each(|MapField { value, .. }| arities_to_tuples(value));
        }
        ExprKind::Binary(BinaryOp::FloatDiv, name, arity)
            if matches!((&name.kind, &arity.kind), (ExprKind::Atom(_), ExprKind::Integer(_))) =>
        {
            let pair = [&mut **name, &mut **arity].map(|part| Expr {
                place: part.place,
                kind: std::mem::replace(&mut part.kind, ExprKind::Nil),
            });
            expr.kind = ExprKind::Tuple(pair.into());
        }
        _ => {}
    }
}
