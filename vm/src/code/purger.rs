//! Purging: from the wish to be rid of old code to the moment when nothing refers to it.
//!
//! Funs lead into old code too, held by processes or on their way in messages. So their entries are closed first: then
//! whoever has been looked at cannot get there any more. A soft purge looks a first time with the entries open, and
//! opens them again should the second round find a user.
//!
//! Processes that wait for a turn are looked at by the one who purges, those that have one look at themselves at its
//! end. For that the one who purges waits within its own turn, as it is short; only if somebody is in a native function
//! that takes long does it wait as for a message.

use super::instance::Instance;
use super::meeting::Meeting;
use super::purge;
use crate::atom;
use crate::heap::copy::OwnedTerm;
use crate::proc::signal::{NOBODY, Question};
use crate::proc::visit::{Visitor, visit_all};
use crate::proc::{Process, Signal, SignalBody};
use crate::sched::dirty::Standing;
use crate::term::{Pid, Term};
use crate::vm::Vm;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// How long a turn is prolonged to wait for the ends of others.
const PATIENCE: Duration = Duration::from_millis(1);
/// How often somebody who waits looks before it lets other threads run.
const LOOKS: u32 = 200;

/// What happens to processes that use the old code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Manner {
    /// They are left alone, and the code stays.
    Soft,
    /// They are killed.
    Kill,
}

/// What became of a purge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The code stays, as it is in use.
    InUse,
    /// It is gone; were processes killed for that?
    Gone { killed: bool },
}

/// What the processes are looked at for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Round {
    /// Whether they use the old code.
    Look,
    /// The same, and to take its literals to their own memory if they do not.
    Rescue,
    /// To end if they use it, and else to take its literals.
    Kill,
}

/// One round of a purge.
struct Purge {
    wish: Wish,
    round: Round,
    /// Of those that are asked; the caller looks on as long as that lies within its turn.
    meeting: Meeting,
    in_use: AtomicBool,
}

/// A wish to be rid of old code.
#[derive(Clone)]
pub(crate) struct Wish {
    pub(crate) old: Arc<Instance>,
    pub(crate) manner: Manner,
    pub(crate) caller: Pid,
    /// The number of the reply, should the caller have to wait.
    pub(crate) request: u64,
    /// The outcome as the caller gets it.
    pub(crate) to_value: fn(Outcome) -> OwnedTerm,
}

/// Purges old code on behalf of the process whose turn it is. `None`: the outcome comes as a reply.
pub(crate) fn purge(vm: &Arc<Vm>, process: &mut Process, wish: &Wish) -> Option<Outcome> {
    if !wish.take_right() {
        wish.clone().try_later(vm);
        return None;
    }
    let mut round = wish.first_round();
    loop {
        let purge = Purge::new(wish.clone(), round, true);
        let itself = purge.see_caller(vm, process);
        purge.clone().start(vm, Some(process.pid));
        if (itself.is_break() || !purge.wait()) && purge.meeting.leave() {
            return None;
        }
        match purge.next(vm) {
            Ok(outcome) => return Some(outcome),
            Err(next) => round = next,
        }
    }
}

impl Wish {
    /// The right to purge this code: one may at a time.
    fn take_right(&self) -> bool {
        !self.old.purging.swap(true, Ordering::Acquire)
    }

    /// Tries again after the caller's turn, while another purges the same code.
    fn try_later(self, vm: &Arc<Vm>) {
        let (caller, vm_then) = (self.caller, vm.clone());
        let question = move |process: Option<&mut Process>| {
            if process.is_none() {
                return;
            }
            if self.take_right() {
                Purge::new(self.clone(), self.first_round(), false).start(&vm_then, None);
            } else {
                self.try_later(&vm_then);
            }
        };
        vm.send(Signal::new(NOBODY, caller, SignalBody::Ask(Box::new(question))));
    }

    fn first_round(&self) -> Round {
        if self.manner == Manner::Soft { Round::Look } else { Round::Kill }
    }
}

impl Purge {
    fn new(wish: Wish, round: Round, looks_on: bool) -> Arc<Self> {
        if round != Round::Look {
            wish.old.close_funs();
        }
        Arc::new(Self { wish, round, meeting: Meeting::new(looks_on), in_use: AtomicBool::new(false) })
    }

