//! The terminal, or the pipes in its place: one thread owns the input, any thread may write.
//!
//! A read is asked for with [`Console::get_line`] and answered through the sink that [`Console::start`]
//! was given. Output that comes while a line is being edited appears above it, and the line is drawn
//! again beneath.
//!
//! Invariant: output reaches the terminal in the order of the calls to [`Console::put_chars`], none is
//! lost or held back for longer than a redraw. What is written during an edit waits in a queue that the
//! editor empties whenever it redraws, and that is emptied for good when the edit ends; both happen under
//! the lock that guards the queue.

pub mod history;
pub mod line;

use std::io::{IsTerminal, Write};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread;

use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcgetwinsize, tcsetattr};

use line::{LineEditor, PipeReader, TerminalEditor};

/// What a read ended with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// A line, with its line feed, in the bytes that were typed or read.
    Line(Vec<u8>),
    /// The end of the input.
    Eof,
    /// The user pressed Ctrl-C.
    Interrupt,
}

/// Receives answers, on a thread of the console's own.
pub type Sink = Box<dyn Fn(Answer) + Send + Sync>;

/// The way to the terminal. Cheap to clone; all clones are one terminal.
#[derive(Clone)]
pub struct Console {
    screen: Arc<Screen>,
    requests: Sender<String>,
    original_mode: Option<Termios>,
}

impl std::fmt::Debug for Console {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Console").field("is_terminal", &self.original_mode.is_some()).finish()
    }
}

impl Console {
    /// Takes over standard input and output. Answers go to `sink`: one for each read, and an
    /// [`Answer::Interrupt`] for each Ctrl-C, also when no read is going on.
    ///
    /// # Errors
    /// When the thread for signals cannot be set up.
    pub fn start(sink: Sink) -> std::io::Result<Console> {
        let screen = Arc::new(Screen::default());
        let (requests, asked) = channel();
        let sink = Arc::new(sink);
        let mut original_mode = None;
        if is_terminal() {
            // Between two reads the kernel would echo what is typed ahead, and the editor once more.
            original_mode = tcgetattr(std::io::stdin()).ok();
            if let Some(mode) = &original_mode {
                let mut quiet = mode.clone();
                quiet.local_modes.remove(LocalModes::ECHO);
                let _ = tcsetattr(std::io::stdin(), OptionalActions::Drain, &quiet);
            }
            let interrupts = Arc::clone(&sink);
            let mut signals = signal_hook::iterator::Signals::new([signal_hook::consts::SIGINT])?;
            thread::Builder::new().name("console signals".into()).spawn(move || {
                for _ in &mut signals {
                    interrupts(Answer::Interrupt);
                }
            })?;
        }
        let owner = Arc::clone(&screen);
        thread::Builder::new().name("console".into()).spawn(move || {
            // The history is read when the first line is asked for, not before.
            let Ok(first) = asked.recv() else { return };
            match is_terminal().then(|| TerminalEditor::open(Arc::clone(&owner))).flatten() {
                Some(editor) => serve(editor, first, &asked, &*sink),
                None => serve(PipeReader::new(owner), first, &asked, &*sink),
            }
        })?;
        Ok(Console { screen, requests, original_mode })
    }

    /// Asks for a line. The answer goes to the sink. Requests are served one after the other.
    pub fn get_line(&self, prompt: &str) {
        // The owner is gone only when the process is about to be.
        let _ = self.requests.send(prompt.to_owned());
    }

    /// Writes text, above the line that is being edited if there is one. Blocks while the terminal does.
    pub fn put_chars(&self, text: &[u8]) {
        self.screen.put_chars(text);
    }

    /// Gives the terminal back as it was found. To be called before the process ends.
    pub fn restore(&self) {
        let _ = std::io::stdout().flush();
        if let Some(mode) = &self.original_mode {
            let _ = tcsetattr(std::io::stdin(), OptionalActions::Drain, mode);
        }
    }
}

/// Whether lines can be edited: both ends are a terminal, and one that can move its cursor.
#[must_use]
pub fn is_terminal() -> bool {
    let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
    !dumb && std::io::stdin().is_terminal() && std::io::stdout().is_terminal()
}

/// The width of the terminal in cells, where there is one.
#[must_use]
pub fn columns() -> Option<u16> {
    let size = tcgetwinsize(std::io::stdout()).ok()?;
    (size.ws_col > 0).then_some(size.ws_col)
}

fn serve(mut editor: impl LineEditor, first: String, asked: &Receiver<String>, sink: &dyn Fn(Answer)) {
    let mut prompt = first;
    loop {
        sink(editor.read_line(&prompt));
        match asked.recv() {
            Ok(next) => prompt = next,
            Err(_) => return,
        }
    }
}

/// The output side: what waits to be shown above an edited line.
#[derive(Debug, Default)]
pub(crate) struct Screen {
    state: Mutex<Output>,
    queued: Condvar,
}

#[derive(Debug, Default)]
struct Output {
    editing: bool,
    queue: Vec<u8>,
    /// What stands on the current line before anything is edited: text since the last line feed.
    open_line: Vec<u8>,
}

/// A line longer than this is taken to be no prompt, and is not drawn again before an edited line.
const LONGEST_OPEN_LINE: usize = 1000;

impl Screen {
    fn state(&self) -> MutexGuard<'_, Output> {
        // A writer that panicked has left whole bytes behind.
        self.state.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    /// Writes, or queues while a line is being edited.
    pub(crate) fn put_chars(&self, text: &[u8]) {
        let mut state = self.state();
        if state.editing {
            state.queue.extend_from_slice(text);
            self.queued.notify_all();
        } else {
            state.write(text);
        }
    }

    /// From here on output is queued. Returns what stands on the line already.
    pub(crate) fn begin_edit(&self) -> String {
        let mut state = self.state();
        state.editing = true;
        let open = std::mem::take(&mut state.open_line);
        String::from_utf8_lossy(&open).into_owned()
    }

    /// From here on output is written at once; what has been queued is written now.
    pub(crate) fn end_edit(&self) {
        let mut state = self.state();
        state.editing = false;
        let queue = std::mem::take(&mut state.queue);
        state.write(&queue);
    }

    /// Takes what is to be shown above the edited line, ended by a line feed.
    pub(crate) fn take_queue(&self) -> String {
        let mut state = self.state();
        let mut text = String::from_utf8_lossy(&std::mem::take(&mut state.queue)).into_owned();
        if !text.is_empty() && !text.ends_with('\n') {
            text.push('\n');
        }
        text
    }

    /// Waits until something is queued during an edit.
    pub(crate) fn wait_for_queue(&self) {
        let mut state = self.state();
        while !state.editing || state.queue.is_empty() {
            state = self.queued.wait(state).unwrap_or_else(|poisoned| poisoned.into_inner());
        }
    }
}

impl Output {
    fn write(&mut self, text: &[u8]) {
        if text.is_empty() {
            return;
        }
        let mut out = std::io::stdout().lock();
        // Nobody reads any more: there is no one to tell.
        let _ = out.write_all(text).and_then(|()| out.flush());
        match text.iter().rposition(|byte| *byte == b'\n') {
            Some(end) => self.open_line = text[end + 1..].to_vec(),
            None => self.open_line.extend_from_slice(text),
        }
        if self.open_line.len() > LONGEST_OPEN_LINE {
            self.open_line.clear();
        }
    }
}
