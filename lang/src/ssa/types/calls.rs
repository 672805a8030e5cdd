//! What calls of functions outside the module, and of guard BIFs, give and take.

use super::lattice::{Kinds, Type};
use crate::core::bifs;
use swerl_beam::Atom;
use swerl_beam::guard_bifs::{self, BifForm};

/// What a guard BIF gives, when its operands are such.
pub(super) fn bif_result(name: Atom, args: &[Type]) -> Type {
    if bifs::is_boolean(name, args.len()) {
        return Type::of(Kinds::BOOLEAN);
    }
    Type::of(match (name.as_str(), args) {
        ("+" | "-" | "*", [a, b]) => {
            let (a, b) = (a.kinds.and(Kinds::NUMBER), b.kinds.and(Kinds::NUMBER));
            if a == Kinds::FLOAT || b == Kinds::FLOAT {
                Kinds::FLOAT
            } else if a == Kinds::INTEGER && b == Kinds::INTEGER {
                Kinds::INTEGER
            } else {
                Kinds::NUMBER
            }
        }
        ("+" | "-" | "abs", [a]) if !a.kinds.and(Kinds::NUMBER).is_empty() => a.kinds.and(Kinds::NUMBER),
        ("/", [_, _]) | ("float", [_]) => Kinds::FLOAT,
        ("div" | "rem" | "band" | "bor" | "bxor" | "bsl" | "bsr", [_, _])
        | ("bnot" | "trunc" | "round" | "floor" | "ceil", [_])
        | ("length" | "size" | "byte_size" | "bit_size" | "tuple_size" | "map_size", [_]) => Kinds::INTEGER,
        ("binary_part", _) => Kinds::BITS,
        ("self", []) => Kinds::IDENTIFIER,
        ("node", _) => Kinds::ATOM,
        _ => Kinds::ANY,
    })
}

/// What the operands of a guard BIF are, when it did not fail.
pub(super) fn bif_operand(name: Atom, count: usize, at: usize) -> Type {
    let form = guard_bifs::lookup(name, u32::try_from(count).unwrap_or(u32::MAX)).map(|bif| bif.form);
    Type::of(match (name.as_str(), count, at) {
        ("div" | "rem" | "band" | "bor" | "bxor" | "bsl" | "bsr", ..) | ("bnot", 1, 0) => Kinds::INTEGER,
        _ if form == Some(BifForm::Arithmetic) => Kinds::NUMBER,
        ("element", 2, 1) | ("tuple_size", 1, 0) => Kinds::TUPLE,
        ("element", 2, 0) => Kinds::INTEGER,
        ("hd" | "tl", 1, 0) => Kinds::CONS,
        ("length", 1, 0) => Kinds::LIST,
        ("byte_size" | "bit_size", 1, 0) => Kinds::BITS,
        ("map_size", 1, 0) | ("map_get" | "is_map_key", 2, 1) => Kinds::MAP,
        ("abs" | "trunc" | "round" | "floor" | "ceil" | "float", 1, 0) => Kinds::NUMBER,
        _ => Kinds::ANY,
    })
}

/// What a function of another module gives.
pub(super) fn remote_result(module: Atom, name: Atom, args: &[Type]) -> Type {
    Type::of(match (module.as_str(), name.as_str(), args.len()) {
        ("erlang", "setelement", 3) => {
            return match args[2 - 1].elements() {
                Some(elements) => Type::tuple_of_size(elements.len()),
                None => Type::of(Kinds::TUPLE),
            };
        }
        (
            "erlang",
            "atom_to_list" | "integer_to_list" | "float_to_list" | "tuple_to_list" | "binary_to_list"
            | "pid_to_list" | "ref_to_list" | "fun_to_list" | "port_to_list" | "bitstring_to_list",
            1,
        )
        | ("erlang", "integer_to_list", 2)
        | ("lists", "reverse" | "sort" | "usort" | "droplast", 1)
        | ("lists", "map" | "filter" | "sort" | "usort" | "keysort" | "flatmap" | "seq" | "delete", 2)
        | ("lists", "duplicate", 2)
        | ("maps", "keys" | "values" | "to_list", 1) => Kinds::LIST,
        ("erlang", "list_to_atom" | "list_to_existing_atom" | "binary_to_atom", 1) => Kinds::ATOM,
        ("erlang", "list_to_integer" | "binary_to_integer", 1 | 2)
        | ("erlang", "unique_integer" | "monotonic_time" | "system_time", 0 | 1)
        | ("erlang", "phash2", 1 | 2) => Kinds::INTEGER,
        ("erlang", "list_to_float" | "binary_to_float", 1) => Kinds::FLOAT,
        ("math", "sqrt" | "sin" | "cos" | "tan" | "exp" | "log" | "log2" | "log10" | "atan", 1)
        | ("math", "pow" | "atan2", 2)
        | ("math", "pi", 0) => Kinds::FLOAT,
        (
            "erlang",
            "list_to_tuple" | "localtime" | "universaltime" | "date" | "time" | "timestamp",
            0 | 1,
        ) => Kinds::TUPLE,
        (
            "erlang",
            "list_to_binary" | "iolist_to_binary" | "term_to_binary" | "integer_to_binary"
            | "float_to_binary" | "atom_to_binary" | "list_to_bitstring",
            1,
        )
        | ("erlang", "integer_to_binary" | "atom_to_binary" | "float_to_binary", 2) => Kinds::BITS,
        ("erlang", "make_ref", 0) | ("erlang", "monitor", 2) | ("erlang", "spawn" | "spawn_link", _) => {
            Kinds::IDENTIFIER
        }
        ("erlang", "make_fun", 3) => Kinds::FUN,
        ("maps", "put", 3)
        | ("maps", "new", 0)
        | ("maps", "merge" | "remove" | "map" | "filter" | "with" | "without" | "fold", 2)
        | ("maps", "from_list", 1)
        | ("maps", "update", 3) => Kinds::MAP,
        _ => Kinds::ANY,
    })
}
