//! The words that Erlang has for what the operating system answers.

use std::io;

/// As `file:format_error/1` words it.
#[must_use]
pub fn message(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::NotFound => "no such file or directory",
        io::ErrorKind::PermissionDenied => "permission denied",
        io::ErrorKind::IsADirectory => "illegal operation on a directory",
        io::ErrorKind::NotADirectory => "not a directory",
        io::ErrorKind::StorageFull => "no space left on device",
        io::ErrorKind::ReadOnlyFilesystem => "read-only file system",
        io::ErrorKind::AlreadyExists => "file already exists",
        io::ErrorKind::InvalidFilename => "file name too long",
        _ => "input/output error",
    }
}

/// As the atom in `{error, Atom}`.
#[must_use]
pub fn name(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::NotFound => "enoent",
        io::ErrorKind::PermissionDenied => "eacces",
        io::ErrorKind::IsADirectory => "eisdir",
        io::ErrorKind::NotADirectory => "enotdir",
        io::ErrorKind::StorageFull => "enospc",
        io::ErrorKind::ReadOnlyFilesystem => "erofs",
        io::ErrorKind::AlreadyExists => "eexist",
        io::ErrorKind::InvalidFilename => "enametoolong",
        _ => "eio",
    }
}
