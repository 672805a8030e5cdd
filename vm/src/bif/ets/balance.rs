//! How many buckets and objects a table of several parts has, and who makes it grow or shrink.
//!
//! Each part has its own lock; the counts are beside them. One thread at a time changes the number of buckets, and
//! does so while it holds the part that the bucket belongs to: who holds all parts sees a number that stays.

use crate::sync::{AtomicUsize, Ordering};

/// The counts.
#[derive(Debug)]
pub(crate) struct Balance {
    buckets: AtomicUsize,
    objects: AtomicUsize,
    /// Not 0 while somebody changes the number of buckets.
    busy: AtomicUsize,
}

impl Balance {
    /// No objects in so many buckets.
    pub(crate) fn new(buckets: usize) -> Self {
        Self { buckets: AtomicUsize::new(buckets), objects: AtomicUsize::new(0), busy: AtomicUsize::new(0) }
    }

    /// The number of buckets.
    pub(crate) fn buckets(&self) -> usize {
        self.buckets.load(Ordering::Acquire)
    }

    /// The number of objects.
    pub(crate) fn objects(&self) -> usize {
        self.objects.load(Ordering::Acquire)
    }

    /// A part, held by the caller, had `before` objects and has `after`.
    pub(crate) fn count(&self, before: usize, after: usize) {
        if after > before {
            self.objects.fetch_add(after - before, Ordering::AcqRel);
        } else if after < before {
            self.objects.fetch_sub(before - after, Ordering::AcqRel);
        }
    }

    /// Makes buckets, `steps` at most, while there are more objects than buckets. `split` fills the bucket of a number
    /// and answers the guard of its part. Where somebody else is at it, nothing happens: the next change looks again.
    pub(crate) fn grow<G>(&self, steps: usize, mut split: impl FnMut(usize) -> G) {
        self.alone(steps, |buckets, objects| {
            (objects > buckets).then(|| {
                let guard = split(buckets);
                (buckets + 1, guard)
            })
        });
    }

    /// Takes buckets away, `steps` at most, while `too_many(buckets, objects)`. `join` empties the bucket of a number
    /// and answers the guard of its part.
    pub(crate) fn shrink<G>(
        &self,
        steps: usize,
        too_many: impl Fn(usize, usize) -> bool,
        mut join: impl FnMut(usize) -> G,
    ) {
        self.alone(steps, |buckets, objects| {
            too_many(buckets, objects).then(|| {
                let guard = join(buckets - 1);
                (buckets - 1, guard)
            })
        });
    }

    /// Changes the number of buckets as `step` says for as long as it does.
    fn alone<G>(&self, steps: usize, mut step: impl FnMut(usize, usize) -> Option<(usize, G)>) {
        if self.busy.swap(1, Ordering::AcqRel) != 0 {
            return;
        }
        for _ in 0..steps {
            let Some((buckets, guard)) = step(self.buckets(), self.objects()) else { break };
            self.buckets.store(buckets, Ordering::Release);
            drop(guard);
        }
        self.busy.store(0, Ordering::Release);
    }
}
