//! The lock-free parts of the machine, tried under every order of their threads that the memory model allows:
//!
//! ```text
//! RUSTFLAGS="--cfg loom" cargo test -p swerl-loom --release
//! ```
//!
//! The files are the machine's own, not copies; `sync` stands for its `vm/src/sync.rs`.
#![cfg(all(loom, test))]
#![allow(unsafe_code, reason = "the files of the machine that are tried here say why they have some")]
#![allow(dead_code, reason = "a model does not use all of a part")]

/// What the parts take from the standard library otherwise.
mod sync {
    pub(crate) use loom::sync::atomic::{AtomicPtr, AtomicU8, AtomicU64, AtomicUsize, Ordering, fence};
    pub(crate) use loom::sync::{Condvar, Mutex};
}

#[path = "../../vm/src/proc/inbox.rs"]
mod inbox;
#[path = "../../vm/src/code/lead.rs"]
mod lead;
#[path = "../../vm/src/code/meeting.rs"]
mod meeting;
#[path = "../../vm/src/sched/parking.rs"]
mod parking;
#[path = "../../vm/src/sched/post.rs"]
mod post;
#[path = "../../vm/src/proc/status.rs"]
mod status;

use inbox::{Inbox, Linked};
use lead::{Generation, Lead};
use loom::sync::Arc;
use loom::sync::atomic::{AtomicUsize, Ordering};
use loom::thread;
use meeting::Meeting;
use parking::Parking;
use post::Post;
use status::{Hold, Status};

struct Letter {
    next: *mut Letter,
    from: usize,
    number: usize,
}

impl Letter {
    fn new(from: usize, number: usize) -> Box<Self> {
        Box::new(Self { next: std::ptr::null_mut(), from, number })
    }
}

impl Linked for Letter {
    fn next(&mut self) -> &mut *mut Self {
        &mut self.next
    }
}

// SAFETY: the chain pointer is only followed by the queue's owner.
unsafe impl Send for Letter {}

/// What two senders push arrives whole, and that of each in its order; what comes after the end is given back.
#[test]
fn inbox_loses_nothing_and_keeps_order() {
    loom::model(|| {
        let inbox = Arc::new(Inbox::new_closed());
        inbox.open();
        let senders: Vec<_> = (0..2)
            .map(|from| {
                let inbox = inbox.clone();
                thread::spawn(move || {
                    (0..2).filter(|&number| inbox.push(Letter::new(from, number)).is_ok()).count()
                })
            })
            .collect();
        let mut got: Vec<(usize, usize)> = inbox.take().map(|letter| (letter.from, letter.number)).collect();
        got.extend(inbox.close().map(|letter| (letter.from, letter.number)));
        let accepted: usize = senders.into_iter().map(|sender| sender.join().expect("a sender ends")).sum();
        assert_eq!(got.len(), accepted);
        for from in 0..2 {
            let numbers: Vec<usize> = got.iter().filter(|got| got.0 == from).map(|got| got.1).collect();
            assert!(numbers.is_sorted());
        }
        assert!(inbox.push(Letter::new(9, 9)).is_err());
    });
}

/// A process that waits is queued for each signal that it has not seen, and is never in a queue twice.
#[test]
fn no_signal_is_missed_and_nobody_is_queued_twice() {
    loom::model(|| {
        let place = Arc::new((Status::new(), Inbox::new_closed(), AtomicUsize::new(0)));
        place.1.open();
        place.0.occupy();
        let senders: Vec<_> = (0..2)
            .map(|from| {
                let place = place.clone();
                thread::spawn(move || {
                    assert!(place.1.push(Letter::new(from, 0)).is_ok());
                    if place.0.notify() {
                        assert_eq!(place.2.fetch_add(1, Ordering::SeqCst), 0, "queued twice");
                    }
                })
            })
            .collect();
        // The worker: gives turns for as long as the process is queued.
        let mut seen = 0;
        let turns = |seen: &mut usize| {
            while place.2.load(Ordering::SeqCst) > 0 {
                place.2.fetch_sub(1, Ordering::SeqCst);
                loop {
                    assert!(place.0.begin());
                    *seen += place.1.take().count();
                    if !place.0.end_waiting() {
                        break;
                    }
                }
            }
        };
        turns(&mut seen);
        for sender in senders {
            sender.join().expect("a sender ends");
        }
        turns(&mut seen);
        assert_eq!(seen, 2);
    });
}

