//! `0.0` and `-0.0` where they count as one constant, as they do for OTP 25, where they are `=:=`.
//!
//! Its compiler keeps what it knows in tables whose keys are terms. So where the same was built before with the other
//! zero, that is taken; and of two ways of one choice that do the same but for the sign of a zero, the first is taken.
//! (The literal pool of the file does so as well: the [assembler](crate::codegen).) Which term comes of it is what
//! programs see; this pass rewrites the constants, and leaves it to others to share code.

use super::liveness::is_call;
use super::{Block, BlockId, Entry, FloatOp, Function, Inst, Op, Term, Value, Var};
use crate::core::{ConstId, Constants};
use std::collections::HashMap;

/// The constants that differ in the sign of zeros alone: each with the one that stands for all of them.
type Alike = HashMap<ConstId, ConstId>;

/// What was built before, by what it was built of, each constant standing for all that are alike.
type Built = HashMap<(Op, Vec<Value>), Vec<Value>>;

/// Gives constants the sign that they have in OTP 25.
pub fn unite_zeros(functions: &mut [Function], constants: &Constants) {
    let alike = constants.alike_but_for_zeros();
    if alike.is_empty() {
        return;
    }
    for function in functions {
        take_what_was_built(function, &alike);
        take_the_first_way(function, &alike);
    }
}

fn standing(value: Value, alike: &Alike) -> Value {
    match value {
        Value::Const(id) => Value::Const(alike.get(&id).copied().unwrap_or(id)),
        Value::Var(_) | Value::Atom(_) | Value::Int(_) | Value::Nil => value,
    }
}

fn is_alike(value: Value, alike: &Alike) -> bool {
    matches!(value, Value::Const(id) if alike.contains_key(&id))
}

/// Whether what an operation gives is taken again when it has the same operands.
fn is_taken_again(op: Op) -> bool {
    match op {
        Op::Tuple | Op::Cons | Op::PutMap { .. } => true,
        Op::Bif(name) => {
            !matches!(name.as_str(), "=:=" | "=/=" | "==" | "/=" | "<" | ">" | "=<" | ">=" | "and" | "or")
        }
        _ => false,
    }
}

fn take_what_was_built(function: &mut Function, alike: &Alike) {
    let order = function.reverse_postorder();
    let mut ways = vec![0_u32; function.blocks.len()];
    for &id in &order {
        function.block(id).term.for_each_successor(|next| ways[next.index()] += 1);
    }
    let mut on_entry: Vec<Option<Built>> = vec![None; function.blocks.len()];
    for &id in &order {
        let mut built = on_entry[id.index()].take().unwrap_or_default();
        let block = function.block_mut(id);
        if block.entry != Entry::Plain {
            built.clear();
        }
        for inst in &mut block.insts {
            if is_call(inst.op) {
                built.clear();
            }
            if let Op::FloatArith(..) = inst.op {
                // A constant that is in a register is not loaded again.
                for arg in inst.args.iter_mut().filter(|arg| is_alike(**arg, alike)) {
                    let key = (Op::FloatArith(FloatOp::Add, [true; 2]), vec![standing(*arg, alike)]);
                    *arg = built.entry(key).or_insert_with(|| vec![*arg])[0];
                }
            }
            if is_taken_again(inst.op) && inst.args.iter().any(|&arg| is_alike(arg, alike)) {
                let key = (inst.op, inst.args.iter().map(|&arg| standing(arg, alike)).collect());
                inst.args.clone_from(built.entry(key).or_insert_with(|| inst.args.clone()));
            }
        }
        let mut next: Vec<BlockId> = Vec::new();
        block.term.for_each_successor(|target| next.push(target));
        for target in next.into_iter().filter(|target| ways[target.index()] == 1) {
            on_entry[target.index()] = Some(built.clone());
        }
    }
}

fn take_the_first_way(function: &mut Function, alike: &Alike) {
    let order = function.reverse_postorder();
    // What a choice leads to comes before it, so that choices that lead to the same are found to be the same.
    for &id in order.iter().rev() {
        let mut ways: Vec<BlockId> = Vec::new();
        match &function.block(id).term {
            term @ (Term::Branch { .. } | Term::Switch { .. } | Term::SwitchArity { .. }) => {
                term.for_each_successor(|way| ways.push(way));
            }
            _ => continue,
        }
        // The first comes last among the successors.
        ways.reverse();
        let mut first: HashMap<Block, BlockId> = HashMap::new();
        for way in ways {
            if !mentions(function.block(way), alike) {
                continue;
            }
            let shape = shape(function.block(way), function.var_count, alike);
            match first.get(&shape) {
                Some(&first) if first != way => take_over(function, first, way),
                Some(_) => {}
                None => {
                    first.insert(shape, way);
                }
            }
        }
    }
}

fn mentions(block: &Block, alike: &Alike) -> bool {
    let mut is_mentioned = block.insts.iter().flat_map(|inst| &inst.args).any(|&arg| is_alike(arg, alike));
    block.term.for_each_value(|value| is_mentioned |= is_alike(value, alike));
    is_mentioned
}

/// A block with its own variables numbered beyond those of the function, without places but those of calls that come
/// back, and with one constant for all that are alike.
fn shape(block: &Block, var_count: u32, alike: &Alike) -> Block {
    let own: HashMap<Var, Var> = block
        .params
        .iter()
        .copied()
        .chain(block.insts.iter().filter_map(|inst| inst.dst))
        .zip((var_count..).map(Var))
        .collect();
    let rename = |var: Var| own.get(&var).copied().unwrap_or(var);
    let rename_value = |value: &mut Value| {
        *value = match *value {
            Value::Var(var) => Value::Var(rename(var)),
            other => standing(other, alike),
        };
    };
    let mut shape = block.clone();
    shape.params.iter_mut().for_each(|param| *param = rename(*param));
    for Inst { dst, args, line, op } in &mut shape.insts {
        *dst = dst.map(rename);
        args.iter_mut().for_each(rename_value);
        if !is_call(*op) {
            *line = 0;
        }
    }
    shape.term.for_each_value_mut(rename_value);
    if let Term::TailCall { line, .. } | Term::Error { line, .. } = &mut shape.term {
        *line = 0;
    }
    shape
}

/// Gives the constants of one way to another of the same shape. Where something is called and more follows, OTP's
/// compiler keeps the last way, not the first.
fn take_over(function: &mut Function, first: BlockId, other: BlockId) {
    let calls = function.block(first).insts.iter().any(|inst| is_call(inst.op));
    let (from, to) = if calls { (other, first) } else { (first, other) };
    let from = function.block(from).clone();
    let to = function.block_mut(to);
    let constant = |to: &mut Value, from: Value| {
        if matches!(from, Value::Const(_)) {
            *to = from;
        }
    };
    for (to, from) in to.insts.iter_mut().zip(&from.insts) {
        to.args.iter_mut().zip(&from.args).for_each(|(to, &from)| constant(to, from));
    }
    let mut values = Vec::new();
    from.term.for_each_value(|value| values.push(value));
    let mut values = values.into_iter();
    to.term.for_each_value_mut(|to| {
        if let Some(from) = values.next() {
            constant(to, from);
        }
    });
}
