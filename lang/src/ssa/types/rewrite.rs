//! Leaves out tests whose outcome the types tell, and takes the plain instruction where an operation cannot fail.

use super::Summaries;
use super::calls::bif_succeeds;
use super::lattice::{Kinds, Type};
use super::outcome::{is_decided, outcomes};
use super::walk::{Facts, Known, Shape, walk};
use crate::core::{Constants, bifs};
use crate::ssa::{Attempt, BlockId, Callee, FloatOp, Function, FunctionId, Inst, Op, Term, Test, Value, Var};
use std::collections::HashMap;
use swerl_beam::Literal;

/// Rewrites a function.
pub(super) fn rewrite(
    function: &mut Function,
    shape: &Shape,
    summaries: &Summaries,
    id: FunctionId,
    constants: &mut Constants,
) {
    if summaries.functions[id.index()].params.iter().any(Type::is_none) {
        return;
    }
    let facts = walk(function, shape, summaries, id, constants);
    let mut decided: HashMap<Var, Value> = HashMap::new();
    for &at in &shape.order {
        let mut block = std::mem::take(&mut function.block_mut(at).insts);
        let mut term = std::mem::replace(&mut function.block_mut(at).term, Term::Unreachable);
        let is_reached = facts.reaches(at);
        let var_count = function.var_count;
        let mut rewriting = Rewriting { facts: &facts, summaries, constants, known: facts.at(at), var_count };
        block.retain_mut(|inst| {
            inst.args.iter_mut().for_each(|arg| resolve(arg, &decided));
            let answer = if is_reached { rewriting.inst(inst) } else { None };
            answer.is_none_or(|(var, value)| {
                decided.insert(var, value);
                false
            })
        });
        term.for_each_value_mut(|arg| resolve(arg, &decided));
        if is_reached {
            rewriting.end(&mut block, &mut term);
        }
        let var_count = rewriting.var_count;
        function.var_count = var_count;
        let place = function.block_mut(at);
        place.insts = block;
        place.term = term;
    }
}

fn resolve(value: &mut Value, decided: &HashMap<Var, Value>) {
    if let Some(&known) = value.as_var().and_then(|var| decided.get(&var)) {
        *value = known;
    }
}

struct Rewriting<'f> {
    facts: &'f Facts,
    summaries: &'f Summaries,
    constants: &'f mut Constants,
    known: Known,
    var_count: u32,
}

