//! Names of the operating system's errors, and what a file allows the caller.

use std::io;
use std::path::Path;

/// The name of an error as Erlang's file functions give it: `enoent` and the like.
#[must_use]
pub fn error_name(error: &io::Error) -> &'static str {
    let Some(code) = error.raw_os_error() else {
        return match error.kind() {
            io::ErrorKind::NotFound => "enoent",
            io::ErrorKind::AlreadyExists => "eexist",
            io::ErrorKind::PermissionDenied => "eacces",
            io::ErrorKind::InvalidInput | io::ErrorKind::InvalidFilename => "einval",
            io::ErrorKind::WriteZero | io::ErrorKind::StorageFull => "enospc",
            _ => "eio",
        };
    };
    match code {
        libc::EPERM => "eperm",
        libc::ENOENT => "enoent",
        libc::ESRCH => "esrch",
        libc::EINTR => "eintr",
        libc::EIO => "eio",
        libc::ENXIO => "enxio",
        libc::E2BIG => "e2big",
        libc::ENOEXEC => "enoexec",
        libc::EBADF => "ebadf",
        libc::EAGAIN => "eagain",
        libc::ENOMEM => "enomem",
        libc::EACCES => "eacces",
        libc::EBUSY => "ebusy",
        libc::EEXIST | libc::ENOTEMPTY => "eexist",
        libc::EXDEV => "exdev",
        libc::ENODEV => "enodev",
        libc::ENOTDIR => "enotdir",
        libc::EISDIR => "eisdir",
        libc::EINVAL => "einval",
        libc::ENFILE => "enfile",
        libc::EMFILE => "emfile",
        libc::ENOTTY => "enotty",
        libc::ETXTBSY => "etxtbsy",
        libc::EFBIG => "efbig",
        libc::ENOSPC => "enospc",
        libc::ESPIPE => "espipe",
        libc::EROFS => "erofs",
        libc::EMLINK => "emlink",
        libc::EPIPE => "epipe",
        libc::ENAMETOOLONG => "enametoolong",
        libc::ELOOP => "eloop",
        libc::EDQUOT => "edquot",
        libc::ESTALE => "estale",
        libc::ENOTSUP => "enotsup",
        libc::ENOSYS => "enosys",
        libc::ETIMEDOUT => "etimedout",
        libc::ECONNREFUSED => "econnrefused",
        libc::ECONNRESET => "econnreset",
        libc::ECONNABORTED => "econnaborted",
        libc::EADDRINUSE => "eaddrinuse",
        libc::EADDRNOTAVAIL => "eaddrnotavail",
        libc::EAFNOSUPPORT => "eafnosupport",
        libc::EALREADY => "ealready",
        libc::EDESTADDRREQ => "edestaddrreq",
        libc::EHOSTDOWN => "ehostdown",
        libc::EHOSTUNREACH => "ehostunreach",
        libc::EINPROGRESS => "einprogress",
        libc::EISCONN => "eisconn",
        libc::EMSGSIZE => "emsgsize",
        libc::ENETDOWN => "enetdown",
        libc::ENETUNREACH => "enetunreach",
        libc::ENOBUFS => "enobufs",
        libc::ENOPROTOOPT => "enoprotoopt",
        libc::ENOTCONN => "enotconn",
        libc::ENOTSOCK => "enotsock",
        libc::EPROTONOSUPPORT => "eprotonosupport",
        libc::EPROTOTYPE => "eprototype",
        libc::ESHUTDOWN => "eshutdown",
        libc::EPROTO => "eproto",
        libc::EOVERFLOW => "eoverflow",
        libc::ECHILD => "echild",
        libc::EFAULT => "efault",
        libc::EDOM => "edom",
        libc::ERANGE => "erange",
        libc::EDEADLK => "edeadlk",
        libc::ENOLCK => "enolck",
        _ => "unknown",
    }
}

/// May the caller read the file, may he write it?
pub(crate) fn access(path: &Path) -> (bool, bool) {
    use std::os::unix::ffi::OsStrExt as _;
    let Ok(name) = std::ffi::CString::new(path.as_os_str().as_bytes()) else { return (false, false) };
    // SAFETY: the name is a C string, and the calls only look at it.
    unsafe { (libc::access(name.as_ptr(), libc::R_OK) == 0, libc::access(name.as_ptr(), libc::W_OK) == 0) }
}

/// Makes room on the disk for a part of a file, which grows to hold it.
#[cfg(target_os = "linux")]
pub(crate) fn allocate(file: &std::fs::File, offset: u64, length: u64) -> io::Result<()> {
    use std::os::fd::AsRawFd as _;
    let number =
        |value: u64| libc::off_t::try_from(value).map_err(|_| io::Error::from_raw_os_error(libc::EINVAL));
    // SAFETY: an open descriptor and two integers.
    let code = unsafe { libc::posix_fallocate(file.as_raw_fd(), number(offset)?, number(length)?) };
    if code == 0 { Ok(()) } else { Err(io::Error::from_raw_os_error(code)) }
}

/// Makes room on the disk for a part of a file, which grows to hold it.
#[cfg(not(target_os = "linux"))]
pub(crate) fn allocate(file: &std::fs::File, offset: u64, length: u64) -> io::Result<()> {
    let end = offset + length;
    if file.metadata()?.len() < end { file.set_len(end) } else { Ok(()) }
}
