//! Small optimisations that make the code what a person would have written.
//!
//! - Values that nobody needs are not computed, when computing them cannot fail.
//! - A comparison whose answer is only looked at becomes a branch.

use super::{BlockId, Function, Op, Term, Test, Value, Var};
use crate::core::bifs;
use swerl_beam::Genop;

/// Simplifies a function.
pub fn simplify(function: &mut Function) {
    fuse_tests(function);
    remove_unused(function);
    skip_empty_blocks(function);
}

/// Leads ways to blocks that do nothing but jump on to where these jump.
fn skip_empty_blocks(function: &mut Function) {
    let mut forward: Vec<BlockId> = (0..).map(BlockId).take(function.blocks.len()).collect();
    // Blocks jump on to blocks made before or after them, so chains are followed, with their ends noted.
    for start in 0..forward.len() {
        let mut end = start;
        let mut steps = 0;
        while let Some(next) = jumps_on(function, end)
            && steps < function.blocks.len()
        {
            end = next.index();
            steps += 1;
            if forward[end].index() != end {
                end = forward[end].index();
                break;
            }
        }
        forward[start] = BlockId(u32::try_from(end).expect("fewer than 2^32 blocks"));
    }
    for block in &mut function.blocks {
        let has_arguments = matches!(&block.term, Term::Jump(_, args) if !args.is_empty());
        if !has_arguments {
            block.term.for_each_successor_mut(|target| *target = forward[target.index()]);
        }
    }
}

/// Where a block leads that does nothing, if no more than that can be said of it.
fn jumps_on(function: &Function, block: usize) -> Option<BlockId> {
    let block = &function.blocks[block];
    match &block.term {
        Term::Jump(target, args)
            if args.is_empty()
                && block.insts.is_empty()
                && block.params.is_empty()
                && block.entry == super::Entry::Plain
                && function.block(*target).entry == super::Entry::Plain =>
        {
            Some(*target)
        }
        _ => None,
    }
}

/// Turns `V = A < B` followed by a switch on `V` into a branch.
fn fuse_tests(function: &mut Function) {
    for block in &mut function.blocks {
        let Some((value, yes, no)) = boolean_switch(&block.term) else { continue };
        let is_boolean =
            block.insts.iter().rev().find(|inst| inst.dst == Some(value)).is_some_and(
                |inst| matches!(inst.op, Op::Bif(name) if bifs::is_boolean(name, inst.args.len())),
            );
        if is_boolean {
            let args = vec![Value::Var(value), Value::atom("true")];
            block.term = Term::Branch { test: Test { op: Genop::IsEqExact, args }, yes, no };
        }
    }
    let uses = count_uses(function);
    for block in &mut function.blocks {
        let Term::Branch { test, .. } = &mut block.term else { continue };
        let (Genop::IsEqExact, [Value::Var(value), Value::Atom(atom)]) = (test.op, &test.args[..]) else {
            continue;
        };
        let Some(last) = block.insts.last() else { continue };
        let Op::Bif(name) = last.op else { continue };
        if last.dst != Some(*value) || uses[value.index()] != 1 || atom.as_str() != "true" {
            continue;
        }
        let Some((op, is_swapped)) = bifs::test(name, last.args.len()) else { continue };
        // `is_function(F, A)` may fail.
        if !bifs::is_total(name, last.args.len()) {
            continue;
        }
        let last = block.insts.pop().expect("there is a last instruction");
        let mut args = last.args;
        if is_swapped {
            args.reverse();
        }
        *test = Test { op, args };
    }
}

/// The value that a block's end asks whether it is `true` or `false`, and the ways it goes then.
fn boolean_switch(term: &Term) -> Option<(Var, BlockId, BlockId)> {
    let Term::Switch { value: Value::Var(value), cases, .. } = term else { return None };
    let way = |text: &str| cases.iter().find(|(case, _)| *case == Value::atom(text)).map(|&(_, way)| way);
    Some((*value, way("true")?, way("false")?))
}

/// How often each variable is used in reachable blocks.
pub(super) fn count_uses(function: &Function) -> Vec<u32> {
    let mut uses = vec![0; function.var_count as usize];
    let mut count = |value: Value| {
        if let Value::Var(var) = value {
            uses[var.index()] += 1;
        }
    };
    for id in function.reverse_postorder() {
        let block = function.block(id);
        for inst in &block.insts {
            inst.args.iter().for_each(|&arg| count(arg));
        }
        block.term.for_each_value(&mut count);
    }
    uses
}

