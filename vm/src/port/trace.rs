//! Tracing of ports: what they are asked, what they send, that they open and close, who links to them.

use super::{Common, Port};
use crate::bif::argument::named;
use crate::heap::{Build, copy};
use crate::term::{Pid, Term};
use crate::trace::flags::Flags;
use crate::trace::{self, Tracing};
use crate::vm::Vm;

impl Common {
    /// Tells of an event, if events of its kind are traced. Whose tracer is gone is traced no more.
    pub(super) fn event(
        &self,
        vm: &Vm,
        wanted: Flags,
        kind: &'static str,
        parts: impl FnOnce(&mut dyn Build) -> Vec<Term>,
    ) {
        let Some(tracing) = self.tracing else { return };
        if tracing.flags.intersects(wanted) && vm.processes.find(tracing.tracer).is_some() {
            trace::tell(vm, self.identity(), tracing, kind, parts);
        }
    }

    /// A process or name has something to do with the port from now on, or no more.
    pub(crate) fn relation(&self, vm: &Vm, kind: &'static str, other: Term) {
        self.event(vm, Flags::PORTS, kind, |_| vec![other]);
    }

    /// Bytes come to be written.
    pub(crate) fn commanded(&self, vm: &Vm, from: Pid, bytes: &[u8]) {
        self.event(vm, Flags::RECEIVE, "receive", |memory| {
            let data = memory.binary(bytes);
            let command = memory.tuple(&[named("command"), data]);
            vec![memory.tuple(&[from.term(), command])]
        });
    }

    /// Something else is asked of the port.
    pub(crate) fn asked(&self, vm: &Vm, from: Pid, request: Term) {
        self.event(vm, Flags::RECEIVE, "receive", |memory| {
            let request = copy::copy(request, memory);
            vec![memory.tuple(&[from.term(), request])]
        });
    }

    /// A message goes to a process.
    pub(super) fn sends(&self, vm: &Vm, to: Pid, message: Term) {
        self.event(vm, Flags::SEND, "send", |memory| vec![copy::copy(message, memory), to.term()]);
    }

    /// A port has been made for `owner`; `driver` is its name.
    pub(crate) fn opened(&mut self, vm: &Vm, owner: Pid, driver: &[u8]) {
        self.tracing = vm.trace.of_new_port();
        if self.tracing.is_none() {
            return;
        }
        let text = String::from_utf8_lossy(driver).into_owned();
        // A name that is too long for an atom stays text.
        let name = crate::atom::Atom::new(&text).ok();
        self.event(vm, Flags::PORTS, "open", |memory| {
            vec![owner.term(), name.map_or_else(|| memory.string(&text), Term::atom)]
        });
        self.relation(vm, "getting_linked", owner.term());
    }
}

impl Port {
    /// Changes what is traced of the port; `false` if somebody else traces it, or it is closed.
    pub(crate) fn change_tracing(&self, on: bool, flags: Flags, tracer: Pid) -> bool {
        self.with(|state| {
            let former = state.common.tracing;
            if on && former.is_some_and(|tracing| tracing.tracer != tracer) {
                return false;
            }
            state.common.tracing = trace::changed(former, on, flags, tracer);
            true
        })
        .unwrap_or(false)
    }

    /// What is traced of it.
    pub(crate) fn tracing(&self) -> Option<Tracing> {
        self.with(|state| state.common.tracing).flatten()
    }
}
