//! Which receives look only at messages that came after a reference was made (`recv_opt_info`).

use super::{Located, Remark, Terms, value};
use crate::ssa::{Callee, Function, FunctionId, Inst, Line, Op, Term, Value, Var};
use std::collections::{HashMap, HashSet};
use swerl_beam::Literal;

/// Tells of the markers that [`insert_markers`](crate::ssa::markers::insert_markers) has inserted.
#[must_use]
pub fn remarks(functions: &[Function], located: &Located<'_>) -> Vec<Remark> {
    let terms = Terms { functions, located };
    let waiting = waiting_params(functions);
    let mut found = Vec::new();
    for function in functions {
        let made = made_references(function);
        let mut tell = |line: Line, what: Literal| {
            let line = if line == 0 { function.line } else { line };
            found.push(Remark { line, module: "beam_ssa_recv", what });
        };
        let origin = |var: Var| made.get(&var).map(|maker| terms.as_call(maker).expect("it was a call").0);
        let about = |tag: &str, what: Literal| Literal::tuple([Literal::atom(tag), what]);
        for id in function.reverse_postorder() {
            let block = function.block(id);
            let tail = match &block.term {
                Term::TailCall { callee, args, line } => {
                    Some(Inst { dst: None, op: Op::Call(*callee), args: args.clone(), line: *line })
                }
                _ => None,
            };
            let mut is_reserved = false;
            for inst in block.insts.iter().chain(&tail) {
                match inst.op {
                    Op::ReserveMarker => is_reserved = true,
                    Op::Call(callee) => {
                        if std::mem::take(&mut is_reserved) {
                            tell(inst.line, Literal::atom("reserved_receive_marker"));
                        }
                        let Callee::Local(callee) = callee else { continue };
                        for (at, arg) in inst.args.iter().enumerate() {
                            if let Some(maker) = arg.as_var().and_then(origin)
                                && waiting.contains(&(callee, at))
                            {
                                tell(inst.line, about("passed_marker", maker));
                            }
                        }
                    }
                    _ => {}
                }
            }
            let Term::LoopRec { found, line, .. } = block.term else { continue };
            let used = function.blocks.iter().find_map(|block| match block.term {
                Term::Jump(target, _) if target == id => block.insts.iter().find_map(|inst| {
                    let is_use = inst.op == Op::UseMarker;
                    inst.args.first().filter(|_| is_use).and_then(|arg| arg.as_var())
                }),
                _ => None,
            });
            let what = match used {
                Some(var) => {
                    let by = origin(var).or_else(|| {
                        let at = function.params.iter().position(|&param| param == var)?;
                        let number = Literal::Int(i64::try_from(at + 1).expect("arities are small"));
                        Some(about("parameter", number))
                    });
                    about("used_receive_marker", by.unwrap_or_else(|| value(Value::Var(var))))
                }
                None if takes_any(function, found) => Literal::atom("matches_any_message"),
                None => Literal::atom("unoptimized_selective_receive"),
            };
            tell(line, what);
        }
    }
    found
}

/// Whether a message is taken without a look at it.
fn takes_any(function: &Function, mut at: crate::ssa::BlockId) -> bool {
    loop {
        let block = function.block(at);
        if block.insts.iter().any(|inst| inst.op == Op::RemoveMessage) {
            return true;
        }
        match &block.term {
            Term::Jump(next, _) => at = *next,
            _ => return false,
        }
    }
}

/// By reference: the call that made it, where a marker was tied to it.
fn made_references(function: &Function) -> HashMap<Var, Inst> {
    let insts = || function.blocks.iter().flat_map(|block| &block.insts);
    let maker_of = |reference: Var| {
        let mut var = reference;
        loop {
            let inst = insts().find(|inst| inst.dst == Some(var))?;
            match inst.op {
                Op::Call(_) => return Some(inst.clone()),
                Op::Element(_) => var = inst.args[0].as_var()?,
                _ => return None,
            }
        }
    };
    insts()
        .filter(|inst| inst.op == Op::BindMarker)
        .filter_map(|inst| inst.args[1].as_var())
        .filter_map(|reference| Some((reference, maker_of(reference)?)))
        .collect()
}

/// The parameters by which a `receive` with a marker chooses its messages, in their function or one that it calls.
fn waiting_params(functions: &[Function]) -> HashSet<(FunctionId, usize)> {
    let mut passed_by: HashMap<(FunctionId, usize), Vec<(FunctionId, usize)>> = HashMap::new();
    let mut work: Vec<(FunctionId, usize)> = Vec::new();
    for (id, function) in (0..).map(FunctionId).zip(functions) {
        let param = |arg: &Value| function.params.iter().position(|&param| *arg == Value::Var(param));
        for block in &function.blocks {
            for inst in &block.insts {
                match inst.op {
                    Op::UseMarker => work.extend(param(&inst.args[0]).map(|at| (id, at))),
                    Op::Call(Callee::Local(callee)) => {
                        for (at, arg) in inst.args.iter().enumerate() {
                            passed_by
                                .entry((callee, at))
                                .or_default()
                                .extend(param(arg).map(|from| (id, from)));
                        }
                    }
                    _ => {}
                }
            }
            if let Term::TailCall { callee: Callee::Local(callee), args, .. } = &block.term {
                for (at, arg) in args.iter().enumerate() {
                    passed_by.entry((*callee, at)).or_default().extend(param(arg).map(|from| (id, from)));
                }
            }
        }
    }
    let mut waiting = HashSet::new();
    while let Some(param) = work.pop() {
        if waiting.insert(param) {
            work.extend(passed_by.get(&param).into_iter().flatten());
        }
    }
    waiting
}
