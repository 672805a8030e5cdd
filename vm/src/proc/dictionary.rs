//! The process dictionary: an open-addressed table of key and value terms, which is also a root.

use crate::term::{Term, exactly_equal};

/// Keys and values side by side; [`Term::NONE`] where there is no entry.
#[derive(Debug, Default)]
pub(crate) struct Dictionary {
    slots: Box<[Term]>,
    count: u32,
}

impl Dictionary {
    #[inline]
    fn position(&self, key: Term, hash: u32) -> usize {
        let mask = self.slots.len() / 2 - 1;
        let mut index = hash as usize & mask;
        if key.is_immediate() && !key.is_float() {
            // One word tells.
            while self.slots[index * 2] != key && !self.slots[index * 2].is_none() {
                index = (index + 1) & mask;
            }
            return index * 2;
        }
        while !self.slots[index * 2].is_none() && !exactly_equal(self.slots[index * 2], key) {
            index = (index + 1) & mask;
        }
        index * 2
    }

    /// The value of a key.
    pub(crate) fn get(&self, key: Term) -> Option<Term> {
        if self.count == 0 {
            return None;
        }
        let at = self.position(key, hash(key));
        (!self.slots[at].is_none()).then(|| self.slots[at + 1])
    }

    /// Sets a key, and answers its former value.
    pub(crate) fn put(&mut self, key: Term, value: Term) -> Option<Term> {
        if (self.count as usize + 1) * 8 > self.slots.len() * 3 {
            let old = std::mem::take(&mut self.slots);
            self.slots = vec![Term::NONE; (old.len() * 2).max(16)].into_boxed_slice();
            for pair in old.chunks_exact(2) {
                if !pair[0].is_none() {
                    let at = self.position(pair[0], hash(pair[0]));
                    self.slots[at] = pair[0];
                    self.slots[at + 1] = pair[1];
                }
            }
        }
        let at = self.position(key, hash(key));
        if self.slots[at].is_none() {
            self.slots[at] = key;
            self.slots[at + 1] = value;
            self.count += 1;
            return None;
        }
        Some(std::mem::replace(&mut self.slots[at + 1], value))
    }

    /// Removes a key, and answers its value.
    pub(crate) fn erase(&mut self, key: Term) -> Option<Term> {
        if self.count == 0 {
            return None;
        }
        let at = self.position(key, hash(key));
        if self.slots[at].is_none() {
            return None;
        }
        let value = self.slots[at + 1];
        self.count -= 1;
        // Close the run behind the gap (Knuth, The Art of Computer Programming 3, 6.4, algorithm R).
        let mask = self.slots.len() / 2 - 1;
        let mut gap = at / 2;
        let mut index = gap;
        loop {
            index = (index + 1) & mask;
            if self.slots[index * 2].is_none() {
                break;
            }
            let home = hash(self.slots[index * 2]) as usize & mask;
            if (index.wrapping_sub(home) & mask) >= (index.wrapping_sub(gap) & mask) {
                self.slots[gap * 2] = self.slots[index * 2];
                self.slots[gap * 2 + 1] = self.slots[index * 2 + 1];
                gap = index;
            }
        }
        self.slots[gap * 2] = Term::NONE;
        self.slots[gap * 2 + 1] = Term::NONE;
        Some(value)
    }

    /// All entries.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (Term, Term)> + '_ {
        self.slots.chunks_exact(2).filter(|pair| !pair[0].is_none()).map(|pair| (pair[0], pair[1]))
    }

    /// All entries in the order in which programs see them: that of a table with a bucket more than entries, eight
    /// at least, from the last to the first, in which small integers and atoms stand by their own numbers. A
    /// bucket shows its floats first, then its integers in their order.
    pub(crate) fn listed(&self) -> Vec<(Term, Term)> {
        let used = (self.count as usize + 1).max(LEAST_BUCKETS);
        let mask = used.next_power_of_two() - 1;
        let bucket = |key: Term| {
            let number = listing_number(key) as usize & mask;
            if number < used { number } else { number & (mask >> 1) }
        };
        let mut entries: Vec<(Term, Term)> = self.iter().collect();
        entries.sort_by_key(|(key, _)| {
            let rank = if key.is_float() { i64::MIN } else { key.as_small().unwrap_or(i64::MAX) };
            (std::cmp::Reverse(bucket(*key)), rank)
        });
        entries
    }

    /// Removes everything.
    pub(crate) fn clear(&mut self) {
        self.slots = Box::default();
        self.count = 0;
    }

    /// Every slot, for the collector.
    pub(crate) fn roots(&mut self) -> &mut [Term] {
        &mut self.slots
    }
}

/// Fewest buckets of the table that the order of entries is taken from.
const LEAST_BUCKETS: usize = 8;

/// What decides on a key's bucket there. A whole float stands where its integer does.
fn listing_number(key: Term) -> u32 {
    if let Some(number) = key.as_small() {
        return number as u32;
    }
    if let Some(float) = key.as_float()
        && float.fract() == 0.0
    {
        return float as i64 as u32;
    }
    key.as_atom().map_or_else(|| hash(key), |atom| atom.index())
}

/// A hash that does not change when a term moves.
#[inline]
fn hash(key: Term) -> u32 {
    crate::term::hash::internal(key)
}
