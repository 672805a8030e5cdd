//! What lives as long as references to it, in whatever memory they are: arrays of integers, compiled match
//! specifications.
//!
//! Nobody is told when the last reference goes. So those without any are looked for when as much has been made as was
//! left by the last look.

use super::NativeContext;
use crate::term::{Holder, Term};
use hashbrown::HashMap;
use parking_lot::RwLock;
use std::sync::Arc;

/// So many are not looked through.
const FEW: usize = 64;
/// So many bytes are not either.
const LITTLE: usize = 1 << 20;

#[derive(Debug)]
struct Entry<T> {
    holder: Holder,
    bytes: usize,
    value: Arc<T>,
}

#[derive(Debug)]
struct Known<T> {
    entries: HashMap<u64, Entry<T>>,
    bytes: usize,
    /// How many entries and bytes there are at the next look.
    next: (usize, usize),
}

/// Values by the numbers of their references.
#[derive(Debug)]
pub(crate) struct Held<T>(RwLock<Known<T>>);

impl<T> Default for Held<T> {
    fn default() -> Self {
        Self(RwLock::new(Known { entries: HashMap::new(), bytes: 0, next: (FEW, LITTLE) }))
    }
}

impl<T> Known<T> {
    /// Forgets the values to which no reference is left.
    fn look(&mut self) {
        self.entries.retain(|_, entry| entry.holder.is_held());
        self.bytes = self.entries.values().map(|entry| entry.bytes).sum();
        self.next = ((self.entries.len() * 2).max(FEW), (self.bytes * 2).max(LITTLE));
    }
}

impl<T> Held<T> {
    /// Keeps a value of so many bytes for the reference that is answered.
    pub(crate) fn insert(&self, ctx: &mut NativeContext<'_>, value: T, bytes: usize) -> Term {
        let number = ctx.vm.next_reference();
        let (reference, holder) = Holder::reference(&mut ctx.process.heap, number);
        // What it keeps in use brings the next collection nearer.
        ctx.process.heap.off_heap_bytes = ctx.process.heap.off_heap_bytes.saturating_add(bytes);
        let mut known = self.0.write();
        if known.entries.len() >= known.next.0 || known.bytes >= known.next.1 {
            known.look();
        }
        known.bytes += bytes;
        known.entries.insert(number, Entry { holder, bytes, value: Arc::new(value) });
        reference
    }

    /// The value that a reference stands for.
    pub(crate) fn find(&self, reference: Term) -> Option<Arc<T>> {
        self.0.read().entries.get(&reference.as_ref_number()?).map(|entry| entry.value.clone())
    }
}
