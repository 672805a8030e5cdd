//! `bs_match` (OTP 26): each of its commands becomes an instruction.

use super::super::emit::{Emitter, Value};
use super::bits::{Segment, flags, get_segment};
use super::{LoadError, Result, Translation, label, list};
use crate::interp::bits;
use crate::term::Term;
use swerl_beam::{Genop, MatchCommand, Operand};

/// Translates the commands of a `bs_match` with these operands.
pub(super) fn commands(t: &Translation<'_>, out: &mut Emitter, args: &[Operand]) -> Result<()> {
    let (fail, context) = (label(&args[0]), &args[1]);
    let commands = MatchCommand::all(list(&args[2])).ok_or(LoadError::Unsupported("command of bs_match"))?;
    for command in commands {
        match command {
            MatchCommand::AtLeast { size, unit } => {
                out.op(Genop::BsMatch, bits::at_least, [0; 3]);
                out.target(fail);
                out.packed(t.value(context)?);
                out.word(size);
                out.word(unit.max(1));
            }
            MatchCommand::Exactly(size) => {
                out.op(Genop::BsTestTail2, bits::test_tail, [0; 3]);
                out.target(fail);
                out.packed(t.value(context)?);
                out.word(size);
            }
            MatchCommand::Take { is_binary, live, flags: names, size, unit, target } => {
                let op = if is_binary { Genop::BsGetBinary2 } else { Genop::BsGetInteger2 };
                // More than any bit string has never matches.
                let size =
                    size.checked_mul(unit).and_then(|bits| i64::try_from(bits).ok()).unwrap_or(i64::MAX);
                let size = Operand::Int(size.min(bits::MOST));
                let flags = flags(t, names) as u16;
                let segment = Segment { fail, context, live, size: &size, unit: 1, flags, target };
                get_segment(t, out, op, &segment)?;
            }
            MatchCommand::Tail { live, target } => {
                let live = t.live(out, live, [context])?;
                out.op(Genop::BsGetTail, bits::get_tail, [live, 0, 0]);
                out.packed(t.value(context)?);
                out.packed(t.value(target)?);
            }
            MatchCommand::Skip(size) => {
                out.op(Genop::BsSkipBits2, bits::skip_bits, [0, 1, 0]);
                out.target(fail);
                out.packed(t.value(context)?);
                let size = i64::try_from(size).unwrap_or(bits::MOST).min(bits::MOST);
                out.packed(Value::constant(Term::small(size)));
            }
            MatchCommand::Equals { size, value } => {
                out.op(Genop::BsMatch, bits::match_integer, [0; 3]);
                out.target(fail);
                out.packed(t.value(context)?);
                out.word(size);
                out.word(value);
            }
        }
    }
    Ok(())
}
