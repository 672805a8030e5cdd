//! Calls, frames on the stack, room on the heap, and jumps.

use super::super::emit::{Emitter, Value, pick};
use super::{Result, Translation, address_of, label, list, short, unsigned};
use crate::interp::{call, fun, native};
use swerl_beam::{Genop, Instr, Operand};

/// Translates an instruction of this family; answers how many that follow it were taken in, and `None` for others.
#[allow(clippy::too_many_lines, reason = "one arm an opcode")]
pub(super) fn instruction(t: &Translation<'_>, out: &mut Emitter, index: usize) -> Result<Option<usize>> {
    let instr = &t.module.code[index];
    let (op, args) = (instr.op, instr.args.as_slice());
    match op {
        Genop::Call => {
            let first = out.held(Value::FIRST);
            out.op(op, pick!(call::call: accx first), [0; 3]);
            out.target(label(&args[1]));
            out.record(t.frame(index));
        }
        Genop::CallOnly => {
            let first = out.held(Value::FIRST);
            out.op(op, pick!(call::call_only: accx first), [0; 3]);
            out.target(label(&args[1]));
        }
        Genop::CallLast => {
            let (first, size) = (out.held(Value::FIRST), short(&args[2]));
            out.op(op, pick!(call::call_last: frame size, accx first), [size, 0, 0]);
            out.target(label(&args[1]));
        }
        Genop::CallExt => {
            let (_, export) = t.import(&args[1])?;
            match export.native {
                Some(native) => {
                    out.op(op, native::handler(native), [0; 3]);
                    out.word(address_of(native));
                }
                None => {
                    let first = out.held(Value::FIRST);
                    out.op(op, pick!(call::call_ext: accx first), [0; 3]);
                    out.word(address_of(export));
                }
            }
            out.record(t.frame(index));
        }
        Genop::CallExtOnly | Genop::CallExtLast => {
            let (_, export) = t.import(&args[1])?;
            if let Some(native) = export.native.filter(|native| native.function != "apply") {
                // The caller of a native function stays on the stack, for traces to show it.
                out.op(op, native::handler(native), [0; 3]);
                out.word(address_of(native));
                out.record(t.frame(index));
                if op == Genop::CallExtOnly {
                    out.op(op, call::return_, [0; 3]);
                } else {
                    let size = short(&args[2]);
                    out.op(op, pick!(call::deallocate_return: frame size), [size, 0, 0]);
                }
                return Ok(Some(0));
            }
            if let Some(native) = export.native.filter(|native| native.arity == 2) {
                let size = if op == Genop::CallExtOnly { 0 } else { short(&args[2]) };
                out.op(op, fun::apply_fun_last, [size, 0, 0]);
                out.word(address_of(native));
                out.record(t.frame(index));
                if op == Genop::CallExtOnly {
                    out.op(op, call::return_, [0; 3]);
                } else {
                    out.op(op, pick!(call::deallocate_return: frame size), [size, 0, 0]);
                }
                return Ok(Some(0));
            }
            let first = out.held(Value::FIRST);
            if op == Genop::CallExtOnly {
                out.op(op, pick!(call::call_ext_only: accx first), [0; 3]);
            } else {
                let size = short(&args[2]);
                out.op(op, pick!(call::call_ext_last: frame size, accx first), [size, 0, 0]);
            }
            out.word(address_of(export));
        }
        Genop::CallFun | Genop::CallFun2 => {
            let (count, fun) = if op == Genop::CallFun {
                (short(&args[0]), Operand::X(short(&args[0])))
            } else {
                (short(&args[1]), args[2].clone())
            };
            let left = t.leaves_after(index);
            let fun = t.value(&fun)?;
            if let Some((size, taken)) = left {
                out.op(op, pick!(fun::call_fun_last: src fun, frame size), [size, fun.index, count]);
                out.constant(fun);
                return Ok(Some(taken));
            }
            out.op(op, pick!(fun::call_fun: src fun), [count, fun.index, 0]);
            out.word(0);
            out.constant(fun);
            out.record(t.frame(index));
        }
        Genop::Apply => {
            out.op(op, fun::apply, [short(&args[0]), 0, 0]);
            out.word(0);
            out.record(t.frame(index));
        }
        Genop::ApplyLast => {
            let size = short(&args[1]);
            out.op(op, fun::apply_last, [short(&args[0]), size, 0]);
            out.word(0);
            out.record(t.frame(index));
            out.op(op, pick!(call::deallocate_return: frame size), [size, 0, 0]);
        }
        Genop::Return => out.op(op, call::return_, [0; 3]),
        Genop::Deallocate => {
            if let Some(Instr { op: Genop::Return, .. }) = t.module.code.get(index + 1) {
                let size = short(&args[0]);
                out.op(op, pick!(call::deallocate_return: frame size), [size, 0, 0]);
                return Ok(Some(1));
            }
            out.op(op, call::deallocate, [short(&args[0]), 0, 0]);
        }
        Genop::Trim => out.op(op, call::deallocate, [short(&args[0]), 0, 0]),
        Genop::Allocate | Genop::AllocateZero => {
            let size = short(&args[0]);
            out.op(op, pick!(call::allocate: frame size), [size, short(&args[1]), 0]);
            if op == Genop::AllocateZero {
                init_slots(out, 0..unsigned(&args[0]));
            }
        }
        Genop::AllocateHeap | Genop::AllocateHeapZero => {
            out.op(op, call::allocate_heap, [short(&args[0]), short(&args[2]), 0]);
            out.word(need(&args[1]));
            if op == Genop::AllocateHeapZero {
                init_slots(out, 0..unsigned(&args[0]));
            }
        }
        Genop::TestHeap => {
            out.op(op, call::test_heap, [0, short(&args[1]), 0]);
            out.word(need(&args[0]));
        }
        Genop::Init => {
            let slot = u32::from(t.value(&args[0])?.index);
            init_slots(out, slot..slot + 1);
        }
        Genop::InitYregs => {
            let slots = list(&args[0])
                .iter()
                .map(|slot| t.value(slot).map(|value| value.index))
                .collect::<Result<Vec<u16>>>()?;
            clear_slots(out, &slots);
        }
        Genop::Jump => {
            out.op(op, call::jump, [0; 3]);
            out.target(label(&args[0]));
        }

        _ => return Ok(None),
    }
    Ok(Some(0))
}

