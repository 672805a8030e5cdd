//! Stream sockets, over TCP and of the local family.

use super::packet::{self, Found, Kind};
use super::poller::{Ready, Source};
use super::socket::{Active, Modes, Waiter, named, notice, reason, would_block};
use super::{After, Common, Driver};
use crate::atom::{self, Atom};
use crate::heap::Build;
use crate::heap::copy::OwnedTerm;
use crate::proc::{Signal, SignalBody};
use crate::term::{Pid, Term};
use crate::vm::Vm;
use mio::Interest;
use socket2::{Domain, SockAddr, Socket};
use std::collections::VecDeque;
use std::io::{self, Read as _};
use std::net::Shutdown;
use std::os::fd::AsRawFd as _;

/// Bytes read at once.
const CHUNK: usize = 65536;

/// Messages sent to an owner before others get their turn.
const MESSAGES_A_TURN: usize = 64;

/// Where a socket is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    Fresh,
    Connecting,
    Connected,
    Listening,
    /// The other side has closed, and with it this one.
    Over,
}

/// A stream socket.
#[derive(Debug)]
pub(crate) struct Tcp {
    number: u64,
    pub(crate) socket: Option<Socket>,
    pub(crate) domain: Domain,
    pub(crate) stage: Stage,
    pub(crate) modes: Modes,
    /// The next lines are headers.
    in_headers: bool,
    is_polled: bool,
    input: Vec<u8>,
    /// Nothing more comes.
    at_eof: bool,
    readers: VecDeque<(Waiter, usize)>,
    acceptors: VecDeque<Waiter>,
    connecting: Option<Waiter>,
    output: VecDeque<u8>,
    writers: Vec<Waiter>,
    /// Told by a write; the next one says so.
    failure: Option<Atom>,
    /// The writing half ends when everything is written.
    shut_when_written: bool,
    pub(crate) counts: Counts,
}

/// `inet:getstat/1`.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Counts {
    pub(crate) received: u64,
    pub(crate) receives: u64,
    pub(crate) most_received: u64,
    pub(crate) sent: u64,
    pub(crate) sends: u64,
    pub(crate) most_sent: u64,
}

impl Counts {
    pub(crate) fn received(&mut self, bytes: usize) {
        self.received += bytes as u64;
        self.receives += 1;
        self.most_received = self.most_received.max(bytes as u64);
    }

    pub(crate) fn sent(&mut self, bytes: usize) {
        self.sent += bytes as u64;
        self.sends += 1;
        self.most_sent = self.most_sent.max(bytes as u64);
    }
}

/// What a request gives at once.
#[derive(Debug)]
pub(crate) enum Now<T> {
    Done(T),
    /// The answer comes as a message.
    Later,
    Failed(Atom),
}

impl Tcp {
    pub(crate) fn new(number: u64, socket: Socket, domain: Domain) -> Self {
        Self {
            number,
            socket: Some(socket),
            domain,
            stage: Stage::Fresh,
            modes: Modes::default(),
            in_headers: false,
            is_polled: false,
            input: Vec::new(),
            at_eof: false,
            readers: VecDeque::new(),
            acceptors: VecDeque::new(),
            connecting: None,
            output: VecDeque::new(),
            writers: Vec::new(),
            failure: None,
            shut_when_written: false,
            counts: Counts::default(),
        }
    }

