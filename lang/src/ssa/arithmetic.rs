//! Guard functions of which all operands became known when ways were straightened, arithmetic above all.
//!
//! More than speed hangs on it: the compiler of OTP 25 knows the negative of `0.0` to be `-0.0`, while its machine
//! subtracts from `0.0`, and gives `0.0`.

use super::joins::{replace, resolve};
use super::{Function, Op, Value};
use crate::core::Constants;
use crate::core::evaluate::{Outcome, evaluate};
use swerl_beam::{Atom, Literal};

/// Replaces operations on constants by what they give, where they do not fail.
pub fn fold_arithmetic(function: &mut Function, constants: &mut Constants) {
    let mut replaced: Vec<Option<Value>> = vec![None; function.var_count as usize];
    for id in function.reverse_postorder() {
        function.block_mut(id).insts.retain_mut(|inst| {
            let (Some(name), Some(dst)) = (name(inst.op), inst.dst) else { return true };
            inst.args.iter_mut().for_each(|arg| *arg = resolve(*arg, &replaced));
            let known = known(name, &inst.args, constants);
            replaced[dst.index()] = known.map(|known| constants.value(known));
            replaced[dst.index()].is_none()
        });
    }
    if replaced.iter().any(Option::is_some) {
        replace(function, &replaced);
    }
}

/// The guard function that an operation is.
fn name(op: Op) -> Option<Atom> {
    match op {
        Op::FloatArith(op, _) => Some(Atom::new(op.name())),
        Op::Bif(name) => Some(name),
        _ => None,
    }
}

fn known(name: Atom, args: &[Value], constants: &Constants) -> Option<Literal> {
    let literal = |arg: &Value| match *arg {
        Value::Const(id) => Some(constants.get(id).clone()),
        Value::Int(integer) => Some(Literal::Int(integer)),
        Value::Atom(atom) => Some(Literal::Atom(atom)),
        Value::Nil => Some(Literal::Nil),
        Value::Var(_) => None,
    };
    let args: Vec<Literal> = args.iter().map(literal).collect::<Option<_>>()?;
    match evaluate("erlang", name.as_str(), &args) {
        Outcome::Value(value) => Some(value),
        Outcome::Fails(_) | Outcome::Unknown => None,
    }
}
