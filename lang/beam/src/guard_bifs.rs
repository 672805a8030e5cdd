//! The functions and operators of module `erlang` that guards may call, and by which opcode code calls them.
//!
//! Two different questions: what a guard may name in source ([`GuardBif::in_guards`]), and what compiled code may
//! call by a `bif` or `gc_bif` opcode ([`lookup`]), a few more.

use crate::Atom;
use hashbrown::HashMap;
use std::sync::OnceLock;

/// By which opcodes code calls a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BifClass {
    /// `bif0`, `bif1`, `bif2`: never builds a term.
    Plain,
    /// `gc_bif1`, `gc_bif2`, `gc_bif3`: may build, so that a collection may come before.
    Collecting,
}

/// How source writes the call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BifForm {
    /// As a function: `length(L)`.
    Function,
    /// A type test: `is_list(L)`.
    TypeTest,
    /// An arithmetic operator: `A + B`.
    Arithmetic,
    /// A boolean operator: `not A`.
    Boolean,
    /// A comparison: `A =< B`.
    Comparison,
}

/// A function that code can call where it may not be interrupted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GuardBif {
    /// Its name in module `erlang`.
    pub name: &'static str,
    /// Its arity.
    pub arity: u8,
    /// By which opcodes it is called.
    pub class: BifClass,
    /// How source writes it.
    pub form: BifForm,
    /// Whether a guard may name it.
    pub in_guards: bool,
}

macro_rules! guard_bifs {
    ($($name:literal / $arity:literal: $class:ident $form:ident $guards:literal;)*) => {
        &[$(GuardBif {
            name: $name,
            arity: $arity,
            class: BifClass::$class,
            form: BifForm::$form,
            in_guards: $guards,
        }),*]
    };
}

/// All of them.
pub const GUARD_BIFS: &[GuardBif] = guard_bifs! {
    "abs" / 1: Collecting Function true;
    "binary_part" / 2: Collecting Function true;
    "binary_part" / 3: Collecting Function true;
    "bit_size" / 1: Collecting Function true;
    "byte_size" / 1: Collecting Function true;
    "ceil" / 1: Collecting Function true;
    "element" / 2: Plain Function true;
    "float" / 1: Collecting Function true;
    "floor" / 1: Collecting Function true;
    "hd" / 1: Plain Function true;
    "is_map_key" / 2: Plain Function true;
    "length" / 1: Collecting Function true;
    "map_get" / 2: Plain Function true;
    "map_size" / 1: Collecting Function true;
    "max" / 2: Plain Function false;
    "min" / 2: Plain Function false;
    "node" / 0: Plain Function true;
    "node" / 1: Plain Function true;
    "round" / 1: Collecting Function true;
    "self" / 0: Plain Function true;
    "size" / 1: Collecting Function true;
    "tl" / 1: Plain Function true;
    "trunc" / 1: Collecting Function true;
    "tuple_size" / 1: Plain Function true;
    "get" / 1: Plain Function false;

    "is_atom" / 1: Plain TypeTest true;
    "is_binary" / 1: Plain TypeTest true;
    "is_bitstring" / 1: Plain TypeTest true;
    "is_boolean" / 1: Plain TypeTest true;
    "is_float" / 1: Plain TypeTest true;
    "is_function" / 1: Plain TypeTest true;
    "is_function" / 2: Plain TypeTest true;
    "is_integer" / 1: Plain TypeTest true;
    "is_list" / 1: Plain TypeTest true;
    "is_map" / 1: Plain TypeTest true;
    "is_number" / 1: Plain TypeTest true;
    "is_pid" / 1: Plain TypeTest true;
    "is_port" / 1: Plain TypeTest true;
    "is_record" / 2: Plain TypeTest true;
    "is_record" / 3: Plain TypeTest true;
    "is_reference" / 1: Plain TypeTest true;
    "is_tuple" / 1: Plain TypeTest true;

    "+" / 1: Collecting Arithmetic true;
    "-" / 1: Collecting Arithmetic true;
    "+" / 2: Collecting Arithmetic true;
    "-" / 2: Collecting Arithmetic true;
    "*" / 2: Collecting Arithmetic true;
    "/" / 2: Collecting Arithmetic true;
    "div" / 2: Collecting Arithmetic true;
    "rem" / 2: Collecting Arithmetic true;
    "band" / 2: Collecting Arithmetic true;
    "bor" / 2: Collecting Arithmetic true;
    "bxor" / 2: Collecting Arithmetic true;
    "bnot" / 1: Collecting Arithmetic true;
    "bsl" / 2: Collecting Arithmetic true;
    "bsr" / 2: Collecting Arithmetic true;

    "not" / 1: Plain Boolean true;
    "and" / 2: Plain Boolean true;
    "or" / 2: Plain Boolean true;
    "xor" / 2: Plain Boolean true;

    "==" / 2: Plain Comparison true;
    "/=" / 2: Plain Comparison true;
    "=<" / 2: Plain Comparison true;
    "<" / 2: Plain Comparison true;
    ">=" / 2: Plain Comparison true;
    ">" / 2: Plain Comparison true;
    "=:=" / 2: Plain Comparison true;
    "=/=" / 2: Plain Comparison true;
};

/// The function of module `erlang` with this name and arity, if code can call it by a `bif` or `gc_bif` opcode.
#[must_use]
pub fn lookup(name: Atom, arity: u32) -> Option<&'static GuardBif> {
    static INDEX: OnceLock<HashMap<(Atom, u32), &'static GuardBif>> = OnceLock::new();
    let index = INDEX.get_or_init(|| {
        GUARD_BIFS.iter().map(|bif| ((Atom::new(bif.name), u32::from(bif.arity)), bif)).collect()
    });
    index.get(&(name, arity)).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_distinct_and_found() {
        for bif in GUARD_BIFS {
            assert_eq!(lookup(Atom::new(bif.name), u32::from(bif.arity)), Some(bif));
        }
        assert_eq!(lookup(Atom::new("put"), 2), None);
    }
}
