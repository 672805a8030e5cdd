//! Calls that never come back: what follows them is cut off, so that they are the last thing their function does.
//!
//! A function never returns when all its ways end in errors, or in calls of functions that never return; endless
//! loops are such functions, too. Stack traces tell of it: a call that never returns leaves no frame.

use super::{BlockId, Callee, Function, Op, Term};
use crate::core::bifs;

/// Makes calls that never return the end of their blocks.
pub fn end_at_dead_calls(functions: &mut [Function]) {
    let loads_natives = functions.iter().any(|function| {
        let is_load = |op: Op| matches!(op, Op::Call(callee) if is_erlang(callee, "load_nif"));
        function.blocks.iter().any(|block| {
            block.insts.iter().any(|inst| is_load(inst.op))
                || matches!(block.term, Term::TailCall { callee, .. } if is_erlang(callee, "load_nif"))
        })
    });
    let may_return = if loads_natives { vec![true; functions.len()] } else { returning(functions) };
    for function in functions {
        for block in &mut function.blocks {
            let is_dead_call = |op: Op, args: usize| match op {
                Op::Call(callee) => !callee_returns(callee, args, &may_return),
                _ => false,
            };
            let Some(at) = block.insts.iter().position(|inst| is_dead_call(inst.op, inst.args.len())) else {
                continue;
            };
            match (block.handler, block.insts[at].op) {
                (None, Op::Call(callee)) => {
                    let call = block.insts.swap_remove(at);
                    block.insts.truncate(at);
                    block.term = Term::TailCall { callee, args: call.args, line: call.line };
                }
                // The machine knows of no other function that the call does not come back.
                (Some(_), Op::Call(Callee::Remote(..))) => {
                    block.insts.truncate(at + 1);
                    block.term = Term::Unreachable;
                }
                _ => {}
            }
        }
    }
}

fn is_erlang(callee: Callee, function: &str) -> bool {
    matches!(callee, Callee::Remote(module, name) if module.as_str() == "erlang" && name.as_str() == function)
}

/// By function: whether it may return.
fn returning(functions: &[Function]) -> Vec<bool> {
    let mut may_return = vec![false; functions.len()];
    // None is taken to return until it is seen to; what one returns from, others may return from.
    loop {
        let mut has_changed = false;
        for (at, function) in functions.iter().enumerate() {
            if !may_return[at] && is_returning(function, &may_return) {
                may_return[at] = true;
                has_changed = true;
            }
        }
        if !has_changed {
            return may_return;
        }
    }
}

fn callee_returns(callee: Callee, operands: usize, may_return: &[bool]) -> bool {
    match callee {
        Callee::Local(function) => may_return[function.index()],
        Callee::Remote(module, name) => {
            !bifs::never_returns(module, name, operands) || is_erlang(callee, "nif_error")
        }
        Callee::Fun | Callee::Apply => true,
    }
}

fn is_returning(function: &Function, may_return: &[bool]) -> bool {
    let mut is_seen = vec![false; function.blocks.len()];
    let mut work = vec![BlockId(0)];
    while let Some(id) = work.pop() {
        if std::mem::replace(&mut is_seen[id.index()], true) {
            continue;
        }
        let block = function.block(id);
        let comes_back = |op: Op, args: usize| match op {
            Op::Call(callee) => callee_returns(callee, args, may_return),
            _ => true,
        };
        if !block.insts.iter().all(|inst| comes_back(inst.op, inst.args.len())) {
            continue;
        }
        match &block.term {
            Term::Return(_) => return true,
            Term::TailCall { callee, args, .. } if callee_returns(*callee, args.len(), may_return) => {
                return true;
            }
            term => term.for_each_successor(|next| work.push(next)),
        }
    }
    false
}
