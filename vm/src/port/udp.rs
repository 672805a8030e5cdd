//! Datagram sockets.

use super::address;
use super::poller::{Ready, Source};
use super::socket::{Active, Modes, Waiter, named, notice, reason, would_block};
use super::tcp::{Counts, Now};
use super::{After, Common};
use crate::atom::{self, Atom};
use crate::heap::Build;
use crate::term::Term;
use crate::vm::Vm;
use mio::Interest;
use socket2::{Domain, SockAddr, Socket};
use std::collections::VecDeque;
use std::io;
use std::os::fd::AsRawFd as _;

/// The longest datagram there is.
const LONGEST: usize = 65536;

/// A datagram and its sender.
pub(crate) type Datagram = (SockAddr, Vec<u8>);

/// A datagram socket.
#[derive(Debug)]
pub(crate) struct Udp {
    pub(crate) socket: Socket,
    pub(crate) domain: Domain,
    pub(crate) modes: Modes,
    readers: VecDeque<Waiter>,
    pub(crate) counts: Counts,
}

impl Udp {
    pub(crate) fn new(vm: &Vm, number: u64, socket: Socket, domain: Domain) -> io::Result<Self> {
        vm.ports.poller()?.add(socket.as_raw_fd(), number, Source::Input, Interest::READABLE)?;
        let modes = Modes { buffer: 9216, ..Modes::default() };
        Ok(Self { socket, domain, modes, readers: VecDeque::new(), counts: Counts::default() })
    }

    pub(crate) fn ready(&mut self, vm: &Vm, common: &mut Common, ready: Ready) -> After {
        if ready.readable {
            self.pump(vm, common);
        }
        After::Open
    }

    fn read(&mut self, vm: &Vm, common: &mut Common) -> io::Result<Datagram> {
        let (bytes, from) = crate::sys::socket::receive_from(&self.socket, LONGEST)?;
        let count = bytes.len();
        common.count_input(vm, count);
        self.counts.received(count);
        Ok((from, bytes))
    }

    /// Gives out what has come: to the owner, or to those who wait.
    pub(crate) fn pump(&mut self, vm: &Vm, common: &mut Common) {
        loop {
            let is_active = self.modes.active != Active::No;
            if !is_active && self.readers.is_empty() {
                return;
            }
            match self.read(vm, common) {
                Ok(datagram) if is_active => self.tell_owner(vm, common, &datagram),
                Ok(datagram) => {
                    if let Some(waiter) = self.readers.pop_front() {
                        waiter.answer(vm, common, |memory| {
                            let content = self.content(common, &datagram, memory);
                            memory.tuple(&[Term::atom(atom::OK), content])
                        });
                    }
                }
                Err(error) if would_block(&error) => return,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if is_active => {
                    // That an earlier datagram did not arrive concerns only those who ask for it.
                    if error.raw_os_error() != Some(libc::ECONNREFUSED) {
                        common.tell(vm, common.connected, |memory, own| {
                            memory.tuple(&[named("udp_error"), own, Term::atom(reason(&error))])
                        });
                        return;
                    }
                }
                Err(error) => {
                    if let Some(waiter) = self.readers.pop_front() {
                        waiter.fail(vm, common, reason(&error));
                    }
                }
            }
        }
    }

    /// `{Address, Port, Data}`.
    pub(crate) fn content<B: Build + ?Sized>(
        &self,
        common: &Common,
        (from, bytes): &Datagram,
        memory: &mut B,
    ) -> Term {
        let (ip, port) = address::parts(from, memory);
        let data = self.modes.data(common, memory, bytes);
        memory.tuple(&[ip, port, data])
    }

    fn tell_owner(&mut self, vm: &Vm, common: &Common, (from, bytes): &Datagram) {
        common.tell(vm, common.connected, |memory, own| {
            let (ip, port) = address::parts(from, memory);
            let data = self.modes.data(common, memory, bytes);
            memory.tuple(&[named("udp"), own, ip, port, data])
        });
        if self.modes.count_message() {
            notice(vm, common, "udp_passive");
        }
    }

    pub(crate) fn receive(&mut self, vm: &Vm, common: &mut Common, waiter: Waiter) -> Now<Datagram> {
        if self.modes.active != Active::No {
            return Now::Failed(atom::EINVAL);
        }
        if self.readers.is_empty() {
            loop {
                match self.read(vm, common) {
                    Ok(datagram) => return Now::Done(datagram),
                    Err(error) if would_block(&error) => break,
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                    Err(error) => return Now::Failed(reason(&error)),
                }
            }
        }
        self.readers.push_back(waiter);
        Now::Later
    }

    /// Sends a datagram, to the other side of a connected socket if no address is given.
    pub(crate) fn send(
        &mut self,
        vm: &Vm,
        common: &mut Common,
        to: Option<&SockAddr>,
        bytes: &[u8],
    ) -> Result<(), Atom> {
        let sent = match to {
            Some(to) => self.socket.send_to(bytes, to),
            None => self.socket.send(bytes),
        };
        match sent {
            Ok(count) => {
                common.count_output(vm, count);
                self.counts.sent(count);
                Ok(())
            }
            Err(error) if error.raw_os_error() == Some(libc::EDESTADDRREQ) => Err(atom::EINVAL),
            // A full buffer: datagrams may be lost anywhere.
            Err(error) if would_block(&error) => Ok(()),
            Err(error) => Err(reason(&error)),
        }
    }

    pub(crate) fn cancel(&mut self, reference: u64) -> bool {
        let before = self.readers.len();
        self.readers.retain(|waiter| waiter.reference != reference);
        before > self.readers.len()
    }

    pub(crate) fn stop(self, vm: &Vm, common: &Common) {
        if let Ok(poller) = vm.ports.poller() {
            poller.remove(self.socket.as_raw_fd());
        }
        for waiter in self.readers {
            waiter.fail(vm, common, atom::CLOSED);
        }
    }
}
