//! Which specifications `select_replace/2` takes: those that show that every object keeps its key.

use crate::bif::argument::name_of;
use crate::term::{Term, exactly_equal};

/// Does every clause keep the key, which stands at this place, counted from 0?
pub(super) fn keeps_keys(spec: Term, position: usize) -> bool {
    spec.to_vec().is_some_and(|clauses| clauses.iter().all(|&clause| clause_keeps(clause, position)))
}

fn clause_keeps(clause: Term, position: usize) -> bool {
    let Some(&[head, _, body]) = clause.as_tuple() else { return false };
    let Some(&[result]) = body.to_vec().as_deref() else { return false };
    if name_of(result) == "$_" {
        return true;
    }
    let key_in = |tuple: Term| tuple.as_tuple().and_then(|tuple| tuple.get(position)).copied();
    match result.as_tuple() {
        Some(&[object]) => {
            let Some(key) = key_in(object) else { return false };
            is_key_of_object(key, position) || key_in(head).is_some_and(|pattern| is_same(key, pattern))
        }
        Some(&[verb, object]) if name_of(verb) == "const" => {
            key_in(object).zip(key_in(head)).is_some_and(|(key, pattern)| is_constant(key, pattern))
        }
        _ => false,
    }
}

/// Is it what a pattern without variables matched?
fn is_constant(value: Term, pattern: Term) -> bool {
    let name = name_of(pattern);
    name != "_" && !is_variable(name) && exactly_equal(value, pattern)
}

/// `{element, Position, '$_'}`.
fn is_key_of_object(key: Term, position: usize) -> bool {
    let Some(&[verb, at, object]) = key.as_tuple() else { return false };
    name_of(verb) == "element" && at.as_usize() == Some(position + 1) && name_of(object) == "$_"
}

fn is_variable(name: &str) -> bool {
    name.strip_prefix('$').is_some_and(|number| number.parse::<u32>().is_ok())
}

/// Does an expression give what a pattern matched?
fn is_same(expression: Term, pattern: Term) -> bool {
    if pattern.as_atom().is_some() {
        let name = name_of(pattern);
        if name == "_" {
            return false;
        }
        if is_variable(name) {
            return name_of(expression) == name;
        }
    }
    match expression.as_tuple() {
        Some(&[verb, value]) if name_of(verb) == "const" => return is_constant(value, pattern),
        Some(&[inner]) => {
            let (Some(inner), Some(pattern)) = (inner.as_tuple(), pattern.as_tuple()) else { return false };
            return inner.len() == pattern.len()
                && inner.iter().zip(pattern).all(|(&inner, &pattern)| is_same(inner, pattern));
        }
        Some(_) => return false,
        None => {}
    }
    // Long lists are walked, not recursed into.
    let (mut expression, mut pattern) = (expression, pattern);
    while let (Some((one, rest)), Some((other, others))) = (expression.as_cons(), pattern.as_cons()) {
        if !is_same(one, other) {
            return false;
        }
        (expression, pattern) = (rest, others);
    }
    !expression.is_map() && expression.as_cons().is_none() && exactly_equal(expression, pattern)
}
