//! A port to two open file descriptors of the program itself: `open_port({fd, In, Out}, ...)`. They may be of any
//! kind, files included, so two threads do what can block.

use super::framing::Cutter;
use super::program::{BUSY_LIMIT, Wishes};
use super::{After, Common, Driver};
use crate::atom;
use crate::sys::spawn::{readable_within, share};
use crate::term::Term;
use crate::vm::Vm;
use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

/// The two descriptors.
#[derive(Debug)]
pub(crate) struct Descriptor {
    cutter: Cutter,
    wishes: Wishes,
    output: Option<Sender<Vec<u8>>>,
    queued: Arc<AtomicUsize>,
    closed: Arc<AtomicBool>,
}

impl Descriptor {
    /// Opens the port `number` on copies of the descriptors.
    pub(crate) fn new(
        vm: &Vm,
        number: u64,
        (input, output): (Option<i32>, Option<i32>),
        cutter: Cutter,
        wishes: Wishes,
    ) -> io::Result<Self> {
        let closed = Arc::new(AtomicBool::new(false));
        let queued = Arc::new(AtomicUsize::new(0));
        if let Some(fd) = input {
            let (file, machine, closed) = (share(fd)?, vm.ports.machine(), closed.clone());
            let thread = std::thread::Builder::new().name("port input".into());
            thread.spawn(move || read(file, number, &machine, &closed))?;
        }
        let output = match output {
            None => None,
            Some(fd) => {
                let (file, machine, queued) = (share(fd)?, vm.ports.machine(), queued.clone());
                let (sender, receiver) = channel();
                let thread = std::thread::Builder::new().name("port output".into());
                thread.spawn(move || write(file, number, &machine, &queued, &receiver))?;
                Some(sender)
            }
        };
        Ok(Self { cutter, wishes, output, queued, closed })
    }

    pub(crate) fn queued(&self) -> usize {
        self.queued.load(Ordering::Relaxed)
    }

    pub(crate) fn command(&mut self, vm: &Vm, common: &mut Common, bytes: Vec<u8>) -> After {
        common.count_output(vm, bytes.len());
        let (Some(output), Some(bytes)) = (&self.output, self.cutter.mark(bytes)) else {
            return After::Close(atom::EINVAL);
        };
        self.queued.fetch_add(bytes.len(), Ordering::Relaxed);
        // The thread only goes after an error, which closes the port.
        let _ = output.send(bytes);
        After::Open
    }

    /// Bytes have come, or nothing more will.
    fn input(&mut self, vm: &Vm, common: &mut Common, bytes: &[u8]) -> After {
        if !bytes.is_empty() {
            self.cutter.take(vm, common, bytes);
            return After::Open;
        }
        self.cutter.finish(vm, common);
        if self.wishes.eof {
            common.report(vm, |_| Term::atom(atom::EOF));
            return After::Open;
        }
        After::Close(atom::NORMAL)
    }

    /// The port is closed; what still waits is written.
    pub(crate) fn stop(self) {
        self.closed.store(true, Ordering::Relaxed);
    }
}

fn with_port(
    machine: &std::sync::Weak<Vm>,
    number: u64,
    run: impl FnOnce(&Vm, &mut Descriptor, &mut Common) -> After,
) -> bool {
    let Some(vm) = machine.upgrade() else { return false };
    let Some(port) = vm.ports.find(number) else { return false };
    port.work(&vm, |state| match &mut state.driver {
        Driver::Descriptor(descriptor) => run(&vm, descriptor, &mut state.common),
        Driver::Program(_) | Driver::Tcp(_) | Driver::Udp(_) | Driver::Closed => After::Open,
    });
    true
}

fn read(mut file: File, number: u64, machine: &std::sync::Weak<Vm>, closed: &AtomicBool) {
    let mut chunk = vec![0; 65536];
    loop {
        // What comes after the port was closed is for the next reader.
        while !readable_within(&file, Duration::from_millis(200)) {
            if closed.load(Ordering::Relaxed) || machine.strong_count() == 0 {
                return;
            }
        }
        if closed.load(Ordering::Relaxed) {
            return;
        }
        let count = match file.read(&mut chunk) {
            Ok(count) => count,
            Err(error) if matches!(error.kind(), io::ErrorKind::Interrupted | io::ErrorKind::WouldBlock) => {
                continue;
            }
            Err(_) => 0,
        };
        let goes_on = with_port(machine, number, |vm, port, common| port.input(vm, common, &chunk[..count]));
        if count == 0 || !goes_on {
            return;
        }
    }
}

fn write(
    mut file: File,
    number: u64,
    machine: &std::sync::Weak<Vm>,
    queued: &AtomicUsize,
    receiver: &Receiver<Vec<u8>>,
) {
    while let Ok(bytes) = receiver.recv() {
        let written = file.write_all(&bytes);
        let before = queued.fetch_sub(bytes.len(), Ordering::Relaxed);
        match written {
            Ok(()) if before - bytes.len() < BUSY_LIMIT / 2 => {
                with_port(machine, number, |vm, _, common| {
                    common.resume_suspended(vm);
                    After::Open
                });
            }
            Ok(()) => {}
            Err(error) => {
                let name = crate::sys::posix::error_name(&error);
                let reason = atom::Atom::new(name).unwrap_or(atom::EINVAL);
                with_port(machine, number, |_, _, _| After::Close(reason));
                return;
            }
        }
    }
}
