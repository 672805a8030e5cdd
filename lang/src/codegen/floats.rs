//! Arithmetic on floating-point registers: operations that follow each other leave their results there, and only
//! what is needed after the last becomes a term.

use super::function::FunctionCode;
use super::heap_need::Need;
use super::moves::Source;
use crate::core::{Value, Var};
use crate::ssa::{Block, FloatOp, Inst, Op};
use std::collections::HashMap;
use swerl_beam::{Genop, Operand};

/// Floating-point registers that a run of operations uses at most.
const REGISTERS: u16 = 48;

impl FunctionCode<'_, '_> {
    /// Emits the float operations of a block from `at` on. Tells where they end, and up to which instruction heap was
    /// reserved.
    pub(super) fn float_run(
        &mut self,
        block: &Block,
        deaths: &mut Vec<(usize, Var)>,
        mut at: usize,
    ) -> (usize, usize) {
        // An exception looks for handlers in every slot.
        self.initialise_frame();
        let mut loaded: HashMap<Value, u16> = HashMap::new();
        let mut results: Vec<(Var, u16)> = Vec::new();
        let mut used = 0;
        while let Some(inst) = block.insts.get(at) {
            match inst.op {
                Op::FloatArith(op, is_float) if used + 3 <= REGISTERS => {
                    let mut operands = vec![Operand::Label(0)];
                    for (&arg, is_float) in inst.args.iter().zip(is_float) {
                        let register = *loaded.entry(arg).or_insert_with(|| {
                            used += 1;
                            self.load_float(inst, arg, is_float, used - 1);
                            used - 1
                        });
                        operands.push(Operand::Fr(register));
                    }
                    operands.push(Operand::Fr(used));
                    self.out.line(inst.line);
                    self.out.push(genop(op), operands);
                    if let Some(dst) = inst.dst {
                        loaded.insert(Value::Var(dst), used);
                        results.push((dst, used));
                    }
                    used += 1;
                    self.bury(deaths, at + 1);
                }
                Op::Element(_) | Op::Head | Op::Tail if self.is_followed_by_floats(block, at, &results) => {
                    self.instruction(inst, deaths, at + 1);
                }
                _ => break,
            }
            at += 1;
        }
        results.retain(|&(var, _)| self.is_used_from(block, at, var));
        if results.is_empty() {
            return (at, at);
        }
        let (need, count) = Need::ahead(&block.insts[at..]);
        let need = need.with_floats(u32::try_from(results.len()).expect("there are few registers"));
        let live = self.collection_point();
        self.out.push(Genop::TestHeap, vec![need.operand(), live]);
        for (var, register) in results {
            let to = self.define(var);
            self.out.push(Genop::Fmove, vec![Operand::Fr(register), to]);
        }
        (at, at + count)
    }

    fn load_float(&mut self, inst: &Inst, arg: Value, is_float: bool, register: u16) {
        let source = match self.source(arg) {
            Source::Place(place) => place.into(),
            Source::Constant(constant) => self.out.constant(constant),
        };
        let op = if is_float { Genop::Fmove } else { Genop::Fconv };
        self.out.line(inst.line);
        self.out.push(op, vec![source, Operand::Fr(register)]);
    }

    /// Whether another float operation comes before anything but fetches, and no fetch looks at a result.
    fn is_followed_by_floats(&self, block: &Block, at: usize, results: &[(Var, u16)]) -> bool {
        for inst in &block.insts[at..] {
            match inst.op {
                Op::FloatArith(..) => return true,
                Op::Element(_) | Op::Head | Op::Tail => {
                    if results.iter().any(|&(var, _)| inst.args.contains(&Value::Var(var))) {
                        return false;
                    }
                }
                _ => return false,
            }
        }
        false
    }

    fn is_used_from(&self, block: &Block, at: usize, var: Var) -> bool {
        let value = Value::Var(var);
        let mut is_used = block.insts[at..].iter().any(|inst| inst.args.contains(&value));
        block.term.for_each_value(|used| is_used |= used == value);
        let is_live_in =
            |next: crate::ssa::BlockId| self.facts.live_in[next.index()].binary_search(&var).is_ok();
        block.term.for_each_successor(|next| is_used |= is_live_in(next));
        is_used || block.handler.is_some_and(is_live_in)
    }
}

fn genop(op: FloatOp) -> Genop {
    match op {
        FloatOp::Add => Genop::Fadd,
        FloatOp::Subtract => Genop::Fsub,
        FloatOp::Multiply => Genop::Fmul,
        FloatOp::Divide => Genop::Fdiv,
    }
}
