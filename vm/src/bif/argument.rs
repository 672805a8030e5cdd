//! Taking arguments of native functions apart: atoms by text, character lists, bytes.

use crate::atom::Atom;
use crate::heap::Build;
use crate::proc::exception::Exception;
use crate::term::Term;
use std::borrow::Cow;

/// The atom of a text that this code names.
pub(crate) fn named(text: &'static str) -> Term {
    Term::atom(Atom::own(text))
}

/// The text of an atom; empty (the text of no option) for another term.
pub(crate) fn name_of(term: Term) -> &'static str {
    term.as_atom().map_or("", Atom::text)
}

/// `badarg` with a cause for the text that explains it.
pub(crate) fn because(cause: &'static str) -> Exception {
    let mut exception = Exception::badarg();
    exception.cause = named(cause);
    exception
}

/// `badarg` for an option that is none.
pub(crate) fn badopt() -> Exception {
    because("badopt")
}

/// The elements of a proper list, or `badarg`.
pub(crate) fn list(term: Term) -> Result<Vec<Term>, Exception> {
    term.to_vec().ok_or_else(Exception::badarg)
}

/// The bytes of a binary, or `badarg`.
pub(crate) fn bytes<'a>(term: Term) -> Result<Cow<'a, [u8]>, Exception> {
    term.as_binary().ok_or_else(Exception::badarg)
}

/// A nonnegative small integer, or `badarg`.
pub(crate) fn index(term: Term) -> Result<usize, Exception> {
    term.as_usize().ok_or_else(Exception::badarg)
}

/// An atom, or `badarg`.
pub(crate) fn atom(term: Term) -> Result<Atom, Exception> {
    term.as_atom().ok_or_else(Exception::badarg)
}

/// A code point of Unicode.
pub(crate) fn character(term: Term) -> Option<char> {
    u32::try_from(term.as_small()?).ok().and_then(char::from_u32)
}

/// The text of a flat list of characters.
pub(crate) fn characters(term: Term) -> Option<String> {
    let mut iter = term.iter();
    let mut text = String::new();
    for element in iter.by_ref() {
        text.push(character(element)?);
    }
    iter.tail().is_nil().then_some(text)
}

/// The text of a flat list of ASCII characters, as numbers are written.
pub(crate) fn ascii(term: Term) -> Option<String> {
    characters(term).filter(|text| text.is_ascii())
}

/// `{ok, Value}`.
pub(crate) fn ok<B: Build + ?Sized>(memory: &mut B, value: Term) -> Term {
    memory.tuple(&[Term::atom(crate::atom::OK), value])
}

/// `{error, Reason}`.
pub(crate) fn error<B: Build + ?Sized>(memory: &mut B, reason: Term) -> Term {
    memory.tuple(&[Term::atom(crate::atom::ERROR), reason])
}
