//! The files that a compilation may read: those of the disk, and the headers that are embedded.

use std::path::{Path, PathBuf};

use swerl_lang::pp::Includes;

/// Names of embedded files begin so; no path does.
const EMBEDDED: &str = "embedded:";

/// The disk, as the compiler sees it.
#[derive(Debug, Clone, Copy)]
pub struct Disk;

impl Includes for Disk {
    fn read(&self, path: &str) -> Option<Vec<u8>> {
        match path.strip_prefix(EMBEDDED) {
            Some(key) => swerl_stdlib::file(key).map(<[u8]>::to_vec),
            None => std::fs::read(path).ok(),
        }
    }

    /// Applications are looked for in the folders that `ERL_LIBS` names, then among the embedded ones.
    fn application_folder(&self, application: &str) -> Option<String> {
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
