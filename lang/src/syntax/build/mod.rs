//! What the grammar's actions call: makes nodes and gives them their places.

mod attribute;
mod clause;
mod expr;
mod term;
mod types;

pub(super) use attribute::{
    AttributeValue, FieldItem, attribute, attribute_exprs, field_items, spec, type_names,
};
pub(super) use clause::{
    FunClause, TryTail, clause, fun, fun_clause, function, generator, if_clause, maybe, maybe_match,
    more_clauses, receive, try_clause, try_expr, zip,
};
pub(super) use expr::{
    bin_element, bin_spec, binary, call, catch, expr, field_variable, improper_list, integer, list,
    local_fun, map, map_field, matching, record, record_access, record_index, remote, sigil, unary,
};
pub use term::{NotATerm, term_of};
pub(crate) use types::is_predefined_type;
pub(super) use types::{
    TypeBinPart, annotated_type, bin_base, bin_part, bin_part_type, bin_type, bin_unit, binary_type,
    bounded_fun, compat_constraint, constraint, fun_type, integer_type, list_type, map_type_field,
    named_type, range_type, record_type_field, remote_type, ty, unary_type, union_type,
};

use crate::ast::{Expr, Form, Name, Place};
use crate::source::Span;
use swerl_beam::Atom;

/// What the parser returns.
#[derive(Debug)]
pub(super) enum Parsed {
    /// A form.
    Form(Form),
    /// A sequence of expressions.
    Exprs(Vec<Expr>),
}

/// A fault found by an action.
pub(super) type BuildError = super::SyntaxError;

pub(super) fn push<T>(mut list: Vec<T>, last: T) -> Vec<T> {
    list.push(last);
    list
}

pub(super) fn name(at: Span, atom: Atom) -> Name {
    Name { place: Place::new(at), atom }
}
