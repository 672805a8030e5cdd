//! The Erlang libraries, compiled when this crate was built and kept in one archive.
//!
//! The archive lies in the program's read-only data; nothing is unpacked, and a module that nobody asks for is
//! never touched.
#![forbid(unsafe_code)]

/// All contents, one after the other.
static ARCHIVE: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/archive.bin"));

/// Name, start and end of each content, sorted by name.
static TABLE: &[(&str, usize, usize)] = include!(concat!(env!("OUT_DIR"), "/table.rs"));

fn find(name: &str) -> Option<&'static [u8]> {
    let place = TABLE.binary_search_by(|(entry, _, _)| (*entry).cmp(name)).ok()?;
    let (_, start, end) = TABLE[place];
    Some(&ARCHIVE[start..end])
}

/// The BEAM file of a module. Under `APP.app` there is an application's resource, and under `$index` the list
/// `[{Application, Version, Modules}]` in external term format.
#[must_use]
pub fn module(name: &str) -> Option<&'static [u8]> {
    if name.contains('/') { None } else { find(name) }
}

/// A header file of an application, as `-include_lib("APP/include/NAME")` asks for it.
#[must_use]
pub fn header(application: &str, name: &str) -> Option<&'static [u8]> {
    find(&format!("{application}/include/{name}"))
}

/// The names of all modules.
pub fn modules() -> impl Iterator<Item = &'static str> {
    TABLE.iter().map(|(name, _, _)| *name).filter(|name| !name.contains(['/', '.', '$']))
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
        assert!(module("kernel.app").is_some_and(|text| text.starts_with(b"%%")));
        assert!(module("$index").is_some_and(|bytes| bytes[0] == 131));
        assert!(header("kernel", "file.hrl").is_some());
        assert!(modules().all(|name| module(name).is_some_and(|beam| beam.starts_with(b"FOR1"))));
    }
}
