//! Collection: generational copying (Cheney 1970; Appel 1989 for the promotion after two survivals).
//!
//! A minor collection copies what is reachable of the young generation: objects below the high-water mark,
//! which survived once before, to the old generation, the rest to a new block. A major one copies
//! everything, to one new block or, where much has lasted, to a new block a generation. Fragments are taken in by either. Roots are exact: the slices handed in,
//! and every word of the stack (return addresses are word aligned and read as small integers).
//!
//! Objects refer only to older ones, so nothing in the old generation refers to the young one.

use super::block::Block;
use super::{Heap, STACK_MARGIN, copy_words, literal_area, sizing, words_between};
use crate::term::{Header, SharedBinary, TAG_BOXED, TAG_CONS, TAG_HEADER, Term};
use std::sync::atomic::{AtomicUsize, Ordering};

/// Why a collection could not give the room asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum GcError {
    /// The process's `max_heap_size` would be crossed; the words it would take.
    MaxHeapSize(usize),
}

/// The bits that decide where a pointer leads, and where objects go.
struct Collector {
    literal_base: usize,
    /// Range that is left in place: the old generation in a minor collection.
    keep_start: usize,
    keep_bytes: usize,
    /// Range whose objects are promoted.
    mature_start: usize,
    mature_bytes: usize,
    /// The old generation, where it moves too.
    tenured_start: usize,
    tenured_bytes: usize,
    top: *mut u64,
    old_top: *mut u64,
}

impl Collector {
    #[inline]
    fn stays(&self, address: *const u64) -> bool {
        (address as usize).wrapping_sub(self.literal_base) < literal_area::bytes()
            || (address as usize).wrapping_sub(self.keep_start) < self.keep_bytes
    }

    #[inline]
    fn take(&mut self, from: *const u64, words: usize) -> *mut u64 {
        let lasts = (from as usize).wrapping_sub(self.mature_start) < self.mature_bytes
            || (from as usize).wrapping_sub(self.tenured_start) < self.tenured_bytes;
        let top = if lasts { &mut self.old_top } else { &mut self.top };
        let at = *top;
        *top = at.wrapping_add(words);
        at
    }

    /// Moves what the word in `slot` refers to, if it moves, and makes the slot refer to its new place.
    ///
    /// # Safety
    /// `slot` holds a term of the heap being collected, and the destinations have room for all of it.
    #[inline]
    unsafe fn forward(&mut self, slot: *mut u64) {
        // SAFETY: by the contract; an object moved before has its first word replaced by its new place
        // (boxed: a boxed term where a header was; cons: the mark NONE, then the new place).
        unsafe {
            let word = *slot;
            match word & 7 {
                TAG_CONS => {
                    let from = Term(word).cons_pointer();
                    if self.stays(from) {
                        return;
                    }
                    if *from == Term::NONE.0 {
                        *slot = *from.add(1);
                        return;
                    }
                    let to = self.take(from, 2);
                    *to = *from;
                    *to.add(1) = *from.add(1);
                    *from = Term::NONE.0;
                    *from.add(1) = Term::cons_at(to).0;
                    *slot = Term::cons_at(to).0;
                }
                TAG_BOXED => {
                    let from = Term(word).boxed_pointer();
                    if self.stays(from) {
                        return;
                    }
                    let header = *from;
                    if header & 7 == TAG_BOXED {
                        *slot = header;
                        return;
                    }
                    let words = Header(header).size() + 1;
                    let to = self.take(from, words);
                    copy_words(from, to, words);
                    *from = Term::boxed_at(to).0;
                    *slot = Term::boxed_at(to).0;
                }
                _ => {}
            }
        }
    }

    /// Forwards every term between `scan` and the top of the generation, which moves on meanwhile.
    ///
    /// # Safety
    /// The words from `scan` on were copied by this collector.
    unsafe fn scan(&mut self, mut scan: *mut u64, old: bool) -> *mut u64 {
        while scan < if old { self.old_top } else { self.top } {
            // SAFETY: by the contract.
            unsafe {
                let word = *scan;
                match word & 7 {
                    TAG_CONS | TAG_BOXED => {
                        self.forward(scan);
                        scan = scan.add(1);
                    }
                    TAG_HEADER => scan = scan.add(1 + Header(word).raw_words()),
                    _ => scan = scan.add(1),
                }
            }
        }
        scan
    }
}

