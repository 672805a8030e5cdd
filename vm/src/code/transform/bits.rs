//! From generic instructions of the bit syntax to specialised ones.

use super::super::emit::Emitter;
use super::calls::need;
use super::{LoadError, Result, Translation, label, list, short, unsigned};
use crate::atom;
use crate::interp::bits_build::{self, segment};
use crate::interp::whole_bytes::{FourBytes, OneByte, SomeBytes, TwoBytes};
use crate::interp::{Handler, bits, call};
use crate::term::Term;
use swerl_beam::{Genop, Instr, Literal, Operand};

/// Translates one instruction of the bit syntax.
pub(super) fn instruction(t: &Translation<'_>, out: &mut Emitter, instr: &Instr) -> Result<()> {
    let (op, args) = (instr.op, instr.args.as_slice());
    match op {
        Genop::BsStartMatch3 => {
            out.op(op, bits::start_match, [short(&args[2]), 0, 0]);
            out.target(label(&args[0]));
            out.packed(t.value(&args[1])?);
            out.packed(t.value(&args[3])?);
        }
        Genop::BsStartMatch4 => {
            out.op(op, bits::start_match, [short(&args[1]), 0, 0]);
            out.target(label(&args[0]));
            out.packed(t.value(&args[2])?);
            out.packed(t.value(&args[3])?);
        }
        Genop::BsGetInteger2 | Genop::BsGetFloat2 | Genop::BsGetBinary2 => {
            let bytes = whole_bytes(args).filter(|_| op == Genop::BsGetInteger2);
            let handler = match op {
                Genop::BsGetInteger2 => bytes.map_or(bits::get_integer as Handler, get_bytes),
                Genop::BsGetFloat2 => bits::get_float,
                _ => bits::get_binary,
            };
            let third = if op == Genop::BsGetBinary2 { short(&args[2]) } else { bytes.unwrap_or(0) };
            out.op(op, handler, [short(&args[5]), short(&args[4]), third]);
            out.target(label(&args[0]));
            out.packed(t.value(&args[1])?);
            out.packed(t.value(&args[3])?);
            let target = t.value(&args[6])?;
            out.packed(target);
            if op == Genop::BsGetInteger2 {
                out.holds(target);
            }
        }
        Genop::BsSkipBits2 => {
            out.op(op, bits::skip_bits, [0, short(&args[3]), 0]);
            out.target(label(&args[0]));
            out.packed(t.value(&args[1])?);
            out.packed(t.value(&args[2])?);
        }
        Genop::BsTestTail2 | Genop::BsTestUnit => {
            let handler = if op == Genop::BsTestTail2 { bits::test_tail as Handler } else { bits::test_unit };
            out.op(op, handler, [0; 3]);
            out.target(label(&args[0]));
            out.packed(t.value(&args[1])?);
            out.word(u64::from(unsigned(&args[2])).max(u64::from(op == Genop::BsTestUnit)));
        }
        Genop::BsMatchString => {
            out.op(op, bits::match_string, [0; 3]);
            out.target(label(&args[0]));
            out.packed(t.value(&args[1])?);
            out.word(u64::from(unsigned(&args[2])));
            let bytes = unsigned(&args[2]).div_ceil(8);
            out.word(t.string(unsigned(&args[3]), bytes).word());
        }
        Genop::BsGetUtf8 | Genop::BsGetUtf16 | Genop::BsGetUtf32 => {
            out.op(op, bits::get_utf, [short(&args[3]), width(op), 0]);
            out.target(label(&args[0]));
            out.packed(t.value(&args[1])?);
            out.packed(t.value(&args[4])?);
        }
        Genop::BsSkipUtf8 | Genop::BsSkipUtf16 | Genop::BsSkipUtf32 => {
            out.op(op, bits::skip_utf, [short(&args[3]), width(op), 0]);
            out.target(label(&args[0]));
            out.packed(t.value(&args[1])?);
        }
        Genop::BsGetTail | Genop::BsGetPosition | Genop::BsSetPosition => {
            let (handler, live) = match op {
                Genop::BsGetTail => (bits::get_tail as Handler, short(&args[2])),
                Genop::BsGetPosition => (bits::get_position as Handler, 0),
                _ => (bits::set_position as Handler, 0),
            };
            out.op(op, handler, [live, 0, 0]);
            out.packed(t.value(&args[0])?);
            out.packed(t.value(&args[1])?);
        }
        Genop::BsCreateBin => {
            let segments = list(&args[5]);
            // Room for what is built next, which the result itself must not take.
            let room = need(&args[1]);
            if room > 0 {
                out.op(Genop::TestHeap, call::test_heap, [0, short(&args[2]), 0]);
                out.word(room + bits_build::MOST_WORDS);
            }
            let count = (segments.len() / 6) as u16;
            match fixed_integers(t, segments) {
                Some(Integers::Behind(bits)) => {
                    let handler = match segments.len() / 6 {
                        2 if bits.is_multiple_of(8) && is_big(t, &segments[9]) => append_bytes(bits / 8),
                        _ => bits_build::append_integers,
                    };
                    out.op(op, handler, [count, bits, short(&args[2])]);
                }
                Some(Integers::Alone(bits)) => {
                    out.op(op, bits_build::create_integers, [count, bits, short(&args[2])])
                }
                None => out.op(op, bits_build::create, [count, 0, 0]),
            }
            out.target(label(&args[0]));
            out.packed(t.value(&args[4])?);
            for (index, parts) in segments.chunks_exact(6).enumerate() {
                put_segment(t, out, parts, index == 0 && segments.len() > 6)?;
            }
        }
        Genop::BsInitWritable => out.op(op, bits_build::init_writable, [0; 3]),
        _ => return Err(LoadError::Unsupported(op.name())),
    }
    Ok(())
}

