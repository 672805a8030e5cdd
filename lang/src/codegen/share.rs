//! Blocks that do the same become one.
//!
//! Only blocks whose own variables stay inside them; and only blocks that all run with a frame or all without,
//! so that no quick way through a function has to open one for the sake of another.

use super::frames::blocks_with_frame;
use crate::core::{Value, Var};
use crate::ssa::{BlockId, Entry, Function, Inst, Term};
use std::collections::HashMap;

/// What a block does, its own variables numbered as they come.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Key {
    params: usize,
    insts: Vec<Inst>,
    term: Term,
    handler: Option<BlockId>,
    is_peeking: bool,
    has_frame: bool,
}

/// Replaces blocks by others that do the same.
pub(super) fn share_blocks(function: &mut Function) {
    let order = function.reverse_postorder();
    if order.len() < 3 {
        return;
    }
    let has_frame = blocks_with_frame(function, &order);
    let uses = uses(function, &order);
    let mut known: HashMap<Key, BlockId> = HashMap::new();
    let mut replaced: Vec<BlockId> = (0..).map(BlockId).take(function.blocks.len()).collect();
    // What a block leads to comes before it, so that blocks that lead to equal blocks are found to be equal.
    for &id in order.iter().rev() {
        function.block_mut(id).term.for_each_successor_mut(|next| *next = replaced[next.index()]);
        if id.0 == 0 {
            continue;
        }
        if let Some(key) = key(function, id, has_frame[id.index()], &uses) {
            replaced[id.index()] = *known.entry(key).or_insert(id);
        }
    }
}

fn uses(function: &Function, order: &[BlockId]) -> Vec<u32> {
    let mut uses = vec![0; function.var_count as usize];
    for &id in order {
        count_uses(function, id, &mut uses);
    }
    uses
}

fn count_uses(function: &Function, id: BlockId, uses: &mut [u32]) {
    let mut count = |value: Value| {
        if let Value::Var(var) = value {
            uses[var.index()] += 1;
        }
    };
    let block = function.block(id);
    block.insts.iter().flat_map(|inst| &inst.args).for_each(|&arg| count(arg));
    block.term.for_each_value(count);
}

fn key(function: &Function, id: BlockId, has_frame: bool, uses: &[u32]) -> Option<Key> {
    let block = function.block(id);
    let is_simple = match block.term {
        Term::Return(_)
        | Term::TailCall { .. }
        | Term::Jump(..)
        | Term::Branch { .. }
        | Term::Switch { .. }
        | Term::SwitchArity { .. }
        | Term::Error { .. }
        | Term::Raise(..) => true,
        Term::Attempt { .. }
        | Term::Try { .. }
        | Term::LoopRec { .. }
        | Term::LoopRecEnd(_)
        | Term::Wait(..)
        | Term::Unreachable => false,
    };
    if block.entry != Entry::Plain || !is_simple {
        return None;
    }
    let mut own: HashMap<Var, u32> = HashMap::new();
    let number = |var: Var, own: &mut HashMap<Var, u32>| {
        let next = u32::try_from(own.len()).expect("fewer than 2^32 variables");
        *own.entry(var).or_insert(next)
    };
    block.params.iter().chain(block.insts.iter().filter_map(|inst| inst.dst.as_ref())).for_each(|&var| {
        number(var, &mut own);
    });
    let mut insts = block.insts.clone();
    let mut term = block.term.clone();
    if !own.is_empty() {
        let mut inside: HashMap<Var, u32> = HashMap::new();
        let mut note = |value: Value| {
            if let Value::Var(var) = value
                && own.contains_key(&var)
            {
                *inside.entry(var).or_default() += 1;
            }
        };
        insts.iter().flat_map(|inst| &inst.args).for_each(|&arg| note(arg));
        term.for_each_value(note);
        if own.keys().any(|var| inside.get(var).copied().unwrap_or(0) != uses[var.index()]) {
            return None;
        }
        // Beyond all variables of the function.
        let rename = |var: Var| own.get(&var).map_or(var, |&number| Var(function.var_count + number));
        let rename_value = |value: &mut Value| {
            if let Value::Var(var) = value {
                *var = rename(*var);
            }
        };
        for inst in &mut insts {
            inst.dst = inst.dst.map(rename);
            inst.args.iter_mut().for_each(rename_value);
        }
        term.for_each_value_mut(rename_value);
    }
    let (handler, is_peeking) = (block.handler, block.is_peeking);
    Some(Key { params: block.params.len(), insts, term, handler, is_peeking, has_frame })
}
