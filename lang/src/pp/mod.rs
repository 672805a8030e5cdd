//! The preprocessor: from a file to its forms, with macros expanded, conditionals decided and files included.
//!
//! Works on tokens, form by form. A fault costs the form it is in; the next one is treated as if nothing had
//! happened, so one run finds all faults. Reads files only through [`Includes`].

mod cond;
mod directive;
mod error;
mod expand;
mod include;
mod macros;
mod predefined;

pub use include::{Includes, NoFiles};
pub use macros::{Definition, Entry as MacroEntry};
pub use predefined::Define;

use crate::diag::Diagnostic;
use crate::lex::{ScanError, ScanErrorKind, ScanOptions, Scanner, Token, TokenKind};
use crate::source::{FileId, Location, SourceMap, Span};
use error::{Fault, FaultKind};
use macros::Macros;
use std::sync::Arc;
use swerl_beam::Atom;

/// Files may include each other this deep.
const DEEPEST_INCLUDE: usize = 8;

/// What the user asks of the preprocessor.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Where `-include` looks, after the folder of the file that includes.
    pub include_path: Vec<String>,
    /// Macros defined from outside, as with `-DNAME=VALUE`.
    pub defines: Vec<Define>,
    /// Features enabled from outside, as with `-enable-feature`.
    pub features: Vec<Atom>,
}

/// What comes out of the preprocessor, in the order of the text.
#[derive(Clone, Debug)]
pub enum Item {
    /// The tokens of a form, up to and with its full stop; a last form may lack it. No `?` is left in it.
    Form(Vec<Token>),
    /// From here on the text is that of this file, from this line on: at the beginning, where an included file
    /// begins and ends, and after a `-file` attribute. It stands for the form `-file(Name, Line)`.
    File {
        /// Where the attribute stands or would stand.
        place: Span,
        /// The name.
        name: Arc<str>,
        /// The line.
        line: i64,
        /// The program says so, by a `-file` attribute.
        is_said: bool,
    },
    /// An error or a warning.
    Diagnostic(Diagnostic),
    /// The end of the first file: always the last item.
    Eof(Span),
}

/// Preprocesses the file `main` of `map`; the files that it includes are added to the map.
///
/// # Errors
/// When a macro is defined from outside twice, or is a predefined one: the text of `erlc`.
pub fn preprocess(
    main: FileId,
    map: &mut SourceMap,
    includes: &dyn Includes,
    options: &Options,
) -> Result<Vec<Item>, String> {
    preprocess_with_features(main, map, includes, options).map(|(items, _)| items)
}

/// Whether there is a feature of the language of that name.
#[must_use]
pub fn is_feature(name: Atom) -> bool {
    all_features().contains(&name)
}

/// The features of the language that programs can ask for.
#[must_use]
pub fn all_features() -> Vec<Atom> {
    vec![Atom::new("maybe_expr")]
}

/// What is said where options name features that there are none; of no place in the program.
pub(crate) fn unknown_features(options: &Options) -> Option<Diagnostic> {
    let unknown: Vec<Atom> = options.features.iter().copied().filter(|&name| !is_feature(name)).collect();
    if unknown.is_empty() {
        return None;
    }
    let fault = FaultKind::UnknownFeatures(unknown).at(crate::ast::Place::default().point());
    Some(fault.into_diagnostic().without_place())
}

/// As [`preprocess`]; with the features of the language that are enabled at the end.
///
/// # Errors
/// As those of [`preprocess`].
pub fn preprocess_with_features(
    main: FileId,
    map: &mut SourceMap,
    includes: &dyn Includes,
    options: &Options,
) -> Result<(Vec<Item>, Vec<Atom>), String> {
    let mut preprocessor = Preprocessor::new(main, map, includes, options)?;
    preprocessor.enter(main);
    preprocessor.run(usize::MAX);
    Ok((preprocessor.items, preprocessor.features))
}

/// The macros that are there when so many items were made of a file, by name.
///
/// # Errors
/// As those of [`preprocess`].
pub fn macros_after(
    count: usize,
    main: FileId,
    map: &mut SourceMap,
    includes: &dyn Includes,
    options: &Options,
) -> Result<Vec<(Atom, MacroEntry)>, String> {
    let mut preprocessor = Preprocessor::new(main, map, includes, options)?;
    if count > 0 {
        preprocessor.enter(main);
        preprocessor.run(count);
    }
    let mut entries: Vec<_> = preprocessor.macros.table.into_iter().collect();
    entries.sort_by(|(one, _), (other, _)| one.as_str().cmp(other.as_str()));
    Ok(entries)
}

