//! What is known of a file: `#file_info{}` records, their times in seconds since 1970.

use super::{done, failed, path};
use crate::bif::argument::{self, named};
use crate::bif::{Native, NativeContext, NativeResult};
use crate::heap::Build as _;
use crate::natives;
use crate::proc::exception::Exception;
use crate::sys::posix;
use crate::term::Term;
use std::fs::{FileTimes, Metadata, Permissions};
use std::io;
use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _, PermissionsExt as _, chown};
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

fn kind(info: &Metadata) -> &'static str {
    let kind = info.file_type();
    if kind.is_file() {
        "regular"
    } else if kind.is_dir() {
        "directory"
    } else if kind.is_symlink() {
        "symlink"
    } else if kind.is_char_device() || kind.is_block_device() {
        "device"
    } else {
        "other"
    }
}

fn record(ctx: &mut NativeContext<'_>, path: &Path, info: &Metadata) -> Term {
    let access = match posix::access(path) {
        (true, true) => "read_write",
        (true, false) => "read",
        (false, true) => "write",
        (false, false) => "none",
    };
    let heap = &mut ctx.process.heap;
    let fields = [
        named("file_info"),
        heap.unsigned(info.len()),
        named(kind(info)),
        named(access),
        heap.integer(info.atime()),
        heap.integer(info.mtime()),
        heap.integer(info.ctime()),
        Term::small(i64::from(info.mode())),
        heap.unsigned(info.nlink()),
        heap.unsigned(info.dev()),
        heap.unsigned(info.rdev()),
        heap.unsigned(info.ino()),
        Term::small(i64::from(info.uid())),
        Term::small(i64::from(info.gid())),
    ];
    heap.tuple(&fields)
}

fn read_info(ctx: &mut NativeContext<'_>, name: Term, follow: bool) -> NativeResult {
    let path = path(name)?;
    let info = if follow { std::fs::metadata(&path) } else { std::fs::symlink_metadata(&path) };
    match info {
        Ok(info) => {
            let record = record(ctx, &path, &info);
            Ok(argument::ok(&mut ctx.process.heap, record))
        }
        Err(error) => Ok(failed(ctx, &error)),
    }
}

fn read_file_info(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    read_info(ctx, args[0], true)
}

fn read_link_info(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    read_info(ctx, args[0], false)
}

/// The point in time that a term gives in seconds; `None` for `undefined`.
fn time(term: Term) -> Option<SystemTime> {
    let seconds = term.as_small()?;
    let distance = Duration::from_secs(seconds.unsigned_abs());
    if seconds < 0 { UNIX_EPOCH.checked_sub(distance) } else { UNIX_EPOCH.checked_add(distance) }
}

fn number(term: Term) -> Option<u32> {
    term.as_small().and_then(|value| u32::try_from(value).ok())
}

fn write(path: &Path, fields: &[Term]) -> io::Result<()> {
    let (mode, uid, gid) = (number(fields[7]), number(fields[12]), number(fields[13]));
    std::fs::metadata(path)?;
    if uid.is_some() || gid.is_some() {
        chown(path, uid, gid)?;
    }
    if let Some(mode) = mode {
        std::fs::set_permissions(path, Permissions::from_mode(mode & 0o7777))?;
    }
    let (accessed, modified) = (time(fields[4]), time(fields[5]));
    if accessed.is_none() && modified.is_none() {
        return Ok(());
    }
    let mut times = FileTimes::new();
    if let Some(at) = accessed.or(modified) {
        times = times.set_accessed(at);
    }
    if let Some(at) = modified.or(accessed) {
        times = times.set_modified(at);
    }
    std::fs::File::open(path)?.set_times(times)
}

fn write_file_info(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let fields = args[1].as_tuple().filter(|fields| fields.len() == 14).ok_or_else(Exception::badarg)?;
    let result = write(&path(args[0])?, fields);
    done(ctx, result)
}

pub(super) const NATIVES: &[Native] = natives! {
    "prim_file" {
        "read_file_info"/1 = dirty => read_file_info;
        "read_link_info"/1 = dirty => read_link_info;
        "write_file_info"/2 = dirty => write_file_info;
    }
};
