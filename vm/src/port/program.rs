//! A port to a program: pipes to its standard input and output, and its exit status.

use super::framing::Cutter;
use super::poller::{Ready, Source};
use super::{After, Common};
use crate::atom;
use crate::sys::spawn::{Pipes, Spawned};
use crate::term::{Pid, Term};
use crate::vm::Vm;
use mio::Interest;
use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::os::fd::AsRawFd as _;
use std::process::Child;

/// Bytes read at once.
const CHUNK: usize = 65536;

/// Chunks read before others get their turn.
const CHUNKS_A_TURN: usize = 8;

/// Output that may wait before writers are suspended.
pub(crate) const BUSY_LIMIT: usize = 8192;

/// What `open_port/2` asks for beyond the program itself.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Wishes {
    /// `{Port, eof}` when the program closes its output; the port stays open.
    pub(crate) eof: bool,
    /// `{Port, {exit_status, Status}}` when it ends.
    pub(crate) exit_status: bool,
}

/// A running program.
#[derive(Debug)]
pub(crate) struct Program {
    number: u64,
    from: Option<File>,
    to: Option<File>,
    cutter: Cutter,
    wishes: Wishes,
    queue: VecDeque<u8>,
    os_pid: u32,
    /// The status it ended with, and whether its output has ended.
    status: Option<i32>,
    at_eof: bool,
}

impl Program {
    /// Takes over a program that was started for port `number`.
    pub(crate) fn new(
        vm: &Vm,
        number: u64,
        spawned: Spawned,
        cutter: Cutter,
        wishes: Wishes,
    ) -> io::Result<Self> {
        let Spawned { child, pipes: Pipes { from, to } } = spawned;
        let poller = vm.ports.poller()?;
        if let Some(from) = &from {
            poller.add(from.as_raw_fd(), number, Source::Input, Interest::READABLE)?;
        }
        if let Some(to) = &to {
            poller.add(to.as_raw_fd(), number, Source::Output, Interest::WRITABLE)?;
        }
        let os_pid = child.id();
        wait_for(vm, number, child)?;
        let at_eof = from.is_none();
        let queue = VecDeque::new();
        Ok(Self { number, from, to, cutter, wishes, queue, os_pid, status: None, at_eof })
    }

    pub(crate) fn os_pid(&self) -> u32 {
        self.os_pid
    }

    pub(crate) fn queued(&self) -> usize {
        self.queue.len()
    }

    pub(crate) fn ready(&mut self, vm: &Vm, common: &mut Common, source: Source, ready: Ready) -> After {
        match source {
            Source::Input if ready.readable => self.read(vm, common),
            Source::Output if ready.writable => self.write(vm, common),
            Source::Input | Source::Output => After::Open,
        }
    }

    fn read(&mut self, vm: &Vm, common: &mut Common) -> After {
        let mut chunk = vec![0; CHUNK];
        for _ in 0..CHUNKS_A_TURN {
            let Some(from) = &mut self.from else { return After::Open };
            match from.read(&mut chunk) {
                Ok(0) => return self.end_of_output(vm, common),
                Ok(count) => self.cutter.take(vm, common, &chunk[..count]),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return After::Open,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(_) => return self.end_of_output(vm, common),
            }
        }
        if let (Some(from), Ok(poller)) = (&self.from, vm.ports.poller()) {
            let _ = poller.again(from.as_raw_fd(), self.number, Source::Input, Interest::READABLE);
        }
        After::Open
    }

    fn end_of_output(&mut self, vm: &Vm, common: &mut Common) -> After {
        if let (Some(from), Ok(poller)) = (self.from.take(), vm.ports.poller()) {
            poller.remove(from.as_raw_fd());
        }
        self.at_eof = true;
        if self.wishes.exit_status && self.status.is_none() {
            return After::Open;
        }
        self.end(vm, common)
    }

