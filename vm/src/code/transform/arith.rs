//! Native functions in guards and bodies, operators, and floats in registers.

use super::super::emit::{Emitter, pick};
use super::{LoadError, Result, Translation, address_of, label};
use crate::bif::Native;
use crate::interp::{Handler, arith, float, guard, native};
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
        Genop::GcBif2 => t.gc_bif2(out, args)?,
        Genop::GcBif3 => t.guard_call(out, op, &args[2], label(&args[0]), &args[3..6], &args[6])?,

        Genop::Fmove => match (args[0].untyped(), args[1].untyped()) {
            (source, Operand::Fr(register)) => {
                out.op(op, float::float_load, [*register, 0, 0]);
                out.packed(t.value(source)?);
            }
            (Operand::Fr(register), target) => {
                out.op(op, float::float_store, [*register, 0, 0]);
                out.packed(t.value(target)?);
            }
            _ => return Err(LoadError::Unsupported("fmove")),
        },
        Genop::Fconv => {
            out.op(op, float::float_convert, [float_register(&args[1]), 0, 0]);
            out.packed(t.value(&args[0])?);
        }
        Genop::Fadd | Genop::Fsub | Genop::Fmul | Genop::Fdiv => {
            let handler = match op {
                Genop::Fadd => float::float_operate::<float::FAdd> as Handler,
                Genop::Fsub => float::float_operate::<float::FSubtract>,
                Genop::Fmul => float::float_operate::<float::FMultiply>,
                _ => float::float_operate::<float::FDivide>,
            };
            let fields = [float_register(&args[1]), float_register(&args[2]), float_register(&args[3])];
            out.op(op, handler, fields);
        }
        Genop::Fnegate => {
            out.op(op, float::float_negate, [float_register(&args[1]), float_register(&args[2]), 0]);
        }

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
        let operands = sources.iter().map(|source| self.value(source)).collect::<Result<Vec<_>>>()?;
        let target = self.value(target)?;
        let handler = guard::fast(native, &operands, target).unwrap_or(native::guard_native);
        out.op(op, handler, [sources.len() as u16, u16::from(fail == 0), 0]);
        out.target(fail);
        out.word(address_of(native));
        out.packed(target);
        for operand in operands {
            out.packed(operand);
        }
        Ok(())
    }

    pub(super) fn gc_bif2(&self, out: &mut Emitter, args: &[Operand]) -> Result<()> {
        let (import, _) = self.import(&args[2])?;
        let operator = if import.module.as_str() == "erlang" { import.function.as_str() } else { "" };
        let (a, b, d) = (self.value(&args[3])?, self.value(&args[4])?, self.value(&args[5])?);
        macro_rules! operator {
            ($type:ty) => {
                pick!(arith::operate: ty $type, src a, src b, reg d)
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
        Ok(())
    }

    pub(super) fn guard_function(&self, operand: &Operand) -> Result<&'static Native> {
        let (import, export) = self.import(operand)?;
        export.native.ok_or_else(|| {
            LoadError::MissingNative(format!("{}:{}/{}", import.module, import.function, import.arity))
        })
    }
}

fn float_register(operand: &Operand) -> u16 {
    match operand.untyped() {
        Operand::Fr(register) => *register,
        _ => 0,
    }
}
