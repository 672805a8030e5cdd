//! Clauses behind others that take all that they would match, though not all there is.
//!
//! Follows the compilation of pattern matching in OTP: columns from left to right, neighbouring clauses with
//! variables apart from those with constructors, each constructor on its own. So it finds what `erlc` finds, and no
//! more.

use super::Foresight;
use crate::ast::{BinElement, Clause, Expr, ExprKind, FieldName, Place};
use crate::diag::write_plain;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt::Write as _;
use swerl_beam::{Atom, Literal};

/// A clause.
#[derive(Clone)]
pub(super) struct Row {
    pub(super) columns: Vec<Shape>,
    pub(super) place: Place,
    /// Nothing but its patterns decides.
    pub(super) is_open: bool,
}

/// What a pattern asks for.
#[derive(Clone, Debug)]
pub(super) enum Shape {
    Any,
    /// A constructor, and what its parts are to be.
    Made(Key, Vec<Shape>),
}

/// A constructor.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(super) enum Key {
    Tuple(usize),
    Cons,
    /// A constant, as text.
    Constant(String),
    /// A bit string of constants, as text. Only neighbours among the bit strings are known to be the same.
    Bits(String),
    /// A map with these keys. Only neighbours among the maps are known to be the same.
    Map(Vec<String>),
    /// Like no other: the address of its pattern tells which, as all that a macro stands for is in one place.
    Opaque(usize),
}

/// Longer strings are constants rather than lists.
const LONGEST_SPELLED: usize = 60;

/// The shapes of a clause's patterns.
pub(super) fn shapes(foresight: &Foresight<'_>, clause: &Clause) -> Vec<Shape> {
    clause.patterns.iter().map(|pattern| shape(foresight, pattern)).collect()
}

fn shape(foresight: &Foresight<'_>, pattern: &Expr) -> Shape {
    let all =
        |patterns: &[Expr]| patterns.iter().map(|pattern| shape(foresight, pattern)).collect::<Vec<_>>();
    match &pattern.kind {
        ExprKind::Var(_) => Shape::Any,
        ExprKind::Match(left, right) => {
            let (left, right) = (shape(foresight, left), shape(foresight, right));
            alias(left, right).unwrap_or_else(|| Shape::Made(opaque(pattern), Vec::new()))
        }
        ExprKind::Tuple(elements) => Shape::Made(Key::Tuple(elements.len()), all(elements)),
        ExprKind::List(elements, tail) => list(all(elements), shape(foresight, tail)),
        ExprKind::String(text) if text.chars().count() <= LONGEST_SPELLED => {
            let characters = text.chars().map(|c| constant(u32::from(c).to_string())).collect();
            list(characters, constant("[]".into()))
        }
        ExprKind::String(text) => constant(format!("{text:?}")),
        ExprKind::Map { fields, .. } => {
            let mut parts = Vec::new();
            for field in fields {
                let Ok(key) = crate::syntax::term_of(&field.key) else {
                    return Shape::Made(opaque(pattern), Vec::new());
                };
                parts.push((write_plain(&key), shape(foresight, &field.value)));
            }
            parts.sort_by(|a, b| a.0.cmp(&b.0));
            let (keys, values) = parts.into_iter().unzip();
            Shape::Made(Key::Map(keys), values)
        }
        ExprKind::Record { name, fields, .. } => record(foresight, pattern, *name, |field| {
            let is_it = |known: &&crate::ast::RecordField| match known.name {
                FieldName::Named(known) => known.atom == field,
                FieldName::Others(_) | FieldName::Variable(_) => false,
            };
            let given = fields
                .iter()
                .find(is_it)
                .or_else(|| fields.iter().find(|known| matches!(known.name, FieldName::Others(_))));
            given.map_or(Shape::Any, |field| shape(foresight, &field.value))
        }),
        ExprKind::Bin(elements) => match segments(elements) {
            Some(text) => Shape::Made(Key::Bits(text), Vec::new()),
            None => Shape::Made(opaque(pattern), Vec::new()),
        },
        _ => match crate::syntax::term_of(pattern) {
            Ok(Literal::Float(0.0)) => constant("0.0".into()),
            Ok(term) => constant(write_plain(&term)),
            Err(_) => Shape::Made(opaque(pattern), Vec::new()),
        },
    }
}

/// The shape of what two patterns both match, where it is one.
fn alias(left: Shape, right: Shape) -> Option<Shape> {
    match (left, right) {
        (Shape::Any, other) | (other, Shape::Any) => Some(other),
        (Shape::Made(Key::Map(left_keys), left), Shape::Made(Key::Map(right_keys), right)) => {
            let mut parts: BTreeMap<String, Shape> = left_keys.into_iter().zip(left).collect();
            for (key, shape) in right_keys.into_iter().zip(right) {
                let shape = match parts.remove(&key) {
                    Some(known) => alias(known, shape)?,
                    None => shape,
                };
                parts.insert(key, shape);
            }
            let (keys, values) = parts.into_iter().unzip();
            Some(Shape::Made(Key::Map(keys), values))
        }
        (Shape::Made(left_key, left), Shape::Made(right_key, right)) => {
            let parts = left.into_iter().zip(right).map(|(left, right)| alias(left, right));
            let parts = parts.collect::<Option<Vec<Shape>>>()?;
            (left_key == right_key).then_some(Shape::Made(left_key, parts))
        }
    }
}

