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
    pub(crate) use loom::sync::{Condvar, Mutex, MutexGuard};
}

#[path = "../../vm/src/sched/alarm.rs"]
mod alarm;
#[path = "../../vm/src/bif/ets/balance.rs"]
mod balance;
#[path = "../../vm/src/proc/inbox.rs"]
mod inbox;
#[path = "../../vm/src/code/lead.rs"]
mod lead;
#[path = "../../vm/src/code/meeting.rs"]
mod meeting;
#[path = "../../vm/src/sched/parking.rs"]
mod parking;
#[path = "../../vm/src/proc/places.rs"]
mod places;
#[path = "../../vm/src/sched/post.rs"]
mod post;
#[path = "../../vm/src/proc/status.rs"]
mod status;

use alarm::Alarm;
use balance::Balance;
use inbox::{Inbox, Linked};
use lead::{Generation, Lead};
use loom::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use loom::sync::{Arc, Mutex};
use loom::thread;
use meeting::Meeting;
use parking::Parking;
use places::{NOBODY, Place, Places};
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

/// A table of two parts, whose numbers are their own hashes: bucket `b` is the one at `b / 2` of part `b % 2`.
struct Parted {
    parts: [Mutex<Vec<Vec<usize>>>; 2],
    balance: Balance,
}

impl Parted {
    fn new() -> Self {
        let part = || Mutex::new(vec![Vec::new()]);
        Self { parts: [part(), part()], balance: Balance::new(2) }
    }

    fn bucket(buckets: usize, number: usize) -> usize {
        let mask = buckets.next_power_of_two() - 1;
        let bucket = number & mask;
        if bucket < buckets { bucket } else { bucket & (mask >> 1) }
    }

    fn change(&self, number: usize, put: bool) {
        let mut part = self.parts[number % 2].lock().expect("nobody panics");
        let bucket = Self::bucket(part.len(), number / 2);
        if put {
            part[bucket].push(number);
        } else {
            part[bucket].retain(|&other| other != number);
        }
        self.balance.count(usize::from(!put), usize::from(put));
        drop(part);
        if put {
            self.balance.grow(1, |to| {
                let mut part = self.parts[to % 2].lock().expect("nobody panics");
                assert_eq!(part.len(), to / 2, "buckets come in turn");
                let all = std::mem::take(&mut *part).concat();
                *part = vec![Vec::new(); to / 2 + 1];
                for number in all {
                    let bucket = Self::bucket(part.len(), number / 2);
                    part[bucket].push(number);
                }
                part
            });
        } else {
            self.balance.shrink(
                1,
                |buckets, objects| buckets > 2 && objects < buckets,
                |last| {
                    let mut part = self.parts[last % 2].lock().expect("nobody panics");
                    assert_eq!(part.len(), last / 2 + 1, "buckets go in turn");
                    let moved = part.pop().expect("there is one");
                    let into = Self::bucket(part.len(), last / 2);
                    part[into].extend(moved);
                    part
                },
            );
        }
    }

    /// What a walk sees that holds all parts.
    fn walk(&self) -> Vec<usize> {
        let parts: Vec<_> = self.parts.iter().map(|part| part.lock().expect("nobody panics")).collect();
        let buckets = self.balance.buckets();
        assert_eq!(buckets, parts[0].len() + parts[1].len(), "a walk knows all buckets");
        (0..buckets).flat_map(|bucket| parts[bucket % 2][bucket / 2].clone()).collect()
    }
}

/// Objects go into different parts of a table while it grows and shrinks and somebody walks over it: none is lost, and
/// each is where it is sought.
#[test]
fn a_table_of_parts_grows_and_shrinks_as_a_whole() {
    loom::model(|| {
        let table = Arc::new(Parted::new());
        table.change(0, true);
        table.change(1, true);
        let threads: Vec<_> = [(2, true), (1, false)]
            .into_iter()
            .map(|(number, put)| {
                let table = table.clone();
                thread::spawn(move || table.change(number, put))
            })
            .collect();
        assert!(table.walk().contains(&0));
        for thread in threads {
            thread.join().expect("a change ends");
        }
        let mut all = table.walk();
        all.sort_unstable();
        assert_eq!(all, [0, 2]);
        assert_eq!(table.balance.objects(), 2);
    });
}

