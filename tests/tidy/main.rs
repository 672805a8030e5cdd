//! The house rules that a program can check: every file says what it is for, none outgrows its room,
//! `unsafe` stays where it may be and says why it holds, and nothing names the machine it was written on.

use std::path::{Path, PathBuf};

/// Folders with files that are data here: they are as they were found or as a program made them.
const AS_FOUND: &[&str] = &["tests/conformance/", "tests/transcripts/", "tests/bench/programs/"];

/// Where `unsafe` may be: the parts of the machine that own memory, or share it between threads. Native functions
/// are not among them, but for the one pointer of their context.
const UNSAFE_ROOMS: &[&str] = &[
    "vm/src/sys",
    "vm/src/sync",
    "vm/src/atom/table.rs",
    "vm/src/term",
    "vm/src/heap",
    "vm/src/code",
    "vm/src/proc",
    "vm/src/sched",
    "vm/src/interp",
    "vm/src/jit",
    // Exchanges the handlers that code words name.
    "vm/src/trace/breakpoint.rs",
    "vm/src/bif/mod.rs",
    // Lends the lock-free files of the machine what they need.
    "tests/loom/models.rs",
];

/// Lines that a file may have.
const LONGEST: usize = 900;
/// Longer ones: a table.
const LONGER: &[&str] = &["stdlib/stdlib/src/swerl_unicode_data.erl"];

struct Source {
    /// Path from the root, with slashes.
    name: String,
    text: String,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the tests lie in the repository").to_owned()
}

/// The files of the repository with one of these extensions.
fn sources(extensions: &[&str]) -> Vec<Source> {
    let root = root();
    let mut found = Vec::new();
    let mut open = vec![root.clone()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder of the repository").flatten() {
            let path = entry.path();
            let file_name = entry.file_name().to_string_lossy().into_owned();
            if path.is_dir() {
                if file_name != "target" && !file_name.starts_with('.') {
                    open.push(path);
                }
            } else if path.extension().is_some_and(|e| extensions.iter().any(|wanted| e == *wanted)) {
                let name =
                    path.strip_prefix(&root).expect("below the root").to_string_lossy().replace('\\', "/");
                let text =
                    String::from_utf8_lossy(&std::fs::read(&path).expect("a readable file")).into_owned();
                found.push(Source { name, text });
            }
        }
    }
    found.sort_by(|a, b| a.name.cmp(&b.name));
    found
}

fn is_as_found(source: &Source) -> bool {
    AS_FOUND.iter().any(|folder| source.name.starts_with(folder)) && !source.name.ends_with(".rs")
}

/// Fails with all findings at once.
fn assert_none(rule: &str, findings: &[String]) {
    assert!(findings.is_empty(), "{rule}:\n  {}", findings.join("\n  "));
}

#[test]
fn every_file_says_what_it_is_for() {
    let mut findings = Vec::new();
    for source in sources(&["rs", "erl", "hrl"]).iter().filter(|source| !is_as_found(source)) {
        let opening = if source.name.ends_with(".rs") { "//!" } else { "%%%" };
        let first = source.text.lines().find(|line| !line.trim().is_empty() && !line.starts_with("#!/"));
        if !first.is_some_and(|line| line.starts_with(opening)) {
            findings.push(format!("{} does not open with {opening}", source.name));
        }
    }
    assert_none("a file opens with what it is for", &findings);
}

#[test]
fn no_file_outgrows_its_room() {
    let mut findings = Vec::new();
    for source in sources(&["rs", "erl", "hrl", "lalrpop"]).iter().filter(|source| !is_as_found(source)) {
        let lines = source.text.lines().count();
        if lines > LONGEST && !LONGER.contains(&source.name.as_str()) {
            findings.push(format!("{}: {lines} lines", source.name));
        }
    }
    assert_none(&format!("no file has more than {LONGEST} lines"), &findings);
}

#[test]
fn unsafe_code_stays_in_its_rooms_and_says_why_it_holds() {
    let mut findings = Vec::new();
    for source in sources(&["rs"]) {
        let mut reason_at = None;
        for (index, line) in source.text.lines().enumerate() {
            let code = line.trim_start();
            if line.contains("SAFETY:") || line.contains("# Safety") {
                reason_at = Some(index);
            }
            if code.starts_with("//") || code.starts_with("#!") || !opens_unsafe(code) {
                continue;
            }
            let place = format!("{}:{}", source.name, index + 1);
            if !UNSAFE_ROOMS.iter().any(|room| source.name.starts_with(room)) {
                findings.push(format!("{place} uses unsafe code"));
            } else if reason_at.is_none_or(|at| index - at > 12) {
                findings.push(format!("{place} does not say why it holds (SAFETY:)"));
            }
        }
    }
    assert_none("unsafe code", &findings);
}

/// Whether a line of code opens an unsafe block or implementation.
fn opens_unsafe(code: &str) -> bool {
    ["unsafe {", "unsafe impl"].iter().any(|way| {
        // In a string or a table of rules it is a word, not code.
        code.find(way).is_some_and(|at| !code[..at].contains('"'))
    })
}

#[test]
fn crates_without_unsafe_code_forbid_it() {
    let crates = [
        "lang/beam/src/lib.rs",
        "lang/src/lib.rs",
        "stdlib/src/lib.rs",
        "repl/src/lib.rs",
        "tests/src/lib.rs",
    ];
    let forbids = |name: &&&str| {
        let text = std::fs::read_to_string(root().join(name)).expect("the crate is there");
        !text.contains("#![forbid(unsafe_code)]")
    };
    let findings: Vec<String> = crates.iter().filter(forbids).map(|name| (*name).to_owned()).collect();
    assert_none("a crate without unsafe code forbids it", &findings);
}

#[test]
fn nothing_names_the_machine_it_was_written_on() {
    // Put together here, so that this file does not name them.
    let needles = [["/wo", "rk/"], ["/tmp/bash", "_jobs"], ["/ro", "ot/"], [".lib", "rary/"]]
        .map(|halves| halves.concat());
    let kinds = ["rs", "erl", "hrl", "toml", "md", "lalrpop", "txt", "sh", "transcript"];
    let mut findings = Vec::new();
    for source in sources(&kinds) {
        for (index, line) in source.text.lines().enumerate() {
            if needles.iter().any(|needle| line.contains(needle.as_str())) {
                findings.push(format!("{}:{}: {}", source.name, index + 1, line.trim()));
            }
        }
    }
    assert_none("a path of one machine", &findings);
}

#[test]
fn what_is_left_to_do_names_its_issue() {
    let words = [["TO", "DO"], ["FIX", "ME"]].map(|halves| halves.concat());
    let mut findings = Vec::new();
    for source in sources(&["rs", "erl", "hrl", "lalrpop"]).iter().filter(|source| !is_as_found(source)) {
        for (index, line) in source.text.lines().enumerate() {
            let is_note = line.contains("//") || line.contains('%');
            if is_note && words.iter().any(|word| line.contains(word.as_str())) && !line.contains('#') {
                findings.push(format!("{}:{}: {}", source.name, index + 1, line.trim()));
            }
        }
    }
    assert_none("a note of what is left to do names its issue", &findings);
}
