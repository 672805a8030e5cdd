//! Terms of the machine to compile-time terms and back.
//!
//! Neither way uses the native stack for the depth of a term. Compile-time terms are given back with
//! [`dismantle`], because dropping a deep one in place would.

use swerl_beam::Literal;
use swerl_vm::atom::Atom;
use swerl_vm::code::external_fun;
use swerl_vm::term::{Integer, Term, map_pairs};
use swerl_vm::{Exception, NativeContext};

/// What to do next with the values made so far.
enum ToLiteral {
    Visit(Term),
    /// The last values are this many elements and a tail.
    List(usize),
    /// The last values are the elements.
    Tuple(usize),
    /// The last values are this many keys and values, in turns.
    Map(usize),
}

/// The compile-time term that is equal to `term`.
///
/// # Errors
/// `badarg` for what has no such form: pids, ports, references, and funs but `fun M:F/A`.
pub fn to_literal(term: Term) -> Result<Literal, Exception> {
    let mut tasks = vec![ToLiteral::Visit(term)];
    let mut values: Vec<Literal> = Vec::new();
    while let Some(task) = tasks.pop() {
        match task {
            ToLiteral::Visit(term) => match visit(term, &mut tasks) {
                Some(Ok(value)) => values.push(value),
                Some(Err(exception)) => {
                    values.into_iter().for_each(dismantle);
                    return Err(exception);
                }
                None => {}
            },
            ToLiteral::List(count) => {
                let tail = values.pop().unwrap_or(Literal::Nil);
                let elements = values.split_off(values.len() - count);
                values.push(Literal::List(elements, Box::new(tail)));
            }
            ToLiteral::Tuple(count) => {
                let elements = values.split_off(values.len() - count);
                values.push(Literal::Tuple(elements));
            }
            ToLiteral::Map(count) => {
                let mut both = values.split_off(values.len() - 2 * count).into_iter();
                let mut pairs = Vec::with_capacity(count);
                while let (Some(key), Some(value)) = (both.next(), both.next()) {
                    pairs.push((key, value));
                }
                values.push(Literal::Map(pairs));
            }
        }
    }
    values.pop().ok_or_else(Exception::badarg)
}

/// The value of a leaf, or none when tasks were added that will make it.
fn visit(term: Term, tasks: &mut Vec<ToLiteral>) -> Option<Result<Literal, Exception>> {
    if let Some(atom) = term.as_atom() {
        return Some(Ok(Literal::atom(atom.text())));
    }
    if term.is_nil() {
        return Some(Ok(Literal::Nil));
    }
    if let Some(integer) = term.as_integer() {
        return Some(Ok(Literal::integer(integer.into_big())));
    }
    if let Some(float) = term.as_float() {
        return Some(Ok(Literal::Float(float)));
    }
    if term.is_cons() {
        let mut iterator = term.iter();
        let elements: Vec<Term> = iterator.by_ref().collect();
        tasks.push(ToLiteral::List(elements.len()));
        tasks.push(ToLiteral::Visit(iterator.tail()));
        tasks.extend(elements.into_iter().rev().map(ToLiteral::Visit));
        return None;
    }
    if let Some(elements) = term.as_tuple() {
        tasks.push(ToLiteral::Tuple(elements.len()));
        tasks.extend(elements.iter().rev().copied().map(ToLiteral::Visit));
        return None;
    }
    if let Some(bits) = term.as_bits() {
        let used = match bits.size % 8 {
            0 => 8,
            rest => u8::try_from(rest).unwrap_or(8),
        };
        return Some(Ok(Literal::Bits(bits.to_bytes().into(), used)));
    }
    if term.is_map() {
        let pairs = map_pairs(term);
        tasks.push(ToLiteral::Map(pairs.len()));
        for &(key, value) in pairs.iter().rev() {
            tasks.push(ToLiteral::Visit(value));
            tasks.push(ToLiteral::Visit(key));
        }
        return None;
    }
    if let Some((module, function, arity)) = external_fun(term)
        && let Ok(arity) = u8::try_from(arity)
    {
        let name = |atom: Atom| swerl_beam::Atom::new(atom.text());
        return Some(Ok(Literal::Fun(name(module), name(function), arity)));
    }
    Some(Err(Exception::badarg()))
}

