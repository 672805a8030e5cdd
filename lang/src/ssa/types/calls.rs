//! What calls of functions outside the module, and of guard BIFs, give and take.

use super::lattice::{Kinds, Type};
use super::range::Range;
use crate::core::bifs;
use swerl_beam::Atom;
use swerl_beam::guard_bifs::{self, BifForm};

/// What a guard BIF gives, when its operands are such.
pub(super) fn bif_result(name: Atom, args: &[Type]) -> Type {
    if bifs::is_boolean(name, args.len()) {
        return Type::of(Kinds::BOOLEAN);
    }
    let range = |at: usize| args[at].and(&Type::of(Kinds::INTEGER)).range;
    Type::of(match (name.as_str(), args) {
        (operator @ ("+" | "-" | "*"), [a, b]) => {
            let (a, b) = (a.kinds.and(Kinds::NUMBER), b.kinds.and(Kinds::NUMBER));
            if a == Kinds::FLOAT || b == Kinds::FLOAT {
                Kinds::FLOAT
            } else {
                let range = match operator {
                    "+" => range(0).plus(range(1)),
                    "-" => range(0).plus(range(1).negated()),
                    _ => range(0).times(range(1)),
                };
                let are_integers = a == Kinds::INTEGER && b == Kinds::INTEGER;
                return Type { range, ..Type::of(if are_integers { Kinds::INTEGER } else { Kinds::NUMBER }) };
            }
        }
        (operator @ ("+" | "-" | "abs"), [a]) if !a.kinds.and(Kinds::NUMBER).is_empty() => {
            let range = match operator {
                "+" => range(0),
                "-" => range(0).negated(),
                _ => range(0).absolute(),
            };
            return Type { range, ..Type::of(a.kinds.and(Kinds::NUMBER)) }.tidy();
        }
        ("/", [_, _]) | ("float", [_]) => Kinds::FLOAT,
        (operator @ ("div" | "rem" | "band" | "bor" | "bxor" | "bsl" | "bsr"), [_, _]) => {
            return Type::integer(match operator {
                "div" => range(0).divided_by(range(1)),
                "rem" => range(0).remainder_by(range(1)),
                "band" => range(0).bit_and(range(1)),
                "bor" | "bxor" => range(0).bit_or(range(1)),
                "bsl" => range(0).shifted_left(range(1)),
                _ => range(0).shifted_right(range(1)),
            });
        }
        ("bnot", [_]) => return Type::integer(range(0).inverted()),
        ("trunc" | "round" | "floor" | "ceil", [a]) => {
            return if a.kinds == Kinds::INTEGER { a.clone() } else { Type::of(Kinds::INTEGER) };
        }
        ("length" | "size" | "byte_size" | "bit_size" | "tuple_size" | "map_size", [_]) => {
            return Type::integer(Range::SIZES);
        }
        ("hd", [list]) => return list.head(),
        ("tl", [list]) => return list.tail(),
        ("element", [position, tuple]) => {
            let element = position.range.bounds().filter(|(min, max)| min == max).map(|(at, _)| at);
            return element.map_or(Type::ANY, |at| tuple.element(at));
        }
        ("binary_part", _) => Kinds::BITS,
        ("self", []) => Kinds::IDENTIFIER,
        ("node", _) => Kinds::ATOM,
        _ => Kinds::ANY,
    })
}

/// Whether a guard BIF with such operands does not fail.
pub(super) fn bif_succeeds(name: Atom, args: &[Type]) -> bool {
    let is = |at: usize, kinds: Kinds| args[at].kinds.is_within(kinds);
    // Larger ones may meet the limit of the system.
    let is_small = |at: usize| args[at].as_integers().is_some_and(|range| range.bounds().is_some());
    match (name.as_str(), args.len()) {
        ("+" | "-" | "*", 2) => is_small(0) && is_small(1),
        ("+" | "-" | "abs", 1) => is_small(0),
        ("band" | "bor" | "bxor", 2) => is(0, Kinds::INTEGER) && is(1, Kinds::INTEGER),
        ("bnot", 1) => is(0, Kinds::INTEGER),
        ("div" | "rem", 2) => {
            is(0, Kinds::INTEGER)
                && args[1].as_integers().is_some_and(|range| {
                    range.min.is_some_and(|min| min > 0) || range.max.is_some_and(|max| max < 0)
                })
        }
        ("bsr", 2) => {
            is(0, Kinds::INTEGER)
                && args[1].as_integers().is_some_and(|range| range.min.is_some_and(|min| min >= 0))
        }
        ("bsl", 2) => {
            let shift = args[1].as_integers().and_then(Range::bounds);
            is_small(0) && shift.is_some_and(|(min, max)| min >= 0 && max <= 64)
        }
        ("length", 1) => args[0].is_proper_list(),
        ("tuple_size", 1) => is(0, Kinds::TUPLE),
        ("map_size", 1) => is(0, Kinds::MAP),
        ("byte_size" | "bit_size", 1) => is(0, Kinds::BITS),
        ("is_map_key", 2) => is(1, Kinds::MAP),
        ("not", 1) => is(0, Kinds::BOOLEAN),
        ("and" | "or" | "xor", 2) => is(0, Kinds::BOOLEAN) && is(1, Kinds::BOOLEAN),
        _ => bifs::is_total(name, args.len()),
    }
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
        ("length", 1, 0) => return Type::list_of(Type::ANY),
        ("byte_size" | "bit_size", 1, 0) => Kinds::BITS,
        ("map_size", 1, 0) | ("map_get" | "is_map_key", 2, 1) => Kinds::MAP,
        ("abs" | "trunc" | "round" | "floor" | "ceil" | "float", 1, 0) => Kinds::NUMBER,
        _ => Kinds::ANY,
    })
}