/// The kinds of conditional directive, as their faults name them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Conditional {
    Ifdef,
    Ifndef,
    If,
    /// What follows the first `-elif` after a part that was taken.
    Elif,
    Else,
}

/// A file that is being read.
#[derive(Debug)]
struct OpenFile {
    id: FileId,
    text: Arc<str>,
    /// The offset of what comes next.
    position: u32,
    /// Conditionals that are open and hold.
    active: Vec<Conditional>,
    /// Conditionals that are open inside one that does not hold, that one first. While there are any, forms
    /// are skipped.
    skipped: Vec<Conditional>,
}

struct Preprocessor<'a> {
    map: &'a mut SourceMap,
    includes: &'a dyn Includes,
    options: &'a Options,
    macros: Macros,
    features: Vec<Atom>,
    /// Whether `-feature` is still allowed.
    in_prefix: bool,
    files: Vec<OpenFile>,
    items: Vec<Item>,
}

impl<'a> Preprocessor<'a> {
    fn new(
        main: FileId,
        map: &'a mut SourceMap,
        includes: &'a dyn Includes,
        options: &'a Options,
    ) -> Result<Self, String> {
        let name = map.file(main).name().clone();
        let macros = Macros::new(&name, &options.defines, &options.features)?;
        Ok(Self {
            map,
            includes,
            options,
            macros,
            features: options.features.clone(),
            in_prefix: true,
            files: Vec::new(),
            items: Vec::new(),
        })
    }

    /// Begins to read a file.
    fn enter(&mut self, id: FileId) {
        let file = self.map.file(id);
        let name = file.name().clone();
        self.macros.set_file(&name);
        self.files.push(OpenFile {
            id,
            text: file.text().clone(),
            position: 0,
            active: Vec::new(),
            skipped: Vec::new(),
        });
        self.items.push(Item::File { place: Span::new(id, 0, 0), name, line: 1, is_said: false });
    }

    /// Reads until there are so many items, or everything was read.
    fn run(&mut self, count: usize) {
        while let Some(file) = self.files.last_mut().filter(|_| self.items.len() < count) {
            let options = ScanOptions {
                maybe_enabled: self.features.iter().any(|feature| feature.as_str() == "maybe_expr"),
                ..ScanOptions::default()
            };
            let mut scanner = Scanner::new(&file.text, file.id, options).starting_at(file.position);
            let start = file.position;
            let form = scanner.next_form();
            file.position = scanner.position();
            let is_skipping = !file.skipped.is_empty();
            let is_finished = matches!(&form, Some(Ok(tokens)) if tokens.last().is_some_and(|token| token.kind == TokenKind::Dot));
            if !is_finished && file.position as usize == file.text.len() && self.map.file(file.id).is_cut() {
                self.give_up();
                continue;
            }
            match form {
                None => self.leave(),
                Some(Ok(tokens)) if is_skipping => self.skip(&tokens),
                Some(Ok(tokens)) => self.form(tokens),
                Some(Err(_)) if is_skipping => {}
                Some(Err(error)) => {
                    let scanner = Scanner::new(&file.text, file.id, options).starting_at(start);
                    let diagnostic = scan_diagnostic(&error, scanner, &file.text);
                    self.items.push(Item::Diagnostic(diagnostic));
                }
            }
        }
    }

    /// Ends a file: all its conditionals must be closed.
    fn leave(&mut self) {
        let file = self.files.pop().expect("a file is being read");
        let end = Span::new(file.id, file.position, file.position);
        let open = if file.skipped.is_empty() { file.active } else { file.skipped };
        for conditional in open.iter().rev() {
            self.report(Fault::unterminated(*conditional, end));
        }
        match self.files.last() {
            None => self.items.push(Item::Eof(end)),
            Some(outer) => {
                let (id, position) = (outer.id, outer.position);
                self.back_in(id, position);
            }
        }
    }

