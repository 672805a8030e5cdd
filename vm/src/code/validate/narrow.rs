//! What tests and other instructions tell of the kinds of the terms in registers.

use super::error::ValidateErrorKind as Kind;
use super::flow::Flow;
use super::kinds::{Kind as TermKind, Kinds};
use super::state::State;
use super::step::number;
use swerl_beam::{Genop, Instr, Operand};

impl Flow<'_> {
    pub(super) fn select(&mut self, index: u32, instr: &Instr, state: &mut State) -> Result<(), Kind> {
        let [source, fail, Operand::List(list)] = &instr.args[..] else { return Err(Kind::OperandCount) };
        if instr.op == Genop::SelectTupleArity && !self.is_proved(instr, &state.kinds) {
            self.raise(state)?;
            state.kinds.narrow(source, TermKind::Tuple(0), self.module);
        }
        self.branch(index, fail, state)?;
        for pair in list.chunks_exact(2) {
            if instr.op == Genop::SelectTupleArity {
                let mut chosen = state.clone();
                chosen.kinds.narrow(source, tuple_kind(&pair[0]), self.module);
                self.branch(index, &pair[1], &chosen)?;
            } else {
                self.branch(index, &pair[1], state)?;
            }
        }
        Ok(())
    }

    /// A branch that is taken when the instruction's test fails: what that tells of the term tested.
    pub(super) fn branch_if_not(
        &mut self,
        index: u32,
        instr: &Instr,
        target: &Operand,
        state: &State,
    ) -> Result<(), Kind> {
        if let (Genop::IsNil, Some(source)) = (instr.op, instr.args.get(1))
            && state.kinds.of(source, self.module) == TermKind::List
        {
            let mut failed = state.clone();
            failed.kinds.set(source, TermKind::Cons);
            return self.branch(index, target, &failed);
        }
        self.branch(index, target, state)
    }

    /// What is known of an instruction's sources when it goes on to the next one.
    pub(super) fn narrow(&self, instr: &Instr, state: &mut State) {
        if let Some((source, kind)) = taken_apart(instr) {
            state.kinds.narrow(source, kind, self.module);
        }
        let args = &instr.args[..];
        let (source, kind) = match (instr.op, args) {
            (Genop::IsNonemptyList, [_, source]) => (source, TermKind::Cons),
            (Genop::IsList, [_, source]) => (source, TermKind::List),
            (Genop::IsTuple, [_, source]) => (source, TermKind::Tuple(0)),
            (Genop::IsMap, [_, source]) => (source, TermKind::Map),
            (Genop::IsFloat, [_, source]) => (source, TermKind::Float),
            (Genop::TestArity, [_, source, size]) | (Genop::IsTaggedTuple, [_, source, size, _]) => {
                (source, tuple_kind(size))
            }
            (Genop::IsEqExact, [_, one, other]) => {
                let kind = state.kinds.of(one, self.module);
                state.kinds.narrow(other, kind, self.module);
                (one, state.kinds.of(other, self.module))
            }
            _ => return,
        };
        state.kinds.narrow(source, kind, self.module);
    }

    /// Whether the term that the instruction takes apart is known to be of the kind that it needs.
    pub(super) fn is_proved(&self, instr: &Instr, kinds: &Kinds) -> bool {
        taken_apart(instr).is_some_and(|(source, kind)| kinds.of(source, self.module).is(kind))
    }

    /// Whether the function called makes a tuple that nobody else knows.
    pub(super) fn makes_fresh_tuple(&self, args: &[Operand]) -> bool {
        let import = usize::try_from(number(args, 1)).ok().and_then(|index| self.module.imports.get(index));
        import.is_some_and(|import| {
            import.module.as_str() == "erlang"
                && import.function.as_str() == "setelement"
                && import.arity == 3
        })
    }
}

/// What an instruction takes apart, and the kind of term that it needs there.
pub(super) fn taken_apart(instr: &Instr) -> Option<(&Operand, TermKind)> {
    let (position, kind) = match instr.op {
        Genop::GetList | Genop::GetHd | Genop::GetTl => (0, TermKind::Cons),
        Genop::GetTupleElement => {
            let Some(Operand::U(position)) = instr.args.get(1) else { return None };
            (0, TermKind::tuple_with(*position))
        }
        Genop::TestArity => (1, TermKind::Tuple(0)),
        Genop::SelectTupleArity => (0, TermKind::Tuple(0)),
        Genop::GetMapElements | Genop::HasMapFields | Genop::PutMapAssoc => (1, TermKind::Map),
        Genop::Fmove if !matches!(instr.args.first(), Some(Operand::Fr(_))) => (0, TermKind::Float),
        Genop::BsGetInteger2
        | Genop::BsGetFloat2
        | Genop::BsGetBinary2
        | Genop::BsSkipBits2
        | Genop::BsTestTail2
        | Genop::BsTestUnit
        | Genop::BsMatchString
        | Genop::BsGetUtf8
        | Genop::BsSkipUtf8
        | Genop::BsGetUtf16
        | Genop::BsSkipUtf16
        | Genop::BsGetUtf32
        | Genop::BsSkipUtf32 => (1, TermKind::Context),
        Genop::BsGetTail | Genop::BsGetPosition | Genop::BsSetPosition => (0, TermKind::Context),
        _ => return None,
    };
    Some((instr.args.get(position)?, kind))
}

/// The kind of an ordinary instruction's result.
pub(super) fn result_kind(op: Genop) -> TermKind {
    match op {
        Genop::BsStartMatch2 | Genop::BsStartMatch3 | Genop::BsStartMatch4 => TermKind::Context,
        Genop::PutMapAssoc | Genop::PutMapExact => TermKind::Map,
        _ => TermKind::Any,
    }
}

/// A tuple of the size that an operand tells.
fn tuple_kind(size: &Operand) -> TermKind {
    match size {
        Operand::U(size) => TermKind::tuple(*size),
        _ => TermKind::Tuple(0),
    }
}

/// Whether a tuple that is known to nobody else stays so.
pub(super) fn keeps_fresh(op: Genop) -> bool {
    matches!(
        op,
        Genop::SetTupleElement
            | Genop::Move
            | Genop::Swap
            | Genop::Line
            | Genop::ExecutableLine
            | Genop::GetTupleElement
    )
}
