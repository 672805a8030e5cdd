//! What is left of a bit string goes to the next function as the match context itself.
//!
//! A loop over a binary takes something off its front and calls itself with the rest. The rest as a term of its
//! own would only be turned into a context again. So where a parameter is good for nothing but to start a match
//! (it is *open* to contexts), and a caller needs the rest of its own match for nothing but that call, the
//! context is passed on where it stands.
//!
//! A context moves as it is matched. Whoever gets one for a parameter therefore sets it back before it raises
//! an error that shows the parameter; starts only one match of it on each way; and nothing that stands for the
//! same context is looked at again once it was passed on.

mod opening;

use super::liveness::Liveness;
use super::{Attempt, Block, BlockId, Callee, Function, FunctionId, Inst, Op, Term, Test, Value, Var};
use crate::core::SegmentType;
use opening::Opening;
use std::collections::{HashMap, HashSet};
use swerl_beam::Genop;

/// A parameter of a function.
pub(super) type Param = (FunctionId, usize);

/// The parameters that may be contexts.
pub(super) type Openings = HashMap<Param, Opening>;

/// Passes match contexts on where that is possible.
pub fn pass_contexts(functions: &mut [Function]) {
    pass_contexts_and(functions, |_, _, _| {});
}

/// The same; `look` sees what will be done, and the functions as they were.
pub(super) fn pass_contexts_and(
    functions: &mut [Function],
    look: impl FnOnce(&[Function], &Openings, &[Vec<Handover>]),
) {
    let mut openings = Openings::new();
    for (id, function) in (0..).map(FunctionId).zip(functions.iter()) {
        if let Some(opening) = opening::opening(id, function) {
            openings.insert(opening.param, opening);
        }
    }
    // What a parameter is passed on to must be open, too.
    loop {
        let is_closed = |opening: &Opening| opening.passed_to.iter().any(|to| !openings.contains_key(to));
        let closed: Vec<Param> =
            openings.values().filter(|opening| is_closed(opening)).map(|opening| opening.param).collect();
        if closed.is_empty() {
            break;
        }
        for param in closed {
            openings.remove(&param);
        }
    }
    if openings.is_empty() {
        look(functions, &openings, &vec![Vec::new(); functions.len()]);
        return;
    }
    let mut given: Vec<Param> = Vec::new();
    let plans: Vec<Vec<Handover>> = (0..)
        .map(FunctionId)
        .zip(functions.iter())
        .map(|(id, function)| handovers(id, function, &openings))
        .collect();
    look(functions, &openings, &plans);
    for handover in plans.iter().flatten() {
        given.extend(handover.calls.iter().map(|call| call.to));
    }
    let mut is_given: HashSet<Param> = HashSet::new();
    while let Some(param) = given.pop() {
        if is_given.insert(param) {
            given.extend(&openings[&param].passed_to);
        }
    }
    for (id, function) in (0..).map(FunctionId).zip(functions.iter_mut()) {
        for handover in &plans[id.index()] {
            handover.pass(function);
        }
        for index in 0..function.params.len() {
            if is_given.contains(&(id, index)) {
                openings[&(id, index)].set_back(function);
            }
        }
        for handover in &plans[id.index()] {
            handover.stay(function);
        }
    }
}

/// The rest of a match that some calls can be given as a context.
#[derive(Clone, Debug)]
pub(super) struct Handover {
    /// The block at whose end the rest is fetched.
    block: BlockId,
    pub(super) rest: Var,
    context: Var,
    unit: u32,
    pub(super) calls: Vec<Passing>,
    /// Whether something else needs the rest.
    is_needed: bool,
}

/// An operand of a call.
#[derive(Clone, Debug)]
pub(super) struct Passing {
    pub(super) block: BlockId,
    /// Which instruction; the end of the block, if it is none.
    pub(super) at: usize,
    to: Param,
}

/// The fetch of a rest at the end of a block: the context, the rest, and its unit.
pub(super) fn fetched_rest(block: &Block) -> Option<(Var, Var, u32)> {
    match &block.term {
        Term::Attempt { op: Attempt::GetSegment(layout), args, dsts, .. }
            if layout.ty == SegmentType::Binary =>
        {
            match (&args[..], &dsts[..]) {
                (&[Value::Var(context)], &[rest]) => Some((context, rest, layout.unit)),
                _ => None,
            }
        }
        _ => None,
    }
}

