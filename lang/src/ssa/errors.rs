//! Errors that have an instruction of their own: `error({badrecord, V})` and its like need no tuple and no call.

use super::{Callee, ErrorKind, Function, Inst, Line, Op, Term, Value};

/// Replaces calls of `erlang:error/1` at the ends of blocks.
pub fn use_error_instructions(function: &mut Function) {
    for block in &mut function.blocks {
        let (args, line): (&[Value], Line) = match (&block.term, block.insts.last()) {
            (Term::TailCall { callee, args, line }, _) if is_error(*callee) => (args, *line),
            (Term::Unreachable, Some(Inst { op: Op::Call(callee), args, line, .. })) if is_error(*callee) => {
                (args, *line)
            }
            _ => continue,
        };
        let &[reason] = args else { continue };
        let Some((kind, args)) = known_error(&block.insts, reason) else { continue };
        if block.term == Term::Unreachable {
            block.insts.pop();
        }
        block.term = Term::Error { kind, args, line };
    }
}

fn is_error(callee: Callee) -> bool {
    matches!(callee, Callee::Remote(module, name) if module.as_str() == "erlang" && name.as_str() == "error")
}

fn known_error(insts: &[Inst], reason: Value) -> Option<(ErrorKind, Vec<Value>)> {
    if reason == Value::atom("if_clause") {
        return Some((ErrorKind::IfClause, Vec::new()));
    }
    let var = reason.as_var()?;
    let tuple = insts.iter().rev().find(|inst| inst.dst == Some(var))?;
    let (Op::Tuple, &[Value::Atom(name), value]) = (tuple.op, &tuple.args[..]) else { return None };
    let kind = match name.as_str() {
        "badmatch" => ErrorKind::Badmatch,
        "badrecord" => ErrorKind::Badrecord,
        "case_clause" => ErrorKind::CaseClause,
        "try_clause" => ErrorKind::TryClause,
        _ => return None,
    };
    Some((kind, vec![value]))
}
