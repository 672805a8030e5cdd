//! Reading one line: with rustyline on a terminal, plainly from a pipe.
//!
//! rustyline can print from another thread while it edits, but what is given to it just as the edit ends
//! stays with it until the next edit begins. So it is never given text: it is only woken, and when it
//! redraws for whatever reason, the text comes out of the console's own queue as part of the prompt.

use std::borrow::Cow;
use std::io::BufRead;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use rustyline::completion::{Completer, Pair};
use rustyline::config::{BellStyle, ColorMode, CompletionType, Config};
use rustyline::error::ReadlineError;
use rustyline::highlight::{CmdKind, Highlighter};
use rustyline::hint::Hinter;
use rustyline::history::FileHistory;
use rustyline::validate::Validator;
use rustyline::{
    Cmd, ConditionalEventHandler, Context, Editor, Event, EventContext, EventHandler, ExternalPrinter,
    Helper, KeyEvent, RepeatCount,
};

use super::history::History;
use super::{Answer, Expansion, Screen, Sink};

/// Where lines come from.
pub(crate) trait LineEditor {
    /// Shows `prompt` and reads a line.
    fn read_line(&mut self, prompt: &str) -> Answer;
}

/// Reads from a pipe or a file; the prompt is plain text.
#[derive(Debug)]
pub(crate) struct PipeReader {
    screen: Arc<Screen>,
}

impl PipeReader {
    pub(crate) fn new(screen: Arc<Screen>) -> Self {
        PipeReader { screen }
    }
}

impl LineEditor for PipeReader {
    fn read_line(&mut self, prompt: &str) -> Answer {
        self.screen.put_chars(prompt.as_bytes());
        let mut line = Vec::new();
        // The reader is locked for one line only: a program run by this one may read the rest.
        match std::io::stdin().lock().read_until(b'\n', &mut line) {
            Ok(0) | Err(_) => Answer::Eof,
            Ok(_) => Answer::Line(line),
        }
    }
}

/// Edits a line on a terminal.
pub(crate) struct TerminalEditor {
    editor: Editor<Redraw, FileHistory>,
    history: History,
    screen: Arc<Screen>,
    /// Whether the edit was ended by Ctrl-G.
    switched: Arc<AtomicBool>,
}

impl TerminalEditor {
    /// None when the terminal cannot be had after all.
    pub(crate) fn open(screen: Arc<Screen>, sink: Arc<Sink>) -> Option<Self> {
        let history = History::from_env();
        let config = Config::builder()
            .auto_add_history(false)
            .max_history_size(history.size())
            .and_then(|config| config.history_ignore_dups(true))
            .ok()?
            .bell_style(BellStyle::None)
            .completion_type(CompletionType::List)
            .completion_show_all_if_ambiguous(true)
            // The redraw below needs the callback, which is not made without colours.
            .color_mode(ColorMode::Forced)
            .build();
        let mut editor = Editor::with_config(config).ok()?;
        editor.set_helper(Some(Redraw { screen: Arc::clone(&screen), sink, by_key: AtomicBool::new(false) }));
        let switched = Arc::new(AtomicBool::new(false));
        editor.bind_sequence(
            KeyEvent::ctrl('G'),
            EventHandler::Conditional(Box::new(Switch(Arc::clone(&switched)))),
        );
        history.load(&mut editor);
        let mut printer = editor.create_external_printer().ok()?;
        let waker = thread::Builder::new().name("console waker".into());
        let queue = Arc::clone(&screen);
        waker
            .spawn(move || {
                loop {
                    queue.wait_for_queue();
                    if printer.print(String::new()).is_err() {
                        return;
                    }
                }
            })
            .ok()?;
        Some(TerminalEditor { editor, history, screen, switched })
    }
}

impl LineEditor for TerminalEditor {
    fn read_line(&mut self, prompt: &str) -> Answer {
        let before = self.screen.begin_edit();
        let result = self.editor.readline(&format!("{before}{prompt}"));
        self.screen.end_edit();
        match result {
            Ok(line) => {
                self.history.add(&mut self.editor, &line);
                Answer::Line((line + "\n").into_bytes())
            }
            Err(ReadlineError::Interrupted) if self.switched.swap(false, Ordering::Relaxed) => Answer::Switch,
            Err(ReadlineError::Interrupted) => Answer::Interrupt,
            // Also when the terminal has gone.
            Err(_) => Answer::Eof,
        }
    }
}

/// Ctrl-G ends the edit as Ctrl-C does, and leaves a note of it.
struct Switch(Arc<AtomicBool>);

impl ConditionalEventHandler for Switch {
    fn handle(&self, _: &Event, _: RepeatCount, _: bool, _: &EventContext<'_>) -> Option<Cmd> {
        self.0.store(true, Ordering::Relaxed);
        Some(Cmd::Interrupt)
    }
}

/// Brings queued output onto the screen whenever rustyline draws its prompt: at that moment the old
/// line has been cleared and the cursor stands where it began, or, when rustyline was woken, on the line
/// below, since it ends even an empty message with a line feed.
struct Redraw {
    screen: Arc<Screen>,
    sink: Arc<Sink>,
    /// Whether the drawing at hand is due to a key.
    by_key: AtomicBool,
}

impl Highlighter for Redraw {
    fn highlight_prompt<'b, 's: 'b, 'p: 'b>(&'s self, prompt: &'p str, _default: bool) -> Cow<'b, str> {
        let above = self.screen.take_queue();
        let was_woken = !self.by_key.swap(false, Ordering::Relaxed);
        match (was_woken, above.is_empty()) {
            (true, _) => Cow::Owned(format!("\x1b[A{above}{prompt}")),
            (false, true) => Cow::Borrowed(prompt),
            (false, false) => Cow::Owned(above + prompt),
        }
    }

    /// Asked before each drawing that a key causes. Always true: where rustyline would write a single
    /// character instead, it could not be told from being woken.
    fn highlight_char(&self, _line: &str, _pos: usize, _kind: CmdKind) -> bool {
        self.by_key.store(true, Ordering::Relaxed);
        true
    }
}

impl Helper for Redraw {}
impl Hinter for Redraw {
    type Hint = String;
}
impl Validator for Redraw {}
impl Completer for Redraw {
    type Candidate = Pair;

    /// Asks the shell. What it adds is one candidate; choices are shown and add nothing.
    fn complete(&self, line: &str, pos: usize, _: &Context<'_>) -> rustyline::Result<(usize, Vec<Pair>)> {
        let before = line.as_bytes()[..pos].to_vec();
        let Expansion { text, choices } = self.screen.await_expansion(|| (self.sink)(Answer::Expand(before)));
        let pair = |display: String, replacement: String| Pair { display, replacement };
        let candidates = if !text.is_empty() {
            vec![pair(text.clone(), text)]
        } else {
            choices.into_iter().map(|choice| pair(choice, String::new())).collect()
        };
        // The line is drawn again beneath the choices, and that is due to a key as well.
        self.by_key.store(true, Ordering::Relaxed);
        Ok((pos, candidates))
    }
}