    /// Looks at the caller, which is in its turn: its return addresses tell where it is. Break: its turn has to end.
    fn see_caller(self: &Arc<Self>, vm: &Arc<Vm>, process: &mut Process) -> ControlFlow<()> {
        let old = &self.wish.old;
        let uses = purge::uses_on_stack(process, old);
        if uses && self.round != Round::Kill {
            self.in_use.store(true, Ordering::Relaxed);
        } else if uses {
            let (purge, vm_then) = (self.clone(), vm.clone());
            self.asks();
            let question = move |process: Option<&mut Process>| {
                if let Some(process) = process {
                    let _ = purge.visit(process);
                }
                purge.answered(&vm_then);
            };
            vm.send(Signal::new(NOBODY, process.pid, SignalBody::Ask(Box::new(question))));
            return ControlFlow::Break(());
        } else if self.round != Round::Look && old.has_literals() {
            // Its registers are not to be seen from here.
            vm.send(Signal::new(NOBODY, process.pid, SignalBody::Ask(self.rescue())));
        }
        ControlFlow::Continue(())
    }

    /// Lets a process rescue the literals when it comes to that. They last until it has.
    fn rescue(&self) -> Question {
        let old = self.wish.old.clone();
        Box::new(move |process| {
            if let Some(process) = process {
                purge::rescue_literals(process, &old);
            }
        })
    }

    /// Begins the round. `own` has been looked at.
    fn start(self: Arc<Self>, vm: &Arc<Vm>, own: Option<Pid>) {
        if !self.has_lost() {
            visit_all(vm, &self, own);
        }
        self.answered(vm);
    }

    /// Is it known that the code stays?
    fn has_lost(&self) -> bool {
        self.round != Round::Kill && self.in_use.load(Ordering::Relaxed)
    }

    /// Waits for the end of the round. False: that takes long.
    fn wait(&self) -> bool {
        let begin = Instant::now();
        let mut looks = 0_u32;
        while !self.meeting.has_ended() {
            looks += 1;
            if !looks.is_multiple_of(LOOKS) {
                std::hint::spin_loop();
                continue;
            }
            if begin.elapsed() > PATIENCE {
                return false;
            }
            std::thread::yield_now();
        }
        true
    }

    /// What follows when all have answered: the outcome or another round.
    fn next(&self, vm: &Vm) -> Result<Outcome, Round> {
        let in_use = self.in_use.load(Ordering::Relaxed);
        let old = &self.wish.old;
        match self.round {
            Round::Look | Round::Rescue if in_use => {
                if self.round == Round::Rescue {
                    old.open_funs();
                }
                old.purging.store(false, Ordering::Release);
                Ok(Outcome::InUse)
            }
            Round::Look => Err(Round::Rescue),
            Round::Rescue | Round::Kill => {
                vm.code.forget_old(old);
                old.purging.store(false, Ordering::Release);
                Ok(Outcome::Gone { killed: in_use })
            }
        }
    }
}

impl Visitor for Purge {
    fn visit(&self, process: &mut Process) -> ControlFlow<()> {
        if purge::uses(process, &self.wish.old) {
            self.in_use.store(true, Ordering::Relaxed);
            if self.round == Round::Kill {
                process.exiting = Some(Box::new(OwnedTerm::new(Term::atom(atom::KILLED))));
            }
        } else if self.round != Round::Look {
            purge::rescue_literals(process, &self.wish.old);
        }
        if self.has_lost() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    fn visit_standing(&self, standing: &Standing) -> bool {
        let uses = purge::uses_standing(standing, &self.wish.old);
        if uses && self.round != Round::Kill {
            self.in_use.store(true, Ordering::Relaxed);
        }
        // One that is to be killed is waited for.
        !uses || self.round != Round::Kill
    }

    fn later(&self) -> Option<Question> {
        (self.round != Round::Look && self.wish.old.has_literals()).then(|| self.rescue())
    }

    fn asks(&self) {
        self.meeting.ask();
    }

    /// One answer more. The last ends the round; if the caller waits for the reply, this thread goes on in its place.
    fn answered(self: Arc<Self>, vm: &Arc<Vm>) {
        if !self.meeting.answer() {
            return;
        }
        match self.next(vm) {
            Ok(outcome) => {
                let Wish { caller, request: id, to_value, .. } = self.wish;
                vm.send(Signal::new(caller, caller, SignalBody::Reply { id, value: to_value(outcome) }));
            }
            Err(round) => Self::new(self.wish.clone(), round, false).start(vm, None),
        }
    }
}
