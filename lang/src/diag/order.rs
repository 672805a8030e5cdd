//! The order in which `erlc` lists its messages.

use super::{Diagnostic, Severity};
use crate::source::SourceMap;
use std::cmp::Ordering;
use std::sync::Arc;
use swerl_beam::Literal;

/// Brings diagnostics into the order of `erlc`: errors before warnings; each grouped by file; in a file, errors
/// by the form in which they were found, and within it as they were found; warnings by line and column.
///
/// Errors of one form must already stand in the order in which they were found.
pub fn sort(diagnostics: &mut Vec<Diagnostic>, map: &SourceMap) {
    let main: Arc<str> = map.files().next().map_or_else(|| "".into(), |(_, file)| file.name().clone());
    let mut keyed: Vec<_> = diagnostics
        .drain(..)
        .map(|diagnostic| {
            let location = diagnostic.place.map(|place| map.location(place.point()));
            let file = location.as_ref().map_or(&main, |location| &location.file).clone();
            let position = location.map_or((0, 0), |location| (location.line, location.column));
            ((diagnostic.severity, file), position, diagnostic)
        })
        .collect();
    keyed.sort_by(|(group, position, a), (other_group, other_position, b)| {
        group.cmp(other_group).then_with(|| match a.severity {
            Severity::Error => (a.form.is_none(), a.form).cmp(&(b.form.is_none(), b.form)),
            Severity::Warning => position
                .cmp(other_position)
                .then_with(|| a.module.cmp(b.module))
                .then_with(|| compare(&a.descriptor, &b.descriptor)),
        })
    });
    keyed.dedup_by(|(group, _, b), (other_group, _, a)| {
        a.severity == Severity::Warning && group == other_group && a == b
    });
    diagnostics.extend(keyed.into_iter().map(|(_, _, diagnostic)| diagnostic));
}

/// The standard order of terms, as far as descriptors need it.
fn compare(a: &Literal, b: &Literal) -> Ordering {
    let rank = |literal: &Literal| match literal {
        Literal::Int(_) | Literal::Big(_) | Literal::Float(_) => 0,
        Literal::Atom(_) => 1,
        Literal::Fun(..) => 2,
        Literal::Tuple(_) => 3,
        Literal::Map(_) => 4,
        Literal::Nil => 5,
        Literal::List(..) | Literal::Str(_) => 6,
        Literal::Bits(..) => 7,
    };
    match (a, b) {
        (Literal::Int(a), Literal::Int(b)) => a.cmp(b),
        (Literal::Atom(a), Literal::Atom(b)) => a.cmp(b),
        (Literal::Tuple(a), Literal::Tuple(b)) => a.len().cmp(&b.len()).then_with(|| compare_all(a, b)),
        (Literal::List(a, a_tail), Literal::List(b, b_tail)) => {
            let common = a.len().min(b.len());
            compare_all(&a[..common], &b[..common])
                .then_with(|| a.len().cmp(&b.len()))
                .then_with(|| compare(a_tail, b_tail))
        }
        _ => rank(a).cmp(&rank(b)),
    }
}

fn compare_all(a: &[Literal], b: &[Literal]) -> Ordering {
    a.iter().zip(b).map(|(a, b)| compare(a, b)).find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
}