fn handovers(id: FunctionId, function: &Function, openings: &HashMap<Param, Opening>) -> Vec<Handover> {
    if !function.blocks.iter().any(|block| fetched_rest(block).is_some()) {
        return Vec::new();
    }
    let facts = Liveness::of(function);
    let mut uses: HashMap<Var, Vec<(BlockId, usize)>> = HashMap::new();
    for &block in &facts.order {
        if let Some((_, rest, _)) = fetched_rest(function.block(block)) {
            uses.insert(rest, Vec::new());
        }
    }
    for &block in &facts.order {
        let mut note = |value: Value, at: usize| {
            if let Value::Var(var) = value
                && let Some(list) = uses.get_mut(&var)
            {
                list.push((block, at));
            }
        };
        let code = function.block(block);
        for (at, inst) in code.insts.iter().enumerate() {
            inst.args.iter().for_each(|&arg| note(arg, at));
        }
        code.term.for_each_value(|value| note(value, code.insts.len()));
    }
    let mut found = Vec::new();
    for &block in &facts.order {
        let Some((context, rest, unit)) = fetched_rest(function.block(block)) else { continue };
        // Another name for the same context, if it was passed to this function.
        let origin = (0..function.params.len())
            .find(|&at| openings.get(&(id, at)).is_some_and(|opening| opening.contexts.contains(&context)));
        let origin = origin.map(|at| function.params[at]);
        let uses = &uses[&rest];
        let is_kept_by_handler = facts.order.iter().any(|&block| {
            !matches!(function.block(block).entry, super::Entry::Plain)
                && [Some(context), Some(rest), origin]
                    .iter()
                    .flatten()
                    .any(|var| facts.live_in[block.index()].binary_search(var).is_ok())
        });
        if is_kept_by_handler {
            continue;
        }
        let mut calls: Vec<Passing> = Vec::new();
        for &(at_block, at) in uses {
            let code = function.block(at_block);
            let Some((callee, args)) = call_at(code, at) else { continue };
            let mut places = (0..args.len()).filter(|&place| args[place] == Value::Var(rest));
            let (Some(place), None) = (places.next(), places.next()) else { continue };
            let to = (callee, place);
            let is_last_use = [Some(context), Some(rest), origin]
                .iter()
                .flatten()
                .all(|&var| !is_needed_after(function, &facts, at_block, at, var));
            if openings.contains_key(&to)
                && is_last_use
                && !is_moved_between(function, block, (at_block, at), context)
            {
                calls.push(Passing { block: at_block, at, to });
            }
        }
        if !calls.is_empty() {
            let is_needed = calls.len() < uses.len();
            found.push(Handover { block, rest, context, unit, calls, is_needed });
        }
    }
    found
}

/// The call of a function of this module at a place of a block.
fn call_at(block: &Block, at: usize) -> Option<(FunctionId, &[Value])> {
    match (block.insts.get(at), &block.term) {
        (Some(Inst { op: Op::Call(Callee::Local(callee)), args, .. }), _)
        | (None, Term::TailCall { callee: Callee::Local(callee), args, .. }) => Some((*callee, args)),
        _ => None,
    }
}

/// Whether a variable is used after a place of a block.
fn is_needed_after(function: &Function, facts: &Liveness, block: BlockId, at: usize, var: Var) -> bool {
    let code = function.block(block);
    let value = Value::Var(var);
    if at >= code.insts.len() {
        return false;
    }
    let mut is_needed = code.insts[at + 1..].iter().any(|inst| inst.args.contains(&value));
    code.term.for_each_value(|used| is_needed |= used == value);
    code.term.for_each_successor(|next| is_needed |= facts.live_in[next.index()].binary_search(&var).is_ok());
    is_needed
}

/// Whether a context may move on some way from the end of one block to a place in another.
fn is_moved_between(function: &Function, from: BlockId, to: (BlockId, usize), context: Var) -> bool {
    let Term::Attempt { ok, .. } = function.block(from).term else { return true };
    let mut is_seen: HashSet<(BlockId, bool)> = HashSet::new();
    let mut work = vec![(ok, false)];
    while let Some((id, was_moved)) = work.pop() {
        if !is_seen.insert((id, was_moved)) {
            continue;
        }
        let block = function.block(id);
        let end = if id == to.0 { to.1 } else { block.insts.len() };
        let is_moved =
            was_moved || block.insts[..end.min(block.insts.len())].iter().any(|inst| moves(inst, context));
        if id == to.0 {
            if is_moved {
                return true;
            }
            continue;
        }
        let is_moved = is_moved || end_moves(&block.term, context);
        block.term.for_each_successor(|next| work.push((next, is_moved)));
    }
    false
}

fn moves(inst: &Inst, context: Var) -> bool {
    inst.op == Op::SetPosition && inst.args[0] == Value::Var(context)
}

/// Whether a context has moved after the end of a block, if that held or succeeded.
pub(super) fn end_moves(term: &Term, context: Var) -> bool {
    let first = match term {
        Term::Branch { test: Test { op: Genop::BsMatchString | Genop::BsSkipBits2, args }, .. }
        | Term::Attempt { op: Attempt::GetSegment(_), args, .. } => args.first(),
        _ => None,
    };
    first == Some(&Value::Var(context))
}

impl Handover {
    /// Gives the context to the calls.
    fn pass(&self, function: &mut Function) {
        for call in &self.calls {
            let block = function.block_mut(call.block);
            let args = match block.insts.get_mut(call.at) {
                Some(inst) => &mut inst.args,
                None => match &mut block.term {
                    Term::TailCall { args, .. } => args,
                    _ => unreachable!("it was a call"),
                },
            };
            args[call.to.1] = Value::Var(self.context);
        }
    }

    /// Leaves the context where the rest begins.
    fn stay(&self, function: &mut Function) {
        let context = Value::Var(self.context);
        let block = function.block_mut(self.block);
        let handler = block.handler;
        let is_peeking = block.is_peeking;
        let Term::Attempt { ok, fail, .. } = block.term else { unreachable!("it was a fetch") };
        let fetch = Inst { dst: Some(self.rest), op: Op::GetTail, args: vec![context], line: 0 };
        let fetch = Some(fetch).filter(|_| self.is_needed);
        if self.unit == 1 {
            block.term = Term::Jump(ok, Vec::new());
            block.insts.extend(fetch);
            return;
        }
        let test = Test { op: Genop::BsTestUnit, args: vec![context, Value::Int(self.unit.into())] };
        let Some(fetch) = fetch else {
            block.term = Term::Branch { test, yes: ok, no: fail };
            return;
        };
        let between = function.new_block(handler);
        let block = function.block_mut(between);
        block.is_peeking = is_peeking;
        block.insts.push(fetch);
        block.term = Term::Jump(ok, Vec::new());
        function.block_mut(self.block).term = Term::Branch { test, yes: between, no: fail };
    }
}
