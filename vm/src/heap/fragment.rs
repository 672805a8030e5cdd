//! Memory outside a process's block: a message under way, or what a native function made when the block was full.

use super::block::Block;
use super::spares::Spares;
use crate::term::{SharedBinary, Term};
use std::cell::UnsafeCell;
use std::marker::PhantomPinned;
use std::mem::MaybeUninit;

thread_local! {
    /// What this thread keeps of fragments that are gone.
    pub(crate) static SPARES: Spares<Fragment> = const { Spares::new() };
}

/// Most words that a fragment holds in itself: most messages are small.
const INLINE: usize = 12;

/// Words filled from the start, with their own chain of off-heap binaries.
#[derive(Debug)]
pub(crate) struct Fragment {
    pub(crate) next: *mut Fragment,
    /// Empty where the words fit in `inline`.
    block: Block,
    used: usize,
    off_heap: u64,
    inline: UnsafeCell<MaybeUninit<[u64; INLINE]>>,
    /// Terms refer to the words within: a box of it is not the only way to them.
    _shared: PhantomPinned,
}

impl Fragment {
    /// An empty fragment for `words` words.
    pub(crate) fn new(words: usize) -> Box<Self> {
        let mut memory = SPARES.with(Spares::take);
        let fragment = memory.as_mut_ptr();
        // SAFETY: every field is written but the words within, which are nothing yet.
        let fragment = unsafe {
            (&raw mut (*fragment).next).write(std::ptr::null_mut());
            let block = if words <= INLINE { Block::empty() } else { Block::allocate(words) };
            (&raw mut (*fragment).block).write(block);
            (&raw mut (*fragment).used).write(0);
            (&raw mut (*fragment).off_heap).write(0);
            memory.assume_init()
        };
        let _ = fragment.inline.get().expose_provenance();
        fragment
    }

    /// Frees a fragment; its memory may become another's.
    pub(crate) fn recycle(this: Box<Self>) {
        let this = Box::into_raw(this).cast::<MaybeUninit<Self>>();
        // SAFETY: the box was of this type; what was in it is dropped, once.
        let memory = unsafe {
            (*this).assume_init_drop();
            Box::from_raw(this)
        };
        SPARES.with(|spares| spares.put(memory));
    }

    pub(crate) fn used(&self) -> usize {
        self.used
    }

    fn start(&self) -> *mut u64 {
        if self.block.words() == 0 { self.inline.get().cast() } else { self.block.start() }
    }

    /// Bump allocation; `None` when full.
    pub(crate) fn try_take(&mut self, words: usize) -> Option<*mut u64> {
        if self.block.words().max(INLINE) - self.used < words {
            return None;
        }
        let at = self.start().wrapping_add(self.used);
        self.used += words;
        Some(at)
    }

    pub(crate) fn off_heap_mut(&mut self) -> &mut u64 {
        &mut self.off_heap
    }

    /// The words in use, to be changed.
    pub(crate) fn words_mut(&mut self) -> (*mut u64, usize) {
        (self.start(), self.used)
    }

    /// Moves the chain of off-heap binaries to the front of another chain.
    pub(crate) fn give_off_heap(&mut self, chain: &mut u64, bytes: &mut usize) {
        let head = std::mem::replace(&mut self.off_heap, 0);
        if head == 0 {
            return;
        }
        let mut last = head;
        loop {
            let object = Term(last).boxed_pointer();
            *bytes += Term(last).whole_bytes().len();
            // SAFETY: chain members are off-heap binaries of this fragment: header, size, pointer, next.
            let next = unsafe { *object.add(3) };
            if next == 0 {
                // SAFETY: as above.
                unsafe { *object.add(3) = *chain };
                break;
            }
            last = next;
        }
        *chain = head;
    }
}

impl Drop for Fragment {
    fn drop(&mut self) {
        release_off_heap(self.off_heap);
    }
}

/// Gives back the references of a whole chain of off-heap binaries.
pub(crate) fn release_off_heap(mut chain: u64) {
    while chain != 0 {
        let object = Term(chain).boxed_pointer();
        // SAFETY: chain members are live off-heap binaries, each owning one reference.
        unsafe {
            let shared: *const SharedBinary = std::ptr::with_exposed_provenance(*object.add(2) as usize);
            chain = *object.add(3);
            SharedBinary::release(shared);
        }
    }
}
