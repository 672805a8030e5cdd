//! Receive markers: a `receive` whose every clause wants a reference that this function made just before need not
//! look at the messages that were there before it.
//!
//! A marker is reserved before the call that makes the reference, tied to the reference after it, and used by the
//! `receive`, which then starts at the marker: however full the mailbox is, the answer to a call is found at once.

use super::{BlockId, Callee, Function, Inst, Op, Term, Value, Var};
use std::collections::HashSet;
use swerl_beam::Genop;

/// Inserts markers.
pub fn insert_markers(function: &mut Function) {
    let heads: Vec<BlockId> = (0..)
        .map(BlockId)
        .zip(&function.blocks)
        .filter(|(_, block)| matches!(block.term, Term::LoopRec { .. }))
        .map(|(id, _)| id)
        .collect();
    if heads.is_empty() {
        return;
    }
    let order = function.reverse_postorder();
    for fresh in fresh_references(function, &order) {
        let receives: Vec<Receive> = heads
            .iter()
            .filter(|head| order.contains(head))
            .filter_map(|&head| Receive::of(function, head, fresh.reference))
            .collect();
        if receives.is_empty() {
            continue;
        }
        let reference = Value::Var(fresh.reference);
        for receive in &receives {
            receive.use_marker(function, &order, reference);
            // A later receive for the same reference starts from the marker, too.
            if receives.len() == 1 {
                receive.clear_marker(function, reference);
            }
        }
        fresh.set_marker(function);
    }
}

/// A reference that no message received so far can hold.
#[derive(Clone, Copy, Debug)]
struct Fresh {
    reference: Var,
    /// What the call gives: the reference, or a tuple with it.
    made: Var,
}

fn fresh_references(function: &Function, order: &[BlockId]) -> Vec<Fresh> {
    let mut found = Vec::new();
    let mut pairs = HashSet::new();
    for &id in order {
        for inst in &function.block(id).insts {
            let Some(dst) = inst.dst else { continue };
            match (inst.op, &inst.args[..]) {
                (Op::Call(Callee::Remote(module, name)), args) if module.as_str() == "erlang" => {
                    match (name.as_str(), args.len()) {
                        ("make_ref", 0)
                        | ("alias", 0 | 1)
                        | ("monitor", 2 | 3)
                        | ("spawn_request", 1..=5) => found.push(Fresh { reference: dst, made: dst }),
                        ("spawn_monitor", 1..=4) => {
                            pairs.insert(dst);
                        }
                        _ => {}
                    }
                }
                (Op::Element(1), [Value::Var(pair)]) if pairs.contains(pair) => {
                    found.push(Fresh { reference: dst, made: *pair });
                }
                _ => {}
            }
        }
    }
    found
}

impl Fresh {
    fn set_marker(self, function: &mut Function) {
        let marker = function.new_var();
        for block in &mut function.blocks {
            if let Some(at) = block.insts.iter().position(|inst| inst.dst == Some(self.reference)) {
                let args = vec![Value::Var(marker), Value::Var(self.reference)];
                block.insts.insert(at + 1, Inst { dst: None, op: Op::BindMarker, args, line: 0 });
            }
            if let Some(at) = block.insts.iter().position(|inst| inst.dst == Some(self.made)) {
                let reserve = Inst { dst: Some(marker), op: Op::ReserveMarker, args: Vec::new(), line: 0 };
                block.insts.insert(at, reserve);
            }
        }
    }
}

/// A `receive` that only takes messages with a certain reference in them.
#[derive(Debug)]
struct Receive {
    head: BlockId,
    /// The blocks that take the message out.
    takers: Vec<BlockId>,
    /// Where it goes on when there is no message.
    empty: BlockId,
}

impl Receive {
    fn of(function: &Function, head: BlockId, reference: Var) -> Option<Self> {
        let Term::LoopRec { message, found, empty } = function.block(head).term else { return None };
        let mut takers = Vec::new();
        let mut parts = HashSet::from([message]);
        let mut is_seen = HashSet::new();
        // Blocks, and whether the reference was seen in the message on the way there.
        let mut work = vec![(found, false)];
        while let Some((id, is_matched)) = work.pop() {
            if !is_seen.insert((id, is_matched)) {
                continue;
            }
            let block = function.block(id);
            let is_part =
                |value: &Value, parts: &HashSet<Var>| value.as_var().is_some_and(|var| parts.contains(&var));
            for inst in &block.insts {
                if inst.op == Op::RemoveMessage {
                    if !is_matched {
                        return None;
                    }
                    takers.push(id);
                }
                let takes_apart = matches!(inst.op, Op::Element(_) | Op::Head | Op::Tail);
                if takes_apart && is_part(&inst.args[0], &parts) {
                    parts.extend(inst.dst);
                }
            }
            if block.insts.iter().any(|inst| inst.op == Op::RemoveMessage) {
                continue;
            }
            match &block.term {
                Term::LoopRecEnd(_) => {}
                Term::Branch { test, yes, no } => {
                    let wanted = Value::Var(reference);
                    let is_found = test.op == Genop::IsEqExact
                        && match &test.args[..] {
                            [one, other] if *one == wanted => is_part(other, &parts),
                            [one, other] if *other == wanted => is_part(one, &parts),
                            _ => false,
                        };
                    work.push((*yes, is_matched || is_found));
                    work.push((*no, is_matched));
                }
                Term::Attempt { op, args, dsts, ok, fail } => {
                    if *op == super::Attempt::GetMapElements && is_part(&args[0], &parts) {
                        parts.extend(dsts);
                    }
                    work.push((*ok, is_matched));
                    work.push((*fail, is_matched));
                }
                term => term.for_each_successor(|next| work.push((next, is_matched))),
            }
        }
        (!takers.is_empty()).then_some(Self { head, takers, empty })
    }

    /// Uses the marker on the ways into the loop.
    fn use_marker(&self, function: &mut Function, order: &[BlockId], reference: Value) {
        for &id in order {
            let block = function.block_mut(id);
            if matches!(block.term, Term::Jump(target, _) if target == self.head) {
                block.insts.push(Inst { dst: None, op: Op::UseMarker, args: vec![reference], line: 0 });
            }
        }
    }

    /// Drops the marker when the message is there, or the time is over.
    fn clear_marker(&self, function: &mut Function, reference: Value) {
        let clear = Inst { dst: None, op: Op::ClearMarker, args: vec![reference], line: 0 };
        for &id in &self.takers {
            let insts = &mut function.block_mut(id).insts;
            let at = insts.iter().position(|inst| inst.op == Op::RemoveMessage);
            insts.insert(at.expect("the block takes the message out"), clear.clone());
        }
        let over = match &function.block(self.empty).term {
            Term::Wait(_, Some((_, after))) | Term::Jump(after, _) => *after,
            _ => return,
        };
        let insts = &mut function.block_mut(over).insts;
        if let Some(at) = insts.iter().position(|inst| inst.op == Op::Timeout) {
            insts.insert(at + 1, clear);
        }
    }
}
