//! Tests of types and values, and choices between many.

use super::super::emit::{Emitter, Kind, Value, pick};
use super::arith::may_be_small;
use super::{Result, Translation, label, list, unsigned};
use crate::interp::context::X_REGISTERS;
use crate::interp::test::tuple_header;
use crate::interp::{data, select, test};
use crate::term::Term;
use swerl_beam::{Genop, Operand};

/// Translates an instruction of this family; answers how many that follow it were taken in, and `None` for others.
#[allow(clippy::too_many_lines, reason = "one arm an opcode")]
pub(super) fn instruction(t: &Translation<'_>, out: &mut Emitter, index: usize) -> Result<Option<usize>> {
    let instr = &t.module.code[index];
    let (op, args) = (instr.op, instr.args.as_slice());
    match op {
        Genop::IsInteger => t.type_test::<test::IsInteger>(out, op, args)?,
        Genop::IsFloat => t.type_test::<test::IsFloat>(out, op, args)?,
        Genop::IsNumber => t.type_test::<test::IsNumber>(out, op, args)?,
        Genop::IsAtom => t.type_test::<test::IsAtom>(out, op, args)?,
        Genop::IsPid => t.type_test::<test::IsPid>(out, op, args)?,
        Genop::IsReference => t.type_test::<test::IsReference>(out, op, args)?,
        Genop::IsPort => t.type_test::<test::IsPort>(out, op, args)?,
        Genop::IsNil => t.type_test::<test::IsNil>(out, op, args)?,
        Genop::IsBinary => t.type_test::<test::IsBinary>(out, op, args)?,
        Genop::IsBitstr => t.type_test::<test::IsBitstring>(out, op, args)?,
        Genop::IsList => t.type_test::<test::IsList>(out, op, args)?,
        Genop::IsNonemptyList => t.type_test::<test::IsNonemptyList>(out, op, args)?,
        Genop::IsTuple => t.type_test::<test::IsTuple>(out, op, args)?,
        Genop::IsFunction => t.type_test::<test::IsFunction>(out, op, args)?,
        Genop::IsBoolean => t.type_test::<test::IsBoolean>(out, op, args)?,
        Genop::IsMap => t.type_test::<test::IsMap>(out, op, args)?,
        Genop::IsFunction2 => {
            out.op(op, test::is_function_of_arity, [0; 3]);
            out.target(label(&args[0]));
            out.packed(t.value(&args[1])?);
            out.packed(t.value(&args[2])?);
        }
        Genop::TestArity => {
            let s = out.held(t.value(&args[1])?);
            // Whether or not the term is known to be a tuple: the header tells both.
            out.op(op, pick!(test::is_tuple_of_arity: accreg s), [s.index, 0, 0]);
            out.target(label(&args[0]));
            out.word(tuple_header(unsigned(&args[2]) as usize));
            out.holds(s);
        }
        Genop::IsTaggedTuple => {
            let s = out.held(t.value(&args[1])?);
            out.op(op, pick!(test::is_tagged_tuple: accreg s), [s.index, 0, 0]);
            out.target(label(&args[0]));
            out.word(tuple_header(unsigned(&args[2]) as usize));
            out.word(Term::atom(t.atom(&args[3])?).word());
            out.holds(s);
        }
        Genop::IsLt => t.comparison::<test::Lt>(out, index, args)?,
        Genop::IsGe => t.comparison::<test::Ge>(out, index, args)?,
        Genop::IsEq => t.comparison::<test::Eq>(out, index, args)?,
        Genop::IsNe => t.comparison::<test::Ne>(out, index, args)?,
        Genop::IsEqExact | Genop::IsNeExact => {
            let (a, b) = (t.value(&args[1])?, t.value(&args[2])?);
            let (register, constant) = if a.kind == Kind::K { (b, a) } else { (a, b) };
            let register = out.held(register);
            if constant.kind == Kind::K && register.kind != Kind::K && is_one_word(constant.term) {
                let handler = if op == Genop::IsEqExact {
                    pick!(test::is_same: accreg register)
                } else {
                    pick!(test::is_not_same: accreg register)
                };
                out.op(op, handler, [register.index, 0, 0]);
                out.target(label(&args[0]));
                out.constant(constant);
                out.holds(register);
            } else if op == Genop::IsEqExact {
                t.comparison::<test::EqExact>(out, index, args)?;
            } else {
                t.comparison::<test::NeExact>(out, index, args)?;
            }
        }
        Genop::SelectVal => t.select_val(out, args)?,
        Genop::SelectTupleArity => {
            let s = t.in_register(out, &args[0])?;
            let pairs = list(&args[2]);
            out.op(op, pick!(select::select_arity: accreg s), [s.index, (pairs.len() / 2) as u16, 0]);
            out.target(label(&args[1]));
            for pair in pairs.chunks_exact(2) {
                out.word(tuple_header(unsigned(&pair[0]) as usize));
            }
            for pair in pairs.chunks_exact(2) {
                out.target(label(&pair[1]));
            }
        }

        _ => return Ok(None),
    }
    Ok(Some(0))
}