    /// The program has ended with this status.
    pub(crate) fn ended(&mut self, vm: &Vm, common: &mut Common, status: i32) -> After {
        self.status = Some(status);
        if self.at_eof && self.wishes.exit_status { self.end(vm, common) } else { After::Open }
    }

    /// Output has ended, and the program too if its status is wanted.
    fn end(&mut self, vm: &Vm, common: &mut Common) -> After {
        if let (true, Some(status)) = (self.wishes.exit_status, self.status) {
            common.report(vm, |memory| {
                memory.tuple(&[Term::atom(atom::EXIT_STATUS), Term::small(i64::from(status))])
            });
        }
        // A line without an end comes last, as in OTP.
        self.cutter.finish(vm, common);
        if self.wishes.eof {
            common.report(vm, |_| Term::atom(atom::EOF));
            return After::Open;
        }
        After::Close(atom::NORMAL)
    }

    /// Writes to the program's input, or lets the bytes wait.
    pub(crate) fn command(&mut self, vm: &Vm, common: &mut Common, bytes: Vec<u8>) -> After {
        common.count_output(vm, bytes.len());
        if self.to.is_none() {
            // Nobody reads: an error of the program that writes.
            return After::Close(atom::EBADF);
        }
        let Some(bytes) = self.cutter.mark(bytes) else { return After::Close(atom::EINVAL) };
        self.queue.extend(bytes);
        self.write(vm, common)
    }

    fn write(&mut self, vm: &Vm, common: &mut Common) -> After {
        while !self.queue.is_empty() {
            let Some(to) = &mut self.to else { return After::Open };
            match to.write(self.queue.as_slices().0) {
                Ok(count) => drop(self.queue.drain(..count)),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    let name = crate::sys::posix::error_name(&error);
                    return After::Close(atom::Atom::new(name).unwrap_or(atom::EINVAL));
                }
            }
        }
        if self.queue.len() < BUSY_LIMIT / 2 {
            common.resume_suspended(vm);
        }
        After::Open
    }

    /// The port is closed: the program sees the end of its input once it has read what still waits.
    pub(crate) fn stop(mut self, vm: &Vm) {
        if let Ok(poller) = vm.ports.poller() {
            for file in self.from.iter().chain(&self.to) {
                poller.remove(file.as_raw_fd());
            }
        }
        let Some(mut to) = self.to.take() else { return };
        if self.queue.is_empty() || crate::sys::spawn::set_blocking(&to).is_err() {
            return;
        }
        let rest: Vec<u8> = self.queue.into();
        // It may take as long as the program takes to read.
        let _ = std::thread::Builder::new().name("port flush".into()).spawn(move || to.write_all(&rest));
    }
}

/// Waits for the end of a program, in a thread of its own, and tells the port.
fn wait_for(vm: &Vm, number: u64, mut child: Child) -> io::Result<()> {
    use std::os::unix::process::ExitStatusExt as _;
    let machine = vm.ports.machine();
    let thread = std::thread::Builder::new().name("program".into()).stack_size(64 * 1024);
    thread.spawn(move || {
        let status = child
            .wait()
            .map_or(255, |status| status.code().unwrap_or_else(|| 128 + status.signal().unwrap_or(0)));
        let Some(vm) = machine.upgrade() else { return };
        let Some(port) = vm.ports.find(number) else { return };
        port.work(&vm, |state| match &mut state.driver {
            super::Driver::Program(program) => program.ended(&vm, &mut state.common, status),
            super::Driver::Descriptor(_)
            | super::Driver::Tcp(_)
            | super::Driver::Udp(_)
            | super::Driver::Closed => After::Open,
        });
    })?;
    Ok(())
}

/// Suspends `pid` until output has room, if too much waits. Answers whether it is suspended.
pub(crate) fn suspend_if_busy(state: &mut super::State, pid: Pid, id: u64) -> bool {
    let busy = state.queued() > BUSY_LIMIT;
    if busy {
        state.common.suspended.push((pid, id));
    }
    busy
}
