//! From generic instructions of the bit syntax to specialised ones.

use super::super::emit::Emitter;
use super::calls::need;
use super::{LoadError, Result, Translation, label, list, short, unsigned};
use super::{bits_match, bits_put};
use crate::atom;
use crate::interp::bits_build::{self, segment};
use crate::interp::whole_bytes::{FourBytes, OneByte, SomeBytes, TwoBytes};
use crate::interp::{Handler, bits, call};
use crate::term::Term;
use swerl_beam::{Genop, Instr, Literal, Operand};

/// Translates one instruction of the bit syntax; answers how many that follow it were taken in.
pub(super) fn instruction(t: &Translation<'_>, out: &mut Emitter, index: usize) -> Result<usize> {
    let instr = &t.module.code[index];
    let (op, args) = (instr.op, instr.args.as_slice());
    match op {
        Genop::BsInit2 | Genop::BsInitBits | Genop::BsAppend | Genop::BsPrivateAppend => {
            return bits_put::group(t, out, index);
        }
        Genop::BsAdd | Genop::BsUtf8Size | Genop::BsUtf16Size => bits_put::size(t, out, instr)?,
        Genop::BsMatch => bits_match::commands(t, out, args)?,
        Genop::BsStartMatch3 => {
            let live = t.live(out, &args[2], [&args[1]])?;
            out.op(op, bits::start_match, [live, 0, 0]);
            out.target(label(&args[0]));
            out.packed(t.value(&args[1])?);
            out.packed(t.value(&args[3])?);
        }
        Genop::BsStartMatch4 => {
            let live = t.live(out, &args[1], [&args[2]])?;
            out.op(op, bits::start_match, [live, 0, 0]);
            out.target(label(&args[0]));
            out.packed(t.value(&args[2])?);
            out.packed(t.value(&args[3])?);
        }
        Genop::BsGetInteger2 | Genop::BsGetFloat2 | Genop::BsGetBinary2 => {
            let segment = Segment {
                fail: label(&args[0]),
                context: &args[1],
                live: &args[2],
                size: &args[3],
                unit: short(&args[4]),
                flags: short(&args[5]),
                target: &args[6],
            };
            get_segment(t, out, op, &segment)?;
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
                Genop::BsGetTail => (bits::get_tail as Handler, t.live(out, &args[2], [&args[0]])?),
                Genop::BsGetPosition => (bits::get_position as Handler, 0),
                _ => (bits::set_position as Handler, 0),
            };
            out.op(op, handler, [live, 0, 0]);
            out.packed(t.value(&args[0])?);
            out.packed(t.value(&args[1])?);
        }
        Genop::BsCreateBin => {
            let (segments, live) = (list(&args[5]), &args[2]);
            let sources = segments.chunks_exact(6).flat_map(|parts| &parts[4..]);
            let live = Some(t.live(out, live, sources)?);
            create(
                t,
                out,
                Building { fail: label(&args[0]), need: need(&args[1]), live, target: &args[4] },
                segments,
            )?;
        }
        Genop::BsInitWritable => out.op(op, bits_build::init_writable, [0; 3]),
        _ => return Err(LoadError::Unsupported(op.name())),
    }
    Ok(0)
}

/// A segment that is matched.
pub(super) struct Segment<'a> {
    /// The label to go to where it does not match.
    pub(super) fail: u32,
    /// The match context.
    pub(super) context: &'a Operand,
    /// The live X registers.
    pub(super) live: &'a Operand,
    /// Its size in units.
    pub(super) size: &'a Operand,
    /// Bits of a unit.
    pub(super) unit: u16,
    /// Byte order and sign: [`bits::LITTLE`] and so on.
    pub(super) flags: u16,
    /// Where its value goes.
    pub(super) target: &'a Operand,
}

/// Takes a segment: an integer, a float or a bit string, as `bs_get_integer2` and the others do.
pub(super) fn get_segment(
    t: &Translation<'_>,
    out: &mut Emitter,
    op: Genop,
    segment: &Segment<'_>,
) -> Result<()> {
    let &Segment { fail, context, live, size, unit, flags, target } = segment;
    let bytes = whole_bytes(segment).filter(|_| op == Genop::BsGetInteger2);
    let (handler, third) = match op {
        Genop::BsGetInteger2 => (bytes.map_or(bits::get_integer as Handler, get_bytes), bytes.unwrap_or(0)),
        Genop::BsGetFloat2 => (bits::get_float as Handler, 0),
        _ => (bits::get_binary as Handler, t.live(out, live, [context, size])?),
    };
    out.op(op, handler, [flags, unit, third]);
    out.target(fail);
    out.packed(t.value(context)?);
    out.packed(t.value(size)?);
    let target = t.value(target)?;
    out.packed(target);
    if op == Genop::BsGetInteger2 {
        out.holds(target);
    }
    Ok(())
}

/// A bit string that is built, but for its segments.
pub(super) struct Building<'a> {
    /// The label to go to where it cannot be built, 0 to raise.
    pub(super) fail: u32,
    /// Heap words to reserve for what is built next.
    pub(super) need: u64,
    /// The live X registers, of which none is in use beyond them; `None` where nobody says, so that nothing may be
    /// collected.
    pub(super) live: Option<u16>,
    /// Where it goes.
    pub(super) target: &'a Operand,
}

/// Builds a bit string of segments, six operands each, as those of `bs_create_bin`.
pub(super) fn create(
    t: &Translation<'_>,
    out: &mut Emitter,
    building: Building<'_>,
    segments: &[Operand],
) -> Result<()> {
    let Building { fail, need, live, target } = building;
    let op = Genop::BsCreateBin;
    // Room for what is built next, which the result itself must not take.
    if let Some(live) = live.filter(|_| need > 0) {
        out.op(Genop::TestHeap, call::test_heap, [0, live, 0]);
        out.word(need + bits_build::MOST_WORDS);
    }
    let count = (segments.len() / 6) as u16;
    match live.zip(fixed_integers(t, segments)) {
        Some((live, Integers::Behind(bits))) => {
            let handler = match segments.len() / 6 {
                2 if bits.is_multiple_of(8) && is_big(t, &segments[9]) => append_bytes(bits / 8),
                _ => bits_build::append_integers,
            };
            out.op(op, handler, [count, bits, live]);
        }
        Some((live, Integers::Alone(bits))) => {
            out.op(op, bits_build::create_integers, [count, bits, live]);
        }
        None => out.op(op, bits_build::create, [count, 0, 0]),
    }
    out.target(fail);
    out.packed(t.value(target)?);
    for (index, parts) in segments.chunks_exact(6).enumerate() {
        put_segment(t, out, parts, index == 0 && segments.len() > 6)?;
    }
    Ok(())
}

/// The whole bytes that an integer segment takes, if their number is fixed and their value a small integer, and
/// no flag says anything about them.
fn whole_bytes(segment: &Segment<'_>) -> Option<u16> {
    let (Operand::Int(size), 0) = (segment.size.untyped(), segment.flags) else { return None };
    let bits = u64::try_from(*size).ok()?.checked_mul(u64::from(segment.unit))?;
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

/// Flag bits, of a list of names or of the word that they make.
pub(super) fn flags(t: &Translation<'_>, operand: &Operand) -> u64 {
    let names = match operand.untyped() {
        Operand::U(word) => return *word & (bits::LITTLE | bits::SIGNED | bits::NATIVE),
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
            Genop::BsPutString => parts.push((unsigned(&instr.args[1]), unsigned(&instr.args[0]))),
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
