//! Open files. A program holds a reference; the file itself stays in a table of the machine, until it is closed
//! or, at the latest, when another is opened after its owner has ended.

use super::{done, failed, path};
use crate::atom;
use crate::bif::argument::{self, index, name_of, named};
use crate::bif::{Native, NativeContext, NativeResult, iodata};
use crate::heap::Build as _;
use crate::natives;
use crate::proc::exception::Exception;
use crate::term::{Pid, Term};
use hashbrown::HashMap;
use parking_lot::Mutex;
use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::os::unix::fs::FileExt as _;
use std::sync::Arc;

/// A file and its owner.
type OpenFile = (Pid, Arc<Mutex<File>>);

/// The open files of a machine, by the numbers of their references.
#[derive(Debug, Default)]
pub(crate) struct Files {
    open: Mutex<HashMap<u64, OpenFile>>,
}

fn open(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let path = path(args[0])?;
    let (mut read, mut write, mut append, mut exclusive, mut directory) = (false, false, false, false, false);
    for mode in argument::list(args[1])? {
        match name_of(mode) {
            "read" => read = true,
            "write" => write = true,
            "append" => append = true,
            "exclusive" => exclusive = true,
            "directory" => directory = true,
            _ => {}
        }
    }
    let any = read || write || append || exclusive;
    let opened = std::fs::OpenOptions::new()
        .read(read || !any)
        .write(write || append || exclusive)
        .append(append)
        .truncate(write && !read && !append && !exclusive)
        .create(write || append)
        .create_new(exclusive)
        .open(&path)
        .and_then(|file| match (directory, file.metadata()?.is_dir()) {
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
    files.retain(|_, (owner, _)| ctx.vm.processes.find(*owner).is_some());
    files.insert(number, (ctx.process.pid, Arc::new(Mutex::new(file))));
    drop(files);
    let reference = ctx.process.heap.reference(number, None);
    Ok(argument::ok(&mut ctx.process.heap, reference))
}

/// Works with an open file; `{error, einval}` if it is closed.
fn with(
    ctx: &mut NativeContext<'_>,
    file: Term,
    work: impl FnOnce(&mut NativeContext<'_>, &mut File) -> NativeResult,
) -> NativeResult {
    let number = file.as_ref_number().ok_or_else(Exception::badarg)?;
    let found = ctx.vm.natives.files.open.lock().get(&number).map(|(_, file)| file.clone());
    match found {
        Some(file) => work(ctx, &mut file.lock()),
        None => Ok(argument::error(&mut ctx.process.heap, named("einval"))),
    }
}

fn close(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let number = args[0].as_ref_number().ok_or_else(Exception::badarg)?;
    match ctx.vm.natives.files.open.lock().remove(&number) {
        Some(_) => Ok(Term::atom(atom::OK)),
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
    with(ctx, args[0], |ctx, file| {
        let mut bytes = Vec::new();
        let result = file.take(size as u64).read_to_end(&mut bytes).map(|_| bytes);
        read_answer(ctx, size, result)
    })
}

fn read_at(file: &File, at: u64, size: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut chunk = vec![0; size.min(1 << 16)];
    while bytes.len() < size {
        let room = chunk.len().min(size - bytes.len());
        match file.read_at(&mut chunk[..room], at + bytes.len() as u64) {
            Ok(0) => break,
            Ok(count) => bytes.extend_from_slice(&chunk[..count]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(bytes)
}

fn pread(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let (at, size) = (index(args[1])?, index(args[2])?);
    with(ctx, args[0], |ctx, file| {
        let result = read_at(file, at as u64, size);
        read_answer(ctx, size, result)
    })
}

fn write(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let bytes = iodata::to_bytes(args[1])?;
    with(ctx, args[0], |ctx, file| {
        let result = file.write_all(&bytes);
        done(ctx, result)
    })
}

fn pwrite(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let (at, bytes) = (index(args[1])?, iodata::to_bytes(args[2])?);
    with(ctx, args[0], |ctx, file| {
        let result = file.write_all_at(&bytes, at as u64);
        done(ctx, result)
    })
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
    with(ctx, args[0], |ctx, file| match file.seek(to) {
        Ok(at) => {
            let at = ctx.process.heap.unsigned(at);
            Ok(argument::ok(&mut ctx.process.heap, at))
        }
        Err(error) => Ok(failed(ctx, &error)),
    })
}

fn truncate(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    with(ctx, args[0], |ctx, file| {
        let result = file.stream_position().and_then(|at| file.set_len(at));
        done(ctx, result)
    })
}

fn sync(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    with(ctx, args[0], |ctx, file| {
        let result = file.sync_all();
        done(ctx, result)
    })
}

/// Room on the disk for so many bytes from an offset.
fn allocate(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let (offset, length) = (index(args[1])?, index(args[2])?);
    with(ctx, args[0], |ctx, file| {
        let result = crate::sys::posix::allocate(file, offset as u64, length as u64);
        done(ctx, result)
    })
}

fn datasync(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    with(ctx, args[0], |ctx, file| {
        let result = file.sync_data();
        done(ctx, result)
    })
}

pub(super) const NATIVES: &[Native] = natives! {
    "prim_file" {
        "open"/2 = dirty => open;
        "close"/1 = dirty => close;
        "read"/2 = dirty => read;
        "pread"/3 = dirty => pread;
        "write"/2 = dirty => write;
        "pwrite"/3 = dirty => pwrite;
        "position"/2 = dirty => position;
        "truncate"/1 = dirty => truncate;
        "sync"/1 = dirty => sync;
        "datasync"/1 = dirty => datasync;
        "allocate"/3 = dirty => allocate;
    }
};
