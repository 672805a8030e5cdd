//! Elements of tuples are fetched behind the calls that come before their use: the frame keeps the tuple alone.
//!
//! It pays where the tuple is kept anyway, or where several elements wait for the same call.

use super::liveness::{Liveness, is_call};
use super::{Block, Function, Inst, Op, Value, Var};
use std::collections::{HashMap, HashSet};

/// Moves fetches down, each within its block.
pub fn delay_fetches(function: &mut Function) {
    let is_it =
        |block: &Block| block.insts.iter().any(|inst| is_call(inst.op)) && block.insts.iter().any(is_fetch);
    let blocks: Vec<usize> = (0..function.blocks.len()).filter(|&at| is_it(&function.blocks[at])).collect();
    if blocks.is_empty() {
        return;
    }
    let facts = Liveness::of(function);
    for at in blocks {
        let block = &function.blocks[at];
        let moves = moves(block, &facts);
        if moves.is_empty() {
            continue;
        }
        let mut waiting: HashMap<usize, Vec<Inst>> = HashMap::new();
        let block = &mut function.blocks[at];
        let insts = std::mem::take(&mut block.insts);
        let count = insts.len();
        for (place, inst) in insts.into_iter().enumerate() {
            block.insts.extend(waiting.remove(&place).unwrap_or_default());
            match moves.get(&place) {
                Some(&to) => waiting.entry(to).or_default().push(inst),
                None => block.insts.push(inst),
            }
        }
        block.insts.extend(waiting.remove(&count).unwrap_or_default());
    }
}

fn is_fetch(inst: &Inst) -> bool {
    matches!(inst.op, Op::Element(_))
}

/// Where fetches go: before which instruction, or the end of the block.
fn moves(block: &Block, facts: &Liveness) -> HashMap<usize, usize> {
    let count = block.insts.len();
    let mut live_out: HashSet<Var> = HashSet::new();
    block.term.for_each_value(|value| live_out.extend(value.as_var()));
    block.term.for_each_successor(|next| live_out.extend(&facts.live_in[next.index()]));
    let held: HashSet<Var> = block
        .handler
        .map(|handler| facts.live_in[handler.index()].iter().copied().collect())
        .unwrap_or_default();
    // From below: what uses each variable first, and last.
    let mut first_use: HashMap<Var, usize> = live_out.iter().map(|&var| (var, count)).collect();
    let mut last_use = first_use.clone();
    let mut first_uses: Vec<Option<usize>> = vec![None; count];
    for (place, inst) in block.insts.iter().enumerate().rev() {
        first_uses[place] = inst.dst.and_then(|dst| first_use.get(&dst).copied());
        for var in inst.args.iter().filter_map(|arg| arg.as_var()) {
            first_use.insert(var, place);
            last_use.entry(var).or_insert(place);
        }
    }
    let call_between =
        |from: usize, to: usize| (from + 1..to).rev().find(|&place| is_call(block.insts[place].op));
    let mut waiting: HashMap<Value, Vec<(usize, usize, usize)>> = HashMap::new();
    for (place, inst) in block.insts.iter().enumerate().filter(|(_, inst)| is_fetch(inst)) {
        let Some(to) = first_uses[place].filter(|_| inst.dst.is_some_and(|dst| !held.contains(&dst))) else {
            continue;
        };
        if let Some(call) = call_between(place, to) {
            waiting.entry(inst.args[0]).or_default().push((place, to, call));
        }
    }
    let mut moves = HashMap::new();
    for (tuple, fetches) in waiting {
        let last = tuple.as_var().and_then(|var| last_use.get(&var).copied()).unwrap_or(0);
        let last_call = fetches.iter().map(|&(_, _, call)| call).max().unwrap_or(0);
        if fetches.len() > 1 || last > last_call {
            moves.extend(fetches.into_iter().map(|(place, to, _)| (place, to)));
        }
    }
    moves
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ssa::{BlockId, Callee, Term};
    use swerl_beam::Atom;

    fn inst(dst: u32, op: Op, args: &[u32]) -> Inst {
        let args = args.iter().map(|&arg| Value::Var(Var(arg))).collect();
        Inst { dst: Some(Var(dst)), op, args, line: 0 }
    }

    fn delayed(insts: Vec<Inst>, result: u32) -> Vec<u32> {
        let mut function = Function {
            name: Atom::new("f"),
            params: vec![Var(0)],
            line: 0,
            blocks: Vec::new(),
            var_count: 20,
        };
        let entry = function.new_block(None);
        function.block_mut(entry).insts = insts;
        function.block_mut(entry).term = Term::Return(Value::Var(Var(result)));
        delay_fetches(&mut function);
        function.block(BlockId(0)).insts.iter().filter_map(|inst| inst.dst).map(|var| var.0).collect()
    }

    fn call() -> Op {
        Op::Call(Callee::Remote(Atom::new("m"), Atom::new("f")))
    }

    #[test]
    fn several_wait_for_their_use() {
        let insts = vec![
            inst(1, Op::Element(0), &[0]),
            inst(2, Op::Element(1), &[0]),
            inst(3, Op::Element(2), &[0]),
            inst(4, call(), &[1]),
            inst(5, Op::Cons, &[4, 2]),
            inst(6, Op::Cons, &[5, 3]),
        ];
        assert_eq!(delayed(insts, 6), [1, 4, 2, 5, 3, 6]);
    }

    #[test]
    fn one_alone_is_kept_instead_of_its_tuple() {
        let insts = vec![inst(1, Op::Element(0), &[0]), inst(2, call(), &[]), inst(3, Op::Cons, &[2, 1])];
        assert_eq!(delayed(insts.clone(), 3), [1, 2, 3]);
        let mut insts = insts;
        insts.push(inst(4, Op::Cons, &[3, 0]));
        assert_eq!(delayed(insts, 4), [2, 1, 3, 4]);
    }
}
