//! Where a node stands in its source.

use crate::source::{FileId, Span};

/// The place of a node: its whole extent, and the point that Erlang's abstract format gives as its location
/// (for an operator, the operator itself).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct Place {
    /// From the first byte to past the last. Parentheses around the node do not count.
    pub span: Span,
    /// The offset, in the same file, that stands for the node in messages and in the abstract format.
    pub at: u32,
}

impl Place {
    /// The place of a node that is located at its own beginning.
    #[must_use]
    pub const fn new(span: Span) -> Self {
        Self { span, at: span.start }
    }

    /// From the beginning of `first` to the end of `last`, located at the beginning.
    #[must_use]
    pub fn join(first: Span, last: Span) -> Self {
        Self { span: first.to(last), at: first.start }
    }

    /// The same extent, located at the beginning of `span` (if that is in the same file).
    #[must_use]
    pub fn located(self, span: Span) -> Self {
        if span.file == self.span.file { Self { at: span.start, ..self } } else { self }
    }

    /// The file.
    #[must_use]
    pub const fn file(self) -> FileId {
        self.span.file
    }

    /// The empty span at the node's location: what line and column are computed from.
    #[must_use]
    pub const fn point(self) -> Span {
        Span { file: self.span.file, start: self.at, end: self.at }
    }
}
