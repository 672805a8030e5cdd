//! How compilers up to OTP 24 build bit strings: an instruction that begins one, and one for each segment behind it.
//! Together they are what `bs_create_bin` does at once; the size that they begin with is what the segments add up to.

use super::super::emit::Emitter;
use super::super::validate::puts_segment;
use super::bits::{Building, create};
use super::calls::need;
use super::{LoadError, Result, Translation, label, unsigned};
use crate::interp::bits_sizes;
use swerl_beam::{Atom, Genop, Instr, Operand};

/// Translates an instruction that begins a bit string and those of its segments; answers how many these are.
pub(super) fn group(t: &Translation<'_>, out: &mut Emitter, index: usize) -> Result<usize> {
    let begin = &t.module.code[index];
    let puts: Vec<&Instr> =
        t.module.code[index + 1..].iter().take_while(|instr| puts_segment(instr.op)).collect();
    let mut segments = Vec::with_capacity(puts.len() * 6 + 6);
    let no_words = Operand::U(0);
    let (fail, words, stated, target) = match (begin.op, &begin.args[..]) {
        (Genop::BsAppend, [fail, _, words, live, unit, front, _, target]) => {
            segments.extend(appended(front, unit));
            (fail, words, Some(live), target)
        }
        (Genop::BsPrivateAppend, [fail, _, unit, front, _, target]) => {
            segments.extend(appended(front, unit));
            (fail, &no_words, None, target)
        }
        (_, [fail, _, words, live, _, target]) => (fail, words, Some(live), target),
        _ => return Err(LoadError::Unsupported(begin.op.name())),
    };
    for put in &puts {
        segments.extend(segment(put).ok_or(LoadError::Unsupported(put.op.name()))?);
    }
    let live = stated.map(|live| t.live(out, live, segments.get(4))).transpose()?;
    let building = Building { fail: label(fail), need: need(words), live, target };
    create(t, out, building, &segments)?;
    Ok(puts.len())
}

/// The six operands of a segment. Number 0: that of a segment is not known.
fn six(kind: &str, unit: Operand, flags: Operand, value: Operand, size: Operand) -> [Operand; 6] {
    [Operand::Atom(Atom::new(kind)), Operand::U(0), unit, flags, value, size]
}

fn appended(front: &Operand, unit: &Operand) -> [Operand; 6] {
    six("append", unit.clone(), Operand::Nil, front.clone(), Operand::Atom(Atom::new("all")))
}

fn segment(put: &Instr) -> Option<[Operand; 6]> {
    let sized = |kind: &str, size: &Operand, unit: &Operand, flags: &Operand, value: &Operand| {
        six(kind, unit.clone(), flags.clone(), value.clone(), size.clone())
    };
    let character = |kind: &str, flags: &Operand, value: &Operand| {
        six(kind, Operand::U(0), flags.clone(), value.clone(), Operand::Nil)
    };
    Some(match (put.op, &put.args[..]) {
        (Genop::BsPutInteger, [_, size, unit, flags, value]) => sized("integer", size, unit, flags, value),
        (Genop::BsPutFloat, [_, size, unit, flags, value]) => sized("float", size, unit, flags, value),
        (Genop::BsPutBinary, [_, size, unit, flags, value]) => sized("binary", size, unit, flags, value),
        (Genop::BsPutUtf8, [_, flags, value]) => character("utf8", flags, value),
        (Genop::BsPutUtf16, [_, flags, value]) => character("utf16", flags, value),
        (Genop::BsPutUtf32, [_, flags, value]) => character("utf32", flags, value),
        (Genop::BsPutString, [length, offset]) => six(
            "string",
            Operand::U(8),
            Operand::Nil,
            offset.clone(),
            Operand::Int(i64::from(unsigned(length))),
        ),
        _ => return None,
    })
}

/// Translates `bs_add`, `bs_utf8_size` and `bs_utf16_size`.
pub(super) fn size(t: &Translation<'_>, out: &mut Emitter, instr: &Instr) -> Result<()> {
    match (instr.op, &instr.args[..]) {
        (Genop::BsAdd, [fail, first, second, unit, target]) => {
            out.op(instr.op, bits_sizes::add, [0; 3]);
            out.target(label(fail));
            out.packed(t.value(target)?);
            out.packed(t.value(first)?);
            out.packed(t.value(second)?);
            out.word(u64::from(unsigned(unit)));
        }
        (op, [_, character, target]) => {
            let of = if op == Genop::BsUtf8Size { 8 } else { 16 };
            out.op(op, bits_sizes::of_character, [of, 0, 0]);
            out.packed(t.value(target)?);
            out.packed(t.value(character)?);
        }
        (op, _) => return Err(LoadError::Unsupported(op.name())),
    }
    Ok(())
}
