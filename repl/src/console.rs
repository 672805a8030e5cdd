//! The terminal, or the pipes in its place: one thread owns the input, any thread may write.
//!
//! A read is asked for with [`Console::get_line`] and answered through the sink that [`Console::new`]
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
use std::os::fd::AsFd;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock};
use std::thread;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
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
    /// The user pressed Ctrl-G.
    Switch,
    /// The user pressed Tab behind this text; [`Console::expanded`] is waited for.
    Expand(Vec<u8>),
}

/// What may be typed next: text to add at the cursor, and the choices to show.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Expansion {
    /// To be added.
    pub text: String,
    /// To be chosen from.
    pub choices: Vec<String>,
}

/// Receives answers, on a thread of the console's own.
pub type Sink = Box<dyn Fn(Answer) + Send + Sync>;

/// The way to the terminal.
pub struct Console {
    screen: Arc<Screen>,
    sink: Arc<Sink>,
    input: OnceLock<Input>,
}

/// The input side, once somebody has asked for a line.
struct Input {
    requests: Sender<String>,
    /// How the terminal was found.
    original_mode: Option<Termios>,
}

impl std::fmt::Debug for Console {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Console").field("reads", &self.input.get().is_some()).finish()
    }
}

impl Console {
    /// Output can be written at once; the terminal is taken over when the first line is asked for. Answers go
    /// to `sink`: one for each read, and from then on an [`Answer::Interrupt`] for each Ctrl-C, also when
    /// no read is going on.
    #[must_use]
    pub fn new(sink: Sink) -> Console {
        Console { screen: Arc::default(), sink: Arc::new(sink), input: OnceLock::new() }
    }

    /// Asks for a line. The answer goes to the sink. Requests are served one after the other.
    pub fn get_line(&self, prompt: &str) {
        let input = self.input.get_or_init(|| Input::start(&self.screen, &self.sink));
        // The owner is gone only when the process is about to be.
        let _ = input.requests.send(prompt.to_owned());
    }

    /// Writes text, above the line that is being edited if there is one. Blocks while the terminal does.
    pub fn put_chars(&self, text: &[u8]) {
        self.screen.put_chars(text);
    }

    /// Writes text if that takes no waiting. False: nothing is written.
    #[must_use]
    pub fn put_chars_now(&self, text: &[u8]) -> bool {
        self.screen.put_chars_now(text)
    }

    /// The answer to [`Answer::Expand`].
    pub fn expanded(&self, expansion: Expansion) {
        self.screen.put_expansion(expansion);
    }

    /// Gives the terminal back as it was found. To be called before the process ends.
    pub fn restore(&self) {
        if self.screen.state().editing {
            // The editor cannot be asked to stop: what it switched on, bracketed paste, is switched off here.
            let _ = std::io::stdout().lock().write_all(b"\x1b[?2004l\r\n");
        }
        let _ = std::io::stdout().flush();
        if let Some(mode) = self.input.get().and_then(|input| input.original_mode.as_ref()) {
            let _ = tcsetattr(std::io::stdin(), OptionalActions::Drain, mode);
        }
    }
}

impl Input {
    fn start(screen: &Arc<Screen>, sink: &Arc<Sink>) -> Input {
        let (requests, asked) = channel();
        let original_mode = is_terminal().then(|| take_over(sink)).flatten();
        let (screen, sink) = (Arc::clone(screen), Arc::clone(sink));
        let owner = thread::Builder::new().name("console".into()).spawn(move || {
            let open = || TerminalEditor::open(Arc::clone(&screen), Arc::clone(&sink));
            match is_terminal().then(open).flatten() {
                Some(editor) => serve(editor, &asked, &sink),
                None => serve(PipeReader::new(screen), &asked, &sink),
            }
        });
        owner.expect("the system has a thread for the terminal");
        Input { requests, original_mode }
    }
}

/// Makes the terminal quiet between two reads, where the kernel would echo what is typed ahead and the
/// editor once more, and Ctrl-C an answer. Returns how the terminal was found.
fn take_over(sink: &Arc<Sink>) -> Option<Termios> {
    let original = tcgetattr(std::io::stdin()).ok()?;
    let mut quiet = original.clone();
    quiet.local_modes.remove(LocalModes::ECHO);
    let _ = tcsetattr(std::io::stdin(), OptionalActions::Drain, &quiet);
    let mut signals = signal_hook::iterator::Signals::new([signal_hook::consts::SIGINT]).ok()?;
    let sink = Arc::clone(sink);
    let listener = thread::Builder::new().name("console signals".into()).spawn(move || {
        for _ in &mut signals {
            sink(Answer::Interrupt);
        }
    });
    listener.expect("the system has a thread for signals");
    Some(original)
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

fn serve(mut editor: impl LineEditor, asked: &Receiver<String>, sink: &Sink) {
    while let Ok(prompt) = asked.recv() {
        sink(editor.read_line(&prompt));
    }
}

/// The output side: what waits to be shown above an edited line.
#[derive(Debug, Default)]
pub(crate) struct Screen {
    state: Mutex<Output>,
    queued: Condvar,
    expansion: Mutex<Option<Expansion>>,
    expanded: Condvar,
}

/// How long a Tab waits for its answer: a line that cannot be completed must not hold up typing.
const EXPANSION_PATIENCE: Duration = Duration::from_secs(2);

#[derive(Debug, Default)]
struct Output {
    editing: bool,
    queue: Vec<u8>,
    /// What stands on the current line before anything is edited: text since the last line feed.
    open_line: Vec<u8>,
}

/// A line longer than this is taken to be no prompt, and is not drawn again before an edited line.
const LONGEST_OPEN_LINE: usize = 1000;

/// A pipe that can be written to takes so many bytes at once (`PIPE_BUF`).
const ROOM: usize = 4096;

/// Can be written to without waiting? A terminal may be stopped in the middle of a text.
fn has_room(output: &(impl AsFd + IsTerminal)) -> bool {
    let mut asked = [PollFd::new(output, PollFlags::OUT)];
    !output.is_terminal()
        && poll(&mut asked, Some(&Timespec::default())) == Ok(1)
        && asked[0].revents() == PollFlags::OUT
}

impl Screen {
    fn state(&self) -> MutexGuard<'_, Output> {
        // A writer that panicked has left whole bytes behind.
        self.state.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    fn put_expansion(&self, expansion: Expansion) {
        *self.expansion.lock().unwrap_or_else(|poisoned| poisoned.into_inner()) = Some(expansion);
        self.expanded.notify_all();
    }

    /// Lets `ask` ask for an expansion, and waits for it.
    pub(crate) fn await_expansion(&self, ask: impl FnOnce()) -> Expansion {
        let mut expansion = self.expansion.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        *expansion = None;
        ask();
        let waited =
            self.expanded.wait_timeout_while(expansion, EXPANSION_PATIENCE, |answer| answer.is_none());
        let (mut answer, _) = waited.unwrap_or_else(|poisoned| poisoned.into_inner());
        answer.take().unwrap_or_default()
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

    /// As `put_chars`, where nobody else is at it and a pipe or file has room for the text.
    fn put_chars_now(&self, text: &[u8]) -> bool {
        let Ok(mut state) = self.state.try_lock() else { return false };
        if state.editing {
            state.queue.extend_from_slice(text);
            self.queued.notify_all();
            return true;
        }
        let room = text.len() <= ROOM && has_room(&std::io::stdout());
        if room {
            state.write(text);
        }
        room
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
