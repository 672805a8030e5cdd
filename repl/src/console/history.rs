//! The lines of earlier sessions, kept in a file of the user's.
//!
//! `SWERL_HISTORY` names the file, or is `off`; else it is `swerl/history` in the user's folder for
//! state. A history that cannot be read or written costs nothing but itself.

use std::path::PathBuf;

use rustyline::history::FileHistory;
use rustyline::{Editor, Helper};

/// Lines kept in the file.
const SIZE: usize = 2000;

/// Where lines are kept between sessions, if anywhere.
#[derive(Debug)]
pub(crate) struct History {
    file: Option<PathBuf>,
}

impl History {
    /// As the environment says.
    pub(crate) fn from_env() -> Self {
        let named = std::env::var_os("SWERL_HISTORY").filter(|name| !name.is_empty());
        let file = match named {
            Some(name) if name == "off" => None,
            Some(name) => Some(PathBuf::from(name)),
            None => state_folder().map(|folder| folder.join("swerl").join("history")),
        };
        History { file }
    }

    pub(crate) fn size(&self) -> usize {
        SIZE
    }

    pub(crate) fn load<H: Helper>(&self, editor: &mut Editor<H, FileHistory>) {
        if let Some(file) = &self.file {
            if let Some(folder) = file.parent() {
                let _ = std::fs::create_dir_all(folder);
            }
            // The first session has none.
            let _ = editor.load_history(file);
        }
    }

    /// Adds a line, unless it is blank or the one before it.
    pub(crate) fn add<H: Helper>(&self, editor: &mut Editor<H, FileHistory>, line: &str) {
        if line.trim().is_empty() || !matches!(editor.add_history_entry(line), Ok(true)) {
            return;
        }
        if let Some(file) = &self.file {
            let _ = editor.append_history(file);
        }
    }
}

fn state_folder() -> Option<PathBuf> {
    let set = |name| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    set("XDG_STATE_HOME").or_else(|| Some(set("HOME")?.join(".local").join("state")))
}
