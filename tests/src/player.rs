//! Plays a transcript script against a shell and compares what the screen shows.
//!
//! Lines above the cursor are output that will not change any more and are consumed from the top; the
//! line with the cursor is the prompt. Nothing is slept for: each step waits until the screen shows
//! what the step wants, and fails when the screen has settled on something else or the time is up.

use std::fmt::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::pattern::{Bindings, Pattern};
use crate::script::{Action, is_bare_prompt, parse};
use crate::terminal::{Size, Terminal};

/// How long the screen must stand still before a difference counts: a redraw may be half done.
const SETTLE: Duration = Duration::from_millis(400);

/// Plays the script in `path` against `command` in a fresh folder.
///
/// # Errors
/// When the session differs from the script; the message shows where, and the screen.
pub fn play(path: &Path, command: &[String]) -> Result<()> {
    let text = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
    let steps = parse(&text)?;
    let scratch = tempfile::tempdir()?;
    std::fs::create_dir(scratch.path().join("cwd"))?;
    std::fs::create_dir(scratch.path().join("home"))?;
    let mut player = Player {
        command,
        sources: path.parent().context("a script lies in a folder")?,
        scratch: scratch.path(),
        terminal: None,
        size: Size { columns: 80, rows: 24 },
        limit: Duration::from_secs(10),
        bindings: Bindings::new(),
        ignored: Vec::new(),
        consumed: 0,
        passing_over: false,
    };
    for step in &steps {
        if let Err(error) = player.perform(&step.action) {
            let wanted = text.lines().nth(step.line - 1).unwrap_or("");
            bail!("{}:{}: {wanted}\n  {error:#}\n{}", path.display(), step.line, player.picture());
        }
    }
    Ok(())
}

/// What a look at the screen says about the step at hand.
enum Look {
    /// The step holds; this many lines are consumed with it.
    Holds(usize),
    /// Nothing speaks against it, but it does not hold so far.
    Open,
    /// The screen shows something else.
    Differs(String),
}

struct Player<'a> {
    command: &'a [String],
    sources: &'a Path,
    scratch: &'a Path,
    terminal: Option<Terminal>,
    size: Size,
    limit: Duration,
    bindings: Bindings,
    ignored: Vec<Pattern>,
    /// Lines of the screen that earlier steps have accounted for.
    consumed: usize,
    passing_over: bool,
}

