//! The conformance cases of `lint/`: everything that `erlc` prints, byte for byte.

use super::{foreseen, lint};
use crate::diag::{erlc, has_errors, rich, sort};
use crate::lex::add_source;
use crate::pp::{Includes, Options, preprocess};
use crate::source::SourceMap;
use crate::syntax::parse_items;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use swerl_beam::Literal;

/// Cases that come out differently, and why.
const OPEN: &[(&str, &str)] = &[
    ("bif_clash_options", "its option is a term, which the driver reads"),
    ("bin_opt_remarks", "the optimiser makes the remarks"),
    ("feature_from_outside", "its option is a term, which the driver reads"),
    ("foreseen_by_line", "its option is a term, which the driver reads"),
    ("format_variable", "its option is a term, which the driver reads"),
    ("lines_only", "its option is a term, which the driver reads"),
    ("qlc_queries", "the transform of queries is a module, which the driver runs"),
    ("qlc_queries_fine", "the transform of queries is a module, which the driver runs"),
    ("qlc_warnings", "the transform of queries is a module, which the driver runs"),
    ("recv_opt_remarks", "the optimiser makes the remarks"),
    ("warnings_and_errors", "the driver turns warnings into errors"),
    ("lines_asked_for", "how it is to be told is asked for in the program, which the driver reads"),
    ("warnings_by_line", "its option is a term, which the driver reads"),
    ("wrong_module_name", "the module's name is compared with the file's when the result is written"),
];

struct Folder(PathBuf);

impl Includes for Folder {
    fn read(&self, path: &str) -> Option<Vec<u8>> {
        std::fs::read(self.0.join(path)).ok()
    }

    fn application_folder(&self, _application: &str) -> Option<String> {
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
    if !has_errors(&diagnostics) {
        diagnostics.extend(foreseen(&forms, &map, &options));
    }
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

/// The reports for people about a text, without the messages' first lines' codes.
fn reports(text: &str) -> String {
    let mut map = SourceMap::new();
    let file = map.add("m.erl", text).unwrap();
    let items = preprocess(file, &mut map, &Folder(PathBuf::new()), &Options::default()).unwrap();
    let (forms, mut diagnostics) = parse_items(items);
    diagnostics.extend(lint(&forms, &map, &[]));
    sort(&mut diagnostics, &map);
    diagnostics.iter().map(|diagnostic| rich::render(diagnostic, &map, false)).collect()
}

#[test]
fn reports_point_at_the_cause() {
    let text = "-module(m).\n-export([f/2]).\nf(Key, X) ->\n    case X of\n        1 -> Y = Keys;\n        2 -> ok\n    end,\n    Y.\n";
    let expected = "\
error[unbound_var]: variable 'Keys' is unbound
 --> m.erl:5:18
  |
5 |         1 -> Y = Keys;
  |                  ^^^^
  |
  = help: did you mean Key?
error[unsafe_var]: variable 'Y' unsafe in 'case' (line 4, column 5)
 --> m.erl:8:5
  |
4 |     case X of
  |     ---- not every way through this `case` binds Y
...
8 |     Y.
  |     ^
  |
  = help: bind it in every clause, or use the value of the expression
warning[unused_var]: variable 'Key' is unused
 --> m.erl:3:3
  |
3 | f(Key, X) ->
  |   ^^^
  |
  = help: if that is intended, call it _Key
";
    assert_eq!(reports(text), expected);
}
