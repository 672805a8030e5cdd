//! Native functions in guards and bodies, and operators.

use super::super::emit::{Emitter, Kind, Value, pick};
use super::{LoadError, Result, Translation, address_of, label};
use crate::bif::Native;
use crate::interp::{arith, guard, native};
use swerl_beam::{Genop, Operand};

/// Translates an instruction of this family; answers how many that follow it were taken in, and `None` for others.
#[allow(clippy::too_many_lines, reason = "one arm an opcode")]
pub(super) fn instruction(t: &Translation<'_>, out: &mut Emitter, index: usize) -> Result<Option<usize>> {
    let instr = &t.module.code[index];
    let (op, args) = (instr.op, instr.args.as_slice());
    match op {
        Genop::Bif0 => t.guard_call(out, op, &args[0], 0, &[], &args[1])?,
        Genop::Bif1 => t.guard_call(out, op, &args[1], label(&args[0]), &args[2..3], &args[3])?,
        Genop::Bif2 => t.guard_call(out, op, &args[1], label(&args[0]), &args[2..4], &args[4])?,
        Genop::GcBif1 => t.guard_call(out, op, &args[2], label(&args[0]), &args[3..4], &args[4])?,
        Genop::GcBif2 => t.gc_bif2(out, index)?,
        Genop::GcBif3 => t.guard_call(out, op, &args[2], label(&args[0]), &args[3..6], &args[6])?,

        _ => return Ok(None),
    }
    Ok(Some(0))
}

impl Translation<'_> {
    pub(super) fn guard_call(
        &self,
        out: &mut Emitter,
        op: Genop,
        import: &Operand,
        fail: u32,
        sources: &[Operand],
        target: &Operand,
    ) -> Result<()> {
        let native = self.guard_function(import)?;
        let operands =
            sources.iter().map(|source| Ok(out.held(self.value(source)?))).collect::<Result<Vec<_>>>()?;
        let target = self.value(target)?;
        let handler = guard::fast(native, &operands, target).unwrap_or(native::guard_native);
        out.op(op, handler, [sources.len() as u16, u16::from(fail == 0), 0]);
        out.target(fail);
        out.word(address_of(native));
        out.packed(target);
        for operand in operands {
            out.packed(operand);
        }
        out.holds(target);
        Ok(())
    }

    pub(super) fn gc_bif2(&self, out: &mut Emitter, index: usize) -> Result<()> {
        let args = &self.module.code[index].args[..];
        let (import, _) = self.import(&args[2])?;
        let operator = if import.module.as_str() == "erlang" { import.function.as_str() } else { "" };
        let (a, b, d) = (self.value(&args[3])?, self.value(&args[4])?, self.value(&args[5])?);
        let is_small = !self.takes_floats(index) && may_be_small(a) && may_be_small(b);
        let (a, b) = if is_small { (out.held(a), out.held(b)) } else { (a, b) };
        macro_rules! operator {
            ($type:ty) => {
                if is_small {
                    pick!(arith::operate: ty $type, acc a, acc b, reg d)
                } else {
                    pick!(arith::operate_any: ty $type, src a, src b, reg d)
                }
            };
        }
        let handler = match operator {
            "+" => operator!(arith::Add),
            "-" => operator!(arith::Subtract),
            "*" => operator!(arith::Multiply),
            "/" => operator!(arith::Slash),
            "div" => operator!(arith::Divide),
            "rem" => operator!(arith::Remainder),
            "band" => operator!(arith::BitAnd),
            "bor" => operator!(arith::BitOr),
            "bxor" => operator!(arith::BitXor),
            "bsl" => operator!(arith::ShiftLeft),
            "bsr" => operator!(arith::ShiftRight),
            _ => {
                return self.guard_call(out, Genop::GcBif2, &args[2], label(&args[0]), &args[3..5], &args[5]);
            }
        };
        out.op(Genop::GcBif2, handler, [a.index, b.index, d.index]);
        out.target(label(&args[0]));
        out.constant(a);
        out.constant(b);
        out.holds(d);
        Ok(())
    }

    /// Whether the operator or comparison is known to be one of two floats.
    pub(super) fn takes_floats(&self, index: usize) -> bool {
        self.validated.facts(index).is_some_and(|facts| facts.takes_floats)
    }

    pub(super) fn guard_function(&self, operand: &Operand) -> Result<&'static Native> {
        let (import, export) = self.import(operand)?;
        export.native.ok_or_else(|| {
            LoadError::MissingNative(format!("{}:{}/{}", import.module, import.function, import.arity))
        })
    }
}

/// Is the operand, if it is a constant, a small integer?
pub(super) fn may_be_small(value: Value) -> bool {
    value.kind != Kind::K || value.term.is_small()
}
