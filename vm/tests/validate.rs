//! The validator against real files: it accepts every one, and no damage to one makes it panic.
#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use swerl_beam::{Module, WriteOptions};
use swerl_tests::mutation::{Numbers, damage_bytes, damage_code};
use swerl_vm::code::check;

#[test]
fn every_file_of_otp_is_accepted() {
    let mut rejected = Vec::new();
    for path in support::otp_beams() {
        if let Err(error) = check(&std::fs::read(&path).unwrap()) {
            rejected.push(format!("{}: {error}", path.display()));
        }
    }
    assert!(rejected.is_empty(), "{} rejected:\n{}", rejected.len(), rejected.join("\n"));
}

fn some_modules() -> Vec<Module> {
    let names = ["orddict.beam", "queue.beam", "gen.beam", "proplists.beam", "timer.beam", "base64.beam"];
    let beams = support::otp_beams();
    let chosen = beams.iter().filter(|path| names.iter().any(|name| path.ends_with(name)));
    chosen.map(|path| Module::read(&std::fs::read(path).unwrap()).unwrap()).collect()
}

/// Bytes changed at random: most mutants fail to read, the others fail to validate or are sound.
#[test]
fn damaged_files_are_rejected_or_sound() {
    let mut numbers = Numbers::new(0x5eed);
    for module in some_modules() {
        let small = Module { other_chunks: Vec::new(), ..module };
        let sound = small.write_with(WriteOptions { compress_literals: false });
        for _ in 0..2_000 {
            let mut bytes = sound.clone();
            damage_bytes(&mut bytes, &mut numbers);
            let _ = check(&bytes);
        }
    }
}

/// Instructions changed at random, so that all mutants get as far as the validator.
#[test]
fn damaged_code_is_rejected_or_sound() {
    let mut numbers = Numbers::new(0xc0de);
    for module in some_modules() {
        for _ in 0..2_000 {
            let mut mutant = module.clone();
            damage_code(&mut mutant, &mut numbers);
            let _ = check(&mutant.write());
        }
    }
}