/// What to do next with the terms made so far.
enum ToTerm<'a> {
    Visit(&'a Literal),
    List(usize),
    Tuple(usize),
    Map(usize),
}

/// The term that is equal to `literal`, in the memory of the calling process.
///
/// # Errors
/// `system_limit` for an atom too many.
pub fn to_term(literal: &Literal, context: &mut NativeContext<'_>) -> Result<Term, Exception> {
    let mut tasks = vec![ToTerm::Visit(literal)];
    let mut terms: Vec<Term> = Vec::new();
    while let Some(task) = tasks.pop() {
        match task {
            ToTerm::Visit(literal) => {
                if let Some(term) = leaf(literal, context, &mut tasks)? {
                    terms.push(term);
                }
            }
            ToTerm::List(count) => {
                let tail = terms.pop().unwrap_or(Term::NIL);
                let elements = terms.split_off(terms.len() - count);
                terms.push(context.heap().list_with_tail(&elements, tail));
            }
            ToTerm::Tuple(count) => {
                let elements = terms.split_off(terms.len() - count);
                terms.push(context.heap().tuple(&elements));
            }
            ToTerm::Map(count) => {
                let both = terms.split_off(terms.len() - 2 * count);
                let pairs: Vec<(Term, Term)> = both.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect();
                terms.push(context.map(&pairs));
            }
        }
    }
    terms.pop().ok_or_else(Exception::badarg)
}

fn leaf<'a>(
    literal: &'a Literal,
    context: &mut NativeContext<'_>,
    tasks: &mut Vec<ToTerm<'a>>,
) -> Result<Option<Term>, Exception> {
    let name = |name: swerl_beam::Atom| Atom::new(name.as_str()).map_err(|_| Exception::system_limit());
    let memory = context.heap();
    Ok(Some(match literal {
        Literal::Int(value) => memory.integer(*value),
        Literal::Big(value) => memory.any_integer(&Integer::Big(value.clone())),
        Literal::Float(value) => memory.float(*value),
        Literal::Atom(atom) => Term::atom(name(*atom)?),
        Literal::Nil => Term::NIL,
        Literal::Str(bytes) => memory.byte_list(bytes),
        Literal::Bits(bytes, used) => {
            let bits = (bytes.len() * 8).saturating_sub(8 - usize::from(*used));
            memory.bit_string(bytes, bits)
        }
        Literal::List(elements, tail) => {
            tasks.push(ToTerm::List(elements.len()));
            tasks.push(ToTerm::Visit(tail));
            tasks.extend(elements.iter().rev().map(ToTerm::Visit));
            return Ok(None);
        }
        Literal::Tuple(elements) => {
            tasks.push(ToTerm::Tuple(elements.len()));
            tasks.extend(elements.iter().rev().map(ToTerm::Visit));
            return Ok(None);
        }
        Literal::Map(pairs) => {
            tasks.push(ToTerm::Map(pairs.len()));
            for (key, value) in pairs.iter().rev() {
                tasks.push(ToTerm::Visit(value));
                tasks.push(ToTerm::Visit(key));
            }
            return Ok(None);
        }
        Literal::Fun(module, function, arity) => {
            context.external_fun(name(*module)?, name(*function)?, *arity)
        }
    }))
}

/// Drops a term whatever its depth.
pub fn dismantle(literal: Literal) {
    let mut open = vec![literal];
    while let Some(literal) = open.pop() {
        match literal {
            Literal::List(elements, tail) => {
                open.extend(elements);
                open.push(*tail);
            }
            Literal::Tuple(elements) => open.extend(elements),
            Literal::Map(pairs) => open.extend(pairs.into_iter().flat_map(|(key, value)| [key, value])),
            Literal::Int(_)
            | Literal::Big(_)
            | Literal::Float(_)
            | Literal::Atom(_)
            | Literal::Nil
            | Literal::Str(_)
            | Literal::Bits(..)
            | Literal::Fun(..) => {}
        }
    }
}

/// The machine's atom of this name, which the caller knows to be short enough.
pub fn atom(name: &str) -> Atom {
    Atom::new(name).expect("names of at most 255 characters are atoms, and the compiler makes no others")
}
