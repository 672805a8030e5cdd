//! Large pieces of memory: a mapping of its own for each, and freed ones are kept for a second.
//!
//! A collection, or a binary that grows, soon asks for as much as it has just let go. Pages that go back to the system in
//! between are mapped and cleared again, which takes longer than the collection; and on a virtual machine the host may
//! have taken them, and stops the whole processor until it has found others (8 to 30 ms for a huge page were measured).
//! So what is freed waits here for its next user, and goes back when none has come. Pieces come in four sizes to each
//! doubling, and a length says which; those that wait are joined and cut.

use super::memory::{enlarge, map, prefer_huge_pages, unmap};
use parking_lot::Mutex;
use std::alloc::{GlobalAlloc, Layout};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::{Duration, Instant};

/// From so many bytes on.
pub(crate) const LARGE: usize = 1 << 20;
/// Pieces from so many bytes on lie in huge pages where the system has them.
const HUGE: usize = 1 << 22;
/// Alignment that mappings have.
const PAGE: usize = 1 << 12;
/// How long pieces wait for their next user.
pub(crate) const KEPT: Duration = Duration::from_secs(1);
/// So many bytes at most go back at a time: the others who want to map something wait.
const TRIMMED: usize = 1 << 24;
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
    /// The fewest bytes since [`trim`] looked last, and how many it is to give back.
    least: usize,
    surplus: usize,
    looked: Option<Instant>,
}

// SAFETY: nobody owns the memory but who has the list.
unsafe impl Send for Waiting {}

static WAITING: Mutex<Waiting> = Mutex::new(Waiting::NONE);

/// Bytes of pieces in use.
static IN_USE: AtomicUsize = AtomicUsize::new(0);
/// Most of them at a time, of late.
static MOST_IN_USE: AtomicUsize = AtomicUsize::new(0);

impl Waiting {
    const NONE: Self =
        Self { pieces: [const { None }; MOST], count: 0, bytes: 0, least: 0, surplus: 0, looked: None };

    fn remove(&mut self, at: usize) -> Option<Kept> {
        let kept = self.pieces[at].take()?;
        self.pieces[at..self.count].rotate_left(1);
        self.count -= 1;
        self.lose(kept.bytes);
        Some(kept)
    }

    fn lose(&mut self, bytes: usize) {
        self.bytes -= bytes;
        self.least = self.least.min(self.bytes);
    }

    /// At most so many bytes of what has waited longest.
    fn oldest(&mut self, most: usize) -> Option<Kept> {
        let oldest = self.pieces[0].as_mut()?;
        if oldest.bytes <= most {
            return self.remove(0);
        }
        oldest.bytes -= most;
        let gone = Kept { start: oldest.end(), bytes: most };
        self.lose(most);
        Some(gone)
    }

    /// What is to go back, at most so many bytes.
    fn surplus(&mut self, now: Instant, most: usize) -> Option<Kept> {
        if self.looked.is_none_or(|looked| now - looked >= KEPT) {
            self.looked = Some(now);
            self.surplus = std::mem::replace(&mut self.least, self.bytes);
        }
        if self.surplus == 0 {
            return None;
        }
        let gone = self.oldest(most)?;
        self.surplus = self.surplus.saturating_sub(gone.bytes);
        Some(gone)
    }

    /// A piece of this size: the beginning of the smallest that has it.
    fn take(&mut self, bytes: usize) -> Option<*mut u8> {
        let fitting = self.pieces[..self.count].iter_mut().flatten().filter(|kept| kept.bytes >= bytes);
        let best = fitting.min_by_key(|kept| kept.bytes)?;
        let start = best.start;
        best.start = start.wrapping_add(bytes);
        best.bytes -= bytes;
        let is_used_up = best.bytes == 0;
        self.lose(bytes);
        if is_used_up {
            let at = self.pieces[..self.count].iter().flatten().position(|kept| kept.bytes == 0)?;
            self.remove(at);
        }
        Some(start)
    }

    /// Is there a piece of this size?
    fn has(&self, bytes: usize) -> bool {
        self.pieces[..self.count].iter().flatten().any(|kept| kept.bytes >= bytes)
    }

    /// Keeps a piece, joined with its neighbours. Where there is no room, what has waited longest is given instead: it is to
    /// go, and this to be tried once more.
    fn put(&mut self, start: *mut u8, bytes: usize) -> Option<Kept> {
        let mut kept = Kept { start, bytes };
        let most = ALWAYS.max(MOST_IN_USE.load(Relaxed));
        let excess = (self.bytes + bytes).saturating_sub(most);
        if excess > 0 {
            return self.oldest(excess).or(Some(kept));
        }
        let least = self.least;
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
        self.least = least;
        self.pieces[self.count] = Some(kept);
        self.count += 1;
        None
    }
}