    /// What the socket is ready for, in the words of `inet:info/1`.
    pub(crate) fn states(&self) -> &'static [&'static str] {
        match self.stage {
            Stage::Listening if self.acceptors.is_empty() => &["listen", "open"],
            Stage::Listening => &["accepting", "listen", "open"],
            Stage::Connecting => &["connecting", "open"],
            Stage::Connected => &["connected", "open"],
            Stage::Fresh | Stage::Over => &["open"],
        }
    }

    /// From now on the poller reports readiness.
    fn poll(&mut self, vm: &Vm) -> io::Result<()> {
        if let (false, Some(socket)) = (self.is_polled, &self.socket) {
            let interest = Interest::READABLE | Interest::WRITABLE;
            vm.ports.poller()?.add(socket.as_raw_fd(), self.number, Source::Input, interest)?;
            self.is_polled = true;
        }
        Ok(())
    }

    /// The system's socket goes.
    fn close_socket(&mut self, vm: &Vm) {
        if let Some(socket) = self.socket.take()
            && self.is_polled
            && let Ok(poller) = vm.ports.poller()
        {
            poller.remove(socket.as_raw_fd());
        }
    }

    pub(crate) fn queued(&self) -> usize {
        self.output.len()
    }

    pub(crate) fn ready(&mut self, vm: &Vm, common: &mut Common, ready: Ready) -> After {
        match self.stage {
            Stage::Connecting if ready.writable => self.finish_connect(vm, common),
            Stage::Listening if ready.readable => {
                self.accept_waiting(vm, common);
                After::Open
            }
            Stage::Connected => {
                if ready.writable {
                    self.write(vm, common);
                }
                if ready.readable || self.failure.is_some() { self.pump(vm, common) } else { After::Open }
            }
            Stage::Fresh | Stage::Connecting | Stage::Listening | Stage::Over => After::Open,
        }
    }

    // Connecting and accepting.

    pub(crate) fn listen(&mut self, vm: &Vm, backlog: i32) -> io::Result<()> {
        self.open_socket()?.listen(backlog)?;
        self.stage = Stage::Listening;
        self.poll(vm)
    }

    fn open_socket(&self) -> io::Result<&Socket> {
        self.socket.as_ref().ok_or_else(|| io::Error::from_raw_os_error(libc::EINVAL))
    }

    pub(crate) fn connect(&mut self, vm: &Vm, common: &mut Common, to: &SockAddr, waiter: Waiter) -> Now<()> {
        if self.stage != Stage::Fresh {
            let name = if self.stage == Stage::Connected { "eisconn" } else { "einval" };
            return Now::Failed(Atom::new(name).unwrap_or(atom::EINVAL));
        }
        let Some(socket) = &self.socket else { return Now::Failed(atom::EINVAL) };
        match socket.connect(to) {
            Ok(()) => {
                self.stage = Stage::Connected;
                if let Err(error) = self.poll(vm) {
                    return Now::Failed(reason(&error));
                }
                self.pump(vm, common);
                Now::Done(())
            }
            Err(error) if error.raw_os_error() == Some(libc::EINPROGRESS) => {
                self.stage = Stage::Connecting;
                self.connecting = Some(waiter);
                match self.poll(vm) {
                    Ok(()) => Now::Later,
                    Err(error) => Now::Failed(reason(&error)),
                }
            }
            Err(error) => Now::Failed(reason(&error)),
        }
    }

    fn finish_connect(&mut self, vm: &Vm, common: &mut Common) -> After {
        let Some(socket) = &self.socket else { return After::Open };
        let outcome = match socket.take_error() {
            Ok(None) => match socket.peer_addr() {
                Ok(_) => Ok(()),
                // Not yet.
                Err(error) if error.raw_os_error() == Some(libc::ENOTCONN) => return After::Open,
                Err(error) => Err(error),
            },
            Ok(Some(error)) | Err(error) => Err(error),
        };
        let waiter = self.connecting.take();
        match outcome {
            Ok(()) => {
                self.stage = Stage::Connected;
                if let Some(waiter) = waiter {
                    waiter.answer(vm, common, |_| Term::atom(atom::OK));
                }
                self.pump(vm, common)
            }
            Err(error) => {
                self.stage = Stage::Fresh;
                if let Some(waiter) = waiter {
                    waiter.fail(vm, common, reason(&error));
                }
                After::Open
            }
        }
    }

    /// A connection for `waiter`, who becomes its owner.
    pub(crate) fn accept(&mut self, vm: &Vm, waiter: Waiter) -> Now<Socket> {
        if self.stage != Stage::Listening {
            return Now::Failed(atom::EINVAL);
        }
        let Some(socket) = &self.socket else { return Now::Failed(atom::EINVAL) };
        if self.acceptors.is_empty() {
            match socket.accept() {
                Ok((socket, _)) => return Now::Done(socket),
                Err(error) if would_block(&error) => {}
                Err(error) => return Now::Failed(reason(&error)),
            }
        }
        let _ = vm;
        self.acceptors.push_back(waiter);
        Now::Later
    }

    fn accept_waiting(&mut self, vm: &Vm, common: &Common) {
        while let (Some(&waiter), Some(socket)) = (self.acceptors.front(), &self.socket) {
            let accepted = match socket.accept() {
                Ok((socket, _)) => self.take_over(vm, common, socket, waiter.pid),
                Err(error) if would_block(&error) => return,
                Err(error) => Err(error),
            };
            self.acceptors.pop_front();
            match accepted {
                Ok(number) => {
                    let port = Pid::of_port(number);
                    vm.send(Signal::new(port, waiter.pid, SignalBody::Link));
                    waiter.answer(vm, common, |memory| {
                        memory.tuple(&[Term::atom(atom::OK), Term::port(number)])
                    });
                }
                Err(error) => waiter.fail(vm, common, reason(&error)),
            }
        }
    }

    /// Makes a port of an accepted connection, with the modes of this socket.
    pub(crate) fn take_over(&self, vm: &Vm, common: &Common, socket: Socket, owner: Pid) -> io::Result<u64> {
        socket.set_nonblocking(true)?;
        let (modes, domain) = (self.modes.clone(), self.domain);
        let port = vm.ports.insert(owner, common.is_binary, b"tcp_inet".to_vec(), |number| {
            let mut tcp = Self::new(number, socket, domain);
            tcp.stage = Stage::Connected;
            tcp.modes = modes;
            tcp.poll(vm)?;
            Ok(Driver::Tcp(Box::new(tcp)))
        })?;
        let port = port.ok_or_else(|| io::Error::from_raw_os_error(libc::EMFILE))?;
        Ok(port.number)
    }

    // Input.

    /// Data for `waiter`: `length` bytes, or a packet.
    pub(crate) fn receive(
        &mut self,
        vm: &Vm,
        common: &mut Common,
        length: usize,
        waiter: Waiter,
    ) -> Now<Vec<u8>> {
        if self.modes.active != Active::No {
            return Now::Failed(atom::EINVAL);
        }
        match self.stage {
            Stage::Connected => {}
            Stage::Over => return Now::Failed(atom::CLOSED),
            Stage::Fresh | Stage::Connecting | Stage::Listening => {
                return Now::Failed(Atom::new("enotconn").unwrap_or(atom::EINVAL));
            }
        }
        if !self.readers.is_empty() {
            self.readers.push_back((waiter, length));
            return Now::Later;
        }
        match self.obtain(vm, common, length) {
            Obtained::Packet(packet) => Now::Done(packet),
            Obtained::Nothing => {
                self.readers.push_back((waiter, length));
                Now::Later
            }
            Obtained::End(reason) => {
                self.end_passive(vm, common, reason);
                Now::Failed(reason)
            }
        }
    }

    /// The kind of the next packet: lines of HTTP come in two.
    pub(crate) fn next_kind(&self) -> Kind {
        match self.modes.packet {
            Kind::Http { binary } if self.in_headers => Kind::HttpHeader { binary },
            kind => kind,
        }
    }

    /// A packet was given out: the state of the protocol follows.
    fn note_packet(&mut self, kind: Kind, packet: &[u8]) {
        match kind {
            Kind::Http { .. } => self.in_headers = !is_http_error(kind, packet),
            Kind::HttpHeader { .. } if matches!(packet, b"\n" | b"\r\n") => self.in_headers = false,
            _ => {}
        }
    }

    /// The next `length` bytes or packet, from what is here or can be read now.
    fn obtain(&mut self, vm: &Vm, common: &mut Common, length: usize) -> Obtained {
        loop {
            let kind = self.next_kind();
            let found = match (kind, length) {
                (Kind::Raw, 1..) if self.input.len() >= length => {
                    Found::Packet { skip: 0, end: length, length }
                }
                (Kind::Raw, 1..) => Found::More(Some(length)),
                _ => packet::find(kind, &self.input, self.modes.limits),
            };
            match found {
                Found::Packet { skip, end, length } => {
                    let rest = self.input.split_off(length);
                    let mut packet = std::mem::replace(&mut self.input, rest);
                    packet.truncate(end);
                    packet.drain(..skip);
                    return Obtained::Packet(packet);
                }
                Found::Invalid => return Obtained::End(Atom::new("emsgsize").unwrap_or(atom::EINVAL)),
                Found::More(wanted) => {
                    if self.at_eof {
                        return Obtained::End(atom::CLOSED);
                    }
                    let room = wanted.map_or(CHUNK, |wanted| (wanted - self.input.len()).max(CHUNK));
                    match self.read(vm, common, room) {
                        Ok(0) => self.at_eof = true,
                        Ok(_) => {}
                        Err(error) if would_block(&error) => return Obtained::Nothing,
                        Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                        Err(error) => {
                            self.at_eof = true;
                            return Obtained::End(self.closed_or(&error));
                        }
                    }
                }
            }
        }
    }

    /// A connection that was reset counts as closed, unless it is wanted otherwise.
    fn closed_or(&self, error: &io::Error) -> Atom {
        match error.raw_os_error() {
            Some(libc::ECONNRESET | libc::EPIPE) if !self.modes.show_reset => atom::CLOSED,
            Some(libc::EPIPE) => Atom::new("econnreset").unwrap_or(atom::CLOSED),
            _ => reason(error),
        }
    }

    fn read(&mut self, vm: &Vm, common: &mut Common, room: usize) -> io::Result<usize> {
        let Some(socket) = &mut self.socket else { return Ok(0) };
        let start = self.input.len();
        self.input.resize(start + room, 0);
        let result = socket.read(&mut self.input[start..]);
        let count = *result.as_ref().unwrap_or(&0);
        self.input.truncate(start + count);
        if count > 0 {
            common.count_input(vm, count);
            self.counts.received(count);
        }
        result
    }

    /// Gives out what can be given: to the owner, or to those who wait.
    pub(crate) fn pump(&mut self, vm: &Vm, common: &mut Common) -> After {
        if self.stage != Stage::Connected {
            return After::Open;
        }
        for _ in 0..MESSAGES_A_TURN {
            let is_active = self.modes.active != Active::No;
            let length = match self.readers.front() {
                Some((_, length)) if !is_active => *length,
                None if !is_active => return After::Open,
                _ => 0,
            };
            let kind = self.next_kind();
            match self.obtain(vm, common, length) {
                Obtained::Nothing => return After::Open,
                Obtained::Packet(packet) if is_active => self.tell_owner(vm, common, kind, &packet),
                Obtained::Packet(packet) => {
                    self.note_packet(kind, &packet);
                    if let Some((waiter, _)) = self.readers.pop_front() {
                        waiter.answer(vm, common, |memory| {
                            let data = self.packet_term(common, kind, &packet, memory);
                            memory.tuple(&[Term::atom(atom::OK), data])
                        });
                    }
                }
                Obtained::End(reason) if is_active => return self.end_active(vm, common, reason),
                Obtained::End(reason) => {
                    self.end_passive(vm, common, reason);
                    return After::Open;
                }
            }
        }
        if let (Some(socket), Ok(poller)) = (&self.socket, vm.ports.poller()) {
            let interest = Interest::READABLE | Interest::WRITABLE;
            let _ = poller.again(socket.as_raw_fd(), self.number, Source::Input, interest);
        }
        After::Open
    }

    /// A packet as the modes want it.
    fn packet_term(&self, common: &Common, kind: Kind, packet: &[u8], memory: &mut dyn Build) -> Term {
        if kind.is_parsed() {
            packet::parse(kind, packet, memory)
        } else {
            self.modes.data(common, memory, packet)
        }
    }

    /// A packet that `receive` has given out.
    pub(crate) fn received_term(&mut self, common: &Common, packet: &[u8], memory: &mut dyn Build) -> Term {
        let kind = self.next_kind();
        self.note_packet(kind, packet);
        self.packet_term(common, kind, packet, memory)
    }

    fn tell_owner(&mut self, vm: &Vm, common: &Common, kind: Kind, packet: &[u8]) {
        self.note_packet(kind, packet);
        let tag = match kind {
            Kind::Http { .. } | Kind::HttpHeader { .. } => named("http"),
            _ => named("tcp"),
        };
        common.tell(vm, common.connected, |memory, own| {
            let data = self.packet_term(common, kind, packet, memory);
            if kind == Kind::Tls { data } else { memory.tuple(&[tag, own, data]) }
        });
        if self.modes.count_message() {
            notice(vm, common, "tcp_passive");
        }
    }

    fn end_active(&mut self, vm: &Vm, common: &Common, reason: Atom) -> After {
        if reason != atom::CLOSED {
            common.tell(vm, common.connected, |memory, own| {
                memory.tuple(&[named("tcp_error"), own, Term::atom(reason)])
            });
        }
        notice(vm, common, "tcp_closed");
        if self.modes.exit_on_close || reason != atom::CLOSED {
            return After::Close(atom::NORMAL);
        }
        self.stop_reading();
        After::Open
    }

    fn end_passive(&mut self, vm: &Vm, common: &mut Common, reason: Atom) {
        if self.modes.exit_on_close || reason != atom::CLOSED {
            self.stage = Stage::Over;
            self.output.clear();
            self.close_socket(vm);
            self.fail_writers(vm, common, atom::CLOSED);
        } else {
            self.stop_reading();
        }
        for (waiter, _) in std::mem::take(&mut self.readers) {
            waiter.fail(vm, common, reason);
        }
    }

    fn stop_reading(&mut self) {
        self.input.clear();
        self.at_eof = true;
        self.modes.active = Active::No;
    }

    /// A request that nobody waits for any longer. `false` if it has been answered.
    pub(crate) fn cancel(&mut self, reference: u64) -> bool {
        let is_other = |waiter: &Waiter| waiter.reference != reference;
        let before = self.readers.len() + self.acceptors.len() + self.writers.len();
        self.readers.retain(|(waiter, _)| is_other(waiter));
        self.acceptors.retain(is_other);
        self.writers.retain(is_other);
        let connecting = self.connecting.take_if(|waiter| waiter.reference == reference).is_some();
        connecting || before > self.readers.len() + self.acceptors.len() + self.writers.len()
    }

    // Output.

    /// `port_command/2`: as a send whose outcome nobody hears of.
    pub(crate) fn command(&mut self, vm: &Vm, common: &mut Common, bytes: Vec<u8>) -> After {
        let nobody = Waiter { pid: common.connected, reference: 0 };
        let _ = self.send(vm, common, bytes, nobody);
        self.writers.retain(|waiter| waiter.reference != 0);
        After::Open
    }

    /// Writes, or lets the bytes wait; the sender waits too once they are many.
    pub(crate) fn send(&mut self, vm: &Vm, common: &mut Common, bytes: Vec<u8>, waiter: Waiter) -> Now<()> {
        match self.stage {
            Stage::Connected => {}
            Stage::Over => return Now::Failed(atom::CLOSED),
            Stage::Fresh | Stage::Connecting | Stage::Listening => {
                return Now::Failed(Atom::new("enotconn").unwrap_or(atom::EINVAL));
            }
        }
        if let Some(failure) = self.failure {
            return Now::Failed(failure);
        }
        if let Kind::Length(width) = self.modes.packet {
            if width < 8 && bytes.len() >> (8 * width) != 0 {
                return Now::Failed(Atom::new("emsgsize").unwrap_or(atom::EINVAL));
            }
            self.output.extend(&(bytes.len() as u64).to_be_bytes()[8 - width..]);
        }
        common.count_output(vm, bytes.len());
        self.counts.sent(bytes.len());
        self.output.extend(bytes);
        self.write(vm, common);
        if let Some(failure) = self.failure {
            return Now::Failed(failure);
        }
        if self.output.len() > self.modes.high_watermark {
            self.writers.push(waiter);
            return Now::Later;
        }
        Now::Done(())
    }

    fn write(&mut self, vm: &Vm, common: &mut Common) {
        while !self.output.is_empty() {
            let Some(socket) = &self.socket else { return };
            let (first, second) = self.output.as_slices();
            let slices = [io::IoSlice::new(first), io::IoSlice::new(second)];
            match socket.send_vectored(&slices) {
                Ok(count) => drop(self.output.drain(..count)),
                Err(error) if would_block(&error) => break,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    let failure = self.closed_or(&error);
                    self.output.clear();
                    self.failure = Some(failure);
                    self.fail_writers(vm, common, failure);
                    return;
                }
            }
        }
        if self.output.len() <= self.modes.low_watermark {
            for waiter in std::mem::take(&mut self.writers) {
                waiter.answer(vm, common, |_| Term::atom(atom::OK));
            }
        }
        if self.output.is_empty() && self.shut_when_written {
            self.shut_when_written = false;
            let _ = self.socket.as_ref().map(|socket| socket.shutdown(Shutdown::Write));
        }
    }

    fn fail_writers(&mut self, vm: &Vm, common: &Common, failure: Atom) {
        for waiter in std::mem::take(&mut self.writers) {
            waiter.fail(vm, common, failure);
        }
    }

    pub(crate) fn shutdown(&mut self, how: Shutdown) -> io::Result<()> {
        if self.stage != Stage::Connected {
            return Err(io::Error::from_raw_os_error(libc::ENOTCONN));
        }
        if how != Shutdown::Read && !self.output.is_empty() {
            self.shut_when_written = true;
            return Ok(());
        }
        self.open_socket()?.shutdown(how)
    }

    /// Bytes that have been read are put back before what comes.
    pub(crate) fn unread(&mut self, mut bytes: Vec<u8>) {
        bytes.append(&mut self.input);
        self.input = bytes;
    }

    /// The port closes: what waits to be written is written by a thread, all others hear of the end.
    pub(crate) fn stop(mut self: Box<Self>, vm: &Vm, common: &mut Common) {
        let rest: Vec<u8> = std::mem::take(&mut self.output).into();
        if !rest.is_empty()
            && self.stage == Stage::Connected
            && let Some(socket) = &self.socket
            && let Ok(mut copy) = socket.try_clone()
            && copy.set_nonblocking(false).is_ok()
        {
            let write = move || io::Write::write_all(&mut copy, &rest);
            let _ = std::thread::Builder::new().name("socket flush".into()).spawn(write);
        }
        self.close_socket(vm);
        let readers = std::mem::take(&mut self.readers).into_iter().map(|(waiter, _)| waiter);
        let waiters = readers.chain(std::mem::take(&mut self.acceptors)).chain(self.connecting.take());
        for waiter in waiters.chain(std::mem::take(&mut self.writers)) {
            waiter.fail(vm, common, atom::CLOSED);
        }
    }
}

/// What an attempt to get a packet gives.
enum Obtained {
    Packet(Vec<u8>),
    Nothing,
    /// Nothing more will come, for this reason.
    End(Atom),
}

/// Whether a first line is none.
fn is_http_error(kind: Kind, packet: &[u8]) -> bool {
    let parsed = OwnedTerm::build(|memory| packet::parse(kind, packet, memory));
    matches!(parsed.term().as_tuple(), Some([tag, _]) if *tag == named("http_error"))
}
