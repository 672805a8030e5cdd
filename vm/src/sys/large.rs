//! Large pieces of memory: a mapping of its own for each, and freed ones are kept for a second.
//!
//! A collection, or a binary that grows, soon asks for as much as it has just let go. Pages that go back to the system in
//! between are mapped and cleared again, which takes longer than the collection; and on a virtual machine the host may
//! have taken them, and stops the whole processor until it has found others (8 to 30 ms for a huge page were measured).
//! So what is freed waits here for its next user, and goes back when none has come. Pieces come in four sizes to each
//! doubling, and a length says which; those that wait are joined and cut.

use super::memory::{map, prefer_huge_pages, unmap};
use parking_lot::Mutex;
use std::alloc::{GlobalAlloc, Layout};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::{Duration, Instant};

/// From so many bytes on.
const LARGE: usize = 1 << 20;
/// Pieces from so many bytes on lie in huge pages where the system has them.
const HUGE: usize = 1 << 22;
/// Alignment that mappings have.
const PAGE: usize = 1 << 12;
/// How long a piece waits for its next user.
pub(crate) const KEPT: Duration = Duration::from_secs(1);
/// Most pieces that wait.
const MOST: usize = 64;
/// So much may wait in any case; more than this, only as much as is or was in use of late.
const ALWAYS: usize = 1 << 26;

/// An allocator that gives large pieces itself, and leaves the others to `A`.
#[derive(Debug)]
pub struct Allocator<A>(pub A);

/// Pieces beside each other that nobody owns.
struct Kept {
    start: *mut u8,
    bytes: usize,
    since: Instant,
}

impl Kept {
    fn end(&self) -> *mut u8 {
        self.start.wrapping_add(self.bytes)
    }
}

/// Pieces that nobody owns, those that were freed first in front.
struct Waiting {
    pieces: [Option<Kept>; MOST],
    count: usize,
    bytes: usize,
}

// SAFETY: nobody owns the memory but who has the list.
unsafe impl Send for Waiting {}

static WAITING: Mutex<Waiting> = Mutex::new(Waiting { pieces: [const { None }; MOST], count: 0, bytes: 0 });

/// Bytes of pieces in use.
static IN_USE: AtomicUsize = AtomicUsize::new(0);
/// Most of them at a time, of late.
static MOST_IN_USE: AtomicUsize = AtomicUsize::new(0);

impl Waiting {
    fn remove(&mut self, at: usize) -> Option<Kept> {
        let kept = self.pieces[at].take()?;
        self.pieces[at..self.count].rotate_left(1);
        self.count -= 1;
        self.bytes -= kept.bytes;
        Some(kept)
    }

    /// A piece of this size: the beginning of the smallest that has it.
    fn take(&mut self, bytes: usize) -> Option<*mut u8> {
        let fitting = self.pieces[..self.count].iter_mut().flatten().filter(|kept| kept.bytes >= bytes);
        let best = fitting.min_by_key(|kept| kept.bytes)?;
        let start = best.start;
        best.start = start.wrapping_add(bytes);
        best.bytes -= bytes;
        self.bytes -= bytes;
        if best.bytes == 0 {
            let at = self.pieces[..self.count].iter().flatten().position(|kept| kept.bytes == 0)?;
            self.remove(at);
        }
        Some(start)
    }

    /// Keeps a piece, joined with its neighbours. The one that has waited longest is given instead where there is no room:
    /// it is to go, and this to be tried once more.
    fn put(&mut self, start: *mut u8, bytes: usize) -> Option<Kept> {
        let mut kept = Kept { start, bytes, since: Instant::now() };
        let most = ALWAYS.max(MOST_IN_USE.load(Relaxed));
        if self.bytes + bytes > most {
            return self.remove(0).or(Some(kept));
        }
        let mut at = 0;
        while let Some(other) = self.pieces[..self.count].get(at).and_then(Option::as_ref) {
            if other.end() == kept.start || kept.end() == other.start {
                kept.start = kept.start.min(other.start);
                kept.bytes += self.remove(at).map_or(0, |other| other.bytes);
            } else {
                at += 1;
            }
        }
        if self.count == MOST {
            return Some(kept);
        }
        self.bytes += kept.bytes;
        self.pieces[self.count] = Some(kept);
        self.count += 1;
        None
    }
}

/// How large the piece is that so many bytes get: at most a quarter more.
fn whole(bytes: usize) -> usize {
    let step = (bytes.next_power_of_two() / 8).max(PAGE);
    bytes.div_ceil(step).saturating_mul(step)
}

/// How many bytes one can have for `bytes` without asking for more memory.
pub(crate) fn rounded(bytes: usize) -> usize {
    if bytes < LARGE { bytes } else { whole(bytes) }
}

fn is_large(layout: Layout) -> bool {
    layout.size() >= LARGE && layout.align() <= PAGE
}

fn new(bytes: usize) -> Option<*mut u8> {
    let start = map(bytes)?;
    if bytes >= HUGE {
        prefer_huge_pages(start, bytes);
    }
    Some(start)
}

/// A piece for so many bytes, and whether it is zeroed.
fn take(bytes: usize) -> (*mut u8, bool) {
    let bytes = whole(bytes);
    let kept = WAITING.lock().take(bytes);
    let start = kept.or_else(|| new(bytes)).unwrap_or(std::ptr::null_mut());
    if !start.is_null() {
        let in_use = IN_USE.fetch_add(bytes, Relaxed) + bytes;
        MOST_IN_USE.fetch_max(in_use, Relaxed);
    }
    (start, kept.is_none())
}