/// Collects, so that at least `need` words are free.
///
/// `roots` are the terms that live outside the heap's own block: registers, dictionary, exception state.
/// Returns the number of words copied, for the account of reductions.
///
/// # Errors
/// The process would cross its `max_heap_size`; the heap is still consistent.
pub(crate) fn collect(
    heap: &mut Heap,
    need: usize,
    major: bool,
    roots: &mut [&mut [Term]],
) -> Result<usize, GcError> {
    if cfg!(gc_stress) && !major && may_wait(heap, need) {
        return Ok(0);
    }
    heap.collections += 1;
    heap.is_full = false;
    let mature = words_between(heap.block.start(), heap.high_water);
    let old_room = words_between(heap.old_top, heap.old.end());
    let no_old = heap.old.words() == 0;
    let minor = !major && heap.minor_gcs < heap.fullsweep_after && (no_old || old_room >= mature);
    let min_size = young_size(heap, major);
    // The last time nearly everything survived: room for more, rather than a second copy now.
    let growing = std::mem::replace(&mut heap.grows, false);
    let sized = |worst: usize| sizing::next_size(if growing { worst + worst / 2 } else { worst }, min_size);
    let others = heap.fragment_words + heap.stack_words() + need;
    let mut copied = if minor {
        heap.minor_gcs = heap.minor_gcs.saturating_add(1);
        let size = sized(heap.young_words() - mature + others);
        check_limit(heap, size)?;
        if no_old && mature > 0 {
            heap.old = Block::allocate(sizing::next_size(mature * 3 / 2, heap.min_size as usize));
            heap.old_top = heap.old.start();
        }
        evacuate(heap, size, Scope::Young, roots)
    } else if !major && heap.old_words() + mature >= LARGE && heap.minor_gcs < heap.fullsweep_after {
        heap.minor_gcs = 0;
        let lasting = heap.old_words() + mature;
        let size = sized(heap.young_words() - mature + others);
        check_limit(heap, size)?;
        evacuate(heap, size, Scope::Tenured(Block::allocate(lasting + lasting / 2)), roots)
    } else {
        heap.minor_gcs = 0;
        let size = sized(heap.used_words() + heap.stack_words() + need);
        check_limit(heap, size)?;
        evacuate(heap, size, Scope::All, roots)
    };
    // Room to work in, but not much more than that.
    let used = heap.young_words() + heap.stack_words() + need;
    let size = heap.block.words();
    heap.grows = used * 4 > size * 3;
    if used * 8 < size && size > 4 * sizing::next_size(0, min_size) {
        let shrunk = sizing::next_size(used * 2, min_size);
        if shrunk != size {
            heap.high_water = heap.block.start();
            copied += evacuate(heap, shrunk, Scope::Young, roots);
            // A copy of survivors keeps their number, though not their order.
            heap.high_water = heap.top;
        }
    }
    Ok(copied)
}

/// The least words of a young generation. A process that collects more than once in a turn gets room to work in: what
/// it allocates is mostly dead by then, and a collection costs something even where nothing lasts. The room goes again
/// when turns pass without a collection; those that are asked for, and limits, take it back at once. Where much lasts, the
/// young generation has a quarter of that besides: what is moved there too early fills the old one, and costs a collection
/// of everything sooner.
fn young_size(heap: &mut Heap, major: bool) -> usize {
    const QUIET: u16 = 8;
    const MOST: usize = 1 << 19;
    heap.recent = heap.recent.saturating_add(1);
    let is_bounded = major || heap.limit.words() != 0 || cfg!(gc_stress);
    if is_bounded {
        heap.nursery = 0;
    } else if heap.recent > 1 {
        heap.nursery = (heap.nursery * 2).max(heap.min_size * 2).max(2 * sizing::MIN_HEAP_SIZE as u32);
    } else if heap.quiet > QUIET {
        heap.nursery /= 2;
    }
    heap.nursery = heap.nursery.min(heap.nursery_limit);
    let beside_old = if is_bounded { 0 } else { (heap.old_words() / 4).min(MOST) };
    beside_old.max(heap.min_size.max(heap.nursery) as usize)
}

