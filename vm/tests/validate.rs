//! The validator against real files: it accepts every one, and no damage to one makes it panic.
#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use swerl_beam::{Module, Operand, WriteOptions};
use swerl_vm::code::validate::validate;

#[test]
fn every_file_of_otp_is_accepted() {
    let mut rejected = Vec::new();
    for path in support::otp_beams() {
        let module = Module::read(&std::fs::read(&path).unwrap()).unwrap();
        if let Err(error) = validate(&module) {
            rejected.push(format!("{}: {error}", path.display()));
        }
    }
    assert!(rejected.is_empty(), "{} rejected:\n{}", rejected.len(), rejected.join("\n"));
}

/// A small generator of numbers (xorshift), so that every run is the same.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % limit.max(1) as u64).unwrap()
    }

    fn u16(&mut self, limit: usize) -> u16 {
        u16::try_from(self.below(limit)).unwrap()
    }
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
    let mut numbers = Numbers(0x5eed);
    for module in some_modules() {
        let small = Module { other_chunks: Vec::new(), ..module };
        let sound = small.write_with(WriteOptions { compress_literals: false });
        for _ in 0..2_000 {
            let mut bytes = sound.clone();
            for _ in 0..=numbers.below(3) {
                let place = numbers.below(bytes.len());
                bytes[place] ^= 1 << numbers.below(8);
            }
            if let Ok(module) = Module::read(&bytes) {
                let _ = validate(&module);
            }
        }
    }
}

/// Instructions changed at random, so that all mutants get as far as the validator.
#[test]
fn damaged_code_is_rejected_or_sound() {
    let mut numbers = Numbers(0xc0de);
    for module in some_modules() {
        for _ in 0..2_000 {
            let mut mutant = module.clone();
            let place = numbers.below(mutant.code.len());
            match numbers.below(4) {
                0 => {
                    mutant.code.remove(place);
                }
                1 => {
                    let other = numbers.below(mutant.code.len());
                    mutant.code.swap(place, other);
                }
                2 => {
                    let other = mutant.code[numbers.below(mutant.code.len())].clone();
                    mutant.code.insert(place, other);
                }
                _ => {
                    let limit = mutant.code[place].args.len();
                    if let Some(arg) = mutant.code[place].args.get_mut(numbers.below(limit)) {
                        *arg = some_operand(&mut numbers);
                    }
                }
            }
            let _ = validate(&mutant);
        }
    }
}

fn some_operand(numbers: &mut Numbers) -> Operand {
    match numbers.below(9) {
        0 => Operand::X(numbers.u16(8)),
        1 => Operand::Y(numbers.u16(8)),
        2 => Operand::X(numbers.u16(65_536)),
        3 => Operand::Label(u32::from(numbers.u16(300))),
        4 => Operand::U(numbers.next() >> numbers.below(64)),
        5 => Operand::Int(i64::from(numbers.u16(20))),
        6 => Operand::List(vec![Operand::X(0); numbers.below(12)]),
        7 => Operand::Fr(numbers.u16(70)),
        _ => Operand::Nil,
    }
}
