//! How a port of a program or descriptor cuts what it reads into messages, and marks what it writes.

use crate::atom;
use crate::heap::Build;
use crate::port::Common;
use crate::term::Term;
use crate::vm::Vm;

/// The way of cutting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Framing {
    /// As it comes.
    Stream,
    /// Each message has its length before it, in so many bytes.
    Packet(usize),
    /// Lines of at most so many bytes.
    Line(usize),
}

/// Cuts what is read.
#[derive(Debug)]
pub(crate) struct Cutter {
    pub(crate) framing: Framing,
    pending: Vec<u8>,
}

impl Cutter {
    pub(crate) fn new(framing: Framing) -> Self {
        Self { framing, pending: Vec::new() }
    }

    /// Bytes have come: reports what is complete.
    pub(crate) fn take(&mut self, vm: &Vm, common: &mut Common, bytes: &[u8]) {
        common.count_input(vm, bytes.len());
        match self.framing {
            Framing::Stream => data(vm, common, |common, memory| common.bytes(memory, bytes)),
            Framing::Packet(width) => {
                self.pending.extend_from_slice(bytes);
                let mut start = 0;
                while let Some(header) = self.pending.get(start..start + width) {
                    let length = header.iter().fold(0, |length, &byte| length << 8 | usize::from(byte));
                    let Some(packet) = self.pending.get(start + width..start + width + length) else { break };
                    data(vm, common, |common, memory| common.bytes(memory, packet));
                    start += width + length;
                }
                self.pending.drain(..start);
            }
            Framing::Line(most) => {
                self.pending.extend_from_slice(bytes);
                let mut start = 0;
                loop {
                    let rest = &self.pending[start..];
                    let room = &rest[..rest.len().min(most)];
                    if let Some(length) = memchr::memchr(b'\n', room) {
                        let end = length - usize::from(length > 0 && rest[length - 1] == b'\r');
                        line(vm, common, atom::EOL, &rest[..end]);
                        start += length + 1;
                    } else if rest.len() > most || (rest.len() == most && !rest.is_empty()) {
                        // A line of just this length may have its end right behind it.
                        match rest.get(most) {
                            Some(b'\n') => {
                                line(vm, common, atom::EOL, &rest[..most]);
                                start += most + 1;
                            }
                            Some(_) => {
                                line(vm, common, atom::NOEOL, &rest[..most]);
                                start += most;
                            }
                            None => break,
                        }
                    } else {
                        break;
                    }
                }
                self.pending.drain(..start);
            }
        }
    }

    /// Nothing more will come: a line without an end is reported all the same.
    pub(crate) fn finish(&mut self, vm: &Vm, common: &Common) {
        if matches!(self.framing, Framing::Line(_)) && !self.pending.is_empty() {
            line(vm, common, atom::NOEOL, &std::mem::take(&mut self.pending));
        }
    }

    /// What is to be written for `bytes`; `None` if they are too many for the header.
    pub(crate) fn mark(&self, bytes: Vec<u8>) -> Option<Vec<u8>> {
        let Framing::Packet(width) = self.framing else { return Some(bytes) };
        if width < 8 && bytes.len() >> (8 * width) != 0 {
            return None;
        }
        let length = (bytes.len() as u64).to_be_bytes();
        let mut marked = length[8 - width..].to_vec();
        marked.extend(bytes);
        Some(marked)
    }
}

fn data(vm: &Vm, common: &Common, make: impl FnOnce(&Common, &mut dyn Build) -> Term) {
    common.report(vm, |memory| {
        let data = make(common, memory);
        memory.tuple(&[Term::atom(atom::DATA), data])
    });
}

fn line(vm: &Vm, common: &Common, end: atom::Atom, bytes: &[u8]) {
    data(vm, common, |common, memory| {
        let bytes = common.bytes(memory, bytes);
        memory.tuple(&[Term::atom(end), bytes])
    });
}