/// Whether the build that collects at every allocation may leave this one out: the more there is to look at, the
/// fewer collections it takes, or programs with long lists or deep stacks would never end.
fn may_wait(heap: &Heap, need: usize) -> bool {
    const SMALL: usize = 8192;
    static TURN: AtomicUsize = AtomicUsize::new(0);
    let words = heap.used_words() + heap.stack_words();
    words > SMALL
        && heap.free_words() >= need
        && !heap.wants_collection()
        && !TURN.fetch_add(1, Ordering::Relaxed).is_multiple_of(words / 16)
}

/// From how many lasting words on a major collection keeps the generations apart, which saves a copy later.
const LARGE: usize = 1 << 14;

/// What a collection moves.
enum Scope {
    /// The young generation, as far as it lasts to the old one.
    Young,
    /// Everything: what lasted before to a new old generation, of this block.
    Tenured(Block),
    /// Everything to one new block.
    All,
}

fn check_limit(heap: &Heap, block: usize) -> Result<(), GcError> {
    let total = block + heap.old.words();
    if heap.limit.kills() && heap.limit.is_crossed_by(total) {
        Err(GcError::MaxHeapSize(total))
    } else {
        Ok(())
    }
}

/// Copies what `scope` says into a new block of `size` words.
fn evacuate(heap: &mut Heap, size: usize, scope: Scope, roots: &mut [&mut [Term]]) -> usize {
    let block = Block::allocate(size);
    let start = heap.block.start() as usize;
    let mature = (start, heap.high_water as usize - start);
    let old_range = (heap.old.start() as usize, heap.old.words() * 8);
    let (keep, young_mature, old_mature) = match scope {
        Scope::Young => (old_range, mature, (0, 0)),
        Scope::Tenured(_) => ((0, 0), mature, old_range),
        Scope::All => ((0, 0), (0, 0), (0, 0)),
    };
    let (old_start, old_end) = match &scope {
        Scope::Young => (heap.old_top, heap.old.end()),
        Scope::Tenured(old) => (old.start(), old.end()),
        Scope::All => (std::ptr::null_mut(), std::ptr::null_mut()),
    };
    let promoted_from = old_start;
    let mut collector = Collector {
        literal_base: literal_area::base(),
        keep_start: keep.0,
        keep_bytes: keep.1,
        mature_start: young_mature.0,
        mature_bytes: young_mature.1,
        tenured_start: old_mature.0,
        tenured_bytes: old_mature.1,
        top: block.start(),
        old_top: old_start,
    };
    let stack_words = heap.stack_words();
    // SAFETY: roots and stack slots hold terms of this heap or aligned return addresses; the new block holds
    // all that is not promoted, the old one has room for all that is (checked by `collect`).
    unsafe {
        for slice in roots.iter_mut() {
            for root in slice.iter_mut() {
                collector.forward(&raw mut root.0);
            }
        }
        for index in 0..stack_words {
            collector.forward(heap.stack.add(index));
        }
        let mut scan = block.start();
        let mut old_scan = promoted_from;
        loop {
            scan = collector.scan(scan, false);
            old_scan = collector.scan(old_scan, true);
            if scan == collector.top {
                break;
            }
        }
        let stack = block.end().sub(stack_words);
        std::ptr::copy_nonoverlapping(heap.stack, stack, stack_words);
        heap.stack = stack;
    }
    debug_assert!(collector.old_top <= old_end);
    debug_assert!(words_between(collector.top, heap.stack) >= STACK_MARGIN || size == 0 || cfg!(gc_stress));
    let copied =
        words_between(block.start(), collector.top) + words_between(promoted_from, collector.old_top);
    sweep_off_heap(heap, &collector);
    if cfg!(gc_stress) {
        poison(heap.block.start(), heap.block.words());
    }
    heap.block = block;
    heap.top = collector.top;
    heap.high_water = collector.top;
    match scope {
        Scope::Young => {}
        Scope::Tenured(old) => {
            heap.old = old;
            // The block had to have room for all. Were it kept, garbage that lasts for a while would have more room each time.
            heap.old.shrink(words_between(heap.old.start(), collector.old_top) * 2);
        }
        Scope::All => heap.old = Block::empty(),
    }
    heap.old_top = collector.old_top;
    heap.drop_fragments();
    #[cfg(gc_stress)]
    super::verify::check(heap);
    copied
}

