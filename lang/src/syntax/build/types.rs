//! Types.

use super::BuildError;
use crate::ast::{
    BinaryOp, Constraint, FunType, MapFieldKind, MapTypeField, Name, Place, RecordTypeField, Type,
};
use crate::ast::{TypeKind, UnaryOp};
use crate::lex::Integer;
use crate::source::Span;
use crate::syntax::{SyntaxError, SyntaxFault};
use std::sync::Arc;
use swerl_beam::Atom;

/// A node from its first to its last token, located at the first.
pub(in crate::syntax) fn ty(first: Span, last: Span, kind: TypeKind) -> Type {
    Type { place: Place::join(first, last), kind }
}

pub(in crate::syntax) fn integer_type(at: Span, value: Integer) -> Type {
    ty(
        at,
        at,
        match value {
            Integer::Small(value) => TypeKind::Integer(value),
            Integer::Big(value) => TypeKind::BigInteger(Box::new(Arc::unwrap_or_clone(value))),
        },
    )
}

pub(in crate::syntax) fn annotated_type(var: Name, body: Type) -> Type {
    let place = Place::join(var.place.span, body.place.span);
    Type { place, kind: TypeKind::Annotated(var, Box::new(body)) }
}

/// A union is right-associative: what the last alternative unites belongs to it.
pub(in crate::syntax) fn union_type(mut alternatives: Vec<Type>, last: Type) -> Type {
    let place = Place::join(alternatives[0].place.span, last.place.span);
    match last.kind {
        TypeKind::Union(more) => alternatives.extend(more),
        _ => alternatives.push(last),
    }
    Type { place, kind: TypeKind::Union(alternatives) }
}

pub(in crate::syntax) fn range_type(low: Type, high: Type) -> Type {
    let place = Place { at: low.place.at, ..Place::join(low.place.span, high.place.span) };
    Type { place, kind: TypeKind::Range(Box::new(low), Box::new(high)) }
}

pub(in crate::syntax) fn binary_type(a: Type, at: Span, op: BinaryOp, b: Type) -> Type {
    let place = Place::join(a.place.span, b.place.span).located(at);
    Type { place, kind: TypeKind::Binary(op, Box::new(a), Box::new(b)) }
}

pub(in crate::syntax) fn unary_type(at: Span, op: UnaryOp, operand: Type) -> Type {
    let place = Place::join(at, operand.place.span);
    Type { place, kind: TypeKind::Unary(op, Box::new(operand)) }
}

pub(in crate::syntax) fn named_type(name: Name, args: Vec<Type>, last: Span) -> Type {
    let kind = match (name.atom.as_str(), args.len()) {
        ("tuple", 0) => TypeKind::Tuple(None),
        ("map", 0) => TypeKind::Map(None),
        (text, arity) => TypeKind::Named { name: name.atom, args, user: !is_predefined_type(text, arity) },
    };
    ty(name.place.span, last, kind)
}

/// The types that no module needs to declare.
pub(crate) fn is_predefined_type(name: &str, arity: usize) -> bool {
    match arity {
        0 => matches!(
            name,
            "any"
                | "arity"
                | "atom"
                | "binary"
                | "bitstring"
                | "bool"
                | "boolean"
                | "byte"
                | "char"
                | "dynamic"
                | "float"
                | "function"
                | "identifier"
                | "integer"
                | "iodata"
                | "iolist"
                | "list"
                | "map"
                | "maybe_improper_list"
                | "mfa"
                | "module"
                | "neg_integer"
                | "nil"
                | "no_return"
                | "node"
                | "non_neg_integer"
                | "none"
                | "nonempty_binary"
                | "nonempty_bitstring"
                | "nonempty_list"
                | "nonempty_maybe_improper_list"
                | "nonempty_string"
                | "number"
                | "pid"
                | "port"
                | "pos_integer"
                | "reference"
                | "string"
                | "term"
                | "timeout"
                | "tuple"
        ),
        1 => matches!(name, "list" | "nonempty_list"),
        2 => {
            matches!(name, "maybe_improper_list" | "nonempty_improper_list" | "nonempty_maybe_improper_list")
        }
        _ => false,
    }
}

pub(in crate::syntax) fn remote_type(module: Name, name: Name, args: Vec<Type>, last: Span) -> Type {
    ty(module.place.span, last, TypeKind::Remote { module, name, args })
}

/// `[]`, `[T]` and `[T, ...]`.
pub(in crate::syntax) fn list_type(first: Span, last: Span, name: &str, args: Vec<Type>) -> Type {
    ty(first, last, TypeKind::Named { name: Atom::new(name), args, user: false })
}

