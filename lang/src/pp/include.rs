//! Finding and opening included files.

use super::error::FaultKind;
use super::{DEEPEST_INCLUDE, Preprocessor};
use crate::lex;
use crate::source::Span;

/// The files that a compilation may read. The compiler itself does no IO.
pub trait Includes {
    /// The bytes of a file; `None` when it cannot be read.
    fn read(&self, path: &str) -> Option<Vec<u8>>;

    /// The folder of an application's installed version, for `-include_lib`.
    fn application_folder(&self, application: &str) -> Option<String>;

    /// The value of an environment variable, for `-include("$VAR/file.hrl")`.
    fn variable(&self, name: &str) -> Option<String>;
}

/// A source that stands alone: nothing can be included.
#[derive(Clone, Copy, Debug)]
pub struct NoFiles;

impl Includes for NoFiles {
    fn read(&self, _: &str) -> Option<Vec<u8>> {
        None
    }

    fn application_folder(&self, _: &str) -> Option<String> {
        None
    }

    fn variable(&self, _: &str) -> Option<String> {
        None
    }
}

impl Preprocessor<'_> {
    /// `-include("name").`; `place` is where the name stands.
    pub(super) fn include(&mut self, name: &str, place: Span) {
        if self.files.len() > DEEPEST_INCLUDE {
            return self.report(FaultKind::Depth("include").at(place));
        }
        let name = self.with_variable(name);
        match self.search(&name) {
            Some((path, bytes)) => self.open(&path, &bytes, place),
            None => self.report(FaultKind::IncludeFile(name).at(place)),
        }
    }

    /// `-include_lib("application/include/name").`
    pub(super) fn include_lib(&mut self, name: &str, directive: Span, place: Span) {
        if self.files.len() > DEEPEST_INCLUDE {
            return self.report(FaultKind::Depth("include_lib").at(directive));
        }
        let name = self.with_variable(name);
        let found = self.search(&name).or_else(|| {
            let (application, rest) = name.split_once('/')?;
            let path = join(&self.includes.application_folder(application)?, rest);
            let bytes = self.includes.read(&path)?;
            Some((path, bytes))
        });
        match found {
            Some((path, bytes)) => self.open(&path, &bytes, place),
            None => self.report(FaultKind::IncludeLib(name).at(place)),
        }
    }

    /// The first file of this name: beside the file that is being read, or in the include path.
    fn search(&self, name: &str) -> Option<(String, Vec<u8>)> {
        let try_path = |path: String| self.includes.read(&path).map(|bytes| (path, bytes));
        if is_absolute(name) {
            return try_path(name.to_owned());
        }
        let current = self.files.last().map_or("", |file| self.map.file(file.id).name());
        let folder =
            current.rsplit_once('/').map_or(".", |(folder, _)| if folder.is_empty() { "/" } else { folder });
        let mut folders = std::iter::once(folder).chain(self.options.include_path.iter().map(String::as_str));
        folders.find_map(|folder| try_path(join(folder, name)))
    }

    fn open(&mut self, path: &str, bytes: &[u8], place: Span) {
        match lex::add_source(self.map, path, bytes) {
            Ok(id) => self.enter(id),
            Err(_) => self.report(FaultKind::TooManyFiles.at(place)),
        }
    }

    /// A name that begins with `$VAR/`, with the variable's value.
    fn with_variable(&self, name: &str) -> String {
        let expanded = name.strip_prefix('$').and_then(|name| {
            let (variable, rest) = name.split_once('/').unwrap_or((name, ""));
            Some(join(&self.includes.variable(variable)?, rest))
        });
        expanded.unwrap_or_else(|| name.to_owned())
    }
}

fn is_absolute(name: &str) -> bool {
    name.starts_with('/') || name.as_bytes().get(1) == Some(&b':')
}

/// The name of a file in a folder. The working folder is left away, as `erlc` does.
fn join(folder: &str, name: &str) -> String {
    match folder.trim_end_matches('/') {
        "." => name.to_owned(),
        folder if name.is_empty() => folder.to_owned(),
        folder => format!("{folder}/{name}"),
    }
}