/// Whether an instruction does nothing but give a value.
fn is_pure(op: Op, args: usize) -> bool {
    match op {
        Op::Tuple
        | Op::Cons
        | Op::Head
        | Op::Tail
        | Op::Element(_)
        | Op::MakeFun(_)
        | Op::SetElement { .. }
        | Op::Overwrite(_)
        | Op::GetPosition
        | Op::GetTail => true,
        Op::PutMap { exact } => !exact,
        Op::Bif(name) => bifs::is_total(name, args),
        Op::Call(_)
        | Op::Send
        | Op::RemoveMessage
        | Op::Timeout
        | Op::ReserveMarker
        | Op::BindMarker
        | Op::UseMarker
        | Op::ClearMarker
        | Op::TryEnd
        | Op::BuildStacktrace
        | Op::BuildBits(_)
        | Op::SetPosition
        | Op::FloatArith(..) => false,
    }
}

/// Removes what computes values that nobody needs, and parameters of blocks that nobody reads.
fn remove_unused(function: &mut Function) {
    let mut is_reachable = vec![false; function.blocks.len()];
    for id in function.reverse_postorder() {
        is_reachable[id.index()] = true;
    }
    // From what must be kept, backwards: what defines each variable, and what that in turn needs.
    let mut is_needed = vec![false; function.var_count as usize];
    let mut definitions: Vec<Option<Definition>> = vec![None; function.var_count as usize];
    let mut jumps: Vec<Vec<BlockId>> = vec![Vec::new(); function.blocks.len()];
    let mut work: Vec<Var> = Vec::new();
    let need = |value: Value, work: &mut Vec<Var>, is_needed: &mut Vec<bool>| {
        if let Value::Var(var) = value
            && !std::mem::replace(&mut is_needed[var.index()], true)
        {
            work.push(var);
        }
    };
    for (id, block) in (0..).map(BlockId).zip(&function.blocks) {
        if !is_reachable[id.index()] {
            continue;
        }
        for (at, &param) in block.params.iter().enumerate() {
            definitions[param.index()] = Some(Definition::Param(id, at));
        }
        for (at, inst) in block.insts.iter().enumerate() {
            if let Some(dst) = inst.dst {
                definitions[dst.index()] = Some(Definition::Inst(id, at));
            }
            if !is_pure(inst.op, inst.args.len()) {
                inst.args.iter().for_each(|&arg| need(arg, &mut work, &mut is_needed));
            }
        }
        match &block.term {
            Term::Jump(target, args) => {
                jumps[target.index()].push(id);
                // Such a block has its parameters whether they are read or not.
                if function.block(*target).entry != super::Entry::Plain {
                    args.iter().for_each(|&arg| need(arg, &mut work, &mut is_needed));
                }
            }
            term => term.for_each_value(|value| need(value, &mut work, &mut is_needed)),
        }
    }
    while let Some(var) = work.pop() {
        match definitions[var.index()] {
            Some(Definition::Inst(block, at)) => {
                let inst = &function.block(block).insts[at];
                inst.args.iter().for_each(|&arg| need(arg, &mut work, &mut is_needed));
            }
            Some(Definition::Param(block, at)) => {
                for &from in &jumps[block.index()] {
                    if let Term::Jump(_, args) = &function.block(from).term {
                        need(args[at], &mut work, &mut is_needed);
                    }
                }
            }
            None => {}
        }
    }
    // What a handler is given stays where the machine puts it.
    let is_plain: Vec<bool> =
        function.blocks.iter().map(|block| block.entry == super::Entry::Plain).collect();
    let kept: Vec<Vec<bool>> = function
        .blocks
        .iter()
        .map(|block| block.params.iter().map(|param| is_needed[param.index()]).collect())
        .collect();
    for (at, block) in function.blocks.iter_mut().enumerate() {
        block.insts.retain(|inst| {
            !is_pure(inst.op, inst.args.len()) || inst.dst.is_some_and(|dst| is_needed[dst.index()])
        });
        if is_plain[at] {
            block.params.retain(|param| is_needed[param.index()]);
        }
        if let Term::Jump(target, args) = &mut block.term
            && is_plain[target.index()]
        {
            let mut keep = kept[target.index()].iter();
            args.retain(|_| *keep.next().expect("a jump has an argument for each parameter"));
        }
    }
}

#[derive(Clone, Copy, Debug)]
enum Definition {
    Inst(BlockId, usize),
    Param(BlockId, usize),
}
