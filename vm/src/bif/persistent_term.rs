//! Module `persistent_term`: terms for all processes, read often and written seldom.

use super::argument::named;
use super::{Native, NativeContext, NativeResult};
use crate::heap::copy::{self, OwnedTerm};
use crate::heap::{Build as _, map as heap_map};
use crate::natives;
use crate::proc::exception::Exception;
use crate::term::{Term, exactly_equal, hash};
use hashbrown::HashMap;
use parking_lot::RwLock;
use std::sync::Arc;

/// A key and its value.
type Entry = (OwnedTerm, Arc<OwnedTerm>);

/// Keys and values, by the hash of the key.
#[derive(Debug, Default)]
pub(crate) struct PersistentTerms(RwLock<HashMap<u32, Vec<Entry>>>);

impl PersistentTerms {
    fn find(&self, key: Term) -> Option<Arc<OwnedTerm>> {
        let terms = self.0.read();
        let same_hash = terms.get(&hash::internal(key))?;
        same_hash.iter().find(|(other, _)| exactly_equal(other.term(), key)).map(|(_, value)| value.clone())
    }

    fn insert(&self, key: Term, value: Term) {
        let value = Arc::new(OwnedTerm::new(value));
        let mut terms = self.0.write();
        let same_hash = terms.entry(hash::internal(key)).or_default();
        match same_hash.iter_mut().find(|(other, _)| exactly_equal(other.term(), key)) {
            Some((_, place)) => *place = value,
            None => same_hash.push((OwnedTerm::new(key), value)),
        }
    }

    fn remove(&self, key: Term) -> bool {
        let mut terms = self.0.write();
        let hash = hash::internal(key);
        let Some(same_hash) = terms.get_mut(&hash) else { return false };
        let before = same_hash.len();
        same_hash.retain(|(other, _)| !exactly_equal(other.term(), key));
        let found = same_hash.len() < before;
        if same_hash.is_empty() {
            terms.remove(&hash);
        }
        found
    }
}

fn get(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    match ctx.vm.natives.persistent_terms.find(args[0]) {
        Some(value) => Ok(value.copy_to(&mut ctx.process.heap)),
        None => args.get(1).copied().ok_or_else(|| Exception::badarg().into()),
    }
}

fn put(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    ctx.vm.natives.persistent_terms.insert(args[0], args[1]);
    Ok(Term::atom(crate::atom::OK))
}

fn erase(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    Ok(Term::bool(ctx.vm.natives.persistent_terms.remove(args[0])))
}

fn all(ctx: &mut NativeContext<'_>, _args: &[Term]) -> NativeResult {
    let terms = ctx.vm.natives.persistent_terms.0.read();
    let heap = &mut ctx.process.heap;
    let mut list = Vec::new();
    for (key, value) in terms.values().flatten() {
        let (key, value) = (key.copy_to(heap), value.copy_to(heap));
        list.push(heap.tuple(&[key, value]));
    }
    Ok(heap.list(&list))
}

fn info(ctx: &mut NativeContext<'_>, _args: &[Term]) -> NativeResult {
    let terms = ctx.vm.natives.persistent_terms.0.read();
    let (mut count, mut words) = (0, 0);
    for (key, value) in terms.values().flatten() {
        count += 1;
        words += copy::size_of(key.term()) + copy::size_of(value.term()) + 4;
    }
    let pairs = [(named("count"), Term::small(count)), (named("memory"), Term::small(words as i64 * 8))];
    Ok(heap_map::from_pairs(&mut ctx.process.heap, &pairs))
}

pub(super) const NATIVES: &[Native] = natives! {
    "persistent_term" {
        "get"/0 => all;
        "get"/1 => get;
        "get"/2 => get;
        "put"/2 => put;
        "erase"/1 => erase;
        "info"/0 => info;
    }
};
