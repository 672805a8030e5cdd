//! Damage to compiled modules, the same in every run: what a loader must refuse or survive.

use swerl_beam::{Module, Operand};

/// A small generator of numbers (xorshift), so that every run is the same.
#[derive(Debug)]
pub struct Numbers(u64);

impl Numbers {
    /// Numbers that follow from `seed`, which must not be zero.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next one.
    pub fn word(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// One below `limit` (or 0).
    pub fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.word() % limit.max(1) as u64).unwrap_or(0)
    }

    fn u16(&mut self, limit: usize) -> u16 {
        u16::try_from(self.below(limit)).unwrap_or(0)
    }
}

/// One to four bits of a file turned over.
pub fn damage_bytes(bytes: &mut [u8], numbers: &mut Numbers) {
    for _ in 0..=numbers.below(3) {
        let place = numbers.below(bytes.len());
        bytes[place] ^= 1 << numbers.below(8);
    }
}

/// One instruction removed, doubled, moved, or with another operand.
pub fn damage_code(module: &mut Module, numbers: &mut Numbers) {
    let place = numbers.below(module.code.len());
    match numbers.below(4) {
        0 => {
            module.code.remove(place);
        }
        1 => {
            let other = numbers.below(module.code.len());
            module.code.swap(place, other);
        }
        2 => {
            let other = module.code[numbers.below(module.code.len())].clone();
            module.code.insert(place, other);
        }
        _ => {
            let limit = module.code[place].args.len();
            if let Some(arg) = module.code[place].args.get_mut(numbers.below(limit)) {
                *arg = some_operand(numbers);
            }
        }
    }
}

fn some_operand(numbers: &mut Numbers) -> Operand {
    match numbers.below(9) {
        0 => Operand::X(numbers.u16(8)),
        1 => Operand::Y(numbers.u16(8)),
        2 => Operand::X(numbers.u16(65_536)),
        3 => Operand::Label(u32::from(numbers.u16(300))),
        4 => Operand::U(numbers.word() >> numbers.below(64)),
        5 => Operand::Int(i64::from(numbers.u16(20))),
        6 => Operand::List(vec![Operand::X(0); numbers.below(12)]),
        7 => Operand::Fr(numbers.u16(70)),
        _ => Operand::Nil,
    }
}
