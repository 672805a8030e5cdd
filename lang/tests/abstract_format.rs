//! The forms of OTP's own sources, compared with those that OTP's `epp` and `erl_parse` read from them. Needs a
//! real `erl`; passes without looking where none is installed.
//!
//! `SWERL_FORMS=FILE...` compares other files.

#![allow(clippy::unwrap_used, reason = "a test may fail so")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use swerl_beam::Literal;
use swerl_lang::pp::{self, Includes};
use swerl_lang::source::SourceMap;
use swerl_lang::syntax::forms::{Annotations, LineAndColumn, read_form, write_form};
use swerl_lang::syntax::parse_items;

/// Writes the forms of each file named on the standard input to a file of its own, numbered.
const DUMP: &str = r#"
    dump(Dir) ->
        File = fun File(N) ->
            case io:get_line("") of
                eof -> ok;
                Line ->
                    Name = string:trim(Line),
                    {ok, Forms} = epp:parse_file(Name, [{location, {1, 1}}, {includes, ["../include"]}]),
                    Path = filename:join(Dir, integer_to_list(N)),
                    ok = file:write_file(Path, term_to_binary(Forms)),
                    File(N + 1)
            end
        end,
        File(0).
"#;

struct Disk {
    root: PathBuf,
}

impl Includes for Disk {
    fn read(&self, path: &str) -> Option<Vec<u8>> {
        std::fs::read(path).ok()
    }

    fn application_folder(&self, application: &str) -> Option<String> {
        let mut folders = std::fs::read_dir(&self.root)
            .ok()?
            .filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        let folder = folders.find(|name| name.split('-').next() == Some(application))?;
        Some(format!("{}/{folder}", self.root.display()))
    }

    fn variable(&self, name: &str) -> Option<String> {
        std::env::var(name).ok()
    }
}

fn erl(code: &str) -> Option<Command> {
    Command::new("erl").args(["-noshell", "-eval", "1", "-s", "init", "stop"]).output().ok()?;
    let mut command = Command::new("erl");
    command.args(["-noshell", "-eval", code, "-s", "init", "stop"]);
    Some(command)
}

fn library_root() -> Option<PathBuf> {
    let output = erl("io:format(\"~s\", [code:lib_dir()])")?.output().ok()?;
    Some(PathBuf::from(String::from_utf8(output.stdout).ok()?))
}

fn sources(root: &Path) -> BTreeSet<String> {
    if let Ok(files) = std::env::var("SWERL_FORMS") {
        return files.split_whitespace().map(str::to_owned).collect();
    }
    let mut files = BTreeSet::new();
    for application in ["stdlib", "kernel", "compiler"] {
        let Some(folder) = (Disk { root: root.to_owned() }).application_folder(application) else { continue };
        let Ok(entries) = std::fs::read_dir(format!("{folder}/src")) else { continue };
        let names = entries.filter_map(|entry| entry.ok()?.path().to_str().map(str::to_owned));
        files.extend(names.filter(|name| name.ends_with(".erl")));
    }
    files
}

/// The same term with strings as lists, and without the marks that `epp` leaves on quoted atoms that a later
/// release reserves.
fn plain(term: Literal) -> Literal {
    match term {
        Literal::List(mut items, _) if is_marked(&items) => match items.remove(1) {
            Literal::Tuple(mut location) => location.remove(1),
            other => other,
        },
        Literal::Str(bytes) => {
            Literal::list(bytes.iter().map(|&byte| Literal::Int(i64::from(byte))).collect())
        }
        Literal::List(elements, tail) => {
            Literal::List(elements.into_iter().map(plain).collect(), Box::new(plain(*tail)))
        }
        Literal::Tuple(elements) => Literal::Tuple(elements.into_iter().map(plain).collect()),
        other => other,
    }
}

/// Whether this is `[{text, Text}, {location, Location}]`.
fn is_marked(items: &[Literal]) -> bool {
    let [Literal::Tuple(text), Literal::Tuple(location)] = items else { return false };
    let key = |pair: &[Literal], key| pair.len() == 2 && pair[0] == Literal::atom(key);
    key(text, "text") && key(location, "location")
}

/// The first place where two terms differ.
fn difference(ours: &Literal, theirs: &Literal) -> Option<(Literal, Literal)> {
    match (ours, theirs) {
        (Literal::Tuple(a), Literal::Tuple(b)) | (Literal::List(a, _), Literal::List(b, _))
            if a.len() == b.len() =>
        {
            let inner = a.iter().zip(b).find_map(|(a, b)| difference(a, b));
            inner.or_else(|| (ours != theirs).then(|| (ours.clone(), theirs.clone())))
        }
        (Literal::Map(a), Literal::Map(b)) => {
            let same = a.len() == b.len() && a.iter().all(|pair| b.contains(pair));
            (!same).then(|| (ours.clone(), theirs.clone()))
        }
        _ => (ours != theirs).then(|| (ours.clone(), theirs.clone())),
    }
}