/// How large the piece is that so many bytes get: at most a quarter more.
pub(crate) fn whole(bytes: usize) -> usize {
    let step = (bytes.next_power_of_two() / 8).max(PAGE);
    bytes.div_ceil(step).saturating_mul(step)
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

/// A piece for so many bytes, a null pointer if there is no memory; and whether it is zeroed.
pub(crate) fn take(bytes: usize) -> (*mut u8, bool) {
    let bytes = whole(bytes);
    let kept = WAITING.lock().take(bytes);
    let start = kept.or_else(|| new(bytes)).unwrap_or(std::ptr::null_mut());
    if !start.is_null() {
        let in_use = IN_USE.fetch_add(bytes, Relaxed) + bytes;
        MOST_IN_USE.fetch_max(in_use, Relaxed);
    }
    (start, kept.is_none())
}

/// Lets a piece go.
///
/// # Safety
/// `start` was given by [`take`] for so many bytes, and the caller owns it.
pub(crate) unsafe fn give_back(start: *mut u8, bytes: usize) {
    // SAFETY: by the contract above.
    unsafe { cut(start, whole(bytes), 0) };
}

/// Lets all but the beginning of a piece go: it is one for `to` bytes from now on.
///
/// # Safety
/// `start` was given by [`take`] for `from` bytes, which are no fewer than `to`, and the caller owns it.
pub(crate) unsafe fn cut(start: *mut u8, from: usize, to: usize) {
    let (to, from) = (whole(to), whole(from));
    if to == from {
        return;
    }
    let (start, bytes) = (start.wrapping_add(to), from - to);
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

/// Makes a piece larger, where none of the new size waits: pages are moved, not copied. `None`: nothing happened.
///
/// # Safety
/// `start` was given by [`take`] for `from` bytes, which are fewer than `to`, and the caller owns it.
unsafe fn grow(start: *mut u8, from: usize, to: usize) -> Option<*mut u8> {
    let (from, to) = (whole(from), whole(to));
    if WAITING.lock().has(to) {
        return None;
    }
    // SAFETY: by the contract above.
    let moved = unsafe { enlarge(start, from, to) }?;
    if to >= HUGE {
        prefer_huge_pages(moved, to);
    }
    let in_use = IN_USE.fetch_add(to - from, Relaxed) + to - from;
    MOST_IN_USE.fetch_max(in_use, Relaxed);
    Some(moved)
}

/// Gives some of what nobody has needed for a second back to the system. To be called some thirty times a second while
/// anybody works.
pub(crate) fn trim() {
    let most = MOST_IN_USE.load(Relaxed);
    MOST_IN_USE.store((most - most / 32).max(IN_USE.load(Relaxed)), Relaxed);
    let surplus = WAITING.lock().surplus(Instant::now(), TRIMMED);
    if let Some(Kept { start, bytes }) = surplus {
        // SAFETY: who takes a piece from the list owns it.
        unsafe { unmap(start, bytes) };
    }
}

/// Gives all pieces that wait back to the system.
pub(crate) fn release() {
    loop {
        let Some(Kept { start, bytes }) = WAITING.lock().remove(0) else { return };
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
        if is_large(layout) && is_large(to) {
            if whole(layout.size()) >= whole(size) {
                // SAFETY: the caller's contract holds for the old piece.
                unsafe { cut(start, layout.size(), size) };
                return start;
            }
            // SAFETY: as above.
            if let Some(new) = unsafe { grow(start, layout.size(), size) } {
                return new;
            }
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
    fn what_nobody_needs_for_a_second_goes_back() {
        let mut waiting = Waiting::NONE;
        let piece = |number: usize| (number * 2 * LARGE) as *mut u8;
        let mut now = Instant::now();
        assert!(waiting.surplus(now, TRIMMED).is_none());
        for number in 1..=4 {
            assert!(waiting.put(piece(number), LARGE).is_none());
        }
        now += KEPT;
        assert!(waiting.surplus(now, TRIMMED).is_none(), "a second ago nothing waited");
        let taken = waiting.take(LARGE).expect("four wait");
        assert!(waiting.put(taken, LARGE).is_none());
        now += KEPT;
        let gone: Vec<usize> =
            std::iter::from_fn(|| waiting.surplus(now, LARGE / 2)).map(|kept| kept.bytes).collect();
        assert_eq!((gone, waiting.bytes), (vec![LARGE / 2; 6], LARGE));
        // Neighbours are joined, and lose nothing.
        assert!(waiting.put(waiting.pieces[0].as_ref().expect("one waits").end(), LARGE).is_none());
        assert_eq!((waiting.count, waiting.bytes), (1, 2 * LARGE));
        assert!(waiting.take(2 * LARGE).is_some() && waiting.count == 0 && waiting.bytes == 0);
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