pub(in crate::syntax) fn fun_type(first: Span, args: Option<Vec<Type>>, result: Type) -> Type {
    let last = result.place.span;
    ty(first, last, TypeKind::Fun(Some(Box::new(FunType { args_place: Place::new(first), args, result }))))
}

pub(in crate::syntax) fn bounded_fun(function: Type, constraints: Vec<Constraint>) -> Type {
    let last = constraints[constraints.len() - 1].place.span;
    let place = Place::join(function.place.span, last);
    Type { place, kind: TypeKind::BoundedFun(Box::new(function), constraints) }
}

pub(in crate::syntax) fn constraint(var: Name, bound: Type) -> Result<Constraint, BuildError> {
    if var.atom.as_str() == "_" {
        return Err(SyntaxError::message(var.place.span, "bad type variable"));
    }
    let name = Name { place: Place::new(var.place.point()), atom: Atom::new("is_subtype") };
    let place = Place::join(var.place.span, bound.place.span);
    Ok(Constraint { place, name, var: Type { place: var.place, kind: TypeKind::Var(var.atom) }, bound })
}

/// The older `is_subtype(Var, Type)`.
pub(in crate::syntax) fn compat_constraint(name: Name, args: Vec<Type>) -> Result<Constraint, BuildError> {
    let unsupported =
        SyntaxError { span: name.place.span, fault: SyntaxFault::UnsupportedConstraint(name.atom) };
    if name.atom.as_str() != "is_subtype" {
        return Err(unsupported);
    }
    let Ok([var, bound]) = <[Type; 2]>::try_from(args) else { return Err(unsupported) };
    match var.kind {
        TypeKind::Var(atom) => constraint(Name { place: var.place, atom }, bound),
        _ => Err(SyntaxError::message(var.place.span, "bad type variable")),
    }
}

pub(in crate::syntax) fn map_type_field(
    key: Type,
    arrow: Span,
    kind: MapFieldKind,
    value: Type,
) -> MapTypeField {
    let place = Place::join(key.place.span, value.place.span).located(arrow);
    MapTypeField { place, kind, key, value }
}

pub(in crate::syntax) fn record_type_field(name: Name, ty: Type) -> RecordTypeField {
    RecordTypeField { place: Place::join(name.place.span, ty.place.span), name, ty }
}

/// A part of a type of bit strings.
#[derive(Debug)]
pub(in crate::syntax) enum TypeBinPart {
    /// `_:8`.
    Base(Type),
    /// `_:_*8`.
    Unit(Type),
}

pub(in crate::syntax) fn bin_part(var: Name, size: Type) -> Result<TypeBinPart, BuildError> {
    if let TypeKind::Binary(BinaryOp::Mul, times, unit) = &size.kind
        && let TypeKind::Var(atom) = times.kind
    {
        let times = Name { place: times.place, atom };
        return bin_unit(var, times, Type::clone(unit)).map(TypeBinPart::Unit);
    }
    any_name(var)?;
    Ok(TypeBinPart::Base(size))
}

pub(in crate::syntax) fn bin_unit(var: Name, times: Name, unit: Type) -> Result<Type, BuildError> {
    any_name(var)?;
    any_name(times)?;
    Ok(unit)
}

/// Sizes have no names.
fn any_name(var: Name) -> Result<(), BuildError> {
    if var.atom.as_str() == "_" {
        return Ok(());
    }
    Err(SyntaxError::message(var.place.span, "Bad binary type"))
}

/// What stands before the comma.
pub(in crate::syntax) fn bin_base(part: TypeBinPart, comma: Span) -> Result<Type, BuildError> {
    match part {
        TypeBinPart::Base(base) => Ok(base),
        TypeBinPart::Unit(_) => Err(SyntaxError { span: comma, fault: SyntaxFault::Before("','".into()) }),
    }
}

pub(in crate::syntax) fn bin_part_type(first: Span, last: Span, part: TypeBinPart) -> Type {
    match part {
        TypeBinPart::Base(base) => bin_type(first, last, Some(base), None),
        TypeBinPart::Unit(unit) => bin_type(first, last, None, Some(unit)),
    }
}

/// `<<>>`, `<<_:B>>`, `<<_:_*U>>` or `<<_:B, _:_*U>>`; a part that is not written is zero, at the beginning.
pub(in crate::syntax) fn bin_type(first: Span, last: Span, base: Option<Type>, unit: Option<Type>) -> Type {
    let zero = || integer_type(first.at_start(), Integer::Small(0));
    let (base, unit) = (base.unwrap_or_else(zero), unit.unwrap_or_else(zero));
    ty(first, last, TypeKind::Bin(Box::new(base), Box::new(unit)))
}
