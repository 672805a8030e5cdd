//! Sending and receiving.

use super::call::{leave, save, steal_reductions};
use super::context::Outcome;
use super::exception::raise_exception;
use super::operand::Packed;
use super::{dispatch, handlers, resume, target};
use crate::atom;
use crate::proc::exception::Exception;
use crate::proc::handle;
use crate::proc::kept_calls::Kept;
use crate::proc::process::{ReceiveTimer, Waiting};
use crate::term::Term;

handlers! {
    /// `send`: X0 ! X1.
    fn send(ip, c, sp, hp, reds) {
        leave(c, sp, hp, reds);
        match crate::bif::erlang::message::send((*c).process(), (*c).vm(), (*c).x[0], (*c).x[1]) {
            Ok(cost) => {
                if let Some(kept) = (*c).process().kept_calls() {
                    kept.keep(Kept::Call(atom::ERLANG, atom::SEND, 2));
                    kept.keep(Kept::Send);
                }
                (*c).x[0] = (*c).x[1];
                resume!(ip.add(2), c, sp, hp, reds - cost)
            }
            Err(exception) => {
                use crate::heap::Build as _;
                let list = (*c).process().heap.list(&[(*c).x[0], (*c).x[1]]);
                (*c).culprit = super::context::Culprit { mfa: Some((atom::ERLANG, atom::SEND)), arguments: list };
                raise_exception(ip, c, sp, (*c).process().heap.top, reds, exception)
            }
        }
    }

    /// `loop_rec`: `[no message] [packed target]`.
    fn loop_rec(ip, c, sp, hp, reds) {
        let process = (*c).process();
        if process.mailbox.current().is_none() {
            // Nothing left to look at here: take in what has come, in order with the other signals.
            leave(c, sp, hp, reds);
            process.ip = ip;
            let vm = (*c).vm();
            let slot = vm.processes.find(process.pid).expect("a running process is in the table");
            handle::handle_all(vm, process, slot);
            if process.exiting.is_some() || process.suspend_count > 0 {
                // The exit takes place when the turn ends.
                save(c, ip, 0);
                (*c).outcome = Outcome::Yield;
                return;
            }
            // Once more from the start, now with what has come; nothing more comes in between.
            if process.mailbox.current().is_some() {
                resume!(ip, c, process.heap.stack, process.heap.top, reds)
            }
            resume!(target!(ip, 2), c, process.heap.stack, process.heap.top, reds)
        }
        match process.mailbox.current() {
            Some(message) if message.fragment.is_none() => {
                let term = message.term;
                process.inspecting = true;
                Packed(*ip.add(3)).set(c, sp, term);
                dispatch!(ip.add(4), c, sp, hp, reds, term)
            }
            Some(_) => {
                leave(c, sp, hp, reds);
                let heap = &mut process.heap;
                process.mailbox.absorb_current(|fragment, term| heap.absorb(fragment, term));
                process.inspecting = true;
                let term = process.mailbox.current().map_or(Term::NIL, |message| message.term);
                Packed(*ip.add(3)).set(c, sp, term);
                resume!(ip.add(4), c, sp, process.heap.top, reds, term)
            }
            None => dispatch!(target!(ip, 2), c, sp, hp, reds),
        }
    }

    /// `remove_message`: the message matched.
    fn remove_message(ip, c, sp, hp, reds) {
        let process = (*c).process();
        if let Some(kept) = process.kept_calls() {
            kept.keep(Kept::Receive);
        }
        if process.sequential.is_some() {
            crate::trace::sequential::received((*c).vm(), process);
        }
        if let Some(message) = process.mailbox.remove_current()
            && let Some(fragment) = message.fragment
        {
            process.heap.adopt(fragment);
            if process.heap.wants_collection() {
                reds = steal_reductions(&mut *c, reds);
            }
        }
        process.inspecting = false;
        if let Some(timer) = process.timer.running() {
            (*c).vm().timers.cancel(timer);
        }
        process.timer = ReceiveTimer::UNSET;
        resume!(ip.add(2), c, sp, hp, reds)
    }

    /// `loop_rec_end`: `[loop_rec]`. The message did not match.
    fn loop_rec_end(ip, c, sp, hp, reds) {
        let process = (*c).process();
        process.inspecting = false;
        process.mailbox.advance();
        reds -= 1;
        if reds <= 0 {
            leave(c, sp, hp, reds);
            reds = std::mem::replace(&mut (*c).stolen, 0);
            if reds <= 1 {
                save(c, target!(ip, 2), 0);
                (*c).outcome = Outcome::Yield;
                return;
            }
        }
        dispatch!(target!(ip, 2), c, sp, hp, reds)
    }

    /// `wait`: `[loop_rec]`.
    fn wait(ip, c, sp, hp, reds) {
        leave(c, sp, hp, reds);
        let process = (*c).process();
        process.waiting = Waiting::Message;
        save(c, target!(ip, 2), 0);
        (*c).outcome = Outcome::Wait;
    }

    /// `wait_timeout`: `[loop_rec] [packed milliseconds]`. Goes on behind it when the time is over.
    fn wait_timeout(ip, c, sp, hp, reds) {
        let process = (*c).process();
        match process.timer {
            timer if timer.has_fired() => resume!(ip.add(4), c, sp, hp, reds),
            timer if timer.running().is_some() => {}
            _ => {
                let timeout = Packed(*ip.add(3)).get(c, sp);
                if timeout == Term::small(0) {
                    resume!(ip.add(4), c, sp, hp, reds)
                }
                if timeout != Term::atom(atom::INFINITY) {
                    match timeout.as_small() {
                        Some(milliseconds @ 1..=0xffff_ffff) => {
                            let (timer, id) = (*c).vm().timers.start_receive(process.pid, milliseconds as u64);
                            process.timer = ReceiveTimer::set(timer, id);
                        }
                        _ => {
                            let reason = Term::atom(atom::TIMEOUT_VALUE);
                            return raise_exception(ip, c, sp, hp, reds, Exception::error(reason));
                        }
                    }
                }
            }
        }
        leave(c, sp, hp, reds);
        process.waiting = Waiting::Message;
        save(c, target!(ip, 2), 0);
        (*c).outcome = Outcome::Wait;
    }

    /// `timeout`: the time of the receive is over, or an exception has left it.
    fn timeout(ip, c, sp, hp, reds) {
        let process = (*c).process();
        process.inspecting = false;
        if let Some(kept) = process.kept_calls() {
            kept.keep(Kept::Timeout);
        }
        if let Some(timer) = process.timer.running() {
            (*c).vm().timers.cancel(timer);
        }
        process.timer = ReceiveTimer::UNSET;
        if process.tracing.is_some() {
            let reason = Term::atom(atom::TIMEOUT);
            crate::trace::process::received((*c).vm(), process, None, reason);
        }
        process.mailbox.restart();
        dispatch!(ip.add(2), c, sp, hp, reds)
    }

    /// `recv_marker_reserve`: `[packed target]`.
    fn recv_marker_reserve(ip, c, sp, hp, reds) {
        let process = (*c).process();
        // What is under way counts as received: it cannot carry a reference that is made later.
        leave(c, sp, hp, reds);
        process.ip = ip;
        let vm = (*c).vm();
        if let Some(slot) = vm.processes.find(process.pid) {
            handle::handle_all(vm, process, slot);
        }
        process.mailbox.reserve_marker();
        sp = process.heap.stack;
        hp = process.heap.top;
        Packed(*ip.add(2)).set(c, sp, Term::atom(atom::UNDEFINED));
        resume!(ip.add(3), c, sp, hp, reds)
    }

    /// `recv_marker_bind`: `[packed marker] [packed reference]`.
    fn recv_marker_bind(ip, c, sp, hp, reds) {
        if let Some(number) = Packed(*ip.add(3)).get(c, sp).as_ref_number() {
            (*c).process().mailbox.bind_marker(number);
        }
        resume!(ip.add(4), c, sp, hp, reds)
    }

    /// `recv_marker_clear`: `[packed reference]`.
    fn recv_marker_clear(ip, c, sp, hp, reds) {
        if let Some(number) = Packed(*ip.add(2)).get(c, sp).as_ref_number() {
            (*c).process().mailbox.clear_marker(number);
        }
        resume!(ip.add(3), c, sp, hp, reds)
    }

    /// `recv_marker_use`: `[packed reference]`.
    fn recv_marker_use(ip, c, sp, hp, reds) {
        if let Some(number) = Packed(*ip.add(2)).get(c, sp).as_ref_number() {
            (*c).process().mailbox.use_marker(number);
        }
        resume!(ip.add(3), c, sp, hp, reds)
    }
}
