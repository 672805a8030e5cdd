//! The conformance cases of `lint/`: everything that `erlc` prints, byte for byte.

use super::lint;
use crate::diag::{erlc, has_errors, sort};
use crate::lex::add_source;
use crate::pp::{Includes, Options, preprocess};
use crate::source::SourceMap;
use crate::syntax::parse_items;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use swerl_beam::Literal;

/// Cases that come out differently, and why.
const OPEN: &[(&str, &str)] = &[
    ("warn_match", "clauses that cannot match are found by the optimiser"),
    ("wrong_module_name", "the module's name is compared with the file's when the result is written"),
];

struct Folder(PathBuf);

impl Includes for Folder {
    fn read(&self, path: &str) -> Option<Vec<u8>> {
        std::fs::read(self.0.join(path)).ok()
    }

    fn library(&self, _application: &str) -> Option<String> {
        None
    }

    fn variable(&self, _name: &str) -> Option<String> {
        None
    }
}

/// What a compilation of the file prints, as far as the linter's side goes.
fn messages(folder: &Path, name: &str) -> String {
    let bytes = std::fs::read(folder.join(name)).unwrap();
    let text = String::from_utf8_lossy(&bytes);
    let flags = text.lines().find_map(|line| line.strip_prefix("%%! erlc ")).unwrap_or_default();
    let options: Vec<_> =
        flags.split_whitespace().filter_map(|flag| flag.strip_prefix('+')).map(Literal::atom).collect();
    let mut map = SourceMap::new();
    let file = add_source(&mut map, name, &bytes).unwrap();
    let items = preprocess(file, &mut map, &Folder(folder.into()), &Options::default()).unwrap();
    let (forms, mut diagnostics) = parse_items(items);
    diagnostics.extend(lint(&forms, &map, &options));
    if flags.contains("-W0") && !has_errors(&diagnostics) {
        diagnostics.clear();
    }
    sort(&mut diagnostics, &map);
    erlc::render_all(&diagnostics, &map)
}

#[test]
fn messages_are_those_of_erlc() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/conformance/lint");
    let mut cases: Vec<String> = std::fs::read_dir(&folder)
        .unwrap()
        .filter_map(|entry| {
            entry.unwrap().file_name().into_string().ok()?.strip_suffix(".erl").map(str::to_owned)
        })
        .collect();
    cases.sort();
    let mut failing = BTreeSet::new();
    for case in &cases {
        let expected = std::fs::read_to_string(folder.join(format!("{case}.out"))).unwrap();
        let printed = messages(&folder, &format!("{case}.erl"));
        if printed != expected {
            failing.insert(case.as_str());
            if !OPEN.iter().any(|(name, _)| name == case) {
                println!("==== {case}\n---- expected\n{expected}---- printed\n{printed}");
            }
        }
    }
    let open: BTreeSet<&str> = OPEN.iter().map(|(case, _)| *case).collect();
    assert_eq!(failing, open);
}
