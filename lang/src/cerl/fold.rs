//! Constants that are made of constants.

use super::tree::{Annotated, Kind, Node, Pair, Segment};
use swerl_beam::{Atom, Literal};

/// The list of a text's characters.
#[must_use]
pub fn string(text: &str) -> Literal {
    if text.is_empty() {
        return Literal::Nil;
    }
    match text.chars().map(|c| u8::try_from(u32::from(c))).collect::<Result<Vec<u8>, _>>() {
        Ok(bytes) => Literal::Str(bytes.into()),
        Err(_) => Literal::string(text),
    }
}

fn literal(node: &Node) -> Option<&Literal> {
    match &node.kind {
        Kind::Literal(literal) => Some(literal),
        _ => None,
    }
}

/// The constants that nodes are, if all are.
fn literals(nodes: &[Node]) -> Option<Vec<Literal>> {
    nodes.iter().map(|node| literal(node).cloned()).collect()
}

/// A tuple.
#[must_use]
pub fn tuple(elements: Vec<Node>) -> Kind {
    match literals(&elements) {
        Some(literals) => Kind::Literal(Literal::Tuple(literals)),
        None => Kind::Tuple(elements),
    }
}

/// Cells; those at the end are put together with a constant tail.
#[must_use]
pub fn list(mut elements: Vec<Node>, tail: Node) -> Kind {
    let Some(end) = literal(&tail) else { return Kind::List(elements, Box::new(tail)) };
    let constant_from = elements.iter().rposition(|node| literal(node).is_none()).map_or(0, |at| at + 1);
    let constants = elements.split_off(constant_from);
    let constants = literals(&constants).expect("they were looked at");
    let tail = if constants.is_empty() { tail } else { Node::literal(cells(constants, end.clone())) };
    if elements.is_empty() { tail.kind } else { Kind::List(elements, Box::new(tail)) }
}

/// Cells before a tail.
#[must_use]
pub fn cells(mut elements: Vec<Literal>, tail: Literal) -> Literal {
    match tail {
        Literal::List(more, end) => {
            elements.extend(more);
            Literal::List(elements, end)
        }
        Literal::Str(bytes) => {
            elements.extend(bytes.iter().map(|&byte| Literal::Int(byte.into())));
            Literal::list(elements)
        }
        tail => Literal::List(elements, Box::new(tail)),
    }
}

/// A map; of constants if its keys are certainly different.
#[must_use]
pub fn map(base: Option<Box<Node>>, pairs: Vec<Annotated<Pair>>) -> Kind {
    let mut known = match base.as_deref() {
        None => Vec::new(),
        Some(Node { kind: Kind::Literal(Literal::Map(known)), .. }) => known.clone(),
        Some(_) => return Kind::Map(base, pairs),
    };
    for pair in &pairs {
        let (Some(key), Some(value)) = (literal(&pair.kind.key), literal(&pair.kind.value)) else {
            return Kind::Map(base, pairs);
        };
        let differs = |(other, _): &(Literal, Literal)| crate::core::fold::certainly_differ(key, other);
        if pair.kind.is_exact || !known.iter().all(differs) {
            return Kind::Map(base, pairs);
        }
        known.push((key.clone(), value.clone()));
    }
    Kind::Literal(Literal::Map(known))
}

/// A bit string: constant if its segments are bytes, as a constant is written.
#[must_use]
pub fn bits(segments: Vec<Annotated<Segment>>) -> Kind {
    let mut bytes = Vec::with_capacity(segments.len());
    let mut used = 8;
    for (at, segment) in segments.iter().enumerate() {
        let is_last = at + 1 == segments.len();
        match byte(&segment.kind) {
            Some((byte, 8)) => bytes.push(byte),
            Some((byte, size)) if is_last && size > 0 => {
                bytes.push(byte);
                used = size;
            }
            _ => return Kind::Bits(segments),
        }
    }
    Kind::Literal(Literal::Bits(bytes.into(), used))
}

/// A segment of at most a byte, with its bits at the upper end.
fn byte(segment: &Segment) -> Option<(u8, u8)> {
    let (Literal::Int(value), Literal::Int(size)) = (literal(&segment.value)?, literal(&segment.size)?)
    else {
        return None;
    };
    let flags: Vec<&str> = segment.flags.iter().map(|flag| flag.as_str()).collect();
    let is_plain =
        segment.unit == Literal::Int(1) && segment.ty.as_str() == "integer" && flags == ["unsigned", "big"];
    let size = u8::try_from(*size).ok().filter(|&size| is_plain && size <= 8)?;
    let value = u8::try_from(*value & 0xFF).expect("it was cut to a byte");
    Some((value.checked_shl(u32::from(8 - size)).unwrap_or(0), size))
}

/// The atoms of a list of them.
#[must_use]
pub fn atoms(list: &Literal) -> Option<Vec<Atom>> {
    match list {
        Literal::Nil => Some(Vec::new()),
        Literal::List(elements, tail) if **tail == Literal::Nil => {
            let atom = |element: &Literal| match element {
                Literal::Atom(atom) => Some(*atom),
                _ => None,
            };
            elements.iter().map(atom).collect()
        }
        _ => None,
    }
}