/// What tells a bit string of constants from others; none if it has other parts.
fn segments(elements: &[BinElement]) -> Option<String> {
    let mut text = String::from("<<");
    for element in elements {
        if let Some(plain) = plain_integers(element) {
            text.push_str(&plain);
            continue;
        }
        let value = crate::syntax::term_of(&element.value).ok()?;
        let size = element.size.as_ref().map(crate::syntax::term_of).transpose().ok()?;
        let size = size.as_ref().map(write_plain);
        let mut specs: Vec<_> = element.specs.iter().flatten().map(|spec| (spec.name, spec.value)).collect();
        specs.sort_unstable();
        write!(text, "{}:{size:?}/{specs:?},", write_plain(&value)).ok()?;
    }
    Some(text)
}

/// Integers as they are unless something else is said, however they are written: as numbers, in a text, or as what
/// UTF-8 makes of a text.
fn plain_integers(element: &BinElement) -> Option<String> {
    let specs: Vec<(&str, Option<i64>)> =
        element.specs.iter().flatten().map(|spec| (spec.name.as_str(), spec.value)).collect();
    let is_utf8 = element.size.is_none() && specs == [("utf8", None)];
    let is_usual = |spec: &(&str, Option<i64>)| {
        matches!(spec, ("integer" | "unsigned" | "big", None) | ("unit", Some(1)))
    };
    if !is_utf8 && !specs.iter().all(is_usual) {
        return None;
    }
    let code =
        |c: char| if is_utf8 { c.to_string().into_bytes() } else { u8::try_from(c).into_iter().collect() };
    let size = match &element.size {
        Some(size) => write_plain(&crate::syntax::term_of(size).ok()?),
        None => "8".to_owned(),
    };
    let values: Vec<String> = match &element.value.kind {
        ExprKind::String(text) if text.chars().all(|c| is_utf8 || u8::try_from(c).is_ok()) => {
            text.chars().flat_map(code).map(|byte| byte.to_string()).collect()
        }
        ExprKind::Char(_) | ExprKind::Integer(_) if !is_utf8 => {
            vec![write_plain(&crate::syntax::term_of(&element.value).ok()?)]
        }
        _ => return None,
    };
    Some(values.iter().map(|value| format!("{value}:{size},")).collect())
}

fn record(foresight: &Foresight<'_>, pattern: &Expr, name: Atom, field: impl Fn(Atom) -> Shape) -> Shape {
    let Some(record) = foresight.records.get(&name) else {
        return Shape::Made(opaque(pattern), Vec::new());
    };
    let tag = constant(write_plain(&Literal::Atom(name)));
    let parts: Vec<Shape> =
        std::iter::once(tag).chain(record.fields.iter().map(|declared| field(declared.name.atom))).collect();
    Shape::Made(Key::Tuple(parts.len()), parts)
}

fn opaque(pattern: &Expr) -> Key {
    Key::Opaque(std::ptr::from_ref(pattern).addr())
}

fn constant(text: String) -> Shape {
    Shape::Made(Key::Constant(text), Vec::new())
}

fn list(elements: Vec<Shape>, tail: Shape) -> Shape {
    elements.into_iter().rev().fold(tail, |rest, element| Shape::Made(Key::Cons, vec![element, rest]))
}

/// The clauses that are never reached, each with the one that stands before it.
pub(super) fn unreachable(rows: Vec<Row>) -> Vec<(Place, Place)> {
    if rows.len() < 2 {
        return Vec::new();
    }
    let mut found = Vec::new();
    // Columns are taken from the end.
    let rows = rows
        .into_iter()
        .map(|mut row| {
            row.columns.reverse();
            row
        })
        .collect();
    choose(rows, None, &mut found);
    let mut seen = HashSet::new();
    found.retain(|(place, _)| seen.insert(*place));
    found
}

/// Where what comes of these rows stands; `otherwise` is what is tried when none matches.
fn choose(rows: Vec<Row>, otherwise: Option<Place>, found: &mut Vec<(Place, Place)>) -> Option<Place> {
    let first = rows.first()?.place;
    if rows[0].columns.is_empty() {
        if let Some(open) = rows.iter().position(|row| row.is_open) {
            let before = rows[open].place;
            found.extend(rows.get(open + 1).map(|row| (row.place, before)));
            found.extend(otherwise.map(|place| (place, before)));
        }
        return Some(first);
    }
    let is_any = |row: &Row| matches!(row.columns.last(), Some(Shape::Any));
    let mut groups: Vec<Vec<Row>> = Vec::new();
    for row in rows {
        match groups.last_mut() {
            Some(group) if is_any(&group[0]) == is_any(&row) => group.push(row),
            _ => groups.push(vec![row]),
        }
    }
    let mut otherwise = otherwise;
    while let Some(mut group) = groups.pop() {
        otherwise = if is_any(&group[0]) {
            for row in &mut group {
                row.columns.pop();
            }
            choose(group, otherwise, found)
        } else {
            made(group, found)
        };
    }
    otherwise.or(Some(first))
}

/// Rows that begin with constructors: each constructor is on its own.
fn made(group: Vec<Row>, found: &mut Vec<(Place, Place)>) -> Option<Place> {
    let first = group.first()?.place;
    let mut order: Vec<Vec<Row>> = Vec::new();
    let mut index: HashMap<Key, usize> = HashMap::new();
    // The last one of bit strings, and of maps.
    let mut previous: [Option<Key>; 2] = [None, None];
    for mut row in group {
        let Some(Shape::Made(key, parts)) = row.columns.pop() else { continue };
        let kind = match key {
            Key::Bits(_) => Some(0),
            Key::Map(_) => Some(1),
            _ => None,
        };
        if let Some(kind) = kind
            && previous[kind].replace(key.clone()).as_ref() != Some(&key)
        {
            index.remove(&key);
        }
        row.columns.extend(parts.into_iter().rev());
        let at = *index.entry(key).or_insert_with(|| {
            order.push(Vec::new());
            order.len() - 1
        });
        order[at].push(row);
    }
    for rows in order {
        choose(rows, None, found);
    }
    Some(first)
}
