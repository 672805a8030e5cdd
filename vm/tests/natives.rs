//! Native functions answer as OTP's do: modules of `natives/`, compiled by OTP's `erlc`, run on both machines, and
//! what they answer is compared case by case. Where OTP is not installed there is nothing to compare with.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use swerl_vm::atom::Atom;
use swerl_vm::{Config, Interrupt, Native, NativeContext, Vm, natives};

/// What the program under test has reported.
static REPORTED: Mutex<Vec<u8>> = Mutex::new(Vec::new());
/// One machine at a time reports.
static TURN: Mutex<()> = Mutex::new(());

fn report(
    ctx: &mut NativeContext<'_>,
    args: &[swerl_vm::term::Term],
) -> Result<swerl_vm::term::Term, Interrupt> {
    let bytes = args[0].as_binary().unwrap_or_default().into_owned();
    *REPORTED.lock().expect("not poisoned") = bytes;
    ctx.vm().halt(0);
    Ok(args[0])
}

const HOST: &[Native] = natives! {
    "host" {
        "report"/1 => report;
    }
};

/// The cases of a report: a count, then a label and an encoded value each, with their sizes before them.
fn cases(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut rest = bytes;
    let mut out = Vec::new();
    let field = |rest: &mut &[u8]| -> Option<Vec<u8>> {
        let size = u32::from_be_bytes(rest.get(..4)?.try_into().ok()?) as usize;
        let value = rest.get(4..4 + size)?.to_vec();
        *rest = &rest[4 + size..];
        Some(value)
    };
    while let (Some(label), Some(value)) = (field(&mut rest), field(&mut rest)) {
        out.push((String::from_utf8_lossy(&label).into_owned(), value));
    }
    out
}

fn shown(value: &[u8]) -> String {
    match swerl_beam::Literal::from_etf(value) {
        Ok(literal) => format!("{literal:?}"),
        Err(_) => format!("{value:?}"),
    }
}

fn compare(name: &str) {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/natives").join(format!("{name}.erl"));
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let compiled = Command::new("erlc").arg("-o").arg(&folder).arg(&source).status();
    if !compiled.is_ok_and(|status| status.success()) {
        eprintln!("no OTP here: {name} is not compared");
        return;
    }
    let beam = folder.join(format!("{name}.beam"));
    let answer = folder.join(format!("{name}.answer"));
    let script = format!("file:write_file(\"{}\", {name}:run()), halt().", answer.display());
    let status = Command::new("erl")
        .args(["-noshell", "-pa"])
        .arg(&folder)
        .args(["-eval", &script])
        .status()
        .expect("erl stands beside erlc");
    assert!(status.success());
    let expected = cases(&std::fs::read(&answer).expect("erl wrote it"));

    let turn = TURN.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    REPORTED.lock().expect("not poisoned").clear();
    let vm = Vm::start(Config::default(), &[HOST]);
    vm.load(&std::fs::read(&beam).expect("erlc wrote it")).expect("it loads");
    let module = Atom::new(name).expect("short");
    let start = Atom::new("start").expect("short");
    vm.spawn(module, start, &[]).expect("there is room");
    vm.wait();
    let got = cases(&REPORTED.lock().expect("not poisoned"));
    drop(turn);

    let mut wrong = Vec::new();
    for (label, value) in &expected {
        match got.iter().find(|(other, _)| other == label) {
            Some((_, other)) if other == value => {}
            Some((_, other)) => {
                wrong.push(format!("{label}: expected {}, got {}", shown(value), shown(other)));
            }
            None => wrong.push(format!("{label}: not reached")),
        }
    }
    assert!(!expected.is_empty(), "{name} has cases");
    assert!(wrong.is_empty(), "{} of {} differ:\n{}", wrong.len(), expected.len(), wrong.join("\n"));
}

#[test]
fn data_and_conversions() {
    compare("native_data");
}

#[test]
fn maps_and_hashes() {
    compare("native_maps");
}

#[test]
fn text_and_binaries() {
    compare("native_text");
}

#[test]
fn tables() {
    compare("native_ets");
}

#[test]
fn regular_expressions() {
    compare("native_re");
}