/// `-file` attributes are not compared: after an included file, OTP may write two in a row.
fn is_about_a_file(form: &Literal) -> bool {
    let Literal::Tuple(parts) = form else { return false };
    matches!(&parts[..], [_, _, Literal::Atom(name), _] if name.as_str() == "file")
}

/// Compares one file; the number of forms that are equal.
fn compare(file: &str, root: &Path, theirs: Literal) -> Result<usize, String> {
    let text = std::fs::read(file).map_err(|error| error.to_string())?;
    let (text, _) = swerl_lang::lex::decode(&text).map_err(|error| format!("{error:?}"))?;
    let mut map = SourceMap::new();
    let main = map.add(file, text).map_err(|error| error.to_string())?;
    let options = pp::Options { include_path: vec!["../include".into()], ..pp::Options::default() };
    let items = pp::preprocess(main, &mut map, &Disk { root: root.to_owned() }, &options)?;
    let (forms, diagnostics) = parse_items(items);
    let ours = forms.iter().map(|form| plain(write_form(form, &LineAndColumn(&map))));
    let ours: Vec<_> = ours.filter(|form| !is_about_a_file(form)).collect();
    let Literal::List(theirs, _) = plain(theirs) else { return Err("no forms".into()) };
    let errors = |form: &&Literal| matches!(form, Literal::Tuple(parts) if parts.len() == 2 && parts[0] != Literal::atom("eof"));
    let faults = theirs.iter().filter(errors).count();
    if faults != diagnostics.len() {
        return Err(format!("{faults} faults, {diagnostics:?}"));
    }
    let theirs = theirs.iter().filter(|form| !errors(form) && !is_about_a_file(form));
    let mut count = 0;
    for (ours, theirs) in ours.iter().zip(theirs.clone()) {
        if let Some((a, b)) = difference(ours, theirs) {
            return Err(format!("form {count}\n ours   {a:?}\n theirs {b:?}"));
        }
        let mut other_map = SourceMap::new();
        let mut annotations = Annotations::new(&mut other_map, "").map_err(|error| error.to_string())?;
        let again = read_form(ours, &mut annotations).map_err(|bad| format!("not read: {:?}", bad.term))?;
        let again = plain(write_form(&again, &annotations));
        if let Some((a, b)) = difference(&again, ours) {
            return Err(format!("form {count} changed when read\n then {a:?}\n before {b:?}"));
        }
        count += 1;
    }
    if ours.len() != theirs.clone().count() {
        return Err(format!("{} forms instead of {}", ours.len(), theirs.count()));
    }
    Ok(count)
}

#[test]
fn forms_are_those_of_otp() {
    let Some(root) = library_root().filter(|root| root.exists()) else { return };
    let files = sources(&root);
    let scratch = std::env::temp_dir().join(format!("swerl_forms_{}", std::process::id()));
    std::fs::create_dir_all(&scratch).unwrap();
    let module = format!("-module(dump).\n-export([dump/1]).\n{DUMP}");
    std::fs::write(scratch.join("dump.erl"), module).unwrap();
    let code = format!("{{ok, _}} = c:c(dump), dump:dump(\"{}\")", scratch.display());
    std::fs::write(scratch.join("files"), files.iter().cloned().collect::<Vec<_>>().join("\n")).unwrap();
    let input = std::fs::File::open(scratch.join("files")).unwrap();
    let status = erl(&code).unwrap().current_dir(&scratch).stdin(input).status().unwrap();
    assert!(status.success());
    let check = || {
        let (mut forms, mut failures) = (0, Vec::new());
        for (index, file) in files.iter().enumerate() {
            let bytes = std::fs::read(scratch.join(index.to_string())).unwrap();
            let theirs = Literal::from_etf(&bytes).unwrap();
            match compare(file, &root, theirs) {
                Ok(count) => forms += count,
                Err(error) => failures.push(format!("{file}: {error}")),
            }
        }
        println!("{forms} forms of {} files are equal, {} files differ", files.len(), failures.len());
        assert!(failures.is_empty(), "{}", failures.join("\n"));
    };
    let result = std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(256 << 20);
        thread.spawn_scoped(scope, check).unwrap().join()
    });
    std::fs::remove_dir_all(&scratch).unwrap();
    if let Err(panic) = result {
        std::panic::resume_unwind(panic);
    }
}
