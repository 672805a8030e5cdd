//! Source texts and places in them.
//!
//! A [`SourceMap`] holds the text of every file that took part in a compilation, once, as UTF-8. A [`Span`] is
//! a range of bytes in one of them; it stays valid as long as the map. Lines and columns are computed on
//! demand: both count from one, columns count code points, as `erlc` does.
//!
//! A `-file("f", N)` attribute changes what the lines after it are called, not where they are: it is recorded
//! with [`SourceMap::rename_from`], and [`SourceMap::location`] answers with the new name and number.
//!
//! Forms that were never text (given to `compile:forms`, made by a parse transform) have locations all the same:
//! a file made by [`SourceMap::add_locations`] has no text, and an offset in it is the number of a location.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;
use swerl_beam::Literal;

/// A file of a [`SourceMap`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct FileId(u16);

/// A range of bytes in one file. The default is the empty range at the beginning of the first file.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// The first byte.
    pub start: u32,
    /// The byte after the last.
    pub end: u32,
}

impl Span {
    /// The range `start..end` of `file`.
    #[must_use]
    pub fn new(file: FileId, start: u32, end: u32) -> Self {
        Self { file, start, end }
    }

    /// The smallest range that covers both. When the two lie in different files (one of them came from an
    /// included macro, say), the first is the answer.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        if self.file == other.file {
            Self { file: self.file, start: self.start.min(other.start), end: self.end.max(other.end) }
        } else {
            self
        }
    }

    /// The empty range where this one starts.
    #[must_use]
    pub fn at_start(self) -> Self {
        Self { end: self.start, ..self }
    }

    /// The empty range where this one ends.
    #[must_use]
    pub fn at_end(self) -> Self {
        Self { start: self.end, ..self }
    }
}

impl fmt::Debug for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}..{}", self.file.0, self.start, self.end)
    }
}

/// A place as people read it.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Location {
    /// The name of the file, as given on the command line, by `-include`, or by `-file`.
    pub file: Arc<str>,
    /// Counted from one.
    pub line: u32,
    /// Counted from one, in code points. Zero where only the line is known.
    pub column: u32,
}

/// One text, and what its lines are called.
#[derive(Clone, Debug)]
pub struct SourceFile {
    name: Arc<str>,
    text: Arc<str>,
    /// The offset of the first byte of each line.
    lines: Vec<u32>,
    /// For each stretch of [`STRETCH`] bytes, how many bytes before it begin no code point; empty where none does
    /// not.
    continued: Vec<u32>,
    /// Effects of `-file`, by ascending offset.
    renames: Vec<Rename>,
    /// Whether the file goes on with bytes that could not be read.
    is_cut: bool,
    /// What offsets stand for in a file without text.
    locations: Vec<Location>,
}

/// Bytes are counted for columns in stretches of this many: lines may be as long as the file.
const STRETCH: usize = 256;

/// Whether a byte of UTF-8 goes on with a code point.
const fn is_continuation(byte: u8) -> bool {
    byte & 0xC0 == 0x80
}

#[derive(Clone, Debug)]
struct Rename {
    from: u32,
    name: Arc<str>,
    /// What to add to a line number.
    delta: i64,
}

impl SourceFile {
    fn new(name: Arc<str>, text: Arc<str>) -> Self {
        let newlines = memchr::memchr_iter(b'\n', text.as_bytes());
        let lines = std::iter::once(0).chain(newlines.map(|at| offset(at + 1))).collect();
        let mut continued = Vec::new();
        if !text.is_ascii() {
            let mut count = 0;
            for stretch in text.as_bytes().chunks(STRETCH) {
                continued.push(count);
                count += offset(stretch.iter().filter(|&&byte| is_continuation(byte)).count());
            }
            continued.push(count);
        }
        Self { name, text, lines, continued, renames: Vec::new(), is_cut: false, locations: Vec::new() }
    }

    /// How many bytes before `at` begin no code point.
    fn continuations_before(&self, at: usize) -> u32 {
        let Some(&before) = self.continued.get(at / STRETCH) else { return 0 };
        let rest = &self.text.as_bytes()[at / STRETCH * STRETCH..at];
        before + offset(rest.iter().filter(|&&byte| is_continuation(byte)).count())
    }

    /// The name under which the file was opened.
    #[must_use]
    pub fn name(&self) -> &Arc<str> {
        &self.name
    }

    /// The whole text.
    #[must_use]
    pub fn text(&self) -> &Arc<str> {
        &self.text
    }

    /// Whether the text ends where the file's bytes are in no known encoding.
    #[must_use]
    pub fn is_cut(&self) -> bool {
        self.is_cut
    }

    /// How many lines there are; an unfinished or empty last line counts.
    #[must_use]
    pub fn line_count(&self) -> u32 {
        offset(self.lines.len())
    }

