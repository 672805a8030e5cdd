//! What OTP's machine is told of operands: it leaves out tests of its own where types and ranges allow it.
//!
//! Noted are operands of arithmetic, comparisons and choices, where they are numbers, tuples or maps for certain.

use super::Summaries;
use super::lattice::{Kinds, Type};
use super::walk::{Facts, Known, Shape, walk};
use crate::core::Constants;
use crate::ssa::{Attempt, Function, FunctionId, Op, Term, Value};
use std::collections::HashMap;
use swerl_beam::Genop;

/// A type as it stands in the `Type` chunk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Note {
    /// Its kinds of terms.
    bits: u16,
    /// Where its integers lie, if it is one for certain.
    range: Option<(i64, i64)>,
}

/// The bits of the `Type` chunk.
const BITS: [(Kinds, u16); 10] = [
    (Kinds::ATOM, 1),
    // A bit string or a match context.
    (Kinds::BITS, 1 << 1 | 1 << 2),
    (Kinds::CONS, 1 << 3),
    (Kinds::FLOAT, 1 << 4),
    (Kinds::FUN, 1 << 5),
    (Kinds::INTEGER, 1 << 6),
    (Kinds::MAP, 1 << 7),
    (Kinds::NIL, 1 << 8),
    // Processes, ports, references.
    (Kinds::IDENTIFIER, 1 << 9 | 1 << 10 | 1 << 11),
    (Kinds::TUPLE, 1 << 12),
];

/// Integers beyond are not small on OTP's machine.
const SMALL: std::ops::Range<i64> = -(1 << 59)..1 << 59;

impl Note {
    /// Any term: what the first entry of the chunk must say.
    pub const ANY: Self = Self { bits: 0x1FFF, range: None };

    fn of(ty: &Type) -> Option<Self> {
        let is_told = [Kinds::NUMBER, Kinds::TUPLE, Kinds::MAP].iter().any(|&all| ty.kinds.is_within(all));
        if !is_told || ty.is_none() {
            return None;
        }
        let has = |kinds: Kinds| !ty.kinds.and(kinds).is_empty();
        let bits = BITS.iter().filter(|(kinds, _)| has(*kinds)).map(|(_, bits)| bits).sum();
        let range = ty.as_integers().and_then(|range| range.bounds());
        Some(Self { bits, range: range.filter(|(min, max)| SMALL.contains(min) && SMALL.contains(max)) })
    }

    /// Its entry.
    #[must_use]
    pub fn bytes(self) -> [u8; 18] {
        let (min, max) = self.range.unwrap_or((0, -1));
        let mut bytes = [0; 18];
        bytes[..2].copy_from_slice(&self.bits.to_be_bytes());
        bytes[2..10].copy_from_slice(&min.to_be_bytes());
        bytes[10..].copy_from_slice(&max.to_be_bytes());
        bytes
    }
}

/// What is noted of a function's operands: by block, instruction (the end of the block comes after all of them) and
/// operand.
pub type Notes = HashMap<(u32, usize, usize), Note>;

/// What is known of the operands of a function.
#[must_use]
pub fn notes(function: &Function, id: FunctionId, summaries: &Summaries, constants: &Constants) -> Notes {
    let mut notes = Notes::new();
    let is_noted = |op: Op| matches!(op, Op::Bif(_));
    let has_some = function.blocks.iter().any(|block| {
        block.insts.iter().any(|inst| is_noted(inst.op)) || noted_operands(&block.term).is_some()
    });
    let is_called =
        summaries.functions.get(id.index()).is_some_and(|summary| !summary.params.iter().any(Type::is_none));
    if !has_some || !is_called {
        return notes;
    }
    let shape = Shape::of(function);
    let facts = walk(function, &shape, summaries, id, constants);
    for &at in shape.order.iter().filter(|&&at| facts.reaches(at)) {
        let (number, block) = (at.0, function.block(at));
        let mut known = facts.at(at);
        let mut note = |place: usize, args: &[Value], known: &Known, facts: &Facts| {
            for (operand, &arg) in args.iter().enumerate().filter(|(_, arg)| arg.as_var().is_some()) {
                if let Some(note) = Note::of(&facts.type_of(arg, known, constants)) {
                    notes.insert((number, place, operand), note);
                }
            }
        };
        for (place, inst) in block.insts.iter().enumerate() {
            if is_noted(inst.op) {
                note(place, &inst.args, &known, &facts);
            }
            facts.inst(inst, &mut known, summaries, constants);
        }
        if let Some(args) = noted_operands(&block.term) {
            note(block.insts.len(), args, &known, &facts);
        }
    }
    notes
}

fn noted_operands(term: &Term) -> Option<&[Value]> {
    match term {
        Term::Branch { test, .. } => {
            let is_comparison = matches!(
                test.op,
                Genop::IsLt | Genop::IsGe | Genop::IsEq | Genop::IsNe | Genop::IsEqExact | Genop::IsNeExact
            );
            is_comparison.then_some(&test.args[..])
        }
        Term::Switch { value, .. } => Some(std::slice::from_ref(value)),
        Term::Attempt { op: Attempt::Bif(_), args, .. } => Some(args),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::range::Range;
    use super::*;

    #[test]
    fn only_small_ranges_are_told() {
        let byte = Note::of(&Type::integer(Range::of(0, 255))).map(Note::bytes);
        assert_eq!(byte, Some([0, 0x40, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255]));
        let none = Note { bits: 0x40, range: None };
        assert_eq!(Note::of(&Type::integer(Range::of(0, 1 << 59))), Some(none));
        assert_eq!(Note::of(&Type::integer(Range { min: Some(0), max: None })), Some(none));
        assert_eq!(Note::of(&Type::of(Kinds::NUMBER)), Some(Note { bits: 0x50, range: None }));
        assert_eq!(Note::of(&Type::of(Kinds::NUMBER | Kinds::NIL)), None);
        assert_eq!(Note::of(&Type::NONE), None);
    }
}
