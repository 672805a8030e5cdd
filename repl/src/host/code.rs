//! `swerl_code`: the modules that are part of the program.

use swerl_vm::term::Term;
use swerl_vm::{Exception, Native, NativeContext, NativeResult, natives};

use super::convert::atom;

/// The functions, for the machine.
pub const NATIVES: &[Native] = natives! {
    "swerl_code" {
        "embedded"/1 => embedded;
        "embedded_modules"/0 => embedded_modules;
    }
};

/// `embedded(Module)`: `{ok, Binary}` or `error`. For `'$index'` the binary is the list
/// `[{Application, Version, Modules}]` in external format.
fn embedded(context: &mut NativeContext<'_>, arguments: &[Term]) -> NativeResult {
    let module = arguments[0].as_atom().ok_or_else(Exception::badarg)?;
    let Some(bytes) = swerl_stdlib::file(module.text()) else { return Ok(Term::atom(atom("error"))) };
    let memory = context.heap();
    let bytes = memory.binary(bytes);
    Ok(memory.tuple(&[Term::atom(atom("ok")), bytes]))
}

/// `embedded_modules()`: their names.
fn embedded_modules(context: &mut NativeContext<'_>, _arguments: &[Term]) -> NativeResult {
    let names: Vec<Term> = swerl_stdlib::modules().map(|name| Term::atom(atom(name))).collect();
    Ok(context.heap().list(&names))
}
