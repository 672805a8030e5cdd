//! Exceptions: class, reason, and where they came from.

use crate::atom::{self, Atom};
use crate::term::Term;

/// Class of an exception.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// A run-time error, or `error/1`.
    Error,
    /// `exit/1`.
    Exit,
    /// `throw/1`.
    Throw,
}

impl Class {
    /// Its name.
    #[must_use]
    pub fn atom(self) -> Atom {
        match self {
            Self::Error => atom::ERROR,
            Self::Exit => atom::EXIT,
            Self::Throw => atom::THROW,
        }
    }

    /// The class of this name.
    #[must_use]
    pub fn from_atom(atom: Atom) -> Option<Self> {
        match atom {
            atom::ERROR => Some(Self::Error),
            atom::EXIT => Some(Self::Exit),
            atom::THROW => Some(Self::Throw),
            _ => None,
        }
    }
}

/// An exception being raised.
#[derive(Clone, Copy, Debug)]
pub struct Exception {
    /// Its class.
    pub class: Class,
    /// Its reason.
    pub reason: Term,
    /// The stack trace, where it is given and not to be taken from the stack (`erlang:raise/3`); or NONE.
    pub trace: Term,
    /// Arguments to show in place of the arity of the topmost function (`error/2`); or NONE.
    pub arguments: Term,
    /// `cause` for `error_info`, more precise than the arguments themselves show; or NONE.
    pub cause: Term,
}

impl Exception {
    /// An exception whose stack trace is that of the place that raises it.
    #[must_use]
    pub const fn new(class: Class, reason: Term) -> Self {
        Self { class, reason, trace: Term::NONE, arguments: Term::NONE, cause: Term::NONE }
    }

    /// An exception that a program raises: no native function is to blame.
    #[must_use]
    pub const fn raised(class: Class, reason: Term) -> Self {
        let mut exception = Self::new(class, reason);
        exception.arguments = Term::atom(atom::UNDEFINED);
        exception
    }

    /// A run-time error with this reason.
    #[must_use]
    pub const fn error(reason: Term) -> Self {
        Self::new(Class::Error, reason)
    }

    /// `badarg`.
    #[must_use]
    pub const fn badarg() -> Self {
        Self::error(Term::atom(atom::BADARG))
    }

    /// `badarg` with a cause for the text that explains it.
    #[must_use]
    pub const fn badarg_because(cause: Atom) -> Self {
        let mut exception = Self::badarg();
        exception.cause = Term::atom(cause);
        exception
    }

    /// `badarith`.
    #[must_use]
    pub const fn badarith() -> Self {
        Self::error(Term::atom(atom::BADARITH))
    }

    /// `system_limit`.
    #[must_use]
    pub const fn system_limit() -> Self {
        Self::error(Term::atom(atom::SYSTEM_LIMIT))
    }
}
