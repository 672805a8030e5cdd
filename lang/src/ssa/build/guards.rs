//! Guards: tests as branches; whatever fails leads on to the next alternative.

use super::Builder;
use crate::core::{Guard, GuardExpr, Op, Value, bifs};
use crate::ssa::{Attempt, BlockId, Term, Test};
use swerl_beam::{Atom, Genop};

impl Builder<'_> {
    /// Goes from the current block to `yes` when the guard holds, else to `no`.
    pub(super) fn guard(&mut self, guard: &Guard, yes: BlockId, no: BlockId) {
        for &(a, b) in &guard.equalities {
            let next = self.new_block();
            let args = vec![self.value(Value::Var(a)), self.value(b)];
            self.branch(Genop::IsEqExact, args, next, no);
            self.current = next;
        }
        let Some((last, before)) = guard.alternatives.split_last() else {
            self.block().term = Term::Jump(yes, Vec::new());
            return;
        };
        for alternative in before {
            let next = self.new_block();
            self.conjunction(alternative, yes, next, next);
            self.current = next;
        }
        self.conjunction(last, yes, no, no);
    }

    fn conjunction(&mut self, tests: &[GuardExpr], yes: BlockId, no: BlockId, fail: BlockId) {
        let Some((last, before)) = tests.split_last() else {
            self.block().term = Term::Jump(yes, Vec::new());
            return;
        };
        for test in before {
            let next = self.new_block();
            self.condition(test, next, no, fail);
            self.current = next;
        }
        self.condition(last, yes, no, fail);
    }

    /// Goes to `yes` or `no` as the expression says, and to `fail` when it says neither.
    fn condition(&mut self, expr: &GuardExpr, yes: BlockId, no: BlockId, fail: BlockId) {
        match expr {
            GuardExpr::Value(value) => {
                let value = self.value(*value);
                self.boolean(value, yes, no, fail);
            }
            GuardExpr::AndAlso(parts) => self.conjunction(parts, yes, no, fail),
            GuardExpr::OrElse(parts) => {
                let (last, before) = parts.split_last().expect("an operator has operands");
                for part in before {
                    let next = self.new_block();
                    self.condition(part, yes, next, fail);
                    self.current = next;
                }
                self.condition(last, yes, no, fail);
            }
            GuardExpr::Bif(name, args) => self.bif_condition(*name, args, yes, no, fail),
            GuardExpr::Build(..) => self.block().term = Term::Jump(fail, Vec::new()),
        }
    }

    fn bif_condition(&mut self, name: Atom, args: &[GuardExpr], yes: BlockId, no: BlockId, fail: BlockId) {
        match (name.as_str(), args) {
            ("not", [operand]) => return self.condition(operand, no, yes, fail),
            // Whether it is false or fails is all one where both lead to the same block.
            ("and", [a, b]) if no == fail => {
                let next = self.new_block();
                self.condition(a, next, no, fail);
                self.current = next;
                return self.condition(b, yes, no, fail);
            }
            ("or", [a, b]) if is_safe(a) && is_safe(b) => {
                let next = self.new_block();
                self.condition(a, yes, next, fail);
                self.current = next;
                return self.condition(b, yes, no, fail);
            }
            _ => {}
        }
        let values: Vec<Value> = args.iter().map(|arg| self.guard_value(arg, fail)).collect();
        if let ("is_record", &[value, tag, size]) = (name.as_str(), &values[..]) {
            return self.branch(Genop::IsTaggedTuple, vec![value, size, tag], yes, no);
        }
        let is_direct = name.as_str() != "is_function" || matches!(values[..], [_] | [_, Value::Int(0..)]);
        if let Some((op, is_swapped)) = bifs::test(name, values.len())
            && is_direct
        {
            let mut values = values;
            if is_swapped {
                values.reverse();
            }
            self.block().term = Term::Branch { test: Test { op, args: values }, yes, no };
            return;
        }
        let value = self.attempt(name, values, fail);
        if bifs::is_boolean(name, args.len()) {
            self.branch(Genop::IsEqExact, vec![value, Value::atom("true")], yes, no);
        } else {
            self.boolean(value, yes, no, fail);
        }
    }

    fn boolean(&mut self, value: Value, yes: BlockId, no: BlockId, fail: BlockId) {
        match value {
            Value::Atom(atom) if atom.as_str() == "true" => self.block().term = Term::Jump(yes, Vec::new()),
            Value::Atom(atom) if atom.as_str() == "false" => self.block().term = Term::Jump(no, Vec::new()),
            Value::Atom(_) | Value::Int(_) | Value::Nil | Value::Const(_) => {
                self.block().term = Term::Jump(fail, Vec::new());
            }
            Value::Var(_) if no == fail => {
                self.branch(Genop::IsEqExact, vec![value, Value::atom("true")], yes, no);
            }
            Value::Var(_) => {
                let cases = vec![(Value::atom("true"), yes), (Value::atom("false"), no)];
                self.block().term = Term::Switch { value, cases, default: fail };
            }
        }
    }

    /// The value of a guard expression; when there is none, the way leads to `fail`.
    pub(super) fn guard_value(&mut self, expr: &GuardExpr, fail: BlockId) -> Value {
        match expr {
            GuardExpr::Value(value) => self.value(*value),
            GuardExpr::Bif(name, args) if name.as_str() != "is_record" => {
                let args = args.iter().map(|arg| self.guard_value(arg, fail)).collect();
                self.attempt(*name, args, fail)
            }
            GuardExpr::Build(op, args) => {
                let args: Vec<Value> = args.iter().map(|arg| self.guard_value(arg, fail)).collect();
                match op {
                    Op::PutMap { exact } => {
                        let next = self.new_block();
                        self.branch(Genop::IsMap, vec![args[0]], next, fail);
                        self.current = next;
                        // OTP's loader takes no way out of one that cannot fail.
                        if *exact {
                            self.attempt_op(Attempt::PutMap, args, fail)
                        } else {
                            self.inst(*op, args, 0)
                        }
                    }
                    Op::BuildBits(segments) => self.attempt_op(Attempt::BuildBits(*segments), args, fail),
                    op => self.inst(*op, args, 0),
                }
            }
            GuardExpr::Bif(..) | GuardExpr::AndAlso(_) | GuardExpr::OrElse(_) => {
                let join = self.new_block();
                let value = self.function.new_var();
                self.function.block_mut(join).params.push(value);
                let (yes, no) = (self.new_block(), self.new_block());
                self.function.block_mut(yes).term = Term::Jump(join, vec![Value::atom("true")]);
                self.function.block_mut(no).term = Term::Jump(join, vec![Value::atom("false")]);
                self.condition(expr, yes, no, fail);
                self.current = join;
                Value::Var(value)
            }
        }
    }

    fn attempt(&mut self, name: Atom, args: Vec<Value>, fail: BlockId) -> Value {
        if bifs::is_total(name, args.len()) {
            return self.bif(name, args);
        }
        self.attempt_op(Attempt::Bif(name), args, fail)
    }

    pub(super) fn attempt_op(&mut self, op: Attempt, args: Vec<Value>, fail: BlockId) -> Value {
        let dst = self.function.new_var();
        let ok = self.new_block();
        self.end(Term::Attempt { op, args, dsts: vec![dst], ok, fail }, ok);
        Value::Var(dst)
    }
}

/// Whether an expression never fails, and is always `true` or `false`.
fn is_safe(expr: &GuardExpr) -> bool {
    match expr {
        GuardExpr::Bif(name, args) => {
            bifs::is_boolean(*name, args.len())
                && bifs::is_total(*name, args.len())
                && args.iter().all(|arg| matches!(arg, GuardExpr::Value(_)))
        }
        GuardExpr::Value(Value::Atom(atom)) => matches!(atom.as_str(), "true" | "false"),
        GuardExpr::Value(_) | GuardExpr::Build(..) | GuardExpr::AndAlso(_) | GuardExpr::OrElse(_) => false,
    }
}
