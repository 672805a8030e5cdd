//! Parts of tuples and lists are fetched where they are needed, not where the term was seen to have them.
//!
//! A pattern names all that its clause uses; when a guard or another element then fails, what was fetched in
//! vain is lost work. So an instruction that fetches moves down into the one successor that needs its result.

use super::liveness::Liveness;
use super::{BlockId, Entry, Function, Inst, Op, Value, Var};

/// Moves fetching instructions down.
pub fn sink(function: &mut Function) {
    let has_fetches = function.blocks.iter().any(|block| block.insts.iter().any(|inst| is_fetch(inst.op)));
    if !has_fetches {
        return;
    }
    let facts = Liveness::of(function);
    let mut predecessors = vec![0_u32; function.blocks.len()];
    for &id in &facts.order {
        function.block(id).term.for_each_successor(|next| predecessors[next.index()] += 1);
    }
    for &id in &facts.order {
        sink_from(function, id, &facts, &predecessors);
    }
}

fn is_fetch(op: Op) -> bool {
    matches!(op, Op::Element(_) | Op::Head | Op::Tail | Op::GetTail)
}

fn is_pair(one: &Inst, other: &Inst) -> bool {
    one.args == other.args && matches!((one.op, other.op), (Op::Head, Op::Tail) | (Op::Tail, Op::Head))
}

fn sink_from(function: &mut Function, id: BlockId, facts: &Liveness, predecessors: &[u32]) {
    let mut successors = Vec::new();
    function.block(id).term.for_each_successor(|next| successors.push(next));
    // Where there is only one way, nothing is gained.
    if successors.len() < 2 || !function.block(id).insts.iter().any(|inst| is_fetch(inst.op)) {
        return;
    }
    let is_live_in = |block: BlockId, var: Var| facts.live_in[block.index()].binary_search(&var).is_ok();
    let mut used: Vec<Var> = Vec::new();
    let note = |value: Value, used: &mut Vec<Var>| {
        if let Value::Var(var) = value {
            used.push(var);
        }
    };
    function.block(id).term.for_each_value(|value| note(value, &mut used));
    let mut insts = std::mem::take(&mut function.block_mut(id).insts);
    let mut kept: Vec<Inst> = Vec::with_capacity(insts.len());
    let target_of = |inst: &Inst, used: &[Var], function: &Function| {
        let dst = inst.dst.filter(|dst| is_fetch(inst.op) && !used.contains(dst))?;
        // A context may have moved by then.
        if inst.op == Op::GetTail && used.iter().any(|&var| Value::Var(var) == inst.args[0]) {
            return None;
        }
        let mut needing = successors.iter().copied().filter(|&next| is_live_in(next, dst));
        let target = needing.next()?;
        let is_only = needing.all(|other| other == target);
        let is_held = function.block(id).handler.is_some_and(|handler| is_live_in(handler, dst));
        let block = function.block(target);
        (is_only && !is_held && predecessors[target.index()] == 1 && block.entry == Entry::Plain)
            .then_some(target)
    };
    while let Some(inst) = insts.pop() {
        let target = target_of(&inst, &used, function);
        // Head and tail of one cell are fetched by one instruction, so they stay together.
        let other = insts.pop_if(|other| is_pair(other, &inst));
        let target = match &other {
            Some(other) => target.filter(|_| target == target_of(other, &used, function)),
            None => target,
        };
        for inst in std::iter::once(inst).chain(other) {
            match target {
                Some(target) => function.block_mut(target).insts.insert(0, inst),
                None => {
                    inst.args.iter().for_each(|&arg| note(arg, &mut used));
                    kept.push(inst);
                }
            }
        }
    }
    kept.reverse();
    function.block_mut(id).insts = kept;
}
