//! A program in a pseudo-terminal, and the screen a person would see in front of it.
//!
//! Redraws, cursor movement and line editing are carried out by a terminal emulator, so what is read
//! here is the text as it stands, not the bytes that made it. The emulated screen is taller than the
//! size told to the program: nothing scrolls away while a session is checked.

use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::path::Path;
use std::process::{Child, ExitStatus};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use pty_process::blocking::{Command, Pty, open};

/// Rows that the emulated screen keeps. Longer sessions scroll, and are then refused.
const KEPT_ROWS: u16 = 1500;

/// A size in character cells, as the program in the terminal is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// Cells in a row.
    pub columns: u16,
    /// Rows of the window.
    pub rows: u16,
}

/// A running program with its screen.
pub struct Terminal {
    child: Child,
    pty: Arc<Pty>,
    output: Receiver<Vec<u8>>,
    screen: vt100::Parser,
    ended: bool,
}

impl std::fmt::Debug for Terminal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Terminal").field("child", &self.child.id()).field("ended", &self.ended).finish()
    }
}

impl Terminal {
    /// Starts `command` (a program and its arguments) in `folder`, with `env` added to the environment.
    ///
    /// # Errors
    /// When no pseudo-terminal can be had or the program does not start.
    pub fn start(command: &[String], folder: &Path, env: &[(&str, &str)], size: Size) -> Result<Self> {
        let (program, args) = command.split_first().context("an empty command")?;
        let (pty, pts) = open().context("opening a pseudo-terminal")?;
        pty.resize(pty_process::Size::new(size.rows, size.columns))?;
        let child = Command::new(program)
            .args(args)
            .current_dir(folder)
            .env("TERM", "xterm")
            .envs(env.iter().copied())
            .spawn(pts)
            .with_context(|| format!("starting {program}"))?;
        let pty = Arc::new(pty);
        let (sender, output) = channel();
        let reader = Arc::clone(&pty);
        std::thread::spawn(move || {
            let mut buffer = [0; 4096];
            // A read fails once the last process that holds the terminal has gone: that is its end.
            while let Ok(n @ 1..) = (&*reader).read(&mut buffer) {
                if sender.send(buffer[..n].to_vec()).is_err() {
                    return;
                }
            }
        });
        let columns = NonZeroU16::new(size.columns).context("a terminal without columns")?;
        let rows = NonZeroU16::new(KEPT_ROWS).context("a terminal without rows")?;
        Ok(Terminal { child, pty, output, screen: vt100::Parser::new(rows, columns, 0), ended: false })
    }

    /// Types `text`, as it is.
    ///
    /// # Errors
    /// When the program has gone.
    pub fn type_text(&mut self, text: &str) -> Result<()> {
        (&*self.pty).write_all(text.as_bytes()).context("typing into the terminal")
    }

    /// Waits up to `limit` for output and shows it on the screen. False when none came.
    pub fn wait_for_output(&mut self, limit: Duration) -> bool {
        match self.output.recv_timeout(limit) {
            Ok(bytes) => {
                self.screen.process(&bytes);
                while let Ok(more) = self.output.try_recv() {
                    self.screen.process(&more);
                }
                true
            }
            Err(RecvTimeoutError::Timeout) => false,
            Err(RecvTimeoutError::Disconnected) => {
                // Do not turn the caller's wait into a busy loop.
                if self.ended {
                    std::thread::sleep(limit.min(Duration::from_millis(20)));
                }
                let news = !self.ended;
                self.ended = true;
                news
            }
        }
    }

    /// The lines on the screen down to the one with the cursor, which is the last. A line that the
    /// terminal wrapped is one line here. Blanks at the end of lines are dropped.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let screen = self.screen.screen();
        let (cursor, _) = screen.cursor_position();
        let (_, columns) = screen.size();
        let mut lines = Vec::new();
        let mut open = String::new();
        let rows = screen.rows(0, columns.get());
        for (number, text) in (0..=cursor).zip(rows) {
            open.push_str(&text);
            if number == cursor || !screen.row_wrapped(number) {
                lines.push(open.trim_end().to_owned());
                open.clear();
            }
        }
        lines
    }

    /// Whether nothing more can come: no process holds the terminal any more.
    #[must_use]
    pub fn has_ended(&self) -> bool {
        self.ended
    }

    /// Waits up to `limit` for the program to end.
    ///
    /// # Errors
    /// When it does not end in time.
    pub fn wait_for_exit(&mut self, limit: Duration) -> Result<ExitStatus> {
        let deadline = Instant::now() + limit;
        loop {
            self.wait_for_output(Duration::from_millis(10));
            if let Some(status) = self.child.try_wait()? {
                while !self.ended && self.wait_for_output(Duration::from_millis(200)) {}
                return Ok(status);
            }
            anyhow::ensure!(Instant::now() < deadline, "the program is still running");
        }
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // Whatever a session left running ends with it; that it has gone already is fine.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
