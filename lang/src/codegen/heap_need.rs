//! How much heap a run of instructions needs: it is reserved once, before the first.

use crate::core::bifs;
use crate::ssa::liveness::is_call;
use crate::ssa::{Inst, Op};
use swerl_beam::Operand;
use swerl_beam::guard_bifs::BifClass;

/// Heap that a run of instructions needs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Need {
    words: u32,
    floats: u32,
    funs: u32,
}

impl Need {
    /// What an instruction needs.
    pub(super) fn of(inst: &Inst) -> Self {
        let operands = u32::try_from(inst.args.len()).expect("fewer than 2^32 operands");
        match inst.op {
            Op::Tuple => Self { words: operands + 1, ..Self::default() },
            Op::Cons => Self { words: 2, ..Self::default() },
            Op::MakeFun(_) => Self { words: operands, funs: 1, floats: 0 },
            Op::Head
            | Op::Tail
            | Op::Element(_)
            | Op::Bif(_)
            | Op::Call(_)
            | Op::Send
            | Op::RemoveMessage
            | Op::Timeout
            | Op::ReserveMarker
            | Op::BindMarker
            | Op::UseMarker
            | Op::ClearMarker
            | Op::TryEnd
            | Op::BuildStacktrace
            | Op::PutMap { .. }
            | Op::BuildBits(_)
            | Op::GetPosition
            | Op::SetPosition
            | Op::GetTail
            | Op::SetElement { .. }
            | Op::Overwrite(_)
            | Op::FloatArith(..) => Self::default(),
        }
    }

    /// What is needed from here to where garbage may be collected next, and how many instructions that is.
    pub(super) fn ahead(insts: &[Inst]) -> (Self, usize) {
        let mut need = Self::default();
        for (count, inst) in insts.iter().enumerate() {
            if may_collect(inst) {
                return (need, count);
            }
            let more = Self::of(inst);
            need = Self { words: need.words + more.words, funs: need.funs + more.funs, floats: 0 };
        }
        (need, insts.len())
    }

    /// The same, and room for so many floats.
    pub(super) fn with_floats(self, floats: u32) -> Self {
        Self { floats, ..self }
    }

    /// The operand that asks for it.
    pub(super) fn operand(self) -> Operand {
        if self.funs == 0 && self.floats == 0 {
            Operand::U(u64::from(self.words))
        } else {
            Operand::Alloc { words: self.words, floats: self.floats, funs: self.funs }
        }
    }
}

/// Whether garbage may be collected while an instruction runs.
fn may_collect(inst: &Inst) -> bool {
    match inst.op {
        Op::Bif(name) => bifs::class(name, inst.args.len()) == Some(BifClass::Collecting),
        Op::PutMap { .. } | Op::BuildBits(_) | Op::GetPosition | Op::GetTail | Op::FloatArith(..) => true,
        Op::Tuple
        | Op::Cons
        | Op::Head
        | Op::Tail
        | Op::Element(_)
        | Op::MakeFun(_)
        | Op::Call(_)
        | Op::Send
        | Op::RemoveMessage
        | Op::Timeout
        | Op::ReserveMarker
        | Op::BindMarker
        | Op::UseMarker
        | Op::ClearMarker
        | Op::TryEnd
        | Op::SetPosition
        | Op::SetElement { .. }
        | Op::Overwrite(_)
        | Op::BuildStacktrace => is_call(inst.op),
    }
}
