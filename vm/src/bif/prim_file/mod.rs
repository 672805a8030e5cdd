//! Module `prim_file`: the operating system's files. All of it runs on the dirty pool, as it may block.

mod buffered;
pub(crate) mod handle;
mod info;

use super::argument::{self, named};
use super::{Native, NativeContext, NativeResult};
use crate::atom;
use crate::heap::Build as _;
use crate::natives;
use crate::proc::exception::Exception;
use crate::sys::posix;
use crate::sys::posix_texts::error_text;
use crate::term::Term;
use std::ffi::OsString;
use std::io::{self, Write as _};
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

/// The file name that a list of characters or a binary gives.
pub(super) fn path(name: Term) -> Result<PathBuf, Exception> {
    let bytes = match name.as_binary() {
        Some(bytes) => bytes.into_owned(),
        None => crate::bif::unicode::text_bytes(name).ok_or_else(Exception::badarg)?,
    };
    if bytes.is_empty() {
        return Ok(PathBuf::new());
    }
    if bytes.contains(&0) {
        return Err(Exception::badarg());
    }
    Ok(PathBuf::from(OsString::from_vec(bytes)))
}

/// A file name as a term: a string if it is UTF-8, else a binary.
fn name_term(ctx: &mut NativeContext<'_>, name: &[u8]) -> Term {
    match std::str::from_utf8(name) {
        Ok(text) => ctx.process.heap.string(text),
        Err(_) => ctx.process.heap.binary(name),
    }
}

/// `{error, Name}` of an error.
pub(super) fn failed(ctx: &mut NativeContext<'_>, error: &io::Error) -> Term {
    let name = named(posix::error_name(error));
    argument::error(&mut ctx.process.heap, name)
}

/// `ok`, or the error.
pub(super) fn done(ctx: &mut NativeContext<'_>, result: io::Result<()>) -> NativeResult {
    match result {
        Ok(()) => Ok(Term::atom(atom::OK)),
        Err(error) => Ok(failed(ctx, &error)),
    }
}

fn read_file(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let path = path(args[0])?;
    match ctx.aside(|| std::fs::read(path)) {
        Ok(bytes) => {
            let binary = ctx.process.heap.binary_from(bytes.into_boxed_slice());
            Ok(argument::ok(&mut ctx.process.heap, binary))
        }
        Err(error) => Ok(failed(ctx, &error)),
    }
}

/// Writes a whole file. One that is there keeps its old contents until the new are complete.
fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let target = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let former = match std::fs::metadata(&target) {
        Ok(former) if former.is_file() && former.nlink() == 1 => former,
        // A new file, one with several names, or something that is none (a device, a pipe).
        _ => return std::fs::write(&target, bytes),
    };
    // What may not be written may not be replaced either.
    drop(std::fs::OpenOptions::new().write(true).open(&target)?);
    let mut name = target.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}~", std::process::id()));
    let aside = target.with_file_name(name);
    let file = std::fs::OpenOptions::new().write(true).create_new(true).open(&aside);
    let Ok(mut file) = file else {
        // The directory takes no new file: write over the old one.
        return std::fs::write(&target, bytes);
    };
    let written = file
        .write_all(bytes)
        .and_then(|()| file.set_permissions(former.permissions()))
        .and_then(|()| std::fs::rename(&aside, &target));
    if written.is_err() {
        let _ = std::fs::remove_file(&aside);
    }
    written
}

fn write_file(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let bytes = crate::bif::iodata::to_bytes(args[1])?;
    let path = path(args[0])?;
    let result = ctx.aside(|| write_whole(&path, &bytes));
    done(ctx, result)
}

fn list(ctx: &mut NativeContext<'_>, args: &[Term], all: bool) -> NativeResult {
    let names: io::Result<Vec<OsString>> = std::fs::read_dir(path(args[0])?)
        .and_then(|entries| entries.map(|entry| entry.map(|entry| entry.file_name())).collect());
    match names {
        Ok(names) => {
            let mut list = Vec::new();
            for name in names {
                if all || name.to_str().is_some() {
                    list.push(name_term(ctx, name.as_bytes()));
                }
            }
            let list = ctx.process.heap.list(&list);
            Ok(argument::ok(&mut ctx.process.heap, list))
        }
        Err(error) => Ok(failed(ctx, &error)),
    }
}

fn list_dir(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    list(ctx, args, false)
}

fn list_dir_all(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    list(ctx, args, true)
}

fn get_cwd(ctx: &mut NativeContext<'_>, _args: &[Term]) -> NativeResult {
    match std::env::current_dir() {
        Ok(path) => {
            let name = name_term(ctx, path.as_os_str().as_bytes());
            Ok(argument::ok(&mut ctx.process.heap, name))
        }
        Err(error) => Ok(failed(ctx, &error)),
    }
}

fn set_cwd(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let result = std::env::set_current_dir(path(args[0])?);
    done(ctx, result)
}

fn delete(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let result = std::fs::remove_file(path(args[0])?);
    if let Err(error) = &result
        && error.raw_os_error() == Some(libc::EISDIR)
    {
        return Ok(argument::error(&mut ctx.process.heap, named("eperm")));
    }
    done(ctx, result)
}

fn make_dir(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let result = std::fs::create_dir(path(args[0])?);
    done(ctx, result)
}

fn del_dir(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let result = std::fs::remove_dir(path(args[0])?);
    done(ctx, result)
}

fn rename(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let result = std::fs::rename(path(args[0])?, path(args[1])?);
    done(ctx, result)
}

fn make_link(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let result = std::fs::hard_link(path(args[0])?, path(args[1])?);
    done(ctx, result)
}

fn make_symlink(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let result = std::os::unix::fs::symlink(path(args[0])?, path(args[1])?);
    done(ctx, result)
}

fn read_link(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    match std::fs::read_link(path(args[0])?) {
        Ok(target) => {
            let name = name_term(ctx, target.as_os_str().as_bytes());
            Ok(argument::ok(&mut ctx.process.heap, name))
        }
        Err(error) => Ok(failed(ctx, &error)),
    }
}

/// The tables of this module.
pub(super) fn tables(tables: &mut Vec<&'static [Native]>) {
    tables.extend([NATIVES, handle::NATIVES, info::NATIVES]);
}

/// The words for an error of the operating system.
fn message(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    Ok(ctx.process.heap.string(error_text(argument::name_of(args[0]))))
}

const NATIVES: &[Native] = natives! {
    "erl_posix_msg" {
        "message"/1 => message;
    }
    "prim_file" {
        "read_file"/1 = dirty => read_file;
        "write_file"/2 = dirty => write_file;
        "list_dir"/1 = dirty => list_dir;
        "list_dir_all"/1 = dirty => list_dir_all;
        "get_cwd"/0 = dirty => get_cwd;
        "set_cwd"/1 = dirty => set_cwd;
        "delete"/1 = dirty => delete;
        "make_dir"/1 = dirty => make_dir;
        "del_dir"/1 = dirty => del_dir;
        "rename"/2 = dirty => rename;
        "make_link"/2 = dirty => make_link;
        "make_symlink"/2 = dirty => make_symlink;
        "read_link"/1 = dirty => read_link;
        "read_link_all"/1 = dirty => read_link;
    }
};