/// What a function of another module gives.
pub(super) fn remote_result(module: Atom, name: Atom, args: &[Type]) -> Type {
    let character = || Type::integer(Range::of(0, 0x10_FFFF));
    let string = || Type::list_of(character());
    Type::of(match (module.as_str(), name.as_str(), args.len()) {
        ("erlang", "setelement", 3) => return args[1].with_element(&args[0], &args[2]),
        (
            "erlang",
            "atom_to_list" | "integer_to_list" | "float_to_list" | "pid_to_list" | "ref_to_list"
            | "fun_to_list" | "port_to_list",
            1,
        )
        | ("erlang", "integer_to_list" | "float_to_list", 2) => return string(),
        ("erlang", "binary_to_list", 1 | 3) => return Type::list_of(Type::integer(Range::of(0, 255))),
        ("erlang", "tuple_to_list", 1) => {
            let elements =
                args[0].elements().and_then(|all| all.iter().cloned().reduce(|all, one| all.or(&one)));
            return Type::list_of(elements.unwrap_or(Type::ANY));
        }
        ("lists", "seq", 2) => {
            let ends = args[0].range.at_least_these().and(args[1].range.at_most_these());
            let is_integer = |at: usize| args[at].kinds == Kinds::INTEGER;
            let range =
                Range { min: ends.min.filter(|_| is_integer(0)), max: ends.max.filter(|_| is_integer(1)) };
            return Type::list_of(if range.is_empty() {
                Type::of(Kinds::INTEGER)
            } else {
                Type::integer(range)
            });
        }
        ("lists", "reverse" | "sort" | "usort" | "droplast", 1)
        | ("lists", "filter" | "sort" | "usort" | "keysort", 2) => {
            let list = &args[args.len() - 1];
            return Type::list_of(if list.kinds.is_within(Kinds::LIST) { list.head() } else { Type::ANY });
        }
        // What is behind the element that goes need not be a list otherwise.
        ("lists", "delete", 2) if args[1].is_proper_list() => return Type::list_of(args[1].head()),
        ("lists", "member" | "prefix" | "suffix" | "any" | "all", 2)
        | ("lists", "keymember", 3)
        | ("maps", "is_key", 2)
        | ("erlang", "is_process_alive" | "is_builtin" | "function_exported", 1 | 3) => Kinds::BOOLEAN,
        // What follows the last cell of the first is the second.
        ("erlang", "++", 2) if args[0].is_proper_list() && args[1].is_proper_list() => {
            return Type::list_of(args[0].head().or(&args[1].head()));
        }
        ("erlang", "--", 2) => {
            return Type::list_of(if args[0].kinds.is_within(Kinds::LIST) {
                args[0].head()
            } else {
                Type::ANY
            });
        }
        ("lists", "duplicate", 2) => return Type::list_of(args[1].clone()),
        ("erlang", "bitstring_to_list", 1)
        | ("lists", "map" | "flatmap" | "zip", 2)
        | ("maps", "keys" | "values" | "to_list", 1) => return Type::list_of(Type::ANY),
        ("erlang", "list_to_atom" | "list_to_existing_atom" | "binary_to_atom", 1) => Kinds::ATOM,
        ("erlang", "list_to_integer" | "binary_to_integer", 1 | 2)
        | ("erlang", "unique_integer" | "monotonic_time" | "system_time", 0 | 1) => Kinds::INTEGER,
        ("erlang", "phash2", 1) => return Type::integer(Range::of(0, (1 << 27) - 1)),
        ("erlang", "phash2", 2) => return Type::integer(Range::of(0, (1 << 32) - 1)),
        // Nothing is said of `list_to_float/1` and `binary_to_float/1`, as OTP 25's compiler knows nothing of them: its machine
        // gives another zero for the negative of `0.0` where that is known to be a float.
        (
            "math",
            "sqrt" | "sin" | "cos" | "tan" | "exp" | "log" | "log2" | "log10" | "atan" | "asin" | "acos",
            1,
        )
        | ("math", "pow" | "atan2" | "fmod", 2)
        | ("math", "pi", 0) => Kinds::FLOAT,
        ("erlang", "date" | "time", 0) => return Type::tuple((0..3).map(|_| Type::of(Kinds::INTEGER))),
        ("erlang", "timestamp", 0) => return Type::tuple((0..3).map(|_| Type::of(Kinds::INTEGER))),
        ("erlang", "list_to_tuple", 1)
        | ("erlang", "make_tuple", 2 | 3)
        | ("erlang", "append_element", 2) => Kinds::TUPLE,
        ("erlang", "localtime" | "universaltime", 0) => return Type::tuple_of_size(2),
        (
            "erlang",
            "list_to_binary" | "iolist_to_binary" | "term_to_binary" | "integer_to_binary"
            | "float_to_binary" | "atom_to_binary" | "list_to_bitstring",
            1,
        )
        | ("erlang", "integer_to_binary" | "atom_to_binary" | "float_to_binary", 2) => Kinds::BITS,
        ("erlang", "make_ref", 0) | ("erlang", "monitor", 2) => Kinds::IDENTIFIER,
        ("erlang", "spawn" | "spawn_link", 1..=4) => Kinds::IDENTIFIER,
        ("erlang", "make_fun", 3) => Kinds::FUN,
        ("maps", "put", 3)
        | ("maps", "new", 0)
        | ("maps", "merge" | "remove" | "map" | "filter" | "with" | "without", 2)
        | ("maps", "from_list", 1)
        | ("maps", "update", 3) => Kinds::MAP,
        _ => Kinds::ANY,
    })
}
