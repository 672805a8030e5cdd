//! Views of boxed objects other than tuples, numbers and binaries: funs and maps.

use super::{Kind, Pid, Term, as_terms};

/// A closure. Layout after the header: fun entry (pointer), creator (pid number), environment terms.
#[derive(Clone, Copy, Debug)]
pub struct FunView<'a> {
    /// Address of the fun entry.
    pub(crate) entry: u64,
    /// The process that made it.
    pub creator: Pid,
    /// Free variables.
    pub environment: &'a [Term],
}

/// A map of at most 32 keys.
#[derive(Clone, Copy, Debug)]
pub struct MapView<'a> {
    /// The tuple of keys, in term order.
    pub key_tuple: Term,
    /// The keys.
    pub keys: &'a [Term],
    /// The values, in the order of the keys.
    pub values: &'a [Term],
}

/// A map of more than 32 keys.
#[derive(Clone, Copy, Debug)]
pub struct HashView {
    /// Number of keys.
    pub size: usize,
    /// The root node.
    pub root: Term,
}

impl Term {
    /// The closure, if it is one.
    #[must_use]
    #[inline]
    pub fn as_closure<'a>(self) -> Option<FunView<'a>> {
        if !self.is_kind(Kind::Fun) {
            return None;
        }
        let words = self.boxed_words();
        Some(FunView { entry: words[0], creator: Pid(words[1]), environment: as_terms(&words[2..]) })
    }

    /// Address of the export entry, if this is `fun M:F/A`.
    #[must_use]
    #[inline]
    pub(crate) fn as_export(self) -> Option<u64> {
        self.is_kind(Kind::Export).then(|| self.boxed_words()[0])
    }

    /// The map, if it is a small one.
    #[must_use]
    #[inline]
    pub fn as_flat_map<'a>(self) -> Option<MapView<'a>> {
        if !self.is_kind(Kind::FlatMap) {
            return None;
        }
        let words = as_terms(self.boxed_words());
        let keys = words[0].as_tuple().unwrap_or(&[]);
        Some(MapView { key_tuple: words[0], keys, values: &words[1..] })
    }

    /// The map, if it is a large one.
    #[must_use]
    #[inline]
    pub fn as_hash_map(self) -> Option<HashView> {
        if !self.is_kind(Kind::HashMap) {
            return None;
        }
        let words = as_terms(self.boxed_words());
        Some(HashView { size: words[0].as_usize().unwrap_or(0), root: words[1] })
    }

    /// Bitmap and children, if this is an inner node of a large map.
    #[must_use]
    #[inline]
    pub fn as_hash_node<'a>(self) -> Option<(u32, &'a [Term])> {
        if !self.is_kind(Kind::HashNode) {
            return None;
        }
        let words = as_terms(self.boxed_words());
        Some((words[0].as_small().unwrap_or(0) as u32, &words[1..]))
    }
}
