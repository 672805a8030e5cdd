//! Arithmetic on floats of which all operands became known when ways were straightened.
//!
//! More than speed hangs on it: the compiler of OTP 25 knows the negative of `0.0` to be `-0.0`, while its machine
//! subtracts from `0.0`, and gives `0.0`.

use super::joins::{replace, resolve};
use super::{FloatOp, Function, Op, Value};
use crate::core::{Constants, fold};
use swerl_beam::{Atom, Literal};

/// Replaces operations on constants by what they give, where they do not fail.
pub fn fold_floats(function: &mut Function, constants: &mut Constants) {
    let mut replaced: Vec<Option<Value>> = vec![None; function.var_count as usize];
    for id in function.reverse_postorder() {
        function.block_mut(id).insts.retain_mut(|inst| {
            let (Op::FloatArith(op, _), Some(dst)) = (inst.op, inst.dst) else { return true };
            inst.args.iter_mut().for_each(|arg| *arg = resolve(*arg, &replaced));
            let known = known(op, &inst.args, constants);
            replaced[dst.index()] = known.map(|known| constants.value(known));
            replaced[dst.index()].is_none()
        });
    }
    if replaced.iter().any(Option::is_some) {
        replace(function, &replaced);
    }
}

fn known(op: FloatOp, args: &[Value], constants: &Constants) -> Option<Literal> {
    let literal = |arg: &Value| match *arg {
        Value::Const(id) => Some(constants.get(id).clone()),
        _ => None,
    };
    let args: Vec<Literal> = args.iter().map(literal).collect::<Option<_>>()?;
    fold::bif(Atom::new(op.name()), &args)
}
