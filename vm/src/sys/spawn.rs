//! Starting programs with pipes, and what is done with bare file descriptors.

use std::ffi::OsString;
use std::fs::File;
use std::io;
use std::os::fd::{AsFd as _, AsRawFd, BorrowedFd, FromRawFd as _, OwnedFd};
use std::os::unix::process::CommandExt as _;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// A program to start.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    pub(crate) file: OsString,
    pub(crate) arg0: Option<OsString>,
    pub(crate) args: Vec<OsString>,
    pub(crate) folder: Option<PathBuf>,
    pub(crate) environment: Vec<(OsString, OsString)>,
    /// Its output is read.
    pub(crate) reads: bool,
    /// Its input is written.
    pub(crate) writes: bool,
    /// The pipes are its descriptors 3 (input) and 4 (output), not its standard ones.
    pub(crate) apart: bool,
    pub(crate) stderr_to_stdout: bool,
}

/// Our ends of the pipes, which do not block.
#[derive(Debug)]
pub(crate) struct Pipes {
    pub(crate) from: Option<File>,
    pub(crate) to: Option<File>,
}

/// A started program.
#[derive(Debug)]
pub(crate) struct Spawned {
    pub(crate) child: Child,
    pub(crate) pipes: Pipes,
}

/// Starts a program.
///
/// # Errors
/// Those of the system: no such file, no permission, no folder.
pub(crate) fn spawn(plan: &Plan) -> io::Result<Spawned> {
    let mut command = Command::new(&plan.file);
    command.args(&plan.args).env_clear().envs(plan.environment.iter().map(|(name, value)| (name, value)));
    if let Some(arg0) = &plan.arg0 {
        command.arg0(arg0);
    }
    if let Some(folder) = &plan.folder {
        command.current_dir(folder);
    }
    let output = if plan.reads { Some(io::pipe()?) } else { None };
    let input = if plan.writes { Some(io::pipe()?) } else { None };
    let (from, theirs_out) = output.map_or((None, None), |(read, write)| (Some(read), Some(write)));
    let (theirs_in, to) = input.map_or((None, None), |(read, write)| (Some(read), Some(write)));
    if plan.apart {
        let fds = (theirs_in.as_ref().map(AsRawFd::as_raw_fd), theirs_out.as_ref().map(AsRawFd::as_raw_fd));
        // SAFETY: between fork and exec the closure only calls `dup2` and `fcntl`, which are async-signal-safe.
        unsafe {
            command.pre_exec(move || place_apart(fds));
        }
    } else {
        if let Some(theirs) = &theirs_in {
            command.stdin(Stdio::from(theirs.try_clone()?));
        }
        if let Some(theirs) = &theirs_out {
            command.stdout(Stdio::from(theirs.try_clone()?));
            if plan.stderr_to_stdout {
                command.stderr(Stdio::from(theirs.try_clone()?));
            }
        }
    }
    let child = command.spawn()?;
    let from = from.map(|pipe| File::from(OwnedFd::from(pipe)));
    let to = to.map(|pipe| File::from(OwnedFd::from(pipe)));
    for file in from.iter().chain(&to) {
        set_flag(file, true)?;
    }
    Ok(Spawned { child, pipes: Pipes { from, to } })
}

/// Puts the pipes to descriptors 3 and 4, in the new program.
fn place_apart((input, output): (Option<i32>, Option<i32>)) -> io::Result<()> {
    // Out of the way first, should one of them stand where the other belongs.
    let above = |fd: i32| {
        // SAFETY: duplicates a descriptor of this process.
        let copy = unsafe { libc::fcntl(fd, libc::F_DUPFD, 10) };
        if copy < 0 { Err(io::Error::last_os_error()) } else { Ok(copy) }
    };
    let place = |fd: i32, at: i32| {
        // SAFETY: as above.
        if unsafe { libc::dup2(fd, at) } < 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
    };
    let close = |fd: i32| {
        // SAFETY: closes the copy made above.
        unsafe { libc::close(fd) };
    };
    let (input, output) = (input.map(above).transpose()?, output.map(above).transpose()?);
    if let Some(fd) = input {
        place(fd, 3)?;
        close(fd);
    }
    if let Some(fd) = output {
        place(fd, 4)?;
        close(fd);
    }
    Ok(())
}

fn set_flag(file: &File, nonblocking: bool) -> io::Result<()> {
    let fd = file.as_raw_fd();
    // SAFETY: `fcntl` on an open descriptor with integer arguments.
    let flags = unsafe { libc::fcntl(fd, libc::F_GETFL) };
    if flags < 0 {
        return Err(io::Error::last_os_error());
    }
    let flags = if nonblocking { flags | libc::O_NONBLOCK } else { flags & !libc::O_NONBLOCK };
    // SAFETY: as above.
    if unsafe { libc::fcntl(fd, libc::F_SETFL, flags) } < 0 {
        Err(io::Error::last_os_error())
    } else {
        Ok(())
    }
}

/// Reads and writes of this file block from now on.
pub(crate) fn set_blocking(file: &File) -> io::Result<()> {
    set_flag(file, false)
}

/// A copy of one of the program's own descriptors.
pub(crate) fn share(fd: i32) -> io::Result<File> {
    if fd < 0 {
        return Err(io::Error::from_raw_os_error(libc::EBADF));
    }
    // SAFETY: duplicates a descriptor that stays open elsewhere; the copy is owned by what is made here.
    unsafe {
        let copy = libc::fcntl(fd, libc::F_DUPFD_CLOEXEC, 0);
        if copy < 0 { Err(io::Error::last_os_error()) } else { Ok(File::from_raw_fd(copy)) }
    }
}

/// Whether there is something to read, or the end, within this time.
pub(crate) fn readable_within(file: &File, time: Duration) -> bool {
    let fd: BorrowedFd<'_> = file.as_fd();
    let mut wanted = libc::pollfd { fd: fd.as_raw_fd(), events: libc::POLLIN, revents: 0 };
    let milliseconds = i32::try_from(time.as_millis()).unwrap_or(i32::MAX);
    // SAFETY: one entry, valid for the call.
    unsafe { libc::poll(&raw mut wanted, 1, milliseconds) > 0 }
}
