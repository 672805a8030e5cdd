//! The Erlang libraries, compiled when this crate was built and kept in one archive.
//!
//! The archive lies in the program's read-only data; nothing is unpacked, and a module that nobody asks for is
//! never touched.
#![forbid(unsafe_code)]

/// All contents, one after the other.
static ARCHIVE: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/archive.bin"));

// The build script writes `TABLE`, which has name, start, end and checksum (of modules) of each content, sorted by name, and
// `APPLICATIONS`, which has name and version of each application.
include!(concat!(env!("OUT_DIR"), "/table.rs"));

/// A content by its name: a module under its own (`lists`), an application's resource as `APP.app`, a header file
/// as `APP/include/NAME.hrl`. `$index` has a line for each application: its name, its version and its modules.
#[must_use]
pub fn file(name: &str) -> Option<&'static [u8]> {
    let (start, end, _) = entry(name)?;
    Some(&ARCHIVE[start..end])
}

fn entry(name: &str) -> Option<(usize, usize, [u8; 16])> {
    let place = TABLE.binary_search_by(|(entry, ..)| (*entry).cmp(name)).ok()?;
    let (_, start, end, checksum) = TABLE[place];
    Some((start, end, checksum))
}

/// The checksum of a module, as `Module:module_info(md5)` shows it.
#[must_use]
pub fn checksum(name: &str) -> Option<[u8; 16]> {
    entry(name).map(|(_, _, checksum)| checksum)
}

/// The BEAM file of a module.
#[must_use]
pub fn module(name: &str) -> Option<&'static [u8]> {
    if is_module(name) { file(name) } else { None }
}

fn is_module(name: &str) -> bool {
    !name.contains(['/', '.', '$'])
}

/// The version of an application.
#[must_use]
pub fn version(application: &str) -> Option<&'static str> {
    let (_, version) = APPLICATIONS.iter().find(|(name, _)| *name == application)?;
    Some(version)
}

/// The names of all modules.
pub fn modules() -> impl Iterator<Item = &'static str> {
    TABLE.iter().map(|(name, ..)| *name).filter(|name| is_module(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boot_modules_are_there() {
        for name in ["init", "error_handler", "code", "code_server", "logger_server", "user", "group"] {
            let beam = module(name).unwrap_or_else(|| panic!("{name} is missing"));
            assert_eq!(&beam[..4], b"FOR1", "{name}");
        }
        assert_eq!(module("no_such_module"), None);
    }

    #[test]
    fn what_is_no_module_has_its_own_names() {
        assert!(file("kernel.app").is_some_and(|text| text.starts_with(b"%%")));
        assert!(file("$index").is_some_and(|text| text.starts_with(b"compiler 8.2.3 ")));
        assert!(file("kernel/include/file.hrl").is_some());
        assert_eq!(module("$index"), None);
        assert_eq!(version("stdlib"), Some("4.2"));
        assert_eq!(version("no_such_application"), None);
        assert!(modules().all(|name| module(name).is_some_and(|beam| beam.starts_with(b"FOR1"))));
    }
}
