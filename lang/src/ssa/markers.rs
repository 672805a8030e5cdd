//! Receive markers: a `receive` whose every clause wants a reference that this function made just before need not
//! look at the messages that were there before it.
//!
//! A marker is reserved before the call that makes the reference, tied to the reference after it, and used by the
//! `receive`, which then starts at the marker: however full the mailbox is, the answer to a call is found at once.
//!
//! The `receive` may stand in another function of the module, to which the reference is passed. Using a marker that
//! nobody set changes nothing: that function may be called with any other reference, too.

use super::{BlockId, Callee, Function, FunctionId, Inst, Op, Term, Value, Var};
use std::collections::{HashMap, HashSet};
use swerl_beam::Genop;

/// A parameter of a function.
type Param = (FunctionId, usize);

/// Inserts markers.
pub fn insert_markers(functions: &mut [Function]) {
    let heads: Vec<Vec<BlockId>> = functions.iter().map(receive_heads).collect();
    if heads.iter().all(Vec::is_empty) {
        return;
    }
    let passes: Vec<Vec<(Var, Param)>> = functions.iter().map(passed_on).collect();
    let waits = waiting_params(functions, &heads, &passes);
    let orders: Vec<Vec<BlockId>> = functions.iter().map(Function::reverse_postorder).collect();
    let fresh: Vec<Vec<Fresh>> =
        functions.iter().zip(&orders).map(|(function, order)| fresh_references(function, order)).collect();
    // The parameters that a fresh reference comes to.
    let mut given: Vec<Param> = Vec::new();
    for (fresh, passes) in fresh.iter().zip(&passes) {
        let is_fresh = |var: Var| fresh.iter().any(|fresh| fresh.reference == var);
        given.extend(
            passes.iter().filter(|(var, to)| is_fresh(*var) && waits.contains(to)).map(|(_, to)| *to),
        );
    }
    let mut is_given: HashSet<Param> = HashSet::new();
    while let Some(param) = given.pop() {
        if is_given.insert(param) {
            let var = functions[param.0.index()].params[param.1];
            let further =
                passes[param.0.index()].iter().filter(|(passed, to)| *passed == var && waits.contains(to));
            given.extend(further.map(|(_, to)| *to));
        }
    }
    for (id, function) in (0..).map(FunctionId).zip(functions.iter_mut()) {
        let (heads, order) = (&heads[id.index()], &orders[id.index()]);
        for fresh in &fresh[id.index()] {
            let is_received = use_in_receives(function, heads, order, fresh.reference);
            let is_passed = |(var, to): &(Var, Param)| *var == fresh.reference && waits.contains(to);
            if is_received || passes[id.index()].iter().any(is_passed) {
                fresh.set_marker(function);
            }
        }
        for index in 0..function.params.len() {
            if is_given.contains(&(id, index)) {
                use_in_receives(function, heads, order, function.params[index]);
            }
        }
    }
}

fn receive_heads(function: &Function) -> Vec<BlockId> {
    (0..)
        .map(BlockId)
        .zip(&function.blocks)
        .filter(|(_, block)| matches!(block.term, Term::LoopRec { .. }))
        .map(|(id, _)| id)
        .collect()
}

/// Which variables are operands of calls of the module's functions.
fn passed_on(function: &Function) -> Vec<(Var, Param)> {
    let mut found = Vec::new();
    let mut note = |callee: &Callee, args: &[Value]| {
        if let Callee::Local(callee) = *callee {
            let vars = args.iter().enumerate().filter_map(|(at, arg)| Some((arg.as_var()?, (callee, at))));
            found.extend(vars);
        }
    };
    for block in &function.blocks {
        for inst in &block.insts {
            if let Op::Call(callee) = &inst.op {
                note(callee, &inst.args);
            }
        }
        if let Term::TailCall { callee, args, .. } = &block.term {
            note(callee, args);
        }
    }
    found
}

/// The parameters by which a `receive` chooses its messages, in their function or in one that it calls.
fn waiting_params(
    functions: &[Function],
    heads: &[Vec<BlockId>],
    passes: &[Vec<(Var, Param)>],
) -> HashSet<Param> {
    let mut passed_by: HashMap<Param, Vec<Param>> = HashMap::new();
    let mut work: Vec<Param> = Vec::new();
    for (id, function) in (0..).map(FunctionId).zip(functions) {
        for (index, &param) in function.params.iter().enumerate() {
            if heads[id.index()].iter().any(|&head| Receive::of(function, head, param).is_some()) {
                work.push((id, index));
            }
            for (_, to) in passes[id.index()].iter().filter(|(var, _)| *var == param) {
                passed_by.entry(*to).or_default().push((id, index));
            }
        }
    }
    let mut waits = HashSet::new();
    while let Some(param) = work.pop() {
        if waits.insert(param) {
            work.extend(passed_by.get(&param).into_iter().flatten());
        }
    }
    waits
}

/// Uses the marker of a reference in the receives that want it; tells whether there are any.
fn use_in_receives(function: &mut Function, heads: &[BlockId], order: &[BlockId], reference: Var) -> bool {
    let receives: Vec<Receive> = heads
        .iter()
        .filter(|head| order.contains(head))
        .filter_map(|&head| Receive::of(function, head, reference))
        .collect();
    let value = Value::Var(reference);
    for receive in &receives {
        receive.use_marker(function, order, value);
        // A later receive for the same reference starts from the marker, too.
        if receives.len() == 1 {
            receive.clear_marker(function, value);
        }
    }
    !receives.is_empty()
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
        let Term::LoopRec { message, found, empty, .. } = function.block(head).term else { return None };
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

    /// Drops the marker when the message is there, or the time is over, unless a function is called then that may wait
    /// for another message with the reference.
    fn clear_marker(&self, function: &mut Function, reference: Value) {
        let clear = Inst { dst: None, op: Op::ClearMarker, args: vec![reference], line: 0 };
        for &id in &self.takers {
            if self.is_passed_on(function, id, reference) {
                continue;
            }
            let insts = &mut function.block_mut(id).insts;
            let at = insts.iter().position(|inst| inst.op == Op::RemoveMessage);
            insts.insert(at.expect("the block takes the message out"), clear.clone());
        }
        let over = match &function.block(self.empty).term {
            Term::Wait(_, Some((_, after))) | Term::Jump(after, _) => *after,
            _ => return,
        };
        if self.is_passed_on(function, over, reference) {
            return;
        }
        let insts = &mut function.block_mut(over).insts;
        if let Some(at) = insts.iter().position(|inst| inst.op == Op::Timeout) {
            insts.insert(at + 1, clear);
        }
    }

    /// Whether the reference is given to a function of the module from a block on.
    fn is_passed_on(&self, function: &Function, from: BlockId, reference: Value) -> bool {
        let is_given =
            |callee: &Callee, args: &[Value]| matches!(callee, Callee::Local(_)) && args.contains(&reference);
        let mut seen = HashSet::from([self.head]);
        let mut work = vec![from];
        while let Some(id) = work.pop() {
            if !seen.insert(id) {
                continue;
            }
            let block = function.block(id);
            let is_in_call =
                |inst: &Inst| matches!(&inst.op, Op::Call(callee) if is_given(callee, &inst.args));
            let is_in_tail =
                matches!(&block.term, Term::TailCall { callee, args, .. } if is_given(callee, args));
            if is_in_tail || block.insts.iter().any(is_in_call) {
                return true;
            }
            block.term.for_each_successor(|next| work.push(next));
        }
        false
    }
}