/// Keeps the off-heap binaries that survived in the chain, and gives back those that did not.
fn sweep_off_heap(heap: &mut Heap, collector: &Collector) {
    let mut chain = std::mem::replace(&mut heap.off_heap, 0);
    let mut bytes = 0;
    while chain != 0 {
        let object = Term(chain).boxed_pointer();
        // SAFETY: members of the chain are off-heap binaries; one that moved has its new place in its first
        // word, its other words are still as they were.
        unsafe {
            let next = *object.add(3);
            let first = *object;
            let stays = collector.stays(object);
            let now = if stays {
                chain
            } else if first & 7 == TAG_BOXED {
                first
            } else {
                0
            };
            if now == 0 {
                SharedBinary::release(std::ptr::with_exposed_provenance(*object.add(2) as usize));
            } else {
                bytes += *object.add(1) as usize;
                *Term(now).boxed_pointer().add(3) = std::mem::replace(&mut heap.off_heap, now);
            }
            chain = next;
        }
    }
    heap.off_heap_bytes = 0;
    heap.off_heap_limit = (bytes * 2).max(1 << 18);
}

/// Overwrites memory that nothing may read any more, so that a stale term is noticed.
fn poison(start: *mut u64, words: usize) {
    for index in 0..words {
        // SAFETY: the block is still allocated and will be freed next.
        unsafe { *start.add(index) = 0xdead_dead_dead_dead };
    }
}

/// Copies every term that `belongs` to a literal area about to go away into the heap's own memory.
pub(crate) fn rescue_literals(
    heap: &mut Heap,
    roots: &mut [&mut [Term]],
    belongs: &dyn Fn(*const u64) -> bool,
) {
    let points_there = |word: u64| match word & 7 {
        TAG_CONS => belongs(Term(word).cons_pointer()),
        TAG_BOXED => belongs(Term(word).boxed_pointer()),
        _ => false,
    };
    let mut ranges: Vec<(*mut u64, usize)> =
        vec![(heap.block.start(), heap.young_words()), (heap.old.start(), heap.old_words())];
    let mut fragment = heap.fragments;
    // SAFETY: the chain's fragments are alive and owned by this heap.
    while let Some(this) = unsafe { fragment.as_mut() } {
        ranges.push(this.words_mut());
        fragment = this.next;
    }
    let mut slots: Vec<*mut u64> = Vec::new();
    for (start, words) in ranges {
        let mut index = 0;
        while index < words {
            // SAFETY: heaps, generations and fragments are walkable: headers tell how much is raw.
            unsafe {
                let slot = start.add(index);
                let word = *slot;
                if word & 7 == TAG_HEADER {
                    index += 1 + Header(word).raw_words();
                    continue;
                }
                if points_there(word) {
                    slots.push(slot);
                }
            }
            index += 1;
        }
    }
    for index in 0..heap.stack_words() {
        let slot = heap.stack.wrapping_add(index);
        // SAFETY: a slot of the live stack.
        if points_there(unsafe { *slot }) {
            slots.push(slot);
        }
    }
    for slice in roots.iter_mut() {
        for root in slice.iter_mut() {
            if points_there(root.0) {
                slots.push(&raw mut root.0);
            }
        }
    }
    // The copies are young, what refers to them may be old: only a major collection may come next.
    if !slots.is_empty() {
        heap.minor_gcs = u16::MAX;
    }
    for slot in slots {
        // SAFETY: collected just above; building copies moves nothing.
        unsafe {
            let copied = super::copy::copy(Term(*slot), heap);
            *slot = copied.0;
        }
    }
}
