//! Literal areas: constants of loaded code, in one reserved range of addresses so that the collector knows them.

use super::Build;
use crate::sys::memory;
use crate::term::{Header, Kind, Term};
use std::collections::BTreeMap;
use std::sync::{Mutex, OnceLock};

/// Address space for all literals. Only touched pages cost memory.
const RESERVED_BYTES: usize = 1 << 34;
/// Areas are whole pages, so that a freed one can be given back.
const PAGE_WORDS: usize = 512;

#[derive(Debug)]
struct Region {
    base: usize,
    free: Mutex<FreeList>,
}

#[derive(Debug)]
struct FreeList {
    /// First page never used.
    next: usize,
    /// Freed runs: first page to count.
    runs: BTreeMap<usize, usize>,
}

static REGION: OnceLock<Region> = OnceLock::new();

fn region() -> &'static Region {
    REGION.get_or_init(|| {
        let base = memory::reserve(RESERVED_BYTES).expect("16 GiB of address space can be reserved");
        // The first page holds the tuple of no elements.
        // SAFETY: the mapping is writable and larger than a word.
        unsafe { *base = Header::new(Kind::Tuple, 0).0 };
        Region { base: base as usize, free: Mutex::new(FreeList { next: 1, runs: BTreeMap::new() }) }
    })
}

/// Start of the reserved range. The word there is the header of `{}`.
pub(crate) fn base() -> usize {
    region().base
}

/// Size of the reserved range in bytes.
pub(crate) const fn bytes() -> usize {
    RESERVED_BYTES
}

/// Is this an address in the reserved range?
pub(crate) fn has(address: *const u64) -> bool {
    (address as usize).wrapping_sub(base()) < RESERVED_BYTES
}

/// The literals of one module instance.
#[derive(Debug)]
pub(crate) struct LiteralArea {
    start: *mut u64,
    pages: usize,
    used: usize,
    off_heap: u64,
}

// SAFETY: an area is written while it is built by its owner; afterwards it is only read.
unsafe impl Send for LiteralArea {}
// SAFETY: as above.
unsafe impl Sync for LiteralArea {}

impl LiteralArea {
    /// An area with room for `words`. `None` if the reserved range is full.
    pub(crate) fn allocate(words: usize) -> Option<Self> {
        let pages = words.div_ceil(PAGE_WORDS);
        if pages == 0 {
            return Some(Self { start: std::ptr::null_mut(), pages: 0, used: 0, off_heap: 0 });
        }
        let region = region();
        let mut free = region.free.lock().expect("the free list is never poisoned");
        let fit = free.runs.iter().find(|&(_, &count)| count >= pages).map(|(&page, &count)| (page, count));
        let page = match fit {
            Some((page, count)) => {
                free.runs.remove(&page);
                if count > pages {
                    free.runs.insert(page + pages, count - pages);
                }
                page
            }
            None => {
                let page = free.next;
                if (page + pages) * PAGE_WORDS * 8 > RESERVED_BYTES {
                    return None;
                }
                free.next += pages;
                page
            }
        };
        let start = std::ptr::with_exposed_provenance_mut(region.base + page * PAGE_WORDS * 8);
        Some(Self { start, pages, used: 0, off_heap: 0 })
    }

    /// Does the address lie in this area?
    pub(crate) fn contains(&self, address: *const u64) -> bool {
        (address as usize).wrapping_sub(self.start as usize) < self.used * 8
    }

    /// Words that can still be taken.
    pub(crate) fn room(&self) -> usize {
        self.pages * PAGE_WORDS - self.used
    }

    /// Has it no words?
    pub(crate) fn is_empty(&self) -> bool {
        self.used == 0
    }
}

impl Build for LiteralArea {
    fn take(&mut self, words: usize) -> *mut u64 {
        assert!(self.used + words <= self.pages * PAGE_WORDS, "literals are counted before they are built");
        let at = self.start.wrapping_add(self.used);
        self.used += words;
        at
    }

    fn note_off_heap(&mut self, object: u64, _bytes: usize) -> u64 {
        std::mem::replace(&mut self.off_heap, object)
    }
}

impl Drop for LiteralArea {
    fn drop(&mut self) {
        super::fragment::release_off_heap(self.off_heap);
        if self.pages == 0 {
            return;
        }
        // SAFETY: the pages are this area's own, and nothing refers to them any more (see `code::purge`).
        unsafe { memory::discard(self.start, self.pages * PAGE_WORDS * 8) };
        let region = region();
        let page = (self.start as usize - region.base) / (PAGE_WORDS * 8);
        let mut free = region.free.lock().expect("the free list is never poisoned");
        let (mut first, mut count) = (page, self.pages);
        if let Some((&before, &length)) = free.runs.range(..page).next_back()
            && before + length == page
        {
            free.runs.remove(&before);
            first = before;
            count += length;
        }
        if let Some(&length) = free.runs.get(&(page + self.pages)) {
            free.runs.remove(&(page + self.pages));
            count += length;
        }
        free.runs.insert(first, count);
    }
}

/// `{}` in the reserved range.
pub(crate) fn empty_tuple() -> Term {
    Term::boxed_at(std::ptr::with_exposed_provenance(base()))
}