/// A process between its turns can be held: nobody runs it meanwhile, no signal is missed for that, and it is queued
/// once. Here a signal comes, a worker gives turns, and somebody looks at it.
#[test]
fn who_holds_a_process_has_it_alone_and_it_is_not_forgotten() {
    loom::model(|| {
        struct Place {
            status: Status,
            inbox: Inbox<Letter>,
            queue: AtomicUsize,
            users: AtomicUsize,
        }
        impl Place {
            fn enqueue(&self) {
                assert_eq!(self.queue.fetch_add(1, Ordering::SeqCst), 0, "queued twice");
            }
            fn use_alone(&self) {
                assert_eq!(self.users.fetch_add(1, Ordering::SeqCst), 0, "two at the process");
                self.users.fetch_sub(1, Ordering::SeqCst);
            }
            fn turns(&self, seen: &mut usize) {
                while self.queue.load(Ordering::SeqCst) > 0 {
                    self.queue.fetch_sub(1, Ordering::SeqCst);
                    while self.status.begin() {
                        self.use_alone();
                        *seen += self.inbox.take().count();
                        if !self.status.end_waiting() {
                            break;
                        }
                    }
                }
            }
        }
        let place = Arc::new(Place {
            status: Status::new(),
            inbox: Inbox::new_closed(),
            queue: AtomicUsize::new(0),
            users: AtomicUsize::new(0),
        });
        place.inbox.open();
        place.status.occupy();
        let sender = {
            let place = place.clone();
            thread::spawn(move || {
                assert!(place.inbox.push(Letter::new(0, 0)).is_ok());
                if place.status.notify() {
                    place.enqueue();
                }
            })
        };
        let holder = {
            let place = place.clone();
            thread::spawn(move || {
                if place.status.hold() == Hold::Held {
                    place.use_alone();
                    if place.status.let_go(false) {
                        place.enqueue();
                    }
                }
            })
        };
        let mut seen = 0;
        place.turns(&mut seen);
        sender.join().expect("the sender ends");
        holder.join().expect("the holder ends");
        place.turns(&mut seen);
        assert_eq!(seen, 1);
    });
}

/// A worker does not sleep when there is work that nobody else will wake it for.
#[test]
fn parking_misses_no_work() {
    loom::model(|| {
        let shared = Arc::new((Parking::new(), AtomicUsize::new(0)));
        let bringer = {
            let shared = shared.clone();
            thread::spawn(move || {
                shared.1.store(1, Ordering::Release);
                shared.0.wake_one();
            })
        };
        // Were the work missed, this would sleep for ever, which loom reports.
        while shared.1.load(Ordering::Acquire) == 0 {
            shared.0.sleep_unless(|| shared.1.load(Ordering::Acquire) != 0);
        }
        bringer.join().expect("the bringer ends");
        assert_eq!(shared.0.sleeping(), 0);
    });
}

/// A worker that is replaced learns of it at the end of that turn; one that is not is never one too many.
#[test]
fn a_place_is_taken_once_and_the_worker_knows() {
    loom::model(|| {
        let post = Arc::new(Post::new());
        post.begin();
        let watch = {
            let post = post.clone();
            thread::spawn(move || post.turn().is_some_and(|turn| post.replace(turn)))
        };
        let first = post.end();
        let second = if first {
            false
        } else {
            post.begin();
            post.end()
        };
        let replaced = watch.join().expect("the watch ends");
        assert_eq!(usize::from(first) + usize::from(second), usize::from(replaced));
    });
}

/// A caller sees the targets of one generation for all functions, with what lies behind them.
#[test]
fn a_load_switches_all_functions_at_once() {
    loom::model(|| {
        struct Code {
            generation: Generation,
            functions: [Lead<AtomicUsize>; 2],
        }
        let old =
            [Box::into_raw(Box::new(AtomicUsize::new(1))), Box::into_raw(Box::new(AtomicUsize::new(1)))];
        let code = Arc::new(Code {
            generation: Generation::new(),
            functions: [Lead::new(old[0]), Lead::new(old[1])],
        });
        let new =
            [Box::into_raw(Box::new(AtomicUsize::new(0))), Box::into_raw(Box::new(AtomicUsize::new(0)))];
        let addresses = new.map(|address| address as usize);
        let loader = {
            let code = code.clone();
            thread::spawn(move || {
                for (function, address) in code.functions.iter().zip(addresses) {
                    let target = address as *mut AtomicUsize;
                    // SAFETY: freed at the end of the model only.
                    unsafe { (*target).store(2, Ordering::Relaxed) };
                    function.stage(1, target);
                }
                code.generation.turn_to(1);
                // As before the next load.
                code.functions.iter().for_each(|function| function.level(0));
            })
        };
        let generation = code.generation.current();
        let seen: Vec<usize> = code
            .functions
            .iter()
            // SAFETY: as above.
            .map(|function| unsafe { (*function.at(generation)).load(Ordering::Relaxed) })
            .collect();
        // In the old generation one function may have been brought level while the other was looked at: it is the
        // number that is read anew for each call. None is seen unfinished.
        assert!(seen.iter().all(|&version| version == 1 || version == 2), "{seen:?}");
        assert!(generation == 0 || seen == [2, 2], "{seen:?}");
        loader.join().expect("the loader ends");
        for address in old.into_iter().chain(new) {
            // SAFETY: made above, and nobody is left to use it.
            drop(unsafe { Box::from_raw(address) });
        }
    });
}

/// Of a meeting one goes on: who asked, or who answered last.
#[test]
fn a_meeting_ends_once() {
    loom::model(|| {
        let meeting = Arc::new(Meeting::new(true));
        let went_on = Arc::new(AtomicUsize::new(0));
        let answering: Vec<_> = (0..2)
            .map(|_| {
                meeting.ask();
                let (meeting, went_on) = (meeting.clone(), went_on.clone());
                thread::spawn(move || {
                    if meeting.answer() {
                        went_on.fetch_add(1, Ordering::SeqCst);
                    }
                })
            })
            .collect();
        assert!(!meeting.answer(), "the one who asked looks on");
        if meeting.has_ended() || !meeting.leave() {
            went_on.fetch_add(1, Ordering::SeqCst);
        }
        for thread in answering {
            thread.join().expect("one who answers ends");
        }
        assert_eq!(went_on.load(Ordering::SeqCst), 1);
    });
}