impl Translation<'_> {
    /// Does the function return right behind this instruction? Then the size of its frame, and how many
    /// instructions say so.
    pub(super) fn leaves_after(&self, index: usize) -> Option<(u16, usize)> {
        match self.module.code.get(index + 1..)? {
            [Instr { op: Genop::Return, .. }, ..] => Some((0, 1)),
            [Instr { op: Genop::Deallocate, args }, Instr { op: Genop::Return, .. }, ..] => {
                Some((short(&args[0]), 2))
            }
            _ => None,
        }
    }
}

pub(super) fn init_slots(out: &mut Emitter, slots: std::ops::Range<u32>) {
    let slots: Vec<u16> = slots.map(|slot| slot as u16).collect();
    clear_slots(out, &slots);
}

fn clear_slots(out: &mut Emitter, slots: &[u16]) {
    let op = Genop::InitYregs;
    match *slots {
        [] => {}
        [a] => out.op(op, call::init_one, [a, 0, 0]),
        [a, b] => out.op(op, call::init_three, [a, b, b]),
        [a, b, c] => out.op(op, call::init_three, [a, b, c]),
        _ => {
            out.op(op, call::init_yregs, [slots.len() as u16, 0, 0]);
            for &slot in slots {
                out.word(u64::from(slot));
            }
        }
    }
}

/// Words of a heap reservation. A float takes two at most, a fun three beside its variables.
pub(super) fn need(operand: &Operand) -> u64 {
    match operand {
        Operand::Alloc { words, floats, funs } => {
            u64::from(*words) + u64::from(*floats) * 2 + u64::from(*funs) * 3
        }
        other => u64::from(unsigned(other)),
    }
}
