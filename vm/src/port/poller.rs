//! The thread that waits for file descriptors of ports, with `mio`. Readiness is reported when it changes (edge
//! triggered), so a driver reads and writes until it would block.

use crate::vm::Vm;
use mio::unix::SourceFd;
use mio::{Events, Interest, Poll, Registry, Token};
use std::io;
use std::os::fd::RawFd;
use std::sync::Weak;
use std::time::Duration;

/// How often the thread looks whether the machine is gone.
const PATIENCE: Duration = Duration::from_secs(1);

/// Which of a port's descriptors is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// What the port reads from, or a socket.
    Input = 0,
    /// What it writes to.
    Output = 1,
}

/// What a descriptor is ready for. One with an error or without another side is ready for both.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ready {
    pub(crate) readable: bool,
    pub(crate) writable: bool,
}

/// The way to the thread.
#[derive(Debug)]
pub(crate) struct Poller {
    registry: Registry,
}

impl Poller {
    /// Starts the thread. It ends when the machine is gone.
    pub(crate) fn start(machine: Weak<Vm>) -> io::Result<Self> {
        let poll = Poll::new()?;
        let registry = poll.registry().try_clone()?;
        std::thread::Builder::new().name("poller".into()).spawn(move || run(poll, &machine))?;
        Ok(Self { registry })
    }

    fn token(port: u64, source: Source) -> Token {
        Token(usize::try_from(port * 2 + source as u64).expect("port numbers have 28 bits"))
    }

    /// From now on the port hears of this descriptor.
    pub(crate) fn add(&self, fd: RawFd, port: u64, source: Source, interest: Interest) -> io::Result<()> {
        self.registry.register(&mut SourceFd(&fd), Self::token(port, source), interest)
    }

    /// The descriptor is reported once more if it is ready.
    pub(crate) fn again(&self, fd: RawFd, port: u64, source: Source, interest: Interest) -> io::Result<()> {
        self.registry.reregister(&mut SourceFd(&fd), Self::token(port, source), interest)
    }

    /// The descriptor is about to be closed.
    pub(crate) fn remove(&self, fd: RawFd) {
        // One that was never added, or has gone by itself, is as well removed.
        let _ = self.registry.deregister(&mut SourceFd(&fd));
    }
}

fn run(mut poll: Poll, machine: &Weak<Vm>) {
    let mut events = Events::with_capacity(256);
    loop {
        let polled = poll.poll(&mut events, Some(PATIENCE));
        let Some(vm) = machine.upgrade() else { return };
        if vm.queues.stopping() {
            return;
        }
        if polled.is_err() {
            // Interrupted by a signal.
            continue;
        }
        for event in &events {
            let number = event.token().0 as u64 / 2;
            let source = if event.token().0 % 2 == 0 { Source::Input } else { Source::Output };
            let ready = Ready {
                readable: event.is_readable() || event.is_read_closed() || event.is_error(),
                writable: event.is_writable() || event.is_write_closed() || event.is_error(),
            };
            vm.ports.ready(&vm, number, source, ready);
        }
    }
}
