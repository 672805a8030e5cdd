//! What is known of functions of module `erlang` when calls are compiled.

use swerl_beam::guard_bifs::{self, BifClass, BifForm};
use swerl_beam::{Atom, Genop};

fn arity(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// By which opcodes a call of `erlang:Name/Arity` is made, when it needs no call instruction.
#[must_use]
pub fn class(name: Atom, args: usize) -> Option<BifClass> {
    let bif = guard_bifs::lookup(name, arity(args))?;
    let needs_call = matches!(bif.name, "min" | "max" | "is_record");
    if needs_call { None } else { Some(bif.class) }
}

/// Whether a guard may call `erlang:Name/Arity`.
#[must_use]
pub fn is_guard_bif(name: Atom, args: usize) -> bool {
    guard_bifs::lookup(name, arity(args)).is_some_and(|bif| bif.in_guards)
}

/// Whether `erlang:Name/Arity` always gives `true` or `false` when it does not fail.
#[must_use]
pub fn is_boolean(name: Atom, args: usize) -> bool {
    guard_bifs::lookup(name, arity(args)).is_some_and(|bif| match bif.form {
        BifForm::TypeTest | BifForm::Boolean | BifForm::Comparison => true,
        BifForm::Function => bif.name == "is_map_key",
        BifForm::Arithmetic => false,
    })
}

/// Whether `erlang:Name/Arity` never fails, and does nothing but give a value.
#[must_use]
pub fn is_total(name: Atom, args: usize) -> bool {
    guard_bifs::lookup(name, arity(args)).is_some_and(|bif| match bif.form {
        BifForm::TypeTest => bif.arity == 1,
        BifForm::Comparison => true,
        BifForm::Function => matches!(bif.name, "self" | "get") || (bif.name == "node" && bif.arity == 0),
        BifForm::Boolean | BifForm::Arithmetic => false,
    })
}

/// The branch instruction that asks what a BIF answers, and whether its operands change places.
#[must_use]
pub fn test(name: Atom, args: usize) -> Option<(Genop, bool)> {
    let op = match (name.as_str(), args) {
        ("is_atom", 1) => Genop::IsAtom,
        ("is_binary", 1) => Genop::IsBinary,
        ("is_bitstring", 1) => Genop::IsBitstr,
        ("is_boolean", 1) => Genop::IsBoolean,
        ("is_float", 1) => Genop::IsFloat,
        ("is_function", 1) => Genop::IsFunction,
        ("is_function", 2) => Genop::IsFunction2,
        ("is_integer", 1) => Genop::IsInteger,
        ("is_list", 1) => Genop::IsList,
        ("is_map", 1) => Genop::IsMap,
        ("is_number", 1) => Genop::IsNumber,
        ("is_pid", 1) => Genop::IsPid,
        ("is_port", 1) => Genop::IsPort,
        ("is_reference", 1) => Genop::IsReference,
        ("is_tuple", 1) => Genop::IsTuple,
        ("==", 2) => Genop::IsEq,
        ("/=", 2) => Genop::IsNe,
        ("=:=", 2) => Genop::IsEqExact,
        ("=/=", 2) => Genop::IsNeExact,
        ("<", 2) => Genop::IsLt,
        (">=", 2) => Genop::IsGe,
        (">", 2) => return Some((Genop::IsLt, true)),
        ("=<", 2) => return Some((Genop::IsGe, true)),
        _ => return None,
    };
    Some((op, false))
}

/// Whether a call only ever raises.
#[must_use]
pub fn never_returns(module: Atom, name: Atom, args: usize) -> bool {
    module.as_str() == "erlang"
        && matches!((name.as_str(), args), ("error", 1..=3) | ("exit" | "throw", 1) | ("nif_error", 1 | 2))
}
