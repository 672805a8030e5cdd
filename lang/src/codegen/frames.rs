//! Which blocks run with a stack frame.
//!
//! A frame is opened as late as possible, so that the quick ways through a function do without one: at the
//! beginning of a block that has one while no block before it has. A block with a frame leads only to blocks
//! with a frame, and where ways meet, all have one or none has.

use crate::ssa::liveness::is_call;
use crate::ssa::{Block, BlockId, Callee, Entry, Function, Op, Term};

/// By block: whether it runs with a frame. Blocks that [`ends_at_once`] are left out: they do as they are
/// reached.
#[must_use]
pub(super) fn blocks_with_frame(function: &Function, order: &[BlockId]) -> Vec<bool> {
    let count = function.blocks.len();
    let mut predecessors: Vec<Vec<BlockId>> = vec![Vec::new(); count];
    for &id in order {
        function.block(id).term.for_each_successor(|next| predecessors[next.index()].push(id));
    }
    let mut has_frame = vec![false; count];
    let mut work: Vec<BlockId> = order.iter().copied().filter(|&id| needs_frame(function, id)).collect();
    for &id in &work {
        has_frame[id.index()] = true;
    }
    while let Some(id) = work.pop() {
        let mut mark = |id: BlockId| {
            if !has_frame[id.index()] {
                has_frame[id.index()] = true;
                work.push(id);
            }
        };
        function.block(id).term.for_each_successor(|next| {
            if !ends_at_once(function.block(next)) {
                mark(next);
                predecessors[next.index()].iter().for_each(|&before| mark(before));
            }
        });
    }
    has_frame
}

/// How many `try` and `catch` each block is in.
///
/// The machine looks for handlers from slot 0 up, so the tag of the innermost must have the lowest slot.
#[must_use]
pub(super) fn tag_depths(function: &Function) -> Vec<u16> {
    let mut depths: Vec<u16> = Vec::with_capacity(function.blocks.len());
    for block in &function.blocks {
        // A handler is made before the blocks that it protects.
        depths.push(block.handler.map_or(0, |handler| depths[handler.index()] + 1));
    }
    depths
}

/// Whether a block does nothing but end the function with an error. Such blocks are written out twice when they
/// are reached both with and without a frame.
#[must_use]
pub(super) fn ends_at_once(block: &Block) -> bool {
    block.insts.is_empty()
        && block.params.is_empty()
        && block.entry == Entry::Plain
        && matches!(block.term, Term::Error { .. } | Term::Raise(..) | Term::Unreachable)
}

fn needs_frame(function: &Function, id: BlockId) -> bool {
    let block = function.block(id);
    block.entry != Entry::Plain
        || block.insts.iter().any(|inst| is_call(inst.op) || inst.op == Op::TryEnd)
        || match &block.term {
            Term::TailCall { callee, .. } => matches!(callee, Callee::Fun | Callee::Apply),
            Term::Try { .. } | Term::LoopRec { .. } | Term::LoopRecEnd(_) | Term::Wait(..) => true,
            // What a loop needs is saved before it begins.
            Term::Jump(target, _) => function.block(*target).entry == Entry::Loop,
            Term::Return(_)
            | Term::Branch { .. }
            | Term::Switch { .. }
            | Term::SwitchArity { .. }
            | Term::Attempt { .. }
            | Term::Error { .. }
            | Term::Raise(..)
            | Term::Unreachable => false,
        }
}