impl Player<'_> {
    fn perform(&mut self, action: &Action) -> Result<()> {
        match action {
            Action::Input { prompt, text } => self.input(prompt, text),
            Action::Expect(pattern) => self.expect(pattern),
            Action::Optional(pattern) => self.optional(pattern),
            Action::AnyOrder(patterns) => self.any_order(patterns),
            Action::PassOver => {
                self.passing_over = true;
                Ok(())
            }
            Action::Ignore(pattern) => {
                self.ignored.push(pattern.clone());
                Ok(())
            }
            Action::Heed => {
                self.ignored.clear();
                Ok(())
            }
            Action::Type(text) => self.started()?.type_text(text),
            Action::See(pattern) => self.at_cursor(pattern),
            Action::Copy(from, to) => {
                let (from, to) = (self.sources.join(from), self.scratch.join("cwd").join(to));
                std::fs::copy(&from, to).with_context(|| from.display().to_string())?;
                Ok(())
            }
            Action::Start(args) => self.start(args),
            Action::Timeout(seconds) => {
                self.limit = Duration::from_secs(*seconds);
                Ok(())
            }
            Action::Terminal(size) => {
                self.size = *size;
                Ok(())
            }
            Action::Exit(status) => self.exit(*status),
        }
    }

    fn start(&mut self, args: &[String]) -> Result<()> {
        let command: Vec<String> = self.command.iter().chain(args).cloned().collect();
        let home = self.scratch.join("home").display().to_string();
        // Without the last two, one session's history or settings would reach another.
        let env =
            [("LC_ALL", "C.UTF-8"), ("HOME", home.as_str()), ("XDG_STATE_HOME", ""), ("ERL_AFLAGS", "")];
        self.terminal = Some(Terminal::start(&command, &self.scratch.join("cwd"), &env, self.size)?);
        self.consumed = 0;
        Ok(())
    }

    fn started(&mut self) -> Result<&mut Terminal> {
        if self.terminal.is_none() {
            self.start(&[])?;
        }
        self.terminal.as_mut().context("the shell has not been started")
    }

    fn input(&mut self, prompt: &str, text: &str) -> Result<()> {
        self.at_cursor(&Pattern::parse(prompt))?;
        self.started()?.type_text(&format!("{text}\r"))?;
        let shown = format!("{prompt} {text}");
        self.wait(|lines, _| match lines.split_last().and_then(|(_, above)| above.first()) {
            Some(line) if line == shown.trim_end() => Look::Holds(1),
            Some(line) => Look::Differs(format!("the line typed is shown as: {line}")),
            None => Look::Open,
        })
    }

    /// Waits until the line with the cursor is `pattern` and everything above it is accounted for.
    fn at_cursor(&mut self, pattern: &Pattern) -> Result<()> {
        let passing_over = std::mem::take(&mut self.passing_over);
        self.wait(|lines, bindings| match lines.split_last() {
            None => Look::Open,
            Some((cursor, above)) if passing_over || above.is_empty() => {
                if pattern.matches(cursor, bindings) { Look::Holds(above.len()) } else { Look::Open }
            }
            Some((_, above)) => Look::Differs(format!("unexpected: {}", above[0])),
        })
    }

    fn expect(&mut self, pattern: &Pattern) -> Result<()> {
        let passing_over = std::mem::take(&mut self.passing_over);
        self.wait(|lines, bindings| {
            let above = lines.split_last().map_or(&[][..], |(_, above)| above);
            if passing_over {
                let found = above.iter().position(|line| pattern.matches(line, bindings));
                return found.map_or(Look::Open, |index| Look::Holds(index + 1));
            }
            match above.first() {
                None => Look::Open,
                Some(line) if pattern.matches(line, bindings) => Look::Holds(1),
                Some(line) => Look::Differs(format!("the screen shows: {line}")),
            }
        })
    }

    /// Consumes the line where it is; a screen that has settled without it is as good.
    fn optional(&mut self, pattern: &Pattern) -> Result<()> {
        let mut settled = Instant::now() + SETTLE;
        loop {
            let lines = self.unaccounted()?;
            if let [first, .., _cursor] = lines.as_slice() {
                if pattern.matches(first, &mut self.bindings) {
                    self.consume(1);
                }
                return Ok(());
            }
            if Instant::now() >= settled {
                return Ok(());
            }
            if self.started()?.wait_for_output(Duration::from_millis(20)) {
                settled = Instant::now() + SETTLE;
            }
        }
    }

    fn any_order(&mut self, patterns: &[Pattern]) -> Result<()> {
        let mut left: Vec<&Pattern> = patterns.iter().collect();
        while !left.is_empty() {
            let mut chosen = None;
            self.wait(|lines, bindings| match lines {
                [] | [_] => Look::Open,
                [line, ..] => {
                    chosen = left.iter().position(|pattern| pattern.matches(line, bindings));
                    match chosen {
                        Some(_) => Look::Holds(1),
                        None => Look::Differs(format!("the screen shows: {line}")),
                    }
                }
            })?;
            if let Some(index) = chosen {
                left.remove(index);
            }
        }
        Ok(())
    }

    fn exit(&mut self, wanted: i32) -> Result<()> {
        let limit = self.limit;
        let passing_over = std::mem::take(&mut self.passing_over);
        let status = self.started()?.wait_for_exit(limit)?;
        let left = self.unaccounted()?;
        // A shell that was told to end may have put out its next prompt before it did.
        let unexpected = left.iter().find(|line| !line.is_empty() && !is_bare_prompt(line));
        if let Some(line) = unexpected.filter(|_| !passing_over) {
            bail!("unexpected: {line}");
        }
        match status.code() {
            Some(code) if code == wanted => Ok(()),
            Some(code) => bail!("the exit status is {code}"),
            None => bail!("ended by a signal: {status}"),
        }
    }

    /// Looks at the unaccounted lines until `look` holds, then consumes what it says.
    fn wait(&mut self, mut look: impl FnMut(&[String], &mut Bindings) -> Look) -> Result<()> {
        let deadline = Instant::now() + self.limit;
        let mut settled = Instant::now() + SETTLE;
        loop {
            let lines = self.unaccounted()?;
            match look(&lines, &mut self.bindings) {
                Look::Holds(count) => {
                    self.consume(count);
                    return Ok(());
                }
                Look::Differs(why) if Instant::now() >= settled => bail!(why),
                Look::Differs(_) | Look::Open => {}
            }
            if self.started()?.has_ended() {
                bail!("not seen, and the program has ended");
            }
            if Instant::now() >= deadline {
                bail!("not seen within {} s", self.limit.as_secs());
            }
            if self.started()?.wait_for_output(Duration::from_millis(20)) {
                settled = Instant::now() + SETTLE;
            }
        }
    }

    /// The lines not consumed so far, without the ignored ones, the line with the cursor last.
    fn unaccounted(&mut self) -> Result<Vec<String>> {
        let lines = self.started()?.lines();
        let lines = lines.get(self.consumed..).unwrap_or_default();
        let Some((cursor, above)) = lines.split_last() else { return Ok(Vec::new()) };
        let mut kept: Vec<String> = above.iter().filter(|line| !self.is_ignored(line)).cloned().collect();
        kept.push(cursor.clone());
        Ok(kept)
    }

    fn is_ignored(&self, line: &str) -> bool {
        self.ignored.iter().any(|pattern| pattern.matches(line, &mut self.bindings.clone()))
    }

    /// Accounts for the next `count` lines that are not ignored, and for ignored ones before them.
    fn consume(&mut self, count: usize) {
        let lines = self.terminal.as_ref().map(Terminal::lines).unwrap_or_default();
        let mut left = count;
        while left > 0 && self.consumed < lines.len() {
            if !self.is_ignored(&lines[self.consumed]) {
                left -= 1;
            }
            self.consumed += 1;
        }
    }

    /// The screen, with a mark where the accounted part ends, for a person to read.
    fn picture(&self) -> String {
        let lines = self.terminal.as_ref().map(Terminal::lines).unwrap_or_default();
        let mut picture = String::from("  the screen (`+` is accounted for):\n");
        let from = self.consumed.saturating_sub(12);
        for (index, line) in lines.iter().enumerate().skip(from) {
            let mark = if index < self.consumed { '+' } else { ' ' };
            let _ = writeln!(picture, "  {mark} {line}");
        }
        if !self.bindings.is_empty() {
            let mut names: Vec<_> =
                self.bindings.iter().map(|(name, value)| format!("{name} = {value}")).collect();
            names.sort();
            let _ = writeln!(picture, "  with {}", names.join(", "));
        }
        picture
    }
}