/// The thread that turns the wheel of timers looks again in time for a timer that is started while it is about to sleep,
/// and is not woken for one that it comes to anyway.
#[test]
fn a_timer_wakes_the_thread_that_would_sleep_beyond_it() {
    loom::model(|| {
        let alarm = Arc::new(Alarm::new(Vec::new()));
        let starter = {
            let alarm = alarm.clone();
            thread::spawn(move || {
                for due in [20, 3] {
                    let mut timers = alarm.lock();
                    timers.push(due);
                    alarm.set(&mut timers, due);
                }
            })
        };
        // Here time does not pass: were the first due not seen, this would sleep for ever, which loom reports.
        loop {
            let timers = alarm.lock();
            let first = timers.iter().min().copied();
            if first == Some(3) {
                break;
            }
            alarm.wait(timers, first.unwrap_or(u64::MAX), std::time::Duration::MAX);
        }
        starter.join().expect("the starter ends");
    });
}

/// A place of a table, with those who use it.
struct Seat {
    number: AtomicU64,
    users: AtomicUsize,
    /// The number of the user as he wrote it before others could find him.
    written: AtomicU64,
}

impl Place for Seat {
    fn new() -> Self {
        Self { number: AtomicU64::new(NOBODY), users: AtomicUsize::new(0), written: AtomicU64::new(NOBODY) }
    }

    fn number(&self) -> &AtomicU64 {
        &self.number
    }
}

/// One place, which two want to use and which is sought meanwhile: each has it alone, a number leads to its user as long
/// as there is one, and is never that of another.
#[test]
fn a_place_has_one_user_and_a_number_names_him() {
    loom::model(|| {
        let places: Arc<Places<Seat, 1>> = Arc::new(Places::new(1));
        let users: Vec<_> = (0..2)
            .map(|_| {
                let places = places.clone();
                thread::spawn(move || {
                    let (number, seat) = places.take()?;
                    assert_eq!(seat.users.fetch_add(1, Ordering::SeqCst), 0, "two at one place");
                    seat.written.store(number, Ordering::Relaxed);
                    seat.number.store(number, Ordering::Release);
                    assert!(places.find(number).is_some(), "who is there is found");
                    places.retire(seat);
                    assert!(places.find(number).is_none(), "who has gone is not found");
                    seat.users.fetch_sub(1, Ordering::SeqCst);
                    places.release(number, seat);
                    Some(number)
                })
            })
            .collect();
        for number in 0..2 {
            if let Some(seat) = places.find(number) {
                let written = seat.written.load(Ordering::Relaxed);
                // The next user may have come since, never somebody before this one.
                assert!(written >= number && written != NOBODY, "{written} is not {number}");
            }
        }
        let mut numbers: Vec<u64> =
            users.into_iter().filter_map(|user| user.join().expect("a user ends")).collect();
        numbers.sort_unstable();
        assert!(numbers == [0] || numbers == [0, 1], "{numbers:?}");
        assert_eq!(places.count(), 0);
    });
}

/// The place of a user who has gone is taken at once by one with another number: who seeks either finds him or nobody.
#[test]
fn a_place_is_never_found_by_the_number_of_another_user() {
    loom::model(|| {
        let places: Arc<Places<Seat, 1>> = Arc::new(Places::new(2));
        let users = {
            let places = places.clone();
            thread::spawn(move || {
                for wanted in 0..2 {
                    let (number, seat) = places.take().expect("there is room");
                    assert_eq!(number, wanted);
                    seat.written.store(number, Ordering::Relaxed);
                    seat.number.store(number, Ordering::Release);
                    places.retire(seat);
                    places.release(number, seat);
                }
                assert_eq!(places.all().count(), 1, "the second took the place of the first");
            })
        };
        for number in [1, 0] {
            if let Some(seat) = places.find(number) {
                assert!(seat.written.load(Ordering::Relaxed) >= number, "a user before {number}");
            }
        }
        users.join().expect("the users end");
    });
}