/// # Safety
/// `start` was given by [`take`] for so many bytes, and the caller owns it.
unsafe fn give_back(start: *mut u8, bytes: usize) {
    let bytes = whole(bytes);
    IN_USE.fetch_sub(bytes, Relaxed);
    loop {
        let Some(gone) = WAITING.lock().put(start, bytes) else { return };
        let is_this = (gone.start..gone.end()).contains(&start);
        // SAFETY: who takes a piece from the list owns it, and this one by the contract above.
        unsafe { unmap(gone.start, gone.bytes) };
        if is_this {
            return;
        }
    }
}

/// Gives one of the pieces back to the system that have waited for long enough, if there is one. To be called some thirty
/// times a second while anybody works.
pub(crate) fn trim() {
    let most = MOST_IN_USE.load(Relaxed);
    MOST_IN_USE.store((most - most / 32).max(IN_USE.load(Relaxed)), Relaxed);
    let is_old = |kept: &Kept| kept.since.elapsed() >= KEPT;
    let mut waiting = WAITING.lock();
    let old = if waiting.pieces[0].as_ref().is_some_and(is_old) { waiting.remove(0) } else { None };
    drop(waiting);
    if let Some(Kept { start, bytes, .. }) = old {
        // SAFETY: who takes a piece from the list owns it.
        unsafe { unmap(start, bytes) };
    }
}

/// Gives all pieces that wait back to the system.
pub(crate) fn release() {
    loop {
        let Some(Kept { start, bytes, .. }) = WAITING.lock().remove(0) else { return };
        // SAFETY: who takes a piece from the list owns it.
        unsafe { unmap(start, bytes) };
    }
}

// SAFETY: a piece is as large as was asked for, aligned to a page, and belongs to one owner at a time; the size that it was
// asked for with tells whether it is large, and how large the whole of it is. The list of those that wait allocates nothing.
unsafe impl<A: GlobalAlloc> GlobalAlloc for Allocator<A> {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if is_large(layout) {
            return take(layout.size()).0;
        }
        // SAFETY: the caller's contract is that of the other allocator.
        unsafe { self.0.alloc(layout) }
    }

    unsafe fn dealloc(&self, start: *mut u8, layout: Layout) {
        if is_large(layout) {
            // SAFETY: a large piece with this layout is of this allocator; the caller owns it.
            return unsafe { give_back(start, layout.size()) };
        }
        // SAFETY: the caller's contract is that of the other allocator.
        unsafe { self.0.dealloc(start, layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        if is_large(layout) {
            let (start, is_zeroed) = take(layout.size());
            if !is_zeroed {
                // SAFETY: the piece has so many bytes, and nobody else knows it.
                unsafe { start.write_bytes(0, layout.size()) };
            }
            return start;
        }
        // SAFETY: the caller's contract is that of the other allocator.
        unsafe { self.0.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, start: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        let Ok(to) = Layout::from_size_align(size, layout.align()) else { return std::ptr::null_mut() };
        if !is_large(layout) && !is_large(to) {
            // SAFETY: the caller's contract is that of the other allocator.
            return unsafe { self.0.realloc(start, layout, size) };
        }
        if is_large(layout) && is_large(to) && whole(layout.size()) == whole(size) {
            return start;
        }
        // SAFETY: the caller's contract holds for the old piece; the new one is as large as is copied, and another.
        unsafe {
            let new = self.alloc(to);
            if !new.is_null() {
                std::ptr::copy_nonoverlapping(start, new, layout.size().min(size));
                self.dealloc(start, layout);
            }
            new
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::alloc::System;

    #[test]
    fn a_piece_is_at_most_a_quarter_larger() {
        for bytes in (LARGE..64 * LARGE).step_by(12_345) {
            let whole = whole(bytes);
            assert!(
                whole >= bytes && whole - bytes <= bytes / 4 && whole.is_multiple_of(PAGE),
                "{bytes}: {whole}"
            );
            assert_eq!(super::whole(whole), whole);
        }
        assert_eq!(whole(usize::MAX / 2), 1 << 63);
    }

    #[test]
    fn what_is_written_stays_when_pieces_grow_and_shrink() {
        let allocator = Allocator(System);
        let sizes = [100, LARGE - 1, LARGE, LARGE + 1, 3 * LARGE, 3 * LARGE + 5, 20 * LARGE, LARGE, 10];
        let layout = |size| Layout::from_size_align(size, 8).expect("small");
        for round in 0..3_u8 {
            // SAFETY: each call gets what the last gave, with its layout.
            unsafe {
                let mut start = allocator.alloc_zeroed(layout(sizes[0]));
                assert_eq!(*start.add(99), 0);
                start.write_bytes(round, sizes[0]);
                for pair in sizes.windows(2) {
                    start = allocator.realloc(start, layout(pair[0]), pair[1]);
                    assert_eq!((*start, *start.add(9)), (round, round));
                    start.add(pair[1] - 1).write(round);
                }
                allocator.dealloc(start, layout(10));
                let zeroed = allocator.alloc_zeroed(layout(20 * LARGE));
                assert!((0..20 * LARGE).step_by(4096).all(|at| *zeroed.add(at) == 0));
                zeroed.write_bytes(7, 20 * LARGE);
                allocator.dealloc(zeroed, layout(20 * LARGE));
            }
        }
        release();
    }
}