/// The whole bytes that a `bs_get_integer2` takes, if their number is fixed and their value a small integer, and
/// no flag says anything about them.
fn whole_bytes(args: &[Operand]) -> Option<u16> {
    let (Operand::Int(size), 0) = (args[3].untyped(), short(&args[5])) else { return None };
    let bits = u64::try_from(*size).ok()?.checked_mul(u64::from(short(&args[4])))?;
    (bits.is_multiple_of(8) && (8..=56).contains(&bits)).then_some((bits / 8) as u16)
}

/// Segments that are integers of fixed sizes, a word at most together: their bits.
enum Integers {
    /// Behind a bit string that they are appended to.
    Behind(u16),
    /// Whole bytes, with nothing else.
    Alone(u16),
}

fn fixed_integers(t: &Translation<'_>, segments: &[Operand]) -> Option<Integers> {
    let is = |operand: &Operand, names: &[&str]| matches!(operand.untyped(), Operand::Atom(name) if names.contains(&name.as_str()));
    let first = segments.get(..6)?;
    let is_behind = is(&first[0], &["binary", "append", "private_append"]) && is_all(&first[5]);
    let integers = if is_behind { &segments[6..] } else { segments };
    let mut all = 0;
    for parts in integers.chunks_exact(6) {
        let Operand::Int(size) = parts[5].untyped() else { return None };
        let bits = u64::try_from(*size).ok()?.checked_mul(u64::from(unsigned(&parts[2])).max(1))?;
        let whole = bits.is_multiple_of(8) || is_big(t, &parts[3]);
        if !is(&parts[0], &["integer"]) || !(1..=64).contains(&bits) || !whole {
            return None;
        }
        all += bits;
    }
    let all = u16::try_from(all).ok().filter(|all| (1..=64).contains(all))?;
    if is_behind {
        return Some(Integers::Behind(all));
    }
    all.is_multiple_of(8).then_some(Integers::Alone(all))
}

/// Does the high byte come first?
fn is_big(t: &Translation<'_>, names: &Operand) -> bool {
    flags(t, names) & (bits::LITTLE | bits::NATIVE) == 0
}