/// Code is purged while a process calls into it turn after turn: its entry is closed first, then the process is looked at,
/// by the one who purges or at the end of its turn. What nobody was seen to use is freed, and nobody uses it then.
#[test]
fn nobody_runs_code_that_was_purged() {
    struct Machine {
        status: Status,
        inbox: Inbox<Letter>,
        queue: AtomicUsize,
        /// Whether the process has a return address in the code, and only its holder changes it.
        uses: AtomicBool,
        entry: AtomicBool,
        freed: AtomicBool,
        meeting: Meeting,
        in_use: AtomicBool,
    }
    impl Machine {
        fn look(&self) {
            if self.uses.load(Ordering::Relaxed) {
                self.in_use.store(true, Ordering::Relaxed);
            }
        }
        fn notify(&self) {
            if self.status.notify() {
                self.queue.fetch_add(1, Ordering::SeqCst);
            }
        }
        /// A turn: calls and perhaps stays in the code, then answers what it was asked.
        fn turn(&self, stays: bool) {
            if self.entry.load(Ordering::Acquire) {
                assert!(!self.freed.load(Ordering::Relaxed), "called what was freed");
                self.uses.store(stays, Ordering::Relaxed);
            }
            for _ in self.inbox.take() {
                self.look();
                if self.meeting.answer() {
                    self.end();
                }
            }
            if self.uses.load(Ordering::Relaxed) {
                assert!(!self.freed.load(Ordering::Relaxed), "stays in what was freed");
            }
        }
        fn turns(&self, stays: bool) {
            while self.queue.load(Ordering::SeqCst) > 0 {
                self.queue.fetch_sub(1, Ordering::SeqCst);
                while self.status.begin() {
                    self.turn(stays);
                    if !self.status.end_waiting() {
                        break;
                    }
                }
            }
        }
        /// All have been looked at.
        fn end(&self) {
            if !self.in_use.load(Ordering::Relaxed) {
                self.freed.store(true, Ordering::Relaxed);
            }
        }
        fn purge(&self) {
            self.entry.store(false, Ordering::Release);
            match self.status.hold() {
                Hold::Held => {
                    self.look();
                    if self.status.let_go(false) {
                        self.queue.fetch_add(1, Ordering::SeqCst);
                    }
                }
                Hold::Running => {
                    self.meeting.ask();
                    assert!(self.inbox.push(Letter::new(0, 0)).is_ok());
                    self.notify();
                }
                Hold::Free => unreachable!("there is a process"),
            }
            if self.meeting.answer() {
                self.end();
            }
        }
    }
    for stays in [false, true] {
        loom::model(move || {
            let machine = Arc::new(Machine {
                status: Status::new(),
                inbox: Inbox::new_closed(),
                queue: AtomicUsize::new(0),
                uses: AtomicBool::new(false),
                entry: AtomicBool::new(true),
                freed: AtomicBool::new(false),
                meeting: Meeting::new(false),
                in_use: AtomicBool::new(false),
            });
            machine.inbox.open();
            machine.status.occupy();
            machine.notify();
            let purger = {
                let machine = machine.clone();
                thread::spawn(move || machine.purge())
            };
            machine.turns(stays);
            purger.join().expect("the purge ends");
            machine.turns(stays);
            let (uses, freed) = (machine.uses.load(Ordering::Relaxed), machine.freed.load(Ordering::Relaxed));
            assert!(uses != freed, "it is freed if and only if nobody stays in it");
        });
    }
}
