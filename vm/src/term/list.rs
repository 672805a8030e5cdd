//! Walking over lists.

use super::Term;

/// Iterator over the elements of a list; afterwards [`ListIter::tail`] is `[]` for a proper one.
#[derive(Clone, Copy, Debug)]
pub struct ListIter {
    rest: Term,
}

impl ListIter {
    pub(super) fn new(list: Term) -> Self {
        Self { rest: list }
    }

    /// What has not been walked yet.
    #[must_use]
    pub fn tail(&self) -> Term {
        self.rest
    }
}

impl Iterator for ListIter {
    type Item = Term;

    #[inline]
    fn next(&mut self) -> Option<Term> {
        let (head, tail) = self.rest.as_cons()?;
        self.rest = tail;
        Some(head)
    }
}
