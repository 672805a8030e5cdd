//! Types: what is known of values makes tests unnecessary.
//!
//! A forward walk over each function gathers what tests, patterns and operations tell of the variables on the
//! way to each block ([`walk`]). What functions return and what they are called with goes from one to the other
//! until nothing new is found ([`Summaries`]); it begins with "nothing" and only grows, so loops are no
//! obstacle. Then [`rewrite`] leaves out what is decided.

pub mod notes;

mod calls;
mod lattice;
mod outcome;
mod range;
mod rewrite;
mod walk;

use super::{Callee, Function, FunctionId, Op, Term};
use crate::core::Constants;
use lattice::Type;
use std::collections::VecDeque;

/// What functions tell each other.
#[derive(Clone, Debug, Default)]
pub struct Summaries {
    functions: Vec<Summary>,
}

#[derive(Clone, Debug)]
struct Summary {
    params: Vec<Type>,
    result: Type,
    /// The functions that call it.
    callers: Vec<FunctionId>,
    /// How often it was walked.
    rounds: u32,
    is_waiting: bool,
}

/// After so many walks of a function, what still grows is assumed to grow without bound.
const ROUNDS: u32 = 4;
/// After so many, elements are not looked at any more.
const ROUNDS_OF_SHAPES: u32 = 40;
/// After so many, nothing is assumed of it any more.
const ALL_ROUNDS: u32 = 80;

/// What contains two types, when the function that they belong to was walked so often.
fn join(before: &Type, more: &Type, rounds: u32) -> Type {
    let grown = before.or(more);
    if rounds <= ROUNDS || grown == *before {
        grown
    } else if rounds <= ALL_ROUNDS {
        before.widened_to(&grown, rounds <= ROUNDS_OF_SHAPES)
    } else {
        Type::ANY
    }
}

/// Leaves out tests whose outcome is known. `roots` may be called with anything. What functions give and take holds
/// as long as they do and call the same.
pub fn use_types(functions: &mut [Function], roots: &[FunctionId], constants: &mut Constants) -> Summaries {
    let shapes: Vec<walk::Shape> = functions.iter().map(walk::Shape::of).collect();
    let mut summaries = Summaries::new(functions, &shapes, roots);
    summaries.complete(functions, &shapes, constants);
    for (id, function) in (0..).map(FunctionId).zip(functions.iter_mut()) {
        rewrite::rewrite(function, &shapes[id.index()], &summaries, id, constants);
    }
    summaries
}

impl Summaries {
    fn new(functions: &[Function], shapes: &[walk::Shape], roots: &[FunctionId]) -> Self {
        let mut summaries: Vec<Summary> = functions
            .iter()
            .map(|function| Summary {
                params: vec![Type::NONE; function.params.len()],
                result: Type::NONE,
                callers: Vec::new(),
                rounds: 0,
                is_waiting: true,
            })
            .collect();
        let mut open = |id: FunctionId| summaries[id.index()].params.fill(Type::ANY);
        roots.iter().for_each(|&id| open(id));
        let mut calls: Vec<(FunctionId, FunctionId)> = Vec::new();
        for ((id, function), shape) in (0..).map(FunctionId).zip(functions).zip(shapes) {
            for block in shape.order.iter().map(|&block| function.block(block)) {
                for inst in &block.insts {
                    match inst.op {
                        Op::MakeFun(fun) => open(fun),
                        Op::Call(Callee::Local(callee)) => calls.push((callee, id)),
                        _ => {}
                    }
                }
                if let Term::TailCall { callee: Callee::Local(callee), .. } = block.term {
                    calls.push((callee, id));
                }
            }
        }
        calls.sort_unstable();
        calls.dedup();
        for (callee, caller) in calls {
            summaries[callee.index()].callers.push(caller);
        }
        Self { functions: summaries }
    }

    /// Walks functions until nothing new is found.
    fn complete(&mut self, functions: &[Function], shapes: &[walk::Shape], constants: &Constants) {
        let mut work: VecDeque<FunctionId> = (0..).map(FunctionId).take(functions.len()).collect();
        while let Some(id) = work.pop_front() {
            let summary = &mut self.functions[id.index()];
            summary.is_waiting = false;
            // What nobody calls so far is not looked at.
            if summary.params.iter().any(Type::is_none) {
                continue;
            }
            summary.rounds += 1;
            let facts = walk::walk(&functions[id.index()], &shapes[id.index()], self, id, constants);
            let known = &mut self.functions[id.index()];
            let joined = join(&known.result, &facts.result, known.rounds);
            if joined != known.result {
                known.result = joined;
                for caller in known.callers.clone() {
                    self.wake(caller, &mut work);
                }
            }
            for (callee, args) in facts.calls {
                let known = &mut self.functions[callee.index()];
                let mut has_changed = false;
                let rounds = known.rounds;
                for (param, arg) in known.params.iter_mut().zip(&args) {
                    let joined = join(param, arg, rounds);
                    has_changed |= joined != *param;
                    *param = joined;
                }
                if has_changed {
                    self.wake(callee, &mut work);
                }
            }
        }
    }

    fn wake(&mut self, id: FunctionId, work: &mut VecDeque<FunctionId>) {
        if !std::mem::replace(&mut self.functions[id.index()].is_waiting, true) {
            work.push_back(id);
        }
    }
}