    /// The line that byte `at` is in, counted from one, whatever `-file` says.
    #[must_use]
    pub fn line_of(&self, at: u32) -> u32 {
        offset(self.lines.partition_point(|&start| start <= at))
    }

    /// The text of a line without its line break; `None` past the end.
    #[must_use]
    pub fn line_text(&self, line: u32) -> Option<&str> {
        let index = (line as usize).checked_sub(1)?;
        let start = *self.lines.get(index)? as usize;
        let end = self.lines.get(index + 1).map_or(self.text.len(), |&next| next as usize - 1);
        self.text.get(start..end)
    }

    /// The offset of a line and column; `None` past the end.
    #[must_use]
    pub fn offset_of(&self, line: u32, column: u32) -> Option<u32> {
        let start = *self.lines.get((line as usize).checked_sub(1)?)?;
        let mut columns = self.line_text(line)?.char_indices();
        let at = columns.nth((column as usize).saturating_sub(1)).map(|(at, _)| offset(at));
        Some(start + at.unwrap_or_else(|| offset(self.line_text(line).map_or(0, str::len))))
    }

    /// The column of byte `at` in its line, counted from one, in code points.
    #[must_use]
    pub fn column_of(&self, at: u32) -> u32 {
        let line = (self.line_of(at) as usize).saturating_sub(1);
        let start = self.lines.get(line).map_or(0, |&start| start as usize);
        let at = (at as usize).clamp(start, self.text.len().max(start));
        offset(at - start + 1) - (self.continuations_before(at) - self.continuations_before(start))
    }

    fn rename_at(&self, at: u32) -> Option<&Rename> {
        self.renames[..self.renames.partition_point(|rename| rename.from <= at)].last()
    }
}

/// All files of one compilation.
#[derive(Clone, Debug, Default)]
pub struct SourceMap {
    files: Vec<SourceFile>,
    /// What annotations of forms say beside their location; the whole of them.
    annotations: HashMap<(FileId, u32), Literal>,
}

impl SourceMap {
    /// An empty map.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a file. The same name may be added again: an include file that is read twice is two files.
    ///
    /// # Errors
    /// When the map is full, or the text is longer than four gigabytes.
    pub fn add(
        &mut self,
        name: impl Into<Arc<str>>,
        text: impl Into<Arc<str>>,
    ) -> Result<FileId, SourceTooLarge> {
        let text = text.into();
        let id = u16::try_from(self.files.len()).map_err(|_| SourceTooLarge)?;
        if u32::try_from(text.len()).is_err() {
            return Err(SourceTooLarge);
        }
        self.files.push(SourceFile::new(name.into(), text));
        Ok(FileId(id))
    }

    /// Adds a file without text, for [`SourceMap::add_location`].
    ///
    /// # Errors
    /// When the map is full.
    pub fn add_locations(&mut self, name: impl Into<Arc<str>>) -> Result<FileId, SourceTooLarge> {
        let id = self.add(name, "")?;
        self.files[id.0 as usize].lines.clear();
        Ok(id)
    }

    /// The offset in `file`, a file without text, that stands for a location.
    pub fn add_location(&mut self, file: FileId, location: Location) -> u32 {
        let locations = &mut self.files[file.0 as usize].locations;
        locations.push(location);
        offset(locations.len() - 1)
    }

    /// Keeps the annotation that a location came in, for when the form is written again.
    pub fn set_annotation(&mut self, file: FileId, at: u32, annotation: Literal) {
        self.annotations.insert((file, at), annotation);
    }

    /// The annotation that a location came in, where it said more.
    #[must_use]
    pub fn annotation(&self, file: FileId, at: u32) -> Option<&Literal> {
        self.annotations.get(&(file, at))
    }

    /// Adds a file of which only the beginning could be read: `text` ends before the first bytes that are in no
    /// known encoding.
    ///
    /// # Errors
    /// As [`SourceMap::add`].
    pub fn add_cut(
        &mut self,
        name: impl Into<Arc<str>>,
        text: impl Into<Arc<str>>,
    ) -> Result<FileId, SourceTooLarge> {
        let id = self.add(name, text)?;
        self.files[id.0 as usize].is_cut = true;
        Ok(id)
    }

    /// A file of this map.
    ///
    /// # Panics
    /// When the id is from another map.
    #[must_use]
    pub fn file(&self, id: FileId) -> &SourceFile {
        &self.files[id.0 as usize]
    }

    /// The files, in the order in which they were added.
    pub fn files(&self) -> impl Iterator<Item = (FileId, &SourceFile)> {
        (0..).map(FileId).zip(&self.files)
    }

    /// The whole text of a file.
    #[must_use]
    pub fn text_of(&self, id: FileId) -> &str {
        &self.file(id).text
    }

    /// The text of a span.
    #[must_use]
    pub fn text(&self, span: Span) -> &str {
        self.file(span.file).text.get(span.start as usize..span.end as usize).unwrap_or("")
    }