impl Rewriting<'_> {
    fn type_of(&self, value: Value) -> Type {
        self.facts.type_of(value, &self.known, self.constants)
    }

    /// Rewrites an instruction; or tells what it gives, if that is known.
    fn inst(&mut self, inst: &mut Inst) -> Option<(Var, Value)> {
        let answer = self.answer(inst);
        let plain = self.plain(inst.op, &inst.args);
        let update = self.update(inst);
        let float = self.float(inst);
        self.facts.inst(inst, &mut self.known, self.summaries, self.constants);
        if let Some((op, operand)) = plain {
            inst.op = op;
            inst.args = vec![operand];
        } else if let Some(op) = update {
            inst.op = op;
        } else if let Some((op, args)) = float {
            inst.op = op;
            inst.args = args;
        }
        inst.dst.zip(answer)
    }

    /// What a test gives, if its outcome is known.
    fn answer(&self, inst: &Inst) -> Option<Value> {
        let Op::Bif(name) = inst.op else { return None };
        if !bifs::is_total(name, inst.args.len()) || inst.args.first().is_none_or(|arg| arg.is_constant()) {
            return None;
        }
        let (op, is_swapped) = bifs::test(name, inst.args.len())?;
        let mut args = inst.args.clone();
        if is_swapped {
            args.reverse();
        }
        match outcomes(&Test { op, args }, self.facts, &self.known, self.constants) {
            (Some(_), None) => Some(Value::atom("true")),
            (None, Some(_)) => Some(Value::atom("false")),
            _ => None,
        }
    }

    /// The instruction that fetches a part of a term that is known to have it.
    fn plain(&self, op: Op, args: &[Value]) -> Option<(Op, Value)> {
        let Op::Bif(name) = op else { return None };
        match (name.as_str(), args) {
            ("element", &[Value::Int(at), tuple @ Value::Var(_)]) => {
                let size = self.type_of(tuple).elements()?.len();
                let at = u32::try_from(at).ok().filter(|&at| at >= 1 && at as usize <= size)?;
                Some((Op::Element(at - 1), tuple))
            }
            ("hd" | "tl", &[list @ Value::Var(_)]) if self.type_of(list).kinds == Kinds::CONS => {
                Some((if name.as_str() == "hd" { Op::Head } else { Op::Tail }, list))
            }
            _ => None,
        }
    }

    /// The update of an element that is known to be there.
    fn update(&self, inst: &Inst) -> Option<Op> {
        let Op::Call(Callee::Remote(module, name)) = inst.op else { return None };
        match (module.as_str(), name.as_str(), &inst.args[..]) {
            ("erlang", "setelement", &[Value::Int(at), tuple @ Value::Var(_), _]) => {
                let ty = self.type_of(tuple);
                let elements = ty.elements()?;
                let size = u32::try_from(elements.len()).ok()?;
                let at = u32::try_from(at).ok().filter(|&at| at >= 1 && at <= size)?;
                let tag = elements.first().and_then(Type::as_atom);
                Some(Op::SetElement { at: at - 1, size, tag })
            }
            _ => None,
        }
    }

    /// Arithmetic on floating-point registers, where the result will be a float.
    fn float(&mut self, inst: &Inst) -> Option<(Op, Vec<Value>)> {
        let Op::Bif(name) = inst.op else { return None };
        let op = match (name.as_str(), inst.args.len()) {
            ("+", 2) => FloatOp::Add,
            ("-", 2) => FloatOp::Subtract,
            ("*", 2) => FloatOp::Multiply,
            ("/", 2) => FloatOp::Divide,
            // The instruction that negates makes 0.0 of 0.0 in OTP 25; the operator makes -0.0.
            _ => return None,
        };
        let types: Vec<Type> = inst.args.iter().map(|&arg| self.type_of(arg)).collect();
        let is_float = |ty: &Type| ty.kinds == Kinds::FLOAT;
        if !types.iter().any(is_float) || types.iter().any(|ty| ty.kinds.and(Kinds::NUMBER).is_empty()) {
            return None;
        }
        let mut args = Vec::with_capacity(inst.args.len());
        for &arg in &inst.args {
            args.push(match arg {
                // Beyond these, integers are not floats exactly.
                Value::Int(integer @ -0xFFFF_FFFF..=0xFFFF_FFFF) => {
                    self.constants.value(Literal::Float(integer as f64))
                }
                Value::Var(_) => arg,
                Value::Const(id) if matches!(self.constants.get(id), Literal::Float(_)) => arg,
                _ => return None,
            });
        }
        let is_known = [0, 1].map(|at| {
            types.get(at).is_some_and(is_float) || args.get(at).is_some_and(|arg| arg.is_constant())
        });
        Some((Op::FloatArith(op, is_known), args))
    }

    fn end(&mut self, insts: &mut Vec<Inst>, term: &mut Term) {
        match term {
            Term::Branch { test, yes, no } => {
                if let Some(holds) = constant_outcome(test) {
                    *term = Term::Jump(if holds { *yes } else { *no }, Vec::new());
                    return;
                }
                match outcomes(test, self.facts, &self.known, self.constants) {
                    (Some(_), None) => *term = Term::Jump(*yes, Vec::new()),
                    (None, Some(_)) => *term = Term::Jump(*no, Vec::new()),
                    _ => {}
                }
            }
            Term::Switch { value, cases, default } => {
                if let Value::Atom(_) = value {
                    let way = cases.iter().find(|(case, _)| case == value).map_or(*default, |&(_, way)| way);
                    *term = Term::Jump(way, Vec::new());
                    return;
                }
                let ty = self.type_of(*value);
                if ty.is_none() {
                    return;
                }
                let constants = &*self.constants;
                cases.retain(|&(case, _)| !ty.and(&Type::of_value(case, constants)).is_none());
                let booleans =
                    |&(case, _): &(Value, BlockId)| Type::of_value(case, constants).kinds.and(Kinds::BOOLEAN);
                let left = cases.iter().map(booleans).fold(ty.clone(), |left, kind| left.without(kind));
                if (left.is_none() || is_decided(&ty, cases))
                    && let Some((_, last)) = cases.pop()
                {
                    *default = last;
                }
                if cases.is_empty() {
                    *term = Term::Jump(*default, Vec::new());
                }
            }
            Term::SwitchArity { value, cases, default } => {
                let ty = self.type_of(*value);
                if ty.is_none() {
                    return;
                }
                cases.retain(|&(size, _)| !ty.and(&Type::tuple_of_size(size as usize)).is_none());
                let size = ty.elements().map(<[Type]>::len);
                if let &mut [(only, way)] = &mut cases[..]
                    && size == Some(only as usize)
                {
                    *default = way;
                    cases.clear();
                }
                if cases.is_empty() {
                    *term = Term::Jump(*default, Vec::new());
                }
            }
            Term::Attempt { op: Attempt::Bif(name), args, dsts, ok, .. } => {
                if let Some((op, operand)) = self.plain(Op::Bif(*name), args) {
                    insts.push(Inst { dst: dsts.first().copied(), op, args: vec![operand], line: 0 });
                    *term = Term::Jump(*ok, Vec::new());
                    return;
                }
                let types: Vec<Type> = args.iter().map(|&arg| self.type_of(arg)).collect();
                if !types.iter().any(Type::is_none) && bif_succeeds(*name, &types) {
                    let (op, args) = (Op::Bif(*name), std::mem::take(args));
                    insts.push(Inst { dst: dsts.first().copied(), op, args, line: 0 });
                    *term = Term::Jump(*ok, Vec::new());
                }
            }
            Term::TailCall { callee, args, line } => {
                let call = Inst { dst: None, op: Op::Call(*callee), args: std::mem::take(args), line: *line };
                match self.update(&call) {
                    Some(op) => {
                        let dst = Var(self.var_count);
                        self.var_count += 1;
                        insts.push(Inst { dst: Some(dst), op, ..call });
                        *term = Term::Return(Value::Var(dst));
                    }
                    None => *args = call.args,
                }
            }
            Term::Return(_)
            | Term::Jump(..)
            | Term::Attempt { .. }
            | Term::Error { .. }
            | Term::Raise(..)
            | Term::Try { .. }
            | Term::LoopRec { .. }
            | Term::LoopRecEnd(_)
            | Term::Wait(..)
            | Term::Unreachable => {}
        }
    }
}

/// The outcome of a comparison of atoms.
fn constant_outcome(test: &Test) -> Option<bool> {
    match (test.op, &test.args[..]) {
        (swerl_beam::Genop::IsEqExact, [Value::Atom(a), Value::Atom(b)]) => Some(a == b),
        (swerl_beam::Genop::IsNeExact, [Value::Atom(a), Value::Atom(b)]) => Some(a != b),
        _ => None,
    }
}
