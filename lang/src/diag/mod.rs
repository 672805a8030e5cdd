//! What the compiler has to say about a program.
//!
//! A [`Diagnostic`] is a value; each check makes its own, with its own wording. How it looks is decided here
//! and only here: [`erlc`] prints exactly what OTP's `erlc` prints, [`rich`] a report with source excerpt,
//! underlining and help, [`json`] an object for programs.

pub mod erlc;
pub mod json;
pub mod rich;

mod causes;
mod order;
mod term;

pub use causes::worth_telling;
pub use order::{sort, sort_by_line};
pub(crate) use term::compare_exactly;
pub use term::{compare, write_plain, write_term};

use crate::ast::Place;
use crate::source::{SourceMap, Span};
use swerl_beam::Literal;

/// How bad it is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Severity {
    /// There is no program.
    Error,
    /// There is a program, and something odd in it.
    Warning,
}

/// A further place with a word on it.
#[derive(Clone, PartialEq, Debug)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// The word.
    pub message: String,
}

/// One message about a program.
#[derive(Clone, PartialEq, Debug)]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// The stable name of this kind of message; for those of the linter, the name that `erl_lint` gives it.
    pub code: &'static str,
    /// The place that it is about; none when it is about the file as a whole.
    pub place: Option<Place>,
    /// The text of `erlc`, in its very words.
    pub message: String,
    /// The OTP module whose `format_error/1` gives the text for [`Diagnostic::descriptor`].
    pub module: &'static str,
    /// The message as OTP's tools see it.
    pub descriptor: Literal,
    /// Other places that explain it; for the rich report alone.
    pub labels: Vec<Label>,
    /// What the user can do; for the rich report alone.
    pub help: Option<String>,
}

impl Diagnostic {
    /// An error of the OTP module `module`. Its descriptor is the atom `code` until told otherwise.
    #[must_use]
    pub fn error(module: &'static str, code: &'static str, place: Place, message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Error,
            code,
            place: Some(place),
            message: message.into(),
            module,
            descriptor: Literal::atom(code),
            labels: Vec::new(),
            help: None,
        }
    }

    /// A warning of the OTP module `module`.
    #[must_use]
    pub fn warning(
        module: &'static str,
        code: &'static str,
        place: Place,
        message: impl Into<String>,
    ) -> Self {
        Self { severity: Severity::Warning, ..Self::error(module, code, place, message) }
    }

    /// The same without a place: about the file as a whole.
    #[must_use]
    pub fn without_place(self) -> Self {
        Self { place: None, ..self }
    }

    /// The same with another descriptor.
    #[must_use]
    pub fn with_descriptor(self, descriptor: Literal) -> Self {
        Self { descriptor, ..self }
    }

    /// The same with the descriptor `{code, Argument, ...}`.
    #[must_use]
    pub fn with_arguments(self, arguments: impl IntoIterator<Item = Literal>) -> Self {
        let code = Literal::atom(self.code);
        let descriptor = Literal::Tuple(std::iter::once(code).chain(arguments).collect());
        Self { descriptor, ..self }
    }

    /// The same with one more label.
    #[must_use]
    pub fn with_label(mut self, span: Span, message: impl Into<String>) -> Self {
        self.labels.push(Label { span, message: message.into() });
        self
    }

    /// The same with a word on what to do.
    #[must_use]
    pub fn with_help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }

    /// Whether this is an error.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }

    /// `{Location, Module, Descriptor}`, as OTP's tools pass it on; the location is `{Line, Column}`, or `none`.
    #[must_use]
    pub fn error_info(&self, map: &SourceMap) -> Literal {
        let location = match self.place {
            None => Literal::atom("none"),
            Some(place) => {
                let location = map.location(place.point());
                Literal::tuple([Literal::Int(location.line.into()), Literal::Int(location.column.into())])
            }
        };
        Literal::tuple([location, Literal::atom(self.module), self.descriptor.clone()])
    }
}

/// Whether there is an error among them.
#[must_use]
pub fn has_errors(diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().any(Diagnostic::is_error)
}
