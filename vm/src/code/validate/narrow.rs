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
        if instr.op == Genop::SelectTupleArity && !self.is_proved(index, &state.kinds) {
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

    /// What is known of the sources of the instruction at `index` when it goes on to the next one.
    pub(super) fn narrow(&self, index: u32, instr: &Instr, state: &mut State) {
        if let Some((source, kind)) = taken_apart(self.from(index)) {
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
    pub(super) fn is_proved(&self, index: u32, kinds: &Kinds) -> bool {
        taken_apart(self.from(index)).is_some_and(|(source, kind)| kinds.of(source, self.module).is(kind))
    }

    /// The code from an instruction on.
    fn from(&self, index: u32) -> &[Instr] {
        &self.module.code[index as usize..]
    }

    /// Whether both operands of an operator or a comparison are known to be floats.
    pub(super) fn takes_floats(&self, instr: &Instr, kinds: &Kinds) -> bool {
        let sources = match (instr.op, &instr.args[..]) {
            (Genop::GcBif2, [_, _, _, a, b, _]) | (Genop::IsLt | Genop::IsGe, [_, a, b]) => [a, b],
            _ => return false,
        };
        sources.into_iter().all(|source| kinds.of(source, self.module) == TermKind::Float)
    }

    /// The kind of an ordinary instruction's result, of which `takes_floats` is known.
    pub(super) fn result_kind(&self, instr: &Instr, takes_floats: bool) -> TermKind {
        match instr.op {
            Genop::BsStartMatch3 | Genop::BsStartMatch4 => TermKind::Context,
            Genop::PutMapAssoc | Genop::PutMapExact => TermKind::Map,
            Genop::GcBif2 if takes_floats => {
                let import =
                    usize::try_from(number(&instr.args, 2)).ok().and_then(|at| self.module.imports.get(at));
                let name = import.map_or("", |import| import.function.as_str());
                if matches!(name, "+" | "-" | "*" | "/") { TermKind::Float } else { TermKind::Any }
            }
            _ => TermKind::Any,
        }
    }

    /// The integer that the instruction before that at `index` puts into X0, 0 if it does something else.
    pub(super) fn first_argument(&self, index: u32) -> u16 {
        let before = self.module.code[..index as usize].iter().rev().find(|instr| instr.op != Genop::Line);
        match before.map(|instr| (instr.op, &instr.args[..])) {
            Some((Genop::Move, [Operand::Int(value), Operand::X(0)])) => u16::try_from(*value).unwrap_or(0),
            _ => 0,
        }
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

/// What the first of these instructions takes apart, and the kind of term that it needs there.
pub(super) fn taken_apart(code: &[Instr]) -> Option<(&Operand, TermKind)> {
    let instr = code.first()?;
    let (position, kind) = match instr.op {
        Genop::GetList | Genop::GetHd | Genop::GetTl => (0, TermKind::Cons),
        Genop::GetTupleElement => (0, TermKind::tuple_with(highest_element(code))),
        Genop::SetTupleElement => (1, TermKind::tuple_with(number(&instr.args, 2))),
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

/// The highest position, from 0, that this `get_tuple_element` and those that certainly come next get from the same
/// tuple. Who looks at it once need not look again.
pub(in crate::code) fn highest_element(code: &[Instr]) -> u64 {
    let Some(Instr { op: Genop::GetTupleElement, args }) = code.first() else { return 0 };
    let source = args[0].untyped();
    let mut highest = 0;
    for instr in code {
        let target = match (instr.op, &instr.args[..]) {
            (Genop::GetTupleElement, [tuple, position, target]) => {
                if tuple.untyped() == source {
                    highest = highest.max(number(std::slice::from_ref(position), 0));
                }
                target
            }
            (Genop::Move | Genop::Fmove, [_, target]) => target,
            (Genop::Line, _) => continue,
            _ => break,
        };
        if target.untyped() == source {
            break;
        }
    }
    highest
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
