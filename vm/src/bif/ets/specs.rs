//! Match specifications that programs had compiled: a reference stands for each, the same for the same.

use crate::heap::copy::OwnedTerm;
use crate::term::{Term, exactly_equal, hash};
use hashbrown::HashMap;
use parking_lot::RwLock;
use std::sync::Arc;

#[derive(Debug, Default)]
struct Known {
    by_number: HashMap<u64, Arc<OwnedTerm>>,
    numbers: HashMap<u32, Vec<u64>>,
}

/// The compiled match specifications of a machine, by the numbers of their references.
#[derive(Debug, Default)]
pub(super) struct Specs(RwLock<Known>);

impl Specs {
    /// The number of a specification; `next` gives one for a new one.
    pub(super) fn number(&self, spec: Term, next: impl FnOnce() -> u64) -> u64 {
        let hash = hash::internal(spec);
        let mut known = self.0.write();
        let same = known.numbers.get(&hash).into_iter().flatten().copied();
        let found = same.into_iter().find(|number| {
            known.by_number.get(number).is_some_and(|other| exactly_equal(other.term(), spec))
        });
        found.unwrap_or_else(|| {
            let number = next();
            known.by_number.insert(number, Arc::new(OwnedTerm::new(spec)));
            known.numbers.entry(hash).or_default().push(number);
            number
        })
    }

    /// The specification that a reference stands for.
    pub(super) fn find(&self, reference: Term) -> Option<Arc<OwnedTerm>> {
        self.0.read().by_number.get(&reference.as_ref_number()?).cloned()
    }
}
