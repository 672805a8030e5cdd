//! The instructions of the bit syntax that are several at once.

use super::error::ValidateErrorKind as Kind;
use super::flow::{Flow, Next};
use super::state::State;
use swerl_beam::{Genop, Instr, MatchCommand, Operand};

/// Whether the instruction writes a segment of a bit string that one before it has begun.
pub(in crate::code) fn puts_segment(op: Genop) -> bool {
    matches!(
        op,
        Genop::BsPutInteger
            | Genop::BsPutFloat
            | Genop::BsPutBinary
            | Genop::BsPutString
            | Genop::BsPutUtf8
            | Genop::BsPutUtf16
            | Genop::BsPutUtf32
    )
}

impl Flow<'_> {
    /// An instruction that begins a bit string, and those of its segments behind it, which are carried out together:
    /// what they read, they read before the result is written.
    pub(super) fn begin_bits(&mut self, index: u32, instr: &Instr, state: &mut State) -> Result<Next, Kind> {
        let live = match (instr.op, &instr.args[..]) {
            (Genop::BsInit2 | Genop::BsInitBits | Genop::BsAppend, [_, _, _, Operand::U(live), ..]) => {
                Some(live)
            }
            _ => None,
        };
        if let Some(live) = live {
            self.collect(u16::try_from(*live).map_err(|_| Kind::OperandCount)?, state)?;
        }
        let mut end = index + 1;
        while let Some(put) = self.instr(end).filter(|put| puts_segment(put.op)) {
            let fails_alike = put.op == Genop::BsPutString || put.args.first() == instr.args.first();
            if !fails_alike {
                return Err(Kind::Layout);
            }
            self.read_all(&put.args, state)?;
            self.facts[end as usize] = self.facts[index as usize];
            end += 1;
        }
        self.ordinary(index, instr, state)?;
        Ok(Next::Skip(end))
    }

    /// `bs_match`: its commands one after the other, each of which may be the last.
    pub(super) fn match_bits(
        &mut self,
        index: u32,
        args: &[Operand],
        state: &mut State,
    ) -> Result<Next, Kind> {
        let (Some(Operand::List(list)), Some(fail)) = (args.get(2), args.first()) else {
            return Err(Kind::OperandCount);
        };
        for command in MatchCommand::all(list).ok_or(Kind::Operand(2))? {
            self.read(&args[1], state)?;
            let (live, target) = match command {
                MatchCommand::Take { live, target, .. } | MatchCommand::Tail { live, target } => {
                    (Some(live), Some(target))
                }
                _ => (None, None),
            };
            if let Some(Operand::U(live)) = live {
                self.collect(u16::try_from(*live).map_err(|_| Kind::OperandCount)?, state)?;
            }
            self.branch(index, fail, state)?;
            if matches!(command, MatchCommand::Tail { .. }) {
                self.raise(state)?;
            }
            if let Some(target) = target {
                self.write(target, state)?;
            }
        }
        Ok(Next::Through)
    }
}