impl Translation<'_> {
    pub(super) fn type_test<T: test::Test>(
        &self,
        out: &mut Emitter,
        op: Genop,
        args: &[Operand],
    ) -> Result<()> {
        let s = out.held(self.value(&args[1])?);
        let handler = pick!(test::type_test: acc s, ty T);
        out.op(op, handler, [s.index, 0, 0]);
        out.target(label(&args[0]));
        out.constant(s);
        out.holds(s);
        Ok(())
    }

    fn comparison<T: test::Comparison>(
        &self,
        out: &mut Emitter,
        index: usize,
        args: &[Operand],
    ) -> Result<()> {
        let (a, b) = (self.value(&args[1])?, self.value(&args[2])?);
        let is_small = !self.takes_floats(index) && may_be_small(a) && may_be_small(b);
        let (a, b) = if is_small { (out.held(a), out.held(b)) } else { (a, b) };
        let handler = if is_small {
            pick!(test::compare_test: acc a, acc b, ty T)
        } else {
            pick!(test::compare_any: src a, src b, ty T)
        };
        out.op(self.module.code[index].op, handler, [a.index, b.index, 0]);
        out.target(label(&args[0]));
        out.constant(a);
        out.constant(b);
        out.holds(a);
        Ok(())
    }

    pub(super) fn select_val(&self, out: &mut Emitter, args: &[Operand]) -> Result<()> {
        let op = Genop::SelectVal;
        let s = self.in_register(out, &args[0])?;
        let mut pairs = list(&args[2])
            .chunks_exact(2)
            .map(|pair| Ok((self.value(&pair[0])?.term, label(&pair[1]))))
            .collect::<Result<Vec<_>>>()?;
        let count = pairs.len() as u16;
        if !pairs.iter().all(|(term, _)| is_one_word(*term)) {
            out.op(op, pick!(select::select_term: accreg s), [s.index, count, 0]);
        } else {
            pairs.sort_by_key(|(term, _)| term.word());
            let dense = pairs.iter().all(|(term, _)| term.is_small())
                && pairs.len() > 3
                && pairs.windows(2).all(|pair| pair[1].0.word() == pair[0].0.word().wrapping_add(8));
            if dense {
                out.op(op, pick!(select::select_range: accreg s), [s.index, count, 0]);
                out.target(label(&args[1]));
                out.word(pairs[0].0.word());
                for (_, to) in pairs {
                    out.target(to);
                }
                return Ok(());
            }
            let handler = match count {
                2 => pick!(select::select_two: accreg s),
                // So few are compared one after the other.
                0..7 => pick!(select::select_word: accreg s),
                _ => pick!(select::select_among: accreg s),
            };
            out.op(op, handler, [s.index, count, 0]);
        }
        out.target(label(&args[1]));
        for (term, _) in &pairs {
            out.word(term.word());
        }
        for (_, to) in pairs {
            out.target(to);
        }
        Ok(())
    }

    /// As [`Self::value`], a constant being moved to a register first.
    pub(super) fn in_register(&self, out: &mut Emitter, operand: &Operand) -> Result<Value> {
        let value = self.value(operand)?;
        if value.kind != Kind::K {
            return Ok(out.held(value));
        }
        let scratch = Value { kind: Kind::X, index: (X_REGISTERS - 1) as u16, term: Term::NIL };
        out.op(Genop::Move, pick!(data::move_: src value, reg scratch), [0, scratch.index, 0]);
        out.constant(value);
        Ok(scratch)
    }
}

/// Is a term equal to this one only if it is the same word?
fn is_one_word(term: Term) -> bool {
    term.is_immediate() && !term.is_float()
}
