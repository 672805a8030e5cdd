//! Open files. A program holds a reference; the file itself stays in a table of the machine, until it is closed
//! or, at the latest, when another is opened after its owner has ended.

use super::buffered::Buffered;
use super::{done, failed, path};
use crate::atom;
use crate::bif::argument::{self, index, name_of, named};
use crate::bif::{Native, NativeContext, NativeResult, iodata};
use crate::heap::Build as _;
use crate::heap::copy::OwnedTerm;
use crate::natives;
use crate::proc::exception::Exception;
use crate::term::{Pid, Term};
use hashbrown::HashMap;
use parking_lot::Mutex;
use std::io::{self, SeekFrom};
use std::os::unix::fs::OpenOptionsExt as _;
use std::sync::Arc;

/// What is read ahead, and what waits to be written at most, where it is not said how much.
const REASONABLE: usize = 1 << 16;

/// A file and its owner.
#[derive(Clone, Debug)]
struct OpenFile {
    owner: Pid,
    /// Whom to tell that something waits to be written, or that the file is closed.
    delayer: Option<Pid>,
    file: Arc<Mutex<Buffered>>,
}

/// The open files of a machine, by the numbers of their references.
#[derive(Debug, Default)]
pub(crate) struct Files {
    open: Mutex<HashMap<u64, OpenFile>>,
}

fn open(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let path = path(args[0])?;
    let (mut read, mut write, mut append, mut exclusive, mut directory) = (false, false, false, false, false);
    let mut flags = 0;
    let (mut ahead, mut delay) = (0, None);
    for mode in argument::list(args[1])? {
        let sizes = mode.as_tuple().unwrap_or_default();
        let name = sizes.first().map_or(name_of(mode), |&name| name_of(name));
        let size = || sizes.get(1).map_or(Ok(REASONABLE), |&size| index(size));
        match name {
            "read_ahead" => ahead = size()?,
            "delayed_write" => delay = Some(size()?),
            "read" => read = true,
            "write" => write = true,
            "append" => append = true,
            "exclusive" => exclusive = true,
            "directory" => directory = true,
            "sync" => flags |= libc::O_SYNC,
            _ => {}
        }
    }
    let any = read || write || append || exclusive;
    if directory && (write || append || exclusive) {
        return Ok(argument::error(&mut ctx.process.heap, named("einval")));
    }
    let mut options = std::fs::OpenOptions::new();
    options
        .custom_flags(flags)
        .read(read || !any)
        .write(write || append || exclusive)
        .append(append)
        .truncate(write && !read && !append && !exclusive)
        .create(write || append)
        .create_new(exclusive);
    let opened =
        ctx.aside(|| options.open(&path)).and_then(|file| match (directory, file.metadata()?.is_dir()) {
            (false, true) => Err(io::Error::from_raw_os_error(libc::EISDIR)),
            (true, false) => Err(io::Error::from_raw_os_error(libc::ENOTDIR)),
            _ => Ok(file),
        });
    let file = match opened {
        Ok(file) => file,
        Err(error) => return Ok(failed(ctx, &error)),
    };
    let number = ctx.vm.next_reference();
    let mut files = ctx.vm.natives.files.open.lock();
    files.retain(|_, file| ctx.vm.processes.find(file.owner).is_some());
    let file = Arc::new(Mutex::new(Buffered::new(file, ahead, delay)));
    files.insert(number, OpenFile { owner: ctx.process.pid, delayer: None, file });
    drop(files);
    let reference = ctx.process.heap.reference(number, None);
    Ok(argument::ok(&mut ctx.process.heap, reference))
}

