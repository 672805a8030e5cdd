//! Exceptions, messages and waiting.

use super::super::emit::Emitter;
use super::{Result, Translation, label};
use crate::atom::{self, Atom};
use crate::interp::{Handler, exception, receive};
use crate::term::Term;
use swerl_beam::{Genop, Operand};

/// Translates an instruction of this family; answers how many that follow it were taken in, and `None` for others.
#[allow(clippy::too_many_lines, reason = "one arm an opcode")]
pub(super) fn instruction(t: &Translation<'_>, out: &mut Emitter, index: usize) -> Result<Option<usize>> {
    let instr = &t.module.code[index];
    let (op, args) = (instr.op, instr.args.as_slice());
    match op {
        Genop::Catch | Genop::Try => {
            out.op(op, exception::catch_, [t.value(&args[0])?.index, 0, 0]);
            out.target(label(&args[1]));
        }
        Genop::CatchEnd => out.op(op, exception::catch_end, [t.value(&args[0])?.index, 0, 0]),
        Genop::TryEnd => out.op(op, exception::try_end, [t.value(&args[0])?.index, 0, 0]),
        Genop::TryCase => out.op(op, exception::try_case, [t.value(&args[0])?.index, 0, 0]),
        Genop::Badmatch => t.raise_value(out, op, args, atom::BADMATCH)?,
        Genop::CaseEnd => t.raise_value(out, op, args, atom::CASE_CLAUSE)?,
        Genop::TryCaseEnd => t.raise_value(out, op, args, atom::TRY_CLAUSE)?,
        Genop::Badrecord => t.raise_value(out, op, args, atom::BADRECORD)?,
        Genop::IfEnd => {
            out.op(op, exception::raise_reason, [0; 3]);
            out.word(Term::atom(atom::IF_CLAUSE).word());
        }
        Genop::Raise => {
            out.op(op, exception::raise_again, [0; 3]);
            out.packed(t.value(&args[0])?);
            out.packed(t.value(&args[1])?);
        }
        Genop::RawRaise => out.op(op, exception::raw_raise, [0; 3]),
        Genop::BuildStacktrace => out.op(op, exception::build_stacktrace, [0; 3]),

        Genop::Send => out.op(op, receive::send, [0; 3]),
        Genop::RemoveMessage => out.op(op, receive::remove_message, [0; 3]),
        Genop::Timeout => out.op(op, receive::timeout, [0; 3]),
        Genop::LoopRec | Genop::WaitTimeout => {
            let handler =
                if op == Genop::LoopRec { receive::loop_rec as Handler } else { receive::wait_timeout };
            out.op(op, handler, [0; 3]);
            out.target(label(&args[0]));
            let target = t.value(&args[1])?;
            out.packed(target);
            if op == Genop::LoopRec {
                out.holds(target);
            }
        }
        Genop::LoopRecEnd | Genop::Wait => {
            let handler =
                if op == Genop::LoopRecEnd { receive::loop_rec_end as Handler } else { receive::wait };
            out.op(op, handler, [0; 3]);
            out.target(label(&args[0]));
        }
        Genop::RecvMarkerReserve | Genop::RecvMarkerBind | Genop::RecvMarkerClear | Genop::RecvMarkerUse => {
            let handler = match op {
                Genop::RecvMarkerReserve => receive::recv_marker_reserve as Handler,
                Genop::RecvMarkerBind => receive::recv_marker_bind,
                Genop::RecvMarkerClear => receive::recv_marker_clear,
                _ => receive::recv_marker_use,
            };
            out.op(op, handler, [0; 3]);
            for operand in args {
                out.packed(t.value(operand)?);
            }
        }
        Genop::RecvMark | Genop::RecvSet => {}

        _ => return Ok(None),
    }
    Ok(Some(0))
}

impl Translation<'_> {
    pub(super) fn raise_value(
        &self,
        out: &mut Emitter,
        op: Genop,
        args: &[Operand],
        tag: Atom,
    ) -> Result<()> {
        out.op(op, exception::raise_value, [0; 3]);
        out.packed(self.value(&args[0])?);
        out.word(Term::atom(tag).word());
        Ok(())
    }
}
