//! Positions of match contexts that are kept and set back in vain.
//!
//! Every row of a choice notes where its context stands, and every next row sets it back; often it has not
//! moved, is not needed any more, or its place is known under another name.

use super::contexts::end_moves;
use super::liveness::Liveness;
use super::{Entry, Function, Op, Value, Var};
use std::collections::HashMap;

/// By context: the variable that holds where it stands.
type Known = HashMap<Value, Value>;

/// Removes what is done in vain.
pub fn remove_idle_positions(function: &mut Function) {
    let is_position = |op: Op| matches!(op, Op::GetPosition | Op::SetPosition);
    if !function.blocks.iter().any(|block| block.insts.iter().any(|inst| is_position(inst.op))) {
        return;
    }
    follow(function);
    remove_last(function);
}

/// Follows the contexts, and removes what is known or holds already.
fn follow(function: &mut Function) {
    let order = function.reverse_postorder();
    let mut on_entry: Vec<Option<Known>> = vec![None; function.blocks.len()];
    let mut same: HashMap<Var, Value> = HashMap::new();
    for &id in &order {
        let block = function.block_mut(id);
        let mut known = match block.entry {
            Entry::Plain => on_entry[id.index()].take().unwrap_or_default(),
            Entry::Try(_) | Entry::Catch(_) | Entry::Loop => Known::new(),
        };
        block.insts.retain_mut(|inst| {
            for arg in &mut inst.args {
                *arg = arg.as_var().and_then(|var| same.get(&var).copied()).unwrap_or(*arg);
            }
            match (inst.op, inst.dst) {
                (Op::GetPosition, Some(dst)) => match known.get(&inst.args[0]) {
                    Some(&position) => {
                        same.insert(dst, position);
                        false
                    }
                    None => {
                        known.insert(inst.args[0], Value::Var(dst));
                        true
                    }
                },
                (Op::SetPosition, _) => known.insert(inst.args[0], inst.args[1]) != Some(inst.args[1]),
                _ => true,
            }
        });
        block.term.for_each_value_mut(|arg| {
            *arg = arg.as_var().and_then(|var| same.get(&var).copied()).unwrap_or(*arg);
        });
        let term = &function.block(id).term;
        let succeeded = match term {
            super::Term::Branch { yes, .. } => Some(*yes),
            super::Term::Attempt { ok, .. } => Some(*ok),
            _ => None,
        };
        let mut ways = Vec::new();
        term.for_each_successor(|next| {
            let mut way = known.clone();
            if Some(next) == succeeded {
                way.retain(|context, _| !context.as_var().is_some_and(|context| end_moves(term, context)));
            }
            ways.push((next, way));
        });
        for (next, way) in ways {
            match &mut on_entry[next.index()] {
                Some(other) => other.retain(|context, position| way.get(context) == Some(position)),
                none => *none = Some(way),
            }
        }
    }
}

/// Removes what sets back contexts that nobody looks at any more.
fn remove_last(function: &mut Function) {
    let facts = Liveness::of(function);
    for &id in &facts.order {
        let block = function.block(id);
        if !block.insts.iter().any(|inst| inst.op == Op::SetPosition) {
            continue;
        }
        let is_needed_later = |at: usize, context: Value| {
            let mut is_needed = block.insts[at + 1..].iter().any(|inst| inst.args.contains(&context));
            block.term.for_each_value(|value| is_needed |= value == context);
            let mut note = |next: super::BlockId| {
                is_needed |= context
                    .as_var()
                    .is_some_and(|var| facts.live_in[next.index()].binary_search(&var).is_ok());
            };
            block.term.for_each_successor(&mut note);
            block.handler.into_iter().for_each(note);
            is_needed
        };
        let is_idle = |at: usize| {
            block.insts[at].op == Op::SetPosition && !is_needed_later(at, block.insts[at].args[0])
        };
        let idle: Vec<bool> = (0..block.insts.len()).map(is_idle).collect();
        let mut idle = idle.into_iter();
        function.block_mut(id).insts.retain(|_| !idle.next().expect("there is one for each"));
    }
}
