//! Room on the native stack for programs that nest deep.
//!
//! The parser refuses what is nested deeper than [`MAX_DEPTH`](crate::syntax::MAX_DEPTH) and needs no native stack
//! itself. Whatever walks a tree afterwards recurses: it does so in here.

use std::cell::Cell;
use std::sync::{Mutex, PoisonError};
use std::thread::Builder;

/// Bytes of stack: for each of `MAX_DEPTH` levels some 25 kilobytes. Pages that are never touched cost nothing.
pub const ROOM: usize = 128 << 20;

thread_local! {
    static HAS_ROOM: Cell<bool> = const { Cell::new(false) };
}

/// The calling thread was made with a stack of [`ROOM`] bytes and more: it needs no other for what nests deep.
pub fn this_thread_has_room() {
    HAS_ROOM.set(true);
}

/// Calls `work` where there is room for trees of any depth that the parser lets pass.
pub fn with_room<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    if HAS_ROOM.get() {
        return work();
    }
    // Taken out by whoever does it: the thread, or this one if no thread is to be had.
    let work = Mutex::new(Some(work));
    let run = || {
        this_thread_has_room();
        let work = work.lock().unwrap_or_else(PoisonError::into_inner).take();
        work.expect("the work is done once")()
    };
    std::thread::scope(|scope| {
        let builder = Builder::new().name("swerl-lang".to_owned()).stack_size(ROOM);
        match builder.spawn_scoped(scope, run) {
            Ok(thread) => thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
            Err(_) => {
                let done = run();
                HAS_ROOM.set(false);
                done
            }
        }
    })
}