/// Works with an open file, and answers what came of it; `{error, einval}` if it is closed.
fn with<R>(
    ctx: &mut NativeContext<'_>,
    file: Term,
    work: impl FnOnce(&mut Buffered) -> R,
    answer: impl FnOnce(&mut NativeContext<'_>, R) -> NativeResult,
) -> NativeResult {
    let number = file.as_ref_number().ok_or_else(Exception::badarg)?;
    let found = ctx.vm.natives.files.open.lock().get(&number).map(|found| found.file.clone());
    match found {
        Some(file) => {
            let result = ctx.aside(|| work(&mut file.lock()));
            answer(ctx, result)
        }
        None => Ok(argument::error(&mut ctx.process.heap, named("einval"))),
    }
}

fn close(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let number = args[0].as_ref_number().ok_or_else(Exception::badarg)?;
    let closed = ctx.vm.natives.files.open.lock().remove(&number);
    match closed {
        Some(OpenFile { delayer, file, .. }) => {
            let result = ctx.aside(|| file.lock().flush());
            if let Some(delayer) = delayer {
                ctx.vm.send_message(delayer, OwnedTerm::new(named("closed")));
            }
            done(ctx, result)
        }
        None => Ok(argument::error(&mut ctx.process.heap, named("einval"))),
    }
}

/// `{ok, Bytes}`, `eof` where there are none though some were wanted, or the error.
fn read_answer(ctx: &mut NativeContext<'_>, wanted: usize, result: io::Result<Vec<u8>>) -> NativeResult {
    match result {
        Ok(bytes) if bytes.is_empty() && wanted > 0 => Ok(named("eof")),
        Ok(bytes) => {
            let binary = ctx.process.heap.binary_from(bytes.into_boxed_slice());
            Ok(argument::ok(&mut ctx.process.heap, binary))
        }
        Err(error) => Ok(failed(ctx, &error)),
    }
}

fn read(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let size = index(args[1])?;
    with(ctx, args[0], |file| file.read(size), |ctx, result| read_answer(ctx, size, result))
}

fn pread(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let (at, size) = (index(args[1])?, index(args[2])?);
    with(ctx, args[0], |file| file.read_at(at as u64, size), |ctx, result| read_answer(ctx, size, result))
}

fn write(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let bytes = iodata::to_bytes(args[1])?;
    let mut first = false;
    let written = with(ctx, args[0], |file| file.write(&bytes).map(|waits| first = waits), done);
    if first {
        let number = args[0].as_ref_number().unwrap_or_default();
        let delayer = ctx.vm.natives.files.open.lock().get(&number).and_then(|file| file.delayer);
        if let Some(delayer) = delayer {
            ctx.vm.send_message(delayer, OwnedTerm::new(named("delay")));
        }
    }
    written
}

/// Writes what has waited long enough.
fn flush(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    with(ctx, args[0], Buffered::flush_late, |_, ()| Ok(Term::atom(atom::OK)))
}

/// The calling process sees to it that what waits is written. The file lives as long as it.
fn take_over(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let number = args[0].as_ref_number().ok_or_else(Exception::badarg)?;
    if let Some(file) = ctx.vm.natives.files.open.lock().get_mut(&number) {
        (file.owner, file.delayer) = (ctx.process.pid, Some(ctx.process.pid));
    }
    Ok(Term::atom(atom::OK))
}

fn pwrite(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let (at, bytes) = (index(args[1])?, iodata::to_bytes(args[2])?);
    with(ctx, args[0], |file| file.write_at(at as u64, &bytes), done)
}

/// The place that a position of `file:position/2` means.
fn place(at: Term) -> Result<SeekFrom, Exception> {
    let from_start =
        |offset: i64| u64::try_from(offset).map(SeekFrom::Start).unwrap_or(SeekFrom::Current(i64::MIN));
    if let Some(offset) = at.as_small() {
        return Ok(from_start(offset));
    }
    let (origin, offset) = match at.as_tuple() {
        Some(&[origin, offset]) => (origin, offset.as_small().ok_or_else(Exception::badarg)?),
        _ => (at, 0),
    };
    match name_of(origin) {
        "bof" => Ok(from_start(offset)),
        "cur" => Ok(SeekFrom::Current(offset)),
        "eof" => Ok(SeekFrom::End(offset)),
        _ => Err(Exception::badarg()),
    }
}

fn position(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let to = place(args[1])?;
    let answer = |ctx: &mut NativeContext<'_>, result: io::Result<u64>| match result {
        Ok(at) => {
            let at = ctx.process.heap.unsigned(at);
            Ok(argument::ok(&mut ctx.process.heap, at))
        }
        Err(error) => Ok(failed(ctx, &error)),
    };
    with(ctx, args[0], |file| file.seek(to), answer)
}

fn truncate(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    with(ctx, args[0], |file| file.truncate(), done)
}

fn sync(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    with(ctx, args[0], |file| file.settled().and_then(|file| file.sync_all()), done)
}

/// Room on the disk for so many bytes from an offset.
fn allocate(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let (offset, length) = (index(args[1])?, index(args[2])?);
    with(ctx, args[0], |file| file.allocate(offset as u64, length as u64), done)
}

fn datasync(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    with(ctx, args[0], |file| file.settled().and_then(|file| file.sync_data()), done)
}

pub(super) const NATIVES: &[Native] = natives! {
    "prim_file" {
        "open"/2 = dirty => open;
        "close"/1 = dirty => close;
        "read"/2 = dirty => read;
        "pread"/3 = dirty => pread;
        "write"/2 = dirty => write;
        "flush"/1 = dirty => flush;
        "take_over"/1 => take_over;
        "pwrite"/3 = dirty => pwrite;
        "position"/2 = dirty => position;
        "truncate"/1 = dirty => truncate;
        "sync"/1 = dirty => sync;
        "datasync"/1 = dirty => datasync;
        "allocate"/3 = dirty => allocate;
    }
};
