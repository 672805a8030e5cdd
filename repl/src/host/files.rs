//! The files that a compilation may read: those of the disk, and the headers that are embedded.

use std::path::{Path, PathBuf};

use swerl_beam::Literal;
use swerl_lang::pp::Includes;

use super::compile::string;

/// Names of embedded files begin so; no path does.
const EMBEDDED: &str = "embedded:";

/// The folders that options `{code_path, Folder}` name, as compilations are told of the code path.
pub(super) fn code_path(options: &[Literal]) -> impl Iterator<Item = PathBuf> {
    options.iter().filter_map(|option| match option {
        Literal::Tuple(parts) => match parts.as_slice() {
            [tag, folder] if *tag == Literal::atom("code_path") => string(folder).map(PathBuf::from),
            _ => None,
        },
        _ => None,
    })
}

/// The disk, as the compiler sees it.
#[derive(Debug, Clone)]
pub struct Disk {
    code_path: Vec<PathBuf>,
}

impl Disk {
    /// With the code path that the options of a compilation name.
    #[must_use]
    pub fn of(options: &[Literal]) -> Self {
        Self { code_path: code_path(options).collect() }
    }
}

impl Includes for Disk {
    fn read(&self, path: &str) -> Option<Vec<u8>> {
        match path.strip_prefix(EMBEDDED) {
            Some(key) => swerl_stdlib::file(key).map(<[u8]>::to_vec),
            None => std::fs::read(path).ok(),
        }
    }

    /// Applications are looked for in the code path, in the folders that `ERL_LIBS` names, then among the embedded ones.
    fn application_folder(&self, application: &str) -> Option<String> {
        let in_path = self.code_path.iter().find_map(|folder| application_of(folder, application));
        if let Some(folder) = in_path.and_then(|folder| folder.to_str().map(str::to_owned)) {
            return Some(folder);
        }
        let folders = std::env::var_os("ERL_LIBS").unwrap_or_default();
        let on_disk = std::env::split_paths(&folders)
            .filter(|folder| !folder.as_os_str().is_empty())
            .find_map(|folder| in_folder(&folder, application));
        match on_disk {
            Some(folder) => folder.to_str().map(str::to_owned),
            None => swerl_stdlib::version(application).map(|_| format!("{EMBEDDED}{application}")),
        }
    }

    fn variable(&self, name: &str) -> Option<String> {
        std::env::var(name).ok()
    }
}

/// The folder of an application, from one of the code path: `NAME/ebin` or `NAME-VERSION/ebin`, or without `ebin`.
fn application_of(folder: &Path, application: &str) -> Option<PathBuf> {
    let folder = if folder.ends_with("ebin") { folder.parent()? } else { folder };
    let rest = folder.file_name()?.to_str()?.strip_prefix(application)?;
    // The embedded libraries stand in the code path too, as folders that are not there.
    ((rest.is_empty() || rest.starts_with('-')) && folder.is_dir()).then(|| folder.to_owned())
}

/// `FOLDER/NAME` or the last of `FOLDER/NAME-VERSION`.
fn in_folder(folder: &Path, application: &str) -> Option<PathBuf> {
    let plain = folder.join(application);
    if plain.is_dir() {
        return Some(plain);
    }
    let entries = std::fs::read_dir(folder).ok()?.flatten().map(|entry| entry.path());
    let versions = entries.filter(|path| {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or("");
        name.strip_prefix(application).is_some_and(|rest| rest.starts_with('-')) && path.is_dir()
    });
    versions.max()
}