    /// An included file has ended: its includer goes on. What `-file` said of that one is said again, after its own
    /// name and line.
    fn back_in(&mut self, id: FileId, position: u32) {
        let there = Span::new(id, position, position);
        let Location { file: said_name, line: said_line, column } = self.map.location(there);
        self.macros.set_file(&said_name);
        let (name, line) = (self.map.file(id).name().clone(), self.map.file(id).line_of(position));
        let is_renamed = said_name != name;
        let place = match said_line == line {
            true => there,
            false => self.add_place(Location { file: said_name.clone(), line, column }).unwrap_or(there),
        };
        self.items.push(Item::File { place, name, line: i64::from(line), is_said: false });
        if is_renamed {
            self.items.push(Item::File { place, name: said_name, line: i64::from(said_line), is_said: true });
        }
    }

    /// A place that no text has; none if the map is full.
    fn add_place(&mut self, location: Location) -> Option<Span> {
        let file = self.map.add_locations(location.file.clone()).ok()?;
        let at = self.map.add_location(file, location);
        Some(Span::new(file, at, at))
    }

    /// The text of a file ends before the file does.
    fn give_up(&mut self) {
        let file = self.file();
        let end = Span::new(file.id, file.position, file.position);
        file.active.clear();
        file.skipped.clear();
        self.report(FaultKind::InvalidEncoding.at(end));
        self.report(FaultKind::CannotParse.at(end));
        self.leave();
    }

    fn report(&mut self, fault: Fault) {
        self.items.push(Item::Diagnostic(fault.into_diagnostic()));
    }

    fn file(&mut self) -> &mut OpenFile {
        self.files.last_mut().expect("a file is being read")
    }
}

/// The message about a token; `scanner` stands at the beginning of its form.
fn scan_diagnostic(error: &ScanError, scanner: Scanner<'_>, text: &str) -> Diagnostic {
    let place = crate::ast::Place::new(error.span);
    let diagnostic = Diagnostic::error("erl_scan", error.kind.code(), place, error.kind.to_string())
        .with_descriptor(error.kind.descriptor());
    if error.kind == ScanErrorKind::IllegalCharacter {
        let character = text.get(error.span.start as usize..).and_then(|rest| rest.chars().next());
        return match character.and_then(pasted) {
            Some(help) => diagnostic.with_help(help),
            None => diagnostic,
        };
    }
    if !matches!(error.kind, ScanErrorKind::Unterminated { .. }) {
        return diagnostic;
    }
    // Where one quote is missing, strings are what stands between them; the first that is several lines long is the
    // likely one.
    let is_long = |token: &Token| {
        let text = text.get(token.span.start as usize..token.span.end as usize).unwrap_or("");
        matches!(token.kind, TokenKind::String(_)) && text.contains('\n') && !text.starts_with("\"\"\"")
    };
    let mut before = scanner.map_while(Result::ok).take_while(|token| token.span.start < error.span.start);
    match before.find(is_long) {
        Some(token) => {
            diagnostic.with_label(token.span, "this string goes on over lines: is its last quote missing?")
        }
        None => diagnostic.with_help("its last quote is missing"),
    }
}

/// What is meant by a character that comes from a web page or a word processor.
fn pasted(character: char) -> Option<&'static str> {
    Some(match character {
        '\u{201C}' | '\u{201D}' | '\u{201E}' | '\u{FF02}' => {
            "a curved quote: strings are quoted by a plain `\"`"
        }
        '\u{2018}' | '\u{2019}' | '\u{201A}' | '\u{FF07}' => {
            "a curved quote: atoms are quoted by a plain `'`"
        }
        '\u{2010}'..='\u{2015}' | '\u{2212}' => "a dash of text: minus is a plain `-`",
        '\u{2192}' | '\u{21D2}' => "an arrow is written `->`",
        '\u{2190}' => "an arrow is written `<-`",
        '\u{2260}' => "not equal is written `/=`",
        '\u{2264}' => "less or equal is written `=<`",
        '\u{2265}' => "greater or equal is written `>=`",
        '\u{2026}' => "three dots are written `...`",
        '\u{FF1B}' | '\u{FF0C}' | '\u{FF08}' | '\u{FF09}' | '\u{3002}' => {
            "a sign of full width: Erlang takes the plain one"
        }
        '\u{FEFF}' => "a byte order mark, which cannot be seen: save the file as UTF-8 without it",
        '\u{200B}'..='\u{200F}' | '\u{2060}' => {
            "a sign that cannot be seen: delete it and what is around it, and write that again"
        }
        '\u{2002}'..='\u{200A}' | '\u{3000}' => "a wide space of text: write a plain one",
        _ => return None,
    })
}

#[cfg(test)]
mod tests;