/// What takes an integer of so many whole bytes.
fn get_bytes(count: u16) -> Handler {
    match count {
        1 => bits::get_bytes::<OneByte>,
        2 => bits::get_bytes::<TwoBytes>,
        4 => bits::get_bytes::<FourBytes>,
        _ => bits::get_bytes::<SomeBytes>,
    }
}

/// What appends an integer of so many whole bytes.
fn append_bytes(count: u16) -> Handler {
    match count {
        1 => bits_build::append_bytes::<OneByte>,
        2 => bits_build::append_bytes::<TwoBytes>,
        4 => bits_build::append_bytes::<FourBytes>,
        _ => bits_build::append_bytes::<SomeBytes>,
    }
}

fn width(op: Genop) -> u16 {
    match op {
        Genop::BsGetUtf8 | Genop::BsSkipUtf8 => 8,
        Genop::BsGetUtf16 | Genop::BsSkipUtf16 => 16,
        _ => 32,
    }
}

/// A segment: type, number, unit, flags, value, size. `leads`: others follow the first.
fn put_segment(t: &Translation<'_>, out: &mut Emitter, parts: &[Operand], leads: bool) -> Result<()> {
    let kind = match parts[0].untyped() {
        Operand::Atom(kind) => kind.as_str(),
        _ => "",
    };
    let mut unit = u64::from(unsigned(&parts[2]));
    let flags = flags(t, &parts[3]);
    let number = u64::from(unsigned(&parts[1]));
    let code = match kind {
        "integer" => segment::INTEGER,
        "float" => segment::FLOAT,
        "binary" | "append" | "private_append" if leads && is_all(&parts[5]) => segment::APPEND,
        "binary" | "append" | "private_append" | "string" => segment::BINARY,
        "utf8" => segment::UTF8,
        "utf16" => segment::UTF16,
        "utf32" => segment::UTF32,
        _ => return Err(LoadError::Unsupported("segment type")),
    };
    if kind == "string" {
        let size = unsigned(&parts[5]);
        out.word(code | (8 << 16) | (number << 32));
        out.word(t.string(unsigned(&parts[4]), size).word());
        out.word(Term::small(i64::from(size)).word());
        return Ok(());
    }
    if unit == 0 {
        unit = 1;
    }
    out.word(code | (flags << 8) | (unit << 16) | (number << 32));
    out.packed(t.value(&parts[4])?);
    match code {
        segment::UTF8 | segment::UTF16 | segment::UTF32 => out.word(Term::atom(atom::UNDEFINED).word()),
        _ => out.packed(t.value(&parts[5])?),
    }
    Ok(())
}

fn is_all(size: &Operand) -> bool {
    matches!(size.untyped(), Operand::Atom(name) if name.as_str() == "all")
}

/// Flag bits of a list of names.
fn flags(t: &Translation<'_>, operand: &Operand) -> u64 {
    let names = match operand.untyped() {
        Operand::Literal(index) => t.module.literals.get(*index as usize),
        _ => None,
    };
    let Some(Literal::List(names, _)) = names else { return 0 };
    names
        .iter()
        .map(|name| match name {
            Literal::Atom(name) if name.as_str() == "little" => bits::LITTLE,
            Literal::Atom(name) if name.as_str() == "signed" => bits::SIGNED,
            Literal::Atom(name) if name.as_str() == "native" => bits::NATIVE,
            _ => 0,
        })
        .fold(0, |all, flag| all | flag)
}

/// The parts of the string pool that code names: offset and size in bytes.
pub(in crate::code) fn strings(code: &[Instr]) -> Vec<(u32, u32)> {
    let mut parts = Vec::new();
    for instr in code {
        match instr.op {
            Genop::BsMatchString => {
                parts.push((unsigned(&instr.args[3]), unsigned(&instr.args[2]).div_ceil(8)))
            }
            Genop::BsCreateBin => {
                for segment in list(&instr.args[5]).chunks_exact(6) {
                    if matches!(segment[0].untyped(), Operand::Atom(kind) if kind.as_str() == "string") {
                        parts.push((unsigned(&segment[4]), unsigned(&segment[5])));
                    }
                }
            }
            _ => {}
        }
    }
    parts
}
