//! Module `persistent_term`: terms for all processes, read often and written seldom.
//!
//! A large term lies in an area like the literals of code, and readers get it as it is. When it is replaced or
//! erased, every process is asked to copy what it holds of it; the area goes when the last one has answered.

use super::argument::named;
use super::{Native, NativeContext, NativeResult};
use crate::code::purge;
use crate::heap::copy::{self, OwnedTerm};
use crate::heap::literal_area::LiteralArea;
use crate::heap::{Build as _, Heap, map as heap_map};
use crate::natives;
use crate::proc::Process;
use crate::proc::exception::Exception;
use crate::proc::visit::{Visitor, visit_all};
use crate::term::{Term, exactly_equal, hash};
use crate::vm::Vm;
use hashbrown::HashMap;
use parking_lot::RwLock;
use std::ops::ControlFlow;
use std::sync::Arc;

/// Terms of more words than this are not copied for readers. An area takes a page at least.
const SMALL: usize = 64;

/// A value.
#[derive(Debug)]
enum Value {
    Copied(OwnedTerm),
    Shared(Term, Arc<LiteralArea>),
}

impl Value {
    fn new(term: Term) -> Self {
        let words = copy::size_of(term);
        let area = if words > SMALL { LiteralArea::allocate(words) } else { None };
        match area {
            Some(mut area) => {
                let term = copy::copy_sized(term, words, &mut area);
                Self::Shared(term, Arc::new(area))
            }
            None => Self::Copied(OwnedTerm::new(term)),
        }
    }

    fn term(&self) -> Term {
        match self {
            Self::Copied(owned) => owned.term(),
            Self::Shared(term, _) => *term,
        }
    }

    /// The term for a reader.
    fn read(&self, heap: &mut Heap) -> Term {
        match self {
            Self::Copied(owned) => owned.copy_to(heap),
            Self::Shared(term, _) => *term,
        }
    }

    /// Nobody gets the value any more. Who has it copies it.
    fn retire(self, vm: &Arc<Vm>) {
        if let Self::Shared(_, area) = self {
            visit_all(vm, &Arc::new(Retired(area)), None);
        }
    }
}

/// A term that is going away: who has it copies it. The area lasts until the last one has.
struct Retired(Arc<LiteralArea>);

impl Visitor for Retired {
    fn visit(&self, process: &mut Process) -> ControlFlow<()> {
        purge::rescue(process, &|address| self.0.contains(address));
        ControlFlow::Continue(())
    }

    fn asks(&self) {}

    fn answered(self: Arc<Self>, _vm: &Arc<Vm>) {}
}

/// A key and its value.
type Entry = (OwnedTerm, Value);

/// Keys and values, by the hash of the key.
#[derive(Debug, Default)]
pub(crate) struct PersistentTerms(RwLock<HashMap<u32, Vec<Entry>>>);

impl PersistentTerms {
    /// Looks at the value of a key.
    fn find<R>(&self, key: Term, look: impl FnOnce(&Value) -> R) -> Option<R> {
        let terms = self.0.read();
        let same_hash = terms.get(&hash::internal(key))?;
        same_hash.iter().find(|(other, _)| exactly_equal(other.term(), key)).map(|(_, value)| look(value))
    }

    /// Sets a value; answers the one that was there.
    fn insert(&self, key: Term, value: Term) -> Option<Value> {
        let value = Value::new(value);
        let mut terms = self.0.write();
        let same_hash = terms.entry(hash::internal(key)).or_default();
        match same_hash.iter_mut().find(|(other, _)| exactly_equal(other.term(), key)) {
            Some((_, place)) => Some(std::mem::replace(place, value)),
            None => {
                same_hash.push((OwnedTerm::new(key), value));
                None
            }
        }
    }

    fn remove(&self, key: Term) -> Option<Value> {
        let mut terms = self.0.write();
        let hash = hash::internal(key);
        let same_hash = terms.get_mut(&hash)?;
        let at = same_hash.iter().position(|(other, _)| exactly_equal(other.term(), key))?;
        let (_, value) = same_hash.swap_remove(at);
        if same_hash.is_empty() {
            terms.remove(&hash);
        }
        Some(value)
    }
}

fn get(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let heap = &mut ctx.process.heap;
    match ctx.vm.natives.persistent_terms.find(args[0], |value| value.read(heap)) {
        Some(value) => Ok(value),
        None => args.get(1).copied().ok_or_else(|| Exception::badarg().into()),
    }
}

fn put(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let terms = &ctx.vm.natives.persistent_terms;
    let same = terms.find(args[0], |value| exactly_equal(value.term(), args[1]));
    if same != Some(true)
        && let Some(old) = terms.insert(args[0], args[1])
    {
        old.retire(ctx.vm);
    }
    Ok(Term::atom(crate::atom::OK))
}

fn put_new(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let terms = &ctx.vm.natives.persistent_terms;
    match terms.find(args[0], |value| exactly_equal(value.term(), args[1])) {
        Some(true) => Ok(Term::atom(crate::atom::OK)),
        Some(false) => Err(Exception::badarg().into()),
        None => put(ctx, args),
    }
}

fn erase(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let old = ctx.vm.natives.persistent_terms.remove(args[0]);
    let found = old.is_some();
    if let Some(old) = old {
        old.retire(ctx.vm);
    }
    Ok(Term::bool(found))
}

fn all(ctx: &mut NativeContext<'_>, _args: &[Term]) -> NativeResult {
    let terms = ctx.vm.natives.persistent_terms.0.read();
    let heap = &mut ctx.process.heap;
    let mut list = Vec::new();
    for (key, value) in terms.values().flatten() {
        let (key, value) = (key.copy_to(heap), value.read(heap));
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
        "put_new"/2 => put_new;
        "erase"/1 => erase;
        "info"/0 => info;
    }
};