    /// Records a `-file(Name, Line)`: from byte `from` of `file` on, lines are those of `name`, and the line
    /// that contains `from` has the number `line`.
    pub fn rename_from(&mut self, file: FileId, from: u32, name: impl Into<Arc<str>>, line: i64) {
        let file = &mut self.files[file.0 as usize];
        let delta = line - i64::from(file.line_of(from));
        file.renames.truncate(file.renames.partition_point(|rename| rename.from < from));
        file.renames.push(Rename { from, name: name.into(), delta });
    }

    /// The line where a span starts, as the user counts it.
    #[must_use]
    pub fn line(&self, span: Span) -> u32 {
        let file = self.file(span.file);
        if let Some(location) = file.locations.get(span.start as usize) {
            return location.line;
        }
        let delta = file.rename_at(span.start).map_or(0, |rename| rename.delta);
        u32::try_from(i64::from(file.line_of(span.start)) + delta).unwrap_or(0)
    }

    /// The column where a span starts.
    #[must_use]
    pub fn column(&self, span: Span) -> u32 {
        let file = self.file(span.file);
        file.locations.get(span.start as usize).map_or_else(|| file.column_of(span.start), |at| at.column)
    }

    /// The name of the file where a span starts, as the user calls it.
    #[must_use]
    pub fn file_name(&self, span: Span) -> &Arc<str> {
        let file = self.file(span.file);
        if let Some(location) = file.locations.get(span.start as usize) {
            return &location.file;
        }
        file.rename_at(span.start).map_or(&file.name, |rename| &rename.name)
    }

    /// The place where a span starts.
    #[must_use]
    pub fn location(&self, span: Span) -> Location {
        Location { file: self.file_name(span).clone(), line: self.line(span), column: self.column(span) }
    }
}

/// A compilation has room for 65,536 files of four gigabytes each.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("too many source files, or one that is too large")]
pub struct SourceTooLarge;

fn offset(at: usize) -> u32 {
    u32::try_from(at).expect("a source text is shorter than four gigabytes")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(text: &str) -> (SourceMap, FileId) {
        let mut map = SourceMap::new();
        let id = map.add("f.erl", text).unwrap();
        (map, id)
    }

    #[test]
    fn columns_count_code_points() {
        let (map, id) = map("a\nå∀b\n\nc");
        let b = Span::new(id, 7, 8);
        assert_eq!(map.text(b), "b");
        assert_eq!(map.location(b), Location { file: "f.erl".into(), line: 2, column: 3 });
        assert_eq!(map.location(Span::new(id, 8, 8)), Location { file: "f.erl".into(), line: 2, column: 4 });
        assert_eq!(
            map.location(Span::new(id, 10, 11)),
            Location { file: "f.erl".into(), line: 4, column: 1 }
        );
        assert_eq!(map.file(id).line_text(2), Some("å∀b"));
        assert_eq!(map.file(id).line_text(3), Some(""));
        assert_eq!(map.file(id).line_text(4), Some("c"));
        assert_eq!(map.file(id).line_text(5), None);
    }

    #[test]
    fn columns_far_into_a_line() {
        let text = "aé".repeat(1000);
        let (map, id) = map(&text);
        for (at, c) in (1..).zip(text.char_indices().map(|(at, _)| at)).map(|(column, at)| (at, column)) {
            assert_eq!(map.column(Span::new(id, u32::try_from(at).unwrap(), 3000)), c);
        }
        assert_eq!(map.file(id).column_of(5000), 2001);
    }

    #[test]
    fn file_attribute_renames_what_follows() {
        let (mut map, id) = map("a.\n-file(\"y.yrl\", 10).\nb.\n");
        map.rename_from(id, 23, "y.yrl", 10);
        assert_eq!(map.location(Span::new(id, 0, 1)), Location { file: "f.erl".into(), line: 1, column: 1 });
        assert_eq!(
            map.location(Span::new(id, 23, 24)),
            Location { file: "y.yrl".into(), line: 10, column: 1 }
        );
    }

    #[test]
    fn a_location_may_have_no_text() {
        let mut map = SourceMap::new();
        let id = map.add_locations("f.erl").unwrap();
        let at = map.add_location(id, Location { file: "g.erl".into(), line: 7, column: 3 });
        let location = map.location(Span::new(id, at, at));
        assert_eq!(location, Location { file: "g.erl".into(), line: 7, column: 3 });
        assert_eq!(map.file(id).line_text(1), None);
        assert_eq!(map.file(id).column_of(5), 1);
    }

    #[test]
    fn a_file_may_be_empty() {
        let (map, id) = map("");
        assert_eq!(map.location(Span::new(id, 0, 0)), Location { file: "f.erl".into(), line: 1, column: 1 });
    }
}
